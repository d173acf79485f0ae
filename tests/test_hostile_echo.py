"""What somebody pastes by mistake comes back nowhere: not in answers, errors, logs or files.

Every parameter of every command and every argument of every tool gets made-up secrets, alone
and inside what the parameter expects. What is meant to be kept or shown is listed, with why.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from mcp import Client

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.server.app import build_server
from caio_mcp.server.logs import ContentFreeFormatter
from caio_mcp.settings import ROLES, load_settings
from hostile import (
    SEEDS,
    SHARED,
    Place,
    command_line,
    commands,
    leaks,
    parameters,
    quickly,
    tool_arguments,
)

FILE = "the name of a file or folder: shown so that a slip of the pen is seen, and kept nowhere"
SAID = "what the organisation says of itself: it goes into the files that are made of it"
TITLE = "a register is read by people: title and purpose are its words, refused if they hold data"
OWN = "the person's own configuration: the name or value that they want written there"

# What is shown or kept by design. Nothing else is.
MEANT: dict[tuple[tuple[str, ...], str], str] = {
    (("check",), "facts_file"): FILE,
    (("check",), "jsonl"): FILE,
    (("connect",), "file"): FILE,
    (("connect",), "project"): FILE,
    (("connect",), "name"): OWN,
    (("connect",), "given"): OWN,
    (("init",), "answers_file"): FILE,
    (("init",), "name"): SAID,
    (("init",), "contacts"): SAID,
    (("init",), "training"): SAID,
    (("init",), "adopted_by"): SAID,
    (("init",), "levels"): SAID,
    (("models", "count"), "file"): FILE,
    (("models", "diff"), "old"): FILE,
    (("models", "diff"), "new"): FILE,
    (("models", "scan-code"), "config"): FILE,
    (("models", "scan-code"), "baseline"): FILE,
    (("models", "scan-code"), "write_baseline"): FILE,
    (("register", "add"), "title"): TITLE,
    (("register", "add"), "purpose"): TITLE,
    (("register", "add"), "why"): TITLE,
    (("register", "review"), "reason"): TITLE,
    (("register", "review"), "conditions"): TITLE,
    (("register", "backup"), "file"): FILE,
    (("register", "restore"), "file"): FILE,
    (("register", "export"), "file"): FILE,
    (("register", "import"), "file"): FILE,
    (("register", "import"), "mapping"): FILE,
    (("register", "import"), "write_mapping"): FILE,
    **{(words, "workspace"): FILE for words in commands()},
}
MEANT_OF_TOOLS = {
    ("register_use", "title"): TITLE,
    ("register_use", "purpose"): TITLE,
    ("register_use", "why"): TITLE,
    ("review_use", "reason"): TITLE,
    ("review_use", "conditions"): TITLE,
}
DATA = ("card", "account", "mail", "key", "password")  # never in a register, not even as its title

# What a parameter expects around a value, so that the seed comes further in.
AROUND: dict[str, tuple[str, ...]] = {
    "facts": ("{}=x", "data.level={}", "data.categories=only:{}", "tool={}", "tool.name={}"),
    "assumed": ("{}=x", "data.level={}", "tool={}"),
    "tools": ("{}=approved", "ChatGPT Business={}"),
    "contacts": ("{}=Ada",),
    "levels": ("Open={}",),
    "given": ("{}=x",),
    "models": ("openai/{}", "{}/gpt-5"),
    "ids": ("openai/{}", "{}/gpt-5", "azure/{}", "ft:gpt-4o:{}::x", "ft:gpt-4o:a:{}:9aBcDeFg"),
    "policy": ("{}.x",),
    "filters": ("{}=x", "status={}", "tool={}", "created={}", "data.level={}", "owner={}"),
    "group_by": ("created:{}", "{}:month"),
    "order": ("-{}",),
    "updates": ("{}=x", "stage={}", "status={}", "review_on={}", "met.{}=x"),
    "scope": ("{}=x", "tool={}", "data.level={}"),
    "entry": ("E-{}",),
    "exception": ("X-{}",),
}


def spellings(name: str, seed: str) -> list[str]:
    """A seed alone, and inside what a parameter expects."""
    return [seed, *(around.format(seed) for around in AROUND.get(name, ()))]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    found = Place(tmp_path_factory.mktemp("hostile"))
    with quickly():
        found.furnish()
        yield found


def assert_kept_nowhere(place: Place, about: object) -> None:
    for path, content in place.kept():
        for name, seed in SEEDS.items():
            assert not leaks(seed, content), (about, name, path)
            assert not leaks(seed, str(path)), (about, name, path)


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_no_command_repeats_or_keeps_what_was_put_into_it(
    place: Place, command: tuple[str, ...]
) -> None:
    turn = list(commands()).index(command)
    tried = [
        (name, seed, spelling)
        for p in parameters(command)
        if (name := str(p.name)) and (command, name) not in MEANT
        for number, (_, seed) in enumerate(SEEDS.items())
        # The code is mostly that of `check`, so the others share the seeds among them.
        if command == ("check",) or number % (3 if name in SHARED else 2) == turn % 2
        for spelling in spellings(name, seed)
    ]
    lines = [command_line(command, name, spelling) for name, _, spelling in tried]
    lines += [[*line, "--no-such-option"] for line in lines[:6]]  # refused before it begins
    tried += tried[:6]
    every = place.run_all(lines)
    for (name, seed, spelling), ran in zip(tried, every, strict=True):
        assert 0 <= ran.status <= 3, (name, spelling, ran.err[-500:])
        assert not leaks(seed, ran.said), (name, spelling, ran.said[:1000])
    assert_kept_nowhere(place, command)


def test_what_is_meant_to_be_kept_is_and_data_never(place: Place) -> None:
    """The list above is true: without it the test before would fail for each of these."""
    for command, name in MEANT:
        assert name in {p.name for p in parameters(command)}, (command, name)
    for command, name in [where for where, why in MEANT.items() if why == TITLE]:
        lines = [command_line(command, name, seed) for seed in SEEDS.values()]
        for kind, ran in zip(SEEDS, place.run_all(lines, each_in=place.workspace), strict=True):
            if kind in DATA:
                assert ran.status == 2, (name, kind)
                assert not leaks(SEEDS[kind], ran.said), (name, kind, ran.said)
            else:
                assert ran.status == 0, (name, kind, ran.said)
    kept = place.run(*command_line(("register", "add"), "title", SEEDS["sentence"]))
    assert kept.status == 0, kept.said
    assert any("register.db" in path.name and leaks(SEEDS["sentence"], text)
               for path, text in place.kept())  # fmt: skip
    for kind in DATA:
        assert not any(leaks(SEEDS[kind], text) for _, text in place.kept()), kind
    shown = place.run(
        *command_line(("init",), "name", "Erika Mustermann GmbH"), each_in=place.empty
    )
    assert "Erika Mustermann GmbH" in shown.out


def test_no_line_of_many_is_repeated_or_kept(tmp_path: Path) -> None:
    place = Place(tmp_path)
    lines = [
        line.format(seed)
        for seed in SEEDS.values()
        for line in (
            "{}",
            '{{"{}": 1}}',
            '{{"tool": "{}"}}',
            '{{"data": ["{}"], "not_in_data": ["{}"]}}'.replace("{}", "{0}"),
            '{{"facts": {{"{}": 1}}}}',
            '{{"data.level": "{}", "task": "write"}}',
            '{{"previous": "{}"}}',
            '{{"as_of": "{}"}}',
            '{{"{0}": 1, "{0}": 2}}',
            '{{"tool": "{}',
        )
    ]
    with quickly():
        ran = place.run("check", "--jsonl", "-", stdin="\n".join(lines).encode())
    assert len(ran.out.splitlines()) == len(lines)
    for seed, said in zip(
        [seed for seed in SEEDS.values() for _ in range(10)], ran.out.splitlines(), strict=True
    ):
        assert not leaks(seed, said), said[:1000]
    assert_kept_nowhere(place, "--jsonl")


@pytest.mark.parametrize("command", [("check",), ("init",)], ids=" ".join)
def test_no_file_that_was_refused_is_repeated_or_kept(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    place = Place(tmp_path)
    name = {"check": "facts_file", "init": "answers_file"}[command[0]]
    contents = (
        "{}", "{}: 1", "data.level: {}", "tool.id: [{}]", "'{}': &a [*a]", "- {}", "tool: {{{}",
        "people: {}", "country: {}", "tools: [{}]", "levels: {{{}: x}}", "contacts: {{{}: x}}",
        "id: {}", "name: x\nsectors: {}", "data.level: !{}", "'{}': 1\n'{}': 2",
    )  # fmt: skip
    files = []
    for number, (seed, content) in enumerate((s, c) for s in SEEDS.values() for c in contents):
        path = tmp_path / "ws" / f"file{number}.yaml"
        path.write_text(content.replace("{{", "{").replace("{}", seed))
        files.append((path, seed))
    bare = [p for p in parameters(command) if p.name == name]
    assert isinstance(bare[0], click.Option)
    with quickly():
        every = place.run_all([[*command, bare[0].opts[-1], str(path)] for path, _ in files])
    for (path, seed), ran in zip(files, every, strict=True):
        assert ran.status in (2, 3), (path.read_text(), ran.said[:500])
        assert not leaks(seed, ran.said), (path.read_text(), ran.said[:1000])
        path.unlink()
    assert_kept_nowhere(place, command)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server would write to standard error, of all levels."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ContentFreeFormatter())
    logger = logging.getLogger()
    before, logger.level = logger.level, logging.DEBUG
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)
    logger.level = before


@pytest.mark.parametrize(("policy", "log_of_checks"), [("acme", "unit"), ("default", "pseudonym")])
async def test_no_tool_repeats_or_keeps_what_was_put_into_it(
    tmp_path: Path, log: io.StringIO, policy: str, log_of_checks: str
) -> None:
    place = Place(tmp_path)
    settings = load_settings(
        workspace=str(place.workspace),
        policy=policy,
        environment={"CAIO_MCP_DECISION_LOG": log_of_checks, "CAIO_MCP_ROLES": ",".join(ROLES)},
    )
    with quickly():
        place.furnish()
    seeds = list(SEEDS.items())
    if log_of_checks == "pseudonym":  # the same code but for who asked
        seeds = seeds[::3]
    service = build_service(settings)
    try:
        async with Client(build_server(service, build_caller(settings))) as client:
            for argument in await tool_arguments(client):
                if (argument.tool, argument.name) in MEANT_OF_TOOLS:
                    continue
                for _, seed in seeds:
                    for said in [*spellings(argument.name, seed), {seed: 1}, [[seed]]]:
                        answer = await client.call_tool(argument.tool, argument.call(said))
                        text = answer.model_dump_json()
                        about = (argument.tool, argument.name, said)
                        assert not leaks(seed, text), (about, text[:1000])
                    unknown: dict[str, Any] = {seed: seed, "data": seed}
                    answer = await client.call_tool(argument.tool, unknown)
                    assert not leaks(seed, answer.model_dump_json())
        assert_kept_nowhere(place, "while it runs")  # the WAL lies beside the register
    finally:
        service.close()
    assert_kept_nowhere(place, "at the end")
    for _, seed in seeds:
        assert not leaks(seed, log.getvalue()), log.getvalue()[:2000]
