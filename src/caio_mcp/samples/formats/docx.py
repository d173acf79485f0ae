"""Word documents: the text of every part, headers, notes and comments too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from .. import Budget, Part, Segment
from .office import check_size, library, reading

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMES = {"document": "", "comments": "a comment", "footnotes": "a footnote"}


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """One text for each part of the document, a paragraph a line."""
    docx = library("docx", "python-docx")
    etree = library("lxml.etree", "lxml")
    with reading(name):
        check_size(file, name)
        package = docx.Document(file).part.package
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        for part in package.iter_parts():
            stem = str(part.partname).rpartition("/")[2].partition(".")[0].rstrip("0123456789")
            if not str(part.content_type).endswith("+xml") or stem in ("styles", "theme"):
                continue
            root = etree.fromstring(part.blob, parser)
            lines = ["".join(_words(p)) for p in root.iter(f"{_W}p")]
            if not lines:  # properties: author, title, company
                lines = [text for element in root.iter() if (text := element.text or "").strip()]
            text = "\n".join(lines)
            if text.strip() and budget.take(len(text)):
                yield Segment(text, where=_NAMES.get(stem, stem))


def _words(paragraph: object) -> Iterator[str]:
    for element in paragraph.iter():  # type: ignore[attr-defined]
        if element.tag in (f"{_W}t", f"{_W}delText", f"{_W}instrText"):
            yield element.text or ""
        elif element.tag in (f"{_W}tab", f"{_W}br"):
            yield " "
