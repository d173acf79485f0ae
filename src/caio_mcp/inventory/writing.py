"""Entries of the register written as an inventory in one of the formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.wording import nearest, quote
from ..errors import RequestError
from .attributes import Kind
from .cells import harmless
from .format import Column, Format, all_formats
from .uses import ExportedUse, ExportHead
from .words import list_of, recoder

LONG_TITLE = 200  # characters; a register may have cut a title that is as long

Cell = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of an inventory, and what its format asks for that is not known."""

    content: bytes
    format: str
    suffix: str
    rows: int
    missing: Mapping[str, int]  # required column -> in how many rows it is blank
    withheld: int  # personal cells that this reader may not have
    note: str = ""  # what is to be known of the format

    def text(self) -> str:
        """What a person should know of the file."""
        lines = [f"{self.rows:,} uses written as {self.format}."]
        if self.missing:
            asked = ", ".join(f"{name} ({count:,})" for name, count in self.missing.items())
            lines.append(f"Required there and not known here (rows): {asked}")
        if self.withheld:
            lines.append(f"Names and addresses left out: {self.withheld:,} cells")
        if self.note:
            lines.append(self.note)
        return "\n".join(lines) + "\n"


def write_inventory(format_name: str, uses: Iterable[ExportedUse], head: ExportHead) -> Written:
    """The uses in a format. A field that is not known is blank there, and counted if required."""
    target = _target(format_name)
    rows = list(uses)
    extra = _extra_columns(target, rows) if head.with_personal else ()
    writer = _Writer(target, head, extra)
    table = [writer.row(use) for use in rows]
    columns = _kept(target, table)
    names = [target.columns[number].name for number in columns] + list(extra)
    kept = [*columns, *range(len(target.columns), len(target.columns) + len(extra))]
    cells = [[row[number] for number in kept] for row in table]
    missing = {
        target.columns[number].name: blank
        for number in columns
        if target.columns[number].is_required
        and (blank := sum(1 for row in table if not row[number]))
    }
    content = _packed(target, names, cells, rows, head)
    return Written(
        content, target.name, target.container, len(rows), missing, writer.withheld, target.note
    )


def _target(format_name: str) -> Format:
    written = {name: one for name, one in all_formats().items() if one.is_written}
    if format_name not in written:
        raise RequestError(
            f"{quote(format_name)} is no format that the register is written in.",
            remedy=nearest(format_name, sorted(written)),
        )
    return written[format_name]


def _extra_columns(target: Format, rows: Sequence[ExportedUse]) -> tuple[str, ...]:
    """Columns that imported rows of this format have beyond it, in the order they appear."""
    return tuple(
        dict.fromkeys(
            name
            for use in rows
            if use.source == target.name
            for name in use.row
            if target.find(name) is None
        )
    )


def _kept(target: Format, table: Sequence[Sequence[Cell]]) -> list[int]:
    return [
        number
        for number, column in enumerate(target.columns)
        if not column.is_sparse or any(row[number] for row in table)
    ]


class _Writer:
    """Makes the cells of one use, verbatim where they came in this format."""

    def __init__(self, target: Format, head: ExportHead, extra: Sequence[str]) -> None:
        self.format = target
        self.head = head
        self.extra = extra
        self.withheld = 0
        self.readers = {
            column.name: recoder(column.attribute, column.words)
            for column in target.columns
            if column.attribute
        }

    def row(self, use: ExportedUse) -> list[Cell]:
        """The cells of all columns of the format and of the extra ones."""
        verbatim = self._verbatim(use) if use.source == self.format.name else {}
        cells = [self._cell(column, use, verbatim) for column in self.format.columns]
        return [*cells, *(use.row.get(name, "") if verbatim else "" for name in self.extra)]

    def _verbatim(self, use: ExportedUse) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, cell in use.row.items():
            column = self.format.find(name)
            if column is not None:
                found.setdefault(column.name, cell)
        return found

    def _cell(self, column: Column, use: ExportedUse, verbatim: Mapping[str, str]) -> Cell:
        if not column.is_personal or self.head.with_personal:
            return self._any_cell(column, use, verbatim)
        public = self._own(column, use) if column.fill_is_public else ""
        if self._any_cell(column, use, verbatim) not in ("", (), public):
            self.withheld += 1
        return public

    def _any_cell(self, column: Column, use: ExportedUse, verbatim: Mapping[str, str]) -> Cell:
        if column.name in verbatim and not self._has_changed(column, use, verbatim):
            cell = verbatim[column.name]
            return cell if self.format.container != "json" or not column.is_list else _listed(cell)
        return self._own(column, use)

    def _has_changed(self, column: Column, use: ExportedUse, verbatim: Mapping[str, str]) -> bool:
        """Whether the entry says something else today than the row it came from."""
        is_title, is_stage = column.core == "title", column.attribute == "stage"
        if not (is_title or (is_stage and use.current_stage)):
            return False
        same = (one for one in self.format.columns if _is_alike(one, column))
        came = next((one for one in same if verbatim.get(one.name, "").strip()), None)
        if came is None:
            return bool(use.title or is_stage)
        cell = verbatim[came.name]
        if is_title:
            return not _is_same_title(use.title, cell)
        return use.current_stage not in self.readers[came.name].read(cell).values

    def _own(self, column: Column, use: ExportedUse) -> Cell:
        if column.fill is not None:
            filled = column.fill(use, self.head)
            return filled if isinstance(filled, str) else tuple(filled)
        if column.core:
            return _core(column, use, self.format)
        if column.date:
            date = use.dates.get(column.date)
            return (date.iso or date.text) if date else ""
        return self._attribute(column, use) if column.attribute else ""

    def _attribute(self, column: Column, use: ExportedUse) -> Cell:
        is_stage = column.attribute == "stage"
        values = (use.current_stage,) if is_stage else use.attributes.get(column.attribute, ())
        kind = self.readers[column.name].attribute.kind
        if kind in (Kind.LINK, Kind.FILLED):
            return ""  # that there is one is known; it itself is not
        if kind is Kind.OPEN:
            return values
        return tuple(filter(None, map(column.word_for, values)))


def _is_same_title(title: str, cell: str) -> bool:
    """Whether a title is the cell on one line, as a register keeps it: without what cannot be
    shown, and cut where it is long."""
    kept, came = (
        " ".join("".join(c if c.isprintable() else " " for c in text).split())
        for text in (title, cell)
    )
    return kept == came or (len(kept) >= LONG_TITLE and came.startswith(kept))


def _is_alike(one: Column, other: Column) -> bool:
    """Whether two columns say the same thing; the first that is filled was read."""
    return (bool(one.core) and one.core == other.core) or (
        bool(one.attribute) and one.attribute == other.attribute
    )


def _core(column: Column, use: ExportedUse, target: Format) -> str:
    match column.core:
        case "id":
            return use.source_id if use.source == target.name else use.id
        case "title":
            return use.title
        case "purpose":
            return use.purpose
        case "unit":
            return use.unit
        case _:
            return use.owner


def _listed(cell: str) -> Cell:
    """A list in a cell as the list it is; what is none stays text."""
    try:
        return _Verbatim(cell) if isinstance(json.loads(cell), list | dict) else cell
    except (ValueError, RecursionError):
        found = list_of(cell)
        return found if found is not None else cell


class _Verbatim(str):
    """JSON that is written as it stands."""

    __slots__ = ()


# -- containers ------------------------------------------------------------------------


def _packed(
    target: Format,
    names: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    uses: Sequence[ExportedUse],
    head: ExportHead,
) -> bytes:
    lists = {column.name for column in target.columns if column.is_list}
    if target.container == "json":
        return _json(target, names, cells, lists, uses, head)
    rows = [
        [_flat(cell, name in lists) for name, cell in zip(names, row, strict=True)] for row in cells
    ]
    safe = [[harmless(cell) for cell in row] for row in (list(names), *rows)]
    if target.container == "xlsx":
        from .sheets import write_sheet

        return write_sheet("Register", safe)
    out = io.StringIO(newline="")
    csv.writer(out).writerows(safe)
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _flat(cell: Cell, is_list: bool) -> str:
    """The cell as text; a list as the format writes one, or with semicolons."""
    if isinstance(cell, str):
        return cell
    if is_list:
        return str(list(cell))
    return "; ".join(cell)


def _json(
    target: Format,
    names: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    lists: set[str],
    uses: Sequence[ExportedUse],
    head: ExportHead,
) -> bytes:
    records: list[dict[str, Any]] = []
    for use, row in zip(uses, cells, strict=True):
        record = {
            name: _json_value(cell, name in lists, target.name == "json")
            for name, cell in zip(names, row, strict=True)
        }
        if target.name == "json":
            record["row"] = dict(use.row) if head.with_personal else {}
        records.append(record)
    text = json.dumps(records, ensure_ascii=False, indent=1)
    return (text + "\n").encode(errors="replace")


def _json_value(cell: Cell, is_list: bool, is_own: bool) -> Any:
    """A list where the format has one or the register itself does; else text, or nothing."""
    if isinstance(cell, _Verbatim):
        return json.loads(cell)
    if isinstance(cell, tuple):
        return list(cell) if is_list or is_own else "; ".join(cell) or None
    return cell or ([] if is_list else None)
