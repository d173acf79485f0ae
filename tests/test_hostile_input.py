"""Whatever is put in: a clear error or an answer; no traceback, nothing half-done, no echo."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
from mcp import Client

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.core.wording import may_be_content, quote
from caio_mcp.server.app import build_server
from caio_mcp.server.logs import ContentFreeFormatter
from caio_mcp.settings import load_settings
from conftest import BAD_INPUT, Caio, faults_of, write_pack

Mode = Literal["auto", "legacy"]
MEGABYTE = 1_000_000

# Made-up content that somebody might paste. None of it is real.
SECRETS = {
    "card": "4111 1111 1111 1111",
    "mail": "erika.m@example.org",
    "key": "sk-proj-Zx81Kd02Lm93Pq74",
    "upper_key": "AKIAIOSFODNN7EXAMPLE",
    "lower_key": "sk-live-abcdefghijklmnop12",
    "letter": "Dear Dr Meyer, my blood test of last week shows that " + "the illness is back. " * 9,
}


def leaks(secret: str, text: str) -> bool:
    """Whether a telling part of the secret is in the text, in any case or spacing."""
    squeezed = re.sub(r"[\s\W]+", "", text).casefold()
    return re.sub(r"[\s\W]+", "", secret).casefold()[:14] in squeezed


def assert_untouched(workspace: Path) -> None:
    assert [p.name for p in workspace.iterdir() if p.name.startswith("register")] == []


# -- one fact ----------------------------------------------------------------------------------

FACTS: list[tuple[str, tuple[str, ...]]] = [
    ("nofact=1", ("There is no fact 'nofact'", "data.level")),
    ("data.levle=public", ("'data.levle'", "Did you mean 'data.level'?")),
    ("data.level=nolevel", ("'nolevel' is not a value of data.level", "confidential")),
    ("data.level", ("'data.level' is not a fact", "fact=value")),
    ("", ("'' is not a fact",)),
    ("=", ("There is no fact ''",)),
    ("!=x", ("There is no fact ''",)),
    ("data.level=", ("data.level has no value", "public")),
    ("data.level=,,", ("data.level has no value",)),
    ("data.level==public", ("'=public'", "Did you mean 'public'?")),
    ("data.level=public,none", ("'none' is not a value",)),
    ("data.level=unknown,public", ("'unknown' is not a value",)),
    ("data.level!=public,internal,confidential,restricted", ("is left with no value",)),
    ("data.categories=only:", ("data.categories has no value",)),
    ("data.categories=none,health", ("'none' is not a value",)),
    ("tool.retention_days=abc", ("must be a whole number, not 'abc'", "days")),
    ("tool.retention_days=٣٠", ("must be a whole number, not '٣٠'",)),
    ("tool.retention_days=-1", ("not '-1'",)),
    ("tool.retention_days=1e5", ("not '1e5'",)),
    ("tool.retention_days=1_0", ("not '1_0'",)),
    ("tool.retention_days=" + "9" * 5000, ("a text of 5,000 characters (not repeated here)",)),
    ("tool.retention_days!=5", ("'not' cannot be said of tool.retention_days", "more_than")),
    ("data.level=\x1b[31mred", ("a text of 8 characters (not repeated here)",)),
    ("no\x07fact=1", ("a text of 7 characters (not repeated here)",)),
    ("data.level=\u202epublic", ("(not repeated here)",)),
    ("data.level=\udcff", ("(not repeated here)",)),
    ("tool.id=" + "y" * 300, ("tool takes everyday words; this one has 300 characters",)),
    ("x" * MEGABYTE, ("a text of 1,000,000 characters (not repeated here)",)),
    ("data.level=" + "x" * MEGABYTE, ("a text of 1,000,000 characters (not repeated here)",)),
    ("x" * MEGABYTE + "=public", ("a text of 1,000,000 characters (not repeated here)",)),
]


@pytest.mark.parametrize(("fact", "words"), FACTS, ids=[fact[:30] for fact, _ in FACTS])
def test_a_wrong_fact_is_named_with_what_would_be_right(
    caio: Caio, workspace: Path, fact: str, words: tuple[str, ...]
) -> None:
    run = caio("check", "--policy", "acme", "--fact", fact)
    run.assert_refused(*words)
    assert run.out == ""
    assert len(run.err) < 600
    assert "\x1b" not in run.said
    assert_untouched(workspace)


ARGUMENTS: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("--task", "x"), ("'x' is not a value of purpose.task", "summarise")),
    (("--task", "x" * MEGABYTE), ("a text of 1,000,000 characters",)),
    (("--data", ""), ("data holds an empty word",)),
    (("--data", " \t"), ("data holds an empty word",)),
    (("--data", "x" * MEGABYTE), ("data takes everyday words", "1,000,000")),
    (("--not-in-data", ""), ("not_in_data holds an empty word",)),
    (("--tool", "x" * MEGABYTE), ("tool takes everyday words", "ChatGPT")),
    (("--data", "a") * 51, ("data holds 51 items; 50 is the most",)),
    (("--fact", "data.level=public", "--fact", "data.level=internal"), ("given twice",)),
    (
        ("--fact", "data.categories=health", "--fact", "data.categories!=health"),
        ("'health'", "Say one of the two"),
    ),
    (("--previous", "C-123"), ("There is no check 'C-123'", "check_use")),
    (("--previous", "x" * MEGABYTE), ("a text of 1,000,000 characters",)),
    (("--as-of", "2026-13-01"), ("--as-of", "`caio-mcp check --help`")),
    (("--as-of", "4111 1111 1111 1111"), ("a text of 19 characters (not repeated here)",)),
    (("--unknown",), ("No such option '--unknown'",)),
    (("--fact",), ("requires an argument",)),
    (("erika.m@example.org",), ("a text of 19 characters (not repeated here)",)),
    (("--facts", ""), ("cannot be read",)),
    (("--facts", "/nonexistent/facts.yaml"), ("/nonexistent/facts.yaml", "cannot be read")),
    (("--facts", "x" * 100_000), ("cannot be read",)),
    (("--jsonl", ""), ("'' cannot be read",)),
    (("--jsonl", "/nonexistent"), ("'/nonexistent' cannot be read",)),
    (("--jsonl", "x" * 100_000), ("cannot be read",)),
    (("--jsonl", "-"), ("No line was given",)),
    (("--jsonl", "-", "--fact", "data.level=public"), ("each line says all of its use",)),
    (("--jsonl", "-", "--facts", "-"), ("each line says all of its use",)),
    (("--policy", "nopack"), ("There is no policy pack 'nopack'", "default")),
    (("--policy", "../../etc"), ("There is no policy.yaml in '../../etc'",)),
    (("--policy", "default/../acme"), ("There is no policy.yaml",)),
    (("--policy", "."), ("There is no policy.yaml in '.'",)),
    (("--policy", "~nobody-of-that-name/x"), ("There is no policy.yaml",)),
    (("--policy", "a\0b"), ("policy holds a character", "\\x00")),
    (("--policy", "x" * 5000), ("There is no policy pack",)),
    (("--policy", "./" + "x" * 5000), ("There is no policy.yaml",)),
    (("--workspace", "/nonexistent"), ("'/nonexistent' is not a folder",)),
    (("--workspace", "/etc/passwd"), ("is not a folder",)),
    (("--workspace", "~nobody-of-that-name"), ("is not a folder",)),
    (("--workspace", "x" * 5000), ("is not a folder",)),
    (("--workspace", "a\0b"), ("is not a folder",)),
]


@pytest.mark.parametrize(
    ("arguments", "words"), ARGUMENTS, ids=[" ".join(a)[:40] for a, _ in ARGUMENTS]
)
def test_a_wrong_argument_is_a_sentence(
    caio: Caio, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    run = caio("check", "--policy", "acme", *arguments)
    run.assert_refused(*words)
    assert run.out == ""
    assert len(run.err) < 600
    assert "\0" not in run.said


@pytest.mark.parametrize(
    "arguments", [("--policy", "nopack"), ("--as-of", "x"), ("--fact", "x=y"), ("extra",)]
)
def test_an_error_is_json_where_json_was_asked_for(caio: Caio, arguments: tuple[str, ...]) -> None:
    run = caio("check", "--json", *arguments)
    run.assert_refused()
    read = json.loads(run.out)
    assert sorted(read) == ["error", "remedy"]
    assert read["error"]
    assert read["remedy"]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_no_argument_of_a_command_line_comes_back(caio: Caio, workspace: Path, secret: str) -> None:
    options = ("--task", "--data", "--not-in-data", "--tool", "--previous", "--as-of")
    for arguments in (
        *((option, secret) for option in options),
        (f"--as-of={secret}",),
        *((o, v) for o in ("--fact", "--assumed") for v in (secret, f"{secret}=x")),
        ("--fact", f"data.level={secret}"),
        ("--fact", f"data.categories=only:{secret}"),
        ("--fact", f"tool.retention_days={secret}"),
        ("--fact", f"tool={secret}"),
        (secret,),
        (f"--{secret}",),
    ):
        run = caio("check", "--policy", "acme", "--json", *arguments)
        assert not leaks(secret, run.said), (arguments, run.said)
    for kept in filter(Path.is_file, workspace.rglob("*")):
        assert not leaks(secret, kept.read_bytes().decode(errors="ignore")), kept


def test_content_is_told_from_words_and_ids() -> None:
    for secret in SECRETS.values():
        assert may_be_content(secret)
        assert str(len(secret)) in quote(secret).replace(",", "")
    for word in (
        "customer complaints",
        "Krankenversicherungsunterlagen",
        "streng vertraulich",
        "ChatGPT Enterprise",
        "microsoft-365-copilot-business",
        "anthropic/claude-sonnet-4.6",
        "eu.anthropic.claude-sonnet-4-6-v1:0",
        "gpt-5.2",
        "C-7TNP3GXKQ2",
    ):
        assert quote(word) == repr(word)


# -- a file of facts ---------------------------------------------------------------------------

BOMB = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (98 + i, 98 + i, 97 + i, 97 + i) for i in range(20)
)
FACT_FILES: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 1, "The file is empty"),
    "white": (b" \n \n", 1, "The file is empty"),
    "word": (b"hello", 1, "must be `name: value` lines"),
    "list": (b"- a\n- b", 1, "must be `name: value` lines"),
    "not utf-8": (b"data.level: public\nx: \xff\n", 2, "not UTF-8"),
    "utf-16": ("data.level: public".encode("utf-16"), 1, "not UTF-8"),
    "nul": (b"data.level: public\ntool.dpa: y\x00s\n", 2, "a character that YAML forbids"),
    "escape": ("tool.dpa: é\n\ndata.level: \x1b[31m".encode(), 3, "a character that YAML forbids"),
    "written escape": (b'data.level: "\\e[31mred"', 1, "a text of 8 characters"),
    "bomb": (BOMB, 1, "Anchors and aliases"),
    "anchor": (b"tool.dpa: yes\ndata.level: &a public\n", 2, "Anchors and aliases"),
    "alias": (b"data.level: &a public\ntool.dpa: *a\n", 1, "Anchors and aliases"),
    "no anchor": (b"data.level: *a\n", 1, "undefined alias"),
    "merge key": (b"<<: {data.level: public}\n", 1, "There is no fact '<<'"),
    "merge alias": (b"x: &b {data.level: public}\n<<: *b\n", 1, "Anchors and aliases"),
    "tag": (b"tool.dpa: yes\ndata.level: !x public\n", 2, "Tags (!) are not used here"),
    "python tag": (b"data.level: !!python/object/apply:os.system ['id']\n", 1, "Tags (!)"),
    "binary tag": (b"data.level: !!binary aGk=\n", 1, "Tags (!)"),
    "text tag": (b"data.level: !!str public\n", 1, "Tags (!)"),
    "twice": (b"data.level: public\ndata.level: internal\n", 2, "first one is on line 1"),
    "two documents": (b"data.level: public\n---\ntool.dpa: yes\n", 2, "another document"),
    "json twice": (b'{"data.level": "public",\n"data.level": "internal"}', 2, "written twice"),
    "json open": (b'{"data.level": "public"', 2, "not valid YAML"),
    "quote open": (b'data.level: "public', 1, "not valid YAML"),
    "directive": (b"%YAML 9.9\n---\ndata.level: public", 1, "not valid YAML"),
    "surrogate": (b'data.level: "\\ud800"', 1, "not valid YAML"),
    "tab": (b"\tdata.level: public", 1, "not valid YAML"),
    "deep flow": (b"data.level: " + b"[" * 5000 + b"]" * 5000, 1, "Nested deeper"),
    "flow": (b"[" * 799 + b"]" * 799, 1, "Nested deeper"),
    "deep maps": (b"{a: " * 3000, 1, "Nested deeper"),
    "deep lines": (b"".join(b"[\n" for _ in range(5000)), 801, "Nested deeper"),
    "deep block": (b"".join(b" " * i + b"a:\n" for i in range(600)), 482, "Nested deeper"),
    "deep list": (b"- " * 3000 + b"x", 1, "Nested deeper"),
    "deep list, tabs": (b"-\t" * 3000 + b"x", 1, "not valid YAML"),
    "deep keys": (b"? " * 3000 + b"x", 1, "Nested deeper"),
    "mixed": (b"- " * 230 + b"[" * 700 + b"]" * 700, 1, "Nested deeper"),
    "list as name": (b"? [a, b]\n: c\n", 1, "A name here must be one word"),
    "huge integer": (b"tool.retention_days: " + b"9" * 5000, 1, "a text of 5,000 characters"),
    "digits": ("tool.retention_days: ٣".encode(), 1, "whole number, not '٣'"),
    "hexadecimal": (b"tool.retention_days: 0x10", 1, "whole number, not '0x10'"),
    "fraction": (b"tool.retention_days: 1.5", 1, "whole number, not '1.5'"),
    "bad range": (b"tool.retention_days: {more_than: 5, at_most: 5}", 1, "left with no value"),
    "bad operator": (b"tool.retention_days: {above: 5}", 1, "'above' cannot be said"),
    "nested": (b"data.level: {a: {b: {c: d}}}", 1, "takes a value, a list, or one of"),
    "no value": (b"tool.dpa: yes\ndata.level:\n", 2, "'' is not a value of data.level"),
    "long value": (b"data.level: " + b"x" * MEGABYTE, 1, "a text of 1,000,000 characters"),
    "long name": (b"? " + b"x" * MEGABYTE + b"\n: y", 1, "a text of 1,000,000 characters"),
    "too big": (b"#" * 4_000_001, 1, "4,000,000 is the most"),
    "secret": (b"data.level: 4111 1111 1111 1111", 1, "(not repeated here)"),
    "secret twice": (b"erika.m@example.org: 1\nerika.m@example.org: 2", 2, "written twice"),
    "secret tag": (b"data.level: !4111111111111111 public", 1, "Tags (!)"),
}


@pytest.mark.parametrize(("content", "line", "words"), FACT_FILES.values(), ids=FACT_FILES)
def test_a_wrong_file_of_facts_is_refused_with_the_line(
    caio: Caio, workspace: Path, tmp_path: Path, content: bytes, line: int, words: str
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_bytes(content)
    run = caio("check", "--policy", "acme", "--facts", str(file))
    run.assert_refused(f"{file}:{line}:", words, "Mend them")
    assert run.out == ""
    assert len(run.err) < 1200
    for secret in SECRETS.values():
        assert not leaks(secret, run.said)
    assert_untouched(workspace)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfdata.level: public\n",
        b"data.level: public\r\ntool.dpa: yes\r\n",
        b'{"data.level": "public", "tool.dpa": "yes"}',
        b"# only\ndata.level: public  # this\n",
        "data.level: public\u2028tool.dpa: yes\n".encode(),
    ],
    ids=["byte order mark", "crlf", "json", "comments", "line separator"],
)
def test_an_unusual_but_right_file_of_facts_is_read(
    caio: Caio, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_bytes(content)
    run = caio("check", "--policy", "acme", "--facts", str(file), "--json")
    assert run.status in (0, 3), run.said
    assert json.loads(run.out)["facts"]["data.level"]["value"] == "public"


def test_facts_on_standard_input_are_read_as_strictly(caio: Caio) -> None:
    run = caio("check", "--facts", "-", stdin=b"tool.dpa: yes\ndata.level: \xff")
    run.assert_refused("standard input:2:1: This line is not UTF-8")


def test_a_presumed_fact_is_read_as_strictly(caio: Caio) -> None:
    for fact, words in FACTS[:3]:
        caio("check", "--assumed", fact).assert_refused(*words)


def test_all_faults_of_a_file_of_facts_come_at_once_but_not_fifty_thousand(
    caio: Caio, tmp_path: Path
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("data.level: x\ntool.dpa: maybe\nnofact: 1\n")
    run = caio("check", "--facts", str(file))
    run.assert_refused("has 3 faults", f"{file}:1:", f"{file}:2:", f"{file}:3:")
    file.write_text("".join(f"k{i}: v\n" for i in range(50_000)))
    run = caio("check", "--facts", str(file))
    run.assert_refused(f"{file}:1:")
    assert len(run.err) < 100_000


@pytest.mark.parametrize("option", ["--facts", "--jsonl"])
def test_what_is_not_a_readable_file_is_refused(caio: Caio, tmp_path: Path, option: str) -> None:
    loop, plain = tmp_path / "loop", tmp_path / "plain"
    loop.symlink_to(loop)
    plain.write_text("x")
    for path in (tmp_path, loop, plain / "below", tmp_path / "absent"):
        caio("check", option, str(path)).assert_refused("cannot be read", path.name)
    red = tmp_path / "red\x1b[31m"
    caio("check", option, str(red)).assert_refused("\\x1b[31m")
    red.write_text("x\n")
    run = caio("check", option, str(red))
    assert run.status == BAD_INPUT
    assert "\x1b" not in run.said


# -- many uses, one a line ---------------------------------------------------------------------

GOOD = b'{"tool": "ChatGPT Free", "data": ["press release"]}'
LINES: dict[str, tuple[bytes, str]] = {
    "blank": (b"", "not JSON"),
    "white": (b"   ", "not JSON"),
    "nul": (b"\x00", "not JSON"),
    "carriage return": (b"\r", "not JSON"),
    "open": (b'{"tool": "a"', "not JSON"),
    "two objects": (b"{}{}", "not JSON"),
    "list": (b"[]", "not a JSON object"),
    "number": (b"1", "not a JSON object"),
    "null": (b"null", "not a JSON object"),
    "nan": (b"NaN", "it holds NaN"),
    "nan value": (b'{"data.level": NaN}', "it holds NaN"),
    "infinity": (b'{"tool.retention_days": -Infinity}', "it holds -Infinity"),
    "float": (b'{"tool.retention_days": 1e400}', "whole number, not 'inf'"),
    "fraction": (b'{"tool.retention_days": 3.5}', "whole number, not '3.5'"),
    "negative": (b'{"tool.retention_days": -3}', "whole number, not '-3'"),
    "truth": (b'{"tool.retention_days": true}', "whole number, not 'True'"),
    "huge": (b'{"tool.retention_days": ' + b"9" * 4000 + b"}", "a text of 4,000 characters"),
    "huger": (b'{"tool.retention_days": ' + b"9" * 5000 + b"}", "a number that is too long"),
    "twice": (b'{"tool": "a", "tool": "b"}', "'tool' stands twice"),
    "twice below": (b'{"facts": {"data.level": "a", "data.level": "b"}}', "stands twice"),
    "secret twice": (b'{"4111111111111111": 1, "4111111111111111": 2}', "stands twice"),
    "tool number": (b'{"tool": 1}', "tool must be a text"),
    "tool null": (b'{"tool": null}', "tool must be a text"),
    "data numbers": (b'{"data": [1]}', "data must be a text"),
    "data object": (b'{"data": {"a": 1}}', "data must be a text"),
    "data nested": (b'{"data": [["x"]]}', "data must be a text"),
    "facts null": (b'{"facts": null}', "facts must be a text"),
    "many": (b'{"data": [' + b'"a",' * 999 + b'"a"]}', "data holds 1000 items"),
    "level truth": (b'{"data.level": true}', "'true' is not a value"),
    "level number": (b'{"data.level": 1}', "'1' is not a value"),
    "level float": (b'{"data.level": 1.0}', "takes words"),
    "level object": (b'{"data.level": {"a": {"b": 1}}}', "takes a value, a list, or one of"),
    "level nested": (b'{"data.level": ' + b"[" * 500 + b"]" * 500 + b"}", "takes words"),
    "level empty": (b'{"data.level": []}', "left with no value"),
    "done": (b'{"already_done": "yes"}', "already_done must be true or false"),
    "day": (b'{"as_of": "tomorrow"}', "as_of must be a day, not 'tomorrow'"),
    "week": (b'{"as_of": "2026-W01-1"}', "as_of must be a day"),
    "short day": (b'{"as_of": "20261201"}', "as_of must be a day"),
    "no day": (b'{"as_of": "2026-02-30"}', "as_of must be a day"),
    "previous": (b'{"previous": "C-1"}', "There is no check 'C-1'"),
    "previous nul": (b'{"previous": "\\u0000"}', "There is no check"),
    "surrogate name": (b'{"\\ud800": 1}', "There is no fact"),
    "surrogate task": (b'{"task": "\\ud800"}', "is not a value of purpose.task"),
    "not utf-8": (b'{"tool": "\xff"}', "not UTF-8"),
    "long": (b'{"tool": "' + b"x" * 2 * MEGABYTE + b'"}', "longer than 1,000,000 bytes"),
    "long word": (b'{"tool": "' + b"x" * 900_000 + b'"}', "900,000 characters"),
    "deep lists": (b"[" * 100_000, "nested too deeply"),
    "deep objects": (b'{"a":' * 100_000, "nested too deeply"),
    "secret name": (b'{"4111 1111 1111 1111": 1}', "(not repeated here)"),
    "secret value": (b'{"data.level": "4111 1111 1111 1111"}', "(not repeated here)"),
    "secret key": (b'{"data.categories": {"erika.m@example.org": 1}}', "(not repeated here)"),
    "unknown name": (b'{"tools": "x"}', "There is no fact 'tools'"),
    "empty name": (b'{"": 1}', "There is no fact ''"),
}


def test_each_line_gets_one_answer_whatever_the_others_hold(caio: Caio) -> None:
    lines = [line for wrong, _ in LINES.values() for line in (wrong, GOOD)]
    run = caio("check", "--policy", "acme", "--jsonl", "-", stdin=b"\n".join(lines))
    assert run.status == BAD_INPUT
    assert run.err == ""
    answers = [json.loads(line) for line in run.out.splitlines()]
    assert len(answers) == len(lines)
    good = answers[1]
    assert good["decision"]
    for number, (name, (_, words)) in enumerate(LINES.items()):
        wrong = answers[2 * number]
        assert sorted(wrong) == ["error", "line", "remedy"], name
        assert wrong["line"] == 2 * number + 1, name
        assert words in wrong["error"], (name, wrong)
        assert len(wrong["error"] + wrong["remedy"]) < 500, name
        assert answers[2 * number + 1] == good, name
    for secret in SECRETS.values():
        assert not leaks(secret, run.said)


@pytest.mark.parametrize("end", [b"\n", b"", b"\r\n"], ids=["lf", "none", "crlf"])
def test_the_last_line_may_end_in_any_way(caio: Caio, tmp_path: Path, end: bytes) -> None:
    file = tmp_path / "uses.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD + end)
    run = caio("check", "--policy", "acme", "--jsonl", str(file))
    assert run.status in (0, 3), run.said
    assert len(run.out.splitlines()) == 1


# -- policy packs ------------------------------------------------------------------------------

PACK = {
    "policy.yaml": """\
name: mine
owner: Somebody
version: "1"
levels:
  - public
  - {id: secret, title: Secret}
overlays:
  PHI: {title: Health, when: {data.categories: health}}
groups:
  tool.group:
    own: {tool.hosting: own_device}
  data.categories:
    personal: [name, contact]
parameters: {days: "30"}
obligations:
  careful: {text: Be careful.}
contacts:
  boss: {who: the boss, usual_days: 2}
kinds: {customer-list: secret}
""",
    "approvals.yaml": """\
tools:
  - {id: chatgpt-enterprise, status: approved, since: 2026-09-01}
models:
  - {id: anthropic/claude-sonnet-4.6, on: aws-bedrock-eu, status: approved}
""",
    "tables/t.yaml": """\
tables:
  - id: T
    title: The table
    columns:
      own: {tool.group: own}
      otherwise: {}
    words: {yes: allow, no: prohibit, ask: {effect: review, reviewer: boss}}
    rows:
      data.level:
        public: [yes, yes]
        secret: [yes, ask]
      data.overlays:
        PHI: [ask, no]
""",
    "rules/r.yaml": """\
rules:
  - id: R
    title: The rule
    effect: prohibit
    when: {data.categories: personal, tool.retention_days: {more_than: $days}}
    reason: Because.
    source: The law
    obligations: [careful]
""",
    "tests/t.test.yaml": """\
suite: Tests
cases:
  - name: A case
    given: {data.level: public, tool.id: chatgpt-enterprise}
    expect: {decision: need_more_information}
""",
    "tools/own.yaml": """\
tools:
  - id: own-tool
    name: Own tool
    product: Own tool
    vendor: We
    facts:
      - {source: us, checked: 2026-11-01, tool.hosting: own_device}
""",
}
MARK = "§"  # stands where a fault is expected; it is not written

# name -> file, old text, new text with marks, a telling part of each message
MISTAKES: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    # policy.yaml
    "no name": ("policy.yaml", "name: mine\n", MARK, ("needs the field 'name'",)),
    "no version": (
        "policy.yaml",
        'name: mine\nowner: Somebody\nversion: "1"',
        "§name: mine\nowner: S",
        ("needs the field 'version'",),
    ),
    "empty owner": ("policy.yaml", "owner: Somebody", "owner: §''", ("must be a piece of text",)),
    "unknown field": (
        "policy.yaml",
        "owner:",
        "§ownr: x\nowner:",
        ("no field 'ownr'. Did you mean 'owner'?",),
    ),
    "merge key": ("policy.yaml", "owner:", "§<<: {a: b}\nowner:", ("no field '<<'",)),
    "no levels": (
        "policy.yaml",
        "levels:\n  - public\n  - {id: secret, title: Secret}",
        "levels: []",
        (
            "The policy has no levels",
            "is not a level",
            "is not a known value",
            "is not a known value",
            "is not a value of data.level",
        ),
    ),
    "level twice": (
        "policy.yaml",
        "  - public\n",
        "  - public\n  - §public\n",
        ("'public' is listed twice",),
    ),
    "level without id": (
        "policy.yaml",
        "  - public\n",
        "  - public\n  - §{title: X}\n",
        ("needs the field 'id'",),
    ),
    "bad level id": (
        "policy.yaml",
        "  - public\n",
        "  - public\n  - §../../etc\n",
        ("'../../etc' cannot be an id",),
    ),
    "long level id": (
        "policy.yaml",
        "  - public\n",
        f"  - public\n  - §{'x' * 5000}\n",
        ("cannot be an id",),
    ),
    "levels not a list": (
        "policy.yaml",
        "version:",
        "stale_after: §soon\nversion:",
        ("stale_after must be a day like 2026-12-31, not 'soon'",),
    ),
    "week date": (
        "policy.yaml",
        "version:",
        "law_as_of: §2026-W01-1\nversion:",
        ("law_as_of must be a day",),
    ),
    "no such day": (
        "policy.yaml",
        "version:",
        "adopted_on: §2026-02-30\nversion:",
        ("adopted_on must be a day",),
    ),
    "overlay fact": (
        "policy.yaml",
        "when: {data.categories: health}",
        "when: {§data.category: health}",
        ("'data.category' is not a known fact. Did you mean",),
    ),
    "overlay value": (
        "policy.yaml",
        "when: {data.categories: health}",
        "when: {data.categories: §helth}",
        ("'helth' is not a value of data.categories. Did you mean 'health'?",),
    ),
    "overlay level": (
        "policy.yaml",
        "{title: Health,",
        "{title: Health, lowest_level: §top,",
        ("'top' is not a level of this policy",),
    ),
    "group fact": (
        "policy.yaml",
        "  data.categories:\n",
        "  §data.kinds: {a: b}\n  data.categories:\n",
        ("'data.kinds' is not a known fact",),
    ),
    "group value": (
        "policy.yaml",
        "[name, contact]",
        "[name, §contcat]",
        ("'contcat' is not a value of data.categories",),
    ),
    "group is a value": (
        "policy.yaml",
        "    personal: [",
        "    §health: [name]\n    personal: [",
        ("'health' is already a group or a value",),
    ),
    "group of itself": (
        "policy.yaml",
        "own: {tool.hosting: own_device}",
        "own: {§tool.group: own}",
        ("cannot be defined by tool groups",),
    ),
    "parameter unknown": (
        "rules/r.yaml",
        "$days",
        "§$daze",
        ("There is no parameter 'daze'", "more_than takes one number"),
    ),
    "parameter no number": (
        "policy.yaml",
        '{days: "30"}',
        "{days: many}",
        ("compared with whole numbers, not 'many'", "takes one number"),
    ),
    "obligation kind": (
        "policy.yaml",
        "{text: Be careful.}",
        "{text: Be careful., kind: §may}",
        ("'may' is not a kind of obligation",),
    ),
    "obligation text": (
        "policy.yaml",
        "{text: Be careful.}",
        "§{source: x}",
        ("needs the field 'text'",),
    ),
    "advice": (
        "policy.yaml",
        "contacts:",
        "advice: [§careless]\ncontacts:",
        ("'careless' is not a known obligation. Did you mean 'careful'?",),
    ),
    "contact": (
        "policy.yaml",
        "{who: the boss, usual_days: 2}",
        "{who: the boss, usual_days: §two}",
        ("usual_days must be a whole number, not 'two'",),
    ),
    "contact digits": (
        "policy.yaml",
        "usual_days: 2",
        "usual_days: §٢",
        ("must be a whole number, not '٢'",),
    ),
    "profile fact": (
        "policy.yaml",
        "contacts:",
        "profile: {§actor.land: eea}\ncontacts:",
        ("'actor.land' is not a known fact",),
    ),
    "profile value": (
        "policy.yaml",
        "contacts:",
        "profile: {actor.region: §moon}\ncontacts:",
        ("'moon' is not a value of actor.region",),
    ),
    "not covered": (
        "policy.yaml",
        "contacts:",
        "when_not_covered: §allow\ncontacts:",
        ("'allow' is not an effect here",),
    ),
    "kind": (
        "policy.yaml",
        "customer-list: secret",
        "§customer-lists: secret",
        ("'customer-lists' is not a known kind of data",),
    ),
    "kind level": (
        "policy.yaml",
        "customer-list: secret",
        "customer-list: §secrte",
        ("'secrte' is not a level of this policy. Did you mean 'secret'?",),
    ),
    "twice": (
        "policy.yaml",
        "owner: Somebody",
        "owner: Somebody\n§owner: Else",
        ("'owner' is written twice here; the first one is on line 2",),
    ),
    "alias": ("policy.yaml", "owner: Somebody", "owner: §&o Somebody", ("Anchors and aliases",)),
    "tag": ("policy.yaml", "owner: Somebody", "owner: §!!python/name:os.system x", ("Tags (!)",)),
    # approvals
    "tools unknown": (
        "approvals.yaml",
        "{id: chatgpt-enterprise, status: approved, since: 2026-09-01}",
        "{id: §x, status: approved}\n  - {id: y, status: approved}",
        ("'x' is not a known", "'y' is not a known"),
    ),
    "tool unknown": (
        "approvals.yaml",
        "chatgpt-enterprise",
        "§chatgpt-entreprise",
        ("'chatgpt-entreprise' is not a known",),
    ),
    "tool unlisted": (
        "approvals.yaml",
        "id: chatgpt-enterprise",
        "id: §unlisted",
        ("'unlisted' is not a known",),
    ),
    "status": (
        "approvals.yaml",
        "status: approved, since",
        "status: §aproved, since",
        ("'aproved' is not a status. Did you mean 'approved'?",),
    ),
    "since": ("approvals.yaml", "2026-09-01", "§01.09.2026", ("since must be a day",)),
    "tool twice": (
        "approvals.yaml",
        "models:",
        "  - §{id: chatgpt-enterprise, status: blocked}\nmodels:",
        ("'chatgpt-enterprise' is listed twice",),
    ),
    "model without tool": ("approvals.yaml", "on: aws-bedrock-eu, ", "", ("needs the field 'on'",)),
    "model unknown": (
        "approvals.yaml",
        "anthropic/claude-sonnet-4.6",
        "§anthropic/claude-sonnet-9",
        ("'anthropic/claude-sonnet-9' is not a known",),
    ),
    "cleared level": (
        "approvals.yaml",
        "since: 2026-09-01",
        "cleared_level: §top",
        ("'top' is not a level of this policy",),
    ),
    "condition": (
        "approvals.yaml",
        "since: 2026-09-01",
        "conditions: [§pray]",
        ("'pray' is not a known obligation",),
    ),
    "approved fact": (
        "approvals.yaml",
        "since: 2026-09-01",
        "facts: {tool.dpa: §maybe}",
        ("'maybe' is not a value of tool.dpa",),
    ),
    # tables
    "row too long": (
        "tables/t.yaml",
        "[yes, ask]",
        "§[yes, ask, no]",
        ("has 3 cells; the table has 2 columns",),
    ),
    "row not a list": ("tables/t.yaml", "[yes, ask]", "§yes", ("A row must be a list",)),
    "cell": (
        "tables/t.yaml",
        "[yes, ask]",
        "[yes, §asks]",
        ("'asks' is not a word of this table. Did you mean 'ask'?",),
    ),
    "row unknown": (
        "tables/t.yaml",
        "secret: [yes",
        "§secrets: [yes",
        ("'secrets' is not a known value of data.level",),
    ),
    "row twice": (
        "tables/t.yaml",
        "        secret:",
        "        §public: [no, no]\n        secret:",
        ("'public' is written twice",),
    ),
    "row of another fact": (
        "tables/t.yaml",
        "      data.overlays:",
        "      §tool.dpa: {yes: [no, no]}\n      data.overlays:",
        ("Rows are levels or overlays, not 'tool.dpa'",),
    ),
    "word effect": (
        "tables/t.yaml",
        "{effect: review,",
        "{effect: §deny,",
        ("'deny' is not an effect",),
    ),
    "word reviewer": (
        "tables/t.yaml",
        "reviewer: boss",
        "reviewer: §bos",
        ("'bos' is not a known contact. Did you mean 'boss'?",),
    ),
    "column no condition": (
        "tables/t.yaml",
        "own: {tool.group: own}",
        "own: §anything",
        ("A column must be a condition",),
    ),
    "column fact": (
        "tables/t.yaml",
        "{tool.group: own}",
        "{§tool.groups: own}",
        ("'tool.groups' is not a known fact",),
    ),
    "otherwise first": (
        "tables/t.yaml",
        "      own: {tool.group: own}\n      otherwise: {}",
        "      §otherwise: {}\n      own: {tool.group: own}",
        ("`otherwise` must be the last column",),
    ),
    "otherwise condition": (
        "tables/t.yaml",
        "otherwise: {}",
        "otherwise: {§tool.dpa: yes}",
        ("takes the rest and has no condition",),
    ),
    "columns overlap": (
        "tables/t.yaml",
        "otherwise: {}",
        "§paper: {tool.dpa: yes}",
        ("The columns 'own' and 'paper' of T can both hold",),
    ),
    "id taken": (
        "rules/r.yaml",
        "id: R",
        "id: §T",
        ("The id 'T' is already used in mine/tables/t.yaml:2",),
    ),
    # rules
    "rule effect": (
        "rules/r.yaml",
        "effect: prohibit",
        "effect: §allow",
        ("Rules only restrict; a table allows.",),
    ),
    "rule no reason": (
        "rules/r.yaml",
        "  - id: R\n    title: The rule",
        "  - §id: R",
        ("needs the field 'title'",),
    ),
    "rule always": (
        "rules/r.yaml",
        "when: {data.categories: personal, tool.retention_days: {more_than: $days}}",
        "when: §{}",
        ("names no fact, so the rule would always apply",),
    ),
    "rule any": (
        "rules/r.yaml",
        "when: {data.categories: personal,",
        "when: {any: §[{}],",
        ("has a part that names no fact",),
    ),
    "rule operator": (
        "rules/r.yaml",
        "{more_than: $days}",
        "{§above: $days}",
        ("'above' cannot be used with tool.retention_days",),
    ),
    "rule value": (
        "rules/r.yaml",
        "data.categories: personal,",
        "data.categories: §personnel,",
        ("'personnel' is not a value of data.categories. Did you mean 'personal'?",),
    ),
    "rule empty values": (
        "rules/r.yaml",
        "data.categories: personal,",
        "data.categories: §[],",
        ("is empty",),
    ),
    "rule duty": (
        "rules/r.yaml",
        "[careful]",
        "[careful, §fast]",
        ("'fast' is not a known obligation",),
    ),
    "rule dates": (
        "rules/r.yaml",
        "    reason:",
        "    effective_from: 2026-05-02\n    effective_until: §2026-05-01\n    reason:",
        ("ends before it starts",),
    ),
    "rule unless": (
        "rules/r.yaml",
        "    reason:",
        "    unless:\n      - {id: u, when: §{}}\n    reason:",
        ("so the rule would never apply",),
    ),
    "rule exception": (
        "rules/r.yaml",
        "    reason:",
        "    exceptionable: §{max_days: 3}\n    reason:",
        ("needs the field 'approver'",),
    ),
    "rule id": ("rules/r.yaml", "id: R", "id: §../R", ("'../R' cannot be an id",)),
    # tests
    "test decision": (
        "tests/t.test.yaml",
        "decision: need_more_information",
        "decision: §yes",
        ("'yes' is not a decision",),
    ),
    "test nothing": (
        "tests/t.test.yaml",
        "{decision: need_more_information}",
        "§{}",
        ("says nothing, so the test could not fail",),
    ),
    "test neither": (
        "tests/t.test.yaml",
        "    expect: {decision: need_more_information}",
        "",
        ("either `expect:` or `for_each:`",),
    ),
    "test fact": (
        "tests/t.test.yaml",
        "{data.level: public,",
        "{data.level: §publik,",
        ("'publik' is not a value of data.level. Did you mean 'public'?",),
    ),
    "test row": (
        "tests/t.test.yaml",
        "expect: {decision: need_more_information}",
        "for_each: {columns: [tool.dpa, decision], rows: [§[yes]]}",
        ("This row has 1 cells; the header has 2",),
    ),
    "test columns": (
        "tests/t.test.yaml",
        "expect: {decision: need_more_information}",
        "for_each: §{columns: [tool.dpa], rows: [[yes]]}",
        ("needs a column named decision",),
    ),
    # tools
    "tool taken": (
        "tools/own.yaml",
        "  - id: own-tool",
        "  - §id: chatgpt-free",
        ("'chatgpt-free' is already defined",),
    ),
    "tool word taken": (
        "tools/own.yaml",
        "    vendor: We",
        "    vendor: We\n    synonyms: [§free ChatGPT]",
        ("is already a word for chatgpt-free",),
    ),
    "tool no source": (
        "tools/own.yaml",
        "{source: us, checked: 2026-11-01,",
        "§{",
        ("needs `source:` and `checked:`",),
    ),
    "tool group": (
        "tools/own.yaml",
        "tool.hosting: own_device",
        "§tool.group: own",
        ("'tool.group' is not a fact of a tool",),
    ),
    "tool value": (
        "tools/own.yaml",
        "tool.hosting: own_device",
        "tool.hosting: §the_moon",
        ("'the_moon' is not a value of tool.hosting",),
    ),
    "not yaml": ("rules/r.yaml", "    source: The law", "   §source: The law", ("not valid YAML",)),
    "empty file": ("tools/own.yaml", PACK["tools/own.yaml"], MARK, ("The file is empty",)),
    "list for file": (
        "tests/t.test.yaml",
        PACK["tests/t.test.yaml"],
        "§- a\n",
        ("must be `name: value` lines",),
    ),
}


@pytest.fixture
def pack(workspace: Path) -> Path:
    """A small right pack of the workspace, named `mine`."""
    return write_pack(workspace / "policies" / "mine", PACK)


def test_the_pack_that_the_mistakes_are_put_in_has_none(caio: Caio, pack: Path) -> None:
    run = caio("policy", "check", "mine", "--json")
    assert run.status == 0, run.err
    summary = json.loads(run.out)
    assert (summary["tables"], summary["rules"], summary["approvals"]) == (1, 1, 2)
    assert summary["tests"] == 1


@pytest.mark.parametrize(("file", "old", "new", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_pack_is_one_fault_on_its_line(
    caio: Caio, pack: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    assert PACK[file].count(old) == 1, "the mistake must be put in once"
    text = PACK[file].replace(old, new)
    lines = [n for n, line in enumerate(text.splitlines() or [text], 1) if MARK in line]
    (pack / file).write_text(text.replace(MARK, ""))
    run = caio("policy", "check", "mine")
    run.assert_refused("Mend them")
    found = faults_of(run)
    assert len(found) == len(words), run.err
    for part in words:
        assert any(part in said for _, _, said in found), run.err
    if lines:
        assert (f"mine/{file}", lines[0]) in [(f, n) for f, n, _ in found], run.err
    assert len(run.err) < 2500


def test_the_mistakes_of_all_files_come_together_in_order(caio: Caio, pack: Path) -> None:
    chosen = ("kind", "status", "cell", "rule value", "test decision", "tool value")
    for name in chosen:
        file, old, new, _ = MISTAKES[name]
        (pack / file).write_text(PACK[file].replace(old, new).replace(MARK, ""))
    run = caio("policy", "check", "mine")
    run.assert_refused(f"has {len(chosen)} faults")
    found = faults_of(run)
    assert found == sorted(found)
    for name in chosen:
        assert any(MISTAKES[name][3][0] in said for _, _, said in found), name


SERVING = [
    ("check", "--fact", "data.level=public"),
    ("check", "--jsonl", "-"),
    ("serve",),
    ("models", "list"),
    ("register", "add", "--title", "x", "--fact", "data.level=public"),
    ("register", "list"),
    ("doctor",),
    ("policy", "test"),
]


@pytest.mark.parametrize("command", SERVING, ids=" ".join)
def test_a_broken_pack_never_serves(
    caio: Caio, workspace: Path, pack: Path, command: tuple[str, ...]
) -> None:
    (pack / "rules" / "r.yaml").write_text(PACK["rules/r.yaml"].replace("prohibit", "forbid"))
    run = caio(*command, "--policy", "mine", stdin=GOOD)
    run.assert_refused("mine/rules/r.yaml:4:13: 'forbid' is not an effect of a rule")
    assert run.out == ""
    assert_untouched(workspace)


PLACES = (
    "policies.yaml", "rule/r.yaml", "rules/more/r.yaml", "Rules/r.yaml", "approvals.yml",
    "tables/deep/er/t.yaml", "kinds/k.yaml", "models/m.yaml", "policy.yml", "x/y/z.yml",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_file_that_nobody_would_read_is_a_fault(caio: Caio, pack: Path, place: str) -> None:
    write_pack(pack, {place: "rules: []\n"})
    caio("policy", "check", "mine").assert_refused(
        f"mine/{place}:1:1: This file is in a place that is not read", "tables/"
    )


def test_what_is_not_yaml_is_left_alone(caio: Caio, pack: Path) -> None:
    for name in ("README.md", "matrix.xlsx", "rules/notes.txt", "rules/r.yaml~", ".git/HEAD"):
        (pack / name).parent.mkdir(exist_ok=True)
        (pack / name).write_bytes(b"\x00\xff")
    assert caio("policy", "check", "mine").status == 0


def test_what_only_looks_like_a_file_of_a_pack_is_refused(caio: Caio, pack: Path) -> None:
    def refused(path: Path, words: str) -> None:
        caio("check", "--policy", "mine").assert_refused(path.name, words)

    odd = pack / "rules" / "odd.yaml"
    odd.symlink_to(odd)
    refused(odd, "is not a file")
    odd.unlink()
    odd.symlink_to(pack / "nowhere")
    refused(odd, "is not a file")
    odd.unlink()
    os.mkfifo(odd)
    refused(odd, "is not a file")
    odd.unlink()
    odd.mkdir()
    refused(odd, "is not a file")


def test_links_in_a_circle_end(caio: Caio, pack: Path) -> None:
    (pack / "rules" / "loop").symlink_to(pack, target_is_directory=True)
    (pack / "self").symlink_to(pack / "self")
    assert caio("policy", "check", "mine").status == 0


def test_a_folder_of_three_thousand_files_is_no_pack(caio: Caio, pack: Path) -> None:
    for number in range(3_000):
        (pack / "rules" / f"r{number}.yaml").write_text("rules: []\n")
    caio("check", "--policy", "mine").assert_refused("more than 2,000 files", "one policy pack")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "mine/policy.yaml:1:1: The file is empty"),
        (b"name: \xff", "mine/policy.yaml:1:1: This line is not UTF-8"),
        (b"a: &a [x]\nb: [*a, *a]", "mine/policy.yaml:1:4: Anchors and aliases"),
        (b"[" * 100_000, "mine/policy.yaml:1:1: Nested deeper"),
        (b"#" * 5_000_000, "4,000,000 is the most"),
        (b"name: a\x00b", "mine/policy.yaml:1:1: This line holds a character that YAML forbids"),
    ],
    ids=["empty", "not utf-8", "alias", "deep", "big", "nul"],
)
def test_a_head_that_cannot_be_read_is_one_fault(
    caio: Caio, pack: Path, content: bytes, words: str
) -> None:
    (pack / "policy.yaml").write_bytes(content)
    run = caio("check", "--policy", "mine")
    run.assert_refused(words)
    assert len(faults_of(run)) >= 1


def test_a_pack_with_a_byte_order_mark_and_crlf_is_the_same_pack(caio: Caio, pack: Path) -> None:
    before = json.loads(caio("policy", "check", "mine", "--json").out)
    for name, text in PACK.items():
        (pack / name).write_bytes(text.replace("\n", "\r\n").encode())
    assert json.loads(caio("policy", "check", "mine", "--json").out)["hash"] == before["hash"]
    (pack / "policy.yaml").write_bytes(b"\xef\xbb\xbf" + PACK["policy.yaml"].encode())
    assert caio("policy", "check", "mine").status == 0


# -- packs that inherit ------------------------------------------------------------------------

OVERLAY = "name: over\nowner: X\nversion: '1'\ninherits: mine\n"


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("over", "The pack 'over' inherits itself"),
        ("nowhere", "There is no policy pack 'nowhere'"),
        ("../../../etc", "`inherits:` takes names of packs, not '../../../etc'"),
        ("/etc", "`inherits:` takes names of packs, not '/etc'"),
        ("..", "`inherits:` takes names of packs"),
        (".", "`inherits:` takes names of packs"),
        ("'a\\b'", "There is no policy pack"),
        ("x" * 5000, "There is no policy pack"),
        ('"a\\0b"', "There is no policy pack"),
    ],
    ids=["itself", "nowhere", "up", "root", "parent", "here", "backslash", "long", "nul"],
)
def test_what_cannot_be_inherited_is_a_fault_on_its_line(
    caio: Caio, pack: Path, base: str, words: str
) -> None:
    over = pack.parent / "over"
    write_pack(over, {"policy.yaml": OVERLAY.replace("inherits: mine", f"inherits: {base}")})
    run = caio("check", "--policy", "over")
    run.assert_refused("over/policy.yaml:4:1: ", words)
    assert len(run.err) < 600


def test_a_circle_of_packs_ends(caio: Caio, pack: Path) -> None:
    names = ["over", "a", "b"]
    for name, base in zip(names, ["a", "b", "over"], strict=True):
        text = f"name: {name}\nowner: X\nversion: '1'\ninherits: {base}\n"
        write_pack(pack.parent / name, {"policy.yaml": text})
    caio("check", "--policy", "over").assert_refused("b/policy.yaml:4:1: ", "inherits itself")


LOOSER: dict[str, tuple[str, str]] = {
    "levels": ("levels: [public]", "does not say which inherited level it is like"),
    "kind": ("kinds: {customer-list: public}", "it can be raised here, not lowered"),
    "overlay": ("overlays: {PHI: {title: X}}", "The overlay 'PHI' is already defined"),
    "group": ("groups: {data.categories: {personal: [name]}}", "'personal' is already a group"),
    "tool group": ("groups: {tool.group: {own: {tool.dpa: yes}}}", "'own' is already defined"),
    "parameter": ("parameters: {days: '99'}", "'days' is set by the inherited pack"),
    "obligation": (
        "obligations: {careful: {text: No., kind: should}}",
        "'careful' is an obligation of the inherited pack, not advice",
    ),
    "not covered": ("when_not_covered: review", "The inherited pack is stricter here"),
}


@pytest.mark.parametrize(("line", "words"), LOOSER.values(), ids=LOOSER)
def test_a_pack_that_inherits_cannot_loosen(caio: Caio, pack: Path, line: str, words: str) -> None:
    strict = PACK["policy.yaml"] + "when_not_covered: prohibit\n"
    (pack / "policy.yaml").write_text(strict)
    write_pack(pack.parent / "over", {"policy.yaml": f"{OVERLAY}{line}\n"})
    run = caio("check", "--policy", "over")
    run.assert_refused(words)
    assert [(file, number) for file, number, _ in faults_of(run)] == [("over/policy.yaml", 5)]


def test_a_rule_of_the_base_cannot_be_written_again(caio: Caio, pack: Path) -> None:
    write_pack(
        pack.parent / "over",
        {
            "policy.yaml": OVERLAY,
            "rules/r.yaml": PACK["rules/r.yaml"].replace("prohibit", "review"),
        },
    )
    caio("check", "--policy", "over").assert_refused(
        "over/rules/r.yaml:2:9: The id 'R' is already used in mine/rules/r.yaml:2"
    )


def test_an_approval_of_the_base_can_be_made_stricter_and_not_looser(
    caio: Caio, pack: Path
) -> None:
    own = "tools:\n  - {id: chatgpt-enterprise, status: %s}\n"
    (pack / "approvals.yaml").write_text(own % "blocked")
    over = write_pack(pack.parent / "over", {"policy.yaml": OVERLAY})
    (over / "approvals.yaml").write_text(own % "approved")
    caio("check", "--policy", "over").assert_refused(
        "over/approvals.yaml:2:", "'chatgpt-enterprise' is blocked in the inherited pack"
    )
    (pack / "approvals.yaml").write_text(own % "approved")
    (over / "approvals.yaml").write_text(own % "blocked")
    assert caio("policy", "check", "over").status == 0


# -- settings ----------------------------------------------------------------------------------

CONFIGS: dict[str, tuple[bytes, str]] = {
    "unknown": (b"polcy = 'x'", "'polcy' is not a setting. Did you mean 'policy'?"),
    "number": (b"policy = 1", "policy must be a text, not '1'"),
    "table": (b"[policy]\nx = 1", "policy must be a text"),
    "list": (b"organisation = ['x']", "organisation must be a text"),
    "empty": (b"policy = ''", "There is no policy pack ''"),
    "no pack": (b"policy = 'nope'", "There is no policy pack 'nope'"),
    "nul": (b'policy = "a\\u0000b"', "policy holds a character that cannot be shown"),
    "no user": (b"policy = '~nobody-of-that-name/x'", "There is no policy.yaml"),
    "escape": (b'unit = "a\\u001b[31m"', "unit holds a character that cannot be shown"),
    "nul register": (b'register = "a\\u0000b"', "register holds a character"),
    "log": (b"decision_log = 'all'", "decision_log cannot be 'all'. Use one of: off"),
    "log truth": (b"decision_log = true", "decision_log must be a text, not 'True'"),
    "role": (b"roles = 'boss'", "'boss' is not a role. Use one of: auditor"),
    "no roles": (b"roles = []", "'' is not a role"),
    "role number": (b"roles = 5", "'5' is not a role"),
    "roles numbers": (b"roles = ['caio', 1]", "'1' is not a role"),
    "seconds": (b"lock_seconds = 'soon'", "lock_seconds cannot be 'soon'"),
    "seconds nan": (b"lock_seconds = nan", "lock_seconds cannot be 'nan'"),
    "seconds inf": (b"lock_seconds = inf", "lock_seconds cannot be 'inf'"),
    "seconds below": (b"lock_seconds = -1", "lock_seconds cannot be '-1'"),
    "seconds truth": (b"lock_seconds = true", "lock_seconds cannot be 'True'"),
    "days": (b"log_days = 1.5", "log_days cannot be '1.5'"),
    "days below": (b"log_days = -1", "log_days cannot be '-1'"),
    "seconds huge": (b"lock_seconds = " + b"9" * 5000, "holds a value that cannot be read"),
    "deep": (b"a = " + b"[" * 20_000, "holds a value that cannot be read"),
    "open": (b"policy = ", "is not valid TOML"),
    "twice": (b"policy = 'x'\npolicy = 'y'\n", "is not valid TOML"),
    "not utf-8": (b"policy = 'acme'\nunit = '\xff'", ":2: This line is not UTF-8"),
    "utf-16": ("policy = 'acme'".encode("utf-16"), ":1: This line is not UTF-8"),
}


@pytest.mark.parametrize(("content", "words"), CONFIGS.values(), ids=CONFIGS)
def test_a_wrong_setting_is_named_with_its_file(
    caio: Caio, workspace: Path, content: bytes, words: str
) -> None:
    (workspace / "caio-mcp.toml").write_bytes(content)
    run = caio("check", "--fact", "data.level=public")
    run.assert_refused(words)
    if "There is no policy" not in words:
        assert "caio-mcp.toml" in run.err
    assert run.out == ""
    assert len(run.err) < 600
    assert_untouched(workspace)


def test_a_config_that_is_a_folder_or_a_circle_is_refused(caio: Caio, workspace: Path) -> None:
    config = workspace / "caio-mcp.toml"
    config.mkdir()
    caio("check").assert_refused("caio-mcp.toml cannot be read")
    config.rmdir()
    config.symlink_to(config)
    caio("check").assert_refused("caio-mcp.toml cannot be read")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfpolicy = 'acme'", b"policy = 'acme'\r\n"])
def test_a_config_may_have_a_byte_order_mark_and_crlf(
    caio: Caio, workspace: Path, content: bytes
) -> None:
    (workspace / "caio-mcp.toml").write_bytes(content)
    run = caio("policy", "check")
    assert run.status == 0, run.err
    assert run.out.startswith("acme ")


ENVIRONMENT = [
    ("WORKSPACE", "/nonexistent", "is not a folder"),
    ("WORKSPACE", "~nobody-of-that-name", "is not a folder"),
    ("WORKSPACE", "x" * 5000, "is not a folder"),
    ("POLICY", "nope", "There is no policy pack 'nope'"),
    ("POLICY", "../..", "There is no policy.yaml"),
    ("POLICY", "x" * 5000, "There is no policy pack"),
    ("DECISION_LOG", "x", "CAIO_MCP_DECISION_LOG: decision_log cannot be 'x'"),
    ("ROLES", " ", "CAIO_MCP_ROLES: '' is not a role"),
    ("ROLES", "caio,,dpo", "CAIO_MCP_ROLES: '' is not a role"),
    ("LOCK_SECONDS", "nan", "CAIO_MCP_LOCK_SECONDS: lock_seconds cannot be 'nan'"),
    ("LOCK_SECONDS", "1e99", "lock_seconds cannot be '1e99'"),
    ("UNIT", "\udcff", "CAIO_MCP_UNIT: unit holds a character that cannot be shown"),
    ("ORGANISATION", "a\nb", "CAIO_MCP_ORGANISATION: organisation holds a character"),
]


@pytest.mark.parametrize(
    ("name", "value", "words"), ENVIRONMENT, ids=[f"{n}-{v[:20]!a}" for n, v, _ in ENVIRONMENT]
)
def test_a_wrong_environment_is_named(
    caio: Caio, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"CAIO_MCP_{name}", value)
    run = caio("check", "--fact", "data.level=public")
    run.assert_refused(words)
    assert len(run.err) < 600
    assert run.out == ""


# -- MCP, in memory ----------------------------------------------------------------------------


@dataclass
class Session:
    """A client of a server in this process, and all that the server logged."""

    client: Client
    log: io.StringIO

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> tuple[bool, str]:
        """Whether it was an error, and everything that the client got."""
        result = await self.client.call_tool(tool, dict(arguments))
        return bool(result.is_error), result.model_dump_json()

    async def refused(self, tool: str, arguments: Mapping[str, Any], *words: str) -> str:
        is_error, said = await self.call(tool, arguments)
        assert is_error, said[:500]
        for word in words:
            assert word in said, said[:1000]
        assert "Traceback" not in said
        assert len(said) < 3_000
        return said

    async def string_arguments(self) -> list[tuple[str, str, bool]]:
        """Tool, argument and whether it takes a list, of everything that takes text."""
        found = []
        for tool in (await self.client.list_tools()).tools:
            for name, schema in tool.input_schema["properties"].items():
                kinds = [schema, *schema.get("anyOf", [])]
                if any(s.get("type") == "string" or "enum" in s for s in kinds):
                    found.append((tool.name, name, False))
                if any(s.get("items", {}).get("type") == "string" for s in kinds):
                    found.append((tool.name, name, True))
        return found


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server would write to standard error."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ContentFreeFormatter())
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


SessionTest = Callable[[Session], Any]


async def converse(workspace: Path, log: io.StringIO, mode: Mode, test: SessionTest) -> None:
    settings = load_settings(
        workspace=str(workspace), policy="acme", environment={"CAIO_MCP_ROLES": "employee"}
    )
    service = build_service(settings)
    try:
        server = build_server(service, build_caller(settings))
        async with Client(server, mode=mode) as client:
            await test(Session(client, log))
    finally:
        service.close()


MODES = get_args(Mode)
WRONG_CALLS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "unknown argument": ("check_use", {"dta": []}, ("'dta' is not an argument of check_use",)),
    "secret argument": ("check_use", {SECRETS["card"]: 1}, ("(not repeated here)",)),
    "long argument": ("check_use", {"x" * MEGABYTE: 1}, ("a text of 1,000,000 characters",)),
    "text for list": ("check_use", {"data": "x"}, ("data", "list")),
    "number for list": ("check_use", {"data": 5}, ("data", "list")),
    "object for list": ("check_use", {"data": {"a": 1}}, ("data", "list")),
    "others in list": ("check_use", {"data": [1, None, {}]}, ("data.0: ", "data.2: ")),
    "null": ("check_use", {"tool": None}, ("tool", "string")),
    "number for text": ("check_use", {"tool": 5}, ("tool", "string")),
    "text for truth": ("check_use", {"already_done": "maybe"}, ("already_done",)),
    "1,000 items": ("check_use", {"data": ["x"] * 1000}, ("data", "50")),
    "1,000 facts": ("check_use", {"facts": ["a=b"] * 1000}, ("facts", "50")),
    "1,000 models": ("check_model", {"models": ["x"] * 1000}, ("model", "50")),
    "1 MB word": ("check_use", {"data": ["x" * MEGABYTE]}, ("characters",)),
    "1 MB tool": ("check_use", {"tool": "x" * MEGABYTE}, ("characters",)),
    "1 MB title": ("register_use", {"title": "x" * MEGABYTE}, ("characters",)),
    "1 MB purpose": ("register_use", {"title": "x", "purpose": "x" * MEGABYTE}, ("purpose",)),
    "1 MB model": ("check_model", {"models": ["x" * MEGABYTE]}, ("characters",)),
    "empty word": ("check_use", {"data": [" "]}, ("data holds an empty word",)),
    "task": ("check_use", {"task": "sumarise"}, ("task", "'summarise'")),
    "fact": ("check_use", {"facts": ["data.levle=x"]}, ("Did you mean 'data.level'?",)),
    "fact value": ("check_use", {"facts": ["data.level=x"]}, ("'x' is not a value",)),
    "fact escape": ("check_use", {"facts": ["data.level=\x1b[31m"]}, ("(not repeated here)",)),
    "previous": ("check_use", {"previous": "C-1"}, ("There is no check 'C-1'",)),
    "previous nul": ("check_use", {"previous": "\0"}, ("There is no check",)),
    "no model": ("check_model", {"models": []}, ("model",)),
    "models missing": ("check_model", {}, ("model",)),
    "empty model": ("check_model", {"models": [""]}, ("characters",)),
    "channel": ("check_model", {"models": ["x"], "channel": "moon"}, ("'moon' is not one tool",)),
    "limit": ("search_register", {"limit": "many"}, ("limit",)),
    "limit huge": ("search_register", {"limit": 10**30}, ("limit",)),
    "limit none": ("search_register", {"limit": 0}, ("limit",)),
    "before": ("search_register", {"before": "x"}, ("There is no entry",)),
    "status": ("search_register", {"status": "open"}, ("status",)),
    "no title": ("register_use", {}, ("title",)),
    "nothing said": ("register_use", {"title": "x"}, ("Nothing was said of the use",)),
    "join": ("register_use", {"join": "E-9999"}, ("There is no entry",)),
    "join and title": ("register_use", {"join": "E-1", "title": "x"}, ("join stands alone",)),
    "no tool": ("chek_use", {}, ("There is no tool 'chek_use'. Did you mean 'check_use'?",)),
    "secret tool": (SECRETS["mail"], {}, ("(not repeated here)",)),
    "long tool": ("x" * MEGABYTE, {}, ("a text of 1,000,000 characters",)),
}


@pytest.mark.parametrize("mode", MODES)
async def test_a_wrong_call_is_an_error_that_the_assistant_can_mend(
    workspace: Path, log: io.StringIO, mode: Mode
) -> None:
    async def test(session: Session) -> None:
        for tool, arguments, words in WRONG_CALLS.values():
            said = await session.refused(tool, arguments, *words)
            assert not any(leaks(secret, said) for secret in SECRETS.values())
            assert "\x1b" not in said
        is_error, _ = await session.call("check_use", {"tool": "ChatGPT Free"})
        assert not is_error  # and the server goes on

    await converse(workspace, log, mode, test)
    assert log.getvalue() == ""


@pytest.mark.parametrize("mode", MODES)
async def test_control_characters_never_come_back(
    workspace: Path, log: io.StringIO, mode: Mode
) -> None:
    async def test(session: Session) -> None:
        for tool, name, is_list in await session.string_arguments():
            for bad in ("\0", "red\x1b[31m", "\u202egpj", "a\u2028b", "\ufffe"):
                _, said = await session.call(tool, {name: [bad] if is_list else bad})
                written = json.dumps(bad).strip('"')
                assert bad not in said, (tool, name)
                assert written not in said, (tool, name)

    await converse(workspace, log, mode, test)
    assert log.getvalue() == ""


SHOWN_BY_DESIGN = {("register_use", name) for name in ("title", "purpose", "why")}
USUAL: dict[str, dict[str, Any]] = {
    "check_model": {"models": ["anthropic/claude-sonnet-4.6"]},
    "register_use": {"title": "A use", "facts": ["data.level=public"]},
}


@pytest.mark.parametrize(
    ("mode", "secret"), [*(("auto", s) for s in SECRETS.values()), ("legacy", SECRETS["card"])]
)
async def test_what_is_put_into_an_argument_is_kept_nowhere(
    workspace: Path, log: io.StringIO, capfd: pytest.CaptureFixture[str], mode: Mode, secret: str
) -> None:
    async def test(session: Session) -> None:
        arguments = await session.string_arguments()
        assert len(arguments) > 20
        for tool, name, is_list in arguments:
            if (tool, name) in SHOWN_BY_DESIGN:
                continue
            usual = USUAL.get(tool, {})
            spellings = [secret]
            if tool == "check_use" and name in ("facts", "assumed"):
                spellings += [f"data.level={secret}", f"tool={secret}", f"{secret}=x"]
            for spelling in spellings:
                values: Sequence[str] | str = [spelling] if is_list else spelling
                _, said = await session.call(tool, {**usual, name: values})
                assert not leaks(secret, said), (tool, name, said[:1000])
            for file in filter(Path.is_file, workspace.rglob("*")):
                kept = file.read_bytes().decode("latin-1")
                assert not leaks(secret, kept), (tool, name, file.name)

    async def shown(session: Session) -> None:
        for name in ("title", "purpose"):
            await session.call("register_use", {**USUAL["register_use"], name: secret[:100]})
            unsaid = {"title": "A use", name: secret[:100]}  # refused: nothing was said of it
            assert not leaks(secret, await session.refused("register_use", unsaid))
            long = {**USUAL["register_use"], name: secret * 100}
            assert not leaks(secret, await session.refused("register_use", long))

    await converse(workspace, log, mode, test)
    await converse(workspace, log, mode, shown)
    assert not leaks(secret, log.getvalue())
    assert not leaks(secret, "".join(capfd.readouterr()))


# -- MCP, as a process -------------------------------------------------------------------------


def test_a_served_process_logs_nothing_of_what_it_was_sent(workspace: Path) -> None:
    hello = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    calls: list[dict[str, Any]] = [
        {"name": "check_use", "arguments": {name: value}}
        for secret in SECRETS.values()
        for name, value in (
            ("tool", secret), ("data", [secret]), ("facts", [secret]), ("facts", secret),
            ("previous", secret), (secret, secret), ("task", secret), ("data", {secret: 1}),
        )
    ] + [{"name": secret, "arguments": {}} for secret in SECRETS.values()]  # fmt: skip
    messages: list[str] = [
        json.dumps({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        *(
            json.dumps({"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": call})
            for n, call in enumerate(calls, 1)
        ),
        *(json.dumps({"jsonrpc": "2.0", "id": 900, "method": s}) for s in SECRETS.values()),
        *SECRETS.values(),  # not even JSON
        "[" * 10_000,
    ]
    served = subprocess.Popen(
        [sys.executable, "-c", "from caio_mcp.cli import main; main()", "serve"],
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(workspace), "CAIO_MCP_POLICY": "acme"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert served.stdin is not None
    assert served.stdout is not None
    assert served.stderr is not None
    served.stdin.write("\n".join(messages) + "\n")
    served.stdin.flush()
    answers: dict[object, str] = {}
    while len([n for n in answers if isinstance(n, int) and n < 900]) <= len(calls):
        line = served.stdout.readline()
        assert line, served.stderr.read()[-2000:]
        answers[json.loads(line).get("id")] = line
    _, errors = served.communicate(timeout=20)
    assert served.returncode == 0, errors[-2000:]
    for secret in SECRETS.values():
        assert not leaks(secret, errors)
        for number in range(1, len(calls) + 1):  # 900: the SDK repeats the unknown method
            assert not leaks(secret, answers[number])
    assert "Traceback" not in errors
    for line in errors.splitlines():
        assert json.loads(line)["level"] == "WARNING", line
