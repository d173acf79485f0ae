"""What is true about tools and models, with source and date; approvals are policy, not here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..errors import RequestError
from .document import Document, Node, plain
from .facts import Statement, statement
from .policy import Place
from .vocabulary import UNLISTED, Value, Vocabulary
from .wording import shorten


@dataclass(frozen=True, slots=True)
class CatalogueFact:
    """What is known of one attribute of a tool, who says so, and when that was checked."""

    said: Statement
    source: str
    checked: datetime.date | None


@dataclass(frozen=True, slots=True)
class Tool:
    """One product in one plan."""

    id: str
    name: str
    product: str
    vendor: str
    place: Place
    synonyms: tuple[str, ...] = ()
    visible_sign: str = ""
    facts: tuple[CatalogueFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Offering:
    """A model as it can be called through one tool. Ids and aliases are exact strings."""

    tool: str
    ids: tuple[str, ...]
    aliases: tuple[str, ...]
    retires: datetime.date | None
    source: str
    checked: datetime.date | None


@dataclass(frozen=True, slots=True)
class Model:
    """One model: vendor/family-version[-variant][@snapshot]. Windows count tokens."""

    id: str
    name: str
    vendor: str
    place: Place
    open_weights: bool = False
    context_window: int | None = None
    modalities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offered: tuple[Offering, ...] = ()
    source: str = ""
    checked: datetime.date | None = None

    def offering(self, tool: str) -> Offering | None:
        """How it is called through that tool."""
        return next((o for o in self.offered if o.tool == tool), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tools and models, by id."""

    tools: Mapping[str, Tool]
    models: Mapping[str, Model]
    digest: str = ""


@dataclass(slots=True)
class CatalogueReader:
    """Reads tools and models in two steps: names first, facts once they have their values."""

    tools: dict[str, Tool] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    _bodies: list[tuple[Document, str, Node | None]] = field(default_factory=list)
    _words: dict[str, str] = field(default_factory=dict)

    def read_tools(self, documents: Iterable[Document]) -> None:
        """Names, products and words of the tools."""
        for document in documents:
            top = document.fields(document.root, "A file of tools", required=["tools"])
            for node in document.items(top.get("tools"), "tools"):
                self._read_tool(document, node)

    def _read_tool(self, document: Document, node: Node) -> None:
        part = document.fields(
            node,
            "A tool",
            required=["id", "name", "product", "vendor"],
            optional=["synonyms", "visible_sign", "facts"],
        )
        name = document.text(part.get("id"), "id")
        if not name:
            return
        if name in self.tools or name == UNLISTED:
            document.fault(
                node,
                f"The tool {shorten(name)} is already defined.",
                "Choose another id; ids are stable for ever.",
            )
            return
        synonyms = document.texts(part.get("synonyms"))
        for word, word_node in synonyms:
            owner = self._words.setdefault(word.casefold(), name)
            if owner != name:
                document.fault(
                    word_node,
                    f"{shorten(word)} is already a word for {owner}.",
                    "A word can stand for one tool only.",
                )
        self.tools[name] = Tool(
            name,
            document.text(part.get("name"), "name"),
            document.text(part.get("product"), "product"),
            document.text(part.get("vendor"), "vendor"),
            Place(document.file, document.line(node)),
            tuple(word for word, _ in synonyms),
            document.text(part.get("visible_sign")),
        )
        self._bodies.append((document, name, part.get("facts")))

    def read_models(self, documents: Iterable[Document]) -> None:
        """Models and how they are offered."""
        called: dict[tuple[str, str], str] = {}
        for document in documents:
            top = document.fields(document.root, "A file of models", required=["models"])
            for node in document.items(top.get("models"), "models"):
                self._read_model(document, node, called)

    def _read_model(
        self, document: Document, node: Node, called: dict[tuple[str, str], str]
    ) -> None:
        part = document.fields(
            node,
            "A model",
            required=["id", "name", "vendor", "source", "checked"],
            optional=["open_weights", "modalities", "context_window", "offered"],
        )
        name = document.text(part.get("id"), "id")
        if not name:
            return
        if name in self.models:
            document.fault(node, f"The model {shorten(name)} is already defined.", "Keep one.")
            return
        offered = [
            self._read_offering(document, item, name, called)
            for item in document.items(part.get("offered"), "offered")
        ]
        self.models[name] = Model(
            name,
            document.text(part.get("name"), "name"),
            document.text(part.get("vendor"), "vendor"),
            Place(document.file, document.line(node)),
            document.yes_no(part.get("open_weights"), "open_weights"),
            document.integer(part.get("context_window"), "context_window"),
            {
                key: tuple(word for word, _ in document.texts(value))
                for key, _, value in document.pairs(part.get("modalities"), "modalities")
            },
            tuple(offered),
            document.text(part.get("source"), "source"),
            document.date(part.get("checked"), "checked"),
        )

    def _read_offering(
        self, document: Document, node: Node, model: str, called: dict[tuple[str, str], str]
    ) -> Offering:
        part = document.fields(
            node,
            "An offering",
            required=["tool", "source", "checked"],
            optional=["ids", "aliases", "retires"],
        )
        tool = document.choice(part.get("tool"), tuple(self.tools), "a known tool")
        words: dict[str, tuple[str, ...]] = {}
        for key in ("ids", "aliases"):
            listed = document.texts(part.get(key))
            for word, word_node in listed:
                owner = called.setdefault((tool, word), model)
                if owner != model:
                    document.fault(
                        word_node,
                        f"{shorten(word)} on {tool} is already {owner}.",
                        "An id stands for one model on one tool.",
                    )
            words[key] = tuple(word for word, _ in listed)
        return Offering(
            tool,
            words["ids"],
            words["aliases"],
            document.date(part.get("retires"), "retires"),
            document.text(part.get("source"), "source"),
            document.date(part.get("checked"), "checked"),
        )

    def values(self) -> dict[str, list[Value]]:
        """The values that tools and models give the vocabulary."""
        tools = [
            Value(t.id, t.name, synonyms=t.synonyms, sign=t.visible_sign)
            for t in self.tools.values()
        ]
        models = [Value(m.id, m.name) for m in self.models.values()]
        return {
            "tools": [*tools, Value(UNLISTED, "a tool that is not in the catalogue")],
            "models": [*models, Value(UNLISTED, "a model that is not in the catalogue")],
        }

    def read_facts(self, vocabulary: Vocabulary) -> None:
        """The facts of the tools, now that every fact has its values."""
        for document, name, node in self._bodies:
            facts: dict[str, CatalogueFact] = {}
            for block in document.items(node, "facts"):
                source, checked, found = "", None, []
                for key, key_node, value in document.pairs(block, "A block of facts"):
                    if key == "source":
                        source = document.text(value, "source")
                    elif key == "checked":
                        checked = document.date(value, "checked")
                    elif not key.startswith("tool.") or key in ("tool.id", "tool.group"):
                        document.fault(key_node, f"{shorten(key)} is not a fact of a tool.")
                    else:
                        found.append((key, value))
                if not source or checked is None:
                    document.fault(block, "A block of facts needs `source:` and `checked:`.")
                for key, value in found:
                    if key in facts:
                        document.fault(value, f"{key} is given twice for {name}.", "Keep one.")
                    try:
                        said = statement(vocabulary, key, plain(value)).from_("catalogue")
                        facts[key] = CatalogueFact(said, source, checked)
                    except RequestError as error:
                        document.fault(value, error.problem, error.remedy)
            tool = self.tools[name]
            self.tools[name] = Tool(
                tool.id,
                tool.name,
                tool.product,
                tool.vendor,
                tool.place,
                tool.synonyms,
                tool.visible_sign,
                tuple(facts.values()),
            )

    def result(self, digest: str) -> Catalogue:
        """The catalogue; only meaningful where no fault was noted."""
        return Catalogue(MappingProxyType(self.tools), MappingProxyType(self.models), digest)
