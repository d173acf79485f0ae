"""Provisions: what of the policy is there because of which provision of a law."""

from __future__ import annotations

import yaml

from ..document import Document, Node
from ..policy import Provision
from .draft import Draft
from .names import is_known, place_of


def add_provisions(draft: Draft, document: Document) -> None:
    """Read provisions.yaml."""
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
        draft.provisions.append(
            Provision(
                id=document.text(part.get("id"), "id"),
                title=document.text(part.get("title"), "title"),
                source=document.text(part.get("source"), "source"),
                place=place_of(document, node),
                by=_covering(draft, document, part.get("by")),
                why_not=document.text(part.get("why_not")),
                unsettled=document.text(part.get("unsettled")),
                applies_from=document.date(part.get("applies_from"), "applies_from"),
                reviewed=document.date(part.get("reviewed"), "reviewed"),
            )
        )


def _covering(draft: Draft, document: Document, node: Node | None) -> tuple[str, ...]:
    """Ids of rules, tables, rows of them (`TABLE/row`), obligations, overlays or remedies of
    the policy set so far."""
    rows = {f"{table.id}/{cell.row}" for table in draft.tables for cell in table.cells}
    known = [*draft.ids, *sorted(rows), *draft.obligations, *draft.overlays, *draft.moves]
    return tuple(
        word
        for word, part in document.texts(node)
        if word not in draft.moves_without_level
        and is_known(document, part, word, known, "rule, table, obligation or remedy")
    )
