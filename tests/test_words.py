"""Everyday words for data and tasks: each stands for one thing, and none is ever guessed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caio_mcp.core.document import Document
from caio_mcp.core.facts import Statement, statement
from caio_mcp.core.kinds import LEADING, Kind, read_kinds
from caio_mcp.core.library import FileSet, Library, load
from caio_mcp.core.vocabulary import EFFECTS, Effect
from caio_mcp.core.wording import normal
from caio_mcp.errors import FileFaults, RequestError
from caio_mcp.files import load_library, read_catalogue, read_policy
from caio_mcp.service import Caller, Service, UseRequest
from conftest import Connect, no_register

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)


@cache
def default() -> Library:
    return load_library("default")


@cache
def all_kinds() -> dict[str, Kind]:
    files = read_catalogue().files
    documents = [
        Document(path, content, [])
        for path, content in sorted(files.items())
        if path.startswith("kinds/")
    ]
    return read_kinds(documents, default().vocabulary)


KINDS = sorted(all_kinds())
TASKS = tuple(default().vocabulary.facts["purpose.task"].values.values())


# -- kinds and tasks ---------------------------------------------------------------------------


def test_there_are_kinds_for_what_people_work_with() -> None:
    assert len(KINDS) >= 45
    assert 40 <= len(default().vocabulary.facts) <= 65


@pytest.mark.parametrize("name", KINDS)
def test_every_word_for_a_kind_stands_for_it_alone(name: str) -> None:
    kind = all_kinds()[name]
    for word in (kind.id, kind.name, *kind.synonyms):
        for said in (word, word.upper(), f"the {word}", f"  {word} "):
            found = default().words.data([said])
            assert (found.kinds, found.statements, found.not_understood) == ((name,), (), ()), said


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_says_what_may_be_in_it_in_a_list_that_can_be_read_out(name: str) -> None:
    kind = all_kinds()[name]
    certain = {m for s in kind.contains if s.fact == "data.categories" for m in s.present}
    assert not certain & kind.may_contain.get("data.categories", frozenset())
    assert len(kind.may_contain.get("data.categories", ())) <= 12  # a list to read out
    # Defaults of two kinds must not outdo each other: the strictest value is the only one.
    assert all(s.fact == "data.identifiability" for s in kind.usually)
    assert all(s.values == frozenset(["identified"]) for s in kind.usually)


def test_every_kind_has_a_level_in_the_sample_policy() -> None:
    assert set(default().policy.kind_levels) == set(KINDS)


def test_no_word_for_a_kind_is_a_word_for_a_level() -> None:
    levels = default().policy.levels
    taken = {normal(word) for v in levels for word in (v.id, v.title, *v.synonyms)}
    for kind in all_kinds().values():
        assert not {normal(word) for word in (kind.id, kind.name, *kind.synonyms)} & taken


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_every_word_for_a_task_stands_for_it_alone(task: Any) -> None:
    for word in (task.id, task.title, *task.synonyms):
        for said in (word, word.upper()):
            found = statement(default().vocabulary, "purpose.task", said)
            assert found == Statement("purpose.task", values=frozenset([task.id])), said


@pytest.mark.parametrize(
    ("said", "task"),
    [
        ("sum up", "summarise"),
        ("make a summary of", "summarise"),
        ("proofread", "write"),
        ("reply to", "write"),
        ("draft an email", "write"),
        ("take meeting notes", "transcribe"),
        ("make a spreadsheet formula", "write_code"),
        ("fix my code", "write_code"),
        ("rank CVs", "assess_people"),
        ("shortlist candidates", "assess_people"),
        ("Übersetzen", "translate"),
        ("zusammenfassen", "summarise"),
        ("traduire", "translate"),
        ("rédiger", "write"),
    ],
)
async def test_a_task_may_be_said_as_people_say_it(connect: Connect, said: str, task: str) -> None:
    async with connect() as talk:
        by_word = await talk.call(
            "check_use", tool="ChatGPT Free", data=["press release"], facts=[f"task={said}"]
        )
        by_id = await talk.call(
            "check_use", tool="ChatGPT Free", data=["press release"], facts=[f"task={task}"]
        )
        assert by_word["decision"] == by_id["decision"]


def with_file(path: str, content: str) -> Library:
    files, chain = read_policy("default")
    catalogue = read_catalogue()
    changed = {**catalogue.files, path: content.encode()}
    return load(files, chain, FileSet(catalogue.name, changed))


@pytest.mark.parametrize(
    "kind",
    [
        "{id: mine, name: mine, synonyms: [complaints]}",
        "{id: mine, name: Payroll}",
        "{id: mine, name: mine, synonyms: [payroll]}",
        "{id: cvs, name: mine}",
    ],
)
def test_a_word_for_two_kinds_is_refused(kind: str) -> None:
    with pytest.raises(FileFaults, match="A word stands for one kind"):
        with_file("kinds/zz.yaml", f"kinds: [{kind}]\n")


def test_a_word_for_two_tasks_is_refused() -> None:
    text = read_catalogue().files["vocabulary.yaml"].decode()
    assert text.count("[translation, ") == 1
    with pytest.raises(FileFaults, match="'sum up' is already a word for summarise"):
        with_file("vocabulary.yaml", text.replace("[translation, ", "[translation, sum up, "))


# -- how people say it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kinds", "categories"),
    [
        ("our customer complaints", ["customer-complaints"], []),
        ("a few customer complaints", ["customer-complaints"], []),
        ("all of our invoices", ["invoices"], []),
        ("200 invoices", ["invoices"], []),
        ("a list of customers", ["customer-list"], []),
        ("copies of passports", ["identity-documents"], []),
        ("an export of the crm data", ["customer-list"], []),
        ("last year's quarterly figures", ["financial-results"], []),
        ("sick note", ["sick-notes"], []),
        ("annual balance sheets", [], None),
        ("balance sheets", ["financial-results"], []),
        ("customer enquiry", ["customer-complaints"], []),
        ("the customer's complaint", ["customer-complaints"], []),
        ("the clients\u2019 emails", ["customer-complaints"], []),
        ("the client's source code", ["client-material", "own-source-code"], []),
        ("names and addresses", [], ["name", "contact"]),
        ("names, addresses and card numbers", [], ["name", "contact", "payment_card"]),
        ("customer list with bank details", ["customer-list"], ["financial"]),
        ("emails and the contracts", ["emails", "contracts"], []),
        ("m&a documents", ["merger-documents"], []),
        ("offers and tenders", ["offers"], []),
        ("unsere Kundenbeschwerden", ["customer-complaints"], []),
        ("die Lebensläufe", ["job-applications"], []),
        ("Verträge und Rechnungen", ["contracts", "invoices"], []),
        ("Betriebsratsprotokolle", ["works-council-minutes"], []),
        ("Krankmeldungen", ["sick-notes"], []),
        ("les contrats", ["contracts"], []),
        ("mes courriels", ["emails"], []),
        ("l'organigramme", ["org-charts"], []),
        ("fiches de paie", ["payroll"], []),
        ("factures et notes de frais", ["invoices", "expense-reports"], []),
    ],
)
def test_data_may_be_said_as_people_say_it(
    said: str, kinds: list[str], categories: list[str] | None
) -> None:
    found = default().words.data([said])
    if categories is None:
        assert found.not_understood
        return
    assert list(found.kinds) == kinds
    assert [m for s in found.statements for m in s.present] == categories
    assert not found.not_understood


@pytest.mark.parametrize(
    "said",
    [
        "no passwords",
        "everything but passwords",
        "emails without names",
        "names without addresses",
        "emails without names and addresses",
        "emails and names without addresses",
        "customer list, but no card numbers",
        "customer list with no bank details",
        "anonymised customer list",
        "redacted contracts",
        "not the invoices",
        "keine Rechnungen",
        "Rechnungen ohne Namen",
        "contrats sans noms",
        "former customers' yachts",
        "names and zorblax",
        "with names",
        "names and",
        "the",
        "interns",  # "intern" is a level word in German
        "complaint's",
    ],
)
def test_what_is_not_known_is_not_guessed(said: str) -> None:
    found = default().words.data([said])
    assert [word for word, _ in found.not_understood] == [said]
    assert not found.kinds
    assert not found.statements


def test_no_word_that_takes_something_away_is_dropped() -> None:
    negative = {"no", "not", "without", "except", "kein", "keine", "ohne", "nicht", "sans", "aucun"}
    assert not negative & {token for lead in LEADING for token in lead.split()}


@pytest.mark.parametrize(
    ("said", "closest"),
    [
        ("crm stuff", "customer list"),
        ("hr stuff", "employee records"),
        ("complaint mails", "customer complaints"),
        ("patient things", "medical records"),
    ],
)
async def test_an_unknown_word_is_named_with_its_closest(
    connect: Connect, said: str, closest: str
) -> None:
    async with connect() as talk:
        answer = await talk.call("check_use", task="write", tool="ChatGPT Free", data=[said])
        assert said in answer["not_understood"][0]
        assert closest in answer["not_understood"][0]
        assert answer["decision"] != "allow"


def test_what_is_not_in_the_data_may_be_listed_too() -> None:
    words = default().words
    found = words.data([], ["card numbers or passwords", "names and addresses"])
    assert {m for s in found.statements for m in s.absent} == {
        *("payment_card", "credentials", "name", "contact")
    }
    found = words.data([], ["works council minutes", "contracts", "invoices or emails"])
    assert {m for s in found.statements for m in s.absent} == {"employee_representation"}
    assert not found.not_understood
    for said in ("names with addresses", "confidential", "names or confidential", "crm stuff"):
        assert words.data([], [said]).not_understood, said


async def test_a_listing_counts_as_each_of_its_parts(connect: Connect) -> None:
    async with connect() as talk:
        for said, parts in (
            ("internal memo and api keys", ["internal memo", "api keys"]),
            ("press releases, invoices", ["press release", "invoices"]),
        ):
            call = {"task": "write", "tool": "ChatGPT Enterprise"}
            listed = await talk.call("check_use", data=[said], **call)
            apart = await talk.call("check_use", data=parts, **call)
            assert listed["decision"] == apart["decision"]
            assert listed.get("questions") == apart.get("questions")


# -- laws --------------------------------------------------------------------------------------


# What the sample policy has no rule on, and kinds speak of.
RULES = """
rules:
  - {id: T-1, title: t, effect: review, when: {data.origin: client}, reason: r, source: s}
  - {id: T-2, title: t, effect: review, when: {data.categories: third_party_work},
     reason: r, source: s}
  - {id: T-3, title: t, effect: prohibit, when: {data.subjects: child}, reason: r, source: s}
"""


@cache
def service() -> Service:
    files, chain = read_policy("acme")
    with_rules = FileSet("acme", {**files.files, "acme/rules/t.yaml": RULES.encode()})
    library = load(with_rules, chain, read_catalogue())
    return Service(library, no_register, decision_log="off")


def reachable(use: UseRequest) -> list[Effect] | None:
    try:
        answer = service().check_use(use, Caller("ann"), NOW, via="test")
    except RequestError:
        return None  # words that contradict each other get no decision at all
    return [effect for effect in EFFECTS if effect in answer.decision.ruling.reachable]


CATEGORY_WORDS = [v.title for v in default().vocabulary.facts["data.categories"].values.values()]
kind_words = st.sampled_from([kind.name for kind in all_kinds().values()])
other_words = st.sampled_from([*CATEGORY_WORDS, "confidential", "public", "restricted", "zorblax"])
uses = st.builds(
    UseRequest,
    task=st.sampled_from(["", *(task.id for task in TASKS)]),
    tool=st.sampled_from(["", "ChatGPT Free", "ChatGPT Enterprise", "ChatGPT", "Ollama"]),
)
laws = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@laws
@given(
    use=uses,
    words=st.lists(kind_words | other_words, min_size=1, max_size=3),
    more=kind_words | other_words,
)
def test_a_further_word_never_opens_a_better_outcome(
    use: UseRequest, words: list[str], more: str
) -> None:
    before = reachable(replace(use, data=tuple(words)))
    after = reachable(replace(use, data=(*words, more)))
    if before and after:
        assert min(after) >= min(before)


@laws
@given(use=uses, words=st.lists(kind_words, min_size=1, max_size=3), more=kind_words)
def test_a_further_kind_never_takes_a_worse_outcome_away(
    use: UseRequest, words: list[str], more: str
) -> None:
    before = reachable(replace(use, data=tuple(words)))
    after = reachable(replace(use, data=(*words, more)))
    assert before
    assert after
    assert max(after) >= max(before)


@laws
@given(use=uses, words=st.lists(kind_words | other_words, min_size=2, max_size=3, unique=True))
def test_the_order_of_words_does_not_matter(use: UseRequest, words: list[str]) -> None:
    there = reachable(replace(use, data=tuple(words)))
    assert there == reachable(replace(use, data=tuple(reversed(words))))
