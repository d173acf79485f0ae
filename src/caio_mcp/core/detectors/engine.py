"""Finds values by rule: one pass that tells which rules can match, then those rules alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, cast

from .checks import check_of
from .context import all_groups, groups_in, groups_in_long, near
from .finding import CONFIDENCES, Confidence, Hit
from .rule import Rule, trigger

BLOCK = 4096  # bytes that one pass of the prefilter looks at
OVERLAP = 160  # bytes that a block sees of the next one, and the one before
MEMORY = 16 << 20  # bytes for the automaton of the prefilter


class Matcher:
    """Rules, ready to look through texts. The regexes are compiled when first needed."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        import re2

        self._re2 = re2
        self.rules = rules
        self._regexes: list[Any] = [None] * len(rules)
        self._words = [all_groups(rule.words) for rule in rules]
        self._harmless = [all_groups(rule.harmless) for rule in rules]
        self._against = [all_groups(rule.against) for rule in rules]
        self._prefilters: dict[int, tuple[Any, list[list[int]]]] = {}

    def _shaped(self, text: bytes, wanted: int) -> list[int]:
        """The rules whose shape may be in a text, of those that can reach a confidence."""
        if wanted not in self._prefilters:
            self._prefilters[wanted] = self._prefilter(wanted)
        found, rules = self._prefilters[wanted]
        return [number for n in found.Match(text) or () for number in rules[n]]

    def _prefilter(self, wanted: int) -> tuple[Any, list[list[int]]]:
        """One automaton for all rules, and the rules behind each of its patterns."""
        triggers: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            is_sure = wanted > 0 and _reaches(rule.without_word, wanted)
            if is_sure or (_reaches(rule.near_word, wanted) and (rule.words or not wanted)):
                triggers.setdefault(trigger(rule, is_sure=is_sure), []).append(number)
        return _set_of(list(triggers)), list(triggers.values())

    def regex(self, number: int) -> Any:
        """The regex of a rule."""
        if self._regexes[number] is None:
            self._regexes[number] = self._re2.compile(self.rules[number].pattern, _options())
        return self._regexes[number]

    def find(
        self, text: bytes, least: Confidence, field: str = "", only: str = ""
    ) -> Iterator[Hit]:
        """Every value of at least a confidence, of one type or of all. `field` is the name of
        the column, the key or the path that the text stands at: its words count for all of
        it."""
        wanted = CONFIDENCES.index(least)
        of_field = groups_in(field) if field else frozenset[str]()
        for start in range(0, len(text), BLOCK):
            yield from self._in_block(text, start, wanted, of_field, only)

    def tried(self, text: bytes) -> Iterator[tuple[Rule, int, int]]:
        """Each rule with a check, how many values have its shape, and how many pass."""
        for number in self._shaped(text, 0):
            rule = self.rules[number]
            if rule.check:
                check, shaped, passed = check_of(rule.check), 0, 0
                for first, last in self._spans(number, text):
                    shaped += 1
                    passed += check(text[first:last].decode("utf-8", "replace"))
                yield rule, shaped, passed

    def _in_block(
        self, text: bytes, start: int, wanted: int, of_field: frozenset[str], only: str
    ) -> Iterator[Hit]:
        low, high = max(0, start - OVERLAP), start + BLOCK + OVERLAP
        block = text[low:high]
        numbers = self._shaped(block, wanted)
        if not numbers:
            return
        spoken: frozenset[str] | None = None
        around: dict[tuple[int, int], frozenset[str]] = {}
        for number in numbers:
            rule = self.rules[number]
            if only and rule.type != only:
                continue
            if not _reaches(rule.without_word, wanted):
                if spoken is None:
                    spoken = groups_in_long(block.decode("utf-8", "ignore")) | of_field
                if spoken.isdisjoint(self._words[number]):
                    continue
            for first, last in self._spans(number, block):
                if not start <= low + first < start + BLOCK:
                    continue
                span = first, last
                if span not in around:
                    around[span] = groups_in(near(block, first, last)) | of_field
                confidence = self._confidence(number, around[span])
                if not _reaches(confidence, wanted):
                    continue
                value = block[first:last].decode("utf-8", "replace")
                if not rule.check or check_of(rule.check)(value):
                    yield Hit(
                        rule.type,
                        low + first,
                        low + last,
                        cast(Confidence, confidence),
                        value=value,
                    )

    def _spans(self, number: int, block: bytes) -> Iterator[tuple[int, int]]:
        """Where the value of a rule stands; what guards it may guard the next one too."""
        regex = self.regex(number)
        group, at = min(regex.groups, 1), 0
        while (match := regex.search(block, at)) is not None:
            first, last = match.span(group)
            yield first, last
            at = max(last, at + 1)

    def _confidence(self, number: int, groups: frozenset[str]) -> Confidence | str:
        rule = self.rules[number]
        has_word = not groups.isdisjoint(self._words[number])
        confidence: str = rule.near_word if has_word else rule.without_word
        if confidence and not groups.isdisjoint(self._harmless[number]):
            return "low"
        if confidence and not groups.isdisjoint(self._against[number]):
            confidence = ("", *CONFIDENCES)[("", *CONFIDENCES).index(confidence) - 1]
        return confidence


def _reaches(confidence: str, wanted: int) -> bool:
    return bool(confidence) and CONFIDENCES.index(cast(Confidence, confidence)) >= wanted


def _set_of(patterns: Sequence[str]) -> Any:
    import re2

    options = _options()
    options.never_capture = True
    options.max_mem = MEMORY
    found = re2.Set.SearchSet(options)
    for pattern in patterns:
        found.Add(pattern)
    found.Compile()
    return found


def _options() -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    return options


@cache
def matcher() -> Matcher:
    """All rules, compiled once in a process."""
    from .rules import ALL

    return Matcher(ALL)
