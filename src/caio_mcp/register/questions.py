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
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Literal, get_args

from ..core.lifecycle import STAGES, STATUSES, Request
from ..core.vocabulary import EFFECTS, NEED_MORE
from ..core.wording import nearest, normal, quote, quote_part, read_day
from ..errors import RequestError
from .terms import EXCEPTION, KIND, OBLIGATION, QUESTION, REVIEWER, RULE

Kind = Literal["text", "date", "number", "term", "fact", "attribute"]
State = Literal["", "blank", "nothing", "any"]
Measure = Literal["count", "share", "median_days"]
Bucket = Literal["", "day", "week", "month", "quarter", "year"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
GROUPS_MAX = 3
FILTERS_MAX = 12
VALUES_MAX = 60
LIMIT_MAX = 200
COUNT_MAX = 1_000_000_000  # of a group
CURSOR_CHARACTERS_MAX = 2_000
SMALL_GROUP = 5  # checks; in fewer, somebody could be recognised
NONE, ANY, UNKNOWN = "none", "any", "unknown"
YES_NO = ("yes", "no")
OPEN_FACTS = ("purpose.task", "tool.id")  # what others are told of an entry that they can join


@dataclass(frozen=True, slots=True)
class Column:
    """Something that rows can be filtered and grouped by. Whoever sees a row may know what
    `is_open`; the rest only of rows that are theirs to read."""

    name: str
    meaning: str
    kind: Kind = "text"
    values: tuple[str, ...] = ()  # the only ones there are; empty where they are open
    is_open: bool = False
    fact: str = ""  # its id, where the name is a short one


@dataclass(frozen=True, slots=True)
class FactColumn:
    """What a filter on a fact has to know of it."""

    values: Collection[str] = ()
    is_list: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows of one kind. `days` says what median_days is of."""

    name: str
    row: str  # what a row is
    rows: str
    columns: Mapping[str, Column]
    shown: tuple[str, ...]  # of a row, where no group was asked for
    days: str = ""
    has_facts: bool = False
    has_attributes: bool = False
    is_counted: bool = False  # only in groups that are large enough


def _columns(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


_DECISIONS = (*(effect.name for effect in EFFECTS), NEED_MORE)
_ID = Column("entry", "id of the entry, as E-0042", is_open=True)
_UNIT = Column("unit", "unit that the entry belongs to", is_open=True)
_TITLE = Column("title", "what somebody called it", is_open=True)
_STATUS = Column("status", "how the entry stands", values=STATUSES, is_open=True)
_POLICY = Column("policy", "hash of the policy that decided")
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
    _STATUS,
    Column("stage", "how far it has come", values=STAGES[1:]),
    _UNIT,
    Column("organisation", "organisation it belongs to", is_open=True),
    Column("owner", "pseudonym of the owner"),
    Column("asks_for", "what is asked for", values=get_args(Request)),
    Column("decision", "what the policy said when it was last decided", "text", _DECISIONS, True),
    Column("approved_by", "role that approved what is in force; policy, if nobody had to"),
    Column("check", "check that it rests on"),
    _POLICY,
    Column("impact", "of imported entries: high, presumed_high_but_not, not_high"),
    Column("source", "inventory it was imported from"),
    Column("recheck", "if decided otherwise today", values=("tightened", "loosened")),
    Column("own", "yes if the caller owns it or takes part", "text", YES_NO, True),
    Column("created", "when it was put in", "date", is_open=True),
    Column("decided", "when it was last decided", "date"),
    Column("due", "until when it should be reviewed", "date"),
    Column("review_on", "when it is looked at again", "date"),
    Column("members", "how many take part", "number", is_open=True),
)

DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "entries",
            "entry",
            "entries",
            _columns(*_OF_ENTRY, *_TERMS),
            ("entry", "status", "title", "unit", "decision", "due", "review_on"),
            days="from put in to last decided",
            has_facts=True,
            has_attributes=True,
        ),
        Dataset(
            "decisions",
            "decision on an entry",
            "decisions on entries",
            _columns(
                Column("at", "when it was decided", "date"),
                _ID,
                _TITLE,
                _UNIT,
                _POLICY,
                Column("decision", "what the policy said", values=_DECISIONS),
                Column("status", "how the entry stood then", values=STATUSES),
                Column("cause", "created, decided, reviewed"),
                Column("role", "role of who did it"),
                *_TERMS,
            ),
            ("at", "entry", "title", "decision", "status", "cause", "role"),
            has_facts=True,
        ),
        Dataset(
            "reviews",
            "review",
            "reviews",
            _columns(
                Column("at", "when", "date"),
                _ID,
                _TITLE,
                _UNIT,
                _STATUS,
                Column("outcome", "how the entry stood after it", values=STATUSES),
                Column("cause", "what was done", values=("reviewed", "granted", "revoked")),
                Column("role", "role of who reviewed"),
                Column("person", "pseudonym of who reviewed"),
                Column("own", "yes if it was the reviewer's own entry", values=YES_NO),
            ),
            ("at", "entry", "title", "outcome", "cause", "role"),
            days="from the entry being put in to the review",
            has_facts=True,
        ),
        Dataset(
            "exceptions",
            "exception",
            "exceptions",
            _columns(
                Column("exception", "id, as X-0007"),
                _ID,
                _TITLE,
                Column("rule", "rule or cell it is from"),
                Column("unit", "unit it is for; none is every unit"),
                Column("role", "role of who granted it"),
                Column("person", "pseudonym of who granted it"),
                _STATUS,
                Column("state", "today", values=("planned", "active", "expired", "revoked")),
                Column("starts", "first day", "date"),
                Column("expires", "last day", "date"),
            ),
            ("exception", "rule", "entry", "title", "unit", "expires", "state", "role"),
            days="how long they were granted for",
            has_facts=True,
        ),
        Dataset(
            "obligations",
            "obligation",
            "obligations",
            _columns(
                Column("obligation", "id of the obligation"),
                _ID,
                _TITLE,
                _UNIT,
                _STATUS,
                Column("state", "how it stands", values=("open", "met", "waived")),
                Column("origin", "review: a condition of a reviewer", values=("policy", "review")),
                Column("overdue", "yes if open and past its day", values=YES_NO),
                Column("since", "since when it is asked for", "date"),
                Column("due", "until when", "date"),
                Column("settled", "when it was met or waived", "date"),
            ),
            ("entry", "title", "obligation", "state", "due"),
            days="from asked for to settled",
            has_facts=True,
        ),
        Dataset(
            "log",
            "check",
            "checks",
            _columns(
                Column("at", "when it was asked", "date"),
                Column("unit", "unit of who asked"),
                Column("organisation", "organisation of who asked"),
                Column("decision", "what the policy said", values=_DECISIONS),
                Column("wanted", "name of a tool that nobody lists"),
                Column("via", "mcp or cli"),
                *_TERMS,
            ),
            (),  # checks are counted, never listed: a line would be one person's
            has_facts=True,
            is_counted=True,
        ),
        Dataset(
            "imports",
            "import",
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
    """A condition on one column: one of `values`, or from `low` to `high`, or a state: blank,
    any value, or (of a list) known to have none. With `is_negative` it is the opposite. Of a
    fact only what is certain counts, both ways."""

    column: str
    kind: Kind
    values: tuple[str, ...] = ()
    is_negative: bool = False
    state: State = ""
    low: str = ""
    high: str = ""
    is_list: bool = False  # whether the fact can have several values
    is_open: bool = False  # whether all who see a row may know the column


@dataclass(frozen=True, slots=True)
class Group:
    """A column to count by; of a date, by its bucket."""

    column: str
    kind: Kind
    bucket: Bucket = ""
    label: str = ""

    @property
    def name(self) -> str:
        """As it is written."""
        name = self.label or self.column
        return f"{name}:{self.bucket}" if self.bucket else name


@dataclass(frozen=True, slots=True)
class Order:
    """What rows or groups are sorted by."""

    by: str
    kind: Kind = "text"
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question over one dataset. Without an order rows come the newest first, groups the
    largest first, those of dates the earliest."""

    about: str
    filters: tuple[Filter, ...] = ()
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ("count",)
    count_min: int = 1  # of a group
    order: Order | None = None
    limit: int = 20
    cursor: str = ""

    @property
    def digest(self) -> str:
        """What a cursor of this question carries, so that it fits no other one."""
        told = json.dumps(asdict(self) | {"cursor": "", "limit": 0}, sort_keys=True)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows fit. With `is_bound` there are more than it says; `open` counts rows that do
    not fit only because a fact of the filters is not known of them."""

    total: int = 0
    is_bound: bool = False
    open: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a question came to: rows or groups as plain values, in their order.

    `total` rows fit, of `whole` that the caller may see; `groups` is how many groups there are.
    `suppressed` groups were too small to be shown, or would have given a small one away; where
    the total itself would, `is_small` says so and it is not given. `cursors` are where the page
    can be cut, one after each row.
    """

    rows: tuple[Mapping[str, str | int | float], ...] = ()
    total: int = 0
    whole: int = 0
    event: int = 0
    is_bound: bool = False  # else there are more than total and whole say
    groups: int = 0
    open: int = 0
    suppressed: int = 0
    is_small: bool = False
    cursors: tuple[str, ...] = ()
    has_more: bool = False
    columns: tuple[str, ...] = ()

    @property
    def cursor(self) -> str:
        """For the next page."""
        return self.cursor_after(len(self.rows))

    def cursor_after(self, count: int) -> str:
        """For the rest, where only so many rows are shown."""
        is_rest = self.has_more or count < len(self.rows)
        return self.cursors[count - 1] if is_rest and count else ""


class Reader:
    """Reads questions as texts, over the facts and attributes that there are."""

    def __init__(
        self,
        facts: Mapping[str, FactColumn],
        attributes: Mapping[str, tuple[str, ...]],
        short_names: Mapping[str, str],
        read_values: Callable[[str, Sequence[str]], Sequence[str]],
    ) -> None:
        self._facts = facts
        self._attributes = attributes  # the values of each that has only certain ones
        self._short = short_names
        self._read_values = read_values  # of a fact: words and groups as its values

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
            return Column(name, "fact", "fact", fact=fact, is_open=fact in OPEN_FACTS)
        attribute = name.removeprefix("imported.")  # where a column or fact has the same name
        if dataset.has_attributes and attribute in self._attributes:
            return Column(attribute, "attribute", "attribute", self._attributes[attribute])
        known = [*dataset.columns]
        known += [*self._short, *self._facts] if dataset.has_facts else []
        known += self._attributes if dataset.has_attributes else []
        raise RequestError(
            f"{quote(name)} is not a column of {dataset.name}.", remedy=nearest(name, known)
        )

    # -- filters -------------------------------------------------------------------------------

    def filter(self, dataset: Dataset, text: str) -> Filter:
        """`column=value[,value]`, `column!=value`, `column=2026-10-01..2026-12-31`,
        `column=2026-Q4`, `column=none`, `column=any`, `column>=2`."""
        match = _FILTER.fullmatch(text)
        if match is None:
            raise RequestError(
                f"{quote(text)} is not a filter.",
                remedy="Write column=value, for example status=under_review.",
            )
        name, sign, said = match.groups()
        column = self.column(dataset, name)
        words = tuple(dict.fromkeys(v.strip() for v in said.split(",") if v.strip()))
        if not words:
            raise RequestError(
                f"{column.name} has no value.", remedy=f"For blank write {column.name}=none."
            )
        if len(words) > VALUES_MAX:
            raise RequestError(f"{VALUES_MAX} values are the most in one filter.")
        if sign in ("=", "!="):
            state = self._state(column, words)
            if state:
                return self._made(column, state=state, is_negative=sign == "!=")
        return self._of_values(column, sign, said, words)

    def _of_values(self, column: Column, sign: str, said: str, words: Sequence[str]) -> Filter:
        fact = self._facts[column.fact] if column.kind == "fact" else FactColumn()
        if column.kind == "date":
            low, high = _days(column, sign, said)
            return self._made(column, low=low, high=high)
        if column.kind == "number" or fact.is_number:
            low, high = _numbers(column, sign, said)
            return self._made(column, low=low, high=high)
        if sign not in ("=", "!="):
            raise RequestError(
                f"{column.name} has no order.", remedy="Use = or != with values of it."
            )
        alone = {ANY, *(() if self._is_plain(column) else (NONE,))}
        if alone & set(words) or (column.kind == "fact" and UNKNOWN in words):
            raise RequestError(
                f"{NONE}, {ANY} and {UNKNOWN} stand alone.", remedy="Make two questions of it."
            )
        values = self._read(column, words)
        return self._made(column, values=values, is_negative=sign == "!=")

    def _is_plain(self, column: Column) -> bool:
        """Whether `none` is a value like others there."""
        return column.kind == "fact" and NONE in self._facts[column.fact].values

    def _state(self, column: Column, words: Sequence[str]) -> State:
        """What a word asks for that is no value: blank, anything, or (of a list) nothing. What
        is not known of a list is not nothing."""
        word = words[0] if len(words) == 1 else ""
        is_fact = column.kind == "fact"
        if word == UNKNOWN and is_fact:
            return "blank"
        if word == NONE and not self._is_plain(column):
            return "nothing" if is_fact and self._facts[column.fact].is_list else "blank"
        return "any" if word == ANY else ""

    def _made(
        self,
        column: Column,
        *,
        values: tuple[str, ...] = (),
        is_negative: bool = False,
        state: State = "",
        low: str = "",
        high: str = "",
    ) -> Filter:
        is_list = column.kind == "fact" and self._facts[column.fact].is_list
        if is_negative and is_list and state in ("any", "nothing"):
            state, is_negative = ("nothing" if state == "any" else "any"), False
        if is_negative and not is_list and state:
            state, is_negative = ("blank" if state == "any" else "any"), False
        name = column.fact or column.name
        return Filter(
            name, column.kind, values, is_negative, state, low, high, is_list, column.is_open
        )

    def _read(self, column: Column, words: Sequence[str]) -> tuple[str, ...]:
        if column.kind == "fact":
            return tuple(dict.fromkeys(self._read_values(column.fact, words)))
        if not column.values:
            return tuple(words)
        known = {normal(value): value for value in column.values}
        for word in words:
            if normal(word) not in known:
                raise RequestError(
                    f"{quote_part(word, words)} is not a value of {column.name}.",
                    remedy=nearest(word, column.values),
                )
        return tuple(dict.fromkeys(known[normal(word)] for word in words))

    # -- groups and order ----------------------------------------------------------------------

    def group(self, dataset: Dataset, text: str) -> Group:
        """`column`, or `column:month` of a date."""
        name, _, said = text.partition(":")
        column = self.column(dataset, name)
        bucket: Bucket = next((b for b in BUCKETS if b == said), "")
        if said and not bucket:
            raise RequestError(f"{quote(said)} is no span.", remedy=nearest(said, BUCKETS[1:]))
        if bucket and column.kind != "date":
            raise RequestError(f"{column.name} is not a date.", remedy=f"Group by {column.name}.")
        bucket = bucket or ("day" if column.kind == "date" else "")
        return Group(column.fact or column.name, column.kind, bucket, column.name)

    def order(self, dataset: Dataset, text: str, groups: Sequence[Group] = ()) -> Order:
        """`column`, or `-column` for the last first; of groups also `count` and `median_days`."""
        is_descending = text.startswith("-")
        name = text.removeprefix("-").strip()
        if groups:
            known = [*MEASURES, *(group.name for group in groups)]
            if name not in known:
                raise RequestError(
                    f"Groups cannot be sorted by {quote(name)}.", remedy=nearest(name, known)
                )
            return Order(name, is_descending=is_descending)
        column = self.column(dataset, name)
        if column.kind not in ("text", "date", "number"):
            known = [c.name for c in dataset.columns.values() if c.kind in ("date", "number")]
            raise RequestError(
                f"Rows cannot be sorted by {column.name}.", remedy=f"Use {', '.join(known)}."
            )
        return Order(column.name, column.kind, is_descending)


_FILTER = re.compile(r"\s*([^=!<>]+?)\s*(!=|>=|<=|=)\s*(.*?)\s*", re.DOTALL)
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
        day = read_day(text).isoformat()
    except ValueError:
        raise RequestError(
            f"{quote(text)} is no date for {column.name}.",
            remedy="Write 2026-11-22, 2026-11, 2026-Q4, 2026 or two of them with .. between.",
        ) from None
    return day, day


def _days(column: Column, sign: str, said: str) -> tuple[str, str]:
    low, dots, high = (part.strip() for part in said.partition(".."))
    if dots and sign == "=":
        return _span(column, low)[0] if low else "", _span(column, high)[1] if high else ""
    first, last = _span(column, said)
    if sign == "!=":
        raise RequestError(
            f"{column.name} takes a span, not !=.", remedy=f"Write {column.name}=..2026-06-30."
        )
    return {"=": (first, last), ">=": (first, ""), "<=": ("", last)}[sign]


def _numbers(column: Column, sign: str, said: str) -> tuple[str, str]:
    low, dots, high = (part.strip() for part in said.partition(".."))
    for part in (low, high):
        if part and not (part.isascii() and part.isdigit() and len(part) <= 12):
            raise RequestError(
                f"{quote(part)} is no number for {column.name}.",
                remedy=f"Write {column.name}=2..10.",
            )
    if dots and sign == "=" and (low or high):
        return low, high
    if dots or not low or sign == "!=":
        raise RequestError(f"{column.name} takes =, >= or <=.", remedy=f"Write {column.name}>=2.")
    return {"=": (low, low), ">=": (low, ""), "<=": ("", low)}[sign]


# -- pages -------------------------------------------------------------------------------------

Position = tuple[str | int, int]  # what a row is sorted by, and its number


def write_cursor(query: Query, position: Position) -> str:
    """Where a page ended, for the next one of the same question."""
    told = json.dumps([query.digest, *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read_cursor(query: Query) -> Position | None:
    """Where the page before ended; a request error for the cursor of another question."""
    if not query.cursor:
        return None
    try:
        if len(query.cursor) > CURSOR_CHARACTERS_MAX:
            raise ValueError
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        told = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        digest, value, number = told
    except (ValueError, TypeError, RecursionError):
        digest, value, number = "", 0, 0
    is_place = type(number) is int and 0 <= number < 2**53
    is_value = type(value) is str or (type(value) is int and abs(value) < 2**53)
    if digest != query.digest or not is_place or not is_value:
        raise RequestError(
            "The cursor is not of this question.",
            remedy="Ask the same question with the cursor it gave, or without one.",
        )
    return value, number


# -- small groups ------------------------------------------------------------------------------


def too_small(groups: Iterable[tuple[tuple[Hashable, ...], int]]) -> set[tuple[Hashable, ...]]:
    """The groups that are not shown: those with too few checks, and others where the rest of a
    total would give one away. Totals are over all groups and over those that share some of
    their keys, because each of these can be asked for too."""
    counts = dict(groups)
    hidden = {key for key, count in counts.items() if count < SMALL_GROUP}
    if not hidden:
        return hidden
    width = len(next(iter(counts)))
    margins = [places for size in range(width) for places in combinations(range(width), size)]
    while True:
        before = len(hidden)
        for places in margins:
            _hide_more(counts, hidden, places)
        if len(hidden) == before:
            return hidden


def _hide_more(
    counts: Mapping[tuple[Hashable, ...], int],
    hidden: set[tuple[Hashable, ...]],
    places: tuple[int, ...],
) -> None:
    lines: dict[tuple[Hashable, ...], list[tuple[Hashable, ...]]] = {}
    for key in counts:
        lines.setdefault(tuple(key[place] for place in places), []).append(key)
    for keys in lines.values():
        within = [key for key in keys if key in hidden]
        rest = sum(counts[key] for key in within)
        # One alone is the rest; of several small ones each is known if all have the least or most.
        extremes = (len(within), len(within) * (SMALL_GROUP - 1))
        are_small = all(counts[key] < SMALL_GROUP for key in within)
        is_told = len(within) == 1 or rest < SMALL_GROUP or (are_small and rest in extremes)
        shown = [key for key in keys if key not in hidden]
        if within and shown and is_told:
            hidden.add(min(shown, key=lambda key: (counts[key], str(key))))
