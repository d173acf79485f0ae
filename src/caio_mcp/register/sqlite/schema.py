"""The tables of a register, and the steps that brought them there: forward only, additive."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from .. import Term
from ..terms import terms_of

# Tables whose rows stay as they are, and what makes a new row the same as an old one. All that
# is true of the register follows from them; every other table is made from them to be asked, or
# holds what can be erased.
APPEND_ONLY = {
    "archive": "rowid = new.rowid OR digest = new.digest",
    "decision": "rowid = new.rowid OR check_id = new.check_id",
    "entry": "id = new.id OR (owner, request_id) = (new.owner, new.request_id)",
    "entry_event": "id = new.id OR (party, request_id) = (new.party, new.request_id)",
    "decision_log": "id = new.id",
}
# Facts of the decision that an entry has as columns of its own.
COLUMN_FACTS = {"task": "purpose.task", "tool": "tool.id", "level": "data.level"}
MAY_GO = ("decision_log",)  # a line goes when its time is over, and is never another line
migrations = Migrations("caio_mcp")


@migrations()
def m001_first(db: Database) -> None:
    """Archive, decisions, decision log, parties, entries and their events."""
    for statement in _FIRST:
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


@migrations()
def m002_life_cycle(db: Database) -> None:
    """What events say, what an entry is now, and what decisions, texts and files are asked by."""
    for statement in _SECOND:
        db.execute(statement)
    for check, content in db.execute("SELECT check_id, content FROM decision").fetchall():
        keep_terms(db, check, terms_of(json.loads(content)))
    facts = {
        name: f"coalesce((SELECT value FROM term WHERE term.check_id = e.check_id "
        f"AND name = '{fact}' AND holds), '')"
        for name, fact in COLUMN_FACTS.items()
    }
    db.execute(_FROM_BEFORE.format(**facts))


def keep_terms(db: Database, check: str, terms: Iterable[Term]) -> None:
    """Write what a decision can be found by."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO term (check_id, name, value, holds) VALUES (?, ?, ?, ?)",
        [(check, term.name, term.value, int(term.holds)) for term in terms],
    )


_FIRST = (
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

_SECOND = (
    # When somebody's name and words were erased.
    "ALTER TABLE party ADD COLUMN erased_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE entry_event ADD COLUMN role TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE entry_event ADD COLUMN assurance TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE entry_event ADD COLUMN check_id TEXT REFERENCES decision",
    "ALTER TABLE entry_event ADD COLUMN content BLOB",
    "CREATE INDEX entry_event_cause ON entry_event (cause, id)",
    "ALTER TABLE detail ADD COLUMN salt BLOB",
    # What somebody wrote at a step; the event keeps a salted hash of it.
    """CREATE TABLE note (
        id INTEGER PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entry,
        event INTEGER NOT NULL REFERENCES entry_event, kind TEXT NOT NULL, words TEXT NOT NULL,
        salt BLOB NOT NULL) STRICT""",
    "CREATE INDEX note_entry ON note (entry, event)",
    # The entry as it is now.
    """CREATE TABLE use_case (
        entry INTEGER PRIMARY KEY REFERENCES entry, event INTEGER NOT NULL,
        organisation TEXT NOT NULL, unit TEXT NOT NULL, owner TEXT NOT NULL REFERENCES party,
        asks_for TEXT NOT NULL, status TEXT NOT NULL, stage TEXT NOT NULL DEFAULT '',
        impact TEXT NOT NULL DEFAULT '', decision TEXT NOT NULL,
        check_id TEXT NOT NULL REFERENCES decision, task TEXT NOT NULL DEFAULT '',
        tool TEXT NOT NULL DEFAULT '', level TEXT NOT NULL DEFAULT '',
        source TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL, decided_at TEXT NOT NULL,
        due_on TEXT NOT NULL DEFAULT '', review_on TEXT NOT NULL DEFAULT '',
        recheck TEXT NOT NULL DEFAULT '', members INTEGER NOT NULL DEFAULT 1) STRICT""",
    "CREATE INDEX use_case_owner ON use_case (owner, entry)",
    "CREATE INDEX use_case_status ON use_case (status, entry)",
    "CREATE INDEX use_case_check ON use_case (check_id)",
    # Counting by their columns reads nothing else (`covers` of statement.py).
    "CREATE INDEX use_case_unit ON use_case (unit, status, entry)",
    "CREATE INDEX use_case_tool ON use_case (tool, task, status, entry)",
    "CREATE INDEX use_case_created ON use_case (substr(created_at, 1, 10), status, entry)",
    "CREATE INDEX use_case_decision ON use_case (decision, level, stage, impact, source)",
    # What a decision says, coded; value '' that does not hold is every other member of a list.
    """CREATE TABLE term (
        check_id TEXT NOT NULL REFERENCES decision, name TEXT NOT NULL, value TEXT NOT NULL,
        holds INTEGER NOT NULL, PRIMARY KEY (check_id, name, value)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX term_value ON term (name, value, holds, check_id)",
    """CREATE TABLE attribute (
        entry INTEGER NOT NULL REFERENCES entry, name TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (entry, name, value)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX attribute_value ON attribute (name, value, entry)",
    """CREATE TABLE obligation (
        number INTEGER PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entry, id TEXT NOT NULL,
        origin TEXT NOT NULL,
        state TEXT NOT NULL, since TEXT NOT NULL, due_on TEXT NOT NULL, settled_at TEXT NOT NULL
        DEFAULT '', words TEXT NOT NULL, evidence TEXT NOT NULL DEFAULT '',
        UNIQUE (entry, id)) STRICT""",
    "CREATE INDEX obligation_state ON obligation (state, due_on)",
    """CREATE TABLE exception (
        id INTEGER PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entry, rule TEXT NOT NULL,
        scope TEXT NOT NULL, unit TEXT NOT NULL, starts TEXT NOT NULL, expires TEXT NOT NULL,
        role TEXT NOT NULL, party TEXT NOT NULL REFERENCES party, at TEXT NOT NULL,
        ended TEXT NOT NULL DEFAULT '', ended_on TEXT NOT NULL DEFAULT '') STRICT""",
    "CREATE INDEX exception_ended ON exception (ended, expires)",
    "CREATE INDEX exception_entry ON exception (entry)",
    # A tool that somebody named and nobody listed; it goes with its line of the log.
    """CREATE TABLE wanted (
        log INTEGER PRIMARY KEY REFERENCES decision_log ON DELETE CASCADE,
        name TEXT NOT NULL) STRICT""",
    # Files that were imported; the rows as they were can be erased.
    """CREATE TABLE intake (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, source TEXT NOT NULL, digest TEXT NOT NULL,
        rows INTEGER NOT NULL, columns INTEGER NOT NULL, added INTEGER NOT NULL,
        changed INTEGER NOT NULL, unchanged INTEGER NOT NULL,
        party TEXT NOT NULL REFERENCES party) STRICT""",
    """CREATE TABLE imported (
        entry INTEGER PRIMARY KEY REFERENCES entry, source TEXT NOT NULL, row TEXT,
        digest TEXT NOT NULL) STRICT""",
    """CREATE TABLE imported_key (
        source TEXT NOT NULL, key TEXT NOT NULL, entry INTEGER NOT NULL REFERENCES entry,
        PRIMARY KEY (source, key, entry)) STRICT, WITHOUT ROWID""",
)

_FROM_BEFORE = """
    INSERT INTO use_case (entry, event, organisation, unit, owner, asks_for, status, decision,
                          check_id, task, tool, level, created_at, decided_at, members)
    SELECT e.id, (SELECT max(id) FROM entry_event v WHERE v.entry = e.id), e.organisation,
           e.unit, e.owner, 'use',
           (SELECT status FROM entry_event v WHERE v.entry = e.id ORDER BY id DESC LIMIT 1),
           d.decision, e.check_id, {task}, {tool}, {level}, e.created_at, e.created_at,
           (SELECT count(DISTINCT party) FROM entry_event v WHERE v.entry = e.id
               AND cause IN ('created', 'joined'))
      FROM entry e JOIN decision d USING (check_id)
"""
