"""Runs the tests that a policy set carries: facts in, what was expected against what came out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .decide import Engine
from .decision import Decision, decide
from .policy import Case
from .remedies import for_target
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
    """One test on its day."""
    day = case.as_of or engine.policy.law_as_of or today
    return Outcome(case, tuple(_differences(case, decide(engine, case.facts, day))))


def granting(engine: Engine) -> Engine:
    """The engine that tests are run on. A policy set without a table grants nothing, and its
    tests are about its rules alone: they run as though a table had granted everything."""
    if engine.policy.tables:
        return engine
    return engine.of(replace(engine.policy, when_not_covered=Effect.allow))


def _differences(case: Case, got: Decision) -> Iterator[str]:
    yield from _outcome_differences(case, got)
    yield from _reason_differences(case, got)
    for target, sets in case.remedies.items():
        yield from _remedy_differences(target, sets, got)


def _outcome_differences(case: Case, got: Decision) -> Iterator[str]:
    if case.decision and got.decision != case.decision:
        why = ", ".join(got.determining_rules or (q.fact for q in got.questions))
        yield f"expected {case.decision}, got {got.decision} ({why or 'no rule'})"
    for name, expected, actual in (
        ("best_case", case.best_case, got.best_case),
        ("worst_case", case.worst_case, got.worst_case),
    ):
        if expected and expected != actual:
            yield f"expected {name} {expected}, got {actual}"


def _reason_differences(case: Case, got: Decision) -> Iterator[str]:
    if case.rules == () and got.determining_rules:
        yield f"expected no rule, got {', '.join(got.determining_rules)}"
    for rule in case.rules or ():
        if not any(
            found == rule or found.startswith(f"{rule}/") for found in got.determining_rules
        ):
            yield f"expected the rule {rule}, got {', '.join(got.determining_rules) or 'none'}"
    duties = {duty.id for duty in got.obligations}
    if case.obligations == () and duties:
        yield f"expected no obligation, got {', '.join(sorted(duties))}"
    for name in case.obligations or ():
        if name not in duties:
            yield f"expected the obligation {name}, got {', '.join(sorted(duties)) or 'none'}"
    asked = {question.fact for question in got.questions}
    if case.questions is not None and set(case.questions) != asked:
        yield (
            f"expected the questions {', '.join(case.questions) or 'none'}, "
            f"got {', '.join(sorted(asked)) or 'none'}"
        )
    if case.questions and not case.decision and got.decision != NEED_MORE:
        yield f"expected {NEED_MORE}, got {got.decision}"


def _remedy_differences(
    target: Effect, expected: Sequence[frozenset[str]], got: Decision
) -> Iterator[str]:
    """The expected remedies must be there, and no cheaper one."""
    found = {frozenset(m.id for m in r.moves): r.cost for r in for_target(got.remedies, target)}
    shown = "; ".join(" + ".join(sorted(moves)) for moves in found) or "none"
    for moves in expected:
        if moves not in found:
            yield f"expected the remedy {' + '.join(sorted(moves))} for {target.name}, got {shown}"
    dearest = max((found[moves] for moves in expected if moves in found), default=0)
    cheaper = [moves for moves, cost in found.items() if cost < dearest and moves not in expected]
    if cheaper or (not expected and found):
        yield f"expected no cheaper remedy for {target.name}, got {shown}"
