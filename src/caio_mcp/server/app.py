"""One server object for both protocol eras: strict arguments, errors that say the next step."""

from __future__ import annotations

from typing import Any

from anyio import BrokenResourceError, ClosedResourceError
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.types import CallToolResult, InputRequiredResult
from pydantic import ValidationError

from .. import __version__
from ..core.wording import nearest, quote
from ..errors import CaioError
from ..service import Caller, Service
from ..settings import NOTHING_MORE, Detection
from .tools import ToolContext, all_tools

FAULTS_SHOWN = 5  # of a call; the first ones are enough to mend it

INSTRUCTIONS = """\
Call check_use before anybody puts data into an AI tool, or asks whether they may: it says what
the organisation's own policy allows for this use, this tool and this data, and why.
- Pass on the person's own words; add nothing. What you infer yourself goes into `assumed`.
- Never guess an answer to a question it asks: ask the person, then call again with `previous`.
- Never put the data itself into a call. Everyday words are enough, or the `path` of its file.
- Read the verdict first. It rests on what was stated; it is not legal advice.
- After a yes or a review, offer register_use, so that the use is on record.
list_models shows the tools and models for some data; check_model judges model ids found in code;
search_register shows what is already approved.
"""


class Server(MCPServer[Any]):
    """MCPServer with errors in plain words: nothing of the caller's text comes back."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; what the caller can mend is said, anything else stays in the log."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, CaioError):
                raise ToolError(str(cause)) from cause
            if isinstance(cause, ValidationError):
                raise ToolError(self._what_is_wrong(name, cause)) from cause
            if cause is None and not isinstance(error, UnexpectedToolError):
                names = [tool.name for tool in await self.list_tools()]
                raise ToolError(f"There is no tool {quote(name)}. {nearest(name, names)}") from None
            raise

    def serve(self) -> None:
        """Serve standard input and output until the client goes, which it may at any time."""
        try:
            self.run("stdio")
        except* (BrokenPipeError, BrokenResourceError, ClosedResourceError):
            pass

    def _what_is_wrong(self, name: str, error: ValidationError) -> str:
        tool = self._tool_manager.get_tool(name)
        known = list(tool.parameters.get("properties", {})) if tool else []
        lines = []
        for fault in error.errors(include_input=False, include_url=False, include_context=False):
            where = ".".join(str(part) for part in fault["loc"])
            if fault["type"] == "extra_forbidden":
                lines.append(
                    f"{quote(where)} is not an argument of {name}. {nearest(where, known)}"
                )
            else:
                lines.append(f"{where}: {fault['msg']}.")
        shown = list(dict.fromkeys(lines))
        more = f" And {len(shown) - FAULTS_SHOWN} more." if len(shown) > FAULTS_SHOWN else ""
        return f"Nothing was done. {' '.join(shown[:FAULTS_SHOWN])}{more} Mend that and call again."


def build_server(
    service: Service,
    caller: Caller,
    detection: Detection = NOTHING_MORE,
) -> Server:
    """The server of one workspace and caller, and how it looks at data."""
    context = ToolContext(service, caller, detection)
    return Server(
        "caio-mcp",
        title="AI governance",
        version=__version__,
        instructions=INSTRUCTIONS,
        tools=all_tools(context),
        log_level="WARNING",
    )
