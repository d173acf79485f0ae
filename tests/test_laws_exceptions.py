"""The laws of exceptions: each takes out one rule or cell, in its scope and on its days, and
nothing else."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import event, given, target
from hypothesis import strategies as st

from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.exceptions import read_exception
from caio_mcp.core.facts import Statement
from caio_mcp.core.library import Library
from oracle import DAY, EFFECTS, Departure, Rule, World
from worlds import (
    Known,
    excepted,
    granted,
    knowns,
    laws,
    library,
    open_to_exceptions,
    possible,
    say,
    settled,
    words,
)

Case = tuple[World, Known, list[Departure]]


def asked(
    lib: Library,
    statements: Sequence[Statement],
    found: Sequence[Departure],
    day: datetime.date = DAY,
) -> Decision:
    return decide(lib.engine, statements, day, exceptions=granted(lib, found))


@laws
@given(excepted())
def test_the_decisions_are_exactly_those_of_the_uses_outside_of_the_exceptions(
    case: Case,
) -> None:
    world, known, found = case
    uses = possible(world, known)
    if not uses:
        return
    lib = library(world)
    expected = {world.decide(use, DAY, found) for use in uses}
    decision = asked(lib, say(lib, known), found)
    assert words(decision) == expected
    without = {world.decide(use) for use in uses}
    event(f"another decision: {expected != without}")
    target(float(expected != without))
    plain = asked(lib, say(lib, known), [])
    assert decision.ruling.best <= plain.ruling.best
    assert decision.ruling.worst <= plain.ruling.worst


def acting(world: World, found: Sequence[Departure], use: dict[str, object]) -> set[str]:
    """The ids of the exceptions that take something out for a complete use."""
    out = set(world.exceptionable(use, DAY))
    return {
        f"exception/X-{number:04}"
        for number, one in enumerate(found, 1)
        if one.rule in out and one.acts(use, DAY)
    }


@laws
@given(excepted())
def test_a_yes_that_rests_on_an_exception_is_never_without_its_condition(case: Case) -> None:
    world, known, found = case
    uses = possible(world, known)
    lib = library(world)
    decision = asked(lib, say(lib, known), found)
    if not uses or not decision.is_permitted:
        return
    act = [acting(world, found, use) for use in uses]
    duties = {duty.id: duty for duty in decision.obligations if duty.id.startswith("exception/")}
    event(f"rests on an exception: {any(act)}")
    target(float(sum(map(len, act))))
    assert duties.keys() == {name for names in act for name in names}
    for name, duty in duties.items():
        assert bool(duty.if_open) == (not all(name in names for names in act))
    if any(act):
        assert decision.decision == "allow_with_conditions"


@laws
@given(open_to_exceptions, knowns | settled, st.data())
def test_an_exception_everywhere_is_as_though_the_rule_only_had_conditions(
    world: World, known: Known, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(world.rules) - 1))
    rule = replace(world.rules[number], is_exceptionable=True, effect="prohibit")
    world = _with(world, number, rule)
    softer = _with(world, number, replace(rule, effect="allow_with_conditions"))
    lib, other = library(world), library(softer)
    everywhere = Departure(f"R{number}", {}, DAY, DAY)
    decision = asked(lib, say(lib, known), [everywhere])
    assert words(decision) == words(asked(other, say(other, known), []))


def _with(world: World, number: int, rule: Rule) -> World:
    return replace(world, rules=(*world.rules[:number], rule, *world.rules[number + 1 :]))


@laws
@given(excepted())
def test_an_exception_that_is_over_or_not_possible_changes_not_a_byte(
    case: Case,
) -> None:
    world, known, found = case
    lib = library(world)
    plain = asked(lib, say(lib, known), [])
    over = [replace(one, last=DAY - datetime.timedelta(days=1)) for one in found]
    of_nothing = [replace(one, rule="R99") for one in found]
    fixed = replace(
        world,
        has_exceptionable_cells=False,
        rules=tuple(replace(rule, is_exceptionable=False) for rule in world.rules),
    )
    never = library(fixed)
    assert asked(lib, say(lib, known), [*over, *of_nothing]).canonical() == plain.canonical()
    assert (
        asked(never, say(never, known), found).canonical()
        == asked(never, say(never, known), []).canonical()
    )


@laws
@given(excepted(), st.randoms())
def test_the_exceptions_that_a_decision_names_are_enough_to_make_it_again(
    case: Case, random: object
) -> None:
    world, known, found = case
    lib = library(world)
    exceptions = granted(lib, found)
    first = decide(lib.engine, say(lib, known), DAY, exceptions=exceptions)
    kept = json.loads(first.canonical())["exceptions"]
    event(f"kept: {min(len(kept), 2)} of {min(len(exceptions), 2)}")
    again = [read_exception(lib.vocabulary, part) for part in kept]
    fresh = library(world)
    for given_again in (again, again[::-1], [*again, *again], exceptions[::-1]):
        decision = decide(fresh.engine, say(fresh, known), DAY, exceptions=given_again)
        assert decision.canonical() == first.canonical()


@laws
@given(excepted(settled, gaps=1))
def test_a_decision_holds_until_the_day_that_an_exception_starts_or_ends(case: Case) -> None:
    world, known, found = case
    world = replace(world, derives={})
    if not possible(world, known):
        return
    lib = library(world)
    today = asked(lib, say(lib, known), found)
    if not today.ruling.is_final:
        assert today.valid_until is None
        return
    days = [DAY + datetime.timedelta(days=n) for n in range(1, 10)]
    changes = []
    for day in days:
        later = asked(lib, say(lib, known), found, day)
        if (later.ruling.reachable, set(later.determining_rules)) != (
            today.ruling.reachable,
            set(today.determining_rules),
        ):
            changes.append(day - datetime.timedelta(days=1))
    limit = today.valid_until
    event(f"a limit: {bool(changes)}")
    target(float(len(changes)))
    assert (None if limit is None else limit.day) == min(changes, default=None)
    if limit is not None:
        assert limit.because.startswith("the exception X-000")


@laws
@given(excepted(), st.lists(knowns | settled, min_size=1, max_size=2))
def test_what_is_assumed_does_not_bring_a_use_under_an_exception(
    case: Case, assumed: list[Known]
) -> None:
    world, known, found = case
    lib = library(world)
    firm = say(lib, known)
    guesses = [s for guess in assumed for s in say(lib, guess, "assumed")]
    without, having = asked(lib, firm, found).ruling, asked(lib, [*firm, *guesses], found).ruling
    assert having.best >= without.best
    assert having.worst >= without.worst


@laws
@given(
    excepted(),
    st.sampled_from(["purpose.task", "tool.id", "tool.account", "data.level", "data.categories"]),
)
def test_being_unsure_does_not_bring_a_use_under_an_exception(case: Case, fact: str) -> None:
    world, known, found = case
    known = {name: value for name, value in known.items() if name != fact}
    uses = possible(world, known)
    if not uses:
        return
    lib = library(world)
    decision = asked(lib, [*say(lib, known), *say(lib, {fact: "unsure"})], found)
    worst = max(EFFECTS.index(world.decide(use, DAY, found)) for use in uses)
    assert decision.ruling.worst >= worst
