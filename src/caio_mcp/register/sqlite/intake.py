"""Importing uses of other inventories: each once, however often its file comes."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from sqlite_utils import Database

from ...core.lifecycle import STEPS
from .. import Intake, Taken, TakenIn
from .entries import SALT_BYTES, Entries, canonical, commitment, entry_name, write_row

AT_ONCE = 500  # uses in one transaction: others can write in between
IMPACT = "impact"  # the attribute that an entry has as a column of its own


class Importing(Entries):
    """Writing uses that come from files."""

    def take_in(
        self, intake: Intake, uses: Sequence[Taken], progress: Callable[[int], None]
    ) -> TakenIn:
        """Import uses, some at a time."""
        counts = TakenIn()
        for start in range(0, len(uses), AT_ONCE):
            with self._writing() as db:
                self._keep(db, intake.decision, intake.at)
                importer = self._party(db, intake.actor.person)
                for use in uses[start : start + AT_ONCE]:
                    counts = self._take(db, intake, use, importer, counts)
            progress(min(start + AT_ONCE, len(uses)))
        with self._writing() as db:
            write_row(
                db,
                "intake",
                at=intake.at,
                source=intake.source,
                digest=intake.digest,
                rows=len(uses),
                columns=intake.columns,
                **asdict(counts),
                party=self._party(db, intake.actor.person),
            )
        return counts

    def _take(
        self, db: Database, intake: Intake, use: Taken, importer: str, counts: TakenIn
    ) -> TakenIn:
        digest = hashlib.sha256(json.dumps(asdict(use), sort_keys=True).encode()).hexdigest()
        known = db.execute(
            "SELECT entry, digest FROM imported WHERE source = ? AND key = ?",
            (intake.source, use.key),
        ).fetchone()
        if known is None:
            self._add_taken(db, intake, use, importer, digest)
            return replace(counts, added=counts.added + 1)
        if known[1] == digest:
            return replace(counts, unchanged=counts.unchanged + 1)
        self._change_taken(db, intake, use, importer, int(known[0]), digest)
        return replace(counts, changed=counts.changed + 1)

    def _add_taken(
        self, db: Database, intake: Intake, use: Taken, importer: str, digest: str
    ) -> None:
        number = self._next(db, "entry")
        owner = self._party(db, use.contact) if use.contact else importer
        salt = secrets.token_bytes(SALT_BYTES)
        request = hashlib.sha256(f"{intake.source}\n{use.key}".encode()).hexdigest()[:32]
        content = canonical(
            {
                "entry": entry_name(number),
                "at": intake.at,
                "organisation": intake.organisation,
                "unit": use.unit,
                "owner": owner,
                "check": intake.decision.check,
                "status": use.status,
                "asks_for": "use",
                "stage": use.stage,
                "source": intake.source,
                "words": commitment(salt, use.title, use.purpose),
            }
        )
        write_row(
            db,
            "entry",
            id=number,
            request_id=request,
            check_id=intake.decision.check,
            organisation=intake.organisation,
            unit=use.unit,
            owner=importer,
            created_at=intake.at,
            content=content,
        )
        event = self._imported_event(db, intake, use, importer, number, salt)
        write_row(db, "detail", entry=number, title=use.title, purpose=use.purpose, salt=salt)
        write_row(
            db,
            "use_case",
            entry=number,
            event=event,
            organisation=intake.organisation,
            unit=use.unit,
            owner=owner,
            asks_for="use",
            status=use.status,
            stage=use.stage,
            impact=_first(use, IMPACT),
            decision=intake.decision.decision,
            check_id=intake.decision.check,
            source=intake.source,
            created_at=intake.at,
            decided_at=intake.at,
        )
        write_row(
            db,
            "imported",
            entry=number,
            source=intake.source,
            key=use.key,
            row=use.row,
            digest=digest,
        )
        _write_attributes(db, number, use)

    def _change_taken(
        self, db: Database, intake: Intake, use: Taken, importer: str, number: int, digest: str
    ) -> None:
        """What the file says now; what was decided here since stays."""
        status = db.execute("SELECT status FROM use_case WHERE entry = ?", (number,)).fetchone()[0]
        if use.status == "retired" and "retired" in STEPS[status]:
            status = "retired"
        salt = secrets.token_bytes(SALT_BYTES)
        event = self._imported_event(
            db, intake, replace(use, status=status), importer, number, salt
        )
        db.execute(
            "UPDATE detail SET title = ?, purpose = ?, salt = ? WHERE entry = ?",
            (use.title, use.purpose, salt, number),
        )
        self._write_state(
            db,
            number,
            {
                "event": event,
                "unit": use.unit,
                "stage": use.stage,
                "status": status,
                "impact": _first(use, IMPACT),
                "owner": self._party(db, use.contact) if use.contact else importer,
            },
        )
        db.execute(
            "UPDATE imported SET row = ?, digest = ? WHERE entry = ?", (use.row, digest, number)
        )
        db.execute("DELETE FROM attribute WHERE entry = ?", (number,))
        _write_attributes(db, number, use)

    @staticmethod
    def _imported_event(
        db: Database, intake: Intake, use: Taken, importer: str, number: int, salt: bytes
    ) -> int:
        said = {
            "entry": entry_name(number),
            "at": intake.at,
            "cause": "imported",
            "status": use.status,
            "by": importer,
            "role": intake.actor.role,
            "assurance": intake.actor.assurance,
            "source": intake.source,
            "file": intake.digest,
            "words": commitment(salt, use.title, use.purpose),
        }
        return write_row(
            db,
            "entry_event",
            entry=number,
            at=intake.at,
            status=use.status,
            cause="imported",
            party=importer,
            request_id=None,
            role=intake.actor.role,
            assurance=intake.actor.assurance,
            check_id=None,
            content=canonical(said),
        )


def _first(use: Taken, name: str) -> str:
    return next(iter(use.attributes.get(name, ())), "")


def _write_attributes(db: Database, number: int, use: Taken) -> None:
    db.conn.executemany(
        "INSERT OR IGNORE INTO attribute (entry, name, value) VALUES (?, ?, ?)",
        [(number, name, value) for name, values in use.attributes.items() for value in values],
    )
