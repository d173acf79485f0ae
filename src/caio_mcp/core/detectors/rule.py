"""One rule of detection, as data: a shape, a check, and the words that speak for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .finding import Confidence

STRONG = 0.015  # at most this share of random strings passes: enough for medium without a word
WEAK = 0.15


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape of one type.

    `pattern` is RE2 over UTF-8; its first group, if it has one, is the value. `check` names a
    function of `checks.py` that a value must pass. `chance` is the share of random strings of
    this shape that pass the check (1 where there is none). `words` and `against` name groups of
    `words.py`: near the value, or as the name of its column, they raise or lower the
    confidence; those of `harmless` make it low. `alone` is the confidence without a word where the shape itself tells; "" drops
    the value without a word.
    """

    type: str
    pattern: str
    check: str = ""
    chance: float = 1.0
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    alone: Confidence | Literal[""] | None = None
    with_word: Confidence | None = None

    @property
    def without_word(self) -> Confidence | Literal[""]:
        """The confidence of a value with nothing else near it."""
        if self.alone is not None:
            return self.alone
        return "medium" if self.chance <= STRONG else "low"

    @property
    def near_word(self) -> Confidence:
        """The confidence of a value with a word of its type near it."""
        if self.with_word is not None:
            return self.with_word
        if self.without_word == "high":
            return "high"
        return "high" if self.chance <= STRONG else "medium"


# What guards a number or a word on its left.
_BEFORE_NUMBER = r"(?:^|[^\w.\-/:+])"
_BEFORE_WORD = r"(?:^|[^\w\-/])"
_BEFORE_LETTERS = r"(?:^|[^\w/\-])"

# The few shapes that many rules share, by which the prefilter looks for all of them at once.
ANY_NUMBER = r"\d(?:[\-. /:+()]{0,2}\d){4}"
ANY_WORD = r"\d{5}|[A-Za-z][ \-]?\d|\d[ \-]?[A-Za-z]|[A-Z]{8}"
# Where a value may stand that only a word near it makes one: four digits, or more.
CANDIDATE = r"\d(?:[\-. /:()*]{0,2}[A-Za-z]{0,2}\d){3,}"


def number(pattern: str) -> str:
    """The pattern of a number that is no part of a longer number, word or path."""
    return rf"{_BEFORE_NUMBER}({pattern})(?:[^\w\-/:.+]|[\-/:.+](?:\W|$)|$)"


def word(pattern: str) -> str:
    """The pattern of letters and digits that is no part of a longer word."""
    return rf"{_BEFORE_WORD}({pattern})(?:[^\w\-]|-?$|-\W)"


def letters(pattern: str) -> str:
    """The same of what may have fewer than four digits, such as a licence plate."""
    return word(pattern).replace(_BEFORE_WORD, _BEFORE_LETTERS, 1)


def has_four_digits(rule: Rule) -> bool:
    """Whether the rule can only match where a `CANDIDATE` is."""
    return rule.pattern.startswith((_BEFORE_NUMBER, _BEFORE_WORD))


def trigger(rule: Rule) -> str:
    """The pattern by which the prefilter looks for a rule whatever stands near it: its own, or
    one that many share."""
    if rule.pattern.startswith(_BEFORE_NUMBER):
        return ANY_NUMBER
    return ANY_WORD if rule.pattern.startswith(_BEFORE_WORD) else rule.pattern
