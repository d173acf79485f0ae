"""The space of possible uses: every fact as finite variables, and what ties them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

from .conditions import NEVER, All, Atom, Condition, all_of, any_of, judge, negate, variables
from .facts import Statement
from .policy import AllOf, AnyOf, AtLeast, Is, Test, When
from .vocabulary import IN, OUT, Fact, Vocabulary

MEMBER_VALUES = ("out", "in")
NARROWINGS_KEPT = 2_000  # statements whose meaning is remembered


@dataclass(frozen=True, slots=True)
class Variable:
    """One finite unknown: a fact, or whether one member is in a set fact."""

    fact: str
    member: str
    values: tuple[str, ...]

    @property
    def full(self) -> int:
        """The mask of all values."""
        return (1 << len(self.values)) - 1


@dataclass(frozen=True, slots=True)
class Link:
    """Value i of `source` leaves `target` only the values in `masks[i]`."""

    source: int
    target: int
    masks: tuple[int, ...]

    @property
    def result(self) -> int:
        """The variable that it settles."""
        return self.target

    @property
    def touches(self) -> set[int]:
        """The variables that it ties."""
        return {self.source, self.target}

    def follows_from(self, found: set[int]) -> set[int]:
        """The variables about which being unsure of those found makes one unsure."""
        return {self.target} if self.source in found else set()


@dataclass(frozen=True, slots=True)
class Definition:
    """The member is in exactly when the condition holds: stating one states the other."""

    member: int
    condition: Condition

    @property
    def result(self) -> int:
        """The variable that it settles."""
        return self.member

    @property
    def touches(self) -> set[int]:
        """The variables that it ties."""
        return {self.member, *variables(self.condition)}

    def follows_from(self, found: set[int]) -> set[int]:
        """The variables about which being unsure of those found makes one unsure."""
        return set() if variables(self.condition).isdisjoint(found) else {self.member}


@dataclass(frozen=True, slots=True)
class Requirement:
    """When the condition holds, `target` has a value in `mask`."""

    condition: Condition
    target: int
    mask: int

    @property
    def result(self) -> int:
        """The variable that it settles."""
        return self.target

    @property
    def touches(self) -> set[int]:
        """The variables that it ties."""
        return {self.target, *variables(self.condition)}

    def follows_from(self, found: set[int]) -> set[int]:
        """The variables about which being unsure of those found makes one unsure."""
        return set() if variables(self.condition).isdisjoint(found) else {self.target}


Tie = Link | Definition | Requirement


class Conflict(Exception):
    """No value is left for a variable."""

    def __init__(self, variable: int) -> None:
        super().__init__(variable)
        self.variable = variable


class Space:
    """The variables and ties of one vocabulary, policy set and catalogue."""

    def __init__(self, vocabulary: Vocabulary, thresholds: Mapping[str, Iterable[int]]) -> None:
        self.vocabulary = vocabulary
        self.variables: list[Variable] = []
        self.of_fact: dict[str, tuple[int, ...]] = {}
        self.members: dict[tuple[str, str], int] = {}
        self._starts: dict[str, list[int]] = {}  # first number of each range of an integer fact
        self.ties: list[Tie] = []
        self._bound: dict[Test, Condition] = {}
        self._narrowings: dict[int, tuple[Statement, list[tuple[int, int]]]] = {}
        for fact in vocabulary.facts.values():
            self._add(fact, thresholds.get(fact.id, ()))
        self.full: tuple[int, ...] = tuple(v.full for v in self.variables)

    def _add(self, fact: Fact, thresholds: Iterable[int]) -> None:
        first = len(self.variables)
        if fact.type == "set":
            for member in fact.values:
                self.members[fact.id, member] = len(self.variables)
                self.variables.append(Variable(fact.id, member, MEMBER_VALUES))
        elif fact.type == "integer":
            starts = sorted({0, *thresholds})
            self._starts[fact.id] = starts
            names = [f"{a}-{b - 1}" if b - 1 > a else str(a) for a, b in pairwise(starts)]
            self.variables.append(Variable(fact.id, "", (*names, f"{starts[-1]}+")))
        else:
            self.variables.append(Variable(fact.id, "", tuple(fact.values)))
        self.of_fact[fact.id] = tuple(range(first, len(self.variables)))

    # -- building ------------------------------------------------------------------

    def tie(self, source: int, effects: Mapping[str, Sequence[tuple[int, int]]]) -> None:
        """Add what each value of a variable leaves of others: value -> (target, mask)s."""
        values = self.variables[source].values
        by_target: dict[int, list[int]] = {}
        for index, value in enumerate(values):
            for target, mask in effects.get(value, ()):
                masks = by_target.setdefault(target, [self.full[target]] * len(values))
                masks[index] &= mask
        self.ties.extend(Link(source, target, tuple(masks)) for target, masks in by_target.items())

    def define(self, fact: str, member: str, condition: Condition) -> None:
        """Say when a member is in a set fact."""
        self.ties.append(Definition(self.members[fact, member], condition))

    def require(self, condition: Condition, fact: str, values: Iterable[str]) -> None:
        """Say which values a fact has where the condition holds; the conditions for one fact
        exclude one another and cover every case."""
        self.ties.append(Requirement(condition, self.of_fact[fact][0], self.mask(fact, values)))

    # Both are read once every tie is there.

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """What defines members of set facts."""
        return tuple(tie for tie in self.ties if isinstance(tie, Definition))

    @cached_property
    def results(self) -> frozenset[int]:
        """The variables that others settle and that settle no other one. Where nothing is
        known of such a variable, it takes nothing away from the others."""
        found = set()
        for variable, numbers in enumerate(self.touching):
            ties = [self.ties[number] for number in numbers]
            if all(tie.result == variable for tie in ties) and (
                len(ties) == 1 or all(isinstance(tie, Requirement) for tie in ties)
            ):
                found.add(variable)
        return frozenset(found)

    @cached_property
    def touching(self) -> tuple[tuple[int, ...], ...]:
        """For each variable, the ties that touch it."""
        found: list[list[int]] = [[] for _ in self.variables]
        for number, tie in enumerate(self.ties):
            for variable in tie.touches:
                found[variable].append(number)
        return tuple(map(tuple, found))

    @cached_property
    def touched(self) -> tuple[frozenset[int], ...]:
        """For each tie, the variables that it touches."""
        return tuple(frozenset(tie.touches) for tie in self.ties)

    # -- reading statements and conditions -----------------------------------------

    def narrowings(self, said: Statement) -> Sequence[tuple[int, int]]:
        """What a statement leaves of each variable it speaks of."""
        found = self._narrowings.get(id(said))
        if found is None or found[0] is not said:
            if len(self._narrowings) >= NARROWINGS_KEPT:
                self._narrowings.clear()
            # Kept with the statement itself, so that no other one gets its id meanwhile.
            found = self._narrowings[id(said)] = (said, self._narrow_by(said))
        return found[1]

    def _narrow_by(self, said: Statement) -> list[tuple[int, int]]:
        fact = self.vocabulary.facts[said.fact]
        if fact.type == "set":
            return [
                (index, mask)
                for index in self.of_fact[fact.id]
                if (mask := self._member_mask(said, self.variables[index].member))
            ]
        index = self.of_fact[fact.id][0]
        if said.low is not None:
            return [(index, self._range_mask(fact.id, said.low, said.high))]
        if said.values is not None:
            return [(index, self.mask(fact.id, said.values))]
        return []

    @staticmethod
    def _member_mask(said: Statement, member: str) -> int:
        if member in said.present:
            return IN
        return OUT if said.is_complete or member in said.absent else 0

    def holding(self, said: Statement) -> Condition:
        """Where what is said is certainly so. Of a range of numbers that no threshold tells
        apart from others, nowhere."""
        if said.says_nothing or said.is_unsure:
            return NEVER
        if said.low is not None:
            index = self.of_fact[said.fact][0]
            return Atom(index, self._range_mask(said.fact, said.low, said.high, is_whole=True))
        return all_of(Atom(index, mask) for index, mask in self.narrowings(said))

    def mask(self, fact: str, values: Iterable[str]) -> int:
        """The mask of some values of a choice or level."""
        wanted = set(values)
        names = self.variables[self.of_fact[fact][0]].values
        return sum(1 << index for index, name in enumerate(names) if name in wanted)

    def _range_mask(self, fact: str, low: int, high: int | None, *, is_whole: bool = False) -> int:
        """The ranges of which some number is from low to high, or all of them are."""
        starts = self._starts[fact]
        ends = [*(start - 1 for start in starts[1:]), None]
        found = 0
        for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if is_whole:
                is_in = start >= low and (high is None or (end is not None and end <= high))
            else:
                is_in = (high is None or start <= high) and (end is None or end >= low)
            found |= is_in << index
        return found

    def bind(self, when: When) -> Condition:
        """A written condition over the variables of this space."""
        if isinstance(when, Is):
            return self.bind(when.when)
        if isinstance(when, AllOf):
            return all_of(self.bind(part) for part in when.parts)
        if isinstance(when, AnyOf):
            return any_of(self.bind(part) for part in when.parts)
        if isinstance(when, AtLeast):
            bound = [self.bind(part) for part in when.parts]
            return any_of(all_of(chosen) for chosen in combinations(bound, when.number))
        if when not in self._bound:  # the same test is the same object, encoded once
            self._bound[when] = self._bind_test(when)
        return self._bound[when]

    def _bind_test(self, test: Test) -> Condition:
        fact = self.vocabulary.facts[test.fact]
        if fact.type == "set":
            atoms = {m: self.members[fact.id, m] for m in fact.values}
            named = [atoms[m] for m in test.values]
            if test.operator == "any_of":
                return any_of(Atom(v, IN) for v in named)
            if test.operator == "all_of":
                return all_of(Atom(v, IN) for v in named)
            rest = (
                named
                if test.operator == "none_of"
                else (v for m, v in atoms.items() if m not in test.values)
            )
            return all_of(Atom(v, OUT) for v in rest)
        index = self.of_fact[fact.id][0]
        if fact.type == "integer":
            numbers = [int(value) for value in test.values]
            if test.operator == "more_than":
                return Atom(index, self._range_mask(fact.id, numbers[0] + 1, None))
            if test.operator == "at_most":
                return Atom(index, self._range_mask(fact.id, 0, numbers[0]))
            mask = sum(self._range_mask(fact.id, n, n) for n in set(numbers))
            return Atom(index, mask if test.operator == "any_of" else self.full[index] & ~mask)
        if test.operator in ("above", "up_to"):
            return self._bind_level(index, test)
        mask = self.mask(fact.id, test.values)
        return Atom(index, mask if test.operator == "any_of" else self.full[index] & ~mask)

    def _bind_level(self, index: int, test: Test) -> Condition:
        levels = self.variables[index].values
        limit = test.values[0]
        if limit in levels:
            upto = (2 << levels.index(limit)) - 1
            return Atom(index, upto if test.operator == "up_to" else self.full[index] & ~upto)
        other = self.of_fact[limit][0]  # a level fact of the tool: compared level by level
        return any_of(
            all_of(
                [
                    Atom(other, 1 << i),
                    self._bind_level(index, Test(test.fact, test.operator, (level,))),
                ]
            )
            for i, level in enumerate(levels)
        )

    # -- what follows --------------------------------------------------------------

    def propagate(self, masks: list[int], changed: Iterable[int] | None = None) -> None:
        """Take away what is impossible, in place, until nothing more follows. Only what
        touches the `changed` variables is looked at first, all ties without them."""
        touching = self.touching
        if changed is None:
            waiting = dict.fromkeys(range(len(self.ties)))
        else:
            waiting = dict.fromkeys(tie for variable in changed for tie in touching[variable])
        while waiting:
            number, _ = waiting.popitem()
            for variable in self._follow(self.ties[number], masks):
                for tie in touching[variable]:
                    waiting[tie] = None

    def _follow(self, tie: Tie, masks: list[int]) -> Sequence[int]:
        """Narrow by one tie; the variables that changed."""
        if isinstance(tie, Link):
            return _follow_link(tie, masks)
        changed: list[int] = []
        if isinstance(tie, Requirement):
            if not masks[tie.target] & tie.mask:
                self.force(negate(tie.condition, self.full), masks, changed)
            elif masks[tie.target] & ~tie.mask and judge(tie.condition, masks):
                _narrow(masks, tie.target, tie.mask, changed)
            return changed
        holds = judge(tie.condition, masks)
        if holds is not None:
            _narrow(masks, tie.member, IN if holds else OUT, changed)
        elif masks[tie.member] == IN:
            self.force(tie.condition, masks, changed)
        elif masks[tie.member] == OUT:
            self.force(negate(tie.condition, self.full), masks, changed)
        return changed

    def force(self, condition: Condition, masks: list[int], changed: list[int]) -> None:
        """Make a condition hold as far as single variables allow it, noting what changed."""
        if isinstance(condition, Atom):
            _narrow(masks, condition.variable, condition.mask, changed)
            return
        if isinstance(condition, All):
            for part in condition.parts:
                self.force(part, masks, changed)
            return
        live = [part for part in condition.parts if judge(part, masks) is not False]
        if len(live) == 1:
            self.force(live[0], masks, changed)
        elif not live:
            raise Conflict(next(iter(sorted(variables(condition))), 0))


def _narrow(masks: list[int], variable: int, mask: int, changed: list[int]) -> None:
    left = masks[variable] & mask
    if not left:
        raise Conflict(variable)
    if left != masks[variable]:
        masks[variable] = left
        changed.append(variable)


def _follow_link(link: Link, masks: list[int]) -> Sequence[int]:
    sources, target = masks[link.source], masks[link.target]
    reachable, left = 0, sources
    rest = sources
    while rest:
        bit = rest & -rest
        rest ^= bit
        mask = link.masks[bit.bit_length() - 1]
        if mask & target:
            reachable |= mask
        else:
            left ^= bit
    if not left:
        raise Conflict(link.target)
    changed = []
    if left != sources:
        masks[link.source] = left
        changed.append(link.source)
    if target & ~reachable:
        masks[link.target] = target & reachable
        changed.append(link.target)
    return changed
