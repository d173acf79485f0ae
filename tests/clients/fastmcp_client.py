"""The client of FastMCP: negotiating the newer protocol, and with the older one."""
# requires: fastmcp==4.1.2 mcp==2.3.0

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from lib.journey import BOTH, Seen, travel
from lib.server import Launch

VERSIONS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


class Session:
    shows = BOTH

    def __init__(self, client: Client[Any]) -> None:
        self.client = client

    async def tools(self) -> list[str]:
        return [tool.name for tool in await self.client.list_tools()]

    async def call(self, name: str, arguments: dict[str, Any]) -> Seen:
        result = await self.client.call_tool(name, arguments, raise_on_error=False)
        (part,) = result.content
        return Seen(part.text, result.structured_content, result.is_error)


@asynccontextmanager
async def connect(server: Launch, mode: str) -> AsyncIterator[Session]:
    transport = StdioTransport(server.command, server.args, env=server.env)
    async with Client(transport, mode=mode) as client:
        assert client.protocol_version == VERSIONS[mode], client.protocol_version
        assert "check_use" in (client.instructions or ""), client.instructions
        yield Session(client)


if __name__ == "__main__":
    travel(list(VERSIONS), connect)
