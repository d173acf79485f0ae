"""Generated worlds and what is said in them, and both judges of them."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.exceptions import PolicyException
from caio_mcp.core.facts import Statement, statement
from caio_mcp.core.library import FileSet, Library, load
from caio_mcp.core.vocabulary import Provenance
from oracle import (
    ACCOUNTS,
    CATEGORIES,
    DAY,
    DAYS_MAX,
    DEFINED,
    EFFECTS,
    LEVELS,
    OVERLAYS,
    SEARCH,
    TASKS,
    TOOLS,
    Completion,
    Departure,
    Move,
    Rule,
    World,
    agrees,
)

EXAMPLES = int(os.environ.get("LAW_EXAMPLES", "50"))  # of each law; more by hand
Known = dict[str, Any]

# -- generated worlds ------------------------------------------------------------------------

effects = st.sampled_from(EFFECTS)


def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


tests = st.one_of(
    st.fixed_dictionaries({"purpose.task": st.fixed_dictionaries({"any_of": _some(TASKS)})}),
    st.fixed_dictionaries({"tool.id": st.fixed_dictionaries({"not": _some(TOOLS)})}),
    st.fixed_dictionaries({"tool.account": st.fixed_dictionaries({"any_of": _some(ACCOUNTS)})}),
    st.sampled_from(
        [
            {"tool.retention_days": {"more_than": DAYS_MAX}},
            {"tool.retention_days": {"at_most": DAYS_MAX}},
            {"data.level": {"above": "low"}},
            {"data.level": {"up_to": "mid"}},
            {"data.level": {"above": "tool.cleared_level"}},
            {"tool.approval": {"not": ["approved"]}},
            {"tool.group": {"none_of": ["known"]}},
            {"tool.web_search": {"any_of": ["on"]}},
            {"tool.web_search": {"not": ["on"]}},
        ]
    ),
    *(
        st.fixed_dictionaries({fact: st.fixed_dictionaries({operator: _some(members)})})
        for fact, members in (("data.categories", CATEGORIES), ("data.overlays", OVERLAYS))
        for operator in ("any_of", "all_of", "none_of", "only")
    ),
)


def _joined(parts: list[Known]) -> Known:
    joined: Known = {}
    for part in parts:
        joined.update(part)
    return joined


conjunctions = st.lists(tests, min_size=1, max_size=3).map(_joined)
conditions = st.one_of(
    conjunctions,
    st.fixed_dictionaries({"any": st.lists(conjunctions, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"is": _some(tuple(DEFINED))}),
    st.lists(conjunctions, min_size=3, max_size=4).flatmap(
        lambda parts: st.builds(
            lambda number: {"at_least": {"number": number, "of": parts}},
            st.integers(2, len(parts) - 1),
        )
    ),
)
rules = st.builds(
    Rule,
    effect=st.sampled_from(EFFECTS[1:]),
    when=conditions,
    unless=st.lists(conditions, max_size=1).map(tuple),
)
spans = st.sampled_from([None, (0, 5), (0, 30), (20, 30)])
worlds = st.builds(
    World,
    cells=st.dictionaries(
        st.tuples(
            st.sampled_from((*LEVELS, *OVERLAYS)),
            st.sampled_from(("personal", "work", "otherwise")),
        ),
        effects,
        max_size=15,
    ),
    rules=st.lists(rules, max_size=5).map(tuple),
    accounts=st.fixed_dictionaries({t: _some(ACCOUNTS).map(tuple) for t in TOOLS}),
    retention=st.fixed_dictionaries(dict.fromkeys(TOOLS, spans)),
    approvals=st.dictionaries(
        st.sampled_from(TOOLS), st.sampled_from(["approved", "pending", "blocked"])
    ),
    cleared=st.dictionaries(st.sampled_from(TOOLS), st.sampled_from(LEVELS)),
    search=st.dictionaries(st.sampled_from(TOOLS), _some(SEARCH).map(tuple)),
    lowest=st.sampled_from(("", "", "mid", "high")),
)


def _members(values: tuple[str, ...]) -> st.SearchStrategy[Known]:
    return st.lists(st.sampled_from(("all_of", "none_of", "")), min_size=2, max_size=2).map(
        lambda signs: {
            sign: [v for v, s in zip(values, signs, strict=True) if s == sign]
            for sign in ("all_of", "none_of")
            if sign in signs
        }
    )


knowns = st.fixed_dictionaries(
    {},
    optional={
        "purpose.task": st.sampled_from(TASKS),
        "tool.id": st.sampled_from((*TOOLS, "unlisted", [*TOOLS])),
        "tool.account": st.sampled_from(ACCOUNTS),
        "tool.web_search": st.sampled_from(SEARCH),
        "tool.retention_days": st.sampled_from((3, 30)),
        "data.level": st.sampled_from((*LEVELS, ["mid", "high"])),
        "data.overlays": _members(OVERLAYS),
        "data.categories": _members(CATEGORIES),
    },
)


def _of(members: tuple[str, ...]) -> st.SearchStrategy[Known]:
    return st.fixed_dictionaries(
        dict.fromkeys(members, st.sampled_from(("all_of", "none_of", "none_of", "")))
    ).map(
        lambda signs: {
            sign: [m for m, s in signs.items() if s == sign] for sign in ("all_of", "none_of")
        }
    )


# Most of what there is to know, so that many decisions are final.
settled = st.fixed_dictionaries(
    {
        "purpose.task": st.sampled_from((*TASKS, "")),
        "tool.id": st.sampled_from((*TOOLS, *TOOLS, "unlisted", [*TOOLS], "")),
        "tool.account": st.sampled_from((*ACCOUNTS, "")),
        "tool.web_search": st.sampled_from((*SEARCH, "")),
        "tool.retention_days": st.sampled_from((3, 30, "")),
        "data.level": st.sampled_from((*LEVELS, *LEVELS, "")),
        "data.overlays": _of(OVERLAYS),
        "data.categories": _of(CATEGORIES),
    }
).map(lambda known: {name: value for name, value in known.items() if value != ""})


CHANGES: tuple[Known, ...] = (
    {"tool.account": "organisation"},
    {"tool.account": "personal"},
    {"tool.web_search": "off"},
    {"tool.retention_days": 0},
    {"tool.retention_days": 0, "tool.web_search": "off"},
    {"data.categories": {"none_of": ["health"]}},
    {"data.categories": {"none_of": ["card"]}},
    {"data.categories": {"none_of": ["health", "card"]}},
    {"data.overlays": {"none_of": ["FREE"]}},
    {"data.categories": {"none_of": ["health"]}, "data.overlays": {"none_of": ["DEFINED"]}},
    {"data.level": "low"},
    {"data.level": "mid"},
    {"data.level": "low", "data.overlays": {"none_of": ["FREE"]}},
)
# With two tools six moves at most: 57 sets of up to four, within what is tried for one decision.
moves = st.tuples(
    st.permutations(CHANGES), st.lists(st.integers(0, 5), min_size=3, max_size=4)
).map(
    lambda drawn: tuple(
        Move(f"m{n}", change, cost)
        for n, (change, cost) in enumerate(zip(drawn[0], drawn[1], strict=False))
    )
)
_effects = st.sampled_from(("allow", "allow", "review", "prohibit", "prohibit"))
# Worlds in which much is settled and much forbidden: others need no remedy.
with_moves = st.builds(
    replace,
    worlds,
    cells=st.fixed_dictionaries(
        {
            (row, column): _effects
            for row in (*LEVELS, *OVERLAYS)
            for column in ("personal", "work", "otherwise")
        }
    ),
    rules=st.lists(rules, min_size=2, max_size=4).map(tuple),
    moves=moves,
    approvals=st.fixed_dictionaries(
        dict.fromkeys(TOOLS, st.sampled_from(("approved", "approved", "pending", "blocked")))
    ),
    switch_cost=st.integers(1, 5),
)

laws = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# -- both judges -------------------------------------------------------------------------------


def library(world: World) -> Library:
    pack, catalogue = world.files()
    return load(FileSet("world", pack), ["world"], FileSet("data", catalogue))


def say(lib: Library, known: Known, provenance: Provenance = "stated") -> list[Statement]:
    return [
        statement(lib.vocabulary, name, value).from_(provenance) for name, value in known.items()
    ]


def decided(lib: Library, statements: Sequence[Statement]) -> Decision:
    return decide(lib.engine, statements, DAY)


def engine(lib: Library, known: Known) -> Decision:
    return decided(lib, say(lib, known))


def possible(world: World, known: Known) -> list[Completion]:
    return [use for use in world.completions() if agrees(use, known)]


# -- exceptions --------------------------------------------------------------------------------

open_to_exceptions = st.builds(
    replace,
    worlds,
    cells=st.fixed_dictionaries(
        {
            (row, column): st.sampled_from(("allow", "allow", "allow", "review", "prohibit"))
            for row in (*LEVELS, *OVERLAYS)
            for column in ("personal", "work", "otherwise")
        }
    ),
    rules=st.lists(
        st.builds(replace, rules, is_exceptionable=st.sampled_from((True, True, True, False))),
        min_size=1,
        max_size=3,
    ).map(tuple),
    approvals=st.fixed_dictionaries(
        dict.fromkeys(TOOLS, st.sampled_from(("approved", "approved", "approved", "blocked")))
    ),
    has_exceptionable_cells=st.sampled_from((True, True, False)),
)
scopes = st.fixed_dictionaries(
    {},
    optional={
        "purpose.task": st.sampled_from(TASKS),
        "tool.id": st.sampled_from((*TOOLS, [*TOOLS])),
        "tool.account": st.sampled_from(ACCOUNTS),
        "tool.retention_days": st.sampled_from(({"at_most": DAYS_MAX}, {"more_than": DAYS_MAX})),
        "data.level": st.sampled_from((*LEVELS, ["low", "mid"])),
        "data.categories": _members(CATEGORIES).filter(bool),
        "data.overlays": _members(OVERLAYS).filter(bool),
    },
)


def _scope_of(use: Completion) -> st.SearchStrategy[Known]:
    """Something that is true of a use."""
    values: Known = {
        name: use[name] for name in ("purpose.task", "tool.id", "tool.account", "data.level")
    }
    is_brief = use["tool.retention_days"] <= DAYS_MAX
    values["tool.retention_days"] = {"at_most" if is_brief else "more_than": DAYS_MAX}
    for name, members in (("data.categories", CATEGORIES), ("data.overlays", OVERLAYS)):
        sign = "all_of" if members[0] in use[name] else "none_of"
        values[name] = {sign: [members[0]]}
    return st.lists(st.sampled_from(sorted(values)), max_size=2, unique=True).map(
        lambda names: {name: values[name] for name in names}
    )


def _said_of(use: Completion) -> Known:
    """All that can be said of a use."""
    stated = ("purpose.task", "tool.id", "tool.account", "tool.web_search", "data.level")
    known: Known = {name: use[name] for name in (*stated, "tool.retention_days")}
    for name, members in (("data.categories", CATEGORIES), ("data.overlays", OVERLAYS)):
        known[name] = {
            "all_of": sorted(use[name]),
            "none_of": [member for member in members if member not in use[name]],
        }
    return known


def _excepted_first(world: World, uses: Sequence[Completion]) -> Sequence[Completion]:
    """The uses in whose way stands something that can be excepted, if there are any."""
    return [use for use in uses if world.exceptionable(use, DAY)] or uses


@st.composite
def excepted(
    draw: st.DrawFn, said: st.SearchStrategy[Known] = knowns | settled, gaps: int = 3
) -> tuple[World, Known, list[Departure]]:
    """A world, what is said in it, and exceptions: mostly from what stands in the way of a use
    that may be meant, and in a scope that it is in. Mostly all is said but some `gaps`."""
    world, known = draw(open_to_exceptions), draw(said)
    if draw(st.sampled_from((True, True, False))):
        whole = _said_of(draw(st.sampled_from(_excepted_first(world, list(world.completions())))))
        left_out = draw(st.lists(st.sampled_from(sorted(whole)), max_size=gaps))
        known = {name: value for name, value in whole.items() if name not in left_out}
    uses = possible(world, known)
    cells = [f"T{(*LEVELS, *OVERLAYS).index(row)}/{row}/{column}" for row, column in world.cells]
    others = [f"R{n}" for n in range(len(world.rules))]
    anything = (*others, *cells, "R99", "not-covered/low", "approval/alpha")
    rules_of: list[str] = draw(st.lists(st.sampled_from(anything), max_size=2))
    own = scopes
    if uses:
        use = draw(st.sampled_from(_excepted_first(world, uses)))
        own = st.one_of(_scope_of(use), _scope_of(use), _scope_of(use), scopes)
        blocking = world.exceptionable(use, DAY)
        rules_of += [name for name in blocking if draw(st.sampled_from((True, True, True, False)))]
    found = []
    for rule in rules_of:
        first = DAY + datetime.timedelta(days=draw(st.sampled_from((0, 0, -1, -3, 2))))
        last = first + datetime.timedelta(days=draw(st.integers(0, 6)))
        found.append(Departure(rule, draw(own), first, last))
    return world, known, found


def granted(lib: Library, found: Sequence[Departure]) -> list[PolicyException]:
    return [
        PolicyException(
            f"X-{number:04}",
            departure.rule,
            tuple(say(lib, dict(departure.scope))),
            departure.first,
            departure.last,
            "dpo",
        )
        for number, departure in enumerate(found, 1)
    ]


def reachable(world: World, known: Known) -> set[str]:
    return {world.decide(use) for use in possible(world, known)}


def words(decision: Decision) -> set[str]:
    return {effect.name for effect in decision.ruling.reachable}
