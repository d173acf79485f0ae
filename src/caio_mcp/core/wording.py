"""Words in messages: quoted so that no content is carried along, compared, and suggested."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

ECHO_MAX = 60  # characters of a wrong value that a message repeats
PATH_ECHO_MAX = 300  # and of a path
WORDS_ECHOED = 6  # a sentence is content, a few words are a name for something

Plain = str | int | float | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None
JOINERS = {0x200C: None, 0x200D: None}  # invisible, and part of words in many scripts

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SPACES = str.maketrans(dict.fromkeys("\t\n\r\u00a0\u202f", " "))  # in words pasted from a page
_NO_WORD = re.compile(r"[\W_]+")

# Words of other policy languages and of everyday speech for ours.
_MEANT = {
    **dict.fromkeys(["deny", "denied", "forbid", "forbidden", "block", "no", "not"], "prohibit"),
    **dict.fromkeys(["pending", "ask", "maybe", "approval"], "review"),
    **dict.fromkeys(["permit", "permitted", "allowed", "yes", "ok"], "allow"),
    **dict.fromkeys(["limited", "conditional", "conditions"], "allow_with_conditions"),
}


def nearest(word: str, options: Collection[str]) -> str:
    """`Did you mean ...?` for a word that is close to one of the options, else the options."""
    word = word[:ECHO_MAX]
    if _MEANT.get(word) in options:
        return f"Write {_MEANT[word]!r}."
    import difflib  # only where something is wrong

    close = difflib.get_close_matches(word, list(options), n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    shown = sorted(options)
    if not shown:
        return ""
    more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
    return f"Use one of: {', '.join(shown[:12])}{more}."


def shorten(text: str, most: int = ECHO_MAX) -> str:
    """The text quoted for a message, cut so that no content is carried along."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= most else f"{flat[:most]}...")


def may_be_content(word: str) -> bool:
    """Whether a word may be the data itself, and not a word for it.

    People paste what they ask about: long texts, addresses, numbers and keys.
    """
    flat = " ".join(word[: ECHO_MAX * 20].split())
    digits = sum(character.isdigit() for character in flat)
    return (
        len(word) > ECHO_MAX * 20
        or len(flat) > ECHO_MAX
        or (digits > 6 and not _DAY.fullmatch(flat))
        or "@" in flat
        or flat.count(" ") >= WORDS_ECHOED
        or any(_is_random(part) for part in _NO_WORD.split(flat))
        or any(map(_is_password, flat.split()))
        or not word.translate(_SPACES).isprintable()
    )


def may_hold_key(text: str) -> bool:
    """Whether a word of a text looks like a key or a password, and not like a name."""
    return any(map(_is_password, text.split())) or any(
        _is_random(part) and any(map(str.isdigit, part)) for part in _NO_WORD.split(text)
    )


def normal(word: str) -> str:
    """The form in which words are compared: case, spaces and edge punctuation do not count."""
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split()).strip(" .,;:!?\"'")


def quote(word: str) -> str:
    """A caller's word quoted for an answer, or only its length where it may be content."""
    if may_be_content(word):
        return f"a text of {len(word):,} characters (not repeated here)"
    return repr(" ".join(word.split()))


def quote_part(part: str, parts: Sequence[str]) -> str:
    """The same of one part of a list. Where another part may be content, they may be one
    sentence that was cut at its commas."""
    return quote(", ".join(parts) if any(map(may_be_content, parts)) else part)


def read_day(text: str) -> datetime.date:
    """A day, written 2026-12-31 and in no other way; a ValueError otherwise."""
    if not _DAY.fullmatch(text):
        raise ValueError("not a day")
    import datetime

    return datetime.date.fromisoformat(text)


def _is_random(part: str) -> bool:
    """Whether letters and digits are mixed as in a key, and not as in a word or a name."""
    has_digit = any(character.isdigit() for character in part)
    is_cased = part.islower() or part.isupper() or part.istitle()
    return len(part) >= 16 and (has_digit or not is_cased)


def _is_password(part: str) -> bool:
    """Whether a word has all that a password is asked to have, as no name or id has."""
    kinds = (str.isupper, str.islower, str.isdigit, "!#$%^*?".__contains__)
    return len(part) >= 8 and all(any(map(kind, part)) for kind in kinds)
