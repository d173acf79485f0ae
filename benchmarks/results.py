"""All benchmarks, one after the other, written down in RESULTS.md."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from caio_mcp import __version__

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
HEAD = """\
# Benchmark results

Written by `python benchmarks/results.py`; [README.md](README.md) says what each figure is and
how it is taken. Compare ratios: absolute times say more about the machine.

{date}; {cpu}, {cores} cores; Python {python} on {system}; caio-mcp {version}, mcp {mcp}.
"""
PARTS = {
    "decide.py": "Deciding",
    "calls.py": "Calls",
    "register.py": "Register",
    "start.py": "Start",
    "detect.py": "Detection",
    "models.py": "Models",
}
HAS_HUGE = ("decide.py", "register.py")
CASES = ("detect.py", "models.py")


def cpu_model() -> str:
    """The name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def main() -> None:
    """Run each benchmark in a process of its own and write what it printed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--huge", action="store_true", help="also with 40,000 rules and a million entries: minutes"
    )
    for name in CASES:
        flag = f"--{name.removesuffix('.py')}-cases"
        arguments.add_argument(flag, metavar="PATH", help=f"what {name} takes as --cases")
    given = arguments.parse_args()
    is_huge = given.huge
    text = HEAD.format(
        date=datetime.datetime.now(datetime.UTC).date(),
        cpu=cpu_model(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        system=platform.system(),
        version=__version__,
        mcp=version("mcp"),
    )
    for name, title in PARTS.items():
        print(f"{name} ...", flush=True)
        flags = ["--huge"] if is_huge and name in HAS_HUGE else []
        if name in CASES and (path := getattr(given, f"{name.removesuffix('.py')}_cases")):
            flags += ["--cases", path]
        done = subprocess.run(
            [sys.executable, str(HERE / name), *flags],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        text += f"\n## {title}\n\n{done.stdout.strip()}\n"
    RESULTS.write_text(text)


if __name__ == "__main__":
    main()
