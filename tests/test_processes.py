"""The program as people start it: real processes, real pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from conftest import ERAS, Conversation

PROGRAM = Path(sys.executable).with_name("caio-mcp")
HANDSHAKE: list[dict[str, Any]] = [
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "raw", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
]


def run(*arguments: str, workspace: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [PROGRAM, *arguments],
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=workspace,
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(workspace)},
    )


def server(workspace: Path, policy: str = "acme") -> StdioServerParameters:
    return StdioServerParameters(
        command=str(PROGRAM),
        args=["serve", "--policy", policy],
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(workspace)},
    )


@pytest.mark.parametrize("era", ERAS)
async def test_check_register_search_over_stdio(tmp_path: Path, era: Any) -> None:
    async with Client(server(tmp_path), mode=era) as client:
        talk = Conversation(client)
        checked = await talk.call(
            "check_use", task="translate", tool="ChatGPT Free", data=["press release"]
        )
        assert checked["decision"] == "allow"
        entry = await talk.call("register_use", check=checked["check"], title="Translations")
        assert entry["status"] == "approved"
        found = await talk.call("search_register", words="translations")
        assert found["count"] == 1
    listed = run("register", "list", "--json", workspace=tmp_path)
    assert json.loads(listed.stdout)["entry"] == "E-0001"


def test_a_broken_policy_never_serves(tmp_path: Path) -> None:
    pack = tmp_path / "policies" / "broken"
    pack.mkdir(parents=True)
    (pack / "policy.yaml").write_text("name: broken\nowner: me\nversion: '1'\nlevls: [low]\n")
    done = run("serve", "--policy", "broken", workspace=tmp_path)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"policy.yaml:4:1" in done.stderr
    assert b"Did you mean 'levels'?" in done.stderr
    assert b"Traceback" not in done.stderr


def test_standard_output_holds_the_protocol_alone(tmp_path: Path) -> None:
    lines = [
        *HANDSHAKE,
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "check_use", "arguments": {"tool": 7}},
        },
        {"jsonrpc": "2.0", "id": 3, "method": "no/such"},
    ]
    process = subprocess.Popen(
        [PROGRAM, "serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(tmp_path)},
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(
        b"not json\n" + b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    )
    process.stdin.flush()
    answers: list[Any] = []
    while {1, 2, 3} - {answer.get("id") for answer in answers}:
        answers.append(json.loads(process.stdout.readline()))
    process.stdin.close()
    assert process.stdout.read() == b""
    logged = process.stderr.read()
    assert process.wait(timeout=30) == 0
    process.stdout.close()
    process.stderr.close()
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    for line in logged.splitlines():
        assert set(json.loads(line)) >= {"at", "level", "logger", "event"}


def test_an_answered_check_survives_a_killed_server(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [PROGRAM, "serve", "--policy", "acme"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(tmp_path)},
    )
    assert process.stdin
    assert process.stdout
    for line in (
        *HANDSHAKE,
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {
                "name": "register_use",
                "arguments": {
                    "title": "Kept",
                    "tool": "ChatGPT Free",
                    "facts": ["data.level=confidential"],
                },
            },
        },
    ):
        process.stdin.write(json.dumps(line).encode() + b"\n")
        process.stdin.flush()
        if "id" in line:
            answer = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    assert answer["result"]["structuredContent"]["entry"] == "E-0001"
    listed = run("register", "list", "--json", workspace=tmp_path)
    assert json.loads(listed.stdout)["title"] == "Kept"
    process.stdin.close()
    process.stdout.close()


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (
            ["check", "--fact", "tool.id=chatgpt-free", "--fact", "data.level=confidential"],
            1,
            "NO.",
        ),
        (
            ["check", "--task", "translate", "--tool", "ChatGPT Free", "--data", "press release"],
            0,
            "YES.",
        ),
        (["check", "--tool", "ChatGPT"], 3, "DEPENDS"),
        (
            [
                "check",
                "--policy",
                "utk",
                "--fact",
                "tool.id=unlisted",
                "--fact",
                "data.level=public",
                "--fact",
                "data.overlays=none",
            ],
            3,
            "NOT YET: campus IT",
        ),
        (
            [
                "check",
                "--as-of",
                "2027-06-01",
                "--tool",
                "ChatGPT Free",
                "--task",
                "translate",
                "--data",
                "press release",
            ],
            0,
            "due for review on 2027-05-31",
        ),
        (["models", "list", "--policy", "acme", "--fact", "data.level=public"], 0, "gemini-free"),
        (["policy", "check", "default"], 0, "no fault"),
        (["policy", "test", "utk"], 0, "0 failed"),
        (["doctor"], 0, "nobody adopted"),
        (["check", "--fact", "data.levle=public"], 2, "Did you mean 'data.level'?"),
        (["check", "--policy", "nosuch"], 2, "There is no policy pack 'nosuch'."),
        (["check", "--nosuch"], 2, "No such option"),
        (["nosuch"], 2, "No such command"),
        (["register", "show", "E-0007"], 2, "There is no entry 'E-0007'."),
        (["check", "--workspace", "/no/such/folder"], 2, "is not a folder"),
    ],
)
def test_a_command_says_it_and_ends_with_the_status_that_means_it(
    tmp_path: Path, arguments: list[str], status: int, says: str
) -> None:
    done = run(*arguments, workspace=tmp_path)
    printed = (done.stdout + done.stderr).decode()
    assert done.returncode == status, printed
    assert says in printed
    assert "Traceback" not in printed
    assert "\x1b[" not in printed  # no colours where nobody sees them


def test_the_json_of_a_decision_is_complete(tmp_path: Path) -> None:
    done = run(
        "check",
        "--json",
        "--policy",
        "acme",
        "--tool",
        "ChatGPT Free",
        "--task",
        "summarise",
        "--data",
        "customer complaints",
        workspace=tmp_path,
    )
    decision = json.loads(done.stdout)
    assert set(decision) >= {
        "decision",
        "best_case",
        "worst_case",
        "determining_rules",
        "reasons",
        "obligations",
        "questions",
        "remedies",
        "contradictions",
        "facts",
        "policy",
        "catalogue_hash",
        "engine_version",
        "as_of",
        "check",
        "verdict",
    }
    assert set(decision["policy"]) == {"name", "version", "hash", "adopted"}
    assert decision["policy"]["hash"].startswith("sha256:")
    assert decision["facts"]["tool.id"] == {"value": "chatgpt-free", "provenance": "stated"}
    assert decision["facts"]["tool.plan"] == {"value": "free", "provenance": "catalogue"}
    assert decision["facts"]["data.level"]["provenance"] == "derived"
    assert decision["facts"]["actor.region"]["provenance"] == "profile"


def test_the_same_question_gives_the_same_bytes_from_anywhere(tmp_path: Path) -> None:
    answers = set()
    for n, seed in enumerate(("0", "1", "2")):
        folder = tmp_path / str(n)
        folder.mkdir()
        done = subprocess.run(
            [
                PROGRAM,
                "check",
                "--json",
                "--policy",
                "acme",
                "--as-of",
                "2026-11-22",
                "--tool",
                "ChatGPT",
                "--data",
                "complaints",
            ],
            capture_output=True,
            check=False,
            cwd=folder,
            env={**os.environ, "CAIO_MCP_WORKSPACE": str(folder), "PYTHONHASHSEED": seed},
        )
        answers.add(done.stdout)
    assert len(answers) == 1


def test_many_uses_give_one_line_each(tmp_path: Path) -> None:
    lines = [
        {"tool": "ChatGPT Free", "task": "translate", "data": ["press release"]},
        {"tool.id": "chatgpt-free", "data.level": "confidential"},
        {"facts": {"tool.id": "chatgpt-free"}, "as_of": "2026-12-02"},
        {"nosuch.fact": 1},
    ]
    given = b"".join(json.dumps(line).encode() + b"\n" for line in lines) + b"\n{\n"
    done = run("check", "--jsonl", "-", workspace=tmp_path, given=given)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("decision") for answer in answers] == [
        "allow",
        "prohibit",
        "need_more_information",
        None,
        None,
        None,
    ]
    assert answers[2]["as_of"] == "2026-12-02"
    assert answers[3]["line"] == 4
    assert done.returncode == 2


def test_facts_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(
        "tool.id: chatgpt-free\ndata.level: [confidential, restricted]\n"
    )
    done = run("check", "--facts", str(tmp_path / "facts.yaml"), workspace=tmp_path)
    assert done.returncode == 1
    (tmp_path / "facts.yaml").write_text("tool.id: chatgpt-free\ndata.levle: public\n")
    done = run("check", "--facts", str(tmp_path / "facts.yaml"), workspace=tmp_path)
    assert done.returncode == 2
    assert b"facts.yaml:2:1" in done.stderr


def test_a_policy_in_the_current_directory_is_not_found_by_accident(tmp_path: Path) -> None:
    for name in ("policies/default", "default"):
        pack = tmp_path / name
        pack.mkdir(parents=True)
        (pack / "policy.yaml").write_text("this: is not a policy\n")
    elsewhere = tmp_path / "workspace"
    elsewhere.mkdir()
    done = subprocess.run(
        [PROGRAM, "policy", "check"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "CAIO_MCP_WORKSPACE": str(elsewhere)},
    )
    assert done.returncode == 0, done.stderr


def test_a_failing_policy_test_is_a_no_with_its_place(tmp_path: Path) -> None:
    pack = tmp_path / "policies" / "mine"
    (pack / "tests").mkdir(parents=True)
    (pack / "policy.yaml").write_text("name: mine\nowner: me\nversion: '1'\ninherits: default\n")
    (pack / "tests" / "one.test.yaml").write_text(
        "suite: One\ncases:\n  - name: wrong on purpose\n"
        "    given: {tool.id: chatgpt-free, data.level: confidential}\n"
        "    expect: {decision: allow}\n"
    )
    done = run("policy", "test", "mine", workspace=tmp_path)
    assert done.returncode == 1
    printed = done.stdout.decode()
    assert "mine/tests/one.test.yaml:3: One: wrong on purpose" in printed
    assert "expected allow, got prohibit (DH-LEVEL/confidential/consumer)" in printed
    assert "0 passed, 1 failed" in printed
