"""The laws of remedies, on generated policies, against a judge that tries every set of moves."""

from __future__ import annotations

from hypothesis import event, given, target
from hypothesis import strategies as st

from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.remedies import ENOUGH, MOVES_MAX
from oracle import (
    DAY,
    EFFECTS,
    TOOLS,
    Move,
    Tried,
    World,
)
from worlds import Known, engine, knowns, laws, library, say, settled, with_moves


def shown(decision: Decision) -> dict[frozenset[str], tuple[int, str]]:
    return {
        frozenset(move.id for move in remedy.moves): (remedy.cost, remedy.target.name)
        for remedy in decision.remedies
    }


def is_no(tried: Tried, known: Known) -> bool:
    """Whether the decision is final and no permission."""
    outcomes = tried.reachable(tried.possible(known))
    return len(outcomes) == 1 and outcomes[0] in ("review", "prohibit")


@laws
@given(with_moves, settled)
def test_the_remedies_are_the_cheapest_of_all_sets_of_moves(world: World, known: Known) -> None:
    tried = Tried(world)
    if not is_no(tried, known):
        assert engine(library(world), known).remedies == () or not tried.possible(known)
        return
    expected = tried.remedies(known, MOVES_MAX)
    target(float(len(expected)))
    event(f"{min(len(expected), 5)} remedies")
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


@laws
@given(with_moves, settled)
def test_the_tools_that_may_help_are_those_with_a_better_outcome_still_open(
    world: World, known: Known
) -> None:
    tried = Tried(world)
    if not is_no(tried, known):
        return
    order = EFFECTS.index
    (now,) = tried.reachable(tried.possible(known))
    targets = [reached for _, reached in tried.remedies(known, MOVES_MAX).values()]
    best = min([now, *targets], key=order)
    expected = {}
    for move in tried.moves(known):
        outcomes = tried.after(known, [move])
        if "tool.id" in move.sets and len(outcomes) > 1 and order(outcomes[0]) < order(best):
            expected[move.id] = outcomes[0]
    target(float(len(expected)))
    event(f"{len(expected)} may help")
    decision = engine(library(world), known)
    assert {perhaps.tool: perhaps.best.name for perhaps in decision.could_help} == expected


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
