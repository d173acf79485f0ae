"""Asking the register: what fits these words and columns, how many, by what."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.facts import NONE, SHORT_NAMES, UNSURE, statement
from ..core.wording import nearest, quote, quote_part
from ..errors import RequestError
from ..register import Entry
from ..register.questions import (
    COUNT_MAX,
    FILTERS_MAX,
    GROUPS_MAX,
    LIMIT_MAX,
    MEASURES,
    Counted,
    FactColumn,
    Found,
    Measure,
    Query,
    Reader,
    read_cursor,
)
from .caller import SEES_ALL, Caller
from .departures import Departures
from .uses import as_seen

ENTRIES_MAX = 50
WORDS_CHARACTERS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked over a dataset, as texts."""

    about: str = "entries"
    filters: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    measures: tuple[str, ...] = ("count",)
    count_min: int = 1
    order: str = ""
    limit: int = 20
    cursor: str = ""


class Inquiries(Departures):
    """Searching and counting."""

    def search_register(
        self,
        caller: Caller,
        now: datetime.datetime,
        *,
        words: str = "",
        filters: Sequence[str] = (),
        limit: int = 10,
        before: str = "",
    ) -> list[Entry]:
        """Entries of the caller's own and precedent; everything for the CAIO."""
        if not 1 <= limit <= ENTRIES_MAX:
            raise RequestError(f"limit must be from 1 to {ENTRIES_MAX}, not {limit}.")
        if len(words) > WORDS_CHARACTERS_MAX:
            raise RequestError("The search has too many words.", remedy="Use a few.")
        self.lapse(now)
        reader = self._reader()
        dataset = reader.dataset("entries")
        found = self.register.entries(
            caller.scope,
            words=words,
            filters=[reader.filter(dataset, text) for text in _few(filters)],
            today=now.date().isoformat(),
            limit=limit,
            before=before,
        )
        return [as_seen(entry, caller) for entry in found]

    def count_register(
        self,
        caller: Caller,
        now: datetime.datetime,
        *,
        words: str = "",
        filters: Sequence[str] = (),
    ) -> Counted:
        """How many entries a search has, and how many more may fit."""
        if not self.register.exists():
            return Counted()
        reader = self._reader()
        dataset = reader.dataset("entries")
        asked = [reader.filter(dataset, text) for text in _few(filters)]
        today = now.date().isoformat()
        return self.register.count(caller.scope, words=words, filters=asked, today=today)

    def query_register(self, question: Question, caller: Caller, now: datetime.datetime) -> Found:
        """Rows or groups of a dataset, over the whole register."""
        if not SEES_ALL & set(caller.roles):
            raise RequestError(
                "Questions over the whole register are for the CAIO, the DPO and auditors.",
                remedy="search_register shows your own entries.",
            )
        if not 1 <= question.limit <= LIMIT_MAX:
            raise RequestError(f"limit must be from 1 to {LIMIT_MAX}, not {question.limit}.")
        if not 1 <= question.count_min <= COUNT_MAX:
            raise RequestError(f"count_min must be from 1 to {COUNT_MAX:,}.")
        self.lapse(now)
        reader = self._reader()
        dataset = reader.dataset(question.about)
        if len(question.group_by) > GROUPS_MAX:
            raise RequestError(f"{GROUPS_MAX} groups are the most in one question.")
        groups = tuple(reader.group(dataset, text) for text in question.group_by)
        query = Query(
            dataset.name,
            tuple(reader.filter(dataset, text) for text in _few(question.filters)),
            groups,
            tuple(dict.fromkeys(map(_measure, question.measures))) or ("count",),
            question.count_min,
            reader.order(dataset, question.order, groups) if question.order else None,
            question.limit,
            question.cursor,
        )
        read_cursor(query)
        if not self.register.exists():
            return Found()
        return self.register.query(query, caller.scope, now.date().isoformat())

    def _reader(self) -> Reader:
        from ..inventory.attributes import ATTRIBUTES, OTHER  # loads with the first question

        facts = {
            fact.id: FactColumn(fact.values, fact.type == "set", fact.type == "integer")
            for fact in self.library.vocabulary.facts.values()
        }
        attributes = {
            name: (*one.values, OTHER) if one.is_coded else () for name, one in ATTRIBUTES.items()
        }
        return Reader(facts, attributes, SHORT_NAMES, self._values_of)

    def _values_of(self, fact: str, words: Sequence[str]) -> Sequence[str]:
        """Words of a fact as its values: groups of the policy and products spelled out. What is
        none of them is an error that names the nearest."""
        groups = self.library.policy.groups.get(fact, {})
        values: list[str] = []
        for word in words:
            if word in groups:
                values += sorted(groups[word])
            elif word == UNSURE:
                values.append(word)
            else:
                values += self._value(fact, word, words)
        return values

    def _value(self, fact: str, word: str, said_with: Sequence[str]) -> Sequence[str]:
        known = self.library.vocabulary.facts[fact].values
        if fact == "tool.id" and word not in known:
            found = self.library.words.tool(word)
            if not found.unlisted:  # its plans; a tool that nobody lists is a mistake here
                return sorted(v for said in found.statements for v in said.values or ())
        try:
            said = statement(self.library.vocabulary, fact, [word])
        except RequestError:
            raise RequestError(
                f"{quote_part(word, said_with)} is not a value of {fact}.",
                remedy=nearest(word, known),
            ) from None
        return sorted(said.values or said.present) or [NONE]


def _few(filters: Sequence[str]) -> Sequence[str]:
    if len(filters) > FILTERS_MAX:
        raise RequestError(f"{FILTERS_MAX} filters are the most in one question.")
    return filters


def _measure(text: str) -> Measure:
    for measure in MEASURES:
        if text == measure:
            return measure
    raise RequestError(f"{quote(text)} is not a measure.", remedy=nearest(text, MEASURES))
