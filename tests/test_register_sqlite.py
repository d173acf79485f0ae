"""What the SQLite file promises: guards, modes, erasure, and plain words for each fault."""

from __future__ import annotations

import datetime
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from caio_mcp.core.library import Library
from caio_mcp.errors import SetupError
from caio_mcp.files import load_library
from caio_mcp.register import Actor, Scope
from caio_mcp.register.sqlite import APPEND_ONLY, MAY_GO, SqliteRegister
from caio_mcp.service import Caller, Service, UseRequest
from register_worker import RECORD, new_entry

AT = "2026-11-22T00:00:00Z"
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
PERSON = "zwingli-oberholzer"
WORDS = ("customer emails about Quetzalcoatl", "summarise")


@cache
def library() -> Library:
    return load_library("default")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A register with two entries and a check."""
    path = tmp_path / "books" / "register.db"
    with closing(SqliteRegister(path)) as register:
        for number in range(2):
            register.add(new_entry("ann", number))
        register.join("E-0001", request_id="j", at="t", actor=Actor("bob"))
        register.log(RECORD, at=AT, organisation="", unit="", person="ann", via="test")
    return path


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as another program opens it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def contents(path: Path) -> bytes:
    """Everything that is on disk of a register."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


# -- append-only ---------------------------------------------------------------------------


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid").fetchall()


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_rows_are_never_changed(raw: sqlite3.Connection, table: str) -> None:
    names = [name for _, name, *_ in raw.execute(f"PRAGMA table_info({table})")]
    before = rows(raw, table)
    everything = ", ".join(names)
    copies = [f"UPDATE OR REPLACE {table} SET {name} = {name}" for name in names]
    for verb in ("INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"):
        copies.append(f"{verb} INTO {table} (rowid, {everything}) SELECT rowid, * FROM {table}")
        copies.append(f"{verb} INTO {table} ({everything}) SELECT * FROM {table}")
    if table not in MAY_GO:
        copies.append(f"DELETE FROM {table}")
    for statement in copies:
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            raw.execute(statement)
    assert rows(raw, table) == before != []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO archive (rowid, digest, kind, content, archived_at) "
        "VALUES (1, 'new', 'policy', x'00', 't')",
        "INSERT OR REPLACE INTO decision (rowid, check_id, content, decision, policy_hash, "
        "catalogue_hash, engine_version, as_of) "
        "VALUES (1, 'C-B', x'00', 'allow', 'p', 'c', '', '')",
        "INSERT OR REPLACE INTO entry SELECT 99, request_id, check_id, organisation, unit, owner, "
        "created_at, content FROM entry WHERE id = 1",
        "INSERT OR REPLACE INTO entry_event (id, entry, at, status, cause, party, request_id) "
        "SELECT 99, entry, at, 'denied', cause, party, request_id FROM "
        "entry_event WHERE request_id = 'j'",
        "INSERT INTO entry SELECT * FROM entry WHERE true "
        "ON CONFLICT (id) DO UPDATE SET unit = 'mine'",
    ],
)
def test_no_key_is_a_way_round_the_guards(raw: sqlite3.Connection, statement: str) -> None:
    before = [rows(raw, table) for table in APPEND_ONLY]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    assert [rows(raw, table) for table in APPEND_ONLY] == before


# -- what is kept of persons and texts -----------------------------------------------------


@pytest.mark.parametrize(("mode", "parties"), [("off", None), ("unit", 0), ("pseudonym", 1)])
def test_a_check_leaves_what_the_organisation_chose(
    tmp_path: Path, mode: str, parties: int | None
) -> None:
    path = tmp_path / "books" / "register.db"
    service = Service(library(), lambda: SqliteRegister(path), mode)
    caller = Caller(PERSON, unit="Claims", organisation="Acme")
    request = UseRequest(tool="chatgpt", data=WORDS[:1], task=WORDS[1], facts=("level=unsure",))
    answer = service.check_use(request, caller, NOW, via="mcp")
    service.close()
    if parties is None:
        assert not path.parent.exists()
        return
    with closing(sqlite3.connect(path)) as connection:
        logged = connection.execute(
            "SELECT at, check_id, organisation, unit, via, p.name FROM decision_log "
            "LEFT JOIN party p ON p.id = party"
        ).fetchall()
    name = PERSON if parties else None
    assert logged == [("2026-11-22T12:00:00.000000Z", answer.check, "Acme", "Claims", "mcp", name)]
    assert contents(path).count(PERSON.encode()) == (2 if parties else 0)  # the row and its index
    assert b"Quetzalcoatl" not in contents(path)


def test_a_registered_use_names_its_owner_in_one_place(tmp_path: Path) -> None:
    path = tmp_path / "books" / "register.db"
    service = Service(library(), lambda: SqliteRegister(path), "unit")
    request = UseRequest(data=("none",), facts=("level=public",))
    service.register_use(request, Caller(PERSON), NOW, title="Mail", request_id="for Quetzalcoatl")
    service.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        assert connection.execute("UPDATE party SET name = NULL").rowcount == 1
        connection.commit()
    assert PERSON.encode() not in contents(path)
    assert b"Quetzalcoatl" not in contents(path)
    with closing(SqliteRegister(path)) as register:
        (entry,) = register.entries(Scope("all", PERSON))
    assert not entry.is_own


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM detail WHERE entry = 3", "UPDATE detail SET title = '' WHERE entry = 3"],
)
def test_erased_words_are_gone_from_the_file_and_its_index(path: Path, statement: str) -> None:
    with closing(SqliteRegister(path)) as register:
        register.add(replace(new_entry("cas", 1), title="Xylophones for Quetzalcoatl"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(statement)
        connection.commit()
    for word in (b"ylophone", b"uetzalcoat"):
        assert word not in contents(path)
    with closing(SqliteRegister(path)) as register:
        assert register.entries(Scope("all", "cas"), words="xylophones") == []
        assert len(register.entries(Scope("all", "cas"), words="use")) == 2
        assert register.entry("E-0003", person="cas").title == "(erased)"
        assert not any("damaged" in care for care in register.health().cares)


# -- the file ------------------------------------------------------------------------------


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "register.db"
    before = os.umask(0)
    try:
        register = SqliteRegister(path)
        register.add(new_entry("ann", 1))
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
        register.close()
    finally:
        os.umask(before)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert modes == dict.fromkeys(
        ("register.db", "register.db-shm", "register.db-wal", "register.db.lock"), 0o600
    )
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "register.db",
        "register.db.lock",
    ]


def test_a_closed_register_opens_again_when_it_is_asked(path: Path) -> None:
    register = SqliteRegister(path)
    register.close()
    assert register.add(new_entry("ann", 2)).id == "E-0003"
    register.close()
    register.close()
    assert register.entry("E-0003", person="ann").is_own
    register.close()


def test_a_backup_becomes_the_register(path: Path, raw: sqlite3.Connection) -> None:
    copy = path.with_name("copy.db")
    raw.execute("VACUUM INTO ?", (str(copy),))
    with closing(SqliteRegister(copy)) as register:
        assert register.add(new_entry("ann", 1)).id == "E-0002"
        assert register.add(new_entry("ann", 2)).id == "E-0003"
        assert register.health().checks == 1
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_register_that_was_replaced_is_not_written(path: Path) -> None:
    register = SqliteRegister(path)
    register.add(new_entry("ann", 2))
    path.rename(path.with_name("old.db"))
    for _ in range(2):
        with pytest.raises(SetupError, match="was moved or replaced while it was open"):
            register.add(new_entry("ann", 3))
        path.write_bytes(b"")
    register.close()
    assert path.read_bytes() == b""


# -- faults --------------------------------------------------------------------------------


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "UPDATE _sqlite_migrations SET name = 'm999_later' WHERE name = 'm001_first'"
        )
        connection.commit()


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.commit()


def no_database(path: Path) -> None:
    path.write_text("Dear diary, today I wrote no database." * 100)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def no_folder(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()
    path.parent.write_text("a file")


Harm = Callable[[Path], None]
HARM: dict[Harm, str] = {
    newer: "made by a newer caio-mcp. Update caio-mcp.",
    foreign: "is a database of another program, not a register. Give the register a file",
    no_database: "is damaged or is not a register (file is not a database). Restore it",
    cut_short: "is damaged or is not a register (database disk image is malformed). Restore it",
    overwritten: "is damaged or is not a register (",
    a_folder: "cannot be opened. Nothing was written. Check that it is a file",
    no_folder: "cannot be opened: File exists. Check that the folder exists",
}


@pytest.mark.parametrize(("harm", "said"), HARM.items())
def test_each_fault_is_said_and_the_check_is_answered(path: Path, harm: Harm, said: str) -> None:
    harm(path)
    content = path.read_bytes() if path.is_file() else b""
    with closing(SqliteRegister(path)) as register:
        with pytest.raises(SetupError) as caught:
            register.add(new_entry("ann", 2))
        assert str(path) in str(caught.value)
        assert said in str(caught.value)
        with pytest.raises(SetupError):
            register.entries(Scope("all", "ann"))
        service = Service(library(), lambda: register, "unit")
        answer = service.check_use(UseRequest(data=("none",)), Caller("ann"), NOW, via="test")
        assert answer.notes[-1] == f"This check could not be logged: {caught.value.problem}"
    assert (path.read_bytes() if path.is_file() else b"") == content


def test_health_says_what_is_damaged(path: Path, raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA writable_schema=ON")
    raw.execute("DELETE FROM sqlite_schema WHERE name = 'decision_log_at'")
    raw.close()
    with closing(SqliteRegister(path)) as register:
        assert any("damaged" in care for care in register.health().cares)


def test_a_decision_without_what_it_was_made_with_is_a_fault_of_the_program(path: Path) -> None:
    lone = replace(RECORD, check="C-B", policy_hash="nowhere", made_with=())
    with closing(SqliteRegister(path)) as register:
        with pytest.raises(sqlite3.IntegrityError):
            register.log(lone, at=AT, organisation="", unit="", person="", via="test")
        assert register.decision("C-B") is None
        assert register.health().checks == 1


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "one" / "two" / "register.db"
    with closing(SqliteRegister(path)) as register:
        assert register.add(new_entry("ann", 1)).id == "E-0001"


def test_a_changed_archive_is_not_taken_for_the_policy(path: Path) -> None:
    service = Service(library(), lambda: SqliteRegister(path), "unit")
    answer = service.check_use(UseRequest(data=("none",)), Caller("ann"), NOW, via="test")
    assert service.reproduce(answer.check) == service.decision_of(answer.check)
    service.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER archive_no_update")
        connection.execute(
            "UPDATE archive SET content = CAST(replace(CAST(content AS TEXT), 'prohibit', 'allow') "
            "AS BLOB) WHERE kind = 'policy'"
        )
        connection.commit()
    with pytest.raises(SetupError, match="was changed"):
        service.reproduce(answer.check)
    service.close()


def test_a_full_disk_takes_nothing_back(path: Path) -> None:
    register = SqliteRegister(path)
    register.entry("E-0001", person="ann")
    connection = register._database(0).conn  # the disk of a test cannot be filled
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    written = ["E-0001", "E-0002"]

    def fill() -> None:
        for number in count(2):
            written.append(register.add(new_entry("ann", number)).id)

    with pytest.raises(SetupError, match="cannot grow: the disk is full") as caught:
        fill()
    assert "Nothing was written. Make room" in caught.value.remedy
    assert [e.id for e in register.entries(Scope("own", "ann"))] == written[::-1][:20]
    connection.execute("PRAGMA max_page_count=1000000")
    assert register.add(new_entry("ann", len(written))).id == f"E-{len(written) + 1:04d}"
    assert not any("damaged" in care for care in register.health().cares)
    register.close()
