"""Exceptions: what each takes out and what it leaves, its days, and how it is asked for."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from caio_mcp.core.answer import Answer
from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.exceptionable import Exceptionable, exceptionable_rules
from caio_mcp.core.exceptions import PolicyException, read_exception
from caio_mcp.core.explain import explain
from caio_mcp.core.facts import read_statement
from caio_mcp.core.kinds import Understood
from caio_mcp.core.library import FileSet, Library, load
from caio_mcp.errors import FileFaults, RequestError
from caio_mcp.files import read_catalogue
from caio_mcp.service.requests import said_in
from conftest import OpenDesk, tokens

POLICY = """\
name: mine
owner: Somebody
version: "1"
levels: [public, internal, confidential]
overlays: {SEALED: {}}
contacts:
  caio: {who: Ada, usual_days: 5}
  dpo: {who: the DPO, usual_days: 3}
units:
  labs: {title: Labs, contacts: {dpo: {who: the DPO of the labs, usual_days: 1}}}
obligations:
  log_it: {text: Note each use in the log.}
  assess_it: {text: Assess the transfer first.}
"""
TABLES = """\
tables:
  - id: T
    title: Levels
    source: our standard
    exceptionable: {max_days: 60, approver: caio}
    columns: {team: {tool.id: chatgpt-team}, otherwise: {}}
    rows:
      data.level:
        public: [allow, allow]
        internal: [allow, prohibit]
        confidential: [allow_with_conditions, {effect: prohibit, exceptionable: no}]
  - id: S
    title: Sealed data
    columns: {all: {tool.id: {not: gemini-free}}}
    rows: {data.overlays: {SEALED: [allow]}}
"""
RULES = """\
rules:
  - id: TRANSFER
    title: No transfer
    effect: prohibit
    when: {data.categories: contact}
    reason: Contacts stay here.
    source: a law
    obligations: [assess_it]
    exceptionable: {max_days: 90, approver: dpo}
  - id: NEVER
    title: Never
    effect: prohibit
    when: {data.categories: health}
    reason: Never.
    source: a law
  - id: LOOK
    title: Somebody looks
    effect: review
    when: {data.categories: location}
    reason: Somebody looks first.
    source: us
    reviewer: caio
"""
APPROVALS = """\
tools:
  - {id: claude-team, status: blocked}
"""
USE = ["tool=chatgpt-team", "level=public", "categories=only:contact", "overlays=none"]
DAY = datetime.date(2026, 11, 22)
START, END = datetime.date(2026, 11, 1), datetime.date(2027, 1, 31)
KEEP_TO_IT = "Exception X-0007 from TRANSFER, until 2027-01-31: keep to what was agreed."


def pack(rules: str = RULES, tables: str = TABLES) -> Library:
    files = {
        "policy.yaml": POLICY,
        "tables/t.yaml": tables,
        "rules/r.yaml": rules,
        "approvals.yaml": APPROVALS,
    }
    written = {f"mine/{name}": text.encode() for name, text in files.items()}
    return load(FileSet("mine", written), ["mine"], read_catalogue())


@pytest.fixture(scope="module")
def library() -> Library:
    return pack()


def exception(
    library: Library, rule: str = "TRANSFER", *scope: str, name: str = "X-0007", **more: Any
) -> PolicyException:
    plain = {"id": name, "rule": rule, "scope": scope, "role": "dpo"}
    dates = {"starts": START.isoformat(), "expires": END.isoformat()}
    return read_exception(library.vocabulary, {**plain, **dates, **more})


def check(
    library: Library,
    facts: Sequence[str],
    *exceptions: PolicyException,
    day: datetime.date = DAY,
) -> Decision:
    said = [read_statement(library.vocabulary, fact) for fact in facts]
    return decide(library.engine, said, day, exceptions=exceptions)


def answer(library: Library, decision: Decision, **more: Any) -> Answer:
    return explain(library, decision, Understood(), **more)


# -- its days ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "decision", "until"),
    [
        ("2026-10-31", "prohibit", ("2026-10-31", "the exception X-0007 starts")),
        ("2026-11-01", "allow_with_conditions", ("2027-01-31", "the exception X-0007 ends")),
        ("2027-01-31", "allow_with_conditions", ("2027-01-31", "the exception X-0007 ends")),
        ("2027-02-01", "prohibit", None),
    ],
)
def test_it_holds_from_its_first_day_to_its_last(
    library: Library, day: str, decision: str, until: tuple[str, str] | None
) -> None:
    found = check(library, USE, exception(library), day=datetime.date.fromisoformat(day))
    assert found.decision == decision
    limit = found.valid_until
    assert (limit and (limit.day.isoformat(), limit.because)) == until
    assert [e.id for e in found.exceptions] == (["X-0007"] if day <= "2027-01-31" else [])


def test_a_yes_that_rests_on_it_says_so_and_keeps_the_duties_of_the_rule(library: Library) -> None:
    granted = exception(library, obligations=["log_it"])
    found = check(library, USE, granted)
    assert found.determining_rules == ("exception/X-0007",)
    assert (
        found.reasons[0].text
        == "Exception X-0007 from TRANSFER until 2027-01-31 (approved by dpo)."
    )
    assert found.reasons[0].source == "a law"
    text = answer(library, found).for_assistant()
    assert text.startswith("YES, with 3 conditions:")
    assert [line for line in text.splitlines() if re.match(r"\d\.", line)] == [
        f"1. {KEEP_TO_IT}",
        "2. Note each use in the log. [exception/X-0007]",
        "3. Assess the transfer first. [exception/X-0007]",
    ]
    assert "(the exception X-0007 ends)" in text


def test_what_was_agreed_counts_even_where_the_policy_does_not_list_it_any_more(
    library: Library,
) -> None:
    found = check(library, USE, exception(library, obligations=["old_duty"]))
    assert "old_duty, as agreed with exception X-0007." in [d.text for d in found.obligations]


# -- what it takes out -------------------------------------------------------------------------


def test_it_takes_out_its_rule_only(library: Library) -> None:
    both = [*USE[:2], "categories=only:contact,health", USE[3]]
    found = check(library, both, exception(library))
    assert (found.decision, found.determining_rules) == ("prohibit", ("NEVER",))
    reviewed = check(
        library, [*USE[:2], "categories=only:contact,location", USE[3]], exception(library)
    )
    assert (reviewed.decision, reviewed.determining_rules) == ("review", ("LOOK",))
    assert KEEP_TO_IT in [duty.text for duty in reviewed.obligations]


@pytest.mark.parametrize(
    "scope",
    [
        ["tool=chatgpt-enterprise"],
        ["level=internal"],
        ["categories=location"],
        ["categories!=contact"],
        ["tool=chatgpt-team", "level=internal"],
    ],
)
def test_outside_of_its_scope_nothing_changes(library: Library, scope: list[str]) -> None:
    plain = check(library, USE)
    assert plain.decision == "prohibit"
    granted = exception(library, "TRANSFER", *scope)
    assert check(library, USE, granted).canonical() == plain.canonical()


def test_several_facts_of_a_scope_must_all_hold(library: Library) -> None:
    granted = exception(
        library, "TRANSFER", "tool=chatgpt-team", "level=public", "categories=contact"
    )
    assert check(library, USE, granted).decision == "allow_with_conditions"


def test_of_two_rules_in_the_way_both_need_one(library: Library) -> None:
    use = ["tool=chatgpt-free", "level=internal", *USE[2:]]
    cell = exception(library, "T/internal/otherwise", name="X-0008")
    found = {
        names: check(library, use, *granted).determining_rules
        for names, granted in {
            "none": (),
            "rule": (exception(library),),
            "cell": (cell,),
            "both": (exception(library), cell),
        }.items()
    }
    assert found == {
        "none": ("T/internal/otherwise", "TRANSFER"),
        "rule": ("T/internal/otherwise",),
        "cell": ("TRANSFER",),
        "both": ("exception/X-0008", "exception/X-0007"),
    }


def test_the_row_of_a_cell_that_is_taken_out_is_not_uncovered(library: Library) -> None:
    use = ["tool=chatgpt-free", "level=internal", "categories=none", "overlays=none"]
    found = check(library, use, exception(library, "T/internal/otherwise"))
    assert (found.decision, found.determining_rules) == (
        "allow_with_conditions",
        ("exception/X-0007",),
    )
    other = check(library, use, exception(library, "T/internal/team"))
    assert other.canonical() == check(library, use).canonical()


@pytest.mark.parametrize(
    ("rule", "use"),
    [
        ("NEVER", ["tool=chatgpt-team", "level=public", "categories=only:health", "overlays=none"]),
        ("NO-SUCH-RULE", USE),
        ("LOOK", [*USE[:2], "categories=only:location", USE[3]]),
        ("T/confidential/otherwise", ["tool=chatgpt-free", "level=confidential", *USE[2:]]),
        ("T/confidential/team", ["tool=chatgpt-team", "level=confidential", "categories=none"]),
        ("T", ["tool=chatgpt-free", "level=internal", "categories=none", "overlays=none"]),
        ("approval/claude-team", ["tool=claude-team", "level=public", "categories=none"]),
        ("not-covered/SEALED", ["tool=gemini-free", "level=public", "overlays=only:SEALED"]),
    ],
)
def test_where_the_policy_leaves_no_room_there_is_none(
    library: Library, rule: str, use: list[str]
) -> None:
    assert (
        check(library, use, exception(library, rule)).canonical() == check(library, use).canonical()
    )


# -- what is not known -------------------------------------------------------------------------


def test_a_scope_that_is_not_known_is_asked_for(library: Library) -> None:
    granted = exception(library, "TRANSFER", "purpose.task=translate")
    found = check(library, USE, granted)
    assert found.decision == "need_more_information"
    assert (found.best_case, found.worst_case) == ("allow_with_conditions", "prohibit")
    assert [q.fact for q in found.questions] == ["purpose.task"]
    leads = {o.value: [e.name for e in o.leads_to] for o in found.questions[0].options}
    assert leads["translate"] == ["allow_with_conditions"]
    assert leads["summarise"] == ["prohibit"]


def test_being_unsure_of_the_scope_is_no_way_into_it(library: Library) -> None:
    granted = exception(library, "TRANSFER", "purpose.task=translate")
    assert check(library, [*USE, "task=unsure"], granted).decision == "prohibit"
    said = [read_statement(library.vocabulary, fact) for fact in USE]
    guess = read_statement(library.vocabulary, "task=translate").from_("assumed")
    found = decide(library.engine, [*said, guess], DAY, exceptions=[granted])
    assert found.decision == "need_more_information"


def test_a_number_that_no_rule_tells_apart_is_never_in_scope(library: Library) -> None:
    use = ["tool=unlisted", *USE[1:]]  # of which the catalogue says no number
    granted = exception(library, "TRANSFER", "tool.retention_days=5")
    assert check(library, [*use, "tool.retention_days=5"], granted).decision == "prohibit"
    rules = f"""{RULES}\
  - id: LONG
    title: Long
    effect: allow_with_conditions
    when: {{tool.retention_days: {{more_than: 30}}}}
    reason: Long.
    source: us
"""
    told = pack(rules)
    short = {"fact": "tool.retention_days", "value": {"at_most": 30}}
    granted = exception(told, scope=[short])
    assert check(told, [*use, "tool.retention_days=5"], granted).decision == "allow_with_conditions"
    assert check(told, [*use, "tool.retention_days=31"], granted).decision == "prohibit"


@pytest.mark.parametrize("part", ["tool=unknown", "task=unsure", "tool", "tool=no-such-tool"])
def test_a_scope_that_says_nothing_is_refused(library: Library, part: str) -> None:
    with pytest.raises(RequestError) as refused:
        exception(library, "TRANSFER", part)
    assert refused.value.remedy


# -- made again --------------------------------------------------------------------------------


def test_the_same_exceptions_in_any_order_give_the_same_bytes(library: Library) -> None:
    mattering = exception(library, "TRANSFER", "level=public", name="X-0002")
    others = [
        exception(library, "TRANSFER", "level=internal", name="X-0003"),
        exception(library, "NO-SUCH-RULE", name="X-0004"),
        exception(library, name="X-0005", expires="2026-11-21"),
        exception(library, name="X-0001", starts="2026-12-01"),
    ]
    found = check(library, USE, *others, mattering)
    assert [e.id for e in found.exceptions] == ["X-0001", "X-0002"]
    kept = json.loads(found.canonical())
    assert kept["exceptions"][1] == {
        "id": "X-0002",
        "rule": "TRANSFER",
        "scope": [{"fact": "data.level", "value": "public"}],
        "starts": "2026-11-01",
        "expires": "2027-01-31",
        "role": "dpo",
        "obligations": [],
    }
    fresh = pack()
    again = [read_exception(fresh.vocabulary, part) for part in kept["exceptions"]]
    said = said_in(fresh.vocabulary, kept)
    made_again = decide(fresh.engine, said, DAY, exceptions=again[::-1])
    assert made_again.canonical() == found.canonical()


def test_a_kept_decision_is_reproduced_with_its_exceptions(desk: OpenDesk) -> None:
    """Through the parts, as no use rests on an exception before one is granted."""
    files = {"policy.yaml": POLICY, "tables/t.yaml": TABLES, "rules/r.yaml": RULES}
    service = desk(files).service
    library = service.library
    for granted in ([exception(library)], []):
        found = check(library, USE, *granted)
        assert found.decision == ("allow_with_conditions" if granted else "prohibit")
        record = service._record(found)
        service.register.log(
            record, at="2026-11-22T12:00:00.000000Z", organisation="", unit="", person="", via=""
        )
        assert service.reproduce(found.check) == found.canonical() == record.content


# -- asking for one ----------------------------------------------------------------------------


def test_what_can_be_excepted_is_named_with_its_approver(library: Library) -> None:
    found = exceptionable_rules(library.engine, check(library, USE))
    assert found == (
        Exceptionable(
            rule="TRANSFER",
            days_max=90,
            role="dpo",
            who="the DPO",
            usual_days=3,
            reaches=check(library, USE, exception(library)).ruling.best,
            is_enough=True,
        ),
    )
    in_labs = exceptionable_rules(library.engine, check(library, [*USE, "actor.unit=labs"]))
    assert [(e.who, e.usual_days) for e in in_labs] == [("the DPO of the labs", 1)]


@pytest.mark.parametrize(
    ("use", "rules"),
    [
        (USE, ["TRANSFER"]),
        (["tool=chatgpt-free", "level=internal", *USE[2:]], ["T/internal/otherwise", "TRANSFER"]),
        ([*USE[:2], "categories=only:contact,health", USE[3]], []),  # one of two cannot be
        ([*USE[:2], "categories=only:health", USE[3]], []),
        ([*USE[:2], "categories=only:location", USE[3]], []),  # a review that has its reviewer
        ([*USE[:2], "categories=none", USE[3]], []),  # a yes
        (["tool=chatgpt-free"], []),  # still open
        ([*USE[:2], "categories=only:contact,location", USE[3]], ["TRANSFER"]),
    ],
)
def test_only_where_all_that_is_in_the_way_can_be_excepted_one_is_of_use(
    library: Library, use: list[str], rules: list[str]
) -> None:
    plain = check(library, use)
    found = exceptionable_rules(library.engine, plain)
    assert [e.rule for e in found] == rules
    granted = [exception(library, part.rule, name=f"X-{n}") for n, part in enumerate(found)]
    if granted:
        after = check(library, use, *granted).ruling
        assert after.worst == found[0].reaches
        assert after.worst < plain.ruling.best


def test_what_may_still_stand_in_the_way_is_not_called_enough(library: Library) -> None:
    open_ = ["tool=chatgpt-team", "level=public", "categories=contact", "overlays=none"]
    plain = check(library, open_)
    assert plain.decision == "prohibit"
    found = exceptionable_rules(library.engine, plain)
    assert [(e.rule, e.is_enough, e.reaches.name) for e in found] == [
        ("TRANSFER", False, "prohibit")
    ]
    assert "-> depends on the rest: register_use(" in answer(library, plain).for_assistant()


def test_a_no_in_each_of_several_tools_needs_an_exception_for_each() -> None:
    library = pack(tables=TABLES.replace("internal: [allow,", "internal: [prohibit,"))
    use = ["tool=chatgpt-team,chatgpt-free", "level=internal", "categories=none", "overlays=none"]
    found = exceptionable_rules(library.engine, check(library, use))
    assert {e.rule for e in found} == {"T/internal/team", "T/internal/otherwise"}
    assert all(e.is_enough for e in found)


def test_a_no_says_whom_to_ask_for_an_exception(library: Library) -> None:
    found = check(library, USE)
    told = answer(library, found)
    call = f'register_use(check="{found.check}", request="exception")'
    line = "Ask the DPO (usually 3 days) for an exception from TRANSFER -> yes with conditions: "
    assert f"What works instead\n1. {line}{call}\n" in told.for_assistant()
    assert told.structured()["works_instead"] == [line + call]
    command = f"caio-mcp register add --check {found.check} --request exception"
    assert f"1. {line}{command}\n" in told.for_terminal()
    assert call not in told.for_terminal()
    both = check(library, ["tool=chatgpt-free", "level=internal", *USE[2:]])
    assert (
        "Ada (usually 5 days) for an exception from T/internal/otherwise and the DPO (usually "
        "3 days) for an exception from TRANSFER -> yes with conditions: register_use("
    ) in answer(library, both).for_assistant()


def test_nobody_is_sent_for_an_exception_that_is_of_no_use(library: Library) -> None:
    never = [*USE[:2], "categories=only:contact,health", USE[3]]
    for use, more in (
        (never, {}),
        ([*USE[:2], "categories=only:location", USE[3]], {}),
        (USE, {"already_done": True}),
    ):
        told = answer(library, check(library, use), **more)
        assert "exception" not in told.for_assistant()
        assert "exception" not in told.for_terminal()
        assert "exception" not in json.dumps(told.structured())


def test_without_a_kept_check_everything_is_said_again(library: Library) -> None:
    told = answer(library, check(library, USE), is_kept=False)
    assert 'register_use with everything said so far, request="exception"' in told.for_assistant()
    assert "say it all again, with --request exception" in told.for_terminal()


# -- over --------------------------------------------------------------------------------------


def test_an_exception_that_ended_is_named_and_can_be_renewed(library: Library) -> None:
    found = check(library, USE)
    over = exception(library, "TRANSFER", "tool=chatgpt-team", expires="2026-11-01")
    told = answer(library, found, ended=[over])
    note = "Exception X-0007 (rule TRANSFER) ended on 2026-11-01; the rule applies again."
    assert told.notes[0] == note
    assert note in told.for_assistant()
    assert "Ask the DPO (usually 3 days) to renew X-0007 -> yes with conditions" in told.text
    for other in (
        exception(library, "TRANSFER", "tool=chatgpt-free", expires="2026-11-01"),
        exception(library, "TRANSFER", "purpose.task=translate", expires="2026-11-01"),
        exception(library, "LOOK", expires="2026-11-01"),
    ):
        assert "X-0007" not in answer(library, found, ended=[other]).text


# -- the format --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "tables", "fault"),
    [
        (
            RULES.replace("max_days: 90", "max_days: 0"),
            TABLES,
            "An exception holds for a day at least.",
        ),
        (
            RULES.replace("reviewer: caio", "exceptionable: {max_days: 3, approver: nobody}"),
            TABLES,
            "'nobody' is not",
        ),
        (
            RULES.replace("effect: prohibit", "effect: allow_with_conditions", 1),
            TABLES,
            "Only a review or a prohibition can be excepted.",
        ),
        (RULES, TABLES.replace("max_days: 60, ", ""), "max_days"),
        (RULES, TABLES.replace("exceptionable: no", "exceptionable: maybe"), "yes or no"),
    ],
)
def test_a_mistake_is_named_with_its_place(rules: str, tables: str, fault: str) -> None:
    with pytest.raises(FileFaults) as refused:
        pack(rules, tables)
    assert any(fault in found.problem for found in refused.value.faults), refused.value.faults


# -- the packs ---------------------------------------------------------------------------------


def test_the_default_policy_offers_an_exception_beside_what_works_at_once(desk: OpenDesk) -> None:
    desk_ = desk(policy="acme")
    told = desk_.ask(task="summarise", tool="ChatGPT Free", data=["internal memo"])
    asked = [line for line in told.helps if "for an exception from" in line]
    assert told.helps[-1:] == tuple(asked)
    assert "for an exception from DH-LEVEL/internal/consumer" in asked[0]
    assert tokens(told.for_assistant()) <= 300
    for tool, data in (("ChatGPT Free", ["customer complaints"]), ("ChatGPT Free", ["passwords"])):
        told = desk_.ask(task="summarise", tool=tool, data=data, facts=["data.overlays=none"])
        assert told.decision.decision == "prohibit"
        assert "for an exception from" not in told.text


def test_nothing_that_a_law_forbids_outright_can_be_excepted(desk: OpenDesk) -> None:
    policy = desk(policy="acme").service.library.policy
    rules = {rule.id for rule in policy.rules if rule.exception_days_max is not None}
    assert rules == {"DH-TRAINING", "DH-CLEARED-LEVEL", "GDPR-44-TRANSFER", "IP-TRADE-SECRET"}
    tables = {table.id for table in policy.tables if table.exception_days_max is not None}
    assert tables == {"DH-LEVEL", "DH-BUSINESS"}
    shut = {
        cell.row
        for table in policy.tables
        if table.id in tables
        for cell in table.cells
        if not cell.is_exceptionable
    }
    assert shut == {"EXPORT", "MNPI"}
