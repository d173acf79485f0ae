"""The register under several processes: at once, killed, full, and in each other's way."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from caio_mcp.errors import SetupError
from caio_mcp.files import load_library
from caio_mcp.register import DecisionRecord, Entry, Scope
from caio_mcp.register.sqlite import SqliteRegister
from caio_mcp.service import Caller, Service, UseRequest
from register_worker import new_entry, new_step

WORKER = Path(__file__).with_name("register_worker.py")
CAIO_MCP = Path(sys.executable).with_name("caio-mcp")
PROCESSES = 8
KILLS = int(os.environ.get("KILLS", "32"))  # KILLS=300 takes some minutes

Worker = subprocess.Popen[str]
Start = Callable[..., Worker]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts worker processes, and sees to their end."""
    with ExitStack() as stack:

        def started(*command: object, **more: Any) -> Worker:
            process = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                **more,
            )
            stack.callback(end, process)
            return process

        yield started


def end(process: Worker) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        with suppress(BrokenPipeError):
            pipe(stream).close()


def pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def ready(start: Start, command: str, path: Path, *more: str) -> Worker:
    worker = start(sys.executable, WORKER, command, path, *more)
    assert pipe(worker.stdout).readline() == "ready\n", pipe(worker.stderr).read()
    return worker


def go(worker: Worker) -> None:
    pipe(worker.stdin).write("go\n")
    pipe(worker.stdin).flush()


def finished(worker: Worker) -> list[str]:
    """What a worker said until it ended well."""
    out, err = worker.communicate()
    assert (worker.returncode, err) == (0, "")
    return out.splitlines()


def looked_at(path: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Every id and every request of a register, which must be whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = connection.execute(
            "SELECT e.id, p.name, request_id FROM entry e JOIN party p ON p.id = owner "
            "ORDER BY e.id"
        ).fetchall()
        for table in ("detail", "detail_fts WHERE detail_fts MATCH 'use'", "entry_event"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (len(rows),)
    ids = [f"E-{number:04d}" for number, _, _ in rows]
    assert ids == [f"E-{number:04d}" for number in range(1, len(rows) + 1)]
    requests = [(name, request) for _, name, request in rows]
    assert len(set(requests)) == len(requests)
    return ids, requests


def test_eight_processes_start_and_write_at_once(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "fresh" / "register.db"
    workers = [ready(start, "write", path, f"w{n}:20") for n in range(PROCESSES)]
    for worker in workers:
        go(worker)
    said = [line.split() for worker in workers for line in finished(worker)]
    ids, requests = looked_at(path)
    assert sorted(entry for _, entry in said) == ids
    assert len(requests) == PROCESSES * 20
    assert sorted(p.name for p in path.parent.iterdir()) == ["register.db", "register.db.lock"]


def test_eight_first_checks_at_once_are_logged_or_say_that_they_are_not(
    tmp_path: Path, start: Start
) -> None:
    command = (CAIO_MCP, "check", "--workspace", tmp_path, "--json", "--data", "customer emails")
    workers = [start(*command) for _ in range(PROCESSES)]
    logged = 0
    for worker in workers:
        out, err = worker.communicate()
        notes = [note for note in json.loads(out)["notes"] if "logged" in note]
        assert (err, len(notes)) in (("", 0), ("", 1))
        assert all(note.endswith("is in use by another program.") for note in notes)
        logged += not notes
    assert logged
    with closing(SqliteRegister(tmp_path / "register.db")) as register:
        assert register.health().checks == logged


@pytest.fixture
def decided(tmp_path: Path) -> tuple[Service, list[DecisionRecord], Path]:
    """Decisions that can be made again, and a file of them for the workers."""
    service = Service(load_library("default"), lambda: SqliteRegister(tmp_path / "kept.db"), "unit")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    records = []
    for level in ("public", "internal", "confidential", "unsure"):
        use = UseRequest(data=("customer emails",), tool="chatgpt", facts=(f"level={level}",))
        service.check_use(use, Caller("ann"), now, via="test")
        records.append(service._record(service.decided(use, Caller("ann"), now.date())[1]))
    service.close()
    (tmp_path / "records").write_bytes(pickle.dumps(records))
    return service, records, tmp_path / "records"


def test_nothing_acknowledged_is_lost_when_writers_are_killed(
    tmp_path: Path, start: Start, decided: tuple[Service, list[DecisionRecord], Path]
) -> None:
    path = tmp_path / "register.db"
    _, records, kept = decided
    chance = random.Random(os.environ.get("SEED", "20261122"))
    said: dict[str, Heard] = {}
    for number in range(0, KILLS, PROCESSES):
        names = [f"w{number + n}" for n in range(PROCESSES)]
        workers = {name: ready(start, "work", path, f"{name}:{kept}") for name in names}
        for worker in workers.values():
            go(worker)
        for name, worker in workers.items():
            said[name] = heard_until_killed(worker, chance)
    with closing(SqliteRegister(path)) as register:
        there = written(path)
        assert sum(len(heard["add"]) for heard in said.values()) > KILLS
        for name, heard in said.items():
            assert_kept(register, name, heard, there, records)
        events = [register.history(entry.id) for entry in everything(register)]
        assert all(len(history) == 2 for history in events)  # made and changed, each once
        service = Service(load_library("default"), lambda: register, "unit")
        verified = service.verify(lambda *_: None)
        assert verified.findings == ()
        assert verified.reproduced == verified.decisions == len(records)


Heard = dict[str, dict[int, str]]  # what was acknowledged, by what was done and its number


def heard_until_killed(worker: Worker, chance: random.Random) -> Heard:
    """What a worker acknowledged before it was killed: while it opened, or as it wrote."""
    out = pipe(worker.stdout)
    lines = [out.readline() for _ in range(chance.choice((0, 0, 1, 2, 3, 9, 20)))]
    time.sleep(chance.uniform(0, 0.01))  # not a wait: the moment of the kill
    worker.send_signal(signal.SIGKILL)
    lines += out.readlines()
    assert worker.wait() == -signal.SIGKILL, pipe(worker.stderr).read()
    heard: Heard = {"add": {}, "change": {}, "log": {}}
    for line in lines:
        if line.endswith("\n"):
            what, number, answer = line.split()
            heard[what][int(number)] = answer
    return heard


def written(path: Path) -> dict[str, int]:
    """How many lines of the log each worker wrote."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return dict(connection.execute("SELECT unit, count(*) FROM decision_log GROUP BY unit"))


def everything(register: SqliteRegister) -> list[Entry]:
    found: list[Entry] = []
    while page := register.entries(
        Scope("all", ""), limit=500, before=found[-1].id if found else ""
    ):
        found += page
    return found


def assert_kept(
    register: SqliteRegister,
    name: str,
    heard: Heard,
    there: dict[str, int],
    records: list[DecisionRecord],
) -> None:
    """What a worker heard is there, once; of what was under way, all or nothing; and asking
    again adds nothing to it."""
    for number, entry in heard["add"].items():
        again = register.add(new_entry(name, number, records[number % len(records)]))
        assert (again.id, again.is_new) == (entry, False)
    for number, event in heard["change"].items():
        again = register.change(new_step(name, number, heard["add"][number]))
        assert not again.is_new
        assert int(event) in [step.id for step in register.history(again.id)]
    assert len(heard["log"]) <= there.get(name, 0) <= len(heard["log"]) + 1
    under_way = len(heard["add"])  # the next one may have been written, and was not heard of
    for number in range(max(under_way - 1, 0), under_way + 1):
        first = register.add(new_entry(name, number, records[number % len(records)]))
        second = register.add(new_entry(name, number, records[number % len(records)]))
        assert second == replace(first, is_new=False)
        for _ in range(2):
            register.change(new_step(name, number, first.id))


def test_a_server_and_the_command_line_write_at_once(tmp_path: Path, start: Start) -> None:
    environment = {**os.environ, "CAIO_MCP_WORKSPACE": str(tmp_path), "CAIO_MCP_POLICY": "acme"}
    server = start(CAIO_MCP, "serve", env=environment)
    call(
        server,
        "initialize",
        {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    )
    send(server, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    served: list[str] = []
    typed: list[str] = []
    use = ("--tool", "ChatGPT Enterprise", "--fact", "data.level=public", "--json")
    for round_ in range(3):
        commands = [
            start(
                *(CAIO_MCP, "register", "add", *use, "--title", f"Typed {round_} {n}"),
                env=environment,
            )
            for n in range(2)
        ]
        number = 0
        while any(command.poll() is None for command in commands):
            number += 1
            arguments = {
                "title": f"Served {round_} {number}",
                "tool": "ChatGPT Enterprise",
                "facts": ["data.level=public"],
            }
            answer = call(
                server, "tools/call", {"name": "register_use", "arguments": arguments}, number
            )
            assert not answer.get("isError"), answer
            served.append(answer["structuredContent"]["entry"])
        typed += [json.loads(line)["entry"] for c in commands for line in finished(c)]
    pipe(server.stdin).close()
    assert server.wait() == 0
    assert len(typed) == 6
    with closing(SqliteRegister(tmp_path / "register.db")) as register:
        found = register.entries(Scope("all", ""), limit=10_000)
    assert sorted(e.id for e in found) == sorted(served + typed)
    assert found[0].id == f"E-{len(found):04d}"


def send(server: Worker, message: dict[str, Any]) -> None:
    pipe(server.stdin).write(json.dumps(message) + "\n")
    pipe(server.stdin).flush()


def call(server: Worker, method: str, params: dict[str, Any], number: int = 0) -> dict[str, Any]:
    send(server, {"jsonrpc": "2.0", "id": number, "method": method, "params": params})
    for line in pipe(server.stdout):
        message = json.loads(line)
        if message.get("id") == number:
            result = message["result"]
            assert isinstance(result, dict)
            return result
    raise AssertionError(pipe(server.stderr).read())


# -- in each other's way -------------------------------------------------------------------

HOURS = 3600.0 * 9  # a lock that nobody would wait for; a test that does would not end


@pytest.mark.parametrize("command", ["hold-lock", "hold-database"])
def test_a_lock_that_is_kept_holds_up_no_answer(tmp_path: Path, start: Start, command: str) -> None:
    path = tmp_path / "register.db"
    service = Service(
        load_library("default"), lambda: SqliteRegister(path, lock_seconds=HOURS), "unit"
    )
    ann, now = Caller("ann"), datetime(2026, 11, 22, tzinfo=UTC)
    use = UseRequest(data=("customer emails",))
    first = service.check_use(use, ann, now, via="test")
    service.close()

    holder = ready(start, command, path)
    for previous in ("", first.check, first.check):  # by a register that opens, and by an open one
        more = UseRequest(previous=previous, facts=("data.level=internal",))
        answer = service.check_use(more if previous else use, ann, now, via="test")
        assert answer.notes[-1] == (
            f"This check could not be logged: The register {path} is in use by another program."
        )
    assert service.register.health().checks == 1
    service.close()
    go(holder)
    finished(holder)

    answer = service.check_use(use, ann, now, via="test")
    assert not any("logged" in note for note in answer.notes)
    assert service.register.health().checks == 2
    service.close()


def test_a_register_that_cannot_be_made_for_a_lock_is_said(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "register.db"
    holder = ready(start, "hold-lock", path)
    register = SqliteRegister(path, lock_seconds=0.1)
    with pytest.raises(SetupError, match="in use by another program"):
        register.add(new_entry("ann", 1))
    go(holder)
    finished(holder)
    assert register.add(new_entry("ann", 1)).id == "E-0001"
    register.close()


def test_a_full_disk_is_said_and_what_was_logged_stays(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "register.db"
    worker = ready(start, "fill-disk", path)
    go(worker)
    found = json.loads(finished(worker)[-1])
    assert not any("logged" in note for note in found["first"])
    assert found["again"] == found["first"]
    assert f"could not be logged: The register {path} gave a fault" in found["full"][-1]
    looked_at(path)
    with closing(SqliteRegister(path)) as register:
        assert register.health().checks == found["logged"]


@pytest.mark.parametrize("closed", ["file", "folder"])
def test_what_may_not_be_written_is_said(tmp_path: Path, start: Start, closed: str) -> None:
    path = tmp_path / "books" / "register.db"
    with closing(SqliteRegister(path)) as register:
        register.add(new_entry("ann", 0))
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    path.chmod(0o444 if closed == "file" else 0o666)
    path.with_name("register.db.lock").chmod(0o666)
    path.parent.chmod(0o777 if closed == "file" else 0o555)
    worker = ready(start, "try-to-write", path)
    go(worker)
    (said,) = finished(worker)
    path.parent.chmod(0o700)
    assert said.startswith(f"The register {path} cannot be ")
    assert "Check" in said
    assert len(looked_at(path)[0]) == 1
