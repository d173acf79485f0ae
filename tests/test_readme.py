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
    for document in (readme.README, readme.REGISTER, readme.DETECTION):
        text = document.read_text()
        assert readme.generated(text) == text, "Run `python tests/readme.py`."
    assert "## Keeping the book" in readme.REGISTER.read_text()  # nothing is swallowed
    assert readme.RULES.read_text() == readme.rules_page(), "Run `python tests/readme.py`."


def run(script: str, folder: Path) -> str:
    """The output of a script of the README as somebody runs it, in an empty home."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CAIO_MCP_", "XDG_"))}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=folder,
        env={**kept, "PATH": programs, "HOME": str(folder / "home")},
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("command", readme.commands("examples").splitlines())
def test_every_example_runs_as_it_stands(command: str, tmp_path: Path) -> None:
    set_apart = "" if command.startswith("echo") else f"export CAIO_MCP_WORKSPACE={tmp_path}\n"
    (tmp_path / "home").mkdir()
    run(f"set +e\n{set_apart}{command}", tmp_path)


def test_the_first_quarter_of_an_hour_goes_as_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    said = run(readme.commands("first"), tmp_path)
    assert "YES. Acme policy 1 allows this: summarise press release in ChatGPT Business" in said
    [config] = (tmp_path / "home").rglob("claude_desktop_config.json")
    assert "serve" in config.read_text()
    pack = tmp_path / "acme" / "policies" / "acme"
    blocks = yaml_blocks(readme.README)
    assert [path for path, _ in blocks] == [
        "policy.yaml",
        "approvals.yaml",
        "tools/own.yaml",
        "rules/own.yaml",
        "tests/own.test.yaml",
    ]
    for path, text in blocks:
        (pack / path).parent.mkdir(exist_ok=True)
        added = (pack / path).read_text() if path == "policy.yaml" else ""
        (pack / path).write_text(added + text)
    said = run(readme.commands("quarter"), tmp_path)
    assert "2 passed, 0 failed" in said
    assert "YES. Acme policy 1 allows this: summarise meeting agenda in BriefBot" in said
    assert "OWN-1: No plans of the factory in any cloud (prohibits)" in said


def test_the_register_of_the_readme_is_kept_as_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "workspace").mkdir()
    script = f"export CAIO_MCP_WORKSPACE={tmp_path / 'workspace'}\n{readme.commands('register')}"
    said = run(script, tmp_path)
    assert "approved  chatgpt-free  1      1.0" in said
    assert "every entry stands as it was" in said
    assert (tmp_path / "uses.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_data_is_looked_into_as_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "workspace").mkdir()
    script = f"export CAIO_MCP_WORKSPACE={tmp_path / 'workspace'}\n{readme.commands('scan')}"
    said = run(script, tmp_path)
    assert "1 card number" in said
    assert "caio-mcp redact FILE --only payment_card" in said
    assert "4539" not in (tmp_path / "complaints.redacted.csv").read_text()
    assert "anna@" in (tmp_path / "complaints.redacted.csv").read_text()
    assert '"PASSWORD"' in said
    assert "4539 1488 0343 6467" not in said
    assert "Xk3!mmTTq81" not in said


def test_models_in_code_are_found_as_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "workspace").mkdir()
    script = f"export CAIO_MCP_WORKSPACE={tmp_path / 'workspace'}\n{readme.commands('models')}"
    said = run(script, tmp_path)
    assert "app.py:2 gpt-4o-2024-08-06 = openai/gpt-4o@2024-08-06 on openai-api" in said
    assert "'Claude Sonnet 4.5': alias, anthropic/claude-sonnet-4.5" in said
    assert "'gpt-4o-uncensored': derived, no certain model" in said
    assert "As input of anthropic/claude-sonnet-4.6 it costs " in said
    assert "Nothing to look at among the approvals" in said


def yaml_blocks(document: Path) -> list[tuple[str, str]]:
    """The files in a document, each named in its first line."""
    found = re.findall(r"```yaml\n# (\S+?):[^\n]*\n(.*?)```", document.read_text(), re.DOTALL)
    return [(path, text) for path, text in found]


def test_the_two_commands_start_from_a_fresh_environment() -> None:
    for name in ("check", "test"):
        command = readme.commands(name)
        assert command.startswith("python3 -m venv .venv && ")
        assert len(command.splitlines()) == 1
    assert "caio-mcp check" in readme.commands("check")
    assert "pytest" in readme.commands("test")


def test_the_policy_files_of_the_documents_load_and_pass(tmp_path: Path) -> None:
    blocks = yaml_blocks(readme.ROOT / "docs" / "policy.md")
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
        head = "name: own\nowner: me\nversion: '1'\n"
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
