"""Overlays: their names first, and what they are once conditions can be read."""

from __future__ import annotations

from dataclasses import replace

import yaml

from ..document import Document, Node
from ..policy import Overlay, facts_of
from ..wording import normal, shorten
from .conditions import read_when
from .draft import Draft
from .names import is_id

OVERLAY_FACTS = {"data.categories", "data.subjects", "data.identifiability"}


def add_overlay_names(draft: Draft, document: Document, node: Node | None) -> None:
    """Read which overlays there are, before any condition can be read."""
    for key, key_node, value in document.pairs(node, "overlays"):
        if is_id(document, key_node, key):
            _add_name(draft, document, key, key_node, value)


def _add_name(draft: Draft, document: Document, key: str, key_node: Node, node: Node) -> None:
    if normal(key) in map(normal, draft.levels.in_force):
        document.fault(key_node, f"{shorten(key)} is a level already.", "Choose another name.")
    if key in draft.overlays:
        document.fault(key_node, f"The overlay {shorten(key)} is already defined.")
        return
    part = document.fields(
        node, f"The overlay {key}", optional=["title", "synonyms", "when", "lowest_level"]
    )
    draft.overlays[key] = Overlay(
        key,
        document.text(part.get("title"), default=key),
        tuple(word for word, _ in document.texts(part.get("synonyms"))),
    )


def add_overlays(draft: Draft, document: Document, node: Node | None) -> None:
    """Read when each overlay holds, and its lowest level; other faults were noted before."""
    if not isinstance(node, yaml.MappingNode):
        return
    for key_node, value in node.value:
        overlay = draft.overlays.get(str(key_node.value))
        if overlay is None or not isinstance(value, yaml.MappingNode):
            continue
        part = {str(k.value): v for k, v in value.value}
        when = read_when(draft, document, part["when"]) if "when" in part else None
        if when is not None and not facts_of(when) <= OVERLAY_FACTS:
            document.fault(
                part["when"],
                f"An overlay is defined by {', '.join(sorted(OVERLAY_FACTS))} alone.",
                "Put what else must hold into a rule.",
            )
        level = draft.levels.lowest(document, part.get("lowest_level"))
        draft.overlays[overlay.id] = replace(overlay, when=when, lowest_level=level)
