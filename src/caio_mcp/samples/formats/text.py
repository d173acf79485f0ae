"""Plain text of any kind: prose, code, logs, settings. Long ones are read piece by piece."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from ...core.wording import quote
from .. import Budget, NotText, Part, Replace, Segment

PIECE = 262_144  # bytes that are looked through at once
LOOKED_AT = 4_096  # bytes that tell whether it is text
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def parts(file: BinaryIO, name: str, budget: Budget, size: int) -> Iterator[Part]:
    """The text in pieces that end with a line; of one that is too long its head, middle and
    tail."""
    encoding = encoding_of(file, name)
    if encoding != "utf-8":  # its lines cannot be told from its bytes
        whole = file.read(budget.bytes_left + 1)
        if len(whole) > budget.bytes_left:
            whole, budget.is_truncated = whole[: budget.bytes_left], True
        budget.take(len(whole))
        yield Segment(whole.decode(encoding, "replace"))
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
        cut = (
            len(piece) if is_last else piece.rfind(b"\n") + 1 or piece.rfind(b" ") + 1 or len(piece)
        )
        piece, rest = piece[:cut], piece[cut:]
        yield Segment(_decoded(piece), line=line, where=where)
        line += piece.count(b"\n") if line else 0
    if rest:
        yield Segment(_decoded(rest), line=line, where=where)


def _decoded(piece: bytes) -> str:
    try:
        return piece.decode("utf-8-sig")
    except UnicodeDecodeError:
        return piece.decode("cp1252", "replace")


def encoding_of(file: BinaryIO, name: str) -> str:
    """The encoding, by a byte order mark; what is no text is refused. Bytes that are not UTF-8
    are read as Windows-1252."""
    start = file.read(LOOKED_AT)
    file.seek(0)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        if start[1:2] == b"\0" and start.count(0) * 3 > len(start):
            return "utf-16-le"
        raise NotText(
            f"{quote(name)} is not text, nor a document that can be read here.",
            remedy="Give a text, CSV, JSON, mail, Word, Excel, PowerPoint or PDF file.",
        )
    return "utf-8"


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """The text as the function makes it, in the encoding that it had."""
    encoding = encoding_of(io.BytesIO(content), name)
    try:
        written = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"  # every byte is a character, and comes back as it was
        written = content.decode(encoding)
    return replace(written, "").encode(encoding, "xmlcharrefreplace")
