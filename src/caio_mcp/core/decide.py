"""Facts in, a decision out: pure, deterministic, exact over everything that is not known."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
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
from .document import Plain
from .facts import Statement, statement
from .policy import Approval, Cell, Place, PolicySet, Rule, Table
from .space import Conflict, Requirement, Space
from .vocabulary import IN, NEED_MORE, UNLISTED, Effect, Provenance, Value, Vocabulary

if TYPE_CHECKING:
    from .reason import Reasoner

# What outweighs what when two sources clash: earlier ones hold, later ones are reported.
_STRENGTH: tuple[Provenance, ...] = (
    "approver",
    "catalogue",
    "profile",
    "scanned",
    "derived",
    "stated",
)


_SAYS = {
    Effect.allow: "may go into",
    Effect.allow_with_conditions: "may, with conditions, go into",
    Effect.review: "needs a review before it goes into",
    Effect.prohibit: "may not go into",
}


PAIRED_MAX = 6  # assumptions that are also tried two by two

# What a person chooses in a tool. The catalogue says what can be chosen.
SETTINGS = ("tool.account", "tool.web_search", "tool.offline")


def _by_fact(said: Iterable[Statement]) -> dict[str, tuple[Statement, ...]]:
    found: dict[str, list[Statement]] = {}
    for part in said:
        found.setdefault(part.fact, []).append(part)
    return {fact: tuple(parts) for fact, parts in found.items()}


def _or_unlisted(said: Statement) -> Statement:
    if said.fact != "tool.id" or said.values is None:
        return said
    return replace(said, values=said.values | {UNLISTED})


def _groups(assumed: Sequence[Statement]) -> list[tuple[Statement, ...]]:
    """Each assumption, each two together, and all of them."""
    singles = [(part,) for part in assumed]
    pairs = list(combinations(assumed, 2)) if len(assumed) <= PAIRED_MAX else []
    return [*singles, *pairs, *([tuple(assumed)] if len(assumed) > 1 else [])]


IsPossible = Callable[[Sequence[int]], bool]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One rule, cell, approval or missing cell: where it holds, it has its effect."""

    id: str
    effect: Effect
    condition: Condition
    reason: str
    source: str = ""
    reviewer: str = ""
    obligations: tuple[str, ...] = ()
    place: Place | None = None
    row: str = ""  # for cells: what the cells of one row share


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sources that cannot both be right, and which one was taken."""

    fact: str
    stated: Plain
    against: str
    taken: Plain


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule or cell that made the decision."""

    rule: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation or advice that comes with a decision. `if_open` names the facts that
    would still have to hold for it; empty means it certainly applies."""

    id: str
    text: str
    kind: str
    rules: tuple[str, ...]
    if_open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is left possible after everything that was said, and where it came from."""

    masks: tuple[int, ...]
    sources: Mapping[str, tuple[Statement, ...]]
    contradictions: tuple[Contradiction, ...]
    unsure: tuple[str, ...] = ()


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
        self._rank = {name: rank for rank, name in enumerate(vocabulary.facts)}
        self._contributions: dict[tuple[str, ...], tuple[Contribution, ...]] = {}
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

    # -- what can contribute -------------------------------------------------------------

    def in_force(self, day: datetime.date) -> tuple[str, ...]:
        """The ids of the rules that apply on a day, and of approvals that do not yet."""
        rules = [rule.id for rule, _ in self._rules if rule.applies_on(day)]
        early = [c.id for since, c in self._not_yet if day < since]
        return (*rules, *early)

    def contributions_on(self, day: datetime.date) -> tuple[Contribution, ...]:
        """Everything that can contribute to a decision on that day."""
        in_force = self.in_force(day)
        if in_force not in self._contributions:
            found = (
                *self._from_tables,
                *self._from_approvals,
                *(c for _, c in self._not_yet if c.id in in_force),
                *(
                    Contribution(
                        rule.id,
                        rule.effect,
                        condition,
                        rule.reason,
                        rule.source,
                        rule.reviewer,
                        rule.obligations,
                        rule.place,
                    )
                    for rule, condition in self._rules
                    if rule.id in in_force
                ),
            )
            if len({c.id for c in found}) != len(found):
                raise AssertionError("two contributions share an id")
            self._contributions[in_force] = found
        return self._contributions[in_force]

    @cached_property
    def _not_yet(self) -> list[tuple[datetime.date, Contribution]]:
        """Until the day of its approval a tool or model is reviewed."""
        return [
            (
                entry.since,
                Contribution(
                    f"{self._approval_id(entry)}/since",
                    Effect.review,
                    self._where_approved(entry),
                    f"The approval starts on {entry.since}.",
                    "approvals.yaml",
                    entry.owner,
                    place=entry.place,
                ),
            )
            for entry in self.policy.approvals
            if entry.since is not None
        ]

    @staticmethod
    def _approval_id(entry: Approval) -> str:
        return f"approval/{entry.id}@{entry.on}" if entry.on else f"approval/{entry.id}"

    def _where_approved(self, entry: Approval) -> Condition:
        tool = Atom(
            self.space.of_fact["tool.id"][0], self.space.mask("tool.id", [entry.on or entry.id])
        )
        if not entry.on:
            return tool
        model = Atom(self.space.of_fact["model.id"][0], self.space.mask("model.id", [entry.id]))
        return all_of([tool, model])

    @cached_property
    def _rules(self) -> list[tuple[Rule, Condition]]:
        full = self.space.full
        return [
            (
                rule,
                all_of(
                    [
                        self.space.bind(rule.when),
                        *(negate(self.space.bind(case.when), full) for case in rule.unless),
                    ]
                ),
            )
            for rule in self.policy.rules
        ]

    @cached_property
    def _from_approvals(self) -> list[Contribution]:
        effects = {"blocked": Effect.prohibit, "pending": Effect.review}
        found = []
        for entry in self.policy.approvals:
            effect = effects.get(entry.status)
            if effect is None and not entry.conditions:
                continue
            words = {"blocked": "is blocked", "pending": "is still being reviewed"}
            name = self.vocabulary.facts["model.id" if entry.on else "tool.id"].title_of(entry.id)
            found.append(
                Contribution(
                    self._approval_id(entry),
                    Effect.allow_with_conditions if effect is None else effect,
                    self._where_approved(entry),
                    f"{name} {words.get(entry.status, 'is approved with conditions')}"
                    f"{': ' + entry.reason if entry.reason else ''}.",
                    "approvals.yaml",
                    entry.owner,
                    entry.conditions,
                    entry.place,
                )
            )
        return found

    @cached_property
    def columns(self) -> dict[tuple[str, str], Condition]:
        """The condition of each column, by table and column id."""
        found: dict[tuple[str, str], Condition] = {}
        for table in self.policy.tables:
            named = {c.id: self.space.bind(c.when) for c in table.columns if c.id != "otherwise"}
            rest = negate(any_of(named.values()), self.space.full)
            for column in table.columns:
                found[table.id, column.id] = named.get(column.id, rest)
        return found

    @cached_property
    def _from_tables(self) -> list[Contribution]:
        found: list[Contribution] = []
        covered: dict[tuple[str, str], list[Condition]] = {}
        for table in self.policy.tables:
            titles = {column.id: column.title for column in table.columns}
            for cell in table.cells:
                column = self.columns[table.id, cell.column]
                covered.setdefault((cell.row_fact, cell.row), []).append(column)
                found.append(
                    Contribution(
                        f"{table.id}/{cell.row}/{cell.column}",
                        cell.effect,
                        all_of([self._row(cell.row_fact, cell.row), column]),
                        cell.reason or self._cell_reason(table, cell, titles[cell.column]),
                        table.source,
                        cell.reviewer,
                        cell.obligations,
                        cell.place,
                        f"{table.id}/{cell.row}",
                    )
                )
        for fact in ("data.level", "data.overlays"):
            for value in self.vocabulary.facts[fact].values.values():
                columns = covered.get((fact, value.id), [])
                nowhere = negate(any_of(columns), self.space.full) if columns else ALWAYS
                found.append(
                    Contribution(
                        f"not-covered/{value.id}",
                        self.policy.when_not_covered,
                        all_of([self._row(fact, value.id), nowhere]),
                        f"No table of the policy says whether {value.title} data may go into "
                        "this tool.",
                        row=f"not-covered/{value.id}",
                    )
                )
        return found

    def _row(self, fact: str, value: str) -> Condition:
        if fact == "data.overlays":
            return Atom(self.space.members[fact, value], IN)
        return Atom(self.space.of_fact[fact][0], self.space.mask(fact, [value]))

    def _cell_reason(self, table: Table, cell: Cell, column: str) -> str:
        row = self.vocabulary.facts[cell.row_fact].title_of(cell.row)
        return f"{row} data {_SAYS[cell.effect]} {column}."

    # -- what is known -------------------------------------------------------------------

    def know(
        self, statements: Iterable[Statement], is_possible: IsPossible | None = None
    ) -> Knowledge:
        """Everything said, put together: the stronger source holds, clashes are reported.

        Profile facts of the policy set are added. What was `assumed` is left out here.
        `is_possible` sees clashes that following single facts does not.
        """
        said = [
            s
            for s in (*self.policy.profile, *statements)
            if s.provenance != "assumed" and not s.says_nothing
        ]
        firm = [s for s in said if not s.is_default and not s.is_unsure]
        unsure = tuple(sorted({s.fact for s in said if s.is_unsure}, key=self._rank.__getitem__))
        masks, clashes = self._put_together(firm, is_possible)
        found = self._contradictions(clashes, masks, _by_fact(said))
        settings = [part for part, _ in clashes if part.fact in SETTINGS]
        if settings:  # set up as no tool of that name is: it may be another, so the stricter counts
            firm = [_or_unlisted(part) for part in firm if part not in settings]
            masks, _ = self._put_together(firm, is_possible)
            unsure = ("tool.id", *(name for name in unsure if name != "tool.id"))
        masks = self._add_defaults(masks, [s for s in said if s.is_default], unsure, is_possible)
        return Knowledge(tuple(masks), _by_fact(said), found, unsure)

    def _put_together(
        self, firm: Sequence[Statement], is_possible: IsPossible | None
    ) -> tuple[list[int], list[tuple[Statement, int]]]:
        """What is left after all statements, and those that clash with a stronger one."""
        pairs = sorted(
            ((said, index, mask) for said in firm for index, mask in self.space.narrowings(said)),
            key=lambda pair: self._strength(*pair),
        )
        full = self.space.full
        masks = self._narrowed(full, [(index, mask) for _, index, mask in pairs], is_possible)
        if masks is not None:
            return masks, []
        masks, clashes = list(full), []
        for said, index, mask in pairs:
            trial = self._narrowed(masks, [(index, mask)], is_possible)
            if trial is not None:
                masks = trial
            elif not self._is_rest(said, index):
                clashes.append((said, index))
        return masks, clashes

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
        uncertain = self._about(unsure)
        for part in (*defaults, *self._derived(masks)):
            if part.fact in unsure:
                continue
            spoken_of = self._spoken_of(masks) | uncertain
            pairs = [
                (index, mask)
                for index, mask in self.space.narrowings(part)
                if masks[index] & mask and index not in spoken_of
            ]
            masks = self._narrowed(masks, pairs, is_possible) or masks
        return masks

    def _about(self, facts: Sequence[str]) -> set[int]:
        """The variables of some facts, of what defines them, and of what they define."""
        found = {index for fact in facts for index in self.space.of_fact[fact]}
        for definition in self.space.definitions:
            linked = {definition.member, *variables(definition.condition)}
            if linked & found:
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
        found = []
        for fact in self.vocabulary.facts.values():
            if fact.type != "choice" or not any(v.derives for v in fact.values.values()):
                continue
            index = self.space.of_fact[fact.id][0]
            for i, value in enumerate(fact.values.values()):
                if masks[index] == 1 << i:
                    found += [
                        statement(self.vocabulary, name, value_said)
                        for name, value_said in value.derives.items()
                    ]
        return found

    def _narrowed(
        self,
        masks: Sequence[int],
        pairs: Iterable[tuple[int, int]],
        is_possible: IsPossible | None = None,
    ) -> list[int] | None:
        trial = list(masks)
        for index, mask in pairs:
            trial[index] &= mask
            if not trial[index]:
                return None
        try:
            self.space.propagate(trial)
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

    # -- deciding ------------------------------------------------------------------------

    def rule(self, statements: Sequence[Statement], day: datetime.date) -> Ruling:
        """The ruling on what was said; what was assumed can only make it stricter."""
        firm = [s for s in statements if s.provenance != "assumed"]
        ruling = self._rule(firm, day)
        assumed = [s.from_("stated") for s in statements if s.provenance == "assumed"]
        narrowed = ruling
        for group in _groups(assumed):  # one assumption does not take back another
            known = self.know([*firm, *group])
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
        known = self.know(statements)
        ruling = self._judge(known, day)
        if ruling is None:  # a clash that only the whole shows
            exactly = self.reasoner(known, day).is_possible
            ruling = self._judge(self.know(statements, exactly), day)
        if ruling is None:
            raise AssertionError("statements taken one by one are possible together")
        return ruling

    def _judge(self, known: Knowledge, day: datetime.date) -> Ruling | None:
        contributions = self.contributions_on(day)
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

        contributions = self.contributions_on(day)
        unsure = self.unsure_variables(known)
        key: object = self.in_force(day)
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

    # -- words for what is known -----------------------------------------------------------

    def possible(self, known: Knowledge, fact: str) -> list[Value]:
        """The values of a choice or level that are still possible."""
        index = self.space.of_fact[fact][0]
        values = self.vocabulary.facts[fact].values
        return [
            values[name]
            for i, name in enumerate(self.space.variables[index].values)
            if known.masks[index] >> i & 1
        ]

    def is_settled(self, known: Knowledge, fact: str) -> bool:
        """Whether nothing about the fact is left open."""
        return all(not known.masks[v] & (known.masks[v] - 1) for v in self.space.of_fact[fact])


def _same(condition: Condition) -> Condition:
    return condition
