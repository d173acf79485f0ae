"""A slow, obviously right judge: writes small policies as files and decides by trying everything.

It shares no code with the engine. A world is a plain description; `files()` writes it as the
files a compliance officer would write, `decide()` reads the description itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

EFFECTS = ("allow", "allow_with_conditions", "review", "prohibit")
TASKS = ("read", "train")
ACCOUNTS = ("personal", "organisation")
LEVELS = ("low", "mid", "high")
CATEGORIES = ("health", "card")
OVERLAYS = ("DEFINED", "FREE")
TOOLS = ("alpha", "beta")
RETENTION = (0, 11)  # one number from each side of the only threshold, at most 10
DAYS_MAX = 10

Completion = dict[str, Any]
When = dict[str, Any]

VOCABULARY = """
facts:
  - {id: purpose.task, title: Task, type: choice, ask: Which task?, asked_of: you,
     values: {read: {title: read}, train: {title: train, implies: {tool.account: organisation}}}}
  - {id: tool.id, title: Tool, type: choice, values_from: tools, ask: Which tool?, asked_of: you}
  - {id: tool.group, title: Group, type: set, values_from: tool_groups, asked_of: nobody}
  - {id: tool.approval, title: Approval, type: choice, asked_of: nobody, values: {
     approved: {title: a}, restricted: {title: r}, pending: {title: p}, blocked: {title: b},
     none: {title: n}}}
  - {id: tool.cleared_level, title: Cleared, type: level, asked_of: nobody}
  - {id: model.id, title: Model, type: choice, values_from: models, asked_of: nobody}
  - {id: model.approval, title: Approval, type: choice, asked_of: nobody, values: {
     approved: {title: a}, restricted: {title: r}, pending: {title: p}, blocked: {title: b},
     none: {title: n}}}
  - {id: data.subjects, title: Subjects, type: set, asked_of: nobody,
     values: {staff: {title: staff}}}
  - {id: tool.account, title: Account, type: choice, ask: Which account?, asked_of: you,
     values: {personal: {title: personal}, organisation: {title: organisation}}}
  - {id: tool.retention_days, title: Days, type: integer, unit: days, ask: How long?, asked_of: it}
  - {id: data.level, title: Level, type: level, ask: Which level?, asked_of: you}
  - {id: data.overlays, title: Overlays, type: set, values_from: overlays, ask: Any?, asked_of: you}
  - {id: data.categories, title: Categories, type: set, ask: Any?, asked_of: you,
     values: {health: {title: health}, card: {title: card}}}
"""


@dataclass(frozen=True)
class Rule:
    """A rule: it holds where every test of `when` holds and no `unless` does."""

    effect: str
    when: When
    unless: tuple[When, ...] = ()


@dataclass(frozen=True)
class World:
    """One small policy with its two tools."""

    cells: Mapping[tuple[str, str], str]  # (level or overlay, column) -> effect; gaps allowed
    rules: tuple[Rule, ...]
    accounts: Mapping[str, tuple[str, ...]]  # what the catalogue leaves possible
    retention: Mapping[str, tuple[int, int] | None]
    approvals: Mapping[str, str]
    cleared: Mapping[str, str] = field(default_factory=dict)

    # -- as files ------------------------------------------------------------------------

    def files(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """The pack `world` and the catalogue."""
        head = {
            "name": "world",
            "owner": "nobody",
            "version": "1",
            "levels": list(LEVELS),
            "overlays": {"DEFINED": {"when": {"data.categories": "health"}}, "FREE": {}},
            "groups": {
                "tool.group": {
                    "known": list(TOOLS),
                    "brief": {"tool.retention_days": {"at_most": DAYS_MAX}},
                }
            },
        }
        rules = [
            {
                "id": f"R{n}",
                "title": "t",
                "effect": rule.effect,
                "when": rule.when,
                "reason": "r",
                "source": "s",
                "unless": [{"id": f"u{i}", "when": when} for i, when in enumerate(rule.unless)],
            }
            for n, rule in enumerate(self.rules)
        ]
        approvals = [
            {
                "id": tool,
                "status": status,
                **({"cleared_level": self.cleared[tool]} if tool in self.cleared else {}),
            }
            for tool, status in self.approvals.items()
        ]
        tools = [
            {
                "id": tool,
                "name": tool,
                "product": tool,
                "vendor": "v",
                "facts": [
                    {
                        "source": "s",
                        "checked": "2026-11-22",
                        "tool.account": list(self.accounts[tool]),
                        **({} if span is None else {"tool.retention_days": list(span)}),
                    }
                ],
            }
            for tool, span in self.retention.items()
        ]
        pack = {
            "world/policy.yaml": head,
            "world/tables/t.yaml": {"tables": self._tables()},
            "world/approvals.yaml": {"tools": approvals},
        } | ({"world/rules/r.yaml": {"rules": rules}} if rules else {})
        written = {path: json.dumps(content).encode() for path, content in pack.items()}
        return written, {
            "vocabulary.yaml": VOCABULARY.encode(),
            "tools/t.yaml": json.dumps({"tools": tools}).encode(),
        }

    def _tables(self) -> list[dict[str, Any]]:
        """One table a row, so that a gap is a row that a table does not have."""
        columns = {
            "personal": {"tool.group": "known", "tool.account": "personal"},
            "work": {"tool.group": "known", "tool.account": "organisation"},
            "otherwise": {},
        }
        tables = []
        for n, row in enumerate((*LEVELS, *OVERLAYS)):
            cells = {c: self.cells[row, c] for c in columns if (row, c) in self.cells}
            if not cells:
                continue
            fact = "data.level" if row in LEVELS else "data.overlays"
            tables.append(
                {
                    "id": f"T{n}",
                    "title": "t",
                    "columns": {c: columns[c] for c in cells},
                    "rows": {fact: {row: list(cells.values())}},
                }
            )
        if not tables:
            tables.append(
                {
                    "id": "T9",
                    "title": "t",
                    "columns": {"otherwise": {}},
                    "rows": {"data.overlays": {"FREE": ["review"]}},
                }
            )
        return tables

    # -- by trying everything ---------------------------------------------------------------

    def completions(self) -> Iterator[Completion]:
        """Every possible use."""
        everything: Iterator[tuple[Any, ...]] = product(
            TASKS, (*TOOLS, "unlisted"), ACCOUNTS, RETENTION, LEVELS, *[(False, True)] * 4
        )
        for task, tool, account, days, level, defined, free, health, card in everything:
            if task == "train" and account != "organisation":
                continue
            if tool != "unlisted":
                if account not in self.accounts[tool]:
                    continue
                span = self.retention[tool]
                if span is not None and not any(
                    (n > DAYS_MAX) == (days > DAYS_MAX) for n in range(span[0], span[1] + 1)
                ):
                    continue
            if health != defined:
                continue
            yield {
                "purpose.task": task,
                "tool.id": tool,
                "tool.account": account,
                "tool.retention_days": days,
                "data.level": level,
                "data.overlays": {o for o, on in zip(OVERLAYS, (defined, free), strict=True) if on},
                "data.categories": {
                    c for c, on in zip(CATEGORIES, (health, card), strict=True) if on
                },
                "tool.group": ({"known"} if tool != "unlisted" else set())
                | ({"brief"} if days <= DAYS_MAX else set()),
                "tool.approval": self.approvals.get(tool, "none"),
                "tool.cleared_level": self.cleared.get(tool, LEVELS[-1])
                if tool in self.approvals
                else LEVELS[-1],
            }

    def decide(self, use: Completion) -> str:
        """The decision on a complete use: the strictest of everything that speaks."""
        found = ["allow"]
        column = {"personal": "personal", "organisation": "work"}[use["tool.account"]]
        for row in (use["data.level"], *use["data.overlays"]):
            found.append(self._cell(row, column if "known" in use["tool.group"] else "otherwise"))
        found += [
            rule.effect
            for rule in self.rules
            if holds(rule.when, use) and not any(holds(u, use) for u in rule.unless)
        ]
        found.append(
            {"blocked": "prohibit", "pending": "review"}.get(use["tool.approval"], "allow")
        )
        return max(found, key=EFFECTS.index)

    def _cell(self, row: str, column: str) -> str:
        if (row, column) in self.cells:
            return self.cells[row, column]
        if (row, "otherwise") in self.cells:  # takes what no other column of the row takes
            return self.cells[row, "otherwise"]
        return "review"


def applies(world: World, name: str, use: Completion) -> bool:
    """Whether a cited rule, cell, missing cell or approval speaks of a complete use."""
    if name.startswith("R"):
        rule = world.rules[int(name[1:])]
        return holds(rule.when, use) and not any(holds(u, use) for u in rule.unless)
    head, _, rest = name.partition("/")
    if head == "approval":
        return bool(use["tool.id"] == rest.partition("/")[0])
    row, _, column = rest.partition("/")
    if row != use["data.level"] and row not in use["data.overlays"]:
        return False
    if not world.cells:  # a table has to be there: one cell that reviews what has no cell
        return (head == "T9") == (row == "FREE")
    own = {"personal": "personal", "organisation": "work"}[use["tool.account"]]
    named = own if "known" in use["tool.group"] else ""
    found = named if (row, named) in world.cells else "otherwise"
    is_covered = (row, found) in world.cells
    return not is_covered if head == "not-covered" else is_covered and found == column


def holds(when: When, use: Completion) -> bool:
    """Whether a written condition holds for a complete use."""
    for name, test in when.items():
        if name == "any":
            if not any(holds(part, use) for part in test):
                return False
            continue
        if name == "all":
            if not all(holds(part, use) for part in test):
                return False
            continue
        value = use[name]
        for operator, wanted in test.items():
            if not _test(operator, value, wanted, use):
                return False
    return True


def _test(operator: str, value: Any, wanted: Any, use: Completion) -> bool:
    listed = wanted if isinstance(wanted, list) else [wanted]
    if operator == "any_of":
        return bool(value & set(listed)) if isinstance(value, set) else value in listed
    if operator == "not":
        return value not in listed
    if operator == "all_of":
        return bool(set(listed) <= value)
    if operator == "none_of":
        return not value & set(listed)
    if operator == "only":
        return bool(value <= set(listed))
    if operator == "more_than":
        return bool(value > wanted)
    if operator == "at_most":
        return bool(value <= wanted)
    limit = use.get(wanted, wanted)
    above = bool(LEVELS.index(value) > LEVELS.index(limit))
    return above if operator == "above" else not above


def agrees(use: Completion, known: Mapping[str, Any]) -> bool:
    """Whether a complete use is possible after what was said."""
    for name, said in known.items():
        value = use[name]
        if isinstance(said, dict):  # of a set: {"all_of": [...], "none_of": [...]}
            if not set(said.get("all_of", ())) <= value or value & set(said.get("none_of", ())):
                return False
        elif isinstance(said, list):
            if value not in said:
                return False
        elif name == "tool.retention_days":
            if (value > DAYS_MAX) != (said > DAYS_MAX):
                return False
        elif value != said:
            return False
    return True


def same_on(a: Completion, b: Completion, facts: Sequence[str]) -> bool:
    """Whether two uses agree on some facts."""
    return all(a[name] == b[name] for name in facts)
