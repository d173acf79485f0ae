"""The head of a pack, policy.yaml: names for the vocabulary first, then what they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..document import Document, Node
from ..vocabulary import OTHER_UNIT, Effect, Value
from .conditions import add_definitions
from .contacts import add_incident, read_contacts
from .draft import Draft
from .groups import add_group_names, add_groups
from .names import is_known
from .obligations import add_obligation, read_obligation_ids
from .overlays import add_overlay_names, add_overlays
from .parameters import add_parameter
from .profile import add_presumed, add_profile
from .units import OTHER_UNIT_TITLE, add_unit_names, add_units

_REQUIRED = ("name", "owner", "version")
_OPTIONAL = (
    "title",
    "law_as_of",
    "stale_after",
    "adopted_by",
    "adopted_on",
    "levels",
    "overlays",
    "groups",
    "definitions",
    "parameters",
    "obligations",
    "advice",
    "contacts",
    "profile",
    "presume",
    "units",
    "when_not_covered",
    "inherits",
    "kinds",
    "incident",
)


def read_head(document: Document) -> dict[str, Node]:
    """The parts of a policy.yaml."""
    return document.fields(document.root, "policy.yaml", required=_REQUIRED, optional=_OPTIONAL)


def add_names(draft: Draft, document: Document, part: Mapping[str, Node], number: int) -> None:
    """Read what conditions and statements will name: levels, overlays, units, tool groups."""
    draft.levels.add(document, part.get("levels"), number)
    add_overlay_names(draft, document, part.get("overlays"))
    add_unit_names(draft, document, part.get("units"))
    add_group_names(draft, document, part.get("groups"))


def read_named_values(draft: Draft) -> dict[str, list[Value]]:
    """These names as values of the vocabulary."""
    levels, overlays = draft.levels.in_force.values(), draft.overlays.values()
    return {
        "levels": [Value(v.id, v.title, synonyms=v.synonyms) for v in levels],
        "level": [Value(v.id, v.title, synonyms=v.synonyms) for v in levels],
        "overlays": [Value(v.id, v.title, synonyms=v.synonyms) for v in overlays],
        "tool_groups": list(draft.group_names.values()),
        "units": [*draft.unit_names.values(), Value(OTHER_UNIT, OTHER_UNIT_TITLE)],
    }


def add_head(
    draft: Draft, document: Document, part: Mapping[str, Node], kinds: Sequence[str]
) -> None:
    """Read everything else, in an order in which each finds what it names."""
    for name, _, node in document.pairs(part.get("parameters"), "parameters"):
        add_parameter(draft, document, name, node)
    add_groups(draft, document, part.get("groups"))
    add_overlays(draft, document, part.get("overlays"))
    add_definitions(draft, document, part.get("definitions"))
    for name, _, node in document.pairs(part.get("obligations"), "obligations"):
        add_obligation(draft, document, name, node)
    draft.advice.extend(read_obligation_ids(draft, document, part.get("advice")))
    draft.contacts |= read_contacts(document, part.get("contacts"))
    add_profile(draft, document, part.get("profile"))
    add_presumed(draft, document, part.get("presume"))
    add_units(draft, document, part.get("units"))
    _add_when_not_covered(draft, document, part.get("when_not_covered"))
    _add_kind_levels(draft, document, part.get("kinds"), kinds)
    if "incident" in part:
        add_incident(draft, document, part["incident"])


def _add_when_not_covered(draft: Draft, document: Document, node: Node | None) -> None:
    if node is None:
        return
    word = document.choice(node, ("review", "prohibit"), "an effect here", "review")
    if Effect[word] < draft.when_not_covered:
        document.fault(node, "The inherited pack is stricter here.", "Remove the line.")
    draft.when_not_covered = max(draft.when_not_covered, Effect[word])


def _add_kind_levels(
    draft: Draft, document: Document, node: Node | None, kinds: Sequence[str]
) -> None:
    """The lowest level of each kind of data; one of the inherited pack can be raised."""
    order = list(draft.levels.in_force)
    for kind, key_node, value in document.pairs(node, "kinds"):
        if not is_known(document, key_node, kind, kinds, "kind of data"):
            continue
        level = draft.levels.lowest(document, value)
        inherited = draft.kind_levels.get(kind)
        if inherited and level and order.index(level) < order.index(inherited):
            document.fault(
                value,
                f"The inherited pack puts {kind} at {inherited}; "
                "it can be raised here, not lowered.",
                f"Use {inherited} or above.",
            )
        elif level:
            draft.kind_levels[kind] = level
