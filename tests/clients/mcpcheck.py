"""mcpcheck: does the server keep to the protocol over HTTP, with wrong arguments, too?"""
# requires: jbt-mcpcheck==0.1.1 mcp==2.3.0

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.server import HERE, bugs_in, judge, launch

MCPCHECK = str(Path(sys.executable).with_name("mcpcheck"))
# All but schemas, and nothing may be doubtful. There it advises output schemas, which the tools
# leave out on purpose, so that only its faults count.
RUNS = (
    ["--strict", "--skip", "schemas", "--legacy-probes", "--probe", "all"],
    ["--check", "schemas"],
)


@contextmanager
def served(folder: Path, log: Path) -> Iterator[str]:
    """The address of a server, for as long as it is needed."""
    start = launch(folder)
    command = Path(shutil.which(start.command) or start.command).resolve()
    python = str(command.with_name("python"))
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [python, str(HERE / "http_server.py")],
            env={**os.environ, **start.env},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def faults(folder: Path) -> list[str]:
    """What the server got wrong."""
    log = folder / "server.log"
    found = []
    with served(folder, log) as url:
        if not url:
            return [f"no server: {log.read_text('utf-8')}"]
        for options in RUNS:
            command = [MCPCHECK, *options, url]
            run = subprocess.run(command, check=False, capture_output=True, text=True)
            if run.returncode:
                found.append(f"{shlex.join(options)}:\n{run.stdout}{run.stderr}")
    return found + [f"the server's log: {line}" for line in bugs_in(log)]


if __name__ == "__main__":
    judge(faults)
