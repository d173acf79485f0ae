"""Comma-separated values and their like, as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from .. import Budget, Part, Replace, Row, Table
from . import text

ROWS = 5_000  # looked at as one table
SIGNS = "\t;|,"  # the first of two that stand as evenly: numbers have commas in them
LINES_LOOKED_AT = 20
WIDTH_MAX = 100  # characters of a line of what is a column alone
CELL_MAX = 1_000_000  # characters


def parts(file: BinaryIO, name: str, budget: Budget, size: int) -> Iterator[Part]:
    """The rows in tables of some thousands; what is no table is text. Of a long table the rows
    of its head, middle and tail."""
    encoding = text.encoding_of(file, name)
    head = text.decoded(file.read(text.PIECE), encoding)
    file.seek(0)
    sign = delimiter(head)
    if not sign:
        yield from text.parts(file, name, budget, size)
        return
    csv.field_size_limit(CELL_MAX)
    if size <= budget.bytes_left or not text.is_by_bytes(encoding):
        yield from tables(_rows(file, encoding, sign, budget), budget)
        return
    budget.is_truncated = True
    third, names = budget.bytes_left // 3, list[str]()
    for start, where in ((0, ""), (size // 2, "about the middle"), (size - third, "about the end")):
        file.seek(max(0, start))
        if start:  # in the midst of a row
            file.readline(CELL_MAX)
        part = Budget(third, budget.seconds, clock=budget.clock)
        rows = _rows(file, encoding, sign, part, is_numbered=not start)
        for table in tables(rows, part, where, None if not start else names):
            names = list(table.columns) if len(table.columns) > len(names) else names
            yield table
        if not budget.take(third - part.bytes_left):
            return


def _rows(
    file: BinaryIO, encoding: str, sign: str, budget: Budget, *, is_numbered: bool = True
) -> Iterator[Row]:
    errors = text.ERRORS if text.is_by_bytes(encoding) else "replace"
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    lines = io.TextIOWrapper(file, encoding, errors=errors, newline="")
    # A line that is too long is read in pieces.
    reader = csv.reader(iter(lambda: lines.readline(CELL_MAX), ""), delimiter=sign)
    try:
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:  # a cell that is too long
                budget.is_truncated = True
                continue
            yield Row(tuple(cells), reader.line_num if is_numbered else 0)
    finally:
        lines.detach()


def tables(
    rows: Iterator[Row], budget: Budget, where: str = "", names: Sequence[str] | None = None
) -> Iterator[Table]:
    """Rows as tables of some thousands, under names that are known, or under those of the first
    row, if these are names."""
    kept: list[Row] = []
    if names is None:
        first = next((row for row in rows if any(row.cells)), None)
        if first is None or not budget.take(sum(map(len, first.cells))):
            return
        names = first.cells if is_header(first.cells) else ()
        if names:  # a name can be a value, too
            yield Table(("",), [Row((" \n ".join(names),), first.number)], where)
        else:
            kept = [first]
    for row in rows:
        if not budget.take(sum(map(len, row.cells)) + len(row.cells)):
            break
        kept.append(row)
        if len(kept) >= ROWS:
            yield _table(names, kept, where)
            kept = []
    if kept:
        yield _table(names, kept, where)


def _table(names: Sequence[str], rows: list[Row], where: str) -> Table:
    width = max(len(row.cells) for row in rows)
    columns = [*names[:width], *("" for _ in range(width - len(names)))]
    return Table(tuple(columns), rows, where)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row has names and no values: words, each once."""
    said = [cell.strip() for cell in cells if cell.strip()]
    return (
        bool(said)
        and len(set(said)) == len(said)
        and all(len(cell) <= 80 and "@" not in cell for cell in said)
        and all(sum(map(str.isdigit, cell)) <= 4 for cell in said)
    )


def delimiter(head: str) -> str:
    """The sign between the cells, by how evenly it stands in the first lines; "" for none. A
    column alone has one that stands nowhere."""
    lines = [line for line in head.splitlines()[:LINES_LOOKED_AT] if line.strip()]
    best, most = "", 0.0
    for sign in SIGNS:
        counts = [len(next(csv.reader([line], delimiter=sign), [])) - 1 for line in lines]
        if not counts or not counts[0]:
            continue
        share = sum(count == counts[0] for count in counts) / len(counts)
        if share * counts[0] > most and share >= 0.6:
            best, most = sign, share * counts[0]
    if not best and len(lines) > 2 and is_header(lines[:1]):
        is_column = all(len(line) <= WIDTH_MAX for line in lines)
        return next((s for s in SIGNS if not any(s in line for line in lines)), "") * is_column
    return best


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """The table with each cell as the function makes it. A row in which nothing changed stays
    as it was written, byte by byte."""
    written, encoding = text.for_copy(content, text.encoding_of_bytes(content, name))
    sign = delimiter(written[: text.PIECE])
    if not sign:
        return text.copied(content, name, replace)
    csv.field_size_limit(max(CELL_MAX, len(written)))
    names: list[str] | None = None
    found = []
    for raw, cells in _rows_as_written(written, sign):
        if names is None and any(cells):
            names = cells if is_header(cells) else []
        its = names or ()
        new = [replace(cell, its[n] if n < len(its) else "") for n, cell in enumerate(cells)]
        found.append(raw if new == cells else _row(new, sign, raw))
    return text.encoded("".join(found), encoding)


def _rows_as_written(written: str, sign: str) -> Iterator[tuple[str, list[str]]]:
    """Each row with the lines that it was written in."""
    lines: list[str] = []

    def fed() -> Iterator[str]:
        for line in io.StringIO(written, newline=""):
            lines.append(line)
            yield line

    for cells in csv.reader(fed(), delimiter=sign):
        yield "".join(lines), cells
        lines.clear()
    if lines:
        yield "".join(lines), []


_END = "\r\n"  # what stands in a cell of these is quoted


def _row(cells: list[str], sign: str, raw: str) -> str:
    end = raw[len(raw.rstrip("\r\n")) :]
    is_quoted = raw.startswith('"') and raw.count(f'"{sign}"') >= len(cells) - 1
    out = io.StringIO()
    csv.writer(
        out,
        delimiter=sign,
        quoting=csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL,
        lineterminator=_END,
    ).writerow(cells)
    return out.getvalue().removesuffix(_END) + end
