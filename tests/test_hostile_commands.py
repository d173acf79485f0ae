"""Whatever stands on a command line: an answer or a clear error, soon, and nothing elsewhere.

Commands and their parameters are found by walking, so that a new one is covered by itself.
HOSTILE=all tries every value with every parameter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from caio_mcp.cli.commands.check import LINE_BYTES_MAX
from hostile import (
    SHARED,
    TEXTS,
    USUAL,
    Place,
    Ran,
    command_line,
    commands,
    parameters,
    quickly,
    texts,
    unshowable,
)

OWN_VALUES, SHARED_VALUES = 3, 1  # tried beside those that are tried everywhere
ERROR_CHARACTERS_MAX = 1_500  # more is no sentence, it is an echo or a flood

ALL = [(words, p.name) for words in commands() for p in parameters(words)]
OWN = [(words, name) for words, name in ALL if name not in SHARED]

# What an error calls a parameter where that is not its name.
CALLED: dict[str, tuple[str, ...]] = {
    "answers_file": ("answers", "cannot be read"),
    "as_of": ("--as-of",),
    "assumed": ("fact",),
    "before": ("entry",),
    "check": ("check",),
    "contacts": ("contact",),
    "countries": ("country",),
    "entry": ("entry",),
    "facts": ("fact",),
    "facts_file": ("cannot be read", "file of facts"),
    "file": ("--file", "cannot be read", "cannot be written", "was not changed"),
    "given": ("--set",),
    "hosts": ("host",),
    "ids": ("in the policy", "model id"),
    "old": ("cannot be read", "is no catalogue"),
    "new": ("cannot be read", "is no catalogue"),
    "config": ("cannot be read", "settings"),
    "baseline": ("cannot be read", "is no baseline"),
    "write_baseline": ("cannot be written", "is no baseline", "cannot be read"),
    "jsonl": ("cannot be read", "line"),
    "packs": ("policy",),
    "path": ("cannot be read",),
    "paths": ("cannot be read",),
    "lines": ("cannot be read", "is not JSON"),
    "field": ("field", "is not JSON"),
    "only": ("category",),
    "policy": ("policy",),
    "workspace": ("cannot be made", "cannot be written"),
    "previous": ("check",),
    "words": ("search", "words"),
    "filters": ("filter", "column"),
    "order": ("is not", "column"),
    "name": ("text holds broken",),
    "about": ("entries|decisions",),
    "outcome": ("approve|approve_with_conditions",),
    "format_name": ("format",),
    "group_by": ("column", "span"),
    "updates": ("update", "changed so"),
    "conditions": ("condition",),
    "scope": ("fact",),
    "mapping": ("cannot be read", "mapping"),
    "write_mapping": ("cannot be written",),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    found = Place(tmp_path_factory.mktemp("hostile"))
    with quickly():
        found.furnish()
        yield found


def called(command: tuple[str, ...], name: str) -> tuple[str, ...]:
    """What an error of a parameter may call it."""
    parameter = next(p for p in parameters(command) if p.name == name)
    flags = parameter.opts if isinstance(parameter, click.Option) else ()
    plain = name.replace("_", " ")
    return (*flags, name, plain, *CALLED.get(name, ()))


# Somebody says there where to write, and it is written there.
NAMES_A_PLACE = (
    (("connect",), "file"),
    (("init",), "workspace"),
    (("models", "scan-code"), "write_baseline"),
    (("register", "backup"), "file"),
    (("register", "export"), "file"),
    (("register", "import"), "write_mapping"),
)


def workspace_of(place: Place, command: tuple[str, ...]) -> Path | None:
    """What each run of it begins with, where one run would be in the way of the next."""
    return {("init",): place.empty, ("register", "review"): place.workspace}.get(command)


def assert_clean(place: Place, ran: Ran, about: object, *, is_told_where: bool = False) -> None:
    """No crash, nothing that steers a terminal, nothing written or started elsewhere."""
    assert 0 <= ran.status <= 3, (about, ran.status, ran.err[-1500:])
    assert "Traceback" not in ran.said, (about, ran.err[-1500:])
    assert not unshowable(ran.said), (about, unshowable(ran.said), ran.said[:500])
    assert not ran.started, (about, ran.started)
    if not is_told_where:
        assert not [path for path in ran.wrote if not place.inside(path)], (about, ran.wrote)
        assert not place.outside(), about


def assert_told(ran: Ran, names: tuple[str, ...], about: object) -> None:
    """A sentence that names the parameter and the next step, and is as good as JSON."""
    assert ran.err.startswith("error: "), (about, ran.err[:300])
    assert len(ran.err) < ERROR_CHARACTERS_MAX, (about, len(ran.err), ran.err[:300])
    told = json.loads(ran.out.splitlines()[-1])
    assert told["remedy"], (about, told)
    assert any(name.casefold() in told["error"].casefold() for name in names), (about, names, told)


def try_values(place: Place, command: tuple[str, ...], name: str, tried: dict[str, str]) -> None:
    is_told_where = (command, name) in NAMES_A_PLACE
    lines = [command_line(command, name, value) for value in tried.values()]
    every = place.run_all(lines, each_in=workspace_of(place, command))
    if is_told_where:
        place.tidy()
    for value, ran in zip(tried, every, strict=True):
        about = (name, value)
        assert_clean(place, ran, about, is_told_where=is_told_where)
        if ran.status == 2:
            assert_told(ran, called(command, name), about)


@pytest.mark.parametrize(("command", "name"), OWN, ids=[f"{' '.join(c)} {n}" for c, n in OWN])
def test_a_wrong_value_is_answered_or_named(
    place: Place, command: tuple[str, ...], name: str
) -> None:
    try_values(place, command, name, texts(OWN.index((command, name)), OWN_VALUES))


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_a_wrong_place_or_policy_is_named_by_every_command(
    place: Place, command: tuple[str, ...]
) -> None:
    names = [str(p.name) for p in parameters(command) if p.name in SHARED]
    assert "workspace" in names  # every command works somewhere
    count = list(commands()).index(command)
    for number, name in enumerate(names):
        try_values(place, command, name, texts(count * len(SHARED) + number, SHARED_VALUES))


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_too_many_values_or_an_unknown_option_are_refused_soon(
    place: Place, command: tuple[str, ...]
) -> None:
    lines = [
        [*command, "--no-such-option"],
        [*command, *["word"] * 3_000],
        [*command, *["--json"] * 3_000, "--no-such-option"],
        *(
            command_line(command, str(p.name), *["word"] * 3_000)
            for p in parameters(command)
            if p.multiple or p.nargs == -1
        ),
    ]
    for line, ran in zip(
        lines, place.run_all(lines, each_in=workspace_of(place, command)), strict=True
    ):
        about = line[:4]
        assert_clean(place, ran, about)
        if "--no-such-option" in line:
            assert ran.status == 2
        if ran.status == 2:
            assert ran.err.startswith("error: "), (about, ran.err[:300])


def test_what_is_tried_everywhere_comes_as_far_as_being_looked_at(place: Place) -> None:
    """With its usual values each command works; else the values above try nothing."""
    for command in commands():
        ran = place.run(*command_line(command), stdin=b"", each_in=workspace_of(place, command))
        assert ran.status in (0, 3), (command, ran.said[:500])
    for command, usual in USUAL.items():
        assert set(usual) <= {p.name for p in parameters(command)}
    assert len(TEXTS) > 25


def test_a_number_or_day_in_another_form_is_refused(place: Place) -> None:
    """Numbers, days and truths in the wrong form, where a parameter is no text."""
    typed = [
        (words, p) for words in commands() for p in parameters(words)
        if not isinstance(p.type, click.types.StringParamType)
    ]  # fmt: skip
    assert {str(p.name) for _, p in typed} >= {"limit", "as_of", "stage", "about"}
    wrong = (
        "NaN",
        "inf",
        "1e3",
        "-0",
        "0x10",
        "\u0661",
        "+5",
        "1_0",
        "999999999999999999999",
        "true",
    )
    for words, p in typed:
        lines = [command_line(words, str(p.name), value) for value in wrong]
        every = place.run_all(lines, each_in=workspace_of(place, words))
        for value, ran in zip(wrong, every, strict=True):
            assert_clean(place, ran, (words, p.name, value))
            assert ran.status == 2 or value in ("+5", "1_0", "\u0661"), (p.name, value, ran.said)


LINES: dict[str, bytes] = {
    "twice": b'{"tool": "a", "tool": "b"}',
    "bomb": b'{"facts": ' + b'{"a": ' * 3_000 + b"1" + b"}" * 3_000 + b"}",
    "number": b'{"data.level": ' + b"9" * 100_000 + b"}",
    "nan": b'{"tool.retention_days": NaN}',
    "true": b'{"tool": "true", "already_done": "true"}',
    "nul": b'{"tool": "a\\u0000b", "data": ["\\ud800", "\\u202e\\u200b\\u001b[31m"]}',
    "raw": b'{"tool": "\x1b[31m\x9b"}',
    "merge": b'{"<<": {"data.level": "public"}}',
    "long": b'{"tool": "' + b"x" * (LINE_BYTES_MAX + 9) + b'"}',
}


def test_each_hostile_line_has_one_line_of_answer(place: Place) -> None:
    ran = place.run("check", "--jsonl", "-", stdin=b"\n".join(LINES.values()))
    assert_clean(place, ran, "--jsonl")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert len(answers) == len(LINES)
    for name, answer in zip(LINES, answers, strict=True):
        assert answer.get("remedy") or answer.get("decision"), (name, answer)
        if "error" in answer:
            assert answer["line"] == list(LINES).index(name) + 1


def test_the_program_itself_takes_bytes_that_are_no_text(tmp_path: Path) -> None:
    """The same once more as a process that a shell would start."""
    import os
    import subprocess
    import sys

    program = [sys.executable, "-c", "from caio_mcp.cli import main; main()"]
    ended = subprocess.run(
        [*program, "check", "--data", b"caf\xe9 \x1b[31m", "--fact", b"\xff=\xfe"],
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(tmp_path), "LC_ALL": "C"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"error: a text of 3 characters (not repeated here)") or (
        b"There is no fact" in ended.stderr
    )
    assert not unshowable(ended.stderr.decode())
    assert ended.stdout == b""
