"""check_model: may these models be called with this data?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...core.wording import Plain, may_be_content, quote
from ...service import ModelRow, UseRequest
from ..arguments import DataArgument, FactsArgument, NotInDataArgument, about
from . import VIA, ToolContext, make_tool, result

VERDICTS = {
    "approved": "OK",
    "approved_with_conditions": "OK, WITH CONDITIONS",
    "review": "REVIEW",
    "depends": "DEPENDS",
    "not_approved": "NO",
}


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def check_model(
        models: Annotated[list[str], about("Model ids exactly as the code writes them.")],
        channel: Annotated[
            str, about("The tool through which they are called, e.g. 'aws-bedrock-eu'.")
        ] = "",
        data: DataArgument = [],  # noqa: B006  # pydantic copies it; the schema shows it
        not_in_data: NotInDataArgument = [],  # noqa: B006
        facts: FactsArgument = [],  # noqa: B006
    ) -> CallToolResult:
        """Say for each model id whether code may send this data to it.

        Call it before writing or reviewing code that calls a model. Say what data goes in.
        An id that the catalogue does not know is not approved; it never matches by likeness.
        """
        rows = context.service.check_model(
            models,
            UseRequest(data=tuple(data), not_in_data=tuple(not_in_data), facts=tuple(facts)),
            context.caller,
            context.now(),
            on=channel,
            via=VIA,
        )
        return result("\n".join(map(model_line, rows)), {"models": models_dict(rows)})

    return make_tool(check_model, title="Check model ids", reads_only=True)


def model_line(row: ModelRow) -> str:
    """One model in one line: verdict first."""
    model, written = row.resolution.model, row.resolution.id
    name = model.id if model else row.resolution.resolved
    shown = repr(written) if model else quote(written)  # a known id is nobody's data
    where = f" on {row.tool}" if row.tool else ""
    retires = (
        f" Retires there {row.retires}." if row.retires and row.verdict != "not_approved" else ""
    )
    needs = f" Say: {', '.join(row.needs[:3])}." if row.verdict == "depends" else ""
    return f"{VERDICTS[row.verdict]} {shown} = {name}{where}: {row.why}{needs}{retires}"


def models_dict(rows: Sequence[ModelRow]) -> list[Plain]:
    """The rows in plain values, without what is empty."""
    found: list[Plain] = []
    for row in rows:
        shown: dict[str, Plain] = {
            "id": _safe_id(row),
            "verdict": row.verdict,
            "class": row.resolution.resolved,
            "model": row.resolution.model.id if row.resolution.model else "",
            "channel": row.tool,
            "why": row.why,
            "needs": list(row.needs),
            "retires": row.retires.isoformat() if row.retires else "",
            "did_you_mean": list(row.resolution.candidates),
            "check": row.check,
        }
        found.append({name: value for name, value in shown.items() if value})
    return found


def _safe_id(row: ModelRow) -> str:
    known = row.resolution.model is not None
    return row.resolution.id if known or not may_be_content(row.resolution.id) else ""
