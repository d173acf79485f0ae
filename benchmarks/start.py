"""Cold start: spawn to `tools/list` answered, and one check on the terminal."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROUNDS = 7
PROGRAM = str(Path(sys.executable).with_name("caio-mcp"))
BARE = """
from mcp.server import MCPServer
server = MCPServer("bare")
@server.tool()
async def add(a: int, b: int) -> int:
    return a + b
server.run("stdio")
"""
LISTED = b"".join(
    json.dumps(line).encode() + b"\n"
    for line in (
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-11-25",
                "capabilities": {},
                "clientInfo": {"name": "benchmark", "version": "1"},
            },
        },
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    )
)


def cpu_seconds(command: Sequence[str], given: bytes, workspace: str) -> float:
    """CPU time of one run of a command to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        input=given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "CAIO_MCP_WORKSPACE": workspace},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def main() -> None:
    """Interleave the commands, print medians and ratios."""
    with tempfile.TemporaryDirectory() as workspace:
        check = ["check", "--fact", "tool.id=chatgpt-free", "--fact", "data.level=confidential"]
        commands = {
            "bare MCP server": ([sys.executable, "-c", BARE], LISTED),
            "caio-mcp serve": ([PROGRAM, "serve"], LISTED),
            "python -c pass": ([sys.executable, "-c", "pass"], b""),
            "caio-mcp check": ([PROGRAM, *check], b""),
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for command, given in commands.values():  # once unmeasured: bytecode, disk
            cpu_seconds(command, given, workspace)
        for _ in range(ROUNDS):
            for name, (command, given) in commands.items():
                taken[name].append(cpu_seconds(command, given, workspace))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, seconds in medians.items():
        print(f"{name:<18} {seconds:6.3f} s CPU")
    print(f"serve / bare server = {medians['caio-mcp serve'] / medians['bare MCP server']:.2f}")
    print(f"check / python      = {medians['caio-mcp check'] / medians['python -c pass']:.1f}")


if __name__ == "__main__":
    main()
