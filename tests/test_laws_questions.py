"""The laws of questions: what is asked can change the decision, and each answer leads where it
says."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import event, given, target
from hypothesis import strategies as st

from caio_mcp.core.decision import decide
from caio_mcp.core.questions import Option, Question
from oracle import CATEGORIES, DAY, DAYS_MAX, EFFECTS, OVERLAYS, SET_FACTS, Completion, World
from worlds import Known, engine, knowns, laws, library, possible, say, worlds


@laws
@given(worlds, knowns)
def test_the_questions_settle_the_decision_and_none_could_be_left_out(
    world: World, known: Known
) -> None:
    uses = possible(world, known)
    if not uses:
        return
    asked = [question.fact for question in engine(library(world), known).questions]
    target(float(len(asked)))
    event(f"{len(asked)} questions")
    assert bool(asked) == (len({world.decide(use) for use in uses}) > 1)
    assert _settles(world, uses, asked)
    for fact in asked:  # two uses that differ in nothing else that is asked differ in decision
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
@given(worlds, knowns, st.data())
def test_with_every_answer_the_decision_is_final(
    world: World, known: Known, data: st.DataObject
) -> None:
    uses = possible(world, known)
    if not uses:
        return
    lib = library(world)
    asked = [question.fact for question in engine(lib, known).questions]
    target(float(len(asked)))
    use = data.draw(st.sampled_from(uses))
    answers = {fact: _as_answer(use, fact) for fact in asked}
    assert engine(lib, {**known, **answers}).decision == world.decide(use)


@laws
@given(
    worlds,
    knowns,
    st.sampled_from(["tool.id", "tool.account", "data.level", "data.overlays", "data.categories"]),
    st.data(),
)
def test_somebody_unsure_of_one_fact_is_asked_for_the_others_and_gets_a_decision(
    world: World, known: Known, unsure: str, data: st.DataObject
) -> None:
    known = {name: value for name, value in known.items() if name != unsure}
    uses = possible(world, known)
    if not uses:
        return
    lib = library(world)
    first = engine(lib, {**known, unsure: "unsure"})
    asked = [question.fact for question in first.questions]
    assert unsure not in asked
    assert bool(asked) == (not first.ruling.is_final)
    target(float(len(asked)))
    use = data.draw(st.sampled_from(uses))
    answers = {fact: _as_answer(use, fact) for fact in asked}
    answered = decide(lib.engine, say(lib, {**known, **answers, unsure: "unsure"}), DAY)
    if {unsure, *asked} >= {"data.categories", "data.overlays"}:
        # an overlay is made of categories: knowing the one takes away some of the doubt about the
        # other, and what was beyond question may be asked after all
        answers |= {q.fact: _as_answer(use, q.fact) for q in answered.questions}
        answered = decide(lib.engine, say(lib, {**known, **answers, unsure: "unsure"}), DAY)
    assert answered.ruling.is_final
    assert answered.ruling.best >= EFFECTS.index(world.decide(use))


def _as_answer(use: Completion, fact: str) -> object:
    if fact not in SET_FACTS:
        return use[fact]
    members = OVERLAYS if fact == "data.overlays" else CATEGORIES
    return {"all_of": sorted(use[fact]), "none_of": sorted(set(members) - use[fact])}


@laws
@given(worlds, knowns)
def test_each_answer_leads_to_just_the_decisions_it_says(world: World, known: Known) -> None:
    uses = possible(world, known)
    if not uses:
        return
    questions = engine(library(world), known).questions
    target(float(len(questions)))
    left = uses
    for number, question in enumerate(questions):
        options = question.options
        assert len({option.value for option in options}) == len(options)
        for option in options:
            answered = _answered(uses, uses, question, option, is_alone=False)
            assert _names(option.leads_to) == _decisions(world, answered)
            assert option.leads_to
            if number < 2:
                alone = _answered(left, uses, question, option, is_alone=True)
                assert _names(option.alone) == _decisions(world, alone)
        every = [_answered(uses, uses, question, option, is_alone=False) for option in options]
        assert all(any(use in answered for answered in every) for use in uses)  # none is left out
        if number == 0:
            best = min(_ranks(world, answered) for answered in every)
            at_best = [answered for answered in every if _ranks(world, answered) == best]
            if question.fact in SET_FACTS:
                at_best = at_best[:1]
            left = [use for use in uses if any(use in answered for answered in at_best)]


def _answered(
    left: Sequence[Completion],
    uses: Sequence[Completion],
    question: Question,
    option: Option,
    *,
    is_alone: bool,
) -> list[Completion]:
    """Of some uses those with that answer; alone, nothing else of its list is in them that is
    not in all uses."""
    fact = question.fact
    if fact in SET_FACTS:
        always: set[str] = set.intersection(*(use[fact] for use in uses))
        found = [u for u in left if option.value == "none" or option.value in u[fact]]
        if is_alone or option.value == "none":
            found = [u for u in found if u[fact] <= always | {option.value}]
        return found
    if fact == "tool.retention_days":
        return [u for u in left if (u[fact] > DAYS_MAX) == (option.value != f"0-{DAYS_MAX}")]
    return [use for use in left if use[fact] == option.value]


def _ranks(world: World, uses: list[Completion]) -> list[int]:
    return sorted({EFFECTS.index(world.decide(use)) for use in uses})


def _decisions(world: World, uses: list[Completion]) -> set[str]:
    return {world.decide(use) for use in uses}


def _names(effects: Sequence[object]) -> set[str]:
    return {str(getattr(effect, "name", effect)) for effect in effects}
