"""OpenAI Agents: an agent with the server's tools. Its model is written here: it calls what it
is told to call, and shows what it got to see."""
# requires: openai-agents==0.24.0 mcp==2.3.0

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from agents import Agent, Model, ModelResponse, RunConfig, Runner, Usage
from agents.mcp import MCPServerStdio
from lib.journey import Seen, travel
from lib.server import Launch
from openai.types.responses import (
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
)

SECONDS_MAX = 60
OFFLINE = RunConfig(tracing_disabled=True)  # else each run is told to OpenAI
DONE = ResponseOutputMessage(
    id="m-1",
    type="message",
    role="assistant",
    status="completed",
    content=[ResponseOutputText(type="output_text", text="done", annotations=[])],
)


class Scripted(Model):
    def __init__(self) -> None:
        self.offered: list[str] = []
        self.asked: ResponseFunctionToolCall | None = None
        self.output: Any = None

    async def get_response(
        self,
        system_instructions: Any,
        input: Any,
        model_settings: Any,
        tools: Any,
        *rest: Any,
        **named: Any,
    ) -> ModelResponse:
        self.offered = [tool.name for tool in tools]
        self.output = input[-1].get("output") if isinstance(input, list) else None
        answer, self.asked = self.asked or DONE, None
        return ModelResponse(output=[answer], usage=Usage(), response_id=None)

    def stream_response(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("nothing here streams")


class Session:
    def __init__(self, server: MCPServerStdio) -> None:
        self.shows = ("structured",) if server.use_structured_content else ("text",)
        self.model = Scripted()
        self.agent = Agent("caio", model=self.model, mcp_servers=[server])

    async def tools(self) -> list[str]:
        await Runner.run(self.agent, "What is there?", run_config=OFFLINE)
        return self.model.offered

    async def call(self, name: str, arguments: dict[str, Any]) -> Seen:
        self.model.asked = ResponseFunctionToolCall(
            type="function_call", call_id="c-1", name=name, arguments=json.dumps(arguments)
        )
        await Runner.run(self.agent, "Call it.", run_config=OFFLINE)
        return seen(self.model.output)


def seen(output: Any) -> Seen:
    """A list of parts, or structured content as JSON; that it is an error is not said."""
    if isinstance(output, str):
        return Seen(structured=json.loads(output))
    (part,) = output
    return Seen(part["text"])


@asynccontextmanager
async def connect(server: Launch, way: str) -> AsyncIterator[Session]:
    async with MCPServerStdio(
        params={"command": server.command, "args": server.args, "env": server.env},
        use_structured_content=way == "structured content",
        client_session_timeout_seconds=SECONDS_MAX,
    ) as stdio:
        yield Session(stdio)


if __name__ == "__main__":
    travel(["text", "structured content"], connect)
