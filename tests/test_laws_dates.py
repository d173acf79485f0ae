"""The law of how long a decision holds: every day of a small range is decided anew."""

from __future__ import annotations

import datetime
from dataclasses import replace

from hypothesis import event, given, target
from hypothesis import strategies as st

from caio_mcp.core.decision import Decision, decide
from oracle import DAY, LEVELS, OVERLAYS, TOOLS, Rule, Tried, World, agrees, applies
from worlds import Known, laws, library, rules, say, settled, worlds

DAYS = 9


def _day(offset: int) -> datetime.date:
    return DAY + datetime.timedelta(days=offset)


days = st.integers(-2, DAYS - 2).map(_day)


def _dated(rule: Rule, first: int, length: int, ends: str) -> Rule:
    start = _day(first) if "from" in ends else None
    return replace(rule, start=start, until=_day(first + length) if "until" in ends else None)


dated_rules = st.builds(
    _dated,
    rules,
    st.integers(-2, 5),
    st.integers(0, 3),
    st.sampled_from(("from", "until", "from until", "")),
)
dated = st.builds(
    replace,
    worlds,
    cells=st.fixed_dictionaries(
        {
            (row, column): st.sampled_from(("allow", "allow", "allow_with_conditions", "review"))
            for row in (*LEVELS, *OVERLAYS)
            for column in ("personal", "work", "otherwise")
        }
    ),
    rules=st.lists(dated_rules, min_size=2, max_size=4).map(tuple),
    approvals=st.fixed_dictionaries(
        dict.fromkeys(TOOLS, st.sampled_from(("approved", "approved", "pending")))
    ),
    since=st.dictionaries(st.sampled_from(TOOLS), days),
    review_due=st.dictionaries(st.sampled_from(TOOLS), days),
)


@laws
@given(dated, settled)
def test_a_decision_holds_until_the_day_it_says_and_not_on_the_next(
    world: World, known: Known
) -> None:
    uses = [use for use in world.completions() if agrees(use, known)]
    if not uses:
        return
    lib = library(world)

    def on(day: datetime.date) -> Decision:
        decision = decide(lib.engine, say(lib, known), day)
        assert {effect.name for effect in decision.ruling.reachable} == {
            world.decide(use, day) for use in uses
        }
        for name in decision.determining_rules:
            assert any(applies(world, name, use, day) for use in uses)
        return decision

    today = on(DAY)
    limit = today.valid_until
    if not today.ruling.is_final:
        assert limit is None
        return
    later = [(_day(n), on(_day(n))) for n in range(1, DAYS + 1)]
    changes = [
        day
        for day, decision in later
        if decision.ruling.reachable != today.ruling.reachable
        or set(decision.determining_rules) != set(today.determining_rules)
    ]
    tools = Tried(world).tools(Tried(world).possible(known))
    ends = [day - datetime.timedelta(days=1) for day in changes[:1]]
    if len(tools) == 1 and tools[0] in world.approvals:
        due = world.review_due.get(tools[0])
        ends += [due] if due is not None and due >= DAY else []
    target(float(len(changes)))
    event(f"a limit: {bool(ends)}")
    assert (None if limit is None else limit.day) == min(ends, default=None)
