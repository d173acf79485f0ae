"""The register in one SQLite file: durable, append-only, safe with several processes."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ..errors import CaioError, RequestError, SetupError
from . import FIRST_STATUS, DecisionRecord, Entry, Health, NewEntry

SQLITE_VERSION_MIN = (3, 38)
# Two processes that write and checkpoint one WAL file at once can damage it before this
# version (sqlite.org/wal.html#walresetbug). The lock file keeps them apart.
SQLITE_WAL_FIXED = (3, 51, 3)
APPEND_ONLY = ("archive", "decision", "entry", "entry_event")

migrations = Migrations("caio_mcp")


@migrations()
def m001_first(db: Database) -> None:
    """Archive, decisions, decision log, parties, entries and their events."""
    for statement in _SCHEMA:
        db.execute(statement)
    for table in APPEND_ONLY:
        # The insert guard stops INSERT OR REPLACE, which deletes without asking a trigger.
        key = {"archive": "digest", "decision": "check_id"}.get(table, "id")
        for name, event, when in (
            ("update", "UPDATE", ""),
            ("delete", "DELETE", ""),
            ("replace", "INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = new.{key})"),
        ):
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
    """CREATE TRIGGER decision_log_no_update BEFORE UPDATE ON decision_log
        BEGIN SELECT raise(ABORT, 'decision_log is append-only'); END""",
    """CREATE TABLE entry (
        id INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, check_id TEXT NOT NULL
        REFERENCES decision, organisation TEXT NOT NULL, unit TEXT NOT NULL,
        owner TEXT NOT NULL REFERENCES party, created_at TEXT NOT NULL,
        content BLOB NOT NULL) STRICT""",
    "CREATE INDEX entry_owner ON entry (owner, id)",
    """CREATE TABLE entry_event (
        id INTEGER PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entry, at TEXT NOT NULL,
        status TEXT NOT NULL, cause TEXT NOT NULL, party TEXT NOT NULL REFERENCES party,
        request_id TEXT UNIQUE) STRICT""",
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
    """CREATE TRIGGER detail_fts_delete AFTER DELETE ON detail BEGIN
        INSERT INTO detail_fts (detail_fts, rowid, title, purpose)
        VALUES ('delete', old.entry, old.title, old.purpose); END""",
    """CREATE TRIGGER detail_fts_update AFTER UPDATE ON detail BEGIN
        INSERT INTO detail_fts (detail_fts, rowid, title, purpose)
        VALUES ('delete', old.entry, old.title, old.purpose);
        INSERT INTO detail_fts (rowid, title, purpose)
        VALUES (new.entry, new.title, new.purpose); END""",
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
        self._open: Database | None = None
        self._lock = FileLock(f"{path}.lock", timeout=lock_seconds, mode=0o600, thread_local=False)

    # -- opening -------------------------------------------------------------------------

    @property
    def _db(self) -> Database:
        if self._open is None:
            with self._faults():
                self._open = self._connect()
        return self._open

    def _connect(self) -> Database:
        if sqlite3.sqlite_version_info < SQLITE_VERSION_MIN:
            raise SetupError(
                f"SQLite {sqlite3.sqlite_version} is too old for the register.",
                remedy="Use a Python with SQLite 3.38 or newer.",
            )
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked():
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            # isolation_level=None: transactions are begun here, by name, and nowhere else.
            connection = sqlite3.connect(
                self._path,
                timeout=self._lock_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")  # NORMAL loses rows in a power cut
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
            db = Database(connection, execute_plugins=False)
            connection.execute("BEGIN IMMEDIATE")  # two processes may start at once
            try:
                self._refuse_newer(db)
                migrations.apply(db)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                connection.close()
                raise
        return db

    def _refuse_newer(self, db: Database) -> None:
        if "_sqlite_migrations" not in db.table_names():
            return
        known = {migration.name for migration in migrations.pending(Database(memory=True))}
        applied = {
            row["name"]
            for row in db.query(
                "SELECT name FROM _sqlite_migrations WHERE migration_set = 'caio_mcp'"
            )
        }
        if applied - known:
            raise SetupError(
                f"The register {self._path} was made by a newer caio-mcp.",
                remedy="Update caio-mcp.",
            )

    def close(self) -> None:
        """Let go of the file; the last one to close writes the log back, under the lock."""
        if self._open is not None:
            with self._locked():
                self._open.close()
            self._open = None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except Timeout:
            raise SetupError(
                f"The register {self._path} has been in use by another program for "
                f"{self._lock_seconds:g} seconds.",
                remedy="Nothing was written. Try again when that program is done.",
            ) from None

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """What the storage can say, in words that help."""
        try:
            yield
        except sqlite3.OperationalError as error:
            what = str(error)
            if "readonly" in what or "unable to open" in what:
                problem = "cannot be written"
                remedy = "Check who may write the file and its folder."
            elif "locked" in what or "busy" in what:
                problem, remedy = "is in use by another program", "Try again in a moment."
            elif "full" in what:
                problem, remedy = "cannot grow: the disk is full", "Make room, then try again."
            else:
                problem, remedy = f"gave a fault ({what})", "Run `caio-mcp doctor`."
            raise SetupError(
                f"The register {self._path} {problem}.", remedy=f"Nothing was written. {remedy}"
            ) from None
        except sqlite3.DatabaseError as error:
            raise SetupError(
                f"The register {self._path} is damaged or is not a register ({error}).",
                remedy="Restore it from a backup.",
            ) from None
        except OSError as error:
            raise SetupError(
                f"The register {self._path} cannot be opened: {error.strerror}.",
                remedy="Check that the folder exists and that you may write it.",
            ) from None

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        db = self._db
        with self._faults(), self._locked():
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def _rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        db = self._db
        with self._faults():
            return list(db.query(sql, values))

    def _row(self, sql: str, **values: object) -> dict[str, Any] | None:
        return next(iter(self._rows(sql, **values)), None)

    # -- archive and log -------------------------------------------------------------------

    def archive(self, digest: str, kind: str, content: bytes, at: str) -> None:
        """Keep the bytes of a policy set or catalogue under their hash."""
        if self._row("SELECT 1 AS one FROM archive WHERE digest = :digest", digest=digest):
            return
        with self._writing() as db:
            db.table("archive").insert(
                {"digest": digest, "kind": kind, "content": content, "archived_at": at}, ignore=True
            )

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
        """Write a check into the decision log."""
        with self._writing() as db:
            self._keep(db, record)
            db.table("decision_log").insert(
                {
                    "at": at,
                    "check_id": record.check,
                    "organisation": organisation,
                    "unit": unit,
                    "party": self._party(db, person) if person else None,
                    "via": via,
                }
            )

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

    @staticmethod
    def _keep(db: Database, record: DecisionRecord) -> None:
        found = next(
            db.query(
                "SELECT content FROM decision WHERE check_id = :check", {"check": record.check}
            ),
            None,
        )
        if found is None:
            db.table("decision").insert(
                {
                    "check_id": record.check,
                    "content": record.content,
                    "decision": record.decision,
                    "policy_hash": record.policy_hash,
                    "catalogue_hash": record.catalogue_hash,
                    "engine_version": record.engine_version,
                    "as_of": record.as_of,
                }
            )
        elif bytes(found["content"]) != record.content:
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
            earlier = next(
                db.query(
                    "SELECT e.id, e.check_id, p.name FROM entry e JOIN party p ON p.id = e.owner "
                    "WHERE request_id = :request",
                    {"request": new.request_id},
                ),
                None,
            )
            if earlier is not None and (earlier["check_id"], earlier["name"]) != (
                new.decision.check,
                new.person,
            ):
                raise RequestError(
                    "This request id was used before for something else.",
                    remedy="Use a new request id.",
                )
            number = earlier["id"] if earlier else self._insert(db, new)
        return self._entry(number, new.person, is_new=earlier is None)

    def _insert(self, db: Database, new: NewEntry) -> int:
        self._keep(db, new.decision)
        owner = self._party(db, new.person)
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
        found = self.entry(entry, person=person)
        if found.status != "approved":
            raise RequestError(
                f"{entry} is {found.status.replace('_', ' ')}, not approved, so "
                "nobody can join it.",
                remedy="Register a use of your own.",
            )
        with self._writing() as db:
            party = self._party(db, person)
            known = next(
                db.query(
                    "SELECT 1 AS one FROM entry_event WHERE entry = :entry AND party = :party "
                    "AND cause IN ('created', 'joined')",
                    {"entry": _number(entry), "party": party},
                ),
                None,
            )
            if known is None:
                db.table("entry_event").insert(
                    {
                        "entry": _number(entry),
                        "at": at,
                        "status": found.status,
                        "cause": "joined",
                        "party": party,
                        "request_id": request_id,
                    }
                )
        return self._entry(_number(entry), person, is_new=known is None)

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
        conditions, values = ["1"], dict[str, object](limit=limit)
        if own_only:
            conditions.append("(owner_name = :person OR status = 'approved')")
            values["person"] = person
        if words:
            conditions.append(
                "e.id IN (SELECT rowid FROM detail_fts WHERE detail_fts MATCH :words)"
            )
            values["words"] = self._db.quote_fts(words)
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


def _name(number: int) -> str:
    return f"E-{number:04d}"


def _number(entry: str) -> int:
    digits = entry.strip().upper().removeprefix("E-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise _no_entry(entry)
    return int(digits)


def _no_entry(entry: str) -> RequestError:
    shown = entry if len(entry) < 16 and entry.isprintable() else "of that id"
    return RequestError(
        f"There is no entry {shown}.",
        remedy="Entries have ids like E-0042; search_register finds them.",
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
