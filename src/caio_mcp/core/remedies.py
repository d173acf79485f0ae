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
from .facts import Statement, statement
from .knowledge import Contradiction, Knowledge
from .policy import Move
from .vocabulary import EFFECTS, UNLISTED, Effect

APPROVED = ("approved", "restricted")
MOVES_MAX = 4  # in one remedy: nobody does more
SETS_MAX = 64  # tried for one decision; what is found until then is still the cheapest
ENOUGH = 3  # remedies, with one for each outcome among them


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

    @property
    def who(self) -> tuple[str, ...]:
        """Everybody who has something to do."""
        return tuple(dict.fromkeys(person for move in self.moves for person in move.who))


@dataclass(frozen=True, slots=True)
class Perhaps:
    """A tool that may do better than every remedy once more is known: at best, and usually."""

    tool: str
    best: Effect
    usually: str


def about_tools(statements: Sequence[Statement]) -> list[Statement]:
    """What was said of the data, the purpose and the people, without the tool."""
    return [s for s in statements if not is_about_tool(s.fact)]


def is_about_tool(fact: str) -> bool:
    """Whether a fact is one of the tool or model, and open again with another one."""
    return fact.startswith(("tool.", "model."))


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
) -> tuple[tuple[Remedy, ...], tuple[Perhaps, ...]]:
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
    _perhaps: list[Perhaps] = field(default_factory=list)
    _known_breakers: dict[str, list[int]] = field(default_factory=dict)

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
                title=switch.title.format(tool=values[tool].title),
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
            facts = {said.fact for said in move.sets}
            if "tool.id" in facts:  # with the tool, all that was said of it
                facts |= {fact for fact in space.of_fact if is_about_tool(fact)}
            reached = {v for fact in facts for v in space.of_fact[fact]}
            waiting = list(reached)
            while waiting:
                for number in space.touching[waiting.pop()]:
                    new = space.ties[number].touches - reached
                    reached |= new
                    waiting += new
            found[move.id] = frozenset(reached)
        return found

    def run(self) -> Iterator[Remedy]:
        """Remedies, the cheapest first, until there is one for each outcome and enough in all."""
        missing = {effect for effect in EFFECTS if effect < self.ruling.best}
        found: list[Remedy] = []
        heap: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
        seen: set[tuple[int, ...]] = {()}
        tried = 0
        while heap and tried < SETS_MAX:
            cost, _, chosen = heapq.heappop(heap)
            if not missing and len(found) >= ENOUGH and cost > found[-1].cost:
                return
            moves = tuple(self.moves[number] for number in chosen)
            tried += 1
            result = self._try(moves)
            if result is None:
                continue
            reached, blocker = result
            remedy = Remedy(reached, moves)
            if self._is_better(remedy, found):
                found.append(remedy)
                missing = {effect for effect in missing if effect < reached}
                yield remedy
            if blocker is None or reached == Effect.allow or len(chosen) == MOVES_MAX:
                continue
            following = list(self._next(chosen, blocker))
            if not chosen and blocker not in self.ruling.certain:
                # It need not hold: what keeps the best outcome away may be in the tool alone.
                following += [n for n, m in enumerate(self.moves) if m.sets[0].fact == "tool.id"]
            for number in following:
                grown = tuple(sorted((*chosen, number)))
                if grown not in seen:
                    seen.add(grown)
                    effort = sum(self.moves[n].cost for n in grown)
                    heapq.heappush(heap, (effort, len(grown), grown))

    def _is_better(self, remedy: Remedy, found: Sequence[Remedy]) -> bool:
        is_better = remedy.target < self.ruling.best
        return is_better and remedy in for_target([*found, remedy], remedy.target)

    def _next(self, chosen: tuple[int, ...], blocker: Contribution) -> Iterator[int]:
        """The moves of which one at least must be among those that still help."""
        taken = {said.fact for number in chosen for said in self.moves[number].sets}
        facts = self.engine.vocabulary.facts
        for number in self._breakers(blocker):
            again = {s.fact for s in self.moves[number].sets if facts[s.fact].type != "set"}
            if number not in chosen and not again & taken:
                yield number

    def _breakers(self, blocker: Contribution) -> list[int]:
        """The moves that change something on which it depends."""
        found = self._known_breakers.get(blocker.id)
        if found is None:
            depends_on = variables(blocker.condition)
            found = [n for n, move in enumerate(self.moves) if depends_on & self.reach[move.id]]
            self._known_breakers[blocker.id] = found
        return found

    def _rank(self, blocker: Contribution) -> int:
        return len(self._breakers(blocker))

    # -- trying ------------------------------------------------------------------------

    def _try(self, moves: Sequence[Move]) -> tuple[Effect, Contribution | None] | None:
        """How strict the decision can be after the moves, and what makes it so; None where
        they cannot be made."""
        if not moves:
            return self.ruling.best, self._first_blocker
        after = self._after(moves)
        known = self.engine.knower.know([s for s in after if s.provenance != "assumed"])
        if not self._have_held(moves, known):
            return None
        outline = self.engine.outline(known, self.day)
        if outline.floor >= self.ruling.best:
            outline = replace(outline, open=())
        reached, blocker = self.engine.strictest(outline, self._rank)
        is_other_tool = len(moves) == 1 and moves[0].sets[0].fact == "tool.id"
        if reached < self.ruling.best or is_other_tool:
            ruling = self.engine.rule(after, self.day)  # to be sure, by the whole engine
            if is_other_tool and not ruling.is_final and ruling.best < self.ruling.best:
                usually = self._usually(after, ruling)
                self._perhaps.append(Perhaps(moves[0].id, ruling.best, usually))
            if ruling.worst > reached:
                return ruling.worst, self._that_makes(ruling)
        return reached, blocker

    @cached_property
    def _first_blocker(self) -> Contribution | None:
        return self._that_makes(self.ruling)

    def _that_makes(self, ruling: Ruling) -> Contribution | None:
        certain = [c for c in ruling.certain if c.effect == ruling.worst]
        if certain:
            return min(certain, key=self._rank)
        may = sorted((c for c in ruling.open if c.effect == ruling.worst), key=self._rank)
        reasoner = self.engine.reasoner(ruling)  # what cannot hold is in nobody's way
        return next((c for c in may if reasoner.can_hold(c.condition)), None)

    def _usually(self, after: Sequence[Statement], ruling: Ruling) -> str:
        """The decision if everything open were as it ordinarily is."""
        concerned = {
            self.engine.space.variables[v].fact for v in self.engine.reasoner(ruling).variables
        }
        facts = self.engine.vocabulary.facts.values()
        ordinary = [
            replace(statement(self.engine.vocabulary, fact.id, fact.ordinary), is_default=True)
            for fact in facts
            if fact.id in concerned and fact.ordinary
        ]
        return self.engine.rule([*after, *ordinary], self.day).word

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

    def _have_held(self, moves: Sequence[Move], known: Knowledge) -> bool:
        """Whether what the moves set is so, and nothing else had to give way to it."""
        space = self.engine.space
        sets = [part for move in moves for part in move.sets]
        if any(
            known.masks[variable] & ~mask
            for part in sets
            for variable, mask in space.narrowings(part)
        ):
            return False
        gone = self._gone_with(sets)
        before = set(map(_key, self.ruling.knowledge.contradictions))
        if any(
            _key(clash) not in before and clash.fact not in gone for clash in known.contradictions
        ):
            return False
        return all(self._is_offered(part, known) for part in sets)

    def _gone_with(self, sets: Sequence[Statement]) -> set[str]:
        """What was said to be in the data and goes with what is left out: an overlay with the
        categories that define it, a category with the overlay that it defines."""
        space = self.engine.space
        left_out = {space.members[part.fact, member] for part in sets for member in part.absent}
        return {
            f"{space.variables[v].fact}:{space.variables[v].member}"
            for definition in space.definitions
            if not definition.touches.isdisjoint(left_out)
            for v in definition.touches
            if space.variables[v].member
        }

    def _is_offered(self, part: Statement, known: Knowledge) -> bool:
        """Whether a setting is known to be there to be set: nobody is told to switch off
        what the tool may not have."""
        if not part.fact.startswith("tool.") or part.fact == "tool.id":
            return True
        tools = [v.id for v in self.engine.knower.possible(known, "tool.id")]
        if len(tools) == len(self.engine.vocabulary.facts["tool.id"].values):
            return True  # nothing is known of the tool
        listed = self.engine.catalogue.tools
        return all(
            tool != UNLISTED and any(f.said.fact == part.fact for f in listed[tool].facts)
            for tool in tools
        )

    def could_help(self, found: Sequence[Remedy]) -> Iterator[Perhaps]:
        """The tools that may do better than all remedies once more is known."""
        best = min((remedy.target for remedy in found), default=self.ruling.best)
        yield from (perhaps for perhaps in self._perhaps if perhaps.best < best)


def _key(clash: Contradiction) -> tuple[str, str]:
    return clash.fact, str(clash.stated)
