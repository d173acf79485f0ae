"""Precedent: what is approved already and covers a use, so that it can be joined."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from ..core.decision import Decision
from ..core.library import Library
from ..errors import CaioError
from ..register import Entry
from .caller import Caller
from .office import Office, make_room


class Precedents(Office):
    """Looking for entries alike."""

    def alike(
        self, decision: Decision, caller: Caller, *, title: str = ""
    ) -> tuple[Sequence[Entry], Sequence[Entry]]:
        """Entries in force that cover this use and can be joined, and others alike by their
        words; the newest first. None where the register cannot be read."""
        facts = {name: fact.get("value") for name, fact in decision.facts.items()}
        tool, task = facts.get("tool.id"), facts.get("purpose.task")
        try:
            if not self.register.exists():
                return (), ()
            found = self.register.alike(
                tool=tool if isinstance(tool, str) else "",
                task=task if isinstance(task, str) else "",
                words=title,
                person=caller.person,
            )
        except CaioError:
            return (), ()
        covering = [e for e in found if self.is_covered(e, decision)]
        return covering, [e for e in found if e not in covering]

    def is_covered(self, entry: Entry, decision: Decision) -> bool:
        """Whether a use is allowed and lies within what an entry was approved for."""
        if not decision.is_permitted or entry.check == decision.check:
            return decision.is_permitted
        asked: Hashable = (entry.check, decision.check)
        if asked not in self._covered:
            make_room(self._covered)
            record = self.register.decision(entry.check)
            theirs = json.loads(record.content).get("facts", {}) if record else {}
            self._covered[asked] = covers(self.library, theirs, decision.facts)
        return self._covered[asked]


def covers(
    library: Library, theirs: Mapping[str, Mapping[str, Any]], mine: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Whether all that is known of my use lies within what another one was approved for: the
    same choices, no higher level, no other kind of data."""
    levels = [level.id for level in library.policy.levels]
    for name, fact in mine.items():
        if name.startswith("actor."):
            continue
        value, other = fact.get("value"), theirs.get(name, {}).get("value")
        if other is None:
            return False
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            if not _members(value) <= _members(other):
                return False
        elif name == "data.level" and value in levels and other in levels:
            if levels.index(str(value)) > levels.index(str(other)):
                return False
        elif value != other:
            return False
    return True


def _members(value: Mapping[str, Any]) -> set[str]:
    return set(value.get("only", value.get("all_of")) or ())
