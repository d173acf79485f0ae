"""Until when a decision holds: a date where something dated changes it, and no line elsewhere."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from caio_mcp.core.answer import Answer
from conftest import OVERLAY, Caio, Connect, OpenDesk, write_pack

PROFILE = (
    "profile: {actor.region: eea, actor.jurisdictions: {only: [eu]}, actor.sector: {only: [other]}}"
)
DATED = {
    "policy.yaml": f"{OVERLAY}inherits: default\n{PROFILE}\n",
    "rules/dated.yaml": """\
rules:
  - id: STARTS
    title: A new rule
    effect: review
    when: {data.level: public, tool.web_search: on}
    reason: The new rule.
    source: us
    effective_from: 2027-01-01
  - id: ENDS
    title: An old rule
    effect: prohibit
    when: {data.level: internal}
    reason: The old rule.
    source: us
    effective_until: 2026-12-15
""",
    "approvals.yaml": """\
tools:
  - {id: m365-copilot, status: approved, facts: {tool.account: organisation}}
  - {id: claude-team, status: approved, since: 2026-12-10}
  - id: chatgpt-enterprise
    status: approved
    review_due: 2027-03-31
    facts: {tool.account: organisation}
  - {id: aws-bedrock-eu, status: approved, facts: {tool.account: organisation}}
models:
  - id: anthropic/claude-sonnet-4.6
    on: aws-bedrock-eu
    status: approved
    review_due: 2027-02-28
""",
}
COPILOT, ENTERPRISE, CLAUDE = "Microsoft 365 Copilot", "ChatGPT Enterprise", "Claude Team"
APPROVAL = "the approval of ChatGPT Enterprise is due for review"


def facts(level: str, *more: str) -> list[str]:
    return [f"data.level={level}", "data.categories=none", "data.overlays=none", *more]


def limit(answer: Answer) -> tuple[object, object]:
    """The date and what ends it, which the text must say as well."""
    shown = answer.structured()
    pair = shown.get("valid_until"), shown.get("then")
    last = answer.text.splitlines()[-1]
    if pair == (None, None):
        assert not re.search("(Valid|Holds) to", answer.text)
        assert last.startswith(f"Check {answer.check}, as of ")
    else:
        word = "Valid" if answer.decision.is_permitted else "Holds"
        assert last.startswith(f"{word} to {pair[0]} ({pair[1]}). Check {answer.check}, as of ")
    return pair


@pytest.mark.parametrize(
    ("day", "decision", "until"),
    [
        ("2026-11-22", "allow", ("2026-12-31", "the rule STARTS starts")),
        ("2026-12-31", "allow", ("2026-12-31", "the rule STARTS starts")),
        ("2027-01-01", "review", (None, None)),
    ],
)
def test_a_yes_ends_the_day_before_a_rule_starts(
    desk: OpenDesk, day: str, decision: str, until: tuple[object, object]
) -> None:
    answer = desk(DATED).ask(
        day=day, task="write", tool=COPILOT, facts=facts("public", "tool.web_search=on")
    )
    assert answer.decision.decision == decision
    assert limit(answer) == until


@pytest.mark.parametrize(
    ("day", "decision", "until"),
    [
        ("2026-11-22", "prohibit", ("2026-12-15", "the rule ENDS ends")),
        ("2026-12-15", "prohibit", ("2026-12-15", "the rule ENDS ends")),
        ("2026-12-16", "allow", (None, None)),
    ],
)
def test_a_no_ends_on_the_last_day_of_its_rule(
    desk: OpenDesk, day: str, decision: str, until: tuple[object, object]
) -> None:
    answer = desk(DATED).ask(day=day, task="write", tool=COPILOT, facts=facts("internal"))
    assert answer.decision.decision == decision
    assert limit(answer) == until


def test_a_dated_rule_about_something_else_ends_nothing(desk: OpenDesk) -> None:
    desk_ = desk(DATED)
    for said in (facts("public", "tool.web_search=off"), facts("confidential")):
        assert limit(desk_.ask(task="write", tool=COPILOT, facts=said)) == (None, None)


@pytest.mark.parametrize(
    ("day", "decision", "until"),
    [
        ("2026-11-22", "review", ("2026-12-09", "the approval of Claude Team starts")),
        ("2026-12-09", "review", ("2026-12-09", "the approval of Claude Team starts")),
        ("2026-12-10", "allow", (None, None)),
    ],
)
def test_waiting_ends_the_day_before_an_approval_starts(
    desk: OpenDesk, day: str, decision: str, until: tuple[object, object]
) -> None:
    said = facts("public", "tool.web_search=off")
    answer = desk(DATED).ask(day=day, task="write", tool=CLAUDE, facts=said)
    assert answer.decision.decision == decision
    assert limit(answer) == until


@pytest.mark.parametrize(
    ("day", "until"),
    [
        ("2026-12-20", ("2027-03-31", APPROVAL)),
        ("2027-03-31", ("2027-03-31", APPROVAL)),
        ("2027-04-01", (None, None)),
    ],
)
def test_a_decision_rests_on_its_contract_until_that_is_reviewed(
    desk: OpenDesk, day: str, until: tuple[object, object]
) -> None:
    answer = desk(DATED).ask(day=day, task="write", tool=ENTERPRISE, facts=facts("internal"))
    assert answer.decision.decision == "allow"
    assert limit(answer) == until
    overdue = "The approval of ChatGPT Enterprise was due for review on 2027-03-31."
    assert (overdue in answer.notes) == (until == (None, None))


def test_the_earliest_of_several_dates_is_the_one(desk: OpenDesk) -> None:
    desk_ = desk(DATED)
    said = facts("public", "tool.web_search=on")
    assert limit(desk_.ask(task="write", tool=ENTERPRISE, facts=said)) == (
        "2026-12-31",
        "the rule STARTS starts",
    )
    off = facts("public", "tool.web_search=off")
    assert limit(desk_.ask(task="write", tool=ENTERPRISE, facts=off)) == ("2027-03-31", APPROVAL)


def test_the_approval_of_a_model_counts_where_it_is_used(desk: OpenDesk) -> None:
    desk_ = desk(DATED)
    said = facts("confidential", "model.id=anthropic/claude-sonnet-4.6")
    until, then = limit(desk_.ask(task="write", tool="aws-bedrock-eu", facts=said))
    assert until == "2027-02-28"
    assert re.fullmatch(r"the approval of .*Sonnet 4\.6.* is due for review", str(then))
    other = facts("confidential", "model.id=anthropic/claude-opus-4.8")
    assert limit(desk_.ask(task="write", tool="aws-bedrock-eu", facts=other)) == (None, None)


def test_an_open_question_has_no_date(desk: OpenDesk) -> None:
    desk_ = desk(DATED)
    for said in (["data.level=public"], facts("public"), []):
        for tool in (ENTERPRISE, "ChatGPT", ""):
            answer = desk_.ask(task="write", tool=tool, facts=said)
            if answer.decision.decision == "need_more_information":
                assert limit(answer) == (None, None)
    assert desk_.ask(tool=ENTERPRISE).decision.decision == "need_more_information"


def test_where_nothing_is_dated_there_is_no_line(desk: OpenDesk) -> None:
    for tool in ("ChatGPT Free", ENTERPRISE, "BriefBot"):
        answer = desk(policy="utk").ask(
            task="write", tool=tool, facts=["data.level=internal", "data.overlays=none"]
        )
        assert limit(answer) == (None, None)


def test_until_its_day_a_decision_stays_and_the_day_after_it_differs(desk: OpenDesk) -> None:
    desk_ = desk(DATED)
    seen = 0
    for tool in (COPILOT, CLAUDE, "ChatGPT Free"):
        for level in ("public", "internal", "confidential"):
            said: dict[str, Any] = {
                "task": "write",
                "tool": tool,
                "facts": facts(level, "tool.web_search=on"),
            }
            first = desk_.ask(**said).decision
            until = first.valid_until
            last = until.day if until else datetime.date(2027, 12, 31)
            on_it = desk_.ask(day=str(last), **said).decision
            after = desk_.ask(day=str(last + datetime.timedelta(days=1)), **said).decision
            made = [(d.decision, set(d.determining_rules)) for d in (first, on_it, after)]
            assert made[0] == made[1]
            assert (made[1] != made[2]) == (until is not None)
            seen += until is not None
    assert seen >= 4


async def test_an_assistant_gets_the_date_and_the_reason_apart(
    connect: Connect, tmp_path: Path
) -> None:
    write_pack(tmp_path / "policies" / "mine", DATED)
    async with connect("acme") as talk:
        answer = await talk.call(
            "check_use",
            task="summarise",
            tool=ENTERPRISE,
            data=["customer complaints"],
            facts=["data.overlays=none"],
        )
        assert (answer["valid_until"], answer["then"]) == ("2027-01-31", APPROVAL)
        assert f"\nValid to 2027-01-31 ({APPROVAL}). Check {answer['check']}" in talk.text
        asked = await talk.call("check_use", task="summarise", tool="ChatGPT")
        assert not {"valid_until", "then"} & set(asked)
        assert not re.search("(Valid|Holds) to", talk.text)


def test_the_terminal_says_the_day_of_another_day(caio: Caio, workspace: Path) -> None:
    write_pack(workspace / "policies" / "mine", DATED)
    arguments = ["check", "--policy", "mine", "--tool", COPILOT, "--task", "write"]
    for fact in facts("internal"):
        arguments += ["--fact", fact]
    before = caio(*arguments, "--as-of", "2026-12-15")
    assert (before.status, "Holds to 2026-12-15 (the rule ENDS ends)." in before.out) == (1, True)
    after = caio(*arguments, "--as-of", "2026-12-16")
    assert (after.status, " to 2026" in after.out) == (0, False)
