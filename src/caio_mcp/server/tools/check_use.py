"""check_use: may this data go into this tool, for this?"""

from __future__ import annotations

from typing import Annotated

from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...service import UseRequest
from ..arguments import (
    AssumedArgument,
    DataArgument,
    FactsArgument,
    NotInDataArgument,
    PathArgument,
    SampleArgument,
    TaskArgument,
    about,
)
from . import VIA, ToolContext, make_tool, result


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def check_use(
        task: TaskArgument = "",
        tool: Annotated[
            str, about("The AI tool in the person's words; never add a plan they did not name.")
        ] = "",
        data: DataArgument = [],  # noqa: B006  # pydantic copies it; the schema shows it
        not_in_data: NotInDataArgument = [],  # noqa: B006
        facts: FactsArgument = [],  # noqa: B006
        assumed: AssumedArgument = [],  # noqa: B006
        previous: Annotated[
            str, about("The check id of the answer before; then send only what is new.")
        ] = "",
        path: PathArgument = "",
        sample: SampleArgument = "",
        already_done: Annotated[
            bool, about("The data is already in the tool: incident steps come along.")
        ] = False,
    ) -> CallToolResult:
        """Say whether the organisation's policy lets this data go into this AI tool.

        Call it before anybody pastes, uploads or connects data, or asks "may I?". Nothing is
        required: send what was said, and it answers yes, no, review, or the one or two
        questions that still matter. Ask the person these, then call again with `previous`.
        """
        scanned = await context.scanned(path, sample)
        answer = context.service.check_use(
            UseRequest(
                task=task,
                tool=tool,
                data=tuple(data),
                not_in_data=tuple(not_in_data),
                facts=tuple(facts),
                assumed=tuple(assumed),
                previous=previous,
                already_done=already_done,
                scanned=scanned,
            ),
            context.caller,
            context.now(),
            via=VIA,
        )
        return result(answer.for_assistant(), answer.structured())

    return make_tool(check_use, title="Check an AI use", reads_only=True)
