"""Starts the server that the command line names, in a workspace of its own."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUGS = ("ERROR", "CRITICAL")
FAULTS_SHOWN = 10


@dataclass(frozen=True)
class Launch:
    """How to start the server."""

    command: str
    args: list[str]
    env: dict[str, str]


@contextmanager
def workspace() -> Iterator[Path]:
    """A copy of the workspace that the clients work in, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="caio-mcp-") as name:
        yield Path(shutil.copytree(HERE / "workspace", name, dirs_exist_ok=True))


def launch(folder: Path) -> Launch:
    """How to start the server in a workspace."""
    command = sys.argv[1] if len(sys.argv) > 1 else "caio-mcp"
    return Launch(command, ["serve"], {"CAIO_MCP_WORKSPACE": str(folder)})


def bugs_in(log: Path) -> list[str]:
    """The lines of the server's log that only a bug can write. What a caller did wrong is not
    logged, so a tool that fails where nobody foresaw it is seen here, and nowhere else."""
    lines = log.read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("{") or json.loads(line)["level"] in BUGS]


def judge(faults: Callable[[Path], list[str]]) -> None:
    """Look for what the server gets wrong in a workspace, and say it."""
    with workspace() as folder:
        found = faults(folder)
    for fault in found[:FAULTS_SHOWN]:
        print(f"{Path(sys.argv[0]).stem}: {fault}", file=sys.stderr)
    if len(found) > FAULTS_SHOWN:
        print(f"and {len(found) - FAULTS_SHOWN} more", file=sys.stderr)
    sys.exit(1 if found else 0)
