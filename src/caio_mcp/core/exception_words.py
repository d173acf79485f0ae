"""Exceptions in an answer: those that ended, and how to ask for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .answer import OUTCOMES, Answer, NextStep, named
from .conditions import judge
from .decision import Decision
from .exceptionable import exceptionable_rules
from .exceptions import PolicyException
from .library import Library
from .vocabulary import Effect

HELPS_BESIDE = 2  # that stay where there is little room to name an exception too


@dataclass(frozen=True, slots=True)
class Plea:
    """Whom to ask for what, and how."""

    words: str
    step: NextStep

    def beside(self, answer: Answer, helps_max: int | None = None) -> Answer:
        """The answer with a line that says so, after so many others at most."""
        helps = answer.helps[:helps_max]
        line = f"{'Or ask' if helps else 'Ask'} {self.words}: {self.step.call()}"
        return replace(answer, helps=(*helps, line), exception=self.step)

    def where_it_fits(self, answer: Answer) -> Answer:
        """The answer with that line if there is room for it; a third remedy makes room."""
        for helps_max in (None, HELPS_BESIDE):
            longer = self.beside(answer, helps_max)
            if longer.fits:
                return longer
        return answer


def plea(
    library: Library, decision: Decision, ended: Sequence[PolicyException], *, is_kept: bool
) -> Plea | None:
    """How to ask for the exceptions that make something better of a no, if there are any; one
    that ended is to be renewed."""
    if decision.ruling.best != Effect.prohibit:
        return None
    rules = exceptionable_rules(library.engine, decision)
    if not rules:
        return None
    over = {exception.rule: exception.id for exception in ended}
    wishes: dict[str, list[str]] = {}
    for part in rules:
        is_over = part.rule in over
        wish = f"to renew {over[part.rule]}" if is_over else f"for an exception from {part.rule}"
        wishes.setdefault(named(part.who, part.usual_days), []).append(wish)
    who = " and ".join(f"{contact} {' and '.join(parts)}" for contact, parts in wishes.items())
    outcome = OUTCOMES[rules[0].reaches] if rules[0].is_enough else "depends on the rest"
    step = NextStep("register_use", decision.check if is_kept else "", request="exception")
    return Plea(f"{who} -> {outcome}", step)


def that_ended(
    library: Library, decision: Decision, ended: Sequence[PolicyException]
) -> tuple[PolicyException, ...]:
    """The exceptions on which the decision would rest, were they not over."""
    engine, masks = library.engine, decision.ruling.knowledge.masks
    return tuple(
        exception
        for exception in ended
        if exception.rule in decision.determining_rules
        and all(judge(engine.space.holding(said), masks) for said in exception.scope)
    )


def note_of(ended: PolicyException) -> str:
    """That an exception is over."""
    what = f"Exception {ended.id} (rule {ended.rule})"
    return f"{what} ended on {ended.expires}; the rule applies again."
