"""What is true about tools and models, with source and date; approvals are policy, not here."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..errors import RequestError
from .document import Document, Node, plain
from .facts import Statement, statement
from .models import DIRECT, Model, Models
from .policy import Place
from .resolve import Resolution
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
    channel: str = ""  # where its models are called, e.g. bedrock or direct:openai
    is_in_eu: bool = False  # whether it is that channel kept inside the European Union


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tools and models, by id."""

    tools: Mapping[str, Tool]
    models: Models
    digest: str = ""

    def tools_of(self, found: Resolution) -> tuple[str, ...]:
        """The tools through which an id can be called: those of its channel that keep to its
        region, or of every channel that has the model where the id names none."""
        model = found.model
        if model is None:
            return ()
        return tuple(
            tool.id
            for tool in self.tools.values()
            if tool.channel and self._is_called(model, found, tool)
        )

    def _is_called(self, model: Model, found: Resolution, tool: Tool) -> bool:
        channel, _, vendor = tool.channel.partition(":")
        if channel != DIRECT:
            channel, vendor = tool.channel, ""
        if found.channel not in (channel, "unspecified") or (vendor and vendor != model.vendor):
            return False
        if channel == "self-hosted":
            return bool(model.open_weights)
        scope = found.region_scope
        if scope and self._has_regions(tool.channel):
            if (scope in self.models.channels.eu_regions) != tool.is_in_eu:
                return False
            if scope in self.models.channels.profiles and channel == "bedrock":
                return any(offering.scope == scope for offering in model.on(channel))
        return bool(model.on(channel))

    def _has_regions(self, channel: str) -> bool:
        return any(tool.channel == channel and tool.is_in_eu for tool in self.tools.values())


@dataclass(slots=True)
class CatalogueReader:
    """Reads tools and models in two steps: names first, facts once they have their values."""

    models: Models
    tools: dict[str, Tool] = field(default_factory=dict)
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
            optional=["synonyms", "visible_sign", "channel", "facts"],
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
            (),
            *self._channel(document, part.get("channel")),
        )
        self._bodies.append((document, name, part.get("facts")))

    def _channel(self, document: Document, node: Node | None) -> tuple[str, bool]:
        """`bedrock`, `direct:openai`; `bedrock in eu` where it stays in the European Union."""
        written = document.text(node, "channel") if node is not None else ""
        channel, _, place = written.partition(" in ")
        name, _, vendor = channel.partition(":")
        known = self.models.channels
        is_known = channel in known.names or (name == DIRECT and vendor in known.vendors)
        if node is not None and (not is_known or place not in ("", "eu")):
            document.fault(
                node,
                f"{shorten(written)} is not a channel.",
                "Use one of data/models/channels.yaml, or direct:vendor; add ` in eu` where it "
                "stays in the EU.",
            )
        return channel, place == "eu"

    def values(self, named: Collection[str]) -> dict[str, list[Value]]:
        """The values that tools and models give the vocabulary: of the models only those that
        the policy names, since no rule tells the others apart."""
        tools = [
            Value(t.id, t.name, synonyms=t.synonyms, sign=t.visible_sign)
            for t in self.tools.values()
        ]
        models = [Value(id_, self.models.title(id_)) for id_ in self.models if id_ in named]
        return {
            "tools": [*tools, Value(UNLISTED, "a tool that is not in the catalogue")],
            "models": [*models, Value(UNLISTED, "a model that the policy does not name")],
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
            self.tools[name] = replace(self.tools[name], facts=tuple(facts.values()))

    def result(self, digest: str) -> Catalogue:
        """The catalogue; only meaningful where no fault was noted."""
        return Catalogue(MappingProxyType(self.tools), self.models, digest)
