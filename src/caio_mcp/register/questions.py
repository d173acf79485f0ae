"""What can be asked of the register: datasets, their columns, filters, groups and measures.

Every column is listed here once; an engine says where it finds each. Facts of the vocabulary and
attributes of imported entries are columns too, wherever a dataset rests on decisions or entries.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

from ..core.document import nearest, quote
from ..errors import RequestError
from .terms import EXCEPTION, KIND, OBLIGATION, QUESTION, REVIEWER, RULE

Kind = Literal["text", "date", "number", "term", "attribute"]
Measure = Literal["count", "share", "median_days"]
Bucket = Literal["", "day", "week", "month", "quarter", "year"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
GROUPS_MAX = 3
FILTERS_MAX = 12
VALUES_MAX = 60
LIMIT_MAX = 200
NONE, ANY = "none", "any"


@dataclass(frozen=True, slots=True)
class Column:
    """Something that rows can be filtered and grouped by."""

    name: str
    meaning: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows of one kind. `days` says what median_days is of."""

    name: str
    rows: str  # what a row is, in the plural
    columns: Mapping[str, Column]
    shown: tuple[str, ...]  # of a row, where no group was asked for
    days: str = ""
    has_facts: bool = False
    has_attributes: bool = False


def _columns(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


_ID = Column("entry", "id of the entry, as E-0042")
_UNIT = Column("unit", "unit that the entry belongs to")
_TITLE = Column("title", "what somebody called it")
_TERMS = (
    Column(RULE, "rule or cell that made the decision", "term"),
    Column(QUESTION, "fact that was still open", "term"),
    Column(EXCEPTION, "exception that the decision rests on", "term"),
    Column(KIND, "kind of data that was named", "term"),
    Column(REVIEWER, "role that reviews it", "term"),
    Column(OBLIGATION, "obligation that comes with it", "term"),
)
_OF_ENTRY = (
    _ID,
    _TITLE,
    Column("status", "how it stands"),
    Column("stage", "planned, development, pilot, deployed, retired"),
    _UNIT,
    Column("organisation", "organisation it belongs to"),
    Column("owner", "pseudonym of the owner"),
    Column("asks_for", "use, tool or exception"),
    Column("decision", "what the policy said when it was last decided"),
    Column("task", "what is done"),
    Column("tool", "catalogue id of the tool"),
    Column("level", "level of the data"),
    Column("impact", "of imported entries: high, presumed_high_but_not, not_high"),
    Column("source", "inventory it was imported from"),
    Column("recheck", "tightened or loosened, if decided otherwise today"),
    Column("own", "yes if the caller owns it or takes part"),
    Column("created", "when it was put in", "date"),
    Column("decided", "when it was last decided", "date"),
    Column("due", "until when it should be reviewed", "date"),
    Column("review_on", "when it is looked at again", "date"),
    Column("members", "how many take part", "number"),
)

DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "entries",
            "entries",
            _columns(*_OF_ENTRY, *_TERMS),
            ("entry", "status", "title", "unit", "decision", "due", "review_on"),
            days="from put in to last decided",
            has_facts=True,
            has_attributes=True,
        ),
        Dataset(
            "decisions",
            "decisions on entries",
            _columns(
                Column("at", "when it was decided", "date"),
                _ID,
                _TITLE,
                _UNIT,
                Column("decision", "what the policy said"),
                Column("status", "how the entry stood then"),
                Column("cause", "created, decided, reviewed"),
                Column("role", "role of who did it"),
                *_TERMS,
            ),
            ("at", "entry", "title", "decision", "status", "cause", "role"),
            has_facts=True,
        ),
        Dataset(
            "reviews",
            "reviews",
            _columns(
                Column("at", "when", "date"),
                _ID,
                _TITLE,
                _UNIT,
                Column("outcome", "how the entry stood after it"),
                Column("cause", "reviewed, granted or revoked"),
                Column("role", "role of who reviewed"),
                Column("person", "pseudonym of who reviewed"),
                Column("own", "yes if it was the reviewer's own entry"),
            ),
            ("at", "entry", "title", "outcome", "cause", "role"),
            days="from the entry being put in to the review",
        ),
        Dataset(
            "exceptions",
            "exceptions",
            _columns(
                Column("exception", "id, as X-0007"),
                _ID,
                _TITLE,
                Column("rule", "rule or cell it is from"),
                Column("unit", "unit it is for; none is every unit"),
                Column("role", "role of who granted it"),
                Column("person", "pseudonym of who granted it"),
                Column("state", "active, expired or revoked"),
                Column("starts", "first day", "date"),
                Column("expires", "last day", "date"),
            ),
            ("exception", "rule", "entry", "title", "unit", "expires", "state", "role"),
            days="how long they were granted for",
        ),
        Dataset(
            "obligations",
            "obligations",
            _columns(
                Column("obligation", "id of the obligation"),
                _ID,
                _TITLE,
                _UNIT,
                Column("state", "open, met or waived"),
                Column("origin", "policy, or review: a condition of a reviewer"),
                Column("overdue", "yes if open and past its day"),
                Column("since", "since when it is asked for", "date"),
                Column("due", "until when", "date"),
                Column("settled", "when it was met or waived", "date"),
            ),
            ("entry", "title", "obligation", "state", "due"),
            days="from asked for to settled",
        ),
        Dataset(
            "log",
            "checks",
            _columns(
                Column("at", "when it was asked", "date"),
                Column("unit", "unit of who asked"),
                Column("organisation", "organisation of who asked"),
                Column("decision", "what the policy said"),
                Column("wanted", "name of a tool that nobody lists"),
                Column("via", "mcp or cli"),
                *_TERMS,
            ),
            ("at", "unit", "decision"),
            has_facts=True,
        ),
        Dataset(
            "imports",
            "imports",
            _columns(
                Column("at", "when", "date"),
                Column("source", "inventory"),
                Column("rows", "rows of the file", "number"),
                Column("columns", "columns of the file", "number"),
                Column("added", "uses that were new", "number"),
                Column("changed", "uses that had changed", "number"),
                Column("unchanged", "uses that were as before", "number"),
            ),
            ("at", "source", "rows", "columns", "added", "changed", "unchanged"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one column: one of `values`, blank, not blank, or from `low` to `high`.
    With `is_negative` it is none of the values. Of a fact only what is certain counts, both
    ways."""

    column: str
    kind: Kind
    values: tuple[str, ...] = ()
    is_negative: bool = False
    is_list: bool = False  # whether the fact can have several values
    is_blank: bool | None = None
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A column to count by; of a date, by its bucket."""

    column: str
    kind: Kind
    bucket: Bucket = ""

    @property
    def name(self) -> str:
        """As it is written."""
        return f"{self.column}:{self.bucket}" if self.bucket else self.column


@dataclass(frozen=True, slots=True)
class Query:
    """A question over one dataset."""

    about: str
    filters: tuple[Filter, ...] = ()
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ("count",)
    count_min: int = 1  # of a group
    limit: int = 20
    cursor: str = ""

    @property
    def digest(self) -> str:
        """What a cursor of this question carries, so that it fits no other one."""
        told = json.dumps(asdict(self) | {"cursor": "", "limit": 0}, sort_keys=True)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Found:
    """What a question came to: rows or groups as plain values, in their order.

    `total` rows fit, of `whole` that the caller may see; `groups` is how many groups there are.
    `open` counts rows that do not fit only because a fact of the filters is not known of them.
    `suppressed` groups were too small to be shown, with so many rows together.
    """

    rows: tuple[Mapping[str, str | int | float], ...]
    total: int
    whole: int
    event: int
    is_counted: bool = True  # else there are more than total and whole say
    groups: int = 0
    open: int = 0
    suppressed: int = 0
    cursor: str = ""
    columns: tuple[str, ...] = field(default=())


class Reader:
    """Reads questions as texts, over the facts and attributes that there are."""

    def __init__(
        self,
        facts: Collection[str],
        attributes: Collection[str],
        short_names: Mapping[str, str],
        read_values: Callable[[str, tuple[str, ...]], tuple[tuple[str, ...], bool]],
    ) -> None:
        self._facts = facts
        self._attributes = attributes
        self._short = short_names
        self._read_values = read_values  # of a fact: groups spelled out; whether it is a list

    def dataset(self, about: str) -> Dataset:
        """The dataset of that name."""
        if about not in DATASETS:
            raise RequestError(
                f"{quote(about)} is nothing to ask about.", remedy=nearest(about, DATASETS)
            )
        return DATASETS[about]

    def column(self, dataset: Dataset, name: str) -> Column:
        """The column of that name: of the dataset, a fact, or an attribute."""
        name = name.strip()
        if name in dataset.columns:
            return dataset.columns[name]
        fact = self._short.get(name, name)
        if dataset.has_facts and fact in self._facts:
            return Column(fact, "fact", "term")
        if dataset.has_attributes and name in self._attributes:
            return Column(name, "attribute", "attribute")
        known = [*dataset.columns]
        known += self._facts if dataset.has_facts else []
        known += self._attributes if dataset.has_attributes else []
        raise RequestError(
            f"{quote(name)} is not a column of {dataset.name}.", remedy=nearest(name, known)
        )

    def filter(self, dataset: Dataset, text: str) -> Filter:
        """`column=value[,value]`, `column!=value`, `column=2026-10-01..2026-12-31`,
        `column=2026-Q4`, `column=none`, `column=any`."""
        match = re.fullmatch(r"\s*([^=!<>]+?)\s*(!=|>=|<=|=)\s*(.*?)\s*", text, re.DOTALL)
        if match is None:
            raise RequestError(
                f"{quote(text)} is not a filter.",
                remedy="Write column=value, for example status=under_review.",
            )
        name, sign, said = match.groups()
        column = self.column(dataset, name)
        negative = sign == "!="
        values = tuple(dict.fromkeys(v.strip() for v in said.split(",") if v.strip()))
        if len(values) > VALUES_MAX:
            raise RequestError(f"{VALUES_MAX} values are the most in one filter.")
        if not values or values in ((NONE,), (ANY,)):
            is_blank = (values != (ANY,)) != negative
            return Filter(column.name, column.kind, is_blank=is_blank)
        if column.kind == "date":
            return _of_dates(column, sign, said)
        if column.kind == "number":
            return _of_numbers(column, sign, said)
        if sign in (">=", "<="):
            raise RequestError(
                f"{column.name} has no order.", remedy="Use = or != with values of it."
            )
        is_list = False
        if column.kind == "term" and column.name in self._facts:
            values, is_list = self._read_values(column.name, values)
        return Filter(column.name, column.kind, values, negative, is_list)

    def group(self, dataset: Dataset, text: str) -> Group:
        """`column`, or `column:month` of a date."""
        name, _, said = text.partition(":")
        column = self.column(dataset, name)
        bucket: Bucket = next((b for b in BUCKETS if b == said), "")
        if said and not bucket:
            raise RequestError(f"{quote(said)} is no span.", remedy=nearest(said, BUCKETS[1:]))
        if bucket and column.kind != "date":
            raise RequestError(f"{column.name} is not a date.", remedy=f"Group by {column.name}.")
        return Group(column.name, column.kind, bucket or ("day" if column.kind == "date" else ""))


_SPANS = (
    (re.compile(r"([0-9]{4})"), lambda y: (f"{y}-01-01", f"{y}-12-31")),
    (
        re.compile(r"([0-9]{4})-[qQ]([1-4])"),
        lambda y, q: (f"{y}-{int(q) * 3 - 2:02}-01", _month_end(int(y), int(q) * 3)),
    ),
    (
        re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
        lambda y, m: (f"{y}-{m}-01", _month_end(int(y), int(m))),
    ),
)


def _month_end(year: int, month: int) -> str:
    first = datetime.date(year + month // 12, month % 12 + 1, 1)
    return (first - datetime.timedelta(days=1)).isoformat()


def _span(column: Column, text: str) -> tuple[str, str]:
    """The first and the last day of what is written."""
    for pattern, days in _SPANS:
        match = pattern.fullmatch(text)
        if match and "0000" < match.group(1) < "9999":
            return days(*match.groups())
    try:
        day = datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise RequestError(
            f"{quote(text)} is no date for {column.name}.",
            remedy="Write 2026-11-22, 2026-11, 2026-Q4, 2026 or two of them with .. between.",
        ) from None
    return day, day


def _of_dates(column: Column, sign: str, said: str) -> Filter:
    low, dots, high = (part.strip() for part in said.partition(".."))
    if not dots:
        first, last = _span(column, low)
        if sign == "!=":
            raise RequestError(
                f"{column.name} takes a span, not !=.", remedy="Write column=..2026-06-30."
            )
        low, high = {"=": (first, last), ">=": (first, ""), "<=": ("", last)}[sign]
        return Filter(column.name, column.kind, low=low, high=high)
    return Filter(
        column.name,
        column.kind,
        low=_span(column, low)[0] if low else "",
        high=_span(column, high)[1] if high else "",
    )


def _of_numbers(column: Column, sign: str, said: str) -> Filter:
    low, dots, high = (part.strip() for part in said.partition(".."))
    for part in (low, high):
        if part and not (part.isascii() and part.isdigit() and len(part) <= 12):
            raise RequestError(
                f"{quote(part)} is no number for {column.name}.", remedy="Write column=2..10."
            )
    if not dots:
        low, high = {"=": (low, low), ">=": (low, ""), "<=": ("", low)}.get(sign, ("", ""))
        if not low and not high:
            raise RequestError(f"{column.name} takes =, >= or <=.", remedy="Write column>=2.")
    return Filter(column.name, column.kind, low=low, high=high)


def write_cursor(query: Query, position: int | str) -> str:
    """Where a page ended, for the next one of the same question."""
    told = json.dumps([query.digest, position], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read_cursor(query: Query) -> int | None:
    """Where the page before ended; a request error for the cursor of another question."""
    if not query.cursor:
        return None
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        digest, position = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError):
        digest, position = "", 0
    if digest != query.digest or type(position) is not int or not 0 <= position < 2**53:
        raise RequestError(
            "The cursor is not of this question.",
            remedy="Ask the same question with the cursor it gave, or without one.",
        )
    return position
