"""PDF documents, page by page. Pictures of text are not read, and that is said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from ...core.wording import quote
from ...errors import RequestError
from .. import Budget, Part, Segment
from .office import needed, reading


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """One text for each page, with its notes; the document's properties and what was filled in."""
    with needed("pypdf"):
        import pypdf
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would quote the document
    has_text = False
    with reading(name):
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise RequestError(
                f"{quote(name)} is protected with a password.",
                remedy="Save it without one, or export it as text.",
            )
        said = "\n".join(str(value) for value in (reader.metadata or {}).values())
        if said:
            yield Segment(said, where="its properties")
        for number, page in enumerate(reader.pages, 1):
            text, beside = page.extract_text(), "\n".join(_beside(page))
            if not budget.take(len(text) + len(beside) + 1):
                return
            if text.strip():
                has_text = True
                yield Segment(text, where=f"page {number}")
            elif _has_picture(page):
                budget.is_truncated = True
            if beside:
                has_text = True
                yield Segment(beside, where=f"page {number}")
        if reader.attachments:
            budget.is_truncated = True
    if not has_text:
        raise RequestError(
            f"{quote(name)} holds no text that can be read: its pages may be pictures.",
            remedy="Give a version with text.",
        )


def _beside(page: Any) -> Iterator[str]:
    """What stands in the fields, notes and links of a page."""
    with suppress(Exception):  # of one that is broken the others are read
        for reference in page.get("/Annots") or ():
            note = reference.get_object()
            link = note.get("/A")
            around = note.get("/Parent")
            for holder, key in ((note, "/T"), (note, "/V"), (note, "/Contents"), (link, "/URI")):
                value = holder.get_object().get(key) if holder is not None else None
                if value is None and key == "/V" and around is not None:
                    value = around.get_object().get(key)
                if isinstance(value, str) and value.strip():
                    yield value


def _has_picture(page: Any) -> bool:
    with suppress(Exception):
        pictures = page["/Resources"]["/XObject"].get_object()
        return any(x.get_object().get("/Subtype") == "/Image" for x in pictures.values())
    return False
