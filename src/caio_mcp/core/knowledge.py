"""What is known: everything said, put together, the stronger source holding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .conditions import judge, variables
from .facts import Statement, statement
from .space import Conflict, Space
from .vocabulary import IN, UNLISTED, Fact, Provenance, Value
from .wording import Plain

# What outweighs what when two sources clash: earlier ones hold, later ones are reported.
_STRENGTH: tuple[Provenance, ...] = (
    "approver",
    "catalogue",
    "profile",
    "scanned",
    "derived",
    "stated",
)

# What a person chooses in a tool. The catalogue says what can be chosen.
SETTINGS = ("tool.account", "tool.web_search", "tool.offline")

TOOLS_KEPT = 500  # tools, or sets of them, whose facts are remembered

IsPossible = Callable[[Sequence[int]], bool]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sources that cannot both be right, and which one was taken."""

    fact: str
    stated: Plain
    against: str
    taken: Plain


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is left possible after everything that was said, and where it came from."""

    masks: tuple[int, ...]
    sources: Mapping[str, tuple[Statement, ...]]
    contradictions: tuple[Contradiction, ...]
    unsure: tuple[str, ...] = ()


class Knower:
    """Puts statements together over one space, beside an organisation's standing facts."""

    def __init__(self, space: Space, profile: Sequence[Statement]) -> None:
        self.space = space
        self.vocabulary = space.vocabulary
        self.profile = profile
        self._rank = {name: rank for rank, name in enumerate(self.vocabulary.facts)}
        self._start = list(space.full)
        space.propagate(self._start)
        self._tool = space.of_fact["tool.id"][0]
        self._with_tools: dict[int, list[int] | None] = {}
        self._linked = [frozenset(definition.touches) for definition in space.definitions]
        self._deriving = [
            (space.of_fact[fact.id][0], derives)
            for fact in self.vocabulary.facts.values()
            if (derives := self._derives(fact))
        ]

    def _derives(self, fact: Fact) -> dict[int, list[Statement]]:
        """What follows by default from each value of a choice, by the mask of the value."""
        return {
            1 << number: [statement(self.vocabulary, *pair) for pair in value.derives.items()]
            for number, value in enumerate(fact.values.values())
            if value.derives
        }

    def know(
        self, statements: Iterable[Statement], is_possible: IsPossible | None = None
    ) -> Knowledge:
        """Everything said, put together: the stronger source holds, clashes are reported.

        Profile facts of the policy set are added. What was `assumed` is left out here.
        `is_possible` sees clashes that following single facts does not.
        """
        said: list[Statement] = []
        firm: list[Statement] = []
        defaults: list[Statement] = []
        for part in (*self.profile, *statements):
            if part.provenance == "assumed" or part.says_nothing:
                continue
            said.append(part)
            if part.is_default:
                defaults.append(part)
            elif not part.is_unsure:
                firm.append(part)
        unsure: tuple[str, ...] = ()
        if len(firm) + len(defaults) < len(said):
            unsure_facts = {s.fact for s in said if s.is_unsure}
            unsure = tuple(sorted(unsure_facts, key=self._rank.__getitem__))
        masks, clashes = self._put_together(firm, is_possible)
        sources = _by_fact(said)
        found: tuple[Contradiction, ...] = ()
        if clashes:
            found = self._contradictions(clashes, masks, sources)
            settings = [part for part, _ in clashes if part.fact in SETTINGS]
            if settings:  # set up as no tool of that name is: another may be meant
                firm = [_or_unlisted(part) for part in firm if part not in settings]
                masks, _ = self._put_together(firm, is_possible)
                unsure = ("tool.id", *(name for name in unsure if name != "tool.id"))
        masks = self._add_defaults(masks, defaults, unsure, is_possible)
        return Knowledge(tuple(masks), sources, found, unsure)

    def _put_together(
        self, firm: Sequence[Statement], is_possible: IsPossible | None
    ) -> tuple[list[int], list[tuple[Statement, int]]]:
        """What is left after all statements, and those that clash with a stronger one."""
        whole = self._at_once(firm)
        if whole is not None and (is_possible is None or is_possible(whole)):
            return whole, []
        pairs = [
            (said, index, mask) for said in firm for index, mask in self.space.narrowings(said)
        ]
        masks, clashes = list(self._start), []
        for said, index, mask in sorted(pairs, key=lambda pair: self._strength(*pair)):
            trial = self._narrowed(masks, [(index, mask)], is_possible)
            if trial is not None:
                masks = trial
            elif not self._is_rest(said, index):
                clashes.append((said, index))
        return masks, clashes

    def _at_once(self, firm: Sequence[Statement]) -> list[int] | None:
        """What is left after all statements; None where two of them clash."""
        narrowings = self.space.narrowings
        start = self.with_tool(
            [pair for said in firm if said.fact == "tool.id" for pair in narrowings(said)]
        )
        if start is None:
            return None
        masks, changed = start.copy(), []
        for said in firm:
            for index, mask in narrowings(said):
                known = masks[index]
                if known & ~mask:
                    masks[index] = known & mask
                    if not known & mask:
                        return None
                    changed.append(index)
        try:
            self.space.propagate(masks, changed)
        except Conflict:
            return None
        return masks

    def with_tool(self, pairs: Iterable[tuple[int, int]]) -> list[int] | None:
        """What follows from the tool alone, worked out once for each."""
        tool, mask = self._tool, self.space.full[self._tool]
        for _, left in pairs:
            mask &= left
        if mask not in self._with_tools:
            if len(self._with_tools) >= TOOLS_KEPT:
                self._with_tools.clear()
            self._with_tools[mask] = self._narrowed(self._start, [(tool, mask)]) if mask else None
        return self._with_tools[mask]

    def _strength(self, said: Statement, index: int, mask: int) -> tuple[int, int, int]:
        """The tool first, so that its facts are never those of another one; then the stronger
        source. In one source what is there outweighs its level, and "nothing else" is last."""
        if said.fact in ("tool.id", "model.id"):
            return -1, 0, self._rank[said.fact]
        is_member = bool(self.space.variables[index].member)
        weight = 1 if not is_member else 0 if mask == IN else 2 + self._is_rest(said, index)
        return _STRENGTH.index(said.provenance), weight, self._rank[said.fact]

    def _is_rest(self, said: Statement, index: int) -> bool:
        """Whether the member is only meant by "nothing else"."""
        member = self.space.variables[index].member
        return said.is_complete and member not in said.present | said.absent

    def _add_defaults(
        self,
        masks: list[int],
        defaults: Sequence[Statement],
        unsure: Sequence[str],
        is_possible: IsPossible | None,
    ) -> list[int]:
        """What holds unless something else was said: kinds first, then the task.

        Of a list, the members stay open of which something else was said, or by which an
        overlay that is there may be explained.
        """
        parts = [p for p in (*defaults, *self._derived(masks)) if p.fact not in unsure]
        if not any(self._news(part, masks) for part in parts):
            return masks
        if not self._held_open(masks, unsure):
            pairs = [pair for part in parts for pair in self._news(part, masks)]
            whole = self._narrowed(masks, pairs, is_possible)
            if whole is not None:
                return whole
        for part in parts:
            pairs = self._news(part, masks)
            if pairs:
                held_open = self._held_open(masks, unsure)
                pairs = [(index, mask) for index, mask in pairs if index not in held_open]
                masks = self._narrowed(masks, pairs, is_possible) or masks
        return masks

    def _news(self, part: Statement, masks: Sequence[int]) -> list[tuple[int, int]]:
        """What a default says beyond what is known, and not against it."""
        return [
            (index, mask)
            for index, mask in self.space.narrowings(part)
            if masks[index] & mask and masks[index] & ~mask
        ]

    def _held_open(self, masks: Sequence[int], unsure: Sequence[str]) -> set[int]:
        return self._spoken_of(masks) | self._about(unsure)

    def _about(self, facts: Sequence[str]) -> set[int]:
        """The variables of some facts, of what defines them, and of what they define."""
        found = {index for fact in facts for index in self.space.of_fact[fact]}
        for linked in self._linked if found else ():
            if not linked.isdisjoint(found):
                found |= linked
        return found

    def _spoken_of(self, masks: Sequence[int]) -> set[int]:
        """The variables that still have to explain a member that is there."""
        return {
            variable
            for definition in self.space.definitions
            if masks[definition.member] == IN and judge(definition.condition, masks) is None
            for variable in variables(definition.condition)
        }

    def _derived(self, masks: Sequence[int]) -> list[Statement]:
        return [part for index, of in self._deriving for part in of.get(masks[index], ())]

    def _narrowed(
        self,
        masks: Sequence[int],
        pairs: Iterable[tuple[int, int]],
        is_possible: IsPossible | None = None,
    ) -> list[int] | None:
        trial = list(masks)
        changed = []
        for index, mask in pairs:
            left = trial[index] & mask
            if not left:
                return None
            if left != trial[index]:
                trial[index] = left
                changed.append(index)
        try:
            self.space.propagate(trial, changed)
        except Conflict:
            return None
        return trial if is_possible is None or is_possible(trial) else None

    def _contradictions(
        self,
        clashes: Iterable[tuple[Statement, int]],
        masks: Sequence[int],
        sources: Mapping[str, Sequence[Statement]],
    ) -> tuple[Contradiction, ...]:
        found: dict[tuple[str, str], Contradiction] = {}
        for said, index in clashes:
            variable = self.space.variables[index]
            rivals = [s.provenance for s in sources[said.fact] if s != said]
            against = (
                min(rivals, key=_STRENGTH.index)
                if rivals
                else ("catalogue" if said.fact.startswith("tool.") else "derived")
            )
            left = [v for i, v in enumerate(variable.values) if masks[index] >> i & 1]
            taken: Plain = left[0] if len(left) == 1 else left
            stated: Plain = (
                sorted(said.values)
                if said.values
                else ("in" if variable.member in said.present else "out")
            )
            if isinstance(stated, list) and len(stated) == 1:
                stated = stated[0]
            name = f"{said.fact}:{variable.member}" if variable.member else said.fact
            found.setdefault((name, said.provenance), Contradiction(name, stated, against, taken))
        return tuple(found.values())

    def possible(self, known: Knowledge, fact: str) -> list[Value]:
        """The values of a choice or level that are still possible."""
        index = self.space.of_fact[fact][0]
        values = self.vocabulary.facts[fact].values
        return [
            values[name]
            for i, name in enumerate(self.space.variables[index].values)
            if known.masks[index] >> i & 1
        ]


def _by_fact(said: Iterable[Statement]) -> dict[str, tuple[Statement, ...]]:
    found: dict[str, list[Statement]] = {}
    for part in said:
        found.setdefault(part.fact, []).append(part)
    return {fact: tuple(parts) for fact, parts in found.items()}


def _or_unlisted(said: Statement) -> Statement:
    if said.fact != "tool.id" or said.values is None:
        return said
    return replace(said, values=said.values | {UNLISTED})
