"""PDF documents, page by page. Pictures of text are not read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import BinaryIO

from ...core.wording import quote
from ...errors import RequestError
from .. import Budget, Part, Segment
from .office import library, reading


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """One text for each page, and the document's properties."""
    pypdf = library("pypdf", "pypdf")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would quote the document
    has_text = False
    with reading(name):
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise RequestError(
                f"{quote(name)} is protected with a password.",
                remedy="Save it without one, or export it as text.",
            )
        said = " ".join(str(value) for value in (reader.metadata or {}).values())
        if said:
            yield Segment(said, where="its properties")
        for number, page in enumerate(reader.pages, 1):
            text = page.extract_text()
            if not budget.take(len(text) + 1):
                return
            has_text = has_text or bool(text.strip())
            yield Segment(text, where=f"page {number}")
    if not has_text:
        raise RequestError(
            f"{quote(name)} holds no text that can be read: its pages may be pictures.",
            remedy="Give a version with text.",
        )
