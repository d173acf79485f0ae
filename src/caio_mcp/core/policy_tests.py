"""Runs the tests that a policy set carries: facts in, what was expected against what came out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .decide import Engine, Ruling
from .decision import duties_of, ordered
from .facts import Statement
from .policy import Case
from .questions import open_questions
from .remedies import Remedy, for_target, remedies
from .vocabulary import NEED_MORE, Effect


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test and everything that differed; nothing means that it passed."""

    case: Case
    differences: tuple[str, ...]

    @property
    def has_passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def run_tests(engine: Engine, today: datetime.date) -> Iterator[Outcome]:
    """Every test, in file order, on its own day, the law's day of the policy, or today."""
    judged = granting(engine)
    for case in engine.policy.cases:
        yield run_test(judged, case, today)


def run_test(engine: Engine, case: Case, today: datetime.date) -> Outcome:
    """One test on its day, on the engine that `granting` made; only what it expects is worked
    out."""
    day = case.as_of or engine.policy.law_as_of or today
    case = replace(case, facts=(*case.facts, *_not_approved(engine, case)))
    ruling = engine.rule(case.facts, day)
    return Outcome(
        case,
        (
            *_outcome_differences(engine, case, ruling),
            *_reason_differences(engine, case, ruling),
            *_duty_differences(engine, case, ruling),
            *_question_differences(engine, case, ruling),
            *_remedy_differences(engine, case, ruling, day),
        ),
    )


def granting(engine: Engine) -> Engine:
    """The engine that tests are run on. A policy set without a table grants nothing, and its
    tests are about its rules alone: they run as though a table had granted everything. One
    without approvals leaves them to organisations: its tests can state them."""
    policy = engine.policy
    if not policy.tables:
        policy = replace(policy, when_not_covered=Effect.allow)
    if policy.approvals:
        return engine.of(policy)
    return Engine(engine.vocabulary, policy, engine.catalogue, approvals_are_stated=True)


def _not_approved(engine: Engine, case: Case) -> Iterator[Statement]:
    """What a test does not say of approvals: nothing is approved, and nothing limited."""
    if not engine.approvals_are_stated:
        return
    said = {part.fact for part in case.facts}
    limits = {"tool.cleared_level": engine.policy.levels[-1].id}
    for fact, value in {"tool.approval": "none", "model.approval": "none", **limits}.items():
        if fact not in said:
            yield Statement(fact, values=frozenset([value]))


def _outcome_differences(engine: Engine, case: Case, ruling: Ruling) -> Iterator[str]:
    if case.decision and ruling.word != case.decision:
        asked = (question.fact for question in open_questions(engine, ruling))
        why = ", ".join((*_determining(engine, ruling), *asked))
        yield f"expected {case.decision}, got {ruling.word} ({why or 'no rule'})"
    for name, expected, actual in (
        ("best_case", case.best_case, ruling.best.name),
        ("worst_case", case.worst_case, ruling.worst.name),
    ):
        if expected and expected != actual:
            yield f"expected {name} {expected}, got {actual}"


def _determining(engine: Engine, ruling: Ruling) -> list[str]:
    """What made the decision; that no table speaks of it is nothing where there is no table."""
    found = [item.id for item in engine.determining(ruling)]
    return [name for name in found if engine.policy.tables or not name.startswith("not-covered/")]


def _reason_differences(engine: Engine, case: Case, ruling: Ruling) -> Iterator[str]:
    if case.rules is None:
        return
    found = _determining(engine, ruling)
    if not case.rules and found:
        yield f"expected no rule, got {', '.join(found)}"
    elif "rules" in case.only and (more := [name for name in found if name not in case.rules]):
        yield f"expected no other rule, got {', '.join(more)}"
    for rule in case.rules:
        if not any(name == rule or name.startswith(f"{rule}/") for name in found):
            yield f"expected the rule {rule}, got {', '.join(found) or 'none'}"


def _duty_differences(engine: Engine, case: Case, ruling: Ruling) -> Iterator[str]:
    for kind, what, expected, is_all in (
        ("must", "obligation", case.obligations, "obligations" in case.only),
        ("should", "advice", case.advice, "advice" in case.only),
    ):
        if expected is None:
            continue
        found = {duty.id for duty in duties_of(engine, ruling, kind)}
        if not expected and found:
            yield f"expected no {what}, got {', '.join(sorted(found))}"
        elif is_all and (more := found - set(expected)):
            yield f"expected no other {what}, got {', '.join(sorted(more))}"
        for name in expected:
            if name not in found:
                yield f"expected the {what} {name}, got {', '.join(sorted(found)) or 'none'}"


def _question_differences(engine: Engine, case: Case, ruling: Ruling) -> Iterator[str]:
    if case.questions is None:
        return
    asked = {question.fact for question in open_questions(engine, ruling)}
    if set(case.questions) != asked:
        yield (
            f"expected the questions {', '.join(case.questions) or 'none'}, "
            f"got {', '.join(sorted(asked)) or 'none'}"
        )
    if case.questions and not case.decision and ruling.is_final:
        yield f"expected {NEED_MORE}, got {ruling.word}"


def _remedy_differences(
    engine: Engine, case: Case, ruling: Ruling, day: datetime.date
) -> Iterator[str]:
    """The expected remedies must be there, and no cheaper one."""
    if not case.remedies:
        return
    ways = remedies(engine, ordered(case.facts), ruling, day).remedies
    for target, expected in case.remedies.items():
        yield from _differences_for(target, expected, ways)


def _differences_for(
    target: Effect, expected: Sequence[frozenset[str]], ways: Sequence[Remedy]
) -> Iterator[str]:
    found = {frozenset(m.id for m in r.moves): r.cost for r in for_target(ways, target)}
    shown = "; ".join(" + ".join(sorted(moves)) for moves in found) or "none"
    for moves in expected:
        if moves not in found:
            yield f"expected the remedy {' + '.join(sorted(moves))} for {target.name}, got {shown}"
    dearest = max((found[moves] for moves in expected if moves in found), default=0)
    cheaper = [moves for moves, cost in found.items() if cost < dearest and moves not in expected]
    if cheaper or (not expected and found):
        yield f"expected no cheaper remedy for {target.name}, got {shown}"
