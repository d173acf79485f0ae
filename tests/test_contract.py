"""The surface that clients rely on: tools, hints, sizes."""

from __future__ import annotations

import json
from typing import get_args

import pytest

import snapshots
from caio_mcp.files import load_library
from caio_mcp.server.app import INSTRUCTIONS
from caio_mcp.server.arguments import Task
from conftest import Connect, tokens

LIST_TOKENS_MAX = 2_500
ANSWER_TOKENS_MAX = 300


def test_the_tools_are_as_in_their_snapshots() -> None:
    listed = snapshots.tools()
    assert sorted(listed) == sorted(path.stem for path in snapshots.FOLDER.glob("*.json"))
    for name, listing in listed.items():
        assert listing == (snapshots.FOLDER / f"{name}.json").read_text(), (
            "The tool changed: read the difference as a contract, then run tests/snapshots.py."
        )


async def test_every_tool_has_a_title_and_all_four_hints(connect: Connect) -> None:
    async with connect() as talk:
        for tool in (await talk.client.list_tools()).tools:
            hints = tool.annotations
            assert tool.title
            assert hints is not None
            assert hints.read_only_hint is (tool.name not in ("register_use", "redact_copy"))
            assert hints.destructive_hint is False
            assert hints.idempotent_hint is (tool.name != "redact_copy")
            assert hints.open_world_hint is False
            assert tool.input_schema["additionalProperties"] is False
            assert len(tool.description or "") <= 1_000


async def test_the_list_of_tools_is_short(connect: Connect) -> None:
    async with connect() as talk:
        listed = [
            tool.model_dump(by_alias=True, exclude_none=True, mode="json")
            for tool in (await talk.client.list_tools()).tools
        ]
    assert tokens(json.dumps(listed)) <= LIST_TOKENS_MAX
    assert len(INSTRUCTIONS) <= 2_048


@pytest.mark.parametrize(
    "said",
    [
        {"tool": "ChatGPT", "task": "summarise", "data": ["customer complaints"]},
        {
            "tool": "ChatGPT Enterprise",
            "task": "summarise",
            "data": ["customer complaints"],
            "facts": ["data.overlays=none"],
        },
        {
            "tool": "ChatGPT Free",
            "task": "summarise",
            "data": ["customer complaints"],
            "facts": ["data.overlays=none"],
        },
        {"tool": "BriefBot", "task": "summarise", "data": ["customer complaints"]},
        {"tool": "ChatGPT", "task": "write_code", "data": ["source code"]},
        {"tool": "Claude Team", "task": "write", "data": ["internal memo"]},
        {"tool": "ChatGPT Free", "task": "translate", "data": ["press release"]},
        {"tool": "Copilot", "task": "summarise", "data": ["meeting recording"]},
        {"task": "summarise", "tool": "ChatGPT", "data": ["crm stuff"]},
        {"data": ["payroll"], "task": "analyse_data", "tool": "ChatGPT Enterprise"},
        {},
    ],
)
async def test_an_answer_is_short_and_both_forms_are_complete(
    connect: Connect, said: dict[str, object]
) -> None:
    async with connect() as talk:
        structured = await talk.call("check_use", **said)
        assert tokens(talk.text) <= ANSWER_TOKENS_MAX, talk.text
        compact = json.dumps(structured, ensure_ascii=False, separators=(",", ":"))
        assert tokens(compact) <= ANSWER_TOKENS_MAX, structured
        assert structured["verdict"] in talk.text
        assert structured["check"] in talk.text
        for name in ("reasons", "conditions", "works_instead", "notes", "not_understood"):
            for line in structured.get(name, []):
                assert line in talk.text
        for question in structured.get("questions", []):
            assert question["ask"] in talk.text
            for option in question["options"]:
                assert option in talk.text


def test_the_tasks_of_the_tool_are_those_of_the_vocabulary() -> None:
    tasks = load_library("default").vocabulary.facts["purpose.task"].values
    assert get_args(Task) == ("", *tasks)


async def test_a_title_does_not_hold_the_data_itself(connect: Connect) -> None:
    async with connect() as talk:
        for title in ("Card 4111 1111 1111 1111", "Letters to max@example.org"):
            sentence = await talk.refused("register_use", title=title, facts=["task=write"])
            assert "without the data itself" in sentence
            assert "4111" not in sentence
            assert "max" not in sentence
