"""The README keeps its word: generated parts are current, every command in it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import readme


def test_the_generated_parts_are_current() -> None:
    text = readme.README.read_text()
    assert readme.generated(text) == text, "Run `python tests/readme.py`."


@pytest.mark.parametrize("command", readme.commands("examples").splitlines())
def test_every_example_runs_as_it_stands(command: str, tmp_path: Path) -> None:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "PATH": programs, "CAIO_MCP_WORKSPACE": str(tmp_path)},
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr


def test_the_two_commands_start_from_a_fresh_environment() -> None:
    for name in ("check", "test"):
        command = readme.commands(name)
        assert command.startswith("python3 -m venv .venv && ")
        assert len(command.splitlines()) == 1
    assert "caio-mcp check" in readme.commands("check")
    assert "pytest" in readme.commands("test")
