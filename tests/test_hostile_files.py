"""Whatever lies where a file is expected: it is refused by name, soon, and left as it is."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from caio_mcp.settings import CONFIG_NAME
from conftest import write_pack
from hostile import Place, Ran, command_line, commands, parameters, quickly, unshowable

BIG = 20_000_000
DEEP = 50_000

LAUGHS = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (98 + i, 98 + i, 97 + i, 97 + i) for i in range(22)
)
CONTENTS: dict[str, bytes] = {
    "empty": b"",
    "white": b" \n\t\n",
    "mark": b"\xef\xbb\xbf",
    "mark in the middle": b"a: 1\n\xef\xbb\xbfb: 2\n",
    "binary": bytes(range(256)) * 40,
    "nul": b'{"tool": "a\x00b"}\nname: a\x00b\n',
    "utf-16": '{"tool": "ChatGPT"}\n'.encode("utf-16"),
    "utf-32": '{"tool": "ChatGPT"}\n'.encode("utf-32"),
    "latin-1": 'name: Caf\u00e9\n{"tool": "Caf\u00e9"}\n'.encode("latin-1"),
    "carriage returns": b"a: 1\rb: 2\r",
    "one long line": b"x" * BIG,
    "many lines": b"k: v\n" * (BIG // 5),
    "long text": b'{"name": "' + b"x" * BIG + b'"}',
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep maps": b'{"a": ' * DEEP + b"1" + b"}" * DEEP,
    "deep tables": b"[" + b"a." * DEEP + b"b]\n",
    "deep values": b"a = " + b"[" * DEEP + b"]" * DEEP,
    "circle": b"&a [*a]",
    "circle of maps": b"name: &a\n  also: *a\n",
    "laughs": LAUGHS,
    "merge": b"<<: &a {<<: *a}\n",
    "tag": b"!!python/object/apply:os.system ['touch was-here']\n",
    "twice": b'{"name": "a", "name": "b"}',
    "surrogate": b'{"name": "\\ud800"}',
    "escape": b'{"name": "\\u001b[31m\\u202e"}\nname: "\x1b[31m\xe2\x80\xae"\n',
    "number": b'{"number": ' + b"9" * DEEP + b"}",
    "no number": b'{"number": NaN}',
    "two": b"a: 1\n---\nb: 2\n",
}


def make_closed(path: Path) -> None:
    path.write_text("?")
    path.chmod(0)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket may have 108 characters
        made.bind(path.name)
        os.chdir(here)


NO_FILE: dict[str, Callable[[Path], None]] = {
    "absent": lambda path: None,
    "folder": lambda path: path.mkdir(),
    "closed": make_closed,
    "pipe": os.mkfifo,
    "socket": make_socket,
    "circle of links": lambda path: path.symlink_to(path),
    "link to nothing": lambda path: path.symlink_to(path.with_name("nothing")),
    "device": lambda path: path.symlink_to("/dev/null"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    found = Place(tmp_path_factory.mktemp("hostile"))
    with quickly():
        found.furnish()
        yield found


def lay(path: Path, kind: str) -> None:
    """Put one of CONTENTS or NO_FILE where a file is expected."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind in CONTENTS:
        path.write_bytes(CONTENTS[kind])
    else:
        NO_FILE[kind](path)


def state(path: Path) -> object:
    """What lies there, to see that it is left alone."""
    if not os.path.lexists(path):
        return None
    found = path.lstat()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns


def assert_refused(ran: Ran, path: Path, about: object) -> None:
    assert ran.status == 2, (about, ran.status, ran.said[:500])
    assert ran.err.startswith("error: "), (about, ran.err[:300])
    assert "Traceback" not in ran.said, about
    assert path.name in ran.err, (about, ran.err[:500])
    assert len(ran.err) < 50_000, (about, len(ran.err))
    assert json.loads(ran.out.splitlines()[-1])["remedy"], (about, ran.out[-300:])


LOOKED_AT = {(("check",), "path"), (("redact",), "path"), (("scan",), "lines")}  # data of any kind
NAMED = [(words, str(p.name)) for words in commands() for p in parameters(words)
         if p.metavar == "FILE"]  # fmt: skip
READ = [one for one in NAMED if one not in LOOKED_AT]
KINDS = [*CONTENTS, *NO_FILE]


def test_the_files_that_commands_read_are_found() -> None:
    assert set(NAMED) >= LOOKED_AT
    assert set(READ) >= {
        (("check",), "facts_file"),
        (("check",), "jsonl"),
        (("connect",), "file"),
        (("init",), "answers_file"),
        (("register", "import"), "file"),
        (("register", "import"), "mapping"),
        (("register", "restore"), "file"),
    }


@pytest.mark.parametrize(("command", "name"), READ, ids=[f"{' '.join(c)} {n}" for c, n in READ])
def test_what_is_no_right_file_is_refused_and_left_alone(
    place: Place, command: tuple[str, ...], name: str
) -> None:
    edits = command == ("connect",)  # of a host: what can be read is edited, and a backup kept
    answers = name == "jsonl"  # each line is answered
    place.tidy()
    kinds = [kind for kind in KINDS if not (answers and kind == "many lines")]  # all answered
    paths = {kind: place.current / f"{number}-file" for number, kind in enumerate(kinds)}
    for kind, path in paths.items():
        lay(path, kind)
    before = {kind: state(path) for kind, path in paths.items()}
    lines = [command_line(command, name, str(path)) for path in paths.values()]
    every = place.run_all(lines, each_in=place.empty if command == ("init",) else place.workspace)
    for (kind, path), ran in zip(paths.items(), every, strict=True):
        assert 0 <= ran.status <= 3, (kind, ran.said[-800:])
        assert not unshowable(ran.said), (kind, unshowable(ran.said))
        if edits and ran.status == 0:
            assert_edited(path, kind)
            continue
        if name == "write_baseline" and kind == "absent":
            assert b"caio-mcp" in path.read_bytes()
            continue
        assert state(path) == before[kind], kind
        if command == ("register", "import") and ran.status == 3:
            continue  # readable as an inventory, and only reported
        if answers and ran.status == 2 and not ran.err:
            assert all(json.loads(line)["line"] for line in ran.out.splitlines()), kind
        else:
            assert_refused(ran, path, kind)
    assert not (place.current / "was-here").exists()
    assert not place.outside() - {path.name for path in place.current.iterdir()}


@pytest.mark.parametrize(
    ("command", "name"), LOOKED_AT, ids=[f"{' '.join(c)} {n}" for c, n in LOOKED_AT]
)
def test_data_is_looked_at_or_refused_by_name_and_left_alone(
    place: Place, command: tuple[str, ...], name: str
) -> None:
    place.tidy()
    kinds = [kind for kind in KINDS if kind != "many lines"]  # all looked at, in half a minute
    paths = {kind: place.current / f"{number}-file" for number, kind in enumerate(kinds)}
    for kind, path in paths.items():
        lay(path, kind)
    before = {kind: state(path) for kind, path in paths.items()}
    lines = [command_line(command, name, str(path)) for path in paths.values()]
    for (kind, path), ran in zip(paths.items(), place.run_all(lines), strict=True):
        assert 0 <= ran.status <= 3, (kind, ran.said[-800:])
        assert not unshowable(ran.said), (kind, unshowable(ran.said))
        assert "Traceback" not in ran.said, kind
        assert state(path) == before[kind], kind
        # root opens what is closed to others, and lines may come through a pipe
        readable = path.is_file() and os.access(path, os.R_OK)
        readable = readable or (kind in ("pipe", "device") and name == "lines")
        if not readable or (ran.status == 2 and ran.err):
            assert_refused(ran, path, kind)
    assert not (place.current / "was-here").exists()
    copies = {f"{path.name}.redacted" for path in paths.values()}
    assert not place.outside() - {path.name for path in paths.values()} - copies


def assert_edited(path: Path, kind: str) -> None:
    """A file that is JSON, or empty, has one entry more; what it held is in the backup."""
    assert kind in ("empty", "white", "mark", "long text", "twice", "escape", "absent",
                    "link to nothing", "surrogate", "number"), kind  # fmt: skip
    assert b'"caio"' in path.read_bytes(), kind
    backups = list(path.parent.glob(f"{path.resolve().name}.*.caio-backup"))
    kept = [backup.read_bytes() for backup in backups]
    assert kept == ([CONTENTS[kind]] if CONTENTS.get(kind) is not None else []), kind


@pytest.mark.parametrize("kind", KINDS)
def test_settings_that_cannot_be_read_stop_every_command(place: Place, kind: str) -> None:
    config = place.workspace / CONFIG_NAME
    lay(config, kind)
    before = state(config)
    every = place.run_all([["check", "--json"], ["doctor", "--json"], ["register", "list"]])
    for ran in every:
        assert not unshowable(ran.said)
        if kind in ("absent", "link to nothing", "empty", "white", "mark"):
            assert ran.status in (0, 3), ran.said[:300]
        else:
            assert ran.status == 2, ran.said[:300]
            assert CONFIG_NAME in ran.err
            assert len(ran.err) < 1_000
            assert "Traceback" not in ran.said
    assert state(config) == before
    clear(config)


PACK_KINDS = [kind for kind in KINDS if kind not in ("absent", "one long line", "many lines")]


@pytest.mark.parametrize(
    ("part", "kinds"),
    [
        ("policy.yaml", PACK_KINDS),
        ("rules/own.yaml", PACK_KINDS[::3]),
        ("tests/own.test.yaml", PACK_KINDS[1::3]),
        ("approvals.yaml", PACK_KINDS[2::3]),
    ],
)
def test_a_pack_with_a_file_that_is_none_is_never_served(
    place: Place, part: str, kinds: list[str]
) -> None:
    packs = place.workspace / "policies"
    head = 'name: Mine\nowner: Somebody\nversion: "1"\ninherits: [ip]\n'
    for number, kind in enumerate(kinds):
        pack = write_pack(packs / f"pack{number}", {"policy.yaml": head})
        clear(pack / part)
        lay(pack / part, kind)
    lines = [["policy", "check", "--json", f"pack{number}"] for number in range(len(kinds))]
    lines += [["check", "--json", "--policy", f"pack{n}"] for n in range(0, len(kinds), 5)]
    tried = [*kinds, *kinds[::5]]
    for line, kind, ran in zip(lines, tried, place.run_all(lines), strict=True):
        about = (line, kind)
        assert not unshowable(ran.said), about
        assert ran.status == 2, (about, ran.said[:300])
        assert line[-1] in ran.err, (about, ran.err[:300])
        assert len(ran.err) < 10_000, (about, len(ran.err))
        assert "Traceback" not in ran.said, about
    assert not list(place.workspace.rglob("was-here"))
    shutil.rmtree(packs)


@pytest.mark.parametrize("kind", ["binary", "long text", "folder", "socket", "circle of links"])
def test_what_is_no_register_is_refused_and_left_alone(place: Place, kind: str) -> None:
    register = place.workspace / "register.db"
    clear(register)
    lay(register, kind)
    before = state(register)
    add = command_line(("register", "add"))
    for ran in place.run_all([add, ["register", "list", "--json"]]):
        assert_refused(ran, register, kind)
        assert not unshowable(ran.said)
    checked = place.run("check", "--json", "--data", "press release")
    assert "could not be logged" in str(json.loads(checked.out)["notes"])
    assert state(register) == before
    clear(register)


def clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


# -- as processes, which read everything anew ------------------------------------------------------

PROGRAM = f"{sys.executable} -c 'from caio_mcp.cli import main; main()'"


def shell(command: str, workspace: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(workspace)},
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_a_pipe_that_somebody_writes_to_is_read(tmp_path: Path) -> None:
    slow = "(sleep 0.3; echo data.level: public)"
    ended = shell(f"{PROGRAM} check --json --facts <{slow}", tmp_path)
    assert ended.returncode == 3, ended.stderr
    assert json.loads(ended.stdout)["facts"]["data.level"]["value"] == "public"


def test_parsed_files_that_are_none_are_parsed_again(tmp_path: Path) -> None:
    check = f"{PROGRAM} check --json --data 'press release'"
    right = shell(check, tmp_path)
    assert right.returncode in (0, 3), right.stderr
    kept = sorted((tmp_path / ".parsed").iterdir())
    assert len(kept) > 20
    kinds = ["empty", "binary", "pipe", "folder", "socket", "circle of links", "long text"]
    for number, path in enumerate(kept):
        path.unlink()
        lay(path, kinds[number] if number < len(kinds) else "binary")
    again = shell(check, tmp_path)
    assert (again.stdout, again.stderr) == (right.stdout, b"")
