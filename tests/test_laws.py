"""The laws of deciding, on generated policies, against a judge that tries every possible use."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.facts import Statement, statement
from caio_mcp.core.library import FileSet, Library, load
from caio_mcp.core.vocabulary import IN, Provenance
from oracle import (
    ACCOUNTS,
    CATEGORIES,
    DAYS_MAX,
    EFFECTS,
    LEVELS,
    OVERLAYS,
    TASKS,
    TOOLS,
    Completion,
    Rule,
    World,
    agrees,
    applies,
)

DAY = datetime.date(2026, 11, 22)
Known = dict[str, Any]

# -- generated worlds ------------------------------------------------------------------------

effects = st.sampled_from(EFFECTS)


def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


tests = st.one_of(
    st.fixed_dictionaries({"purpose.task": st.fixed_dictionaries({"any_of": _some(TASKS)})}),
    st.fixed_dictionaries({"tool.id": st.fixed_dictionaries({"not": _some(TOOLS)})}),
    st.fixed_dictionaries({"tool.account": st.fixed_dictionaries({"any_of": _some(ACCOUNTS)})}),
    st.sampled_from(
        [
            {"tool.retention_days": {"more_than": DAYS_MAX}},
            {"tool.retention_days": {"at_most": DAYS_MAX}},
            {"data.level": {"above": "low"}},
            {"data.level": {"up_to": "mid"}},
            {"data.level": {"above": "tool.cleared_level"}},
            {"tool.approval": {"not": ["approved"]}},
            {"tool.group": {"none_of": ["known"]}},
        ]
    ),
    *(
        st.fixed_dictionaries({fact: st.fixed_dictionaries({operator: _some(members)})})
        for fact, members in (("data.categories", CATEGORIES), ("data.overlays", OVERLAYS))
        for operator in ("any_of", "all_of", "none_of", "only")
    ),
)


def _joined(parts: list[Known]) -> Known:
    joined: Known = {}
    for part in parts:
        joined.update(part)
    return joined


conjunctions = st.lists(tests, min_size=1, max_size=3).map(_joined)
conditions = st.one_of(
    conjunctions,
    st.fixed_dictionaries({"any": st.lists(conjunctions, min_size=1, max_size=3)}),
)
rules = st.builds(
    Rule,
    effect=st.sampled_from(EFFECTS[1:]),
    when=conditions,
    unless=st.lists(conditions, max_size=1).map(tuple),
)
spans = st.sampled_from([None, (0, 5), (0, 30), (20, 30)])
worlds = st.builds(
    World,
    cells=st.dictionaries(
        st.tuples(
            st.sampled_from((*LEVELS, *OVERLAYS)),
            st.sampled_from(("personal", "work", "otherwise")),
        ),
        effects,
        max_size=15,
    ),
    rules=st.lists(rules, max_size=5).map(tuple),
    accounts=st.fixed_dictionaries({t: _some(ACCOUNTS).map(tuple) for t in TOOLS}),
    retention=st.fixed_dictionaries(dict.fromkeys(TOOLS, spans)),
    approvals=st.dictionaries(
        st.sampled_from(TOOLS), st.sampled_from(["approved", "pending", "blocked"])
    ),
    cleared=st.dictionaries(st.sampled_from(TOOLS), st.sampled_from(LEVELS)),
)


def _members(values: tuple[str, ...]) -> st.SearchStrategy[Known]:
    return st.lists(st.sampled_from(("all_of", "none_of", "")), min_size=2, max_size=2).map(
        lambda signs: {
            sign: [v for v, s in zip(values, signs, strict=True) if s == sign]
            for sign in ("all_of", "none_of")
            if sign in signs
        }
    )


knowns = st.fixed_dictionaries(
    {},
    optional={
        "purpose.task": st.sampled_from(TASKS),
        "tool.id": st.sampled_from((*TOOLS, "unlisted", [*TOOLS])),
        "tool.account": st.sampled_from(ACCOUNTS),
        "tool.retention_days": st.sampled_from((3, 30)),
        "data.level": st.sampled_from((*LEVELS, ["mid", "high"])),
        "data.overlays": _members(OVERLAYS),
        "data.categories": _members(CATEGORIES),
    },
)

laws = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# -- both judges -------------------------------------------------------------------------------


def library(world: World) -> Library:
    pack, catalogue = world.files()
    return load(FileSet("world", pack), ["world"], FileSet("data", catalogue))


def say(lib: Library, known: Known, provenance: Provenance = "stated") -> list[Statement]:
    return [
        statement(lib.vocabulary, name, value).from_(provenance) for name, value in known.items()
    ]


def engine(lib: Library, known: Known) -> Decision:
    return decide(lib.engine, say(lib, known), DAY)


def possible(world: World, known: Known) -> list[Completion]:
    return [use for use in world.completions() if agrees(use, known)]


def reachable(world: World, known: Known) -> set[str]:
    return {world.decide(use) for use in possible(world, known)}


def words(decision: Decision) -> set[str]:
    return {effect.name for effect in decision.ruling.reachable}


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
@given(worlds, rules, knowns)
def test_adding_a_rule_never_relaxes(world: World, rule: Rule, known: Known) -> None:
    before = engine(library(world), known)
    after = engine(library(replace(world, rules=(*world.rules, rule))), known)
    assert after.ruling.best >= before.ruling.best
    assert after.ruling.worst >= before.ruling.worst


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
@given(worlds, knowns)
def test_the_questions_settle_the_decision_and_none_could_be_left_out(
    world: World, known: Known
) -> None:
    uses = possible(world, known)
    if not uses:
        return
    asked = [question.fact for question in engine(library(world), known).questions]
    assert _settles(world, uses, asked)
    for fact in asked:
        assert not _settles(world, uses, [other for other in asked if other != fact])


def _settles(world: World, uses: list[Completion], facts: list[str]) -> bool:
    """Whether uses that agree on the facts always get the same decision."""
    found: dict[str, str] = {}
    for use in uses:
        key = repr([sorted(use[f]) if isinstance(use[f], set) else use[f] for f in facts])
        if found.setdefault(key, world.decide(use)) != world.decide(use):
            return False
    return True


@laws
@given(worlds, knowns)
def test_each_answer_leads_to_just_the_decisions_it_says(world: World, known: Known) -> None:
    if not possible(world, known):
        return
    for question in engine(library(world), known).questions:
        for option in question.options:
            if question.fact.startswith("data.") and question.fact != "data.level":
                older = known.get(question.fact, {})
                members = OVERLAYS if question.fact == "data.overlays" else CATEGORIES
                answer: Any = (
                    {
                        "all_of": older.get("all_of", []),
                        "none_of": [
                            m
                            for m in members
                            if not all(m in use[question.fact] for use in possible(world, known))
                        ],
                    }
                    if option.value == "none"
                    else {
                        "all_of": [*older.get("all_of", []), option.value],
                        "none_of": older.get("none_of", []),
                    }
                )
            elif question.fact == "tool.retention_days":
                answer = 3 if option.value == f"0-{DAYS_MAX}" else 30
            else:
                answer = option.value
            expected = reachable(world, {**known, question.fact: answer})
            assert {effect.name for effect in option.leads_to} == expected


@laws
@given(worlds, knowns, knowns)
def test_what_is_assumed_never_relaxes(world: World, known: Known, assumed: Known) -> None:
    if not possible(world, known):
        return
    lib = library(world)
    without = engine(lib, known)
    having = decide(lib.engine, [*say(lib, known), *say(lib, assumed, "assumed")], DAY)
    assert having.ruling.best >= without.ruling.best
    assert having.ruling.worst >= without.ruling.worst


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
