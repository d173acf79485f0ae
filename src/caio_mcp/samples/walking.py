"""The files of a folder that are worth looking through, in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def files_below(path: Path) -> Iterator[Path]:
    """A file itself, or those in a folder."""
    if not path.is_dir():
        yield path
        return
    yield from sorted(found for found in path.rglob("*") if found.is_file())
