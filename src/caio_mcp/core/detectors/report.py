"""What a scan says: one finding for each value, with its count and first place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..wording import Plain
from .finding import CONFIDENCES, Confidence, Hit, at_least
from .taxonomy import SECRET, TYPES, type_of

VALUES_MAX = 5_000  # of one scan that are told apart; of more only the number is kept
PLACES_MAX = 2  # of a type that are named
MARK_BYTES = 8  # of the keyed hash by which the same value is known again


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: line and column from 1, and in what part of a document."""

    line: int = 0
    column: int = 0
    where: str = ""

    def __str__(self) -> str:
        if self.where:
            return self.where
        return f"line {self.line}" if self.line else ""


@dataclass(slots=True)
class Finding:
    """A value that was found, as often as it was. The value can be read only in memory."""

    type: str
    confidence: Confidence
    place: Place
    via: tuple[str, ...] = ()
    count: int = 1
    value: str = field(default="", repr=False)

    @property
    def category(self) -> str:
        """What kind of data it is."""
        return type_of(self.type).category

    @property
    def masked(self) -> str:
        """The value with what tells it apart hidden: for the terminal of who has the file, and
        never for a chat."""
        return mask(self.type, self.value)

    def mark(self, key: bytes) -> str:
        """A keyed hash of the value: the same value has the same one in this installation."""
        import hashlib
        import hmac

        message = f"{self.type}\0{self.value}".encode("utf-8", "replace")
        return hmac.new(key, message, hashlib.sha256).hexdigest()[: 2 * MARK_BYTES]

    def as_dict(self, *, is_masked: bool = False) -> dict[str, Plain]:
        """The finding in names and values; with a masked value only where that is shown to
        the person who has the file."""
        found: dict[str, Plain] = {
            "type": self.type,
            "category": self.category,
            "confidence": self.confidence,
            "count": self.count,
            "line": self.place.line,
            "column": self.place.column,
        }
        if self.place.where:
            found["where"] = self.place.where
        if is_masked:
            found["masked"] = self.masked
        return found | {"via": list(self.via)}


@dataclass(slots=True)
class Report:
    """The findings of a scan, and how much of the data it saw."""

    scanned_bytes: int = 0
    is_truncated: bool = False
    values_max: int = VALUES_MAX
    uncounted: Counter[str] = field(default_factory=Counter)  # by type, beyond VALUES_MAX
    _found: dict[tuple[str, str], Finding] = field(default_factory=dict, repr=False)

    @property
    def findings(self) -> list[Finding]:
        """The surest first, then in the order of their places."""
        return sorted(self._found.values(), key=lambda f: -CONFIDENCES.index(f.confidence))

    def at_least(self, least: Confidence) -> list[Finding]:
        """The findings of at least a confidence."""
        return [found for found in self.findings if at_least(found.confidence, least)]

    def add(self, hits: Iterable[Hit], lines: Lines, where: str = "") -> None:
        """Take in what was found in one text."""
        for hit in hits:
            self.put(hit, lines.place(hit.start, where))

    def put(self, hit: Hit, place: Place) -> None:
        """Take in one hit."""
        key = hit.type, hit.value
        known = self._found.get(key)
        if known is not None:
            known.count += 1
            if at_least(hit.confidence, known.confidence):
                known.confidence = hit.confidence
        elif len(self._found) < self.values_max:
            self._found[key] = Finding(hit.type, hit.confidence, place, hit.via, value=hit.value)
        else:
            self.uncounted[hit.type] += 1

    def counts(self, least: Confidence = "medium") -> dict[str, int]:
        """How many values of each type, those of all secrets together; the gravest first."""
        found: Counter[str] = Counter()
        for finding in self.at_least(least):
            found[SECRET if finding.type.startswith(SECRET) else finding.type] += finding.count
        for name, count in self.uncounted.items():
            found[SECRET if name.startswith(SECRET) else name] += count
        order = {name: number for number, name in enumerate(GRAVEST)}
        return dict(
            sorted(found.items(), key=lambda i: (order.get(type_of(i[0]).category, 99), -i[1]))
        )

    def categories(self, least: Confidence = "medium") -> list[str]:
        """The categories of what was found."""
        return sorted({found.category for found in self.at_least(least)})

    def data(self) -> frozenset[str]:
        """The members of `data.categories` that the findings prove."""
        found = {type_of(name).data for name in self.counts()}
        return frozenset(found - {""})


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one type: how many, how sure, and where the first ones are."""

    type: str
    count: int
    confidence: Confidence
    places: tuple[str, ...]

    def as_dict(self) -> dict[str, Plain]:
        """The group in names and values, of which none is from the data."""
        return {
            "type": self.type,
            "category": type_of(self.type).category,
            "count": self.count,
            "confidence": self.confidence,
            "first_at": list(self.places),
        }


def groups(report: Report, least: Confidence = "medium") -> list[Group]:
    """The findings by type, the gravest first."""
    places: dict[str, list[str]] = {}
    surest: dict[str, Confidence] = {}
    for found in report.at_least(least):
        name = SECRET if found.type.startswith(SECRET) else found.type
        surest.setdefault(name, found.confidence)
        where, place = places.setdefault(name, []), str(found.place)
        if place and place not in where and len(where) < PLACES_MAX:
            where.append(place)
    return [
        Group(name, count, surest.get(name, least), tuple(places.get(name, ())))
        for name, count in report.counts(least).items()
    ]


GRAVEST = (
    "credentials",
    "payment_card",
    "special_category",
    "health",
    "criminal",
    "children",
    "government_id",
    "confidential_marking",
    "financial",
    "personal",
    "location",
    "source_code",
)


class Lines:
    """Where the bytes of a text stand, by line and column."""

    def __init__(self, text: bytes, line: int = 1, column: int = 1) -> None:
        self._text, self._line, self._column = text, line, column
        self._ends = [match.end() for match in re.finditer(b"\n", text)]
        self._last = 0, 0  # the place that was told last, and its characters in its line

    def place(self, offset: int, where: str = "") -> Place:
        """The place of a byte; its line alone where columns mean nothing."""
        line = bisect_right(self._ends, offset)
        if not self._column:
            return Place(self._line + line, 0, where)
        start = self._ends[line - 1] if line else 0
        known, column = self._last  # hits come in order: what is before the last one is counted
        if not start <= known <= offset:
            known, column = start, 0
        column += len(self._text[known:offset].decode("utf-8", "replace"))
        self._last = offset, column
        return Place(self._line + line, column + (1 if line else self._column), where)


_SHOWN_LAST = ("payment_card", "government_id", "financial")
_ALL = re.compile(r"\w")


def mask(name: str, value: str) -> str:
    """A value with stars for what tells it apart, as long as the value is."""
    if name == "EMAIL_ADDRESS" and "@" in value:
        head, _, domain = value.rpartition("@")
        host, _, end = domain.rpartition(".")
        return f"{head[:1]}{_ALL.sub('*', head[1:])}@{_ALL.sub('*', host)}.{end}"
    kind = TYPES.get(name)
    keep = 4 if kind and (kind.category in _SHOWN_LAST or name == "PHONE_NUMBER") else 0
    if keep and sum(map(str.isalnum, value)) >= 3 * keep:
        left = sum(map(str.isalnum, value)) - keep
        return _ALL.sub("*", value, count=left)
    if name.startswith(SECRET) or (kind and kind.category == "credentials"):
        return "*" * min(len(value), 40)
    return value[:1] + _ALL.sub("*", value[1:])


def together(counts: Sequence[tuple[str, int]]) -> str:
    """`2 card numbers, 214 e-mail addresses`."""
    return ", ".join(type_of(name).counted(count) for name, count in counts)
