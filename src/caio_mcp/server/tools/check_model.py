"""check_model: may these models be called with this data?"""

from __future__ import annotations

from typing import Annotated

from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...model_words import model_lines, row_dicts
from ...service import ModelQuestion, UseRequest
from ..arguments import DataArgument, FactsArgument, NotInDataArgument, about
from . import VIA, ToolContext, make_tool, result


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def check_model(
        models: Annotated[list[str], about("Model ids exactly as the code writes them.")] = [],  # noqa: B006
        path: Annotated[str, about("Or a file or folder of code: its models are found.")] = "",
        channel: Annotated[
            str, about("The tool or provider that is called, e.g. 'aws-bedrock-eu', 'azure'.")
        ] = "",
        region: Annotated[str, about("Where it runs, e.g. 'eu', 'swedencentral'.")] = "",
        data: DataArgument = [],  # noqa: B006  # pydantic copies it; the schema shows it
        not_in_data: NotInDataArgument = [],  # noqa: B006
        facts: FactsArgument = [],  # noqa: B006
    ) -> CallToolResult:
        """Say for each model id whether code may send this data to it.

        Call it before writing or reviewing code that calls a model. Say what data goes in.
        An id that the catalogue does not know is not approved; it never matches by likeness.
        """
        request = UseRequest(data=tuple(data), not_in_data=tuple(not_in_data), facts=tuple(facts))
        rows = context.service.check_model(
            ModelQuestion(tuple(models), request, channel, region),
            context.caller,
            context.now(),
            via=VIA,
        )
        date = context.service.library.catalogue.models.date
        return result(
            "\n".join([*model_lines(rows), f"Catalogue of {date}."]),
            {"models": row_dicts(rows), "catalogue_of": date},
        )

    return make_tool(check_model, title="Check model ids", reads_only=True)
