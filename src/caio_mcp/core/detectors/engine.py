"""Finds values by rule: one pass that tells which rules can match, then those rules alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from .checks import check_of
from .context import Around, all_groups, groups_in
from .finding import CONFIDENCES, Confidence, Hit
from .rule import ANY_WORD, CANDIDATE, Rule, has_four_digits, trigger

BLOCK = 4096  # bytes that one pass of the prefilter looks at
OVERLAP = 160  # bytes that a block sees of the next one, and the one before
MARGIN = 40  # bytes beside a candidate that a rule may need
MEMORY = 16 << 20  # bytes for the automaton of the prefilter


@dataclass(frozen=True, slots=True)
class _Plan:
    """How rules are looked for: an automaton of triggers, the rules behind each of them, and
    by group of words those that need one near."""

    prefilter: Any
    triggers: list[str]
    rules: list[list[int]]
    needy: dict[str, list[int]]


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
        self._plans: dict[int, _Plan] = {}

    def _plan(self, wanted: int) -> _Plan:
        if wanted not in self._plans:
            self._plans[wanted] = self._planned(wanted)
        return self._plans[wanted]

    def _planned(self, wanted: int) -> _Plan:
        """How to look for the rules that can reach a confidence: those that need a word near
        them only where one is, all others by one automaton."""
        triggers: dict[str, list[int]] = {}
        needy: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            is_sure = _reaches(rule.without_word, wanted)
            if not is_sure and not (rule.words and _reaches(rule.near_word, wanted)):
                continue
            if is_sure or not has_four_digits(rule):
                triggers.setdefault(self._trigger(rule, wanted), []).append(number)
                continue
            triggers.setdefault(CANDIDATE, [])
            for group in self._words[number]:
                needy.setdefault(group, []).append(number)
        return _Plan(_set_of(list(triggers)), list(triggers), list(triggers.values()), needy)

    @staticmethod
    def _trigger(rule: Rule, wanted: int) -> str:
        """What the prefilter looks for. Few words are sure by their shape, so each is looked for
        by its own."""
        shared = trigger(rule)
        return rule.pattern if wanted and shared == ANY_WORD else shared

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
        plan = self._plan(0)
        for number in [
            number for n in plan.prefilter.Match(text) or () for number in plan.rules[n]
        ]:
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
        block, plan = text[low:high], self._plan(wanted)
        found = plan.prefilter.Match(block)
        if not found:
            return
        around = Around(block, of_field)
        for number, first, last in self._shaped(block, found, plan, around, of_field):
            rule = self.rules[number]
            if not start <= low + first < start + BLOCK or (only and rule.type != only):
                continue
            confidence = self._confidence(number, around.groups(first, last))
            if not _reaches(confidence, wanted):
                continue
            value = block[first:last].decode("utf-8", "replace")
            if not rule.check or check_of(rule.check)(value):
                surely = cast(Confidence, confidence)
                yield Hit(rule.type, low + first, low + last, surely, value=value)

    def _shaped(
        self,
        block: bytes,
        found: Sequence[int],
        plan: _Plan,
        around: Around,
        of_field: frozenset[str],
    ) -> Iterator[tuple[int, int, int]]:
        """Each rule and place where its shape is, as far as the words allow that it counts."""
        for n in found:
            for number in plan.rules[n]:
                for first, last in self._spans(number, block):
                    yield number, first, last
            if plan.triggers[n] == CANDIDATE:
                yield from self._needy(block, plan, around, of_field)

    def _needy(
        self, block: bytes, plan: _Plan, around: Around, of_field: frozenset[str]
    ) -> Iterator[tuple[int, int, int]]:
        """The same of rules that need a word: those of the field everywhere, and others beside
        their words."""
        everywhere = {number for group in of_field for number in plan.needy.get(group, ())}
        for number in sorted(everywhere):
            for first, last in self._spans(number, block):
                yield number, first, last
        seen = set[tuple[int, int, int]]()
        for match in _candidates().finditer(block):
            start, end = match.span()
            groups = around.groups(start, end)
            beside = {number for group in groups for number in plan.needy.get(group, ())}
            if beside:
                low = max(0, start - MARGIN)
                window = block[low : end + MARGIN]
                for number in sorted(beside - everywhere):
                    for first, last in self._spans(number, window):
                        place = number, low + first, low + last
                        if place not in seen:
                            seen.add(place)
                            yield place

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


@cache
def _candidates() -> Any:
    import re2

    return re2.compile(CANDIDATE, _options())


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
