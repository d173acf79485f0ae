"""Questions as SQL: columns come from one table here, every value is bound, and whose rows they
are is added from the scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...core.lifecycle import IN_FORCE
from .. import Scope
from ..questions import DATASETS, Dataset, Filter, Group
from .entries import entry_name, entry_number, exception_name, exception_number

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


def _days(start: str, end: str) -> str:
    return f"CASE WHEN {end} > '' THEN julianday({end}) - julianday({start}) END"


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
        "task",
        "tool",
        "level",
        "impact",
        "source",
        "recheck",
        "review_on",
        "members",
    )
}
_TITLE = {"title": "LEFT JOIN detail t ON t.entry = u.entry"}
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
            "created": "u.created_at",
            "decided": "u.decided_at",
            "due": "u.due_on",
        },
        check="u.check_id",
        days=_days("u.created_at", "u.decided_at"),
        joins=_TITLE,
    ),
    "decisions": _Source(
        "entry_event b JOIN decision d ON d.check_id = b.check_id "
        "JOIN use_case u ON u.entry = b.entry",
        "b.id",
        _OF_EVENT | {"decision": "d.decision", "status": "b.status"},
        check="b.check_id",
        joins=_TITLE,
    ),
    "reviews": _Source(
        "entry_event b JOIN use_case u ON u.entry = b.entry",
        "b.id",
        _OF_EVENT
        | {
            "outcome": "b.status",
            "person": "b.party",
            "own": "CASE WHEN b.party = u.owner THEN 'yes' ELSE 'no' END",
        },
        where="b.cause IN ('reviewed', 'granted', 'revoked')",
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
            "rule": "b.rule",
            "unit": "b.unit",
            "role": "b.role",
            "person": "b.party",
            "starts": "b.starts",
            "expires": "b.expires",
            "state": "CASE WHEN b.ended > '' THEN b.ended WHEN b.expires < :today "
            "THEN 'expired' ELSE 'active' END",
        },
        days=_days("b.starts", "b.expires"),
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
            "state": "b.state",
            "origin": "b.origin",
            "overdue": "CASE WHEN b.state = 'open' AND b.due_on > '' AND b.due_on < :today "
            "THEN 'yes' ELSE 'no' END",
            "since": "b.since",
            "due": "b.due_on",
            "settled": "b.settled_at",
        },
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
_SPANS = {
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
        self.values: dict[str, object] = {
            "person": scope.person,
            "unit": scope.unit,
            "today": today,
        }
        self.joins: dict[str, None] = {}
        self.visible = self.source.where
        if self.source.is_of_entry:
            self.visible = f"({self.visible}) AND {VISIBLE[scope.sees]}"
        self.conditions = [self._condition(f) for f in filters]

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

    # -- filters -------------------------------------------------------------------------------

    def _condition(self, one: Filter) -> str:
        if one.kind in ("term", "attribute"):
            return self._of_many(one)
        at = self.expression(one.column)
        if one.is_blank is not None:
            blank = f"coalesce({at}, '') = ''"
            return blank if one.is_blank else f"NOT ({blank})"
        if one.kind in ("date", "number"):
            return self._between(one, at)
        read = IDS[one.column][0] if one.column in IDS else str
        marks = ", ".join(self.bind(read(value)) for value in one.values)
        return f"coalesce({at}, '') {'NOT ' if one.is_negative else ''}IN ({marks})"

    def _between(self, one: Filter, at: str) -> str:
        parts = [f"{at} > ''"] if one.kind == "date" else []
        read = int if one.kind == "number" else str
        if one.low:
            parts.append(f"{at} >= {self.bind(read(one.low))}")
        if one.high:  # a day ends where the next one starts; times are longer texts
            high: object = int(one.high) if one.kind == "number" else f"{one.high}~"
            parts.append(f"{at} <= {self.bind(high)}")
        return f"({' AND '.join(parts) or '1'})"

    def _of_many(self, one: Filter) -> str:
        some = self._exists(one, "holds" if one.kind == "term" else "1")
        if one.is_blank is not None:
            return f"NOT {some}" if one.is_blank else some
        marks = ", ".join(self.bind(value) for value in one.values)
        holds = self._exists(one, self._holds(one, f"value IN ({marks})"))
        if not one.is_negative:
            return holds
        return f"(NOT {holds} AND {self._settled(one)})" if self._is_fact(one) else f"NOT {holds}"

    @staticmethod
    def _holds(one: Filter, condition: str) -> str:
        return f"holds AND {condition}" if one.kind == "term" else condition

    def _exists(self, one: Filter, condition: str) -> str:
        table, key, of = (
            ("term", "check_id", self.source.check)
            if one.kind == "term"
            else ("attribute", "entry", "u.entry")
        )
        name = self.bind(one.column)
        return (
            f"EXISTS (SELECT 1 FROM {table} x WHERE x.{key} = {of} AND x.name = {name} "
            f"AND {condition})"
        )

    def _is_fact(self, one: Filter) -> bool:
        return one.kind == "term" and one.column not in self.dataset.columns

    def _settled(self, one: Filter) -> str:
        """Whether it is known that none of the values holds: of a choice another one does, of a
        list each is ruled out."""
        name = self.bind(one.column)
        rows = f"FROM term x WHERE x.check_id = {self.source.check} AND x.name = {name}"
        marks = ", ".join(self.bind(value) for value in one.values)
        ruled_out = (
            f"(SELECT count(*) {rows} AND NOT holds AND value IN ({marks})) = {len(one.values)}"
        )
        closed = f"EXISTS (SELECT 1 {rows} AND NOT holds AND value = '')"
        if one.is_list:
            return f"({closed} OR {ruled_out})"
        other = f"EXISTS (SELECT 1 {rows} AND holds AND value <> 'unsure')"
        return f"({other} OR {ruled_out})"

    def left_open(self) -> str:
        """Rows that do not fit only because a fact of the filters is not known of them."""
        facts = [n for n, f in enumerate(self.filters) if self._is_fact(f) and f.values]
        if not facts:
            return ""
        either = []
        for number, one in enumerate(self.filters):
            condition = self.conditions[number]
            if number in facts:
                condition = f"({condition} OR NOT {self._known(one)})"
            either.append(condition)
        return f"{' AND '.join(either)} AND NOT ({' AND '.join(self.conditions)})"

    def _known(self, one: Filter) -> str:
        marks = ", ".join(self.bind(value) for value in one.values)
        holds = self._exists(one, self._holds(one, f"value IN ({marks})"))
        return f"({holds} OR {self._settled(one)})"

    # -- groups --------------------------------------------------------------------------------

    def group(self, number: int, one: Group) -> str:
        """What to group by; of what can have several values, each one that holds."""
        if one.kind in ("term", "attribute"):
            table, key, of = (
                ("term", "check_id", self.source.check)
                if one.kind == "term"
                else ("attribute", "entry", "u.entry")
            )
            holds = f"AND g{number}.holds" if one.kind == "term" else ""
            self.joins[
                f"LEFT JOIN {table} g{number} ON g{number}.{key} = {of} "
                f"AND g{number}.name = {self.bind(one.column)} {holds}"
            ] = None
            return f"coalesce(g{number}.value, '')"
        at = self.expression(one.column)
        if one.column == "title":  # the same name in other capitals is the same name
            at = f"lower({at})"
        if one.bucket:
            at = f"CASE WHEN {at} > '' THEN {_SPANS[one.bucket].format(at)} ELSE '' END"
        return f"coalesce({at}, '')"

    def select(self, what: str, where: Sequence[str] = (), tail: str = "") -> str:
        """The whole statement."""
        wheres = " AND ".join(f"({part})" for part in (self.visible, *where))
        joins = " ".join(self.joins)
        return f"SELECT {what} FROM {self.source.tables} {joins} WHERE {wheres} {tail}"
