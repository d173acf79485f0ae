"""Answers that are made once and given again, and the log that misses none of them."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest

from caio_mcp.core.answer import Answer
from caio_mcp.errors import SetupError
from caio_mcp.register import Actor
from caio_mcp.register.sqlite import SqliteRegister
from caio_mcp.service.office import KEPT
from conftest import OVERLAY, Caio, Connect, Desk, OpenDesk
from register_worker import RECORD, new_entry

CAIO_MCP = Path(sys.executable).with_name("caio-mcp")
USE: dict[str, Any] = {
    "task": "summarise",
    "tool": "ChatGPT Enterprise",
    "data": ["customer complaints"],
    "facts": ["data.overlays=none"],
}


def whole(answer: Answer) -> tuple[str, str, bytes]:
    return (
        answer.for_assistant(),
        json.dumps(answer.structured()),
        answer.decision.canonical(),
    )


def rows(desk: Desk) -> int:
    return desk.service.register.health().checks


# -- made once ---------------------------------------------------------------------------------


async def test_the_same_request_gives_the_same_bytes_and_a_row_each_time(
    connect: Connect, tmp_path: Path
) -> None:
    async with connect() as talk:
        said = []
        for number in range(1, 4):
            content = await talk.call("check_use", **USE)
            said.append((talk.text, json.dumps(content)))
            with closing(SqliteRegister(tmp_path / "register.db")) as register:
                assert register.health().checks == number
        assert said == [said[0]] * 3


def test_what_was_asked_in_between_changes_nothing(desk: OpenDesk) -> None:
    desk_ = desk(policy="acme")
    first = whole(desk_.ask(**USE))
    for number in range(KEPT + 5):
        desk_.ask(task="write", tool="ChatGPT Free", facts=[f"data.volume={number}"])
    assert whole(desk_.ask(**USE)) == first
    assert whole(desk(policy="acme").ask(**USE)) == first
    assert rows(desk_) == KEPT + 8


def test_another_day_is_decided_anew(desk: OpenDesk) -> None:
    desk_ = desk(policy="acme")
    before = desk_.ask(**USE)
    later = desk_.ask(day="2027-02-01", **USE)
    assert (before.decision.as_of.year, later.decision.as_of.year) == (2026, 2027)
    assert before.check != later.check
    assert any("was due for review on 2027-01-31" in note for note in later.notes)
    assert not any("was due" in note for note in before.notes)
    assert whole(desk_.ask(**USE)) == whole(before)


UNITS = {
    "policy.yaml": f"{OVERLAY}inherits: acme\nunits:\n  sales: {{}}\n  labs: {{}}\n",
    "rules/r.yaml": """\
rules:
  - {id: LABS, title: L, effect: prohibit, when: {actor.unit: labs}, reason: No., source: us}
""",
}


def test_another_unit_is_decided_anew(desk: OpenDesk) -> None:
    desk_ = desk(UNITS)
    decisions = [
        desk_.ask(unit=unit, **USE).decision.decision for unit in ("sales", "labs", "sales", "labs")
    ]
    assert decisions == ["allow_with_conditions", "prohibit"] * 2


def test_another_policy_is_decided_anew(desk: OpenDesk) -> None:
    rule = UNITS["rules/r.yaml"].replace("actor.unit: labs", "data.level: confidential")
    before = desk(UNITS).ask(unit="sales", **USE)
    after = desk({**UNITS, "rules/r.yaml": rule}).ask(unit="sales", **USE)
    assert before.decision.decision == "allow_with_conditions"
    assert after.decision.decision == "prohibit"
    assert before.decision.policy["hash"] != after.decision.policy["hash"]


@pytest.mark.parametrize(
    "more",
    [
        {"already_done": True},
        {"task": "translate"},
        {"data": ["customer complaints", "crm stuff"]},
        {"not_in_data": ["health"]},
        {"facts": []},
        {"assumed": ["data.categories=health"]},
        {"tool": "ChatGPT Free"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_another_request_is_answered_for_itself(desk: OpenDesk, more: dict[str, Any]) -> None:
    fresh = whole(desk(policy="acme").ask(**{**USE, **more}))
    desk_ = desk(policy="acme")
    desk_.ask(**USE)
    assert whole(desk_.ask(**{**USE, **more})) == fresh


def test_who_asks_is_not_in_the_answer_and_gets_their_own_row(
    desk: OpenDesk, tmp_path: Path
) -> None:
    desk_ = desk(policy="acme", CAIO_MCP_DECISION_LOG="pseudonym")
    ann = whole(desk_.ask(**USE))
    bob = Desk(desk_.service, replace(desk_.caller, person="bob"))
    assert whole(bob.ask(**USE)) == ann
    with closing(sqlite3.connect(tmp_path / "register.db")) as connection:
        names = connection.execute("SELECT count(*), count(DISTINCT id) FROM party").fetchone()
    assert rows(desk_) == 2
    assert names[1] >= 2


def test_a_log_that_fails_is_said_in_every_answer_and_in_none_after(
    desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk_ = desk(policy="acme")

    def fail(*_: object, **__: object) -> None:
        raise SetupError("The register is away.", remedy="Wait.")

    right = whole(desk_.ask(**USE))
    with monkeypatch.context() as broken:
        broken.setattr(SqliteRegister, "log", fail)
        for _ in range(3):
            answer = desk_.ask(**USE)
            assert "This check could not be logged: The register is away." in answer.text
            assert "previous=" not in answer.for_assistant()
            assert "check=" not in answer.for_assistant(), "it cannot be found again"
            assert answer.decision.canonical() == right[2]
    assert whole(desk_.ask(**USE)) == right
    assert rows(desk_) == 2


# -- lost by no crash --------------------------------------------------------------------------


def send(process: subprocess.Popen[str], message: dict[str, Any]) -> None:
    pipe(process.stdin).write(json.dumps(message) + "\n")
    pipe(process.stdin).flush()


def pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def test_no_check_that_was_answered_is_lost_when_its_server_is_killed(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    answered: dict[str, int] = {}
    for round_ in range(3):
        process = subprocess.Popen(
            [CAIO_MCP, "serve", "--policy", "acme"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "CAIO_MCP_WORKSPACE": str(tmp_path)},
        )
        about = {"name": "test", "version": "1"}
        start = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": about}
        send(process, {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": start})
        assert pipe(process.stdout).readline()
        send(process, {"jsonrpc": "2.0", "method": "notifications/initialized"})
        for number in range(1, chance.choice((2, 3, 9))):
            facts = [f"data.volume={round_ * 100 + number}"]
            call = {"name": "check_use", "arguments": {"tool": "ChatGPT Free", "facts": facts}}
            send(process, {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call})
            answer = json.loads(pipe(process.stdout).readline())
            check = answer["result"]["structuredContent"]["check"]
            answered[check] = answered.get(check, 0) + 1
        process.send_signal(signal.SIGKILL)
        process.wait()
        pipe(process.stdin).close()
        pipe(process.stdout).close()
    assert len(answered) > 5
    with closing(SqliteRegister(tmp_path / "register.db")) as register:
        assert register.health().checks == sum(answered.values())
        for check in answered:
            record = register.decision(check)
            assert record is not None
            assert register.archived(record.policy_hash)
    with closing(sqlite3.connect(tmp_path / "register.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_an_entry_waits_for_the_disk_and_a_check_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run: list[str] = []
    connect = sqlite3.connect

    def traced(*arguments: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **more)
        connection.set_trace_callback(run.append)
        return connection

    def mode_of_each_write() -> list[str]:
        """The mode in which each transaction since the last look was begun."""
        mode, found = "", []
        for statement in run:
            said = re.match(r"PRAGMA synchronous\s*=\s*(\w+)", statement, re.IGNORECASE)
            mode = said[1] if said else mode
            if statement.startswith("BEGIN IMMEDIATE"):
                found.append(mode)
        run.clear()
        return found

    monkeypatch.setattr(sqlite3, "connect", traced)
    with closing(SqliteRegister(tmp_path / "register.db")) as register:
        stamp = {"at": "2026-11-22T00:00:00Z", "organisation": "", "unit": "", "via": "test"}
        entry = register.add(new_entry("ann", 1))
        *made, added = mode_of_each_write()
        assert (added, "NORMAL" in made) == ("FULL", False)
        register.log(RECORD, **stamp, person="")
        assert mode_of_each_write() == ["NORMAL"]
        register.add(new_entry("ann", 2))
        assert mode_of_each_write() == ["FULL"], "a check before does not make it weaker"
        register.log(RECORD, **stamp, person="bob")
        assert mode_of_each_write() == ["NORMAL"]
        register.join(entry.id, request_id="j", at=stamp["at"], actor=Actor("bob"))
        assert mode_of_each_write() == ["FULL"]
    with closing(connect(tmp_path / "register.db")) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# -- the example packs -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pack", "care"),
    [
        ("acme", ""),
        ("utk", "The policy utk is a sample that nobody adopted."),
        ("vanderbilt", "The policy vanderbilt is a sample that nobody adopted."),
        ("uidaho", "The policy uidaho is a sample that nobody adopted."),
        ("tecnicodesk", "The policy tecnicodesk is a sample that nobody adopted."),
    ],
)
def test_an_example_pack_is_checked_tested_and_looked_at(caio: Caio, pack: str, care: str) -> None:
    checked = caio("policy", "check", pack)
    assert (checked.status, checked.err) == (0, "")
    assert re.match(rf"{pack} .*: no fault in \d+ levels", checked.out)
    tested = caio("policy", "test", pack)
    assert (tested.status, tested.err) == (0, "")
    assert re.fullmatch(r"[1-9]\d* passed, 0 failed\n", tested.out)
    looked = caio("doctor", "--policy", pack, "--json")
    assert (looked.status, looked.err) == (0, "")
    shown = json.loads(looked.out)
    assert shown["policy"].startswith(f"{pack} ")
    assert (care in shown["needs_care"]) == bool(care)
    assert not any("adopted" in line for line in shown["needs_care"] if line != care)
