"""Per call: a check through MCP beside a trivial tool, in memory and between processes."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

import bare
from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.files import load_library
from caio_mcp.server.app import build_server
from caio_mcp.settings import load_settings
from timing import amount, print_table

CALLS = 200
WARM_CALLS = 20
POLICY = "acme"
TRIVIAL = "a trivial tool"
LOGS = {"check_use, no decision log": "off", "check_use, decision log": "unit"}
PROGRAM = str(Path(sys.executable).with_name("caio-mcp"))
TASKS = ("summarise", "translate", "write", "brainstorm", "analyse_data", "transcribe")

Ask = dict[str, Any]  # the arguments of check_use
REPEATED: Ask = {"task": "summarise", "tool": "ChatGPT Free", "data": ["customer complaints"]}


def different_asks(count: int) -> list[Ask]:
    """As many asks, no two equal: a task, a tool or product, and up to two kinds of data."""
    library = load_library(POLICY)
    catalogued = library.catalogue.tools.values()
    tools = sorted({tool.name for tool in catalogued} | {tool.product for tool in catalogued})
    kinds = [kind.replace("-", " ") for kind in library.policy.kind_levels]
    chance = random.Random("asks")
    found: list[Ask] = []
    while len(found) < count:
        data = sorted(chance.sample(kinds, chance.choice((0, 1, 1, 2))))
        ask = {"task": chance.choice(TASKS), "tool": chance.choice(tools), "data": data}
        if ask not in found:
            found.append(ask)
    return found


async def times_us(
    clients: Mapping[str, Client], asks: Sequence[Ask], clock_ns: Callable[[], int]
) -> dict[str, float]:
    """Median microseconds of a call, by server; for every ask the servers take turns."""
    taken: dict[str, list[int]] = {name: [] for name in clients}
    for number, ask in enumerate(asks):
        for name, client in clients.items():
            tool, arguments = (
                ("add", {"a": number, "b": 2}) if name == TRIVIAL else ("check_use", ask)
            )
            start = clock_ns()
            answer = await client.call_tool(tool, arguments)
            taken[name].append(clock_ns() - start)
            if answer.is_error:
                raise SystemExit(f"{tool} refused {arguments}: {answer.content}")
    return {name: statistics.median(times) / 1_000 for name, times in taken.items()}


async def measure(
    clients: Mapping[str, Client], clock_ns: Callable[[], int]
) -> dict[str, dict[str, float]]:
    """Median microseconds of a call, by case and server."""
    asks = different_asks(CALLS + WARM_CALLS)
    await times_us(clients, asks[CALLS:], clock_ns)  # fills what is filled once
    asks = asks[:CALLS]
    return {
        "one ask, repeated": await times_us(clients, [REPEATED] * CALLS, clock_ns),
        "different asks": await times_us(clients, asks, clock_ns),
        "the same different asks again": await times_us(clients, asks, clock_ns),
    }


async def in_memory() -> dict[str, dict[str, float]]:
    """CPU time of client and server in this process."""
    async with AsyncExitStack() as stack:
        clients = {TRIVIAL: await stack.enter_async_context(Client(bare.server))}
        for name, log in LOGS.items():
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            settings = load_settings(
                workspace=folder, policy=POLICY, environment={"CAIO_MCP_DECISION_LOG": log}
            )
            service = build_service(settings)
            stack.callback(service.close)
            server = build_server(service, build_caller(settings))
            clients[name] = await stack.enter_async_context(Client(server))
        return await measure(clients, time.process_time_ns)


async def over_stdio() -> dict[str, dict[str, float]]:
    """Wall-clock time between this process and one process for each server."""
    async with AsyncExitStack() as stack:
        programs = {
            TRIVIAL: StdioServerParameters(command=sys.executable, args=[bare.__file__]),
        }
        for name, log in LOGS.items():
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            own = {"CAIO_MCP_WORKSPACE": folder, "CAIO_MCP_DECISION_LOG": log}
            programs[name] = StdioServerParameters(
                command=PROGRAM, args=["serve", "--policy", POLICY], env={**os.environ, **own}
            )
        clients = {
            name: await stack.enter_async_context(Client(program))
            for name, program in programs.items()
        }
        return await measure(clients, time.perf_counter_ns)


async def decisions() -> str:
    """What the different asks come to."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(workspace=folder, policy=POLICY, environment={})
        service = build_service(settings)
        async with Client(build_server(service, build_caller(settings))) as client:
            answers = [await client.call_tool("check_use", ask) for ask in different_asks(CALLS)]
        service.close()
    found = Counter(str((answer.structured_content or {})["decision"]) for answer in answers)
    return ", ".join(f"{number} {word}" for word, number in found.most_common())


def show(title: str, found: Mapping[str, Mapping[str, float]]) -> None:
    """A table with one row for each case."""
    rows = []
    for case, times in found.items():
        cells = [case, amount(times[TRIVIAL])]
        cells += [f"{amount(times[n])} = {times[n] / times[TRIVIAL]:.2f} x" for n in LOGS]
        rows.append(cells)
    print_table(title, ["", TRIVIAL, *LOGS], rows)


def main() -> None:
    """Print medians, and times the trivial tool."""
    show("A call in memory: CPU microseconds, and times a trivial tool", asyncio.run(in_memory()))
    show(
        "A call over stdio: wall-clock microseconds, and times a trivial tool",
        asyncio.run(over_stdio()),
    )
    print(f"The {CALLS} different asks: {asyncio.run(decisions())}.")


if __name__ == "__main__":
    main()
