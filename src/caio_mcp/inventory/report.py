"""What an import found: for a person to read before anything is taken over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from ..core.wording import may_be_content
from .format import all_formats

LINES_SHOWN = 3  # of each kind
ITEMS_SHOWN = 40  # of each list, in the text; JSON has all
NOT_SHOWN = "(a text of its own)"
_NAME = re.compile(r"[^\W\d_]+")


@cache
def _common_words() -> frozenset[str]:
    """The words of all options of all formats: a text of these is no person's name."""
    return frozenset(
        part
        for one in all_formats().values()
        for column in one.columns
        for option in (*column.words, column.name)
        for part in _NAME.findall(option.casefold())
    )


def shown(words: str) -> str:
    """The words where they are short and like an option, else only that there is a text.

    Never an address, a key or a sentence, and nothing that could be somebody's name: two to four
    capitalised words of which no option of any format has one.
    """
    flat = " ".join(words.split())
    parts = _NAME.findall(flat)
    could_be_name = (
        2 <= len(parts) <= 4
        and all(part[0].isupper() for part in parts)
        and not any(part.casefold() in _common_words() for part in parts)
    )
    if may_be_content(flat) or could_be_name:
        return NOT_SHOWN
    return flat


@dataclass(frozen=True, slots=True)
class Recode:
    """Words that became a value, and how often."""

    column: str
    words: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Words that are no value, how often, and the first lines."""

    column: str
    words: str
    count: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Answers that look like those of another column."""

    column: str
    looks_like: str
    count: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DateColumn:
    """The dates of one column by how precise they are."""

    column: str
    name: str
    precisions: Mapping[str, int]
    ambiguous_lines: tuple[int, ...] = ()
    unread_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that is worth knowing of a file before its uses are taken over."""

    path_name: str
    format: str
    format_title: str
    kind: str
    encoding: str
    delimiter: str
    sheet: str
    header_line: int
    columns: int
    read_columns: tuple[str, ...]
    kept_columns: tuple[str, ...]  # in the row, and read as nothing
    rows: int
    rows_without_title: tuple[int, ...]
    count_without_title: int
    blank_ids: int
    placeholder_ids: int  # a word for having no id, such as TBD
    duplicate_ids: int  # ids that several rows of one agency share
    rows_with_duplicate_id: int
    repeated_titles: int
    rows_with_repeated_title: int
    stages: Mapping[str, int]
    recoded: tuple[Recode, ...]
    not_understood: tuple[NotUnderstood, ...]
    misplaced: tuple[Misplaced, ...]
    dates: tuple[DateColumn, ...]
    notes: tuple[str, ...]
    guessed: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # ours -> theirs, why

    @property
    def is_guess(self) -> bool:
        """Whether what the columns mean was guessed and nobody confirmed it."""
        return bool(self.guessed)

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        return asdict(self)

    def text(self) -> str:
        """The report for a terminal."""
        parts = (
            self._file_lines(),
            self._guess_lines(),
            self._row_lines(),
            self._date_lines(),
            self._value_lines(),
        )
        return "\n".join(line for part in parts for line in part) + "\n"

    def _file_lines(self) -> list[str]:
        how = [self.kind, self.encoding, self.delimiter and f"{self.delimiter}-separated"]
        how += [self.sheet and f"sheet {self.sheet!r}"]
        how += [f"header on line {self.header_line}" if self.header_line else ""]
        lines = [
            f"{self.path_name}: {self.format_title} ({self.format})",
            f"  read as {', '.join(part for part in how if part)}",
            f"  {self.rows:,} rows, {self.columns} columns: {len(self.read_columns)} read, "
            f"{len(self.kept_columns)} only kept with the row",
        ]
        return [*lines, *(f"  {note}" for note in self.notes)]

    def _guess_lines(self) -> list[str]:
        if not self.guessed:
            return []
        width = max(map(len, self.guessed))
        lines = [
            f"  {ours:{width}} <- {theirs!r} ({why})"
            for ours, (theirs, why) in self.guessed.items()
        ]
        kept = ", ".join(repr(name) for name in self.kept_columns[:20])
        return [
            "Guessed from the names of the columns; nobody confirmed it:",
            *lines,
            *([f"  not read: {kept}"] if kept else []),
        ]

    def _row_lines(self) -> list[str]:
        lines = ["Rows"]
        lines.append(
            f"  ids: {self.blank_ids:,} blank, {self.placeholder_ids:,} with a word for none, "
            f"{self.duplicate_ids:,} shared by {self.rows_with_duplicate_id:,} rows (all these are "
            "told apart by their names)"
        )
        lines.append(
            f"  names that occur more than once: {self.repeated_titles:,} "
            f"({self.rows_with_repeated_title:,} rows)"
        )
        if self.count_without_title:
            lines.append(
                f"  without a name: {self.count_without_title:,} {_at(self.rows_without_title)}"
            )
        stages = ", ".join(f"{name or 'blank'} {count:,}" for name, count in self.stages.items())
        return [*lines, f"  stage: {stages}"]

    def _date_lines(self) -> list[str]:
        lines: list[str] = []
        for date in self.dates:
            counts = ", ".join(f"{name} {count:,}" for name, count in date.precisions.items())
            lines.append(f"  {date.column}: {counts}")
            if date.ambiguous_lines:
                lines.append(
                    f"    day or month first? {_at(date.ambiguous_lines)}: say `day_first: yes` "
                    "or `no` in a mapping file"
                )
            if date.unread_lines:
                lines.append(f"    no date: {_at(date.unread_lines)}")
        return ["Dates", *lines] if lines else []

    def _value_lines(self) -> list[str]:
        lines: list[str] = []
        if self.misplaced:
            lines.append("Answers that look like those of another column")
            lines += [
                f"  {one.column}: {one.count:,} like those of {one.looks_like} {_at(one.lines)}"
                for one in self.misplaced
            ]
        if self.not_understood:
            lines.append("Not understood (taken as `other`, the words are kept)")
            lines += _some(
                f"  {one.column}: {one.count:,} x {one.words} {_at(one.lines)}"
                for one in self.not_understood
            )
        if self.recoded:
            lines.append("Recoded")
            lines += _some(
                f"  {one.column}: {one.count:,} x {one.words} -> {one.value}"
                for one in self.recoded
            )
        return lines


def _some(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    more = len(every) - ITEMS_SHOWN
    return [*every[:ITEMS_SHOWN], *([f"  and {more:,} more (all with --json)"] if more > 0 else [])]


def _at(lines: Sequence[int]) -> str:
    return f"(line {', '.join(map(str, lines))})"
