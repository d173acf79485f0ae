"""Plain text of any kind: prose, code, logs, settings. Long ones are read piece by piece."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from ...core.wording import quote
from ...errors import RequestError
from .. import Budget, Part, Replace, Segment

PIECE = 262_144  # bytes that are looked through at once
LOOKED_AT = 4_096  # bytes that tell whether it is text
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ERRORS = "caio_mcp.as_windows"  # what becomes of bytes that are not UTF-8


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8, one by one, as Windows-1252 or what is next to it has them."""
    if not isinstance(error, UnicodeDecodeError) or "utf-8" not in error.encoding.replace("_", "-"):
        return "\ufffd", getattr(error, "end", 1)
    wrong = error.object[error.start : error.end]
    return "".join(_WINDOWS[byte] for byte in wrong), error.end


_WINDOWS = [bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(256)]
codecs.register_error(ERRORS, _as_windows)


def parts(file: BinaryIO, name: str, budget: Budget, size: int) -> Iterator[Part]:
    """The text in pieces that end with a line; of one that is too long its head, middle and
    tail."""
    encoding = encoding_of(file, name)
    if not is_by_bytes(encoding):  # its lines cannot be told from its bytes
        content = taken(file, budget)
        yield Segment(content.decode(encoding, "replace"))
        return
    if size <= budget.bytes_left:
        yield from _pieces(file, budget, None, 1)
        return
    third = budget.bytes_left // 3
    budget.is_truncated = True
    yield from _pieces(file, budget, third, 1)
    for start, where in ((size // 2 - third // 2, "middle"), (size - third, "end")):
        file.seek(max(0, start))
        yield from _pieces(file, budget, third, 0, f"about the {where}")


def _pieces(
    file: BinaryIO, budget: Budget, most: int | None, line: int, where: str = ""
) -> Iterator[Part]:
    """The text from here on, up to so many bytes."""
    rest, left = b"", most
    while left is None or left > 0:
        size = PIECE if left is None else min(PIECE, left)
        piece = file.read(size)
        if not piece or not budget.take(len(piece)):
            break
        is_last = len(piece) < size
        left = None if left is None else left - len(piece)
        piece = rest + piece
        cut = len(piece) if is_last else _end_of_line(piece)
        piece, rest = piece[:cut], piece[cut:]
        yield Segment(piece.decode("utf-8-sig", ERRORS), line=line, where=where)
        line += piece.count(b"\n") if line else 0
    if rest:
        yield Segment(rest.decode("utf-8-sig", ERRORS), line=line, where=where)


def _end_of_line(piece: bytes) -> int:
    """Where the last line ends, else the last word, else the last character."""
    cut = piece.rfind(b"\n") + 1 or piece.rfind(b" ") + 1 or len(piece)
    while cut == len(piece) and piece[cut - 1] & 0xC0 == 0x80:  # inside a character
        piece, cut = piece[: cut - 1], cut - 1
    return cut - 1 if piece[cut - 1] >= 0xC0 and cut > 1 else cut


def taken(file: BinaryIO, budget: Budget) -> bytes:
    """What a file holds, up to what may still be read."""
    content = file.read(budget.bytes_left + 1)
    if len(content) > budget.bytes_left:
        content, budget.is_truncated = content[: budget.bytes_left], True
    return content if budget.take(len(content)) else b""


def is_by_bytes(encoding: str) -> bool:
    """Whether each sign of ASCII is one byte."""
    return encoding.startswith("utf-8")


def encoding_of(file: BinaryIO, name: str) -> str:
    """The encoding, by a byte order mark; what is no text is refused. Where it is UTF-8, bytes
    that are not are read as Windows-1252."""
    start = file.read(LOOKED_AT)
    file.seek(0)
    if not is_text(start):
        raise RequestError(
            f"{quote(name)} is not text, nor a document that can be read here.",
            remedy="Give a text, CSV, JSON, mail, Word, Excel, PowerPoint or PDF file.",
        )
    return _wide(start) or "utf-8"


def is_text(start: bytes) -> bool:
    """Whether bytes that a file starts with are those of a text."""
    return b"\0" not in start or bool(_wide(start))


def _wide(start: bytes) -> str:
    """The encoding of texts that have a mark, or a zero in every other byte."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding if encoding != "utf-8-sig" or b"\0" not in start else ""
    for low, encoding in ((0, "utf-16-le"), (1, "utf-16-be")):
        high = start[1 - low :: 2]
        if high.count(0) * 3 > len(high) * 2 and b"\0" not in start[low::2]:
            return encoding
    return ""


def decoded(content: bytes, encoding: str) -> str:
    """The text of bytes, whatever they are."""
    return content.decode(encoding, ERRORS).removeprefix("\ufeff")


def for_copy(content: bytes, encoding: str) -> tuple[str, str]:
    """The text of bytes, and the encoding in which they come back as they were; UTF-8 where
    there is none."""
    written = decoded(content, encoding)
    if is_by_bytes(encoding):
        for same in (encoding, "cp1252"):
            if written.encode(same, "replace") == content:
                return written, same
    return written, encoding


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """The text as the function makes it, in the encoding that it had."""
    written, encoding = for_copy(content, encoding_of_bytes(content, name))
    return encoded(replace(written, ""), encoding)


def encoded(written: str, encoding: str) -> bytes:
    """The bytes of a text that was changed."""
    return written.encode(encoding, "replace")


def encoding_of_bytes(content: bytes, name: str) -> str:
    """The encoding of a text that is in memory."""
    import io

    return encoding_of(io.BytesIO(content[:LOOKED_AT]), name)
