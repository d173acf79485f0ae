"""Looks for credentials: keywords first, then only the rules of those, only near them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from ..finding import CONFIDENCES, Hit
from ..taxonomy import SECRET
from .grades import GRADES, Found
from .rule import Allowlist, SecretRule
from .values import entropy

NESTED_MAX = 8  # matches of a rule that begin within another one and are no credentials
MEMORY = 32 << 20  # bytes for the automaton of the keywords


class _Called(NamedTuple):
    """What a keyword calls: by the place in it, rules; and places where another may begin."""

    rules: tuple[tuple[int, tuple[int, ...]], ...]
    overlaps: tuple[int, ...]


class _Left:
    """What of a text is left to the rules: nothing within a credential of theirs, and nothing
    within a match in which a few others were none, since each `key=` of `key=key=key=` is one."""

    def __init__(self) -> None:
        self._begins: dict[int, int] = {}
        self._refused: dict[int, tuple[int, int]] = {}  # how many, and where the first ends

    def is_open(self, rule: int, at: int) -> bool:
        """Whether a match of a rule may begin at a place."""
        return at >= self._begins.get(rule, 0)

    def take(self, rule: int, end: int) -> None:
        """A credential of a rule ends here."""
        self._begins[rule] = end

    def refuse(self, rule: int, at: int, end: int) -> None:
        """What matched a rule here is none."""
        count, until = self._refused.get(rule, (0, 0))
        count, until = (count + 1, until) if at < until else (1, end)
        self._refused[rule] = count, until
        if count >= NESTED_MAX:
            self._begins[rule] = until


class Rules:
    """Rules, ready to look through texts. A regex is compiled when its keyword is first met."""

    def __init__(self, rules: Iterable[SecretRule]) -> None:
        self.rules: Sequence[SecretRule] = tuple(rules)
        self._matchers: list[_Matcher | None] = [None] * len(self.rules)
        self._everywhere = [n for n, rule in enumerate(self.rules) if not rule.keywords]
        self._of_keyword: dict[bytes, _Called] = {}
        self._direct: dict[bytes, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for keyword in rule.keywords:
                numbers = self._direct.setdefault(keyword.encode().lower(), [])
                if number not in numbers:
                    numbers.append(number)
        # Backwards in the alphabet, a longer word is before the one it begins with, and RE2 joins
        # what begins alike.
        self._sorted = sorted(self._direct)
        words = "|".join(re.escape(word.decode()) for word in reversed(self._sorted))
        self._keywords = _compile(words, never_capture=True)

    def find(self, text: bytes, path: str = "") -> Iterator[Hit]:
        """The credentials in a text, one for a place."""
        found: list[tuple[SecretRule, Found]] = []
        windows: dict[int, list[list[int]]] = {}
        left = _Left()
        for at, numbers in self._hits(text):
            for number in numbers:
                rule = self.rules[number]
                if rule.path and not self._matcher(number).is_for(path):
                    continue
                if not rule.starts:
                    _add(windows.setdefault(number, []), at - rule.window[0], at + rule.window[1])
                elif left.is_open(number, at) and (
                    not rule.is_word or _begins_word(text, at, rule.rank == 0)
                ):
                    one, end = self._matcher(number).at(text, at, path)
                    if one is not None:
                        left.take(number, one.end)
                        found.append((rule, one))
                    else:
                        left.refuse(number, at, end)
        for number in self._everywhere:
            if not self.rules[number].path or self._matcher(number).is_for(path):
                windows[number] = [[0, len(text)]]
        for number, places in windows.items():
            for low, high in places:
                matcher = self._matcher(number)
                found += [(matcher.rule, one) for one in matcher.within(text, low, high, path)]
        yield from _one_for_a_place(found)

    def _hits(self, text: bytes) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Where a keyword stands, and the rules that it calls; also those of a keyword that is
        in the longer one, or begins in it and goes on behind it."""
        if not self._direct:
            return
        lowered = text.lower()
        for match in self._keywords.finditer(lowered):
            start, end = match.span()
            called = self._called(lowered[start:end])
            for offset, numbers in called.rules:
                yield start + offset, numbers
            for offset in called.overlaps:
                behind = self._keywords.match(lowered, start + offset)
                if behind is not None and behind.end() > end:
                    for more, numbers in self._called(behind.group()).rules:
                        yield start + offset + more, numbers

    def _called(self, word: bytes) -> _Called:
        """The keywords in a keyword, each with its place and its rules, and where in it others
        may begin."""
        called = self._of_keyword.get(word)
        if called is None:
            inside = tuple(
                (offset, tuple(self._direct[part]))
                for offset in range(len(word))
                for end in range(len(word), offset, -1)
                if (part := word[offset:end]) in self._direct
            )
            overlaps = tuple(n for n in range(1, len(word)) if self._begins_other(word, n))
            called = self._of_keyword[word] = _Called(inside, overlaps)
        return called

    def _begins_other(self, word: bytes, offset: int) -> bool:
        """Whether another keyword begins in a keyword, and goes on behind it."""
        start = word[offset:]
        at = bisect_left(self._sorted, start)
        others = self._sorted[at : at + 3]  # the whole of one, the word, and one more
        return any(o.startswith(start) and o not in (start, word) for o in others)

    def _matcher(self, number: int) -> _Matcher:
        matcher = self._matchers[number]
        if matcher is None:
            matcher = self._matchers[number] = _Matcher(self.rules[number])
        return matcher


class _Matcher:
    """One rule with its regexes compiled."""

    def __init__(self, rule: SecretRule) -> None:
        self.rule = rule
        self._regex = _compile(rule.regex)
        self._spans_count = self._regex.groups + 1
        self._path = _compile(rule.path)
        self._type = rule.type or SECRET + rule.id
        self._grade = GRADES.get(rule.grade)
        self._allowed = [_Allowed(allowlist) for allowlist in rule.allowlists]

    def is_for(self, path: str) -> bool:
        """Whether a file of this path is one that the rule is for; without a path, none is."""
        return bool(path) and self._path.search(path.encode()) is not None

    def at(self, text: bytes, at: int, path: str = "") -> tuple[Found | None, int]:
        """What begins at a place, and where what matched ends, be it a credential or not."""
        match = self._regex.match(text, at, min(len(text), at + self.rule.window[1]))
        return (self._found(text, at, match, path), match.end()) if match else (None, at)

    def within(self, text: bytes, low: int, high: int, path: str = "") -> Iterator[Found]:
        """All between two places."""
        for match in self._regex.finditer(text, low, high):
            one = self._found(text, match.start(), match, path)
            if one is not None:
                yield one

    def _found(self, text: bytes, keyword: int, match: Any, path: str) -> Found | None:
        rule = self.rule
        spans = tuple(match.span(n) for n in range(self._spans_count))
        start, end = next((span for span in spans[1:] if span[0] >= 0), spans[0])
        if rule.secret_group > 0:
            start, end = spans[rule.secret_group]
        if start < 0 or start == end:
            return None
        found: Found | None = Found(text, keyword, start, end, self._type, rule.confidence, spans)
        if self._grade is not None:
            found = self._grade(found)  # type: ignore[arg-type]
        if found is None or (rule.entropy and entropy(found.value) < rule.entropy):
            return None
        if any(allowed.lets_pass(found, spans[0], path) for allowed in self._allowed):
            return None
        return found


class _Allowed:
    """An allowlist with its regexes compiled."""

    def __init__(self, allowlist: Allowlist) -> None:
        self._target = allowlist.regex_target
        self._needs_all = allowlist.condition == "AND"
        self._stopwords = tuple(word.lower() for word in allowlist.stopwords)
        self._regexes = [_compile(regex) for regex in allowlist.regexes]
        self._paths = [_compile(regex) for regex in allowlist.paths]

    def lets_pass(self, found: Found, match: tuple[int, int], path: str = "") -> bool:
        """Whether what was found is known to be none."""
        said: list[bool] = []
        if self._regexes:
            target = self._part(found, match)
            said.append(any(regex.search(target) for regex in self._regexes))
        if self._stopwords:
            value = found.value.lower()
            said.append(any(word in value for word in self._stopwords))
        if self._paths:
            said.append(bool(path) and any(regex.search(path.encode()) for regex in self._paths))
        return bool(said) and (all(said) if self._needs_all else any(said))

    def _part(self, found: Found, match: tuple[int, int]) -> bytes:
        if self._target == "match":
            return found.text[match[0] : match[1]]
        if self._target == "line":
            end = found.text.find(b"\n", found.end)
            start = found.text.rfind(b"\n", 0, found.start) + 1
            return found.text[start : end if end >= 0 else len(found.text)]
        return found.text[found.start : found.end]


def _one_for_a_place(found: Iterable[tuple[SecretRule, Found]]) -> Iterator[Hit]:
    """Of finds that overlap, the most specific, then the surest, then the longest."""
    ordered = sorted(
        found,
        key=lambda pair: (
            pair[1].confidence == "low",
            pair[0].rank,
            -CONFIDENCES.index(pair[1].confidence),
            pair[1].start - pair[1].end,
            pair[1].start,
        ),
    )
    kept: list[tuple[int, int, Found]] = []
    for _, one in ordered:
        at = bisect_left(kept, (one.start, one.end))
        is_free = at == 0 or kept[at - 1][1] <= one.start
        if is_free and (at == len(kept) or kept[at][0] >= one.end):
            kept.insert(at, (one.start, one.end, one))
    for start, end, one in kept:
        yield Hit(one.type, start, end, one.confidence, value=one.value)


def _begins_word(text: bytes, at: int, is_token: bool) -> bool:
    """Whether a word begins here: after no letter, or in camelCase; a token after no digit too."""
    if at == 0:
        return True
    before, first = text[at - 1], text[at]
    if before in _ESCAPES and at > 1 and text[at - 2] == _BACKSLASH:
        return True  # after \n, as in JSON
    if is_token:
        return before not in _TOKEN_BYTES
    if before in _UPPER:
        return False
    return before not in _LOWER or first in _UPPER


_BACKSLASH = ord("\\")
_ESCAPES = frozenset(b"nrt")
_UPPER = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LOWER = frozenset(b"abcdefghijklmnopqrstuvwxyz")
_TOKEN_BYTES = _UPPER | _LOWER | frozenset(b"0123456789_+.")


def _add(places: list[list[int]], low: int, high: int) -> None:
    low = max(0, low)
    if places and low <= places[-1][1]:
        places[-1][1] = max(places[-1][1], high)
    else:
        places.append([low, high])


def _compile(pattern: str, *, never_capture: bool = False) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_capture = never_capture
    options.max_mem = MEMORY
    return re2.compile(pattern, options)


@cache
def own_rules() -> Rules:
    """The rules that come with the product, compiled once in a process."""
    from .assigned import ASSIGNED
    from .generic import GENERICS
    from .structures import STRUCTURES
    from .tokens import TOKENS

    return Rules((*STRUCTURES, *TOKENS, *ASSIGNED, *GENERICS))


def find_secrets(text: bytes, rules: Rules | None = None, path: str = "") -> Iterator[Hit]:
    """The credentials in a text, one for a place, in their order."""
    return (rules or own_rules()).find(text, path)
