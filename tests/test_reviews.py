"""Reviews and exceptions in conversation: who may decide what, and what happens when days are
over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from mcp.types import ElicitRequestFormParams, ElicitResult

from conftest import ERAS
from team import Team, open_team, said


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    found = open_team(tmp_path, monkeypatch)
    yield found
    found.service.close()


YES = {"confirmed": True}
# fmt: off
ROLES_OF = {
    "ann": {"check_use", "scan_data", "redact_copy", "register_use", "list_models", "check_model",
            "search_register"},
    "rev": {"review_use"},
    "aud": {"query_register"},
    "eve": {"query_register", "review_use"},
    "dan": {"query_register", "review_use"},
}
# fmt: on


@pytest.mark.parametrize("name", ROLES_OF)
async def test_the_tools_of_a_role_are_the_only_ones_listed_and_callable(
    team: Team, name: str
) -> None:
    async with team.talk(name) as talk:
        listed = {tool.name for tool in (await talk.client.list_tools()).tools}
        assert listed == ROLES_OF["ann"] | ROLES_OF[name]
        for other in {"review_use", "query_register"} - listed:
            said = await talk.refused(other, entry="E-0001", outcome="approve", **YES)
            assert said.startswith("There is no tool")


async def test_a_review_approves_with_conditions_and_says_until_when(team: Team) -> None:
    entry = team.register("ann", "Ranking applicants", *said("assess_people"))
    assert team.status(entry) == "under_review"
    async with team.talk("dan") as talk:
        answer = await talk.call(
            "review_use",
            entry=entry,
            outcome="approve_with_conditions",
            reason="A person decides",
            conditions=["No rejection without a person"],
            until="2027-01-31",
            **YES,
        )
        assert talk.text.startswith(
            f'{entry} "Ranking applicants": under review -> approved with conditions.'
        )
        assert (answer["status"], answer["review_on"]) == ("approved_with_conditions", "2027-01-31")
    duties = {d.id: (d.state, d.words) for d in team.service.register.obligations(entry)}
    assert duties["own-1"] == ("open", "No rejection without a person")
    events = team.service.register.history(entry)
    assert [e.cause for e in events] == ["created", "reviewed"]
    assert (events[1].name, events[1].role, events[1].assurance) == ("dan", "dpo", "os_user")


@pytest.mark.parametrize("outcome", ["approve", "deny", "suspend", "reassess", "ask_back"])
async def test_nobody_decides_on_their_own_request(team: Team, outcome: str) -> None:
    entry = team.register("eve", "Ranking", *said("assess_people"))
    async with team.talk("eve") as talk:
        sentence = await talk.refused(
            "review_use", entry=entry, outcome=outcome, reason="because", **YES
        )
    assert sentence.startswith(f"{entry} is your own request")
    assert team.status(entry) == "under_review"


async def test_who_joined_does_not_decide_either(team: Team) -> None:
    entry = team.register("ann", "Summaries")
    async with team.talk("eve") as talk:
        await talk.call("register_use", join=entry)
        sentence = await talk.refused(
            "review_use", entry=entry, outcome="suspend", reason="because", **YES
        )
    assert "you take part in it" in sentence
    assert team.status(entry) == "approved"


async def test_a_review_cannot_allow_what_the_policy_prohibits(team: Team) -> None:
    entry = team.register("ann", "Tuning", *said("train_model"))
    async with team.talk("eve") as talk:
        sentence = await talk.refused("review_use", entry=entry, outcome="approve", **YES)
        assert "H-TRAIN" in sentence
        assert "a review cannot allow it" in sentence
        sentence = await talk.refused(
            "review_use",
            entry=entry,
            outcome="grant_exception",
            reason="We want to",
            conditions=["Care"],
            **YES,
        )
        assert "no exception that would help" in sentence
    assert team.status(entry) == "denied"


async def test_what_is_not_known_is_not_approved(team: Team) -> None:
    entry = team.register("ann", "Summaries", "task=summarise", "tool=chatgpt-team")
    assert team.status(entry) == "proposed"
    async with team.talk("eve") as talk:
        sentence = await talk.refused("review_use", entry=entry, outcome="approve", **YES)
        assert "data.level" in sentence
        await talk.call(
            "review_use", entry=entry, outcome="approve", facts=["level=internal"], **YES
        )
    assert team.status(entry) == "approved"


async def test_only_legal_steps_are_taken(team: Team) -> None:
    entry = team.register("ann", "Tuning", *said("train_model"))
    async with team.talk("eve") as talk:
        sentence = await talk.refused(
            "review_use", entry=entry, outcome="suspend", reason="because", **YES
        )
    assert "is denied and cannot become suspended" in sentence
    assert team.status(entry) == "denied"


async def test_an_exception_holds_for_its_unit_tool_and_task_until_its_last_day(team: Team) -> None:
    facts = said("transcribe")
    entry = team.register("ann", "Minutes", *facts, asks_for="exception", why="The court orders it")
    assert team.status(entry) == "under_review"
    async with team.talk("dan") as dan, team.talk("ann") as ann, team.talk("bob") as bob:
        assert (await ann.call("check_use", facts=facts))["decision"] == "prohibit"
        granted = await dan.call(
            "review_use",
            entry=entry,
            outcome="grant_exception",
            reason="The court orders it",
            conditions=["Deleted after a week"],
            until="2026-12-01",
            **YES,
        )
        assert granted["status"] == "approved_with_conditions"
        assert granted["exception"]["id"] == "X-0001"
        assert "until 2026-12-01, for Sales and tool.id=chatgpt-team" in dan.text
        yes = await ann.call("check_use", facts=facts)
        assert yes["decision"] == "allow_with_conditions"
        assert "X-0001" in ann.text
        assert (await bob.call("check_use", facts=facts))["decision"] == "prohibit"
        other = await ann.call("check_use", facts=said("transcribe", level="secret"))
        assert other["decision"] == "prohibit"
        team.later(9)  # the last day
        assert (await ann.call("check_use", facts=facts))["decision"] == "allow_with_conditions"
        assert team.status(entry) == "approved_with_conditions"
        team.later(1)
        no = await ann.call("check_use", facts=facts)
        assert no["decision"] == "prohibit"
        assert "X-0001 (rule H-TRANSCRIBE) ended on 2026-12-01" in ann.text
        await ann.call("search_register")  # anybody who looks
    assert team.status(entry) == "under_reassessment"
    (exception,) = team.service.register.exceptions()
    assert exception.ended == "expired"


async def test_an_exception_lasts_no_longer_than_the_policy_lets_it(team: Team) -> None:
    entry = team.register("ann", "Minutes", *said("transcribe"))
    async with team.talk("dan") as dan:
        asked: dict[str, Any] = {
            "entry": entry,
            "outcome": "grant_exception",
            "reason": "The court orders it",
            "conditions": ["Deleted after a week"],
            **YES,
        }
        sentence = await dan.refused("review_use", until="2026-12-23", **asked)
        assert "lasts 30 days at the most, so until 2026-12-22" in sentence
        sentence = await dan.refused("review_use", until="2026-11-21", **asked)
        assert "is over" in sentence
        for missing in ("reason", "conditions"):
            rest = {name: value for name, value in asked.items() if name != missing}
            sentence = await dan.refused("review_use", **rest)
            assert "needs a reason and what is done instead" in sentence
        assert team.service.register.exceptions() == []
        granted = await dan.call("review_use", **asked)
        assert granted["exception"]["until"] == "2026-12-22"


async def test_only_the_role_that_the_policy_names_grants(team: Team) -> None:
    entry = team.register("ann", "Minutes", *said("transcribe"))
    async with team.talk("rev") as talk:
        sentence = await talk.refused(
            "review_use",
            entry=entry,
            outcome="grant_exception",
            reason="Please",
            conditions=["Care"],
            **YES,
        )
    assert sentence.startswith("Only the DPO grants an exception from H-TRANSCRIBE.")


async def test_a_cell_is_excepted_as_a_rule_is(team: Team) -> None:
    facts = said("summarise", tool="claude-team")
    entry = team.register("ann", "Summaries", *facts)
    assert team.status(entry) == "denied"
    async with team.talk("eve") as eve, team.talk("ann") as ann:
        granted = await eve.call(
            "review_use",
            entry=entry,
            outcome="grant_exception",
            reason="A trial",
            conditions=["Two people only"],
            **YES,
        )
        assert granted["exception"]["rule"] == "HOUSE/internal/otherwise"
        assert (await ann.call("check_use", facts=facts))["decision"] == "allow_with_conditions"
        secret = said("summarise", tool="claude-team", level="secret")
        assert (await ann.call("check_use", facts=secret))["decision"] == "prohibit"
        await eve.call(
            "review_use",
            entry=entry,
            outcome="revoke_exception",
            reason="The trial went badly",
            **YES,
        )
        assert (await ann.call("check_use", facts=facts))["decision"] == "prohibit"
    assert team.status(entry) == "under_reassessment"


@pytest.mark.parametrize("mode", ERAS)
async def test_a_client_that_can_ask_has_the_person_confirm(team: Team, mode: str) -> None:
    entry = team.register("ann", "Ranking", *said("assess_people"))
    asked = []

    async def answer(_: object, params: ElicitRequestFormParams) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="accept", content={"is_confirmed": len(asked) > 1})

    async with team.talk("dan", mode, answer) as talk:
        first = await talk.call("review_use", entry=entry, outcome="approve")
        assert (first["is_changed"], team.status(entry)) == (False, "under_review")
        second = await talk.call("review_use", entry=entry, outcome="approve")
        assert (second["is_changed"], team.status(entry)) == (True, "approved")
    assert asked == [f'approve: {entry} "Ranking" (under review, Sales)?'] * 2


@pytest.mark.parametrize("mode", ERAS)
async def test_a_client_that_cannot_ask_is_told_to(team: Team, mode: str) -> None:
    entry = team.register("ann", "Ranking", *said("assess_people"))
    async with team.talk("dan", mode) as talk:
        first = await talk.call("review_use", entry=entry, outcome="approve")
        assert first["is_changed"] is False
        assert "call again with confirmed=true" in talk.text
        await talk.call("review_use", entry=entry, outcome="approve", conditions=["Twice"])
        assert "conditions: Twice" in talk.text  # what is read to the person is what is written
        assert team.status(entry) == "under_review"
        await talk.call("review_use", entry=entry, outcome="approve", **YES)
    assert team.status(entry) == "approved"


async def test_a_reviewer_of_a_unit_sees_and_decides_what_is_of_the_unit(team: Team) -> None:
    mine = team.register("ann", "Ranking", *said("assess_people"))
    other = team.register("bob", "Scoring", *said("assess_people"))
    async with team.talk("rev") as talk:
        sentence = await talk.refused("review_use", entry=other, outcome="approve", **YES)
        assert (
            sentence.startswith(f"There is no entry '{other}'") or "There is no entry" in sentence
        )
        await talk.call("review_use", entry=mine, outcome="approve", **YES)
        approved = team.register("bob", "Notes of Claims")  # seen by everybody, decided by few
        sentence = await talk.refused(
            "review_use", entry=approved, outcome="suspend", reason="x", **YES
        )
        assert sentence.startswith(f"{approved} is of another unit.")
    assert (team.status(mine), team.status(other)) == ("approved", "under_review")
    assert team.status(approved) == "approved"


async def test_a_repeated_review_changes_nothing_again(team: Team) -> None:
    entry = team.register("ann", "Ranking", *said("assess_people"))
    async with team.talk("dan") as talk:
        for _ in range(3):
            await talk.call(
                "review_use",
                entry=entry,
                outcome="deny",
                reason="Not now",
                request_id="one",
                **YES,
            )
    with closing(sqlite3.connect(team.folder / "register.db")) as raw:
        (count,) = raw.execute("SELECT count(*) FROM entry_event").fetchone()
    assert (count, team.status(entry)) == (2, "denied")
