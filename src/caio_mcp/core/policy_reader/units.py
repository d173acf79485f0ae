"""Units: parts of the organisation with standing facts and people of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..document import Document, Node
from ..policy import Unit
from ..vocabulary import OTHER_UNIT, Value
from ..wording import normal, shorten
from .contacts import read_contacts
from .draft import Draft
from .names import is_id
from .profile import read_profile

OTHER_UNIT_TITLE = "another unit"


def add_unit_names(draft: Draft, document: Document, node: Node | None) -> None:
    """Read which units there are, before any statement can be read."""
    for name, key_node, value in document.pairs(node, "units"):
        if is_id(document, key_node, name):
            part = _fields(document, name, value)
            draft.unit_names[name] = Value(name, _title(document, name, part))


def add_units(draft: Draft, document: Document, node: Node | None) -> None:
    """Read what each unit says of itself."""
    for name, key_node, value in document.pairs(node, "units"):
        if name in draft.units:
            document.fault(key_node, f"The unit {shorten(name)} is already defined.")
            continue
        _add_unit(draft, document, name, key_node, value)


def _fields(document: Document, name: str, node: Node) -> dict[str, Node]:
    return document.fields(node, f"The unit {name}", optional=["title", "profile", "contacts"])


def _title(document: Document, name: str, part: Mapping[str, Node]) -> str:
    return document.text(part.get("title"), default=name.replace("_", " "))


def _add_unit(draft: Draft, document: Document, name: str, key_node: Node, node: Node) -> None:
    part = _fields(document, name, node)
    title = _title(document, name, part)
    taken = {normal(word) for u in draft.units.values() for word in (u.id, u.title)}
    taken |= {normal(OTHER_UNIT), normal(OTHER_UNIT_TITLE)}
    if taken & {normal(name), normal(title)}:
        document.fault(
            key_node,
            f"The unit {shorten(name)} has the id or title of another one.",
            "Choose a name that stands for one unit.",
        )
    profile = read_profile(draft, document, part.get("profile"))
    for said in profile:
        if draft.profile.get(said.fact, said) != said:
            document.fault(
                part["profile"],
                f"The organisation's profile says something else of {said.fact}.",
                "A fact that differs by unit belongs into the units alone.",
            )
    contacts = read_contacts(document, part.get("contacts"), draft.contacts)
    draft.units[name] = Unit(name, title, tuple(profile), MappingProxyType(contacts))
