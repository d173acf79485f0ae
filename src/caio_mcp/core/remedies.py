"""The smallest changes that help: which moves lead to a better decision, the cheapest first.

Implicit hitting sets: as long as something blocks a better decision, any set of moves that
helps must change a fact on which the blocker depends. So sets grow only by such moves, the
cheapest set first, and each is decided anew by the same engine before it is offered.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from .conditions import variables
from .contributions import Contribution
from .decide import Engine, Ruling
from .facts import Statement
from .knowledge import Contradiction
from .policy import Move
from .vocabulary import EFFECTS, UNLISTED, Effect

APPROVED = ("approved", "restricted")
MOVES_MAX = 4  # in one remedy: nobody does more
SETS_MAX = 200  # tried for one decision; what is found until then is still the cheapest
ENOUGH = 3  # remedies for one outcome

_TWINS = {"data.categories": "data.overlays", "data.overlays": "data.categories"}


@dataclass(frozen=True, slots=True)
class Remedy:
    """Moves after which the decision is certainly no stricter than `target`: no fewer of them
    do, and no cheaper ones were left out."""

    target: Effect
    moves: tuple[Move, ...]

    @property
    def cost(self) -> int:
        """The effort of all moves."""
        return sum(move.cost for move in self.moves)


def about_tools(statements: Sequence[Statement]) -> list[Statement]:
    """What was said of the data, the purpose and the people, without the tool."""
    return [s for s in statements if not s.fact.startswith(("tool.", "model."))]


def approved_tools(engine: Engine) -> list[str]:
    """The tools that the organisation approved, in the order of its list; programming
    interfaces, of no use to most people, come last."""
    listed = [a.id for a in engine.policy.approvals if not a.on and a.status in APPROVED]
    return sorted(listed, key=lambda tool: "api" in _plans(engine, tool))


def _plans(engine: Engine, tool: str) -> frozenset[str]:
    facts = engine.catalogue.tools[tool].facts
    return next((f.said.values for f in facts if f.said.fact == "tool.plan"), None) or frozenset()


def remedies(
    engine: Engine, statements: Sequence[Statement], ruling: Ruling, day: datetime.date
) -> tuple[tuple[Remedy, ...], tuple[str, ...]]:
    """The remedies, and the tools that may lead to something better once more is known.

    Only for a ruling that is final and not permitted.
    """
    if not ruling.is_final or ruling.best < Effect.review:
        return (), ()
    search = _Search(engine, statements, ruling, day)
    found = tuple(search.run())
    return found, tuple(search.could_help(found))


def for_target(found: Sequence[Remedy], target: Effect) -> list[Remedy]:
    """The remedies that reach a target, cheapest first, each with no part that does too."""
    reaching = [remedy for remedy in found if remedy.target <= target]
    return [r for r in reaching if not any(set(o.moves) < set(r.moves) for o in reaching)]


@dataclass
class _Search:
    """One search, from one ruling."""

    engine: Engine
    statements: Sequence[Statement]
    ruling: Ruling
    day: datetime.date
    _perhaps: list[tuple[Effect, str]] = field(default_factory=list)

    @cached_property
    def moves(self) -> list[Move]:
        """The moves that can be made here: approved tools, then those of the policy."""
        values = self.engine.vocabulary.facts["tool.id"].values
        current = {v.id for v in self.engine.knower.possible(self.ruling.knowledge, "tool.id")}
        switch = self.engine.policy.switch_tool
        switches = [
            replace(
                switch,
                id=tool,
                title=_with_sign(switch.title.format(tool=values[tool].title), values[tool].sign),
                sets=(Statement("tool.id", "approver", values=frozenset([tool])),),
            )
            for tool in approved_tools(self.engine)
            if current != {tool}
        ]
        return [*switches, *self.engine.policy.moves]

    @cached_property
    def reach(self) -> Mapping[str, frozenset[int]]:
        """For each move the variables on which it can have an effect, through ties too."""
        space = self.engine.space
        found: dict[str, frozenset[int]] = {}
        for move in self.moves:
            reached = {v for said in move.sets for v in space.of_fact[said.fact]}
            waiting = list(reached)
            while waiting:
                for number in space.touching[waiting.pop()]:
                    new = space.ties[number].touches - reached
                    reached |= new
                    waiting += new
            found[move.id] = frozenset(reached)
        return found

    def run(self) -> Iterator[Remedy]:
        """Remedies, the cheapest first, until there are enough for each outcome."""
        missing = {effect: ENOUGH for effect in EFFECTS if effect < self.ruling.best}
        found: list[Remedy] = []
        heap: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
        seen: set[tuple[int, ...]] = {()}
        tried = 0
        while heap and tried < SETS_MAX and any(count > 0 for count in missing.values()):
            _, _, chosen = heapq.heappop(heap)
            moves = tuple(self.moves[number] for number in chosen)
            ruling = self._try(moves) if chosen else self.ruling
            tried += 1
            if ruling is None:
                continue
            remedy = Remedy(ruling.worst, moves)
            if self._is_better(remedy, found):
                found.append(remedy)
                missing |= {e: count - 1 for e, count in missing.items() if e >= remedy.target}
                yield remedy
            if ruling.worst == Effect.allow or len(chosen) == MOVES_MAX:
                continue
            for number in self._next(chosen, ruling):
                grown = tuple(sorted((*chosen, number)))
                if grown not in seen:
                    seen.add(grown)
                    cost = sum(self.moves[n].cost for n in grown)
                    heapq.heappush(heap, (cost, len(grown), grown))

    def _is_better(self, remedy: Remedy, found: Sequence[Remedy]) -> bool:
        is_better = remedy.target < self.ruling.best
        return is_better and remedy in for_target([*found, remedy], remedy.target)

    def _next(self, chosen: tuple[int, ...], ruling: Ruling) -> Iterator[int]:
        """The moves of which at least one must be among those that still help."""
        blocker = self._blocker(ruling)
        if blocker is None:
            return
        depends_on = variables(blocker.condition)
        taken = {said.fact for number in chosen for said in self.moves[number].sets}
        sets = self.engine.vocabulary.facts
        for number, move in enumerate(self.moves):
            again = {s.fact for s in move.sets if sets[s.fact].type != "set"} & taken
            if number not in chosen and not again and depends_on & self.reach[move.id]:
                yield number

    def _blocker(self, ruling: Ruling) -> Contribution | None:
        """Something that makes, or can make, the decision as strict as it can be."""
        certain = [c for c in ruling.certain if c.effect == ruling.worst]
        if certain:
            return min(certain, key=lambda c: len(variables(c.condition)))
        reasoner = self.engine.reasoner(ruling)
        strictest = (c for c in ruling.open if c.effect == ruling.worst)
        return next((c for c in strictest if reasoner.can_hold(c.condition)), None)

    # -- trying ------------------------------------------------------------------------

    def _try(self, moves: Sequence[Move]) -> Ruling | None:
        """The ruling after the moves; None where they cannot be made."""
        ruling = self.engine.rule(self._after(moves), self.day, enough=self.ruling.best)
        if not self._have_held(moves, ruling):
            return None
        if len(moves) == 1 and not ruling.is_final and ruling.best < self.ruling.best:
            tool = next((s for s in moves[0].sets if s.fact == "tool.id"), None)
            if tool is not None:
                self._perhaps.append((ruling.best, moves[0].id))
        return ruling

    def _after(self, moves: Sequence[Move]) -> list[Statement]:
        """What is said of the use once the moves were made."""
        said = list(self.statements)
        if any(part.fact == "tool.id" for move in moves for part in move.sets):
            said = about_tools(said)
        for part in (part for move in moves for part in move.sets):
            others = [s for s in said if s.fact != part.fact]
            if self.engine.vocabulary.facts[part.fact].type == "set":
                others += [
                    replace(s, present=s.present - part.absent) for s in said if s.fact == part.fact
                ]
            said = [*others, part]
        return said

    def _have_held(self, moves: Sequence[Move], ruling: Ruling) -> bool:
        """Whether what the moves set is so, and nothing else had to give way to it."""
        known, space = ruling.knowledge, self.engine.space
        sets = [part for move in moves for part in move.sets]
        if any(
            known.masks[variable] & ~mask
            for part in sets
            for variable, mask in space.narrowings(part)
        ):
            return False
        changed = {part.fact for part in sets}
        changed |= {_TWINS[fact] for fact in changed if fact in _TWINS}
        before = set(map(_key, self.ruling.knowledge.contradictions))
        if any(
            _key(clash) not in before and clash.fact.partition(":")[0] not in changed
            for clash in known.contradictions
        ):
            return False
        return all(self._is_offered(part, ruling) for part in sets)

    def _is_offered(self, part: Statement, ruling: Ruling) -> bool:
        """Whether a setting is known to be there to be set: nobody is told to switch off
        what the tool may not have."""
        if not part.fact.startswith("tool.") or part.fact == "tool.id":
            return True
        tools = [v.id for v in self.engine.knower.possible(ruling.knowledge, "tool.id")]
        if len(tools) == len(self.engine.vocabulary.facts["tool.id"].values):
            return True  # nothing is known of the tool
        listed = self.engine.catalogue.tools
        return all(
            tool != UNLISTED and any(f.said.fact == part.fact for f in listed[tool].facts)
            for tool in tools
        )

    def could_help(self, found: Sequence[Remedy]) -> Iterator[str]:
        """The tools that may do better than all remedies once more is known."""
        best = min((remedy.target for remedy in found), default=self.ruling.best)
        for effect, tool in self._perhaps:
            if effect < best:
                yield tool


def _with_sign(title: str, sign: str) -> str:
    return f"{title} ({sign.rstrip('.')})" if sign else title


def _key(clash: Contradiction) -> tuple[str, str]:
    return clash.fact, str(clash.stated)
