"""The register in one SQLite file: durable, append-only, safe with several processes."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ..core.document import quote
from ..errors import CaioError, RequestError, SetupError
from . import FIRST_STATUS, DecisionRecord, Entry, Health, NewEntry

SQLITE_VERSION_MIN = (3, 38)
# Two processes that write and checkpoint one WAL file at once can damage it before this
# version (sqlite.org/wal.html#walresetbug). The lock file keeps them apart.
SQLITE_WAL_FIXED = (3, 51, 3)
# An answer waits this long for its line in the log, and not at all after it waited in vain.
LOG_SECONDS = 1.0
# Tables whose rows stay as they are, and what makes a new row the same as an old one.
APPEND_ONLY = {
    "archive": "rowid = new.rowid OR digest = new.digest",
    "decision": "rowid = new.rowid OR check_id = new.check_id",
    "entry": "id = new.id OR (owner, request_id) = (new.owner, new.request_id)",
    "entry_event": "id = new.id OR (party, request_id) = (new.party, new.request_id)",
    "decision_log": "id = new.id",
}
MAY_GO = ("decision_log",)  # a line goes when its time is over, and is never another line

migrations = Migrations("caio_mcp")


@migrations()
def m001_first(db: Database) -> None:
    """Archive, decisions, decision log, parties, entries and their events."""
    for statement in _SCHEMA:
        db.execute(statement)
    for table, is_same in APPEND_ONLY.items():
        # The insert guard stops INSERT OR REPLACE, which deletes without asking a trigger.
        for name, event, when in (
            ("update", "UPDATE", ""),
            ("delete", "DELETE", ""),
            ("replace", "INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {is_same})"),
        ):
            if event == "DELETE" and table in MAY_GO:
                continue
            db.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} {when} "
                f"BEGIN SELECT raise(ABORT, '{table} is append-only'); END"
            )


_SCHEMA = (
    """CREATE TABLE archive (
        digest TEXT PRIMARY KEY, kind TEXT NOT NULL, content BLOB NOT NULL,
        archived_at TEXT NOT NULL) STRICT""",
    """CREATE TABLE decision (
        check_id TEXT PRIMARY KEY, content BLOB NOT NULL, decision TEXT NOT NULL,
        policy_hash TEXT NOT NULL REFERENCES archive, catalogue_hash TEXT NOT NULL
        REFERENCES archive, engine_version TEXT NOT NULL, as_of TEXT NOT NULL) STRICT""",
    # A person is a random pseudonym everywhere else; the name can be erased here alone.
    """CREATE TABLE party (
        id TEXT PRIMARY KEY, name TEXT UNIQUE) STRICT""",
    """CREATE TABLE decision_log (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, check_id TEXT NOT NULL REFERENCES decision,
        organisation TEXT NOT NULL, unit TEXT NOT NULL, party TEXT REFERENCES party,
        via TEXT NOT NULL) STRICT""",
    "CREATE INDEX decision_log_at ON decision_log (at)",
    """CREATE TABLE entry (
        id INTEGER PRIMARY KEY, request_id TEXT NOT NULL, check_id TEXT NOT NULL
        REFERENCES decision, organisation TEXT NOT NULL, unit TEXT NOT NULL,
        owner TEXT NOT NULL REFERENCES party, created_at TEXT NOT NULL,
        content BLOB NOT NULL, UNIQUE (owner, request_id)) STRICT""",
    "CREATE INDEX entry_owner ON entry (owner, id)",
    """CREATE TABLE entry_event (
        id INTEGER PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entry, at TEXT NOT NULL,
        status TEXT NOT NULL, cause TEXT NOT NULL, party TEXT NOT NULL REFERENCES party,
        request_id TEXT, UNIQUE (party, request_id)) STRICT""",
    "CREATE INDEX entry_event_entry ON entry_event (entry, id)",
    # Free text, apart from what proofs will seal, so that it can be erased.
    """CREATE TABLE detail (
        entry INTEGER PRIMARY KEY REFERENCES entry, title TEXT NOT NULL,
        purpose TEXT NOT NULL) STRICT""",
    "CREATE VIRTUAL TABLE detail_fts USING fts5 (title, purpose, content=detail, "
    "content_rowid=entry)",
    """CREATE TRIGGER detail_fts_insert AFTER INSERT ON detail BEGIN
        INSERT INTO detail_fts (rowid, title, purpose)
        VALUES (new.entry, new.title, new.purpose); END""",
    # FTS5 keeps deleted words until its parts are merged; `optimize` merges them at once.
    """CREATE TRIGGER detail_fts_delete AFTER DELETE ON detail BEGIN
        INSERT INTO detail_fts (detail_fts, rowid, title, purpose)
        VALUES ('delete', old.entry, old.title, old.purpose);
        INSERT INTO detail_fts (detail_fts) VALUES ('optimize'); END""",
    """CREATE TRIGGER detail_fts_update AFTER UPDATE ON detail BEGIN
        INSERT INTO detail_fts (detail_fts, rowid, title, purpose)
        VALUES ('delete', old.entry, old.title, old.purpose);
        INSERT INTO detail_fts (rowid, title, purpose)
        VALUES (new.entry, new.title, new.purpose);
        INSERT INTO detail_fts (detail_fts) VALUES ('optimize'); END""",
)

_ENTRY = """
    SELECT e.id, e.organisation, e.unit, e.owner, e.created_at, e.check_id,
           d.decision, d.policy_hash, t.title, t.purpose, p.name AS owner_name,
           (SELECT status FROM entry_event v WHERE v.entry = e.id ORDER BY v.id DESC LIMIT 1)
               AS status,
           (SELECT count(DISTINCT v.party) FROM entry_event v WHERE v.entry = e.id
               AND v.cause IN ('created', 'joined')) AS members
      FROM entry e JOIN decision d USING (check_id) LEFT JOIN detail t ON t.entry = e.id
      LEFT JOIN party p ON p.id = e.owner
"""


class SqliteRegister:
    """One register file. Every write is one transaction under a lock file."""

    def __init__(self, path: Path, *, lock_seconds: float = 10.0) -> None:
        self._path = path
        self._lock_seconds = lock_seconds
        self._log_seconds = min(lock_seconds, LOG_SECONDS)
        self._log_failed = False
        self._archived: set[str] = set()  # what is known to be kept already
        self._open: Database | None = None
        self._file: tuple[int, int] | None = None
        self._lock = FileLock(f"{path}.lock", mode=0o600)
        self._turn = threading.RLock()  # one connection, so one thread at a time

    # -- opening -------------------------------------------------------------------------

    def _database(self, seconds: float) -> Database:
        with self._faults(), self._turn:
            if self._open is None:
                self._open = self._connect(seconds)
                self._file = self._file_now()
            self._open.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
            return self._open

    def _connect(self, seconds: float) -> Database:
        if sqlite3.sqlite_version_info < SQLITE_VERSION_MIN:
            raise SetupError(
                f"SQLite {sqlite3.sqlite_version} is too old for the register.",
                remedy="Use a Python with SQLite 3.38 or newer.",
            )
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made here for its mode. A file that exists is left alone: closing it would drop the
        # locks that this process has on it through SQLite (sqlite.org/howtocorrupt.html, 2.2).
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        # isolation_level=None: transactions are begun here, by name, and nowhere else.
        connection = sqlite3.connect(
            self._path, timeout=seconds, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
            db = Database(connection, execute_plugins=False)
            if not self._is_ready(db):
                with self._locked(seconds):  # several processes may start at once
                    self._prepare(db)
        except BaseException:
            connection.close()
            raise
        return db

    def _is_ready(self, db: Database) -> bool:
        """Whether the file can be used as it is; a register that is ready opens unlocked."""
        applied = {migration.name for migration in migrations.applied(db)}
        if not applied and db.table_names():
            raise SetupError(
                f"{self._path} is a database of another program, not a register.",
                remedy="Give the register a file of its own.",
            )
        with Database(memory=True, execute_plugins=False) as empty:
            known = {migration.name for migration in migrations.pending(empty)}
        if applied - known:
            raise SetupError(
                f"The register {self._path} was made by a newer caio-mcp.",
                remedy="Update caio-mcp.",
            )
        return applied == known and next(db.query("PRAGMA journal_mode"))["journal_mode"] == "wal"

    def _prepare(self, db: Database) -> None:
        db.execute("PRAGMA journal_mode=WAL")
        with self._transaction(db):
            migrations.apply(db)

    def close(self) -> None:
        """Let go of the file; the last one to close writes the log back, under the lock."""
        with self._turn:
            db, self._open = self._open, None
        if db is None:
            return
        with suppress(SetupError, OSError), self._locked(self._soon):
            db.close()
        db.close()  # without the lock where somebody keeps it: nothing here is unwritten

    @property
    def _soon(self) -> float:
        """How long to wait where somebody waits for an answer."""
        return 0.0 if self._log_failed else self._log_seconds

    def _file_now(self) -> tuple[int, int] | None:
        with suppress(FileNotFoundError):
            found = self._path.stat()
            return found.st_dev, found.st_ino
        return None

    @contextmanager
    def _locked(self, seconds: float) -> Iterator[None]:
        """No other process and no other thread writes meanwhile."""
        try:
            with self._lock.acquire(timeout=seconds, poll_interval=0.01):
                yield
        except Timeout:
            raise SetupError(
                f"The register {self._path} is in use by another program.",
                remedy="Nothing was written. Try again when that program is done.",
            ) from None

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """What the storage can say, in words that help; a fault of the program stays one."""
        try:
            yield
        except sqlite3.OperationalError as error:
            problem, remedy = _operational(str(error))
            raise SetupError(
                f"The register {self._path} {problem}.", remedy=f"Nothing was written. {remedy}"
            ) from None
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise SetupError(
                f"The register {self._path} is damaged or is not a register ({error}).",
                remedy="Restore it from a backup.",
            ) from None
        except UnicodeEncodeError:
            raise RequestError(
                "The text holds broken characters, which cannot be kept.",
                remedy="Leave them out or write them again.",
            ) from None
        except OSError as error:
            raise SetupError(
                f"The register {self._path} cannot be opened: {error.strerror}.",
                remedy="Check that the folder exists and that you may write it.",
            ) from None

    @contextmanager
    def _writing(
        self, seconds: float | None = None, *, survives_power_cut: bool = True
    ) -> Iterator[Database]:
        """One write. What an answer only reports need not wait for the disk itself: no crash of
        a program loses it, a power cut may lose the last of it, and nothing else."""
        seconds = self._lock_seconds if seconds is None else seconds
        db = self._database(seconds)
        with self._faults(), self._locked(seconds), self._turn:
            if self._file_now() != self._file:
                raise SetupError(
                    f"The register {self._path} was moved or replaced while it was open.",
                    remedy="Nothing was written. Start caio-mcp again.",
                )
            db.execute(f"PRAGMA synchronous={'FULL' if survives_power_cut else 'NORMAL'}")
            with self._transaction(db):
                yield db

    @contextmanager
    def _transaction(self, db: Database) -> Iterator[None]:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:  # some faults end it themselves
                db.execute("ROLLBACK")
            raise

    def _rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        db = self._database(self._lock_seconds)
        with self._faults(), self._turn:
            return list(db.query(sql, values))

    def _row(self, sql: str, **values: object) -> dict[str, Any] | None:
        return next(iter(self._rows(sql, **values)), None)

    # -- archive and log -------------------------------------------------------------------

    def archived(self, digest: str) -> bytes | None:
        """The bytes kept under a hash."""
        row = self._row("SELECT content FROM archive WHERE digest = :digest", digest=digest)
        return None if row is None else bytes(row["content"])

    def log(
        self,
        record: DecisionRecord,
        *,
        at: str,
        organisation: str,
        unit: str,
        person: str,
        via: str,
    ) -> None:
        """Write a check into the decision log, soon or not at all: somebody waits for it."""
        seconds, self._log_failed = self._soon, True
        with self._writing(seconds, survives_power_cut=False) as db:
            self._keep(db, record, at)
            party = self._party(db, person) if person else None
            db.execute(
                "INSERT INTO decision_log (at, check_id, organisation, unit, party, via) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (at, record.check, organisation, unit, party, via),
            )
        self._archived |= {archive.digest for archive in record.made_with}
        self._log_failed = False

    def decision(self, check: str) -> DecisionRecord | None:
        """A decision that was logged or registered."""
        row = self._row("SELECT * FROM decision WHERE check_id = :check", check=check)
        if row is None:
            return None
        return DecisionRecord(
            row["check_id"],
            bytes(row["content"]),
            row["decision"],
            row["policy_hash"],
            row["catalogue_hash"],
            row["engine_version"],
            row["as_of"],
        )

    def _keep(self, db: Database, record: DecisionRecord, at: str) -> None:
        for archive in record.made_with:
            if archive.digest in self._archived:
                continue
            db.execute(
                "INSERT INTO archive (digest, kind, content, archived_at) "
                "SELECT :digest, :kind, :content, :at "
                "WHERE NOT EXISTS (SELECT 1 FROM archive WHERE digest = :digest)",
                {
                    "digest": archive.digest,
                    "kind": archive.kind,
                    "content": archive.content,
                    "at": at,
                },
            )
        select = "SELECT content FROM decision WHERE check_id = ?"
        found = db.execute(select, (record.check,)).fetchone()
        if found is None:
            db.execute(
                "INSERT INTO decision (check_id, content, decision, policy_hash, "
                "catalogue_hash, engine_version, as_of) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    record.check,
                    record.content,
                    record.decision,
                    record.policy_hash,
                    record.catalogue_hash,
                    record.engine_version,
                    record.as_of,
                ),
            )
        elif bytes(found[0]) != record.content:
            raise CaioError(
                f"Two decisions share the check id {record.check}.",
                remedy="Report this as a fault of caio-mcp.",
            )

    @staticmethod
    def _party(db: Database, person: str) -> str:
        found = next(db.query("SELECT id FROM party WHERE name = :name", {"name": person}), None)
        if found is not None:
            return str(found["id"])
        pseudonym = f"P-{secrets.token_hex(5)}"
        db.table("party").insert({"id": pseudonym, "name": person})
        return pseudonym

    # -- entries -----------------------------------------------------------------------------

    def add(self, new: NewEntry) -> Entry:
        """A new entry; the same request id gives the entry it made before."""
        with self._writing() as db:
            owner = self._party(db, new.person)
            earlier = next(
                db.query(
                    "SELECT e.id, e.check_id, t.title FROM entry e "
                    "LEFT JOIN detail t ON t.entry = e.id "
                    "WHERE owner = :owner AND request_id = :request",
                    {"owner": owner, "request": new.request_id},
                ),
                None,
            )
            if earlier is None:
                return self._entry(self._insert(db, new, owner), new.person, is_new=True)
            found = _name(earlier["id"])
            is_same = earlier["check_id"] == new.decision.check
            if new.has_own_id and (not is_same or earlier["title"] not in (new.title, None)):
                raise RequestError(
                    f"This request id was used before, for {found}.",
                    remedy=f"Use a new request id, or keep to {found}.",
                )
            return self._entry(earlier["id"], new.person)

    def _insert(self, db: Database, new: NewEntry, owner: str) -> int:
        self._keep(db, new.decision, new.at)
        number = next(db.query("SELECT coalesce(max(id), 0) + 1 AS id FROM entry"))["id"]
        status = FIRST_STATUS[new.decision.decision]
        content = json.dumps(
            {
                "entry": _name(number),
                "at": new.at,
                "organisation": new.organisation,
                "unit": new.unit,
                "owner": owner,
                "check": new.decision.check,
                "status": status,
            },
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
        db.table("entry").insert(
            {
                "id": number,
                "request_id": new.request_id,
                "check_id": new.decision.check,
                "organisation": new.organisation,
                "unit": new.unit,
                "owner": owner,
                "created_at": new.at,
                "content": content,
            }
        )
        db.table("entry_event").insert(
            {
                "entry": number,
                "at": new.at,
                "status": status,
                "cause": "created",
                "party": owner,
                "request_id": None,
            }
        )
        db.table("detail").insert({"entry": number, "title": new.title, "purpose": new.purpose})
        return int(number)

    def join(self, entry: str, *, request_id: str, at: str, person: str) -> Entry:
        """Take part in an entry that is approved."""
        number = _number(entry)
        with self._writing() as db:
            found = self._entry(number, person)
            if found.status != "approved":
                raise RequestError(
                    f"{found.id} is {found.status.replace('_', ' ')}, not approved, so "
                    "nobody can join it.",
                    remedy="Register a use of your own.",
                )
            party = self._party(db, person)
            if self._takes_part(db, number, party):
                return found
            used = next(
                db.query(
                    "SELECT entry FROM entry_event WHERE party = :party AND request_id = :request",
                    {"party": party, "request": request_id},
                ),
                None,
            )
            if used is not None:
                raise RequestError(
                    f"This request id was used before, for {_name(used['entry'])}.",
                    remedy="Use a new request id.",
                )
            db.table("entry_event").insert(
                {
                    "entry": number,
                    "at": at,
                    "status": found.status,
                    "cause": "joined",
                    "party": party,
                    "request_id": request_id,
                }
            )
            return self._entry(number, person, is_new=True)

    @staticmethod
    def _takes_part(db: Database, number: int, party: str) -> bool:
        found = db.query(
            "SELECT 1 FROM entry_event WHERE entry = :entry AND party = :party "
            "AND cause IN ('created', 'joined')",
            {"entry": number, "party": party},
        )
        return next(found, None) is not None

    def entry(self, entry: str, *, person: str) -> Entry:
        """One entry."""
        return self._entry(_number(entry), person)

    def _entry(self, number: int, person: str, *, is_new: bool = False) -> Entry:
        row = self._row(f"{_ENTRY} WHERE e.id = :id", id=number)
        if row is None:
            raise _no_entry(_name(number))
        return _read(row, person, is_new=is_new)

    def entries(
        self,
        *,
        person: str,
        own_only: bool,
        words: str = "",
        status: str = "",
        limit: int = 20,
        before: str = "",
    ) -> Sequence[Entry]:
        """Entries, the newest first: by words of title and purpose, by status, own or all."""
        conditions, values = ["1"], dict[str, object](limit=limit, person=person)
        if own_only:
            conditions.append("(owner_name = :person OR status = 'approved')")
        if query := _query(words):
            found = "e.id IN (SELECT rowid FROM detail_fts WHERE detail_fts MATCH :{})"
            conditions.append(found.format("words"))
            values["words"] = query
            if own_only:  # what others wrote of their purpose is not shown, so not found either
                conditions.append(f"(owner_name = :person OR {found.format('title_words')})")
                values["title_words"] = f"title : ({query})"
        elif words.strip():
            return []  # only signs, which no word holds
        if status:
            conditions.append("status = :status")
            values["status"] = status
        if before:
            conditions.append("e.id < :before")
            values["before"] = _number(before)
        rows = self._rows(
            f"SELECT * FROM ({_ENTRY}) e WHERE {' AND '.join(conditions)} "
            "ORDER BY e.id DESC LIMIT :limit",
            **values,
        )
        return [_read(row, person) for row in rows]

    def health(self) -> Health:
        """What it runs on, how much it holds, and what needs care."""
        entries, checks = (
            self._rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]
            for table in ("entry", "decision_log")
        )
        found = self._rows("PRAGMA quick_check(1)")[0]["quick_check"]
        cares = [] if found == "ok" else [f"The register is damaged: {found}. Restore a backup."]
        if sqlite3.sqlite_version_info < SQLITE_WAL_FIXED:
            cares.append(
                f"SQLite {sqlite3.sqlite_version} has a rare fault with several writers, mended "
                "in 3.51.3; the lock file of the register avoids it. Do not open the register "
                "with other programs while it is in use."
            )
        return Health(f"SQLite {sqlite3.sqlite_version}", entries, checks, tuple(cares))


def _operational(what: str) -> tuple[str, str]:
    """What is wrong with the register, and what helps, for a fault that SQLite names."""
    if "readonly" in what:
        return "cannot be written", "Check who may write the file and its folder."
    if "unable to open" in what:
        return "cannot be opened", "Check that it is a file, and who may write it and its folder."
    if "locked" in what or "busy" in what:
        return "is in use by another program", "Try again when that program is done."
    if "full" in what:
        return "cannot grow: the disk is full", "Make room, then try again."
    return f"gave a fault ({what})", "Check the disk, then run `caio-mcp doctor`."


def _query(words: str) -> str:
    """The words as an FTS5 query: each as the start of a word, and none as an operator."""
    kept = "".join(c if c.isprintable() and c != '"' else " " for c in words)
    return " ".join(f'"{word}"*' for word in kept.split() if any(map(str.isalnum, word)))


def _name(number: int) -> str:
    return f"E-{number:04d}"


def _number(entry: str) -> int:
    digits = entry.strip().upper().removeprefix("E-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise _no_entry(entry)
    return int(digits)


def _no_entry(entry: str) -> RequestError:
    return RequestError(
        f"There is no entry {quote(entry)}.",
        remedy="Entries have ids like E-0001; search_register finds them.",
    )


def _read(row: dict[str, Any], person: str, *, is_new: bool = False) -> Entry:
    is_own = row["owner_name"] == person
    return Entry(
        id=_name(row["id"]),
        status=row["status"],
        title=row["title"] or "(erased)",
        purpose=row["purpose"] or "",
        organisation=row["organisation"],
        unit=row["unit"],
        owner=row["owner"],
        is_own=is_own,
        created_at=row["created_at"],
        check=row["check_id"],
        decision=row["decision"],
        policy_hash=row["policy_hash"],
        members=row["members"],
        is_new=is_new,
    )
