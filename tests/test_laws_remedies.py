"""The laws of remedies, on generated policies, against a judge that tries every set of moves."""

from __future__ import annotations

from random import Random

from hypothesis import event, given, target
from hypothesis import strategies as st

from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.remedies import ENOUGH, MOVES_MAX
from oracle import (
    ACCOUNTS,
    CATEGORIES,
    DAY,
    DAYS_MAX,
    EFFECTS,
    LEVELS,
    OVERLAYS,
    SEARCH,
    TOOLS,
    Move,
    Rule,
    Tried,
    World,
    agrees,
)
from worlds import CHANGES, Known, engine, knowns, laws, library, say, settled, with_moves


def shown(decision: Decision) -> dict[frozenset[str], tuple[int, str]]:
    return {
        frozenset(move.id for move in remedy.moves): (remedy.cost, remedy.target.name)
        for remedy in decision.remedies
    }


def is_no(tried: Tried, known: Known) -> bool:
    """Whether the decision is final and no permission."""
    outcomes = tried.reachable(tried.possible(known))
    return len(outcomes) == 1 and outcomes[0] in ("review", "prohibit")


def drawn(seed: int) -> tuple[World, Known]:
    """A world and what is said in it, decided with a final no: grown by chance alone, since
    worlds made up of small steps have few remedies of several moves."""
    random = Random(seed)
    effects = ("allow", "allow", "allow_with_conditions", "review", "prohibit")
    tests: tuple[Known, ...] = (
        {"tool.account": {"any_of": ["personal"]}},
        {"tool.web_search": {"any_of": ["on"]}},
        {"tool.retention_days": {"more_than": DAYS_MAX}},
        {"data.categories": {"any_of": ["health"]}},
        {"data.categories": {"any_of": ["card"]}},
        {"data.overlays": {"any_of": ["FREE"]}},
        {"data.level": {"above": "low"}},
        {"tool.id": {"not": ["beta"]}},
        {"tool.approval": {"not": ["approved"]}},
    )
    known: Known = {}
    while True:
        changes = random.sample(CHANGES, 4)
        world = World(
            cells={
                (row, column): random.choice(effects)
                for row in (*LEVELS, *OVERLAYS)
                for column in ("personal", "work", "otherwise")
            },
            rules=tuple(
                Rule(
                    random.choice(("review", "prohibit", "prohibit")),
                    {name: test for part in random.sample(tests, 2) for name, test in part.items()}
                    if random.random() < 0.4
                    else random.choice(tests),
                )
                for _ in range(random.randint(2, 5))
            ),
            accounts={t: random.choice((ACCOUNTS, ACCOUNTS, ACCOUNTS[1:])) for t in TOOLS},
            retention={t: random.choice((None, (0, 30), (0, 5))) for t in TOOLS},
            approvals={t: random.choice(("approved", "approved", "pending")) for t in TOOLS},
            search={t: SEARCH for t in TOOLS if random.random() < 0.5},
            lowest=random.choice(("", "mid")),
            moves=tuple(
                Move(f"m{n}", sets, random.randint(0, 5)) for n, sets in enumerate(changes)
            ),
            switch_cost=random.randint(1, 5),
        )
        signs = {
            m: random.choice(("all_of", "all_of", "none_of", "")) for m in (*OVERLAYS, *CATEGORIES)
        }
        everything: Known = {
            "purpose.task": "read",
            "tool.id": random.choice((*TOOLS, "unlisted", [*TOOLS])),
            "tool.account": random.choice(ACCOUNTS),
            "tool.web_search": random.choice(SEARCH),
            "tool.retention_days": random.choice((3, 30)),
            "data.level": random.choice(LEVELS),
        } | {
            fact: {k: [m for m in members if signs[m] == k] for k in ("all_of", "none_of")}
            for fact, members in (("data.overlays", OVERLAYS), ("data.categories", CATEGORIES))
        }
        known = {n: v for n, v in everything.items() if random.random() < 0.9}
        found = {world.decide(use) for use in world.completions() if agrees(use, known)}
        if len(found) == 1 and found <= {"review", "prohibit"}:
            return world, known


@laws
@given(st.integers(0, 2**32))
def test_no_set_of_moves_is_missed(seed: int) -> None:
    world, known = drawn(seed)
    expected = compare(world, known)
    event(f"{max(map(len, expected), default=0)} moves at most")


@laws
@given(with_moves, settled)
def test_the_remedies_are_the_cheapest_of_all_sets_of_moves(world: World, known: Known) -> None:
    tried = Tried(world)
    if not is_no(tried, known):
        assert engine(library(world), known).remedies == () or not tried.possible(known)
        return
    compare(world, known)


def compare(world: World, known: Known) -> dict[frozenset[str], tuple[int, str]]:
    tried = Tried(world)
    expected = tried.remedies(known, MOVES_MAX)
    decision = engine(library(world), known)
    found = shown(decision)
    assert len(found) == len(decision.remedies)
    costs = [remedy.cost for remedy in decision.remedies]
    assert costs == sorted(costs)
    last = costs[-1] if costs else 0
    # An end before everything was tried is only allowed once there are enough.
    is_enough = len(found) >= ENOUGH and "allow" in {goal for _, goal in found.values()}
    within = {names: at for names, at in expected.items() if not is_enough or at[0] <= last}
    assert found == within
    for goal in EFFECTS:
        reaching = [cost for cost, reached in expected.values() if reached == goal]
        ours = [cost for cost, reached in found.values() if reached == goal]
        if reaching and not any(  # nothing cheaper reaches something better still
            cost <= min(reaching) and EFFECTS.index(reached) < EFFECTS.index(goal)
            for cost, reached in expected.values()
        ):
            assert min(ours) == min(reaching)
    offered = {perhaps.tool: perhaps.best.name for perhaps in decision.could_help}
    better_than_now = may_help(tried, known, [])
    better_than_all = may_help(tried, known, [reached for _, reached in expected.values()])
    assert better_than_all.items() <= offered.items() <= better_than_now.items()
    return expected


def may_help(tried: Tried, known: Known, targets: list[str]) -> dict[str, str]:
    """The tools with a better outcome still open than all remedies reach, and that outcome."""
    order = EFFECTS.index
    best = min([*tried.reachable(tried.possible(known)), *targets], key=order)
    found = {}
    for move in tried.moves(known):
        outcomes = tried.after(known, [move])
        if "tool.id" in move.sets and len(outcomes) > 1 and order(outcomes[0]) < order(best):
            found[move.id] = outcomes[0]
    return found


@laws
@given(
    with_moves,
    settled,
    knowns,
    st.sampled_from(["", "", "", "data.level", "data.categories", "tool.id"]),
)
def test_a_remedy_keeps_its_word_whatever_was_assumed_or_left_unsure(
    world: World, known: Known, assumed: Known, unsure: str
) -> None:
    tried = Tried(world)
    known = {name: value for name, value in known.items() if name != unsure}
    if not tried.possible(known):
        return
    lib = library(world)
    said = [*say(lib, known), *say(lib, assumed, "assumed")]
    target(float(EFFECTS.index(tried.reachable(tried.possible(known))[0])))
    decision = decide(lib.engine, [*said, *say(lib, {unsure: "unsure"} if unsure else {})], DAY)
    order = EFFECTS.index
    by_id = {move.id: move for move in (*world.moves, *(Move(t, {"tool.id": t}, 0) for t in TOOLS))}
    for remedy in decision.remedies:
        event("a remedy")
        assert decision.ruling.is_final
        assert remedy.target < decision.ruling.best
        outcomes = tried.after(known, [by_id[move.id] for move in remedy.moves])
        assert outcomes
        assert order(outcomes[-1]) <= remedy.target


def test_another_tool_may_help_where_no_catalogue_lists_what_is_in_the_way() -> None:
    rows = (*LEVELS, *OVERLAYS)
    world = World(
        cells={
            (row, column): "allow" for row in rows for column in ("personal", "work", "otherwise")
        },
        rules=(Rule("prohibit", {"tool.web_search": {"any_of": ["on"]}}),),
        accounts={"alpha": ACCOUNTS, "beta": ACCOUNTS},
        retention={"alpha": None, "beta": None},
        approvals={"alpha": "approved"},
    )
    decision = engine(library(world), {"tool.id": "beta", "tool.web_search": "on"})
    assert decision.decision == "prohibit"
    assert [perhaps.tool for perhaps in decision.could_help] == ["alpha"]


def test_another_tool_may_help_though_something_else_is_open_too() -> None:
    """Whatever the tool is, it is not allowed; in another one it depends on the data."""
    compare(*drawn(478324))
    world, known = drawn(478324)
    assert [perhaps.tool for perhaps in engine(library(world), known).could_help] == [*TOOLS]


def test_what_was_said_to_be_in_the_data_does_not_go_with_something_else_left_out() -> None:
    """A level that the overlay FREE does not allow is no remedy because health is left out."""
    rows = (*LEVELS, *OVERLAYS)
    world = World(
        cells={(r, c): "allow" for r in rows for c in ("personal", "work", "otherwise")},
        rules=(Rule("prohibit", {"data.level": {"above": "low"}}),),
        accounts=dict.fromkeys(TOOLS, ACCOUNTS),
        retention=dict.fromkeys(TOOLS),
        approvals={},
        lowest="mid",
        moves=(
            Move("without_health", {"data.overlays": {"none_of": ["DEFINED"]}}, 1),
            Move("lower", {"data.level": "low"}, 5),
        ),
    )
    known = {"data.level": "mid", "data.overlays": {"all_of": ["FREE"]}}
    decision = engine(library(world), known)
    assert decision.decision == "prohibit"
    assert decision.remedies == ()


def test_what_cannot_hold_is_in_nobodys_way() -> None:
    """In either tool the overlay alone is forbidden; a cell for other tools is never met."""
    compare(*drawn(11613))
