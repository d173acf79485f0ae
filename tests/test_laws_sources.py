"""The laws of where facts come from: what is assumed, unsure or usual never permits more, however
much of it there is and whatever it contradicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import event, given, target
from hypothesis import strategies as st

from caio_mcp.core.facts import Statement
from caio_mcp.core.library import Library
from caio_mcp.core.vocabulary import Provenance
from oracle import ACCOUNTS, CATEGORIES, EFFECTS, LEVELS, OVERLAYS, SET_FACTS, TOOLS, Rule, World
from worlds import Known, decided, knowns, laws, library, possible, rules, say, settled, worlds

FACTS = (
    "purpose.task",
    "tool.id",
    "tool.account",
    "tool.web_search",
    "tool.retention_days",
    "data.level",
    "data.overlays",
    "data.categories",
)
Said = list[tuple[Known, Provenance, bool]]

busy = st.builds(
    replace,
    worlds,
    cells=st.fixed_dictionaries(
        {
            (row, column): st.sampled_from(("allow", "allow", "review", "prohibit"))
            for row in (*LEVELS, *OVERLAYS)
            for column in ("personal", "work", "otherwise")
        }
    ),
    rules=st.lists(rules, min_size=2, max_size=5).map(tuple),
    derives=st.sampled_from(
        (
            {},
            {"data.categories": {"none_of": list(CATEGORIES)}},
            {"data.overlays": {"none_of": list(OVERLAYS)}, "data.level": "low"},
        )
    ),
)
# Several sources, each with its own word on any fact; they may contradict one another.
said = st.lists(
    st.tuples(
        knowns,
        st.sampled_from(("stated", "stated", "derived", "scanned")),
        st.sampled_from((False, False, True)),
    ),
    min_size=1,
    max_size=3,
)
unsure = st.lists(st.sampled_from(FACTS), max_size=2, unique=True)
some_unsure = st.lists(st.sampled_from(FACTS), min_size=1, max_size=2, unique=True)


def _is_usual(part: Statement) -> bool:
    """Whether it is what kinds of data say by default: a level, or what is not in them."""
    return part.fact == "data.level" or (part.fact in SET_FACTS and not part.present)


def statements(lib: Library, parts: Said, unsure: Sequence[str] = ()) -> list[Statement]:
    found = [
        replace(part, is_default=is_default)
        for known, provenance, is_default in parts
        for part in say(lib, known, provenance)
        if not is_default or _is_usual(part)
    ]
    return [*found, *say(lib, dict.fromkeys(unsure, "unsure"))]


@laws
@given(busy, said, unsure, st.lists(knowns | settled, min_size=1, max_size=2))
def test_what_is_assumed_never_relaxes(
    world: World, parts: Said, unsure: list[str], assumed: list[Known]
) -> None:
    lib = library(world)
    firm = statements(lib, parts, unsure)
    without = decided(lib, firm).ruling
    guesses = [s for known in assumed for s in say(lib, known, "assumed")]
    having = decided(lib, [*firm, *guesses]).ruling
    target(float(len(without.reachable)))
    assert having.best >= without.best
    assert having.worst >= without.worst
    event(f"stricter: {having.reachable != without.reachable}")


@laws
@given(busy, knowns, unsure, st.lists(knowns, min_size=1, max_size=2))
def test_a_permission_holds_in_every_use_that_what_was_said_leaves_possible(
    world: World, known: Known, unsure: list[str], assumed: list[Known]
) -> None:
    world = replace(world, derives={})
    known = {name: value for name, value in known.items() if name not in unsure}
    uses = possible(world, known)
    if not uses:
        return
    lib = library(world)
    guesses = [s for known in assumed for s in say(lib, known, "assumed")]
    decision = decided(lib, [*statements(lib, [(known, "stated", False)], unsure), *guesses])
    worst = max(EFFECTS.index(world.decide(use)) for use in uses)
    target(-float(worst))
    if decision.is_permitted:
        event("permitted")
        assert worst <= decision.ruling.worst
    assert decision.ruling.worst >= worst


@laws
@given(busy, said, unsure, some_unsure)
def test_being_unsure_never_permits_more_than_saying_nothing(
    world: World, parts: Said, unsure: list[str], more: list[str]
) -> None:
    lib = library(world)
    unsure = [fact for fact in unsure if fact not in more]
    silent = decided(lib, statements(lib, parts, unsure)).ruling
    asked = decided(lib, statements(lib, parts, [*unsure, *more]))
    event(f"stricter: {asked.ruling.reachable != silent.reachable}")
    assert asked.ruling.worst >= silent.worst
    # What is usual counts no more for somebody unsure of it: what follows from it is asked.
    if not world.derives and not any(is_default for _, _, is_default in parts):
        assert asked.ruling.best >= silent.best
    assert not set(more) & {question.fact for question in asked.questions}


@laws
@given(busy, said, unsure, rules)
def test_adding_a_rule_never_relaxes(
    world: World, parts: Said, unsure: list[str], rule: Rule
) -> None:
    lib, other = library(world), library(replace(world, rules=(*world.rules, rule)))
    before = decided(lib, statements(lib, parts, unsure)).ruling
    after = decided(other, statements(other, parts, unsure)).ruling
    event(f"stricter: {after.reachable != before.reachable}")
    assert after.best >= before.best
    assert after.worst >= before.worst


@laws
@given(busy, said, unsure, st.lists(knowns, max_size=2), st.randoms())
def test_the_order_of_statements_does_not_matter(
    world: World, parts: Said, unsure: list[str], assumed: list[Known], random: Any
) -> None:
    lib = library(world)
    ordered = [
        *statements(lib, parts, unsure),
        *(s for a in assumed for s in say(lib, a, "assumed")),
    ]
    shuffled = list(ordered)
    random.shuffle(shuffled)
    one, other = decided(lib, ordered), decided(lib, shuffled)
    assert one.canonical() == other.canonical()
    assert one.questions or one.ruling.is_final


def test_an_assumption_between_the_best_and_the_worst_takes_neither_further() -> None:
    effects = dict(zip(LEVELS, ("allow", "review", "prohibit"), strict=True))
    world = World(
        cells={
            (row, column): effects.get(row, "allow")
            for row in (*LEVELS, *OVERLAYS)
            for column in ("personal", "work", "otherwise")
        },
        rules=(),
        accounts=dict.fromkeys(TOOLS, ACCOUNTS),
        retention=dict.fromkeys(TOOLS),
        approvals={},
    )
    lib = library(world)
    assumed = decided(lib, say(lib, {"data.level": "mid"}, "assumed"))
    assert (assumed.best_case, assumed.worst_case) == ("review", "prohibit")
