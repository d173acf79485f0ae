"""The smallest changes that help: which moves lead to a better decision, the cheapest first.

Implicit hitting sets: as long as something blocks a better decision, any set of moves that
helps must change a fact on which the blocker depends. So sets grow only by such moves, the
cheapest set first, and each is decided anew by the same engine before it is offered.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from .conditions import variables
from .contributions import Contribution
from .decide import Engine, Ruling
from .facts import Statement
from .knowledge import Contradiction, Knowledge
from .policy import Move
from .questions import usual
from .vocabulary import EFFECTS, UNLISTED, Effect

APPROVED = ("approved", "restricted")
MOVES_MAX = 4  # in one remedy: nobody does more
SETS_MAX = 48  # tried for one decision; what is found until then is still the cheapest
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
    """A tool in which the decision may be better once more is known: at best, and usually."""

    tool: str
    best: Effect
    usually: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for remedies found, and whether it tried everything that could help."""

    remedies: tuple[Remedy, ...] = ()
    could_help: tuple[Perhaps, ...] = ()
    is_complete: bool = True


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
) -> Found:
    """The ways to something better, for a ruling that is final and not permitted."""
    if not ruling.is_final or ruling.best < Effect.review:
        return Found()
    search = _Search(engine, statements, ruling, day)
    found = tuple(search.run())
    return Found(found, tuple(search.perhaps), search.is_complete)


def for_target(found: Sequence[Remedy], target: Effect) -> list[Remedy]:
    """The remedies that reach a target, cheapest first, each with no part that does too."""
    reaching = [(r, {move.id for move in r.moves}) for r in found if r.target <= target]
    return [r for r, ids in reaching if not any(fewer < ids for _, fewer in reaching)]


@dataclass
class _Search:
    """One search, from one ruling."""

    engine: Engine
    statements: Sequence[Statement]
    ruling: Ruling
    day: datetime.date
    is_complete: bool = False  # whether every set was tried that could help
    perhaps: list[Perhaps] = field(default_factory=list)
    _known_states: dict[tuple[int, ...], list[frozenset[str]]] = field(default_factory=dict)
    _known_breakers: dict[tuple[str, int | None], list[int]] = field(default_factory=dict)
    _reaches: dict[tuple[int, int | None], frozenset[int]] = field(default_factory=dict)
    _held: dict[int | None, frozenset[int]] = field(default_factory=dict)

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

    def _reach(self, number: int, tool: int | None) -> frozenset[int]:
        """The variables on which a move can have an effect, through ties too, but not through
        what the tool or something else that was said holds fast. `tool` is the number of the
        move to another tool, if there is one."""
        if (number, tool) not in self._reaches:
            move, space = self.moves[number], self.engine.space
            reached = {v for said in move.sets for v, _ in space.narrowings(said)}
            if _is_switch(move):  # its settings go with a tool
                names = filter(is_about_tool, space.of_fact)
                reached |= {v for name in names for v in space.of_fact[name]}
                held_fast = self._held_fast(None)
            else:
                held_fast = self._held_fast(tool)
            waiting = list(reached)
            while waiting:
                for tie in space.touching[waiting.pop()]:
                    new = space.touched[tie] - reached - held_fast
                    reached |= new
                    waiting += new
            self._reaches[number, tool] = frozenset(reached)
        return self._reaches[number, tool]

    def _held_fast(self, tool: int | None) -> frozenset[int]:
        """What stays as it is whichever settings are changed."""
        if tool not in self._held:
            space = self.engine.space
            found = set(self._said_firmly)
            said = self.statements if tool is None else self.moves[tool].sets
            pairs = [p for s in said if s.fact == "tool.id" for p in space.narrowings(s)]
            masks = self.engine.knower.with_tool(pairs) or ()
            found |= {v for v, mask in enumerate(masks) if not mask & (mask - 1)}
            self._held[tool] = frozenset(found)
        return self._held[tool]

    @cached_property
    def _said_firmly(self) -> frozenset[int]:
        space, found = self.engine.space, set()
        for said in self.statements:
            is_firm = not (said.is_default or said.is_unsure or said.provenance == "assumed")
            is_one = said.values is not None  # of a list, what defines one another goes together
            if is_firm and is_one and not said.fact.startswith("tool."):
                found |= {v for v, mask in space.narrowings(said) if not mask & (mask - 1)}
        return frozenset(found)

    @cached_property
    def _switches(self) -> list[int]:
        return [number for number, move in enumerate(self.moves) if _is_switch(move)]

    def _tool_of(self, chosen: Iterable[int]) -> int | None:
        """The number of the move to another tool among those chosen."""
        return next((number for number in chosen if _is_switch(self.moves[number])), None)

    def run(self) -> Iterator[Remedy]:
        """Remedies, the cheapest first, until there is one for each outcome and enough in all."""
        self._known_states[self.ruling.knowledge.masks] = [frozenset()]
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
            result = self._try(moves, self._tool_of(chosen))
            if result is None:
                self._push(heap, seen, chosen, self._enablers(chosen))
                continue
            reached, blocker = result
            remedy = Remedy(reached, moves)
            if self._is_better(remedy, found):
                found.append(remedy)
                missing = {effect for effect in missing if effect < reached}
                yield remedy
            if blocker is None or reached == Effect.allow:
                continue
            following = self._breakers(blocker, self._tool_of(chosen))
            if not chosen and blocker not in self.ruling.certain:
                # It need not hold: what keeps the best outcome away may be in the tool alone.
                following = [*following, *self._switches]
            self._push(heap, seen, chosen, following)
        self.is_complete = not heap

    def _push(
        self,
        heap: list[tuple[int, int, tuple[int, ...]]],
        seen: set[tuple[int, ...]],
        chosen: tuple[int, ...],
        more: Iterable[int],
    ) -> None:
        """Put the sets with one more move in line, each once."""
        facts = self.engine.vocabulary.facts
        taken = {said.fact for number in chosen for said in self.moves[number].sets}
        for number in more if len(chosen) < MOVES_MAX else ():
            again = {s.fact for s in self.moves[number].sets if facts[s.fact].type != "set"}
            grown = tuple(sorted((*chosen, number)))
            if number not in chosen and not again & taken and grown not in seen:
                seen.add(grown)
                effort = sum(self.moves[n].cost for n in grown)
                heapq.heappush(heap, (effort, len(grown), grown))

    def _is_better(self, remedy: Remedy, found: Sequence[Remedy]) -> bool:
        is_better = remedy.target < self.ruling.best
        return is_better and remedy in for_target([*found, remedy], remedy.target)

    def _enablers(self, chosen: tuple[int, ...]) -> list[int]:
        """The moves on which it may depend whether the chosen ones can be made: another tool
        for a setting, less data for a lower level."""
        sets = [said.fact for number in chosen for said in self.moves[number].sets]
        is_tool = any(fact.startswith("tool.") for fact in sets)
        is_data = any(fact.startswith("data.") for fact in sets)
        return [
            number
            for number, move in enumerate(self.moves)
            if (is_tool and _is_switch(move))
            or (is_data and any(said.fact.startswith("data.") for said in move.sets))
        ]

    def _breakers(self, blocker: Contribution, tool: int | None) -> list[int]:
        """The moves that change something on which it depends."""
        found = self._known_breakers.get((blocker.id, tool))
        if found is None:
            depends_on = variables(blocker.condition)
            found = [n for n in range(len(self.moves)) if depends_on & self._reach(n, tool)]
            self._known_breakers[blocker.id, tool] = found
        return found

    def _rank(self, tool: int | None) -> Callable[[Contribution], int]:
        """What has the fewest moves against it comes first."""
        return lambda blocker: len(self._breakers(blocker, tool))

    # -- trying ------------------------------------------------------------------------

    def _try(
        self, moves: Sequence[Move], tool: int | None
    ) -> tuple[Effect, Contribution | None] | None:
        """How strict the decision can be after the moves, and what makes it so; None where
        they cannot be made."""
        if not moves:
            return self.ruling.best, self._first_blocker
        after = self._after(moves)
        settings = [s for m in moves for s in m.sets if s.fact.startswith("tool.")]
        settings = [part for part in settings if part.fact != "tool.id"]
        if settings and not self._can_be_set(settings, after):
            return None
        known = self.engine.knower.know([s for s in after if s.provenance != "assumed"])
        if not (self._have_held(moves, known) and self._are_there(settings, known)):
            return None
        names = frozenset(move.id for move in moves)
        alike = self._known_states.setdefault(known.masks, [])
        if any(fewer < names for fewer in alike):  # one of the moves changes nothing
            return self.ruling.best, None
        alike.append(names)
        outline = self.engine.outline(known, self.day)
        if outline.floor >= self.ruling.best:
            outline = replace(outline, open=())
        reached, blocker = self.engine.strictest(outline, self._rank(tool))
        is_alone = len(moves) == 1 and tool is not None
        is_other_tool = is_alone and outline.floor < self.ruling.best
        if reached < self.ruling.best or is_other_tool:
            ruling = self.engine.rule(after, self.day)  # to be sure, by the whole engine
            if is_other_tool and not ruling.is_final and ruling.best < self.ruling.best:
                usually = usual(self.engine, after, ruling, self.day)
                self.perhaps.append(Perhaps(moves[0].id, ruling.best, usually))
            if ruling.worst > reached:
                return ruling.worst, self._that_makes(ruling, tool)
        return reached, blocker

    @cached_property
    def _first_blocker(self) -> Contribution | None:
        return self._that_makes(self.ruling, None)

    def _that_makes(self, ruling: Ruling, tool: int | None) -> Contribution | None:
        certain = [c for c in ruling.certain if c.effect == ruling.worst]
        if certain:
            return min(certain, key=self._rank(tool))
        may = [c for c in ruling.open if c.effect == ruling.worst]
        reasoner = self.engine.reasoner(ruling)  # what cannot hold is in nobody's way
        return next(
            (c for c in sorted(may, key=self._rank(tool)) if reasoner.can_hold(c.condition)), None
        )

    def _after(self, moves: Sequence[Move]) -> list[Statement]:
        """What is said of the use once the moves were made."""
        said = list(self.statements)
        if any(map(_is_switch, moves)):
            said = about_tools(said)
        for part in (part for move in moves for part in move.sets):
            others = [s for s in said if s.fact != part.fact]
            if self.engine.vocabulary.facts[part.fact].type == "set":
                others += [
                    replace(s, present=s.present - part.absent) if s.present & part.absent else s
                    for s in said
                    if s.fact == part.fact
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
        return all(_key(clash) in before or clash.fact in gone for clash in known.contradictions)

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

    def _can_be_set(self, settings: Sequence[Statement], after: Sequence[Statement]) -> bool:
        """Whether the tool alone leaves what the moves set in it; a quick look."""
        space = self.engine.space
        said = [pair for s in after if s.fact == "tool.id" for pair in space.narrowings(s)]
        masks = self.engine.knower.with_tool(said)
        return masks is not None and all(
            masks[variable] & mask for part in settings for variable, mask in space.narrowings(part)
        )

    def _are_there(self, settings: Sequence[Statement], known: Knowledge) -> bool:
        """Whether the tool is known to have what the moves set in it: nobody is told to switch
        off what there may not be."""
        tools = [value.id for value in self.engine.knower.possible(known, "tool.id")]
        if len(tools) == len(self.engine.vocabulary.facts["tool.id"].values):
            return True  # nothing is known of the tool
        listed = self.engine.catalogue.tools
        return all(
            tool != UNLISTED and any(f.said.fact == part.fact for f in listed[tool].facts)
            for tool in tools
            for part in settings
        )


def _is_switch(move: Move) -> bool:
    return any(said.fact == "tool.id" for said in move.sets)


def _key(clash: Contradiction) -> tuple[str, str]:
    return clash.fact, str(clash.stated)
