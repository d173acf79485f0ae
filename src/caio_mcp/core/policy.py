"""What an organisation allows: levels, overlays, tables that grant, rules that restrict."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .facts import Statement
from .vocabulary import Effect

Status = Literal["approved", "restricted", "pending", "blocked", "none"]
STATUSES: tuple[Status, ...] = ("approved", "restricted", "pending", "blocked")


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on one fact, as written."""

    fact: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts hold, or more."""

    number: int
    parts: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Is:
    """What the policy defined under a name holds."""

    name: str
    when: When


When = Test | AllOf | AnyOf | AtLeast | Is


def facts_of(when: When) -> set[str]:
    """The facts that a condition mentions."""
    if isinstance(when, Test):
        return {when.fact}
    if isinstance(when, Is):
        return facts_of(when.when)
    return {fact for part in when.parts for fact in facts_of(part)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the organisation's classification; the list is in rising order. `like` is
    the level of the inherited packs whose rows and rules are its own."""

    id: str
    title: str
    synonyms: tuple[str, ...] = ()
    example: str = ""
    like: str = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A regulated kind of data beside the levels."""

    id: str
    title: str
    synonyms: tuple[str, ...] = ()
    when: When | None = None
    lowest_level: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A condition with a name, for rules to use."""

    name: str
    when: When
    place: Place


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of a law or standard: what of the policy is there because of it, or why
    nothing is."""

    id: str
    title: str
    source: str
    place: Place
    by: tuple[str, ...] = ()
    why_not: str = ""
    unsettled: str = ""  # what the sources leave open
    applies_from: datetime.date | None = None
    reviewed: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """What must be done (`must`), or should be done (`should`: advice)."""

    id: str
    text: str
    kind: Literal["must", "should"] = "must"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who decides in a role, and how long it usually takes."""

    role: str
    who: str
    usual_days: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the organisation with standing facts and people of its own."""

    id: str
    title: str
    profile: tuple[Statement, ...] = ()
    contacts: Mapping[str, Contact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unless:
    """An exception written into a rule, with its own source."""

    id: str
    when: When
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that restricts."""

    id: str
    title: str
    effect: Effect
    when: When
    place: Place
    reason: str
    source: str
    unless: tuple[Unless, ...] = ()
    obligations: tuple[str, ...] = ()
    reviewer: str = ""
    effective_from: datetime.date | None = None
    effective_until: datetime.date | None = None
    reviewed: datetime.date | None = None
    unsettled: str = ""  # what the sources leave open
    exception_days_max: int | None = None
    exception_approver: str = ""

    def applies_on(self, day: datetime.date) -> bool:
        """Whether the rule is in force on that day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_until is None or day <= self.effective_until
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One condition on the tool; the columns of a table exclude one another."""

    id: str
    title: str
    when: When
    place: Place


@dataclass(frozen=True, slots=True)
class Cell:
    """What a table says of one row (a level or an overlay) in one column."""

    row_fact: str
    row: str
    column: str
    effect: Effect
    place: Place
    reason: str = ""
    reviewer: str = ""
    obligations: tuple[str, ...] = ()
    is_exceptionable: bool = True  # where its table is


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix that grants."""

    id: str
    title: str
    source: str
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    place: Place
    exception_days_max: int | None = None  # for exceptions from single cells
    exception_approver: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """What the organisation decided about a tool, or about a model on one tool."""

    id: str
    status: Status
    place: Place
    on: str = ""  # for a model: the tool through which it is called
    owner: str = ""
    since: datetime.date | None = None
    review_due: datetime.date | None = None
    reason: str = ""
    cleared_level: str = ""
    conditions: tuple[str, ...] = ()
    facts: tuple[Statement, ...] = ()  # what the organisation's own contract settles


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a use that somebody can make. `cost` is an effort from 0 (none) up;
    `evidence` is what shows that it was done."""

    id: str
    title: str
    sets: tuple[Statement, ...]
    who: tuple[str, ...] = ("you",)
    cost: int = 1
    usual_time: str = ""
    evidence: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One test of the policy: facts in, what is expected out."""

    suite: str
    name: str
    place: Place
    as_of: datetime.date | None
    facts: tuple[Statement, ...]
    decision: str = ""
    best_case: str = ""
    worst_case: str = ""
    rules: tuple[str, ...] | None = None
    obligations: tuple[str, ...] | None = None
    advice: tuple[str, ...] | None = None
    only: frozenset[str] = frozenset()  # of these three, which name all there may be
    questions: tuple[str, ...] | None = None
    remedies: Mapping[Effect, tuple[frozenset[str], ...]] = field(default_factory=dict)


# The change that needs no file: another tool, which the organisation approved.
SWITCH_TOOL = Move("switch_tool", "Use {tool}", (), cost=2, usual_time="now")


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Everything an organisation decided, resolved with the packs it inherits."""

    name: str
    title: str
    owner: str
    version: str
    levels: tuple[Level, ...]
    law_as_of: datetime.date | None = None
    stale_after: datetime.date | None = None
    adopted_by: str = ""
    adopted_on: datetime.date | None = None
    inherits: tuple[str, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    tool_groups: Mapping[str, When] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)  # by fact
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    obligations: Mapping[str, Obligation] = field(default_factory=dict)
    advice: tuple[str, ...] = ()
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    profile: tuple[Statement, ...] = ()
    presumed: tuple[Statement, ...] = ()  # holds unless something else was said
    units: Mapping[str, Unit] = field(default_factory=dict)
    kind_levels: Mapping[str, str] = field(default_factory=dict)
    incident: tuple[str, ...] = ()
    when_not_covered: Effect = Effect.review
    tables: tuple[Table, ...] = ()
    rules: tuple[Rule, ...] = ()
    provisions: tuple[Provision, ...] = ()
    approvals: tuple[Approval, ...] = ()
    moves: tuple[Move, ...] = ()
    switch_tool: Move = field(default_factory=lambda: SWITCH_TOOL)
    cases: tuple[Case, ...] = ()
    thresholds: Mapping[str, frozenset[int]] = field(default_factory=dict)
    digest: str = ""

    @property
    def is_adopted(self) -> bool:
        """Whether somebody put it in force for the organisation."""
        return bool(self.adopted_by)

    def contact(self, role: str, unit: str = "") -> Contact | None:
        """Who decides in a role, for that unit if it has somebody of its own."""
        own = self.units[unit].contacts if unit in self.units else {}
        return own.get(role) or self.contacts.get(role)
