"""The life of an entry: precedent, keeping it up, deciding it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caio_mcp.bootstrap import build_service
from caio_mcp.core.lifecycle import IN_FORCE, STATUSES, STEPS, Status, step
from caio_mcp.errors import RequestError
from caio_mcp.settings import load_settings
from conftest import write_pack
from team import NOON, PACK, Team, open_team, said


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    found = open_team(tmp_path, monkeypatch)
    yield found
    found.service.close()


def under(team: Team, files: dict[str, str]) -> None:
    """The team's policy changes; its register stays."""
    team.service.close()
    write_pack(team.folder / "policies" / "mine", PACK | files)
    settings_ = load_settings(workspace=str(team.folder), policy="mine", environment={})
    team.service = build_service(settings_)


# -- steps -----------------------------------------------------------------------------------------


def test_every_status_can_be_left_but_the_last_one() -> None:
    assert set(STEPS) == set(STATUSES)
    assert [status for status in STATUSES if not STEPS[status]] == ["retired"]
    assert all("retired" in STEPS[status] for status in STATUSES if status != "retired")


@given(walk=st.lists(st.sampled_from(STATUSES), max_size=12))
def test_nothing_is_in_force_that_nobody_approved(walk: list[Status]) -> None:
    """However it goes, what was denied, suspended or retired gets back only by being approved."""
    now: Status = "denied"
    for wanted in walk:
        try:
            after = step("E-0001", now, wanted)
        except RequestError:
            assert wanted not in STEPS[now]
            continue
        if after in IN_FORCE and now not in IN_FORCE:
            assert wanted in IN_FORCE
        now = after


# -- precedent -------------------------------------------------------------------------------------


async def test_a_check_offers_to_join_what_covers_it(team: Team) -> None:
    entry = team.register("ann", "Summaries of notes")
    async with team.talk("bob") as talk:
        found = await talk.call("check_use", facts=said("summarise", level="public"))
        assert f'Already approved alike: {entry} "Summaries of notes", Sales.' in talk.text
        assert found["next"] == f'register_use(join="{entry}")'
        await talk.call("register_use", join=entry)
        await talk.call("check_use", facts=said("summarise", level="public"))
        assert f"You take part in {entry}" in talk.text


@pytest.mark.parametrize(
    "facts",
    [
        said("translate"),
        said("summarise", level="secret"),
        said("summarise", tool="claude-team", level="public"),
        [*said("summarise"), "data.categories=health"],
        ["task=summarise", "tool=chatgpt-team"],
    ],
    ids=["another task", "a higher level", "another tool", "other data", "not all known"],
)
async def test_what_does_not_cover_the_use_is_not_offered(team: Team, facts: list[str]) -> None:
    team.register("ann", "Summaries", "task=summarise", "tool=chatgpt-team", "level=internal")
    async with team.talk("bob") as talk:
        await talk.call("check_use", facts=facts)
        assert "E-0001" not in talk.text


async def test_what_is_no_longer_approved_is_not_offered(team: Team) -> None:
    entry = team.register("ann", "Summaries")
    async with team.talk("eve") as eve, team.talk("bob") as bob:
        await eve.call(
            "review_use", entry=entry, outcome="suspend", reason="A leak", confirmed=True
        )
        await bob.call("check_use", facts=said("summarise"))
        assert entry not in bob.text
        assert "There is no entry" in await bob.refused("register_use", join=entry)


async def test_what_an_entry_does_not_cover_cannot_join_it(team: Team) -> None:
    entry = team.register("ann", "Summaries", *said("summarise", level="public"))
    async with team.talk("bob") as talk:
        other = await talk.call("check_use", facts=said("summarise"))
        sentence = await talk.refused("register_use", join=entry, check=other["check"])
        assert f"{entry} was approved for another use" in sentence
        fits = await talk.call("check_use", facts=said("summarise", level="public"))
        joined = await talk.call("register_use", join=entry, check=fits["check"])
    assert joined["members"] == 2


async def test_who_joins_hears_what_must_be_done(team: Team) -> None:
    entry = team.register("ann", "Letters", *said("write"))
    async with team.talk("bob") as talk:
        joined = await talk.call("register_use", join=entry)
        assert joined["conditions"] == ["Read what comes out before anyone acts on it."]
        assert "- Read what comes out before anyone acts on it." in talk.text
        async with team.talk("eve") as eve:
            await eve.call(
                "review_use", entry=entry, outcome="suspend", reason="A leak", confirmed=True
            )
        await talk.call("search_register", entry=entry)
        assert "Do not go on with it before it is approved." in talk.text


async def test_an_owner_does_not_put_a_review_off(team: Team) -> None:
    entry = team.register("ann", "Ranking", *said("assess_people"))
    async with team.talk("dan") as dan, team.talk("ann") as ann:
        await dan.call("review_use", entry=entry, outcome="approve", confirmed=True)
        sentence = await ann.refused("register_use", entry=entry, updates=["review_on=2029-01-01"])
        assert "that is not put off" in sentence
        changed = await ann.call("register_use", entry=entry, updates=["review_on=2027-01-01"])
    assert changed["review_on"] == "2027-01-01"


async def test_a_duplicate_is_named_when_it_is_put_in(team: Team) -> None:
    first = team.register("ann", "Complaint summaries")
    async with team.talk("bob") as talk:
        await talk.call("register_use", title="Summaries", facts=said("summarise"))
        assert f'register_use(join="{first}")' in talk.text
        await talk.call(
            "register_use", title="complaint summaries", facts=said("translate", level="public")
        )
        assert f'Alike by its words: {first} "Complaint summaries".' in talk.text


# -- keeping it up ---------------------------------------------------------------------------------


async def test_an_owner_says_what_is_new(team: Team) -> None:
    entry = team.register("ann", "Letters", *said("write"))
    async with team.talk("ann") as talk:
        changed = await talk.call(
            "register_use", entry=entry, updates=["stage=pilot", "benefit=Half the time"]
        )
        assert changed["stage"] == "pilot"
        await talk.call("register_use", entry=entry, updates=["met.read_it=Read by two"])
        card = await talk.call("search_register", entry=entry)
    assert [(d["id"], d["state"]) for d in card["obligations"]] == [("read_it", "met")]
    assert card["events"][1]["notes"] == {"benefit": "Half the time"}
    duty = team.service.register.obligations(entry)[0]
    assert duty.evidence == "Read by two"


@pytest.mark.parametrize(
    ("update", "why"),
    [
        ("status=approved", "cannot be changed so"),
        ("decision=allow", "cannot be changed so"),
        ("stage=flying", "is not a stage"),
        ("met.read_it", "is not an update"),
        ("met.other=done", "has no obligation 'other'"),
        ("review_on=soon", "review_on cannot be"),
        ("benefit=mail ann@example.org", "holds an address,"),
        ("stage", "is not an update"),
        ("unit=Board", "is changed by the CAIO"),
        ("owner=bob", "is changed by the CAIO"),
    ],
)
async def test_what_cannot_be_said_changes_nothing(team: Team, update: str, why: str) -> None:
    entry = team.register("ann", "Letters", *said("write"))
    before = team.service.register.history(entry)
    async with team.talk("ann") as talk:
        assert why in await talk.refused("register_use", entry=entry, updates=[update])
    assert team.service.register.history(entry) == before


async def test_a_retired_entry_stays_retired(team: Team) -> None:
    entry = team.register("ann", "Letters", *said("write"))
    async with team.talk("ann") as ann, team.talk("eve") as eve:
        await ann.call("register_use", entry=entry, updates=["status=retired"])
        sentence = await eve.refused("review_use", entry=entry, outcome="approve", confirmed=True)
    assert "is retired and cannot become approved" in sentence


# -- deciding again --------------------------------------------------------------------------------

STRICTER = {
    "rules/more.yaml": PACK["rules/house.yaml"]
    .replace("H-", "N-")
    .replace("task: write", "task: summarise")
    .replace("effect: allow_with_conditions", "effect: prohibit")
    .replace("    obligations: [read_it]\n", "")
}
LOOSER = {
    "tables/house.yaml": PACK["tables/house.yaml"].replace("secret: [no, no]", "secret: [yes, no]")
}


def test_what_a_new_rule_forbids_is_tightened_and_moved_when_asked(team: Team) -> None:
    entry = team.register("ann", "Summaries")
    other = team.register("ann", "Translations", *said("translate"))
    eve = team.people["eve"]
    assert team.service.recheck(eve, NOON) == []
    under(team, STRICTER)
    (found,) = team.service.recheck(eve, NOON)
    assert (found.entry.id, found.direction, found.before, found.now) == (
        entry,
        "tightened",
        "allow",
        "prohibit",
    )
    assert found.because == ("N-WRITE",)
    assert team.status(entry) == "approved"
    marked = team.service.search_register(eve, NOON, filters=["recheck=tightened"])
    assert [e.id for e in marked] == [entry]
    (moved,) = team.service.recheck(eve, NOON, move=True)
    assert moved.is_moved
    assert (team.status(entry), team.status(other)) == ("under_reassessment", "approved")


def test_what_a_new_table_allows_is_loosened(team: Team) -> None:
    entry = team.register("ann", "Secrets", *said("summarise", level="secret"))
    under(team, LOOSER)
    (found,) = team.service.recheck(team.people["dan"], NOON, move=True)
    assert (found.entry.id, found.direction) == (entry, "loosened")
    assert team.status(entry) == "under_reassessment"


def test_back_to_the_old_policy_takes_the_mark_away(team: Team) -> None:
    team.register("ann", "Summaries")
    eve = team.people["eve"]
    under(team, STRICTER)
    team.service.recheck(eve, NOON)
    (team.folder / "policies" / "mine" / "rules" / "more.yaml").unlink()
    under(team, {})
    assert team.service.recheck(eve, NOON) == []
    assert team.service.search_register(eve, NOON, filters=["recheck=any"]) == []


def test_only_the_caio_and_the_dpo_recheck(team: Team) -> None:
    for name in ("ann", "rev", "aud"):
        with pytest.raises(RequestError, match="Only the CAIO and the DPO"):
            team.service.recheck(team.people[name], NOON)


# -- what is kept ----------------------------------------------------------------------------------


@given(titles=st.lists(st.sampled_from(["One", "Two", "Three"]), min_size=1, max_size=4))
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_each_request_is_one_entry_however_often_it_comes(team: Team, titles: list[str]) -> None:
    found = [team.register("ann", title) for title in titles]
    assert dict(zip(titles, found, strict=True)) == {
        title: team.register("ann", title) for title in titles
    }


def test_words_that_may_be_erased_are_in_no_append_only_row(team: Team) -> None:
    entry = team.register("ann", "Xanadu", *said("transcribe"), purpose="About Zephyr")
    team.service.update_use(entry, ["benefit=For Quillon"], team.people["ann"], NOON)
    with closing(sqlite3.connect(team.folder / "register.db")) as raw:
        for table in ("archive", "decision", "entry", "entry_event", "decision_log"):
            rows = repr(raw.execute(f"SELECT * FROM {table}").fetchall())
            for word in ("Xanadu", "Zephyr", "Quillon", "'ann'"):
                assert word not in rows, table
