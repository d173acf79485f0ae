"""Parts of an organisation with facts, people and rules of their own."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from caio_mcp.service import UseRequest
from conftest import OVERLAY, Caio, Connect, OpenDesk, faults_of, write_pack

UNITS = f"""\
{OVERLAY}inherits: acme
units:
  sales:
    title: Sales Europe
    profile: {{legal.works_council: agreed}}
    contacts: {{dpo: {{who: Sally Sales, usual_days: 1}}}}
  labs: {{title: Labs, profile: {{legal.works_council: missing}}}}
  plain: {{}}
"""
COUNCIL = """\
  - id: COUNCIL
    title: The works council
    effect: prohibit
    when: {legal.works_council: missing, purpose.workers_affected: yes}
    reason: The works council has not agreed.
    source: us
"""
NO_LABS = """\
  - id: NO-LABS
    title: Labs do not search
    effect: review
    reviewer: dpo
    when: {actor.unit: labs, tool.web_search: on}
    reason: Labs must not search the web.
    source: us
"""
BY_PROFILE = {"policy.yaml": UNITS, "rules/r.yaml": f"rules:\n{COUNCIL}"}
BY_UNIT = {"policy.yaml": UNITS, "rules/r.yaml": f"rules:\n{NO_LABS}"}
USE: dict[str, Any] = {"task": "summarise", "tool": "ChatGPT Enterprise", "data": ["press release"]}
WORKERS: dict[str, Any] = {**USE, "facts": ["purpose.workers_affected=yes"]}
SEARCHING: dict[str, Any] = {**USE, "facts": ["tool.web_search=on"]}
HEALTH: dict[str, Any] = {
    "task": "summarise",
    "tool": "ChatGPT Enterprise",
    "facts": ["data.level=confidential", "data.categories=only:health"],
}


# -- what is known of a unit -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "decision"),
    [
        ("sales", "allow"),
        ("labs", "prohibit"),
        ("plain", "need_more_information"),
        ("accounting", "need_more_information"),
        ("", "need_more_information"),
    ],
)
def test_what_a_unit_s_profile_says_nobody_is_asked_for(
    desk: OpenDesk, unit: str, decision: str
) -> None:
    answer = desk(BY_PROFILE).ask(unit=unit, **WORKERS)
    assert answer.decision.decision == decision
    asked = [question.fact for question in answer.questions]
    assert asked == ([] if unit in ("sales", "labs") else ["legal.works_council"])
    assert not answer.decision.contradictions


@pytest.mark.parametrize("unit", ["sales", "SALES", " Sales ", "Sales Europe", "sales-europe"])
def test_a_unit_goes_by_its_id_or_its_title(desk: OpenDesk, unit: str) -> None:
    assert desk(BY_PROFILE).ask(unit=unit, **WORKERS).decision.decision == "allow"


@pytest.mark.parametrize("unit", ["sale", "Europe", "Sales Europe 2", "other_unit", "another unit"])
def test_a_unit_is_never_guessed(desk: OpenDesk, unit: str) -> None:
    desk_ = desk({**BY_PROFILE, "rules/r.yaml": f"rules:\n{COUNCIL}{NO_LABS}"})
    answer = desk_.ask(unit=unit, **WORKERS)
    assert [question.fact for question in answer.questions] == ["legal.works_council"]
    facts = answer.decision.facts["actor.unit"]
    assert (facts["value"], facts["provenance"]) == ("other_unit", "profile")


@pytest.mark.parametrize("source", ["file", "environment"])
@pytest.mark.parametrize(("unit", "starts"), [("labs", "NO."), ("Sales Europe", "YES.")])
async def test_the_unit_of_a_caller_comes_from_the_settings(
    connect: Connect, tmp_path: Path, source: str, unit: str, starts: str
) -> None:
    write_pack(tmp_path / "policies" / "mine", BY_PROFILE)
    environment = {"CAIO_MCP_UNIT": unit}
    if source == "file":
        (tmp_path / "caio-mcp.toml").write_text(f'unit = "{unit}"\n')
        environment = {}
    async with connect("mine", **environment) as talk:
        await talk.call("check_use", **WORKERS)
        assert talk.text.startswith(starts)


def test_the_environment_outranks_the_file(caio: Caio, workspace: Path) -> None:
    write_pack(workspace / "policies" / "mine", BY_PROFILE)
    (workspace / "caio-mcp.toml").write_text('policy = "mine"\nunit = "sales"\n')
    arguments = (
        *("check", "--task", "summarise", "--tool", "ChatGPT Enterprise"),
        *("--data", "press release", "--fact", "purpose.workers_affected=yes"),
    )
    assert caio(*arguments).status == 0
    (workspace / "caio-mcp.toml").write_text('policy = "mine"\nunit = "labs"\n')
    assert caio(*arguments).status == 1


@pytest.mark.parametrize(
    ("unit", "said", "counts", "decision"),
    [("labs", "agreed", "missing", "prohibit"), ("sales", "missing", "agreed", "allow")],
)
async def test_a_unit_s_profile_outranks_what_is_stated_and_says_so(
    connect: Connect, tmp_path: Path, unit: str, said: str, counts: str, decision: str
) -> None:
    write_pack(tmp_path / "policies" / "mine", BY_PROFILE)
    async with connect("mine", CAIO_MCP_UNIT=unit) as talk:
        facts = [*WORKERS["facts"], f"legal.works_council={said}"]
        answer = await talk.call("check_use", **{**WORKERS, "facts": facts})
        assert answer["decision"] == decision
        clash = next(note for note in answer["notes"] if note.startswith("Contradiction: "))
        assert f"you said Employee representatives = {said}" in clash
        assert clash.endswith(f"says {counts}, and that counts.")
        assert clash in talk.text


# -- rules on the unit -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "decision"), [("labs", "review"), ("sales", "allow"), ("elsewhere", "allow")]
)
def test_a_rule_for_a_unit_is_for_it_alone(desk: OpenDesk, unit: str, decision: str) -> None:
    answer = desk(BY_UNIT).ask(unit=unit, **SEARCHING)
    assert answer.decision.decision == decision
    assert ("NO-LABS" in answer.decision.determining_rules) == (unit == "labs")


def test_nobody_talks_themselves_into_another_unit(desk: OpenDesk) -> None:
    facts = [*SEARCHING["facts"], "actor.unit=sales"]
    answer = desk(BY_UNIT).ask(unit="labs", **{**SEARCHING, "facts": facts})
    assert answer.decision.decision == "review"
    assert any("Contradiction: you said Your unit = sales" in note for note in answer.notes)


def test_the_unit_is_asked_for_only_where_it_matters(desk: OpenDesk) -> None:
    ruled = desk(BY_UNIT)
    asked = ruled.ask(unit="", **SEARCHING)
    assert [question.fact for question in asked.questions] == ["actor.unit"]
    assert asked.questions[0].ask == "Which part of the organisation are you in?"
    assert "labs -> review" in asked.text
    quiet = ruled.ask(unit="", **{**USE, "facts": ["tool.web_search=off"]})
    assert quiet.decision.decision == "allow"
    known = ruled.ask(unit="plain", **SEARCHING)
    assert known.decision.decision == "allow"
    for policy in ("acme", "default"):
        use = {**USE, "tool": "ChatGPT"}
        questions = desk(policy=policy).ask(unit="", **use).decision.questions
        assert "actor.unit" not in {question.fact for question in questions}


# -- people ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "who"),
    [
        ("sales", "Sally Sales (usually 1 day)"),
        ("Sales Europe", "Sally Sales (usually 1 day)"),
        ("labs", "dpo@acme.example (usually 3 days)"),
        ("accounting", "dpo@acme.example (usually 3 days)"),
        ("", "dpo@acme.example (usually 3 days)"),
    ],
)
def test_a_unit_s_own_reviewer_is_named_there_and_nowhere_else(
    desk: OpenDesk, unit: str, who: str
) -> None:
    answer = desk(BY_PROFILE).ask(unit=unit, **HEALTH)
    assert answer.verdict.startswith(f"NOT YET: {who} must review this first: ")
    assert ("Sally" in answer.text) == ("Sally" in who)


# -- remembered --------------------------------------------------------------------------------


def test_an_entry_of_a_unit_is_reproduced_byte_for_byte(desk: OpenDesk) -> None:
    desk_ = desk(BY_PROFILE, CAIO_MCP_UNIT="Sales Europe")
    service, now = desk_.service, datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    request = UseRequest(
        task="summarise",
        tool="ChatGPT Enterprise",
        data=("press release",),
        facts=("purpose.workers_affected=yes",),
    )
    found = service.register_use(request, desk_.caller, now, title="Releases")
    entry, answer = found.entry, found.answer
    assert (entry.status, entry.unit) == ("approved", "Sales Europe")
    content = service.decision_of(answer.check)
    assert service.reproduce(answer.check) == content
    said = {(s["fact"], s["provenance"]): s["value"] for s in json.loads(content)["said"]}
    assert said["legal.works_council", "profile"] == "agreed"
    assert said["actor.unit", "profile"] == "sales"
    assert desk(BY_PROFILE, CAIO_MCP_UNIT="labs").service.reproduce(answer.check) == content


def test_what_follows_on_a_check_is_about_the_unit_of_who_follows(desk: OpenDesk) -> None:
    desk_ = desk(BY_PROFILE)
    first = desk_.ask(unit="labs", **{**WORKERS, "facts": []})
    for unit, decision in (("sales", "allow"), ("labs", "prohibit")):
        answer = desk_.ask(unit=unit, previous=first.check, facts=WORKERS["facts"])
        assert answer.decision.decision == decision
        assert not answer.decision.contradictions


def test_being_in_a_unit_says_nothing_of_a_use(caio: Caio, workspace: Path) -> None:
    write_pack(workspace / "policies" / "mine", BY_PROFILE)
    (workspace / "caio-mcp.toml").write_text('policy = "mine"\nunit = "sales"\n')
    run = caio("register", "add", "--title", "Nothing")
    run.assert_refused("Nothing was said of the use.")


# -- faults ------------------------------------------------------------------------------------

# The lines of `units:`; those with a fault, and a telling part of it.
FAULTY = [
    ("a: {profile: {actor.region: us}}", "The organisation's profile says something else of"),
    ("b: {profile: {tool.account: organisation}}", "tool.account is no standing fact"),
    ("c: {profile: {data.level: public}}", "data.level is no standing fact"),
    ("d: {profile: {model.approval: approved}}", "model.approval is no standing fact"),
    ("e: {profile: {purpose.task: write}}", "purpose.task is no standing fact"),
    ("f: {profile: {actor.regoin: us}}", "'actor.regoin' is not a known fact. Did you mean"),
    ("g: {profile: {actor.region: mars}}", "'mars' is not a value of actor.region."),
    ("h: {profile: {actor.unit: a}}", "A profile cannot say which unit it is of."),
    ("i: {contacts: {dpo: {usual_days: 1}}}", "The contact dpo needs the field 'who'."),
    ("j: {contacts: {dpoo: {who: X}}}", "'dpoo' is not a known contact of the organisation."),
    ("k: {head: x}", "The unit k has no field 'head'. Use one of: contacts, profile, title."),
    ("a b: {}", "'a b' cannot be an id."),
    ("other_unit: {}", "The unit 'other_unit' has the id or title of another one."),
    ("l: {title: Another unit}", "The unit 'l' has the id or title of another one."),
    ("m: {title: A}", "The unit 'm' has the id or title of another one."),
    ("n-o: {}", ""),
    ("n_o: {}", "The unit 'n_o' has the id or title of another one."),
    ("p: {profile: {actor.region: eea}}", ""),
]


def test_every_mistake_in_a_unit_is_one_fault_on_its_line(caio: Caio, workspace: Path) -> None:
    head = f"{OVERLAY}inherits: acme\nunits:\n"
    lines = "".join(f"  {line}\n" for line, _ in FAULTY)
    write_pack(workspace / "policies" / "mine", {"policy.yaml": head + lines})
    run = caio("policy", "check", "mine")
    run.assert_refused("Mend them")
    expected = {number: part for number, (_, part) in enumerate(FAULTY, 6) if part}
    found = faults_of(run)
    assert [line for _, line, _ in found] == sorted(expected), run.err
    for file, line, said in found:
        assert file == "mine/policy.yaml"
        assert expected[line] in said


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("  sales: {}\n", "'sales' is written twice here; the first one is on line 6."),
        ("  labs: {}\nunits: {}\n", "'units' is written twice here"),
    ],
)
def test_a_unit_is_written_once(caio: Caio, workspace: Path, line: str, problem: str) -> None:
    head = f"{OVERLAY}inherits: acme\nunits:\n  sales: {{}}\n{line}"
    write_pack(workspace / "policies" / "mine", {"policy.yaml": head})
    caio("policy", "check", "mine").assert_refused(problem)


def test_a_pack_adds_units_to_those_of_its_base_and_changes_none(
    caio: Caio, workspace: Path
) -> None:
    base = write_pack(workspace / "policies" / "mine", BY_PROFILE)
    head = OVERLAY.replace("name: mine", "name: over") + "inherits: mine\nunits:\n"
    over = write_pack(base.parent / "over", {"policy.yaml": f"{head}  fourth: {{}}\n"})
    assert caio("policy", "check", "over").status == 0
    (over / "policy.yaml").write_text(f"{head}  sales: {{}}\n")
    caio("policy", "check", "over").assert_refused(
        "over/policy.yaml:6:", "The unit 'sales' is already defined."
    )
    (over / "policy.yaml").write_text(f"{head}  fourth: {{title: SALES}}\n")
    caio("policy", "check", "over").assert_refused("The unit 'fourth' has the id or title")
