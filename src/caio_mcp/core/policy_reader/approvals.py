"""Approvals: what the organisation decided about a tool, or about a model on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..document import Document, Node
from ..policy import STATUSES, Approval
from ..vocabulary import UNLISTED, Fact
from ..wording import shorten
from .draft import Draft
from .names import place_of
from .obligations import read_obligation_ids

_OPTIONAL = ("owner", "since", "review_due", "reason", "conditions")
_FIELDS = {  # required and optional
    "tools": (("id", "status"), (*_OPTIONAL, "cleared_level", "facts")),
    "models": (("id", "on", "status"), _OPTIONAL),
}


def add_approvals(draft: Draft, document: Document) -> None:
    """Read approvals.yaml; what the inherited pack decided can be made stricter."""
    top = document.fields(document.root, "approvals.yaml", optional=list(_FIELDS))
    for kind, (required, optional) in _FIELDS.items():
        fact = draft.vocabulary.facts["tool.id" if kind == "tools" else "model.id"]
        seen: set[tuple[str, str]] = set()
        for node in document.items(top.get(kind), kind):
            part = document.fields(
                node, f"An approval of {kind}", required=required, optional=optional
            )
            approval = _approval(draft, document, node, part, fact)
            if not approval.id:
                continue
            key = (approval.on, approval.id)
            inherited = draft.approvals.get(key)
            if key in seen:
                document.fault(node, f"{shorten(approval.id)} is listed twice.", "Keep one.")
            elif inherited is not None:
                approval = _tightened(draft, document, node, inherited, approval)
            seen.add(key)
            draft.approvals[key] = approval


def _approval(
    draft: Draft, document: Document, node: Node, part: Mapping[str, Node], fact: Fact
) -> Approval:
    ids = list(fact.others) or [value for value in fact.values if value != UNLISTED]
    tools = [value for value in draft.vocabulary.facts["tool.id"].values if value != UNLISTED]
    status = document.choice(part.get("status"), STATUSES, "a status", "blocked")
    return Approval(
        id=document.choice(part.get("id"), ids, f"a known {fact.title.lower()}"),
        status=status,  # type: ignore[arg-type]  # checked by choice() above
        place=place_of(document, node),
        on=document.choice(part.get("on"), tools, "a known tool"),
        owner=document.text(part.get("owner")),
        since=document.date(part.get("since"), "since"),
        review_due=document.date(part.get("review_due"), "review_due"),
        reason=document.text(part.get("reason")),
        cleared_level=draft.levels.highest(document, part.get("cleared_level")),
        conditions=read_obligation_ids(draft, document, part.get("conditions")),
        facts=tuple(
            said.from_("profile") for said in draft.statements(document, part.get("facts"), "facts")
        ),
    )


def _tightened(
    draft: Draft, document: Document, node: Node, inherited: Approval, approval: Approval
) -> Approval:
    """An approval of the inherited pack, listed again: its limits stay, others may come."""
    if STATUSES.index(approval.status) < STATUSES.index(inherited.status):
        document.fault(
            node,
            f"{shorten(approval.id)} is {inherited.status} in the inherited pack; "
            "it can be made stricter here, not looser.",
            f"Use {inherited.status}, or change the inherited pack.",
        )
    levels = [level for level in (inherited.cleared_level, approval.cleared_level) if level]
    return replace(
        approval,
        cleared_level=min(levels, key=list(draft.levels.in_force).index, default=""),
        conditions=tuple(dict.fromkeys((*inherited.conditions, *approval.conditions))),
        facts=(*inherited.facts, *approval.facts),
    )
