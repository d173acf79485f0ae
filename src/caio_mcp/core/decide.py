"""Facts in, a decision out: pure, deterministic, exact over everything that is not known."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from .catalogue import Catalogue
from .conditions import Condition, any_of, judge, negate, variables
from .contributions import Contribution, Contributions
from .exceptions import PolicyException
from .facts import Statement, statement
from .knowledge import Knower, Knowledge
from .policy import Obligation, PolicySet
from .space import Space
from .vocabulary import NEED_MORE, Effect, Vocabulary

if TYPE_CHECKING:
    from .reason import Reasoner

CONFLICTS_MAX = 20_000  # of the solver, before a question to it is given up
EXCEPTING_KEPT = 50  # engines with exceptions that are remembered
PAIRED_MAX = 6  # assumptions that are also tried two by two


@dataclass(slots=True)
class Ruling:
    """The outcome in the engine's own terms; `explain` and `Decision` give it words.

    `certain` certainly applies, `open` may apply by itself; `floor` is the strictest certain
    effect. `assumed` names what is certain only if what was assumed is true; such a ruling
    rests on `base`, made from what was said.
    """

    reachable: frozenset[Effect]
    knowledge: Knowledge
    unsure: frozenset[int]
    floor: Effect
    certain: tuple[Contribution, ...]
    open: tuple[Contribution, ...]
    assumed: frozenset[str] = frozenset()
    base: Ruling | None = None
    _reasoner: Reasoner | None = field(default=None, compare=False, repr=False)

    @property
    def best(self) -> Effect:
        """The most permissive decision still possible."""
        return min(self.reachable)

    @property
    def worst(self) -> Effect:
        """The most restrictive decision still possible."""
        return max(self.reachable)

    @property
    def is_final(self) -> bool:
        """Whether every possible completion gets the same decision."""
        return len(self.reachable) == 1

    @property
    def word(self) -> str:
        """The decision as one word."""
        return self.best.name if self.is_final else NEED_MORE


class Engine:
    """One vocabulary, policy set and catalogue, ready to decide."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        policy: PolicySet,
        catalogue: Catalogue,
        *,
        approvals_are_stated: bool = False,
    ) -> None:
        self.vocabulary = vocabulary
        self.policy = policy
        self.catalogue = catalogue
        self.approvals_are_stated = approvals_are_stated  # a fact like others, not the policy's
        self.space = Space(vocabulary, policy.thresholds)
        self.conflicts_max = CONFLICTS_MAX
        self.given_up = 0  # questions to the solver that were given up so far
        self.contributions = Contributions(self.space, policy)
        self.obligations = policy.obligations
        self._excepting: dict[tuple[PolicyException, ...], Engine] = {}
        self._tie_vocabulary()
        self._tie_tools()
        self._tie_models()
        self._define_members()
        self.knower = Knower(self.space, (*policy.profile, *policy.presumed))

    def of(self, policy: PolicySet) -> Engine:
        """This engine with other tables and rules, of the same levels, groups, overlays and
        approvals."""
        other = copy(self)
        other.policy = policy
        other.contributions = Contributions(self.space, policy)
        other.obligations = policy.obligations
        other.given_up = 0
        other._excepting = {}
        return other

    # -- exceptions --------------------------------------------------------------------

    def excepting(self, exceptions: tuple[PolicyException, ...]) -> Engine:
        """This engine with some exceptions granted, made once."""
        if not exceptions:
            return self
        found = self._excepting.get(exceptions)
        if found is None:
            if len(self._excepting) >= EXCEPTING_KEPT:
                self._excepting.clear()
            found = self._excepting[exceptions] = copy(self)
            found.contributions = self.contributions.excepting(exceptions)
            found.obligations = {**_agreed(exceptions), **self.obligations}
            found.given_up = 0
            found._excepting = {}
        return found

    def that_matter(
        self,
        exceptions: Iterable[PolicyException],
        statements: Sequence[Statement],
        day: datetime.date,
    ) -> tuple[PolicyException, ...]:
        """The exceptions that are not over, from what the policy leaves room for, and that may
        act on a use of which this was said."""
        granted = [
            (exception, item)
            for exception in dict.fromkeys(exceptions)
            if day <= exception.expires and (item := self.contributions.granted(exception))
        ]
        if not granted:
            return ()
        masks = self.knower.know(statements).masks
        found = [e for e, item in granted if judge(item.condition, masks) is not False]
        return tuple(sorted(found, key=lambda exception: exception.id))

    # -- what ties facts together ------------------------------------------------------

    def _tie_vocabulary(self) -> None:
        for fact in self.vocabulary.facts.values():
            for value in fact.values.values():
                said = [
                    statement(self.vocabulary, name, value_said)
                    for name, value_said in value.implies.items()
                ]
                self._tie(fact.id, value.id, said)

    def _tie(self, fact: str, value: str, said: Iterable[Statement]) -> None:
        effects = [pair for part in said for pair in self.space.narrowings(part)]
        if not effects:
            return
        if (fact, value) in self.space.members:
            self.space.tie(self.space.members[fact, value], {"in": effects})
        else:
            self.space.tie(self.space.of_fact[fact][0], {value: effects})

    def _tie_tools(self) -> None:
        approvals = {a.id: a for a in self.policy.approvals if not a.on}
        top = self.policy.levels[-1].id
        effects: dict[str, list[tuple[int, int]]] = {}
        for tool_id in self.vocabulary.facts["tool.id"].values:
            approval = approvals.get(tool_id)
            said = [
                Statement(
                    "tool.approval", values=frozenset([approval.status if approval else "none"])
                ),
                Statement(
                    "tool.cleared_level",
                    values=frozenset([approval.cleared_level or top if approval else top]),
                ),
            ]
            if self.approvals_are_stated:
                said.clear()
            if tool_id in self.catalogue.tools:
                said += [fact.said for fact in self.catalogue.tools[tool_id].facts]
            if approval:
                said += approval.facts
            effects[tool_id] = [pair for part in said for pair in self.space.narrowings(part)]
        self.space.tie(self.space.of_fact["tool.id"][0], effects)

    def _tie_models(self) -> None:
        """The approval of a model holds on one tool; anywhere else it is not approved."""
        if self.approvals_are_stated:
            return
        by_status: dict[str, list[Condition]] = {}
        for entry in self.policy.approvals:
            if entry.on:
                by_status.setdefault(entry.status, []).append(self.contributions.where(entry))
        for status, called in by_status.items():
            self.space.require(any_of(called), "model.approval", [status])
        listed = any_of(condition for called in by_status.values() for condition in called)
        self.space.require(negate(listed, self.space.full), "model.approval", ["none"])

    def _define_members(self) -> None:
        for name, when in self.policy.tool_groups.items():
            self.space.define("tool.group", name, self.space.bind(when))
        for overlay in self.policy.overlays:
            if overlay.when is not None:
                self.space.define("data.overlays", overlay.id, self.space.bind(overlay.when))
            if overlay.lowest_level:
                levels = [level.id for level in self.policy.levels]
                enough = levels[levels.index(overlay.lowest_level) :]
                self._tie(
                    "data.overlays", overlay.id, [Statement("data.level", values=frozenset(enough))]
                )

    # -- deciding ------------------------------------------------------------------------

    def rule(self, statements: Sequence[Statement], day: datetime.date) -> Ruling:
        """The ruling on what was said; what was assumed can only make it stricter."""
        firm = [s for s in statements if s.provenance != "assumed"]
        ruling = self._rule(firm, day)
        if len(firm) == len(statements):
            return ruling
        assumed = [s.from_("stated") for s in statements if s.provenance == "assumed"]
        narrowed = ruling
        for group in _groups(assumed):  # one assumption does not take back another
            known = self.knower.know([*firm, *group])
            if known.contradictions != ruling.knowledge.contradictions:
                continue  # what clashes with what was said is no evidence
            other = self._rule([*firm, *group], day)
            narrowed = max(narrowed, other, key=lambda r: (r.best, r.worst))
        if narrowed is ruling:
            return ruling
        reachable = frozenset(
            [e for e in ruling.reachable if e >= narrowed.best]
            + [e for e in narrowed.reachable if e > ruling.worst]
        )
        if reachable == ruling.reachable:
            return ruling
        # Duties of both stay. Questions come from what was said, unless that left none.
        base = ruling if narrowed.reachable <= ruling.reachable else narrowed
        certain = {c.id: c for c in (*ruling.certain, *narrowed.certain)}
        open_ = {c.id: c for c in (*ruling.open, *narrowed.open) if c.id not in certain}
        said = {c.id for c in ruling.certain}
        return Ruling(
            reachable,
            base.knowledge,
            base.unsure,
            base.floor,
            tuple(certain.values()),
            tuple(open_.values()),
            frozenset(certain.keys() - said),
            base,
        )

    def _rule(self, statements: Sequence[Statement], day: datetime.date) -> Ruling:
        ruling = self._judge(self.knower.know(statements), day)
        if not ruling.reachable:  # a clash that only the whole shows
            ruling = self._judge(self.knower.know(statements, self.is_possible), day)
        if not ruling.reachable:
            raise AssertionError("statements taken one by one are possible together")
        return ruling

    def is_possible(self, masks: Sequence[int]) -> bool:
        """Whether any use is possible in which every variable has one of these values."""
        from .reason import Reasoner

        return Reasoner(self.space, masks, []).is_possible()

    def _judge(self, known: Knowledge, day: datetime.date) -> Ruling:
        ruling = self.outline(known, day)
        if any(item.effect > ruling.floor for item in ruling.open):
            ruling.reachable = self.reasoner(ruling).reachable()
        return ruling

    def outline(self, known: Knowledge, day: datetime.date) -> Ruling:
        """What certainly applies and what may, with nothing reasoned yet: `reachable` holds
        only how strict the decision is at least."""
        force = self.contributions.on(day)
        unsure = self.unsure_variables(known)
        certain, possible = force.index.judge(known.masks, unsure)
        floor = force.floor(certain)
        return Ruling(
            frozenset([floor]),
            known,
            unsure,
            floor,
            force.of(certain),
            force.of(possible & ~certain),
        )

    def strictest(
        self, ruling: Ruling, rank: Callable[[Contribution], int]
    ) -> tuple[Effect, Contribution | None]:
        """How strict the decision can be, and what makes it so; of several, the first in rank."""
        stricter = [c for c in ruling.open if c.effect > ruling.floor]
        if stricter:
            from .reason import Reasoner

            reasoner = Reasoner(
                self.space,
                ruling.knowledge.masks,
                [],
                unsure=ruling.unsure,
                conflicts_max=self.conflicts_max,
                gave_up=self._note,
            )
            for item in sorted(stricter, key=lambda c: (-c.effect, rank(c))):
                if reasoner.can_hold(item.condition):
                    return item.effect, item
        certain = (c for c in ruling.certain if c.effect == ruling.floor)
        return ruling.floor, min(certain, key=rank, default=None)

    def determining(self, ruling: Ruling) -> tuple[Contribution, ...]:
        """The rules and cells that made a final decision.

        Those that certainly apply, without those that only count because somebody is unsure
        where others do. Where none certainly applies by itself (a no in each of several
        plans), a smallest set of which one applies in every case, about the tool if possible.
        """
        if not ruling.is_final:
            return ()
        masks, best = ruling.knowledge.masks, ruling.best
        certain = tuple(c for c in ruling.certain if c.effect == best)
        if certain and ruling.unsure:
            return tuple(c for c in certain if judge(c.condition, masks)) or certain
        if certain:
            return certain
        kept = [c for c in ruling.open if c.effect == best]
        if not kept:
            return ()
        reasoner = self.reasoner(ruling)
        whole = tuple(c for c in kept if reasoner.is_certain(c.condition))
        if whole:
            return whole
        kept = [c for c in kept if reasoner.can_hold(c.condition)]
        for item in sorted(kept, key=lambda c: self._open_beyond_tool(ruling, c), reverse=True):
            fewer = [c for c in kept if c is not item]
            if reasoner.covers(c.condition for c in fewer):
                kept = fewer
        return tuple(kept)

    def _open_beyond_tool(self, ruling: Ruling, item: Contribution) -> int:
        masks = ruling.knowledge.masks
        return sum(
            1
            for v in variables(item.condition)
            if masks[v] & (masks[v] - 1) and not self.space.variables[v].fact.startswith("tool.")
        )

    def reasoner(self, ruling: Ruling) -> Reasoner:
        """The exact reasoner over all uses that the ruling leaves possible."""
        from .reason import Reasoner  # python-sat loads only when something is unknown

        base = ruling.base or ruling
        if base._reasoner is None:
            base._reasoner = Reasoner(
                self.space,
                base.knowledge.masks,
                [(c.effect, c.condition) for c in base.open if c.effect > base.floor],
                floor=base.floor,
                unsure=base.unsure,
                conflicts_max=self.conflicts_max,
                gave_up=self._note,
            )
        return base._reasoner

    def _note(self) -> None:
        self.given_up += 1

    # -- unsure ---------------------------------------------------------------------------

    def unsure_variables(self, known: Knowledge) -> frozenset[int]:
        """The variables somebody was unsure about, and those that follow from them."""
        if not known.unsure:
            return frozenset()
        found = {
            v
            for fact in known.unsure
            for v in self.space.of_fact[fact]
            if known.masks[v] & (known.masks[v] - 1)
        }
        grown = True
        while grown:
            size = len(found)
            for tie in self.space.ties:
                found |= tie.follows_from(found)
            grown = len(found) > size
        return frozenset(v for v in found if known.masks[v] & (known.masks[v] - 1))


def _agreed(exceptions: Iterable[PolicyException]) -> dict[str, Obligation]:
    """What comes with each exception. What the policy does not list any more still counts."""
    found = {}
    for exception in exceptions:
        found[exception.name] = exception.duty
        for name in exception.obligations:
            found[name] = Obligation(name, f"{name}, as agreed with exception {exception.id}.")
    return found


def _groups(assumed: Sequence[Statement]) -> list[tuple[Statement, ...]]:
    """Each assumption, each two together, and all of them."""
    singles = [(part,) for part in assumed]
    pairs = list(combinations(assumed, 2)) if len(assumed) <= PAIRED_MAX else []
    return [*singles, *pairs, *([tuple(assumed)] if len(assumed) > 1 else [])]
