"""Reads the words of detection that came with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .core.detectors.lexicon import Lexicon
from .opening import bundled

COMMENT = "#"


@cache
def detection_words() -> Lexicon:
    """All words, read once in a process."""
    folder = bundled("data") / "detection"
    terms = {
        path.stem.upper(): tuple(_words(path)) for path in sorted((folder / "terms").glob("*.txt"))
    }
    return Lexicon(
        frozenset(_words(folder / "first_names.txt")),
        frozenset(_words(folder / "doubtful_names.txt")),
        frozenset(_words(folder / "surnames.txt")),
        frozenset(_words(folder / "ordinary_words.txt")),
        terms,
    )


def _words(path: Path) -> list[str]:
    """The lines of a list that are not its head."""
    lines = path.read_text("utf-8").rstrip("\n").split("\n")
    first = next((n for n, line in enumerate(lines) if not line.startswith(COMMENT)), len(lines))
    return lines[first:]
