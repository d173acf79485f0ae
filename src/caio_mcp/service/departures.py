"""Exceptions: which ones hold for whom on a day, and what happens when their days are over."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ..core.exceptions import PolicyException, read_exception
from ..core.wording import normal
from ..errors import CaioError, RequestError
from ..register import Actor, Change, Granted
from .caller import Caller
from .office import Office, request_id_of, stamp

PROGRAM = Actor("caio-mcp", "program", "program")  # what follows from dates is done by nobody


class Departures(Office):
    """Exceptions as the register has them."""

    def exceptions_for(
        self, caller: Caller, day: datetime.date
    ) -> tuple[tuple[PolicyException, ...], tuple[PolicyException, ...]]:
        """The exceptions that hold for the caller's unit on a day, and those that ended. Where
        the register cannot be read, there are none: that is the stricter way."""
        try:
            granted = self.register.exceptions() if self.register.exists() else ()
        except CaioError:
            return (), ()
        holding: list[PolicyException] = []
        ended: list[PolicyException] = []
        for one in granted:
            if one.unit and normal(one.unit) != normal(caller.unit):
                continue
            read = self._read(one)
            if read is None or read.starts > day:
                continue
            is_over = bool(one.ended) or read.expires < day
            (ended if is_over else holding).append(read)
        return tuple(holding), tuple(ended)

    def _read(self, granted: Granted) -> PolicyException | None:
        """The exception as the engine takes it; none where the policy no longer knows what its
        scope says."""
        last = min(granted.expires, granted.ended_on or granted.expires)
        plain = {
            "id": granted.id,
            "rule": granted.rule,
            "scope": granted.scope,
            "starts": granted.starts,
            "expires": last,
            "role": granted.role,
        }
        try:
            return read_exception(self.library.vocabulary, plain)
        except RequestError:
            return None

    def lapse(self, now: datetime.datetime) -> Sequence[str]:
        """End the exceptions whose days are over, and put what rests on them under
        reassessment; the entries this is about."""
        if not self.register.exists():
            return ()
        today, moved = now.date().isoformat(), []
        for granted in self.register.exceptions():
            if granted.ended or granted.expires >= today:
                continue
            moved += self.end(granted, PROGRAM, now, "expired")
        return moved

    def end(self, granted: Granted, actor: Actor, now: datetime.datetime, cause: str) -> list[str]:
        """End an exception, and put what rests on it under reassessment."""
        at = stamp(now)
        self.register.change(
            Change(
                granted.entry,
                request_id_of(f"{cause} {granted.id}"),
                at,
                actor,
                cause,
                ends=granted.id,
            )
        )
        affected = self.register.citing(granted.id)
        for entry in affected:
            self.register.change(
                Change(
                    entry,
                    request_id_of(f"{cause} {granted.id} {entry}"),
                    at,
                    actor,
                    "moved",
                    status="under_reassessment",
                    notes={"reason": f"{granted.id} ({granted.rule}) {cause}."},
                )
            )
        return list(affected)
