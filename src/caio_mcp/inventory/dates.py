"""Dates as people write them: what of a date is certain, and the words as they stand.

Nothing is guessed. 03/04/2024 is a day only where somebody said which number is the day; else
only its year is certain. `FY25` is the fiscal year of whoever wrote it, so it has no days.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from .words import DASHES


class Precision(StrEnum):
    """How much of a date is certain."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    SEASON = "season"  # of the year; seasons have no agreed months
    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"
    FISCAL_QUARTER = "fiscal_quarter"
    RANGE = "range"
    ABOUT = "about"
    AMBIGUOUS = "ambiguous"  # day and month, or month and year, cannot be told apart
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date cell: its words, the certain part of it in ISO 8601, how precise that is.

    For a fiscal year or quarter, a season and an ambiguous date the ISO part is a year alone: the
    year in its name. A range is two of them with a slash; an open end is `..`.
    """

    text: str
    iso: str
    precision: Precision

    @property
    def year(self) -> str:
        """The calendar year, where the date is in one."""
        if self.precision in (Precision.UNKNOWN, Precision.RANGE):
            return ""
        return "" if self.precision in _FISCAL else self.iso[:4]


_FISCAL = (Precision.FISCAL_YEAR, Precision.FISCAL_QUARTER)
_YEARS = range(1900, 2101)
_SERIALS = range(18264, 73416)  # 1950-01-01 to 2100-12-31 in Excel's count of days
_EPOCH = datetime.date(1899, 12, 30)

# Month names of the languages that registers come in; each with its first three letters.
_NAMES = (
    ("january", "januari", "januar", "janvier", "enero", "jänner"),
    ("february", "februari", "februar", "fevrier", "février", "febrero"),
    ("march", "maart", "märz", "maerz", "mars", "marzo", "mrt", "mrz"),
    ("april", "avril", "abril", "avr", "abr"),
    ("may", "mei", "mai", "mayo"),
    ("june", "juni", "juin", "junio"),
    ("july", "juli", "juillet", "julio", "juil"),
    ("august", "augustus", "aout", "août", "agosto", "ago"),
    ("september", "septembre", "septiembre", "sept"),
    ("october", "oktober", "octobre", "octubre", "okt"),
    ("november", "novembre", "noviembre"),
    ("december", "dezember", "decembre", "décembre", "diciembre", "dez", "dic"),
)


def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for number, names in enumerate(_NAMES, 1):
        found.update(dict.fromkeys(names, number))
        found[names[0][:3]] = number
    return found


_MONTHS = _months()
_M = rf"(?P<m>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_D = r"(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?"
_Y = r"(?P<y>\d{4}|'?\d{2})"
_Y4 = r"(?P<y>\d{4})"
_FY = (
    r"(?:fy|fiscal year|financial year|f\.y\.)\s*'?(?P<y>\d{4}|\d{2})(?:\s*[/-]\s*(?P<y2>\d{2,4}))?"
)
_SEASON = r"(?P<s>spring|summer|autumn|fall|winter|lente|zomer|herfst)"
_CLOCK = re.compile(
    r"(?<=\d)(?:t|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:z|utc|gmt|[+-]\d{2}:?\d{2})?$"
)
_Found = tuple[str, Precision] | None
_Rule = Callable[[re.Match[str], "bool | None"], _Found]


def _year_of(digits: str) -> int:
    number = int(digits.lstrip("'"))
    if len(digits.lstrip("'")) == 2:
        return 2000 + number if number < 70 else 1900 + number  # as POSIX reads two digits
    return number


def _day(year: int, month: int, day: int) -> _Found:
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return None
    return (found.isoformat(), Precision.DAY) if year in _YEARS else None


def _month(year: int, month: int) -> _Found:
    if year in _YEARS and 1 <= month <= 12:
        return f"{year:04}-{month:02}", Precision.MONTH
    return None


def _a_year(year: int, precision: Precision = Precision.YEAR) -> _Found:
    return (f"{year:04}", precision) if year in _YEARS else None


def _iso_day(match: re.Match[str], day_first: bool | None) -> _Found:
    return _day(int(match["y"]), int(match["m"]), int(match["d"]))


def _iso_month(match: re.Match[str], day_first: bool | None) -> _Found:
    return _month(int(match["y"]), int(match["m"]))


def _numbers(match: re.Match[str], day_first: bool | None) -> _Found:
    """Two numbers and a year: the order is known, or only one order gives a date."""
    first, second, year = int(match["a"]), int(match["b"]), _year_of(match["y"])
    orders = {True: _day(year, second, first), False: _day(year, first, second)}
    if match["sep"] == ".":
        return orders[True]  # dates with dots are written day first everywhere
    possible = {found for found in orders.values() if found}
    if len(possible) == 1:
        return possible.pop()
    if not possible:
        return None
    return _a_year(year, Precision.AMBIGUOUS) if day_first is None else orders[day_first]


def _named_day(match: re.Match[str], day_first: bool | None) -> _Found:
    return _day(_year_of(match["y"]), _MONTHS[match["m"]], int(match["d"]))


def _named_month(match: re.Match[str], day_first: bool | None) -> _Found:
    return _month(_year_of(match["y"]), _MONTHS[match["m"]])


def _number_month(match: re.Match[str], day_first: bool | None) -> _Found:
    """5-Jan: a spreadsheet's short form of a day or of a month, whose year is gone or not."""
    return "", Precision.AMBIGUOUS


def _quarter(match: re.Match[str], day_first: bool | None) -> _Found:
    year = _year_of(match["y"])
    return (f"{year}-Q{match['q']}", Precision.QUARTER) if year in _YEARS else None


def _half(match: re.Match[str], day_first: bool | None) -> _Found:
    year = _year_of(match["y"])
    return (f"{year}-H{match['h']}", Precision.HALF) if year in _YEARS else None


def _fiscal(match: re.Match[str], day_first: bool | None) -> _Found:
    groups = match.groupdict()
    year = _year_of(groups.get("y2") or match["y"])  # FY2024/25 is named after its end
    is_quarter = bool(groups.get("q"))
    return _a_year(year, Precision.FISCAL_QUARTER if is_quarter else Precision.FISCAL_YEAR)


def _season(match: re.Match[str], day_first: bool | None) -> _Found:
    return _a_year(_year_of(match["y"]), Precision.SEASON)


def _about(match: re.Match[str], day_first: bool | None) -> _Found:
    return _a_year(int(match["y"]), Precision.ABOUT)


def _plain_year(match: re.Match[str], day_first: bool | None) -> _Found:
    return _a_year(int(match["y"]))


def _serial(match: re.Match[str], day_first: bool | None) -> _Found:
    days = int(match["n"])
    if days not in _SERIALS:
        return None
    return (_EPOCH + datetime.timedelta(days)).isoformat(), Precision.DAY


_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (rf"{_Y4}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})", _iso_day),
        (rf"{_Y4}(?P<m>\d{{2}})(?P<d>\d{{2}})", _iso_day),
        (rf"{_Y4}[-/.](?P<m>\d{{1,2}})", _iso_month),
        (rf"(?P<m>\d{{1,2}})[-/.]{_Y4}", _iso_month),
        (rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})[-/.]{_Y}", _numbers),
        (rf"{_D}[\s-]*(?:of |de )?{_M}[\s,-]*{_Y}", _named_day),
        (rf"{_M}[\s-]*{_D}(?:\s*,\s*|\s+|-){_Y4}", _named_day),
        (rf"{_Y4}[\s-]*{_M}[\s-]*{_D}", _named_day),
        (rf"{_M}[\s,/-]*(?:of |de )?{_Y4}", _named_month),
        (rf"{_M}[-'](?P<y>\d{{2}})", _named_month),
        (rf"{_Y4}[\s,/-]*{_M}", _named_month),
        (rf"\d{{1,2}}-{_M}", _number_month),
        (rf"{_M}\s+\d{{1,2}}", _number_month),
        (rf"{_Y4}[\s,/-]*q(?P<q>[1-4])", _quarter),
        (rf"(?:q|quarter )(?P<q>[1-4])[\s,/-]*(?:of |cy)?\s*{_Y}", _quarter),
        (rf"(?P<q>[1-4])q[\s/-]*{_Y}", _quarter),
        (
            rf"(?P<q>[1-4])(?:st|nd|rd|th) quarter(?: of)?,?\s*(?:cy\s*)?{_Y4}",
            _quarter,
        ),
        (rf"{_Y4}[\s,/-]*h(?P<h>[12])", _half),
        (rf"h(?P<h>[12])[\s,/-]*{_Y}", _half),
        (_FY, _fiscal),
        (rf"(?:q|quarter )(?P<q>[1-4])[\s,/-]*(?:of )?{_FY}", _fiscal),
        (rf"(?P<q>[1-4])(?:st|nd|rd|th) quarter(?: of)?,?\s*{_FY}", _fiscal),
        (rf"{_FY}[\s,/-]*q(?P<q>[1-4])", _fiscal),
        (rf"{_SEASON}[\s,/-]*(?:of )?{_Y}", _season),
        (rf"{_Y4}[\s,/-]*{_SEASON}", _season),
        (rf"(?:~|ca\.?|c\.|circa|about|around|approx\.?|approximately)\s*{_Y4}", _about),
        (rf"(?:early|mid|late|beginning of|end of|start of)[\s-]*{_Y4}", _about),
        (rf"(?:cy\s*)?{_Y4}(?:\.0)?", _plain_year),
        (r"(?P<n>\d{5})(?:\.\d+)?", _serial),
    )
)
_ENDS = re.compile(
    r"\s+(?:to|until|through|till|bis|tot|a)\s+|\s+[-/]\s+|\s*\.\.+\s*|\s*/\s*|\s*-\s*"
)
_OPEN_END = {"present", "now", "ongoing", "today", "current", "heden", "heute"}


def _single(words: str, day_first: bool | None) -> _Found:
    bare = _CLOCK.sub("", words).strip()
    for pattern, rule in _RULES:
        match = pattern.fullmatch(bare)
        found = rule(match, day_first) if match else None
        if found:
            return found
    return None


_IN_RANGE = (Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.HALF, Precision.YEAR)


def _range(words: str, day_first: bool | None) -> _Found:
    """Two dates with a sign between them; either may be open only at the end."""
    for gap in _ENDS.finditer(words):
        first = _single(words[: gap.start()], day_first)
        last_words = words[gap.end() :]
        if not first or first[1] not in _IN_RANGE:
            continue
        if last_words in _OPEN_END:
            return f"{first[0]}/..", Precision.RANGE
        last = _single(last_words, day_first)
        if last and last[1] in _IN_RANGE:
            return f"{first[0]}/{last[0]}", Precision.RANGE
    return None


@lru_cache(maxsize=20_000)
def parse_date(text: str, *, day_first: bool | None = None) -> ParsedDate:
    """What of the date is certain; `day_first` says how 03/04/2024 is meant, if that is known."""
    words = " ".join(text.translate(DASHES).casefold().split()).strip(" ,;")
    if not words or len(words) > 60:
        return ParsedDate(text, "", Precision.UNKNOWN)
    found = _single(words, day_first) or _range(words, day_first)
    return ParsedDate(text, *found) if found else ParsedDate(text, "", Precision.UNKNOWN)
