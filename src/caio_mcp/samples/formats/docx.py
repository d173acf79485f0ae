"""Word documents: the text of every part, tables as tables; headers, notes and comments too."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from .. import Budget, Part, Replace, Row, Segment
from . import table
from .office import SAID_IN, check_size, needed, reading, said_besides

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_WORDS = (
    f"{_W}t",
    f"{_W}instrText",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
)
_DELETED = f"{_W}delText"
_GAPS = (f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen")
# A picture of a text for programs that cannot show it otherwise: the same text again.
_AGAIN = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NAMES = {"document": "", "comments": "a comment", "footnotes": "a footnote", "endnotes": "a note"}
_WITH_WORDS = ("document", "header", "footer", "footnotes", "endnotes", "comments")
# Parts that stay in a copy; all others hold no words of the document, or nothing that may stay.
_STAY = (*_WITH_WORDS, "styles", "theme", "settings", "webSettings", "fontTable", "numbering")


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """One text for each part of the document, a paragraph a line; each table; what is said
    elsewhere."""
    with needed("python-docx"):
        import docx
        from lxml import etree
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    read = set[str]()
    with reading(name):
        check_size(file, name)
        for part in docx.Document(file).part.package.iter_parts():
            stem = _stem(str(part.partname))
            if stem not in _WITH_WORDS or not str(part.content_type).endswith("+xml"):
                continue
            read.add(str(part.partname).lstrip("/"))
            if not budget.take(len(part.blob) // 20):
                return
            where = _NAMES.get(stem, stem)
            yield from _parts_of(etree.fromstring(part.blob, parser), where, budget)
        yield from said_besides(
            file, budget, lambda part: part in read or _stem(part) in ("styles", "theme")
        )


def _parts_of(root: Any, where: str, budget: Budget) -> Iterator[Part]:
    again = {p for fallback in root.iter(_AGAIN) for p in fallback.iter(_P)}
    top = [t for t in root.iter(_TABLE) if next(t.iterancestors(_TABLE), None) is None]
    in_table = {p for t in top for p in t.iter(_P)}
    lines = [
        "".join(text for _, text in _words(p)) if p not in in_table else ""
        for p in root.iter(_P)
        if p not in again
    ]
    text = "\n".join(lines)
    if text.strip() and budget.take(len(text)):
        yield Segment(text, where=where)
    for number, found in enumerate(top, 1):
        its = ", ".join(filter(None, (where, f"table {number}")))
        yield from table.tables(_rows(found), budget, its)
    said = [v for e in root.iter() for k, v in e.attrib.items() if _is_said_in(k) and v.strip()]
    if said:
        yield Segment("\n".join(said), where="what is said of a picture or a link", column=0)


def _rows(found: Any) -> Iterator[Row]:
    for number, row in enumerate(found.iter(_ROW), 1):
        cells = [
            " ".join("".join(text for _, text in _words(p)) for p in cell.iter(_P))
            for cell in row.iter(_CELL)
        ]
        if any(cells):
            yield Row(tuple(cells), number)


def _words(paragraph: Any) -> Iterator[tuple[Any, str]]:
    """The texts of a paragraph and the elements that hold them; not those of a box in it, which
    has paragraphs of its own."""
    for element in paragraph:
        if element.tag in _WORDS or element.tag == _DELETED:
            yield element, element.text or ""
        elif element.tag in _GAPS:
            yield None, " "
        elif element.tag != _P:
            yield from _words(element)


def _stem(part: str) -> str:
    return part.rpartition("/")[2].partition(".")[0].rstrip("0123456789")


def _is_said_in(attribute: str) -> bool:
    return attribute.rpartition("}")[2] in SAID_IN


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """The document with each paragraph as the function makes it. Deleted words, properties, who
    wrote what, variables, pictures and embedded files stay behind."""
    with needed("python-docx"):
        from lxml import etree
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    out = BytesIO()
    with reading(name):
        check_size(BytesIO(content), name)
        with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
            for part in dict.fromkeys(old.namelist()):
                new.writestr(part, _part(etree, parser, part, old.read(part), replace))
    return out.getvalue()


def _part(etree: Any, parser: Any, part: str, content: bytes, replace: Replace) -> bytes:
    """A part of the document as it goes into the copy. What is no text of the document is left
    empty, so that what points to it finds it."""
    if part == "[Content_Types].xml":
        return content
    if not part.endswith((".xml", ".rels")):
        return b""
    root = etree.fromstring(content, parser)
    if part.endswith(".rels"):
        _change_links(root, replace)
    elif _stem(part) in _STAY:
        _change_words(root, replace)
    else:
        _empty(root, with_elements="/charts/" in part or "/diagrams/" in part)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


# Removed words; variables of macros and where the addresses of a serial letter are; what words
# were before they were changed; comments of XML.
_GONE = ("del", "moveFrom", "docVars", "mailMerge", "dataBinding", "rsids")


def _change_words(root: Any, replace: Replace) -> None:
    for gone in list(root.iter(*(_W + name for name in _GONE))):
        _remove(gone)
    for gone in [e for e in root.iter() if not isinstance(e.tag, str)]:  # of XML itself
        _remove(gone)
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if attribute in (f"{_W}author", f"{_W}initials"):
                element.set(attribute, "")
            elif _is_said_in(attribute) or _is_name(element.tag, attribute):
                element.set(attribute, replace(value, ""))
    for paragraph in root.iter(_P):
        _replace_in(paragraph, replace)


def _is_name(tag: str, attribute: str) -> bool:
    """Whether an attribute names a thing of the document, and no style or colour."""
    stem, key = tag.rpartition("}")[2], attribute.rpartition("}")[2]
    return (stem in ("docPr", "cNvPr", "bookmarkStart") and key == "name") or (
        stem in ("alias", "tag", "listItem", "default", "result") and key in ("val", "value")
    )


def _remove(element: Any) -> None:
    around = element.getparent()
    if around is None:
        return
    if element.tail and element.getprevious() is not None:
        element.getprevious().tail = (element.getprevious().tail or "") + element.tail
    around.remove(element)


def _replace_in(paragraph: Any, replace: Replace) -> None:
    """The paragraph as the function makes it: what changed stands where the first changed word
    stood, and all around it stays in its own type."""
    texts = [(e, text) for e, text in _words(paragraph) if e is None or e.tag != _DELETED]
    written = "".join(text for _, text in texts)
    changed = replace(written, "")
    if changed == written:
        return
    start = _same_at_first(written, changed)
    most = min(len(written), len(changed)) - start
    same = _same_at_first(written[::-1][:most], changed[::-1][:most])
    end, new, at = len(written) - same, changed[start : len(changed) - same], 0
    for element, text in texts:
        before, after = max(0, start - at), max(0, end - at)
        at += len(text)
        if element is None or before >= len(text) or after <= 0:
            continue
        element.text = text[:before] + new + text[after:]
        element.set(_SPACE, "preserve")
        new = ""
    if new:  # nothing was taken away
        last = next(element for element, _ in reversed(texts) if element is not None)
        last.text = (last.text or "") + new


def _same_at_first(one: str, other: str) -> int:
    """How many characters two texts have in common before they differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _change_links(root: Any, replace: Replace) -> None:
    """Where links lead may hold a value, too; a file of somebody's computer is one."""
    for element in root.iter():
        if element.get("TargetMode") == "External":
            target = element.get("Target") or ""
            is_web = target.startswith(("http://", "https://", "mailto:"))
            if not is_web or replace(target, "") != target:
                element.set("Target", "about:blank")


def _empty(root: Any, *, with_elements: bool) -> None:
    """A part without its words; with its elements where programs look for these."""
    if not with_elements:
        del root[:]
        root.attrib.clear()
    for element in root.iter():
        element.text = element.tail = None
        for attribute in filter(_is_said_in, list(element.attrib)):
            element.set(attribute, "")
