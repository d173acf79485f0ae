"""An inventory file as uses, and a report of what was found in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from ..errors import RequestError
from .attributes import OTHER, STAGES, Kind
from .dates import ParsedDate, Precision, parse_date
from .format import Column, Format, all_formats
from .identity import Traits, identify, is_id
from .mapping import ColumnMapping, Guess, guess_mapping, synonyms
from .report import LINES_SHOWN, DateColumn, Misplaced, NotUnderstood, Recode, Report, shown
from .table import Table, read_table
from .uses import ImportedUse
from .words import Recoder, header_form, normal, recoder

TELLING_MIN = 3  # names that hardly another format has
MISPLACED_WORDS_MIN = 3  # `yes` is an answer in every column
PROGRESS_EVERY = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """The uses of a file, what was found in it, and the mapping it was read with, if one was."""

    uses: tuple[ImportedUse, ...]
    report: Report
    mapping: ColumnMapping | None = None


def read_inventory(
    path_name: str,
    content: bytes,
    mapping: ColumnMapping | None = None,
    *,
    progress: Progress | None = None,
) -> Reading:
    """The uses in a file of a known format, of the columns a mapping names, or of guessed ones."""
    told = mapping.as_format() if mapping else None
    table = read_table(path_name, content, _score(told))
    guess: Guess | None = None
    found = told or _recognised(table.columns)
    if mapping:
        _refuse_absent(path_name, mapping, table)
    if found is None:
        guess = guess_mapping(table.columns, _source_of(path_name))
        mapping = guess.mapping
        if "title" not in mapping.columns:
            raise RequestError(
                f"{path_name}:{table.header_line or 1}: no column here is known as the name of "
                "a use.",
                remedy="Write a mapping file with `columns: {title: THEIR COLUMN}`.",
            )
        found = mapping.as_format()
    source = (mapping.source or _source_of(path_name)) if mapping else found.name
    reader = _Reader(found, table)
    return Reading(tuple(reader.uses(source, progress)), reader.report(path_name, guess), mapping)


def _source_of(path_name: str) -> str:
    """A name for the origin of a file that nobody named: the file's own, without its dates."""
    stem = re.sub(r"[^a-z0-9]+", "-", PurePath(path_name).stem.casefold())
    return re.sub(r"(?:^|-)\d+(?=-|$)", "", stem).strip("-")[:60] or "own"


def _score(told: Format | None) -> Callable[[Sequence[str]], int]:
    """How many names of a row are known as names of columns."""
    formats = (told,) if told else tuple(one for one in all_formats().values() if one.is_read)
    known = {name for one in formats for name in one.by_name}
    known |= set(synonyms()) if not told else set()

    def score(cells: Sequence[str]) -> int:
        return len({header_form(cell) for cell in cells if cell.strip()} & known)

    return score


def _recognised(columns: Sequence[str]) -> Format | None:
    """The format that knows most of the columns, if it knows some that only it has."""
    best: tuple[int, Format] | None = None
    for one in all_formats().values():
        if not one.is_read:
            continue
        matched = {id(column): column for name in columns if (column := one.find(name))}.values()
        telling = sum(column.is_telling for column in matched)
        has_title = any(column.core == "title" for column in matched)
        if has_title and telling >= TELLING_MIN and (best is None or len(matched) > best[0]):
            best = (len(matched), one)
    return best[1] if best else None


def _refuse_absent(path_name: str, mapping: ColumnMapping, table: Table) -> None:
    there = {header_form(name) for name in table.columns}
    for name, mapped in mapping.columns.items():
        if header_form(mapped.column) not in there:
            shown_columns = ", ".join(repr(column[:60]) for column in table.columns[:30])
            raise RequestError(
                f"{path_name} has no column {mapped.column[:80]!r}, which the mapping names for "
                f"`{name}`.",
                remedy=f"It has: {shown_columns}.",
            )


@dataclass(slots=True)
class _Seen:
    """What one column held."""

    cells: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, cell: str, line: int) -> None:
        self.cells[cell] += 1
        lines = self.lines.setdefault(cell, [])
        if len(lines) < LINES_SHOWN:
            lines.append(line)


class _Reader:
    """Reads the rows of one table in one format, and counts what it meets."""

    def __init__(self, one: Format, table: Table) -> None:
        self.format = one
        self.table = table
        self.columns: dict[str, Column] = {}  # by the name in this file
        for name in table.columns:
            column = one.find(name)
            if column is not None and column not in self.columns.values():
                self.columns[name] = column
        self.recoders: dict[str, Recoder] = {
            name: recoder(column.attribute, column.words)
            for name, column in self.columns.items()
            if column.attribute
        }
        self.seen: dict[str, _Seen] = {name: _Seen() for name in self.columns}
        self.read: list[ImportedUse] = []

    # -- uses --------------------------------------------------------------------------

    def uses(self, source: str, progress: Progress | None) -> list[ImportedUse]:
        """Every row as a use, in the order of the file."""
        rows = self.table.rows
        cores = [self._cores(row) for _, row in rows]
        agencies = [self._open_value("agency", row) for _, row in rows]
        bureaus = [self._open_value("bureau", row) for _, row in rows]
        identities = identify(
            source,
            [
                Traits(agency, bureau, core["id"], core["title"], core["purpose"], row)
                for (_, row), core, agency, bureau in zip(
                    rows, cores, agencies, bureaus, strict=True
                )
            ],
        )
        for number, ((line, row), core, identity) in enumerate(
            zip(rows, cores, identities, strict=True)
        ):
            attributes, originals, dates = self._values(line, row)
            stage = next((one for one in attributes.get("stage", ()) if one in STAGES), "")
            self.read.append(
                ImportedUse(
                    source=source,
                    source_id=core["id"],
                    key=identity.key,
                    aliases=identity.aliases,
                    title=core["title"],
                    purpose=core["purpose"],
                    unit=core["unit"] or bureaus[number] or agencies[number],
                    contact=core["contact"],
                    status="retired" if stage == "retired" else "proposed",
                    stage=stage,
                    attributes=attributes,
                    originals=originals,
                    dates=dates,
                    row=row,
                    line=line,
                )
            )
            if progress and (number + 1) % PROGRESS_EVERY == 0:
                progress(number + 1, len(rows))
        if progress:
            progress(len(rows), len(rows))
        return self.read

    def _cores(self, row: Mapping[str, str]) -> dict[str, str]:
        found = dict.fromkeys(("id", "title", "purpose", "unit", "contact"), "")
        for name, column in self.columns.items():
            if column.core and not found[column.core]:
                cell = row.get(name, "").strip()
                found[column.core] = " ".join(cell.split()) if column.core != "purpose" else cell
        return found

    def _open_value(self, attribute: str, row: Mapping[str, str]) -> str:
        for name, column in self.columns.items():
            if column.attribute == attribute and row.get(name, "").strip():
                return " ".join(row[name].split())
        return ""

    def _values(
        self, line: int, row: Mapping[str, str]
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, str], dict[str, ParsedDate]]:
        attributes: dict[str, tuple[str, ...]] = {}
        originals: dict[str, str] = {}
        dates: dict[str, ParsedDate] = {}
        for name, column in self.columns.items():
            cell = row.get(name, "")
            if not cell.strip():
                continue
            self.seen[name].add(cell, line)
            if column.date:
                dates.setdefault(column.date, parse_date(cell, day_first=self.format.day_first))
            elif column.attribute and column.attribute not in attributes:
                found = self.recoders[name].read(cell)
                if found.values:
                    attributes[column.attribute] = found.values
                    if not found.is_verbatim:
                        originals[column.attribute] = cell
        year = dates["operational"].year if "operational" in dates else ""
        if year:
            attributes["operational_year"] = (year,)
        return attributes, originals, dates

    # -- report ------------------------------------------------------------------------

    def report(self, path_name: str, guess: Guess | None) -> Report:
        """What was found. Called after the uses were read."""
        ids = Counter(
            (use.attributes.get("agency", ()), use.source_id)
            for use in self.read
            if is_id(use.source_id)
        )
        titles = Counter(normal(use.title) for use in self.read if use.title)
        untitled = [use.line for use in self.read if not use.title]
        shared = [count for count in ids.values() if count > 1]
        repeated = [count for count in titles.values() if count > 1]
        understood, unknown, misplaced = self._words()
        return Report(
            path_name=path_name,
            format=self.format.name,
            format_title=self.format.title,
            kind=self.table.kind,
            encoding=self.table.encoding,
            delimiter=self.table.delimiter,
            sheet=self.table.sheet,
            header_line=self.table.header_line,
            columns=len(self.table.columns),
            read_columns=tuple(
                name
                for name, column in self.columns.items()
                if column.core or column.attribute or column.date
            ),
            kept_columns=tuple(
                name
                for name in self.table.columns
                if (column := self.columns.get(name)) is None
                or not (column.core or column.attribute or column.date)
            ),
            rows=len(self.read),
            rows_without_title=tuple(untitled[:LINES_SHOWN]),
            count_without_title=len(untitled),
            blank_ids=sum(not use.source_id for use in self.read),
            placeholder_ids=sum(
                bool(use.source_id) and not is_id(use.source_id) for use in self.read
            ),
            duplicate_ids=len(shared),
            rows_with_duplicate_id=sum(shared),
            repeated_titles=len(repeated),
            rows_with_repeated_title=sum(repeated),
            stages=self._stages(),
            recoded=understood,
            not_understood=unknown,
            misplaced=misplaced,
            dates=tuple(self._dates()),
            notes=self.table.notes,
            guessed=_guessed(guess),
        )

    def _stages(self) -> dict[str, int]:
        counts = Counter(use.attributes.get("stage", ("",))[0] for use in self.read)
        return {name: counts[name] for name in (*STAGES, OTHER, "") if counts[name]}

    def _words(
        self,
    ) -> tuple[tuple[Recode, ...], tuple[NotUnderstood, ...], tuple[Misplaced, ...]]:
        recoded: Counter[tuple[str, str, str]] = Counter()
        unknown: dict[tuple[str, str], _Tally] = {}
        misplaced: dict[tuple[str, str], _Tally] = {}
        for name, reader in self.recoders.items():
            if reader.attribute.kind is Kind.FILLED:
                continue
            for cell, count in self.seen[name].cells.items():
                found = reader.read(cell)
                lines = self.seen[name].lines[cell]
                for part in found.unknown:
                    other = self._whose(name, part)
                    tallies, key = (misplaced, other) if other else (unknown, shown(part))
                    tallies.setdefault((name, key), _Tally()).add(count, lines)
                if not found.unknown and not found.is_verbatim:
                    recoded[name, shown(cell), ", ".join(found.values)] += count
        return (
            tuple(Recode(*key, count) for key, count in recoded.most_common()),
            tuple(
                NotUnderstood(*key, tally.count, tally.first()) for key, tally in _sorted(unknown)
            ),
            tuple(Misplaced(*key, tally.count, tally.first()) for key, tally in _sorted(misplaced)),
        )

    def _whose(self, name: str, part: str) -> str:
        """The other column whose answer this is, where only one has it."""
        if len(normal(part).split()) < MISPLACED_WORDS_MIN:
            return ""
        whose = [
            other
            for other, reader in self.recoders.items()
            if other != name
            and reader.attribute.kind in (Kind.CODED, Kind.MANY)
            and reader.understands(part)
        ]
        return whose[0] if len(whose) == 1 else ""

    def _dates(self) -> Iterator[DateColumn]:
        for name, column in self.columns.items():
            if not column.date:
                continue
            counts: Counter[str] = Counter()
            lines: dict[Precision, list[int]] = {}
            for cell, count in self.seen[name].cells.items():
                precision = parse_date(cell, day_first=self.format.day_first).precision
                counts[precision.value] += count
                lines.setdefault(precision, []).extend(self.seen[name].lines[cell])
            blank = len(self.read) - counts.total()
            yield DateColumn(
                name,
                column.date,
                dict(counts.most_common()) | ({"blank": blank} if blank else {}),
                tuple(sorted(lines.get(Precision.AMBIGUOUS, ()))[:LINES_SHOWN]),
                tuple(sorted(lines.get(Precision.UNKNOWN, ()))[:LINES_SHOWN]),
            )


@dataclass(slots=True)
class _Tally:
    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, count: int, lines: Sequence[int]) -> None:
        self.count += count
        self.lines += lines

    def first(self) -> tuple[int, ...]:
        return tuple(sorted(set(self.lines))[:LINES_SHOWN])


def _sorted(tallies: Mapping[tuple[str, str], _Tally]) -> list[tuple[tuple[str, str], _Tally]]:
    return sorted(tallies.items(), key=lambda item: (-item[1].count, item[0]))


def _guessed(guess: Guess | None) -> dict[str, tuple[str, str]]:
    if guess is None:
        return {}
    return {
        name: (mapped.column, guess.reasons[name]) for name, mapped in guess.mapping.columns.items()
    }
