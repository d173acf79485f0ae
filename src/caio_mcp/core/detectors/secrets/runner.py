"""Finds credentials: by the literal text of a rule, then by the rule around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from ..finding import Hit
from .assigned import find_assigned
from .rule import SecretRule, entropy
from .tokens import TOKENS

BEFORE, AFTER = 80, 700  # bytes around a keyword in which its rules are tried
_FILLER = re.compile(
    r"(?i)x{6,}|\*{4,}|0{12,}|1{12,}|(.)\1{9,}|1234567890.?1234567890|(?:EXAMPLE|SAMPLE)(?:KEY)?$|EXAMPLEEXAMPLE|abcdefghijklmnopqrstuv|placeholder|your[_-]|_here|redacted"
)
# The type of rules that are no tokens of a vendor.
_TYPES = {"jwt": "JWT", "password-hash": "PASSWORD", "ldap-hash": "PASSWORD"}


class Rules:
    """Rules with literal texts, compiled when one of these is first met."""

    def __init__(self, rules: Sequence[SecretRule], *, is_cased: bool = True) -> None:
        self.rules = rules
        self._is_cased = is_cased
        self._everywhere = [number for number, rule in enumerate(rules) if not rule.keywords]
        self._by_word: dict[bytes, list[int]] = {}
        for number, rule in enumerate(rules):
            for word in rule.keywords:
                self._by_word.setdefault(self._key(word.encode()), []).append(number)
        self._regexes: dict[int, Any] = {}
        self._words: Any = None

    def _key(self, word: bytes) -> bytes:
        return word if self._is_cased else word.lower()

    def words(self) -> Any:
        """One regex for all literal texts."""
        if self._words is None:
            import re2

            escaped = sorted(
                (re2.escape(word.decode()) for word in self._by_word), key=len, reverse=True
            )
            case = "" if self._is_cased else "(?i)"
            self._words = re2.compile(f"{case}{'|'.join(escaped)}")
        return self._words

    def regex(self, number: int) -> Any:
        """The regex of a rule."""
        if number not in self._regexes:
            import re2

            options = re2.Options()
            options.log_errors = False
            self._regexes[number] = re2.compile(self.rules[number].regex, options)
        return self._regexes[number]

    def find(self, text: bytes) -> Iterator[Hit]:
        """What the rules find."""
        for number in self._everywhere:
            yield from self._all(number, text)
        if not self._by_word:
            return
        seen: dict[int, int] = {}  # up to where a rule looked
        for match in self.words().finditer(text):
            at = match.start()
            for number in self._by_word[self._key(match.group())]:
                if seen.get(number, -1) > at:
                    continue
                for hit in self._around(number, text, at):
                    seen[number] = hit.end
                    yield hit

    def _all(self, number: int, text: bytes) -> Iterator[Hit]:
        regex, at = self.regex(number), 0
        while (match := regex.search(text, at)) is not None:
            at = max(match.end(min(1, regex.groups)), at + 1)
            yield from self._checked(number, match, 0)

    def _around(self, number: int, text: bytes, at: int) -> Iterator[Hit]:
        low = max(0, at - BEFORE)
        match = self.regex(number).search(text[low : at + AFTER])
        if match is not None:
            yield from self._checked(number, match, low)

    def _checked(self, number: int, match: Any, low: int) -> Iterator[Hit]:
        rule = self.rules[number]
        group = rule.secret_group or min(1, self.regex(number).groups)
        first, last = match.span(group)
        value = match.group(group).decode("utf-8", "replace")
        if entropy(value) >= rule.entropy and not _FILLER.search(value):
            name = _TYPES.get(rule.id, f"SECRET.{rule.id}")
            yield Hit(name, low + first, low + last, rule.confidence, value=value)


@cache
def builtin() -> Rules:
    """The rules that come with the program."""
    return Rules(TOKENS)


def find_secrets(text: bytes, rules: Rules | None = None) -> Iterator[Hit]:
    """Every credential in a text; of those in one place `settle` keeps the surest."""
    yield from (rules or builtin()).find(text)
    if rules is None:
        yield from find_assigned(text)
