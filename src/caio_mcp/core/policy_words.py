"""A policy in words: what a rule, cell, duty or provision says, and what it rests on."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from .catalogue import Catalogue
from .policy import (
    AllOf,
    AnyOf,
    AtLeast,
    Cell,
    Is,
    Move,
    Obligation,
    Place,
    PolicySet,
    Provision,
    Rule,
    Table,
    Test,
    When,
)
from .vocabulary import Effect, Vocabulary

_EFFECTS = {
    "allow": "allows",
    "allow_with_conditions": "allows with conditions",
    "review": "needs a review",
    "prohibit": "prohibits",
}
_OPERATORS = {
    "any_of": "is",
    "not": "is not",
    "above": "is above",
    "up_to": "is at most",
    "more_than": "is more than",
    "at_most": "is at most",
}
_SET_OPERATORS = {
    "any_of": "has any of",
    "not": "has none of",
    "none_of": "has none of",
    "all_of": "has all of",
    "only": "has only",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What something in the policy or catalogue rests on, and when somebody last looked."""

    source: str
    used_by: str
    checked: datetime.date | None = None


def sources(policy: PolicySet, catalogue: Catalogue) -> Iterator[Source]:
    """Every source of the policy set and of the tools that it may speak of, in reading order."""
    for table in policy.tables:
        if table.source:
            yield Source(table.source, table.id)
    for rule in policy.rules:
        yield Source(rule.source, rule.id, rule.reviewed)
        for case in rule.unless:
            if case.source:
                yield Source(case.source, f"{rule.id} unless {case.id}", rule.reviewed)
    for duty in policy.obligations.values():
        if duty.source:
            yield Source(duty.source, duty.id)
    for provision in policy.provisions:
        yield Source(provision.source, provision.id, provision.reviewed)
    for tool in catalogue.tools.values():
        seen = {fact.source: fact.checked for fact in tool.facts if fact.source}
        for source, checked in seen.items():
            yield Source(source, tool.id, checked)


Part = Rule | Table | Cell | Obligation | Provision | Move


def parts(policy: PolicySet) -> dict[str, Part]:
    """Everything that has an id, by it."""
    found: dict[str, Part] = {rule.id: rule for rule in policy.rules}
    for table in policy.tables:
        found[table.id] = table
        found |= {f"{table.id}/{cell.row}/{cell.column}": cell for cell in table.cells}
    found |= dict(policy.obligations)
    found |= {provision.id: provision for provision in policy.provisions}
    found |= {move.id: move for move in policy.moves}
    return found


def in_words(name: str, part: Part, policy: PolicySet, vocabulary: Vocabulary) -> list[str]:
    """The lines that say what a part of the policy says."""
    match part:
        case Rule():
            return list(_rule(part, policy, vocabulary))
        case Table():
            return list(_table(part, vocabulary))
        case Cell():
            return list(_cell(name, part, policy, vocabulary))
        case Obligation():
            return _lines(
                f"{part.id}: {part.text}",
                ("Kind", "must be done" if part.kind == "must" else "advice"),
                ("Source", part.source),
            )
        case Provision():
            return list(_provision(part))
        case Move():
            return _lines(
                f"{part.id}: {part.title}",
                ("Who", " and ".join(part.who)),
                ("Usually", part.usual_time),
                ("Shown by", part.evidence),
                ("Written in", _place(part.place)),
            )


def _lines(head: str, *rest: tuple[str, str]) -> list[str]:
    return [head, *(f"  {name}: {text}" for name, text in rest if text)]


def _place(place: Place | None) -> str:
    return f"{place.file}:{place.line}" if place else ""


def _rule(rule: Rule, policy: PolicySet, vocabulary: Vocabulary) -> Iterator[str]:
    effect = _EFFECTS[rule.effect.name] if rule.effect else "advises"
    yield f"{rule.id}: {rule.title} ({effect})"
    yield f"  {rule.reason}"
    yield "  Holds where"
    yield from _condition(rule.when, vocabulary, 4)
    for case in rule.unless:
        yield f"  unless ({case.id}{', ' + case.source if case.source else ''})"
        yield from _condition(case.when, vocabulary, 4)
    yield from _period(rule)
    for name in rule.obligations:
        yield f"  Duty: {policy.obligations[name].text} [{name}]"
    yield from _lines(
        "",
        ("Reviewer", rule.reviewer),
        ("Unsettled", rule.unsettled),
        ("Exceptions", _exceptions(rule)),
        ("Source", rule.source),
        ("Looked at", str(rule.reviewed or "")),
        ("Written in", _place(rule.place)),
    )[1:]


def _exceptions(part: Rule | Table) -> str:
    """For how long there may be one, and who grants it."""
    if part.exception_days_max is None:
        return ""
    days = "1 day" if part.exception_days_max == 1 else f"{part.exception_days_max} days"
    return f"up to {days}, granted by {part.exception_approver}"


def _period(rule: Rule) -> Iterator[str]:
    if rule.effective_from:
        yield f"  From {rule.effective_from}"
    if rule.effective_until:
        yield f"  Until {rule.effective_until}"


def _table(table: Table, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"{table.id}: {table.title}"
    titles = {column.id: column.title for column in table.columns}
    for cell in table.cells:
        row = vocabulary.facts[cell.row_fact].title_of(cell.row)
        yield f"  {row} in {titles[cell.column]}: {cell.effect.name.replace('_', ' ')}"
    yield from _lines(
        "",
        ("Exceptions", _exceptions(table)),
        ("Source", table.source),
        ("Written in", _place(table.place)),
    )[1:]


def _cell(name: str, cell: Cell, policy: PolicySet, vocabulary: Vocabulary) -> Iterator[str]:
    table = next(table for table in policy.tables if cell in table.cells)
    column = next(column for column in table.columns if column.id == cell.column)
    row = vocabulary.facts[cell.row_fact].title_of(cell.row)
    yield f"{name}: {row} data in {column.title} ({_EFFECTS[cell.effect.name]})"
    if cell.reason:
        yield f"  {cell.reason}"
    yield "  The column holds where"
    yield from _condition(column.when, vocabulary, 4)
    has_room = cell.is_exceptionable and cell.effect > Effect.allow_with_conditions
    for duty in cell.obligations:
        yield f"  Duty: {policy.obligations[duty].text} [{duty}]"
    yield from _lines(
        "",
        ("Reviewer", cell.reviewer),
        ("Exceptions", _exceptions(table) if has_room else ""),
        ("Source", table.source),
        ("Written in", _place(cell.place)),
    )[1:]


def _provision(provision: Provision) -> Iterator[str]:
    yield from _lines(
        f"{provision.id}: {provision.title}",
        ("Covered by", ", ".join(provision.by)),
        ("No rule", provision.why_not),
        ("Unsettled", provision.unsettled),
        ("Applies from", str(provision.applies_from or "")),
        ("Source", provision.source),
        ("Looked at", str(provision.reviewed or "")),
        ("Written in", _place(provision.place)),
    )


def _condition(when: When, vocabulary: Vocabulary, indent: int) -> Iterator[str]:
    """One line for each fact, deeper ones indented."""
    space = " " * indent
    match when:
        case Test():
            yield f"{space}{_test(when, vocabulary)}"
        case Is():
            yield f"{space}{when.name.replace('_', ' ')}:"
            yield from _condition(when.when, vocabulary, indent + 2)
        case AllOf():
            for part in when.parts:
                yield from _condition(part, vocabulary, indent)
        case AnyOf() | AtLeast():
            count = when.number if isinstance(when, AtLeast) else 1
            yield f"{space}{'one' if count == 1 else count} or more of"
            for part in when.parts:
                yield from _bullet(_condition(part, vocabulary, indent + 4), indent)


def _bullet(lines: Iterator[str], indent: int) -> Iterator[str]:
    """The first of the lines with a dash before it."""
    for number, line in enumerate(lines):
        yield f"{' ' * indent}  - {line.lstrip()}" if number == 0 else line


def _test(test: Test, vocabulary: Vocabulary) -> str:
    fact = vocabulary.facts[test.fact]
    names = _SET_OPERATORS if fact.type == "set" else _OPERATORS
    titles = "; ".join(
        vocabulary.facts[value].title.lower() if value in vocabulary.facts else fact.title_of(value)
        for value in test.values
    )
    return f"{fact.title} {names[test.operator]} {titles} [{fact.id}]"
