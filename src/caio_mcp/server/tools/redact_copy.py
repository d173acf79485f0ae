"""redact_copy: a copy of a file without what was found in it."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...core.detectors.report import together
from ...core.wording import quote
from ..arguments import about
from . import ToolContext, make_tool, result


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def redact_copy(
        path: str,
        only: Annotated[
            list[str],
            about("Categories to take out; else all."),
        ] = [],  # noqa: B006  # pydantic copies it; the schema shows it
    ) -> CallToolResult:
        """Write a copy of a file beside it, with placeholders for what was found. It is
        pseudonymised, not anonymous; go on with check_use and its path.
        """
        copy = await to_thread.run_sync(context.desk().copy, path, only)
        name, path = quote(copy.path.name), str(copy.path)
        again = f'path="{path}"' if path.isprintable() else "path=the copy"
        took = together(list(copy.replaced.items()))
        lines = [
            f"{name}: {took} replaced." if took else f"{name}: nothing found to replace.",
            "It is pseudonymised, not anonymous: names and health in sentences can be missed.",
            f"Scanned again: {copy.after.summary}",
            f"Next: check_use({again}), or look through the copy first.",
        ]
        return result(
            "\n".join(lines),
            {
                "copy": path,
                "replaced": dict(copy.replaced),
                "still_found": dict(copy.after.counts),
                "note": lines[1],
            },
        )

    return make_tool(
        redact_copy,
        title="Make a redacted copy",
        reads_only=False,
        is_idempotent=False,
    )
