"""Would the tests of a policy notice? Changes that each take one thing out of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .decide import Engine
from .policy import AllOf, AnyOf, AtLeast, Case, Definition, Is, Place, PolicySet, Rule, Table, When
from .policy_tests import granting, run_test

What = Literal["rule", "unless", "row", "cell", "condition"]
WHATS: tuple[What, ...] = ("rule", "unless", "row", "cell", "condition")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One thing that is taken out, and the policy without it."""

    what: What
    name: str
    place: Place
    of: str  # the rule or table that it is taken out of
    policy: PolicySet


def survivors(engine: Engine, pack: str, today: datetime.date) -> Iterator[tuple[Mutation, bool]]:
    """Each thing that can be taken out of a pack, and whether all its tests still pass then."""
    whole = granting(engine)
    passing = [case for case in engine.policy.cases if run_test(whole, case, today).has_passed]
    touching = [(case, _touched(whole, case, today)) for case in passing]
    for mutation in mutations(engine.policy, pack):
        changed = whole.of(replace(mutation.policy, when_not_covered=whole.policy.when_not_covered))
        cases = sorted(touching, key=lambda pair: mutation.of not in pair[1])
        yield mutation, all(run_test(changed, case, today).has_passed for case, _ in cases)


def _touched(engine: Engine, case: Case, today: datetime.date) -> set[str]:
    """The rules and tables that can play a part in a test: the first to be tried."""
    ruling = engine.rule(case.facts, case.as_of or engine.policy.law_as_of or today)
    return {item.id.partition("/")[0] for item in (*ruling.certain, *ruling.open)}


def mutations(policy: PolicySet, pack: str) -> Iterator[Mutation]:
    """Everything that can be taken out of the rules and tables of one pack."""
    for rule in policy.rules:
        if rule.place.file.startswith(f"{pack}/"):
            yield from _of_rule(policy, rule)
    for table in policy.tables:
        if table.place.file.startswith(f"{pack}/"):
            yield from _of_table(policy, table)
    for definition in policy.definitions.values():
        if definition.place.file.startswith(f"{pack}/"):
            yield from _of_definition(policy, definition)


def _of_definition(policy: PolicySet, definition: Definition) -> Iterator[Mutation]:
    for name, when in _shorter(definition.when):
        changed = replace(definition, when=when)
        rules = tuple(
            replace(
                rule,
                when=_defined_anew(rule.when, changed),
                unless=tuple(
                    replace(case, when=_defined_anew(case.when, changed)) for case in rule.unless
                ),
            )
            for rule in policy.rules
        )
        yield Mutation(
            "condition",
            f"{definition.name} without {name}",
            definition.place,
            definition.name,
            replace(policy, rules=rules),
        )


def _defined_anew(when: When, definition: Definition) -> When:
    if isinstance(when, Is):
        inner = definition.when if when.name == definition.name else when.when
        return Is(when.name, _defined_anew(inner, definition))
    if isinstance(when, AllOf | AnyOf | AtLeast):
        return _with_parts(when, [_defined_anew(part, definition) for part in when.parts])
    return when


def _of_rule(policy: PolicySet, rule: Rule) -> Iterator[Mutation]:
    def without(what: What, name: str, *changed: Rule) -> Mutation:
        rules = [r for old in policy.rules for r in (changed if old is rule else (old,))]
        return Mutation(what, name, rule.place, rule.id, replace(policy, rules=tuple(rules)))

    yield without("rule", rule.id)
    for case in rule.unless:
        others = tuple(other for other in rule.unless if other is not case)
        yield without("unless", f"{rule.id} unless {case.id}", replace(rule, unless=others))
    for name, when in _shorter(rule.when):
        yield without("condition", f"{rule.id} without {name}", replace(rule, when=when))
    for number, case in enumerate(rule.unless):
        for name, when in _shorter(case.when):
            changed = list(rule.unless)
            changed[number] = replace(case, when=when)
            yield without(
                "condition",
                f"{rule.id} unless {case.id} without {name}",
                replace(rule, unless=tuple(changed)),
            )


def _shorter(when: When) -> Iterator[tuple[str, When]]:
    """The condition without each of its parts, and with each part without one of its own."""
    if not isinstance(when, AllOf | AnyOf | AtLeast):
        yield _shown(when), AllOf()
        return
    for number, part in enumerate(when.parts):
        rest = (*when.parts[:number], *when.parts[number + 1 :])
        yield _shown(part), _with_parts(when, rest)
        if not isinstance(part, AllOf | AnyOf | AtLeast):
            continue
        for name, shorter in _shorter(part):
            yield name, _with_parts(when, (*rest[:number], shorter, *rest[number:]))


def _with_parts(when: AllOf | AnyOf | AtLeast, parts: Sequence[When]) -> When:
    return replace(when, parts=tuple(parts))


def _shown(when: When) -> str:
    if isinstance(when, AllOf | AnyOf | AtLeast):
        return " + ".join(_shown(part) for part in when.parts)
    if isinstance(when, Is):
        return when.name
    return f"{when.fact} {when.operator} {', '.join(when.values)}"


def _of_table(policy: PolicySet, table: Table) -> Iterator[Mutation]:
    def without(what: What, name: str, row: str, column: str = "") -> Mutation:
        cells = [c for c in table.cells if c.row != row or (column and c.column != column)]
        place = next(c.place for c in table.cells if c.row == row and column in ("", c.column))
        tables = [replace(t, cells=tuple(cells)) if t is table else t for t in policy.tables]
        return Mutation(what, name, place, table.id, replace(policy, tables=tuple(tables)))

    for row in dict.fromkeys(cell.row for cell in table.cells):
        yield without("row", f"{table.id}/{row}", row)
    for cell in table.cells:
        yield without("cell", f"{table.id}/{cell.row}/{cell.column}", cell.row, cell.column)
