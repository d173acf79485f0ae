"""Backup, restore, verify, migration, and where a register may be: the file is looked after."""

from __future__ import annotations

import ctypes
import datetime
import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlite_utils import Database

from caio_mcp.core.decision import check_of
from caio_mcp.core.library import Library
from caio_mcp.errors import SetupError
from caio_mcp.files import load_library
from caio_mcp.register import Actor, Change, Duty, Grant
from caio_mcp.register.sqlite import APPEND_ONLY, MAY_GO, SqliteRegister, log
from caio_mcp.register.sqlite.schema import migrations
from caio_mcp.service import Caller, Service, UseRequest, records
from conftest import Caio, Run
from register_worker import new_entry

ADD = ("register", "add", "--task", "translate", "--tool", "ChatGPT Free", "--data", "none")
PUBLIC = ("--fact", "level=public")
REVIEWED = ("--fact", "level=internal", "--purpose", "Letters of the merger")
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
EVE = "zwingli-oberholzer"
GRANT = Grant("R-1", ("a=b",), "", "2026-01-01", "2026-02-01")
CAIO_MCP = Path(sys.executable).with_name("caio-mcp")


@pytest.fixture
def register(workspace: Path, caio: Caio) -> Path:
    """A register with two entries, a check, and all that can happen to an entry."""
    for title in ("Press in French", "Press in German"):
        assert caio(*ADD, *(PUBLIC if "French" in title else REVIEWED), "--title", title).out
    assert caio("check", "--data", "customer emails").status == 3
    path = workspace / "register.db"
    with closing(SqliteRegister(path)) as book:
        check = book.entry("E-0001", person="ann").check
        record = book.decision(check)
        for number, step in enumerate(
            (
                {"cause": "changed", "sets": {"stage": "pilot", "unit": "Sales"}},
                {"cause": "changed", "duties": (Duty("own-1", "review", "Read it."),)},
                {"cause": "duty", "settles": {"own-1": "met"}, "notes": {"evidence": "Minutes."}},
                {"cause": "decided", "decision": record, "sets": {"owner": "bob"}},
                {
                    "cause": "granted",
                    "grant": GRANT,
                },
                {"cause": "revoked", "ends": "X-0001"},
                {"cause": "reviewed", "status": "suspended", "notes": {"reason": "A doubt."}},
            )
        ):
            at = f"2026-11-22T10:0{number}:00.000000Z"
            book.change(Change("E-0001", f"r{number}", at, Actor(EVE, "caio"), **step))  # type: ignore[arg-type]
    return path


def change(path: Path, *statements: str) -> None:
    """Change a file past the program, and past its guards, which are there again afterwards."""
    with closing(sqlite3.connect(path)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%\\_no\\_%' "
            "ESCAPE '\\'"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()


def counted(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("entry", "entry_event", "decision_log")
        }


def titles(caio: Caio) -> list[str]:
    lines = caio("register", "list", "--json").out.splitlines()
    return [json.loads(line)["title"] for line in lines]


# -- backup ------------------------------------------------------------------------------------


def test_a_backup_is_whole_and_for_its_owner_alone(register: Path, caio: Caio) -> None:
    file = register.parent / "copy.db"
    before = os.umask(0)
    try:
        made = caio("register", "backup", str(file), "--json")
    finally:
        os.umask(before)
    assert (made.status, made.err) == (0, "")
    said = json.loads(made.out)
    assert said == {
        "file": str(file),
        "entries": 2,
        "events": counted(register)["entry_event"],
        "checks": 1,
        "bytes": file.stat().st_size,
    }
    assert file.stat().st_mode & 0o777 == 0o600
    assert counted(file) == counted(register)
    assert sorted(p.name for p in register.parent.iterdir() if "copy" in p.name) == ["copy.db"]


def test_a_file_that_is_there_is_replaced_only_where_that_is_said(
    register: Path, caio: Caio
) -> None:
    file = register.parent / "diary.txt"
    file.write_text("Dear diary")
    caio("register", "backup", str(file)).assert_refused("is there already", "--force")
    assert file.read_text() == "Dear diary"
    assert "2 entries" in caio("register", "backup", str(file), "--force").out
    assert file.stat().st_mode & 0o777 == 0o600
    assert counted(file)["entry"] == 2


@pytest.mark.parametrize("name", ["register.db", "register.db.lock", "register.db-wal"])
def test_a_backup_never_replaces_the_register_or_what_belongs_to_it(
    register: Path, caio: Caio, name: str
) -> None:
    link = register.parent / "link"
    with closing(SqliteRegister(register)) as book:
        book.log  # noqa: B018
        book.entry("E-0001", person="ann")
        link.symlink_to(register.with_name(name))
        for file in (link, register.with_name(name)):
            for command in (("backup", "--force"), ("restore",)):
                caio("register", *command, str(file)).assert_refused("register itself")
    assert counted(register)["entry"] == 2


def test_without_a_register_there_is_no_backup(workspace: Path, caio: Caio) -> None:
    caio("register", "backup", str(workspace / "copy.db")).assert_refused(
        "no register", "as it was"
    )
    assert not [p for p in workspace.iterdir() if p.suffix == ".db"]


def test_a_backup_of_a_register_that_was_changed_is_not_kept(register: Path, caio: Caio) -> None:
    file = register.parent / "copy.db"
    file.write_text("the last one")
    change(register, "UPDATE archive SET content = x'00' WHERE kind = 'policy'")
    content = register.read_bytes()
    refused = caio("register", "backup", str(file), "--force")
    refused.assert_refused("is no good: what it archives as sha256:", "Nothing was backed up")
    assert file.read_text() == "the last one"
    assert register.read_bytes() == content
    assert not [p for p in register.parent.iterdir() if p.name.startswith(".copy")]


def test_a_backup_is_made_while_others_write(register: Path, caio: Caio) -> None:
    with closing(SqliteRegister(register)) as other:
        other.add(new_entry("ann", 1))
        caio("register", "backup", str(register.parent / "copy.db"))
        other.add(new_entry("ann", 2))
    assert counted(register.parent / "copy.db")["entry"] == 3
    assert counted(register)["entry"] == 4


# -- restore -----------------------------------------------------------------------------------


@pytest.fixture
def backup(register: Path, caio: Caio) -> Path:
    file = register.parent / "safe" / "copy.db"
    file.parent.mkdir()
    assert caio("register", "backup", str(file)).status == 0
    return file


def test_a_restore_says_what_is_gone_and_keeps_it(register: Path, backup: Path, caio: Caio) -> None:
    caio(*ADD, *PUBLIC, "--title", "Press in Irish")
    caio("check", "--data", "press release")
    now = counted(register)
    done = caio("register", "restore", str(backup), "--json")
    assert (done.status, done.err) == (0, "")
    said = json.loads(done.out)
    assert said["gone"] == {"entries": 1, "events": 1, "checks": 1}
    kept = Path(said["kept"])
    assert kept.name.startswith("register.db.before-restore-2")
    assert counted(kept) == now
    assert titles(caio) == ["Press in German", "Press in French"]
    assert caio("register", "verify").status == 0
    for file in (register, kept):
        assert file.stat().st_mode & 0o777 == 0o600
    assert not [p.name for p in register.parent.iterdir() if "restoring" in p.name]

    back = caio("register", "restore", str(kept))
    assert "Nothing is gone" in back.out
    assert titles(caio)[0] == "Press in Irish"


def test_a_restore_of_an_other_register_counts_everything(
    register: Path, caio: Caio, tmp_path: Path
) -> None:
    with closing(SqliteRegister(tmp_path / "other.db")) as other:
        for number in range(5):
            other.add(new_entry("cas", number))
    said = json.loads(caio("register", "restore", str(tmp_path / "other.db"), "--json").out)
    assert said["gone"]["entries"] == 2


def test_a_restore_where_there_is_no_register(register: Path, backup: Path, caio: Caio) -> None:
    register.unlink()
    done = caio("register", "restore", str(backup))
    assert "There was no register before." in done.out
    assert titles(caio) == ["Press in German", "Press in French"]


def test_a_damaged_register_is_kept_and_replaced(register: Path, backup: Path, caio: Caio) -> None:
    content = register.read_bytes()
    broken = content[:4096] + b"\xff" * (len(content) - 4096)
    register.write_bytes(broken)
    said = json.loads(caio("register", "restore", str(backup), "--json").out)
    assert (said["gone"], said["kept_is_readable"]) == (None, False)
    assert Path(said["kept"]).read_bytes() == broken
    assert titles(caio) == ["Press in German", "Press in French"]


def no_register(file: Path) -> None:
    file.write_text("Dear diary" * 1000)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")


def newer(file: Path) -> None:
    change(file, "INSERT INTO _sqlite_migrations VALUES (99, 'caio_mcp', 'm999_later', 't')")


def archives_changed(file: Path) -> None:
    change(file, "UPDATE archive SET content = x'00'")


def rows_gone(file: Path) -> None:
    change(file, "DELETE FROM decision")


def page_broken(file: Path) -> None:
    content = bytearray(file.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'entry_event'"
        ).fetchone()[0]
    content[(page - 1) * 4096 : (page - 1) * 4096 + 64] = b"\xee" * 64
    file.write_bytes(content)


Harm = Callable[[Path], None]
NO_BACKUPS: dict[Harm, str] = {
    no_register: "damaged or is not a register",
    empty: "damaged or is not a register",
    foreign: "a database of another program",
    newer: "newer caio-mcp",
    archives_changed: "differs",
    rows_gone: "gone",
    page_broken: "damaged",
    Path.unlink: "no such file",
}


@pytest.mark.parametrize(("harm", "said"), NO_BACKUPS.items())
def test_what_is_no_backup_replaces_nothing(
    register: Path, backup: Path, caio: Caio, harm: Harm, said: str
) -> None:
    harm(backup)
    content = register.read_bytes()
    caio("register", "restore", str(backup)).assert_refused(said)
    assert register.read_bytes() == content
    assert sorted(p.name for p in register.parent.iterdir() if p.is_file()) == [
        "register.db",
        "register.db.lock",
    ]


def test_who_has_the_register_open_notices_the_restore(
    register: Path, backup: Path, caio: Caio
) -> None:
    service = Service(load_library("default"), lambda: SqliteRegister(register), "unit")
    ann = Caller("ann", roles=("caio",))
    service.check_use(UseRequest(data=("none",)), ann, NOW, via="test")
    said = json.loads(caio("register", "restore", str(backup), "--json").out)
    assert said["gone"]["checks"] == 1
    before = counted(register)
    answer = service.check_use(UseRequest(data=("customer emails",)), ann, NOW, via="test")
    assert "was moved or replaced while it was open" in answer.notes[-1]
    for ask in (
        lambda: service.search_register(ann, NOW, words="press"),
        lambda: service.register.add(new_entry("ann", 1)),
    ):
        with pytest.raises(SetupError, match=r"moved or replaced.*Start caio-mcp again"):
            ask()
    caio(*ADD, *PUBLIC, "--title", "Press in Irish")
    service.close()  # which takes nothing of the new register away
    assert counted(register) == {**before, "entry": 3, "entry_event": before["entry_event"] + 1}
    assert caio("register", "verify").status == 0


def test_what_was_erased_after_the_backup_is_named(
    register: Path, backup: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIO_MCP_ROLES", "dpo")
    person = json.loads(caio("register", "person", EVE, "--json").out)["person"]
    assert caio("register", "person", EVE, "--erase", "--yes").status == 0
    done = caio("register", "restore", str(backup))
    assert f"`caio-mcp register person {person} --erase`" in done.out
    assert caio("register", "person", person, "--erase", "--yes").status == 0
    assert EVE.encode() not in register.read_bytes()


def test_a_restore_waits_for_who_writes_and_then_gives_up(
    register: Path, backup: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIO_MCP_LOCK_SECONDS", "0.1")
    with closing(SqliteRegister(register)) as other, other._locked(0):
        caio("register", "restore", str(backup)).assert_refused("in use by another program")
    assert caio("register", "restore", str(backup)).status == 0


# -- verify ------------------------------------------------------------------------------------


def test_a_register_as_it_was_written_agrees_with_itself(register: Path, caio: Caio) -> None:
    found = caio("register", "verify", "--json")
    assert (found.status, found.err) == (0, "")
    said = json.loads(found.out)
    assert said == {
        "agrees": True,
        "findings": [],
        "decisions": said["decisions"],
        "reproduced": said["decisions"],
        "of_other_engines": 0,
    }
    assert said["decisions"] == 3
    shown = caio("register", "verify").out
    assert "3 of 3 decisions came out again, byte for byte." in shown
    assert "does not show that nobody wrote all of it anew" in shown


TAMPERED: dict[str, tuple[str, ...]] = {
    "What is archived under sha256:": (
        "UPDATE archive SET content = CAST(content || x'20' AS BLOB)",
    ),
    "was changed: its bytes are of another one": (
        "UPDATE decision SET content = CAST(replace(CAST(content AS TEXT), 'allow', 'prohibit') "
        "AS BLOB) WHERE decision = 'allow'",
    ),
    "is found by is not what it says": ("UPDATE decision SET decision = 'prohibit'",),
    "found by is not what it says": ("DELETE FROM term WHERE name = 'tool.id'",),
    "by is not what it says": ("UPDATE term SET value = 'R-9' WHERE name = 'rule'",),
    "The row of E-0001 is not what its sealed content says": (
        "UPDATE entry SET unit = 'Claims' WHERE id = 1",
    ),
    "The row of E-0002 is not": (
        'UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), \'"at":"\', \'"at":"1\') '
        "AS BLOB) WHERE id = 2",
    ),
    "of E-0001 is not what its sealed content says": (
        "UPDATE entry_event SET status = 'approved' WHERE status = 'suspended'",
    ),
    "E-0001 has no event that made it": ("DELETE FROM entry_event WHERE entry = 1 AND id = 1",),
    "E-0002 has no row that says how it is now": ("DELETE FROM use_case WHERE entry = 2",),
    "How E-0001 is now does not follow from its events: status": (
        "UPDATE use_case SET status = 'approved' WHERE entry = 1",
    ),
    "does not follow from its events: owner": (
        "UPDATE use_case SET owner = (SELECT party FROM entry_event WHERE cause = 'reviewed') "
        "WHERE entry = 1",
    ),
    "follow from its events: stage": ("UPDATE use_case SET stage = 'deployed' WHERE entry = 1",),
    "from its events: members": ("UPDATE use_case SET members = 7 WHERE entry = 2",),
    "its events: event": ("UPDATE use_case SET event = 1 WHERE entry = 1",),
    "its events: tool": ("UPDATE use_case SET tool = 'claude-team' WHERE entry = 2",),
    "events: check id, decision": (
        "UPDATE use_case SET (check_id, decision) = (SELECT check_id, decision FROM decision "
        "WHERE decision <> 'allow' ORDER BY check_id LIMIT 1) WHERE entry = 1",
    ),
    "E-0001 says that own-2 is met, and no event does": (
        "INSERT INTO obligation (entry, id, origin, state, since, due_on, words) "
        "VALUES (1, 'own-2', 'review', 'met', '', '', '')",
    ),
    "The title or purpose of E-0002 was changed": (
        "UPDATE detail SET purpose = 'Letters of nobody' WHERE entry = 2",
    ),
    "The title of E-0002 is gone, and nobody erased it": ("DELETE FROM detail WHERE entry = 2",),
    "The reason in event": ("UPDATE note SET words = 'No doubt.' WHERE kind = 'reason'",),
    "Words of E-0001 are gone": ("DELETE FROM note WHERE kind = 'evidence'",),
    "The exception X-0001 is not the one": ("UPDATE exception SET expires = '2099-01-01'",),
    "X-0001 is not the one that was granted or ended": ("UPDATE exception SET ended = ''",),
    "The exception X-0001 was granted and is gone": ("DELETE FROM exception",),
    "The exception X-0002 is not": (
        "INSERT INTO exception (entry, rule, scope, unit, starts, expires, role, party, at) "
        "SELECT entry, rule, scope, unit, starts, expires, role, party, at FROM exception",
    ),
    "belong to rows of decision that are gone": ("DELETE FROM decision WHERE decision = 'allow'",),
    "The index use_case_owner is missing": ("DROP INDEX use_case_owner",),
    "The trigger helpful is not one of caio-mcp": (
        "CREATE TRIGGER helpful AFTER INSERT ON entry BEGIN SELECT 1; END",
    ),
}


@pytest.mark.parametrize(("said", "statements"), TAMPERED.items())
def test_what_was_changed_past_the_program_is_found(
    register: Path, caio: Caio, said: str, statements: tuple[str, ...]
) -> None:
    change(register, *statements)
    found = caio("register", "verify", "--no-reproduce", "--json")
    assert (found.status, found.err) == (1, "")
    findings = json.loads(found.out)["findings"]
    assert any(said in finding for finding in findings), findings
    assert all(finding.endswith("puts one back.") for finding in findings)
    assert "finding: " in caio("register", "verify").out


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("what", ["update", "delete", "replace"])
def test_a_guard_that_is_gone_or_changed_is_found(
    register: Path, caio: Caio, table: str, what: str
) -> None:
    if what == "delete" and table in MAY_GO:
        return
    name = f"{table}_no_{what}"
    with closing(sqlite3.connect(register)) as connection:
        sql = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name = ?", (name,)
        ).fetchone()[0]
        connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
        missing = json.loads(caio("register", "verify", "--no-reproduce", "--json").out)
        connection.execute(
            sql.replace("raise(ABORT", "raise(IGNORE").replace(f", '{table} is append-only'", "")
        )
        connection.commit()
    changed = json.loads(caio("register", "verify", "--no-reproduce", "--json").out)
    assert [f.split(",")[0] for f in missing["findings"]] == [f"The trigger {name} is missing"]
    assert [f.split(",")[0] for f in changed["findings"]] == [f"The trigger {name} was changed"]


def test_a_decision_that_was_made_up_does_not_come_out_again(register: Path, caio: Caio) -> None:
    with closing(sqlite3.connect(register)) as connection:
        check, content = connection.execute(
            "SELECT check_id, content FROM decision WHERE decision = 'allow'"
        ).fetchone()
    written = json.loads(content)
    written["reasons"] = []
    forged = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    name = check_of(forged)
    change(
        register,
        f"UPDATE decision SET content = x'{forged.hex()}', check_id = '{name}' "
        f"WHERE check_id = '{check}'",
        f"UPDATE term SET check_id = '{name}' WHERE check_id = '{check}'",
        f"UPDATE use_case SET check_id = '{name}' WHERE check_id = '{check}'",
    )
    found = json.loads(caio("register", "verify", "--json").out)
    assert any("does not come out again" in finding for finding in found["findings"])
    assert found["reproduced"] == found["decisions"] - 1


def test_what_another_version_decided_is_counted_and_no_fault(
    register: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "__version__", "99.0")
    found = json.loads(caio("register", "verify", "--json").out)
    assert found["agrees"]
    assert (found["reproduced"], found["of_other_engines"]) == (0, 3)
    assert "3 were decided by another version" in caio("register", "verify").out
    assert "were not made again" in caio("register", "verify", "--no-reproduce").out


def test_an_imported_register_agrees_with_itself(
    workspace: Path, caio: Caio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIO_MCP_ROLES", "caio")
    file, mapping = tmp_path / "uses.csv", str(tmp_path / "mapping.yaml")
    row = "{},{},What it is for,{},ann@example.org\n"
    head = "Use Case ID,Use Case Name,Purpose,Stage,Contact\n"
    file.write_text(head + "".join(row.format(n, f"Use {n}", "pilot") for n in range(40)))
    assert caio("register", "import", str(file), "--write-mapping", mapping).status == 3
    done = caio("register", "import", str(file), "--mapping", mapping)
    assert done.status == 0, done.said
    file.write_text(head + "".join(row.format(n, f"Use {n}", "retired") for n in range(41)))
    assert caio("register", "import", str(file), "--mapping", mapping).status == 0
    assert len(titles(caio)) == 20
    found = caio("register", "verify")
    assert (found.status, found.err) == (0, ""), found.out


# -- migration ---------------------------------------------------------------------------------


def old_register(path: Path, library: Library) -> list[str]:
    """A register as the first version made it, with an entry that somebody joined."""
    with closing(SqliteRegister(path.with_name("new.db"))) as book:
        service = Service(library, lambda: book, "unit")
        checks = [
            service.check_use(
                UseRequest(data=("none",), facts=(fact,)), Caller("ann"), NOW, via="t"
            )
            for fact in ("level=public", "level=internal")
        ]
    db = Database(sqlite3.connect(path, isolation_level=None), execute_plugins=False)
    migrations.apply(db, stop_before="m002_life_cycle")
    db.execute("ATTACH ? AS new", (str(path.with_name("new.db")),))
    for table in ("archive", "decision", "decision_log"):
        db.execute(f"INSERT INTO main.{table} SELECT * FROM new.{table}")
    db.execute("INSERT INTO party VALUES ('P-1', 'ann'), ('P-2', 'bob')")
    for number, answer in enumerate(checks, 1):
        said = {
            "entry": f"E-{number:04d}", "at": "2026-01-01T00:00:00Z", "organisation": "Acme",
            "unit": "Größe", "owner": "P-1", "check": answer.check, "status": "approved",
        }  # fmt: skip
        db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, 'Acme', 'Größe', 'P-1', '2026-01-01T00:00:00Z', ?)",
            (number, f"r{number}", answer.check, json.dumps(said, sort_keys=True).encode()),
        )
        db.execute(
            "INSERT INTO entry_event (entry, at, status, cause, party) "
            "VALUES (?, '2026-01-01T00:00:00Z', 'approved', 'created', 'P-1')",
            (number,),
        )
        db.execute("INSERT INTO detail VALUES (?, ?, '')", (number, f"Old use {number}"))
    db.execute(
        "INSERT INTO entry_event (entry, at, status, cause, party, request_id) "
        "VALUES (1, '2026-01-02T00:00:00Z', 'approved', 'joined', 'P-2', 'j')"
    )
    db.close()
    return [answer.check for answer in checks]


def test_eight_processes_bring_an_old_register_forward_at_once(workspace: Path, caio: Caio) -> None:
    library = load_library("default")
    path = workspace / "register.db"
    checks = old_register(path, library)
    environment = {**os.environ, "CAIO_MCP_WORKSPACE": str(workspace)}
    started = [
        subprocess.Popen(
            [CAIO_MCP, *ADD, *PUBLIC, "--title", f"New use {n}", "--json"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for n in range(8)
    ]  # fmt: skip
    for process in started:
        out, err = process.communicate()
        assert (process.returncode, err) == (0, ""), out
    with closing(SqliteRegister(path)) as book:
        first, second = (book.entry(f"E-000{n}", person="bob") for n in (1, 2))
        service = Service(library, lambda: book, "unit")
        for check in checks:
            assert service.reproduce(check) == service.decision_of(check)
    assert (first.title, first.status, first.members, first.takes_part, first.level) == (
        "Old use 1", "approved", 2, True, "public",
    )  # fmt: skip
    assert (second.members, second.takes_part, second.level) == (1, False, "internal")
    assert len(titles(caio)) == 10
    assert caio("register", "verify").status == 0
    assert caio("register", "list", "--words", "old").out.count("Old use") == 2


def test_an_old_backup_is_brought_forward_when_it_is_restored(workspace: Path, caio: Caio) -> None:
    old_register(workspace / "old.db", load_library("default"))
    assert "There was no register" in caio("register", "restore", str(workspace / "old.db")).out
    assert titles(caio) == ["Old use 2", "Old use 1"]


# -- where it may be ---------------------------------------------------------------------------

MOUNTS = """\
/dev/vda1 / ext4 rw 0 0
server:/home /mnt/home nfs4 rw 0 0
/dev/vdb1 /mnt/home/local xfs rw 0 0
//host/share /mnt/my\\040share cifs rw 0 0
me@host: /mnt/far fuse.sshfs rw 0 0
/dev/sdc1 /mnt/stick fuseblk rw 0 0
tmpfs /mnt/covered tmpfs rw 0 0
server:/x /mnt/covered nfs rw 0 0
nonsense
"""


@pytest.mark.parametrize(
    ("place", "network"),
    [
        ("/mnt/home/ann/register.db", "nfs4"),
        ("/mnt/my share/register.db", "cifs"),
        ("/mnt/far/register.db", "fuse.sshfs"),
        ("/mnt/covered/register.db", "nfs"),
    ],
)
def test_a_register_on_a_network_file_system_is_refused(place: str, network: str) -> None:
    register = SqliteRegister(Path(place), mounts=MOUNTS)
    with pytest.raises(SetupError) as caught:
        register.add(new_entry("ann", 1))
    assert f"{place} is on a network file system ({network})" in caught.value.problem
    assert 'register = "/FOLDER/register.db" in caio-mcp.toml' in caught.value.remedy
    assert not Path(place).parent.exists()
    service = Service(load_library("default"), lambda: register, "unit")
    answer = service.check_use(UseRequest(data=("none",)), Caller("ann"), NOW, via="test")
    assert "could not be logged" in answer.notes[-1]


@pytest.mark.parametrize("folder", ["home/local", "homely", "stick", "other"])
def test_other_file_systems_are_fine(tmp_path: Path, folder: str) -> None:
    mounts = MOUNTS.replace("/mnt", str(tmp_path))
    with closing(SqliteRegister(tmp_path / folder / "register.db", mounts=mounts)) as register:
        assert register.add(new_entry("ann", 1)).id == "E-0001"


def test_a_link_to_a_network_file_system_is_followed(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "home")
    mounts = MOUNTS.replace("/mnt", str(tmp_path))
    with pytest.raises(SetupError, match="network file system"):
        SqliteRegister(tmp_path / "link" / "register.db", mounts=mounts).entry("E-1", person="")


def test_doctor_warns_of_the_fault_of_sqlite_with_several_writers(
    register: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version, is_warned in (((3, 51, 2), True), ((3, 51, 3), False), ((3, 40, 1), True)):
        monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
        assert ("rare fault with several writers" in caio("doctor").out) == is_warned


# -- how long the log is kept ------------------------------------------------------------------


def logged(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [at[:10] for (at,) in connection.execute("SELECT at FROM decision_log ORDER BY id")]


@pytest.mark.parametrize(("days", "left"), [("0", 4), ("30", 2), ("365", 3)])
def test_lines_of_the_log_go_when_their_time_is_over(
    workspace: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch, days: str, left: int
) -> None:
    path = workspace / "register.db"
    service = Service(load_library("default"), lambda: SqliteRegister(path, log_days=0), "unit")
    unlisted = UseRequest(tool="Quetzal Writer", data=("none",))
    old = [
        service.check_use(
            unlisted, Caller("ann"), NOW - datetime.timedelta(days=ago), via="test"
        ).check
        for ago in (400, 100, 30)
    ]
    service.close()
    later = Service(
        load_library("default"), lambda: SqliteRegister(path, log_days=int(days)), "unit"
    )
    later.check_use(UseRequest(data=("none",)), Caller("ann"), NOW, via="test")
    assert len(logged(path)) == left
    for check in old:  # what was decided stays
        assert later.reproduce(check) == later.decision_of(check)
    later.close()
    monkeypatch.setenv("CAIO_MCP_LOG_DAYS", "20")  # the setting reaches the register
    assert caio("register", "verify").status == 0
    caio("check", "--data", "none")
    assert len(logged(path)) <= 2


def test_the_log_is_swept_once_a_day_and_in_parts(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "FORGOTTEN_AT_ONCE", 3)
    path = workspace / "register.db"
    service = Service(load_library("default"), lambda: SqliteRegister(path, log_days=0), "unit")

    def check(service: Service, ago: int) -> None:
        at = NOW - datetime.timedelta(days=ago)
        service.check_use(UseRequest(data=("none",)), Caller("ann"), at, via="test")

    for _ in range(7):
        check(service, 100)
    service.close()
    sweeping = Service(load_library("default"), lambda: SqliteRegister(path, log_days=30), "unit")
    lengths = []
    for _ in range(4):
        check(sweeping, 0)
        lengths.append(len(logged(path)))
    assert lengths == [5, 3, 3, 4]
    check(service, 90)
    check(sweeping, 0)  # on the same day nothing more is looked for
    sweeping.close()
    service.close()
    assert len(logged(path)) == 6


# -- faults of the storage, for every command --------------------------------------------------

CHECK = ("check", "--data", "customer emails")
COMMANDS: dict[str, tuple[str, ...]] = {
    "add": (*ADD, *PUBLIC, "--title", "New use"),
    "list": ("register", "list"),
    "verify": ("register", "verify"),
    "backup": ("register", "backup"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong, what each command says then, and which ones are not bothered."""

    said: str
    fine: tuple[str, ...] = ()


def run_all(
    register: Path, prepare: Callable[[], None] | None, **environment: str
) -> dict[str, Run]:
    """Every command in a process of its own, in which something is wrong."""
    backups = register.parent.parent / "backups"
    backups.mkdir(exist_ok=True)
    commands = {**COMMANDS, "backup": ("register", "backup", str(backups / "copy.db"))}
    found = {}
    for name, command in {**commands, "check": CHECK}.items():
        done = subprocess.run(
            [CAIO_MCP, *command],
            env={**os.environ, "CAIO_MCP_WORKSPACE": str(register.parent), **environment},
            preexec_fn=prepare,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        found[name] = Run(done.returncode, done.stdout, done.stderr)
    return found


def assert_told(found: dict[str, Run], register: Path, fault: Fault) -> None:
    """A clear sentence of each command or its answer, and always an answer of the check."""
    check = found.pop("check")
    assert (check.status, check.err) == (3, ""), check.said
    assert check.out.startswith("DEPENDS on "), check.out
    is_logged = "check" in fault.fine
    assert ("could not be logged" in check.out) != is_logged
    for name, ran in found.items():
        if name in fault.fine:
            assert (ran.status, ran.err) == (0, ""), (name, ran.said)
        else:
            ran.assert_refused(fault.said)
            assert "Nothing was written" in ran.err or "as it was" in ran.err, (name, ran.err)
    files = {p.name for p in register.parent.iterdir() if p.is_file()}
    assert files <= {"register.db", "register.db.lock", "register.db-wal", "register.db-shm"}
    copies = [p.name for p in (register.parent.parent / "backups").iterdir()]
    assert copies == (["copy.db"] if "backup" in fault.fine else [])


def no_file_above(most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def without_privileges() -> None:
    """Root may write everything; as long as this process runs, it may not."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            assert ctypes.CDLL(None).prctl(24, capability) == 0  # PR_CAPBSET_DROP


@pytest.mark.parametrize(
    ("most", "fault"),
    [
        (10_000, Fault("gave a fault (disk I/O error)")),  # not even the index of the log fits
        (40_000, Fault("disk I/O error", ("list", "verify", "check"))),
    ],
)
def test_a_full_disk_is_said_by_every_command(register: Path, most: int, fault: Fault) -> None:
    before = counted(register)
    assert_told(run_all(register, no_file_above(most)), register, fault)
    before["decision_log"] += "check" in fault.fine
    assert counted(register) == before
    after = run_all(register, None)
    assert_told(after, register, Fault("", (*COMMANDS, "check")))
    assert counted(register)["entry"] == before["entry"] + 1


@pytest.mark.skipif(sys.platform == "win32", reason="modes are not kept there")
@pytest.mark.parametrize("closed", ["file", "folder"])
def test_what_may_not_be_written_is_said_by_every_command(register: Path, closed: str) -> None:
    content = register.read_bytes()
    (register if closed == "file" else register.parent).chmod(0o444 if closed == "file" else 0o555)
    fine = ("list", "verify", "backup") if closed == "file" else ()
    try:
        found = run_all(register, without_privileges)
    finally:
        register.parent.chmod(0o700)
        register.chmod(0o600)
    assert_told(found, register, Fault("cannot be ", fine))
    assert register.read_bytes() == content


def test_a_lock_that_somebody_keeps_is_said_by_every_command(register: Path) -> None:
    before = counted(register)
    with closing(SqliteRegister(register)) as other, other._locked(0):
        found = run_all(register, None, CAIO_MCP_LOCK_SECONDS="0.2")
    assert_told(found, register, Fault("in use by another program", ("list", "verify", "backup")))
    assert counted(register) == before


def broken_page(register: Path, table: str, *, is_schema: bool = False) -> None:
    with closing(sqlite3.connect(register)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()[0]
    content = bytearray(register.read_bytes())
    start = 100 if is_schema else (page - 1) * 4096
    content[start : start + 12] = b"\xde\xad\xbe\xef" * 3
    register.write_bytes(content)


@pytest.mark.parametrize("table", ["schema", "entry", "use_case", "decision_log", "decision"])
def test_a_damaged_page_is_said_by_every_command_that_meets_it(
    register: Path, caio: Caio, table: str
) -> None:
    broken_page(register, "entry" if table == "schema" else table, is_schema=table == "schema")
    content = register.read_bytes()
    check = caio(*CHECK)
    assert (check.status, check.err) == (3, "")
    copy = register.parent / "copy.db"
    for name, command in COMMANDS.items():
        ran = caio(*command, *([str(copy)] if name == "backup" else []))
        if ran.status == 2:
            ran.assert_refused("is damaged or is not a register", "Restore it from a backup")
        elif name == "verify":
            assert ran.status == 1
            assert "finding: The file is damaged (" in ran.out
            assert "`caio-mcp register restore FILE`" in ran.out
        else:
            assert name in ("list", "add")
            assert ran.status == 0
    assert not copy.exists()
    if table == "schema":
        assert register.read_bytes() == content


def test_names_that_are_no_longer_text_are_said(register: Path, caio: Caio) -> None:
    content = register.read_bytes()
    name = b"decision_log_no_replace"
    broken = content.replace(b"CREATE TRIGGER " + name, b"CREAT\xcc TRIGGER " + name)
    assert broken != content
    register.write_bytes(broken.replace(name, name.replace(b"c", b"\xe1")))
    assert caio(*CHECK).status == 3
    for command in (*COMMANDS.values(), ("doctor",), ("register", "person", "ann")):
        ran = caio(*command, *(["copy.db"] if "backup" in command else []))
        if command != ("doctor",):
            ran.assert_refused("is damaged or is not a register")
        assert "Restore it from a backup" in ran.said


def test_a_decision_whose_bytes_were_changed_is_taken_for_none(register: Path, caio: Caio) -> None:
    with closing(SqliteRegister(register)) as book:
        check = book.entry("E-0002", person="").check
    change(register, f"UPDATE decision SET content = x'00ff' WHERE check_id = '{check}'")
    for command in (("register", "show", "E-0002"), ("check", "--previous", check)):
        caio(*command).assert_refused("was changed since it was kept", "register verify")
