"""Which rules somebody would have to grant exceptions from, so that a no gets better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .contributions import Contribution
from .decide import Engine, Ruling
from .decision import Decision, unit_of
from .vocabulary import Effect


@dataclass(frozen=True, slots=True)
class Exceptionable:
    """A rule or cell in the way, and who may grant an exception from it for how long."""

    rule: str
    days_max: int
    role: str
    who: str
    usual_days: int | None
    reaches: Effect  # the decision at worst, once all those in the way are excepted
    is_enough: bool  # whether that is certainly better than without them


def exceptionable_rules(engine: Engine, decision: Decision) -> tuple[Exceptionable, ...]:
    """All that makes a final decision a review or a prohibition, if all of it can be excepted.

    Nothing where one of it cannot be, or where another rule would make the same decision: then
    an exception from the others is of no use.
    """
    ruling = decision.ruling
    if not ruling.is_final or ruling.best < Effect.review:
        return ()
    engine = engine.excepting(decision.exceptions)
    blocking = _blocking(engine, ruling)
    if not all(item.is_exceptionable for item in blocking):
        return ()
    left = _without(engine, ruling, blocking)
    if min(left) >= ruling.best:
        return ()
    return tuple(_exceptionable(engine, ruling, item, max(left)) for item in blocking)


def _blocking(engine: Engine, ruling: Ruling) -> tuple[Contribution, ...]:
    """What certainly makes the decision; where nothing does by itself, all that may."""
    certain = tuple(item for item in ruling.certain if item.effect == ruling.best)
    if certain:
        return certain
    reasoner = engine.reasoner(ruling)
    may = (item for item in ruling.open if item.effect == ruling.best)
    return tuple(item for item in may if reasoner.can_hold(item.condition))


def _without(engine: Engine, ruling: Ruling, out: Sequence[Contribution]) -> frozenset[Effect]:
    """The decisions that are possible once those are excepted: with conditions at least."""
    ids = {item.id for item in out}
    certain = tuple(item for item in ruling.certain if item.id not in ids)
    still_open = tuple(item for item in ruling.open if item.id not in ids)
    floor = max((item.effect for item in certain), default=Effect.allow)
    floor = max(floor, Effect.allow_with_conditions)
    rest = Ruling(frozenset([floor]), ruling.knowledge, ruling.unsure, floor, certain, still_open)
    if any(item.effect > floor for item in still_open):
        return engine.reasoner(rest).reachable()
    return rest.reachable


def _exceptionable(
    engine: Engine, ruling: Ruling, item: Contribution, reaches: Effect
) -> Exceptionable:
    role = item.exception_approver
    contact = engine.policy.contact(role, unit_of(engine, ruling))
    return Exceptionable(
        item.id,
        item.exception_days_max or 0,
        role,
        contact.who if contact else role,
        contact.usual_days if contact else None,
        reaches,
        reaches < ruling.best,
    )
