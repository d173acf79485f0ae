"""Parameters: values that a pack sets once, written as `$name` in its conditions."""

from __future__ import annotations

import yaml

from ..document import Document, Node
from ..wording import nearest, shorten
from .draft import Draft


def add_parameter(draft: Draft, document: Document, name: str, node: Node) -> None:
    """Read one parameter."""
    fields = (
        document.fields(
            node, f"The parameter {name}", required=["value"], optional=["title", "source"]
        )
        if isinstance(node, yaml.MappingNode)
        else {"value": node}
    )
    if name in draft.parameters:
        document.fault(node, f"The parameter {shorten(name)} is set by the inherited pack.")
        return
    draft.parameters[name] = tuple(w for w, _ in document.texts(fields.get("value")))
    if not draft.parameters[name]:
        document.fault(node, f"The parameter {shorten(name)} has no value.", "Give one.")


def read_words(draft: Draft, document: Document, node: Node, word: str) -> tuple[str, ...]:
    """The words that a parameter stands for, or the word itself."""
    if not word.startswith("$"):
        return (word,) if word else ()
    name = word[1:]
    if name not in draft.parameters:
        document.fault(
            node, f"There is no parameter {shorten(name)}.", nearest(name, draft.parameters)
        )
        return ()
    return draft.parameters[name]
