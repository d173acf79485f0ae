"""Pages of HTML: what is read in them, and what the attributes of their marks say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from .. import Budget, Part, Segment
from . import text
from .text import copied as copied  # a copy keeps its marks

# Marks inside a word or a sentence; between what all others part there is a bar.
_INLINE = re.compile(
    r"a|b|bdi|bdo|big|cite|code|data|del|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strike|"
    r"strong|sub|sup|time|tt|u|var|wbr"
)
_SAID_IN = re.compile(
    r"""\b(?:href|src|action|value|content|title|alt|placeholder|data-[\w-]{1,40})"""
    r"""\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)')""",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_PARTING = " | "


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """The text of the page, on the lines on which it stands in the file."""
    encoding = text.encoding_of(file, name)
    yield page(text.decoded(text.taken(file, budget), encoding))


def page(written: str, where: str = "") -> Segment:
    """What a page says, without its marks."""
    said = "".join(_lines_kept(run) for run in _runs(written))
    return Segment(said, column=0, where=where)


def _runs(written: str) -> Iterator[str]:
    """What is between the marks and in them, each in its turn."""
    at = 0
    while (start := written.find("<", at)) >= 0:
        yield written[at:start]
        is_comment = written.startswith("<!--", start)
        end = written.find("-->" if is_comment else ">", start)
        if end < 0:
            at = start
            break
        mark = written[start : end + 1]
        if is_comment:
            yield _PARTING + mark[4:-2] + _PARTING
        elif (name := _NAME.match(mark.lstrip("</"))) is None:
            yield mark
        else:
            yield from _of_mark(mark, name[0].lower())
        at = end + 1 + 2 * is_comment
    yield written[at:]


def _of_mark(mark: str, name: str) -> Iterator[str]:
    """The words of a mark, on the lines on which they stand."""
    at, parting = 0, "" if _INLINE.fullmatch(name) else _PARTING
    for said in _SAID_IN.finditer(mark) if "=" in mark else ():
        lines = "\n" * mark.count("\n", at, at := said.start(said.lastindex or 0))
        words = (said[1] or said[2] or "").replace("\n", " ")
        if words:
            parting = _PARTING
        yield f"{parting}{lines}{words}"
    yield parting + "\n" * mark.count("\n", at)


def _lines_kept(run: str) -> str:
    if "&" not in run:
        return run
    return "\n".join(html.unescape(line).replace("\n", " ") for line in run.split("\n"))
