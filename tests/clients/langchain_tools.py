"""LangChain: the tools that langchain-mcp-adapters makes, called as an agent calls them."""
# requires: langchain-mcp-adapters==0.3.2 mcp==1.30.0

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from langchain_core.tools import BaseTool
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.tools import load_mcp_tools
from lib.journey import BOTH, Seen, travel
from lib.server import Launch


class Session:
    shows = BOTH

    def __init__(self, tools: list[BaseTool]) -> None:
        self.by_name = {tool.name: tool for tool in tools}

    async def tools(self) -> list[str]:
        return list(self.by_name)

    async def call(self, name: str, arguments: dict[str, Any]) -> Seen:
        call = {"type": "tool_call", "id": "1", "name": name, "args": arguments}
        message = await self.by_name[name].ainvoke(call)
        (part,) = message.content
        structured = (message.artifact or {}).get("structured_content")
        return Seen(part["text"], structured, message.status == "error")


@asynccontextmanager
async def connect(server: Launch, way: str) -> AsyncIterator[Session]:
    connection = {
        "transport": "stdio",
        "command": server.command,
        "args": server.args,
        "env": server.env,
    }
    async with MultiServerMCPClient({"caio": connection}).session("caio") as session:
        yield Session(await load_mcp_tools(session))


if __name__ == "__main__":
    travel(["tools"], connect)
