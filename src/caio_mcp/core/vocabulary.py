"""The words of the product, and the facts that can be known about a proposed use.

Glossary (one idea, one word):

proposed use    what somebody wants to do: purpose, tool, data, processing
fact            one named, typed thing about a use; what is known of it is the set of
                values still possible, and unknown means all of them
provenance      where a fact comes from: stated, derived, scanned, catalogue, profile,
                assumed, approver
level           the organisation's own ordered data classification
overlay         a regulated kind of data beside the levels (PHI, PAN, FERPA, ...)
table           a matrix that grants; rule: a condition that restricts
decision        allow < allow_with_conditions < review < prohibit, or need_more_information
determining     the rules and cells that made the decision
obligation      what must be done (XACML); advice: what should be done
question        a fact whose answer can change the decision
remedy          a minimal change after which the decision is a better one
policy set      a folder of policies with one version and one hash
catalogue       what is true about tools and models, with source and date
register        the book of uses that somebody owns; entry: one of them
decision log    the log of every check
caller          who asks: person, unit, organisation, roles, and how sure that is
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from ..errors import RequestError
from .document import Document, Node, plain
from .wording import Plain, nearest, normal, quote, shorten

if TYPE_CHECKING:
    from .facts import Statement

FactType = Literal["choice", "set", "integer", "level"]
Provenance = Literal["stated", "derived", "scanned", "catalogue", "profile", "assumed", "approver"]

OTHER_UNIT = "other_unit"  # actor.unit of somebody whose unit the policy does not list
UNLISTED = "unlisted"  # tool.id and model.id of something the catalogue does not know
OUT, IN = 1, 2  # the two values of a set member: masks over ("out", "in")


class Effect(IntEnum):
    """What a rule or cell does; the most restrictive one decides (XACML deny-overrides)."""

    allow = 0
    allow_with_conditions = 1
    review = 2
    prohibit = 3


EFFECTS: tuple[Effect, ...] = tuple(Effect)
NEED_MORE = "need_more_information"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact."""

    id: str
    title: str
    dpv: str = ""
    synonyms: tuple[str, ...] = ()
    sign: str = ""  # what a person can look at to know that it is this one
    reads: str = ""  # what is taken to be so with it, in words
    implies: Mapping[str, Plain] = field(default_factory=dict)
    derives: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the vocabulary. `cost` says how hard it is to change (0 cannot be)."""

    id: str
    title: str
    type: FactType
    values: Mapping[str, Value]
    values_from: str = ""
    ask: str = ""
    asked_of: str = "nobody"
    ordinary: str = ""
    when_unsure: str = ""
    cost: int = 0
    unit: str = ""
    dpv: str = ""
    others: Collection[str] = ()  # what is known beside the values; each counts as UNLISTED

    @property
    def is_askable(self) -> bool:
        """Whether a person can be asked for it."""
        return self.asked_of != "nobody"

    def title_of(self, value: str) -> str:
        """The everyday words for a value."""
        return self.values[value].title if value in self.values else value


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts, in the order in which they are preferred as questions of equal worth."""

    facts: Mapping[str, Fact]
    documents: Mapping[str, Document] = field(default_factory=dict, compare=False)
    read: dict[tuple[str, str | None, str], Statement] = field(
        default_factory=dict, compare=False, repr=False
    )  # kept by facts.statement()

    def fact(self, name: str) -> Fact:
        """The fact of that name, or an error that names the nearest one."""
        try:
            return self.facts[name]
        except KeyError:
            raise RequestError(
                f"There is no fact {quote(name)}.", remedy=nearest(name, self.facts)
            ) from None

    def with_values(
        self,
        values: Mapping[str, Sequence[Value]],
        others: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> Vocabulary:
        """The vocabulary with the values that a policy set and a catalogue give, and with what
        else is known there."""
        facts = {
            fact.id: _with_values(
                fact, values[fact.values_from or fact.type], others.get(fact.values_from, ())
            )
            if (fact.values_from or fact.type) in values
            else fact
            for fact in self.facts.values()
        }
        return Vocabulary(MappingProxyType(facts), self.documents)


def _with_values(fact: Fact, values: Sequence[Value], others: Collection[str]) -> Fact:
    return Fact(
        fact.id,
        fact.title,
        fact.type,
        {v.id: v for v in values},
        fact.values_from,
        fact.ask,
        fact.asked_of,
        fact.ordinary,
        fact.when_unsure,
        fact.cost,
        fact.unit,
        fact.dpv,
        others,
    )


# What tables, approvals and everyday words are about; every vocabulary has these facts.
REQUIRED = (
    "purpose.task",
    "tool.id",
    "tool.group",
    "tool.approval",
    "tool.cleared_level",
    "model.id",
    "model.approval",
    "data.level",
    "data.overlays",
    "data.categories",
    "data.subjects",
)
_FACT_FIELDS = (
    "ask",
    "asked_of",
    "ordinary",
    "when_unsure",
    "cost",
    "unit",
    "dpv",
    "values",
    "values_from",
)
_TYPES = ("choice", "set", "integer", "level")
_ASKED_OF = ("you", "it", "legal", "reviewer", "nobody")
_VALUES_FROM = ("tools", "tool_groups", "levels", "overlays", "models", "units")


def read_vocabulary(documents: Sequence[Document]) -> Vocabulary:
    """The facts that the documents define; what is wrong is noted in the documents."""
    facts: dict[str, Fact] = {}
    homes: dict[str, Document] = {}
    for document in documents:
        top = document.fields(document.root, "A vocabulary", required=["facts"])
        for node in document.items(top.get("facts"), "facts"):
            fact = _read_fact(document, node)
            if fact.id in facts:
                document.fault(
                    node, f"The fact {shorten(fact.id)} is already defined.", "Choose another id."
                )
            elif fact.id:
                facts[fact.id] = fact
                homes[fact.id] = document
    for name in REQUIRED:
        for document in documents[:1]:
            if name not in facts and document.root is not None:
                document.fault(document.root, f"The vocabulary has no fact {name!r}.", "Add it.")
    return Vocabulary(MappingProxyType(facts), homes)


def _read_fact(document: Document, node: Node) -> Fact:
    part = document.fields(node, "A fact", required=["id", "title", "type"], optional=_FACT_FIELDS)
    kind = document.choice(part.get("type"), _TYPES, "a type of fact", "choice")
    values: dict[str, Value] = {}
    words: dict[str, str] = {}
    for key, key_node, node_of_value in document.pairs(part.get("values"), "values"):
        values[key] = _read_value(document, key, node_of_value)
        _note_shared_words(document, key_node, values[key], words)
    if kind in ("choice", "set") and not values and "values_from" not in part:
        document.fault(node, "A fact of type choice or set needs `values:`.")
    name = document.text(part.get("id"), "id")
    if name and "." not in name:
        document.fault(part["id"], f"{shorten(name)} has no group.", "Write it like data.level.")
    return Fact(
        id=name,
        title=document.text(part.get("title"), "title"),
        type=kind,  # type: ignore[arg-type]  # checked by choice() above
        values=values,
        values_from=document.choice(part.get("values_from"), _VALUES_FROM, "a source of values"),
        ask=document.text(part.get("ask"), "ask"),
        asked_of=document.choice(part.get("asked_of"), _ASKED_OF, "somebody to ask", "nobody"),
        ordinary=document.text(part.get("ordinary")),
        when_unsure=document.text(part.get("when_unsure")),
        cost=document.integer(part.get("cost"), "cost") or 0,
        unit=document.text(part.get("unit")),
        dpv=document.text(part.get("dpv")),
    )


def _note_shared_words(document: Document, node: Node, value: Value, words: dict[str, str]) -> None:
    """Add the words for a value to those of its fact; one that another value has is a fault."""
    for word in (value.id, value.title, *value.synonyms):
        if word and words.setdefault(normal(word), value.id) != value.id:
            document.fault(
                node,
                f"{shorten(word)} is already a word for {words[normal(word)]}.",
                "A word stands for one value of a fact.",
            )


def _read_value(document: Document, key: str, node: Node) -> Value:
    part = document.fields(
        node,
        f"The value {key}",
        required=["title"],
        optional=["dpv", "synonyms", "sign", "reads", "implies", "derives"],
    )
    return Value(
        id=key,
        title=document.text(part.get("title"), "title"),
        dpv=document.text(part.get("dpv")),
        synonyms=tuple(word for word, _ in document.texts(part.get("synonyms"))),
        sign=document.text(part.get("sign")),
        reads=document.text(part.get("reads")),
        implies={
            name: plain(node) for name, _, node in document.pairs(part.get("implies"), "implies")
        },
        derives={
            name: plain(node) for name, _, node in document.pairs(part.get("derives"), "derives")
        },
    )
