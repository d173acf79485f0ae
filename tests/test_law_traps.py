"""What keyword checkers get wrong: the answer is about what is done to whom."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Connect, OpenDesk

ENTERPRISE = "ChatGPT Enterprise"
CLEAN = ["purpose.practices=none", "data.overlays=none", "data.categories=none"]

# what somebody does, and what the answer is, names and does not name
PROBES: dict[str, tuple[dict[str, Any], str, tuple[str, ...], tuple[str, ...]]] = {
    "ranking applicants by their CVs": (
        {
            "task": "assess_people",
            "tool": ENTERPRISE,
            "data": ["CVs"],
            "facts": [*CLEAN, "purpose.domain=only:employment"],
        },
        "review",
        ("GDPR-22", "AIA-6-2-PREPARE"),
        ("AIA-5-",),
    ),
    "rejecting loan applications by itself": (
        {
            "task": "assess_people",
            "tool": "local Ollama",
            "data": ["loan applications"],
            "facts": [
                *CLEAN,
                "purpose.domain=only:credit",
                "processing.legal_effect=yes",
                "processing.human_review=no",
                "tool.offline=yes",
            ],
        },
        "review",
        ("GDPR-22-SOLELY", "AIA-6-2-PREPARE"),
        ("AIA-5-",),
    ),
    "stress in the voices of employees in a call centre": (
        {
            "task": "monitor_people",
            "tool": ENTERPRISE,
            "data": ["call recordings"],
            "facts": ["purpose.practices=emotion_recognition_at_work"],
        },
        "prohibit",
        ("AIA-5-F",),
        (),
    ),
    "stress in the voices of customers": (
        {
            "task": "monitor_people",
            "tool": ENTERPRISE,
            "data": ["call recordings"],
            "facts": [
                *CLEAN,
                "purpose.domain=only:emotions",
                "data.subjects=only:customer",
                "processing.decides_about_persons=no",
                "legal.works_council=agreed",
            ],
        },
        "review",
        ("AIA-6-2-PREPARE",),
        ("AIA-5-",),
    ),
    "nude images of a colleague": (
        {
            "task": "make_media",
            "tool": ENTERPRISE,
            "data": ["photos of people"],
            "facts": ["purpose.practices=intimate_imagery"],
        },
        "prohibit",
        ("DH-INTIMATE-IMAGERY",),
        (),
    ),
    "marketing copy for a health insurance": (
        {"task": "write", "tool": ENTERPRISE, "data": ["marketing copy"], "facts": CLEAN},
        "allow",
        (),
        ("AIA-6", "PHI", "GDPR-9"),
    ),
    "a chatbot for employees about the holiday policy": (
        {
            "task": "answer_public",
            "tool": ENTERPRISE,
            "data": ["holiday policy"],
            "facts": [
                *CLEAN,
                "purpose.domain=only:employment",
                "processing.decides_about_persons=no",
            ],
        },
        "allow_with_conditions",
        ("AIA-50-1",),
        ("AIA-6", "AIA-26"),
    ),
    "source code into a consumer chatbot": (
        {"task": "write_code", "tool": "ChatGPT Free", "data": ["our source code"]},
        "prohibit",
        ("DH-BUSINESS/SOURCE_CODE/consumer",),
        ("AIA-50",),
    ),
    "scoring suppliers' prices": (
        {"task": "analyse_data", "tool": ENTERPRISE, "data": ["price lists"], "facts": CLEAN},
        "allow_with_conditions",
        (),
        ("AIA-5-C", "AIA-6"),
    ),
    "drafting a job advert": (
        {"task": "write", "tool": ENTERPRISE, "data": ["job advert"]},
        "allow",
        (),
        ("AIA-6", "GDPR-22"),
    ),
    "translating a memo": (
        {"task": "translate", "tool": ENTERPRISE, "data": ["memo"]},
        "allow",
        (),
        ("AIA-6",),
    ),
    "summarising public news": (
        {"task": "summarise", "tool": "ChatGPT Free", "data": ["public news"]},
        "allow",
        (),
        ("AIA-6", "AIA-50"),
    ),
}


@pytest.mark.parametrize("name", PROBES)
def test_what_counts_is_what_is_done_to_whom(desk: OpenDesk, name: str) -> None:
    asked, decision, named, unnamed = PROBES[name]
    answer = desk(policy="acme").ask(**asked)
    found = answer.decision
    assert found.decision == decision, answer.text
    cited = " ".join((*found.determining_rules, *found.also_applies))
    duties = " ".join(rule for duty in found.obligations for rule in duty.rules)
    for rule in named:
        assert rule in f"{cited} {duties}", answer.text
    for rule in unnamed:
        assert not any(word.startswith(rule) for word in cited.split()), answer.text


def test_the_amendment_begins_on_its_day(desk: OpenDesk) -> None:
    asked = PROBES["nude images of a colleague"][0]
    before, after = (
        desk(policy="acme").ask(day=day, **asked).decision for day in ("2026-12-01", "2026-12-02")
    )
    assert "AIA-5-BA" not in before.determining_rules
    assert "AIA-5-BA" in after.determining_rules
    assert before.decision == after.decision == "prohibit"


def test_high_risk_begins_in_december_2027_with_its_duties(desk: OpenDesk) -> None:
    asked = PROBES["ranking applicants by their CVs"][0]
    before, after = (
        desk(policy="acme").ask(day=day, **asked).decision for day in ("2027-12-01", "2027-12-02")
    )
    assert "AIA-6-2" in after.determining_rules
    assert "AIA-6-2" not in before.determining_rules
    assert "keep_logs" in {duty.id for duty in after.obligations}
    assert "keep_logs" not in {duty.id for duty in before.obligations}


def test_a_prohibited_purpose_is_not_sent_to_another_tool(desk: OpenDesk) -> None:
    answer = desk(policy="acme").ask(**PROBES["nude images of a colleague"][0])
    assert "Nothing: this is not allowed in any tool, with any data." in answer.text
    assert not answer.decision.remedies
    first = next(line for line in answer.text.splitlines() if line.startswith("- "))
    assert "DH-INTIMATE-IMAGERY" in first, "the gravest reason comes first"


def test_consent_is_never_called_the_condition_of_special_data(desk: OpenDesk) -> None:
    answer = desk(policy="acme").ask(
        task="summarise",
        tool=ENTERPRISE,
        data=["customer reviews"],
        facts=["data.categories=only:religion"],
    )
    assert "one of the ten conditions of Art. 9(2)" in answer.text
    assert "consent" not in answer.text.lower()


async def test_order_numbers_are_no_card_numbers(connect: Connect) -> None:
    async with connect() as talk:
        said = await talk.call(
            "check_use",
            task="summarise",
            tool=ENTERPRISE,
            data=["orders"],
            facts=["data.categories=none", "data.overlays=none"],
        )
        assert said["decision"] == "allow_with_conditions"
        assert "PCI-PAN" not in talk.text
