"""Remedies: the changes of a use that people can make."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from ..document import Document, Node
from ..facts import Statement, statement
from ..policy import SWITCH_TOOL, Move
from ..wording import shorten
from .draft import Draft
from .names import is_id, place_of

WHO = ("you", "reviewer", "it", "legal")

_MOVE_FIELDS = ("who", "cost", "usual_time", "evidence")


def add_remedies(draft: Draft, document: Document) -> None:
    """Read remedies.yaml; a remedy of the inherited pack may be described anew."""
    top = document.fields(document.root, "remedies.yaml", optional=["switch_tool", "remedies"])
    switch = document.fields(top.get("switch_tool"), "switch_tool", optional=_MOVE_FIELDS)
    if "switch_tool" in top:
        draft.switch_tool = _move(
            draft, document, top["switch_tool"], switch, SWITCH_TOOL.id, SWITCH_TOOL.title, ()
        )
    seen: set[str] = set()
    for node in document.items(top.get("remedies"), "remedies"):
        part = document.fields(
            node, "A remedy", required=["id", "title", "sets"], optional=_MOVE_FIELDS
        )
        name = document.text(part.get("id"), "id")
        if not name or not is_id(document, part["id"], name):
            continue
        if name in seen or name in draft.vocabulary.facts["tool.id"].values:
            document.fault(
                part["id"], f"{shorten(name)} is already a remedy or a tool.", "Rename it."
            )
        seen.add(name)
        _add_remedy(draft, document, node, part, name)


def _add_remedy(
    draft: Draft, document: Document, node: Node, part: Mapping[str, Node], name: str
) -> None:
    level = _level(draft, document, part.get("sets"))
    if level == "":
        draft.moves_without_level.add(name)  # the organisation has no such level
        return
    sets = _sets(draft, document, part.get("sets"), level)
    title = document.text(part.get("title"), "title")
    if level is not None:
        title = title.replace("{level}", draft.levels.in_force[level].title)
    move = _move(draft, document, node, part, name, title, sets)
    if any(said.fact == "data.level" for said in sets) and move.who == ("you",):
        document.fault(
            part["sets"],
            "A lower level is a decision of somebody else.",
            "Add `who: [you, reviewer]`.",
        )
    draft.moves[name] = move


def _move(
    draft: Draft,
    document: Document,
    node: Node,
    part: Mapping[str, Node],
    name: str,
    title: str,
    sets: tuple[Statement, ...],
) -> Move:
    cost = document.integer(part.get("cost"), "cost")
    if cost is None:
        costs = [draft.vocabulary.facts[said.fact].cost for said in sets]
        cost = max(costs, default=0) or SWITCH_TOOL.cost
    who = [
        document.choice(who_node, WHO, "somebody who can do it", "you")
        for _, who_node in document.texts(part.get("who"))
    ]
    return Move(
        name,
        title,
        sets,
        tuple(dict.fromkeys(who)) or ("you",),
        cost,
        document.text(part.get("usual_time")),
        document.text(part.get("evidence")),
        place_of(document, node),
    )


# -- what a remedy sets ----------------------------------------------------------------


def _level(draft: Draft, document: Document, node: Node | None) -> str | None:
    """The level in force that a change sets: nothing where it sets none, empty where the
    organisation has no such level."""
    if not isinstance(node, yaml.MappingNode):
        return None
    for key_node, value in node.value:
        if key_node.value == "data.level" and isinstance(value, yaml.ScalarNode):
            word = document.text(value)
            if word in draft.levels.own:
                return ("", *draft.levels.like(document, value, word))[-1]
    return None


def _sets(
    draft: Draft, document: Document, node: Node | None, level: str | None
) -> tuple[Statement, ...]:
    sets = []
    for name, name_node, value in document.pairs(node, "sets"):
        if name == "data.level" and level is not None:
            said: Statement | None = statement(draft.vocabulary, name, level)
        else:
            said = draft.statement(document, name, name_node, value)
        if said is not None:
            _note_unsettable(document, name_node, said)
            sets.append(said.from_("approver"))
    if isinstance(node, yaml.MappingNode) and not node.value:
        document.fault(node, "This remedy sets nothing.", "Give a fact and a value.")
    return tuple(sets)


def _note_unsettable(document: Document, node: Node, said: Statement) -> None:
    """A change sets something in the world, never what the policy says of it or what somebody
    says of a use."""
    fixed = ("purpose.", "actor.", "model.")
    by_policy = ("tool.id", "tool.group", "tool.approval", "tool.cleared_level")
    if said.fact.startswith(fixed) or said.fact in by_policy:
        document.fault(
            node,
            f"No change can set {said.fact}.",
            "Tools are switched by `switch_tool:`; an approval is the reviewer's.",
        )
    elif said.fact in ("data.categories", "data.overlays", "data.subjects") and (
        said.present or said.is_complete
    ):
        document.fault(
            node, "Data can only be left out.", f"Write {said.fact}: {{none_of: [...]}}."
        )
    elif said.is_unsure or said.says_nothing:
        document.fault(node, f"{said.fact} is set to nothing.", "Give a value.")
