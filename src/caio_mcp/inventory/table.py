"""Files as tables of cells: encodings, delimiters, title lines, header rows, ragged rows."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import RequestError
from .cells import as_meant

BYTES_MAX = 100_000_000
ROWS_MAX = 200_000
COLUMNS_MAX = 1_000
CELL_MAX = 1_000_000  # characters; the csv module asks for a limit
LINES_OF_A_CELL = 100  # more than anybody writes, and less than a file that was swallowed
HEADER_WITHIN = 40  # title lines above a header row
_DELIMITERS = (",", ";", "\t", "|")
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NOT_TABLES = (
    (b"%PDF", "a PDF", "Ask for the table as CSV or XLSX."),
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Excel file", "Save it as XLSX without a password."),
    (b"\x1f\x8b", "a compressed file", "Unpack it first."),
    (b"SQLite format 3", "a database", "Export the table as CSV."),
)

Line = tuple[int, list[str]]  # where a record begins, and its cells


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows, each with the line on which it begins."""

    kind: str  # csv, xlsx, json, jsonl
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    header_line: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Notes:
    """What was odd in a table, counted."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, what: str, line: int) -> None:
        self.counts[what] += 1
        if self.counts[what] <= 5:
            self.lines.setdefault(what, []).append(line)

    def texts(self) -> tuple[str, ...]:
        return tuple(
            f"{what}: {count:,} (line {', '.join(map(str, self.lines[what]))}"
            f"{', ...' if count > 5 else ''})"
            for what, count in self.counts.items()
        )


Score = Callable[[Sequence[str]], int]  # how much a row looks like a header that is known


def read_table(path_name: str, content: bytes, score: Score) -> Table:
    """The table in a file, by what the file holds; its name only helps."""
    if len(content) > BYTES_MAX:
        raise RequestError(
            f"{path_name} has {len(content):,} bytes; {BYTES_MAX:,} is the most.",
            remedy="Split it into several files with the same header.",
        )
    for magic, what, remedy in _NOT_TABLES:
        if content.startswith(magic):
            raise RequestError(f"{path_name} is {what}, not a table.", remedy=remedy)
    if content.startswith(b"PK\x03\x04"):
        from .sheets import read_sheets

        sheets = read_sheets(path_name, content)
        name, lines = max(sheets, key=lambda sheet: _best_score(sheet[1], score))
        others = tuple(f"sheet not read: {other!r}" for other, _ in sheets if other != name)
        return _with_header("xlsx", path_name, lines, score, sheet=name, notes=others)
    text, encoding = decode(path_name, content)
    if not text.strip():
        raise RequestError(f"{path_name} is empty.", remedy="Give the file with the inventory.")
    if text.lstrip()[:1] in ("{", "["):
        try:
            return _read_json(path_name, text, encoding)
        except RequestError:
            if not path_name.casefold().endswith((".csv", ".tsv")):
                raise  # else the first column may be called [id]
    delimiter, lines = _split(path_name, text, score)
    return _with_header("csv", path_name, lines, score, encoding=encoding, delimiter=delimiter)


# -- text ------------------------------------------------------------------------------


def decode(path_name: str, content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was read in."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(path_name, content, encoding), encoding
    start = content[:4000]
    if b"\0" in start:
        if start[1::2].count(0) > len(start) * 0.3:
            return _decoded(path_name, content, "utf-16-le"), "utf-16-le"
        if start[::2].count(0) > len(start) * 0.3:
            return _decoded(path_name, content, "utf-16-be"), "utf-16-be"
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _decoded(path_name: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RequestError(
            f"{path_name}:{line}: this line is not {encoding} text, as the start of the file says.",
            remedy="Save the file again as UTF-8.",
        ) from None


def _records(path_name: str, text: str, delimiter: str) -> Iterator[Line]:
    """The records of a text, each with the line on which it begins."""
    if csv.field_size_limit() < CELL_MAX:
        csv.field_size_limit(CELL_MAX)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise RequestError(
                f"{path_name}:{line}: a cell here is longer than {CELL_MAX:,} characters.",
                remedy="Close the quotation mark that was left open on this line or before it.",
            ) from None
        yield line, cells
        line = reader.line_num + 1


def _split(path_name: str, text: str, score: Score) -> tuple[str, list[Line]]:
    """The rows, and the delimiter under which most are equally wide and the header is known."""
    first, _, rest = text.partition("\n")
    if first.strip().casefold() in {f"sep={sign}" for sign in _DELIMITERS}:
        stated = first.strip()[-1]
        lines = [(line + 1, cells) for line, cells in _records(path_name, rest, stated)]
        return stated, lines
    best = max(_DELIMITERS, key=lambda sign: _evenness(text, sign, score))
    lines = list(_records(path_name, text, best))
    if len(lines) > ROWS_MAX:
        raise RequestError(
            f"{path_name} has {len(lines):,} rows; {ROWS_MAX:,} is the most.",
            remedy="Split it into several files with the same header.",
        )
    return best, lines


def _evenness(text: str, delimiter: str, score: Score) -> tuple[float, int, int]:
    widths: Counter[int] = Counter()
    known = 0
    try:
        for number, (_, cells) in enumerate(_records("", text[:400_000], delimiter)):
            if any(cell.strip() for cell in cells):
                widths[len(cells)] += 1
            if number < HEADER_WITHIN:
                known = max(known, score(cells))
            if number > 300:
                break
    except RequestError:
        return (0.0, 0, 0)
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return (0.0, known, 1)
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    return (round(count / widths.total(), 1), known, width)


# -- header and rows -------------------------------------------------------------------


def _best_score(lines: Sequence[Line], score: Score) -> tuple[int, int]:
    known = max((score(cells) for _, cells in lines[:HEADER_WITHIN]), default=0)
    return known, min(len(lines), 1_000)


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _header_at(lines: Sequence[Line], score: Score) -> int:
    """Which row is the header: the one whose names are known best, else the first wide one."""
    top = lines[:HEADER_WITHIN]
    scores = [score(cells) for _, cells in top]
    best = max(scores, default=0)
    if best >= 3:
        return scores.index(best)
    widths = [_filled(cells) for _, cells in lines[:300]]
    usual = max(Counter(width for width in widths if width).items(), key=lambda pair: pair[1])[0]
    for number, (_, cells) in enumerate(top):
        if _filled(cells) >= max(2, usual * 0.6) and not any(map(_is_number, cells)):
            return number
    return next(number for number, width in enumerate(widths) if width)


def _is_number(cell: str) -> bool:
    return cell.strip().replace(".", "", 1).replace(",", "").isdigit()


def _with_header(
    kind: str,
    path_name: str,
    lines: list[Line],
    score: Score,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    notes: tuple[str, ...] = (),
) -> Table:
    if not any(_filled(cells) for _, cells in lines):
        raise RequestError(f"{path_name} has no rows.", remedy="Give the file with the inventory.")
    at = _header_at(lines, score)
    header_line, header = lines[at]
    if len(header) > COLUMNS_MAX:
        raise RequestError(
            f"{path_name}:{header_line}: {len(header):,} columns; {COLUMNS_MAX:,} is the most.",
            remedy="Give only the columns of the inventory.",
        )
    odd = _Notes()
    names = _names(header, header_line, odd)
    rows = tuple(_rows(names, lines[at + 1 :], odd))
    used = [name for name in names if not name.startswith(_UNNAMED) or _is_used(name, rows)]
    dropped = set(names) - set(used)
    for _, row in rows:
        for name in dropped:
            row.pop(name, None)
    extra = sorted({name for _, row in rows for name in row if name not in names}, key=_number_of)
    above = (f"lines above the header, skipped: {at}",) if at else ()
    return Table(
        kind,
        (*used, *extra),
        rows,
        header_line,
        encoding,
        _DELIMITER_NAMES.get(delimiter, ""),
        sheet,
        (*notes, *above, *odd.texts()),
    )


_UNNAMED = "(column "


def _number_of(name: str) -> int:
    return int(name.removeprefix(_UNNAMED).rstrip(")"))


def _is_used(name: str, rows: Sequence[tuple[int, dict[str, str]]]) -> bool:
    return any(row.get(name, "").strip() for _, row in rows)


def _names(header: Sequence[str], line: int, notes: _Notes) -> list[str]:
    """A name for each column; blank and repeated ones get one that says so."""
    names: list[str] = []
    taken: set[str] = set()
    last = max(number for number, cell in enumerate(header) if cell.strip())
    for number, cell in enumerate(header[: last + 1], 1):
        name = " ".join(as_meant(cell).split()) or f"{_UNNAMED}{number})"
        if not cell.strip():
            notes.add("columns without a name", line)
        if name in taken:
            notes.add("columns with the name of another", line)
            again = 2
            while f"{name} ({again})" in taken:
                again += 1
            name = f"{name} ({again})"
        taken.add(name)
        names.append(name)
    return names


def _rows(
    names: list[str], lines: Sequence[Line], notes: _Notes
) -> Iterator[tuple[int, dict[str, str]]]:
    width = len(names)
    for line, cells in lines:
        filled = _filled(cells)
        if not filled:
            continue
        if filled == 1 and width > 3 and len(cells) != width:
            notes.add("lines that are no row were skipped", line)
            continue
        if len(cells) < width:
            notes.add("rows shorter than the header", line)
        if any(cell.count("\n") > LINES_OF_A_CELL for cell in cells):
            notes.add("cells of very many lines: is a quotation mark left open?", line)
        row = dict.fromkeys(names, "")
        row.update(zip(names, map(as_meant, cells), strict=False))
        beyond = cells[width:]
        if _filled(beyond):
            notes.add("rows longer than the header", line)
            row.update(
                (f"{_UNNAMED}{number})", as_meant(cell))
                for number, cell in enumerate(beyond, width + 1)
                if cell.strip()
            )
        yield line, row


# -- JSON ------------------------------------------------------------------------------


def _read_json(path_name: str, text: str, encoding: str) -> Table:
    """A list of objects, an object that holds one, or one object a line."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise _no_table(path_name, 1, "nested too deeply") from None
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        if text.lstrip().startswith("{") and "\n" in text.strip():
            return _read_json_lines(path_name, text, encoding)
        raise _no_table(path_name, line, "not valid JSON") from None
    records = _list_in(found)
    if records is None:
        raise _no_table(path_name, 1, "no list of objects")
    return _json_table("json", path_name, list(enumerate(records, 1)), encoding)


def _no_table(path_name: str, line: int, what: str) -> RequestError:
    return RequestError(
        f"{path_name}:{line}: this is {what}.",
        remedy="Write a list of objects, one a use: [{...}, {...}], or one object a line.",
    )


def _list_in(found: Any) -> list[Any] | None:
    """The records: the list itself, the only list of objects inside, or the one object."""
    if isinstance(found, list):
        return found
    if not isinstance(found, dict):
        return None
    lists = [part for part in found.values() if isinstance(part, list) and _are_objects(part)]
    if lists:
        return max(lists, key=len)
    return [found]


def _are_objects(part: list[Any]) -> bool:
    return bool(part) and all(isinstance(item, dict) for item in part)


def _read_json_lines(path_name: str, text: str, encoding: str) -> Table:
    records: list[tuple[int, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            records.append((number, json.loads(line)))
        except (ValueError, RecursionError):
            raise _no_table(path_name, number, "not valid JSON") from None
    return _json_table("jsonl", path_name, records, encoding)


def _json_table(
    kind: str, path_name: str, records: Sequence[tuple[int, Any]], encoding: str
) -> Table:
    if len(records) > ROWS_MAX:
        raise RequestError(
            f"{path_name} has {len(records):,} records; {ROWS_MAX:,} is the most.",
            remedy="Split it into several files.",
        )
    names: dict[str, None] = {}
    for line, record in records:
        if not isinstance(record, dict):
            raise _no_table(path_name, line, "a list with something that is no object")
        names.update(dict.fromkeys(map(str, record)))
    if not names:
        raise _no_table(path_name, 1, "an empty list")
    if len(names) > COLUMNS_MAX:
        raise _no_table(
            path_name, 1, f"{len(names):,} different names; {COLUMNS_MAX:,} is the most"
        )
    rows = tuple(
        (line, {name: json_cell(record.get(name)) for name in names}) for line, record in records
    )
    return Table(kind, tuple(names), rows, 0, encoding)


def json_cell(value: Any) -> str:
    """A value as a cell: text as it stands, nothing as blank, the rest as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
