"""The files of a folder that are worth looking through, in order; what is left out is counted."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..opening import read_file
from .places import open_exactly
from .reading import is_readable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

STORES = (".git", ".hg", ".svn")  # of version control: packed, and no files of somebody's
IGNORED, BINARY, SPECIAL, LINK = "ignored by .gitignore", "binary", "no regular file", "a link"
IGNORE_BYTES_MAX = 1_000_000
_Rules = tuple[Path, "GitIgnoreSpec"]  # a folder, and what its .gitignore says


def files_below(path: Path, skipped: Counter[str]) -> Iterator[Path]:
    """A file itself, whatever it is, or those in a folder. A folder that cannot be read comes
    as if it were a file, so that whoever reads it is told."""
    try:
        is_folder = path.is_dir()
    except OSError:  # a name that no file can have: reading it says so
        is_folder = False
    if not is_folder:
        yield path
        return
    waiting: list[tuple[Path, tuple[_Rules, ...]]] = [(path, ())]
    while waiting:
        folder, rules = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            yield folder
            continue
        rules = _with_rules_of(folder, rules)
        folders = []
        for entry in entries:
            found = Path(entry.path)
            reason = _reason_to_skip(entry, found, rules)
            if reason:
                skipped[reason] += 1
            elif not entry.is_dir(follow_symlinks=False):
                yield found
            elif entry.name not in STORES:
                folders.append((found, rules))
        waiting += reversed(folders)


def _reason_to_skip(entry: os.DirEntry[str], path: Path, rules: Sequence[_Rules]) -> str:
    """Why an entry of a folder is left out; "" if it is not."""
    if entry.is_symlink():  # leads out, round in circles, or to what comes anyway
        return LINK
    is_folder = entry.is_dir(follow_symlinks=False)
    if rules and _is_ignored(path, is_folder, rules):
        return IGNORED
    if is_folder:
        return ""
    try:
        if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            return SPECIAL
        with open_exactly(path) as file:
            return "" if is_readable(file, path.name) else BINARY
    except OSError:
        return ""  # whoever reads it is told


def _is_ignored(path: Path, is_folder: bool, rules: Sequence[_Rules]) -> bool:
    """What the nearest .gitignore that speaks of it says."""
    for folder, spec in reversed(rules):
        said = spec.check_file(path.relative_to(folder).as_posix() + "/" * is_folder).include
        if said is not None:
            return said
    return False


def _with_rules_of(folder: Path, rules: tuple[_Rules, ...]) -> tuple[_Rules, ...]:
    try:
        written = read_file(folder / ".gitignore", IGNORE_BYTES_MAX)
    except OSError:
        return rules
    from pathspec import GitIgnoreSpec

    lines = written.decode("utf-8-sig", "replace").splitlines()
    # Matched in linear time: some patterns take the library's own way for ever.
    spec = GitIgnoreSpec.from_lines(filter(_is_pattern, lines), backend="re2")
    return (*rules, (folder, spec))


def _is_pattern(line: str) -> bool:
    """Git passes over what is no pattern; the library would stop."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line], backend="simple")
    except ValueError:
        return False
    return True
