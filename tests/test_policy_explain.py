"""`caio-mcp policy explain`: every part of a policy in words, and everything it rests on."""

from __future__ import annotations

import json

from caio_mcp.core.policy_words import parts
from caio_mcp.files import load_library
from conftest import Caio


def test_every_part_of_the_default_policy_can_be_explained(caio: Caio) -> None:
    names = list(parts(load_library("default").policy))
    assert len(names) > 150
    run = caio("policy", "explain", "--json", *names)
    assert run.status == 0, run.err
    shown = [json.loads(line) for line in run.out.splitlines()]
    assert [part["id"] for part in shown] == names
    for part in shown:
        assert all(part["says"]), part


def test_a_rule_says_when_it_holds_why_and_where_it_is_written(caio: Caio) -> None:
    said = caio("policy", "explain", "GDPR-44-TRANSFER").out
    for words in (
        "GDPR-44-TRANSFER: No transfer outside the EEA without safeguards (prohibits)",
        "Where the tool runs is in the vendor's cloud [tool.hosting]",
        "unless (consent, GDPR Art. 49(1)(a))",
        "Exceptions: up to 90 days, granted by dpo",
        "Source: GDPR Art. 44-46",
        "Written in: gdpr/rules/gdpr.yaml:",
    ):
        assert words in said, said


def test_a_cell_says_which_row_and_column_it_is(caio: Caio) -> None:
    said = caio("policy", "explain", "DH-LEVEL/internal/consumer").out
    assert said.startswith(
        "DH-LEVEL/internal/consumer: Internal data in a personal or free account or an unlisted "
        "tool (prohibits)"
    )
    room = "Exceptions: up to 90 days, granted by caio"
    assert room in said
    for name in ("DH-LEVEL/public/consumer", "DH-BUSINESS/EXPORT/consumer", "DH-REGULATED/PAN/own"):
        assert "Exceptions" not in caio("policy", "explain", name).out
    assert room in caio("policy", "explain", "DH-BUSINESS").out


def test_without_ids_the_rules_are_listed_one_a_line(caio: Caio) -> None:
    rules = load_library("default").policy.rules
    lines = caio("policy", "explain").out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [rule.id for rule in rules]


def test_an_id_that_is_not_there_gets_the_closest_one(caio: Caio) -> None:
    caio("policy", "explain", "GDPR-29").assert_refused(
        "'GDPR-29' is not in the policy default.", "Did you mean 'GDPR-9'?"
    )


def test_every_source_is_listed_with_what_rests_on_it(caio: Caio) -> None:
    run = caio("policy", "explain", "--sources", "--json")
    listed = {part["source"]: part for part in map(json.loads, run.out.splitlines())}
    library = load_library("default")
    for rule in library.policy.rules:
        assert rule.id in listed[rule.source]["used_by"]
        for case in rule.unless:
            assert case.source in listed
    for tool in library.catalogue.tools.values():
        for fact in tool.facts:
            assert tool.id in listed[fact.source]["used_by"]
            assert listed[fact.source]["checked"]
    for provision in library.policy.provisions:
        assert provision.id in listed[provision.source]["used_by"]
