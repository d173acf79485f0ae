"""Tests of a pack: facts in, what is expected out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import yaml

from ..document import Document, Node, plain
from ..facts import Statement
from ..policy import Case
from ..vocabulary import NEED_MORE, Effect
from .draft import Draft
from .names import EFFECT_WORDS, is_known, place_of

DECISION_WORDS = (*EFFECT_WORDS, NEED_MORE)

_EXPECTED = (
    "decision",
    "best_case",
    "worst_case",
    "rules",
    "obligations",
    "advice",
    "questions",
    "remedies",
)


def add_tests(draft: Draft, document: Document) -> None:
    """Read a file of tests."""
    top = document.fields(
        document.root,
        "A file of tests",
        required=["suite", "cases"],
        optional=["as_of", "facts"],
    )
    suite = document.text(top.get("suite"), "suite")
    as_of = document.date(top.get("as_of"), "as_of")
    shared = {s.fact: s for s in draft.statements(document, top.get("facts"), "facts")}
    for node in document.items(top.get("cases"), "cases"):
        draft.cases.extend(_cases(draft, document, node, suite, as_of, shared))


def _cases(
    draft: Draft,
    document: Document,
    node: Node,
    suite: str,
    as_of: datetime.date | None,
    shared: Mapping[str, Statement],
) -> Iterator[Case]:
    part = document.fields(
        node, "A test", required=["name"], optional=["given", "expect", "for_each", "as_of"]
    )
    given = {s.fact: s for s in draft.statements(document, part.get("given"), "given")}
    base = Case(
        suite,
        document.text(part.get("name"), "name"),
        place_of(document, node),
        document.date(part.get("as_of"), "as_of") or as_of,
        tuple({**shared, **given}.values()),
    )
    if ("expect" in part) == ("for_each" in part):
        document.fault(node, "A test needs either `expect:` or `for_each:`.")
    elif "expect" in part:
        yield _expecting(draft, document, part["expect"], base)
    else:
        yield from _for_each(draft, document, part["for_each"], base)


# -- expect: one case, as much as it says ----------------------------------------------


def _expecting(draft: Draft, document: Document, node: Node, base: Case) -> Case:
    part = document.fields(node, "expect", optional=_EXPECTED)
    if not part:
        document.fault(
            node,
            "`expect:` says nothing, so the test could not fail.",
            "Expect at least a decision.",
        )
    listed = {name: part.get(name) for name in ("rules", "obligations", "advice")}
    only = {name for name, at in listed.items() if isinstance(at, yaml.MappingNode)}
    for name in only:
        listed[name] = document.fields(listed[name], name, required=["only"]).get("only")
    facts = draft.vocabulary.facts
    return replace(
        base,
        decision=document.choice(part.get("decision"), DECISION_WORDS, "a decision"),
        best_case=document.choice(part.get("best_case"), EFFECT_WORDS, "an effect"),
        worst_case=document.choice(part.get("worst_case"), EFFECT_WORDS, "an effect"),
        rules=_ids(document, listed["rules"], None, "rule"),
        obligations=_ids(document, listed["obligations"], draft.obligations, "obligation"),
        advice=_ids(document, listed["advice"], draft.obligations, "advice"),
        only=frozenset(only),
        questions=_ids(document, part.get("questions"), facts, "fact"),
        remedies=_remedies(draft, document, part.get("remedies")),
    )


def _remedies(
    draft: Draft, document: Document, node: Node | None
) -> dict[Effect, tuple[frozenset[str], ...]]:
    known = [*draft.moves, *draft.vocabulary.facts["tool.id"].values]
    found: dict[Effect, tuple[frozenset[str], ...]] = {}
    for target, key_node, sets in document.pairs(node, "remedies"):
        if is_known(document, key_node, target, EFFECT_WORDS[:-1], "better outcome"):
            found[Effect[target]] = tuple(
                frozenset(_ids(document, item, known, "remedy") or ())
                for item in document.items(sets, target)
            )
    return found


def _ids(
    document: Document,
    node: Node | None,
    known: Mapping[str, object] | Sequence[str] | None,
    what: str,
) -> tuple[str, ...] | None:
    if node is None:
        return None
    return tuple(
        word
        for word, part in document.texts(node)
        if known is None or is_known(document, part, word, known, what)
    )


# -- for_each: a case for each row -----------------------------------------------------


def _for_each(draft: Draft, document: Document, node: Node, base: Case) -> Iterator[Case]:
    part = document.fields(node, "for_each", required=["columns", "rows"])
    columns = document.texts(part.get("columns"))
    names = [name for name, _ in columns]
    for name, name_node in columns:
        if name != "decision":
            draft.fact(document, name_node, name)
    if "decision" not in names:
        document.fault(node, "`for_each:` needs a column named decision.")
        return
    for row in document.items(part.get("rows"), "rows"):
        cells = document.items(row, "A row")
        if len(cells) == len(names):
            yield _row(draft, document, row, names, cells, base)
        else:
            document.fault(row, f"This row has {len(cells)} cells; the header has {len(names)}.")


def _row(
    draft: Draft,
    document: Document,
    node: Node,
    names: Sequence[str],
    cells: Sequence[Node],
    base: Case,
) -> Case:
    decision, facts = base.decision, {s.fact: s for s in base.facts}
    for name, cell in zip(names, cells, strict=True):
        if name == "decision":
            decision = document.choice(cell, DECISION_WORDS, "a decision")
        elif name in draft.vocabulary.facts:
            said = draft.statement(document, name, cell, cell)
            if said is not None:
                facts[name] = said
    shown = ", ".join(str(plain(cell)) for cell in cells)
    return replace(
        base,
        name=f"{base.name}: {shown}",
        decision=decision,
        place=place_of(document, node),
        facts=tuple(facts.values()),
    )
