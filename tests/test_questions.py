"""What is asked, how an answer is given back, and that it all fits into a chat."""

from __future__ import annotations

import datetime
import itertools
import json
import re
from typing import Any

import pytest

from caio_mcp.core.answer import Answer
from caio_mcp.core.vocabulary import Effect
from caio_mcp.files import load_library
from caio_mcp.service import Caller, Service, UseRequest
from conftest import Connect, OpenDesk, no_register, tokens

COMPLAINTS: dict[str, Any] = {"task": "summarise", "data": ["customer complaints"]}
OPEN = "need_more_information"
TOKENS_MAX = 300
PACKS = ("acme", "default", "utk")
KINDS = ("customer complaints", "board papers", "press release", "crm stuff")
TASKS = ("", "summarise", "assess_people", "run_agent")
OUTCOMES = {
    "yes": "allow",
    "yes with conditions": "allow_with_conditions",
    "review": "review",
    "no": "prohibit",
}


@pytest.fixture(scope="module", params=PACKS)
def everywhere(request: pytest.FixtureRequest) -> list[Answer]:
    """What comes of all tools, listed and not, with some kinds of data and tasks."""
    library = load_library(request.param)
    service = Service(library, no_register, "off")
    now = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    tools = (*library.catalogue.tools, "ChatGPT", "BriefBot", "")
    return [
        service.check_use(UseRequest(task, tool, (kind,)), Caller("ann"), now, via="test")
        for tool, kind, task in itertools.product(tools, KINDS, TASKS)
    ]


def lines_of(answer: Answer) -> list[tuple[str, list[str]]]:
    """Each question's fact with the lines of its answers, as an assistant gets them."""
    questions: Any = answer.structured().get("questions", [])
    return [(question["fact"], question["options"]) for question in questions]


# -- giving an answer back ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("overlays", "decision"),
    [
        ("only:none", "allow_with_conditions"),
        ("only:none of these", "allow_with_conditions"),
        ("none", "allow_with_conditions"),
        ("only:PHI", "review"),
        ("only:Health", "review"),
        ("only:PHI,PAN", "prohibit"),
        ("only: PAN", "prohibit"),
        ("only:unsure", "prohibit"),
        ("unsure", "prohibit"),
    ],
)
async def test_a_checklist_is_answered_by_what_is_ticked_and_nothing_else(
    connect: Connect, overlays: str, decision: str
) -> None:
    async with connect() as talk:
        first = await talk.call("check_use", tool="ChatGPT Enterprise", **COMPLAINTS)
        assert first["decision"] == OPEN
        assert (
            f'check_use(previous="{first["check"]}", facts=["data.overlays=only:..."])'
            == (first["next"])
        )
        second = await talk.call(
            "check_use", previous=first["check"], facts=[f"data.overlays={overlays}"]
        )
        assert second["decision"] == decision


async def test_ticking_one_thing_without_only_leaves_the_others_open(connect: Connect) -> None:
    async with connect() as talk:
        first = await talk.call("check_use", tool="ChatGPT Enterprise", **COMPLAINTS)
        answer = await talk.call("check_use", previous=first["check"], facts=["data.overlays=PHI"])
        assert (answer["decision"], answer["best_case"], answer["worst_case"]) == (
            OPEN,
            "review",
            "prohibit",
        )
        (question,) = answer["questions"]
        assert question["fact"] == "data.overlays"
        assert question["options"][0] == "none of these -> review"
        assert not any("PHI" in line for line in question["options"]), "it is answered"


async def test_an_answer_that_was_offered_leads_where_it_said(connect: Connect) -> None:
    """Health in complaints once opened the level again, which was told as settled."""
    async with connect() as talk:
        asked = await talk.call("check_use", tool="ChatGPT Enterprise", **COMPLAINTS)
        assert "PHI = Health -> review" in asked["questions"][0]["options"]
        told = await talk.call("check_use", previous=asked["check"], facts=["overlays=only:PHI"])
        assert told["decision"] == "review"
        beyond = await talk.call(
            "check_use", previous=asked["check"], facts=["data.overlays=only:TRADE_SECRET"]
        )
        assert beyond["decision"] == OPEN, "complaints do not hold that: its level is open"
        assert beyond["questions"][0]["fact"] == "data.level"


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("data.overlays=only:none,PHI", "'none' is not a value of data.overlays."),
        ("data.overlays=only:PHI,none", "'none' is not a value of data.overlays."),
        ("data.overlays=only:PHJ", "Did you mean 'PHI'?"),
        ("data.overlays=only:,PHI", "data.overlays has no value."),
        ("data.overlays=only:only:PHI", "'only:PHI' is not a value of data.overlays."),
        ("data.level=only:none", "data.level"),
        ("data.level=only:public", "data.level takes a value, a list, or one of"),
        ("data.overlays!=only:PHI", "'only:PHI' is not a value of data.overlays."),
    ],
)
async def test_a_checklist_answer_that_says_two_things_is_refused(
    connect: Connect, fact: str, words: str
) -> None:
    async with connect() as talk:
        sentence = await talk.refused("check_use", tool="ChatGPT", facts=[fact], **COMPLAINTS)
        assert words in sentence


async def test_a_single_choice_with_a_none_in_it_is_no_checklist(connect: Connect) -> None:
    """The condition of Art. 9 was once a checklist, whose answers were refused."""
    said = {"task": "summarise", "tool": "ChatGPT Enterprise", "data": ["customer reviews"]}
    async with connect() as talk:
        first = await talk.call("check_use", facts=["data.categories=only:religion"], **said)
        assert first["decision"] == "review"
        for value, decision in (("none", "review"), ("explicit_consent", "allow")):
            answer = await talk.call(
                "check_use", previous=first["check"], facts=[f"legal.art9_condition={value}"]
            )
            assert answer["decision"] == decision


@pytest.mark.parametrize("pack", ["acme", "utk"])
def test_every_answer_that_is_offered_is_taken_and_leads_where_it_says(
    desk: OpenDesk, pack: str
) -> None:
    desk_ = desk(policy=pack, CAIO_MCP_DECISION_LOG="off")
    tools = ("ChatGPT", "ChatGPT Enterprise", "azure-openai-eu", "ut-ai-hub", "ut-local-llm")
    kinds = ("customer complaints", "customer reviews", "own source code", "grades", "payroll")
    seen = 0
    for tool, kind in itertools.product(tools, kinds):
        said: dict[str, Any] = {"tool": tool, "data": [kind], "task": "summarise"}
        for question in desk_.ask(**said).questions:
            form = f"{question.fact}={'only:' if question.is_list else ''}"
            for option in question.options:
                then = desk_.ask(**said, facts=[f"{form}{option.value}"]).decision
                best, worst = Effect[then.best_case], Effect[then.worst_case]
                told = (min(option.leads_to), max(option.leads_to))
                assert told[0] <= best <= worst <= told[1], (said, form, option.value)
                seen += 1
    assert seen > 60 or pack != "acme"


# -- how it is asked ---------------------------------------------------------------------------


async def test_the_plan_is_asked_of_a_product_and_the_tool_of_nothing(connect: Connect) -> None:
    async with connect() as talk:
        first = await talk.call("check_use", tool="ChatGPT", **COMPLAINTS)
        assert first["questions"][0]["ask"] == "Which ChatGPT plan or account?"
        assert "1. Which ChatGPT plan or account? [tool.id]" in talk.text
        assert "gemini" not in talk.text.casefold()
        any_tool = await talk.call("check_use", **COMPLAINTS)
        (ask,) = (q["ask"] for q in any_tool["questions"] if q["fact"] == "tool.id")
        assert ask == "Which AI tool, and which plan of it?"
        known = await talk.call("check_use", tool="ChatGPT Team", **COMPLAINTS)
        assert "tool.id" not in [q["fact"] for q in known.get("questions", [])]


async def test_the_first_example_is_asked_as_it_should_be_read_out(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call("check_use", tool="ChatGPT", **COMPLAINTS)
        (tool, ticked) = (question["options"] for question in answer["questions"])
        assert tool[0].startswith("chatgpt-enterprise")
        assert tool[1:] == [
            "chatgpt-free; chatgpt-plus = ChatGPT Plus or Pro; "
            "chatgpt-team = ChatGPT Business -> no",
            "unsure -> the strictest of these",
        ]
        assert ticked == [
            "none of these -> yes with conditions, if 1a",
            "PHI = Health -> review, if 1a",
            "SECRETS = Passwords, keys and tokens; PAN = Payment card -> no",
            "unsure -> the strictest of these",
        ]


@pytest.mark.parametrize("pack", PACKS)
def test_if_1a_is_said_of_the_second_question_and_only_where_it_is_true(
    desk: OpenDesk, pack: str
) -> None:
    desk_ = desk(policy=pack, CAIO_MCP_DECISION_LOG="off")
    tools = ("ChatGPT", "Claude", "Gemini", "ut-ai-hub", "ollama", "")
    seen = 0
    for tool, kind in itertools.product(tools, ("customer complaints", "emails", "grades")):
        said: dict[str, Any] = {"tool": tool, "data": [kind], "task": "summarise"}
        answer = desk_.ask(**said)
        asked = lines_of(answer)
        assert not any("if 1a" in line for _, lines in asked[:1] for line in lines)
        if len(asked) < 2:
            assert "if 1a" not in answer.text
            continue
        (first, [best, *_]), (second, lines) = asked
        for line in lines:
            told = re.fullmatch(r"(.*) -> (.*), if 1a", line)
            if told is None:
                continue
            values = [value.partition(" = ")[0] for value in re.split(r"; |, ", told[1])]
            for one in best.rpartition(" -> ")[0].split(" (")[0].split(", ")[:2]:
                known = one.partition(" = ")[0].partition(" or ")[0]
                for value in values:
                    form = f"{second}=only:{value}" if lines_of(answer) else ""
                    if "none of these" not in lines[0]:
                        form = f"{second}={value}"
                    facts = [f"{first}={known}", form]
                    assert desk_.ask(**said, facts=facts).decision.decision == OUTCOMES[told[2]], (
                        said,
                        facts,
                    )
                    seen += 1
    assert seen or pack != "acme"


def test_a_checklist_hides_nothing_behind_more(everywhere: list[Answer]) -> None:
    seen = 0
    for answer in everywhere:
        for question, (_, lines) in zip(answer.questions, lines_of(answer), strict=True):
            if not any(line.startswith("none of these") for line in lines):
                continue
            seen += 1
            words = set(re.split(r"[ ,;]+", " ".join(lines)))
            missing = [o.value for o in question.options[1:] if o.value not in words]
            assert not missing, (question.fact, lines)
            assert not any(re.search(r"\bor \d+ more\b", line) for line in lines)
            assert all(line in answer.text for line in lines)
    assert seen > 10


def test_the_task_is_asked_first_where_it_answers_the_rest(
    connect: Connect, desk: OpenDesk
) -> None:
    desk_ = desk(policy="acme")
    without = desk_.ask(tool="ChatGPT Enterprise", data=["customer complaints"])
    assert without.questions[0].fact == "purpose.task"
    assert without.questions[0].ask == "What is the AI tool to do?"
    assert "purpose.practices" not in without.text
    with_it = desk_.ask(tool="ChatGPT Enterprise", **COMPLAINTS)
    assert "purpose.task" not in with_it.text
    no = desk_.ask(tool="Gemini app", facts=["data.level=restricted"])
    assert not no.questions, "a certain no asks nothing"
    elsewhere = desk(policy="utk").ask(tool="ut-verse", facts=["data.level=private"])
    assert "purpose.task" not in [q.fact for q in elsewhere.questions]


def test_as_many_answers_are_announced_as_are_asked_for(everywhere: list[Answer]) -> None:
    seen = set()
    for answer in everywhere:
        if answer.decision.decision != OPEN:
            continue
        count = len(lines_of(answer))
        noun = "1 answer" if count == 1 else f"{count} answers"
        assert answer.verdict.startswith(f"DEPENDS on {noun} (")
        announced = re.search(r"^After that up to (\d+) more\.$", answer.text, re.MULTILINE)
        rest = {q.fact for q in answer.decision.questions} - {fact for fact, _ in lines_of(answer)}
        assert (int(announced[1]) if announced else 0) == len(rest)
        seen.add(count)
    assert seen == {1, 2}


# -- the size of an answer ---------------------------------------------------------------------


def size(answer: Answer) -> int:
    """The tokens of the longer form, as an assistant gets both."""
    compact = json.dumps(answer.structured(), ensure_ascii=False, separators=(",", ":"))
    return max(tokens(answer.for_assistant()), tokens(compact))


def test_every_answer_fits_into_a_chat_in_both_forms(everywhere: list[Answer]) -> None:
    sizes = {answer.text: size(answer) for answer in everywhere}
    assert len(sizes) > 60
    assert {text: count for text, count in sizes.items() if count > TOKENS_MAX} == {}


@pytest.mark.parametrize("pack", PACKS)
def test_the_steps_of_an_incident_come_on_top_of_that(desk: OpenDesk, pack: str) -> None:
    desk_ = desk(policy=pack)
    for tool, kind, task in itertools.product(
        ("ChatGPT", "ChatGPT Free", "BriefBot", ""), ("medical records", "crm stuff"), TASKS[:3]
    ):
        answer = desk_.ask(tool=tool, data=[kind], task=task, already_done=True)
        steps = tokens(json.dumps(answer.incident))
        assert size(answer) <= TOKENS_MAX + steps, (tool, kind, task)
