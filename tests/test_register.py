"""What every engine of the register promises; a new engine joins the list `ENGINES`."""

from __future__ import annotations

import datetime
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caio_mcp.core.library import Library
from caio_mcp.core.lifecycle import FIRST_STATUS, Status
from caio_mcp.errors import CaioError, RequestError, SetupError
from caio_mcp.files import load_library
from caio_mcp.register import Actor, Archive, DecisionRecord, NewEntry, Register, Scope
from caio_mcp.register.questions import Filter
from caio_mcp.register.sqlite import SqliteRegister
from caio_mcp.service import Caller, Service, UseRequest

AT = "2026-11-22T00:00:00Z"
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
ANN, BOB = Caller("ann", unit="Claims", organisation="Acme"), Caller("bob", unit="Sales")
CAIO = Caller("eve", roles=("caio",))
MakeRegister = Callable[[], Register]


def sqlite(folder: Path) -> Register:
    return SqliteRegister(folder / "register.db")


ENGINES = {"sqlite": sqlite}


@pytest.fixture(params=ENGINES)
def make_register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeRegister]:
    """Opens the same register again and again, as several processes would."""
    opened: list[Register] = []

    def make() -> Register:
        opened.append(ENGINES[request.param](tmp_path))
        return opened[-1]

    yield make
    for register in opened:
        register.close()


def archive(content: bytes, kind: str = "policy") -> Archive:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return Archive(digest, "policy" if kind == "policy" else "catalogue", content)


def record(check: str = "C-AAAAAAAAAA", decision: str = "allow") -> DecisionRecord:
    policy, catalogue = archive(b"a policy"), archive(b"a catalogue", "catalogue")
    return DecisionRecord(
        check,
        json.dumps({"check": check, "decision": decision}).encode(),
        decision,
        policy.digest,
        catalogue.digest,
        "0.1",
        "2026-11-22",
        (policy, catalogue),
    )


def new_entry(
    request_id: str, title: str = "Complaint summaries", person: str = "ann", **more: str
) -> NewEntry:
    return NewEntry(
        request_id=request_id,
        at=f"{NOW:%Y-%m-%dT%H:%M:%S.%fZ}",
        organisation="Acme",
        unit="Claims",
        person=person,
        title=title,
        purpose=more.get("purpose", ""),
        decision=record(more.get("check", "C-AAAAAAAAAA"), more.get("decision", "allow")),
    )


def ids(register: Register, *filters: Filter, words: str = "", before: str = "") -> list[str]:
    found = register.entries(
        Scope("all", "ann"), limit=100, filters=filters, words=words, before=before
    )
    return [entry.id for entry in found]


# -- adding --------------------------------------------------------------------------------


def test_a_new_entry_reads_back_as_it_was_written(make_register: MakeRegister) -> None:
    added = make_register().add(new_entry("one", purpose="Faster answers"))
    assert added.is_new
    assert added.is_own
    assert (added.id, added.title, added.purpose) == (
        "E-0001",
        "Complaint summaries",
        "Faster answers",
    )
    assert (added.organisation, added.unit, added.members) == ("Acme", "Claims", 1)
    assert added.created_at == "2026-11-22T12:00:00.000000Z"
    assert added.owner.startswith("P-")
    assert make_register().entry("e-1", person="ann") == replace(added, is_new=False)


@pytest.mark.parametrize(("decision", "status"), FIRST_STATUS.items())
def test_the_decision_sets_the_first_status(
    make_register: MakeRegister, decision: str, status: Status
) -> None:
    assert make_register().add(new_entry("one", decision=decision)).status == status


def test_the_same_request_gives_the_same_entry(make_register: MakeRegister) -> None:
    first = make_register().add(new_entry("one"))
    again = make_register().add(new_entry("one", purpose="Said in other words"))
    assert again == replace(first, is_new=False)
    assert ids(make_register()) == ["E-0001"]


@pytest.mark.parametrize("other", [{"title": "Another use"}, {"check": "C-BBBBBBBBBB"}])
def test_a_request_id_serves_one_request_only(
    make_register: MakeRegister, other: dict[str, str]
) -> None:
    register = make_register()
    register.add(new_entry("one"))
    with pytest.raises(RequestError, match=r"used before, for E-0001\.") as caught:
        register.add(new_entry("one", **other))
    assert "new request id" in caught.value.remedy
    assert ids(register) == ["E-0001"]


def test_two_people_may_choose_the_same_request_id(make_register: MakeRegister) -> None:
    register = make_register()
    assert register.add(new_entry("one", person="ann")).id == "E-0001"
    assert register.add(new_entry("one", person="bob")).id == "E-0002"


def test_a_refused_entry_leaves_no_gap_and_no_trace(make_register: MakeRegister) -> None:
    register = make_register()
    with pytest.raises(RequestError, match="broken characters"):
        register.add(new_entry("one", title="half a pair \ud800", person="zoe"))
    assert ids(register) == []
    assert register.decision("C-AAAAAAAAAA") is None
    assert register.add(new_entry("two")).id == "E-0001"


def test_threads_take_turns(make_register: MakeRegister) -> None:
    register = make_register()
    start = threading.Barrier(8)
    found: list[str] = []

    def write(person: str) -> None:
        start.wait()
        for number in range(5):
            added = register.add(new_entry(str(number), person=person))
            found.append(added.id)
            assert register.entry(added.id, person=person).is_own
            assert len(register.entries(Scope("own", person), limit=50)) >= number

    threads = [threading.Thread(target=write, args=(f"p{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"E-{n:04d}" for n in range(1, 41)]


# -- decisions and archive -----------------------------------------------------------------


def test_a_decision_is_kept_byte_for_byte(make_register: MakeRegister) -> None:
    written = record()
    make_register().log(written, at=AT, organisation="", unit="", person="", via="cli")
    make_register().log(written, at=AT, organisation="", unit="", person="", via="cli")
    register = make_register()
    assert register.decision(written.check) == replace(written, made_with=())
    assert register.health().checks == 2
    for kept in written.made_with:
        content = register.archived(kept.digest)
        assert content == kept.content
        assert archive(content).digest == kept.digest
    assert register.archived("sha256:0") is None
    assert register.decision("C-0") is None


def test_two_decisions_never_share_an_id(make_register: MakeRegister) -> None:
    register = make_register()
    register.add(new_entry("one"))
    with pytest.raises(CaioError, match="share the check id"):
        register.add(new_entry("two", decision="prohibit"))
    assert ids(register) == ["E-0001"]


# -- joining -------------------------------------------------------------------------------


def test_joining_counts_each_person_once(make_register: MakeRegister) -> None:
    register = make_register()
    register.add(new_entry("one"))
    joined = register.join("E-0001", request_id="j", at="t", actor=Actor("bob"))
    assert (joined.is_new, joined.is_own, joined.members) == (True, False, 2)
    for request_id in ("j", "k"):
        again = register.join("E-0001", request_id=request_id, at="t", actor=Actor("bob"))
        assert (again.is_new, again.members) == (False, 2)
    owner = register.join("E-0001", request_id="o", at="t", actor=Actor("ann"))
    assert (owner.is_new, owner.members, owner.status) == (False, 2, "approved")


def test_a_request_id_joins_one_entry_only(make_register: MakeRegister) -> None:
    register = make_register()
    for request_id in ("one", "two"):
        register.add(new_entry(request_id))
    register.join("E-0001", request_id="j", at="t", actor=Actor("bob"))
    with pytest.raises(RequestError, match=r"used before, for E-0001\."):
        register.join("E-0002", request_id="j", at="t", actor=Actor("bob"))
    assert register.join("E-0002", request_id="j", at="t", actor=Actor("cas")).members == 2


@pytest.mark.parametrize("decision", ["review", "need_more_information", "prohibit"])
def test_only_an_approved_entry_is_joined(make_register: MakeRegister, decision: str) -> None:
    register = make_register()
    register.add(new_entry("one", decision=decision))
    with pytest.raises(RequestError, match="not approved"):
        register.join("E-0001", request_id="j", at="t", actor=Actor("bob"))
    assert register.entry("E-0001", person="ann").members == 1


@pytest.mark.parametrize("entry", ["E-0002", "", "x", "E-", "E-1' OR 1", "9" * 40, "E-²", "-1"])
def test_an_entry_that_is_not_there_is_said(make_register: MakeRegister, entry: str) -> None:
    register = make_register()
    register.add(new_entry("one"))
    with pytest.raises(RequestError, match="no entry"):
        register.entry(entry, person="ann")
    with pytest.raises(RequestError, match="no entry"):
        register.join(entry, request_id="j", at="t", actor=Actor("ann"))


# -- finding -------------------------------------------------------------------------------

TITLES = (
    "Complaint summaries",
    "Größe der Schäden",
    'The "blue" NOT list',
    "résumé OR CV",
    "日本語",
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("complaint", [1]),
        ("SUMMARIES complaint", [1]),
        ("complaint schäden", []),
        ("grosse", []),
        ("Größe", [2]),
        ("schaden", [2]),
        ("resume", [4]),
        ('"blue"', [3]),
        ("NOT", [3]),
        ("OR", [4]),
        ("日本", [5]),
        ('" OR *', [4]),
        ("title:complaint", []),
        ("complaint*", [1]),
        ("-complaint", [1]),
        ("^complaint", [1]),
        ("(complaint", [1]),
        ("NEAR(complaint summaries)", []),
        ('"', []),
        ('""', []),
        ("*", []),
        ("...", []),
        ("\0", []),
        ("\ud800", []),
        ("'; DROP TABLE entry; --", []),
        ("x' OR '1'='1", []),
        ("", [5, 4, 3, 2, 1]),
        ("  \n", [5, 4, 3, 2, 1]),
    ],
)
def test_words_are_words_and_never_operators(
    make_register: MakeRegister, words: str, found: list[int]
) -> None:
    register = make_register()
    for number, title in enumerate(TITLES):
        register.add(new_entry(str(number), title))
    assert ids(register, words=words) == [f"E-{number:04d}" for number in found]
    assert len(ids(register)) == len(TITLES)


@given(words=st.text(max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_words_break_a_search(make_register: MakeRegister, words: str) -> None:
    register = make_register()
    try:
        register.add(new_entry("one"))
        ids(register, words=words)
        ids(register, words=f'complaint{words}"')
        register.entries(Scope("own", "bob"), words=words)
    finally:
        register.close()


def test_pages_follow_each_other_without_gap_or_overlap(make_register: MakeRegister) -> None:
    register = make_register()
    kinds = ("allow", "review", "prohibit")
    for number in range(23):
        kind = kinds[number % 3]
        register.add(new_entry(str(number), decision=kind, check=f"C-{kind}"))
    for status in ("", "approved", "denied"):
        filters = [Filter("status", "text", (status,))] if status else []
        whole = ids(register, *filters)
        assert whole == sorted(whole, reverse=True)
        for limit in (1, 4, 23):
            paged: list[str] = []
            while page := register.entries(
                Scope("own", "ann"),
                filters=filters,
                limit=limit,
                before=paged[-1] if paged else "",
            ):
                paged += [entry.id for entry in page]
            assert paged == whole
    with pytest.raises(RequestError, match="no entry"):
        ids(register, before="tomorrow")


def test_others_see_what_is_approved_and_nothing_else(make_register: MakeRegister) -> None:
    register = make_register()
    for decision in FIRST_STATUS:
        register.add(new_entry(decision, decision=decision, check=f"C-{decision}"))
    own = register.entries(Scope("own", "ann"))
    others = register.entries(Scope("own", "bob"))
    everything = register.entries(Scope("all", "bob"))
    assert len(own) == len(everything) == len(FIRST_STATUS)
    assert all(entry.is_own for entry in own)
    assert [entry.status for entry in others] == ["approved", "approved"]
    assert not any(entry.is_own for entry in others)


def test_a_purpose_is_searched_by_those_who_may_read_it(make_register: MakeRegister) -> None:
    register = make_register()
    register.add(new_entry("one", purpose="about the merger"))
    for person, own_only, found in (("ann", True, 1), ("bob", False, 1), ("bob", True, 0)):
        assert (
            len(register.entries(Scope("own" if own_only else "all", person), words="merger"))
            == found
        )
    assert len(register.entries(Scope("own", "bob"), words="complaint")) == 1


def test_health_counts(make_register: MakeRegister) -> None:
    register = make_register()
    register.add(new_entry("one"))
    register.log(record(), at=AT, organisation="", unit="", person="", via="cli")
    health = register.health()
    assert (health.entries, health.checks) == (1, 1)
    assert not any("damaged" in care for care in health.cares)


# -- through the service -------------------------------------------------------------------


@cache
def library(pack: str = "acme") -> Library:
    return load_library(pack)


@dataclass
class FailingRegister:
    """A register whose storage is away until `is_back`."""

    inner: Register
    is_back: bool = field(default=False)

    def __getattr__(self, name: str) -> object:
        if name == "log" and not self.is_back:
            raise SetupError("The register is away.", remedy="Wait.")
        return getattr(self.inner, name)


USE = UseRequest(task="summarise", tool="ChatGPT Enterprise", data=("customer complaints",))
PERMITTED = UseRequest(
    task="translate", tool="ChatGPT Enterprise", data=("none",), facts=("data.level=public",)
)


def make_service(make_register: MakeRegister, decision_log: str = "unit") -> Service:
    return Service(library(), make_register, decision_log)


def test_a_check_that_cannot_be_logged_is_answered_and_says_so(
    make_register: MakeRegister,
) -> None:
    failing = FailingRegister(make_register())
    service = Service(library(), lambda: failing, "unit")  # type: ignore[arg-type,return-value]
    answer = service.check_use(USE, ANN, NOW, via="test")
    assert answer.notes[-1] == "This check could not be logged: The register is away."
    assert answer.notes[-1] in answer.text
    failing.is_back = True
    again = service.check_use(USE, ANN, NOW, via="test")
    assert again.check == answer.check
    assert not any("logged" in note for note in again.notes)
    assert service.register.health().checks == 1


def test_with_the_log_off_a_check_keeps_nothing(make_register: MakeRegister) -> None:
    service = make_service(make_register, "off")
    answer = service.check_use(USE, ANN, NOW, via="test")
    assert not service.register.exists()
    assert service.register.health().checks == 0
    with pytest.raises(RequestError, match="no check"):
        service.decision_of(answer.check)


@pytest.mark.parametrize("pack", ["default", "acme", "utk"])
def test_a_decision_is_reproduced_from_what_the_register_archived(
    make_register: MakeRegister, pack: str
) -> None:
    service = Service(library(pack), make_register, "unit")
    checks = [
        service.check_use(request, ANN, NOW, via="test", day=day).check
        for request in (
            USE,
            UseRequest(),
            UseRequest(tool="chatgpt", data=("none",), facts=("data.level=unsure",)),
            UseRequest(data=("customer emails",), assumed=("actor.region=eea",)),
            UseRequest(tool="a tool nobody knows", facts=("data.level!=public",)),
        )
        for day in (None, datetime.date(2027, 8, 2))
    ]
    service.close()
    # Another policy is in force when somebody asks.
    later = Service(library("default" if pack != "default" else "utk"), make_register, "unit")
    for check in checks:
        assert later.reproduce(check) == later.decision_of(check)
        digest = str(json.loads(later.decision_of(check))["policy"]["hash"])
        assert later.files_of(digest).digest() == digest
    with pytest.raises(RequestError, match="Nothing is archived"):
        later.files_of("sha256:0")


def test_a_registered_use_is_found_by_its_owner_and_as_precedent(
    make_register: MakeRegister,
) -> None:
    service = make_service(make_register)
    found = service.register_use(
        PERMITTED, ANN, NOW, title=" Press \n releases ", purpose="The  merger"
    )
    added, answer = found.entry, found.answer
    assert (added.title, added.purpose) == ("Press releases", "The merger")
    assert answer.check == added.check
    assert added.status == FIRST_STATUS[answer.decision.decision] == "approved"
    own = service.find_entry(added.id, ANN)
    assert own == replace(added, is_new=False)
    for precedent in (
        service.find_entry(added.id, BOB),
        service.search_register(BOB, NOW)[0],
        service.join_use(added.id, BOB, NOW),
        service.join_use(added.id, BOB, NOW),
    ):
        assert (precedent.owner, precedent.purpose) == ("", "")
        assert (precedent.title, precedent.unit) == ("Press releases", "Claims")
    assert service.find_entry(added.id, CAIO).purpose == "The merger"
    assert service.find_entry(added.id, CAIO).members == 2


def test_an_entry_under_review_is_for_its_owner_and_the_caio(make_register: MakeRegister) -> None:
    service = make_service(make_register)
    request = UseRequest(data=("customer emails",))
    added = service.register_use(request, ANN, NOW, title="Mail").entry
    assert added.status != "approved"
    assert service.find_entry(added.id, ANN).is_own
    assert service.find_entry(added.id, CAIO).title == "Mail"
    assert service.search_register(BOB, NOW) == []
    with pytest.raises(RequestError, match="There is no entry"):
        service.find_entry(added.id, BOB)
    with pytest.raises(RequestError, match="There is no entry"):
        service.join_use(added.id, BOB, NOW)


def test_a_retry_without_a_request_id_adds_nothing(make_register: MakeRegister) -> None:
    service = make_service(make_register)
    first = service.register_use(PERMITTED, ANN, NOW, title="Press").entry
    again = service.register_use(PERMITTED, ANN, NOW, title="Press", purpose="In other words").entry
    other = service.register_use(PERMITTED, ANN, NOW, title="Press, part two").entry
    theirs = service.register_use(PERMITTED, BOB, NOW, title="Press").entry
    assert (first.id, again.id, again.is_new) == ("E-0001", "E-0001", False)
    assert (other.id, theirs.id) == ("E-0002", "E-0003")


@pytest.mark.parametrize("text", ["\x1b[2J", "a\0b", "\u202egnp.exe", "\ud800"])
def test_what_cannot_be_shown_is_not_registered(make_register: MakeRegister, text: str) -> None:
    service = make_service(make_register)
    for title, purpose in ((f"Press {text}", ""), ("Press", text)):
        with pytest.raises(RequestError, match="cannot be shown") as caught:
            service.register_use(PERMITTED, ANN, NOW, title=title, purpose=purpose)
        assert str(caught.value).isprintable()
    kept = "می‌خواهم 👩‍💻"
    assert service.register_use(PERMITTED, ANN, NOW, title=kept).entry.title == kept


def test_a_caller_whose_name_is_broken_is_answered(make_register: MakeRegister) -> None:
    service = make_service(make_register, "pseudonym")
    answer = service.check_use(USE, replace(ANN, unit="\udcff"), NOW, via="test")
    assert "could not be logged" in answer.notes[-1]
