"""What somebody says of a use, read into statements about facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..core.detectors.scanned import Scanned
from ..core.facts import SHORT_NAMES, Statement, merge, read_statement, statement
from ..core.kinds import Understood
from ..core.vocabulary import OTHER_UNIT, Provenance, Vocabulary
from ..core.wording import normal
from ..errors import RequestError
from .caller import Caller
from .office import Office

WORDS_MAX = 50  # more words or facts than anybody says in one question
POLICY_FACTS = ("tool.approval", "tool.cleared_level", "model.approval")


@dataclass(frozen=True, slots=True)
class UseRequest:
    """A proposed use as somebody says it; nothing is required."""

    task: str = ""
    tool: str = ""
    data: tuple[str, ...] = ()
    not_in_data: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    previous: str = ""
    already_done: bool = False
    statements: tuple[Statement, ...] = ()  # already read, as from a file of facts
    scanned: Scanned | None = None  # what was seen in the data itself


@dataclass(frozen=True, slots=True)
class Reading:
    """What a request was taken to say."""

    statements: tuple[Statement, ...]
    understood: Understood
    kinds: tuple[str, ...] = ()
    all_understood: bool = True


class Requests(Office):
    """Reading requests."""

    def read_request(self, request: UseRequest, caller: Caller) -> Reading:
        """What the words and facts of a request state, together with those of the check
        before and the standing facts of the caller's unit. What follows from kinds of data is
        concluded anew from all of them."""
        for name in ("data", "not_in_data", "facts", "assumed"):
            count = len(getattr(request, name))
            if count > WORDS_MAX:
                raise RequestError(
                    f"{name} holds {count} items; {WORDS_MAX} is the most.",
                    remedy="Ask about one use at a time.",
                )
        vocabulary, words = self.library.vocabulary, self.library.words
        about_tool = words.tool(request.tool) if request.tool.strip() else Understood()
        about_data = words.data(request.data, request.not_in_data)
        said = [*about_tool.statements, *about_data.statements, *request.statements]
        if request.task:
            said.append(statement(vocabulary, "purpose.task", request.task))
        for text in request.facts:
            said += self._fact(text, "stated")
        said = _merged(said)
        _refuse_policy_facts(said)
        for text in request.assumed:
            said += self._fact(text, "assumed")
        if request.scanned is not None:
            said += self._seen(request.scanned)
        kinds, all_understood = about_data.kinds, not about_data.not_understood
        if request.previous:
            record = json.loads(self._find(request.previous).content)
            before = [
                s for s in said_in(vocabulary, record) if s.provenance not in ("derived", "profile")
            ]
            if request.scanned is not None:  # of the data as it is now
                before = [s for s in before if s.provenance != "scanned"]
            if request.data:
                before = self._of_other_data(before, record["facts"])
                said = self._highest_level(before, said, about_data.statements)
            said = _continued(before, said)
            kinds = (*record.get("kinds", ()), *kinds)
            was_understood = record.get("all_understood", False)
            if not request.data:
                all_understood = all_understood and was_understood
            elif not was_understood:
                instead = ("these words stand for what was not understood before",)
                about_data = replace(about_data, readings=about_data.readings + instead)
        stated = [s for s in said if not s.says_nothing]
        derived = words.of_kinds(kinds, stated, is_all=all_understood)
        understood = replace(
            about_tool,
            readings=about_tool.readings + about_data.readings,
            not_understood=about_tool.not_understood + about_data.not_understood,
        )
        statements = (*self._of_unit(caller, stated), *stated, *derived)
        return Reading(statements, understood, kinds, all_understood)

    def _seen(self, scanned: Scanned) -> list[Statement]:
        """What a scan proves: what is in the data, and the level that it has at least."""
        words = self.library.words
        reached = [words.lowest_level(category) for category in sorted(scanned.data)]
        order = [level.id for level in self.library.policy.levels]
        highest = min(
            (level for level in reached if level is not None),
            key=lambda s: len(s.values or order),
            default=None,
        )
        found = scanned.statements(self.library.vocabulary)
        return found if highest is None else [*found, highest]

    def _of_unit(self, caller: Caller, stated: Sequence[Statement]) -> list[Statement]:
        """The standing facts of the caller's unit, which nobody is asked for; of the unit that
        was said where the settings name none."""
        units = self.library.policy.units
        if not units:
            return []
        if not caller.unit:
            named = [s.values for s in stated if s.fact == "actor.unit" and s.values]
            names = named[0] if len(named) == 1 else frozenset()
            return (
                list(units[min(names)].profile) if len(names) == 1 and names <= units.keys() else []
            )
        said = normal(caller.unit)
        unit = next((u for u in units.values() if said in (normal(u.id), normal(u.title))), None)
        name = OTHER_UNIT if unit is None else unit.id
        is_unit = Statement("actor.unit", "profile", frozenset([name]))
        return [is_unit, *(unit.profile if unit else ())]

    def _of_other_data(self, before: Sequence[Statement], facts: dict[str, Any]) -> list[Statement]:
        """What was said of the data still says what is in it once there is more of it, and the
        level is at least what it was; what is not in it, and all else, is open again."""
        kept = [s for s in before if not s.fact.startswith("data.") or s.is_unsure]
        kept += [
            replace(s, absent=frozenset(), is_complete=False)
            for s in before
            if s.fact.startswith("data.") and s.present and not s.is_unsure
        ]
        level = facts.get("data.level", {}).get("value", "unsure")
        if level != "unsure":
            kept.append(self._at_least([level] if isinstance(level, str) else level))
        return kept

    def _at_least(self, levels: Iterable[str]) -> Statement:
        order = [level.id for level in self.library.policy.levels]
        lowest = min((order.index(name) for name in levels if name in order), default=0)
        return Statement("data.level", values=frozenset(order[lowest:]))

    def _highest_level(
        self,
        before: Sequence[Statement],
        said: Sequence[Statement],
        words: Sequence[Statement],
    ) -> list[Statement]:
        """A level word for more data does not lower that of what was there before."""
        older = next((s.values for s in before if s.fact == "data.level" and s.values), None)
        newer = next((s.values for s in words if s.fact == "data.level"), None)
        if not older or not newer:
            return list(said)
        reached = (self._at_least(older).values or older) & (self._at_least(newer).values or newer)
        return [
            replace(s, values=reached) if s.fact == "data.level" and s.values == newer else s
            for s in said
        ]

    def _fact(self, text: str, provenance: Provenance) -> list[Statement]:
        """One `fact=value`; a tool may be given by its everyday word."""
        name, sign, value = text.partition("=")
        if (
            sign
            and SHORT_NAMES.get(name.strip(), name.strip()) == "tool.id"
            and (
                value.strip()
                not in (*self.library.vocabulary.facts["tool.id"].values, "unsure", "unknown")
                and "," not in value
            )
        ):
            return [s.from_(provenance) for s in self.library.words.tool(value).statements]
        return [read_statement(self.library.vocabulary, text).from_(provenance)]


def _refuse_policy_facts(said: Sequence[Statement]) -> None:
    for part in said:
        if part.fact in POLICY_FACTS:
            raise RequestError(
                f"{part.fact} comes from the policy and cannot be stated.",
                remedy="Leave it out; the answer takes it from approvals.yaml.",
            )


def said_in(vocabulary: Vocabulary, content: dict[str, Any]) -> list[Statement]:
    """The statements that a kept decision was made on."""
    found = []
    for part in content["said"]:
        read = statement(vocabulary, part["fact"], part["value"])
        found.append(replace(read, provenance=part["provenance"], is_default=part["default"]))
    return found


def _merged(said: Sequence[Statement]) -> list[Statement]:
    """One statement for each stated fact; a request error where two clash."""
    stated: dict[str, Statement] = {}
    others = []
    for part in said:
        if part.provenance != "stated" or part.is_default:
            others.append(part)
        else:
            stated[part.fact] = merge(stated[part.fact], part) if part.fact in stated else part
    return [*stated.values(), *others]


def _continued(before: Sequence[Statement], new: Sequence[Statement]) -> list[Statement]:
    """What was said before with what is said now: the newer word on a fact replaces the older
    one, members of a list are added, and another tool takes its settings with it."""
    firm = {part.fact: part for part in new if part.provenance == "stated"}
    tool = firm.get("tool.id")
    older_tool = next((s for s in before if s.fact == "tool.id"), None)
    is_other = bool(
        tool
        and older_tool
        and not (tool.values or frozenset()) <= (older_tool.values or frozenset())
    )
    kept = [s for s in before if not (is_other and s.fact.startswith("tool."))]
    result = [s for s in kept if s.provenance != "stated" or s.fact not in firm]
    for part in new:
        older = [s for s in kept if s.provenance == "stated" and s.fact == part.fact]
        result += _added(older, part) if part.provenance == "stated" else [part]
    return result


def _added(older: Sequence[Statement], newer: Statement) -> list[Statement]:
    """Members of a list are added up, and "none of these" is said of the others; only a member
    that is named again changes sides. Another value replaces the older one, and being unsure
    takes nothing back."""
    present = frozenset(m for part in older for m in part.present)
    if newer.is_unsure:
        return [newer, Statement(newer.fact, present=present)] if present else [newer]
    if newer.values is not None:
        both = newer.values
        for part in older:
            both &= part.values if part.values is not None else both
        return [replace(newer, values=both or newer.values)]
    if newer.low is not None:
        return [newer]
    absent = frozenset(m for part in older for m in part.absent)
    return [
        replace(
            newer,
            present=(present - newer.absent) | newer.present,
            absent=(absent - newer.present) | newer.absent,
            is_complete=newer.is_complete or any(part.is_complete for part in older),
        )
    ]
