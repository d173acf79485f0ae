"""Rules: conditions that restrict, with what is excepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from ..document import Document, Node
from ..policy import AllOf, AnyOf, Rule, Unless, When
from ..vocabulary import Effect
from .conditions import read_when
from .contacts import read_role
from .draft import Draft
from .exceptionable import read_exceptionable
from .names import EFFECT_WORDS, place_of
from .obligations import only_advise, read_obligation_ids

_REQUIRED = ("id", "title", "effect", "when", "reason", "source")
_OPTIONAL = (
    "unless",
    "obligations",
    "reviewer",
    "effective_from",
    "effective_until",
    "reviewed",
    "unsettled",
    "exceptionable",
)


def add_rules(draft: Draft, document: Document) -> None:
    """Read a file of rules."""
    top = document.fields(document.root, "A file of rules", required=["rules"])
    for node in document.items(top.get("rules"), "rules"):
        part = document.fields(node, "A rule", required=_REQUIRED, optional=_OPTIONAL)
        if isinstance(node, yaml.MappingNode):
            draft.rules.append(_rule(draft, document, node, part))


def _rule(draft: Draft, document: Document, node: Node, part: Mapping[str, Node]) -> Rule:
    obligations = read_obligation_ids(draft, document, part.get("obligations"))
    days_max, approver = read_exceptionable(draft, document, part.get("exceptionable"))
    effect = _effect(draft, document, part, obligations)
    if days_max is not None and effect < Effect.review:
        document.fault(
            part["exceptionable"],
            "Only a review or a prohibition can be excepted.",
            "Leave `exceptionable` out.",
        )
    start = document.date(part.get("effective_from"), "effective_from")
    end = document.date(part.get("effective_until"), "effective_until")
    if start and end and end < start:
        document.fault(part["effective_until"], "The rule ends before it starts.")
    return Rule(
        id=draft.new_id(document, part.get("id")),
        title=document.text(part.get("title"), "title"),
        effect=effect,
        when=_when(draft, document, part, "always") or AllOf(),
        place=place_of(document, node),
        reason=document.text(part.get("reason"), "reason"),
        source=document.text(part.get("source"), "source"),
        unless=tuple(
            _unless(draft, document, item) for item in document.items(part.get("unless"), "unless")
        ),
        obligations=obligations,
        reviewer=read_role(draft, document, part.get("reviewer")),
        effective_from=start,
        effective_until=end,
        reviewed=document.date(part.get("reviewed"), "reviewed"),
        unsettled=document.text(part.get("unsettled")),
        exception_days_max=days_max,
        exception_approver=approver,
    )


def _effect(
    draft: Draft, document: Document, part: Mapping[str, Node], obligations: Sequence[str]
) -> Effect:
    effect = document.choice(part.get("effect"), EFFECT_WORDS, "an effect of a rule", "prohibit")
    if effect == "allow" and not only_advise(draft, obligations):
        document.fault(
            part["effect"],
            "Rules only restrict; a table allows.",
            "Use allow_with_conditions, review or prohibit; `allow` is for rules whose "
            "obligations are all advice (`kind: should`).",
        )
    if "unsettled" in part and effect not in ("review", "prohibit"):
        document.fault(
            part["unsettled"],
            "What the sources leave open needs somebody to look at it.",
            "Write `effect: review`, or prohibit.",
        )
    return Effect[effect]


def _unless(draft: Draft, document: Document, node: Node) -> Unless:
    part = document.fields(node, "An exception", required=["id", "when"], optional=["source"])
    when = _when(draft, document, part, "never") or AnyOf()
    return Unless(document.text(part.get("id"), "id"), when, document.text(part.get("source")))


def _when(draft: Draft, document: Document, part: Mapping[str, Node], applies: str) -> When | None:
    """The condition of a rule or an exception; without a fact in it, the rule `applies` always
    or never."""
    if "when" not in part:
        return None
    when = read_when(draft, document, part["when"])
    if when == AllOf():
        document.fault(
            part["when"],
            f"`when:` names no fact, so the rule would {applies} apply.",
            "Name at least one fact.",
        )
    return when
