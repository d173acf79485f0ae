"""Importing uses of other inventories: each once, however often its file comes."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace

from sqlite_utils import Database

from ...core.lifecycle import STEPS
from .. import Intake, Origin, Taken, TakenIn
from .entries import SALT_BYTES, Entries, canonical, commitment, entry_name, entry_number, write_row

AT_ONCE = 500  # uses in one transaction: others can write in between
NOBODY = "P-nobody"  # a party without a name, which no person can have
IMPACT = "impact"  # the attribute that an entry has as a column of its own


class Importing(Entries):
    """Writing uses that come from files."""

    def known_uses(self, source: str) -> Mapping[str, Sequence[str]]:
        """Of everything that was imported from a source, the entries by each of their keys."""
        found: dict[str, list[str]] = {}
        for row in self._rows("SELECT key, entry FROM imported_key WHERE source = :s", s=source):
            found.setdefault(row["key"], []).append(entry_name(row["entry"]))
        return found

    def origins(self, entries: Sequence[str]) -> Mapping[str, Origin]:
        """What those of these entries that were imported brought with them."""
        marks = ", ".join(str(entry_number(entry)) for entry in entries) or "0"
        attributes: dict[int, dict[str, tuple[str, ...]]] = {}
        for row in self._rows(f"SELECT * FROM attribute WHERE entry IN ({marks}) ORDER BY 1, 2, 3"):
            of_entry = attributes.setdefault(row["entry"], {})
            of_entry[row["name"]] = (*of_entry.get(row["name"], ()), row["value"])
        rows = self._rows(f"SELECT entry, row FROM imported WHERE entry IN ({marks})")
        return {
            entry_name(row["entry"]): Origin(row["row"] or "", attributes.get(row["entry"], {}))
            for row in rows
        }

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
        content = json.dumps(asdict(replace(use, entry="")), sort_keys=True)
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
        known = db.execute(
            "SELECT entry, digest FROM imported WHERE entry = ? OR ? = 0 AND entry IN "
            "(SELECT entry FROM imported_key WHERE source = ? AND key = ?)",
            (
                number := entry_number(use.entry) if use.entry else 0,
                number,
                intake.source,
                use.keys[0],
            ),
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
        owner = self._owner(db, use)
        salt = secrets.token_bytes(SALT_BYTES)
        request = hashlib.sha256(f"{intake.source}\n{use.keys[0]}".encode()).hexdigest()[:32]
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
            members=0,
        )
        write_row(
            db,
            "imported",
            entry=number,
            source=intake.source,
            row=use.row,
            digest=digest,
        )
        _write_attributes(db, intake, number, use)

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
                "owner": self._owner(db, use),
            },
        )
        db.execute(
            "UPDATE imported SET row = ?, digest = ? WHERE entry = ?", (use.row, digest, number)
        )
        db.execute("DELETE FROM attribute WHERE entry = ?", (number,))
        _write_attributes(db, intake, number, use)

    def _owner(self, db: Database, use: Taken) -> str:
        """Whom the file names; nobody where it names none: importing makes nobody an owner."""
        if use.contact:
            return self._party(db, use.contact)
        db.conn.execute("INSERT OR IGNORE INTO party (id, name) VALUES (?, NULL)", (NOBODY,))
        return NOBODY

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


def _write_attributes(db: Database, intake: Intake, number: int, use: Taken) -> None:
    db.conn.executemany(
        "INSERT OR IGNORE INTO imported_key (source, key, entry) VALUES (?, ?, ?)",
        [(intake.source, key, number) for key in use.keys],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO attribute (entry, name, value) VALUES (?, ?, ?)",
        [(number, name, value) for name, values in use.attributes.items() for value in values],
    )
