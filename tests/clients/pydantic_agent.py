"""Pydantic AI: an agent with the server's tools. Its model is written here: it calls what it is
told to call, and shows what it got to see."""
# requires: pydantic-ai-slim[mcp]==2.68.0 mcp==2.3.0

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from lib.journey import Seen, travel
from lib.server import Launch
from pydantic_ai import Agent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

VERSIONS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


class Session:
    shows = ("structured",)

    def __init__(self, toolset: MCPToolset[None]) -> None:
        self.agent = Agent(FunctionModel(self.model), toolsets=[toolset])
        self.offered: list[str] = []
        self.asked: ToolCallPart | None = None
        self.seen: Seen | None = None

    def model(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.offered = [tool.name for tool in info.function_tools]
        if self.asked:
            call, self.asked = self.asked, None
            return ModelResponse([call])
        self.seen = seen(messages[-1].parts[-1])
        return ModelResponse([TextPart("done")])

    async def tools(self) -> list[str]:
        await self.agent.run("What is there?")
        return self.offered

    async def call(self, name: str, arguments: dict[str, Any]) -> Seen:
        self.asked = ToolCallPart(name, arguments)
        await self.agent.run("Call it.")
        assert self.seen, "the model did not get to see a result"
        return self.seen


def seen(part: object) -> Seen | None:
    match part:
        case ToolReturnPart(content=dict() as content):
            return Seen(structured=content, is_error=part.outcome != "success")
        case ToolReturnPart(content=content):
            return Seen(str(content), is_error=part.outcome != "success")
        case RetryPromptPart(content=str() as content):
            return Seen(content, is_error=True)
    return None


@asynccontextmanager
async def connect(server: Launch, mode: str) -> AsyncIterator[Session]:
    transport = StdioTransport(server.command, server.args, env=server.env)
    async with MCPToolset(Client(transport, mode=mode)) as toolset:
        assert toolset.client.protocol_version == VERSIONS[mode], toolset.client.protocol_version
        yield Session(toolset)


if __name__ == "__main__":
    travel(list(VERSIONS), connect)
