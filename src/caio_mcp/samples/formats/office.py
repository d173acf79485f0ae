"""What the readers of Office documents share: the library, and refusing what is broken or huge."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import BinaryIO

from ...core.wording import quote
from ...errors import RequestError, SetupError

UNPACKED_MAX = 400_000_000  # bytes of all parts of a document
BOMB_MIN = 10_000_000  # bytes of a part of which it is looked at how it was packed
BOMB_TIMES = 300  # smaller than unpacked: what people write is packed to a tenth


def library(name: str, package: str) -> ModuleType:
    """A library of the extra `documents`."""
    try:
        return importlib.import_module(name)
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
