"""Questions as SQL: columns come from one table here, every value is bound, and whose rows they
are is added from the scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ...core.lifecycle import IN_FORCE
from .. import Scope
from ..questions import DATASETS, Bucket, Dataset, Filter, Group, Order, Position
from ..terms import EXCEPTION
from .entries import entry_name, entry_number, exception_name, exception_number
from .schema import COLUMN_FACTS

_IN_FORCE = ", ".join(f"'{status}'" for status in IN_FORCE)
_OWNED = "u.owner IN (SELECT id FROM party WHERE name = :person)"
_TAKEN_PART = (
    "EXISTS (SELECT 1 FROM entry_event v JOIN party q ON q.id = v.party "
    "WHERE v.entry = u.entry AND q.name = :person AND v.cause IN ('created', 'joined'))"
)
_OWN_ROWS = f"{_OWNED} OR {_TAKEN_PART}"
# Which entries each scope has, and of which it also has what was written of them.
VISIBLE = {
    "own": f"({_OWN_ROWS} OR u.status IN ({_IN_FORCE}))",
    "unit": f"({_OWN_ROWS} OR u.unit = :unit OR u.status IN ({_IN_FORCE}))",
    "all": "1",
}
READABLE = {"own": f"({_OWNED})", "unit": f"({_OWNED} OR u.unit = :unit)", "all": "1"}


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a dataset is: `b` is its own table, `u` the entry as it is now, if it has one."""

    tables: str
    key: str  # a number that grows
    columns: Mapping[str, str]
    where: str = "1"
    check: str = ""  # what the terms of a decision hang on
    days: str = ""
    is_of_entry: bool = True
    joins: Mapping[str, str] = field(default_factory=dict)  # what a column needs besides
    facts: Mapping[str, str] = field(default_factory=dict)  # that it has as columns of its own
    # What indexes hold, in their order: counting by the first of these reads nothing else.
    covers: tuple[tuple[str, ...], ...] = ()


def _days(start: str, end: str, more: int = 0) -> str:
    """Days from one to the other."""
    days = f"julianday({end}) - julianday({start})"
    return f"CASE WHEN {end} > '' THEN {days} + {more} END"


def _day(at: str) -> str:
    return f"substr({at}, 1, 10)"


# Who let an entry pass that is in force: the last event that did.
_APPROVED_BY = f"""CASE WHEN u.status IN ({_IN_FORCE}) THEN (
    SELECT CASE WHEN v.cause IN ('reviewed', 'granted') THEN v.role ELSE 'policy' END
      FROM entry_event v WHERE v.entry = u.entry AND v.status IN ({_IN_FORCE})
       AND (v.cause IN ('created', 'reviewed', 'granted') OR v.check_id IS NOT NULL)
     ORDER BY v.id DESC LIMIT 1) END"""


_U = {
    name: f"u.{name}"
    for name in (
        "entry",
        "status",
        "stage",
        "unit",
        "organisation",
        "owner",
        "asks_for",
        "decision",
        "impact",
        "source",
        "recheck",
        "review_on",
        "members",
    )
}
_TITLE = {"title": "LEFT JOIN detail t ON t.entry = u.entry"}
# A register of the first version has the check of a new entry only there.
_CHECK = (
    "coalesce(b.check_id, CASE b.cause WHEN 'created' THEN "
    "(SELECT e.check_id FROM entry e WHERE e.id = b.entry) END)"
)
_OWN = f"CASE WHEN {_OWN_ROWS} THEN 'yes' ELSE 'no' END"
_OF_EVENT = {
    "at": "b.at",
    "entry": "b.entry",
    "title": "t.title",
    "unit": "u.unit",
    "cause": "b.cause",
    "role": "b.role",
}

_SOURCES: Mapping[str, _Source] = {
    "entries": _Source(
        "use_case u",
        "u.entry",
        _U
        | {
            "title": "t.title",
            "own": _OWN,
            "check": "u.check_id",
            "policy": "d.policy_hash",
            "approved_by": _APPROVED_BY,
            "created": "u.created_at",
            "decided": "u.decided_at",
            "due": "u.due_on",
        },
        check="u.check_id",
        days=_days("u.created_at", "u.decided_at"),
        joins=_TITLE | {"policy": "JOIN decision d ON d.check_id = u.check_id"},
        facts={fact: f"u.{name}" for name, fact in COLUMN_FACTS.items()},
        covers=(
            ("u.unit", "u.status"),
            (_day("u.created_at"), "u.status"),
            ("u.tool", "u.task", "u.status"),
            ("u.decision", "u.level", "u.stage", "u.impact", "u.source"),
        ),
    ),
    "decisions": _Source(
        f"entry_event b JOIN decision d ON d.check_id = {_CHECK} "
        "JOIN use_case u ON u.entry = b.entry",
        "b.id",
        _OF_EVENT | {"decision": "d.decision", "status": "b.status", "policy": "d.policy_hash"},
        check="d.check_id",
        joins=_TITLE,
    ),
    "reviews": _Source(
        "entry_event b JOIN use_case u ON u.entry = b.entry",
        "b.id",
        _OF_EVENT
        | {
            "status": "u.status",
            "outcome": "b.status",
            "person": "b.party",
            "own": "CASE WHEN b.party = u.owner THEN 'yes' ELSE 'no' END",
        },
        where="b.cause IN ('reviewed', 'granted', 'revoked')",
        check="u.check_id",
        days=_days("u.created_at", "b.at"),
        joins=_TITLE,
    ),
    "exceptions": _Source(
        "exception b JOIN use_case u ON u.entry = b.entry",
        "b.id",
        {
            "exception": "b.id",
            "entry": "b.entry",
            "title": "t.title",
            "status": "u.status",
            "rule": "b.rule",
            "unit": "b.unit",
            "role": "b.role",
            "person": "b.party",
            "starts": "b.starts",
            "expires": "b.expires",
            "state": "CASE WHEN b.ended > '' THEN b.ended WHEN b.expires < :today "
            "THEN 'expired' WHEN b.starts > :today THEN 'planned' ELSE 'active' END",
        },
        check="u.check_id",
        days=_days("b.starts", "b.expires", 1),  # the last day is one of them
        joins=_TITLE,
    ),
    "obligations": _Source(
        "obligation b JOIN use_case u ON u.entry = b.entry",
        "b.number",
        {
            "obligation": "b.id",
            "entry": "b.entry",
            "title": "t.title",
            "unit": "u.unit",
            "status": "u.status",
            "state": "b.state",
            "origin": "b.origin",
            "overdue": "CASE WHEN b.state = 'open' AND b.due_on > '' AND b.due_on < :today "
            "THEN 'yes' ELSE 'no' END",
            "since": "b.since",
            "due": "b.due_on",
            "settled": "b.settled_at",
        },
        check="u.check_id",
        days=_days("b.since", "b.settled_at"),
        joins=_TITLE,
    ),
    "log": _Source(
        "decision_log b JOIN decision d ON d.check_id = b.check_id",
        "b.id",
        {
            "at": "b.at",
            "unit": "b.unit",
            "organisation": "b.organisation",
            "decision": "d.decision",
            "wanted": "w.name",
            "via": "b.via",
        },
        check="b.check_id",
        is_of_entry=False,
        joins={"wanted": "LEFT JOIN wanted w ON w.log = b.id"},
    ),
    "imports": _Source(
        "intake b",
        "b.id",
        {
            name: f"b.{name}"
            for name in ("at", "source", "rows", "columns", "added", "changed", "unchanged")
        },
        is_of_entry=False,
    ),
}
IDS = {"entry": (entry_number, entry_name), "exception": (exception_number, exception_name)}
_NULLABLE = ("t.title", "w.name", _APPROVED_BY, "b.check_id")
_SPANS: Mapping[Bucket, str] = {
    "day": "substr({0}, 1, 10)",
    "month": "substr({0}, 1, 7)",
    "year": "substr({0}, 1, 4)",
    "quarter": "substr({0}, 1, 4) || '-Q' || ((CAST(substr({0}, 6, 2) AS INTEGER) + 2) / 3)",
    # The Monday of the week.
    "week": "date(substr({0}, 1, 10), '-6 days', 'weekday 1')",
}


class Statement:
    """The parts of one question in SQL, with its values."""

    def __init__(self, about: str, filters: Sequence[Filter], scope: Scope, today: str) -> None:
        self.filters = filters
        self.dataset: Dataset = DATASETS[about]
        self.source = _SOURCES[about]
        self.tables, self.key = self.source.tables, self.source.key
        self.values: dict[str, object] = {
            "person": scope.person,
            "unit": scope.unit,
            "today": today,
        }
        self.joins: dict[str, None] = {}
        self._group_joins: dict[str, None] = {}  # of groups alone: they have a row for each value
        self.sees_all = scope.sees == "all"
        self.visible = self.source.where
        self._readable = READABLE[scope.sees]
        if self.source.is_of_entry:
            self.visible = f"({self.visible}) AND {VISIBLE[scope.sees]}"
        self.conditions = [self._for_readers(f, self._condition(f)) for f in filters]

    def bind(self, value: object) -> str:
        """The mark that stands for a value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def expression(self, column: str) -> str:
        """A column of its own."""
        if column in self.source.joins:
            self.joins[self.source.joins[column]] = None
        return self.source.columns[column]

    def _for_readers(self, one: Filter, condition: str) -> str:
        """What is not shown of the entries of others is not found out by filters either."""
        return condition if self.sees_all or one.is_open else f"{self._readable} AND ({condition})"

    def _own_column(self, column: str, kind: str) -> str:
        """Where a column is that every row has once; empty for what hangs on a row."""
        if kind == "fact":
            return self.source.facts.get(column, "")
        return "" if kind in ("term", "attribute") else self.expression(column)

    # -- filters -------------------------------------------------------------------------------

    def _condition(self, one: Filter) -> str:
        at = self._own_column(one.column, one.kind)
        if one.kind == "fact" and at:
            return self._of_fact_column(one, at)
        if not at:
            condition = self._of_many(one)
        elif one.state:
            condition = f"coalesce({at}, '') {'<>' if one.state == 'any' else '='} ''"
        elif one.kind in ("date", "number"):
            return self._between(one, at)
        else:
            return self._among(one, at)
        return f"NOT ({condition})" if one.is_negative and one.state else condition

    def _among(self, one: Filter, at: str) -> str:
        read = IDS[one.column][0] if one.column in IDS else str
        marks = ", ".join(self.bind(read(value)) for value in one.values)
        if one.column == "title":  # the same name in other capitals is the same name
            at, marks = f"lower({at})", ", ".join(f"lower({mark})" for mark in marks.split(", "))
        return f"coalesce({at}, '') NOT IN ({marks})" if one.is_negative else f"{at} IN ({marks})"

    def _between(self, one: Filter, at: str) -> str:
        read: type = int if one.kind == "number" else str
        at = _day(at) if one.kind == "date" else at
        parts = [f"{at} > ''"] if one.kind == "date" and not one.low else []
        if one.low:
            parts.append(f"{at} >= {self.bind(read(one.low))}")
        if one.high:
            parts.append(f"{at} <= {self.bind(read(one.high))}")
        return f"({' AND '.join(parts) or '1'})"

    def _of_fact_column(self, one: Filter, at: str) -> str:
        """A fact with one value; blank and unsure are not known, which is neither yes nor no."""
        if one.state:
            known = f"{at} NOT IN ('', 'unsure')"
            return known if (one.state == "any") != one.is_negative else f"NOT ({known})"
        marks = ", ".join(self.bind(value) for value in one.values)
        if one.is_negative:
            return f"{at} NOT IN ('', 'unsure', {marks})"
        return f"{at} IN ({marks})"

    def _of_many(self, one: Filter) -> str:
        if one.state == "nothing":
            return f"({self._closed(one)} AND NOT {self._some(one)})"
        if one.state == "blank" and one.is_list:
            return f"NOT {self._exists(one, _SURE)}"
        if one.state:
            return self._some(one) if one.state == "any" else f"NOT {self._some(one)}"
        holds = self._holds(one)
        if not one.is_negative:
            return holds
        return f"(NOT {holds} AND {self._settled(one)})" if one.kind == "fact" else f"NOT {holds}"

    def _some(self, one: Filter) -> str:
        """Whether some value is there."""
        conditions = {"fact": f"holds AND {_SURE}", "term": "holds", "attribute": "1"}
        return self._exists(one, conditions[one.kind])

    def _holds(self, one: Filter) -> str:
        """Whether one of the values is there."""
        if one.low or one.high:
            within = [f"{_LOWEST} >= {self.bind(int(one.low))}"] if one.low else []
            within += [f"{_HIGHEST} <= {self.bind(int(one.high))}"] if one.high else []
            return self._exists(one, " AND ".join([f"holds AND {_SURE}", *within]))
        read = _exception_text if one.column == EXCEPTION else str
        marks = ", ".join(self.bind(read(value)) for value in one.values)
        holds = "" if one.kind == "attribute" else "holds AND "
        return self._exists(one, f"{holds}x.value IN ({marks})")

    def _exists(self, one: Filter, condition: str) -> str:
        table, key, of = self._hung(one.kind)
        name = self.bind(one.column)
        return (
            f"EXISTS (SELECT 1 FROM {table} x WHERE x.{key} = {of} AND x.name = {name} "
            f"AND {condition})"
        )

    def _hung(self, kind: str) -> tuple[str, str, str]:
        """The table that has what hangs on a row, its key, and the same key of the row."""
        if kind == "attribute":
            return "attribute", "entry", "u.entry"
        return "term", "check_id", self.source.check

    def _closed(self, one: Filter) -> str:
        """Whether it is known that a list has no other value."""
        return self._exists(one, "NOT holds AND x.value = ''")

    def _settled(self, one: Filter) -> str:
        """Whether it is known of each value that it does not hold: of a choice another one does,
        of a list each is ruled out."""
        if one.low or one.high:
            beyond = [f"{_HIGHEST} < {self.bind(int(one.low))}"] if one.low else []
            beyond += [f"{_LOWEST} > {self.bind(int(one.high))}"] if one.high else []
            return self._exists(one, f"holds AND {_SURE} AND ({' OR '.join(beyond)})")
        if not one.is_list:
            return self._some(one)
        name, marks = self.bind(one.column), ", ".join(map(self.bind, one.values))
        ruled_out = (
            f"(SELECT count(*) FROM term x WHERE x.check_id = {self.source.check} "
            f"AND x.name = {name} AND NOT holds AND x.value IN ({marks})) = {len(one.values)}"
        )
        return f"({self._closed(one)} OR {ruled_out})"

    # -- what is not known ---------------------------------------------------------------------

    def left_open(self) -> str:
        """Rows that do not fit only because a fact of the filters is not known of them."""
        knowns = [self._known(one) if one.kind == "fact" else "" for one in self.filters]
        if not any(knowns):
            return ""
        either = [
            f"({condition} OR {self._for_readers(one, f'NOT {known}')})" if known else condition
            for one, condition, known in zip(self.filters, self.conditions, knowns, strict=True)
        ]
        return f"NOT ({' AND '.join(self.conditions)}) AND {' AND '.join(either)}"

    def _known(self, one: Filter) -> str:
        """Whether the fact is known so far that it fits or does not."""
        at = self.source.facts.get(one.column, "")
        if one.state and (one.state == "blank" or not one.is_list):
            return ""
        if at:
            return f"({at} NOT IN ('', 'unsure'))"
        if one.state:
            return f"({self._some(one)} OR {self._closed(one)})"
        return f"({self._holds(one)} OR {self._settled(one)})"

    # -- groups --------------------------------------------------------------------------------

    def group(self, number: int, one: Group) -> str:
        """What to group by; of what can have several values, each one that holds."""
        at = self._own_column(one.column, one.kind)
        if not at:
            table, key, of = self._hung(one.kind)
            holds = "" if one.kind == "attribute" else f"AND g{number}.holds"
            self._group_joins[
                f"LEFT JOIN {table} g{number} ON g{number}.{key} = {of} "
                f"AND g{number}.name = {self.bind(one.column)} {holds}"
            ] = None
            return f"coalesce(g{number}.value, '')"
        if one.column == "title":
            at = f"lower({at})"
        elif at not in _NULLABLE:
            return _bucket(one, at)
        return f"coalesce({at}, '')"

    def counted(self, groups: Sequence[Group], tail: str) -> str:
        """The groups with their counts, from an index alone where one holds what is asked."""
        names = [f"k{number}" for number in range(len(groups))]
        by = f"GROUP BY {', '.join(names)} {tail}"
        cover = self._cover(groups)
        if cover:
            inner = ", ".join(f"{at} AS c{number}" for number, at in enumerate(cover))
            counted = self.select(f"{inner}, count(*) AS n", self.conditions)
            columns = ", ".join(f"c{number}" for number in range(len(cover)))
            keys = ", ".join(
                f"{_bucket(one, f'c{cover.index(self._base(one))}')} AS {name}"
                for name, one in zip(names, groups, strict=True)
            )
            return f"SELECT {keys}, sum(n) FROM ({counted} GROUP BY {columns}) {by}"
        return self.grouped(groups, "count(*)", self.conditions, by)

    def grouped(
        self, groups: Sequence[Group], what: str, where: Sequence[str], tail: str = ""
    ) -> str:
        """The groups of every row, named k0, k1 ..., with something more of it."""
        self._group_joins = {}
        keys = ", ".join(f"{self.group(n, one)} AS k{n}" for n, one in enumerate(groups))
        joins = self._group_joins
        return self.select(f"{keys}, {what}", where, tail, joins)

    def _base(self, one: Group | Filter) -> str:
        at = self._own_column(one.column, one.kind)
        return _day(at) if one.kind == "date" else at

    def _cover(self, groups: Sequence[Group]) -> tuple[str, ...]:
        """The first columns of an index that are enough for the groups and the filters."""
        if not self.sees_all:
            return ()
        needed = {self._base(one) for one in groups} | {self._base(one) for one in self.filters}
        found = [
            cover[:size]
            for cover in self.source.covers
            for size in range(1, len(cover) + 1)
            if needed <= set(cover[:size])
        ]
        return min(found, key=len, default=())

    # -- order ---------------------------------------------------------------------------------

    def sorted_by(self, order: Order | None) -> str:
        """What rows are sorted by before their number; blank comes last either way."""
        if order is None:
            return "''"
        at = self.expression(order.by)
        if order.kind == "number" or order.by in IDS:
            return at
        return f"coalesce({at}, '')" if order.is_descending else f"coalesce(nullif({at}, ''), '~')"

    def after(self, order: Order | None, position: Position) -> str:
        """Rows that come after one, in this order."""
        value, number = self.bind(position[0]), self.bind(position[1])
        if order is None:
            return f"{self.key} < {number}"
        sign = "<" if order.is_descending else ">"
        return f"({self.sorted_by(order)}, {self.key}) {sign} ({value}, {number})"

    def tail(self, order: Order | None, limit: int) -> str:
        """The order and the length of a page."""
        way = "DESC" if order is None or order.is_descending else "ASC"
        first = f"{self.sorted_by(order)} {way}, " if order else ""
        return f"ORDER BY {first}{self.key} {way} LIMIT {limit}"

    def select(
        self, what: str, where: Sequence[str] = (), tail: str = "", joins: Iterable[str] = ()
    ) -> str:
        """The whole statement."""
        wheres = " AND ".join(f"({part})" for part in (self.visible, *where))
        joins = " ".join((*self.joins, *joins))
        return f"SELECT {what} FROM {self.tables} {joins} WHERE {wheres} {tail}"


_SURE = "x.value <> 'unsure'"
# Of a number a decision knows the range that its rules tell apart: 30, 0-30 or 366+.
_LOWEST = "CAST(x.value AS INTEGER)"
_HIGHEST = (
    "CASE WHEN x.value LIKE '%+' THEN 9e18 WHEN x.value LIKE '%-%' "
    "THEN CAST(substr(x.value, instr(x.value, '-') + 1) AS INTEGER) "
    "ELSE CAST(x.value AS INTEGER) END"
)


def _bucket(one: Group, at: str) -> str:
    return (
        f"CASE WHEN {at} > '' THEN {_SPANS[one.bucket].format(at)} ELSE '' END"
        if (one.bucket)
        else at
    )


def _exception_text(value: str) -> str:
    return exception_name(exception_number(value))
