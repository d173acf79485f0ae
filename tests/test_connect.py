"""Connecting hosts: only our entry changes, and undoing it leaves what was there."""

from __future__ import annotations

import datetime
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from caio_mcp.errors import SetupError
from caio_mcp.hosts import entry as entries
from caio_mcp.hosts import jsonc
from caio_mcp.hosts.file import ConfigFile
from caio_mcp.hosts.known import HOSTS, Host, Machine
from caio_mcp.hosts.program import Running
from caio_mcp.server import trial

PROGRAM = Path(sys.executable).with_name("caio-mcp")
ENTRY = {"command": "/opt/caio/bin/caio-mcp", "args": ["serve"]}
CLAUDE, VSCODE = HOSTS["claude-desktop"], HOSTS["vscode"]
TOOLS = len(list((Path(__file__).parent / "snapshots").glob("*.json")))
NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
EXAMPLES = int(os.environ.get("LAW_EXAMPLES", "50"))  # of each law; more by hand

MACHINES = {
    "windows": Machine("windows", PureWindowsPath(r"C:\Users\ana")),
    "macos": Machine("macos", PurePosixPath("/Users/ana")),
    "linux": Machine("linux", PurePosixPath("/home/ana")),
}


# -- where the files are -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "host", "path"),
    [
        (
            "windows",
            "claude-desktop",
            r"C:\Users\ana\AppData\Roaming\Claude\claude_desktop_config.json",
        ),
        ("windows", "claude-code", r"C:\Users\ana\.claude.json"),
        ("windows", "vscode", r"C:\Users\ana\AppData\Roaming\Code\User\mcp.json"),
        ("windows", "cursor", r"C:\Users\ana\.cursor\mcp.json"),
        (
            "macos",
            "claude-desktop",
            "/Users/ana/Library/Application Support/Claude/claude_desktop_config.json",
        ),
        ("macos", "claude-code", "/Users/ana/.claude.json"),
        ("macos", "vscode", "/Users/ana/Library/Application Support/Code/User/mcp.json"),
        ("macos", "cursor", "/Users/ana/.cursor/mcp.json"),
        ("linux", "claude-desktop", "/home/ana/.config/Claude/claude_desktop_config.json"),
        ("linux", "claude-code", "/home/ana/.claude.json"),
        ("linux", "vscode", "/home/ana/.config/Code/User/mcp.json"),
        ("linux", "cursor", "/home/ana/.cursor/mcp.json"),
    ],
)
def test_each_host_has_its_file_on_each_system(system: str, host: str, path: str) -> None:
    assert str(HOSTS[host].place(MACHINES[system]).file) == path


@pytest.mark.parametrize(
    ("machine", "host", "path"),
    [
        (
            Machine("windows", PureWindowsPath(r"C:\Users\ana"), {"APPDATA": r"D:\Roaming"}),
            "vscode",
            r"D:\Roaming\Code\User\mcp.json",
        ),
        (
            Machine("linux", PurePosixPath("/home/ana"), {"XDG_CONFIG_HOME": "/cfg"}),
            "vscode",
            "/cfg/Code/User/mcp.json",
        ),
        (
            Machine("linux", PurePosixPath("/home/ana"), {"XDG_CONFIG_HOME": "not/full"}),
            "vscode",
            "/home/ana/.config/Code/User/mcp.json",
        ),
        (
            Machine("macos", PurePosixPath("/Users/ana"), {"CLAUDE_CONFIG_DIR": "/work/claude"}),
            "claude-code",
            "/work/claude/.claude.json",
        ),
        (
            Machine(
                "windows",
                PureWindowsPath(r"C:\Users\ana"),
                {},
                ("Microsoft.Paint_8wekyb3d8bbwe", "Claude_pzs8sxrjxfjjc"),
            ),
            "claude-desktop",
            r"C:\Users\ana\AppData\Local\Packages\Claude_pzs8sxrjxfjjc\LocalCache\Roaming\Claude"
            r"\claude_desktop_config.json",
        ),
    ],
)
def test_the_machine_can_have_them_elsewhere(machine: Machine, host: str, path: str) -> None:
    assert str(HOSTS[host].place(machine).file) == path


# -- how the program is started again ----------------------------------------------------------


def made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_an_installed_program_is_started_by_its_full_path(tmp_path: Path) -> None:
    program = made(tmp_path / "venv" / "bin" / "caio-mcp")
    link = tmp_path / "bin" / "caio-mcp"
    link.parent.mkdir()
    link.symlink_to(program)
    for argument, expected in ((program, program), (link, link), ("caio-mcp", program)):
        run = Running(str(argument), str(program.with_name("python")), str(tmp_path / "venv"))
        assert run.command() == (str(expected),), argument


def test_without_a_script_python_starts_it(tmp_path: Path) -> None:
    run = Running("/x/caio_mcp/__main__.py", str(tmp_path / "python"), str(tmp_path))
    assert run.command() == (str(tmp_path / "python"), "-m", "caio_mcp")


def test_a_script_of_windows_is_found_with_its_ending(tmp_path: Path) -> None:
    program = made(tmp_path / "caio-mcp.exe")
    run = Running(str(tmp_path / "caio-mcp"), str(tmp_path / "python.exe"), str(tmp_path))
    assert run.command() == (str(program),)


@pytest.mark.parametrize(
    ("direct_url", "source"),
    [
        ("", ()),
        ('{"url": "file:///src/my%20caio", "dir_info": {}}', ("/src/my caio",)),
        (
            '{"url": "https://example.org/c.git", "vcs_info": {"vcs": "git", "commit_id": "1",'
            ' "requested_revision": "v1"}}',
            ("git+https://example.org/c.git@v1",),
        ),
    ],
)
def test_a_run_from_a_cache_is_started_through_its_runner(
    tmp_path: Path, direct_url: str, source: tuple[str, ...]
) -> None:
    uvx = made(tmp_path / "uv" / "uvx")
    cached = tmp_path / "cache" / "uv" / "archive-v0" / "abc"
    made(cached / "bin" / "caio-mcp")
    run = Running(
        str(cached / "bin" / "caio-mcp"),
        str(cached / "bin" / "python"),
        str(cached),
        {"UV": str(uvx.with_name("uv"))},
        direct_url,
    )
    options = ("--from", *source) if source else ()
    assert run.command() == (str(uvx), *options, "caio-mcp")

    pipx = made(tmp_path / "bin" / "pipx")
    cached = tmp_path / "cache" / "pipx" / "6f6d"
    run = Running("caio-mcp", "python", str(cached), {"PATH": str(pipx.parent)}, direct_url)
    options = ("--spec", *source) if source else ()
    assert run.command() == (str(pipx), "run", *options, "caio-mcp")


# -- laws of the edit --------------------------------------------------------------------------

keys = st.sampled_from(["mcpServers", "servers", "caio", "inputs", "a", "//", "/*", "é", ""])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["// no comment", "/* none */", '"', "\\", "}", ",]"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)
servers = st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=3)
objects = st.dictionaries(keys | st.text(max_size=4), values, max_size=5) | st.builds(
    lambda rest, inner, key: {**rest, key: inner},
    st.dictionaries(st.text(max_size=4), values, max_size=3),
    servers,
    st.sampled_from(["mcpServers", "servers"]),
)
styles: st.SearchStrategy[Callable[[Any], str]] = st.builds(
    lambda indent, ascii_, newline, end: (
        lambda value: (json.dumps(value, indent=indent, ensure_ascii=ascii_) + end).replace(
            "\n", newline
        )
    ),
    st.sampled_from([None, 0, 1, 2, 4, "\t"]),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n"]),
)
hosts = st.sampled_from([HOSTS["claude-desktop"], HOSTS["claude-code"], VSCODE])
LAW = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def text_of(value: Any) -> str:
    return json.dumps(value)  # with the order of keys, and with the kinds of numbers


def connect(text: str, host: Host, entry: Mapping[str, Any] = ENTRY) -> str:
    """The text with our entry; cases that are refused are shown elsewhere."""
    try:
        after = entries.connected(text, host, "caio", entry).text
    except (jsonc.JsonFault, entries.NameTaken):
        assume(False)
    assert after is not None
    return after


@LAW
@given(value=objects, style=styles, host=hosts)
def test_only_our_entry_changes_and_nothing_moves(
    value: dict[str, Any], style: Callable[[Any], str], host: Host
) -> None:
    before = style(value)
    after = json.loads(connect(before, host))
    assert after[host.key].pop("caio") == ENTRY
    if host.key not in value:
        assert after.pop(host.key) == {}
    assert text_of(after) == text_of(value)


@LAW
@given(value=objects, style=styles, host=hosts)
def test_undo_gives_back_every_character(
    value: dict[str, Any], style: Callable[[Any], str], host: Host
) -> None:
    before = style(value)
    after = connect(before, host)
    undone = entries.disconnected(after, host, "caio", before)
    assert (undone.did, undone.text) == ("restored", before)


@LAW
@given(value=objects, style=styles, host=hosts, restyle=styles, other=servers)
def test_undo_keeps_what_changed_since(
    value: dict[str, Any],
    style: Callable[[Any], str],
    host: Host,
    restyle: Callable[[Any], str],
    other: dict[str, Any],
) -> None:
    assume("caio" not in other)
    before = style(value)
    since = json.loads(connect(before, host))
    since["since"] = 1
    since[host.key].update(other)
    expected = json.loads(json.dumps(since))
    del expected[host.key]["caio"]
    if not expected[host.key] and host.key not in value:
        del expected[host.key]
    undone = entries.disconnected(restyle(since), host, "caio", before)
    assert undone.did == "removed"
    assert undone.text is not None
    assert text_of(json.loads(undone.text)) == text_of(expected)


@LAW
@given(value=objects, style=styles, host=hosts)
def test_connecting_again_changes_nothing_and_a_new_program_only_the_entry(
    value: dict[str, Any], style: Callable[[Any], str], host: Host
) -> None:
    once = connect(style(value), host)
    assert entries.connected(once, host, "caio", ENTRY).did == "nothing"
    newer = {"command": "/new/caio-mcp", "args": ["serve"], "env": {"CAIO_MCP_UNIT": "x"}}
    changed = entries.connected(once, host, "caio", newer)
    assert changed.did == "updated"
    expected = json.loads(once)
    expected[host.key]["caio"] = newer
    assert json.loads(changed.text or "") == expected


GAPS = st.lists(
    st.sampled_from([" ", "\n", "\t", "// note\n", "/* a\n  b */", "// \r\n", '// "x": {\n']),
    max_size=3,
).map("".join)


KINDS: st.SearchStrategy[Any] = st.sampled_from(["scalar", "list", "object"])
SPARE: st.SearchStrategy[Any] = st.booleans()


@st.composite
def commented(draw: st.DrawFn, depth: int = 0) -> tuple[str, Any]:
    """A text of VS Code, with comments and spare commas anywhere, and what it means."""

    def gap() -> str:
        return draw(GAPS)

    kind = draw(KINDS) if depth else "object"
    if depth == 3 or kind == "scalar":
        value = draw(scalars)
        return json.dumps(value), value
    brackets = "[]" if kind == "list" else "{}"
    names = draw(st.lists(keys, unique=True, max_size=3))
    parts, values = [], []
    for name in names:
        text, value = draw(commented(depth + 1))
        label = "" if kind == "list" else f"{json.dumps(name)}{gap()}:{gap()}"
        parts.append(f"{gap()}{label}{text}{gap()}")
        values.append(value)
    spare = "," + gap() if parts and bool(draw(SPARE)) else ""
    text = brackets[0] + ",".join(parts) + spare + (gap() if not parts else "") + brackets[1]
    return text, values if kind == "list" else dict(zip(names, values, strict=True))


@LAW
@given(commented())
def test_no_comment_is_lost(given_: tuple[str, dict[str, Any]]) -> None:
    before, value = given_
    read = jsonc.read(before)
    assert text_of(read.value) == text_of(value)
    after = connect(before, VSCODE)
    found = jsonc.read(after)
    assert found.comment_texts() == read.comment_texts()
    assert found.value["servers"].pop("caio") == ENTRY
    if "servers" not in value:
        del found.value["servers"]
    assert text_of(found.value) == text_of(value)
    assert entries.disconnected(after, VSCODE, "caio", before).text == before
    changed = after.replace("{", "{ /* since */ ", 1)
    removed = entries.disconnected(changed, VSCODE, "caio", before).text
    assert removed is not None
    left = jsonc.read(removed)
    assert left.comment_texts() == ["/* since */", *read.comment_texts()]
    assert left.value == value or left.value == {**value, "servers": {}}


@LAW
@given(st.text(alphabet='{}[]",:/*\\n 1-e.tru\n', max_size=30))
def test_what_python_reads_is_read_alike_and_nothing_crashes(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        try:
            found = jsonc.read(text)
        except jsonc.JsonFault:
            return
        assert found.not_strict is not None or not text.strip()
    else:
        assert text_of(jsonc.read(text).value) == text_of(expected)


# -- how the text looks afterwards -------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{\n  "a": 1, // one\n  "caio": 2 // ours\n  ,\n  "b": 3\n}',
            '{\n  "a": 1, // one\n   // ours\n  \n  "b": 3\n}',
        ),
        ('{\n  "a": 1, // one\n  "caio": 2\n}', '{\n  "a": 1 // one\n}'),
        ('{\n  "a": 1, // one\n  "caio": 2, // ours\n}', '{\n  "a": 1, // one\n   // ours\n}'),
        ('{"a": 1, "caio": 2, "b": 3}', '{"a": 1,  "b": 3}'),
        ('{"caio": 2}', "{}"),
        ("{}", "{}"),
    ],
)
def test_what_goes_leaves_its_neighbours_and_their_comments(before: str, after: str) -> None:
    assert jsonc.remove(before, ["caio"]) == after
    jsonc.read(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"servers": {"a": 1,},}', '{"servers": {"a": 1, "caio": 1},}'),
        ("", '{\n  "servers": {\n    "caio": 1\n  }\n}\n'),
        ("{}", '{\n  "servers": {\n    "caio": 1\n  }\n}'),
        ('{"a": 1}', '{"a": 1, "servers": {"caio": 1}}'),
        ('{"servers":{"a":1}}', '{"servers":{"a":1, "caio": 1}}'),
        (
            '{\n\t"servers": {\n\t\t"a": 1 // one\n\t}\n}\n',
            '{\n\t"servers": {\n\t\t"a": 1, // one\n\t\t"caio": 1\n\t}\n}\n',
        ),
        (
            '{\r\n    "servers": {},\r\n    "b": 2,\r\n}',
            '{\r\n    "servers": {\r\n        "caio": 1\r\n    },\r\n    "b": 2,\r\n}',
        ),
        (
            '{\n  "servers": {\n    "a": 1,\n    // the last\n  }\n}',
            '{\n  "servers": {\n    "a": 1,\n    // the last\n    "caio": 1\n  }\n}',
        ),
    ],
)
def test_the_entry_looks_like_its_neighbours(before: str, after: str) -> None:
    assert jsonc.put(before, ["servers", "caio"], 1) == after


def test_what_the_user_put_into_our_entry_stays() -> None:
    before = (
        '{"servers": {\n  "caio": {\n    // mine\n    "command": "/old/caio-mcp",\n'
        '    "args": ["serve"],\n'
        '    "env": {"CAIO_MCP_UNIT": "old", "LANG": "de"},\n    "disabled": false\n  }}}'
    )
    entry = entries.entry_for(VSCODE, ["/new/caio-mcp", "serve"], {"CAIO_MCP_POLICY": "p"})
    after = entries.connected(before, VSCODE, "caio", entry).text or ""
    assert "    // mine\n" in after
    assert jsonc.read(after).value["servers"]["caio"] == {
        "command": "/new/caio-mcp",
        "args": ["serve"],
        "env": {"LANG": "de", "CAIO_MCP_POLICY": "p"},
        "disabled": False,
        "type": "stdio",
    }
    with pytest.raises(entries.NotKept):  # a comment inside what would be written anew
        entries.connected(
            before.replace('["serve"]', '["old", /* why */ "serve"]'), VSCODE, "caio", entry
        )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"command": "/x/bin/caio-mcp", "args": ["serve"]}, True),
        ({"command": r"C:\x\caio-mcp.exe"}, True),
        ({"command": "/x/uvx", "args": ["caio-mcp@0.2", "serve"]}, True),
        ({"command": "python", "args": ["-m", "caio_mcp", "serve"]}, True),
        ({"command": "/x/other", "args": ["--log", "/home/ana/caio-mcp/log"]}, False),
        ({"command": "caio-mcp-evil"}, False),
        ({"url": "https://example.org/caio-mcp"}, False),
        ({"command": 1, "args": "caio-mcp"}, False),
        ("caio-mcp", False),
        (None, False),
    ],
)
def test_our_entries_are_known_and_no_other(entry: Any, expected: bool) -> None:
    assert entries.is_ours(entry) is expected


# -- the program -------------------------------------------------------------------------------


class Home:
    """A home folder in which the program runs as a person would run it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "work").mkdir(parents=True)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CAIO_MCP_", "XDG_"))}
        done = subprocess.run(
            [str(PROGRAM), "connect", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=self.folder / "work",
            env={**kept, "HOME": str(self.folder), **environment},
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def fine(self, *arguments: str, **environment: str) -> str:
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *arguments: str, **environment: str) -> str:
        before = self.files()
        done = self.run(*arguments, **environment)
        assert done.returncode == 2, done.stdout + done.stderr
        assert done.stderr.startswith("error: ")
        assert self.files() == before, "something was written"
        return done.stderr

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and ".local" not in path.parts
        }

    def put(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def entry_in(path: Path, key: str = "mcpServers", name: str = "caio") -> dict[str, Any]:
    entry = jsonc.read(path.read_text("utf-8-sig")).value[key][name]
    assert isinstance(entry, dict)
    return entry


USER_FILES = {
    "claude-desktop": ".config/Claude/claude_desktop_config.json",
    "claude-code": ".claude.json",
    "vscode": ".config/Code/User/mcp.json",
    "cursor": ".cursor/mcp.json",
}


def test_all_hosts_are_connected_tried_and_put_back(home: Home) -> None:
    contents = {
        "claude-desktop": '{"globalShortcut": "", "mcpServers": {"x": {"command": "y"}}}',
        "claude-code": '{\n  "numStartups": 3,\n  "big": 1e400\n}\n',
        "vscode": '\ufeff{\r\n\t// mine\r\n\t"servers": {},\r\n}\r\n',
        "cursor": "",
    }
    for host, text in contents.items():
        home.put(USER_FILES[host], text)
    before = home.files()
    said = home.fine(*USER_FILES)
    assert said.count(f"works: {TOOLS} tools") == len(USER_FILES)
    for host, name in USER_FILES.items():
        entry = entry_in(home.folder / name, HOSTS[host].key)
        assert entry["command"] == str(PROGRAM)
    assert len(home.files()) == 2 * len(before), "each has its backup"
    assert home.files()[USER_FILES["vscode"]].startswith(b"\xef\xbb\xbf{\r\n\t// mine\r\n")
    again = home.fine(*USER_FILES, "--no-verify")
    assert again.count("already connected as caio; nothing was changed") == len(USER_FILES)
    assert home.fine(*USER_FILES, "--undo").count("as it was before") == len(USER_FILES)
    assert home.files() == before
    assert home.fine(*USER_FILES, "--undo").count("not connected") == len(USER_FILES)


def test_settings_go_into_the_entry_with_full_paths(home: Home) -> None:
    (home.folder / "work" / "space").mkdir()
    home.fine("cursor", "--workspace", "space", "--policy", "acme", "--set", "roles=reviewer",
              CAIO_MCP_UNIT="sales", CAIO_MCP_POLICY="utk")  # fmt: skip
    entry = entry_in(home.folder / USER_FILES["cursor"])
    space = str(home.folder / "work" / "space")
    assert sorted(entry["args"][1:]) == sorted(["--policy", "acme", "--workspace", space])
    assert entry["args"][0] == "serve"
    assert entry["env"] == {"CAIO_MCP_ROLES": "reviewer", "CAIO_MCP_UNIT": "sales"}
    home.put("work/pack/policy.yaml", "name: mine\n")
    home.fine("cursor", "--policy", "./pack", "--no-verify")
    pack = str(home.folder / "work" / "pack")
    assert entry_in(home.folder / USER_FILES["cursor"])["args"] == ["serve", "--policy", pack]
    assert "'king' is not a role" in home.refused("cursor", "--set", "roles=king")
    assert "is not a folder" in home.refused("cursor", "--workspace", "nowhere")
    assert "no policy pack 'nosuch'" in home.refused("cursor", "--policy", "nosuch")
    assert "is not SETTING=VALUE" in home.refused("cursor", "--set", "rolls=reviewer")
    assert "cannot be written" in home.refused("cursor", "--set", "unit=a\nb")


def test_projects_have_their_own_files(home: Home) -> None:
    said = home.fine("claude-code", "vscode", "cursor", "--project", ".", "--no-verify")
    assert said.count("names folders of this machine") == 3
    project = home.folder / "work"
    assert entry_in(project / ".mcp.json")["type"] == "stdio"
    assert entry_in(project / ".vscode" / "mcp.json", "servers")["type"] == "stdio"
    assert "type" not in entry_in(project / ".cursor" / "mcp.json")
    assert len(home.files()) == 3, "nothing of the user's own was written"
    listed = json.loads(home.fine("--json"))
    states = {(row["host"], row["file"]): row["state"] for row in listed}
    assert states[("claude-code", str(project / ".mcp.json"))] == "connected as caio"
    assert "no configuration in a project" in home.refused("claude-desktop", "--project", ".")


def test_the_list_says_what_is_there_and_what_to_type(home: Home) -> None:
    home.put(USER_FILES["cursor"], "{}")
    home.put(USER_FILES["vscode"], '{"servers": {"gov": {"command": "/gone/caio-mcp"}}}')
    home.put(USER_FILES["claude-code"], "{\n")
    said = home.fine(PATH="/nonexistent")
    lines = [line.split(None, 1) for line in said.splitlines() if not line.startswith(" ")]
    assert lines == [
        ["claude-desktop", "not found on this machine"],
        ["claude-code", "cannot be read: line 1: a name in double quotes is missing"],
        ["vscode", "connected as gov, but /gone/caio-mcp is gone"],
        ["cursor", "not connected"],
        ["To", "connect: caio-mcp connect cursor"],
    ]
    assert str(home.folder / USER_FILES["cursor"]) in said


def test_printing_writes_nothing(home: Home) -> None:
    done = home.run("vscode", "--print")
    assert json.loads(done.stdout)["servers"]["caio"]["command"] == str(PROGRAM)
    assert str(home.folder / USER_FILES["vscode"]) in done.stderr
    assert home.files() == {}


@pytest.mark.parametrize(
    ("host", "text", "line", "words"),
    [
        ("cursor", '{\n  "a": 1\n  "b": 2\n}', 3, "a comma is missing"),
        ("cursor", '{\n  "mcpServers": []\n}', 2, "is not an object"),
        ("cursor", "[]", 1, "The file is not an object"),
        ("cursor", '{"a": 1\n} }', 2, "something follows after the end"),
        ("cursor", '{\n"a": "x\n"}', 2, "a value is wrong"),
        ("claude-desktop", '{\n  // mine\n  "mcpServers": {}\n}', 2, "does not read"),
        ("cursor", "[" * 5000, 1, "nested too deeply"),
        ("cursor", '{"a": ' + "9" * 5000 + "}", 1, "a value is wrong"),
    ],
)
def test_a_file_that_is_not_json_is_left_alone(
    home: Home, host: str, text: str, line: int, words: str
) -> None:
    path = home.put(USER_FILES[host], text)
    for more in ([], ["--undo"]):
        said = home.refused(host, *more)
        assert f"{path}:{line}: " in said
        assert words in said


def test_a_file_that_is_not_text_is_left_alone(home: Home) -> None:
    path = home.put(USER_FILES["cursor"], "{\n}")
    path.write_bytes(b'{\n"a": "\xff"}')
    assert f"{path}:2: this line is not UTF-8 text" in home.refused("cursor")


def test_one_fault_keeps_all_files_as_they_are(home: Home) -> None:
    home.put(USER_FILES["cursor"], "{}")
    home.put(USER_FILES["vscode"], "{")
    home.refused("cursor", "vscode")
    home.put(USER_FILES["vscode"], "{}").chmod(0o444)
    assert "it is read-only" in home.refused("cursor", "vscode")


def test_a_taken_name_is_not_overwritten(home: Home) -> None:
    path = home.put(USER_FILES["cursor"], '{"mcpServers": {"caio": {"command": "other"}}}')
    said = home.refused("cursor")
    assert "belongs to another server" in said
    assert "--name" in said
    assert "does not start caio-mcp" in home.refused("cursor", "--undo")
    home.fine("cursor", "--name", "governance", "--no-verify")
    assert entry_in(path)["command"] == "other"
    assert entry_in(path, name="governance")["command"] == str(PROGRAM)
    assert "--name governance" not in home.refused("cursor", "--undo")
    home.fine("cursor", "--undo", "--name", "governance")
    assert path.read_text() == '{"mcpServers": {"caio": {"command": "other"}}}'


def test_undo_after_other_changes_takes_only_our_entry(home: Home) -> None:
    path = home.put(USER_FILES["vscode"], "{}\n")
    home.fine("vscode", "--no-verify")
    path.write_text(path.read_text().replace("{\n", '{\n  // mine\n  "inputs": [],\n', 1))
    assert "the entry caio was taken out; the rest stays" in home.fine("vscode", "--undo")
    assert path.read_text() == '{\n  // mine\n  "inputs": []\n}\n'


def test_what_another_program_wrote_meanwhile_is_not_lost(home: Home) -> None:
    path = home.put("mcp.json", "{}")
    file = ConfigFile(path)
    path.write_text('{"by": "the host"}')
    with pytest.raises(SetupError, match="changed by another program in the meantime"):
        file.write('{"by": "us"}', NOW)
    assert path.read_text() == '{"by": "the host"}'


def test_a_write_that_fails_leaves_the_file_whole(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home.put("mcp.json", "{}")
    file = ConfigFile(path)
    monkeypatch.setattr(os, "fsync", lambda _: os.write(-1, b""))  # the disk is gone
    with pytest.raises(SetupError, match="was not changed"):
        file.write('{"by": "us"}', NOW)
    assert home.files() == {"mcp.json": b"{}"}


def test_a_second_connect_is_undone_first(home: Home) -> None:
    path = home.put(USER_FILES["cursor"], "{}")
    home.fine("cursor", "--no-verify")
    first = path.read_bytes()
    home.fine("cursor", "--no-verify", "--policy", "acme")
    assert "--undo again" in home.fine("cursor", "--undo")
    assert path.read_bytes() == first
    home.fine("cursor", "--undo")
    assert home.files() == {USER_FILES["cursor"]: b"{}"}


def test_a_link_stays_a_link_and_a_mode_stays_a_mode(home: Home) -> None:
    target = home.put("dotfiles/cursor.json", "{}")
    target.chmod(0o640)
    link = home.folder / USER_FILES["cursor"]
    link.parent.mkdir()
    link.symlink_to(target)
    home.fine("cursor", "--no-verify")
    assert link.is_symlink()
    assert entry_in(target)["args"] == ["serve"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in target.parent.iterdir()] == [0o640] * 2
    home.fine("cursor", "--undo")
    assert link.is_symlink()
    assert target.read_text() == "{}"
    link.unlink()
    link.symlink_to(link)
    assert "cannot be read" in home.refused("cursor")


def test_a_server_that_does_not_start_is_said_with_its_own_words(home: Home) -> None:
    home.put("work/broken/policy.yaml", "name: [\n")
    before = home.files()
    done = home.run("cursor", "--policy", "./broken")
    assert done.returncode == 2
    assert "Cursor: connected as caio" in done.stdout
    assert "works" not in done.stdout
    assert "policy.yaml" in done.stderr
    assert "--undo" in done.stderr
    home.fine("cursor", "--undo")
    assert home.files() == before


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import time; time.sleep(600)", "it did not answer within 2 seconds"),
        ("print('hello')", "it ended before it answered"),
        ("import sys; sys.exit('no room')", "It said: no room"),
    ],
)
def test_what_is_no_server_is_said_without_a_traceback(
    code: str, words: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trial, "SECONDS_MAX", 2)
    with pytest.raises(SetupError, match=words):
        trial.list_tools_of(sys.executable, ["-c", code], {})
    assert capfd.readouterr() == ("", "")


def test_a_program_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"cannot be started \(No such file"):
        trial.list_tools_of(str(tmp_path / "gone"), [], {})


def test_another_file_can_be_named(home: Home) -> None:
    path = home.put("Code - Insiders/mcp.json", '{"servers": {}}')
    home.fine("vscode", "--file", str(path), "--no-verify")
    assert entry_in(path, "servers")["command"] == str(PROGRAM)
    assert len(home.files()) == 2
    assert "exactly one HOST" in home.refused("vscode", "cursor", "--file", str(path))
    assert "is not a known host" in home.refused("vscodium")
    for option in ("--undo", "--print"):
        assert "Which host?" in home.refused(option)
