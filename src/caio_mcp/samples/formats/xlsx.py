"""Excel workbooks: every sheet as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from ...core.wording import quote
from .. import Budget, Part, Row
from .office import check_size, library, reading
from .table import tables


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """The values of all sheets, hidden ones too."""
    openpyxl = library("openpyxl", "openpyxl")
    with reading(name):
        check_size(file, name)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for sheet in book.worksheets:
            where = f"sheet {quote(str(sheet.title))}"
            yield from tables(_rows(sheet), budget, where)


def _rows(sheet: Any) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if any(cell is not None for cell in cells):
            yield Row(tuple("" if cell is None else _written(cell) for cell in cells), number)


def _written(cell: object) -> str:
    """A number without the `.0` that Excel keeps."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
