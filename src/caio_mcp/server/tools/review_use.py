"""review_use: decide on an entry, or grant and revoke an exception."""

from collections.abc import Sequence
from typing import Annotated, Literal

from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, ElicitationResult, Resolve
from mcp.server.mcpserver.tools import Tool
from mcp.types import (
    CallToolResult,
    ClientCapabilities,
    ElicitationCapability,
    FormElicitationCapability,
)
from pydantic import BaseModel, Field

from ...core.lifecycle import words
from ...core.wording import Plain
from ...register import Entry
from ...service import Review, Reviewed, entry_dict, shorten_words
from ..arguments import FactsArgument, about
from . import ToolContext, make_tool, result

ROLES = ("reviewer", "dpo", "caio")
FORMS = ClientCapabilities(elicitation=ElicitationCapability(form=FormElicitationCapability()))
Outcome = Literal[
    "approve",
    "approve_with_conditions",
    "deny",
    "suspend",
    "reassess",
    "ask_back",
    "grant_exception",
    "revoke_exception",
]


class Confirmation(BaseModel):
    """What the person answers."""

    is_confirmed: bool = Field(title="Write it into the register")


# Annotations are evaluated here at once, unlike in other modules: the SDK reads the resolver
# out of them, and it knows the caller.
def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def ask(
        entry: str,
        outcome: str,
        reason: str,
        conditions: list[str],
        rule: str,
        until: str,
        confirmed: bool,
        ctx: Context,
    ) -> Confirmation | Elicit[Confirmation]:
        """Have the person confirm where the client can ask them."""
        if confirmed or not ctx.session.check_client_capability(FORMS):
            return Confirmation(is_confirmed=confirmed)
        found = context.service.find_entry(entry, context.caller)
        said = _said(reason, conditions, rule, until)
        return Elicit(f"{words(outcome)}: {_line(found)}{said}?", Confirmation)

    async def review_use(
        entry: Annotated[str, about("The entry, e.g. E-0042.")],
        outcome: Outcome,
        confirm: Annotated[ElicitationResult[Confirmation], Resolve(ask)],
        reason: Annotated[str, about("Why, in a sentence that the person may read.")] = "",
        conditions: Annotated[
            list[str], about("Conditions of the approval; compensating controls of an exception.")
        ] = [],  # noqa: B006  # pydantic copies it; the schema shows it
        facts: FactsArgument = [],  # noqa: B006
        rule: Annotated[str, about("Exception: the rule or cell it is from.")] = "",
        scope: Annotated[
            list[str], about("Exception: fact=value it is limited to; else this tool and task.")
        ] = [],  # noqa: B006
        all_units: Annotated[bool, about("Exception: for every unit, not only this one.")] = False,
        until: Annotated[str, about("Last day, as 2027-03-31.")] = "",
        exception: Annotated[str, about("The one to revoke, e.g. X-0007.")] = "",
        confirmed: Annotated[bool, about("True once the person said yes to exactly this.")] = False,
        request_id: str = "",
    ) -> CallToolResult:
        """Decide on an entry of the register, or grant or revoke an exception.

        Call it when a reviewer says what they decided; read the entry first (search_register).
        The use is decided again: a review cannot allow what the policy prohibits; only an
        exception with an end can, from one rule at a time. Nobody decides on their own request.
        """
        review = Review(
            entry=entry,
            outcome=outcome,
            reason=reason,
            conditions=tuple(conditions),
            facts=tuple(facts),
            rule=rule,
            scope=tuple(scope),
            for_all_units=all_units,
            until=until,
            exception=exception,
            request_id=request_id,
        )
        if not isinstance(confirm, AcceptedElicitation) or not confirm.data.is_confirmed:
            found = context.service.find_entry(entry, context.caller)
            return _not_confirmed(found, review)
        reviewed = context.service.review_use(review, context.caller, context.now())
        return result(*describe_review(reviewed))

    return make_tool(review_use, title="Review an AI use", reads_only=False)


def _line(entry: Entry) -> str:
    unit = f", {entry.unit}" if entry.unit else ""
    return f'{entry.id} "{entry.title}" ({words(entry.status)}{unit})'


def _said(reason: str, conditions: Sequence[str], rule: str, until: str) -> str:
    """What the person says yes to, beside the outcome."""
    parts = {"reason": reason, "conditions": "; ".join(conditions), "rule": rule, "until": until}
    return "".join(f"; {name}: {shorten_words(said)}" for name, said in parts.items() if said)


def _not_confirmed(entry: Entry, review: Review) -> CallToolResult:
    said = _said(review.reason, review.conditions, review.rule, review.until)
    text = (
        f"Nothing was changed. {words(review.outcome).capitalize()}, {_line(entry)}{said}. Read "
        "this to the person, and with their yes call again with confirmed=true."
    )
    return result(text, {"verdict": text, "is_changed": False, "entry": entry.id})


def describe_review(reviewed: Reviewed) -> tuple[str, dict[str, Plain]]:
    """What came of a review, as text and as values."""
    text = reviewed.sentences()
    shown: dict[str, Plain] = {"verdict": text.partition("\n")[0], "is_changed": True}
    granted, decision = reviewed.granted, reviewed.decision
    if granted is not None:
        shown["exception"] = {
            "id": granted.id,
            "rule": granted.rule,
            "until": granted.ended_on or granted.expires,
            "ended": granted.ended,
            "scope": list(granted.scope),
            "unit": granted.unit,
        }
    if reviewed.affected:
        shown["affected"] = list(reviewed.affected)
    if decision is not None and not decision.is_permitted:
        shown["still"] = list(decision.determining_rules)
    return text, shown | entry_dict(reviewed.entry)
