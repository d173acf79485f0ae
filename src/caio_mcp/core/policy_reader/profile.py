"""The profile: standing facts of an organisation or a unit, and what is presumed."""

from __future__ import annotations

from dataclasses import replace

from ..document import Document, Node
from ..facts import Statement
from .draft import Draft


def add_profile(draft: Draft, document: Document, node: Node | None) -> None:
    """Read what an organisation says of itself."""
    for said in read_profile(draft, document, node):
        inherited = draft.profile.setdefault(said.fact, said)
        if node is not None and inherited != said:
            document.fault(
                node,
                f"The inherited pack says something else of {said.fact}.",
                "Remove it here, or change the inherited pack.",
            )


def read_profile(draft: Draft, document: Document, node: Node | None) -> list[Statement]:
    """Standing facts: of an organisation or a unit, the same for all of its uses."""
    found = []
    for said in draft.statements(document, node, "profile"):
        if node is not None and said.fact == "actor.unit":
            document.fault(
                node,
                "A profile cannot say which unit it is of.",
                "The unit of a caller is set in caio-mcp.toml: unit.",
            )
        elif node is not None and said.fact.startswith(("tool.", "model.", "data.", "purpose.")):
            document.fault(
                node,
                f"{said.fact} is no standing fact of an organisation; it differs by use.",
                "What a contract settles goes into approvals.yaml, under `facts:`.",
            )
        else:
            found.append(said.from_("profile"))
    return found


def add_presumed(draft: Draft, document: Document, node: Node | None) -> None:
    """Read what holds unless somebody says otherwise: only what counts for the unsure, so that
    nothing is ever presumed in anybody's favour."""
    for name, key_node, value in document.pairs(node, "presume"):
        said = draft.statement(document, name, key_node, value)
        if said is None:
            continue
        strict = draft.vocabulary.facts[name].when_unsure
        if not strict or said.values != frozenset([strict]):
            document.fault(
                value,
                f"Only what counts for the unsure may be presumed of {name}.",
                f"Write {name}: {strict}." if strict else "Leave it out.",
            )
            continue
        draft.presumed[name] = replace(said.from_("profile"), is_default=True)
