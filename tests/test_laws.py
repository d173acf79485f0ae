"""The laws of deciding, on generated policies, against a judge that tries every possible use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from caio_mcp.core.decision import decide
from caio_mcp.core.vocabulary import IN
from oracle import CATEGORIES, DAY, EFFECTS, OVERLAYS, World, applies
from worlds import (
    Known,
    engine,
    knowns,
    laws,
    library,
    possible,
    reachable,
    say,
    words,
    worlds,
)

# -- the laws ----------------------------------------------------------------------------------


@laws
@given(worlds, knowns)
def test_the_reachable_decisions_are_exactly_those_of_the_possible_uses(
    world: World, known: Known
) -> None:
    expected = reachable(world, known)
    if expected:  # what contradicts itself is another test
        decision = engine(library(world), known)
        assert words(decision) == expected
        assert decision.decision == (
            expected.pop() if len(expected) == 1 else "need_more_information"
        )


@laws
@given(worlds, knowns, st.data())
def test_a_complete_use_gets_its_decision_and_lies_between_best_and_worst(
    world: World, known: Known, data: st.DataObject
) -> None:
    uses = possible(world, known)
    if not uses:
        return
    lib = library(world)
    asked = engine(lib, known)
    use = data.draw(st.sampled_from(uses))
    complete = {
        name: value
        for name, value in use.items()
        if name not in ("tool.group", "tool.approval", "tool.cleared_level")
    }
    for name, members in (("data.overlays", OVERLAYS), ("data.categories", CATEGORIES)):
        complete[name] = {"all_of": sorted(use[name]), "none_of": sorted(set(members) - use[name])}
    decision = engine(lib, complete)
    assert decision.decision == world.decide(use)
    order = EFFECTS.index
    assert order(asked.best_case) <= order(decision.decision) <= order(asked.worst_case)


@laws
@given(worlds, knowns, st.data())
def test_leaving_a_fact_out_never_permits_more(
    world: World, known: Known, data: st.DataObject
) -> None:
    if not known or not possible(world, known):
        return
    lib = library(world)
    dropped = data.draw(st.sampled_from(sorted(known)))
    fewer = {name: value for name, value in known.items() if name != dropped}
    full, less = engine(lib, known), engine(lib, fewer)
    assert less.ruling.worst >= full.ruling.worst
    if less.is_permitted:
        assert full.is_permitted


@laws
@given(worlds, knowns, st.randoms())
def test_the_order_of_rules_and_statements_does_not_matter(
    world: World, known: Known, random: Any
) -> None:
    lib = library(world)
    said = say(lib, known)
    shuffled = list(said)
    random.shuffle(shuffled)
    assert (
        decide(lib.engine, said, DAY).canonical() == decide(lib.engine, shuffled, DAY).canonical()
    )
    mixed = list(world.rules)
    random.shuffle(mixed)
    other = engine(library(replace(world, rules=tuple(mixed))), known)
    assert words(other) == words(engine(lib, known))
    assert {q.fact for q in other.questions} == {q.fact for q in engine(lib, known).questions}


@laws
@given(
    worlds,
    knowns,
    st.sampled_from(
        ["purpose.task", "tool.id", "tool.account", "data.level", "tool.retention_days"]
    ),
)
def test_being_unsure_never_relaxes(world: World, known: Known, fact: str) -> None:
    known = {name: value for name, value in known.items() if name != fact}
    if not possible(world, known):
        return
    lib = library(world)
    unsure = engine(lib, {**known, fact: "unsure"})
    order = EFFECTS.index
    assert fact not in {question.fact for question in unsure.questions}
    answers = [
        reachable(world, {**known, fact: value})
        for value in {use[fact] for use in possible(world, known)}
    ]
    assert order(unsure.best_case) >= min(min(map(order, found)) for found in answers)
    assert order(unsure.worst_case) >= max(max(map(order, found)) for found in answers)


@laws
@given(worlds, knowns)
def test_the_rules_cited_really_hold(world: World, known: Known) -> None:
    uses = possible(world, known)
    if not uses:
        return
    decision = engine(library(world), known)
    if decision.decision == "need_more_information":
        assert decision.determining_rules == ()
        return
    cited = decision.determining_rules
    assert cited

    def cover(names: Sequence[str]) -> bool:
        return all(any(applies(world, name, use) for name in names) for use in uses)

    assert cover(cited)
    if not all(cover([name]) for name in cited):  # one of them in each case, and none too many
        assert not any(cover([n for n in cited if n != name]) for name in cited)
    for name in cited:
        if name.startswith("R"):
            assert world.rules[int(name[1:])].effect == decision.decision


@laws
@given(worlds, knowns)
def test_facts_that_cannot_be_together_are_reported_and_never_permit_more(
    world: World, known: Known
) -> None:
    if possible(world, known):
        return
    decision = engine(library(world), known)
    assert decision.contradictions


@laws
@given(worlds, knowns, st.sampled_from(CATEGORIES))
def test_saying_that_something_is_there_outweighs_saying_that_nothing_is(
    world: World, known: Known, member: str
) -> None:
    known = {**known, "data.categories": {"all_of": [member]}}
    lib = library(world)
    there = decide(lib.engine, say(lib, known), DAY)
    nothing = [s for s in say(lib, {"data.overlays": "none"}) if "data.overlays" not in known]
    both = decide(lib.engine, [*say(lib, known), *nothing], DAY)
    for fact, members in (("data.categories", CATEGORIES), ("data.overlays", OVERLAYS)):
        for name in members:
            index = lib.engine.space.members[fact, name]
            if there.ruling.knowledge.masks[index] == IN:
                assert both.ruling.knowledge.masks[index] == IN
    assert both.ruling.best >= there.ruling.best
