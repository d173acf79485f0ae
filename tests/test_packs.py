"""The bundled policies, tools and words: every published cell, every source, every trap."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from caio_mcp.core.decision import decide
from caio_mcp.core.facts import statement
from caio_mcp.core.library import FileSet, Library, load
from caio_mcp.core.mutations import WHATS, survivors
from caio_mcp.core.policy_tests import run_tests
from caio_mcp.files import (
    load_library,
    packs_below,
    read_catalogue,
    read_policy,
)
from caio_mcp.opening import bundled

DAY = datetime.date(2026, 11, 22)
LAW = ("gdpr", "eu-ai-act", "security", "ip", "us")
PACKS = sorted(str(folder) for folder in packs_below(bundled("policies")))


@pytest.fixture(scope="module", params=PACKS, ids=lambda path: Path(path).name)
def library(request: pytest.FixtureRequest) -> Library:
    return load_library(f"{request.param}/")


def test_every_test_of_a_pack_passes(library: Library) -> None:
    outcomes = list(run_tests(library.engine, DAY))
    says = [*library.policy.rules, *library.policy.tables]
    assert outcomes or not says, "a pack without tests shows nothing"
    failed = [
        f"{o.case.place.file}:{o.case.place.line} {o.case.name}: {'; '.join(o.differences)}"
        for o in outcomes
        if not o.has_passed
    ]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("name", ["data-handling", *LAW])
def test_nothing_can_be_taken_out_of_a_pack_unnoticed(name: str) -> None:
    tried: Counter[str] = Counter()
    unnoticed: dict[str, list[str]] = {what: [] for what in WHATS}
    for mutation, has_survived in survivors(load_library(name).engine, name, DAY):
        tried[mutation.what] += 1
        if has_survived:
            unnoticed[mutation.what].append(mutation.name)
    conditions = unnoticed.pop("condition")
    assert tried["rule"] > 3
    assert not any(unnoticed.values()), unnoticed
    assert len(conditions) * 10 <= tried["condition"], conditions


@pytest.mark.parametrize("name", LAW)
def test_every_rule_of_a_law_pack_is_there_because_of_a_provision(name: str) -> None:
    policy = load_library(name).policy
    own = [p for p in policy.provisions if p.place.file.startswith(f"{name}/")]
    covered = {part for provision in own for part in provision.by}
    for rule in policy.rules:
        assert rule.id in covered, rule.id
    for provision in own:
        assert provision.reviewed == DAY
        assert provision.by or provision.why_not.endswith(".")


@pytest.mark.parametrize("name", ["eu-ai-act", "us"])
def test_what_covers_a_provision_starts_when_the_provision_does(name: str) -> None:
    policy = load_library(name).policy
    rules = {rule.id: rule for rule in policy.rules}
    for provision in policy.provisions:
        named = [rules[part] for part in provision.by if part in rules]
        starts = {rule.effective_from for rule in named}
        if provision.applies_from and None not in starts and named:
            assert provision.applies_from in starts, provision.id


def test_a_dated_rule_is_tested_on_both_sides_of_its_dates() -> None:
    for name in LAW:
        policy = load_library(name).policy
        days = {case.as_of for case in policy.cases}
        for rule in policy.rules:
            if rule.effective_from:
                before = rule.effective_from - datetime.timedelta(days=1)
                assert {rule.effective_from, before} <= days, rule.id
            if rule.effective_until:
                after = rule.effective_until + datetime.timedelta(days=1)
                assert {rule.effective_until, after} <= days, rule.id


def test_what_the_law_leaves_open_is_looked_at_by_somebody() -> None:
    unsettled = [rule for rule in load_library("default").policy.rules if rule.unsettled]
    assert {"AIA-6-3", "AIA-49-3", "CT-SB5"} <= {rule.id for rule in unsettled}
    for rule in unsettled:
        assert rule.effect.name in ("review", "prohibit")
        assert rule.reviewer or rule.effect.name == "prohibit"


def test_every_provision_of_the_law_has_a_rule_or_a_reason() -> None:
    """The provisions that an organisation would look for, by the words of their sources."""
    sources = "\n".join(p.source for p in load_library("default").policy.provisions)
    wanted = [
        *(f"AI Act Art. 5(1)({letter})" for letter in ("a", "h", "ba", "bb")),
        *("Art. 4", "Art. 4a", "Art. 6(1)", "Art. 6(2)", "Art. 6(3)", "Art. 26(1)", "Art. 26(5)"),
        *("Art. 26(6)", "Art. 26(7)", "Art. 26(8)", "Art. 26(9)", "Art. 26(11)", "Art. 27"),
        *("Art. 49(2)", "Art. 50(1)", "Art. 50(2)", "111(4)", "Art. 50(3)", "Art. 50(4)"),
        *("Art. 53", "Art. 57", "Art. 101", "Art. 111(2)", "Annex X"),
        *("GDPR Art. 5(1)(b)", "GDPR Art. 5(1)(c)", "GDPR Art. 5(2)", "GDPR Art. 6(1)"),
        *("GDPR Art. 9", "GDPR Art. 10", "GDPR Art. 22", "GDPR Art. 28", "GDPR Art. 32"),
        *("GDPR Art. 35", "GDPR Art. 44-47", "GDPR Art. 49", "C-703/25 P", "BetrVG"),
        *("45 CFR", "PCI DSS", "16 CFR 314", "34 CFR 99", "16 CFR 312", "22 CFR", "15 CFR"),
        *("SB 26-189", "HB 3773", "Local Law 144", "TRAIGA", "SB 149", "CPPA", "SB 5"),
        *("14365", "Heppner", "2016/943", "596/2014", "2001/29"),
    ]
    assert [text for text in wanted if text not in sources] == []


def test_a_pack_loads_the_same_from_its_archive(library: Library) -> None:
    files = library.policy_files
    again = FileSet.from_archive(files.archive())
    assert again.digest() == files.digest()


@pytest.mark.parametrize(
    ("name", "cells"),
    [("utk", 49), ("utk/previous", 28), ("vanderbilt", 20), ("uidaho", 39), ("tecnicodesk", 20)],
)
def test_every_published_cell_has_its_test(name: str, cells: int) -> None:
    found = load_library(f"{bundled('policies')}/examples/{name}/")
    published = [
        case
        for case in found.policy.cases
        if case.name.startswith(("Level:", "Regulated data:", "Published:"))
    ]
    assert len({case.name for case in published}) == len(published) == cells
    assert len(found.policy.tables) == 1


def test_the_level_alone_is_never_enough_for_a_yes(library: Library) -> None:
    for level in library.policy.levels:
        known = [statement(library.vocabulary, "data.level", level.id)]
        decision = decide(library.engine, known, DAY)
        assert decision.decision not in ("allow", "allow_with_conditions"), level.id


def test_a_published_policy_is_adopted_by_nobody_and_says_so_first() -> None:
    for name in ("utk", "utk/previous", "vanderbilt", "uidaho", "tecnicodesk"):
        folder = bundled("policies") / "examples" / name
        head = (folder / "policy.yaml").read_text("utf-8")
        assert "nobody has adopted it for your organisation" in head.partition("name:")[0], name
        assert not load_library(f"{folder}/").policy.is_adopted


def test_the_two_tennessee_charts_differ_as_published() -> None:
    new, old = (
        load_library(f"{bundled('policies')}/examples/{name}/").policy.tables[0]
        for name in ("utk", "utk/previous")
    )
    cells = [{(c.row, c.column): c.effect.name for c in table.cells} for table in (new, old)]
    shared = cells[0].keys() & cells[1].keys()
    assert len(shared) == 28
    assert {
        key: (cells[1][key], cells[0][key]) for key in shared if cells[0][key] != cells[1][key]
    } == {("PHI", "local"): ("prohibit", "review")}
    assert {column for _, column in cells[0].keys() - shared} == {"native"}


def test_every_rule_says_why_and_where_from_and_when_it_was_checked() -> None:
    for rule in load_library("default").policy.rules:
        assert rule.reason.endswith(".")
        assert rule.source
        assert rule.reviewed


def test_the_default_pack_approves_nothing_by_itself() -> None:
    policy = load_library("default").policy
    assert not policy.approvals
    assert not policy.is_adopted


def test_every_contract_fact_has_a_source_and_a_date() -> None:
    catalogue = load_library("default").catalogue
    assert len(catalogue.tools) >= 12
    for tool in catalogue.tools.values():
        assert tool.facts
        assert tool.visible_sign
        for fact in tool.facts:
            assert fact.source.startswith("https://")
            assert fact.checked is not None
            assert fact.checked <= DAY


def test_terms_of_the_data_privacy_vocabulary_are_iris() -> None:
    vocabulary = load_library("default").vocabulary
    iris = [fact.dpv for fact in vocabulary.facts.values()]
    iris += [value.dpv for fact in vocabulary.facts.values() for value in fact.values.values()]
    named = [iri for iri in iris if iri]
    assert len(named) > 50
    assert all(re.fullmatch(r"https://w3id\.org/dpv[\w/#-]*", iri) for iri in named)


def test_every_fact_that_is_asked_has_a_question_and_somebody_to_answer_it() -> None:
    for fact in load_library("default").vocabulary.facts.values():
        assert bool(fact.ask) == fact.is_askable, fact.id
        if fact.when_unsure:
            assert fact.when_unsure in fact.values, fact.id
        if fact.ordinary and fact.ordinary != "none":
            assert fact.ordinary in fact.values, fact.id


def test_a_wide_file_on_one_line_is_not_too_deep() -> None:
    files, chain = read_policy("default")
    rules = {
        "rules": [
            {
                "id": f"R{number}",
                "title": "A rule",
                "effect": "review",
                "when": {"data.level": {"above": "public"}},
                "reason": "Many rules on one line.",
                "source": "a program",
            }
            for number in range(1_000)
        ]
    }
    wide = {**files.files, "default/rules/wide.yaml": json.dumps(rules).encode()}
    found = load(FileSet("default", wide), chain, read_catalogue())
    assert len(found.policy.rules) > 1_000
