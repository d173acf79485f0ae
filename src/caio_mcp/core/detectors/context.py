"""Which words stand near a value: they speak for a type, or against it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from .words import WORDS

BEFORE, AFTER = 60, 30  # bytes of text in which a word speaks for a value
LONGEST = 4  # words of the longest phrase that is looked up

_PARTS = re.compile(r"[a-z]+|[^\W\d_a-z]+")
_WRITTEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+")  # words, those of `camelCase` apart
_CAMEL = re.compile(r"([a-z])([A-Z])")


def plain(text: str) -> str:
    """Small letters without accents; the words of `camelCase` apart."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l"))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return _CAMEL.sub(r"\1 \2", text).lower()


@cache
def _phrases() -> dict[str, frozenset[str]]:
    """Each phrase, as one word, and the groups that it belongs to."""
    found: dict[str, set[str]] = {}
    for group, languages in WORDS.items():
        for words in languages.values():
            for phrase in words.split(","):
                found.setdefault("".join(_PARTS.findall(plain(phrase))), set()).add(group)
    found.pop("", None)
    return {phrase: frozenset(groups) for phrase, groups in found.items()}


@cache
def _first_words() -> frozenset[str]:
    """The first word of each phrase, and the phrase written as one."""
    found: set[str] = set(_phrases())
    for languages in WORDS.values():
        for words in languages.values():
            for phrase in words.split(","):
                parts = _PARTS.findall(plain(phrase))
                found.update(parts[:1])
    return frozenset(found)


def groups_in(text: str) -> frozenset[str]:
    """The groups of words that stand in a text, as whole words."""
    parts = _PARTS.findall(plain(text))
    first = _first_words()
    if first.isdisjoint(parts):
        return frozenset()
    phrases, found = _phrases(), set[str]()
    for start, part in enumerate(parts):
        if part in first:
            joined = ""
            for other in parts[start : start + LONGEST]:
                joined += other
                if joined in phrases:
                    found |= phrases[joined]
    return frozenset(found)


def may_speak(text: str) -> bool:
    """Whether any word of a group may be in a long text; quick, where there is none."""
    return not _first_words().isdisjoint(map(str.lower, _WRITTEN.findall(text)))


def near(text: bytes, start: int, end: int, before: int = BEFORE, after: int = AFTER) -> str:
    """The words around a value on the lines it stands on and the one above."""
    head = text[max(0, start - before) : start]
    if start > before:  # not half a word
        head = head.partition(b" ")[2] if b" " in head else head
    tail = text[end : end + after]
    if end + after < len(text):
        tail = tail.rpartition(b" ")[0] if b" " in tail else tail
    return f"{head.decode('utf-8', 'ignore')} | {tail.decode('utf-8', 'ignore')}"


def all_groups(names: Iterable[str]) -> frozenset[str]:
    """Groups by name; an unknown one is a mistake of the rule."""
    found = frozenset(names)
    missing = found - WORDS.keys()
    if missing:
        raise KeyError(f"no group of words {sorted(missing)[0]!r}")
    return found
