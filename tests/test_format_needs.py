"""What other organisations' policies need of the format, each in a pack of its own, both ways."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

import pytest

from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.facts import statement
from caio_mcp.core.library import FileSet, Library, load
from caio_mcp.errors import FileFaults
from caio_mcp.files import read_catalogue

DAY = datetime.date(2026, 11, 22)
Plain = dict[str, Any]
LEVELS = ("public", "internal", "confidential", "restricted")


def pack(
    columns: Mapping[str, Plain],
    levels: Mapping[str, list[Any]],
    overlays: Mapping[str, list[Any]] | None = None,
    *,
    head: Plain | None = None,
    words: Plain | None = None,
    rules: list[Plain] | None = None,
    approvals: list[Plain] | None = None,
    facts: list[Plain] | None = None,
    tools: list[Plain] | None = None,
) -> Library:
    """A pack of one table, as files; levels in the order of the table's rows."""
    rows: Plain = {"data.level": dict(levels)} | ({"data.overlays": overlays} if overlays else {})
    table = {"id": "T", "title": "t", "columns": columns, "rows": rows, "words": words or {}}
    base = {
        "name": "sample",
        "owner": "nobody",
        "version": "1",
        "levels": list(levels),
        "overlays": {name: {} for name in overlays or ()},
    }
    files = {
        "policy.yaml": base | (head or {}),
        "tables/t.yaml": {"tables": [table]},
        "rules/r.yaml": {"rules": rules} if rules else None,
        "approvals.yaml": {"tools": approvals} if approvals else None,
        "vocabulary.yaml": {"facts": facts} if facts else None,
        "tools/t.yaml": {"tools": tools} if tools else None,
    }
    written = {f"sample/{k}": json.dumps(v).encode() for k, v in files.items() if v}
    return load(FileSet("sample", written), ["sample"], read_catalogue())


def rule(name: str, effect: str, when: Plain, **more: Any) -> Plain:
    return {
        "id": name,
        "title": name,
        "effect": effect,
        "when": when,
        "reason": "Because.",
        "source": "the policy",
        **more,
    }


def fact(name: str, kind: str = "choice", values: tuple[str, ...] = (), **more: Any) -> Plain:
    listed = {"values": {value: {"title": value} for value in values}} if values else {}
    return {"id": name, "title": name, "type": kind, "ask": f"{name}?", "asked_of": "you"} | (
        listed | more
    )


def check(library: Library, day: datetime.date = DAY, /, **known: Any) -> Decision:
    """The decision; `data__level` stands for data.level."""
    said = [
        statement(library.vocabulary, name.replace("__", "."), value)
        for name, value in known.items()
    ]
    return decide(library.engine, said, day)


def word(library: Library, /, **known: Any) -> str:
    return check(library, **known).decision


def duties(decision: Decision) -> set[str]:
    return {duty.id for duty in decision.obligations}


def asked(decision: Decision) -> set[str]:
    return {question.fact for question in decision.questions}


# -- 1. levels in the organisation's own order --


@pytest.mark.parametrize(
    ("order", "barred"),
    [
        (("public", "restricted", "confidential"), {"confidential"}),
        (("public", "confidential", "restricted"), {"restricted"}),
    ],
)
def test_1_levels_have_any_names_and_any_order(order: tuple[str, ...], barred: set[str]) -> None:
    library = pack(
        {"otherwise": {}},
        {level: ["allow"] for level in order},
        rules=[rule("ABOVE", "prohibit", {"data.level": {"above": order[1]}})],
    )
    assert {level for level in order if word(library, data__level=level) == "prohibit"} == barred


def test_1_five_levels_are_as_good_as_two() -> None:
    for names in (("green", "red"), ("0", "1", "2", "3", "4")):
        library = pack(
            {"otherwise": {}},
            {n: ["allow"] for n in names[:-1]} | {names[-1]: ["no"]},
            words={"no": "prohibit"},
        )
        assert [word(library, data__level=n) for n in names] == [
            *["allow"] * (len(names) - 1),
            "prohibit",
        ]


# -- 2, 3. regulated data beside the levels, and mixes --


def overlays() -> Library:
    return pack(
        {"chat": {"tool.id": "chatgpt-team"}, "local": {"tool.id": "ollama-local"}},
        {"public": ["allow", "allow"], "internal": ["allow", "allow"], "secret": ["no", "allow"]},
        {"PHI": ["no", "ask"], "PCI": ["no", "no"], "FERPA": ["ask", "allow"]},
        words={"no": "prohibit", "ask": "review"},
    )


def test_2_regulated_data_is_barred_where_its_level_is_allowed_and_the_other_way_round() -> None:
    library = overlays()

    def said(level: str, overlay: Any, tool: str = "chatgpt-team") -> str:
        return word(library, data__level=level, data__overlays=overlay, tool__id=tool)

    assert said("internal", "none") == "allow"
    assert said("internal", {"only": "PHI"}) == "prohibit"
    assert said("public", {"only": "FERPA"}) == "review"
    assert said("secret", {"only": "FERPA"}) == "prohibit"
    assert said("secret", {"only": "FERPA"}, "ollama-local") == "allow"
    assert said("secret", {"only": "PHI"}, "ollama-local") == "review"


def test_2_an_overlay_that_no_row_covers_is_not_a_yes() -> None:
    library = pack(
        {"otherwise": {}}, {"public": ["allow"]}, head={"overlays": {"CUI": {"title": "CUI"}}}
    )
    assert word(library, data__level="public", data__overlays="CUI") == "review"
    assert word(library, data__level="public", data__overlays="none") == "allow"


def test_3_the_highest_in_the_mix_decides() -> None:
    library = overlays()

    def mixed(*names: str) -> str:
        return word(
            library,
            data__level="public",
            data__overlays={"only": list(names)},
            tool__id="ollama-local",
        )

    assert mixed("FERPA") == "allow"
    assert mixed("FERPA", "PHI") == "review"
    assert mixed("FERPA", "PHI", "PCI") == "prohibit"


@pytest.mark.parametrize(("kinds", "level"), [
    (["internal-text"], "internal"),
    (["internal-text", "payroll"], "restricted"),
    (["payroll", "internal-text"], "restricted"),
])  # fmt: skip
def test_3_kinds_of_data_together_have_the_highest_of_their_levels(
    kinds: list[str], level: str
) -> None:
    library = pack(
        {"otherwise": {}},
        {"public": ["allow"], "internal": ["allow"], "restricted": ["prohibit"]},
        head={"kinds": {"internal-text": "internal", "payroll": "restricted"}},
    )
    meant = library.words.of_kinds(kinds, [], is_all=True)
    decision = decide(library.engine, meant, DAY)
    assert decision.decision == ("allow" if level == "internal" else "prohibit")


@pytest.mark.parametrize("words", [["low", "high"], ["high", "low"], ["low", "mid", "high"]])
def test_3_words_for_several_levels_mean_the_highest_of_them(words: list[str]) -> None:
    library = pack({"otherwise": {}}, {"low": ["allow"], "mid": ["allow"], "high": ["prohibit"]})
    mixed, calm = library.words.data(words), library.words.data(["mid", "low"])
    assert decide(library.engine, mixed.statements, DAY).decision == "prohibit"
    assert mixed.readings == (f"{' and '.join(words)} = High, the highest",)
    assert decide(library.engine, calm.statements, DAY).decision == "allow"
    assert library.words.data(["low"]).readings == ()


def test_3_unsure_means_the_higher_one() -> None:
    library = pack({"otherwise": {}}, {"low": ["allow"], "mid": ["allow"], "high": ["prohibit"]})
    assert word(library, data__level="unsure") == "prohibit"
    assert word(library, data__level=["low", "mid"]) == "allow"
    assert word(library, data__level=["mid", "high"]) == "need_more_information"


# -- 4, 5. what a tool is --


def four_things() -> Library:
    return pack(
        {
            "quiet": {
                "tool.id": "chatgpt-team",
                "tool.account": "organisation",
                "tool.web_search": "off",
            },
            "searching": {"tool.id": "chatgpt-team", "tool.web_search": "on"},
            "toggled": {"tool.id": "chatgpt-plus", "tool.trains_on_input": "no"},
            "training": {"tool.id": "chatgpt-plus", "tool.trains_on_input": "yes"},
            "kept": {"tool.id": "aws-bedrock-eu", "tool.retention_days": {"more_than": 0}},
            "unkept": {"tool.id": "aws-bedrock-eu", "tool.retention_days": {"at_most": 0}},
            "offline": {"tool.id": "ollama-local", "tool.offline": "yes"},
            "work_mode": {"tool.id": "m365-copilot", "tool.copilot_mode": "work"},
            "web_mode": {"tool.id": "m365-copilot", "tool.copilot_mode": "web"},
            "through": {"tool.id": "openai-api", "tool.gateway": "deepthought"},
            "otherwise": {},
        },
        {
            "internal": ["yes", "no", "yes", "no", "no", "yes", "yes", "yes", "no", "yes", "no"],
        },
        words={"yes": "allow", "no": "prohibit"},
        facts=[
            fact("tool.copilot_mode", values=("work", "web")),
            fact("tool.gateway", values=("deepthought", "direct")),
        ],
    )


@pytest.mark.parametrize(
    ("tool", "setting", "yes", "no"),
    [
        ("chatgpt-team", "tool__web_search", "off", "on"),
        ("chatgpt-plus", "tool__trains_on_input", "no", "yes"),
        ("aws-bedrock-eu", "tool__retention_days", 0, 30),
        ("ollama-local", "tool__offline", "yes", "no"),
        ("m365-copilot", "tool__copilot_mode", "work", "web"),
        ("openai-api", "tool__gateway", "deepthought", "direct"),
        ("chatgpt-team", "tool__account", "organisation", "personal"),
    ],
)
def test_4_a_tool_is_product_plan_account_and_mode(
    tool: str, setting: str, yes: object, no: object
) -> None:
    library, rest = four_things(), {"data__level": "internal", "tool__id": tool}
    if setting == "tool__account":
        rest["tool__web_search"] = "off"
    assert word(library, **rest, **{setting: yes}) == "allow"
    assert word(library, **rest, **{setting: no}) == "prohibit"
    open_ = check(library, **rest)
    if setting != "tool__account":  # the catalogue knows that the plan has work accounts only
        assert open_.decision == "need_more_information"
        assert asked(open_) == {setting.replace("__", ".")}


def test_4_another_plan_of_the_product_is_another_tool() -> None:
    library = four_things()
    known = {"data__level": "internal", "tool__web_search": "off"}
    assert word(library, tool__id="chatgpt-team", **known) == "allow"
    assert word(library, tool__id="chatgpt-free", **known) == "prohibit"


def test_5_a_sign_that_a_person_can_see_is_a_precondition() -> None:
    sign = fact("tool.logo", values=("shown", "missing"), when_unsure="missing")
    sign["ask"] = "Does the window show the crown of Columbia?"
    library = pack(
        {"ours": {"tool.id": "chatgpt-enterprise", "tool.logo": "shown"}, "otherwise": {}},
        {"public": ["allow", "allow"], "internal": ["allow", "prohibit"]},
        facts=[sign],
    )
    known = {"data__level": "internal", "tool__id": "chatgpt-enterprise"}
    assert word(library, **known, tool__logo="shown") == "allow"
    assert word(library, **known, tool__logo="missing") == "prohibit"
    assert word(library, **known, tool__logo="unsure") == "prohibit"
    (question,) = check(library, **known).questions
    assert question.ask == "Does the window show the crown of Columbia?"
    assert word(library, data__level="public", tool__id="chatgpt-enterprise") == "allow"


# -- 6. more than yes and no --


def test_6_conditions_reviewers_and_reasons_have_names() -> None:
    library = pack(
        {"otherwise": {}},
        {
            "open": ["allow"],
            "care": [{"effect": "allow_with_conditions", "obligations": ["redact", "approve"]}],
            "board": [
                {"effect": "review", "reviewer": "board", "reason": "The board looks first."}
            ],
            "later": [{"effect": "review", "reviewer": "it", "reason": "Review pending."}],
            "never": [{"effect": "prohibit", "reason": "Never."}],
        },
        head={
            "obligations": {"redact": "Redact it.", "approve": "Have it approved."},
            "contacts": {"board": {"who": "the review board"}, "it": {"who": "IT"}},
        },
    )
    assert check(library, data__level="open").obligations == ()
    assert duties(check(library, data__level="care")) == {"redact", "approve"}
    for level, who, why in (
        ("board", "the review board", "The board looks first."),
        ("later", "IT", "Review pending."),
    ):
        decision = check(library, data__level=level)
        assert decision.decision == "review"
        assert [contact.who for contact in decision.reviewers] == [who]
        assert [reason.text for reason in decision.reasons] == [why]
    assert check(library, data__level="never").reviewers == ()
    assert word(library, data__level="never") == "prohibit"


def test_6_a_never_has_no_exception_and_another_no_may_have_one() -> None:
    library = pack(
        {"otherwise": {}},
        {"open": ["allow"]},
        head={"contacts": {"dpo": {"who": "the DPO"}}},
        rules=[
            rule("NEVER", "prohibit", {"data.categories": "credentials"}),
            rule(
                "MOSTLY",
                "prohibit",
                {"data.categories": "health"},
                exceptionable={"max_days": 30, "approver": "dpo"},
            ),
        ],
    )
    found = {r.id: r.exception_days_max for r in library.policy.rules}
    assert found == {"NEVER": None, "MOSTLY": 30}
    assert word(library, data__level="open", data__categories="credentials") == "prohibit"


# -- 7, 8. tools that nobody listed, and tools that are banned --


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["allow", "prohibit", "prohibit"], ["allow", "prohibit", "prohibit"]),
        (["allow", "review", "prohibit"], ["allow", "review", "prohibit"]),
        (["prohibit"] * 3, ["prohibit"] * 3),
        (None, ["review"] * 3),
    ],
)
def test_7_each_level_has_its_own_default_for_an_unlisted_tool(
    cells: list[str] | None, expected: list[str]
) -> None:
    levels = ("low", "moderate", "high")
    columns: Plain = {"ours": {"tool.id": "chatgpt-team"}} | ({"otherwise": {}} if cells else {})
    rows = {level: ["allow", *([cells[n]] if cells else [])] for n, level in enumerate(levels)}
    library = pack(columns, rows)
    assert [word(library, data__level=level, tool__id="unlisted") for level in levels] == expected
    assert {word(library, data__level=v, tool__id="chatgpt-team") for v in levels} == {"allow"}


def test_8_a_named_ban_beats_the_table_and_the_approval() -> None:
    library = pack(
        {"otherwise": {}},
        {"public": ["allow"]},
        head={"groups": {"tool.group": {"banned": ["claude-pro"]}}},
        rules=[rule("BAN", "prohibit", {"tool.group": "banned"})],
        approvals=[
            {"id": "claude-pro", "status": "approved"},
            {"id": "gemini-free", "status": "blocked", "reason": "banned vendor"},
        ],
    )
    assert word(library, data__level="public", tool__id="claude-team") == "allow"
    banned = check(library, data__level="public", tool__id="claude-pro")
    assert (banned.decision, banned.determining_rules) == ("prohibit", ("BAN",))
    blocked = check(library, data__level="public", tool__id="gemini-free")
    assert (blocked.decision, blocked.determining_rules) == ("prohibit", ("approval/gemini-free",))
    assert word(library, data__level="public") == "need_more_information"


# -- 10, 11, 12. consent, registration, redaction --


def test_10_other_people_consent_before_a_meeting_is_recorded() -> None:
    consent = fact("meeting.consent", values=("all", "some", "none"), when_unsure="none")
    library = pack(
        {"otherwise": {}},
        {"internal": ["allow"]},
        facts=[consent],
        rules=[
            rule(
                "CONSENT",
                "prohibit",
                {"purpose.task": "transcribe"},
                unless=[{"id": "all", "when": {"meeting.consent": "all"}}],
            )
        ],
    )
    known = {"data__level": "internal", "purpose__task": "transcribe"}
    assert word(library, **known, meeting__consent="all") == "allow"
    assert word(library, **known, meeting__consent="some") == "prohibit"
    assert word(library, **known, meeting__consent="unsure") == "prohibit"
    assert asked(check(library, **known)) == {"meeting.consent"}
    assert word(library, data__level="internal", purpose__task="translate") == "allow"


def test_11_a_use_is_registered_and_assessed_first() -> None:
    library = pack(
        {"otherwise": {}},
        {"public": ["allow"], "official": ["allow"]},
        facts=[
            fact("usecase.registered", values=("yes", "no"), when_unsure="no"),
            fact("usecase.assessed", values=("yes", "no"), when_unsure="no"),
        ],
        head={
            "obligations": {"register": "Register the use case.", "assess": "Assess privacy."},
            "contacts": {"privacy": {"who": "the privacy office"}},
        },
        rules=[
            rule(
                "REGISTER",
                "prohibit",
                {"data.level": {"above": "public"}, "usecase.registered": "no"},
                obligations=["register"],
            ),
            rule(
                "ASSESS",
                "review",
                {"data.categories": "name", "usecase.assessed": "no"},
                reviewer="privacy",
                obligations=["assess"],
            ),
        ],
    )
    known: Plain = {"data__level": "official", "data__categories": {"only": ["name"]}}
    assert word(library, **known, usecase__registered="yes", usecase__assessed="yes") == "allow"
    no = check(library, **known, usecase__registered="no", usecase__assessed="yes")
    assert (no.decision, duties(no)) == ("prohibit", {"register"})
    later = check(library, **known, usecase__registered="yes", usecase__assessed="no")
    assert (later.decision, duties(later)) == ("review", {"assess"})
    assert word(library, data__level="public", data__categories="none") == "allow"


def test_12_redaction_lowers_a_level_only_once_somebody_reviewed_it() -> None:
    before = fact("data.level_before", "level")
    reviewed = fact("data.redaction_review", values=("done", "open"), when_unsure="open")
    library = pack(
        {"chat": {"tool.id": "chatgpt-team"}},
        {"internal": ["allow"], "confidential": ["prohibit"]},
        facts=[before, reviewed],
        head={"contacts": {"steward": {"who": "the data steward"}}},
        rules=[
            rule(
                "REDACTED",
                "review",
                {"data.level_before": {"above": "data.level"}, "data.redaction_review": "open"},
                reviewer="steward",
            )
        ],
    )

    def redacted(level: str, before: str, review: str) -> str:
        return word(
            library,
            tool__id="chatgpt-team",
            data__level=level,
            data__level_before=before,
            data__redaction_review=review,
        )

    assert redacted("confidential", "confidential", "open") == "prohibit"
    assert redacted("internal", "confidential", "open") == "review"
    assert redacted("internal", "confidential", "done") == "allow"
    assert redacted("internal", "internal", "open") == "allow"
    assert redacted("confidential", "confidential", "done") == "prohibit"


# -- 13. dates and versions --


def test_13_a_change_has_its_day_whether_it_tightens_or_loosens() -> None:
    library = pack(
        {"local": {"tool.id": "ollama-local"}, "chat": {"tool.id": "chatgpt-team"}},
        {"private": ["review", "allow"]},
        rules=[
            rule("UNTIL", "prohibit", {"tool.id": "ollama-local"}, effective_until="2026-11-30"),
            rule("FROM", "prohibit", {"tool.id": "chatgpt-team"}, effective_from="2026-12-01"),
        ],
    )
    last, first = datetime.date(2026, 11, 30), datetime.date(2026, 12, 1)

    def on(day: datetime.date, tool: str) -> str:
        return check(library, day, data__level="private", tool__id=tool).decision

    assert [on(last, "ollama-local"), on(first, "ollama-local")] == ["prohibit", "review"]
    assert [on(last, "chatgpt-team"), on(first, "chatgpt-team")] == ["allow", "prohibit"]


def test_13_an_approval_starts_on_its_day_and_a_version_has_its_own_hash() -> None:
    def version(number: str) -> Library:
        return pack(
            {"ours": {"tool.approval": "approved"}},
            {"private": ["allow"]},
            head={"version": number},
            approvals=[{"id": "chatgpt-team", "status": "approved", "since": "2026-12-01"}],
        )

    library = version("1")
    known = {"data__level": "private", "tool__id": "chatgpt-team"}
    assert check(library, datetime.date(2026, 11, 30), **known).decision == "review"
    assert check(library, datetime.date(2026, 12, 1), **known).decision == "allow"
    assert version("2").policy.digest != library.policy.digest == version("1").policy.digest


# -- 14. contradictions --


def test_14_where_a_text_contradicts_its_table_the_stricter_of_the_two_decides() -> None:
    library = pack(
        {"free": {"tool.plan": "free"}, "otherwise": {}},
        {"one": ["allow", "allow"], "two": ["prohibit", "allow"]},
        rules=[rule("TEXT", "prohibit", {"tool.plan": "free"})],
    )
    decision = check(library, data__level="one", tool__id="chatgpt-free")
    assert (decision.decision, decision.determining_rules) == ("prohibit", ("TEXT",))
    assert word(library, data__level="one", tool__id="chatgpt-team") == "allow"


def test_14_a_table_that_says_two_things_of_one_tool_is_refused() -> None:
    columns = {"star": {"tool.id": "chatgpt-team"}, "notes": {"tool.plan": "business"}}
    with pytest.raises(FileFaults, match="can both hold"):
        pack(columns, {"high": ["prohibit", "allow"]})


# -- 15. groups of tools --


def test_15_a_column_is_for_any_tool_of_a_group_by_name_or_by_what_is_true_of_it() -> None:
    library = pack(
        {
            "bot": {"tool.group": "public_bot"},
            "native": {"tool.group": "native"},
            "approved": {
                "tool.approval": ["approved", "restricted"],
                "tool.group": {"none_of": ["public_bot", "native"]},
            },
        },
        {"public": ["yes", "yes", "yes"], "private": ["no", "yes", "yes"]},
        words={"yes": "allow", "no": "prohibit"},
        head={
            "groups": {
                "tool.group": {
                    "public_bot": {"tool.plan": "free"},
                    "native": {"tool.plan": "embedded"},
                }
            }
        },
        approvals=[{"id": "chatgpt-team", "status": "approved"}],
    )
    private = {"data__level": "private"}
    assert word(library, **private, tool__id="chatgpt-team") == "allow"
    assert word(library, **private, tool__id="claude-team") == "review"
    assert word(library, **private, tool__id="copilot-free") == "prohibit"
    assert word(library, data__level="public", tool__id="copilot-free") == "allow"
    embedded = {"tool__id": "unlisted", "tool__plan": "embedded"}
    assert word(library, **private, **embedded) == "allow"
    assert word(library, **private, tool__id="unlisted", tool__plan="business") == "review"


# -- 16, 17. what is done, and how far an agent may go --


def test_16_an_approval_ends_where_an_automated_workflow_begins() -> None:
    library = pack(
        {"ours": {"tool.id": "chatgpt-team"}, "otherwise": {}},
        {"private": ["allow", "prohibit"]},
        rules=[
            rule(
                "BY-HAND",
                "prohibit",
                {"tool.id": "chatgpt-team", "processing.action": {"not": ["prompt"]}},
            )
        ],
    )
    known = {"data__level": "private", "tool__id": "chatgpt-team"}
    assert word(library, **known, processing__action="prompt") == "allow"
    for action in ("agent", "connect", "train"):
        assert word(library, **known, processing__action=action) == "prohibit"
    assert asked(check(library, **known)) == {"processing.action"}


def test_16_a_mode_has_its_own_highest_level() -> None:
    library = pack(
        {
            "work": {"tool.id": "m365-copilot", "tool.copilot_mode": "work"},
            "web": {"tool.id": "m365-copilot", "tool.copilot_mode": "web"},
        },
        {"official": ["allow", "allow"], "sensitive": ["allow", "prohibit"]},
        facts=[fact("tool.copilot_mode", values=("work", "web"))],
    )
    known = {"tool__id": "m365-copilot"}
    assert word(library, **known, data__level="official") == "allow"
    assert word(library, **known, data__level="sensitive", tool__copilot_mode="work") == "allow"
    assert word(library, **known, data__level="sensitive", tool__copilot_mode="web") == "prohibit"


def test_17_an_agent_is_judged_by_what_it_may_do_whatever_the_data() -> None:
    acts = {"processing.action": "agent"}
    library = pack(
        {"otherwise": {}},
        {"low": ["allow"], "high": ["allow"]},
        facts=[
            fact("agent.steps", values=("suggests", "confirms", "alone")),
            fact("agent.can", "set", ("read", "write", "send", "pay")),
            fact("agent.reach", values=("self", "staff", "internet")),
        ],
        head={
            "contacts": {"security": {"who": "security"}},
            "obligations": {"log": "Keep a log of its actions."},
        },
        rules=[
            rule("ALONE", "review", {**acts, "agent.steps": "alone"}, reviewer="security"),
            rule("PAYS", "prohibit", {**acts, "agent.steps": "alone", "agent.can": ["pay", "send"],
                                      "agent.reach": "internet"}),
            rule("LOG", "allow_with_conditions", {**acts, "agent.can": {"none_of": ["read"]}},
                 obligations=["log"]),
        ],
    )  # fmt: skip

    def agent(steps: str, can: list[str], reach: str, level: str = "low") -> str:
        return word(
            library,
            data__level=level,
            processing__action="agent",
            agent__steps=steps,
            agent__can={"only": can},
            agent__reach=reach,
        )

    assert agent("suggests", ["read"], "internet") == "allow"
    assert agent("confirms", ["write"], "staff") == "allow_with_conditions"
    assert agent("alone", ["read"], "self") == "review"
    assert agent("alone", ["read", "pay"], "internet") == "prohibit"
    assert agent("alone", ["read", "pay"], "staff") == "review"
    for level in ("low", "high"):
        assert agent("alone", ["send"], "internet", level) == "prohibit"
    assert word(library, data__level="high", processing__action="prompt") == "allow"
