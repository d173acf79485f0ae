"""Excel workbooks: every sheet as a table, and a copy with the values only."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from typing import Any, BinaryIO
from zipfile import ZipFile, ZipInfo

from .. import Budget, Part, Replace, Row, Segment
from .office import check_size, needed, reading, said_besides
from .table import is_header, tables

SHEET_MAX = 60_000_000  # bytes of a sheet in which formulas are looked for
_SHEETS = "xl/worksheets/sheet"
_READ = (_SHEETS, "xl/sharedStrings", "xl/styles", "xl/theme/", "xl/calcChain")
_SAID = re.compile(
    rb"<(?:\w+:)?(f|formula[12]?|(?:odd|even|first)(?:Header|Footer))\b[^<>]*>([^<>]+)<"
)


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """The values of all sheets, hidden ones too; then comments, links, properties, what formulas
    quote and what is said elsewhere."""
    with needed("openpyxl"):
        import openpyxl
    with reading(name):
        check_size(file, name)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        yield Segment("\n".join(book.sheetnames), where="the names of its sheets")
        for number, sheet in enumerate(book.worksheets, 1):
            yield from tables(
                _rows(sheet, budget), budget, f"sheet {number}"
            )  # its name may be a value
        yield from said_besides(file, budget, lambda part: part.startswith(_READ))
        yield from _beside_values(file, budget)


def _rows(sheet: Any, budget: Budget) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if any(cell is not None for cell in cells):
            yield Row(tuple("" if cell is None else _written(cell) for cell in cells), number)
        elif not budget.take(0):  # of empty rows there may be a million
            return


def _beside_values(file: BinaryIO, budget: Budget) -> Iterator[Part]:
    """What the sheets say beside their values: texts in formulas, lists to choose from, heads
    and feet of printed pages."""
    file.seek(0)
    with ZipFile(file) as archive:
        for part in archive.infolist():
            if not part.filename.startswith(_SHEETS):
                continue
            said: dict[str, None] = {}
            for found in _SAID.finditer(_read(archive, part, budget)):
                text = html.unescape(found[2].decode("utf-8", "replace"))
                if found[1] != b"f" or '"' in text:
                    said[text] = None
            if said:
                yield Segment("\n".join(said), where="a formula", column=0)


def _read(archive: ZipFile, part: ZipInfo, budget: Budget) -> bytes:
    if part.file_size > SHEET_MAX or not budget.take(0):
        budget.is_truncated = True
        return b""
    return archive.read(part)


def _written(cell: object) -> str:
    """A number without the `.0` that Excel keeps."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """A new workbook with the values of all sheets as the function makes them. Formulas,
    comments, names and properties stay behind, so that nothing can hide in them; widths and
    formats of numbers come along."""
    with needed("openpyxl"):
        import openpyxl
    with reading(name):
        check_size(BytesIO(content), name)
        book = openpyxl.load_workbook(BytesIO(content), data_only=True)
        new = openpyxl.Workbook()
        new.remove(new.active)
        for sheet in book.worksheets:
            _copy_sheet(sheet, new.create_sheet(replace(str(sheet.title), "")[:31]), replace)
        out = BytesIO()
        new.save(out)
        return out.getvalue()


def _copy_sheet(sheet: Any, new: Any, replace: Replace) -> None:
    new.sheet_state = sheet.sheet_state
    names: dict[int, str] | None = None
    # The cells that are there: between the first and the last there may be billions.
    cells = sorted(sheet._cells.items())
    for _, row in groupby(cells, lambda item: item[0][0]):
        written = [(cell, _written(cell.value)) for _, cell in row if cell.value is not None]
        if names is None and written:
            is_head = is_header([text for _, text in written])
            names = {cell.column: text for cell, text in written} if is_head else {}
        for cell, text in written:
            changed = replace(text, names.get(cell.column, "") if names else "")
            target = new.cell(row=cell.row, column=cell.column)
            target.value = cell.value if changed == text else changed
            target.number_format = cell.number_format
    for letter, size in sheet.column_dimensions.items():
        new.column_dimensions[letter].width = size.width
