"""The smallest change that helps: the approved tools in which the same use would be allowed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from .decide import Engine, Ruling
from .facts import Statement
from .vocabulary import Effect

APPROVED = ("approved", "restricted")


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change after which the decision is certainly a better, named one."""

    target: Effect
    sets: tuple[tuple[str, str], ...]  # (fact, value)
    text: str
    who: str = "you"


def about_tools(statements: Sequence[Statement]) -> list[Statement]:
    """What was said of the data, the purpose and the people, without the tool."""
    return [s for s in statements if not s.fact.startswith(("tool.", "model."))]


def in_tool(
    engine: Engine, statements: Sequence[Statement], tool: str, day: datetime.date
) -> Ruling:
    """The ruling on the same use in another tool."""
    rest = about_tools(statements)
    return engine.rule([*rest, Statement("tool.id", values=frozenset([tool]))], day)


def approved_tools(engine: Engine) -> list[str]:
    """The tools that the organisation approved, in the order of its list."""
    return [a.id for a in engine.policy.approvals if not a.on and a.status in APPROVED]


def remedies(
    engine: Engine, statements: Sequence[Statement], ruling: Ruling, day: datetime.date
) -> tuple[Remedy, ...]:
    """Switches to another tool that certainly lead to a better decision, the best first.

    Only approved tools are offered, and only where the ruling is final and not permitted.
    """
    if not ruling.is_final or ruling.best < Effect.review:
        return ()
    current = {s.fact: s for s in statements}.get("tool.id")
    found = []
    values = engine.vocabulary.facts["tool.id"].values
    for tool in approved_tools(engine):
        if current is not None and current.values == frozenset([tool]):
            continue
        other = in_tool(engine, statements, tool, day)
        if other.is_final and other.best < ruling.best:
            sign = f" ({values[tool].sign.rstrip('.')})" if values[tool].sign else ""
            found.append(
                Remedy(other.best, (("tool.id", tool),), f"Use {values[tool].title}{sign}")
            )
    return tuple(sorted(found, key=lambda remedy: remedy.target))
