"""Groups: names for several values of a fact, and for tools that have something in common."""

from __future__ import annotations

import yaml

from ..document import Document, Node
from ..policy import Test
from ..vocabulary import Fact, Value
from ..wording import shorten
from .conditions import read_values, read_when
from .draft import Draft


def add_group_names(draft: Draft, document: Document, node: Node | None) -> None:
    """Read which groups of tools there are, before any condition can be read."""
    for fact, _, groups in document.pairs(node, "groups"):
        if fact == "tool.group":
            for name, _, _ in document.pairs(groups, "tool groups"):
                draft.group_names[name] = Value(name, name.replace("_", " "))


def add_groups(draft: Draft, document: Document, node: Node | None) -> None:
    """Read the groups of every fact."""
    for fact_name, key_node, groups in document.pairs(node, "groups"):
        fact = draft.fact(document, key_node, fact_name)
        if fact is None:
            continue
        for name, name_node, value in document.pairs(groups, f"The groups of {fact.id}"):
            if fact.id == "tool.group":
                _add_tool_group(draft, document, name, name_node, value)
            else:
                _add_group(draft, document, fact, name, name_node, value)


def _add_group(
    draft: Draft, document: Document, fact: Fact, name: str, name_node: Node, node: Node
) -> None:
    known = draft.groups.setdefault(fact.id, {})
    if name in known or name in fact.values:
        document.fault(
            name_node,
            f"{shorten(name)} is already a group or a value of {fact.id}.",
            "Choose another name.",
        )
        return
    known[name] = read_values(draft, document, fact, node)


def _add_tool_group(
    draft: Draft, document: Document, name: str, name_node: Node, node: Node
) -> None:
    if name in draft.tool_groups:
        document.fault(name_node, f"The tool group {shorten(name)} is already defined.")
        return
    if isinstance(node, yaml.MappingNode):
        draft.tool_groups[name] = read_when(draft, document, node, own_groups=False)
    else:
        ids = read_values(draft, document, draft.vocabulary.facts["tool.id"], node)
        draft.tool_groups[name] = Test("tool.id", "any_of", ids)
