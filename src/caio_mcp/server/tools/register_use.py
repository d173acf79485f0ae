"""register_use: put a use into the register, or join an approved one."""

from __future__ import annotations

from typing import Annotated

from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...errors import RequestError
from ...service import UseRequest, entry_dict
from ..arguments import DataArgument, FactsArgument, NotInDataArgument, about
from . import ToolContext, make_tool, result


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def register_use(
        title: Annotated[str, about("A short name, e.g. 'Complaint summaries'.")] = "",
        check: Annotated[str, about("The check id that check_use answered.")] = "",
        purpose: Annotated[str, about("What it is for, in a sentence; no data in it.")] = "",
        join: Annotated[
            str, about("An approved entry to take part in, e.g. E-0042; then nothing else.")
        ] = "",
        tool: str = "",
        data: DataArgument = [],  # noqa: B006  # pydantic copies it; the schema shows it
        not_in_data: NotInDataArgument = [],  # noqa: B006
        facts: FactsArgument = [],  # noqa: B006
        request_id: Annotated[
            str, about("Any id of yours; the same one again changes nothing.")
        ] = "",
    ) -> CallToolResult:
        """Put an AI use into the organisation's register, or join an approved one.

        Call it after check_use, when the person wants the use on record or a review asked
        for. The use is decided again; a yes is approved by policy, a review waits for its
        reviewer, a no is kept as denied. A retry adds nothing.
        """
        service, caller, now = context.service, context.caller, context.now()
        if join:
            if title or check:
                raise RequestError(
                    "join stands alone.", remedy="Give join, or title and check, not both."
                )
            entry = service.join_use(join, caller, now, request_id=request_id)
            text = f'{entry.id} "{entry.title}": {"joined" if entry.is_new else "already yours"}.'
            return result(text, {"verdict": text, **entry_dict(entry)})
        entry, answer = service.register_use(
            UseRequest(
                tool=tool,
                data=tuple(data),
                not_in_data=tuple(not_in_data),
                facts=tuple(facts),
            ),
            caller,
            now,
            title=title,
            purpose=purpose,
            check=check,
            request_id=request_id,
        )
        status = entry.status.replace("_", " ")
        by = " (by policy)" if entry.status == "approved" else ""
        state = "is in the register" if entry.is_new else "was already there"
        text = f'{entry.id} "{entry.title}" {state}: {status}{by}.'
        next_step = {
            "proposed": "Answer its questions with check_use, then register the new check.",
            "under_review": "The reviewer decides; search_register shows how it stands.",
            "denied": "Do not start. What works instead stands in the check.",
        }.get(entry.status, "Keep to the conditions." if answer.conditions else "Go ahead.")
        return result(
            "\n".join([text, answer.verdict, f"Next: {next_step}"]),
            {
                "registered": text,
                "verdict": answer.verdict,
                "conditions": list(answer.conditions),
                **entry_dict(entry),
                "next": next_step,
            },
        )

    return make_tool(register_use, title="Register an AI use", reads_only=False)
