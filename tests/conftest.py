"""What several test files share: workspaces, services, MCP clients."""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib
import io
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import hypothesis
import pytest
import tiktoken
from mcp import Client

from caio_mcp import cli
from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.core.answer import Answer
from caio_mcp.register import Register
from caio_mcp.server.app import build_server
from caio_mcp.service import Caller, Service, UseRequest
from caio_mcp.settings import load_settings

# The suite tries the same examples on every run; LAW_EXAMPLES=500 tries other ones, and more.
hypothesis.settings.register_profile("suite", derandomize="LAW_EXAMPLES" not in os.environ)
hypothesis.settings.load_profile("suite")

HERE = Path(__file__).resolve().parent
O200K_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

BAD_INPUT = 2
ERAS = ("auto", "legacy")  # 2026-07-28 and 2025-11-25
Connect = Callable[..., AbstractAsyncContextManager["Conversation"]]


class Conversation:
    """An MCP client that reads answers as an assistant does."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.text = ""
        self.is_error = False

    async def call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """Call a tool; the text is kept, the structured content returned."""
        answer = await self.client.call_tool(tool, arguments)
        self.is_error = bool(answer.is_error)
        self.text = "\n".join(part.text for part in answer.content if part.type == "text")
        content = answer.structured_content
        return content if isinstance(content, dict) else {}

    async def refused(self, tool: str, /, **arguments: Any) -> str:
        """Call a tool that must refuse; its sentence."""
        content = await self.call(tool, **arguments)
        assert self.is_error, f"{tool} did not refuse: {self.text}"
        assert not content
        return self.text


@pytest.fixture(params=ERAS)
def connect(request: pytest.FixtureRequest, tmp_path: Path) -> Connect:
    """Opens a conversation with a server on a fresh workspace, in each protocol era."""

    @asynccontextmanager
    async def opened(policy: str = "acme", **environment: str) -> AsyncIterator[Conversation]:
        settings = load_settings(workspace=str(tmp_path), policy=policy, environment=environment)
        service = build_service(settings)
        try:
            server = build_server(service, build_caller(settings), settings.detection)
            async with Client(server, mode=request.param) as client:
                yield Conversation(client)
        finally:
            service.close()

    return opened


@cache
def encoding() -> tiktoken.Encoding:
    """The o200k_base tokenizer from the bundled ranks, read here once more; tiktoken itself
    would download them."""
    content = gzip.decompress(
        (HERE.parent / "data" / "tokens" / "o200k_base.tiktoken.gz").read_bytes()
    )
    assert hashlib.sha256(content).hexdigest() == O200K_SHA256
    ranks = {
        base64.b64decode(token): int(rank)
        for token, rank in (line.split() for line in content.splitlines())
    }
    return tiktoken.Encoding(
        "o200k_base", pat_str=tiktoken_pattern(), mergeable_ranks=ranks, special_tokens={}
    )


def tiktoken_pattern() -> str:
    """The split pattern of o200k_base (openai/tiktoken, tiktoken_ext/openai_public.py)."""
    return "|".join(
        [
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
            r"\s*[\r\n]+",
            r"\s+(?!\S)",
            r"\s+",
        ]
    )


def tokens(text: str) -> int:
    """How many o200k tokens a text has."""
    return len(encoding().encode(text, disallowed_special=()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests counted, at the end of the run."""
    for report in terminalreporter.getreports("passed"):
        for name, counted in report.user_properties:
            terminalreporter.write_sep("-", name)
            terminalreporter.write_line(str(counted))


# -- the command line, in this process ---------------------------------------------------------


@dataclass(frozen=True)
class Run:
    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    def assert_refused(self, *words: str) -> None:
        assert self.status == BAD_INPUT, self.said[:2000]
        assert "Traceback" not in self.said
        assert self.err.startswith("error: "), self.err[:500]
        for word in words:
            assert word in self.err, f"{word!r} is not in {self.err[:1000]!r}"


Caio = Callable[..., Run]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    for name in list(os.environ):
        if name.startswith("CAIO_MCP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CAIO_MCP_WORKSPACE", str(folder))
    return folder


@pytest.fixture
def caio(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caio:
    """Runs the program as a terminal would; anything but an exit status is a failed test."""

    def run(*arguments: str, stdin: bytes = b"") -> Run:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["caio-mcp", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as exit_:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return Run(exit_.value.code, out, err)

    return run


def faults_of(run: Run) -> list[tuple[str, int, str]]:
    found = re.findall(r"^  (\S+?):(\d+):\d+: (.*)$", run.err, flags=re.MULTILINE)
    return [(file, int(line), words) for file, line, words in found]


class _NoRegister:
    def exists(self) -> bool:
        return False


def no_register() -> Register:
    """A register that is not there; whatever else is asked of it is a failed test."""
    return cast(Register, _NoRegister())


# -- a desk to ask at ------------------------------------------------------------------------

OVERLAY = 'name: mine\nowner: Somebody\nversion: "1"\n'
DAY = "2026-11-22"


def write_pack(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@dataclass(frozen=True)
class Desk:
    """A service in a workspace, and who asks there."""

    service: Service
    caller: Caller

    def ask(self, *, day: str = DAY, unit: str | None = None, **said: Any) -> Answer:
        """The answer to one check on a day."""
        caller = self.caller if unit is None else replace(self.caller, unit=unit)
        now = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
        parts: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
        request = UseRequest(**parts)
        return self.service.check_use(request, caller, now, via="test")


OpenDesk = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[OpenDesk]:
    """Opens desks on a workspace with a pack of its own, `mine`, made of these files."""
    services: list[Service] = []

    def opened(
        files: Mapping[str, str] | None = None, policy: str = "mine", **environment: str
    ) -> Desk:
        write_pack(tmp_path / "policies" / "mine", files or {})
        settings = load_settings(workspace=str(tmp_path), policy=policy, environment=environment)
        services.append(build_service(settings))
        return Desk(services[-1], build_caller(settings))

    yield opened
    for service in services:
        service.close()
