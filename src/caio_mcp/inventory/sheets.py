"""Excel workbooks as rows of text, and text as workbooks; openpyxl is an optional extra."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from ..errors import RequestError

UNPACKED_MAX = 300_000_000
PARTS_MAX = 2_000
SHEETS_MAX = 50
ROWS_MAX = 200_000
COLUMNS_MAX = 1_000
CELL_MAX = 32_767  # characters, as Excel holds them

# A control character is written `_x000D_`, and so is an x that would be read as the start of
# one. (openpyxl takes every `x005F_` out of a text, so an underscore is never escaped.)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"x(?=[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")

Line = tuple[int, list[str]]


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise RequestError(
            "Excel files need the package openpyxl, which is not installed.",
            remedy="Run `pip install 'caio-mcp[xlsx]'`, or use CSV.",
        ) from None
    return openpyxl


def read_sheets(path_name: str, content: bytes) -> list[tuple[str, list[Line]]]:
    """Every sheet that has rows: its name, and its rows by their number."""
    openpyxl = _openpyxl()
    _check(path_name, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that hold no cells
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            found = [
                (str(sheet.title), list(_lines(path_name, sheet)))
                for sheet in book.worksheets[:SHEETS_MAX]
            ]
            book.close()
    except RequestError:
        raise
    except Exception:  # whatever a damaged workbook makes of a reader is not a table
        raise _broken(path_name) from None
    filled = [(name, lines) for name, lines in found if lines]
    if not filled:
        raise RequestError(f"{path_name} has no rows.", remedy="Give the file with the inventory.")
    return filled


def _broken(path_name: str) -> RequestError:
    return RequestError(
        f"{path_name} cannot be read as an Excel workbook (XLSX).",
        remedy="Open it and save it again as XLSX, or as CSV.",
    )


def _check(path_name: str, content: bytes) -> None:
    """A workbook whose parts are of a sane size and declare no entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > PARTS_MAX or size > UNPACKED_MAX:
                raise RequestError(
                    f"{path_name} unpacks to {size:,} bytes in {len(parts):,} parts; "
                    f"{UNPACKED_MAX:,} in {PARTS_MAX:,} is the most.",
                    remedy="Save the sheet with the inventory as CSV.",
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise _broken(path_name)
            for part in parts:
                with archive.open(part) as opened:
                    start = opened.read(4_000).replace(b"\0", b"")
                if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                    raise _broken(path_name)
    except RequestError:
        raise
    except Exception:  # of zipfile and of each way to pack
        raise _broken(path_name) from None


def _lines(path_name: str, sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMNS_MAX + 1), 1):
        if number > ROWS_MAX:
            raise RequestError(
                f"{path_name} has more than {ROWS_MAX:,} rows.",
                remedy="Split it into several files with the same header.",
            )
        texts = [_text(cell) for cell in cells]
        if len(texts) > COLUMNS_MAX and texts[COLUMNS_MAX]:
            raise RequestError(
                f"{path_name} has more than {COLUMNS_MAX:,} columns.",
                remedy="Give only the columns of the inventory.",
            )
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, texts


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case _:
            return str(value)


def write_sheet(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """One sheet with these rows; every cell is text, whatever it looks like."""
    openpyxl = _openpyxl()
    from openpyxl.cell import WriteOnlyCell

    stored = [[_storable(text, number) for text in row] for number, row in enumerate(rows, 1)]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in stored:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, None)
            if text:
                cell.value = text
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _storable(text: str, row: int) -> str:
    stored = _CONTROL.sub(
        lambda found: f"_x{ord(found[0]):04X}_", _LOOKS_ESCAPED.sub("_x0078_", text)
    )
    if len(stored) > CELL_MAX:
        raise RequestError(
            f"Row {row:,} has a cell of {len(stored):,} characters; Excel holds {CELL_MAX:,}.",
            remedy="Export as csv or json.",
        )
    return stored
