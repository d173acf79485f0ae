"""The facts whose answers can still change the decision: those, and no others.

A set of facts *settles* the decision when all possible uses that agree on it get the same
one. The questions are a minimal such set: with every answer the decision is final, and
none could be left out. Where facts follow from one another (a plan from its tool, a
category from its overlay), the one earlier in the vocabulary is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .decide import Engine, Ruling
from .knowledge import Knowledge
from .vocabulary import EFFECTS, IN, OUT, Effect, Fact

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


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for."""

    fact: str
    ask: str
    asked_of: str
    options: tuple[Option, ...]


def open_questions(engine: Engine, ruling: Ruling) -> tuple[Question, ...]:
    """Every question that can change the ruling, the most telling one first."""
    if ruling.is_final:
        return ()
    reasoner = engine.reasoner(ruling)
    known = ruling.knowledge
    questions = [_question(engine, reasoner, known, fact) for fact in _needed(engine, ruling)]
    ranked = sorted(
        enumerate(questions),
        key=lambda pair: (_WHO.index(pair[1].asked_of), _still_open(pair[1]), pair[0]),
    )
    return tuple(question for _, question in ranked)


def _still_open(question: Question) -> float:
    """How many decisions an answer leaves open, over all answers."""
    counts = [len(option.leads_to) for option in question.options]
    return sum(counts) / max(len(counts), 1)


def _needed(engine: Engine, ruling: Ruling) -> list[Fact]:
    """A minimal set of facts that settles the decision, found by leaving out the least
    preferred ones first."""
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
    if len(askable) < len(facts) and settles(askable):
        needed = askable
    for fact in sorted(needed, key=lambda f: (-_WHO.index(f.asked_of), -facts.index(f))):
        fewer = [other for other in needed if other is not fact]
        if settles(fewer):
            needed = fewer
    return needed


def _question(engine: Engine, reasoner: Reasoner, known: Knowledge, fact: Fact) -> Question:
    options = []
    if fact.type == "set":
        members = engine.space.of_fact[fact.id]
        still_open = [v for v in members if known.masks[v] == IN | OUT]
        options.append(("none", "none of these", [(v, OUT) for v in still_open]))
        for variable in still_open:
            member = engine.space.variables[variable].member
            options.append((member, fact.title_of(member), [(variable, IN)]))
    else:
        variable = engine.space.of_fact[fact.id][0]
        for i, value in enumerate(engine.space.variables[variable].values):
            if known.masks[variable] >> i & 1:
                options.append((value, fact.title_of(value), [(variable, 1 << i)]))
    built = []
    for value, title, pairs in options:
        reachable = reasoner.reachable(pairs)
        if reachable:
            sign = fact.values[value].sign if value in fact.values else ""
            leads_to = tuple(effect for effect in EFFECTS if effect in reachable)
            built.append(Option(value, title, leads_to, sign))
    return Question(
        fact.id, fact.ask or f"What is the {fact.title.lower()}?", fact.asked_of, tuple(built)
    )
