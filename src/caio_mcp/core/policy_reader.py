"""Policy files as a policy set: strict, complete in its faults, no expression language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from types import MappingProxyType

import yaml

from ..errors import RequestError
from .document import Document, Node, nearest, normal, plain, shorten
from .facts import Statement, statement
from .policy import (
    STATUSES,
    SWITCH_TOOL,
    AllOf,
    AnyOf,
    Approval,
    AtLeast,
    Case,
    Cell,
    Column,
    Contact,
    Definition,
    Is,
    Level,
    Move,
    Obligation,
    Overlay,
    Place,
    PolicySet,
    Provision,
    Rule,
    Table,
    Test,
    Unit,
    Unless,
    When,
    facts_of,
)
from .vocabulary import EFFECTS, NEED_MORE, OTHER_UNIT, Effect, Fact, Value, Vocabulary

OTHERWISE = "otherwise"
AT_LEAST_MAX = 10  # conditions of one `at_least:`, as all their combinations are looked at
OTHER_UNIT_TITLE = "another unit"
OVERLAY_FACTS = {"data.categories", "data.subjects", "data.identifiability"}
EFFECT_WORDS = tuple(effect.name for effect in EFFECTS)
DECISION_WORDS = (*EFFECT_WORDS, NEED_MORE)

_OPERATORS = {
    "choice": ("any_of", "not"),
    "set": ("any_of", "all_of", "none_of", "only"),
    "integer": ("any_of", "not", "more_than", "at_most"),
    "level": ("any_of", "not", "above", "up_to"),
}
WHO = ("you", "reviewer", "it", "legal")
_MOVE_FIELDS = ("who", "cost", "usual_time", "evidence")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The documents of one pack, by what they hold."""

    name: str
    head: Document
    approvals: Document | None = None
    remedies: Document | None = None
    provisions: Document | None = None
    tables: tuple[Document, ...] = ()
    rules: tuple[Document, ...] = ()
    tests: tuple[Document, ...] = ()


class Scale:
    """The levels of one pack, and which of the levels finally in force stand for each."""

    def __init__(self, number: int, levels: Sequence[str]) -> None:
        self.number = number  # of the pack, in the order of reading
        self.levels = tuple(levels)
        self.own: dict[str, tuple[str, ...]] = {level: (level,) for level in levels}

    def replaced_by(self, levels: Sequence[Level]) -> None:
        """Other levels, each of them like one of the last ones, take their place."""
        self.own = {
            level: tuple(new.id for new in levels if new.like in own)
            for level, own in self.own.items()
        }

    def at_least(self, level: str) -> str:
        """The lowest level in force that is not below this one."""
        above = self.levels[self.levels.index(level) :]
        return next(own for name in above for own in self.own[name])

    def at_most(self, level: str) -> str:
        """The highest level in force that is not above this one, or nothing."""
        below = self.levels[: self.levels.index(level) + 1]
        return next((self.own[name][-1] for name in reversed(below) if self.own[name]), "")

    def matching(self, operator: str, level: str) -> tuple[str, ...]:
        """The levels in force that are `above` this one, or `up_to` it."""
        cut = self.levels.index(level) + 1
        names = self.levels[cut:] if operator == "above" else self.levels[:cut]
        return tuple(own for name in names for own in self.own[name])


_HEAD_REQUIRED = ("name", "owner", "version")
_HEAD_OPTIONAL = (
    "title",
    "law_as_of",
    "stale_after",
    "adopted_by",
    "adopted_on",
    "levels",
    "overlays",
    "groups",
    "definitions",
    "parameters",
    "obligations",
    "advice",
    "contacts",
    "profile",
    "presume",
    "units",
    "when_not_covered",
    "inherits",
    "kinds",
    "incident",
)


@dataclass(slots=True)
class PolicyReader:
    """Reads the packs of one policy set, the base first; each overlay adds to it."""

    vocabulary: Vocabulary
    heads: list[tuple[PackFiles, dict[str, Node]]] = field(default_factory=list)
    levels: dict[str, Level] = field(default_factory=dict)
    scales: list[Scale] = field(default_factory=list)
    scale: Scale | None = None  # the one in whose levels the pack at hand is written
    overlays: dict[str, Overlay] = field(default_factory=dict)
    groups: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    tool_groups: dict[str, When] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    obligations: dict[str, Obligation] = field(default_factory=dict)
    advice: list[str] = field(default_factory=list)
    contacts: dict[str, Contact] = field(default_factory=dict)
    profile: dict[str, Statement] = field(default_factory=dict)
    presumed: dict[str, Statement] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    kind_levels: dict[str, str] = field(default_factory=dict)
    incident: tuple[str, ...] = ()
    when_not_covered: Effect = Effect.review
    tables: list[Table] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    approvals: dict[tuple[str, str], Approval] = field(default_factory=dict)
    moves: dict[str, Move] = field(default_factory=dict)
    moves_without_level: set[str] = field(default_factory=set)  # of no use to the organisation
    switch_tool: Move = SWITCH_TOOL
    cases: list[Case] = field(default_factory=list)
    thresholds: dict[str, set[int]] = field(default_factory=dict)
    ids: dict[str, Place] = field(default_factory=dict)

    # -- first pass: what gives the vocabulary its values --------------------------

    def read_heads(self, packs: Sequence[PackFiles]) -> dict[str, list[Value]]:
        """Levels, overlays and tool groups; the rest waits until facts have their values."""
        group_names: dict[str, Value] = {}
        unit_names: dict[str, Value] = {}
        for pack in packs:
            document = pack.head
            part = document.fields(
                document.root, "policy.yaml", required=_HEAD_REQUIRED, optional=_HEAD_OPTIONAL
            )
            self.heads.append((pack, part))
            self._read_levels(document, part.get("levels"))
            for key, key_node, node in document.pairs(part.get("overlays"), "overlays"):
                if self._is_id(document, key_node, key):
                    self._add_overlay(document, key, key_node, node)
            for unit, key_node, node in document.pairs(part.get("units"), "units"):
                if self._is_id(document, key_node, unit):
                    unit_names[unit] = Value(unit, self._unit_title(document, unit, node))
            for fact, _, node in document.pairs(part.get("groups"), "groups"):
                if fact == "tool.group":
                    for name, _, _ in document.pairs(node, "tool groups"):
                        group_names[name] = Value(name, name.replace("_", " "))
        if not self.levels and self.heads:
            document, root = self.heads[0][0].head, self.heads[0][0].head.root
            if root is not None:
                document.fault(
                    root, "The policy has no levels.", "List them in rising order under `levels:`."
                )
        return {
            "levels": [Value(v.id, v.title, synonyms=v.synonyms) for v in self.levels.values()],
            "level": [Value(v.id, v.title, synonyms=v.synonyms) for v in self.levels.values()],
            "overlays": [Value(v.id, v.title, synonyms=v.synonyms) for v in self.overlays.values()],
            "tool_groups": list(group_names.values()),
            "units": [*unit_names.values(), Value(OTHER_UNIT, OTHER_UNIT_TITLE)],
        }

    @staticmethod
    def _unit_title(document: Document, name: str, node: Node) -> str:
        part = document.fields(node, f"The unit {name}", optional=["title", "profile", "contacts"])
        return document.text(part.get("title"), default=name.replace("_", " "))

    def _read_levels(self, document: Document, node: Node | None) -> None:
        if node is None:
            return
        inherited = list(self.levels)
        read = list(self._levels(document, node, inherited))
        if inherited and not self._follows(document, node, read, inherited):
            # the fault is noted; their names are read on, so that no other fault comes of it
            read = [replace(level, like=inherited[-1]) for level in read]
        for scale in self.scales:
            scale.replaced_by(read)
        self.levels = {level.id: level for level in read}
        self.scales.append(Scale(len(self.heads) - 1, list(self.levels)))

    def _levels(self, document: Document, node: Node, inherited: Sequence[str]) -> Iterator[Level]:
        seen: set[str] = set()
        for item in document.items(node, "levels"):
            if isinstance(item, yaml.ScalarNode):
                name, part = document.text(item), {}
            else:
                part = document.fields(
                    item,
                    "A level",
                    required=["id"],
                    optional=["title", "synonyms", "example", "like"],
                )
                name = document.text(part.get("id"), "id")
            if not name or not self._is_id(document, item, name):
                continue
            if name in seen:
                document.fault(item, f"The level {shorten(name)} is listed twice.", "Keep one.")
            seen.add(name)
            if "like" in part and not inherited:
                document.fault(part["like"], "No inherited pack has levels.", "Remove `like:`.")
            if inherited and "like" not in part:
                document.fault(
                    item,
                    f"The level {shorten(name)} does not say which inherited level it is like.",
                    f"Add `like:` with one of: {', '.join(inherited)}.",
                )
            yield Level(
                name,
                document.text(part.get("title"), default=name.capitalize()),
                tuple(word for word, _ in document.texts(part.get("synonyms"))),
                document.text(part.get("example")),
                document.choice(part.get("like"), inherited, "an inherited level"),
            )

    @staticmethod
    def _follows(
        document: Document, node: Node, levels: Sequence[Level], inherited: Sequence[str]
    ) -> bool:
        """Whether the order is the inherited one, and the highest level is there."""
        likes = [level.like for level in levels]
        if not levels or not all(likes):
            return False  # noted already
        order = [inherited.index(like) for like in likes]
        if order != sorted(order):
            document.fault(
                node,
                "These levels are in another order than the inherited ones they are like.",
                f"List them in rising order: {', '.join(inherited)}.",
            )
            return False
        if likes[-1] != inherited[-1]:
            document.fault(
                node,
                f"No level here is like the highest inherited one, {inherited[-1]}.",
                f"Add one, or write `like: {inherited[-1]}` at the last.",
            )
            return False
        return True

    def _add_overlay(self, document: Document, key: str, key_node: Node, node: Node) -> None:
        if normal(key) in map(normal, self.levels):
            document.fault(key_node, f"{shorten(key)} is a level already.", "Choose another name.")
        if key in self.overlays:
            document.fault(key_node, f"The overlay {shorten(key)} is already defined.")
            return
        part = document.fields(
            node, f"The overlay {key}", optional=["title", "synonyms", "when", "lowest_level"]
        )
        self.overlays[key] = Overlay(
            key,
            document.text(part.get("title"), default=key),
            tuple(word for word, _ in document.texts(part.get("synonyms"))),
        )

    # -- second pass: everything else ----------------------------------------------

    def _scale_of(self, number: int) -> Scale | None:
        """The levels in which the pack of that number is written, where others took their
        place."""
        scales = [scale for scale in self.scales if scale.number <= number]
        return scales[-1] if scales and scales[-1] is not self.scales[-1] else None

    def read_bodies(self, vocabulary: Vocabulary, kinds: Sequence[str]) -> None:
        """Groups, parameters, obligations, tables, rules, approvals and tests."""
        self.vocabulary = vocabulary
        for number, (pack, part) in enumerate(self.heads):
            self.scale = self._scale_of(number)
            self._read_head_body(pack.head, part, kinds)
            for document in pack.tables:
                self._read_tables(document)
            for document in pack.rules:
                self._read_rules(document)
            if pack.approvals is not None:
                self._read_approvals(pack.approvals)
            if pack.remedies is not None:
                self._read_remedies(pack.remedies)
            if pack.provisions is not None:
                self._read_provisions(pack.provisions)
            if pack is self.heads[-1][0]:  # tests of an inherited pack are about that pack alone
                for document in pack.tests:
                    self._read_tests(document)

    def _read_head_body(
        self, document: Document, part: Mapping[str, Node], kinds: Sequence[str]
    ) -> None:
        for name, _, node in document.pairs(part.get("parameters"), "parameters"):
            self._read_parameter(document, name, node)
        self._read_groups(document, part.get("groups"))
        self._read_overlay_bodies(document, part.get("overlays"))
        self._read_definitions(document, part.get("definitions"))
        for name, _, node in document.pairs(part.get("obligations"), "obligations"):
            self._read_obligation(document, name, node)
        for name, node in document.texts(part.get("advice")):
            if self._known(document, node, name, self.obligations, "obligation"):
                self.advice.append(name)
        self.contacts |= self._contacts(document, part.get("contacts"))
        for said in self._profile(document, part.get("profile")):
            inherited = self.profile.setdefault(said.fact, said)
            if inherited != said:
                document.fault(
                    part["profile"],
                    f"The inherited pack says something else of {said.fact}.",
                    "Remove it here, or change the inherited pack.",
                )
        self._read_presumed(document, part.get("presume"))
        self._read_units(document, part.get("units"))
        self._read_when_not_covered(document, part.get("when_not_covered"))
        self._read_kind_levels(document, part.get("kinds"), kinds)
        if "incident" in part:
            self._read_incident(document, part["incident"])

    def _contacts(
        self, document: Document, node: Node | None, roles: Mapping[str, Contact] | None = None
    ) -> dict[str, Contact]:
        """Who decides in which role; `roles` are those there are, where no new one may come."""
        found = {}
        for role, key_node, part in document.pairs(node, "contacts"):
            if roles is not None:
                self._known(document, key_node, role, roles, "contact of the organisation")
            fields = document.fields(
                part, f"The contact {role}", required=["who"], optional=["usual_days"]
            )
            found[role] = Contact(
                role,
                document.text(fields.get("who"), "who"),
                document.integer(fields.get("usual_days"), "usual_days"),
            )
        return found

    def _profile(self, document: Document, node: Node | None) -> list[Statement]:
        """Standing facts: of an organisation or a unit, the same for all of its uses."""
        found = []
        for said in self._statements(document, node, "profile"):
            if node is not None and said.fact == "actor.unit":
                document.fault(
                    node,
                    "A profile cannot say which unit it is of.",
                    "The unit of a caller is set in caio-mcp.toml: unit.",
                )
            elif node is not None and said.fact.startswith(
                ("tool.", "model.", "data.", "purpose.")
            ):
                document.fault(
                    node,
                    f"{said.fact} is no standing fact of an organisation; it differs by use.",
                    "What a contract settles goes into approvals.yaml, under `facts:`.",
                )
            else:
                found.append(said.from_("profile"))
        return found

    def _read_presumed(self, document: Document, node: Node | None) -> None:
        """What holds unless somebody says otherwise: only what counts for the unsure, so that
        nothing is ever presumed in anybody's favour."""
        for name, key_node, value in document.pairs(node, "presume"):
            said = self._statement(document, name, key_node, value)
            if said is None:
                continue
            strict = self.vocabulary.facts[name].when_unsure
            if not strict or said.values != frozenset([strict]):
                document.fault(
                    value,
                    f"Only what counts for the unsure may be presumed of {name}.",
                    f"Write {name}: {strict}." if strict else "Leave it out.",
                )
                continue
            self.presumed[name] = replace(said.from_("profile"), is_default=True)

    def _read_units(self, document: Document, node: Node | None) -> None:
        for name, key_node, value in document.pairs(node, "units"):
            if name in self.units:
                document.fault(key_node, f"The unit {shorten(name)} is already defined.")
                continue
            part = document.fields(
                value, f"The unit {name}", optional=["title", "profile", "contacts"]
            )
            title = self._unit_title(document, name, value)
            taken = {normal(word) for u in self.units.values() for word in (u.id, u.title)}
            taken |= {normal(OTHER_UNIT), normal(OTHER_UNIT_TITLE)}
            if taken & {normal(name), normal(title)}:
                document.fault(
                    key_node,
                    f"The unit {shorten(name)} has the id or title of another one.",
                    "Choose a name that stands for one unit.",
                )
            profile = self._profile(document, part.get("profile"))
            for said in profile:
                if self.profile.get(said.fact, said) != said:
                    document.fault(
                        part["profile"],
                        f"The organisation's profile says something else of {said.fact}.",
                        "A fact that differs by unit belongs into the units alone.",
                    )
            self.units[name] = Unit(
                name,
                title,
                tuple(profile),
                MappingProxyType(self._contacts(document, part.get("contacts"), self.contacts)),
            )

    def _read_incident(self, document: Document, node: Node) -> None:
        """Steps in which {role} stands for the contact of that role."""
        for step, part in document.texts(node):
            try:
                parts = [rest for _, *rest in Formatter().parse(step) if rest[0] is not None]
            except ValueError:
                document.fault(part, "A brace { or } stands alone here.", "Write {role}, or none.")
                return
            for role, form, conversion in parts:
                if not role or form or conversion:
                    document.fault(part, "Braces { } hold something else.", "Write {role} alone.")
                    return
                self._known(document, part, role, self.contacts, "contact")
        self.incident = tuple(step for step, _ in document.texts(node))

    def _read_parameter(self, document: Document, name: str, node: Node) -> None:
        fields = (
            document.fields(
                node, f"The parameter {name}", required=["value"], optional=["title", "source"]
            )
            if isinstance(node, yaml.MappingNode)
            else {"value": node}
        )
        if name in self.parameters:
            document.fault(node, f"The parameter {shorten(name)} is set by the inherited pack.")
            return
        self.parameters[name] = tuple(w for w, _ in document.texts(fields.get("value")))
        if not self.parameters[name]:
            document.fault(node, f"The parameter {shorten(name)} has no value.", "Give one.")

    def _read_when_not_covered(self, document: Document, node: Node | None) -> None:
        if node is None:
            return
        word = document.choice(node, ("review", "prohibit"), "an effect here", "review")
        if Effect[word] < self.when_not_covered:
            document.fault(node, "The inherited pack is stricter here.", "Remove the line.")
        self.when_not_covered = max(self.when_not_covered, Effect[word])

    def _read_kind_levels(
        self, document: Document, node: Node | None, kinds: Sequence[str]
    ) -> None:
        order = list(self.levels)
        for kind, key_node, value in document.pairs(node, "kinds"):
            if not self._known(document, key_node, kind, kinds, "kind of data"):
                continue
            level = self._lowest_level(document, value)
            inherited = self.kind_levels.get(kind)
            if inherited and level and order.index(level) < order.index(inherited):
                document.fault(
                    value,
                    f"The inherited pack puts {kind} at {inherited}; "
                    "it can be raised here, not lowered.",
                    f"Use {inherited} or above.",
                )
            elif level:
                self.kind_levels[kind] = level

    def _read_groups(self, document: Document, node: Node | None) -> None:
        for fact_name, key_node, groups in document.pairs(node, "groups"):
            fact = self._fact(document, key_node, fact_name)
            if fact is None:
                continue
            for name, name_node, value in document.pairs(groups, f"The groups of {fact.id}"):
                if fact.id == "tool.group":
                    self._read_tool_group(document, name, name_node, value)
                    continue
                known = self.groups.setdefault(fact.id, {})
                if name in known or name in fact.values:
                    document.fault(
                        name_node,
                        f"{shorten(name)} is already a group or a value of {fact.id}.",
                        "Choose another name.",
                    )
                    continue
                known[name] = self._values(document, fact, value)

    def _read_definitions(self, document: Document, node: Node | None) -> None:
        for name, name_node, value in document.pairs(node, "definitions"):
            if not self._is_id(document, name_node, name):
                continue
            if name in self.definitions:
                first = self.definitions[name].place
                document.fault(
                    name_node,
                    f"{shorten(name)} is already defined in {first.file}:{first.line}.",
                    "Choose another name.",
                )
                continue
            when = self._when(document, value)
            if when == AllOf():
                document.fault(value, "The definition names no fact.", "Name at least one.")
            self.definitions[name] = Definition(name, when, self._place(document, name_node))

    def _is(self, document: Document, node: Node) -> list[When]:
        """The conditions that were defined under these names."""
        return [
            Is(name, self.definitions[name].when if is_known else AnyOf())
            for name, part in document.texts(node)
            for is_known in [self._known(document, part, name, self.definitions, "definition")]
        ]

    def _read_tool_group(self, document: Document, name: str, name_node: Node, node: Node) -> None:
        if name in self.tool_groups:
            document.fault(name_node, f"The tool group {shorten(name)} is already defined.")
            return
        if isinstance(node, yaml.MappingNode):
            self.tool_groups[name] = self._when(document, node, own_groups=False)
        else:
            ids = self._values(document, self.vocabulary.facts["tool.id"], node)
            self.tool_groups[name] = Test("tool.id", "any_of", ids)

    def _read_overlay_bodies(self, document: Document, node: Node | None) -> None:
        if not isinstance(node, yaml.MappingNode):
            return
        for key_node, value in node.value:
            overlay = self.overlays.get(str(key_node.value))
            if overlay is None or not isinstance(value, yaml.MappingNode):
                continue
            part = {str(k.value): v for k, v in value.value}
            when = self._when(document, part["when"]) if "when" in part else None
            if when is not None and not facts_of(when) <= OVERLAY_FACTS:
                document.fault(
                    part["when"],
                    f"An overlay is defined by {', '.join(sorted(OVERLAY_FACTS))} alone.",
                    "Put what else must hold into a rule.",
                )
            level = self._lowest_level(document, part.get("lowest_level"))
            self.overlays[overlay.id] = replace(overlay, when=when, lowest_level=level)

    def _read_obligation(self, document: Document, name: str, node: Node) -> None:
        fields = (
            document.fields(
                node, f"The obligation {name}", required=["text"], optional=["kind", "source"]
            )
            if isinstance(node, yaml.MappingNode)
            else {"text": node}
        )
        inherited = self.obligations.get(name)
        kind = document.choice(
            fields.get("kind"),
            ("must", "should"),
            "a kind of obligation",
            inherited.kind if inherited else "must",
        )
        if inherited and inherited.kind == "must" and kind == "should":
            document.fault(
                fields["kind"],
                f"{shorten(name)} is an obligation of the inherited pack, not advice.",
                "Say it in other words here, but leave `kind:` out.",
            )
        self.obligations[name] = Obligation(
            name,
            document.text(fields.get("text"), "text"),
            "should" if kind == "should" else "must",
            document.text(fields.get("source"), default=inherited.source if inherited else ""),
        )

    # -- tables ----------------------------------------------------------------------

    def _read_tables(self, document: Document) -> None:
        top = document.fields(document.root, "A file of tables", required=["tables"])
        for node in document.items(top.get("tables"), "tables"):
            part = document.fields(
                node,
                "A table",
                required=["id", "title", "columns", "rows"],
                optional=["source", "words"],
            )
            name = self._new_id(document, part.get("id"))
            words = self._words(document, part.get("words"))
            columns = self._columns(document, part.get("columns"))
            table = Table(
                name,
                document.text(part.get("title"), "title"),
                document.text(part.get("source")),
                tuple(columns),
                tuple(self._cells(document, part.get("rows"), columns, words)),
                self._place(document, node),
            )
            self.tables.append(table)

    def _words(self, document: Document, node: Node | None) -> dict[str, Cell]:
        words = {
            name: Cell("", "", "", Effect[name], Place(document.file, 1)) for name in EFFECT_WORDS
        }
        for word, _, value in document.pairs(node, "words"):
            words[word] = self._word(document, value)
        return words

    def _word(self, document: Document, node: Node) -> Cell:
        fields = (
            document.fields(
                node, "A word", required=["effect"], optional=["reviewer", "reason", "obligations"]
            )
            if isinstance(node, yaml.MappingNode)
            else {"effect": node}
        )
        effect = document.choice(fields.get("effect"), EFFECT_WORDS, "an effect", "prohibit")
        return Cell(
            "",
            "",
            "",
            Effect[effect],
            self._place(document, node),
            document.text(fields.get("reason")),
            self._role(document, fields.get("reviewer")),
            self._obligation_ids(document, fields.get("obligations")),
        )

    def _columns(self, document: Document, node: Node | None) -> list[Column]:
        columns = []
        for key, key_node, value in document.pairs(node, "columns"):
            if not isinstance(value, yaml.MappingNode):
                document.fault(value, "A column must be a condition on the tool.")
                columns.append(Column(key, key, AllOf(), self._place(document, key_node)))
                continue
            title, tests = key, []
            for name_node, part in value.value:
                if isinstance(name_node, yaml.ScalarNode) and name_node.value == "title":
                    title = document.text(part, "title")
                else:
                    tests.append((name_node, part))
            if key == OTHERWISE:
                if tests:
                    document.fault(
                        tests[0][0],
                        "The column `otherwise` takes the rest and has no condition of its own.",
                        "Write `otherwise: {}`.",
                    )
                when: When = AllOf()
            else:
                inner = yaml.MappingNode(value.tag, tests, value.start_mark, value.end_mark)
                when = self._when(document, inner)
            columns.append(Column(key, title, when, self._place(document, key_node)))
        if any(column.id == OTHERWISE for column in columns[:-1]):
            document.fault(node or document.root, "`otherwise` must be the last column.")  # type: ignore[arg-type]
        return columns

    def _cells(
        self,
        document: Document,
        node: Node | None,
        columns: Sequence[Column],
        words: Mapping[str, Cell],
    ) -> list[Cell]:
        cells: list[Cell] = []
        for fact_name, key_node, rows in document.pairs(node, "rows"):
            if fact_name not in ("data.level", "data.overlays"):
                document.fault(
                    key_node,
                    f"Rows are levels or overlays, not {shorten(fact_name)}.",
                    "Use data.level or data.overlays, or write a rule.",
                )
                continue
            fact = self.vocabulary.facts[fact_name]
            for value, value_node, row in document.pairs(rows, f"The rows of {fact_name}"):
                if fact_name == "data.level":
                    own = self._levels_like(document, value_node, value)
                elif self._known(document, value_node, value, fact.values, "overlay"):
                    own = (value,)
                else:
                    continue
                parts = document.items(row, "A row")
                if parts and len(parts) != len(columns):
                    document.fault(
                        row,
                        f"This row has {len(parts)} cells; the table has {len(columns)} columns.",
                    )
                for column, part in zip(columns, parts, strict=False):
                    cell = replace(
                        self._cell(document, part, words),
                        row_fact=fact_name,
                        column=column.id,
                        place=self._place(document, part),
                    )
                    cells.extend(replace(cell, row=name) for name in own)
        return cells

    def _cell(self, document: Document, node: Node, words: Mapping[str, Cell]) -> Cell:
        if isinstance(node, yaml.MappingNode):
            return self._word(document, node)
        word = document.text(node, "A cell")
        if word not in words:
            document.fault(
                node, f"{shorten(word)} is not a word of this table.", nearest(word, words)
            )
        return words.get(word, words["prohibit"])

    # -- rules -----------------------------------------------------------------------

    def _read_rules(self, document: Document) -> None:
        top = document.fields(document.root, "A file of rules", required=["rules"])
        for node in document.items(top.get("rules"), "rules"):
            part = document.fields(
                node,
                "A rule",
                required=["id", "title", "effect", "when", "reason", "source"],
                optional=[
                    "unless",
                    "obligations",
                    "reviewer",
                    "effective_from",
                    "effective_until",
                    "reviewed",
                    "unsettled",
                    "exceptionable",
                ],
            )
            if isinstance(node, yaml.MappingNode):
                self._add_rule(document, node, part)

    def _add_rule(self, document: Document, node: Node, part: Mapping[str, Node]) -> None:
        effect = document.choice(
            part.get("effect"), EFFECT_WORDS, "an effect of a rule", "prohibit"
        )
        obligations = self._obligation_ids(document, part.get("obligations"))
        if effect == "allow" and not self._only_advises(obligations):
            document.fault(
                part["effect"],
                "Rules only restrict; a table allows.",
                "Use allow_with_conditions, review or prohibit; `allow` is for rules whose "
                "obligations are all advice (`kind: should`).",
            )
        if "unsettled" in part and effect not in ("review", "prohibit"):
            document.fault(
                part["unsettled"],
                "What the sources leave open needs somebody to look at it.",
                "Write `effect: review`, or prohibit.",
            )
        grant = part.get("exceptionable")
        exception = document.fields(grant, "exceptionable", required=["max_days", "approver"])
        start = document.date(part.get("effective_from"), "effective_from")
        end = document.date(part.get("effective_until"), "effective_until")
        if start and end and end < start:
            document.fault(part["effective_until"], "The rule ends before it starts.")
        when = self._when(document, part["when"]) if "when" in part else AllOf()
        if "when" in part and when == AllOf():
            document.fault(
                part["when"],
                "`when:` names no fact, so the rule would always apply.",
                "Name at least one fact.",
            )
        self.rules.append(
            Rule(
                id=self._new_id(document, part.get("id")),
                title=document.text(part.get("title"), "title"),
                effect=Effect[effect],
                when=when,
                place=self._place(document, node),
                reason=document.text(part.get("reason"), "reason"),
                source=document.text(part.get("source"), "source"),
                unless=tuple(
                    self._unless(document, item)
                    for item in document.items(part.get("unless"), "unless")
                ),
                obligations=obligations,
                reviewer=self._role(document, part.get("reviewer")),
                effective_from=start,
                effective_until=end,
                reviewed=document.date(part.get("reviewed"), "reviewed"),
                unsettled=document.text(part.get("unsettled")),
                exception_days_max=document.integer(exception.get("max_days"), "max_days"),
                exception_approver=self._role(document, exception.get("approver")),
            )
        )

    def _only_advises(self, obligations: Sequence[str]) -> bool:
        kinds = {self.obligations[name].kind for name in obligations}
        return kinds == {"should"}

    def _unless(self, document: Document, node: Node) -> Unless:
        part = document.fields(node, "An exception", required=["id", "when"], optional=["source"])
        when = self._when(document, part["when"]) if "when" in part else AnyOf()
        if when == AllOf():
            document.fault(
                part["when"],
                "`when:` names no fact, so the rule would never apply.",
                "Name at least one fact.",
            )
        return Unless(document.text(part.get("id"), "id"), when, document.text(part.get("source")))

    # -- conditions --------------------------------------------------------------------

    def _when(self, document: Document, node: Node, *, own_groups: bool = True) -> When:
        parts: list[When] = []
        for key, key_node, value in document.pairs(node, "A condition"):
            if key in ("any", "all"):
                inner = tuple(
                    self._when(document, item, own_groups=own_groups)
                    for item in document.items(value, f"{key}:")
                )
                if not inner or AllOf() in inner:
                    document.fault(
                        value,
                        f"`{key}:` has a part that names no fact.",
                        "Name a fact in each part.",
                    )
                parts.append(AnyOf(inner) if key == "any" else AllOf(inner))
                continue
            if key == "is":
                parts.extend(self._is(document, value))
                continue
            if key == "at_least":
                parts.append(self._at_least(document, value, own_groups))
                continue
            fact = self._fact(document, key_node, key)
            if fact is None:
                continue
            if fact.id == "tool.group" and not own_groups:
                document.fault(
                    key_node,
                    "A tool group cannot be defined by tool groups.",
                    "Use facts of the tool.",
                )
                continue
            parts.extend(self._tests(document, fact, value))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _at_least(self, document: Document, node: Node, own_groups: bool) -> When:
        """So many of the conditions hold."""
        part = document.fields(node, "at_least", required=["number", "of"])
        number = document.integer(part.get("number"), "number") or 0
        inner = [
            self._when(document, item, own_groups=own_groups)
            for item in document.items(part.get("of"), "of:")
        ]
        if not 1 < number < len(inner) or len(inner) > AT_LEAST_MAX or AllOf() in inner:
            document.fault(
                node,
                "`at_least:` takes a number, and more conditions than that, each with a fact.",
                f"Use 2 or more of at most {AT_LEAST_MAX}; `any:` is one of them, `all:` is all.",
            )
            return AnyOf()
        return AtLeast(number, tuple(inner))

    def _tests(self, document: Document, fact: Fact, node: Node) -> list[When]:
        if not isinstance(node, yaml.MappingNode):
            return [self._test(document, fact, "any_of", node)]
        tests: list[When] = []
        allowed = _OPERATORS[fact.type]
        for operator, key_node, value in document.pairs(node, f"The condition on {fact.id}"):
            if operator not in allowed:
                document.fault(
                    key_node,
                    f"{shorten(operator)} cannot be used with {fact.id} ({fact.type}).",
                    f"Use one of: {', '.join(allowed)}.",
                )
                continue
            tests.append(self._test(document, fact, operator, value))
        return tests

    def _test(self, document: Document, fact: Fact, operator: str, node: Node) -> Test:
        if operator in ("above", "up_to"):
            word = self._substitute(document, node, document.text(node, operator))
            scale = self.scale
            options = [
                *(scale.levels if scale else self.levels),
                *(
                    f.id
                    for f in self.vocabulary.facts.values()
                    if f.type == "level" and f.id != fact.id
                ),
            ]
            if len(word) != 1 or word[0] not in options:
                document.fault(
                    node,
                    f"{shorten(', '.join(word))} is not a level.",
                    nearest(word[0] if word else "", options),
                )
                word = (next(iter(options), ""),)
            if scale is not None and word[0] in scale.levels:
                return Test(fact.id, "any_of", scale.matching(operator, word[0]))
            return Test(fact.id, operator, word)
        if fact.type == "integer":
            return self._integer_test(document, fact, operator, node)
        values = self._values(document, fact, node)
        return Test(fact.id, operator, values)

    def _integer_test(self, document: Document, fact: Fact, operator: str, node: Node) -> Test:
        numbers = []
        for word, part in document.texts(node):
            for text in self._substitute(document, part, word):
                if not text.isascii() or not text.isdigit() or len(text) > 15:
                    document.fault(
                        part, f"{fact.id} is compared with whole numbers, not {shorten(text)}."
                    )
                else:
                    numbers.append(int(text))
        if operator in ("more_than", "at_most") and len(numbers) != 1:
            document.fault(node, f"{operator} takes one number.")
            numbers = numbers[:1] or [0]
        starts = self.thresholds.setdefault(fact.id, set())
        for number in numbers:
            starts.add(number + 1)
            if operator in ("any_of", "not"):
                starts.add(number)
        return Test(fact.id, operator, tuple(str(number) for number in numbers))

    def _values(self, document: Document, fact: Fact, node: Node) -> tuple[str, ...]:
        groups = self.groups.get(fact.id, {})
        values: list[str] = []
        for written, part in document.texts(node):
            for word in self._substitute(document, part, written):
                if fact.type == "level" and self.scale is not None:
                    values.extend(self._levels_like(document, part, word))
                elif word in fact.values:
                    values.append(word)
                elif word in groups:
                    values.extend(groups[word])
                else:
                    document.fault(
                        part,
                        f"{shorten(word)} is not a value of {fact.id}.",
                        nearest(word, [*fact.values, *groups]),
                    )
        if isinstance(node, yaml.SequenceNode) and not node.value:
            document.fault(node, f"The list of values of {fact.id} is empty.")
        return tuple(dict.fromkeys(values))

    # -- levels of an inherited pack whose place others took -----------------------------

    def _levels_like(self, document: Document, node: Node, word: str) -> tuple[str, ...]:
        """The levels in force that stand for a level of the pack at hand."""
        own = {name: (name,) for name in self.levels} if self.scale is None else self.scale.own
        return own[word] if self._known(document, node, word, own, "value of data.level") else ()

    def _lowest_level(self, document: Document, node: Node | None) -> str:
        """A level below which nothing is, in the levels in force."""
        return self._level(document, node, Scale.at_least)

    def _highest_level(self, document: Document, node: Node | None) -> str:
        """A level above which nothing is, in the levels in force."""
        return self._level(document, node, Scale.at_most)

    def _level(
        self, document: Document, node: Node | None, find: Callable[[Scale, str], str]
    ) -> str:
        scale = self.scale
        options = tuple(self.levels) if scale is None else scale.levels
        level = document.choice(node, options, "a level of this policy")
        return find(scale, level) if scale is not None and level else level

    def _substitute(self, document: Document, node: Node, word: str) -> tuple[str, ...]:
        if not word.startswith("$"):
            return (word,) if word else ()
        name = word[1:]
        if name not in self.parameters:
            document.fault(
                node, f"There is no parameter {shorten(name)}.", nearest(name, self.parameters)
            )
            return ()
        return self.parameters[name]

    # -- remedies --------------------------------------------------------------------------

    def _read_remedies(self, document: Document) -> None:
        """The changes that people can make; one of the inherited pack may be described anew."""
        top = document.fields(document.root, "remedies.yaml", optional=["switch_tool", "remedies"])
        switch = document.fields(top.get("switch_tool"), "switch_tool", optional=_MOVE_FIELDS)
        if "switch_tool" in top:
            self.switch_tool = self._move(
                document, top["switch_tool"], switch, SWITCH_TOOL.id, SWITCH_TOOL.title, ()
            )
        seen: set[str] = set()
        for node in document.items(top.get("remedies"), "remedies"):
            part = document.fields(
                node, "A remedy", required=["id", "title", "sets"], optional=_MOVE_FIELDS
            )
            name = document.text(part.get("id"), "id")
            if not name or not self._is_id(document, part["id"], name):
                continue
            if name in seen or name in self.vocabulary.facts["tool.id"].values:
                document.fault(
                    part["id"], f"{shorten(name)} is already a remedy or a tool.", "Rename it."
                )
            seen.add(name)
            level = self._level_set(document, part.get("sets"))
            if level == "":
                self.moves_without_level.add(name)  # the organisation has no such level
                continue
            sets = tuple(
                self._set_by(document, key_node, said)
                for key, key_node, value in document.pairs(part.get("sets"), "sets")
                if (said := self._set_statement(document, key, key_node, value, level)) is not None
            )
            if isinstance(part.get("sets"), yaml.MappingNode) and not part["sets"].value:
                document.fault(
                    part["sets"], "This remedy sets nothing.", "Give a fact and a value."
                )
            title = document.text(part.get("title"), "title")
            if level is not None:
                title = title.replace("{level}", self.levels[level].title)
            move = self._move(document, node, part, name, title, sets)
            if any(said.fact == "data.level" for said in sets) and move.who == ("you",):
                document.fault(
                    part["sets"],
                    "A lower level is a decision of somebody else.",
                    "Add `who: [you, reviewer]`.",
                )
            self.moves[name] = move

    def _level_set(self, document: Document, node: Node | None) -> str | None:
        """The level in force that a change sets: nothing where it sets none, empty where the
        organisation has no such level."""
        if not isinstance(node, yaml.MappingNode):
            return None
        for key_node, value in node.value:
            if key_node.value == "data.level" and isinstance(value, yaml.ScalarNode):
                word = document.text(value)
                known = self.levels if self.scale is None else self.scale.own
                if word in known:
                    return (*("",), *self._levels_like(document, value, word))[-1]
        return None

    def _set_statement(
        self, document: Document, name: str, name_node: Node, value: Node, level: str | None
    ) -> Statement | None:
        if name == "data.level" and level is not None:
            return statement(self.vocabulary, name, level)
        return self._statement(document, name, name_node, value)

    def _move(
        self,
        document: Document,
        node: Node,
        part: Mapping[str, Node],
        name: str,
        title: str,
        sets: tuple[Statement, ...],
    ) -> Move:
        cost = document.integer(part.get("cost"), "cost")
        if cost is None:
            costs = [self.vocabulary.facts[said.fact].cost for said in sets]
            cost = max(costs, default=0) or SWITCH_TOOL.cost
        return Move(
            name,
            title,
            sets,
            tuple(
                dict.fromkeys(
                    document.choice(part_node, WHO, "somebody who can do it", "you")
                    for _, part_node in document.texts(part.get("who"))
                )
            )
            or ("you",),
            cost,
            document.text(part.get("usual_time")),
            document.text(part.get("evidence")),
            self._place(document, node),
        )

    def _set_by(self, document: Document, node: Node, said: Statement) -> Statement:
        """What a change may set: something in the world, never what the policy says of it or
        what somebody says of a use."""
        fixed = ("purpose.", "actor.", "model.")
        by_policy = ("tool.id", "tool.group", "tool.approval", "tool.cleared_level")
        if said.fact.startswith(fixed) or said.fact in by_policy:
            document.fault(
                node,
                f"No change can set {said.fact}.",
                "Tools are switched by `switch_tool:`; an approval is the reviewer's.",
            )
        elif said.fact in ("data.categories", "data.overlays", "data.subjects") and (
            said.present or said.is_complete
        ):
            document.fault(
                node, "Data can only be left out.", f"Write {said.fact}: {{none_of: [...]}}."
            )
        elif said.is_unsure or said.says_nothing:
            document.fault(node, f"{said.fact} is set to nothing.", "Give a value.")
        return said.from_("approver")

    # -- provisions ------------------------------------------------------------------------

    def _read_provisions(self, document: Document) -> None:
        top = document.fields(document.root, "provisions.yaml", required=["provisions"])
        for node in document.items(top.get("provisions"), "provisions"):
            part = document.fields(
                node,
                "A provision",
                required=["id", "title", "source", "reviewed"],
                optional=["applies_from", "by", "why_not", "unsettled"],
            )
            if not isinstance(node, yaml.MappingNode):
                continue
            if ("by" in part) == ("why_not" in part):
                document.fault(
                    node,
                    "A provision says either what covers it or why nothing does.",
                    "Write `by:` with ids of rules, tables or obligations, or `why_not:`.",
                )
            self.provisions.append(
                Provision(
                    id=document.text(part.get("id"), "id"),
                    title=document.text(part.get("title"), "title"),
                    source=document.text(part.get("source"), "source"),
                    place=self._place(document, node),
                    by=self._covering(document, part.get("by")),
                    why_not=document.text(part.get("why_not")),
                    unsettled=document.text(part.get("unsettled")),
                    applies_from=document.date(part.get("applies_from"), "applies_from"),
                    reviewed=document.date(part.get("reviewed"), "reviewed"),
                )
            )

    def _covering(self, document: Document, node: Node | None) -> tuple[str, ...]:
        """Ids of rules, tables, rows of them (`TABLE/row`), obligations, overlays or kinds of
        the policy set so far."""
        rows = {f"{table.id}/{cell.row}" for table in self.tables for cell in table.cells}
        known = [*self.ids, *sorted(rows), *self.obligations, *self.overlays, *self.moves]
        return tuple(
            word
            for word, part in document.texts(node)
            if word not in self.moves_without_level
            and self._known(document, part, word, known, "rule, table, obligation or remedy")
        )

    # -- approvals and tests -------------------------------------------------------------

    def _read_approvals(self, document: Document) -> None:
        top = document.fields(document.root, "approvals.yaml", optional=["tools", "models"])
        for kind in ("tools", "models"):
            fact = self.vocabulary.facts["tool.id" if kind == "tools" else "model.id"]
            required = ["id", "status"] if kind == "tools" else ["id", "on", "status"]
            seen: set[tuple[str, str]] = set()
            for node in document.items(top.get(kind), kind):
                part = document.fields(
                    node,
                    f"An approval of {kind}",
                    required=required,
                    optional=[
                        "owner",
                        "since",
                        "review_due",
                        "reason",
                        "conditions",
                        *(["cleared_level", "facts"] if kind == "tools" else []),
                    ],
                )
                approval = self._approval(document, node, part, fact)
                key = (approval.on, approval.id)
                if not approval.id:
                    continue
                inherited = self.approvals.get(key)
                if key in seen:
                    document.fault(node, f"{shorten(approval.id)} is listed twice.", "Keep one.")
                elif inherited is not None:
                    approval = self._tightened(document, node, inherited, approval)
                seen.add(key)
                self.approvals[key] = approval

    def _tightened(
        self, document: Document, node: Node, inherited: Approval, approval: Approval
    ) -> Approval:
        """An approval of the inherited pack, listed again: its limits stay, others may come."""
        if STATUSES.index(approval.status) < STATUSES.index(inherited.status):
            document.fault(
                node,
                f"{shorten(approval.id)} is {inherited.status} in the inherited pack; "
                "it can be made stricter here, not looser.",
                f"Use {inherited.status}, or change the inherited pack.",
            )
        levels = [level for level in (inherited.cleared_level, approval.cleared_level) if level]
        return replace(
            approval,
            cleared_level=min(levels, key=list(self.levels).index, default=""),
            conditions=tuple(dict.fromkeys((*inherited.conditions, *approval.conditions))),
            facts=(*inherited.facts, *approval.facts),
        )

    def _approval(
        self, document: Document, node: Node, part: Mapping[str, Node], fact: Fact
    ) -> Approval:
        ids = [value for value in fact.values if value != "unlisted"]
        tools = [v for v in self.vocabulary.facts["tool.id"].values if v != "unlisted"]
        status = document.choice(part.get("status"), STATUSES, "a status", "blocked")
        return Approval(
            id=document.choice(part.get("id"), ids, f"a known {fact.title.lower()}"),
            status=status,  # type: ignore[arg-type]  # checked by choice() above
            place=self._place(document, node),
            on=document.choice(part.get("on"), tools, "a known tool"),
            owner=document.text(part.get("owner")),
            since=document.date(part.get("since"), "since"),
            review_due=document.date(part.get("review_due"), "review_due"),
            reason=document.text(part.get("reason")),
            cleared_level=self._highest_level(document, part.get("cleared_level")),
            conditions=self._obligation_ids(document, part.get("conditions")),
            facts=tuple(
                said.from_("profile")
                for said in self._statements(document, part.get("facts"), "facts")
            ),
        )

    def _read_tests(self, document: Document) -> None:
        top = document.fields(
            document.root,
            "A file of tests",
            required=["suite", "cases"],
            optional=["as_of", "facts"],
        )
        suite = document.text(top.get("suite"), "suite")
        as_of = document.date(top.get("as_of"), "as_of")
        shared = {s.fact: s for s in self._statements(document, top.get("facts"), "facts")}
        for node in document.items(top.get("cases"), "cases"):
            self._read_case(document, node, suite, as_of, shared)

    def _read_case(
        self,
        document: Document,
        node: Node,
        suite: str,
        as_of: datetime.date | None,
        shared: Mapping[str, Statement],
    ) -> None:
        part = document.fields(
            node, "A test", required=["name"], optional=["given", "expect", "for_each", "as_of"]
        )
        given = {s.fact: s for s in self._statements(document, part.get("given"), "given")}
        base = Case(
            suite,
            document.text(part.get("name"), "name"),
            self._place(document, node),
            document.date(part.get("as_of"), "as_of") or as_of,
            tuple({**shared, **given}.values()),
        )
        if ("expect" in part) == ("for_each" in part):
            document.fault(node, "A test needs either `expect:` or `for_each:`.")
            return
        if "expect" in part:
            self.cases.append(self._expect(document, part["expect"], base))
        else:
            self._for_each(document, part["for_each"], base)

    def _expect(self, document: Document, node: Node, base: Case) -> Case:
        part = document.fields(
            node,
            "expect",
            optional=[
                "decision",
                "best_case",
                "worst_case",
                "rules",
                "obligations",
                "advice",
                "questions",
                "remedies",
            ],
        )
        if not part:
            document.fault(
                node,
                "`expect:` says nothing, so the test could not fail.",
                "Expect at least a decision.",
            )
        listed = {name: part.get(name) for name in ("rules", "obligations", "advice")}
        only = {name for name, at in listed.items() if isinstance(at, yaml.MappingNode)}
        for name in only:
            fields = document.fields(listed[name], name, required=["only"])
            listed[name] = fields.get("only")
        return replace(
            base,
            decision=document.choice(part.get("decision"), DECISION_WORDS, "a decision"),
            best_case=document.choice(part.get("best_case"), EFFECT_WORDS, "an effect"),
            worst_case=document.choice(part.get("worst_case"), EFFECT_WORDS, "an effect"),
            rules=self._expected_ids(document, listed["rules"], None, "rule"),
            obligations=self._expected_ids(
                document, listed["obligations"], self.obligations, "obligation"
            ),
            advice=self._expected_ids(document, listed["advice"], self.obligations, "advice"),
            only=frozenset(only),
            questions=self._expected_ids(
                document, part.get("questions"), self.vocabulary.facts, "fact"
            ),
            remedies=self._expected_remedies(document, part.get("remedies")),
        )

    def _expected_remedies(
        self, document: Document, node: Node | None
    ) -> dict[Effect, tuple[frozenset[str], ...]]:
        known = [*self.moves, *self.vocabulary.facts["tool.id"].values]
        found: dict[Effect, tuple[frozenset[str], ...]] = {}
        for target, key_node, sets in document.pairs(node, "remedies"):
            if self._known(document, key_node, target, EFFECT_WORDS[:-1], "better outcome"):
                found[Effect[target]] = tuple(
                    frozenset(self._expected_ids(document, item, known, "remedy") or ())
                    for item in document.items(sets, target)
                )
        return found

    def _expected_ids(
        self,
        document: Document,
        node: Node | None,
        known: Mapping[str, object] | Sequence[str] | None,
        what: str,
    ) -> tuple[str, ...] | None:
        if node is None:
            return None
        return tuple(
            word
            for word, part in document.texts(node)
            if known is None or self._known(document, part, word, known, what)
        )

    def _for_each(self, document: Document, node: Node, base: Case) -> None:
        part = document.fields(node, "for_each", required=["columns", "rows"])
        names = document.texts(part.get("columns"))
        for name, name_node in names:
            if name != "decision":
                self._fact(document, name_node, name)
        if "decision" not in [name for name, _ in names]:
            document.fault(node, "`for_each:` needs a column named decision.")
            return
        for row in document.items(part.get("rows"), "rows"):
            cells = document.items(row, "A row")
            if len(cells) != len(names):
                document.fault(
                    row, f"This row has {len(cells)} cells; the header has {len(names)}."
                )
                continue
            case, facts = base, {s.fact: s for s in base.facts}
            for (name, _), cell in zip(names, cells, strict=True):
                if name == "decision":
                    word = document.choice(cell, DECISION_WORDS, "a decision")
                    case = replace(case, decision=word)
                elif name in self.vocabulary.facts:
                    said = self._statement(document, name, cell, cell)
                    if said is not None:
                        facts[name] = said
            shown = ", ".join(str(plain(cell)) for cell in cells)
            self.cases.append(
                replace(
                    case,
                    name=f"{base.name}: {shown}",
                    place=self._place(document, row),
                    facts=tuple(facts.values()),
                )
            )

    # -- small things ----------------------------------------------------------------

    def _statements(self, document: Document, node: Node | None, what: str) -> list[Statement]:
        found = []
        for name, key_node, value in document.pairs(node, what):
            said = self._statement(document, name, key_node, value)
            if said is not None:
                found.append(said)
        return found

    def _statement(
        self, document: Document, name: str, name_node: Node, value: Node
    ) -> Statement | None:
        if self._fact(document, name_node, name) is None:
            return None
        try:
            return statement(self.vocabulary, name, plain(value))
        except RequestError as error:
            document.fault(value, error.problem, error.remedy)
            return None

    def _fact(self, document: Document, node: Node, name: str) -> Fact | None:
        if self._known(document, node, name, self.vocabulary.facts, "fact"):
            return self.vocabulary.facts[name]
        return None

    def _known(
        self,
        document: Document,
        node: Node,
        word: str,
        options: Mapping[str, object] | Sequence[str],
        what: str,
    ) -> bool:
        if word in options:
            return True
        if word:
            document.fault(
                node, f"{shorten(word)} is not a known {what}.", nearest(word, list(options))
            )
        return False

    def _obligation_ids(self, document: Document, node: Node | None) -> tuple[str, ...]:
        return tuple(
            word
            for word, part in document.texts(node)
            if self._known(document, part, word, self.obligations, "obligation")
        )

    def _role(self, document: Document, node: Node | None) -> str:
        role = document.text(node, "reviewer")
        if role and node is not None:
            self._known(document, node, role, self.contacts, "contact")
        return role

    def _new_id(self, document: Document, node: Node | None) -> str:
        name = document.text(node, "id")
        if node is None or not name or not self._is_id(document, node, name):
            return name
        if name in self.ids:
            first = self.ids[name]
            document.fault(
                node,
                f"The id {shorten(name)} is already used in {first.file}:{first.line}.",
                "Choose another id.",
            )
        self.ids.setdefault(name, self._place(document, node))
        return name

    @staticmethod
    def _is_id(document: Document, node: Node, name: str) -> bool:
        if _ID.fullmatch(name):
            return True
        document.fault(
            node,
            f"{shorten(name)} cannot be an id.",
            "Use letters, digits, and - _ . : between them.",
        )
        return False

    @staticmethod
    def _place(document: Document, node: Node) -> Place:
        mark = node.start_mark
        return Place(document.file, mark.line + 1, mark.column + 1)

    # -- the result --------------------------------------------------------------------

    def result(self, digest: str) -> PolicySet:
        """The policy set; only meaningful where no fault was noted."""
        pack, part = self.heads[-1]
        document = pack.head
        stale = [d for d in (self._head_date(p, h, "stale_after") for p, h in self.heads) if d]
        laws = [d for d in (self._head_date(p, h, "law_as_of") for p, h in self.heads) if d]
        return PolicySet(
            name=document.text(part.get("name"), default=pack.name),
            title=document.text(part.get("title"), default=pack.name),
            owner=document.text(part.get("owner")),
            version=document.text(part.get("version")),
            levels=tuple(self.levels.values()),
            law_as_of=min(laws, default=None),
            stale_after=min(stale, default=None),
            adopted_by=document.text(part.get("adopted_by")),
            adopted_on=self._head_date(pack, part, "adopted_on"),
            inherits=tuple(other.name for other, _ in self.heads[:-1]),
            overlays=tuple(self.overlays.values()),
            tool_groups=MappingProxyType(self.tool_groups),
            definitions=MappingProxyType(self.definitions),
            obligations=MappingProxyType(self.obligations),
            advice=tuple(self.advice),
            contacts=MappingProxyType(self.contacts),
            profile=tuple(self.profile.values()),
            presumed=tuple(self.presumed.values()),
            units=MappingProxyType(self.units),
            kind_levels=MappingProxyType(self.kind_levels),
            incident=self.incident,
            when_not_covered=self.when_not_covered,
            tables=tuple(self.tables),
            rules=tuple(self.rules),
            provisions=tuple(self.provisions),
            approvals=tuple(self.approvals.values()),
            moves=tuple(self.moves.values()),
            switch_tool=self.switch_tool,
            cases=tuple(self.cases),
            thresholds={fact: frozenset(v) for fact, v in self.thresholds.items()},
            digest=digest,
        )

    @staticmethod
    def _head_date(pack: PackFiles, part: Mapping[str, Node], name: str) -> datetime.date | None:
        return pack.head.date(part.get(name), name) if name in part else None
