"""A slow, obviously right judge: writes small policies as files and decides by trying everything.

It shares no code with the engine. A world is a plain description; `files()` writes it as the
files a compliance officer would write, `decide()` reads the description itself.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import Any

DAY = datetime.date(2026, 11, 22)

EFFECTS = ("allow", "allow_with_conditions", "review", "prohibit")
TASKS = ("read", "train")
ACCOUNTS = ("personal", "organisation")
SEARCH = ("on", "off")
LEVELS = ("low", "mid", "high")
CATEGORIES = ("health", "card")
OVERLAYS = ("DEFINED", "FREE")
TOOLS = ("alpha", "beta")
RETENTION = (0, 11)  # one number from each side of the only threshold, at most 10
DAYS_MAX = 10
STRICT = EFFECTS[2:]  # what can be excepted
EXCEPTIONABLE = {"max_days": 90, "approver": "dpo"}

Completion = dict[str, Any]
When = dict[str, Any]
DEFINED: dict[str, When] = {  # conditions with a name, for rules
    "careless": {"tool.account": {"any_of": ["personal"]}, "tool.web_search": {"any_of": ["on"]}},
    "grave": {"any": [{"data.level": {"above": "mid"}}, {"data.categories": {"any_of": ["card"]}}]},
}

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
  - {id: tool.web_search, title: Search, type: choice, ask: Web search?, asked_of: you,
     values: {on: {title: on}, off: {title: off}}}
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
    start: datetime.date | None = None
    until: datetime.date | None = None
    is_exceptionable: bool = False

    def speaks(self, use: Completion, day: datetime.date) -> bool:
        """Whether it holds for a complete use on a day."""
        is_too_early = self.start is not None and day < self.start
        is_too_late = self.until is not None and day > self.until
        return not (is_too_early or is_too_late) and (
            holds(self.when, use) and not any(holds(u, use) for u in self.unless)
        )


@dataclass(frozen=True)
class Move:
    """Something that can be changed."""

    id: str
    sets: Mapping[str, Any]
    cost: int


@dataclass(frozen=True)
class Departure:
    """An exception: it takes one rule or cell out where all of its scope holds."""

    rule: str
    scope: Mapping[str, Any]
    first: datetime.date
    last: datetime.date

    def acts(self, use: Completion, day: datetime.date) -> bool:
        """Whether it is in force for a complete use on a day."""
        said = {name: value for name, value in self.scope.items() if name != "tool.retention_days"}
        days = {name: value for name, value in self.scope.items() if name not in said}
        return self.first <= day <= self.last and agrees(use, said) and holds(days, use)


@dataclass(frozen=True)
class World:
    """One small policy with its two tools."""

    cells: Mapping[tuple[str, str], str]  # (level or overlay, column) -> effect; gaps allowed
    rules: tuple[Rule, ...]
    accounts: Mapping[str, tuple[str, ...]]  # what the catalogue leaves possible
    retention: Mapping[str, tuple[int, int] | None]
    approvals: Mapping[str, str]
    cleared: Mapping[str, str] = field(default_factory=dict)
    search: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # where it is listed
    lowest: str = ""  # the lowest level of data with the overlay FREE
    moves: tuple[Move, ...] = ()
    switch_cost: int = 2
    since: Mapping[str, datetime.date] = field(default_factory=dict)
    review_due: Mapping[str, datetime.date] = field(default_factory=dict)
    has_exceptionable_cells: bool = False
    derives: Mapping[str, Any] = field(default_factory=dict)  # by default from the task `read`

    # -- as files ------------------------------------------------------------------------

    def files(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """The pack `world` and the catalogue."""
        head = {
            "name": "world",
            "owner": "nobody",
            "version": "1",
            "levels": list(LEVELS),
            "overlays": {
                "DEFINED": {"when": {"data.categories": "health"}},
                "FREE": {"lowest_level": self.lowest} if self.lowest else {},
            },
            "definitions": DEFINED,
            "contacts": {"dpo": {"who": "somebody"}} if self.has_exceptions else {},
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
                **({"effective_from": rule.start.isoformat()} if rule.start else {}),
                **({"effective_until": rule.until.isoformat()} if rule.until else {}),
                **(
                    {"exceptionable": EXCEPTIONABLE}
                    if rule.is_exceptionable and rule.effect in STRICT
                    else {}
                ),
            }
            for n, rule in enumerate(self.rules)
        ]
        approvals = [
            {
                "id": tool,
                "status": status,
                **({"cleared_level": self.cleared[tool]} if tool in self.cleared else {}),
                **({"since": self.since[tool].isoformat()} if tool in self.since else {}),
                **(
                    {"review_due": self.review_due[tool].isoformat()}
                    if tool in self.review_due
                    else {}
                ),
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
                        **(
                            {"tool.web_search": list(self.search[tool])}
                            if tool in self.search
                            else {}
                        ),
                    }
                ],
            }
            for tool, span in self.retention.items()
        ]
        remedies = {
            "switch_tool": {"cost": self.switch_cost},
            "remedies": [
                {
                    "id": move.id,
                    "title": "t",
                    "sets": dict(move.sets),
                    "cost": move.cost,
                    "who": ["you", "reviewer"] if "data.level" in move.sets else ["you"],
                }
                for move in self.moves
            ],
        }
        pack = {
            "world/policy.yaml": head,
            "world/tables/t.yaml": {"tables": self._tables()},
            "world/approvals.yaml": {"tools": approvals},
            "world/remedies.yaml": remedies,
        } | ({"world/rules/r.yaml": {"rules": rules}} if rules else {})
        written = {path: json.dumps(content).encode() for path, content in pack.items()}
        return written, {
            "vocabulary.yaml": VOCABULARY.replace(
                "{title: read}", json.dumps({"title": "read", "derives": dict(self.derives)})
            ).encode(),
            "tools/t.yaml": json.dumps({"tools": tools}).encode(),
        }

    @property
    def has_exceptions(self) -> bool:
        """Whether anything in it can be excepted."""
        return self.has_exceptionable_cells or any(rule.is_exceptionable for rule in self.rules)

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
                    **({"exceptionable": EXCEPTIONABLE} if self.has_exceptionable_cells else {}),
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
            TASKS, (*TOOLS, "unlisted"), ACCOUNTS, SEARCH, RETENTION, LEVELS, *[(False, True)] * 3
        )
        for task, tool, account, search, days, level, free, health, card in everything:
            if task == "train" and account != "organisation":
                continue
            if free and self.lowest and LEVELS.index(level) < LEVELS.index(self.lowest):
                continue
            if tool != "unlisted":
                if account not in self.accounts[tool]:
                    continue
                if search not in self.search.get(tool, SEARCH):
                    continue
                span = self.retention[tool]
                if span is not None and not any(
                    (n > DAYS_MAX) == (days > DAYS_MAX) for n in range(span[0], span[1] + 1)
                ):
                    continue
            yield {
                "purpose.task": task,
                "tool.id": tool,
                "tool.account": account,
                "tool.web_search": search,
                "tool.retention_days": days,
                "data.level": level,
                "data.overlays": {o for o, on in zip(OVERLAYS, (health, free), strict=True) if on},
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

    def decide(
        self,
        use: Completion,
        day: datetime.date = DAY,
        departures: Sequence[Departure] = (),
    ) -> str:
        """The decision on a complete use: the strictest of everything that speaks."""
        excepted = {d.rule for d in departures if d.acts(use, day)}
        found = ["allow"]
        for name, effect, is_exceptionable in self.speaking(use, day):
            is_out = is_exceptionable and name in excepted
            found.append("allow_with_conditions" if is_out else effect)
        found.append(
            {"blocked": "prohibit", "pending": "review"}.get(use["tool.approval"], "allow")
        )
        if use["tool.id"] in self.approvals and day < self.since.get(use["tool.id"], day):
            found.append("review")
        return max(found, key=EFFECTS.index)

    def speaking(self, use: Completion, day: datetime.date) -> Iterator[tuple[str, str, bool]]:
        """The rules, cells and missing cells that speak of a use: their name and effect, and
        whether they can be excepted, as what is no stricter than a condition never is."""
        own = {"personal": "personal", "organisation": "work"}[use["tool.account"]]
        for row in (use["data.level"], *use["data.overlays"]):
            name, effect = self._cell(row, own if "known" in use["tool.group"] else "otherwise")
            yield name, effect, self.has_exceptionable_cells and self._is_strict(name, effect)
        for number, rule in enumerate(self.rules):
            if rule.speaks(use, day):
                name = f"R{number}"
                yield (
                    name,
                    rule.effect,
                    rule.is_exceptionable and self._is_strict(name, rule.effect),
                )

    def exceptionable(self, use: Completion, day: datetime.date) -> list[str]:
        """What speaks of a use and can be excepted."""
        return [name for name, _, can_be in self.speaking(use, day) if can_be]

    @staticmethod
    def _is_strict(name: str, effect: str) -> bool:
        return effect in STRICT and not name.startswith("not-covered")

    def _cell(self, row: str, column: str) -> tuple[str, str]:
        table = f"T{(*LEVELS, *OVERLAYS).index(row)}"
        for found in (column, "otherwise"):  # takes what no other column of the row takes
            if (row, found) in self.cells:
                return f"{table}/{row}/{found}", self.cells[row, found]
        return f"not-covered/{row}", "review"


def applies(world: World, name: str, use: Completion, day: datetime.date = DAY) -> bool:
    """Whether a cited rule, cell, missing cell or approval speaks of a complete use."""
    if name.startswith("R"):
        return world.rules[int(name[1:])].speaks(use, day)
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
        if name == "at_least":
            if sum(holds(part, use) for part in test["of"]) < test["number"]:
                return False
            continue
        if name == "is":
            if not all(holds(DEFINED[part], use) for part in test):
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


# -- remedies --------------------------------------------------------------------------------

SET_FACTS = ("data.categories", "data.overlays")
TWINS = {"health": "DEFINED", "DEFINED": "health"}  # one cannot be left out without the other
Known = Mapping[str, Any]


class Tried:
    """Every possible use of a world with its decision; sets of uses are bits of integers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.uses = list(world.completions())
        self._found: dict[str, int] = {}

    def _where(self, name: str, test: Mapping[str, Any]) -> int:
        if name not in self._found:
            self._found[name] = sum(1 << n for n, use in enumerate(self.uses) if agrees(use, test))
        return self._found[name]

    def possible(self, known: Known) -> int:
        """The uses that are possible after what was said."""
        left = (1 << len(self.uses)) - 1
        for name, said in known.items():
            left &= self._where(f"{name} {said}", {name: said})
        return left

    @cached_property
    def decisions(self) -> dict[str, int]:
        """The uses that get each decision."""
        found = dict.fromkeys(EFFECTS, 0)
        for number, use in enumerate(self.uses):
            found[self.world.decide(use)] |= 1 << number
        return found

    def reachable(self, uses: int) -> list[str]:
        """Their decisions, the most permissive first."""
        return [effect for effect in EFFECTS if self.decisions[effect] & uses]

    def tools(self, uses: int) -> list[str]:
        """The tools that any of them has."""
        return [
            t for t in (*TOOLS, "unlisted") if self._where(f"tool.id {t}", {"tool.id": t}) & uses
        ]

    # -- moves ---------------------------------------------------------------------------------

    def moves(self, known: Known) -> list[Move]:
        """What can be changed here: the policy's moves, and the tools that it approved."""
        approved = [t for t, status in self.world.approvals.items() if status == "approved"]
        switches = [
            Move(tool, {"tool.id": tool}, self.world.switch_cost)
            for tool in approved
            if self.tools(self.possible(known)) != [tool]
        ]
        return [*switches, *self.world.moves]

    def after(self, known: Known, moves: Iterable[Move]) -> list[str]:
        """The decisions still possible once the moves were made; none if they cannot be."""
        sets = [item for move in moves for item in move.sets.items()]
        choices = [name for name, _ in sets if name not in SET_FACTS]
        if len(choices) != len(set(choices)):
            return []
        is_switch = "tool.id" in choices
        said = {n: v for n, v in known.items() if not (is_switch and n.startswith("tool."))}
        left_out = {m for name, value in sets if name in SET_FACTS for m in value["none_of"]}
        left_out |= {TWINS[m] for m in left_out if m in TWINS}
        for name in SET_FACTS:
            older = said.get(name, {})
            if name in said:
                there = [m for m in older.get("all_of", ()) if m not in left_out]
                said[name] = {**older, "all_of": there}
        for name, value in sets:
            if name in SET_FACTS:
                older = said.get(name, {})
                out = [*older.get("none_of", ()), *value["none_of"]]
                said[name] = {**older, "none_of": out}
            else:
                said[name] = value
        uses = self.possible(said)
        if not all(self._is_offered(name, uses) for name in choices):
            return []
        return self.reachable(uses)

    def _is_offered(self, name: str, uses: int) -> bool:
        """A setting is there to be set if the catalogue lists it for every tool that it can
        be; of a tool of which nothing is known it may be set too."""
        if not name.startswith("tool.") or name == "tool.id":
            return True
        tools = self.tools(uses)
        listed = {
            "tool.account": TOOLS,
            "tool.web_search": tuple(self.world.search),
            "tool.retention_days": tuple(t for t, s in self.world.retention.items() if s),
        }[name]
        return len(tools) == len(TOOLS) + 1 or set(tools) <= set(listed)

    def remedies(self, known: Known, moves_max: int) -> dict[frozenset[str], tuple[int, str]]:
        """Every set of moves that helps and of which no part helps as much: cost and target.
        Moves are made one after the other, in some order in which each can be made: two
        settings that only another tool has are no remedy for the one that is used."""
        (now,) = self.reachable(self.possible(known))
        order = EFFECTS.index
        reached: dict[frozenset[str], str] = {}
        made: set[frozenset[str]] = {frozenset()}
        found: dict[frozenset[str], tuple[int, str]] = {}
        moves = self.moves(known)
        for size in range(1, moves_max + 1):
            for chosen in combinations(moves, size):
                names = frozenset(move.id for move in chosen)
                outcomes = self.after(known, chosen)
                if not outcomes or not any(names - {name} in made for name in names):
                    continue
                made.add(names)
                if order(outcomes[-1]) >= order(now):
                    continue
                if not any(
                    part < names and order(target) <= order(outcomes[-1])
                    for part, target in reached.items()
                ):
                    found[names] = (sum(move.cost for move in chosen), outcomes[-1])
                reached[names] = outcomes[-1]
        return found
