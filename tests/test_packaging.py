"""What is given away: the bundle starts where it is unpacked, and says of itself what is true."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

import manifest
from caio_mcp import __version__

ROOT = Path(__file__).resolve().parents[1]
TOOLS = {path.stem for path in (ROOT / "tests" / "snapshots").glob("*.json")}


def build(out: Path) -> Path:
    subprocess.run([sys.executable, ROOT / "packaging" / "mcpb.py", out], check=True)
    return out


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as a host unpacks it, in a folder with a space in its name."""
    folder = tmp_path_factory.mktemp("bundle")
    with zipfile.ZipFile(build(folder / "caio-mcp.mcpb")) as packed:
        packed.extractall(folder / "Claude Extensions")
    return folder / "Claude Extensions"


def as_the_host_starts_it(bundle: Path, workspace: str) -> StdioServerParameters:
    """What the manifest says, with this environment instead of the one that uv would make."""
    said = json.loads((bundle / "manifest.json").read_text())["server"]["mcp_config"]
    filled = {"${__dirname}": str(bundle), "${user_config.workspace}": workspace}
    args = [filled.get(arg, arg) for arg in said["args"]]
    assert [said["command"], *args[:3]] == ["uv", "run", "--directory", str(bundle)]
    return StdioServerParameters(
        command=sys.executable,
        args=args[3:],
        env={
            **{name: filled.get(value, value) for name, value in said["env"].items()},
            "PYTHONPATH": str(bundle / "src"),
        },
        cwd=bundle,
    )


@pytest.mark.parametrize("workspace", ["caio-mcp", "a/folder of mine"])
async def test_the_bundle_starts_and_makes_the_chosen_folder(
    bundle: Path, tmp_path: Path, workspace: str
) -> None:
    chosen = tmp_path / workspace
    async with Client(as_the_host_starts_it(bundle, str(chosen)), mode="legacy") as client:
        tools = (await client.list_tools()).tools
        answer = await client.call_tool(
            "check_use",
            {"task": "translate", "tool": "ChatGPT Free", "data": ["press release"]},
        )
    assert {tool.name for tool in tools} == TOOLS
    assert not answer.is_error
    assert (chosen / "register.db").is_file()


@pytest.mark.parametrize("workspace", ["", "${user_config.workspace}"])
async def test_a_setting_left_empty_is_the_user_data_folder(
    bundle: Path, tmp_path: Path, workspace: str
) -> None:
    parameters = as_the_host_starts_it(bundle, workspace)
    parameters.env = {**(parameters.env or {}), "HOME": str(tmp_path), "XDG_DATA_HOME": ""}
    async with Client(parameters, mode="legacy") as client:
        assert len((await client.list_tools()).tools) == len(TOOLS)
    assert not (bundle / "${user_config.workspace}").exists()


async def test_the_default_folder_lies_in_the_home_folder(bundle: Path, tmp_path: Path) -> None:
    said = json.loads((bundle / "manifest.json").read_text())["user_config"]["workspace"]
    parameters = as_the_host_starts_it(bundle, said["default"])
    parameters.env = {**(parameters.env or {}), "HOME": str(tmp_path)}
    async with Client(parameters, mode="legacy") as client:
        assert len((await client.list_tools()).tools) == len(TOOLS)
    assert (tmp_path / "caio-mcp").is_dir()


def test_a_folder_that_cannot_be_made_is_said(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    parameters = as_the_host_starts_it(bundle, str(tmp_path / "file" / "folder"))
    done = subprocess.run(
        [parameters.command, *parameters.args],
        env={**os.environ, **(parameters.env or {})},
        cwd=bundle,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: The folder {tmp_path / 'file' / 'folder'} cannot be")
    assert "settings of the extension" in done.stderr


def test_the_bundle_runs_its_own_files(bundle: Path) -> None:
    place = subprocess.run(
        [sys.executable, "-c", "import caio_mcp.files as f; print(f.__file__, f.bundled('data'))"],
        env={**os.environ, "PYTHONPATH": str(bundle / "src")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert place.split(".py ") == [f"{bundle / 'src' / 'caio_mcp' / 'files'}", f"{bundle}/data\n"]


def test_the_bundle_holds_what_it_needs_and_nothing_else(bundle: Path) -> None:
    names = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    names = {name for name in names if "__pycache__" not in name and "/." not in name}
    assert {name for name in names if "/" not in name} == {
        "LICENSE",
        "README.md",
        "manifest.json",
        "pyproject.toml",
        "server.py",
    }
    assert {name.partition("/")[0] for name in names if "/" in name} == {"data", "policies", "src"}
    packed = tomllib.loads((bundle / "pyproject.toml").read_text())
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    del whole["project"]["optional-dependencies"]
    assert packed["project"] == whole["project"]
    assert packed["build-system"] == whole["build-system"]
    assert packed["tool"] == {"hatch": whole["tool"]["hatch"]}


def test_the_same_files_make_the_same_bundle(tmp_path: Path) -> None:
    first, second = build(tmp_path / "a.mcpb"), build(tmp_path / "b.mcpb")
    assert first.read_bytes() == second.read_bytes()


def test_manifest_and_registry_entry_are_current() -> None:
    for path, text in manifest.files().items():
        assert path.read_text("utf-8") == text, "Run `python packaging/manifest.py`."


def test_the_manifest_says_what_the_program_is() -> None:
    said = json.loads((ROOT / "packaging" / "manifest.json").read_text("utf-8"))
    assert said["version"] == __version__
    assert {tool["name"] for tool in said["tools"]} == TOOLS
    assert all(len(tool["description"]) > 20 for tool in said["tools"])
    assert "No data leaves this computer" in said["long_description"]
    assert "privacy_policies" not in said, "there is no service that has one"


def test_the_registry_entry_keeps_the_rules_of_the_registry() -> None:
    said: dict[str, Any] = json.loads((ROOT / "server.json").read_text("utf-8"))
    (package,) = said["packages"]
    assert said["version"] == package["version"] == __version__
    assert len(said["description"]) <= 100
    assert f"<!-- mcp-name: {said['name']} -->" in (ROOT / "README.md").read_text("utf-8")
    named = {variable["name"] for variable in package["environmentVariables"]}
    assert {"CAIO_MCP_WORKSPACE", "CAIO_MCP_POLICY", "CAIO_MCP_ROLES"} <= named


def test_the_program_runs_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "caio_mcp", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout == f"caio-mcp, version {__version__}\n"
