"""Deciding again what stands in the register: what a new policy, approval, fact or day changes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..core.lifecycle import IN_FORCE, STEPS
from ..errors import RequestError
from ..register import Change, Entry
from .caller import Caller
from .office import request_id_of, stamp
from .reviews import Reviews

RECHECKS = ("dpo", "caio")
STRICTNESS = ("allow", "allow_with_conditions", "need_more_information", "review", "prohibit")
PAGE = 200


@dataclass(frozen=True, slots=True)
class Rechecked:
    """An entry that would be decided otherwise today."""

    entry: Entry
    direction: str  # tightened or loosened
    before: str
    now: str
    because: tuple[str, ...]  # the rules and cells that make it so now
    is_moved: bool = False


class Rechecks(Reviews):
    """Deciding again."""

    def recheck(
        self,
        caller: Caller,
        now: datetime.datetime,
        *,
        move: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> list[Rechecked]:
        """Decide every entry that is not retired again, under today's policy, catalogue,
        exceptions and date. What is otherwise now is marked in the register, tightened or
        loosened, and on request put under reassessment."""
        if not set(RECHECKS) & set(caller.roles):
            raise RequestError(
                "Only the CAIO and the DPO recheck the register. Nothing was changed.",
                remedy="Ask one of them.",
            )
        self.lapse(now)
        decided: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
        found = []
        for number, entry in enumerate(self._all(caller), 1):
            if entry.status != "retired":
                asked = (entry.check, entry.unit)
                if asked not in decided:
                    decision = self.decided_anew(entry, caller, now.date())
                    decided[asked] = decision.decision, decision.determining_rules
                changed = self._mark(entry, *decided[asked], caller, now, move=move)
                found += [changed] if changed else []
            progress(number)
        return found

    def _all(self, caller: Caller) -> Iterator[Entry]:
        before = ""
        while page := self.register.entries(caller.scope, limit=PAGE, before=before):
            yield from page
            before = page[-1].id

    def _mark(
        self,
        entry: Entry,
        decision: str,
        rules: tuple[str, ...],
        caller: Caller,
        now: datetime.datetime,
        *,
        move: bool,
    ) -> Rechecked | None:
        step = STRICTNESS.index(decision) - STRICTNESS.index(entry.decision)
        direction = "tightened" if step > 0 else "loosened" if step < 0 else ""
        moves = (
            move
            and bool(direction)
            and "under_reassessment" in STEPS[entry.status]
            and (direction == "loosened" or entry.status in IN_FORCE)
        )
        if direction != entry.recheck or moves:
            self.register.change(
                Change(
                    entry.id,
                    request_id_of(f"recheck {entry.event} {decision} {now.date()} {moves}"),
                    stamp(now),
                    caller.acting("caio", "dpo"),
                    "moved" if moves else "rechecked",
                    status="under_reassessment" if moves else None,
                    sets={"recheck": direction},
                    notes={"reason": f"Decided again: {decision} {list(rules)}."} if moves else {},
                )
            )
        if not direction:
            return None
        return Rechecked(entry, direction, entry.decision, decision, rules, moves)
