"""Cold start: spawn to an answered `tools/list`, one check on the terminal, and the tests of all
packs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from caio_mcp.opening import bundled
from timing import amount, print_table

ROUNDS = 9
TIMEOUT_SECONDS = 60
PROGRAM = str(Path(sys.executable).with_name("caio-mcp"))
BARE = str(Path(__file__).resolve().with_name("bare.py"))
PARSE = """
import pathlib, sys, yaml
for folder in sys.argv[1:]:
    for path in pathlib.Path(folder).rglob("*.yaml"):
        yaml.compose(path.read_text("utf-8"), yaml.CSafeLoader)
"""
CHECK = ["check", "--fact", "tool.id=chatgpt-free", "--fact", "data.level=confidential"]
LIST_ID = 2
LISTED = b"".join(
    json.dumps({"jsonrpc": "2.0", **line}).encode() + b"\n"
    for line in (
        {
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-11-25",
                "capabilities": {},
                "clientInfo": {"name": "benchmark", "version": "1"},
            },
        },
        {"method": "notifications/initialized"},
        {"id": LIST_ID, "method": "tools/list"},
    )
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a process, in seconds."""

    wall: float  # spawn to the answer, or to the end where nothing is asked
    cpu: float  # user and system, for as long
    cpu_to_end: float


def run(command: Sequence[str], given: bytes, workspace: str) -> Run:
    """Run a command once; where something is given, wait for the list of tools."""
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "CAIO_MCP_WORKSPACE": workspace},
    ) as process:
        watchdog = threading.Timer(TIMEOUT_SECONDS, process.kill)
        watchdog.start()
        answered = _when_answered(process, given) if given else None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        ended = time.perf_counter(), used.ru_utime + used.ru_stime
        process.returncode = os.waitstatus_to_exitcode(status)
        watchdog.cancel()
    if process.returncode not in (0, 1):  # 1 is a no
        raise SystemExit(f"{command} ended with {process.returncode}.")
    clock, cpu = answered or ended
    return Run(clock - start, cpu, ended[1])


def _when_answered(process: subprocess.Popen[bytes], given: bytes) -> tuple[float, float]:
    """The clock, and the CPU seconds of the process, when the tools are listed."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(given)
    process.stdin.flush()
    for line in process.stdout:
        answer = json.loads(line)
        if answer.get("id") == LIST_ID and answer["result"]["tools"]:
            return time.perf_counter(), _cpu_seconds(process.pid)
    raise SystemExit("The server ended without listing its tools.")


def _cpu_seconds(pid: int) -> float:
    """CPU time of a running process, to 10 ms; 0 where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Let the commands take turns; print medians, and times the reference."""
    pairs = {
        "`caio-mcp serve`, a bare MCP server": (
            ([PROGRAM, "serve"], LISTED),
            ([sys.executable, BARE], LISTED),
        ),
        "`caio-mcp check`, `python -c pass`": (
            ([PROGRAM, *CHECK], b""),
            ([sys.executable, "-c", "pass"], b""),
        ),
        "`caio-mcp policy test` of all packs, their files once through PyYAML": (
            ([PROGRAM, "policy", "test", f"{bundled('policies')}/"], b""),
            ([sys.executable, "-c", PARSE, str(bundled("policies")), str(bundled("data"))], b""),
        ),
    }
    commands = [command for pair in pairs.values() for command in pair]
    taken: list[list[Run]] = [[] for _ in commands]
    with tempfile.TemporaryDirectory() as workspace:
        for number in range(ROUNDS + 1):
            for (command, given), runs in zip(commands, taken, strict=True):
                done = run(command, given, workspace)
                if number:  # once unmeasured: bytecode, disk
                    runs.append(done)
    rows = []
    for index, name in enumerate(pairs):
        ours, reference = taken[2 * index], taken[2 * index + 1]
        cells = [name]
        for field in ("wall", "cpu", "cpu_to_end"):
            mine, other = (
                1_000 * statistics.median(getattr(each, field) for each in runs)
                for runs in (ours, reference)
            )
            ratio = f" = {mine / other:.2f} x" if other else ""
            cells.append(f"{amount(mine)} / {amount(other)}{ratio}")
        rows.append(cells)
    print_table(
        "Cold start: milliseconds, and times the reference",
        ["ours, reference", "wall clock to the answer", "CPU to the answer", "CPU to the end"],
        rows,
    )


if __name__ == "__main__":
    main()
