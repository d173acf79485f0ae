"""The draft of a policy set: what was read of it so far."""

from __future__ import annotations

from ...errors import RequestError
from ..document import Document, Node, plain
from ..facts import Statement, statement
from ..policy import (
    SWITCH_TOOL,
    Approval,
    Case,
    Contact,
    Definition,
    Move,
    Obligation,
    Overlay,
    Place,
    Provision,
    Rule,
    Table,
    Unit,
    When,
)
from ..vocabulary import Effect, Fact, Value, Vocabulary
from ..wording import shorten
from .levels import Levels
from .names import is_id, is_known, place_of


class Draft:
    """What the packs read so far say together; each part of the reader looks up here what
    others found, and adds what it finds. Functions called `add_...` write into it, those
    called `read_...` give a value back."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.levels = Levels()
        self.overlays: dict[str, Overlay] = {}
        self.unit_names: dict[str, Value] = {}  # before the units are read
        self.group_names: dict[str, Value] = {}  # and before the groups
        self.groups: dict[str, dict[str, tuple[str, ...]]] = {}
        self.tool_groups: dict[str, When] = {}
        self.definitions: dict[str, Definition] = {}
        self.parameters: dict[str, tuple[str, ...]] = {}
        self.obligations: dict[str, Obligation] = {}
        self.advice: list[str] = []
        self.contacts: dict[str, Contact] = {}
        self.profile: dict[str, Statement] = {}
        self.presumed: dict[str, Statement] = {}
        self.units: dict[str, Unit] = {}
        self.kind_levels: dict[str, str] = {}
        self.incident: tuple[str, ...] = ()
        self.when_not_covered = Effect.review
        self.tables: list[Table] = []
        self.rules: list[Rule] = []
        self.provisions: list[Provision] = []
        self.approvals: dict[tuple[str, str], Approval] = {}
        self.moves: dict[str, Move] = {}
        self.moves_without_level: set[str] = set()  # of no use to the organisation
        self.switch_tool = SWITCH_TOOL
        self.cases: list[Case] = []
        self.thresholds: dict[str, set[int]] = {}  # where conditions on numbers change
        self.ids: dict[str, Place] = {}

    def fact(self, document: Document, node: Node, name: str) -> Fact | None:
        """The fact of that name; a fault and nothing where there is none."""
        if is_known(document, node, name, self.vocabulary.facts, "fact"):
            return self.vocabulary.facts[name]
        return None

    def statement(
        self, document: Document, name: str, name_node: Node, value: Node
    ) -> Statement | None:
        """What a value says of the fact of that name; a fault and nothing where it cannot."""
        if self.fact(document, name_node, name) is None:
            return None
        try:
            return statement(self.vocabulary, name, plain(value))
        except RequestError as error:
            document.fault(value, error.problem, error.remedy)
            return None

    def statements(self, document: Document, node: Node | None, what: str) -> list[Statement]:
        """What lines of `fact: value` say."""
        found = []
        for name, key_node, value in document.pairs(node, what):
            said = self.statement(document, name, key_node, value)
            if said is not None:
                found.append(said)
        return found

    def new_id(self, document: Document, node: Node | None) -> str:
        """An id that nothing else in the policy set has."""
        name = document.text(node, "id")
        if node is None or not name or not is_id(document, node, name):
            return name
        if name in self.ids:
            first = self.ids[name]
            document.fault(
                node,
                f"The id {shorten(name)} is already used in {first.file}:{first.line}.",
                "Choose another id.",
            )
        self.ids.setdefault(name, place_of(document, node))
        return name
