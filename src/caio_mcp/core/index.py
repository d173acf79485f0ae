"""Many conditions judged at once: one bit for each condition, one integer for each value.

For every value of every variable an integer says which conditions that value rules out. Two
ORs for each variable then judge all conditions together, however many there are. What is no
plain conjunction is judged on its own, and only where the rest of its condition may hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from .conditions import All, Any, Atom, Condition, judge


class Index:
    """A list of conditions, ready to be judged on what is known."""

    def __init__(self, conditions: Sequence[Condition], full: Sequence[int]) -> None:
        self._all = (1 << len(conditions)) - 1
        self._never = 0  # the conditions that contradict themselves
        self._nested: dict[int, list[int]] = {}
        self._has_nested = 0
        known: dict[Any, int] = {}
        ruled_out: dict[int, list[int]] = {}
        for number, condition in enumerate(conditions):
            bit = 1 << number
            allowed: dict[int, int] = {}
            nested: list[int] = []
            for part in condition.parts if isinstance(condition, All) else (condition,):
                if isinstance(part, Atom):
                    mask = allowed.get(part.variable, full[part.variable])
                    allowed[part.variable] = mask & part.mask
                elif isinstance(part, Any):
                    nested.append(known.setdefault(part, len(known)))
                else:
                    raise AssertionError("a conjunction inside a conjunction was not flattened")
            if nested:
                self._nested[number] = nested
                self._has_nested |= bit
            for variable, mask in allowed.items():
                if not mask:
                    self._never |= bit
                row = ruled_out.setdefault(variable, [0] * full[variable].bit_length())
                for value in bits(full[variable] & ~mask):
                    row[value] |= bit
        self._rows: list[tuple[int, list[int], dict[int, tuple[int, int]]]] = [
            (variable, row, {}) for variable, row in ruled_out.items()
        ]
        self._parts = list(known)

    def judge(self, masks: Sequence[int], unsure: Collection[int] = ()) -> tuple[int, int]:
        """The conditions that certainly hold and those that may, as bits."""
        impossible, uncertain = self._never, self._never
        for variable, row, known in self._rows:
            mask = masks[variable]
            found = known.get(mask)
            if found is None:
                found = known[mask] = _combined(row, mask)
            impossible |= found[0]
            uncertain |= found[0] if variable in unsure else found[1]
        possible = self._all & ~impossible
        certain = self._all & ~uncertain
        verdicts: dict[int, bool | None] = {}
        for number in bits(possible & self._has_nested):
            for part in self._nested[number]:
                if part not in verdicts:
                    verdicts[part] = judge(self._parts[part], masks, unsure)
                if verdicts[part] is not True:
                    certain &= ~(1 << number)
                if verdicts[part] is False:
                    possible &= ~(1 << number)
        return certain, possible


def _combined(row: Sequence[int], mask: int) -> tuple[int, int]:
    """What every value of the mask rules out, and what at least one of them does."""
    values = [row[value] for value in bits(mask)]
    every, some = values[0], values[0]
    for value in values[1:]:
        every &= value
        some |= value
    return every, some


def bits(number: int) -> Iterator[int]:
    """The positions of the ones, in rising order."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
