"""What the readers of Office documents share: the library, refusing what is broken or huge, and
the parts of a document that its library passes over."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree import ElementTree

from ...core.wording import quote
from ...errors import RequestError, SetupError
from .. import Budget, Segment

PART_MAX = 20_000_000  # bytes of a part that is read besides
# Attributes in which people write, or programs about them.
SAID_IN = frozenset(
    [
        "v",
        "descr",
        "title",
        "tooltip",
        "alt",
        "author",
        "initials",
        "displayName",
        "display",
        "string",
        "instr",
        "displayText",
        "connection",
        "connectString",
        "query",
        "command",
    ]
)
UNPACKED_MAX = 400_000_000  # bytes of all parts of a document
BOMB_MIN = 10_000_000  # bytes of a part of which it is looked at how it was packed
BOMB_TIMES = 300  # smaller than unpacked: what people write is packed to a tenth


@contextmanager
def needed(package: str) -> Iterator[None]:
    """What a library of the extra `documents` is imported under."""
    try:
        yield
    except ImportError:
        raise SetupError(
            f"Documents of this kind need the package {package}.",
            remedy="Install it: pip install 'caio-mcp[documents]'.",
        ) from None


@contextmanager
def reading(name: str) -> Iterator[None]:
    """What goes wrong in a library is said as a fault of the document, without its content."""
    try:
        yield
    except (RequestError, SetupError, MemoryError, GeneratorExit):
        raise
    except Exception as error:  # a library raises what it likes
        raise RequestError(
            f"{quote(name)} cannot be read: it is damaged or protected ({type(error).__name__}).",
            remedy="Open it, save it again without a password, or export it as text.",
        ) from None


def check_size(file: BinaryIO, name: str) -> None:
    """Refuse a document that would be too large once it is unpacked."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    file.seek(0)
    size = sum(part.file_size for part in parts)
    if any(part.file_size > max(BOMB_MIN, BOMB_TIMES * part.compress_size) for part in parts):
        raise RequestError(
            f"{quote(name)} unpacks to far more than a document does.",
            remedy="Export what matters as text or CSV.",
        )
    if size > UNPACKED_MAX:
        raise RequestError(
            f"{quote(name)} has {size:,} bytes unpacked; {UNPACKED_MAX:,} is the most.",
            remedy="Export what matters as text or CSV.",
        )


_KINDS = (
    ("docProps/", "its properties"),
    ("/comments", "a comment"),
    ("omments/", "a comment"),
    ("person", "a comment"),
    ("people", "a comment"),
    ("/charts/", "a chart"),
    ("/pivot", "a pivot table"),
    ("/drawings/", "a drawing"),
    ("/diagrams/", "a drawing"),
)


def said_besides(
    file: BinaryIO, budget: Budget, is_read: Callable[[str], bool]
) -> Iterator[Segment]:
    """What stands in the parts that are not read otherwise: properties, comments, drawings, what
    charts and pivot tables remember, and where links lead."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        for part in archive.infolist():
            name = part.filename
            if is_read(name) or not name.endswith((".xml", ".rels", ".vml")):
                continue
            if part.file_size > PART_MAX or not budget.take(part.file_size // 20):
                budget.is_truncated = True
                continue
            content = archive.read(name)
            if name.endswith(".vml") and b"<!" in content:
                continue  # drawings of old: no XML at times
            root = ElementTree.fromstring(content)
            said = "".join(_links(root) if name.endswith(".rels") else _texts(root)).strip()
            if said:
                where = "a link" if name.endswith(".rels") else _kind(name)
                yield Segment(said, where=where, column=0)


def _kind(name: str) -> str:
    return next((kind for part, kind in _KINDS if part in name), "another part of it")


def _links(root: ElementTree.Element) -> Iterator[str]:
    for link in root.iter():
        if link.get("TargetMode") == "External":
            yield link.get("Target", "") + "\n"


def _texts(root: ElementTree.Element) -> Iterator[str]:
    """The words of a part, a paragraph or a value a line."""
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        text = element.text or ""
        if tag in ("p", "si", "comment") or (text.strip() and tag != "t"):
            yield "\n"
        if text.strip() or tag == "t":
            yield text
        for key, value in element.attrib.items():
            if key.rpartition("}")[2] in SAID_IN:
                yield f"\n{value}\n"
