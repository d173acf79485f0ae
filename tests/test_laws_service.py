"""Laws of whole conversations, with the words and policies that come with the program."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from functools import cache
from typing import Any, cast

from hypothesis import event, given
from hypothesis import strategies as st

from caio_mcp.core.answer import Answer
from caio_mcp.core.library import FileSet, load
from caio_mcp.errors import RequestError
from caio_mcp.files import read_catalogue, read_policy
from caio_mcp.register import DecisionRecord, Register
from caio_mcp.service import Caller, Service, UseRequest
from worlds import laws

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
ANN = Caller("ann")


class Memory:
    """The log of checks, kept in memory."""

    def __init__(self) -> None:
        self.records: dict[str, DecisionRecord] = {}

    def exists(self) -> bool:
        """No: there are no entries and no exceptions."""
        return False

    def log(self, record: DecisionRecord, **about: object) -> None:
        self.records[record.check] = record

    def decision(self, check: str) -> DecisionRecord | None:
        return self.records.get(check)


# Standing facts that the rules of the sample policy ask for.
UNITS: dict[str, dict[str, str]] = {
    "lab": {
        "actor.role": "provider",
        "processing.human_review": "no",
        "processing.decides_about_persons": "yes",
        "output.audience": "public",
    },
    "desk": {
        "processing.human_review": "yes",
        "processing.decides_about_persons": "no",
        "processing.autonomy": "assistive",
        "output.audience": "self",
    },
}


@cache
def service(policy: str = "acme") -> Service:
    memory = Memory()
    files, chain = read_policy("acme" if policy == "units" else policy)
    if policy == "units":
        head = files.files["acme/policy.yaml"] + (
            b"\nunits: "
            + json.dumps({name: {"profile": said} for name, said in UNITS.items()}).encode()
        )
        files = FileSet("acme", {**files.files, "acme/policy.yaml": head})
    library = load(files, chain, read_catalogue())
    return Service(library, lambda: cast(Register, memory))


FACTS = service().library.vocabulary.facts
WORDS = sorted(kind.name for kind in service().library.words.kinds.values())
ASKED = [
    fact
    for fact in FACTS.values()
    if fact.is_askable and fact.type in ("choice", "set", "level") and fact.id != "tool.id"
]


def _answer(fact: Any) -> st.SearchStrategy[str]:
    values = st.sampled_from(sorted(fact.values)).map(lambda value: f"{fact.id}={value}")
    others = [f"{fact.id}=unsure", *([f"{fact.id}=none"] if fact.type == "set" else [])]
    return st.one_of(values, values, values, st.sampled_from(others))


tasks = st.sampled_from(sorted(FACTS["purpose.task"].values))
tools = st.sampled_from(
    ["ChatGPT Free", "ChatGPT Enterprise", "ChatGPT", "Microsoft 365 Copilot", "Ollama", "Zorb"]
)
data_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True)
answers = st.lists(
    st.sampled_from(ASKED), min_size=1, max_size=4, unique_by=lambda fact: fact.id
).flatmap(lambda facts: st.tuples(*map(_answer, facts)))


def check(request: UseRequest, caller: Caller = ANN, policy: str = "acme") -> Answer | None:
    try:
        return service(policy).check_use(request, caller, NOW, via="test")
    except RequestError:
        return None  # words that contradict each other get no decision at all


def result(answer: Answer) -> tuple[object, ...]:
    decision = answer.decision
    return (
        decision.decision,
        decision.ruling.reachable,
        decision.determining_rules,
        tuple(question.fact for question in decision.questions),
        tuple(duty.id for duty in decision.obligations),
    )


@laws
@given(tasks, tools, data_words, answers, st.permutations(range(4)), st.integers(1, 3))
def test_going_on_from_a_check_equals_saying_everything_at_once(
    task: str,
    tool: str,
    words: list[str],
    facts: tuple[str, ...],
    order: list[int],
    first: int,
) -> None:
    parts: list[dict[str, Any]] = [
        {"task": task},
        {"tool": tool},
        {"data": tuple(words)},
        {"facts": facts},
    ]
    once = check(UseRequest(task=task, tool=tool, data=tuple(words), facts=facts))
    said: dict[str, Any] = {}
    for number in order[:first]:
        said |= parts[number]
    begun = check(UseRequest(**said))
    if once is None or begun is None:
        return
    more: dict[str, Any] = {"previous": begun.check}
    for number in order[first:]:
        more |= parts[number]
    went_on = check(UseRequest(**more))
    assert went_on is not None
    if order.index(2) > order.index(3) and order.index(2) >= first and _of_data(facts):
        # Facts of the data, and then more data: what is not in it is open again.
        assert went_on.decision.ruling.worst >= once.decision.ruling.worst
        return
    event(f"final: {once.decision.ruling.is_final}")
    assert result(went_on) == result(once)


def _of_data(facts: tuple[str, ...]) -> bool:
    return any(fact.startswith("data.") for fact in facts)


@laws
@given(tasks, tools, data_words, answers)
def test_each_answer_given_by_itself_ends_where_all_of_them_together_do(
    task: str, tool: str, words: list[str], facts: tuple[str, ...]
) -> None:
    once = check(UseRequest(task=task, tool=tool, data=tuple(words), facts=facts))
    answer = check(UseRequest(task=task, tool=tool, data=tuple(words)))
    if once is None or answer is None:
        return
    for fact in facts:
        answer = check(UseRequest(previous=answer.check, facts=(fact,)))
        assert answer is not None
    assert result(answer) == result(once)


@laws
@given(tasks, data_words, data_words)
def test_more_data_said_later_counts_as_if_said_at_once(
    task: str, words: list[str], more: list[str]
) -> None:
    said = UseRequest(task=task, tool="ChatGPT Enterprise", data=tuple(words))
    begun = check(said)
    together = check(replace(said, data=(*words, *more)))
    assert begun
    assert together
    later = check(UseRequest(previous=begun.check, data=tuple(more)))
    assert later
    assert result(later) == result(together)


@laws
@given(st.sampled_from(("acme", "default")), tasks, data_words, answers)
def test_the_list_of_tools_and_the_check_agree(
    policy: str, task: str, words: list[str], facts: tuple[str, ...]
) -> None:
    facts = tuple(fact for fact in facts if not fact.startswith(("tool.", "model.")))
    request = UseRequest(task=task, data=tuple(words), facts=facts)
    if check(request, policy=policy) is None:
        return
    rows = service(policy).list_models(request, ANN, NOW.date())
    assert len(rows) == len(FACTS["tool.id"].values) - 1
    for row in rows[:: max(1, len(rows) // 6)]:
        answer = check(replace(request, facts=(*facts, f"tool.id={row.id}")), policy=policy)
        assert answer
        assert row.decision == answer.decision.decision
        ordinary = answer.decision.if_ordinary
        if ordinary:  # the list may know more: it asks nobody, so it presumes what it can
            assert row.usually == ordinary[0]
        elif answer.decision.ruling.is_final:
            assert not row.usually


@laws
@given(st.sampled_from(sorted(UNITS)), tasks, tools, data_words, answers)
def test_standing_facts_of_a_unit_are_as_if_stated_and_hold_against_what_is_stated(
    unit: str, task: str, tool: str, words: list[str], facts: tuple[str, ...]
) -> None:
    profile = UNITS[unit]
    apart = tuple(f for f in facts if f.partition("=")[0] not in (*profile, "actor.unit"))
    request = UseRequest(task=task, tool=tool, data=tuple(words), facts=apart)
    caller = Caller("ann", unit=unit)
    by_unit = check(request, caller, "units")
    said = tuple(f"{name}={value}" for name, value in profile.items())
    stated = check(
        replace(request, facts=(*apart, *said, f"actor.unit={unit}")), Caller("ann"), "units"
    )
    if by_unit is None or stated is None:
        return
    if not by_unit.decision.contradictions and not stated.decision.contradictions:
        assert result(by_unit) == result(stated)
    assert not {q.fact for q in by_unit.decision.questions} & {*profile, "actor.unit"}
    other = next(name for name in UNITS if name != unit)
    against = tuple(
        f"{name}={value}"
        for name, value in UNITS[other].items()
        if name in profile and value != profile[name]
    )
    denied = check(replace(request, facts=(*apart, *against)), caller, "units")
    assert denied
    for name, value in profile.items():
        assert denied.decision.facts[name]["value"] == value
    assert denied.decision.contradictions
    assert denied.decision.ruling.reachable == by_unit.decision.ruling.reachable
