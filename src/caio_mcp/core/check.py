"""Faults that only the whole policy set shows: columns that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..errors import Fault
from .conditions import Any, Atom, Condition, all_of, judge
from .decide import Engine
from .space import Conflict, Space


def policy_faults(engine: Engine) -> Iterator[Fault]:
    """What must be mended before the policy set may decide."""
    yield from _impossible_tools(engine)
    yield from _overlapping_columns(engine)


def _impossible_tools(engine: Engine) -> Iterator[Fault]:
    """Tools whose approval or catalogue facts cannot all be true: nothing could be said of
    them, and their approval would be lost."""
    from .reason import Reasoner  # only where narrowing could not tell

    space = engine.space
    approvals = {approval.id: approval for approval in engine.policy.approvals if not approval.on}
    reasoner = Reasoner(space, space.full, [])
    for tool in engine.catalogue.tools.values():
        named = Atom(space.of_fact["tool.id"][0], space.mask("tool.id", [tool.id]))
        if _can_hold(space, named, list(space.full)) and reasoner.can_hold(named):
            continue
        approval = approvals.get(tool.id)
        place = approval.place if approval and approval.facts else tool.place
        yield Fault(
            place.file,
            place.line,
            place.column,
            f"What is said of {tool.id!r} cannot all be true together.",
            "Compare its `facts:` with those of the catalogue (data/tools).",
        )


def _overlapping_columns(engine: Engine) -> Iterator[Fault]:
    for table in engine.policy.tables:
        named = [column for column in table.columns if column.id != "otherwise"]
        for first, second in combinations(named, 2):
            both = all_of(
                [
                    engine.contributions.columns[table.id, first.id],
                    engine.contributions.columns[table.id, second.id],
                ]
            )
            if _can_hold(engine.space, both, list(engine.space.full)) and _is_possible(
                engine.space, both
            ):
                yield Fault(
                    second.place.file,
                    second.place.line,
                    second.place.column,
                    f"The columns {first.id!r} and {second.id!r} of {table.id} can both hold "
                    "for one tool, so two cells would speak.",
                    "Narrow one of the two conditions.",
                )


def _can_hold(space: Space, condition: Condition, masks: list[int]) -> bool:
    """Whether the condition may hold, by plain narrowing; False is certain, True is not."""
    changed: list[int] = []
    try:
        space.force(condition, masks, changed)
        space.propagate(masks, changed)
        space.force(condition, masks, changed)
    except Conflict:
        return False
    verdict = judge(condition, masks)
    if verdict is not None:
        return verdict
    choice = _undecided(condition, masks)
    if choice is None:
        return True
    return any(_can_hold(space, all_of([condition, part]), list(masks)) for part in choice)


def _undecided(condition: Condition, masks: list[int]) -> tuple[Condition, ...] | None:
    if isinstance(condition, Atom) or judge(condition, masks) is not None:
        return None
    live = tuple(part for part in condition.parts if judge(part, masks) is not False)
    if isinstance(condition, Any) and len(live) > 1:
        return live
    return next((found for part in live if (found := _undecided(part, masks))), None)


def _is_possible(space: Space, condition: Condition) -> bool:
    from .reason import Reasoner  # only where narrowing could not tell

    return Reasoner(space, space.full, []).can_hold(condition)
