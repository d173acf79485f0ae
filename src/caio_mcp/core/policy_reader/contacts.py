"""Contacts: who decides in which role, and the steps of an incident that name them."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from ..document import Document, Node
from ..policy import Contact
from .draft import Draft
from .names import is_known


def read_contacts(
    document: Document, node: Node | None, roles: Mapping[str, Contact] | None = None
) -> dict[str, Contact]:
    """Who decides in which role; `roles` are those there are, where no new one may come."""
    found = {}
    for role, key_node, part in document.pairs(node, "contacts"):
        if roles is not None:
            is_known(document, key_node, role, roles, "contact of the organisation")
        fields = document.fields(
            part, f"The contact {role}", required=["who"], optional=["usual_days"]
        )
        found[role] = Contact(
            role,
            document.text(fields.get("who"), "who"),
            document.integer(fields.get("usual_days"), "usual_days"),
        )
    return found


def read_role(draft: Draft, document: Document, node: Node | None) -> str:
    """The role of a contact that there is."""
    role = document.text(node, "reviewer")
    if role and node is not None:
        is_known(document, node, role, draft.contacts, "contact")
    return role


def add_incident(draft: Draft, document: Document, node: Node) -> None:
    """Read steps in which {role} stands for the contact of that role."""
    for step, part in document.texts(node):
        try:
            parts = [rest for _, *rest in Formatter().parse(step) if rest[0] is not None]
        except ValueError:
            document.fault(part, "A brace { or } stands alone here.", "Write {role}, or none.")
            return
        for role, form, conversion in parts:
            if not role or form or conversion:
                document.fault(part, "Braces { } hold something else.", "Write {role} alone.")
                return
            is_known(document, part, role, draft.contacts, "contact")
    draft.incident = tuple(step for step, _ in document.texts(node))
