"""The decision log, and what was decided with what: archived files, decisions, persons."""

from __future__ import annotations

import datetime
import json
import secrets

from sqlite_utils import Database

from ...errors import CaioError
from .. import DecisionRecord
from ..terms import terms_of
from .schema import keep_terms
from .storage import Storage

FORGOTTEN_AT_ONCE = 2_000


class Log(Storage):
    """Every check, and the decisions that checks and entries share."""

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
        wanted: str = "",
    ) -> None:
        """Write a check into the decision log, soon or not at all: somebody waits for it."""
        seconds, self._log_failed = self._soon, True
        with self._writing(seconds, survives_power_cut=False) as db:
            self._keep(db, record, at)
            party = self._party(db, person) if person else None
            line = db.execute(
                "INSERT INTO decision_log (at, check_id, organisation, unit, party, via) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (at, record.check, organisation, unit, party, via),
            ).lastrowid
            if wanted:
                db.execute("INSERT INTO wanted (log, name) VALUES (?, ?)", (line, wanted))
            is_swept = self._forget(db, at)
        self._swept = at[:10] if is_swept else ""
        self._archived |= {archive.digest for archive in record.made_with}
        self._log_failed = False

    def _forget(self, db: Database, at: str) -> bool:
        """Delete lines whose time is over, some at a time, since somebody waits for an answer;
        whether this is done for today. Decisions stay: they are coded facts."""
        if not self._log_days or self._swept == at[:10]:
            return True
        last = datetime.date.fromisoformat(at[:10]) - datetime.timedelta(days=self._log_days)
        gone = db.execute(
            "DELETE FROM decision_log WHERE id IN "
            "(SELECT id FROM decision_log WHERE at < ? ORDER BY at LIMIT ?)",
            (last.isoformat(), FORGOTTEN_AT_ONCE),
        )
        return gone.rowcount < FORGOTTEN_AT_ONCE

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
            keep_terms(db, record.check, terms_of(json.loads(record.content)))
        elif bytes(found[0]) != record.content:
            raise CaioError(
                f"Two decisions share the check id {record.check}.",
                remedy="Report this as a fault of caio-mcp.",
            )

    @staticmethod
    def _party(db: Database, person: str) -> str:
        found = db.conn.execute("SELECT id FROM party WHERE name = ?", (person,)).fetchone()
        if found is not None:
            return str(found[0])
        pseudonym = f"P-{secrets.token_hex(5)}"
        db.table("party").insert({"id": pseudonym, "name": person})
        return pseudonym
