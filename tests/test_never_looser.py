"""Ways in which an answer could become looser than the policy says, each once found and shut."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.facts import read_statement
from caio_mcp.core.library import Library
from caio_mcp.errors import FileFaults
from caio_mcp.files import load_library
from caio_mcp.service import UseRequest
from caio_mcp.settings import load_settings
from conftest import Connect

DAY = datetime.date(2026, 11, 22)
Pack = Callable[..., Library]
HEAD = "name: mine\nowner: me\nversion: '1'\nlevels: [public, confidential]\n"
TABLE = """
tables:
  - id: T
    title: Matrix
    columns: {any: {tool.id: [chatgpt-free, chatgpt-enterprise]}, otherwise: {}}
    rows:
      data.level: {public: [allow, allow], confidential: [%s, prohibit]}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Writes a pack from its files and loads it."""

    def written(head: str = "", confidential: str = "allow", **files: str) -> Library:
        folder = tmp_path / "mine"
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        (folder / "rules").mkdir(exist_ok=True)
        (folder / "policy.yaml").write_text(HEAD + head)
        (folder / "tables" / "t.yaml").write_text(TABLE % confidential)
        for name, text in files.items():
            place = {"rules": "rules/r.yaml", "approvals": "approvals.yaml"}[name]
            (folder / place).write_text(text)
        return load_library(f"{folder}/")

    return written


def ask(library: Library, *facts: str, day: datetime.date = DAY) -> Decision:
    return decide(library.engine, [read_statement(library.vocabulary, fact) for fact in facts], day)


def rule(effect: str, when: str) -> str:
    return f"rules: [{{id: R, title: t, effect: {effect}, when: {when}, reason: r, source: s}}]"


def test_a_level_and_an_overlay_of_one_name_are_refused(pack: Pack) -> None:
    with pytest.raises(FileFaults, match="is a level already"):
        pack("overlays: {Confidential: {}}\n")


def test_a_model_blocked_on_one_channel_stays_blocked_there(pack: Pack) -> None:
    library = pack(
        confidential="allow",
        approvals=(
            "models:\n"
            "  - {id: anthropic/claude-sonnet-4.6, on: aws-bedrock-eu, status: blocked}\n"
            "  - {id: anthropic/claude-sonnet-4.6, on: azure-openai-eu, status: pending}\n"
        ),
    )
    for tool, decision in (("aws-bedrock-eu", "prohibit"), ("azure-openai-eu", "review")):
        got = ask(
            library,
            f"tool.id={tool}",
            "model.id=anthropic/claude-sonnet-4.6",
            "data.level=public",
        )
        assert got.decision == decision


def test_a_limit_that_no_model_approval_knows_is_refused(pack: Pack) -> None:
    with pytest.raises(FileFaults, match="cleared_level"):
        pack(
            approvals="models: [{id: anthropic/claude-sonnet-4.6, on: aws-bedrock-eu, "
            "status: approved, cleared_level: public}]"
        )


def test_an_approval_that_starts_later_is_reviewed_until_then(pack: Pack) -> None:
    library = pack(approvals="tools: [{id: chatgpt-free, status: approved, since: 2027-01-01}]")
    said = ("tool.id=chatgpt-free", "data.level=public")
    assert ask(library, *said).decision == "review"
    assert ask(library, *said, day=datetime.date(2027, 1, 1)).decision == "allow"


@pytest.mark.parametrize(
    "facts", ["tool.account: organisation", "tool.plan: enterprise", "tool.hosting: own_device"]
)
def test_facts_that_make_a_tool_impossible_are_refused(pack: Pack, facts: str) -> None:
    with pytest.raises(FileFaults, match="cannot all be true together"):
        pack(
            approvals=f"tools:\n  - id: chatgpt-free\n    status: blocked\n    facts: {{{facts}}}\n"
        )


@pytest.mark.parametrize("fact", ["tool.account: organisation", "data.categories: none"])
def test_a_profile_does_not_speak_of_tools_or_data(pack: Pack, fact: str) -> None:
    with pytest.raises(FileFaults, match="no standing fact of an organisation"):
        pack(f"profile: {{{fact}}}\n")


def test_what_is_in_the_data_outweighs_its_stated_level(pack: Pack) -> None:
    library = pack(
        "overlays: {PHI: {when: {data.categories: health}, lowest_level: confidential}}\n",
        confidential="prohibit",
    )
    got = ask(library, "tool.id=chatgpt-free", "data.level=public", "data.categories=health")
    assert got.decision == "prohibit"
    assert got.contradictions


def test_an_overlay_is_not_explained_by_the_category_that_no_rule_names(pack: Pack) -> None:
    library = pack(
        "overlays: {PHI: {when: {data.categories: [health, genetic]}}}\n",
        rules=rule("prohibit", "{data.categories: health}"),
    )
    words = library.words
    stated = [
        read_statement(library.vocabulary, fact)
        for fact in ("tool.id=chatgpt-free", "data.level=confidential", "data.overlays=PHI")
    ]
    derived = words.of_kinds(["customer-list"], stated, is_all=True)
    assert "prohibit" in {
        e.name for e in decide(library.engine, [*stated, *derived], DAY).ruling.reachable
    }


def test_an_empty_parameter_is_refused(pack: Pack) -> None:
    with pytest.raises(FileFaults, match="has no value"):
        pack("parameters: {none_of_it: {value: []}}\n")


def test_an_overlay_cannot_be_defined_by_overlays(pack: Pack) -> None:
    with pytest.raises(FileFaults, match="An overlay is defined by"):
        pack("overlays: {A: {when: {data.overlays: {none_of: A}}}}\n")


def test_a_rule_that_need_not_hold_is_not_cited(pack: Pack) -> None:
    library = pack(confidential="prohibit", rules=rule("prohibit", "{data.categories: health}"))
    got = ask(library, "data.level=confidential")
    assert got.decision == "prohibit"
    assert "R" not in got.determining_rules
    assert got.determining_rules == ("T/confidential/any", "T/confidential/otherwise")


def test_an_assumption_takes_no_duty_away(pack: Pack) -> None:
    library = pack(
        "obligations: {ob: Do this., ob2: Do that.}\n",
        rules=(
            "rules:\n"
            "  - {id: B, title: t, effect: review, when: {output.audience: public}, "
            "reason: r, source: s, obligations: [ob]}\n"
            "  - {id: D, title: t, effect: review, when: {data.categories: health}, "
            "reason: r, source: s, obligations: [ob2]}\n"
        ),
    )
    said = [
        read_statement(library.vocabulary, fact)
        for fact in ("tool.id=chatgpt-free", "data.level=public", "output.audience=public")
    ]
    assumed = read_statement(library.vocabulary, "data.categories!=health").from_("assumed")
    duties = [
        {duty.id for duty in decide(library.engine, statements, DAY).obligations}
        for statements in (said, [*said, assumed])
    ]
    assert duties == [{"ob", "ob2"}, {"ob", "ob2"}]


# -- in conversation ---------------------------------------------------------------------------

ENTERPRISE = {"task": "write", "tool": "ChatGPT Enterprise"}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"data": ["customer complaints"], "facts": ["data.overlays=PHI"]}, "data.overlays=none"),
        ({"data": ["health data", "confidential"]}, "data.categories=none"),
        ({"data": ["api keys"], "facts": ["data.level=public"]}, "data.categories=none"),
        (
            {"data": ["job applications"], "facts": ["data.categories=religion"]},
            "data.categories=none",
        ),
    ],
)
async def test_none_of_these_is_said_of_the_others(
    connect: Connect, first: dict[str, list[str]], then: str
) -> None:
    async with connect() as talk:
        asked = await talk.call("check_use", **ENTERPRISE, **first)
        after = await talk.call(
            "check_use", previous=asked["check"], facts=[then, "data.overlays=none"]
        )
        assert after["decision"] not in ("allow", "allow_with_conditions"), talk.text


@pytest.mark.parametrize(
    ("first", "more"),
    [
        ("internal text", "survey answers"),
        ("internal text", "zorblax"),
        ("none", "zorblax"),
        ("press release", "salaries"),
        ("press release", "client confidential information"),
    ],
)
async def test_more_data_said_later_counts_as_if_said_at_once(
    connect: Connect, first: str, more: str
) -> None:
    async with connect() as talk:
        asked = await talk.call("check_use", data=[first], **ENTERPRISE)
        later = await talk.call("check_use", previous=asked["check"], data=[more])
        together = [more] if first == "none" else [first, more]
        once = await talk.call("check_use", data=together, **ENTERPRISE)
        assert later["decision"] == once["decision"] == "need_more_information"


@pytest.mark.parametrize(
    "fact",
    ["processing.decides_about_persons", "purpose.practices", "data.level", "data.categories"],
)
async def test_unsure_outweighs_what_is_usual(connect: Connect, fact: str) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use", data=["customer list"], facts=[f"{fact}=unsure"], **ENTERPRISE
        )
        assert answer["decision"] not in ("allow", "allow_with_conditions"), talk.text


async def test_no_contracts_does_not_mean_no_names(connect: Connect) -> None:
    async with connect() as talk:
        with_word = await talk.call(
            "check_use",
            tool="ChatGPT Free",
            task="write",
            data=["survey answers"],
            not_in_data=["contracts"],
        )
        without = await talk.call(
            "check_use", tool="ChatGPT Free", task="write", data=["survey answers"]
        )
        assert with_word["decision"] == without["decision"]


async def test_a_personal_account_is_not_the_organisations(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use",
            data=["customer list"],
            facts=["tool.account=personal", "data.overlays=none"],
            not_in_data=["bank details"],
            **ENTERPRISE,
        )
        assert answer["decision"] not in ("allow", "allow_with_conditions")
        assert "Contradiction" in talk.text


async def test_an_approval_cannot_be_stated(connect: Connect) -> None:
    async with connect() as talk:
        for fact in (
            "tool.approval=approved",
            "model.approval=approved",
            "tool.cleared_level=restricted",
        ):
            sentence = await talk.refused("check_use", facts=[fact])
            assert "comes from the policy" in sentence


async def test_an_assumption_never_ends_in_no_question_at_all(connect: Connect) -> None:
    async with connect("default") as talk:
        answer = await talk.call(
            "check_use", task="write", data=["internal memo"], assumed=["tool=ChatGPT Enterprise"]
        )
        assert answer["decision"] != "need_more_information" or answer["questions"]


async def test_a_tool_whose_other_plans_may_be_meant_is_asked_for(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use", task="translate", tool="Gemini", data=["press release"]
        )
        assert answer["decision"] == "need_more_information"
        assert "tool.id" in [question["fact"] for question in answer["questions"]]


async def test_a_register_entry_is_decided_anew_under_the_policy_of_today(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "policies" / "mine"
    folder.mkdir(parents=True)
    head = "name: mine\nowner: me\nversion: '1'\ninherits: default\n"
    now = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    (folder / "policy.yaml").write_text(head)
    settings = load_settings(workspace=str(tmp_path), policy="mine", environment={})
    said = UseRequest(task="write", tool="ChatGPT Free", data=("published text",))
    service = build_service(settings)
    answer = service.check_use(said, build_caller(settings), now, via="test")
    service.close()
    assert answer.decision.decision == "allow"
    (folder / "policy.yaml").write_text(head + "kinds: {public-text: restricted}\n")
    service = build_service(settings)
    entry = service.register_use(
        UseRequest(), build_caller(settings), now, title="Texts", check=answer.check
    ).entry
    service.close()
    assert entry.status == "denied"


# Each row is one conversation: the calls one after the other, each going on from the one before.
CHAINS: dict[str, list[dict[str, Any]]] = {
    "unsure about what a kind would rule out": [
        {"data": ["press release"], "facts": ["data.overlays=unsure"]}
    ],
    "unsure though nothing was said to be in it": [
        {
            "data": ["none"],
            "facts": ["data.categories=unsure", "data.identifiability=anonymised"],
        }
    ],
    "unsure of the level, then more data": [
        {"facts": ["data.level=unsure", "data.overlays=none"]},
        {"data": ["press release"]},
    ],
    "one assumption against another": [
        {"data": ["press release"], "assumed": ["data.level=restricted", "data.level=public"]}
    ],
    "an assumption that displaces what follows from another": [
        {
            "data": ["internal text"],
            "assumed": [
                "task=assess_people",
                "processing.decides_about_persons=no",
                "purpose.practices=none",
            ],
            "task": "",
        }
    ],
    "unsure takes nothing back": [
        {"facts": ["data.level=internal", "data.categories=health"]},
        {"facts": ["data.categories=unsure"]},
        {"facts": ["data.categories=none"]},
    ],
    "a lower level word for more data": [
        {"data": ["confidential", "salaries"]},
        {"data": ["press release", "public"]},
    ],
    "not public, after restricted": [
        {"data": ["restricted", "salaries"]},
        {"facts": ["data.level!=public"]},
    ],
    "none, beside what was stated": [{"data": ["none"], "facts": ["data.categories=salary"]}],
    "a personal account, and the tool named again": [
        {"data": ["internal text"], "facts": ["tool.account=personal"]},
        {"facts": ["tool.id=chatgpt-enterprise"]},
    ],
}


@pytest.mark.parametrize("name", CHAINS)
async def test_no_conversation_ends_looser_than_what_was_said(connect: Connect, name: str) -> None:
    async with connect() as talk:
        check = ""
        for said in CHAINS[name]:
            start = {} if check else ENTERPRISE
            answer = await talk.call("check_use", previous=check, **{**start, **said})
            check = str(answer["check"])
        assert answer["decision"] not in ("allow", "allow_with_conditions"), talk.text
        assert answer["decision"] != "need_more_information" or answer["questions"]


async def test_the_same_request_on_another_day_adds_nothing(tmp_path: Path) -> None:
    settings = load_settings(workspace=str(tmp_path), policy="acme", environment={})
    service = build_service(settings)
    said = UseRequest(task="write", tool="ChatGPT Free", data=("press release",))
    entries = [
        service.register_use(
            said,
            build_caller(settings),
            datetime.datetime(2026, 11, day, tzinfo=datetime.UTC),
            title="Press releases",
        ).entry
        for day in (22, 23)
    ]
    service.close()
    assert [entry.id for entry in entries] == ["E-0001", "E-0001"]
    assert [entry.is_new for entry in entries] == [True, False]
