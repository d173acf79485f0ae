"""Per call: a check through MCP against a trivial tool, and the parts it is made of."""

from __future__ import annotations

import asyncio
import datetime
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Any

from mcp import Client
from mcp.server import MCPServer

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.core.decision import decide
from caio_mcp.core.facts import read_statement
from caio_mcp.files import load_library
from caio_mcp.server.app import build_server
from caio_mcp.settings import load_settings

ROUNDS = 200
DAY = datetime.date(2026, 11, 22)
COMPLETE = [
    "purpose.task=summarise",
    "tool.id=chatgpt-enterprise",
    "data.level=confidential",
    "data.overlays=none",
    "data.categories=only:name,contact",
    "data.identifiability=identified",
]
FIRST = ["purpose.task=summarise", "tool.id=chatgpt-free,chatgpt-enterprise"]


def median_us(call: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Median CPU time of a call in microseconds, after one unmeasured."""
    call()
    taken = []
    for _ in range(rounds):
        start = time.process_time_ns()
        call()
        taken.append(time.process_time_ns() - start)
    return statistics.median(taken) / 1_000


async def median_call_us(call: Callable[[], Awaitable[Any]]) -> float:
    """The same for a call that is awaited."""
    await call()
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        await call()
        taken.append(time.process_time_ns() - start)
    return statistics.median(taken) / 1_000


async def through_mcp() -> tuple[float, float, float]:
    """A trivial tool, a check without and with the decision log."""
    bare = MCPServer("bare")

    @bare.tool()
    async def add(a: int, b: int) -> int:
        return a + b

    said = {"task": "summarise", "tool": "ChatGPT Free", "data": ["customer complaints"]}
    taken = []
    async with Client(bare) as client:
        taken.append(await median_call_us(lambda: client.call_tool("add", {"a": 1, "b": 2})))
    for log in ("off", "unit"):
        with tempfile.TemporaryDirectory() as folder:
            settings = load_settings(
                workspace=folder, policy="acme", environment={"CAIO_MCP_DECISION_LOG": log}
            )
            service = build_service(settings)
            async with Client(build_server(service, build_caller(settings))) as client:
                taken.append(await median_call_us(lambda: client.call_tool("check_use", said)))
            service.close()
    return taken[0], taken[1], taken[2]


def main() -> None:
    """Print medians and ratios."""
    library = load_library("acme")
    complete, first = (
        [read_statement(library.vocabulary, text) for text in texts] for texts in (COMPLETE, FIRST)
    )
    whole = median_us(lambda: decide(library.engine, complete, DAY))
    asked = median_us(lambda: decide(library.engine, first, DAY))
    loaded = median_us(lambda: load_library("acme"), rounds=20)
    trivial, check, logged = asyncio.run(through_mcp())
    rules = len(library.engine.contributions.on(DAY).items)
    print(f"decide, complete facts         {whole:9.0f} us CPU ({rules} rules and cells)")
    print(f"decide, first question         {asked:9.0f} us CPU, with all questions")
    print(f"load policy and catalogue      {loaded:9.0f} us CPU")
    print(f"a trivial tool in memory       {trivial:9.0f} us CPU")
    print(f"check_use in memory            {check:9.0f} us CPU")
    print(f"check_use, logged              {logged:9.0f} us CPU")
    print(f"first question / complete = {asked / whole:.1f}")
    print(f"check_use / trivial tool  = {check / trivial:.1f}, logged {logged / trivial:.1f}")


if __name__ == "__main__":
    main()
