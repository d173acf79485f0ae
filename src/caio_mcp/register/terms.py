"""What a decision can be found by: its coded facts, rules, open questions, exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import Term

# Terms that are not facts, and where a decision has them.
RULE, QUESTION, EXCEPTION, KIND, REVIEWER, OBLIGATION = (
    "rule",
    "question",
    "exception",
    "kind",
    "reviewer",
    "obligation",
)
NOT_FACTS = (RULE, QUESTION, EXCEPTION, KIND, REVIEWER, OBLIGATION)


def terms_of(decision: Mapping[str, Any]) -> tuple[Term, ...]:
    """The terms of a decision in plain values. Of a fact, only what is certain."""
    return tuple(dict.fromkeys(_terms(decision)))


def _terms(decision: Mapping[str, Any]) -> Iterator[Term]:
    for name, fact in decision.get("facts", {}).items():
        yield from _of_fact(name, fact["value"])
    for rule in decision.get("determining_rules", ()):
        yield Term(RULE, rule)
    for question in decision.get("questions", ()):
        yield Term(QUESTION, question["fact"])
    for exception in decision.get("exceptions", ()):
        yield Term(EXCEPTION, exception["id"])
    for kind in decision.get("kinds", ()):
        yield Term(KIND, kind)
    for reviewer in decision.get("reviewers", ()):
        yield Term(REVIEWER, reviewer["role"])
    for duty in decision.get("obligations", ()):
        yield Term(OBLIGATION, duty["id"])


def _of_fact(name: str, value: Any) -> Iterator[Term]:
    if isinstance(value, str | int):
        yield Term(name, str(value))
    elif isinstance(value, Mapping):
        for member in value.get("only", value.get("all_of")) or ():
            yield Term(name, member)
        for member in value.get("none_of") or ():
            yield Term(name, member, holds=False)
        if "only" in value:
            yield Term(name, "", holds=False)
