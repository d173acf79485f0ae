"""Reads a file as the parts that are looked through: its format by its name and first bytes."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ..core.wording import quote
from ..errors import RequestError
from . import Budget, Part, Sample, Segment
from .formats import text
from .places import open_exactly

DOCUMENT_BYTES_MAX = 50_000_000  # of a document that has to be read whole
DEPTH_MAX = 3  # of attachments in attachments

# The formats that are not plain text, each a module of `formats` with `parts(file, name, budget)`.
FORMATS = {
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".eml": "mail",
    ".mht": "mail",
    ".mhtml": "mail",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".docx": "docx",
    ".docm": "docx",
    ".pptx": "pptx",
    ".pdf": "pdf",
}
DOCUMENTS = ("xlsx", "docx", "pptx", "pdf")
WHOLE = ("json", "mail", *DOCUMENTS)  # not read piece by piece
_MAGIC = {b"%PDF-": ".pdf"}


def read_sample(path: Path, budget: Budget | None = None) -> Sample:
    """A file, ready to be looked through."""
    budget = budget or Budget()
    return Sample(path.name, _of_file(path, budget), budget)


def _of_file(path: Path, budget: Budget) -> Iterator[Part]:
    try:
        with open_exactly(path) as file:
            yield from parts_of(file, path.name, os.fstat(file.fileno()).st_size, budget)
    except OSError as error:
        why = error.strerror or "It is damaged"
        raise RequestError(
            f"{quote(path.name)} cannot be read: {why}.", remedy="Give another file."
        ) from None


def parts_of(
    file: BinaryIO, name: str, size: int, budget: Budget, depth: int = 0
) -> Iterator[Part]:
    """The parts of an open file."""
    if name:
        yield Segment(name, where="its name")
    kind = kind_of(file.read(8), name)
    if depth:  # its name may be a value
        name = "an attachment"
    file.seek(0)
    if kind in WHOLE and size > DOCUMENT_BYTES_MAX:
        raise RequestError(
            f"{quote(name)} has {size:,} bytes; {DOCUMENT_BYTES_MAX:,} is the most for a document.",
            remedy="Export what matters as text or CSV.",
        )
    if kind == "mail":
        from .formats import mail

        def attached(content: bytes, its_name: str) -> Iterator[Part]:
            if depth >= DEPTH_MAX:
                budget.is_truncated = True
            else:
                yield from parts_of(BytesIO(content), its_name, len(content), budget, depth + 1)

        yield from mail.parts(file, name, budget, attached)
        return
    if kind in ("", "table"):
        from .formats import table

        sampled = table if kind else text
        yield from sampled.parts(file, name, budget, size)
        return
    module = importlib.import_module(f"{__package__}.formats.{kind}")
    read: Callable[[BinaryIO, str, Budget], Iterator[Part]] = module.parts
    yield from read(file, name, budget)


def is_readable(file: BinaryIO, name: str) -> bool:
    """Whether it is worth while to read a file that nobody named: a document or a text."""
    start = file.read(text.LOOKED_AT)
    return kind_of(start, name) in DOCUMENTS or text.is_text(start)


def kind_of(start: bytes, name: str) -> str:
    """The format by the end of the name; a PDF also by its first bytes. "" is plain text."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  # a name, and no path
    suffix = next((s for magic, s in _MAGIC.items() if start.startswith(magic)), suffix)
    return FORMATS.get(suffix, "")
