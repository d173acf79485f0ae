"""`caio-mcp doctor` says what is missing, the gravest first, where, and what to write there."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from caio_mcp.cli import output
from conftest import Caio

SAID = [
    *("init", "--name", "Acme", "--country", "Ireland", "--also-in", "none", "--sector", "retail"),
    *("--tool", "ChatGPT Business"),
]
PEOPLE = [
    part
    for role in ("caio", "dpo", "security", "legal", "hr")
    for part in ("--contact", f"{role}=Ada")
]
COMPLETE = [*SAID, *PEOPLE, "--adopted-by", "Ada"]
SETTLED = "facts: {tool.dpa: yes, tool.transfer_mechanism: scc, tool.region: us}"
Doctor = Callable[[], list[dict[str, Any]]]
OnDay = Callable[[str], None]


@pytest.fixture
def doctor(caio: Caio) -> Doctor:
    """What doctor says there is to do for the policy, without what it says of SQLite."""

    def said() -> list[dict[str, Any]]:
        shown = caio("doctor", "--json")
        assert (shown.status, shown.err) == (0, "")
        found = json.loads(shown.out)
        assert found["needs_care"] == [care["problem"] for care in found["to_do"]]
        written = caio("doctor").out
        assert [line for line in written.splitlines() if line.startswith("care: ")] == [
            f"care: {care['problem']}" for care in found["to_do"]
        ]
        return [care for care in found["to_do"] if not care["problem"].startswith("SQLite")]

    return said


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> OnDay:
    """Sets the day on which commands run."""

    def set_day(day: str) -> None:
        now = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
        monkeypatch.setattr(output, "now", lambda: now)

    set_day("2026-11-23")
    return set_day


def pack(workspace: Path) -> Path:
    return workspace / "policies" / "acme"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def line_of(care: dict[str, Any]) -> str:
    lines = Path(care["file"]).read_text().splitlines()
    return lines[int(care["line"]) - 1]


def test_the_sample_leads_to_a_policy_of_your_own(doctor: Doctor) -> None:
    first, *rest = doctor()
    assert first["problem"] == "The policy default is a sample that nobody adopted."
    assert "caio-mcp init" in first["remedy"]
    assert all(care["file"] is None or care["file"].endswith("caio-mcp.toml") for care in rest)


def test_a_new_policy_is_complete_once_all_was_done_that_was_said(
    caio: Caio, doctor: Doctor, workspace: Path, on_day: OnDay
) -> None:
    assert caio(*SAID).status == 0
    adoption, people, contract = doctor()
    assert adoption["problem"] == "Nobody adopted the policy acme yet, and every answer says so."
    assert line_of(adoption) == "# adopted_by: Ada Example"
    assert people["problem"].startswith("Nobody is named for caio, dpo, security, legal, hr; ")
    assert line_of(people) == "# contacts:"
    assert (
        "the catalogue does not know whether a processor contract covers it"
        in (contract["problem"])
    )
    assert line_of(contract).strip() == "- id: chatgpt-team"
    for name in re.findall(r"`([^`]+)`", adoption["remedy"]):
        assert name in ("adopted_by: NAME", "adopted_on: 2026-11-23")

    head = pack(workspace) / "policy.yaml"
    edit(head, "# adopted_by: Ada Example\n# adopted_on:", "adopted_by: Ada\nadopted_on:")
    assert doctor() == [people, contract]
    for role in ("caio", "dpo", "security", "legal", "hr"):
        edit(head, f"  # {role}: {{who: name or address,", f"  {role}: {{who: Ada,")
    edit(head, "# contacts:", "contacts:")
    assert doctor() == [contract]
    edit(pack(workspace) / "approvals.yaml", "    owner: caio", f"    {SETTLED}\n    owner: caio")
    assert doctor() == []
    assert caio("policy", "test").status == 0


def test_some_of_the_people_may_be_missing(caio: Caio, doctor: Doctor) -> None:
    assert caio(*SAID, "--adopted-by", "Ada", "--contact", "caio,legal=Ada").status == 0
    people = next(care for care in doctor() if "named" in care["problem"])
    assert people["problem"].startswith("Nobody is named for dpo, security, hr; ")
    assert line_of(people) == "contacts:"
    example = re.search(r"`(.*?)`", people["remedy"])
    assert example
    assert yaml.safe_load(example[1]) == {"dpo": {"who": "name or address", "usual_days": 3}}


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        ("actor.region", "  actor.region: eea  # Ireland\n"),
        ("actor.jurisdictions", "  actor.jurisdictions: {only: [eu]}"),
        ("actor.sector", "  actor.sector: {only: [other]}\n"),
    ],
)
def test_a_standing_fact_that_rules_ask_for_is_missed(
    caio: Caio, doctor: Doctor, workspace: Path, fact: str, line: str
) -> None:
    assert caio(*COMPLETE).status == 0
    head = pack(workspace) / "policy.yaml"
    before = len(doctor())
    edit(head, line, "\n" if line.endswith("\n") else "  #")
    missed = [care for care in doctor() if fact in care["problem"]]
    assert len(missed) == 1
    assert len(doctor()) >= before + 1
    assert line_of(missed[0]) == "profile:"
    example = re.search(rf"`({re.escape(fact)}: .*)`", missed[0]["remedy"])
    assert example
    edit(head, "profile:\n", f"profile:\n  {example[1]}\n")
    assert not [care for care in doctor() if fact in care["problem"]]


def test_a_works_council_is_missed_in_germany_only(
    caio: Caio, doctor: Doctor, workspace: Path
) -> None:
    assert caio(*COMPLETE).status == 0
    head = pack(workspace) / "policy.yaml"
    assert not [care for care in doctor() if "works_council" in care["problem"]]
    edit(head, "{only: [eu]}", "{only: [eu, germany]}")
    assert [care for care in doctor() if "legal.works_council" in care["problem"]]
    edit(head, "profile:\n", "profile:\n  legal.works_council: no_council\n")
    assert not [care for care in doctor() if "works_council" in care["problem"]]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2027-10-23", None),
        ("2027-10-24", "ChatGPT Business is due for review on 2027-11-23"),
        ("2027-11-24", "ChatGPT Business was due for review on 2027-11-23"),
    ],
)
def test_the_review_of_an_approval_is_said_before_and_after_its_day(
    caio: Caio, doctor: Doctor, on_day: OnDay, day: str, words: str | None
) -> None:
    assert caio(*COMPLETE).status == 0
    on_day(day)
    due = [care for care in doctor() if "The approval of" in care["problem"]]
    assert len(due) == (words is not None)
    if words:
        assert words in due[0]["problem"]
        assert "review_due" in due[0]["remedy"]
        assert line_of(due[0]).strip() == "- id: chatgpt-team"


@pytest.mark.parametrize(("day", "is_old"), [("2027-05-21", False), ("2027-05-22", True)])
def test_facts_of_the_catalogue_grow_old(
    caio: Caio, doctor: Doctor, on_day: OnDay, day: str, is_old: bool
) -> None:
    assert caio(*COMPLETE).status == 0
    on_day(day)
    old = [care for care in doctor() if "last checked on 2026-11-22" in care["problem"]]
    assert bool(old) == is_old
    assert all("ChatGPT Business" in care["problem"] for care in old)
    assert all("https://" in care["remedy"] for care in old)


def test_a_policy_grows_stale(caio: Caio, doctor: Doctor, workspace: Path, on_day: OnDay) -> None:
    assert caio(*COMPLETE).status == 0
    head = pack(workspace) / "policy.yaml"
    edit(head, "inherits:", "stale_after: 2027-01-31\ninherits:")
    assert not [care for care in doctor() if "due for review" in care["problem"]]
    on_day("2027-01-15")
    (soon,) = [care for care in doctor() if "The policy is due for review on" in care["problem"]]
    assert line_of(soon) == "stale_after: 2027-01-31"
    on_day("2027-02-01")
    assert doctor()[0]["problem"] == "The policy was due for review on 2027-01-31."
    edit(head, "stale_after: 2027-01-31\n", "")
    on_day("2027-06-15")
    (inherited,) = [care for care in doctor() if "The policy was due" in care["problem"]]
    assert "update caio-mcp" in inherited["remedy"]


def test_without_an_approval_it_shows_where_one_goes(
    caio: Caio, doctor: Doctor, workspace: Path
) -> None:
    assert caio(*COMPLETE[:-2], "--adopted-by", "Ada", "--tool", "none").status == 2  # said twice
    said = [word if word != "ChatGPT Business" else "none" for word in COMPLETE]
    assert caio(*said).status == 0
    (missing,) = doctor()
    assert missing["problem"] == "The policy approves no tool."
    assert line_of(missing) == "tools: []"
    item = re.search(r"`- (.*)`", missing["remedy"])
    assert item
    (pack(workspace) / "approvals.yaml").write_text(f"tools:\n  - {item[1]}\n")
    assert not [care for care in doctor() if "approves no tool" in care["problem"]]


def test_an_approval_of_something_risky_is_pointed_at(
    caio: Caio, doctor: Doctor, workspace: Path
) -> None:
    assert caio(*COMPLETE).status == 0
    approvals = pack(workspace) / "approvals.yaml"
    edit(approvals, "id: chatgpt-team", "id: chatgpt-plus")
    risky = [care for care in doctor() if "no processor contract covers it" in care["problem"]]
    assert len(risky) == 1
    assert line_of(risky[0]).strip() == "- id: chatgpt-plus"
    edit(approvals, "status: approved", "status: pending")
    assert not [care for care in doctor() if "no processor contract" in care["problem"]]


def test_an_agreement_of_us_health_law_matters_in_the_us_alone(caio: Caio, doctor: Doctor) -> None:
    said = [word if word != "ChatGPT Business" else "ChatGPT Enterprise" for word in COMPLETE]
    assert caio(*said).status == 0
    assert "HIPAA" not in str(doctor())


def test_an_agreement_of_us_health_law_is_asked_for_in_the_us(caio: Caio, doctor: Doctor) -> None:
    said = {"ChatGPT Business": "ChatGPT Enterprise", "Ireland": "US"}
    assert caio(*(said.get(word, word) for word in COMPLETE), "--state", "none").status == 0
    assert "whether you signed a HIPAA agreement" in str(doctor())


def test_the_organisation_is_missed_where_no_setting_names_it(
    caio: Caio, doctor: Doctor, workspace: Path
) -> None:
    assert caio(*COMPLETE).status == 0
    edit(workspace / "caio-mcp.toml", 'organisation = "Acme"\n', "")
    last = doctor()[-1]
    assert last["problem"].startswith("The organisation is not set")
    assert last["file"] == str(workspace / "caio-mcp.toml")


def test_a_register_that_cannot_be_read_is_said_too(caio: Caio, workspace: Path) -> None:
    assert caio(*COMPLETE).status == 0
    (workspace / "register.db").write_bytes(b"this is no database" * 100)
    shown = caio("doctor")
    assert shown.status == 0
    assert "register.db" in shown.out
    assert "Traceback" not in shown.said
