"""A process beside the tests: writes to a register until it is done or killed, or is in the way.

`python register_worker.py COMMAND REGISTER [ARGUMENT]`; it says `ready`, waits for a line,
and then works.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import resource
import sqlite3
import sys
from itertools import count
from pathlib import Path

from filelock import FileLock

from caio_mcp.core.decision import check_of
from caio_mcp.errors import SetupError
from caio_mcp.register import Actor, Archive, Change, DecisionRecord, NewEntry
from caio_mcp.register.sqlite import SqliteRegister


def made_up() -> DecisionRecord:
    """A decision of no engine, with what it was made with."""
    policy, catalogue = b"policy" * 20_000, b"catalogue" * 20_000
    archives = (
        Archive(f"sha256:{hashlib.sha256(policy).hexdigest()}", "policy", policy),
        Archive(f"sha256:{hashlib.sha256(catalogue).hexdigest()}", "catalogue", catalogue),
    )
    said = {
        "decision": "allow",
        "policy": {"hash": archives[0].digest},
        "catalogue_hash": archives[1].digest,
        "engine_version": "0.1",
        "as_of": "2026-11-22",
    }
    content = json.dumps(said).encode()
    return DecisionRecord(
        check_of(content),
        content,
        "allow",
        archives[0].digest,
        archives[1].digest,
        "0.1",
        "2026-11-22",
        archives,
    )


RECORD = made_up()


AT = "2026-11-22T00:00:00Z"


def new_entry(person: str, number: int, record: DecisionRecord = RECORD) -> NewEntry:
    """The same request each time it is asked for."""
    title = f"Use {number} of {person}"
    return NewEntry(str(number), AT, "", "", person, title, "", record)


def new_step(person: str, number: int, entry: str) -> Change:
    """The same step of an entry each time it is asked for."""
    said = {"benefit": f"Benefit {number} of {person}"}
    sets = {"stage": ("planned", "development", "pilot")[number % 3]}
    return Change(entry, f"step {number}", AT, Actor(person), "changed", sets=sets, notes=said)


def say(*words: object) -> None:
    """A line to the test that waits for it."""
    print(*words, flush=True)


def wait_for_the_word() -> None:
    """Until the test says so, or is gone."""
    say("ready")
    if not sys.stdin.readline():
        sys.exit()


def write(path: Path, person: str) -> None:
    """Add entries, and say each one that is acknowledged."""
    name, _, most = person.partition(":")
    wait_for_the_word()
    register = SqliteRegister(path, lock_seconds=60)
    for number in range(int(most)) if most else count():
        say(number, register.add(new_entry(name, number)).id)
    register.close()


def work(path: Path, argument: str) -> None:
    """Add entries, change them and log checks, and say each thing that is acknowledged."""
    name, _, kept = argument.partition(":")
    wait_for_the_word()
    records: list[DecisionRecord] = pickle.loads(Path(kept).read_bytes())
    register = SqliteRegister(path, lock_seconds=60)
    for number in count():
        record = records[number % len(records)]
        entry = register.add(new_entry(name, number, record))
        say("add", number, entry.id)
        say("change", number, register.change(new_step(name, number, entry.id)).event)
        register.log(record, at=AT, organisation="", unit=name, person="", via="test")
        say("log", number, record.check)


def hold_lock(path: Path, _: str) -> None:
    """Keep the lock file of a register."""
    with FileLock(f"{path}.lock"):
        wait_for_the_word()


def hold_database(path: Path, _: str) -> None:
    """Be in the middle of a write, as another program that knows no lock file."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    wait_for_the_word()
    connection.close()


def try_to_write(path: Path, _: str) -> None:
    """Say what comes of a write without the rights of root."""
    wait_for_the_word()
    if os.geteuid() == 0:
        os.setuid(65534)
    try:
        say(SqliteRegister(path).add(new_entry("ann", 1)).id)
    except SetupError as error:
        say(error)


def fill_disk(path: Path, _: str) -> None:
    """Check until no file may grow any more, then with room again; say the notes."""
    import datetime  # what only this command needs: the others start in half the time

    from caio_mcp.files import load_library
    from caio_mcp.service import Caller, Service, UseRequest

    wait_for_the_word()
    now = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    service = Service(load_library("default"), lambda: SqliteRegister(path), "unit")

    def check(day: int) -> list[str]:
        request = UseRequest(data=("customer emails",))
        answer = service.check_use(
            request,
            Caller("ann"),
            now,
            via="test",
            day=now.date() + datetime.timedelta(days=day),
        )
        return list(answer.notes)

    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    first = check(0)
    size = path.with_name(f"{path.name}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, hard))
    logged = next(day for day in count(1) if check(day) != first)
    full = check(logged)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    again = check(logged)
    service.close()
    say(json.dumps({"logged": logged + 1, "first": first, "full": full, "again": again}))


COMMANDS = {
    "write": write,
    "work": work,
    "hold-lock": hold_lock,
    "hold-database": hold_database,
    "try-to-write": try_to_write,
    "fill-disk": fill_disk,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](Path(sys.argv[2]), "".join(sys.argv[3:]))
