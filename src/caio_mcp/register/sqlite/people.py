"""What is held on somebody, and erasing it: the name, and the words they wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlite_utils import Database

from ...errors import RequestError, SetupError
from .. import Actor, Change, Erased, Held
from .entries import Entries, entry_name, entry_number

PSEUDONYM = re.compile(r"[Pp]-[0-9A-Fa-f]{10}")


class People(Entries):
    """Persons in the register."""

    def held(self, who: str) -> Held:
        """What is held on somebody, by name or by pseudonym."""
        with self._reading() as db:
            return _held(db, who)

    def erase(self, who: str, *, at: str, actor: Actor, request_id: str) -> Erased:
        """Erase the name and words of somebody; coded facts and events stay, under a pseudonym
        that no longer leads to anybody."""
        with self._writing() as db:
            found = _held(db, who)
            touched = {*found.owns, *found.noted, *found.rows, *found.evidence}
            party = self._party(db, actor.person)
            for entry in sorted(touched, key=entry_number):
                number = entry_number(entry)
                now = next(db.query("SELECT * FROM use_case WHERE entry = ?", [number]))
                step = Change(entry, f"{request_id} {entry}", at, actor, "erased")
                self._apply(db, step, number, party, now)
            _erase_words(db, found)
            db.execute(
                "UPDATE party SET name = NULL, erased_at = ? WHERE id = ? AND name IS NOT NULL",
                (at, found.id),
            )
        return Erased(found, self._scrub())

    def _scrub(self) -> bool:
        """Write the file anew without what was erased: SQLite overwrites what is deleted, but a
        page that was rearranged before can still hold a copy. Whether nothing is left of it."""
        try:
            db = self._database(self._lock_seconds)
            with self._faults(), self._locked(self._lock_seconds), self._turn:
                db.execute("VACUUM")
                return not db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except SetupError:  # somebody reads, or there is no room: the words are gone all the same
            return False


def _held(db: Database, who: str) -> Held:
    is_pseudonym = PSEUDONYM.fullmatch(who) is not None
    by = "id = ? COLLATE NOCASE" if is_pseudonym else "name = ?"
    row = db.execute(f"SELECT id, name, erased_at FROM party WHERE {by}", (who,)).fetchone()
    if row is None and is_pseudonym:
        raise RequestError(f"There is no person {who}.", remedy="Give the name instead.")
    party, name, erased_at = row or ("", who, "")
    found = Held(party, name or "", is_stored=row is not None and bool(name), erased_at=erased_at)
    found = _done_by(db, party, found) if party else found
    return _naming(db, name, found) if name else found


def _done_by(db: Database, party: str, found: Held) -> Held:
    """What belongs to a pseudonym."""

    def entries(sql: str) -> tuple[str, ...]:
        return tuple(entry_name(number) for (number,) in db.execute(sql, {"party": party}))

    def counts(sql: str) -> dict[str, int]:
        return dict(db.execute(sql, {"party": party}).fetchall())

    mine = "SELECT entry FROM use_case WHERE owner = :party"
    wrote = "FROM note n JOIN entry_event v ON v.id = n.event WHERE v.party = :party"
    titles = db.execute(f"SELECT entry, title FROM detail WHERE entry IN ({mine})", [party])
    return replace(
        found,
        owns=entries(f"{mine} ORDER BY entry"),
        titles={entry_name(number): title for number, title in titles},
        takes_part=entries(
            "SELECT DISTINCT v.entry FROM entry_event v JOIN use_case u USING (entry) "
            "WHERE v.party = :party AND v.cause = 'joined' AND u.owner <> :party ORDER BY v.entry"
        ),
        events=counts(
            "SELECT cause, count(*) FROM entry_event WHERE party = :party GROUP BY cause"
        ),
        notes=counts(f"SELECT n.kind, count(*) {wrote} GROUP BY n.kind"),
        noted=entries(f"SELECT DISTINCT n.entry {wrote} ORDER BY n.entry"),
        evidence=_evidence(db, party),
        checks=db.execute("SELECT count(*) FROM decision_log WHERE party = ?", (party,)).fetchone()[
            0
        ],
        rows=entries(
            f"SELECT entry FROM imported WHERE row IS NOT NULL AND entry IN ({mine}) ORDER BY entry"
        ),
    )


def _evidence(db: Database, party: str) -> dict[str, tuple[str, ...]]:
    """The obligations, by entry, whose evidence is somebody's: they settled it last."""
    found: dict[str, tuple[str, ...]] = {}
    settled: dict[tuple[int, str], str] = {}
    for number, by, content in db.execute(
        "SELECT v.entry, v.party, v.content FROM entry_event v WHERE v.content IS NOT NULL "
        "AND v.entry IN (SELECT entry FROM obligation WHERE evidence <> '') ORDER BY v.id"
    ):
        for duty in json.loads(content).get("settles", {}):
            settled[number, duty] = by
    for number, duty in db.execute("SELECT entry, id FROM obligation WHERE evidence <> ''"):
        if settled.get((number, duty)) == party:
            entry = entry_name(number)
            found[entry] = (*found.get(entry, ()), duty)
    return found


def _naming(db: Database, name: str, found: Held) -> Held:
    """Where the name stands in what others wrote or what was imported."""
    rows = _with_name(db, "SELECT entry, row FROM imported WHERE row IS NOT NULL", name)
    own = set(map(entry_number, found.owns))
    others = _with_name(db, "SELECT entry, title || ' ' || purpose FROM detail", name) - own
    others |= _with_name(
        db,
        "SELECT n.entry, n.words FROM note n JOIN entry_event v ON v.id = n.event "
        "WHERE v.party <> ?",
        name,
        found.id,
    )
    return replace(
        found,
        rows=_named({*rows, *map(entry_number, found.rows)}),
        mentions=_named(others),
    )


def _with_name(db: Database, sql: str, name: str, *values: str) -> set[int]:
    """The entries of the rows that have the name as words of their own."""
    written = {re.escape(text) for text in (name, json.dumps(name)[1:-1])}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(written))})(?!\w)", re.IGNORECASE)
    return {number for number, text in db.execute(sql, values) if pattern.search(text or "")}


def _named(numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(entry_name(number) for number in sorted(numbers))


def _erase_words(db: Database, found: Held) -> None:
    _each(db, "DELETE FROM detail WHERE entry = ?", found.owns)
    _each(db, "UPDATE imported SET row = NULL WHERE entry = ?", found.rows)
    db.execute(
        "DELETE FROM note WHERE event IN (SELECT id FROM entry_event WHERE party = ?)", (found.id,)
    )
    db.conn.executemany(
        "UPDATE obligation SET evidence = '' WHERE entry = ? AND id = ?",
        [(entry_number(e), duty) for e, duties in found.evidence.items() for duty in duties],
    )


def _each(db: Database, sql: str, entries: Collection[str]) -> None:
    db.conn.executemany(sql, [(entry_number(entry),) for entry in entries])
