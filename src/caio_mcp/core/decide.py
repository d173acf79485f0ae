"""Facts in, a decision out: pure, deterministic, exact over everything that is not known."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from .catalogue import Catalogue
from .conditions import (
    ALWAYS,
    NEVER,
    Atom,
    Condition,
    all_of,
    any_of,
    judge,
    negate,
    replace_atoms,
    variables,
)
from .contributions import Contribution, Contributions
from .facts import Statement, statement
from .knowledge import Knower, Knowledge
from .policy import Approval, PolicySet
from .space import Requirement, Space
from .vocabulary import NEED_MORE, Effect, Vocabulary

if TYPE_CHECKING:
    from .reason import Reasoner

PAIRED_MAX = 6  # assumptions that are also tried two by two


@dataclass(frozen=True, slots=True)
class Ruling:
    """The outcome in the engine's own terms; `explain` and `Decision` give it words."""

    reachable: frozenset[Effect]
    knowledge: Knowledge
    certain: tuple[Contribution, ...]
    open: tuple[Contribution, ...]
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()  # what is certain only if what was assumed is true

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

    def __init__(self, vocabulary: Vocabulary, policy: PolicySet, catalogue: Catalogue) -> None:
        self.vocabulary = vocabulary
        self.policy = policy
        self.catalogue = catalogue
        self.space = Space(vocabulary, policy.thresholds)
        self._tie_vocabulary()
        self._tie_tools()
        self._tie_models()
        self._define_members()
        self.contributions = Contributions(self.space, policy)
        self.knower = Knower(self.space, policy.profile)
        self._reasoners: dict[object, Reasoner] = {}

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
            if tool_id in self.catalogue.tools:
                said += [fact.said for fact in self.catalogue.tools[tool_id].facts]
            if approval:
                said += approval.facts
            effects[tool_id] = [pair for part in said for pair in self.space.narrowings(part)]
        self.space.tie(self.space.of_fact["tool.id"][0], effects)

    def _tie_models(self) -> None:
        """The approval of a model holds on one tool; anywhere else it is not approved."""
        model, approval, tool = (
            self.space.of_fact[name][0] for name in ("model.id", "model.approval", "tool.id")
        )
        listed: dict[str, list[Approval]] = {}
        for entry in self.policy.approvals:
            if entry.on:
                listed.setdefault(entry.id, []).append(entry)
        for model_id in self.vocabulary.facts["model.id"].values:
            is_model = Atom(model, self.space.mask("model.id", [model_id]))
            on = []
            for entry in listed.get(model_id, ()):
                is_tool = Atom(tool, self.space.mask("tool.id", [entry.on]))
                on.append(is_tool)
                self.space.requirements.append(
                    Requirement(
                        all_of([is_model, is_tool]),
                        approval,
                        self.space.mask("model.approval", [entry.status]),
                    )
                )
            elsewhere = negate(any_of(on), self.space.full) if on else ALWAYS
            self.space.requirements.append(
                Requirement(
                    all_of([is_model, elsewhere]),
                    approval,
                    self.space.mask("model.approval", ["none"]),
                )
            )

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
        is_within = narrowed.reachable <= ruling.reachable
        certain = tuple(dict.fromkeys((*ruling.certain, *narrowed.certain)))
        return replace(
            ruling if is_within else narrowed,
            reachable=reachable,
            certain=certain,
            open=tuple(c for c in (*ruling.open, *narrowed.open) if c not in certain),
            assumed=frozenset(c.id for c in narrowed.certain if c not in ruling.certain),
        )

    def _rule(self, statements: Sequence[Statement], day: datetime.date) -> Ruling:
        known = self.knower.know(statements)
        ruling = self._judge(known, day)
        if ruling is None:  # a clash that only the whole shows
            exactly = self.reasoner(known, day).is_possible
            ruling = self._judge(self.knower.know(statements, exactly), day)
        if ruling is None:
            raise AssertionError("statements taken one by one are possible together")
        return ruling

    def _judge(self, known: Knowledge, day: datetime.date) -> Ruling | None:
        contributions = self.contributions.on(day)
        unsure = self.unsure_variables(known)
        conditions = {c.id: c.condition for c in contributions}
        if unsure:
            strictest = self._strictest(known, unsure)
            conditions = {c.id: replace_atoms(c.condition, strictest) for c in contributions}
        certain: list[Contribution] = []
        undecided: list[Contribution] = []
        for item in contributions:
            verdict = judge(conditions[item.id], known.masks)
            if verdict:
                certain.append(item)
            elif verdict is None:
                undecided.append(item)
        floor = max((c.effect for c in certain), default=Effect.allow)
        if all(c.effect <= floor for c in undecided):
            return Ruling(frozenset([floor]), known, tuple(certain), tuple(undecided), conditions)
        return self._reason(known, day, conditions, certain, undecided)

    def _reason(
        self,
        known: Knowledge,
        day: datetime.date,
        conditions: Mapping[str, Condition],
        certain: list[Contribution],
        undecided: list[Contribution],
    ) -> Ruling | None:
        reasoner = self.reasoner(known, day)
        reachable = reasoner.reachable(known.masks)
        if not reachable:
            return None
        still_open = []
        for item in undecided:
            if item.effect <= max(reachable) and reasoner.is_certain(
                conditions[item.id], known.masks
            ):
                certain.append(item)
            elif not reasoner.is_certain(negate(conditions[item.id], self.space.full), known.masks):
                still_open.append(item)
        return Ruling(reachable, known, tuple(certain), tuple(still_open), conditions)

    def determining(self, ruling: Ruling, day: datetime.date) -> tuple[Contribution, ...]:
        """The rules and cells that made a final decision.

        Those that certainly apply, without those that only count because somebody is unsure
        where others do. Where none certainly applies by itself (a no in each of several
        plans), a smallest set of which one applies in every case, about the tool if possible.
        """
        if not ruling.is_final:
            return ()
        known, best = ruling.knowledge, ruling.best
        certain = tuple(c for c in ruling.certain if c.effect == best)
        if certain:
            return tuple(c for c in certain if judge(c.condition, known.masks)) or certain
        kept = [c for c in ruling.open if c.effect == best]
        reasoner = self.reasoner(known, day)
        for item in sorted(kept, key=lambda c: self._open_beyond_tool(known, c), reverse=True):
            fewer = [c for c in kept if c is not item]
            if reasoner.covers((ruling.conditions[c.id] for c in fewer), known.masks):
                kept = fewer
        return tuple(kept)

    def _open_beyond_tool(self, known: Knowledge, item: Contribution) -> int:
        return sum(
            1
            for v in variables(item.condition)
            if known.masks[v] & (known.masks[v] - 1)
            and not self.space.variables[v].fact.startswith("tool.")
        )

    def reasoner(self, known: Knowledge, day: datetime.date) -> Reasoner:
        """The exact reasoner over all possible uses, under the rules of that day."""
        from .reason import Reasoner  # python-sat loads only when something is unknown

        contributions = self.contributions.on(day)
        unsure = self.unsure_variables(known)
        key: object = self.contributions.in_force(day)
        conditions: Callable[[Condition], Condition] = _same
        if unsure:
            key = (key, frozenset((v, known.masks[v]) for v in unsure))
            strictest = self._strictest(known, unsure)

            def conditions(condition: Condition) -> Condition:
                return replace_atoms(condition, strictest)

        found = self._reasoners.get(key)
        if found is None:
            if len(self._reasoners) >= 8:
                self._reasoners.clear()
            found = self._reasoners[key] = Reasoner(
                self.space, [(c.effect, conditions(c.condition)) for c in contributions]
            )
        return found

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
            found |= {link.target for link in self.space.links if link.source in found}
            found |= {d.member for d in self.space.definitions if variables(d.condition) & found}
            found |= {r.target for r in self.space.requirements if variables(r.condition) & found}
            grown = len(found) > size
        return frozenset(v for v in found if known.masks[v] & (known.masks[v] - 1))

    @staticmethod
    def _strictest(known: Knowledge, unsure: frozenset[int]) -> Callable[[Atom], Condition]:
        """Where somebody is unsure, everything that could apply counts as applying."""

        def change(atom: Atom) -> Condition:
            if atom.variable not in unsure:
                return atom
            return ALWAYS if known.masks[atom.variable] & atom.mask else NEVER

        return change


def _groups(assumed: Sequence[Statement]) -> list[tuple[Statement, ...]]:
    """Each assumption, each two together, and all of them."""
    singles = [(part,) for part in assumed]
    pairs = list(combinations(assumed, 2)) if len(assumed) <= PAIRED_MAX else []
    return [*singles, *pairs, *([tuple(assumed)] if len(assumed) > 1 else [])]


def _same(condition: Condition) -> Condition:
    return condition
