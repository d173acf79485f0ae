"""mcp-fuzzer: does the server stand wrong and hostile arguments, and take only right ones?"""
# requires: mcp-fuzzer==0.7.0 mcp==1.30.0 jsonschema==4.26.0

from __future__ import annotations

import asyncio
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from lib.server import Launch, bugs_in, judge, launch
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

RUNS = 30  # for each tool, of each kind: realistic, aggressive
TRIED = 2 * RUNS
BROKEN = ("anomaly", "crashed", "exceptions")
# Both are what the server is meant to do: it quotes the word that it does not know, to an
# assistant and not to a browser; and what it accepts is looked at here, by the schema.
FINDINGS_KNOWN = {"injection_reflection", "accepted_malformed"}


async def schemas(server: Launch) -> dict[str, Any]:
    """What each tool says that it takes."""
    parameters = StdioServerParameters(command=server.command, args=server.args, env=server.env)
    async with stdio_client(parameters) as streams, ClientSession(*streams) as client:
        await client.initialize()
        return {tool.name: tool.inputSchema for tool in (await client.list_tools()).tools}


def fuzz(folder: Path, log: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary of a run, and its findings."""
    start = launch(folder)
    command = shlex.join([start.command, *start.args, "--workspace", str(folder)])
    run = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("mcp-fuzzer")), "--mode", "tools"),
            *("--phase", "both", "--runs", str(RUNS), "--seed", "1", "--no-corpus"),
            *("--protocol", "stdio", "--no-network", "--fs-root", str(folder / "files")),
            *("--endpoint", shlex.join(["sh", "-c", f"exec {command} 2>>{shlex.quote(str(log))}"])),
            *("--output-dir", str(folder / "out")),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if run.returncode:
        sys.exit(f"mcp-fuzzer ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    summary = json.loads((folder / "out" / "run_summary.json").read_text("utf-8"))
    findings = json.loads((folder / "out" / "findings.json").read_text("utf-8"))
    return summary["tools"]["by_name"], findings["findings"]


def faults(folder: Path) -> list[str]:
    """What the server got wrong."""
    log = folder / "server.log"
    takes = asyncio.run(schemas(launch(folder)))
    tools, findings = fuzz(folder, log)
    found = [f"the server's log: {line}" for line in bugs_in(log)]
    if {name: tool["total_runs"] for name, tool in tools.items()} != dict.fromkeys(takes, TRIED):
        found.append(f"not every tool was tried {TRIED} times: {tools}")
    for name, tool in tools.items():
        broken = {kind: tool["outcomes"][kind] for kind in BROKEN if tool["outcomes"][kind]}
        found += [f"{name}: {broken}"] if broken else []
    for finding in findings:
        found += faults_of(finding, takes[finding["target"]])
    return found


def faults_of(finding: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    if finding["category"] not in FINDINGS_KNOWN:
        return [f"{finding['target']}: {finding}"]
    if finding["category"] != "accepted_malformed":
        return []
    arguments = finding["evidence"]["input"]
    return [
        f"{finding['target']} took {arguments}: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(arguments)
    ]


if __name__ == "__main__":
    judge(faults)
