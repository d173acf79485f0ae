"""The benchmarks' policies mean here what they mean to the engines compared with; detection is
measured by what is really found."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

import detect_cases
from caio_mcp.core.library import Library
from decide import ask_applying, ask_decision, ask_ruling, load_ours
from detect_peers import SECRET, Found
from detect_texts import mixed
from workload import EFFECTS, applying, complete_facts, make_workload, with_concluded, with_unknown

USES = 20
BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


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


def test_detection_is_measured_without_the_others_too(tmp_path: Path) -> None:
    cases: list[dict[str, object]] = [
        {"kind": "secret", "label": "a", "text": "AKIAQ3EGUZ4HWNX7RTPV", "should_match": True},
        {"kind": "secret", "label": "b", "text": "nothing", "should_match": True},
        {"kind": "secret", "label": "a", "text": "nothing", "should_match": False},
        {"kind": "pii", "label": "US_SSN", "text": "ssn 536-22-8745", "should_match": True},
        {
            "kind": "doc",
            "label": "d",
            "text": "write to anna@firma.test.de",
            "spans": [{"label": "EMAIL_ADDRESS", "start": 9, "end": 27}],
        },
    ]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    (tmp_path / "own.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    command = [sys.executable, str(BENCHMARKS / "detect.py"), "--small", "--cases", str(tmp_path)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.strip("| ").split(" | ") for line in ran.stdout.splitlines() if "|" in line]
    of_cases = {row[1]: row[2:] for row in rows if row[0] == "caio-mcp" and len(row) == 6}
    assert of_cases["credentials"] == ["3", "0.500", "0 of 1", "-"]
    assert of_cases["values"] == ["1", "1.000", "0 of 0", "0.000"]
    assert of_cases["`EMAIL_ADDRESS`"] == ["1", "1.000", "1.000", "1"]
    [speed] = [row for row in rows if row[0].startswith("caio-mcp ")]
    assert all(float(cell) > 0 for cell in (speed[1], *speed[3:]))
    assert "### 60 kB made to take long" in ran.stdout


def test_a_wrong_find_counts_against_a_detector() -> None:
    spans = [{"label": "EMAIL_ADDRESS", "start": 0, "end": 5}]
    mail, none = {"text": "", "spans": spans}, {"text": "", "spans": []}
    found = [[Found("EMAIL_ADDRESS", 3, 9, True)], [Found("EMAIL_ADDRESS", 0, 5, True)]]
    rows = {row[0]: row[1:] for row in detect_cases.score_documents([mail, none], found)}
    assert rows["`EMAIL_ADDRESS`"] == ["1.000", "0.500", "1"]
    secret = {"label": "a", "should_match": False}
    assert detect_cases.score_secrets([secret], [[Found(SECRET, 0, 1, True)]])[0][2] == "1 of 1"
    assert detect_cases.score_secrets([secret], [[Found(SECRET, 0, 1, False)]])[0][2] == "0 of 1"


def test_mixed_text_is_always_the_same() -> None:
    assert mixed(5_000, 1) == mixed(5_000, 1) != mixed(5_000, 2)
    assert len(mixed(5_000, 1)) == 5_000


def test_models_are_measured_without_the_others_too(tmp_path: Path) -> None:
    cases = [
        {"id": "gpt-4o", "expect": "same", "vendor": "openai", "family": "gpt", "version": "4o"},
        {"id": "gpt-4o", "expect": "same", "vendor": "openai", "family": "gpt", "version": "4"},
        {"id": "no-model", "expect": "same", "vendor": "a", "family": "b", "version": "1"},
        {"id": "gpt-4o", "expect": "lookalike"},
        {"id": "gpt-40", "expect": "lookalike"},
    ]
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    command = [sys.executable, str(BENCHMARKS / "models.py"), "--small"]
    command += ["--cases", str(tmp_path / "own.jsonl")]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.strip("| ").split(" | ") for line in ran.stdout.splitlines() if "|" in line]
    of_cases = [row for row in rows if row[0] == "caio-mcp" and len(row) == 6]
    assert of_cases[1] == ["caio-mcp", "1 of 3", "1", "1", "1 of 2", "1 of 3"]
    assert of_cases[0][2:5] == ["0", "0", f"0 of {of_cases[0][4].split()[-1]}"]
    [code] = [row for row in rows if row[0].startswith("caio-mcp ") and len(row) == 5]
    assert code[1].split(" of ")[0] == code[1].split(" of ")[1]
    assert code[2] == "0"
