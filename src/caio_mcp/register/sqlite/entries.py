"""Entries and what happens to them: every step is an event, and the entry as it is now follows."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from ...core.lifecycle import IN_FORCE, first_status, step, words
from ...core.wording import Plain, quote
from ...errors import RequestError
from .. import Actor, Change, Duty, Entry, Event, Grant, Granted, NewEntry, Obligation
from ..terms import terms_of
from .log import Log
from .schema import COLUMN_FACTS

SALT_BYTES = 32
SETTABLE = ("unit", "stage", "due_on", "review_on", "recheck")

SELECT_ENTRY = """
    SELECT u.*, d.policy_hash, t.title, t.purpose, p.name AS owner_name,
           EXISTS (SELECT 1 FROM entry_event v JOIN party q ON q.id = v.party
                    WHERE v.entry = u.entry AND v.cause IN ('created', 'joined')
                      AND q.name = :person) AS takes_part
      FROM use_case u JOIN decision d USING (check_id)
      LEFT JOIN detail t ON t.entry = u.entry LEFT JOIN party p ON p.id = u.owner
"""


class Entries(Log):
    """Writing entries and their events, and reading one."""

    # -- new entries ---------------------------------------------------------------------------

    def add(self, new: NewEntry) -> Entry:
        """A new entry; the same request id gives the entry it made before."""
        with self._writing() as db:
            party = self._party(db, new.person)
            earlier = _first(
                db,
                "SELECT e.id, e.check_id, t.title FROM entry e LEFT JOIN detail t "
                "ON t.entry = e.id WHERE owner = :owner AND request_id = :request",
                owner=party,
                request=new.request_id,
            )
            added = self._insert(db, new, party) if earlier is None else None
        if added is not None:
            self._archived |= {archive.digest for archive in new.decision.made_with}
            return added
        assert earlier is not None
        found = entry_name(earlier["id"])
        is_same = earlier["check_id"] == new.decision.check
        if new.has_own_id and (not is_same or earlier["title"] not in (new.title, None)):
            raise RequestError(
                f"This request id was used before, for {found}.",
                remedy=f"Use a new request id, or keep to {found}.",
            )
        return self._entry(earlier["id"], new.person)

    def _insert(self, db: Database, new: NewEntry, party: str) -> Entry:
        self._keep(db, new.decision, new.at)
        number = int(db.execute("SELECT coalesce(max(id), 0) + 1 FROM entry").fetchone()[0])
        status = first_status(new.decision.decision, new.asks_for)
        salt = secrets.token_bytes(SALT_BYTES)
        salts = {kind: secrets.token_bytes(SALT_BYTES) for kind in new.notes}
        content = canonical(
            {
                "entry": entry_name(number),
                "at": new.at,
                "organisation": new.organisation,
                "unit": new.unit,
                "owner": party,
                "check": new.decision.check,
                "status": status,
                "asks_for": new.asks_for,
                "stage": new.stage,
                "words": commitment(salt, new.title, new.purpose),
                "notes": {kind: commitment(salts[kind], text) for kind, text in new.notes.items()},
            }
        )
        write_row(
            db,
            "entry",
            id=number,
            request_id=new.request_id,
            check_id=new.decision.check,
            organisation=new.organisation,
            unit=new.unit,
            owner=party,
            created_at=new.at,
            content=content,
        )
        event = write_row(
            db,
            "entry_event",
            entry=number,
            at=new.at,
            status=status,
            cause="created",
            party=party,
            request_id=None,
            role="employee",
            assurance=new.assurance,
            check_id=new.decision.check,
        )
        write_row(db, "detail", entry=number, title=new.title, purpose=new.purpose, salt=salt)
        state: dict[str, Any] = {
            "entry": number,
            "event": event,
            "organisation": new.organisation,
            "unit": new.unit,
            "owner": party,
            "asks_for": new.asks_for,
            "status": status,
            "stage": new.stage,
            "decision": new.decision.decision,
            "check_id": new.decision.check,
            "created_at": new.at,
            "decided_at": new.at,
            "due_on": new.due_on,
            "review_on": new.review_on,
            **columns_of(new.decision.content),
        }
        write_row(db, "use_case", **state)
        if new.duties:
            self._write_duties(db, number, new.duties, new.at)
        for kind, text in new.notes.items():
            self._write_note(db, number, event, kind, text, salts[kind])
        words_of = {"title": new.title, "purpose": new.purpose, "owner_name": new.person}
        unchanged = {"members": 1, "takes_part": 1, "source": "", "recheck": ""}
        about = {"policy_hash": new.decision.policy_hash}
        return replace(
            read_entry({**state, **words_of, **unchanged, **about}, new.person), is_new=True
        )

    # -- steps ---------------------------------------------------------------------------------

    def change(self, change: Change) -> Entry:
        """One step of an entry; the same request id changes nothing again."""
        number = entry_number(change.entry)
        with self._writing() as db:
            now = _first(db, "SELECT * FROM use_case WHERE entry = :entry", entry=number)
            if now is None:
                raise no_entry(entry_name(number))
            party = self._party(db, change.actor.person)
            if self._is_repeated(db, change, number, party):
                return self._entry(number, change.actor.person)
            if change.seen is not None and now["event"] != change.seen:
                raise RequestError(
                    f"{entry_name(number)} was changed meanwhile. Nothing was written.",
                    remedy="Look at it again, then decide.",
                )
            self._apply(db, change, number, party, now)
            return self._entry(number, change.actor.person, is_new=True)

    def join(self, entry: str, *, request_id: str, at: str, actor: Actor) -> Entry:
        """Take part in an entry that is approved."""
        number = entry_number(entry)
        with self._writing() as db:
            found = self._entry(number, actor.person)
            if found.status not in IN_FORCE:
                raise RequestError(
                    f"{found.id} is {words(found.status)}, not approved, so nobody can join it.",
                    remedy="Register a use of your own.",
                )
            if found.takes_part:
                return found
            change = Change(found.id, request_id, at, actor, "joined")
            party = self._party(db, actor.person)
            if self._is_repeated(db, change, number, party):
                return found
            now = _first(db, "SELECT * FROM use_case WHERE entry = :entry", entry=number)
            assert now is not None
            self._apply(db, change, number, party, now)
            return self._entry(number, actor.person, is_new=True)

    @staticmethod
    def _is_repeated(db: Database, change: Change, number: int, party: str) -> bool:
        """Whether this person asked for this before; a request error if it was something else."""
        used = _first(
            db,
            "SELECT entry, cause FROM entry_event WHERE party = :party AND request_id = :request",
            party=party,
            request=change.request_id,
        )
        if used is None:
            return False
        if (used["entry"], used["cause"]) == (number, change.cause):
            return True
        raise RequestError(
            f"This request id was used before, for {entry_name(used['entry'])}.",
            remedy="Use a new request id.",
        )

    def _apply(
        self, db: Database, change: Change, number: int, party: str, now: Mapping[str, Any]
    ) -> None:
        if change.decision is not None:
            self._keep(db, change.decision, change.at)
        status = now["status"]
        if change.status is not None:
            status = step(entry_name(number), now["status"], change.status)
        sets = {name: change.sets[name] for name in SETTABLE if name in change.sets}
        if "owner" in change.sets:
            sets["owner"] = self._party(db, change.sets["owner"])
        salts = {kind: secrets.token_bytes(SALT_BYTES) for kind in change.notes}
        granted = self._next(db, "exception") if change.grant else 0
        said: dict[str, Plain] = {
            "entry": entry_name(number),
            "at": change.at,
            "cause": change.cause,
            "status": status,
            "by": party,
            "role": change.actor.role,
            "assurance": change.actor.assurance,
            "check": change.decision.check if change.decision else "",
            "sets": sets,
            "settles": dict(change.settles),
            "exception": _granted(granted, change.grant) if change.grant else {},
            "ends": change.ends,
            "words": {kind: commitment(salts[kind], text) for kind, text in change.notes.items()},
        }
        event = write_row(
            db,
            "entry_event",
            entry=number,
            at=change.at,
            status=status,
            cause=change.cause,
            party=party,
            request_id=change.request_id,
            role=change.actor.role,
            assurance=change.actor.assurance,
            check_id=change.decision.check if change.decision else None,
            content=canonical(said),
        )
        for kind, text in change.notes.items():
            self._write_note(db, number, event, kind, text, salts[kind])
        if change.decision is not None:
            sets |= {"decision": change.decision.decision, "check_id": change.decision.check}
            sets |= {"decided_at": change.at, "recheck": "", **columns_of(change.decision.content)}
        if change.cause == "joined":
            sets["members"] = now["members"] + 1
        self._write_state(db, number, sets | {"status": status, "event": event})
        if change.duties is not None:
            self._write_duties(db, number, change.duties, change.at)
        for duty, state in change.settles.items():
            self._settle(db, number, duty, state, change)
        if change.grant is not None:
            self._write_grant(db, granted, number, change, change.grant, party)
        if change.ends:
            self._end(db, change)

    @staticmethod
    def _write_state(db: Database, number: int, sets: Mapping[str, object]) -> None:
        names = ", ".join(f"{name} = :{name}" for name in sets)
        db.execute(f"UPDATE use_case SET {names} WHERE entry = :entry", {**sets, "entry": number})

    @staticmethod
    def _next(db: Database, table: str) -> int:
        return int(db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])

    @staticmethod
    def _write_note(
        db: Database, number: int, event: int, kind: str, text: str, salt: bytes
    ) -> None:
        write_row(db, "note", entry=number, event=event, kind=kind, words=text, salt=salt)

    @staticmethod
    def _write_duties(db: Database, number: int, duties: Sequence[Duty], at: str) -> None:
        """Duties that an entry has from now on: what was met stays met, and one that is no
        longer asked for is waived."""
        for origin in dict.fromkeys(duty.origin for duty in duties) or ("policy",):
            kept = {duty.id for duty in duties if duty.origin == origin}
            marks = ", ".join("?" * len(kept))
            db.execute(
                "UPDATE obligation SET state = 'waived', settled_at = ? WHERE entry = ? "
                f"AND origin = ? AND state = 'open' AND id NOT IN ({marks})",
                (at, number, origin, *sorted(kept)),
            )
        for duty in duties:
            db.execute(
                "INSERT INTO obligation (entry, id, origin, state, since, due_on, words) "
                "VALUES (?, ?, ?, 'open', ?, ?, ?) ON CONFLICT (entry, id) DO UPDATE "
                "SET state = CASE state WHEN 'waived' THEN 'open' ELSE state END, "
                "words = excluded.words, due_on = excluded.due_on",
                (number, duty.id, duty.origin, at, duty.due_on, duty.words),
            )

    @staticmethod
    def _settle(db: Database, number: int, duty: str, state: str, change: Change) -> None:
        found = db.execute(
            "UPDATE obligation SET state = ?, settled_at = ?, evidence = ? "
            "WHERE entry = ? AND id = ?",
            (
                state,
                "" if state == "open" else change.at,
                change.notes.get("evidence", ""),
                number,
                duty,
            ),
        )
        if not found.rowcount:
            known = db.execute("SELECT id FROM obligation WHERE entry = ?", (number,))
            listed = ", ".join(row[0] for row in known) or "none"
            raise RequestError(
                f"{entry_name(number)} has no obligation {quote(duty)}. Nothing was changed.",
                remedy=f"Its obligations: {listed}.",
            )

    @staticmethod
    def _write_grant(
        db: Database, granted: int, number: int, change: Change, grant: Grant, party: str
    ) -> None:
        write_row(
            db,
            "exception",
            id=granted,
            entry=number,
            rule=grant.rule,
            scope=json.dumps(list(grant.scope)),
            unit=grant.unit,
            starts=grant.starts,
            expires=grant.expires,
            role=change.actor.role,
            party=party,
            at=change.at,
        )

    @staticmethod
    def _end(db: Database, change: Change) -> None:
        """An exception is over; one that ended before stays as it ended."""
        how = "expired" if change.cause == "expired" else "revoked"
        found = db.execute(
            "UPDATE exception SET ended = ?, ended_on = ? WHERE id = ? AND ended = ''",
            (how, change.at[:10], exception_number(change.ends)),
        )
        if not found.rowcount and how == "revoked":
            raise RequestError(
                f"{change.ends} is not in force. Nothing was changed.",
                remedy="query_register(about='exceptions') lists those that are.",
            )

    # -- reading -------------------------------------------------------------------------------

    def entry(self, entry: str, *, person: str) -> Entry:
        """One entry."""
        return self._entry(entry_number(entry), person)

    def _entry(self, number: int, person: str, *, is_new: bool = False) -> Entry:
        row = self._row(f"{SELECT_ENTRY} WHERE u.entry = :id", id=number, person=person)
        if row is None:
            raise no_entry(entry_name(number))
        return replace(read_entry(row, person), is_new=is_new)

    def history(self, entry: str) -> Sequence[Event]:
        """All that happened to an entry, the first first."""
        number = entry_number(entry)
        notes: dict[int, dict[str, str]] = {}
        for row in self._rows("SELECT * FROM note WHERE entry = :entry", entry=number):
            notes.setdefault(row["event"], {})[row["kind"]] = row["words"]
        rows = self._rows(
            "SELECT v.*, p.name FROM entry_event v JOIN party p ON p.id = v.party "
            "WHERE v.entry = :entry ORDER BY v.id",
            entry=number,
        )
        return [
            Event(
                row["id"],
                entry_name(number),
                row["at"],
                row["cause"],
                row["status"],
                row["party"],
                row["name"] or "",
                row["role"],
                row["assurance"],
                row["check_id"] or "",
                bytes(row["content"] or b""),
                notes.get(row["id"], {}),
            )
            for row in rows
        ]

    def obligations(self, entry: str) -> Sequence[Obligation]:
        """The duties of an entry."""
        rows = self._rows(
            "SELECT * FROM obligation WHERE entry = :entry ORDER BY state = 'open' DESC, id",
            entry=entry_number(entry),
        )
        return [
            Obligation(
                row["id"], row["origin"], row["state"], row["words"], row["due_on"], row["evidence"]
            )
            for row in rows
        ]

    def exceptions(self, *, entry: str = "") -> Sequence[Granted]:
        """Exceptions ever granted, the first first."""
        rows = self._rows(
            "SELECT * FROM exception WHERE (:entry = 0 OR entry = :entry) ORDER BY id",
            entry=entry_number(entry) if entry else 0,
        )
        return [
            Granted(
                exception_name(row["id"]),
                entry_name(row["entry"]),
                row["rule"],
                tuple(json.loads(row["scope"])),
                row["unit"],
                row["starts"],
                row["expires"],
                row["role"],
                row["ended"],
                row["ended_on"],
            )
            for row in rows
        ]


def _first(db: Database, sql: str, **values: object) -> dict[str, Any] | None:
    found = db.conn.execute(sql, values)  # without the savepoint that sqlite-utils puts round it
    row = found.fetchone()
    return None if row is None else {c[0]: v for c, v in zip(found.description, row, strict=True)}


def write_row(db: Database, table: str, **values: object) -> int:
    """Insert a row; its number."""
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    written = db.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
    return int(written.lastrowid or 0)


def canonical(value: Mapping[str, Plain]) -> bytes:
    """The canonical bytes of what is kept for ever: sorted names, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commitment(salt: bytes, *texts: str) -> str:
    """What an append-only row says of words that may be erased: without the salt, which goes
    with them, nobody can tell what they were."""
    written = json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(salt + written).hexdigest()}"


def columns_of(content: bytes) -> dict[str, str]:
    """The facts of a decision that an entry has as columns of its own."""
    known = {term.name: term.value for term in terms_of(json.loads(content)) if term.holds}
    return {name: known.get(fact, "") for name, fact in COLUMN_FACTS.items()}


def _granted(number: int, grant: Grant) -> dict[str, Plain]:
    return {
        "id": exception_name(number),
        "rule": grant.rule,
        "scope": list(grant.scope),
        "unit": grant.unit,
        "starts": grant.starts,
        "expires": grant.expires,
    }


def read_entry(row: Mapping[str, Any], person: str) -> Entry:
    """An entry from a row of SELECT_ENTRY."""
    return Entry(
        id=entry_name(row["entry"]),
        status=row["status"],
        title=row["title"] or "(erased)",
        purpose=row["purpose"] or "",
        organisation=row["organisation"],
        unit=row["unit"],
        owner=row["owner"],
        is_own=row["owner_name"] == person,
        created_at=row["created_at"],
        check=row["check_id"],
        decision=row["decision"],
        policy_hash=row["policy_hash"],
        members=row["members"],
        takes_part=bool(row["takes_part"]),
        owner_name=row["owner_name"] or "",
        asks_for=row["asks_for"],
        stage=row["stage"],
        decided_at=row["decided_at"],
        due_on=row["due_on"],
        review_on=row["review_on"],
        source=row["source"],
        recheck=row["recheck"],
        event=row["event"],
        tool=row["tool"],
        task=row["task"],
        level=row["level"],
    )


def entry_name(number: int) -> str:
    """E-0042 for the number 42."""
    return f"E-{number:04d}"


def entry_number(entry: str) -> int:
    """The number in E-0042."""
    found = _digits(entry, "E-")
    if found is None:
        raise no_entry(entry)
    return found


def exception_name(number: int) -> str:
    """X-0007 for the number 7."""
    return f"X-{number:04d}"


def exception_number(exception: str) -> int:
    """The number in X-0007."""
    found = _digits(exception, "X-")
    if found is None:
        raise RequestError(
            f"There is no exception {quote(exception)}.",
            remedy="Exceptions have ids like X-0001.",
        )
    return found


def _digits(name: str, prefix: str) -> int | None:
    digits = name.strip().upper().removeprefix(prefix)
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 12
    return int(digits) if is_number else None


def no_entry(entry: str) -> RequestError:
    """There is none of that id."""
    return RequestError(
        f"There is no entry {quote(entry)}.",
        remedy="Entries have ids like E-0001; search_register finds them.",
    )
