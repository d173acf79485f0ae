"""What in a register contradicts itself. Nothing is changed; every sentence has its next step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from ...core.decision import check_of
from ..terms import terms_of
from .entries import columns_of, commitment, entry_name, exception_name
from .schema import migrations
from .storage import Storage

COMPARE = "Compare it with a backup; `caio-mcp register restore FILE` puts one back."
PROGRESS_EVERY = 1_000
ANY = object()  # what no event says, so that nothing contradicts it
Row = Mapping[str, Any]
Progress = Callable[[str, int, int], None]


class Findings(Storage):
    """Comparing what a register says with what it says elsewhere."""

    def decisions(self) -> Sequence[str]:
        """The ids of all kept decisions; those made with the same files stand together."""
        rows = self._rows(
            "SELECT check_id FROM decision ORDER BY policy_hash, catalogue_hash, check_id"
        )
        return [row["check_id"] for row in rows]

    def findings(self, progress: Progress) -> Iterator[str]:
        """Each thing that is not as it must be, in one sentence with the next step."""
        with self._reading() as db:
            damage = list(damage_of(db))
            yield from damage
            if damage:
                return  # what else is read from there says nothing
            yield from _of_guards(db)
            yield from _of_archive(db)
            yield from _of_decisions(db, progress)
            yield from _of_entries(db, progress)
            yield from _of_exceptions(db)


def damage_of(db: Database) -> Iterator[str]:
    """What SQLite itself finds wrong."""
    for row in db.execute("PRAGMA quick_check(3)").fetchall():
        if row[0] != "ok":
            restore = "Restore a backup: `caio-mcp register restore FILE`."
            yield f"The file is damaged ({' '.join(str(row[0]).split())}). {restore}"
    broken: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
        broken[table, parent] = broken.get((table, parent), 0) + 1
    for (table, parent), number in broken.items():
        yield (
            f"Rows of the table {table} ({number}) belong to rows of {parent} that are gone. "
            f"{COMPARE}"
        )


def changed_archives(db: Database) -> Iterator[str]:
    """The hashes under which something else is archived."""
    for digest, content in db.execute("SELECT digest, content FROM archive"):
        if digest != f"sha256:{hashlib.sha256(content).hexdigest()}":
            yield str(digest)


def _of_guards(db: Database) -> Iterator[str]:
    select = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
    with Database(memory=True, execute_plugins=False) as pattern:
        migrations.apply(pattern)
        due = {(row[0], row[1]): row[2] for row in pattern.execute(select)}
    there = {(row[0], row[1]): row[2] for row in db.execute(select)}
    for kind, name in due.keys() - there.keys():
        yield f"The {kind} {name} is missing, so rows may have been changed. {COMPARE}"
    for kind, name in there.keys() - due.keys():
        if kind == "trigger":
            yield f"The trigger {name} is not one of caio-mcp and may change rows. {COMPARE}"
    for (kind, name), sql in due.items():
        if kind == "trigger" and there.get((kind, name), sql) != sql:
            yield f"The trigger {name} was changed, so rows may have been. {COMPARE}"


def _of_archive(db: Database) -> Iterator[str]:
    for digest in changed_archives(db):
        yield f"What is archived under {digest} was changed. {COMPARE}"


# -- decisions ---------------------------------------------------------------------------------


def _of_decisions(db: Database, progress: Progress) -> Iterator[str]:
    total = _count(db, "decision")
    for number, row in enumerate(db.query("SELECT * FROM decision ORDER BY rowid"), 1):
        check, content = row["check_id"], bytes(row["content"])
        if check_of(content) != check:
            yield f"The decision {check} was changed: its bytes are of another one. {COMPARE}"
        elif not _is_kept_as_said(db, row, content):
            yield f"What the decision {check} is found by is not what it says. {COMPARE}"
        if number % PROGRESS_EVERY == 0:
            progress("decisions read", number, total)


def _is_kept_as_said(db: Database, row: Row, content: bytes) -> bool:
    said = _plain(content)
    columns = {
        "decision": said.get("decision"),
        "policy_hash": said.get("policy", {}).get("hash"),
        "catalogue_hash": said.get("catalogue_hash"),
        "engine_version": said.get("engine_version"),
        "as_of": said.get("as_of"),
    }
    select = "SELECT name, value, holds FROM term WHERE check_id = ?"
    kept = {(name, value, bool(holds)) for name, value, holds in db.execute(select, [_id(row)])}
    due = {(term.name, term.value): term.holds for term in reversed(terms_of(said))}
    is_found = kept == {(name, value, holds) for (name, value), holds in due.items()}
    return is_found and all(row[name] == value for name, value in columns.items())


def _id(row: Row) -> str:
    return str(row["check_id"])


# -- entries -----------------------------------------------------------------------------------


def _of_entries(db: Database, progress: Progress) -> Iterator[str]:
    total = _count(db, "entry")

    @lru_cache(maxsize=1_000)
    def decided(check: str) -> dict[str, str]:
        found = db.execute("SELECT decision, content FROM decision WHERE check_id = ?", [check])
        decision, content = found.fetchone()
        try:
            return {"decision": decision, **columns_of(bytes(content))}
        except (ValueError, LookupError, TypeError, AttributeError):
            return {}  # its bytes were changed, which is found where decisions are read

    for number, row in enumerate(db.query("SELECT * FROM entry ORDER BY id"), 1):
        events = list(
            db.query("SELECT * FROM entry_event WHERE entry = ? ORDER BY id", [row["id"]])
        )
        said = _plain(row["content"])
        yield from _of_bytes(row, said, events)
        if events:
            yield from _of_state(db, row, said, events, decided)
        yield from _of_words(db, row["id"], said, events)
        if number % PROGRESS_EVERY == 0:
            progress("entries read", number, total)


def _of_bytes(row: Row, said: Row, events: Sequence[Row]) -> Iterator[str]:
    name = entry_name(row["id"])
    columns = {
        "entry": name,
        "at": row["created_at"],
        "organisation": row["organisation"],
        "unit": row["unit"],
        "check": row["check_id"],
    }
    if "source" not in said:  # an imported entry is written by the importer for its owner
        columns["owner"] = row["owner"]
    if any(said.get(key) != value for key, value in columns.items()):
        yield f"The row of {name} is not what its sealed content says. {COMPARE}"
    if not events or events[0]["cause"] not in ("created", "imported"):
        yield f"{name} has no event that made it. {COMPARE}"
    for event in events:
        if event["content"] is not None and not _is_as_said(name, event):
            yield f"Event {event['id']} of {name} is not what its sealed content says. {COMPARE}"


def _is_as_said(name: str, event: Row) -> bool:
    said = _plain(event["content"])
    columns = {
        "entry": name,
        "at": event["at"],
        "cause": event["cause"],
        "status": event["status"],
        "by": event["party"],
        "role": event["role"],
        "assurance": event["assurance"],
    }
    is_check = said.get("check", "") == (event["check_id"] or "")
    return is_check and all(said.get(key) == value for key, value in columns.items())


def _of_state(
    db: Database,
    row: Row,
    said: Row,
    events: Sequence[Row],
    decided: Callable[[str], Mapping[str, str]],
) -> Iterator[str]:
    """Whether the entry as it is now follows from what happened to it."""
    name = entry_name(row["id"])
    state = next(iter(db.query("SELECT * FROM use_case WHERE entry = ?", [row["id"]])), None)
    if state is None:
        yield f"{name} has no row that says how it is now. {COMPARE}"
        return
    due = _followed(row, said, events)
    due |= decided(due["check_id"])
    wrong = [key for key, value in due.items() if value is not ANY and state[key] != value]
    if wrong:
        listed = ", ".join(key.replace("_", " ") for key in wrong)
        yield f"How {name} is now does not follow from its events: {listed}. {COMPARE}"
    settled: dict[str, str] = {}
    for event in events:
        settled |= _plain(event["content"]).get("settles", {})
    met = db.execute(
        "SELECT id FROM obligation WHERE entry = ? AND state = 'met'", [row["id"]]
    ).fetchall()
    for (duty,) in met:
        if settled.get(duty) != "met":
            yield f"{name} says that {duty} is met, and no event does. {COMPARE}"


def _followed(row: Row, said: Row, events: Sequence[Row]) -> dict[str, Any]:
    due: dict[str, Any] = {
        "organisation": row["organisation"],
        "unit": row["unit"],
        "owner": said.get("owner", row["owner"]),
        "asks_for": said.get("asks_for", "use"),
        "stage": said.get("stage", ""),
        "source": said.get("source", ""),
        "check_id": row["check_id"],
        "created_at": row["created_at"],
        "decided_at": row["created_at"],
        "members": 1,
        "recheck": "",
        "due_on": ANY,
        "review_on": ANY,
    }
    for event in events:
        content = _plain(event["content"])
        due |= {"event": event["id"], "status": event["status"], **content.get("sets", {})}
        if event["check_id"] and event["cause"] != "created":
            due |= {"check_id": event["check_id"], "decided_at": event["at"], "recheck": ""}
        due["members"] += event["cause"] == "joined"
        if event["cause"] == "imported" and event is not events[0]:
            due |= dict.fromkeys(("unit", "stage", "owner"), ANY)  # as the file said then
    return due


def _of_words(db: Database, number: int, said: Row, events: Sequence[Row]) -> Iterator[str]:
    """Whether words that are still there are those that were written, and whether words that
    are not there were erased."""
    name, contents = entry_name(number), {e["id"]: _plain(e["content"]) for e in events}
    is_erased = any(event["cause"] == "erased" for event in events)
    imported = [contents[e["id"]].get("words") for e in events if e["cause"] == "imported"]
    committed = imported[-1] if imported else said.get("words")
    detail = next(iter(db.query("SELECT * FROM detail WHERE entry = ?", [number])), None)
    if detail is None:
        if not is_erased:
            yield f"The title of {name} is gone, and nobody erased it. {COMPARE}"
    elif committed and committed != _hash(detail["salt"], detail["title"], detail["purpose"]):
        yield f"The title or purpose of {name} was changed. {COMPARE}"
    due: dict[tuple[int, str], str] = {}
    for event in events:
        words = contents[event["id"]].get("words")
        if event["cause"] == "created":
            words = said.get("notes")
        if isinstance(words, Mapping):
            due |= {(event["id"], kind): value for kind, value in words.items()}
    notes = list(db.query("SELECT * FROM note WHERE entry = ?", [number]))
    for note in notes:
        committed = due.pop((note["event"], note["kind"]), "")
        if committed != _hash(note["salt"], note["words"]):
            yield f"The {note['kind']} in event {note['event']} of {name} was changed. {COMPARE}"
    if due and not is_erased:
        yield f"Words of {name} are gone, and nobody erased them. {COMPARE}"


def _hash(salt: bytes | None, *texts: str) -> str:
    return commitment(bytes(salt or b""), *texts)


# -- exceptions --------------------------------------------------------------------------------


def _of_exceptions(db: Database) -> Iterator[str]:
    granted: dict[str, Row] = {}
    ends: dict[str, tuple[str, str]] = {}
    causes = ("granted", "revoked", "expired")
    marks = ", ".join("?" * len(causes))
    for event in db.query(
        f"SELECT * FROM entry_event WHERE cause IN ({marks}) ORDER BY id", causes
    ):
        said = _plain(event["content"])
        if grant := said.get("exception"):
            granted[grant["id"]] = {
                **grant,
                "entry": event["entry"],
                "role": event["role"],
                "party": event["party"],
            }
        if said.get("ends"):
            how = "expired" if event["cause"] == "expired" else "revoked"
            ends.setdefault(said["ends"], (how, event["at"][:10]))
    for row in db.query("SELECT * FROM exception ORDER BY id"):
        name = exception_name(row["id"])
        due = {**granted.pop(name, {}), "id": row["id"]}
        kept = {**row, "scope": json.loads(row["scope"])}
        ended = ends.get(name, ("", ""))
        is_same = all(kept[key] == due.get(key) for key in (*_GRANTED, "role", "party", "entry"))
        if not is_same or (row["ended"], row["ended_on"]) != ended:
            yield f"The exception {name} is not the one that was granted or ended. {COMPARE}"
    for name in granted:
        yield f"The exception {name} was granted and is gone. {COMPARE}"


_GRANTED = ("rule", "scope", "unit", "starts", "expires")


# -- what they share ---------------------------------------------------------------------------


def _count(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _plain(content: bytes | None) -> dict[str, Any]:
    """The content as values; empty where there is none or nobody could have written it."""
    try:
        said = json.loads(content or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
