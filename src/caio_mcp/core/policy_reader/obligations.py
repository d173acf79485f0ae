"""Obligations: what must be done, and advice: what should be."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from ..document import Document, Node
from ..policy import Obligation
from ..wording import shorten
from .draft import Draft
from .names import is_known


def add_obligation(draft: Draft, document: Document, name: str, node: Node) -> None:
    """Read one obligation; one of the inherited pack may be said in other words."""
    fields = (
        document.fields(
            node, f"The obligation {name}", required=["text"], optional=["kind", "source"]
        )
        if isinstance(node, yaml.MappingNode)
        else {"text": node}
    )
    inherited = draft.obligations.get(name)
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
    draft.obligations[name] = Obligation(
        name,
        document.text(fields.get("text"), "text"),
        "should" if kind == "should" else "must",
        document.text(fields.get("source"), default=inherited.source if inherited else ""),
    )


def read_obligation_ids(draft: Draft, document: Document, node: Node | None) -> tuple[str, ...]:
    """Ids of obligations that there are."""
    return tuple(
        word
        for word, part in document.texts(node)
        if is_known(document, part, word, draft.obligations, "obligation")
    )


def only_advise(draft: Draft, ids: Sequence[str]) -> bool:
    """Whether all of them are advice, and there is one."""
    kinds = {draft.obligations[name].kind for name in ids}
    return kinds == {"should"}
