"""The benchmarks' policies load, and mean here what they mean to the engines compared with."""

from __future__ import annotations

import pytest

from caio_mcp.core.library import Library
from decide import ask_applying, ask_decision, ask_ruling, load_ours
from workload import EFFECTS, applying, complete_facts, make_workload, with_concluded, with_unknown

USES = 20


@pytest.fixture(scope="module")
def library() -> Library:
    return load_ours(make_workload(40))


def test_the_base_pack_has_its_rules_and_loads_without_faults(library: Library) -> None:
    assert len(library.policy.rules) == 40


def test_the_policies_apply_as_trying_each_one_says(library: Library) -> None:
    policies = make_workload(40).policies
    effects = {policy.id: EFFECTS.index(policy.effect) for policy in policies}
    for facts in complete_facts(USES):
        right = applying(policies, facts)
        assert ask_applying(library, facts) == right
        word, reasons = ask_ruling(library, facts)
        assert word == EFFECTS[max(effects[name] for name in right)]
        assert {name for name, _ in reasons} <= right
        assert ask_decision(library, facts) == word


def test_drawn_rules_apply_as_trying_each_one_says() -> None:
    workload = make_workload(90)
    library = load_ours(workload)
    for facts in complete_facts(USES):
        assert ask_applying(library, facts) == applying(workload.policies, facts)


def test_what_is_drawn_is_always_the_same() -> None:
    assert make_workload(60).files.archive() == make_workload(60).files.archive()
    assert complete_facts(USES) == complete_facts(USES)
    unknown = with_unknown(complete_facts(USES))
    assert unknown == with_unknown(complete_facts(USES))
    assert sum(map(len, unknown)) < sum(map(len, complete_facts(USES)))


def test_what_is_concluded_is_not_said() -> None:
    for facts in complete_facts(USES):
        assert set(facts) < set(with_concluded(facts))
