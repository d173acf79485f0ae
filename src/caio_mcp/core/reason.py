"""Exact answers about everything still possible, by satisfiability (the only user of python-sat).

Only what is open is encoded: the variables that open conditions mention, what ties these to
others, and one literal for each condition. A second copy of it all answers which facts are
needed: do two possible uses that agree on these facts always get the same decision?
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from pysat.solvers import Solver

from .conditions import All, Atom, Condition
from .index import bits
from .space import Definition, Link, Requirement, Space, Tie
from .vocabulary import EFFECTS, Effect

# Any complete solver gives the same answers; this one is small and quick to start.
SOLVER = "glucose4"
TRUE = 1  # the literal that always holds

Pair = tuple[int, int]  # a variable, and the mask of values that it is left


class Reasoner:
    """The uses that are still possible, and what the open contributions make of each.

    `floor` is what certainly applies; `contributions` are those that could add to it. Of an
    `unsure` variable their conditions take everything possible as being so. After
    `conflicts_max` conflicts (0: never) a question to the solver is given up, counts as
    "possible", which is the careful answer wherever it is asked, and `gave_up` is told.
    """

    def __init__(
        self,
        space: Space,
        masks: Sequence[int],
        contributions: Sequence[tuple[Effect, Condition]],
        *,
        floor: Effect = Effect.allow,
        unsure: Collection[int] = (),
        conflicts_max: int = 0,
        gave_up: Callable[[], None] = lambda: None,
    ) -> None:
        self._space = space
        self._masks = masks
        self._unsure = unsure
        self._floor = floor
        self._conflicts_max = conflicts_max
        self._gave_up = gave_up
        self._last = TRUE
        self._clauses: list[list[int]] = [[TRUE]]
        self._values: dict[int, dict[int, int]] = {}  # variable -> value -> literal
        self._literals: dict[int, tuple[Condition, int]] = {}  # by id of the condition
        self._of_ties: dict[int, tuple[Condition, int]] = {}
        self._ties: set[int] = set()
        self._waiting: list[int] = []  # variables whose ties are still to be encoded
        self._solver: Solver | None = None
        self._given = 0  # clauses that the solver has
        self._at_least = self._decision(contributions)
        self._twin: _Twin | None = None

    # -- one use -----------------------------------------------------------------------

    def reachable(
        self, narrowed: Iterable[Pair] = (), among: Collection[Effect] = EFFECTS
    ) -> frozenset[Effect]:
        """The decisions of all uses that are still possible, or of those narrowed further;
        only those `among` some are looked for."""
        known = self._narrowing(narrowed)
        return frozenset(
            effect
            for effect in EFFECTS[self._floor :]
            if effect in among
            and self._at_least[effect] != -TRUE
            and self._solve(known + self._decides(effect))
        )

    def _decides(self, effect: Effect) -> list[int]:
        """The assumptions under which exactly this is the decision."""
        above = self._at_least[EFFECTS[effect + 1]] if effect < EFFECTS[-1] else -TRUE
        return [self._at_least[effect], -above]

    def is_possible(self) -> bool:
        """Whether any use is possible at all."""
        for variable, mask in enumerate(self._masks):
            if mask & (mask - 1):
                self._variable(variable, mask)
        self._tie_in()
        return self._solve([])

    def is_certain(self, condition: Condition) -> bool:
        """Whether the condition holds in every use that is still possible."""
        return not self._solve([-self._literal(condition)])

    def can_hold(self, condition: Condition) -> bool:
        """Whether the condition holds in some use that is still possible."""
        return self._solve([self._literal(condition)])

    def covers(self, conditions: Iterable[Condition]) -> bool:
        """Whether in every use that is still possible at least one condition holds."""
        return not self._solve([-self._literal(condition) for condition in conditions])

    @property
    def variables(self) -> Collection[int]:
        """The open variables on which the decision can depend, directly or through ties."""
        return self._values.keys()

    def _solve(self, assumptions: Sequence[int]) -> bool:
        if self._solver is None:
            self._solver = Solver(name=SOLVER)
        for clause in self._clauses[self._given :]:
            self._solver.add_clause(clause)
        self._given = len(self._clauses)
        return self._put(self._solver, assumptions)

    def _put(self, solver: Solver, assumptions: Sequence[int]) -> bool:
        if not self._conflicts_max:
            return bool(solver.solve(assumptions))
        solver.conf_budget(self._conflicts_max)
        found = solver.solve_limited(assumptions)
        if found is None:
            self._gave_up()
        return found is not False

    # -- two uses ----------------------------------------------------------------------

    def settles(self, shared: Iterable[int]) -> bool:
        """Whether the decision is the same for all possible uses that agree on `shared`."""
        if self._twin is None:
            thresholds = [self._at_least[effect] for effect in EFFECTS[self._floor + 1 :]]
            self._twin = _Twin(self._clauses, self._last, self._values, thresholds)
        same = self._twin.same
        assumptions = [same[v] for v in shared if v in same]
        return not self._put(self._twin.solver, [*assumptions, self._twin.differ])

    # -- variables and ties ------------------------------------------------------------

    def _new(self) -> int:
        self._last += 1
        return self._last

    def _value(self, variable: int, value: int) -> int:
        """The literal that says that a variable has a value."""
        mask = self._masks[variable]
        if not mask >> value & 1:
            return -TRUE
        return self._variable(variable, mask)[value] if mask & (mask - 1) else TRUE

    def _variable(self, variable: int, mask: int) -> dict[int, int]:
        found = self._values.get(variable)
        if found is not None:
            return found
        values = list(bits(mask))
        if len(values) == 2:
            literal = self._new()
            found = {values[0]: literal, values[1]: -literal}
        else:
            found = {value: self._new() for value in values}
            literals = list(found.values())
            self._clauses.append(literals)
            self._clauses += [
                [-one, -other] for n, one in enumerate(literals) for other in literals[n + 1 :]
            ]
        self._values[variable] = found
        self._waiting.append(variable)
        return found

    def _tie_in(self) -> None:
        """Encode what ties the variables met so far, and those met on the way. What only
        settles a variable of which nothing is known and nobody asks can always be met."""
        while self._waiting:
            variable = self._waiting.pop()
            for number in self._space.touching[variable]:
                tie = self._space.ties[number]
                if number not in self._ties and (
                    tie.result == variable or not self._is_idle(tie.result)
                ):
                    self._ties.add(number)
                    self._tie(tie)

    def _is_idle(self, variable: int) -> bool:
        is_unknown = self._masks[variable] == self._space.full[variable]
        return is_unknown and variable in self._space.results and variable not in self._values

    def _tie(self, tie: Tie) -> None:
        if isinstance(tie, Link):
            target = self._masks[tie.target]
            for i in bits(self._masks[tie.source]):
                if target & ~tie.masks[i]:
                    allowed = self._allowed(tie.target, tie.masks[i])
                    self._clause([-self._value(tie.source, i), *allowed])
        elif isinstance(tie, Definition):
            member = self._value(tie.member, 1)
            holds = self._encoded(tie.condition, self._of_ties, ())
            self._clause([-holds, member])
            self._clause([-member, holds])
        elif isinstance(tie, Requirement) and self._masks[tie.target] & ~tie.mask:
            holds = self._encoded(tie.condition, self._of_ties, ())
            self._clause([-holds, *self._allowed(tie.target, tie.mask)])

    def _allowed(self, variable: int, mask: int) -> list[int]:
        return [self._value(variable, i) for i in bits(self._masks[variable] & mask)]

    def _clause(self, literals: Sequence[int]) -> None:
        if TRUE not in literals:
            self._clauses.append([literal for literal in literals if literal != -TRUE])

    # -- conditions --------------------------------------------------------------------

    def _literal(self, condition: Condition) -> int:
        """A literal that is true exactly where the condition of a contribution holds."""
        found = self._encoded(condition, self._literals, self._unsure)
        self._tie_in()
        return found

    def _encoded(
        self,
        condition: Condition,
        known: dict[int, tuple[Condition, int]],
        unsure: Collection[int],
    ) -> int:
        if isinstance(condition, Atom):
            return self._atom(condition, unsure)
        found = known.get(id(condition))  # kept there, so that no other one gets its id
        if found is not None:
            return found[1]
        sign = -1 if isinstance(condition, All) else 1  # All(parts) is not Any(opposites)
        parts = []
        for part in condition.parts:
            parts.append(sign * self._encoded(part, known, unsure))
            if parts[-1] == TRUE:  # the rest does not matter
                break
        literal = sign * self._any(parts)
        known[id(condition)] = (condition, literal)
        return literal

    def _atom(self, atom: Atom, unsure: Collection[int]) -> int:
        mask = self._masks[atom.variable]
        left = mask & atom.mask
        if not left:
            return -TRUE
        if left == mask or atom.variable in unsure:
            return TRUE
        return self._any(self._allowed(atom.variable, left))

    def _any(self, parts: Iterable[int]) -> int:
        left = list(dict.fromkeys(part for part in parts if part != -TRUE))
        if TRUE in left:
            return TRUE
        if not left:
            return -TRUE
        if len(left) == 1:
            return left[0]
        whole = self._new()
        self._clauses.append([-whole, *left])
        self._clauses += [[whole, -part] for part in left]
        return whole

    def _decision(self, contributions: Sequence[tuple[Effect, Condition]]) -> dict[Effect, int]:
        """For each effect the literal that says that the decision is at least as strict."""
        at_least: dict[Effect, int] = {}
        stricter: list[int] = []
        for effect in reversed(EFFECTS):
            if effect <= self._floor:
                at_least[effect] = TRUE
                continue
            stricter += [self._literal(condition) for e, condition in contributions if e == effect]
            at_least[effect] = self._any(stricter)
            stricter = [at_least[effect]]
        return at_least

    def _narrowing(self, pairs: Iterable[Pair]) -> list[int]:
        """The literals that leave variables only the values of their masks."""
        found = [
            -self._value(variable, value)
            for variable, mask in pairs
            for value in bits(self._masks[variable] & ~mask)
        ]
        self._tie_in()
        return found


class _Twin:
    """Two uses over the same clauses: whether they agree on a variable, and whether their
    decisions differ."""

    def __init__(
        self,
        clauses: Sequence[Sequence[int]],
        last: int,
        values: dict[int, dict[int, int]],
        thresholds: Sequence[int],
    ) -> None:
        self.solver = Solver(name=SOLVER)
        self._last = 2 * last
        for clause in clauses:
            self.solver.add_clause(clause)
            self.solver.add_clause([n + last if n > 0 else n - last for n in clause])
        self.same = {variable: self._new() for variable in values}
        for variable, literals in values.items():
            same = self.same[variable]
            for literal in literals.values():
                other = literal + last if literal > 0 else literal - last
                self.solver.add_clause([-same, -literal, other])
                self.solver.add_clause([-same, literal, -other])
        self.differ = self._new()
        stricter = []
        for threshold in thresholds:
            other = threshold + last if threshold > 0 else threshold - last
            stricter.append(self._new())
            self.solver.add_clause([-stricter[-1], threshold])
            self.solver.add_clause([-stricter[-1], -other])
        self.solver.add_clause([-self.differ, *stricter])

    def _new(self) -> int:
        self._last += 1
        return self._last
