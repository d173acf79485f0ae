"""Exact answers about everything still possible, by satisfiability (the only user of python-sat).

Each variable becomes literals, each condition one equivalent literal. A second copy of the
whole space answers which facts are needed: do two possible uses that agree on these facts
always get the same decision?
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pysat.solvers import Solver

from .conditions import All, Atom, Condition
from .space import Space
from .vocabulary import EFFECTS, Effect

# Any complete solver gives the same answers; this one is small and quick to start.
SOLVER = "glucose4"


class Reasoner:
    """The possible uses of a space, and what the contributions make of each."""

    def __init__(self, space: Space, contributions: Sequence[tuple[Effect, Condition]]) -> None:
        self._space = space
        self._contributions = contributions
        self._solver = Solver(name=SOLVER)
        self._last = 0
        self._first = _Copy(self, contributions)
        self._second: _Copy | None = None
        self._same: dict[int, int] = {}
        self._differ = 0

    def _new(self) -> int:
        self._last += 1
        return self._last

    # -- one copy ----------------------------------------------------------------------

    def reachable(self, masks: Sequence[int]) -> frozenset[Effect]:
        """The decisions of all uses that are still possible."""
        known = self._known(self._first, masks)
        return frozenset(
            effect for effect in EFFECTS if self._solver.solve(known + self._first.decides(effect))
        )

    def is_possible(self, masks: Sequence[int]) -> bool:
        """Whether any use is possible at all."""
        return bool(self._solver.solve(self._known(self._first, masks)))

    def is_certain(self, condition: Condition, masks: Sequence[int]) -> bool:
        """Whether the condition holds in every use that is still possible."""
        literal = self._first.literal(condition)
        return not self._solver.solve([*self._known(self._first, masks), -literal])

    def covers(self, conditions: Iterable[Condition], masks: Sequence[int]) -> bool:
        """Whether in every use that is still possible at least one condition holds."""
        none_holds = [-self._first.literal(condition) for condition in conditions]
        return not self._solver.solve([*self._known(self._first, masks), *none_holds])

    def _known(self, copy: _Copy, masks: Sequence[int]) -> list[int]:
        """The literals that say what is known of one copy."""
        known: list[int] = []
        for index, (mask, full) in enumerate(zip(masks, self._space.full, strict=True)):
            if mask != full:
                known += copy.excluding(index, mask)
        return known

    # -- two copies --------------------------------------------------------------------

    def settles(self, shared: Iterable[int], masks: Sequence[int]) -> bool:
        """Whether the decision is the same for all possible uses that agree on `shared`."""
        second = self._twin()
        known = self._known(self._first, masks)
        known += self._known(second, masks)
        known += [self._same[index] for index in shared]
        return not self._solver.solve([*known, self._differ])

    def _twin(self) -> _Copy:
        if self._second is not None:
            return self._second
        second = self._second = _Copy(self, self._contributions)
        for index, (ours, theirs) in enumerate(zip(self._first.values, second.values, strict=True)):
            same = self._same[index] = self._new()
            for a, b in zip(ours, theirs, strict=True):
                self._solver.add_clause([-same, -a, b])
                self._solver.add_clause([-same, a, -b])
        self._differ = self._new()
        stricter = []
        for effect in EFFECTS[1:]:
            literal = self._new()
            self._solver.add_clause([-literal, self._first.at_least[effect]])
            self._solver.add_clause([-literal, -second.at_least[effect]])
            stricter.append(literal)
        self._solver.add_clause([-self._differ, *stricter])
        return second


class _Copy:
    """One use, encoded: its values, what ties them, and its decision."""

    def __init__(self, owner: Reasoner, contributions: Sequence[tuple[Effect, Condition]]) -> None:
        self._owner = owner
        self._solver = owner._solver
        self._literals: dict[Condition, int] = {}
        self._excluding: dict[tuple[int, int], list[int]] = {}
        space = owner._space
        self.values = [self._encode_variable(len(v.values)) for v in space.variables]
        for link in space.links:
            for index, mask in enumerate(link.masks):
                if mask != space.full[link.target]:
                    self._solver.add_clause(
                        [-self.values[link.source][index], *self._allowed(link.target, mask)]
                    )
        for definition in space.definitions:
            member = self.values[definition.member][1]
            holds = self.literal(definition.condition)
            self._solver.add_clause([-holds, member])
            self._solver.add_clause([-member, holds])
        for need in space.requirements:
            self._solver.add_clause(
                [-self.literal(need.condition), *self._allowed(need.target, need.mask)]
            )
        self.at_least = self._encode_decision(contributions)

    def _encode_variable(self, count: int) -> list[int]:
        if count == 2:
            literal = self._owner._new()
            return [-literal, literal]
        literals = [self._owner._new() for _ in range(count)]
        self._solver.add_clause(literals)
        for i, a in enumerate(literals):
            for b in literals[i + 1 :]:
                self._solver.add_clause([-a, -b])
        return literals

    def _allowed(self, variable: int, mask: int) -> list[int]:
        return [literal for i, literal in enumerate(self.values[variable]) if mask >> i & 1]

    def excluding(self, variable: int, mask: int) -> list[int]:
        """The literals that leave a variable only the values of the mask."""
        found = self._excluding.get((variable, mask))
        if found is None:
            literals = self.values[variable]
            found = [-literal for i, literal in enumerate(literals) if not mask >> i & 1]
            self._excluding[variable, mask] = found
        return found

    def literal(self, condition: Condition) -> int:
        """A literal that is true exactly where the condition holds."""
        found = self._literals.get(condition)
        if found is None:
            found = self._literals[condition] = self._encode(condition)
        return found

    def _encode(self, condition: Condition) -> int:
        if isinstance(condition, Atom):
            parts = self._allowed(condition.variable, condition.mask)
            is_all = False
        else:
            parts = [self.literal(part) for part in condition.parts]
            is_all = isinstance(condition, All)
        if len(parts) == 1:
            return parts[0]
        whole = self._owner._new()
        sign = -1 if is_all else 1  # All(parts) is the opposite of Any(opposites)
        self._solver.add_clause([-sign * whole, *(sign * part for part in parts)])
        for part in parts:
            self._solver.add_clause([sign * whole, -sign * part])
        return whole

    def _encode_decision(
        self, contributions: Sequence[tuple[Effect, Condition]]
    ) -> dict[Effect, int]:
        at_least: dict[Effect, int] = {}
        for effect in EFFECTS[1:]:
            parts = [self.literal(condition) for e, condition in contributions if e >= effect]
            whole = at_least[effect] = self._owner._new()
            self._solver.add_clause([-whole, *parts])
            for part in parts:
                self._solver.add_clause([whole, -part])
        return at_least

    def decides(self, effect: Effect) -> list[int]:
        """The assumptions under which exactly this is the decision."""
        literals = [self.at_least[effect]] if effect else []
        if effect != EFFECTS[-1]:
            literals.append(-self.at_least[EFFECTS[effect + 1]])
        return literals
