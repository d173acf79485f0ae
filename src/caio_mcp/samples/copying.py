"""Writes a copy of a file beside it, with each text replaced by what a function makes of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..core.wording import quote
from ..errors import RequestError
from .places import read_exactly

Replace = Callable[[str, str], str]  # a text and the field it stands in -> the text of the copy


def write_copy(path: Path, replace: Replace) -> Path:
    """The copy, as `NAME.redacted.EXT`; another number where that is taken."""
    content = read_exactly(path, 50_000_000).decode("utf-8", "surrogateescape")
    copied = replace(content, "").encode("utf-8", "surrogateescape")
    try:
        return _written_beside(path, copied)
    except OSError as error:
        raise RequestError(
            f"The copy of {quote(path.name)} cannot be written: {error.strerror}.",
            remedy="Copy the file to another folder, or give it a shorter name.",
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
