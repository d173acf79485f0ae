"""Comma-separated values and their like, as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from .. import Budget, Part, Replace, Row, Table
from . import text

ROWS = 5_000  # looked at as one table
SIGNS = ",;\t|"
LINES_LOOKED_AT = 20
CELL_MAX = 1_000_000  # characters


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """The rows in tables of some thousands; what is no table is text."""
    encoding = text.encoding_of(file, name)
    head = file.read(text.PIECE).decode(encoding, "replace")
    file.seek(0)
    sign = delimiter(head)
    if not sign:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        yield from text.parts(file, name, budget, size)
        return
    errors = "replace" if encoding != "utf-8" else "backslashreplace"
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    lines = io.TextIOWrapper(file, encoding, errors=errors, newline="")
    csv.field_size_limit(CELL_MAX)
    reader = csv.reader(lines, delimiter=sign)
    yield from tables(_numbered(reader), budget)
    lines.detach()


def _numbered(reader: Iterator[list[str]]) -> Iterator[Row]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell that is too long, or a zero byte
            continue
        yield Row(tuple(cells), reader.line_num)  # type: ignore[attr-defined]


def tables(rows: Iterator[Row], budget: Budget, where: str = "") -> Iterator[Table]:
    """Rows as tables of some thousands under the names of the first row, if these are names."""
    first = next(rows, None)
    if first is None:
        return
    is_head = is_header(first.cells)
    names = first.cells if is_head else ()
    kept = [] if is_head else [first]
    if is_head:  # a name can be a value, too
        yield Table(("",), [Row((" \n ".join(names),), first.number)], where)
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
    """The sign between the cells, by how evenly it stands in the first lines; "" for none."""
    lines = [line for line in head.splitlines()[:LINES_LOOKED_AT] if line.strip()]
    best, most = "", 0.0
    for sign in SIGNS:
        counts = [len(next(csv.reader([line], delimiter=sign), [])) - 1 for line in lines]
        if not counts or not counts[0]:
            continue
        share = sum(count == counts[0] for count in counts) / len(counts)
        if share * counts[0] > most and share >= 0.6:
            best, most = sign, share * counts[0]
    return best


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """The table with each cell as the function makes it. A row in which nothing changed stays
    as it was written, byte by byte."""
    encoding = text.encoding_of(io.BytesIO(content), name)
    sign = delimiter(content[: text.PIECE].decode(encoding, "replace"))
    if not sign:
        return text.copied(content, name, replace)
    try:
        written = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"
        written = content.decode(encoding)
    csv.field_size_limit(max(CELL_MAX, len(written)))
    names: list[str] | None = None
    found = []
    for raw, cells in _rows_as_written(written, sign):
        if names is None:
            names = cells if is_header(cells) else []
        new = [replace(cell, names[n] if n < len(names) else "") for n, cell in enumerate(cells)]
        found.append(raw if new == cells else _row(new, sign, raw))
    return "".join(found).encode(encoding, "xmlcharrefreplace")


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


def _row(cells: list[str], sign: str, raw: str) -> str:
    end = raw[len(raw.rstrip("\r\n")) :]
    is_quoted = raw.lstrip("\ufeff").startswith('"')
    out = io.StringIO()
    csv.writer(
        out,
        delimiter=sign,
        quoting=csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL,
        lineterminator="",
    ).writerow(cells)
    return out.getvalue() + end
