"""The register: pages, search, group-bys and durable writes, beside plain SQLite."""

from __future__ import annotations

import argparse
import datetime
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from caio_mcp.core.facts import SHORT_NAMES
from caio_mcp.register import Archive, DecisionRecord, NewEntry, Scope
from caio_mcp.register.questions import DATASETS, FactColumn, Query, Reader
from caio_mcp.register.sqlite import SqliteRegister
from timing import amount, print_table

ENTRIES, ENTRIES_HUGE = 20_000, 1_000_000
AT_ONCE = 50_000
READS = 15  # of every question; the first one is not counted
WRITERS = (1, 8, 32)
SECONDS = 4.0
TODAY = "2026-11-22"
EVERYBODY = Scope("all", "eve")
STATUSES = ("approved",) * 12 + ("denied",) * 3 + ("under_review", "proposed", "retired")
DECISIONS = {"approved": "allow_with_conditions", "denied": "prohibit"}
COMMON, RARE = "summaries", "zeppelin"
TOPICS = ("complaints", "contracts", "invoices", "tenders", "minutes", "photos", "payroll", "code")
# Questions that are answered from an index of their own.
OFFERED = (
    ("status",),
    ("unit",),
    ("unit", "status"),
    ("decision",),
    ("tool",),
    ("tool", "status"),
    ("task",),
    ("level",),
    ("stage",),
    ("impact",),
    ("source",),
    ("created:month",),
    ("created:quarter", "status"),
)
RECORD = DecisionRecord(
    "C-AAAAAAAAAA",
    json.dumps({"facts": {"tool.id": {"value": "tool-1"}}, "rules": ["R-1"]}).encode(),
    "allow",
    "p",
    "c",
    "0.1",
    TODAY,
    (Archive("p", "policy", b"policy" * 2_000), Archive("c", "catalogue", b"catalogue" * 2_000)),
)


# -- a large register --------------------------------------------------------------------------


def rows_of(first: int, count: int, chance: random.Random) -> Iterator[dict[str, object]]:
    """Entries as they would be after some years: a few units and tools have most of them."""
    start = datetime.datetime(2023, 1, 1)
    for number in range(first, first + count):
        status = chance.choice(STATUSES)
        created = start + datetime.timedelta(minutes=number * 2)
        topic = chance.choice(TOPICS)
        kind = COMMON if chance.random() < 0.3 else f"{topic}{chance.randrange(5_000)}"
        rare = f" {RARE}" if number % 100_000 == 77 else ""
        yield {
            "entry": number,
            "check": f"C-{number // 2:010}",
            "at": f"{created:%Y-%m-%dT%H:%M:%S}.000000Z",
            "unit": f"Unit {min(int(chance.expovariate(0.1)), 59)}",
            "owner": f"P-{number % 20_000:010}",
            "status": status,
            "decision": DECISIONS.get(status, "review"),
            "task": f"task-{chance.randrange(17)}",
            "tool": f"tool-{min(int(chance.expovariate(0.08)), 79)}",
            "level": f"level-{chance.randrange(4)}",
            "stage": chance.choice(("", "", "pilot", "deployed")),
            "impact": chance.choice(("",) * 8 + ("high", "not_high")),
            "source": "" if number % 5 else "omb-2025",
            "title": f"{topic} {kind} {number}{rare}",
            "purpose": f"{kind} for {topic} of customers",
        }


STATEMENTS = (
    "INSERT OR IGNORE INTO party (id, name) VALUES (:owner, :owner)",
    "INSERT INTO decision (check_id, content, decision, policy_hash, catalogue_hash, "
    "engine_version, as_of) SELECT :check, zeroblob(300), :decision, 'p', 'c', '0.1', '' "
    "WHERE :entry % 2 = 0 OR :entry = 1",
    "INSERT OR IGNORE INTO term (check_id, name, value, holds) VALUES "
    "(:check, 'data.level', :level, 1), (:check, 'tool.id', :tool, 1), "
    "(:check, 'purpose.task', :task, 1), (:check, 'rule', 'R-' || (:entry % 40), 1), "
    "(:check, 'data.categories', 'name', 1)",
    "INSERT INTO entry (id, request_id, check_id, organisation, unit, owner, created_at, content) "
    "VALUES (:entry, :entry, :check, '', :unit, :owner, :at, zeroblob(200))",
    "INSERT INTO entry_event (id, entry, at, status, cause, party, check_id) "
    "VALUES (:entry, :entry, :at, :status, 'created', :owner, :check)",
    "INSERT INTO detail (entry, title, purpose) VALUES (:entry, :title, :purpose)",
    "INSERT INTO use_case (entry, event, organisation, unit, owner, asks_for, status, decision, "
    "check_id, task, tool, level, stage, impact, source, created_at, decided_at) VALUES "
    "(:entry, :entry, '', :unit, :owner, 'use', :status, :decision, :check, :task, :tool, "
    ":level, :stage, :impact, :source, :at, :at)",
)


def build(path: Path, entries: int) -> float:
    """Fill a register as fast as it goes; the seconds it took."""
    started = time.monotonic()
    with closing(SqliteRegister(path)) as register:
        register.log(RECORD, at=TODAY, organisation="", unit="", person="", via="cli")
    chance = random.Random("register")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA cache_size=-400000")
        for first in range(1, entries + 1, AT_ONCE):
            rows = list(rows_of(first, min(AT_ONCE, entries + 1 - first), chance))
            db.execute("BEGIN")
            for statement in STATEMENTS:
                db.executemany(statement, rows)
            db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return time.monotonic() - started


# -- reading -----------------------------------------------------------------------------------


def asked(*, groups: tuple[str, ...] = (), filters: tuple[str, ...] = ()) -> Query:
    """A question over entries."""
    facts = {fact: FactColumn(is_list=fact.endswith("s")) for fact in SHORT_NAMES.values()}
    reader = Reader(facts, {}, SHORT_NAMES, lambda _, words: words)
    entries = DATASETS["entries"]
    return Query(
        "entries",
        tuple(reader.filter(entries, text) for text in filters),
        tuple(reader.group(entries, text) for text in groups),
    )


def median_ms(call: Callable[[], object]) -> float:
    """Wall-clock milliseconds of a call, the first one left out."""
    taken = []
    for _ in range(READS):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1_000)
    return statistics.median(taken[1:])


def measure_reads(path: Path, entries: int) -> None:
    """Print what every kind of question takes."""
    with closing(SqliteRegister(path)) as register, closing(sqlite3.connect(path)) as plain:

        def query(query: Query) -> Callable[[], object]:
            return lambda: register.query(query, EVERYBODY, TODAY)

        def search(words: str, scope: Scope = EVERYBODY) -> Callable[[], object]:
            return lambda: register.entries(scope, words=words)

        owner = Scope("own", f"P-{entries // 2 % 20_000:010}", "Unit 3")
        pages: dict[str, Callable[[], object]] = {
            "page, newest": query(asked()),
            "page of a unit and status": query(asked(filters=("unit=Unit 3", "status=denied"))),
            "page of a month": query(asked(filters=("created=2023-06",))),
            "list, deep in it": lambda: register.entries(EVERYBODY, before=f"E-{entries // 2}"),
            "list, an employee": lambda: register.entries(owner),
            "words, rare": search(RARE),
            "words, common": search(COMMON),
            "words, common, an employee": search(COMMON, owner),
            "words, start of many": search("con"),
        }
        page = "SELECT * FROM use_case ORDER BY entry DESC LIMIT 20"
        base = median_ms(lambda: plain.execute(page).fetchall())
        print_table(
            f"Pages and search over {entries:,} entries: milliseconds, and times plain SQLite",
            ["", "ms", "times"],
            [["the newest rows, plain SQLite", amount(base), "1"]]
            + [[n, amount(t := median_ms(call)), amount(t / base)] for n, call in pages.items()],
        )
        scan = "SELECT count(*) FROM use_case WHERE length(status) > 1"
        base = median_ms(lambda: plain.execute(scan).fetchall())
        rows = [["looking at the status of every row, plain SQLite", amount(base), "1"]]
        for groups in OFFERED:
            taken = median_ms(query(asked(groups=groups)))
            rows.append([", ".join(groups), amount(taken), amount(taken / base)])
        for name, wide in (
            ("not offered: unit, tool", asked(groups=("unit", "tool"))),
            ("not offered: rule", asked(groups=("rule",))),
            ("filter by a fact", asked(filters=("data.categories=name",))),
        ):
            try:
                taken = median_ms(query(wide))
                rows.append([name, amount(taken), amount(taken / base)])
            except Exception as error:  # it is refused after its time, which is the answer here
                rows.append([name, str(error).partition(".")[0], ""])
        print_table(
            f"Group-bys over {entries:,} entries: milliseconds, and times a look at every row",
            ["", "ms", "times"],
            rows,
        )


# -- writing -----------------------------------------------------------------------------------


def write(kind: str, path: Path, name: str) -> None:
    """Write for some seconds once told to, and say how long each write took."""
    if kind == "register":
        register = SqliteRegister(path, lock_seconds=60)

        def once(number: int) -> None:
            title, purpose = f"Use {number} of {name}", "a purpose in some words"
            at = "2026-11-22T00:00:00.000000Z"
            register.add(NewEntry(str(number), at, "", "", name, title, purpose, RECORD))
    else:
        plain = sqlite3.connect(path, timeout=60, isolation_level=None)
        plain.execute("PRAGMA synchronous=FULL")

        def once(number: int) -> None:
            plain.execute("INSERT INTO row (a, b) VALUES (?, ?)", ("x" * 200, "y" * 50))

    once(0)
    print("ready", flush=True)
    sys.stdin.readline()
    taken: list[float] = []
    ends = time.monotonic() + SECONDS
    while (start := time.monotonic()) < ends:
        once(len(taken) + 1)
        taken.append((time.monotonic() - start) * 1_000)
    print(json.dumps(taken), flush=True)


def writers(kind: str, path: Path, count: int) -> list[float]:
    """Milliseconds of every write of so many processes at once."""
    command = [sys.executable, __file__, "--write", kind, str(path)]
    processes = [
        subprocess.Popen([*command, f"writer{n}"], stdin=-1, stdout=-1, text=True)
        for n in range(count)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    taken: list[float] = []
    for process in processes:
        taken += json.loads(process.communicate()[0])
    return sorted(taken)


def measure_writes(folder: Path) -> None:
    """Print rates of durable writes; the two take turns."""
    rows = []
    for count in WRITERS:
        rates, cells = {}, [str(count)]
        for kind in ("plain", "register"):
            path = folder / f"{kind}-{count}.db"
            if kind == "plain":
                with closing(sqlite3.connect(path)) as db:
                    db.execute("PRAGMA journal_mode=WAL")
                    db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
            taken = writers(kind, path, count)
            rates[kind] = len(taken) / SECONDS
            cells += [amount(rates[kind]), amount(taken[int(0.99 * (len(taken) - 1))])]
        rows.append([*cells, f"{rates['plain'] / rates['register']:.2f} x"])
    print_table(
        "Durable writes: a whole entry beside one plain row, both synchronous=FULL",
        ["processes", "plain/s", "p99 ms", "entries/s", "p99 ms", "time of an entry"],
        rows,
    )


def main() -> None:
    """Build a register, read it, and write to fresh ones."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--huge", action="store_true", help="a million entries: minutes")
    arguments.add_argument("--keep", type=Path, help="build in this folder, or read what is there")
    arguments.add_argument("--only", choices=("read", "write"), help="one half of it")
    arguments.add_argument("--write", nargs=3, help=argparse.SUPPRESS)
    told = arguments.parse_args()
    if told.write:
        write(told.write[0], Path(told.write[1]), told.write[2])
        return
    entries = ENTRIES_HUGE if told.huge else ENTRIES
    with tempfile.TemporaryDirectory() as temporary:
        folder = told.keep or Path(temporary)
        path = folder / "register.db"
        if told.only != "write":
            if not path.exists():
                took = build(path, entries)
                size = path.stat().st_size / 1e6
                print(f"{entries:,} entries: {size:,.0f} MB, built in {took:.0f} s.\n")
            measure_reads(path, entries)
        if told.only != "read":
            measure_writes(Path(temporary))


if __name__ == "__main__":
    main()
