"""What an assistant and a person get, turn by turn, in both protocol eras."""

from __future__ import annotations

import datetime

import pytest

from caio_mcp.core.vocabulary import EFFECTS
from caio_mcp.files import load_library
from conftest import Connect, tokens

EFFECT_NAMES = tuple(effect.name for effect in EFFECTS)

COMPLAINTS = {"task": "summarise", "data": ["customer complaints"]}


async def test_which_chatgpt_and_what_is_in_it_then_yes_with_conditions(connect: Connect) -> None:
    async with connect() as talk:
        first = await talk.call("check_use", tool="ChatGPT", **COMPLAINTS)
        assert first["decision"] == "need_more_information"
        assert (first["best_case"], first["worst_case"]) == ("allow_with_conditions", "prohibit")
        assert [q["fact"] for q in first["questions"]] == ["tool.id", "data.overlays"]
        assert talk.text.startswith("DEPENDS on 2 answers (Acme policy 3.2).")
        assert "do not paste" in talk.text
        assert "names of people, contact details" in first["understood"]

        second = await talk.call(
            "check_use",
            previous=first["check"],
            facts=["tool=chatgpt-enterprise", "data.overlays=none"],
        )
        assert second["decision"] == "allow_with_conditions"
        assert talk.text.startswith("YES, with 3 conditions:")
        assert "on what you told us; not legal advice" in talk.text
        assert len(second["conditions"]) == 3
        assert "Unless ruled out" not in talk.text
        assert "not scanned" in talk.text
        assert f'register_use(check="{second["check"]}"' in second["next"]


async def test_a_free_account_is_a_no_with_the_rule_and_the_way_out(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use", tool="ChatGPT Free", facts=["data.overlays=none"], **COMPLAINTS
        )
        assert answer["decision"] == "prohibit"
        assert talk.text.startswith("NO. Acme policy 3.2 does not allow this")
        assert "DH-LEVEL/confidential/consumer" in answer["reasons"][0]
        assert any("GDPR Art. 28(3)" in reason for reason in answer["reasons"])
        assert any(
            "ChatGPT Enterprise" in remedy and "yes with conditions" in remedy
            for remedy in answer["works_instead"]
        )
        assert "questions" not in answer


async def test_every_remedy_offered_really_leads_there(connect: Connect) -> None:
    async with connect() as talk:
        said = {**COMPLAINTS, "facts": ["data.overlays=none"]}
        await talk.call("check_use", tool="ChatGPT Free", **said)
        answer = await talk.call("check_use", tool="ChatGPT Enterprise", **said)
        assert answer["decision"] == "allow_with_conditions"


async def test_a_tool_that_nobody_listed_is_named_and_not_yet_allowed(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call("check_use", tool="BriefBot", **COMPLAINTS)
        assert answer["decision"] == "prohibit"
        assert talk.text.startswith("NO, not yet: 'BriefBot' is not in the catalogue")


async def test_a_slip_of_the_pen_is_neither_guessed_nor_taken_for_another_tool(
    connect: Connect,
) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use", tool="Gemni", task="translate", data=["press release"]
        )
        assert answer["decision"] == "need_more_information"  # Gemini is blocked, others are not
        assert "gemini-free = Gemini app with a personal Google account" in talk.text
        assert "'Gemni'" in answer["not_understood"][0]


async def test_words_nobody_listed_count_as_unknown(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use", task="summarise", tool="ChatGPT Enterprise", data=["crm stuff"]
        )
        assert answer["decision"] == "need_more_information"
        assert "counts as unknown, not as harmless" in answer["not_understood"][0]
        mixed = await talk.call(
            "check_use", task="summarise", tool="ChatGPT Free", data=["press release", "crm stuff"]
        )
        assert mixed["decision"] != "allow"


async def test_after_it_was_pasted_the_steps_come_along(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use",
            tool="ChatGPT Free",
            already_done=True,
            facts=["data.overlays=none"],
            **COMPLAINTS,
        )
        assert "72 hours" in talk.text
        assert len(answer["incident_steps"]) == 4
        allowed = await talk.call(
            "check_use",
            tool="ChatGPT Free",
            already_done=True,
            task="translate",
            data=["press release"],
        )
        assert allowed["decision"] == "allow"
        assert "incident_steps" not in allowed


async def test_what_an_assistant_assumes_can_only_make_it_stricter(connect: Connect) -> None:
    async with connect() as talk:
        looser = await talk.call(
            "check_use", assumed=["tool=chatgpt-enterprise", "data.overlays=none"], **COMPLAINTS
        )
        assert looser["decision"] == "need_more_information"
        assert "Assumed by the assistant" in talk.text
        stricter = await talk.call(
            "check_use",
            tool="ChatGPT Enterprise",
            assumed=["data.categories=credentials"],
            **COMPLAINTS,
        )
        assert stricter["decision"] == "prohibit"


async def test_what_is_presumed_is_not_asked_and_gives_way_to_what_is_said(
    connect: Connect,
) -> None:
    async with connect("default") as talk:
        first = await talk.call(
            "check_use",
            task="summarise",
            facts=[
                "tool.id=ollama-local",
                "tool.offline=yes",
                "data.level=internal",
                "data.categories=only:religion",
                "data.identifiability=identified",
                "data.subjects=only:customer",
            ],
        )
        assert first["decision"] == "review"
        assert "your data protection officer (usually 3 days)" in first["verdict"]
        same = await talk.call(
            "check_use", previous=first["check"], facts=["legal.art9_condition=none"]
        )
        assert same["decision"] == "review"
        answer = await talk.call(
            "check_use", previous=first["check"], facts=["legal.art9_condition=health_care"]
        )
        assert answer["decision"] == "allow"


async def test_what_only_others_know_is_asked_last(connect: Connect) -> None:
    async with connect() as talk:
        asked = await talk.call(
            "check_use", task="write_code", tool="local Ollama", data=["our code"]
        )
        assert [q["fact"] for q in asked["questions"]] == ["data.overlays"]
        assert talk.text.startswith("DEPENDS on 1 answer ")
        answer = await talk.call(
            "check_use", previous=asked["check"], facts=["data.overlays=only:TRADE_SECRET"]
        )
        assert [q["fact"] for q in answer["questions"]] == ["tool.offline"]
        assert "(ask IT)" in talk.text


async def test_unsure_is_an_answer_and_is_not_asked_again(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use", tool="ChatGPT Enterprise", facts=["data.overlays=unsure"], **COMPLAINTS
        )
        assert answer["decision"] == "prohibit"
        assert "counted as the strictest" in talk.text


async def test_what_contradicts_the_catalogue_is_said_and_does_not_count(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use",
            tool="ChatGPT Free",
            facts=["tool.account=organisation", "tool.dpa=yes", "data.overlays=none"],
            **COMPLAINTS,
        )
        assert answer["decision"] == "prohibit"
        assert "Contradiction: you said" in talk.text


async def test_a_level_below_that_of_the_kind_is_said_and_does_not_count(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use",
            tool="ChatGPT Free",
            facts=["data.level=public", "data.overlays=none"],
            **COMPLAINTS,
        )
        assert answer["decision"] == "prohibit"
        assert "Contradiction: you said Level of the data = public" in talk.text


async def test_check_then_register_then_find_it_again(connect: Connect) -> None:
    async with connect() as talk:
        checked = await talk.call(
            "check_use", tool="ChatGPT Free", task="translate", data=["press release"]
        )
        entry = await talk.call(
            "register_use", check=checked["check"], title="Press releases in French"
        )
        assert (entry["entry"], entry["status"]) == ("E-0001", "approved")
        again = await talk.call(
            "register_use", check=checked["check"], title="Press releases in French"
        )
        assert again["entry"] == "E-0001"
        assert "was already there" in talk.text
        found = await talk.call("search_register", words="french")
        assert [e["entry"] for e in found["entries"]] == ["E-0001"]
        assert "E-0001 approved" in talk.text
        joined = await talk.call("register_use", join="E-0001")
        assert "already yours" in joined["verdict"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (
            {"facts": ["task=translate"], "tool": "ChatGPT Free", "data": ["press release"]},
            "approved",
        ),
        (
            {
                "tool": "ChatGPT Enterprise",
                "data": ["job applications"],
                "facts": [
                    "task=assess_people",
                    "data.overlays=none",
                    "data.categories=only:name,contact,employment,education",
                    "purpose.practices=none",
                ],
            },
            "under_review",
        ),
        ({"facts": ["task=translate"]}, "proposed"),
        ({"tool": "ChatGPT Free", "facts": ["data.level=confidential"]}, "denied"),
    ],
)
async def test_the_first_status_of_an_entry_follows_from_its_decision(
    connect: Connect, said: dict[str, object], status: str
) -> None:
    async with connect() as talk:
        entry = await talk.call("register_use", title="A use", **said)
        assert entry["status"] == status


async def test_without_a_log_the_next_step_does_not_lean_on_it(connect: Connect) -> None:
    async with connect(CAIO_MCP_DECISION_LOG="off") as talk:
        asked = await talk.call("check_use", tool="ChatGPT", **COMPLAINTS)
        assert "previous=" not in asked["next"]
        sentence = await talk.refused("check_use", previous=asked["check"])
        assert "Call check_use again with the task, tool and data." in sentence
        entry = await talk.call(
            "register_use", title="Complaints", tool="ChatGPT", data=COMPLAINTS["data"]
        )
        assert entry["status"] == "proposed"


async def test_a_review_names_who_reviews_and_how_long_it_takes(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_use",
            task="assess_people",
            tool="ChatGPT Enterprise",
            data=["job applications"],
            facts=[
                "data.overlays=none",
                "data.categories=only:name,contact,employment,education",
                "purpose.practices=none",
            ],
        )
        assert answer["decision"] == "review"
        assert talk.text.startswith("NOT YET: dpo@acme.example (usually 3 days) must review")


async def test_the_sample_policy_says_that_nobody_adopted_it(connect: Connect) -> None:
    async with connect("default") as talk:
        answer = await talk.call(
            "check_use", tool="ChatGPT Free", task="translate", data=["press release"]
        )
        assert answer["decision"] == "allow"
        assert "Sample policy, not adopted by your organisation." in answer["notes"]


async def test_the_list_of_tools_agrees_with_the_check(connect: Connect) -> None:
    async with connect() as talk:
        said = {
            "data": ["customer list"],
            "not_in_data": ["bank details"],
            "facts": ["task=summarise", "data.overlays=none"],
        }
        listed = await talk.call("list_models", **said)
        seen = 0
        for decision in (*EFFECT_NAMES, "need_more_information"):
            for row in listed.get(decision, []):
                answer = await talk.call("check_use", tool=row["tool"], **said)
                assert answer["decision"] == decision, row
                seen += 1
            seen += listed.get(f"more_{decision}", 0)
        assert seen == len(load_library("acme").catalogue.tools)
        assert {"allow_with_conditions", "prohibit"} <= set(listed)
        assert tokens(talk.text) < 500


async def test_only_an_exact_approved_model_is_ok(connect: Connect) -> None:
    async with connect() as talk:
        said = {
            "data": ["customer list"],
            "not_in_data": ["bank details"],
            "facts": ["task=summarise", "data.identifiability=identified"],
        }
        answer = await talk.call(
            "check_model",
            channel="aws-bedrock-eu",
            models=[
                "eu.anthropic.claude-sonnet-4-6",
                "eu.anthropic.claude-opus-4-8",
                "eu.anthropic.claude-sonnet-4-6-evil",
                "claude-sonnet",
                "Claude",
                "Anthropic",
                "eu.\u0430nthropic.claude-sonnet-4-6",
                "ft:gpt-4.1:acme::x",
            ],
            **said,
        )
        rows = answer["models"]
        assert [row["class"] for row in rows] == [
            "exact",
            "exact",
            "unknown",
            "unknown",
            "ambiguous",
            "vendor_only",
            "suspicious",
            "derived",
        ]
        assert rows[0]["verdict"] in ("approved", "approved_with_conditions")
        assert rows[1]["verdict"] == "review"  # known, but on no list
        assert {row["verdict"] for row in rows[2:]} == {"not_approved"}
        assert len(talk.text.splitlines()) == 9  # and the date of the catalogue


async def test_a_retired_model_is_not_approved(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_model",
            models=["gpt-4.1-nano-2025-04-14"],
            channel="openai-api",
            facts=["data.level=public"],
        )
        row = answer["models"][0]
        assert row["class"] == "exact"
        assert row["verdict"] == "not_approved"
        assert datetime.date.fromisoformat(row["retires"]) < datetime.date(2026, 11, 22)


async def test_everything_is_tried_in_another_organisations_policy_too(connect: Connect) -> None:
    async with connect("utk") as talk:
        asked = await talk.call(
            "check_use", tool="UT AI Hub", facts=["data.level=private", "data.overlays=none"]
        )
        assert [q["fact"] for q in asked["questions"]] == ["tool.web_search"]
        answer = await talk.call(
            "check_use", previous=asked["check"], facts=["tool.web_search=off"]
        )
        assert answer["decision"] == "allow"


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        (
            "check_use",
            {"tolo": "x"},
            "'tolo' is not an argument of check_use. Did you mean 'tool'?",
        ),
        ("check_use", {"task": "sumarise"}, "Input should be"),
        ("check_use", {"data": "press release"}, "data: Input should be a valid list"),
        ("check_use", {"facts": ["data.level=topmost"]}, "is not a value of data.level"),
        ("check_use", {"facts": ["data.levle=public"]}, "Did you mean 'data.level'?"),
        ("check_use", {"facts": ["public"]}, "Write fact=value"),
        ("check_use", {"facts": ["data.level=public", "data.level=internal"]}, "given twice"),
        ("check_use", {"previous": "C-NOSUCH"}, "There is no check 'C-NOSUCH'"),
        ("check_use", {"data": ["x" * 300]}, "takes everyday words"),
        ("register_use", {}, "The use needs a title."),
        ("register_use", {"title": "x"}, "Nothing was said of the use."),
        ("register_use", {"title": "x" * 150, "facts": ["task=write"]}, "120 is the most"),
        ("register_use", {"join": "E-0001", "title": "x"}, "join stands alone"),
        ("register_use", {"join": "E-9999"}, "There is no entry 'E-9999'"),
        ("search_register", {"limit": 0}, "greater than or equal to 1"),
        ("search_register", {"before": "yesterday"}, "ids like E-0001"),
        ("check_model", {"models": []}, "Give model ids, or the path of some code."),
        ("check_model", {"models": ["gpt-4o"], "channel": "carrier pigeon"}, "is not one tool"),
        ("chek_use", {}, "Did you mean 'check_use'?"),
    ],
)
async def test_a_wrong_call_is_refused_with_the_next_step(
    connect: Connect, tool: str, arguments: dict[str, object], says: str
) -> None:
    async with connect() as talk:
        sentence = await talk.refused(tool, **arguments)
        assert says in sentence
        assert "Traceback" not in sentence
        assert "pydantic" not in sentence
        assert "Error executing" not in sentence
