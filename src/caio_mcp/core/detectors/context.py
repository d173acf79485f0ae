"""Which words stand near a value: they speak for a type, or against it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from operator import add

from .words import WORDS

BEFORE, AFTER = 60, 30  # bytes of text in which a word speaks for a value
LONGEST = 4  # words of the longest phrase that is looked up

_PARTS = re.compile(r"[a-z]+|[^\W\d_a-z]+")
_WRITTEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")  # the words of `camelCase` one by one
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


# Words of the names of columns and keys that speak for no type of value.
_OF_NAMES = frozenset(
    [
        "a",
        "account",
        "address",
        "city",
        "code",
        "column",
        "contact",
        "country",
        "customer",
        "client",
        "company",
        "data",
        "date",
        "day",
        "employee",
        "entry",
        "field",
        "first",
        "full",
        "home",
        "id",
        "info",
        "is",
        "item",
        "key",
        "label",
        "last",
        "list",
        "main",
        "mobile",
        "name",
        "new",
        "no",
        "nr",
        "num",
        "number",
        "of",
        "office",
        "old",
        "order",
        "other",
        "owner",
        "patient",
        "person",
        "primary",
        "private",
        "record",
        "row",
        "state",
        "status",
        "street",
        "text",
        "the",
        "title",
        "to",
        "type",
        "user",
        "value",
        "work",
        "year",
        "zip",
    ]
)


def is_known(name: str) -> bool:
    """Whether the name of a column or key is made of known words alone, so that it is a name
    and no value: a table may begin with its first row, and keys may be people."""
    parts = _PARTS.findall(plain(name))
    return (
        bool(parts)
        and not any(map(str.isdigit, name))
        and all(part in _OF_NAMES or part in _phrases() for part in parts)
    )


def groups_in_long(text: str) -> frozenset[str]:
    """The same of a long text, in about a third of the time."""
    parts = [part.lower() for part in _WRITTEN.findall(text if text.isascii() else plain(text))]
    phrases, first = _phrases(), _first_words()
    alone = set(parts)
    found = alone & phrases.keys()
    if not alone.isdisjoint(first):
        joined = parts
        for shift in range(1, LONGEST):
            joined = list(map(add, joined, parts[shift:]))
            found |= phrases.keys() & joined
    return frozenset(group for phrase in found for group in phrases[phrase])


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
