"""Checking a use: may this data go into this tool, for this?"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ..core.answer import Answer
from ..core.decision import Decision, decide
from ..core.exceptions import PolicyException
from ..core.explain import explain
from ..core.facts import Statement
from ..errors import CaioError
from ..register import Entry
from .caller import Caller
from .departures import Departures
from .office import make_room
from .precedents import Precedents
from .requests import Reading, Requests, UseRequest

SMALL_GROUP = 5  # asks, below which nobody is told how many there were


class Checks(Requests, Departures, Precedents):
    """Deciding, and remembering what was decided lately."""

    def check_use(
        self,
        request: UseRequest,
        caller: Caller,
        now: datetime.datetime,
        *,
        via: str,
        day: datetime.date | None = None,
    ) -> Answer:
        """May this data go into this tool, for this? Logged as the organisation chose."""
        day = day or now.date()
        holding, ended = self.exceptions_for(caller, day)
        reading, decision = self._checked(request, caller, day, holding)
        wanted = self._wish(reading.understood.unlisted, decision)
        note = self._log(decision, caller, now, via, wanted=reading.understood.unlisted)
        is_kept = self.decision_log != "off" and not note
        covering = self.alike(decision, caller)[0] if decision.is_permitted else ()
        joinable = covering[0] if covering and is_kept else None
        asked = (decision.check, request, is_kept, note, joinable, wanted, ended)
        if asked not in self._answers:
            make_room(self._answers)
            self._answers[asked] = explain(
                self.library,
                decision,
                reading.understood,
                task=request.task,
                data=request.data,
                already_done=request.already_done,
                notes=[line for line in (_precedent(joinable), wanted, note) if line],
                is_kept=is_kept,
                join=joinable.id if joinable and not joinable.takes_part else "",
                ended=ended,
                scanned=request.scanned,
            )
        return self._answers[asked]

    def _wish(self, unlisted: str, decision: Decision) -> str:
        """How to ask for a tool that nobody lists, and how many asked for it before."""
        if not unlisted or decision.decision != "prohibit" or self.decision_log == "off":
            return ""
        try:
            times = self.register.times_wanted(unlisted) if self.register.exists() else 0
        except CaioError:
            times = 0
        before = f" It was named in {times} checks before." if times >= SMALL_GROUP else ""
        return f"Want this tool? Register this check with request=tool, and why.{before}"

    def decided(
        self, request: UseRequest, caller: Caller, day: datetime.date
    ) -> tuple[Reading, Decision]:
        """What a request says, and the decision on it under the exceptions of the day."""
        return self._checked(request, caller, day, self.exceptions_for(caller, day)[0])

    def _checked(
        self,
        request: UseRequest,
        caller: Caller,
        day: datetime.date,
        exceptions: tuple[PolicyException, ...],
    ) -> tuple[Reading, Decision]:
        """What was read and decided; for a request of words and facts alone, made once."""
        asked = (request, caller.unit, day, exceptions)
        if asked in self._readings:
            return self._readings[asked]
        reading = self.read_request(request, caller)
        found = reading, self._decide(reading, reading.statements, day, exceptions)
        if not request.previous:  # that one rests on what the register holds
            make_room(self._readings)
            self._readings[asked] = found
        return found

    def _decide(
        self,
        reading: Reading,
        statements: Sequence[Statement],
        day: datetime.date,
        exceptions: tuple[PolicyException, ...] = (),
    ) -> Decision:
        """The decision; the same facts on the same day have the same one, made once."""
        facts = (tuple(statements), reading.kinds, reading.all_understood, day, exceptions)
        if facts not in self._decisions:
            make_room(self._decisions)
            self._decisions[facts] = decide(
                self.library.engine,
                statements,
                day,
                kinds=reading.kinds,
                all_understood=reading.all_understood,
                exceptions=exceptions,
            )
        return self._decisions[facts]


def _precedent(entry: Entry | None) -> str:
    """What is approved already, in a line."""
    if entry is None:
        return ""
    unit = f", {entry.unit}" if entry.unit else ""
    until = f", to {entry.review_on}" if entry.review_on else ""
    state = "You take part in" if entry.takes_part else "Already approved alike:"
    return f'{state} {entry.id} "{entry.title}"{unit}{until}.'
