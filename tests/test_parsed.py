"""Parsed files that are kept: the same decisions and faults whatever became of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caio_mcp.bootstrap import PARSED
from caio_mcp.files import PARSED_MAX
from conftest import OVERLAY, Caio, OpenDesk, write_pack

CAIO_MCP = Path(sys.executable).with_name("caio-mcp")
CHECK = ("check", "--json", "--task", "summarise", "--tool", "ChatGPT Free", "--data", "payroll")
USE: dict[str, Any] = {"task": "write", "tool": "ChatGPT Free", "data": ["customer complaints"]}


GARBAGE = (b"\xff\x00\xfe", b"[0,0", b"null", b"[1e999,0,[]]", b"[" * 9_999, b"{}", b"[0,0,5]")


def kept(workspace: Path) -> list[Path]:
    return sorted((workspace / PARSED).iterdir())


def nothing(_: Path) -> None:
    pass


def remove(workspace: Path) -> None:
    for path in kept(workspace):
        path.unlink()


def cut(workspace: Path) -> None:
    for path in kept(workspace):
        path.write_bytes(path.read_bytes()[:-7])


def empty(workspace: Path) -> None:
    for path in kept(workspace):
        path.write_bytes(b"")


def garbage(workspace: Path) -> None:
    for number, path in enumerate(kept(workspace)):
        content = (
            b"\xff\x00\xfe",
            b"[0,0",
            b"null",
            b"[1e999,0,[]]",
            b"[" * 9_999,
            b"{}",
            b"[0,0,5]",
        )
        path.write_bytes(content[number % len(content)])


def one_letter(workspace: Path) -> None:
    for path in kept(workspace):
        path.write_bytes(path.read_bytes().replace(b"prohibit", b"allow").replace(b"no", b"on"))


def one_for_another(workspace: Path) -> None:
    paths = kept(workspace)
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)


def a_file(workspace: Path) -> None:
    remove(workspace)
    (workspace / PARSED).rmdir()
    (workspace / PARSED).write_text("in the way")


def a_broken_link(workspace: Path) -> None:
    remove(workspace)
    (workspace / PARSED).rmdir()
    (workspace / PARSED).symlink_to(workspace / "nowhere" / "else")


def folders(workspace: Path) -> None:
    for path in kept(workspace):
        path.unlink()
        path.mkdir()


HARMS = [
    *(nothing, remove, cut, empty, garbage, one_letter),
    *(one_for_another, a_file, a_broken_link, folders),
]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_the_decision_is_the_same_whatever_became_of_the_kept_files(
    desk: OpenDesk, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    def decided() -> bytes:
        return desk(policy="acme", CAIO_MCP_DECISION_LOG="off").ask(**USE).decision.canonical()

    cold = decided()
    assert len(kept(tmp_path)) > 10
    harm(tmp_path)
    assert decided() == cold
    assert decided() == cold


def test_what_was_damaged_is_mended(desk: OpenDesk, tmp_path: Path) -> None:
    desk(policy="acme")
    right = {path.name: path.read_bytes() for path in kept(tmp_path)}
    one_letter(tmp_path)
    desk(policy="acme")
    assert {path.name: path.read_bytes() for path in kept(tmp_path)} == right


def test_warm_files_are_read_and_not_written_again(desk: OpenDesk, tmp_path: Path) -> None:
    desk(policy="acme")
    before = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in kept(tmp_path)}
    desk(policy="acme")
    after = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in kept(tmp_path)}
    assert after == before


FAULTY = {
    "policy.yaml": f"{OVERLAY}inherits: acme\nownr: x\n",
    "rules/r.yaml": "rules:\n  - {id: R, title: R, effect: stop, when: {data.level: pubic}}\n",
    "remedies.yaml": "remedies: [\n",
}


def test_the_faults_are_the_same_cold_and_warm(caio: Caio, workspace: Path) -> None:
    write_pack(workspace / "policies" / "mine", FAULTY)
    runs = [caio("check", "--policy", "mine") for _ in range(3)]
    assert runs[0].status == 2
    assert len(runs[0].err.splitlines()) > 5
    assert runs[1:] == [runs[0]] * 2
    one_for_another(workspace)
    assert caio("check", "--policy", "mine") == runs[0]
    assert caio("policy", "check", "mine").err == runs[0].err


@pytest.mark.parametrize(
    "text", ["remedies: [\n", "", "a: &b c\n", "a: b\na: c\x00\n", "x: !!str y\n", "\tx: y\n"]
)
def test_a_file_that_is_no_plain_yaml_is_not_kept(caio: Caio, workspace: Path, text: str) -> None:
    assert caio("check", "--policy", "acme").status == 3
    before = {path.name for path in kept(workspace)}
    files = {"policy.yaml": f"{OVERLAY}inherits: acme\n", "remedies.yaml": text}
    write_pack(workspace / "policies" / "mine", files)
    first = caio("check", "--policy", "mine")
    assert first.status == 2
    assert len({path.name for path in kept(workspace)} - before) == 1, "the head alone"
    assert caio("check", "--policy", "mine") == first


def test_a_changed_file_is_never_answered_from_the_old_parse(
    desk: OpenDesk, tmp_path: Path
) -> None:
    rule = "{{id: R, title: R, effect: {0}, when: {{data.level: public}}, reason: R., source: us}}"
    files = {"policy.yaml": f"{OVERLAY}inherits: acme\n"}
    path = tmp_path / "policies" / "mine" / "rules" / "r.yaml"
    public: dict[str, Any] = {
        "task": "write",
        "tool": "ChatGPT Enterprise",
        "data": ["press release"],
    }
    seen = []
    for effect in ("review  ", "prohibit", "review  "):
        files["rules/r.yaml"] = f"rules:\n  - {rule.format(effect)}\n"
        desk_ = desk(files)
        os.utime(path, (1_800_000_000, 1_800_000_000))  # the same size and time as before
        seen.append(desk_.ask(**public).decision)
    assert [decision.decision for decision in seen] == ["review", "prohibit", "review"]
    assert seen[0].canonical() == seen[2].canonical()


def test_old_files_make_room(caio: Caio, workspace: Path) -> None:
    folder = workspace / PARSED
    folder.mkdir()
    for number in range(PARSED_MAX + 50):
        (folder / f"0-{number:064}").write_text("old")
        os.utime(folder / f"0-{number:064}", (number, number))
    assert caio("check", "--policy", "acme").status == 3
    names = [path.name for path in kept(workspace)]
    assert len(names) == PARSED_MAX
    assert f"0-{0:064}" not in names
    assert f"0-{PARSED_MAX + 49:064}" in names
    assert len([name for name in names if not name.startswith("0-")]) > 10


def test_the_kept_files_are_for_their_owner_alone(caio: Caio, workspace: Path) -> None:
    caio("check", "--policy", "acme")
    assert (workspace / PARSED).stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept(workspace))


# -- other processes ---------------------------------------------------------------------------


def environment(workspace: Path, **more: str) -> dict[str, str]:
    rest = {name: value for name, value in os.environ.items() if not name.startswith("CAIO_MCP_")}
    return {
        **rest,
        "CAIO_MCP_WORKSPACE": str(workspace),
        "CAIO_MCP_POLICY": "acme",
        "CAIO_MCP_DECISION_LOG": "off",
        **more,
    }


def test_processes_that_start_at_once_say_the_same(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [CAIO_MCP, *CHECK],
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    said = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [1] * 4
    assert said == [said[0]] * 4
    assert said[0][1] == b""
    names = [path.name for path in kept(tmp_path)]
    assert all(len(name) == 66 for name in names), "nothing half-written is left"


def test_nothing_is_written_where_there_is_no_workspace(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    variables = environment(tmp_path, HOME=str(home), XDG_DATA_HOME=str(home / "data"))
    del variables["CAIO_MCP_WORKSPACE"]
    run = subprocess.run([CAIO_MCP, *CHECK], env=variables, capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (1, b"")
    assert json.loads(run.stdout)["decision"] == "prohibit"
    assert list(home.rglob("*")) == []


def test_where_nothing_can_be_kept_everything_is_answered(caio: Caio, workspace: Path) -> None:
    """A file stands where the folder would be: as little can be written as in a workspace that
    may only be read."""
    free = caio("check", "--policy", "acme", "--tool", "ChatGPT", "--json")
    shutil.rmtree(workspace / PARSED)
    (workspace / PARSED).write_text("not a folder")
    before = sorted(workspace.rglob("*"))
    assert caio("check", "--policy", "acme", "--tool", "ChatGPT", "--json") == free
    assert sorted(workspace.rglob("*")) == before
    assert (workspace / PARSED).read_text() == "not a folder"
