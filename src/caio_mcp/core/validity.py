"""Until when a decision holds: the first day on which something dated changes it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .conditions import judge
from .contributions import Contribution
from .decide import Engine, Ruling
from .facts import Statement


@dataclass(frozen=True, slots=True)
class Limit:
    """The last day on which a decision holds, and what ends it."""

    day: datetime.date
    because: str


def valid_until(
    engine: Engine,
    statements: Sequence[Statement],
    ruling: Ruling,
    determining: Sequence[Contribution],
    day: datetime.date,
) -> Limit | None:
    """The earliest of the reviews that are due and of the rules and approvals whose dates
    change the decision; none for a decision that is still open."""
    if not ruling.is_final:
        return None
    limits = [*_reviews(engine, ruling, day)]
    change = _change(engine, statements, ruling, determining, day)
    if change is not None:
        limits.append(change)
    return min(limits, key=lambda limit: limit.day, default=None)


def _reviews(engine: Engine, ruling: Ruling, day: datetime.date) -> Iterator[Limit]:
    """The reviews of the approvals on which the decision rests."""
    possible = {
        fact: {value.id for value in engine.knower.possible(ruling.knowledge, fact)}
        for fact in ("tool.id", "model.id")
    }
    for approval in engine.policy.approvals:
        kind, tool = ("model.id", approval.on) if approval.on else ("tool.id", approval.id)
        is_it = possible[kind] == {approval.id} and possible["tool.id"] == {tool}
        if is_it and approval.review_due is not None and approval.review_due >= day:
            title = engine.vocabulary.facts[kind].title_of(approval.id)
            yield Limit(approval.review_due, f"the approval of {title} is due for review")


def _change(
    engine: Engine,
    statements: Sequence[Statement],
    ruling: Ruling,
    determining: Sequence[Contribution],
    day: datetime.date,
) -> Limit | None:
    """The day before the first one on which another decision is made, or for other reasons."""
    reasons = {item.id for item in determining}
    tried: set[datetime.date] = set()
    for start, item, what in engine.contributions.dated:
        if start <= day or start in tried:
            continue
        if judge(item.condition, ruling.knowledge.masks, ruling.unsure) is False:
            continue
        tried.add(start)
        later = engine.rule(statements, start)
        if later.reachable != ruling.reachable or reasons != {
            item.id for item in engine.determining(later)
        }:
            return Limit(start - datetime.timedelta(days=1), what)
    return None
