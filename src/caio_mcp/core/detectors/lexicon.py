"""The words that detectors look for, as values: read elsewhere, given in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Words = frozenset[str]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Names in small letters without accents, and terms by type as they are written in the
    data. Compared by identity, so that what is made of it is made once."""

    first_names: Words = frozenset()  # that are hardly anything else
    doubtful_names: Words = frozenset()  # that are also words or places
    surnames: Words = frozenset()  # that are hardly anything else
    ordinary_words: Words = frozenset()  # that are hardly a surname
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


EMPTY = Lexicon()
