"""The laws of giving up: an answer found with too little search is careful, and says so."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations, count
from random import Random
from unittest.mock import patch

from hypothesis import event, given
from hypothesis import strategies as st
from pysat.solvers import Solver

from caio_mcp.core import reason
from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.library import FileSet, load
from caio_mcp.core.vocabulary import Effect
from oracle import DAY, EFFECTS, LEVELS, OVERLAYS, VOCABULARY, Tried, World
from worlds import Known, decided, knowns, laws, library, rules, say, settled, with_moves, worlds

COLUMNS = ("personal", "work", "otherwise")

busy = st.builds(
    replace,
    worlds,
    cells=st.fixed_dictionaries(
        {
            (row, column): st.sampled_from(("allow", "allow", "allow_with_conditions", "prohibit"))
            for row in (*LEVELS, *OVERLAYS)
            for column in COLUMNS
        }
    ),
    rules=st.lists(rules, min_size=2, max_size=5).map(tuple),
)


@contextmanager
def giving_up(which: Container[int]) -> Iterator[list[int]]:
    """A solver that gives up these of the questions to it, by number; notes each."""
    given_up: list[int] = []
    numbers = count()

    class Weak:
        def __init__(self, name: str) -> None:
            self._solver = Solver(name=name)
            self.add_clause = self._solver.add_clause
            self.solve = self._solver.solve
            self.conf_budget = self._solver.conf_budget

        def solve_limited(self, assumptions: Sequence[int] = ()) -> bool | None:
            number = next(numbers)
            if number in which:
                given_up.append(number)
                return None
            return bool(self._solver.solve(assumptions))

    with patch.object(reason, "Solver", Weak):
        yield given_up


def _some(seed: int, share: float) -> set[int]:
    random = Random(seed)
    return {number for number in range(1000) if random.random() < share}


given_ups = st.builds(_some, st.integers(0, 1000), st.sampled_from((0.1, 0.5, 1.0)))


def _ruled(decision: Decision) -> dict[str, object]:
    """The decision without whether it is exact."""
    return {name: value for name, value in decision.as_dict().items() if name != "exact"}


@laws
@given(busy, knowns, given_ups)
def test_what_is_given_up_is_careful_and_said(world: World, known: Known, which: set[int]) -> None:
    tried = Tried(world)
    uses = tried.possible(known)
    if not uses:
        return
    lib = library(world)
    free = decided(lib, say(lib, known))
    with giving_up(which) as given_up:
        bound = decided(lib, say(lib, known))
    exact = set(tried.reachable(uses))
    found = {effect.name for effect in bound.ruling.reachable}
    assert exact <= found
    if bound.is_permitted:
        assert exact <= set(EFFECTS[:2])
    assert bound.questions or bound.ruling.is_final
    assert bound.as_dict()["exact"] is bound.is_exact
    event(f"given up: {bool(given_up)}, differs: {found != exact}")
    if _ruled(bound) != _ruled(free):
        assert not bound.is_exact
    if not given_up:
        assert bound.is_exact


@laws
@given(busy, knowns, knowns, given_ups)
def test_an_assumption_relaxes_nothing_where_something_is_given_up(
    world: World, known: Known, assumed: Known, which: set[int]
) -> None:
    tried = Tried(world)
    if not tried.possible(known):
        return
    lib = library(world)
    firm = say(lib, known)
    free = decided(lib, [*firm, *say(lib, assumed, "assumed")])
    with giving_up(which) as given_up:
        bound = decided(lib, [*firm, *say(lib, assumed, "assumed")])
    exact = tried.reachable(tried.possible(known))
    event(f"given up: {bool(given_up)}")
    assert bound.ruling.worst >= EFFECTS.index(exact[-1])
    if bound.is_permitted:
        assert set(exact) <= set(EFFECTS[:2])
    if _ruled(bound) != _ruled(free):
        assert not bound.is_exact


@laws
@given(with_moves, settled, given_ups)
def test_a_remedy_keeps_its_word_where_something_is_given_up(
    world: World, known: Known, which: set[int]
) -> None:
    tried = Tried(world)
    uses = tried.possible(known)
    if len(tried.reachable(uses)) != 1:
        return
    lib = library(world)
    free = decided(lib, say(lib, known))
    with giving_up(which):
        bound = decided(lib, say(lib, known))
    event(f"remedies: {len(free.remedies)}, the same: {bound.remedies == free.remedies}")
    by_id = {move.id: move for move in tried.moves(known)}
    for remedy in bound.remedies:
        outcomes = tried.after(known, [by_id[move.id] for move in remedy.moves])
        assert outcomes
        assert EFFECTS.index(outcomes[-1]) <= remedy.target


def test_nobody_is_left_without_a_question_where_only_the_ruling_was_given_up() -> None:
    world = World(
        cells={(row, column): "allow" for row in (*LEVELS, *OVERLAYS) for column in COLUMNS}
        | {("mid", "work"): "prohibit"},  # a column that neither tool is in
        rules=(),
        accounts={"alpha": ("personal",), "beta": ("personal",)},
        retention={"alpha": None, "beta": None},
        approvals={},
    )
    lib = library(world)
    assert decided(lib, []).decision == "allow"
    with giving_up({0, 1, 2}):
        bound = decided(lib, [])
    assert not bound.ruling.is_final
    assert bound.questions


def test_a_search_that_takes_too_long_is_given_up() -> None:
    """Eight things in seven places, no two in one: impossible, and long to search for."""
    places = {f"p{n}": {"title": f"place {n}"} for n in range(7)}
    things = [f"actor.thing{n}" for n in range(8)]
    vocabulary = {
        "facts": [
            {"id": thing, "title": thing, "type": "choice", "asked_of": "you", "values": places}
            for thing in things
        ]
    }
    apart = [
        {"any": [{one: place, other: {"not": place}} for place in places]}
        for one, other in combinations(things, 2)
    ]
    files = {
        "w/policy.yaml": {"name": "w", "owner": "o", "version": "1", "levels": ["low"]},
        "w/vocabulary.yaml": vocabulary,
        "w/tables/t.yaml": {
            "tables": [
                {
                    "id": "T",
                    "title": "t",
                    "columns": {"otherwise": {}},
                    "rows": {"data.level": {"low": ["allow"]}},
                }
            ]
        },
        "w/rules/r.yaml": {
            "rules": [
                {
                    "id": "R",
                    "title": "t",
                    "effect": "prohibit",
                    "when": {"all": apart},
                    "reason": "r",
                    "source": "s",
                }
            ]
        },
    }
    lib = load(
        FileSet("w", {path: json.dumps(content).encode() for path, content in files.items()}),
        ["w"],
        FileSet("data", {"vocabulary.yaml": VOCABULARY.encode(), "tools/t.yaml": b"tools: []"}),
    )

    def asked(conflicts_max: int) -> Decision:
        lib.engine.conflicts_max = conflicts_max
        return decide(lib.engine, [], DAY)

    exact, bound = asked(20_000), asked(1)
    assert exact.decision == "allow"
    assert exact.is_exact
    assert bound.ruling.reachable == {Effect.allow, Effect.prohibit}
    assert not bound.is_exact
    assert bound.questions
    assert bound.as_dict()["exact"] is False
