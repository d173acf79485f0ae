"""What people can change so that a no becomes a yes: how it is written, tested and told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from caio_mcp.core.answer import Answer
from conftest import BAD_INPUT, OVERLAY, Caio, Connect, OpenDesk, faults_of, write_pack

BASE = f"{OVERLAY}inherits: acme\n"
CONFIDENTIAL = ["data.level=confidential", "data.categories=none", "data.overlays=none"]


def mine(folder: Path, remedies: str, **more: str) -> Path:
    files = {"policy.yaml": BASE, "remedies.yaml": remedies} | more
    return write_pack(folder / "policies" / "mine", files)


# -- reading -----------------------------------------------------------------------------------

# The fault of each line, and the next step.
FAULTY = [
    ("sets: {tool.web_serch: off}", "'tool.web_serch' is not a known fact", "'tool.web_search'?"),
    ("sets: {tool.web_search: sideways}", "'sideways' is not a value", "Use one of: off, on."),
    ("sets: {tool.retention_days: soon}", "a whole number, not 'soon'", "Give the number of days"),
    *(
        (
            f"sets: {{{fact}: {value}}}",
            f"No change can set {fact}.",
            "an approval is the reviewer's",
        )
        for fact, value in (
            ("purpose.task", "write"),
            ("purpose.practices", "{none_of: manipulation}"),
            ("actor.region", "us"),
            ("actor.trained", "yes"),
            ("model.id", "anthropic/claude-sonnet-4.6"),
            ("model.approval", "approved"),
            ("tool.id", "chatgpt-enterprise"),
            ("tool.group", "own_hardware"),
            ("tool.approval", "approved"),
            ("tool.cleared_level", "restricted"),
        )
    ),
    *(
        (f"sets: {{data.{name}: {value}}}", "Data can only be left out.", "{none_of: [...]}")
        for name, value in (
            ("categories", "health"),
            ("categories", "{none_of: religion, all_of: health}"),
            ("overlays", "none"),
            ("overlays", "{only: [PHI]}"),
            ("subjects", "{only: []}"),
        )
    ),
    ("sets: {data.overlays: {none_of: []}}", "data.overlays is set to nothing.", "Give a value."),
    ("sets: {tool.web_search: unknown}", "tool.web_search is set to nothing.", "Give a value."),
    ("sets: {tool.web_search: unsure}", "tool.web_search is set to nothing.", "Give a value."),
    ("sets: {}", "This remedy sets nothing.", "Give a fact and a value."),
    ("who: you", "A remedy needs the field 'sets'.", ""),
    ("sets: [tool.web_search]", "sets must be `name: value` lines.", ""),
    ("sets: {data.level: internal}", "is a decision of somebody else.", "`who: [you, reviewer]`"),
    (
        "sets: {data.level: internal}, who: [you, you]",
        "is a decision of somebody else.",
        "`who: [you, reviewer]`",
    ),
    (
        "sets: {tool.web_search: off}, who: [me]",
        "'me' is not somebody who can do it.",
        "Use one of: it, legal, reviewer, you.",
    ),
    ("sets: {tool.web_search: off}, cost: -1", "cost must be a whole number, not '-1'.", ""),
    ("sets: {tool.web_search: off}, cost: much", "cost must be a whole number, not 'much'.", ""),
    (f"sets: {{tool.web_search: off}}, cost: {'9' * 16}", "cost must be a whole number", ""),
    ("sets: {tool.web_search: off}, by: it", "A remedy has no field 'by'.", "Use one of: cost"),
    ("sets: {tool.web_search: off, tool.web_search: on}", "is written twice here", "Keep one."),
]


def test_every_mistake_in_a_remedy_is_one_fault_on_its_line_with_the_next_step(
    caio: Caio, workspace: Path
) -> None:
    lines = [f"  - {{id: r{n}, title: R, {text}}}" for n, (text, _, _) in enumerate(FAULTY)]
    pack = mine(workspace, "\n".join(["remedies:", *lines]))
    run = caio("policy", "check", "mine")
    run.assert_refused("Mend them")
    found = {line: (file, said) for file, line, said in faults_of(run)}
    assert len(faults_of(run)) == len(found) == len(FAULTY), run.err
    for line, (text, problem, step) in enumerate(FAULTY, 2):
        file, said = found[line]
        assert file == "mine/remedies.yaml"
        assert problem in said, text
        assert step in said, text
    (pack / "remedies.yaml").write_text("remedies: []\n")
    assert caio("policy", "check", "mine").status == 0


IDS = [
    ("id: taken", "'taken' is already a remedy or a tool."),
    ("id: chatgpt-free", "'chatgpt-free' is already a remedy or a tool."),
    ("id: unlisted", "'unlisted' is already a remedy or a tool."),
    ("id: a b", "'a b' cannot be an id."),
    ("id: ''", "id must be a piece of text."),
    ("who: you", "A remedy needs the field 'id'."),
]


def test_an_id_stands_for_one_remedy_and_for_no_tool(caio: Caio, workspace: Path) -> None:
    rest = "title: R, sets: {tool.web_search: off}"
    lines = [f"  - {{{name}, {rest}}}" for name, _ in [("id: taken", ""), *IDS]]
    mine(workspace, "\n".join(["remedies:", *lines]))
    found = faults_of(caio("policy", "check", "mine"))
    assert [line for _, line, _ in found] == list(range(3, 3 + len(IDS)))
    for (_, _, said), (name, problem) in zip(found, IDS, strict=True):
        assert problem in said, name


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("remedy: []\n", 1, "remedies.yaml has no field 'remedy'. Did you mean 'remedies'?"),
        ("switch_tool: {sets: {}}\n", 1, "switch_tool has no field 'sets'."),
        ("remedies: []\nswitch_tool: {cost: -1}\n", 2, "cost must be a whole number, not '-1'."),
        ("remedies:\n  - web_search_off\n", 2, "A remedy must be `name: value` lines."),
        ("remedies:\n  a: {title: A}\n", 2, "remedies must be a list"),
        ("", 1, "The file is empty."),
    ],
)
def test_a_file_of_remedies_has_its_form(
    caio: Caio, workspace: Path, text: str, line: int, problem: str
) -> None:
    mine(workspace, text)
    run = caio("policy", "check", "mine")
    run.assert_refused(f"mine/remedies.yaml:{line}:", problem)


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("remedies/more.yaml", "This file is in a place that is not read."),
        ("rules/remedies.yaml", "A file of rules has no field 'remedies'."),
        ("remedy.yaml", "This file is in a place that is not read."),
    ],
)
def test_remedies_in_another_place_are_a_fault_and_not_left_unread(
    caio: Caio, workspace: Path, place: str, problem: str
) -> None:
    mine(workspace, "remedies: []\n", **{place: "remedies: []\n"})
    run = caio("policy", "check", "mine")
    run.assert_refused(f"mine/{place}:1:1: {problem}")


def test_a_level_may_be_lowered_by_somebody_else(caio: Caio, workspace: Path) -> None:
    sets = "title: R, sets: {data.level: internal}"
    lines = [
        f"  - {{id: r{n}, {sets}, who: {who}}}"
        for n, who in enumerate(("reviewer", "legal", "[you, reviewer]"))
    ]
    mine(workspace, "\n".join(["remedies:", *lines]))
    assert caio("policy", "check", "mine").status == 0


# -- inheriting --------------------------------------------------------------------------------

WEB = {
    "policy.yaml": BASE,
    "rules/web.yaml": """\
rules:
  - id: NO-SEARCH
    title: No search
    effect: prohibit
    when: {tool.web_search: on}
    reason: The question leaves the tool.
    source: us
""",
}
SEARCHING: dict[str, Any] = {
    "task": "summarise",
    "tool": "ChatGPT Enterprise",
    "facts": [*CONFIDENTIAL, "tool.web_search=on"],
}


def moves(answer: Answer) -> list[tuple[str, ...]]:
    return [tuple(move.id for move in remedy.moves) for remedy in answer.decision.remedies]


def test_a_pack_describes_a_change_of_its_base_anew(desk: OpenDesk) -> None:
    as_it_was = desk(WEB).ask(**SEARCHING)
    assert as_it_was.helps[0] == "You, now: Switch web search off -> yes with conditions."
    told = """\
remedies:
  - id: web_search_off
    title: Click the globe until it is grey
    sets: {tool.web_search: off}
    who: it
    cost: 9
    usual_time: 2 hours
"""
    anew = desk({**WEB, "remedies.yaml": told}).ask(**SEARCHING)
    assert "IT (2 hours): Click the globe until it is grey -> yes with conditions." in anew.helps
    assert not any("Switch web search off" in line for line in anew.helps)
    assert moves(anew)[0] != ("web_search_off",), "what costs more comes later"


def test_a_pack_adds_a_change_and_keeps_those_of_its_base(desk: OpenDesk) -> None:
    rule = WEB["rules/web.yaml"].replace("tool.web_search: on", "legal.dpia: missing")
    files = {"policy.yaml": BASE, "rules/web.yaml": rule}
    asked = {**SEARCHING, "facts": [*CONFIDENTIAL, "legal.dpia=missing"]}
    without = desk(files).ask(**asked)
    assert without.helps == (
        "Nothing that your policy lists: no tool, setting or redaction makes this a yes.",
    )
    added = """\
remedies:
  - id: do_dpia
    title: Have the impact assessment done
    sets: {legal.dpia: done}
    who: [you, legal]
    cost: 6
    usual_time: some weeks
"""
    answer = desk({**files, "remedies.yaml": added}).ask(**asked)
    assert answer.helps[0] == (
        "You + legal or privacy (some weeks): Have the impact assessment done -> "
        "yes with conditions."
    )
    assert moves(answer)[0] == ("do_dpia",)
    assert all("do_dpia" in made for made in moves(answer))
    health = [*CONFIDENTIAL[:1], "data.categories=only:payment_card"]
    inherited = desk(policy="mine").ask(task="write", tool="ChatGPT Enterprise", facts=health)
    assert any("leave_out_cards" in made for made in moves(inherited))


@pytest.mark.parametrize(("cost", "first"), [(1, "ollama-local"), (8, "work_around")])
def test_the_cost_of_another_tool_is_the_pack_s_own(desk: OpenDesk, cost: int, first: str) -> None:
    rule = WEB["rules/web.yaml"].replace(
        "tool.web_search: on", "tool.id: chatgpt-enterprise, legal.dpia: missing"
    )
    remedies = f"""\
switch_tool: {{cost: {cost}, usual_time: 3 days}}
remedies:
  - {{id: work_around, title: Have it assessed, sets: {{legal.dpia: done}}, cost: 4}}
"""
    answer = desk({"policy.yaml": BASE, "rules/web.yaml": rule, "remedies.yaml": remedies}).ask(
        task="write", tool="ChatGPT Enterprise", facts=[*CONFIDENTIAL, "legal.dpia=missing"]
    )
    found = moves(answer)
    assert (found.index(("ollama-local",)) < found.index(("work_around",))) == (cost == 1)
    assert found[0] == ("work_around",) or first == "ollama-local"
    costs = [remedy.cost for remedy in answer.decision.remedies]
    assert costs == sorted(costs)
    assert any(line.startswith("You (3 days): Use ") for line in answer.helps)


# -- expected in the tests of a policy ---------------------------------------------------------

EXPECTED = """\
suite: Remedies
as_of: 2026-11-22
facts:
  purpose.task: summarise
  purpose.practices: none
  data.level: confidential
  data.categories: none
  data.overlays: none
  tool.id: chatgpt-enterprise
  tool.web_search: on
cases:
  - name: Searching
    expect: {{remedies: {expected}}}
"""


def outcome(caio: Caio, workspace: Path, expected: str) -> tuple[int, str]:
    write_pack(
        workspace / "policies" / "mine",
        {**WEB, "tests/r.test.yaml": EXPECTED.format(expected=expected)},
    )
    run = caio("policy", "test", "mine")
    return run.status, run.said


def test_the_expected_remedies_are_there(caio: Caio, workspace: Path) -> None:
    status, said = outcome(caio, workspace, "{allow_with_conditions: [[web_search_off]]}")
    assert (status, said) == (0, "1 passed, 0 failed\n")


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (
            "{allow_with_conditions: [[training_off]]}",
            "expected the remedy training_off for allow_with_conditions, got web_search_off; ",
        ),
        (
            "{allow_with_conditions: [[run_offline, web_search_off]]}",
            "expected the remedy run_offline + web_search_off for allow_with_conditions, got ",
        ),
        (
            "{allow_with_conditions: [[ollama-local, run_offline]]}",
            "expected no cheaper remedy for allow_with_conditions, got web_search_off; ",
        ),
        ("{allow_with_conditions: []}", "expected no cheaper remedy for allow_with_conditions"),
    ],
    ids=["another", "more than needed", "a cheaper one", "none"],
)
def test_a_remedy_that_is_not_as_expected_fails_in_words(
    caio: Caio, workspace: Path, expected: str, words: str
) -> None:
    status, said = outcome(caio, workspace, expected)
    assert status == 1
    assert "mine/tests/r.test.yaml:12: Remedies: Searching\n" in said
    assert words in said
    assert said.endswith("0 passed, 1 failed\n")


@pytest.mark.parametrize(
    ("expected", "problem"),
    [
        ("{allow: [[web_serch_off]]}", "'web_serch_off' is not a known remedy. Did you mean 'web_"),
        ("{allowed: [[web_search_off]]}", "'allowed' is not a known better outcome. Write"),
        ("{prohibit: [[web_search_off]]}", "'prohibit' is not a known better outcome."),
        ("{allow: web_search_off}", "allow must be a list"),
    ],
)
def test_an_expected_remedy_that_cannot_be_is_a_fault_of_the_test(
    caio: Caio, workspace: Path, expected: str, problem: str
) -> None:
    status, said = outcome(caio, workspace, expected)
    assert status == BAD_INPUT
    assert "mine/tests/r.test.yaml:13:" in said
    assert problem in said


# -- told --------------------------------------------------------------------------------------

COMPLAINTS: dict[str, Any] = {"task": "summarise", "data": ["customer complaints"]}


async def test_an_answer_says_who_when_how_to_see_it_and_what_comes_of_it(
    connect: Connect,
) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use", tool="ChatGPT Free", facts=["data.overlays=none"], **COMPLAINTS
        )
        assert answer["works_instead"][0] == (
            "You, now: Use ChatGPT Enterprise (your organisation's name at the lower left, "
            '"Enterprise" in the profile menu) -> yes with conditions.'
        )
        for number, line in enumerate(answer["works_instead"], 1):
            assert f"\n{number}. {line}\n" in talk.text
        records = await talk.call(
            "check_use",
            task="summarise",
            tool="ChatGPT Enterprise",
            facts=["data.level=restricted", "data.categories=only:name", "data.overlays=none"],
        )
        assert (
            "You + the reviewer (about 1 day): Take out the gravest parts, and have the "
            "rest reviewed as Confidential -> yes with conditions." in records["works_instead"]
        )


async def test_a_review_names_its_reviewer_and_asking_for_it_is_no_remedy(
    connect: Connect, tmp_path: Path
) -> None:
    contacts = "contacts: {dpo: {who: Dora Dpo, usual_days: 1}}\n"
    mine(tmp_path, "remedies: []\n", **{"policy.yaml": BASE + contacts})
    async with connect("mine") as talk:
        answer = await talk.call(
            "check_use",
            task="summarise",
            tool="ChatGPT Enterprise",
            facts=["data.level=confidential", "data.categories=only:health,name"],
        )
        assert answer["decision"] == "review"
        assert answer["verdict"].startswith(
            "NOT YET: Dora Dpo (usually 1 day) must review this first: "
        )
        assert "Ada" not in answer["verdict"]
        assert not any("Dora" in line for line in answer["works_instead"])


async def test_no_remedy_is_to_say_something_else_or_to_get_approval(connect: Connect) -> None:
    kinds = ("customer complaints", "medical records", "password lists", "own source code")
    async with connect() as talk:
        seen = 0
        for kind in kinds:
            for tool in ("ChatGPT Free", "Claude Team", "Gemini", "BriefBot"):
                answer = await talk.call("check_use", task="write", tool=tool, data=[kind])
                for line in answer.get("works_instead", []):
                    seen += 1
                    assert not re.search(r"\b(say|state|tell|claim|approv|permission)", line), line
                    assert "=" not in line
        assert seen > 15


def test_no_remedy_sets_what_is_said_of_a_use_or_what_policy_says_of_a_tool(
    desk: OpenDesk,
) -> None:
    acme = desk(policy="acme")
    kinds = ("customer complaints", "medical records", "password lists", "court files")
    seen = 0
    for kind in kinds:
        for tool in ("ChatGPT Free", "Claude Team", "ChatGPT Enterprise", "ollama"):
            answer = acme.ask(task="write", tool=tool, data=[kind])
            for remedy in answer.decision.remedies:
                seen += 1
                for said in (part for move in remedy.moves for part in move.sets):
                    assert not said.fact.startswith(("purpose.", "actor.", "model."))
                    assert said.fact not in ("tool.approval", "tool.cleared_level", "tool.group")
                    assert not (said.fact.startswith("data.") and said.present)
                    if said.fact == "data.level":
                        assert "reviewer" in remedy.who
    assert seen > 10


OWN_TOOL = """\
tools:
  - id: own-tool
    name: Own tool
    product: Own tool
    vendor: We
    facts:
      - source: us
        checked: 2026-11-01
        tool.account: organisation
        tool.plan: business
        tool.trains_on_input: no
{more}
"""


@pytest.mark.parametrize(
    ("more", "is_offered"),
    [("tool.web_search: [on, off]", True), ("tool.web_search: on", False), ("", False)],
    ids=["has it", "is always on", "not known"],
)
def test_a_setting_is_offered_only_where_the_tool_is_known_to_have_it(
    desk: OpenDesk, more: str, is_offered: bool
) -> None:
    files = {
        **WEB,
        "tools/own.yaml": OWN_TOOL.format(more=f"        {more}" if more else ""),
        "approvals.yaml": "tools: [{id: own-tool, status: approved}]\n",
    }
    answer = desk(files).ask(**{**SEARCHING, "tool": "Own tool"})
    assert answer.decision.decision == "prohibit"
    assert (("web_search_off",) in moves(answer)) == is_offered
    assert answer.helps
    for made in moves(answer):
        if "web_search_off" in made and not is_offered:
            assert "chatgpt-enterprise" in made or "ollama-local" in made or len(made) > 1


@pytest.mark.parametrize("tool", ["BriefBot", "Gemini"])
def test_what_nobody_knows_of_a_tool_is_not_switched_off_in_it(desk: OpenDesk, tool: str) -> None:
    answer = desk(WEB).ask(**{**SEARCHING, "tool": tool})
    assert answer.decision.decision == "prohibit"
    assert moves(answer)
    approved = {"chatgpt-enterprise", "ollama-local", "azure-openai-eu", "aws-bedrock-eu"}
    assert all(approved & set(made) for made in moves(answer)), "only together with another tool"


# -- when it is too late -----------------------------------------------------------------------

INCIDENT = """\
contacts: {dpo: {who: Dora Dpo}, security: {who: Siggi Sec}}
incident:
  - "Call {security} now."
  - "Then write to {dpo}; {{braces}} stay."
"""


@pytest.mark.parametrize(
    ("said", "decision"),
    [
        ({"tool": "ChatGPT Free", **COMPLAINTS}, "prohibit"),
        ({"tool": "ChatGPT", **COMPLAINTS}, "need_more_information"),
        (
            {
                "task": "summarise",
                "tool": "ChatGPT Enterprise",
                "facts": ["data.level=confidential", "data.categories=only:health"],
            },
            "review",
        ),
    ],
    ids=["no", "open", "review"],
)
async def test_after_it_happened_the_steps_name_whom_to_call(
    connect: Connect, tmp_path: Path, said: dict[str, object], decision: str
) -> None:
    mine(tmp_path, "remedies: []\n", **{"policy.yaml": BASE + INCIDENT})
    async with connect("mine") as talk:
        answer = await talk.call("check_use", already_done=True, **said)
        assert answer["decision"] == decision
        assert answer["incident_steps"] == [
            "Call Siggi Sec now.",
            "Then write to Dora Dpo; {braces} stay.",
        ]
        assert "Thank you for saying so. Now:\n1. Call Siggi Sec now.\n" in talk.text
        assert "Already pasted it?" not in talk.text
        before = await talk.call("check_use", **said)
        assert "incident_steps" not in before
        assert ("Already pasted it?" in talk.text) == (decision == "prohibit")


async def test_what_was_allowed_is_no_incident(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use",
            already_done=True,
            tool="ChatGPT Enterprise",
            facts=["data.overlays=none"],
            **COMPLAINTS,
        )
        assert answer["decision"] == "allow_with_conditions"
        assert "incident_steps" not in answer
        assert "Thank you for saying so" not in talk.text


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("Tell {dpoo}.", "'dpoo' is not a known contact. Did you mean 'dpo'?"),
        ("Tell {dpo.", "A brace { or } stands alone here."),
        ("Tell {}.", "Braces { } hold something else. Write {role} alone."),
        ("Tell {dpo.who}.", "'dpo.who' is not a known contact."),
        ("Tell {0}.", "'0' is not a known contact."),
        ("Tell {dpo!x}.", "Braces { } hold something else."),
        ("Tell {dpo:>9999999}.", "Braces { } hold something else."),
    ],
)
def test_a_step_that_names_nobody_is_a_fault(
    caio: Caio, workspace: Path, step: str, problem: str
) -> None:
    head = f"{BASE}incident:\n  - Stop.\n  - {json.dumps(step)}\n"
    mine(workspace, "remedies: []\n", **{"policy.yaml": head})
    run = caio("policy", "check", "mine")
    run.assert_refused("mine/policy.yaml:7:", problem)
