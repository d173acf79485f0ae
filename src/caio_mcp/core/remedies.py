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
    """The tools that the organisation approved, in the order of its list; programming
    interfaces, of no use to most people, come last."""
    listed = [a.id for a in engine.policy.approvals if not a.on and a.status in APPROVED]
    return sorted(listed, key=lambda tool: "api" in _plans(engine, tool))


def _plans(engine: Engine, tool: str) -> frozenset[str]:
    facts = engine.catalogue.tools[tool].facts
    return next((f.said.values for f in facts if f.said.fact == "tool.plan"), None) or frozenset()


def remedies(
    engine: Engine, statements: Sequence[Statement], ruling: Ruling, day: datetime.date
) -> tuple[tuple[Remedy, ...], tuple[str, ...]]:
    """Switches to an approved tool: those that certainly lead to a better decision, the best
    first, and the tools that may lead to a still better one, once more is known.

    Only for a ruling that is final and not permitted.
    """
    if not ruling.is_final or ruling.best < Effect.review:
        return (), ()
    current = next((s.values for s in statements if s.fact == "tool.id"), None)
    values = engine.vocabulary.facts["tool.id"].values
    sure, perhaps = [], []
    for tool in approved_tools(engine):
        if current == frozenset([tool]):
            continue
        other = in_tool(engine, statements, tool, day)
        if other.is_final and other.best < ruling.best:
            sign = f" ({values[tool].sign.rstrip('.')})" if values[tool].sign else ""
            text = f"Use {values[tool].title}{sign}"
            sure.append(Remedy(other.best, (("tool.id", tool),), text))
        elif other.best < ruling.best:
            perhaps.append((other.best, tool))
    sure.sort(key=lambda remedy: remedy.target)
    better = [tool for best, tool in perhaps if not sure or best < sure[0].target]
    return tuple(sure), tuple(better)
