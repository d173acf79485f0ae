"""Fifty everyday asks: at most two calls and two questions, and the decision that the policy
files give when a person reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import get_args

import pytest

from caio_mcp.server.arguments import Task
from everyday import QUESTIONS_MAX, Ask, Held, hold_all, load_asks, table

ALL = load_asks()


@pytest.fixture(scope="module")
def conversations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Held]:
    """Every ask, held once."""
    held = asyncio.run(hold_all(tmp_path_factory.mktemp("everyday"), ALL))
    return {one.ask.id: one for one in held}


def test_there_are_fifty_asks_and_every_task_is_among_them() -> None:
    assert len(ALL) == 50
    assert len({ask.id for ask in ALL}) == 50
    assert {ask.task for ask in ALL} == set(get_args(Task)) - {""}
    assert sum(ask.expect.startswith("allow") for ask in ALL) >= 12


@pytest.mark.parametrize("ask", ALL, ids=lambda ask: ask.id)
def test_an_everyday_ask(conversations: dict[str, Held], ask: Ask) -> None:
    held = conversations[ask.id]
    assert not held.faults, "\n".join([ask.says, *held.faults, *held.texts])


def test_how_many_questions_they_need(
    conversations: dict[str, Held], record_property: Callable[[str, object], None]
) -> None:
    counts = table(list(conversations.values()))
    record_property("questions that the everyday asks need", counts)
    for held in conversations.values():
        assert len(held.asked) <= QUESTIONS_MAX * held.ask.rounds_max, held.ask.id
