"""Conditions over finite variables, judged on what is known: true, false or still open."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Atom:
    """The variable has one of the values in the mask (bit i stands for value i)."""

    variable: int
    mask: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; with no part, always."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds; with no part, never."""

    parts: tuple[Condition, ...]


Condition = Atom | All | Any

ALWAYS = All(())
NEVER = Any(())


def all_of(parts: Iterable[Condition]) -> Condition:
    """The conjunction, flattened."""
    flat: list[Condition] = []
    for part in parts:
        if isinstance(part, All):
            flat.extend(part.parts)
        elif part == NEVER:
            return NEVER
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else All(tuple(dict.fromkeys(flat)))


def any_of(parts: Iterable[Condition]) -> Condition:
    """The disjunction, flattened."""
    flat: list[Condition] = []
    for part in parts:
        if isinstance(part, Any):
            flat.extend(part.parts)
        elif part == ALWAYS:
            return ALWAYS
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else Any(tuple(dict.fromkeys(flat)))


def negate(condition: Condition, full: Sequence[int]) -> Condition:
    """The opposite; `full[v]` is the mask of all values of variable v."""
    if isinstance(condition, Atom):
        return Atom(condition.variable, full[condition.variable] & ~condition.mask)
    parts = [negate(part, full) for part in condition.parts]
    return any_of(parts) if isinstance(condition, All) else all_of(parts)


def judge(condition: Condition, masks: Sequence[int], unsure: Collection[int] = ()) -> bool | None:
    """True, false, or None while it depends on what is not known (Kleene's logic). Of an
    unsure variable everything that could be counts as being so."""
    if isinstance(condition, Atom):
        known = masks[condition.variable]
        if not known & condition.mask:
            return False
        if not known & ~condition.mask or condition.variable in unsure:
            return True
        return None
    settles = isinstance(condition, Any)  # one true part settles Any, one false part All
    open_parts = False
    for part in condition.parts:
        verdict = judge(part, masks, unsure)
        if verdict is settles:
            return settles
        open_parts = open_parts or verdict is None
    return None if open_parts else not settles


def variables(condition: Condition) -> set[int]:
    """The variables that the condition mentions."""
    if isinstance(condition, Atom):
        return {condition.variable}
    return {v for part in condition.parts for v in variables(part)}


def replace_atoms(condition: Condition, change: Callable[[Atom], Condition]) -> Condition:
    """The condition with each atom exchanged for what `change` gives."""
    if isinstance(condition, Atom):
        return change(condition)
    parts = [replace_atoms(part, change) for part in condition.parts]
    return all_of(parts) if isinstance(condition, All) else any_of(parts)
