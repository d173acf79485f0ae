"""Small registers drawn at random, each beside the plain rows that are in it."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from caio_mcp.core.library import Library
from caio_mcp.files import load_library
from caio_mcp.register import Actor, Archive, Change, DecisionRecord, Intake, NewEntry, Taken
from caio_mcp.register.sqlite import SqliteRegister

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
UNITS = ("Sales", "Claims", "R'n\"D; --")
PEOPLE = ("ann", "bob", "cas")
TITLES = ("Mail", "mail", "Käse %", "Notes on 'x'; DROP TABLE entry", "Minutes")
LEVELS = ("public", "internal", "confidential", "restricted")
TOOLS = ("chatgpt-team", "claude-team", "unlisted")
CATEGORIES = ("name", "health", "salary")
DAYS = ("0-30", "31-90", "30", "366+")
IN_FORCE = ("approved", "approved_with_conditions")
SOURCE = "omb-2025"


@cache
def library() -> Library:
    return load_library("default")


@dataclass
class Row:
    """What is known of an entry, in plain values; of a fact, None is not known."""

    number: int
    title: str
    purpose: str
    unit: str
    person: str
    status: str
    decision: str
    at: str
    facts: dict[str, Any]
    rules: tuple[str, ...]
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    approved_by: str = ""
    source: str = ""
    reviewed: str = ""
    due: str = ""

    @property
    def id(self) -> str:
        return f"E-{self.number:04d}"


@dataclass(repr=False)
class Book:
    """A register, and what is in it; `checks` are the lines of its log."""

    register: SqliteRegister
    rows: list[Row]
    checks: list[tuple[str, str, str]]  # day, unit, decision


def record(number: int, decision: str, facts: Mapping[str, Any], rules: tuple[str, ...]) -> Any:
    content = {
        "facts": {name: {"value": value} for name, value in facts.items()},
        "determining_rules": list(rules),
        "decision": decision,
    }
    check = f"C-{number:010}"
    return DecisionRecord(
        check,
        json.dumps(content | {"check": check}).encode(),
        decision,
        "p",
        "c",
        "0.1",
        "2026-11-22",
        (Archive("p", "policy", b"p"), Archive("c", "catalogue", b"c")),
    )


def drawn_facts(chance: random.Random) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    level = chance.choice((*LEVELS, "unsure", ["internal", "public"], None))
    if level is not None:
        facts["data.level"] = level
    if chance.random() < 0.7:
        facts["tool.id"] = chance.choice(TOOLS)
    if chance.random() < 0.6:
        facts["tool.retention_days"] = chance.choice(DAYS)
    if chance.random() < 0.8:
        present = [c for c in CATEGORIES if chance.random() < 0.4]
        absent = [c for c in CATEGORIES if c not in present and chance.random() < 0.4]
        facts["data.categories"] = (
            {"only": present} if chance.random() < 0.4 else {"all_of": present, "none_of": absent}
        )
    return facts


def make_book(folder: Path, seed: int, size: int = 40) -> Book:
    """A register with entries of every kind, reviewed and imported ones too."""
    chance = random.Random(seed)
    register = SqliteRegister(folder / f"book-{seed}.db")
    rows: list[Row] = []
    for number in range(1, size + 1):
        rows.append(
            _taken(register, chance, number)
            if chance.random() < 0.25
            else _added(register, chance, number)
        )
    checks = []
    for number in range(size):
        unit, decision = chance.choice((*UNITS, *UNITS[:2] * 3)), chance.choice(("allow", "review"))
        day = f"2026-{chance.randint(9, 11):02}-{chance.randint(1, 28):02}"
        kept = record(10_000 + number, decision, {}, ())
        at = f"{day}T10:00:00.000000Z"
        register.log(kept, at=at, organisation="", unit=unit, person="", via="mcp")
        checks.append((day, unit, decision))
    return Book(register, rows, checks)


def drawn_time(chance: random.Random) -> str:
    day = datetime.date(2025, 1, 1) + datetime.timedelta(days=chance.randrange(700))
    return f"{day}T{chance.randrange(24):02}:00:00.000000Z"


def _added(register: SqliteRegister, chance: random.Random, number: int) -> Row:
    decision = chance.choice(("allow", "review", "prohibit", "need_more_information"))
    status = {"allow": "approved", "review": "under_review", "prohibit": "denied"}
    facts, person, at = drawn_facts(chance), chance.choice(PEOPLE), drawn_time(chance)
    rules = tuple(f"R-{n}" for n in range(3) if chance.random() < 0.4)
    due = at[:10] if chance.random() < 0.5 else ""
    row = Row(
        number,
        chance.choice(TITLES),
        chance.choice(("zebra crossings", "")),
        chance.choice(UNITS),
        person,
        status.get(decision, "proposed"),
        decision,
        at,
        facts,
        rules,
        due=due,
    )
    kept = record(number, decision, facts, rules)
    register.add(
        NewEntry(
            str(number), at, "House", row.unit, person, row.title, row.purpose, kept, due_on=due
        )
    )
    row.approved_by = "policy" if row.status in IN_FORCE else ""
    if row.status == "under_review" and chance.random() < 0.5:
        row.status = chance.choice(("approved_with_conditions", "denied"))
        row.reviewed = (
            datetime.datetime.fromisoformat(at) + datetime.timedelta(days=chance.randrange(20))
        ).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        actor = Actor("dan", chance.choice(("dpo", "caio")))
        register.change(
            Change(row.id, f"r{number}", row.reviewed, actor, "reviewed", status=row.status)  # type: ignore[arg-type]
        )
        row.approved_by = actor.role if row.status in IN_FORCE else ""
    return row


def _taken(register: SqliteRegister, chance: random.Random, number: int) -> Row:
    attributes: dict[str, tuple[str, ...]] = {
        "testing": (chance.choice(("yes", "no", "in_progress")),)
    }
    if chance.random() < 0.5:
        attributes = {"demographic_features": tuple(chance.sample(("age", "sex", "income"), 2))}
    at, unit, title = drawn_time(chance), chance.choice(UNITS), chance.choice(TITLES)
    row = Row(
        number, title, "", unit, "imp", "proposed", "review", at, {}, (), attributes, source=SOURCE
    )
    intake = Intake(
        at, Actor("imp", "caio"), SOURCE, "d", 36, "House", record(5_000, "review", {}, ())
    )
    use = Taken("", (f"k{number}",), title, "", unit, "", "proposed", "pilot", attributes, "{}")
    register.take_in(intake, [use], lambda _: None)
    return row
