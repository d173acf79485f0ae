"""Writes a copy of a file beside it, with each text replaced by what a function makes of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..opening import read_file

Replace = Callable[[str, str], str]  # a text and the field it stands in -> the text of the copy


def write_copy(path: Path, replace: Replace) -> Path:
    """The copy, as `NAME.redacted.EXT`; another number where that is taken."""
    content = read_file(path, 50_000_000).decode("utf-8", "surrogateescape")
    number, target = 2, path.with_suffix(f".redacted{path.suffix}")
    while target.exists():
        target, number = path.with_suffix(f".redacted-{number}{path.suffix}"), number + 1
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(replace(content, "").encode("utf-8", "surrogateescape"))
    Path(name).rename(target)
    return target
