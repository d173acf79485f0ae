"""The GitHub Action and the pre-commit hook, as far as they run without GitHub."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from test_processes import PROGRAM

ROOT = Path(__file__).resolve().parents[1]
UNKNOWN = 'import openai\nopenai.create(model="gpt-99")\n'
KNOWN = (
    "import boto3\n"
    'boto3.client("bedrock-runtime").converse(modelId="eu.anthropic.claude-sonnet-4-6")\n'
)


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text())


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "CAIO_MCP_WORKSPACE": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def scan(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The last step of the action, with its inputs as GitHub would put them in."""
    action = read("action.yml")
    step = action["runs"]["steps"][-1]
    given = {name: part["default"] for name, part in action["inputs"].items()} | inputs
    environment = {
        name: given[written.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, written in step["env"].items()
    }
    return run(step["run"], folder, **environment)


@pytest.mark.parametrize(
    ("code", "inputs", "status"),
    [
        (UNKNOWN, {}, 1),
        (KNOWN, {"level": "internal"}, 3),
        (KNOWN, {"level": "internal", "allow-open": "true"}, 0),
        (UNKNOWN, {"allow-open": "true"}, 1),
        ("print(1)\n", {}, 0),
        (KNOWN, {"level": "topmost"}, 2),
    ],
)
def test_the_action_ends_as_the_models_do(
    tmp_path: Path, code: str, inputs: dict[str, str], status: int
) -> None:
    (tmp_path / "app.py").write_text(code)
    done = scan(tmp_path, policy="acme", **inputs)
    assert done.returncode == status, done.stdout + done.stderr


def test_the_action_writes_sarif(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(UNKNOWN)
    assert scan(tmp_path, policy="acme", sarif="out.sarif").returncode == 1
    assert "MODEL-NOT-APPROVED" in (tmp_path / "out.sarif").read_text()


def test_the_action_installs_this_repository() -> None:
    install = read("action.yml")["runs"]["steps"][1]
    assert install["run"].endswith('"$GITHUB_ACTION_PATH"')


def test_the_hook_stops_a_commit_with_a_model_that_nobody_approved(tmp_path: Path) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert hook["pass_filenames"] is False
    (tmp_path / "app.py").write_text(UNKNOWN)
    assert run(hook["entry"], tmp_path).returncode == 1
    (tmp_path / "app.py").write_text("print(1)\n")
    assert run(hook["entry"], tmp_path).returncode == 0
