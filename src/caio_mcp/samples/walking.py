"""The files of a folder that are worth looking through, in order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SKIPPED = frozenset([".git", ".hg", ".svn"])
IGNORE = ".gitignore"
IGNORE_BYTES_MAX = 1_000_000


def files_below(path: Path) -> Iterator[Path]:
    """A file itself, or those in a folder that its .gitignore files do not leave out. Links to
    folders are not followed."""
    try:
        is_folder = path.is_dir()
    except OSError:  # a name that no file can have: reading it says so
        is_folder = False
    if not is_folder:
        yield path
        return
    yield from _below(path, [])


def _below(folder: Path, rules: list[tuple[Path, Any]]) -> Iterator[Path]:
    own = _rules(folder)
    rules = [*rules, (folder, own)] if own is not None else rules
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        is_folder = entry.is_dir(follow_symlinks=False)
        if entry.name in SKIPPED or _is_ignored(path, rules, is_folder=is_folder):
            continue
        if is_folder:
            yield from _below(path, rules)
        elif entry.is_file():
            yield path


def _rules(folder: Path) -> Any:
    try:
        content = (folder / IGNORE).read_bytes()[:IGNORE_BYTES_MAX]
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(content.decode("utf-8", "replace").splitlines())


def _is_ignored(path: Path, rules: list[tuple[Path, Any]], *, is_folder: bool) -> bool:
    """Whether the last .gitignore that speaks of a file leaves it out."""
    for folder, spec in reversed(rules):
        name = f"{path.relative_to(folder).as_posix()}{'/' if is_folder else ''}"
        said = spec.check_file(name).include
        if said is not None:
            return bool(said)
    return False
