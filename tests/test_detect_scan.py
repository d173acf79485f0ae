"""Sensitive content in text and files, as somebody at the terminal finds it."""

from __future__ import annotations

import base64
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caio_mcp.scanning import scan_text
from conftest import Caio

CARD, IBAN, MAIL = "4539 1488 0343 6467", "DE89 3704 0044 0532 0130 00", "anna.berg@firma.test.de"
SSN, PHONE = "536-22-8745", "+49 30 901820"


def luhn(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def found(caio: Caio, *texts: str) -> list[dict[str, Any]]:
    lines = "\n".join(json.dumps({"text": text}) for text in texts)
    ran = caio("scan", "--jsonl", "-", stdin=lines.encode())
    return [json.loads(line) for line in ran.out.splitlines()]


def types(answer: dict[str, Any], *, low: bool = False) -> set[str]:
    return {f["type"] for f in answer["findings"] if low or f["confidence"] != "low"}


def test_each_line_has_one_answer_and_faults_too(caio: Caio) -> None:
    lines = b'{"text": "x"}\nno json\n{"other": 1}\n[1]\n{"text": "' + MAIL.encode() + b'"}\n'
    ran = caio("scan", "--jsonl", "-", stdin=lines)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 2
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]
    assert all(answer["remedy"] for answer in answers if "error" in answer)
    assert answers[0] == {"findings": [], "categories": [], "scanned_bytes": 1, "truncated": False}
    [one] = answers[4]["findings"]
    assert set(one) == {
        "type", "category", "confidence", "count", "line", "column", "masked", "via",
    }  # fmt: skip
    assert (one["type"], one["category"], one["line"], one["column"]) == (
        "EMAIL_ADDRESS", "personal", 1, 1,
    )  # fmt: skip


def test_a_place_is_that_of_the_first_and_the_same_value_is_counted(caio: Caio) -> None:
    [answer] = found(caio, f"one\nzwei: äö {MAIL}\n{MAIL} again")
    [one] = answer["findings"]
    assert (one["line"], one["column"], one["count"]) == (2, 10, 2)


def test_a_checksum_alone_is_low_and_a_word_never_rescues_a_wrong_one(caio: Caio) -> None:
    right, wrong = "4539148803436467", "4539148803436468"
    bare, said, false, order = found(
        caio, f"see {right} there", f"my card {right}", f"my card {wrong}", f"order no {right}"
    )
    assert types(bare) == set()
    assert "CREDIT_CARD" in types(bare, low=True)
    assert types(said) == {"CREDIT_CARD"}
    assert "CREDIT_CARD" not in types(false, low=True)
    assert types(order) == set()


@pytest.mark.parametrize(
    "text",
    [
        "1700000000 and 1700000000123 seconds since 1970",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "id 550e8400-e29b-41d4-a716-446655440000",
        "version 10.2.33.104 of the library",
        "ISBN 978-3-16-148410-0, 12 EUR, 3.14159265358979",
        "order 4916338506082832 was sent",
        "the password is changed every year, the key to the house is lost",
        "password = os.environ['PASSWORD']",
        "api_key: ${API_KEY}",
        "the public church in the union had a health party in May",
    ],
)
def test_what_looks_alike_is_not_told(caio: Caio, text: str) -> None:
    [answer] = found(caio, text)
    assert types(answer) == set(), answer


HIDDEN: dict[str, Callable[[str], str]] = {
    "full width": lambda s: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s),
    "arabic digits": lambda s: s.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "zero width": "\u200b".join,
    "soft hyphen": "\u00ad".join,
    "no-break": lambda s: s.replace(" ", "\u00a0").replace("-", "\u2011"),
    "look-alikes": lambda s: s.replace("a", "\u0430").replace("e", "\u0435"),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64 of utf-16": lambda s: base64.b64encode(s.encode("utf-16-le")).decode(),
    "twice": lambda s: base64.b64encode(base64.b64encode(s.encode())).decode(),
    "hex": lambda s: s.encode().hex(),
    "percent": lambda s: "".join(f"%{b:02X}" for b in s.encode()),
    "quoted": lambda s: quote(s, safe=""),
    "html": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "escaped": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_hidden_values_are_found_and_said_how(caio: Caio, how: str) -> None:
    values = {"EMAIL_ADDRESS": MAIL, "IBAN_CODE": IBAN, "CREDIT_CARD": CARD, "US_SSN": SSN}
    answers = found(caio, *(f"see {HIDDEN[how](value)} there" for value in values.values()))
    for name, value, answer in zip(values, values.values(), answers, strict=True):
        assert name in types(answer), (how, name)
        [one] = [f for f in answer["findings"] if f["type"] == name]
        assert bool(one["via"]) == (HIDDEN[how](value) != value), (how, name)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_stands_around_a_value_it_is_found_and_never_shown(
    before: str, after: str
) -> None:
    report = scan_text(f"{before}\n{MAIL}\n{after}")
    mails = [f for f in report.findings if f.value == MAIL]
    assert mails, (before, after)
    assert MAIL not in repr(report.findings)
    assert MAIL not in json.dumps([f.as_dict(is_masked=True) for f in report.findings])
    text = f"{before}\n{MAIL}\n{after}".split("\n")
    place = mails[0].place
    assert text[place.line - 1][place.column - 1 :].startswith(MAIL)


def test_a_column_is_told_by_how_many_of_its_values_pass(caio: Caio, tmp_path: Path) -> None:
    chance = random.Random(7)
    numbers = ["4" + "".join(chance.choice("0123456789") for _ in range(14)) for _ in range(60)]
    rows = [
        f"{number}{chance.randrange(10)},{luhn(number)},{1_600_000_000 + n}"
        for n, number in enumerate(numbers)
    ]
    path = tmp_path / "t.csv"
    path.write_text("ref,pay,made\n" + "\n".join(rows))
    ran = caio("scan", "--json", str(path))
    [file] = json.loads(ran.out)["files"]
    columns = {f["where"].partition(",")[0] for f in file["findings"]}
    assert columns == {"column 'pay'"}
    assert len(file["findings"]) == 60
    assert {f["type"] for f in file["findings"]} == {"CREDIT_CARD"}


def test_files_of_many_kinds_are_read(caio: Caio, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Call {PHONE}")
    (tmp_path / "b.json").write_text(json.dumps([{"who": {"mail": MAIL}}]))
    (tmp_path / "c.eml").write_text(f"From: {MAIL}\nSubject: x\n\nmy card is {CARD}\n")
    (tmp_path / "d.utf16").write_bytes(f"IBAN {IBAN}".encode("utf-16"))
    (tmp_path / "e.bin").write_bytes(b"\0\1\2" * 99)
    ran = caio("scan", "--json", str(tmp_path))
    seen = {
        Path(f["file"]).name: {x["type"] for x in f["findings"]}
        for f in json.loads(ran.out)["files"]
    }
    assert seen["a.txt"] == {"PHONE_NUMBER"}
    assert seen["b.json"] == {"EMAIL_ADDRESS"}
    assert seen["c.eml"] == {"EMAIL_ADDRESS", "CREDIT_CARD"}
    assert seen["d.utf16"] == {"IBAN_CODE"}


def test_what_gitignore_leaves_out_is_not_looked_into(caio: Caio, tmp_path: Path) -> None:
    for name in ("kept.txt", "out/a.txt", "in/b.log", "in/c.log", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(MAIL)
    (tmp_path / ".gitignore").write_text("out/\n*.log\n")
    (tmp_path / "in" / ".gitignore").write_text("!c.log\n")
    ran = caio("scan", "--json", str(tmp_path))
    seen = {str(Path(f["file"]).relative_to(tmp_path)) for f in json.loads(ran.out)["files"]}
    assert seen == {".gitignore", "in/.gitignore", "kept.txt", "in/c.log"}


def test_rules_of_a_gitleaks_file_are_used_beside_the_own(caio: Caio, workspace: Path) -> None:
    (workspace / "caio-mcp.toml").write_text('secret_rules = "own.toml"\n')
    rule = '[[rules]]\nid = "acme"\nregex = "acme-[0-9]{6}"\nkeywords = ["acme-"]\n'
    (workspace / "own.toml").write_text(rule)
    [answer] = found(caio, f"see acme-123456 and {MAIL}")
    assert types(answer) == {"SECRET.acme", "EMAIL_ADDRESS"}
    (workspace / "own.toml").write_text('[[rules]]\nid = "acme"\nregex = "(?<=a)b"\n')
    caio("scan", "--jsonl", "-", stdin=b"{}").assert_refused("own.toml", "acme", "RE2")


def test_presidio_that_is_wanted_and_not_installed_is_named_and_nothing_is_answered(
    caio: Caio, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    settings, sample = workspace / "caio-mcp.toml", workspace / "a.txt"
    sample.write_text(MAIL)
    settings.write_text("presidio = true\n")
    use = ("check", "--task", "summarise", "--tool", "ChatGPT Enterprise", "--data", "mails")
    for command in (("scan",), ("redact",), (*use, "--path")):
        caio(*command, str(sample)).assert_refused("pip install 'caio-mcp[presidio]'")
    caio("scan", "--jsonl", "-", stdin=b'{"text": "a"}').assert_refused("caio-mcp[presidio]")
    settings.write_text('presidio = "perhaps"\n')
    caio("scan", str(sample)).assert_refused("presidio", "perhaps", "caio-mcp.toml")
    settings.write_text("presidio = false\n")
    assert types(found(caio, MAIL)[0]) == {"EMAIL_ADDRESS"}


def test_sarif_names_the_type_and_the_line_and_no_value(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a b.txt"
    path.write_text(f"x\n  {MAIL}\n")
    ran = caio("scan", "--format", "sarif", str(path))
    log = json.loads(ran.out)
    [result] = log["runs"][0]["results"]
    assert log["version"] == "2.1.0"
    assert result["ruleId"] == "EMAIL_ADDRESS"
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 2, "startColumn": 3}
    assert place["artifactLocation"]["uri"].endswith("a%20b.txt")
    assert "anna" not in ran.out


def test_nothing_found_is_never_said_to_be_clean(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("nothing to see")
    ran = caio("scan", str(path))
    assert ran.status == 0
    assert "Nothing found by pattern" in ran.out
    assert "can be missed" in ran.out
    assert "clean" not in ran.out


def test_a_copy_has_the_same_placeholder_for_the_same_value(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{MAIL} wrote to bob@firma.test.de, then {MAIL} called. Card {CARD}.")
    ran = caio("redact", str(path))
    copy = (tmp_path / "a.redacted.txt").read_text()
    assert copy == (
        "<EMAIL_ADDRESS_1> wrote to <EMAIL_ADDRESS_2>, then <EMAIL_ADDRESS_1> called. "
        "Card <CREDIT_CARD_1>."
    )
    assert MAIL in path.read_text()
    assert "pseudonymised, not anonymous" in ran.out
    caio("redact", "--only", "payment_card", str(path))
    assert MAIL in (tmp_path / "a.redacted-2.txt").read_text()


def test_only_what_there_is_can_be_taken_out(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(MAIL)
    caio("redact", "--only", "paymentcard", str(path)).assert_refused(
        "only cannot be 'paymentcard'", "payment_card"
    )
    assert list(tmp_path.glob("*redacted*")) == []
