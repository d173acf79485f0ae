"""The files of a folder that are worth looking through, in order; what is left out is counted."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..opening import read_file
from .places import open_exactly
from .reading import is_readable

STORES = (".git", ".hg", ".svn")  # of version control: packed, and no files of somebody's
IGNORED, BINARY, SPECIAL, LINK = "ignored by .gitignore", "binary", "no regular file", "a link"
IGNORE_BYTES_MAX = 1_000_000
_OF_FOLDER = "(?P<ps_d>/)"  # by which pathspec matches a folder and all that is in it
# A folder, the patterns of its .gitignore, and whether each of them ignores.
_Rules = tuple[Path, Any, list[bool]]


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
    """What the last pattern that speaks of it says, in the nearest .gitignore that has one."""
    for folder, patterns, ignores in reversed(rules):
        found = patterns.Match(path.relative_to(folder).as_posix() + "/" * is_folder)
        if found:
            last: int = max(found)
            return ignores[last]
    return False


def _with_rules_of(folder: Path, rules: tuple[_Rules, ...]) -> tuple[_Rules, ...]:
    try:
        written = read_file(folder / ".gitignore", IGNORE_BYTES_MAX)
    except OSError:
        return rules
    import re2

    options = re2.Options()
    options.log_errors = False
    # All at once, in linear time: some patterns take the library's own way for ever.
    patterns, ignores = re2.Set.SearchSet(options), list[bool]()
    for line in written.decode("utf-8-sig", "replace").splitlines():
        for regex, is_ignored in _pattern(line):
            with suppress(re2.error):  # such as [z-a]
                patterns.Add(regex)
                ignores.append(is_ignored)
    if not ignores:
        return rules
    patterns.Compile()
    return (*rules, (folder, patterns, ignores))


def _pattern(line: str) -> Iterator[tuple[str, bool]]:
    """What a line of a .gitignore matches, and whether it ignores that; git passes over what is
    no pattern. That something is in a folder that matches says nothing of it: where that folder
    is looked into, a later pattern let us in."""
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        regex, is_ignored = GitIgnoreSpecPattern.pattern_to_regex(line)
    except ValueError:
        return
    if regex is not None and is_ignored is not None:
        yield str(regex).replace(_OF_FOLDER, "/$"), is_ignored
