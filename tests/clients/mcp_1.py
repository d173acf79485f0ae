"""The client of the first Python SDK: what hosts have that did not change to the second."""
# requires: mcp==1.30.0

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from lib.journey import BOTH, Seen, travel
from lib.server import Launch
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

VERSION = "2025-11-25"


class Session:
    shows = BOTH

    def __init__(self, client: ClientSession) -> None:
        self.client = client

    async def tools(self) -> list[str]:
        return [tool.name for tool in (await self.client.list_tools()).tools]

    async def call(self, name: str, arguments: dict[str, Any]) -> Seen:
        result = await self.client.call_tool(name, arguments)
        (part,) = result.content
        return Seen(part.text, result.structuredContent, result.isError)


@asynccontextmanager
async def connect(server: Launch, way: str) -> AsyncIterator[Session]:
    parameters = StdioServerParameters(command=server.command, args=server.args, env=server.env)
    async with stdio_client(parameters) as streams, ClientSession(*streams) as client:
        started = await client.initialize()
        assert started.protocolVersion == VERSION, started.protocolVersion
        assert "check_use" in (started.instructions or ""), started.instructions
        yield Session(client)


if __name__ == "__main__":
    travel(["older protocol"], connect)
