"""A column of a table as evidence: its name, and how many of its values pass a check.

One number in ten passes a weak checksum by chance, so one number proves nothing; eight of eight
do. And where only one in ten of a column passes, it is a column of something else.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .engine import Matcher
from .finding import Confidence, Hit, at_least
from .rule import WEAK

LOOKED_AT = 600  # values of a column that decide what it is; from its head, middle and tail
PROOF = 1e-6  # chance at which passing values are no coincidence any more
MOST = 0.8  # of the values of a shape pass, where the column is of the type
FEW = 0.5  # pass, where it is not
ENOUGH = 8  # values of a shape before a column is told not to be of a type


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column is, or is not, by the check of a type."""

    type: str
    shaped: int
    passed: int
    chance: float

    @property
    def is_it(self) -> bool:
        """Whether so many pass that the column is of the type."""
        return (
            self.passed >= MOST * self.shaped
            and tail(self.passed, self.shaped, self.chance) < PROOF
        )

    @property
    def is_not(self) -> bool:
        """Whether so few pass that those which do are a coincidence."""
        return self.shaped >= ENOUGH and self.passed < FEW * self.shaped


def tail(passed: int, tried: int, chance: float) -> float:
    """The chance that at least so many of those tried pass (binomial)."""
    if chance >= 1 or not tried:
        return 1.0
    total = 0.0
    for count in range(passed, tried + 1):
        log = (
            math.lgamma(tried + 1)
            - math.lgamma(count + 1)
            - math.lgamma(tried - count + 1)
            + count * math.log(chance)
            + (tried - count) * math.log1p(-chance)
        )
        total += math.exp(log)
    return min(1.0, total)


class Column:
    """The values of a column as one text, one a line, so that a hit knows its row."""

    def __init__(self, name: str, cells: Sequence[str]) -> None:
        self.name = name
        self.text, self._starts = _joined(cells)
        self._sample = self.text
        if len(cells) > LOOKED_AT:
            third, middle = LOOKED_AT // 3, len(cells) // 2
            picked = [*cells[:third], *cells[middle : middle + third], *cells[-third:]]
            self._sample = _joined(picked)[0]

    def row(self, offset: int) -> int:
        """The number of the value, from 0, at a place of the text."""
        return bisect_right(self._starts, offset) - 1

    def verdicts(self, matcher: Matcher) -> list[Verdict]:
        """What the checks of each type say of the column, the surest first."""
        shaped, passed, chances = Counter[str](), Counter[str](), dict[str, float]()
        for rule, count, good in matcher.tried(self._sample):
            if good and rule.chance <= WEAK:
                shaped[rule.type] += count
                passed[rule.type] += good
                chances[rule.type] = max(rule.chance, chances.get(rule.type, 0.0))
        found = [Verdict(t, shaped[t], passed[t], chances[t]) for t in shaped]
        return sorted(found, key=lambda v: tail(v.passed, v.shaped, v.chance))

    def settle(self, hits: Sequence[Hit], matcher: Matcher, least: Confidence) -> Iterator[Hit]:
        """The hits of the column's text, with what the column proves or disproves."""
        verdicts = self.verdicts(matcher)
        proved = next((v.type for v in verdicts if v.is_it), "")
        disproved = {v.type for v in verdicts if v.is_not}
        seen = set[tuple[int, int]]()
        for hit in hits:
            if hit.type == proved and hit.confidence == "low":
                hit = replace(hit, confidence="medium")  # noqa: PLW2901
            elif hit.type in disproved:
                hit = replace(hit, confidence="low")  # noqa: PLW2901
            if at_least(hit.confidence, least):
                seen.add((hit.start, hit.end))
                yield hit
        if proved:
            for hit in matcher.find(self.text, "low", self.name, only=proved):
                if (hit.start, hit.end) not in seen:
                    surer: Confidence = "high" if hit.confidence != "low" else "medium"
                    yield replace(hit, confidence=surer)


def _joined(cells: Sequence[str]) -> tuple[bytes, list[int]]:
    parts, starts, at = [], [], 0
    for cell in cells:
        part = cell.replace("\n", " ").encode("utf-8", "replace")
        starts.append(at)
        parts.append(part)
        at += len(part) + 1
    return b"\n".join(parts), starts
