"""What the hostile tests share: wrong values, made-up secrets, and the program in a fork of
its own, watched for what it prints, how long it takes and where it writes."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import shutil
import signal
import sys
import traceback
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
from mcp import Client

from caio_mcp import cli, files
from caio_mcp.cli.app import cli as root
from caio_mcp.core.library import load
from caio_mcp.opening import bundled
from caio_mcp.settings import ROLES
from caio_mcp.workspace import contents, writing

SECONDS_MAX = 60  # of one command; far more than any takes
LONG = 100_000

# Values for any parameter that takes text. None of them is right anywhere.
TEXTS: dict[str, str] = {
    "empty": "",
    "white": " \t ",
    "long": "x" * LONG,
    "long words": "word " * (LONG // 5),
    "nul": "a\0b",  # in a message; on a command line there can be none
    "not utf-8": "caf\udce9",  # how Python gives a byte of the command line that is not UTF-8
    "bidi": "\u202ecod.exe",
    "invisible": "pay\u200bload\ufeff",
    "escape": "\x1b[31mred\x1b]0;title\x07",
    "c1": "\x9b31mred",
    "lines": "one\ntwo\r\nthree\u2028four",
    "folder": "../../etc/passwd",
    "absolute": "/nonexistent/of/caio",
    "home": "~nobody-of-that-name/x",
    "option": "-rf",
    "dashes": "--",
    "bomb": "&a [*a, *a, *a]",
    "merge": "{<<: *a, a: &a {b: !!python/object/apply:os.system [id]}}",
    "toml": 'a = """\n[[a.b]]\n',
    "nested": "[" * 5_000,
    "format": "{0} {name.__class__} %s %n %(x)d ${HOME} $(id) `id`",
    "sql": "x' OR '1'='1'; DROP TABLE entry; --",
    "quotes": "\"'\\",
    "negative": "-1",
    "huge": "9" * 400,
    "nan": "NaN",
    "infinite": "1e999",
    "truth": "true",
    "json": '{"a": 1, "a": 2}',
    "pairs": "=,=;=",
}

# Each is of a class of its own, and is tried everywhere; of the others each parameter gets some.
ALWAYS = ("long", "not utf-8", "bidi", "escape")

# Made-up content that somebody might paste. None of it is real.
SEEDS: dict[str, str] = {
    "card": "4111 1111 1111 1111",
    "account": "DE89 3704 0044 0532 0130 00",
    "mail": "erika.mustermann@example.org",
    "key": "sk-proj-Zx81Kd02Lm93Pq74",
    "password": "Sommer!2026#Kx9",
    "sentence": "Dear Ms Mustermann, your blood test of last week shows that the illness is back.",
}


def texts(which: int, most: int) -> dict[str, str]:
    """Values for one parameter: those of ALWAYS, and others of TEXTS, not the same ones for each
    parameter; with HOSTILE=all every one."""
    others = [name for name in TEXTS if name not in (*ALWAYS, "nul")]
    if os.environ.get("HOSTILE") == "all":
        most = len(others)
    names = [others[(which * most + n) % len(others)] for n in range(most)]
    return {name: TEXTS[name] for name in (*ALWAYS, *names)}


def leaks(seed: str, text: str) -> bool:
    """Whether a telling part of the seed is in the text, in any case or spacing."""
    squeezed = re.sub(r"[\s\W]+", "", text).casefold()
    return re.sub(r"[\s\W]+", "", seed).casefold()[:13] in squeezed


def unshowable(text: str) -> set[str]:
    """The characters of an output that could steer or deceive a terminal."""
    return {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl")}


# -- every command, found by walking ---------------------------------------------------------------


@cache
def commands() -> Mapping[tuple[str, ...], click.Command]:
    """Every command by its words, the groups left out."""

    def below(words: tuple[str, ...], command: click.Command) -> Iterator[Any]:
        if not isinstance(command, click.Group):
            yield words, command
            return
        context = click.Context(command)
        for name in command.list_commands(context):
            part = command.get_command(context, name)
            assert part is not None
            yield from below((*words, name), part)

    return dict(below((), root))


def parameters(words: tuple[str, ...]) -> list[click.Parameter]:
    """The parameters of a command that take a value."""
    return [p for p in commands()[words].params if not getattr(p, "is_flag", False)]


# What a command needs beside the parameter that is tried, to come as far as looking at it; the
# entries and files are those that `Place.furnish` makes.
OWN_ENTRY, WAITING, APPROVED, PROHIBITED, EXCEPTED = (f"E-000{n}" for n in range(1, 6))
THERE = "../../ws/workspace/"  # the workspace, from the current folder
BUSINESS = {"tool": "ChatGPT Business", "data": "meeting agenda", "task": "summarise"}
FREE = {**BUSINESS, "tool": "ChatGPT Free", "asks_for": "exception", "why": "No other way"}
GRANT = {"outcome": "grant_exception", "reason": "The court asks", "conditions": "Delete it soon"}
USUAL: dict[tuple[str, ...], dict[str, str]] = {
    ("connect",): {"hosts": "claude-code"},
    ("init",): {
        "name": "Acme", "country": "Germany", "also_in": "none", "sectors": "retail",
        "tools": "ChatGPT Business", "people": "40", "works_council": "none",
    },
    ("models", "diff"): {"old": f"{THERE}catalogue.json"},
    ("models", "resolve"): {"ids": "gpt-4o"},
    ("models", "scan-code"): {"path": f"{THERE}uses.csv"},
    ("redact",): {"path": f"{THERE}uses.csv"},
    ("scan",): {"paths": f"{THERE}uses.csv"},
    ("register", "add"): {"title": "A use", "tool": "ChatGPT Free", "data": "press release"},
    ("register", "show"): {"entry": OWN_ENTRY},
    ("register", "person"): {"name": "Nobody"},
    ("register", "backup"): {"file": f"{THERE}backup.db"},
    ("register", "restore"): {"file": f"{THERE}copy.db"},
    ("register", "export"): {"file": f"{THERE}exported.csv"},
    ("register", "import"): {"file": f"{THERE}uses.csv", "mapping": f"{THERE}columns.yaml"},
    ("register", "join"): {"entry": APPROVED},
    ("register", "update"): {"entry": OWN_ENTRY, "updates": "stage=pilot"},
    ("register", "review"): {"entry": WAITING, "outcome": "approve", "reason": "It helps"},
}  # fmt: skip
# The same where a parameter is looked at only then.
USUAL_FOR: dict[tuple[tuple[str, ...], str], dict[str, str]] = {
    (("register", "add"), "why"): {"title": "A use", **FREE},
    (("register", "import"), "write_mapping"): {"file": f"{THERE}uses.csv"},
    (("scan",), "lines"): {},
    **{
        (("register", "review"), name): {"entry": PROHIBITED, **GRANT}
        for name in ("rule", "scope", "until")
    },
    (("register", "review"), "conditions"): {
        "entry": WAITING, "outcome": "approve_with_conditions",
    },
    (("register", "review"), "exception"): {"entry": EXCEPTED, "outcome": "revoke_exception"},
}  # fmt: skip
FLAGS: dict[tuple[str, ...], list[str]] = {
    ("connect",): ["--no-verify"],
    ("register", "backup"): ["--force"],
    ("register", "export"): ["--force"],
    ("register", "review"): ["--yes"],
}
SHARED = ("workspace", "policy", "org")  # read by the same code for every command


def command_line(words: tuple[str, ...], parameter: str = "", *values: str) -> list[str]:
    """A command with its usual values, and others for one parameter, asked for JSON."""
    said = USUAL_FOR.get((words, parameter), USUAL.get(words, {}))
    options, arguments = [*words, "--json", *FLAGS.get(words, [])], []
    for known in parameters(words):
        given = values if known.name == parameter else [said[n] for n in [known.name] if n in said]
        for value in given:
            if isinstance(known, click.Option):
                options += [known.opts[-1], value]
            else:
                arguments.append(value)
    return [*options, "--", *arguments] if arguments else options


def with_values(words: tuple[str, ...], **values: str) -> list[str]:
    """A command with these values and no others."""
    options = [
        part
        for known in parameters(words)
        if known.name in values and isinstance(known, click.Option)
        for part in (known.opts[-1], values[known.name])
    ]
    return [*words, *FLAGS.get(words, []), *options]


# -- every tool, found in the list of the server ---------------------------------------------------

# What a tool needs beside the argument that is tried; the entries are those of `Place.furnish`.
GRANTING = {"entry": PROHIBITED, **GRANT, "conditions": [GRANT["conditions"]], "confirmed": True}
NEEDED: dict[str, dict[str, Any]] = {
    "check_model": {"models": ["anthropic/claude-sonnet-4.6"]},
    "redact_copy": {"path": f"{THERE}uses.csv"},
    "register_use": {"title": "A use", "facts": ["data.level=public"]},
    "scan_data": {"sample": "a word"},
    "review_use": {"entry": WAITING, "outcome": "approve", "confirmed": True},
}
NEEDED_FOR: dict[tuple[str, str], dict[str, Any]] = {
    ("scan_data", "path"): {},
    ("scan_data", "sample"): {},
    ("register_use", "join"): {},
    ("register_use", "entry"): {"updates": ["stage=pilot"]},
    ("register_use", "updates"): {"entry": OWN_ENTRY},
    ("register_use", "why"): {"title": "A use", "request": "exception", "facts": [
        "tool=chatgpt-free", "task=write", "level=internal", "categories=none", "overlays=none",
    ]},
    ("review_use", "conditions"): {
        "entry": WAITING, "outcome": "approve_with_conditions", "confirmed": True,
    },
    **{("review_use", name): GRANTING for name in ("rule", "scope", "until")},
    ("review_use", "exception"): {
        "entry": EXCEPTED, "outcome": "revoke_exception", "confirmed": True,
    },
}  # fmt: skip


@dataclass(frozen=True)
class ToolArgument:
    """One argument of one tool, by its schema."""

    tool: str
    name: str
    is_list: bool
    schema: Mapping[str, Any]

    def call(self, value: object) -> dict[str, Any]:
        """The arguments of a call with this value."""
        given = [value] if self.is_list and isinstance(value, str) else value
        needed = NEEDED_FOR.get((self.tool, self.name), NEEDED.get(self.tool, {}))
        return {**needed, self.name: given}


async def tool_arguments(client: Client) -> list[ToolArgument]:
    """Every argument of every tool that the server lists."""
    return [
        ToolArgument(tool.name, name, schema.get("type") == "array", schema)
        for tool in (await client.list_tools()).tools
        for name, schema in tool.input_schema["properties"].items()
    ]


# -- running one -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str
    wrote: list[str]  # every path opened to write, made, renamed or removed
    started: list[str]  # other programs and addresses

    @property
    def said(self) -> str:
        return self.out + self.err


class Place:
    """A home, a workspace and a current folder of their own, each in a folder that must not
    change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.workspace = folder / "ws" / "workspace"
        self.current = folder / "cwd" / "here"
        self.empty = folder / "empty"
        for path in (self.home, self.workspace, self.current, self.empty):
            path.mkdir(parents=True)

    def furnish(self) -> None:
        """Make what USUAL names: entries of this person and of a colleague, and files."""
        add, review = ("register", "add"), ("register", "review")
        self._done(command_line(add))
        lines = [
            with_values(add, title=f"Use {n}", **use) for n, use in enumerate((BUSINESS,) * 2, 2)
        ]
        lines += [with_values(add, title="Use 4", **FREE)]
        lines += [with_values(add, title="Use 5", **{**FREE, "task": "translate"})]
        for line in lines:
            self._done(line, {"LOGNAME": "colleague"})
        self._done([*with_values(review), APPROVED, "approve"])
        grant = with_values(review, **{n: GRANT[n] for n in ("reason", "conditions")})
        self._done([*grant, EXCEPTED, GRANT["outcome"]])
        uses = "Title,Purpose,Vendor,Stage\nLetters,Write letters,OpenAI,pilot\n"
        (self.workspace / "uses.csv").write_text(uses)
        shutil.copy(bundled("data") / "models" / "catalogue.json", self.workspace)
        guess = ["register", "import", f"{THERE}uses.csv", "--write-mapping"]
        self._done([*guess, f"{THERE}columns.yaml"])
        self._done(["register", "backup", f"{THERE}copy.db"])

    def _done(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        ran = self.run(*arguments, environment=environment)
        assert ran.status in (0, 3), (arguments, ran.said)

    def run(self, *arguments: str, **how: Any) -> Ran:
        """Run the program once."""
        return self.run_all([arguments], **how)[0]

    def run_all(
        self,
        commands: Sequence[Sequence[str]],
        *,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        each_in: Path | None = None,
    ) -> list[Ran]:
        """Run the program several times, in a fork of this process and watched; one that
        hangs is ended. With `each_in` each has a copy of this workspace, which is gone again."""
        (self.folder / "0").write_bytes(stdin)
        gc.freeze()  # what is shared with the fork is not looked at there
        child = os.fork()
        if child == 0:  # never returns
            try:
                workspace = self.folder / "fresh" if each_in else self.workspace
                own = {"CAIO_MCP_WORKSPACE": str(workspace), "CAIO_MCP_ROLES": ",".join(ROLES)}
                self._become(own | dict(environment or {}))
                for arguments in commands:
                    if each_in:
                        shutil.copytree(each_in, workspace, ignore=CACHE)
                    self._run_here(arguments)
                    if each_in:
                        shutil.rmtree(workspace)
                os._exit(0)
            finally:
                os._exit(99)
        _, ended = os.waitpid(child, 0)
        gc.unfreeze()
        report = self.folder / "ran"
        lines = report.read_text("utf-8").splitlines() if report.exists() else []
        report.unlink(missing_ok=True)
        ran = [Ran(**json.loads(line)) for line in lines]
        status = os.waitstatus_to_exitcode(ended)
        assert len(ran) == len(commands), (
            f"{'It hung' if status == -signal.SIGALRM else f'It ended with {status}'}: "
            f"{[part[:80] for part in commands[len(ran)]]}"
        )
        return ran

    def _become(self, environment: Mapping[str, str]) -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        os.chdir(self.current)
        for name in [n for n in os.environ if n.startswith(("CAIO_MCP_", "XDG_", "CLAUDE_"))]:
            del os.environ[name]
        os.environ.update({"HOME": str(self.home), **environment})
        for number in (0, 1, 2):
            flags = os.O_RDONLY if number == 0 else os.O_RDWR | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(self.folder / str(number), flags, 0o600), number)
        sys.addaudithook(_hook)  # stays for ever, and so is for a fork alone

    def _run_here(self, arguments: Sequence[str]) -> None:
        os.lseek(0, 0, os.SEEK_SET)
        for number in (1, 2):
            os.ftruncate(number, 0)
            os.lseek(number, 0, os.SEEK_SET)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            for number, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        sys.argv = ["caio-mcp", *arguments]
        status: object = 98
        _SEEN.clear()
        signal.alarm(SECONDS_MAX)
        try:
            cli.main()
        except SystemExit as ended:
            status = ended.code
        except BaseException:
            traceback.print_exc()
        signal.alarm(0)
        sys.stdout.flush()
        sys.stderr.flush()
        seen = list(_SEEN)
        ran = {
            "status": status if isinstance(status, int) else 97,
            # Whatever it was given, what it says is UTF-8.
            "out": (self.folder / "1").read_text("utf-8"),
            "err": (self.folder / "2").read_text("utf-8"),
            "wrote": [path for kind, path in seen if kind == "wrote"],
            "started": [path for kind, path in seen if kind == "started"],
        }
        with (self.folder / "ran").open("a", encoding="utf-8") as report:
            report.write(json.dumps(ran) + "\n")

    def inside(self, path: str) -> bool:
        """Whether a path lies where this run may write."""
        if path == ":memory:":
            return True
        real = os.path.realpath(os.path.join(self.current, path))  # noqa: PTH118
        places = (self.home, self.workspace, self.folder / "fresh", "/dev/null")
        return any(f"{real}/".startswith(f"{os.path.realpath(place)}/") for place in places)

    def outside(self) -> set[str]:
        """What lies beside the home and the workspace."""
        own = {"0", "1", "2", "home", "ws", "cwd", "empty"}
        return (
            {path.name for path in self.folder.iterdir()} - own
            | {path.name for path in self.current.parent.rglob("*")} - {"here"}
            | {path.name for path in self.workspace.parent.iterdir()} - {"workspace"}
        )

    def tidy(self) -> None:
        """Empty the current folder."""
        shutil.rmtree(self.current)
        self.current.mkdir()

    def kept(self) -> Iterator[tuple[Path, str]]:
        """Every file of the home, the workspace and the current folder, with its content."""
        for top in (self.home, self.workspace, self.current):
            for path in filter(Path.is_file, top.rglob("*")):
                yield path, path.read_bytes().decode("latin-1")


CACHE = shutil.ignore_patterns(".parsed")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {  # how many paths an event has
    "os.mkdir": 1, "os.rename": 2, "os.remove": 1, "os.rmdir": 1, "os.link": 2, "os.symlink": 2,
    "os.truncate": 1, "os.chmod": 1, "os.chown": 1, "shutil.rmtree": 1, "sqlite3.connect": 1,
}  # fmt: skip
STARTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "socket.connect")
_SEEN: list[tuple[str, str]] = []  # since it was last emptied


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    paths: Sequence[object] = ()
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES:
        paths = arguments[:1]
    elif event in CHANGES and (event not in ("os.remove", "os.rmdir") or arguments[-1] == -1):
        paths = arguments[: CHANGES[event]]  # below an open folder: shutil.rmtree named it
    elif event in STARTS:
        _SEEN.append(("started", f"{event} {arguments[0]}"))
    _SEEN.extend(("wrote", os.fsdecode(p)) for p in paths if isinstance(p, (str, bytes)))


def remembering(real: Callable[..., Any]) -> Callable[..., Any]:
    """Reading the same policy files gives what was read before: they are not what is tried
    here, and reading them is most of the time of a command."""
    known: dict[str, Any] = {}

    def load_once(policy_files: Any, chain: Any, catalogue: Any, parsed: Any = None) -> Any:
        key = f"{policy_files.digest()} {list(chain)}"
        if key not in known:
            known[key] = real(policy_files, chain, catalogue, parsed)
        return known[key]

    return load_once


@contextlib.contextmanager
def quickly() -> Iterator[None]:
    """Commands that are run in here read the sample policies once."""
    once = remembering(load)
    catalogue = files.read_catalogue()
    modules = (files, writing, contents)
    before = [(module, "load", module.load) for module in modules]
    before += [(m, "read_catalogue", m.read_catalogue) for m in (files, writing)]
    try:
        for module, name, _ in before:
            setattr(module, name, once if name == "load" else lambda: catalogue)
        for pack in ("default", "acme"):
            files.load_library(pack)
        yield
    finally:
        for module, name, real in before:
            setattr(module, name, real)
