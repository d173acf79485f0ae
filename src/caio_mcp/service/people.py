"""Persons: what the register holds on somebody, and erasing it."""

from __future__ import annotations

import datetime

from ..errors import RequestError
from ..register import Erased, Held
from .caller import Caller
from .office import Office, request_id_of, stamp

ERASERS = ("dpo", "caio")


class People(Office):
    """What is held on persons."""

    def held_on(self, who: str, caller: Caller) -> Held:
        """What is held on somebody; for the DPO, the CAIO and the person themself."""
        self._refuse_unnamed(who)
        if set(ERASERS) & set(caller.roles):
            return self.register.held(who)
        own = self.register.held(caller.person)
        if who not in (caller.person, own.id):
            raise RequestError(
                "What is held under another name is for the DPO, the CAIO and that person.",
                remedy=f"For yourself: `caio-mcp register person {caller.person}`.",
            )
        return own

    def erase_person(self, who: str, caller: Caller, now: datetime.datetime) -> Erased:
        """Erase the name and words of somebody."""
        self._refuse_unnamed(who)
        if not set(ERASERS) & set(caller.roles):
            raise RequestError(
                "Only the DPO or the CAIO erases a person. Nothing was erased.",
                remedy="Ask one of them.",
            )
        at = stamp(now)
        return self.register.erase(
            who,
            at=at,
            actor=caller.acting(*ERASERS),
            request_id=request_id_of(f"erase {who} {at}"),
        )

    @staticmethod
    def _refuse_unnamed(who: str) -> None:
        if not who.strip():
            raise RequestError("No name was given.", remedy="Give a name, or a P-... id.")
