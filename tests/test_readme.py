"""The README keeps its word: generated parts are current, every command in it runs."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import readme
from caio_mcp.core.policy_tests import run_tests
from caio_mcp.files import load_library

CAIO_MCP = Path(sys.executable).with_name("caio-mcp")


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


def test_the_policy_files_of_the_readme_load_and_pass(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n# (\S+?):[^\n]*\n(.*?)```", readme.README.read_text(), re.DOTALL)
    assert [path for path, _ in blocks] == [
        "rules/own.yaml",
        "approvals.yaml",
        "remedies.yaml",
        "tests/own.test.yaml",
        "policy.yaml",
    ]
    pack = tmp_path / "own"
    for path, text in blocks:
        (pack / path).parent.mkdir(parents=True, exist_ok=True)
        head = "name: own\nowner: me\nversion: '1'\ninherits: default\n"
        (pack / path).write_text(head + text if path == "policy.yaml" else text)
    outcomes = list(run_tests(load_library(f"{pack}/").engine, datetime.date(2026, 11, 22)))
    assert [o.differences for o in outcomes] == [(), ()]


def test_the_conversation_of_the_readme_is_what_is_answered(tmp_path: Path) -> None:
    shown = readme.README.read_text().split("```\n> can I put")[1].split("```")[0]
    first, second = shown.split("> the free one")
    said = ("--task", "summarise", "--data", "customer complaints", "--tool")
    for part, tool in ((first, "ChatGPT"), (second, "ChatGPT Free")):
        answer = subprocess.run(
            [CAIO_MCP, "check", "--policy", "acme", "--workspace", tmp_path, *said, tool],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        lines = [line for line in part.splitlines()[1:] if line]
        assert lines
        for line in lines:
            for piece in line.replace(" Ask the person; do not guess.", "").split("..."):
                assert piece in answer, piece
