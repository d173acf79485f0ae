"""What is held on a person is shown, and erased from every byte; coded facts stay."""

from __future__ import annotations

import datetime
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from caio_mcp import settings
from caio_mcp.files import load_library
from caio_mcp.register import Actor, Change, Duty
from caio_mcp.register.sqlite import SqliteRegister
from caio_mcp.service import Caller, Service, UseRequest
from conftest import Caio, Run

ZOE = "zwingli-oberholzer"
MAX = "xaver-quetzalcoatl"
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
PUBLIC = UseRequest(task="translate", tool="ChatGPT Free", data=("none",), facts=("level=public",))
CAIO_MCP = Path(sys.executable).with_name("caio-mcp")
WORDS = {  # words of hers, none of which is anywhere else
    "title": "Yttrium memos",
    "purpose": "Kaleidoscope wombats",
    "why": "Juxtaposed deadlines",
    "reason": "Vexillology is fine",
    "evidence": "Obelisk xylographs",
    "row": "Paradoxurus",
}


def service_of(workspace: Path, log: str = "pseudonym") -> Service:
    return Service(load_library("default"), lambda: SqliteRegister(workspace / "register.db"), log)


@pytest.fixture
def register(workspace: Path) -> Path:
    """A register in which Zoe and Max did all that somebody can do."""
    path = workspace / "register.db"
    service = service_of(workspace)
    zoe, max_ = Caller(ZOE, "Claims"), Caller(MAX, "Sales")
    service.check_use(PUBLIC, zoe, NOW, via="test")
    own = service.register_use(
        PUBLIC, zoe, NOW, title=WORDS["title"], purpose=WORDS["purpose"], why=WORDS["why"]
    ).entry.id
    other = service.register_use(PUBLIC, max_, NOW, title="Press of Max").entry.id
    service.join_use(other, zoe, NOW)
    book = service.register
    steps: list[dict[str, Any]] = [
        {"entry": other, "actor": Actor(ZOE, "dpo"), "cause": "reviewed", "status": "suspended",
         "notes": {"reason": WORDS["reason"]}, "duties": (Duty("own-1", "review", "Read it."),)},
        {"entry": other, "actor": Actor(ZOE), "cause": "duty", "settles": {"own-1": "met"},
         "notes": {"evidence": WORDS["evidence"]}},
        {"entry": own, "actor": Actor(MAX, "dpo"), "cause": "reviewed", "status": "suspended",
         "notes": {"reason": f"As {ZOE} said."}},
    ]  # fmt: skip
    for number, step in enumerate(steps):
        book.change(Change(request_id=f"r{number}", at=f"2026-11-22T1{number}:00:00Z", **step))
    service.close()
    return path


@pytest.fixture
def imported(register: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The same with two uses of a file, of which one is Zoe's and the other names her."""
    monkeypatch.setenv("CAIO_MCP_ROLES", "caio")
    file, mapping = tmp_path / "uses.csv", str(tmp_path / "mapping.yaml")
    file.write_text(
        "Use Case ID,Use Case Name,Purpose,Stage,Contact,Remarks\n"
        f"1,Imported one,What for,pilot,{ZOE},{WORDS['row']}\n"
        f"2,Imported two,What for,pilot,cas,ask {ZOE}\n"
        f"3,Imported three,What for,pilot,cas,{ZOE}x is a project\n"
    )
    assert caio("register", "import", str(file), "--write-mapping", mapping).status == 3
    assert caio("register", "import", str(file), "--mapping", mapping).status == 0
    return register


@pytest.fixture
def as_dpo(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIO_MCP_ROLES", "dpo")


def held(caio: Caio, who: str) -> dict[str, Any]:
    shown = caio("register", "person", who, "--json")
    assert (shown.status, shown.err) == (0, "")
    found = json.loads(shown.out)
    assert isinstance(found, dict)
    return found


def bytes_of(register: Path) -> bytes:
    """Every byte on the disk of the register and of what is beside it."""
    return b"".join(p.read_bytes() for p in register.parent.rglob("*") if p.is_file())


def left_of(register: Path, *words: str) -> list[str]:
    """The words, or their beginnings as an index keeps them, that are in any file."""
    content = bytes_of(register).lower()
    parts = [part for word in words for part in word.lower().split() if len(part) > 5]
    return [part for part in parts if part.encode()[1:] in content]


# -- what is held ------------------------------------------------------------------------------


def test_all_that_is_held_on_somebody_is_shown(imported: Path, caio: Caio) -> None:
    found = held(caio, ZOE)
    person = found.pop("person")
    assert person.startswith("P-")
    assert found == {
        "name_is_stored": True,
        "erased_at": None,
        "owns": [
            {"entry": "E-0001", "title": WORDS["title"]},
            {"entry": "E-0003", "title": "Imported one"},
        ],
        "takes_part": ["E-0002"],
        "events": {"created": 1, "duty": 1, "joined": 1, "reviewed": 1},
        "notes": {"evidence": 1, "justification": 1, "reason": 1},
        "evidence": {"E-0002": ["own-1"]},
        "checks": 1,
        "imported_rows": ["E-0003", "E-0004"],
        "may_be_named_in": ["E-0001"],
    }
    assert held(caio, person.lower()) == held(caio, ZOE)
    shown = caio("register", "person", ZOE).out
    for said in (person, "'Yttrium memos'", "1 reviewed", "1 evidence", "E-0004", "checks logged"):
        assert said in shown
    assert MAX not in shown


def test_everybody_sees_what_is_held_on_themselves_and_on_nobody_else(
    register: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "_person", lambda: ZOE)
    person = held(caio, ZOE)["person"]
    assert held(caio, person)["owns"]
    other = sqlite3.connect(register).execute(
        "SELECT id FROM party WHERE name = ?", (MAX,)
    ).fetchone()[0]  # fmt: skip
    for role in ("employee", "reviewer", "auditor"):
        monkeypatch.setenv("CAIO_MCP_ROLES", role)
        for who in (MAX, other, "nobody", "P-0000000000"):
            refused = caio("register", "person", who)
            refused.assert_refused("is for the DPO, the CAIO and that person")
            assert MAX not in refused.said
        caio("register", "person", ZOE, "--erase", "--yes").assert_refused("Nothing was erased")
    assert held(caio, ZOE)["name_is_stored"]


@pytest.mark.usefixtures("as_dpo")
def test_somebody_who_is_not_there_is_said(register: Path, caio: Caio) -> None:
    assert caio("register", "person", "nobody").out == "Nothing is held under this name.\n"
    assert held(caio, "nobody")["person"] is None
    caio("register", "person", "P-0000000000").assert_refused("no person")
    caio("register", "person", " ").assert_refused("No name was given")


# -- erasing -----------------------------------------------------------------------------------


def erased(caio: Caio, who: str = ZOE) -> Run:
    done = caio("register", "person", who, "--erase", "--yes")
    assert (done.status, done.err) == (0, "")
    return done


def test_an_erased_person_is_in_no_byte_and_the_facts_stay(imported: Path, caio: Caio) -> None:
    assert len(left_of(imported, ZOE, *WORDS.values())) > 7
    before = held(caio, ZOE)
    with closing(sqlite3.connect(imported)) as connection:
        decided = connection.execute("SELECT * FROM decision ORDER BY 1").fetchall()
        events = connection.execute("SELECT * FROM entry_event ORDER BY id").fetchall()
    done = erased(caio)
    assert ZOE not in done.out
    assert "Others may name them in words of E-0001" in done.out
    assert "What stays, under the pseudonym alone" in done.out
    # What Max wrote, and the project that has her name in another word, are not hers.
    assert bytes_of(imported).count(ZOE.encode()) == bytes_of(imported).count(
        f"As {ZOE} said.".encode()
    ) + bytes_of(imported).count(f"{ZOE}x is a project".encode())
    assert left_of(imported, *WORDS.values()) == []

    after = held(caio, before["person"])
    assert after["name_is_stored"] is False
    assert after["erased_at"]
    assert after["owns"] == [{"entry": e, "title": None} for e in ("E-0001", "E-0003")]
    assert (after["notes"], after["evidence"], after["imported_rows"]) == ({}, {}, [])
    assert after["events"] == before["events"]
    assert after["checks"] == before["checks"]
    with closing(sqlite3.connect(imported)) as connection:
        assert connection.execute("SELECT * FROM decision ORDER BY 1").fetchall() == decided
        now = connection.execute("SELECT * FROM entry_event ORDER BY id").fetchall()
        caused = connection.execute(
            "SELECT entry, cause, content FROM entry_event WHERE id > ?", (len(events),)
        ).fetchall()
    assert now[: len(events)] == events
    assert [row[:2] for row in caused] == [(number, "erased") for number in (1, 2, 3, 4)]
    assert not any(ZOE.encode() in row[2] for row in caused)
    verified = caio("register", "verify")
    assert (verified.status, verified.err) == (0, ""), verified.out
    assert caio("register", "list", "--words", "yttrium").out.startswith("No entry fits")
    assert "(erased)" in caio("register", "list").out
    assert "E-0001" in caio("register", "show", "E-0001").out


@pytest.mark.usefixtures("as_dpo")
def test_of_one_who_is_only_named_the_rows_go(imported: Path, caio: Caio) -> None:
    assert held(caio, "Remarks")["imported_rows"] == ["E-0003", "E-0004", "E-0005"]
    erased(caio, "Paradoxurus")
    assert left_of(imported, "Paradoxurus") == []
    assert held(caio, "Remarks")["imported_rows"] == ["E-0004", "E-0005"]
    assert caio("register", "verify").status == 0


@pytest.mark.usefixtures("as_dpo")
def test_the_same_person_is_a_new_one_afterwards(
    register: Path, caio: Caio, workspace: Path
) -> None:
    before = held(caio, ZOE)["person"]
    erased(caio)
    service = service_of(workspace)
    zoe = Caller(ZOE, "Claims")
    assert service.search_register(zoe, NOW, words="yttrium") == []
    added = service.register_use(PUBLIC, zoe, NOW, title="A new one").entry
    service.close()
    after = held(caio, ZOE)
    assert added.is_new
    assert after["person"] != before
    assert [own["entry"] for own in after["owns"]] == [added.id]
    assert after["takes_part"] == []
    erased(caio)
    assert b"A new one" not in bytes_of(register)
    assert held(caio, before)["owns"] == [{"entry": "E-0001", "title": None}]


@pytest.mark.usefixtures("as_dpo")
def test_nothing_is_erased_unless_somebody_says_yes(register: Path, caio: Caio) -> None:
    content = bytes_of(register)
    caio("register", "person", ZOE, "--erase").assert_refused("Nothing was changed", "--yes")
    caio("register", "person", ZOE, "--erase", "--json").assert_refused("Add --yes")
    assert held(caio, ZOE)["name_is_stored"]
    assert bytes_of(register).count(ZOE.encode()) == content.count(ZOE.encode())


@pytest.mark.usefixtures("as_dpo")
def test_who_erases_themselves_is_erased(
    register: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "_person", lambda: ZOE)
    erased(caio)
    assert left_of(register, WORDS["title"], WORDS["reason"]) == []
    assert caio("register", "verify").status == 0


@pytest.mark.usefixtures("as_dpo")
def test_a_server_that_is_open_brings_no_words_back(
    register: Path, caio: Caio, workspace: Path
) -> None:
    service = service_of(workspace)
    zoe, max_ = Caller(ZOE), Caller(MAX, "Sales", roles=("caio",))
    assert service.find_entry("E-0001", zoe).title == WORDS["title"]
    assert len(service.search_register(max_, NOW, words="yttrium")) == 1
    service.check_use(PUBLIC, max_, NOW, via="test")
    erased(caio)
    assert left_of(register, *WORDS.values()) == []
    assert service.search_register(max_, NOW, words="yttrium") == []
    assert service.find_entry("E-0001", max_).title == "(erased)"
    for number in range(30):
        service.register_use(PUBLIC, max_, NOW, title=f"Later {number}")
        service.check_use(PUBLIC, max_, NOW, via="test")
    service.close()
    assert left_of(register, *WORDS.values()) == []
    assert bytes_of(register).count(ZOE.encode()) == bytes_of(register).count(
        f"As {ZOE} said.".encode()
    )
    assert caio("register", "verify").status == 0


@pytest.mark.usefixtures("as_dpo")
def test_a_program_in_the_middle_of_reading_is_said_and_the_next_try_cleans(
    register: Path, caio: Caio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIO_MCP_LOCK_SECONDS", "0.1")
    person = held(caio, ZOE)["person"]
    with closing(sqlite3.connect(register, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM detail").fetchone()
        done = caio("register", "person", ZOE, "--erase", "--yes")
        assert done.status == 3
        assert "Close such programs, then run this again." in done.out
        assert not held(caio, person)["name_is_stored"]
    erased(caio, person)
    assert left_of(register, *WORDS.values()) == []


@pytest.mark.usefixtures("as_dpo")
def test_while_others_write_the_person_stays_erased(
    register: Path, caio: Caio, workspace: Path
) -> None:
    environment = {**os.environ, "CAIO_MCP_WORKSPACE": str(workspace)}
    writers = [
        subprocess.Popen(
            [CAIO_MCP, "register", "add", "--title", f"Of others {n}", "--task", "translate",
             "--tool", "ChatGPT Free", "--data", "none", "--fact", "level=public"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for n in range(4)
    ]  # fmt: skip
    erased(caio)
    for writer in writers:
        out, err = writer.communicate()
        assert (writer.returncode, err) == (0, ""), out
    assert left_of(register, *WORDS.values()) == []
    assert len(caio("register", "list", "--json").out.splitlines()) == 6
    assert caio("register", "verify").status == 0


@pytest.fixture
def long_used(register: Path, workspace: Path) -> Path:
    """A register whose pages were split, merged and used again."""
    service = service_of(workspace)
    for number in range(120):
        who = Caller(ZOE if number % 3 else MAX)
        title = f"{WORDS['title'] if number % 3 else 'Press'} {number} {'x' * (number % 60)}"
        service.register_use(PUBLIC, who, NOW, title=title, purpose="of this " * (number % 40))
    service.close()
    return register


@pytest.mark.usefixtures("as_dpo")
def test_pages_that_were_rearranged_hold_no_copy(long_used: Path, caio: Caio) -> None:
    erased(caio)
    assert left_of(long_used, *WORDS.values()) == []
    assert caio("register", "verify", "--no-reproduce").status == 0
