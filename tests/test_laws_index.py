"""The index judges many conditions at once, just as each of them is judged on its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from caio_mcp.core.conditions import All, Atom, Condition, all_of, any_of, judge, negate
from caio_mcp.core.index import Index
from worlds import laws

_FULL = (0b1, 0b11, 0b111, 0b11111)

atoms = st.integers(0, len(_FULL) - 1).flatmap(
    lambda variable: st.builds(Atom, st.just(variable), st.integers(0, _FULL[variable]))
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    atoms,
    lambda parts: st.one_of(
        st.lists(parts, max_size=4).map(all_of),
        st.lists(parts, max_size=4).map(any_of),
        parts.map(lambda part: negate(part, _FULL)),
    ),
    max_leaves=12,
)
known = st.tuples(*(st.integers(1, full) for full in _FULL))
unsure = st.frozensets(st.integers(0, len(_FULL) - 1))


@laws
@given(
    st.lists(conditions, min_size=1, max_size=8), st.lists(known, min_size=1, max_size=4), unsure
)
def test_the_index_judges_each_condition_as_it_is_judged_alone(
    listed: list[Condition], asked: list[tuple[int, ...]], unsure: frozenset[int]
) -> None:
    index = Index(listed, _FULL)
    for masks in asked:  # one index for all: nothing of one answer stays in the next
        for about in (frozenset[int](), unsure):
            certain, possible = index.judge(masks, about)
            for number, condition in enumerate(listed):
                verdict = judge(_together(condition), masks, about)
                assert bool(certain >> number & 1) == (verdict is True)
                assert bool(possible >> number & 1) == (verdict is not False)
                if judge(condition, masks) is not None and not about:  # never less is known
                    assert verdict == judge(condition, masks)


def _together(condition: Condition) -> Condition:
    """The condition with one test for each variable: two of them that exclude one another are
    never fulfilled, which each on its own does not show."""
    if not isinstance(condition, All):
        return condition
    masks = dict.fromkeys((p.variable for p in condition.parts if isinstance(p, Atom)), -1)
    for part in condition.parts:
        if isinstance(part, Atom):
            masks[part.variable] &= part.mask
    nested = [part for part in condition.parts if not isinstance(part, Atom)]
    return All((*(Atom(variable, mask) for variable, mask in masks.items()), *nested))


@laws
@given(conditions, known)
def test_a_verdict_holds_for_every_completion(condition: Condition, masks: tuple[int, ...]) -> None:
    verdict = judge(condition, masks)
    values = {_holds(condition, use) for use in _completions(masks)}
    if verdict is not None:
        assert values == {verdict}
    opposite = negate(condition, _FULL)
    assert values == {not _holds(opposite, use) for use in _completions(masks)}


def _completions(masks: tuple[int, ...]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [()]
    for mask in masks:
        values = [1 << value for value in range(mask.bit_length()) if mask >> value & 1]
        found = [(*use, value) for use in found for value in values]
    return found


def _holds(condition: Condition, use: tuple[int, ...]) -> bool:
    if isinstance(condition, Atom):
        return bool(use[condition.variable] & condition.mask)
    verdicts = [_holds(part, use) for part in condition.parts]
    return all(verdicts) if isinstance(condition, All) else any(verdicts)
