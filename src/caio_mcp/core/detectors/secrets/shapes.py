"""Builds rules from what vendors say of their tokens: a prefix, an alphabet, a length."""

from __future__ import annotations

import re

from ..finding import Confidence
from .rule import LONG, SHORT, Allowlist, SecretRule

HEX = "[0-9a-fA-F]"
ALNUM = "[0-9A-Za-z]"
WORD = r"[\w-]"  # base64url
LOOSE = r"[\w=-]"
BASE64 = "[0-9A-Za-z+/]"
UUID = f"{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}"

TOKEN, ASSIGNED, SERVICE, GENERIC = range(4)  # ranks, the most specific first

END = r"(?:[^\w+=~-]|$)"  # what can follow a token
# Between a name and its value: the rest of the name, a type, and what assigns in code, in
# configuration, in XML, in a call, in an environment list of Kubernetes, on a command line.
NAME = r"[\w.\- \t]{0,40}?(?:\[\w*\])?"
ASSIGNS = (
    r"(?:\\?[\"'`])?[)\]]?(?:\s{0,8}(?::{1,3}=|[?.+|!]=|=>|={1,3}|!==?|<-|->|:|,|>|\|\||\()|[ \t]|\s{1,24}[\"']?[vV]alue[\"']?\s{0,4}[:=])"
    r"\s{0,24}(?:[\"']?[vV]alue[\"']?\s{0,4}[:=]\s{0,4})?"
    r"(?:\\?[\"'`]|[@$rbfu][\"']|[(\[])?(?:(?:[Bb]earer|[Bb]asic|[Tt]oken) )?"
)
# What stands for a value, and is none.
BLANK = Allowlist(
    regexes=(
        r"(?i)x{6}|\.{3}|\*{4}|#{5}|0{12}|1{14}|f{12}|(?:xyz){3}|(?:abc){4}",
        r"(?i)example|placeholder|redacted|your[_-]|[_-]here\b|changeme|insert[_-]",
        r"\$\{\w|\{\{|<[a-z]|%\(|\$\(",
    )
)


def token(
    name: str,
    prefix: str,
    body: str,
    *,
    keywords: tuple[str, ...] = (),
    entropy: float = 2.6,
    confidence: Confidence = "high",
    window: tuple[int, int] = SHORT,
) -> SecretRule:
    """A token that tells by its prefix what it is. With `keywords`, the prefix is a regex that
    begins with each of them."""
    start = prefix if keywords else re.escape(prefix)
    is_address = "/" in prefix or ".com" in prefix  # and has a host's name before it
    return SecretRule(
        name,
        title(name),
        f"({start}{body}){END}",
        1,
        entropy,
        keywords or (prefix.lower(),),
        (BLANK,),
        confidence=confidence,
        starts=True,
        is_word=not is_address,
        window=window,
    )


def within(
    name: str,
    regex: str,
    *keywords: str,
    entropy: float = 2.6,
    confidence: Confidence = "high",
    window: tuple[int, int] = SHORT,
) -> SecretRule:
    """A token with a mark that is not at its start."""
    return SecretRule(
        name,
        title(name),
        rf"(?:^|[^\w+-]|\\[nrt])({regex}){END}",
        1,
        entropy,
        keywords,
        (BLANK,),
        confidence=confidence,
        window=window,
    )


def assigned(
    name: str, vendor: str, value: str, *, entropy: float = 2.8, grade: str = "mixed"
) -> SecretRule:
    """A value of a known shape that only the name before it tells from others. `vendor` is
    words, apart by a space; a `_` in one is any or no separator."""
    words = vendor.lower().split()
    either = "|".join(word.replace("_", r"[\s_.\-]?") for word in words)
    return SecretRule(
        name,
        title(name),
        rf"(?i)(?:{either}){NAME}{ASSIGNS}({value}){END}",
        1,
        entropy,
        tuple(spelling for word in words for spelling in _spellings(word)),
        (BLANK,),
        confidence="medium",
        starts=True,
        grade=grade,
        rank=ASSIGNED,
    )


def title(name: str) -> str:
    """The id of a rule in words."""
    return name.replace("-", " ")


def _spellings(word: str) -> tuple[str, ...]:
    if "_" not in word:
        return (word,)
    return tuple(word.replace("_", mark) for mark in ("", "_", "-", ".", " "))


__all__ = [
    "ALNUM",
    "BASE64",
    "HEX",
    "LONG",
    "LOOSE",
    "SHORT",
    "UUID",
    "WORD",
    "assigned",
    "token",
    "within",
]
