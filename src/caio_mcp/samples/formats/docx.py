"""Word documents: the text of every part, headers, notes and comments too."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from .. import Budget, Part, Replace, Segment
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


# Parts that hold no words of the document, or nothing that may stay in a copy of it.
_STAY = ("document", "header", "footer", "footnotes", "endnotes", "comments", "styles", "theme",
         "settings", "webSettings", "fontTable", "numbering")  # fmt: skip


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """The document with each paragraph as the function makes it. Where a paragraph changes, its
    words stand in its first run; deleted words, properties, pictures and embedded files stay
    behind."""
    etree = library("lxml.etree", "lxml")
    library("docx", "python-docx")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    out = BytesIO()
    with reading(name):
        check_size(BytesIO(content), name)
        with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
            for part in old.namelist():
                kept = _part(etree, parser, part, old.read(part), replace)
                if kept is not None:
                    new.writestr(part, kept)
    return out.getvalue()


def _part(etree: Any, parser: Any, part: str, content: bytes, replace: Replace) -> bytes | None:
    """A part of the document as it goes into the copy."""
    stem = part.rpartition("/")[2].partition(".")[0].rstrip("0123456789")
    if part.endswith((".rels", "[Content_Types].xml")):
        return _relations(etree, parser, content, replace) if part.endswith(".rels") else content
    if stem in ("core", "app", "custom") and part.startswith("docProps/"):
        return _emptied(etree, parser, content)
    if not part.endswith(".xml") or stem not in _STAY:
        # What is no text of the document is left empty, so that what points to it finds it.
        return b"" if not part.endswith(".xml") else _emptied(etree, parser, content)
    root = etree.fromstring(content, parser)
    for gone in list(root.iter(f"{_W}del", f"{_W}moveFrom")):
        gone.getparent().remove(gone)
    for element in root.iter():
        for attribute in (f"{_W}author", f"{_W}initials"):
            if attribute in element.attrib:
                element.set(attribute, "")
    for paragraph in root.iter(f"{_W}p"):
        _replace_in(paragraph, replace)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _replace_in(paragraph: Any, replace: Replace) -> None:
    texts = list(paragraph.iter(f"{_W}t", f"{_W}instrText"))
    written = "".join(_words(paragraph))
    changed = replace(written, "")
    if changed == written:
        return
    for number, element in enumerate(texts):
        element.text = changed if number == 0 else ""
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _relations(etree: Any, parser: Any, content: bytes, replace: Replace) -> bytes:
    """The links of a part: where they lead may hold a value, too."""
    root = etree.fromstring(content, parser)
    for element in root.iter():
        if element.get("TargetMode") == "External":
            target = element.get("Target") or ""
            changed = replace(target, "")
            if changed != target:
                element.set("Target", "about:blank")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _emptied(etree: Any, parser: Any, content: bytes) -> bytes:
    """A part with its elements and none of its words."""
    root = etree.fromstring(content, parser)
    for element in root.iter():
        element.text = element.tail = None
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
