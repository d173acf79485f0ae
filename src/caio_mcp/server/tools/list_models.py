"""list_models: which tools and models are approved for this data."""

from __future__ import annotations

from collections.abc import Sequence

from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...core.explain import policy_label
from ...core.wording import Plain
from ...service import ToolRow, UseRequest
from ..arguments import DataArgument, FactsArgument, NotInDataArgument
from . import ToolContext, make_tool, result

OTHERS_SHOWN = 6
HEADINGS = {
    "allow": "Yes",
    "allow_with_conditions": "Yes, with conditions",
    "need_more_information": "Depends on more facts",
    "review": "A person reviews it first",
}


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def list_models(
        data: DataArgument = [],  # noqa: B006  # pydantic copies it; the schema shows it
        not_in_data: NotInDataArgument = [],  # noqa: B006
        facts: FactsArgument = [],  # noqa: B006
        capability: str = "",
    ) -> CallToolResult:
        """List the AI tools and models that the policy allows for some data.

        Call it when somebody asks "which AI may I use for this?", or to find another tool
        after a no. Say what the data is; without it, most tools depend on that.
        """
        request = UseRequest(data=tuple(data), not_in_data=tuple(not_in_data), facts=tuple(facts))
        rows = context.service.list_models(
            request, context.caller, context.now().date(), capability=capability
        )
        library = context.service.library
        text, values = describe_tools(
            rows, policy_label(library.policy), is_adopted=library.policy.is_adopted
        )
        if any(row.models for row in rows):
            values["catalogue_of"] = library.catalogue.models.date
            text += f"\nModels: catalogue of {library.catalogue.models.date}."
        return result(text, values)

    return make_tool(list_models, title="List approved tools and models", reads_only=True)


def describe_tools(
    rows: Sequence[ToolRow], policy: str, *, is_adopted: bool
) -> tuple[str, dict[str, Plain]]:
    """The rows as text and as values. Of those that nobody decided on, only the first of each
    outcome are listed; tools that are a no are counted."""
    lines = [f"Tools for this data under {policy} (on what you told us; not legal advice):"]
    structured: dict[str, Plain] = {"policy": policy}
    for decision, heading in HEADINGS.items():
        found = [row for row in rows if row.decision == decision]
        listed: list[ToolRow] = []
        for usually in sorted({row.usually for row in found}):
            group = [row for row in found if row.usually == usually]
            shown = _shown(group)
            more = f"; and {len(group) - len(shown)} more" if len(group) > len(shown) else ""
            usual = f"; if the rest is as usual, {usually.replace('_', ' ')}" if usually else ""
            lines.append(f"{heading}{usual}: {'; '.join(map(_row, shown))}{more}.")
            listed += shown
        if found:
            structured[decision] = [_row_dict(row) for row in listed]
        if len(found) > len(listed):
            structured[f"more_{decision}"] = len(found) - len(listed)
    refused = [row for row in rows if row.decision == "prohibit"]
    if refused:
        known = [row for row in refused if row.approval != "none"]
        names = [*map(_row, known), *(["others"] if len(refused) > len(known) else [])]
        lines.append(f"No: {len(refused)} of the catalogue: {'; '.join(names)}.")
        structured["prohibit"] = [_row_dict(row) for row in known]
        structured["more_prohibit"] = len(refused) - len(known)
    if not any(row.approval in ("approved", "restricted") for row in rows):
        lines.append(
            "Your policy approves no tool yet; the groups above come from the facts of each tool."
        )
    if not is_adopted:
        lines.append("Sample policy, not adopted by your organisation.")
    lines.append("Next: check_use with the tool you choose.")
    return "\n".join(lines), structured


def _shown(rows: Sequence[ToolRow]) -> list[ToolRow]:
    """Those that the organisation decided on, and the first of the others."""
    decided = [row for row in rows if row.approval != "none"]
    others = [row for row in rows if row.approval == "none"]
    return [*decided, *others[: max(1, OTHERS_SHOWN - len(decided))]]


def _row_dict(row: ToolRow) -> dict[str, Plain]:
    shown: dict[str, Plain] = {
        "tool": row.id,
        "name": row.name,
        "approval": row.approval,
        "models": list(row.models),
        "if_the_rest_is_usual": row.usually,
    }
    return {name: value for name, value in shown.items() if value}


def _row(row: ToolRow) -> str:
    approval = "" if row.approval == "none" else f", {row.approval}"
    models = f", models {', '.join(row.models)}" if row.models else ""
    return f"{row.name} [{row.id}{approval}{models}]"
