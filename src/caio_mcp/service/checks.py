"""Checking a use: may this data go into this tool, for this?"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ..core.answer import Answer
from ..core.decision import Decision, decide
from ..core.explain import explain
from ..core.facts import Statement
from .caller import Caller
from .office import make_room
from .requests import Reading, Requests, UseRequest


class Checks(Requests):
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
        reading, decision = self._checked(request, caller, day)
        note = self._log(decision, caller, now, via)
        is_kept = self.decision_log != "off" and not note
        asked = (decision.check, request, is_kept, note)
        if asked not in self._answers:
            make_room(self._answers)
            self._answers[asked] = explain(
                self.library,
                decision,
                reading.understood,
                task=request.task,
                data=request.data,
                already_done=request.already_done,
                notes=[note] if note else [],
                is_kept=is_kept,
            )
        return self._answers[asked]

    def _checked(
        self, request: UseRequest, caller: Caller, day: datetime.date
    ) -> tuple[Reading, Decision]:
        """What was read and decided; for a request of words and facts alone, made once."""
        asked = (request, caller.unit, day)
        if asked in self._readings:
            return self._readings[asked]
        reading = self.read_request(request, caller)
        found = reading, self._decide(reading, reading.statements, day)
        if not request.previous:  # that one rests on what the register holds
            make_room(self._readings)
            self._readings[asked] = found
        return found

    def _decide(
        self, reading: Reading, statements: Sequence[Statement], day: datetime.date
    ) -> Decision:
        """The decision; the same facts on the same day have the same one, made once."""
        facts = (tuple(statements), reading.kinds, reading.all_understood, day)
        if facts not in self._decisions:
            make_room(self._decisions)
            self._decisions[facts] = decide(
                self.library.engine,
                statements,
                day,
                kinds=reading.kinds,
                all_understood=reading.all_understood,
            )
        return self._decisions[facts]
