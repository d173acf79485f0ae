"""What a policy says of a use: the cells, rules and approvals that can make its decision."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

from .conditions import ALWAYS, Atom, Condition, all_of, any_of, negate
from .exceptions import PolicyException
from .index import Index, bits
from .policy import Approval, Cell, Place, PolicySet, Rule, Table
from .space import Space
from .vocabulary import EFFECTS, IN, Effect

GRANTED_KEPT = 2_000  # exceptions whose contribution is remembered

_SAYS = {
    Effect.allow: "may go into",
    Effect.allow_with_conditions: "may, with conditions, go into",
    Effect.review: "needs a review before it goes into",
    Effect.prohibit: "may not go into",
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """One rule, cell, approval or missing cell: where it holds, it has its effect."""

    id: str
    effect: Effect
    condition: Condition
    reason: str
    source: str = ""
    reviewer: str = ""
    obligations: tuple[str, ...] = ()
    place: Place | None = None
    row: str = ""  # for cells: what the cells of one row share
    title: str = ""  # for approvals and exceptions: what it is called
    exception_days_max: int | None = None
    exception_approver: str = ""

    @property
    def is_exceptionable(self) -> bool:
        """Whether the policy leaves room for an exception, and there is something to except."""
        return self.exception_days_max is not None and self.effect > Effect.allow_with_conditions


class InForce:
    """The contributions of one period between two dates on which something starts or ends."""

    def __init__(self, items: Sequence[Contribution], full: Sequence[int]) -> None:
        self.items = tuple(items)
        self.index = Index([item.condition for item in items], full)
        self.above = {
            effect: sum(1 << n for n, item in enumerate(items) if item.effect > effect)
            for effect in EFFECTS
        }

    def of(self, found: int) -> tuple[Contribution, ...]:
        """The contributions whose bits are set."""
        return tuple(self.items[number] for number in bits(found))

    def floor(self, certain: int) -> Effect:
        """The most restrictive effect among those that certainly apply."""
        return next((e for e in EFFECTS if not certain & self.above[e]), EFFECTS[-1])


class Contributions:
    """Everything in a policy set that can contribute to a decision, over one space."""

    def __init__(self, space: Space, policy: PolicySet) -> None:
        self.space = space
        self.vocabulary = space.vocabulary
        self.policy = policy
        self.exceptions: tuple[PolicyException, ...] = ()
        self._periods: dict[int, InForce] = {}
        self._granted: dict[PolicyException, Contribution | None] = {}

    def excepting(self, exceptions: tuple[PolicyException, ...]) -> Contributions:
        """The same, with what these exceptions take out and put in its place."""
        other = copy(self)
        other.exceptions = exceptions
        other._periods = {}
        for name in ("starts", "dated"):
            other.__dict__.pop(name, None)
        return other

    @cached_property
    def starts(self) -> tuple[datetime.date, ...]:
        """The first day of each period, the earliest being the second one."""
        return tuple(sorted({day for day, _, _ in self.dated}))

    @cached_property
    def dated(self) -> tuple[tuple[datetime.date, Contribution, str], ...]:
        """What starts or ends on which day, and how to say so; by day."""
        found = [(since, item, f"{item.title} starts") for since, item in self._not_yet]
        for rule, item in self._rules:
            if rule.effective_from is not None:
                found.append((rule.effective_from, item, f"the rule {rule.id} starts"))
            if rule.effective_until is not None and rule.effective_until < datetime.date.max:
                end = rule.effective_until + datetime.timedelta(days=1)
                found.append((end, item, f"the rule {rule.id} ends"))
        for exception in self.exceptions:
            granted = self.granted(exception)
            if granted is not None:
                found.append((exception.starts, granted, f"{granted.title} starts"))
                if exception.expires < datetime.date.max:
                    end = exception.expires + datetime.timedelta(days=1)
                    found.append((end, granted, f"{granted.title} ends"))
        return tuple(sorted(found, key=lambda part: part[0]))

    def on(self, day: datetime.date) -> InForce:
        """Everything that can contribute to a decision on that day."""
        period = bisect_right(self.starts, day)
        if period not in self._periods:
            items = [
                *self._from_tables,
                *self._from_approvals,
                *(item for since, item in self._not_yet if day < since),
                *(item for rule, item in self._rules if rule.applies_on(day)),
            ]
            if self.exceptions:
                items = list(self._with_exceptions(items, day))
            if len({item.id for item in items}) != len(items):
                raise AssertionError("two contributions share an id")
            self._periods[period] = InForce(items, self.space.full)
        return self._periods[period]

    # -- exceptions --------------------------------------------------------------------

    @cached_property
    def _exceptionable(self) -> dict[str, Contribution]:
        """The rules and cells from which an exception is possible, by id."""
        items = (*self._from_tables, *(item for _, item in self._rules))
        return {item.id: item for item in items if item.is_exceptionable}

    def granted(self, exception: PolicyException) -> Contribution | None:
        """What holds in place of the rule or cell that is excepted; nothing if the policy knows
        none of that name, or leaves no room for exceptions from it."""
        if exception not in self._granted:
            if len(self._granted) >= GRANTED_KEPT:
                self._granted.clear()
            self._granted[exception] = self._in_place(exception)
        return self._granted[exception]

    def _in_place(self, exception: PolicyException) -> Contribution | None:
        item = self._exceptionable.get(exception.rule)
        if item is None:
            return None
        within = [self.space.holding(said) for said in exception.scope]
        return Contribution(
            exception.name,
            Effect.allow_with_conditions,
            all_of([item.condition, *within]),
            f"Exception {exception.id} from {item.id} until {exception.expires} (approved by "
            f"{exception.role}).",
            item.source,
            obligations=tuple(
                dict.fromkeys((exception.name, *exception.obligations, *item.obligations))
            ),
            place=item.place,
            title=f"the exception {exception.id}",
        )

    def _with_exceptions(
        self, items: Sequence[Contribution], day: datetime.date
    ) -> Iterator[Contribution]:
        """Each rule and cell outside of the exceptions from it, and these."""
        acting = [e for e in self.exceptions if e.holds_on(day)]
        for item in items:
            condition = item.condition
            for exception in acting if item.is_exceptionable else ():
                granted = self.granted(exception) if exception.rule == item.id else None
                if granted is not None:
                    scope = all_of(self.space.holding(said) for said in exception.scope)
                    condition = all_of([condition, negate(scope, self.space.full)])
                    yield granted
            yield item if condition is item.condition else replace(item, condition=condition)

    @cached_property
    def _not_yet(self) -> list[tuple[datetime.date, Contribution]]:
        """Until the day of its approval a tool or model is reviewed."""
        return [
            (
                entry.since,
                Contribution(
                    f"{self._approval_id(entry)}/since",
                    Effect.review,
                    self.where(entry),
                    f"The approval starts on {entry.since}.",
                    "approvals.yaml",
                    entry.owner,
                    place=entry.place,
                    title=f"the approval of {self._name(entry)}",
                ),
            )
            for entry in self.policy.approvals
            if entry.since is not None
        ]

    def _name(self, entry: Approval) -> str:
        return self.vocabulary.facts["model.id" if entry.on else "tool.id"].title_of(entry.id)

    @staticmethod
    def _approval_id(entry: Approval) -> str:
        return f"approval/{entry.id}@{entry.on}" if entry.on else f"approval/{entry.id}"

    def where(self, entry: Approval) -> Condition:
        """The uses that an approval speaks of."""
        tool = Atom(
            self.space.of_fact["tool.id"][0], self.space.mask("tool.id", [entry.on or entry.id])
        )
        if not entry.on:
            return tool
        model = Atom(self.space.of_fact["model.id"][0], self.space.mask("model.id", [entry.id]))
        return all_of([tool, model])

    @cached_property
    def _rules(self) -> list[tuple[Rule, Contribution]]:
        return [
            (
                rule,
                Contribution(
                    rule.id,
                    rule.effect,
                    self._condition(rule),
                    rule.reason,
                    rule.source,
                    rule.reviewer,
                    rule.obligations,
                    rule.place,
                    exception_days_max=rule.exception_days_max,
                    exception_approver=rule.exception_approver,
                ),
            )
            for rule in self.policy.rules
        ]

    def _condition(self, rule: Rule) -> Condition:
        exceptions = (negate(self.space.bind(case.when), self.space.full) for case in rule.unless)
        return all_of([self.space.bind(rule.when), *exceptions])

    @cached_property
    def _from_approvals(self) -> list[Contribution]:
        effects = {"blocked": Effect.prohibit, "pending": Effect.review}
        found = []
        for entry in self.policy.approvals:
            effect = effects.get(entry.status)
            if effect is None and not entry.conditions:
                continue
            words = {"blocked": "is blocked", "pending": "is still being reviewed"}
            name = self._name(entry)
            found.append(
                Contribution(
                    self._approval_id(entry),
                    Effect.allow_with_conditions if effect is None else effect,
                    self.where(entry),
                    f"{name} {words.get(entry.status, 'is approved with conditions')}"
                    f"{': ' + entry.reason if entry.reason else ''}.",
                    "approvals.yaml",
                    entry.owner,
                    entry.conditions,
                    entry.place,
                )
            )
        return found

    @cached_property
    def columns(self) -> dict[tuple[str, str], Condition]:
        """The condition of each column, by table and column id."""
        found: dict[tuple[str, str], Condition] = {}
        for table in self.policy.tables:
            named = {c.id: self.space.bind(c.when) for c in table.columns if c.id != "otherwise"}
            rest = negate(any_of(named.values()), self.space.full)
            for column in table.columns:
                found[table.id, column.id] = named.get(column.id, rest)
        return found

    @cached_property
    def _from_tables(self) -> list[Contribution]:
        found: list[Contribution] = []
        covered: dict[tuple[str, str], list[Condition]] = {}
        for table in self.policy.tables:
            titles = {column.id: column.title for column in table.columns}
            for cell in table.cells:
                column = self.columns[table.id, cell.column]
                covered.setdefault((cell.row_fact, cell.row), []).append(column)
                found.append(
                    Contribution(
                        f"{table.id}/{cell.row}/{cell.column}",
                        cell.effect,
                        all_of([self._row(cell.row_fact, cell.row), column]),
                        cell.reason or self._cell_reason(table, cell, titles[cell.column]),
                        table.source,
                        cell.reviewer,
                        cell.obligations,
                        cell.place,
                        f"{table.id}/{cell.row}",
                        exception_days_max=table.exception_days_max
                        if cell.is_exceptionable
                        else None,
                        exception_approver=table.exception_approver,
                    )
                )
        for fact in ("data.level", "data.overlays"):
            for value in self.vocabulary.facts[fact].values.values():
                columns = covered.get((fact, value.id), [])
                nowhere = negate(any_of(columns), self.space.full) if columns else ALWAYS
                found.append(
                    Contribution(
                        f"not-covered/{value.id}",
                        self.policy.when_not_covered,
                        all_of([self._row(fact, value.id), nowhere]),
                        f"No table of the policy says whether {value.title} data may go into "
                        "this tool.",
                        row=f"not-covered/{value.id}",
                    )
                )
        return found

    def _row(self, fact: str, value: str) -> Condition:
        if fact == "data.overlays":
            return Atom(self.space.members[fact, value], IN)
        return Atom(self.space.of_fact[fact][0], self.space.mask(fact, [value]))

    def _cell_reason(self, table: Table, cell: Cell, column: str) -> str:
        row = self.vocabulary.facts[cell.row_fact].title_of(cell.row)
        return f"{row} data {_SAYS[cell.effect]} {column}."
