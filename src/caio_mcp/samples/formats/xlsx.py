"""Excel workbooks: every sheet as a table, and a copy with the values only."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from .. import Budget, Part, Replace, Row, Segment
from .office import check_size, library, reading
from .table import is_header, tables


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """The values of all sheets, hidden ones too."""
    openpyxl = library("openpyxl", "openpyxl")
    with reading(name):
        check_size(file, name)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        yield Segment("\n".join(book.sheetnames), where="the names of its sheets")
        for number, sheet in enumerate(book.worksheets, 1):
            yield from tables(_rows(sheet), budget, f"sheet {number}")  # its name may be a value


def _rows(sheet: Any) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if any(cell is not None for cell in cells):
            yield Row(tuple("" if cell is None else _written(cell) for cell in cells), number)


def _written(cell: object) -> str:
    """A number without the `.0` that Excel keeps."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """A new workbook with the values of all sheets as the function makes them. Formulas,
    comments, names and properties stay behind, so that nothing can hide in them; widths and
    formats of numbers come along."""
    openpyxl = library("openpyxl", "openpyxl")
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
    names: list[str] | None = None
    for cells in sheet.iter_rows():
        written = ["" if cell.value is None else _written(cell.value) for cell in cells]
        if names is None and any(written):
            names = written if is_header(written) else []
        for number, (cell, text) in enumerate(zip(cells, written, strict=True)):
            if cell.value is None:
                continue
            field = names[number] if names and number < len(names) else ""
            changed = replace(text, field)
            target = new.cell(row=cell.row, column=cell.column)
            target.value = cell.value if changed == text else changed
            target.number_format = cell.number_format
    for letter, size in sheet.column_dimensions.items():
        new.column_dimensions[letter].width = size.width
