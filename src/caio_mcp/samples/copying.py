"""Writes a copy of a file beside it, with each text replaced by what a function makes of it."""

from __future__ import annotations

import errno
import importlib
import os
import re
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

from ..core.wording import quote
from ..errors import RequestError
from . import Replace
from .places import open_exactly
from .reading import DOCUMENT_BYTES_MAX, kind_of

_NO_SIGN_OF_NAMES = re.compile(r"[<>:/\\|?*\"]")
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
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(DOCUMENT_BYTES_MAX + 1)
        if len(content) > DOCUMENT_BYTES_MAX:
            raise OSError(errno.EFBIG, f"It has more than {DOCUMENT_BYTES_MAX:,} bytes")
        copied = _copied(content, path.name, replace)
        return _written_beside(_renamed(path, replace), copied, mode & 0o666)
    except OSError as error:
        raise RequestError(
            f"No copy of {quote(path.name)} can be made: {error.strerror}.",
            remedy="Give a file with a shorter name, or in another folder.",
        ) from None


def _renamed(path: Path, replace: Replace) -> Path:
    """The path with a name that is no value either."""
    stem, suffix = replace(path.stem, ""), path.suffix
    if suffix.lower() == ".xlsm":  # its macros stay behind, and Excel opens no such file without
        suffix = ".xlsx"
    if stem != path.stem:
        stem = _NO_SIGN_OF_NAMES.sub("", stem)
    return path.with_name(stem + suffix)


def _written_beside(path: Path, content: bytes, mode: int) -> Path:
    """Whoever may read the file may read its copy. A copy is there whole, or not at all, and
    takes the place of no other file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.chmod(mode)
        target = _reserved(path)
        try:
            return written.replace(target)
        except OSError:
            target.unlink(missing_ok=True)
            raise
    finally:
        written.unlink(missing_ok=True)


def _reserved(path: Path) -> Path:
    """The first name that is free, taken with an empty file."""
    for number in count(1):
        ending = ".redacted" if number == 1 else f".redacted-{number}"
        target = path.with_suffix(ending + path.suffix)
        try:
            target.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            continue
        break
    return target
