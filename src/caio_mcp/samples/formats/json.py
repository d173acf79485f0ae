"""JSON and lines of JSON: the values of each path are looked at as a column.

The text is read sign by sign and not as a whole: what is cut off or broken is read up to there,
each value has its line, a key that stands twice has two values, and a copy differs from the file
only where a value was replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .. import Budget, Part, Replace, Row, Segment, Table
from . import text

PATHS_MAX = 2_000  # different paths that are kept apart
NAME_MAX = 200  # characters of a path
_SIGN = re.compile(
    r'[ \t\r\n\ufeff]*(?:(?P<text>"[^"\\]*(?:\\.[^"\\]*)*")|(?P<number>-?[0-9][0-9.eE+-]*)'
    r"|(?P<open>[{\[])|(?P<shut>[}\]])|(?P<comma>,)|(?::|true|false|null|NaN|-?Infinity)"
    r"|(?P<end>\Z)|(?P<wrong>.))",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    """A key or a value: where it stands, and the path to it."""

    start: int
    end: int
    path: str
    is_key: bool = False


class _BrokenError(Exception):
    """Where the text stops to be JSON."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at


def _tokens(written: str) -> Iterator[_Token]:
    """Each key and each value that is a text or a number."""
    stack: list[tuple[str, bool]] = []  # each object or list around: its path, is it an object
    path, is_key = "", False
    for found in _SIGN.finditer(written):
        kind = found.lastgroup
        if kind in ("text", "number"):
            yield _Token(*found.span(kind), "" if is_key else path, is_key)
            if is_key:
                around, key = stack[-1][0], _meant(found[kind])
                path, is_key = (f"{around}.{key}" if around else key)[-NAME_MAX:], False
        elif kind == "open":
            is_key = found["open"] == "{"
            stack.append((path, is_key))
        elif kind == "shut" and stack and stack[-1][1] == (found["shut"] == "}"):
            stack.pop()
            path, is_key = "", False  # until the next comma
        elif kind == "comma" and stack:
            path, is_key = stack[-1]
        elif kind == "end" and not stack:
            return
        elif kind:
            raise _BrokenError(found.start(kind))


def _meant(token: str) -> str:
    """What a text stands for; a number as it is written."""
    if not token.startswith('"'):
        return token
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token, strict=False))
    except ValueError:  # it escapes what cannot be escaped
        return token[1:-1]


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """The values by their paths, and the names of keys; what is no JSON is text."""
    encoding = text.encoding_of(file, name)
    written = text.decoded(text.taken(file, budget), encoding)
    columns: dict[str, list[Row]] = {}
    keys: dict[str, None] = {}
    line, at = 1, 0
    try:
        for token in _tokens(written):
            line, at = line + written.count("\n", at, token.start), token.start
            value = _meant(written[token.start : token.end])
            if token.is_key:
                keys[value] = None
                continue
            path = token.path if token.path in columns or len(columns) < PATHS_MAX else ""
            columns.setdefault(path, []).append(Row((value,), line))
    except _BrokenError as broken:
        if not keys:
            yield Segment(written)
            return
        line += written.count("\n", at, broken.at)
        yield Segment(written[broken.at :], line=line, column=0)
    if keys:
        yield Segment("\n".join(keys), where="the names of its keys")
    for path, rows in columns.items():
        yield Table((path,), rows, counted="line")


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """The documents with each text, number and name of a key as the function makes it."""
    written, encoding = text.for_copy(content, text.encoding_of_bytes(content, name))
    made, at = [], 0
    try:
        for token in _tokens(written):
            raw = written[token.start : token.end]
            value = _meant(raw)
            changed = replace(value, token.path)
            if changed != value:
                made += [written[at : token.start], json.dumps(changed, ensure_ascii=False)]
                at = token.end
    except _BrokenError:
        return text.copied(content, name, replace)
    return text.encoded("".join([*made, written[at:]]), encoding)
