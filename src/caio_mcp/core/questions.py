"""The facts whose answers can still change the decision: those, and no others.

A set of facts *settles* the decision when all possible uses that agree on it get the same
one. The questions are a minimal such set: with every answer the decision is final, and
none could be left out. Where facts follow from one another (a plan from its tool, a
category from its overlay), the one earlier in the vocabulary is asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .decide import Engine, Ruling
from .facts import NONE, NONE_OF_THESE, Statement, statement
from .index import bits
from .knowledge import Knowledge
from .vocabulary import IN, OUT, Effect, Fact

if TYPE_CHECKING:
    from .reason import Reasoner

_WHO = ("you", "it", "legal", "reviewer", "nobody")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer, and the decisions it leaves possible."""

    value: str
    title: str
    leads_to: tuple[Effect, ...]
    sign: str = ""
    alone: tuple[Effect, ...] = ()  # as the only one of its list, the first question at its best


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for."""

    fact: str
    ask: str
    asked_of: str
    options: tuple[Option, ...]
    is_list: bool = False  # of which any number may be ticked; "none" is no value of it


def open_questions(engine: Engine, ruling: Ruling) -> tuple[Question, ...]:
    """Every question that can change the ruling, the most telling one first."""
    if ruling.is_final:
        return ()
    reasoner = engine.reasoner(ruling)
    known = ruling.knowledge
    among = reasoner.reachable()
    questions = [
        _question(engine, reasoner, known, fact, among) for fact in _needed(engine, ruling)
    ]
    questions.sort(key=lambda question: (_WHO.index(question.asked_of), _still_open(question)))
    if questions:
        questions[0] = _read_out(engine, reasoner, known, questions[0], [])
    if len(questions) > 1:
        best = _best_answer(engine, known, questions[0])
        questions[1] = _read_out(engine, reasoner, known, questions[1], best)
    return tuple(questions)


def _best_answer(engine: Engine, known: Knowledge, question: Question) -> list[tuple[int, int]]:
    """What is left by the answers that lead to the best outcome."""
    best = min(option.leads_to for option in question.options)
    answers = [option.value for option in question.options if option.leads_to == best]
    if engine.vocabulary.facts[question.fact].type == "set":
        answers = answers[:1]
    return _narrowing(engine, known, question.fact, answers)


def usual(
    engine: Engine, statements: Sequence[Statement], ruling: Ruling, day: datetime.date
) -> str:
    """The decision if everything open that has an ordinary value had it; one word."""
    concerned = {engine.space.variables[v].fact for v in engine.reasoner(ruling).variables}
    ordinary = [
        replace(statement(engine.vocabulary, fact.id, fact.ordinary), is_default=True)
        for fact in engine.vocabulary.facts.values()
        if fact.id in concerned and fact.ordinary
    ]
    return engine.rule([*statements, *ordinary], day).word


def _read_out(
    engine: Engine,
    reasoner: Reasoner,
    known: Knowledge,
    question: Question,
    given: Sequence[tuple[int, int]],
) -> Question:
    """A question with what each answer leads to if nothing else is ticked and, beside that,
    the given holds: how somebody reads a list."""
    is_set = engine.vocabulary.facts[question.fact].type == "set"
    nothing = dict(_narrowing(engine, known, question.fact, [NONE])) if is_set else {}
    options = []
    for option in question.options:
        pairs = dict(_narrowing(engine, known, question.fact, [option.value]))
        alone = _leads(reasoner, [*given, *{**nothing, **pairs}.items()], option.leads_to)
        options.append(replace(option, alone=alone))
    return replace(question, options=tuple(options))


def _still_open(question: Question) -> float:
    """How many decisions an answer leaves open, over all answers."""
    counts = [len(option.leads_to) for option in question.options]
    return sum(counts) / max(len(counts), 1)


def _needed(engine: Engine, ruling: Ruling) -> list[Fact]:
    """A minimal set of facts that settles the decision, found by leaving out the least
    preferred ones first. One stays even where search was given up for the ruling and then
    shows that none is needed: an answer narrows the next search, no question is a dead end."""
    reasoner, known = engine.reasoner(ruling), ruling.knowledge
    concerned = {engine.space.variables[v].fact for v in reasoner.variables}
    facts = [
        fact
        for fact in engine.vocabulary.facts.values()
        if fact.id in concerned and fact.id not in known.unsure
    ]

    def settles(kept: Iterable[Fact]) -> bool:
        return reasoner.settles(
            v for fact in kept for v in engine.space.of_fact[fact.id] if v not in ruling.unsure
        )

    needed = facts
    askable = [fact for fact in facts if fact.is_askable]
    if askable and len(askable) < len(facts) and settles(askable):
        needed = askable
    for fact in sorted(needed, key=lambda f: (-_WHO.index(f.asked_of), -facts.index(f))):
        fewer = [other for other in needed if other is not fact]
        if fewer and settles(fewer):
            needed = fewer
    return needed


def _question(
    engine: Engine, reasoner: Reasoner, known: Knowledge, fact: Fact, among: Collection[Effect]
) -> Question:
    """The question, with every answer that is still possible and what it leads to."""
    options = []
    for value in _open_values(engine, known, fact):
        leads_to = _leads(reasoner, _narrowing(engine, known, fact.id, [value]), among)
        if leads_to:
            is_none = value == NONE and fact.type == "set"
            title = NONE_OF_THESE if is_none else fact.title_of(value)
            sign = fact.values[value].sign if value in fact.values else ""
            options.append(Option(value, title, leads_to, sign))
    return Question(
        fact.id,
        fact.ask or f"What is the {fact.title.lower()}?",
        fact.asked_of,
        tuple(options),
        is_list=fact.type == "set",
    )


def _open_values(engine: Engine, known: Knowledge, fact: Fact) -> list[str]:
    variables = engine.space.of_fact[fact.id]
    if fact.type == "set":
        still_open = [v for v in variables if known.masks[v] == IN | OUT]
        return [NONE, *(engine.space.variables[v].member for v in still_open)]
    values = engine.space.variables[variables[0]].values
    return [values[i] for i in bits(known.masks[variables[0]])]


def _narrowing(
    engine: Engine, known: Knowledge, name: str, values: Sequence[str]
) -> list[tuple[int, int]]:
    """What an answer, or any of several, leaves of the variables of a fact."""
    variables = engine.space.of_fact[name]
    if engine.vocabulary.facts[name].type != "set":
        names = engine.space.variables[variables[0]].values
        return [(variables[0], sum(1 << names.index(value) for value in values))]
    if values == [NONE]:
        return [(v, OUT) for v in variables if known.masks[v] == IN | OUT]
    return [(engine.space.members[name, value], IN) for value in values]


def _leads(
    reasoner: Reasoner, pairs: Sequence[tuple[int, int]], among: Collection[Effect]
) -> tuple[Effect, ...]:
    return tuple(sorted(reasoner.reachable(pairs, among)))
