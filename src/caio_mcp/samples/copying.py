"""Writes a copy of a file beside it, with each text replaced by what a function makes of it."""

from __future__ import annotations

import errno
import importlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..core.wording import quote
from ..errors import RequestError
from . import Replace
from .places import open_exactly
from .reading import DOCUMENT_BYTES_MAX, kind_of

NOT_COPIED = ("mail", "pptx", "pdf")


def _copied(content: bytes, name: str, replace: Replace) -> bytes:
    kind = kind_of(content[:8], name) or "text"
    if kind in NOT_COPIED:
        raise RequestError(
            f"No copy can be made of {quote(name)}: only of text, CSV, JSON, Word and Excel.",
            remedy="Save it as one of these, or as text, and make the copy of that.",
        )
    module = importlib.import_module(f"{__package__}.formats.{kind}")
    make: Callable[[bytes, str, Replace], bytes] = module.copied
    return make(content, name, replace)


def write_copy(path: Path, replace: Replace) -> Path:
    """The copy, as `NAME.redacted.EXT`; another number where that is taken."""
    try:
        with open_exactly(path) as file:
            content = file.read(DOCUMENT_BYTES_MAX + 1)
        if len(content) > DOCUMENT_BYTES_MAX:
            raise OSError(errno.EFBIG, f"It has more than {DOCUMENT_BYTES_MAX:,} bytes")
        return _written_beside(path, _copied(content, path.name, replace))
    except OSError as error:
        raise RequestError(
            f"No copy of {quote(path.name)} can be made: {error.strerror}.",
            remedy="Give a file with a shorter name, or in another folder.",
        ) from None


def _written_beside(path: Path, content: bytes) -> Path:
    number, target = 2, path.with_suffix(f".redacted{path.suffix}")
    while target.exists():
        target, number = path.with_suffix(f".redacted-{number}{path.suffix}"), number + 1
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).rename(target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target
