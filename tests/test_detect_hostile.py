"""Whatever a path, a file or a text is: nothing outside the opened folders is read, nothing hangs,
and time and memory grow no faster than the data."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.scanning import scan_text
from caio_mcp.server.app import build_server
from caio_mcp.settings import load_settings
from conftest import Caio
from hostile import unshowable
from test_hostile_server import Served, call

MAIL = "kxvqtrm.wzpl@qzkvhtwn.org"  # made up; found wherever it is read
TOOLS = ("check_use", "redact_copy", "scan_data")
SECONDS_MAX = 30


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An opened folder and what lies beside it; the home is beside it too."""
    for folder in ("open/sub", "open-not", "outside", "home", "ws"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "file.txt").write_text(f"mail: {MAIL}\n")
    (tmp_path / "open" / "file.txt").write_text(f"mail: {MAIL}\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "outside")
    return tmp_path


@asynccontextmanager
async def serving(ground: Path, *folders: Path | str) -> AsyncIterator[Client]:
    opened = os.pathsep.join(map(str, folders))
    settings = load_settings(workspace=str(ground / "ws"), environment={"CAIO_MCP_FOLDERS": opened})
    service = build_service(settings)
    try:
        server = build_server(service, build_caller(settings), settings.detection)
        async with Client(server) as client:
            yield client
    finally:
        service.close()


def text_of(answer: Any) -> str:
    return "\n".join(part.text for part in answer.content if part.type == "text")


def files_in(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if "/ws/" not in f"{path}/"}


# -- paths that lead out ---------------------------------------------------------------------


def leading_out(ground: Path) -> dict[str, str]:
    """Paths to what is not in the opened folder, made where they need to be."""
    opened, outside = ground / "open", ground / "outside"
    (opened / "link.txt").symlink_to(outside / "file.txt")
    (opened / "relative.txt").symlink_to("../outside/file.txt")
    (opened / "folder").symlink_to(outside)
    (opened / "second.txt").symlink_to(opened / "link.txt")
    (opened / "dangling.txt").symlink_to(outside / "nothing.txt")
    (opened / "loop.txt").symlink_to(opened / "loop.txt")
    (opened / "environ.txt").symlink_to("/proc/self/environ")
    (opened / "zero.txt").symlink_to("/dev/zero")
    return {
        "up": f"{opened}/../outside/file.txt",
        "up and down": f"{opened}/sub/../../open/../outside/file.txt",
        "up through nothing": f"{opened}/nothing/../../outside/file.txt",
        "up through a file": f"{opened}/file.txt/../../outside/file.txt",
        "beside": str(outside / "file.txt"),
        "the same beginning": str(ground / "open-not" / "file.txt"),
        "current": "file.txt",
        "current by dot": "./file.txt",
        "link": str(opened / "link.txt"),
        "relative link": str(opened / "relative.txt"),
        "link to a folder": str(opened / "folder" / "file.txt"),
        "link to a link": str(opened / "second.txt"),
        "link to nothing": str(opened / "dangling.txt"),
        "link to itself": str(opened / "loop.txt"),
        "link to a process": str(opened / "environ.txt"),
        "link to a device": str(opened / "zero.txt"),
        "home": "~/file.txt",
        "home of nobody": "~nobody-of-that-name/file.txt",
        "home of root": "~root/file.txt",
        "process": "/proc/self/environ",
        "process's root": f"/proc/self/root{outside}/file.txt",
        "process's folder": "/proc/self/cwd/file.txt",
        "input": "/proc/self/fd/0",
        "memory": "/proc/self/mem",
        "device": "/dev/zero",
        "standard input": "/dev/stdin",
        "address": f"file://{opened}/file.txt",
        "share": "\\\\server\\share\\file.txt",
        "drive": "C:\\file.txt",
        "case": f"{str(opened).upper()}/FILE.TXT",
        "zero": f"{opened}/file.txt\0.csv",
        "zero alone": "\0",
        "long": f"{opened}/{'x' * 5_000}",
        "long path": f"{opened}/{'sub/../' * 2_000}../outside/file.txt",
        "white": f" {opened}/file.txt",
        "folder": str(opened),
        "folder above": str(ground),
        "below a file": f"{opened}/file.txt/file.txt",
        "not there": f"{opened}/nothing.txt",
        "root": "/",
        "dot": ".",
        "variable": "$HOME/file.txt",
        "command": f"$(cat {outside}/file.txt)",
        "star": f"{opened}/*.txt",
        "lines": f"{opened}/file.txt\n{outside}/file.txt",
        "bidi": "\u202e/txt.elif",
        "escape": "\x1b[31m/file.txt",
    }


async def test_no_path_leads_out_of_the_opened_folders(ground: Path) -> None:
    paths = leading_out(ground)
    before = files_in(ground)
    async with serving(ground, ground / "open") as client:
        for tool in TOOLS:
            for name, path in paths.items():
                began = time.monotonic()
                answer = await client.call_tool(tool, {"path": path})
                text = text_of(answer)
                assert answer.is_error, (tool, name, text)
                assert "Error executing" not in text, (tool, name, text)
                assert str(ground / "outside") not in text, (tool, name, text)
                assert len(text) < 600, (tool, name)
                assert not unshowable(text), (tool, name, text)
                assert time.monotonic() - began < SECONDS_MAX, (tool, name)
        for tool in TOOLS:  # and with all that refused, what is inside is read
            answer = await client.call_tool(tool, {"path": str(ground / "open" / "file.txt")})
            assert not answer.is_error, text_of(answer)
    written = files_in(ground) - before
    assert written == {str(ground / "open" / "file.redacted.txt")}


async def test_what_is_outside_is_refused_the_same_whether_it_is_there_or_not(ground: Path) -> None:
    async with serving(ground, ground / "open") as client:
        for tool in TOOLS:
            said = {
                text_of(await client.call_tool(tool, {"path": str(path)})).replace(path.name, "X")
                for path in (
                    ground / "outside" / "file.txt",
                    ground / "outside" / "none.txt",
                    ground / "nowhere" / "none.txt",
                    ground / "outside" / "file.txt" / "none.txt",
                )
            }
            assert len(said) == 1, said


@pytest.mark.parametrize("tool", TOOLS)
async def test_what_is_not_a_file_is_refused_at_once(ground: Path, tool: str) -> None:
    opened = ground / "open"
    os.mkfifo(opened / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(opened)  # the name of a socket has little room
        listening.bind("socket.txt")
        async with serving(ground, opened) as client:
            for name in ("pipe.txt", "socket.txt", "sub"):
                began = time.monotonic()
                answer = await client.call_tool(tool, {"path": str(opened / name)})
                assert answer.is_error, name
                assert "Error executing" not in text_of(answer), (name, text_of(answer))
                assert time.monotonic() - began < 5, name


HARD = {
    "spaces": "  two  spaces  .txt",
    "dash": "-rf.txt",
    "quotes": "a'b\"c.txt",
    "lines": "one\ntwo.txt",
    "bidi": "\u202etxt.exe",
    "escape": "\x1b[31mred.txt",
    "percent": "%2e%2e%2fa.txt",
    "format": "{0.__class__}%s%n.txt",
    "letters": "Übersicht \u4e2d\u6587 \U0001f600.txt",
    "dots": "...txt",
    "tilde": "~",
    "no end": "x" * 255,
    "long": "x" * 251 + ".txt",
    "ends": "a.redacted.txt",
}


async def test_files_with_hard_names_are_read_and_their_names_do_no_harm(ground: Path) -> None:
    opened = ground / "open"
    for name in HARD.values():
        (opened / name).write_text(f"mail: {MAIL}\n")
    async with serving(ground, opened) as client:
        for kind, name in HARD.items():
            for tool in TOOLS:
                answer = await client.call_tool(tool, {"path": str(opened / name)})
                text = text_of(answer)
                assert not unshowable(text), (kind, tool, text)
                assert "Error executing" not in text, (kind, tool, text)
                if tool != "redact_copy" or len(name) < 200:
                    assert not answer.is_error, (kind, tool, text)
            assert (opened / name).read_text() == f"mail: {MAIL}\n"


@pytest.mark.parametrize("which", ["root", "home", "above home", "link to home", "dots"])
async def test_the_root_and_the_home_folder_are_not_opened(ground: Path, which: str) -> None:
    (ground / "link").symlink_to(ground / "home")
    folder = {
        "root": "/",
        "home": "~",
        "above home": str(ground),
        "link to home": str(ground / "link"),
        "dots": f"{ground}/home/../home/.",
    }[which]
    try:
        async with serving(ground, folder) as client:
            answer = await client.call_tool("scan_data", {"path": str(ground / "home/file.txt")})
            assert answer.is_error
            assert MAIL not in text_of(answer)
    except BaseException as error:
        assert type(error).__name__ == "SetupError", error  # noqa: PT017


async def test_with_no_folder_opened_no_file_is_read(ground: Path) -> None:
    async with serving(ground) as client:
        for tool in TOOLS:
            answer = await client.call_tool(tool, {"path": str(ground / "open" / "file.txt")})
            assert answer.is_error
            assert "folders" in text_of(answer)  # how to open one


# -- what changes between the look and the reading ---------------------------------------------

# A server in which the opening of the file is the moment at which somebody changes it.
SWAPPED = """
import os, pathlib, sys
target, outside, how = sys.argv[1:4]
sys.argv = ["caio-mcp", "serve"]
done = []

def hook(event, arguments):
    if event != "open" or done or isinstance(arguments[0], int):
        return
    if os.path.basename(os.fsdecode(arguments[0])) != os.path.basename(target):
        return
    done.append(True)
    folder = os.path.dirname(target)
    if how == "folder":
        os.rename(folder, folder + "-was")
        os.symlink(os.path.dirname(outside), folder)
        return
    os.unlink(target)
    if how == "link":
        os.symlink(outside, target)
    elif how == "pipe":
        os.mkfifo(target)
    elif how == "folder there":
        os.mkdir(target)
    elif how == "device":
        os.symlink("/dev/zero", target)

sys.addaudithook(hook)
from caio_mcp.cli import main
main()
"""


@pytest.mark.parametrize("how", ["link", "folder", "gone", "pipe", "folder there", "device"])
@pytest.mark.parametrize("tool", TOOLS)
def test_a_file_that_is_exchanged_when_it_is_opened_leads_nowhere(
    ground: Path, monkeypatch: pytest.MonkeyPatch, tool: str, how: str
) -> None:
    target, outside = ground / "open" / "sub" / "file.txt", ground / "outside" / "file.txt"
    target.write_text("Nothing of note.\n")
    monkeypatch.setenv("CAIO_MCP_FOLDERS", str(ground / "open"))
    served = Served(ground / "ws", program=(SWAPPED, str(target), str(outside), how))
    try:
        served.send(call(1, tool, path=str(target)))
        answer = served.answer(1)["result"]
        served.input.close()
        assert served.ended() == 0
    finally:
        served.process.kill()
        served.output.close()
    exchanged = target.parent if how == "folder" else target
    assert how in ("gone", "folder there") or exchanged.is_symlink() or exchanged.is_fifo()
    assert how != "gone" or not target.exists()
    assert "e-mail" not in str(answer), answer  # of the file outside nothing was read
    assert "contact" not in str(answer), answer
    assert answer.get("isError") or how == "folder", answer
    assert "Error executing" not in str(answer)
    assert sorted(path.name for path in outside.parent.iterdir()) == ["file.txt"]


# -- long and odd texts ------------------------------------------------------------------------


async def test_a_text_of_ten_megabytes_is_looked_through_in_part(ground: Path) -> None:
    filler = "Nothing of note stands here. " * 350_000
    async with serving(ground) as client:
        for tool in ("scan_data", "check_use"):
            for text in (f"{MAIL} {filler}", f"{filler} {MAIL}", "9" * 10_000_000):
                answer = await client.call_tool(tool, {"sample": text})
                assert not answer.is_error
                said = text_of(answer)
                assert ("e-mail" in said) == (MAIL in text), said
                assert "parts of it that were read" in said or "truncated" in said, said
                assert len(said) < 5_000


def test_half_characters_in_a_text_hide_nothing(caio: Caio) -> None:
    texts = ["\ud800", f"\ud800{MAIL}", f"{MAIL}\udfff", "\udc80" * 99 + f" {MAIL} " + "\udfff" * 9]
    ran = caio(
        "scan", "--jsonl", "-", stdin="\n".join(json.dumps({"text": t}) for t in texts).encode()
    )
    counts = [len(json.loads(line)["findings"]) for line in ran.out.splitlines()]
    assert counts == [0, 1, 1, 1], ran.said


def repeated(part: str) -> Callable[[int], str]:
    return lambda size: (part * (size // len(part) + 1))[:size]


def numbered(part: str) -> Callable[[int], str]:
    """The part again and again, never the same."""

    def text(size: int) -> str:
        parts, length = [], 0
        for number in range(size):
            parts.append(part.format(f"{number:08d}"))
            length += len(parts[-1])
            if length >= size:
                break
        return "".join(parts)[:size]

    return text


# Texts that make a search begin again at each of their characters, or find far too much.
PATHOLOGICAL: dict[str, Callable[[int], str]] = {
    "dots": repeated("a."),
    "ones": repeated("1 "),
    "digits": repeated("4"),
    "digits and dashes": repeated("4-"),
    "cards": repeated("4111 1111 1111 1112 "),
    "card digits": repeated("4111111111111111"),
    "spaced digits": repeated("1 2  3 "),
    "signs": repeated("@"),
    "mail heads": repeated("a@"),
    "mail tails": repeated("@a."),
    "no mail": repeated("a@a.a@"),
    "mails": numbered("m{}@xyz.org "),
    "mails after accents": numbered("\u00e9 m{}@xyz.org "),
    "mails on lines": numbered("m{}@x.org\n"),
    "accounts": repeated("DE89 "),
    "account digits": repeated("DE89370400440532013000"),
    "plus": repeated("+49 "),
    "phones": numbered("+49 30 {} "),
    "brackets": repeated("("),
    "phone brackets": repeated("(030) 1"),
    "percent": repeated("%41"),
    "percent of percent": repeated("%25"),
    "escapes": repeated("\\u0041"),
    "backslashes": repeated("\\"),
    "html": repeated("&#65;"),
    "html of html": repeated("&amp;"),
    "hex": repeated("6d"),
    "hex bytes": repeated("6d "),
    "base64": repeated("QUFB"),
    "base64 of base64": repeated("UVVGQlFVRkI="),
    "base64 lines": repeated("QUFBQUFBQUFBQUFBQUFB\n"),
    "base64 words": repeated("QUFBQUFBQUFBQUFBQUFB "),
    "urls": repeated("http://a:b@"),
    "keys": repeated("-----BEGIN PRIVATE KEY-----"),
    "key ends": repeated("-----END PRIVATE KEY-----"),
    "tokens": numbered("ghp_{}abcdefghijklmnopqrstuvwxyzAB "),
    "token heads": repeated("ghp_"),
    "jwt": repeated("eyJ"),
    "jwt dots": repeated("eyJhbGciOiJIUzI1NiJ9."),
    "passwords": repeated("password="),
    "password words": repeated("password: secret key token "),
    "assignments": repeated("a="),
    "quotes": repeated('"'),
    "ips": repeated("1.1.1.1."),
    "ip words": numbered("10.{}.1.1 "),
    "colons": repeated(":"),
    "macs": repeated("00:"),
    "zeros": repeated("\0"),
    "spaces": repeated(" "),
    "lines": repeated("\n"),
    "returns": repeated("\r"),
    "tabs": repeated("\t"),
    "words": repeated("Anna Schmidt "),
    "capitals": repeated("A"),
    "capital words": repeated("A "),
    "titles": repeated("Dr. "),
    "invisible": repeated("\u200b"),
    "soft hyphens": repeated("4\u00ad1"),
    "wide": repeated("\uff14"),
    "arabic": repeated("\u0664"),
    "mixed scripts": repeated("a\u0430"),
    "mixed words": repeated("\u0430a "),
    "accents": repeated("e\u0301"),
    "many accents": repeated("\u0301"),
    "ligatures": repeated("\ufdfa"),
    "emoji": repeated("\U0001f468\u200d"),
    "half characters": repeated("\ud800"),
    "json": repeated("["),
    "json objects": repeated('{"a":'),
    "csv": repeated(","),
    "markup": repeated("<a "),
    "comments": repeated("<!--"),
    "dates": repeated("01/01/1990 "),
    "health": repeated("diagnosis: diabetes "),
    "context": repeated("card number iban phone ssn "),
}


def seconds(text: str) -> float:
    """The least time of the processor that a look took."""
    took = []
    for _ in range(2):
        began = time.process_time()
        scan_text(text, "low")
        took.append(time.process_time() - began)
    return min(took)


def assert_linear(make: Callable[[int], str], size: int) -> None:
    """Four times the text takes four times the time; where each place looks at all others it
    takes sixteen times. Of a short time the clock tells nothing."""
    whole = seconds(make(size))
    if whole > 0.05:
        part = seconds(make(size // 4))
        assert whole / part < 8, f"{part * 1000:.0f} ms, {whole * 1000:.0f} ms"


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    assert_linear(PATHOLOGICAL[name], 60_000)


FULL = ("mails", "mails after accents", "phones", "tokens", "ip words", "cards", "base64 words")


@pytest.mark.parametrize("name", FULL)
def test_a_long_line_full_of_values_takes_its_length_in_time(name: str) -> None:
    assert_linear(PATHOLOGICAL[name], 500_000)


# -- memory ------------------------------------------------------------------------------------

LIMITED = """
import atexit, pathlib, resource, sys
limit = int(sys.argv[1])
if limit:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
else:
    status = pathlib.Path("/proc/self/status")
    atexit.register(lambda: print(status.read_text(), file=sys.stderr))
sys.argv[1:2] = []
from caio_mcp.cli import main
main()
"""


def limited(ground: Path, limit: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program with no more than so many bytes of memory; with 0 it says what it took."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), *arguments],
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(ground / "ws")},
        capture_output=True,
        text=True,
        timeout=4 * SECONDS_MAX,
        check=False,
    )


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Files of a hundred megabytes."""
    folder = tmp_path_factory.mktemp("huge")
    line = "Nothing of note stands here, " * 3
    for name, part in {
        "lines.txt": f"{line}\n",
        "line.txt": f"{line} ",
        "table.csv": "4711,abc,def,Nothing of note\n",
        "records.jsonl": '{"a": 4711, "b": "Nothing of note"}\n',
        "records.json": '{"a": 4711, "b": "Nothing of note"},\n',
        "digits.txt": "9",
    }.items():
        block = (part * (1_000_000 // len(part)) + part).encode()
        with (folder / name).open("wb") as file:
            file.write(b"[" if name == "records.json" else MAIL.encode() + b"\n")
            for _ in range(100_000_000 // len(block)):
                file.write(block)
    yield folder
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize(
    "name", ["lines.txt", "line.txt", "table.csv", "records.jsonl", "records.json", "digits.txt"]
)
def test_a_file_of_a_hundred_megabytes_is_looked_through_in_little_memory(
    ground: Path, huge: Path, name: str
) -> None:
    small = limited(ground, 0, "check", "--json", "--path", str(ground / "open" / "file.txt"))
    peak = int(small.stderr.split("VmPeak:")[1].split()[0]) * 1024
    ran = limited(ground, peak + 60_000_000, "check", "--json", "--path", str(huge / name))
    if name.startswith("records"):  # JSON is read whole, and so it has a limit
        assert ran.returncode == 2, ran.stderr[-800:]
        assert "is the most for a document" in ran.stderr
    else:
        assert ran.returncode in (0, 1, 3), ran.stderr[-800:]
