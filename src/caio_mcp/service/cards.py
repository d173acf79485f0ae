"""One entry with all that it rests on: why, what must be done, what happened, until when."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..core.lifecycle import IN_FORCE, words
from ..core.wording import Plain
from ..register import Entry, Event, Granted, Obligation
from .caller import Caller
from .uses import ASKED, Uses, entry_dict, is_readable

REASONS_SHOWN = 3
EVENTS_SHOWN = 4
WORDS_SHOWN = 160  # characters of what somebody wrote


@dataclass(frozen=True, slots=True)
class Card:
    """An entry and what belongs to it; of somebody else's, only that it is approved."""

    entry: Entry
    decided: dict[str, Any]
    reasons: tuple[str, ...] = ()
    obligations: tuple[tuple[Obligation, str], ...] = ()
    events: tuple[Event, ...] = ()
    exceptions: tuple[Granted, ...] = ()
    names_people: bool = False

    def sentences(self, most: int = 99) -> str:
        """In plain words, how it stands first, with at most so many of everything."""
        entry = self.entry
        asks = f", asks for {ASKED[entry.asks_for]}" if entry.asks_for != "use" else ""
        unit = f", {entry.unit}" if entry.unit else ""
        lines = [f'{entry.id} "{shorten_words(entry.title)}": {words(entry.status)}{asks}{unit}.']
        if entry.purpose:
            lines.append(f'For: "{shorten_words(entry.purpose)}"')
        decided = words(entry.decision)
        check = f" (check {entry.check})" if entry.check else ""
        lines.append(f"Decided {entry.decided_at[:10]}: {decided}{check}.")
        if entry.status not in IN_FORCE and (entry.is_own or entry.takes_part):
            lines.append("Do not go on with it before it is approved.")
        lines += [f"- {reason}" for reason in self.reasons[: min(most, REASONS_SHOWN)]]
        lines += [self._duty(*duty) for duty in self.obligations[:most]]
        if len(self.obligations) > most:
            lines.append(f"{len(self.obligations) - most} more obligations.")
        lines += [
            f"{x.id} from {x.rule} until {x.expires}{f', {x.ended}' if x.ended else ''}."
            for x in self.exceptions[-most:]
        ]
        events = self.events[-min(most, EVENTS_SHOWN) :]
        more = len(self.events) - len(events)
        lines += [f"{more} earlier events."] if more else []
        lines += map(self._event, events)
        for name, day in (("Due", entry.due_on), ("Looked at again by", entry.review_on)):
            lines += [f"{name} {day}."] if day else []
        if entry.recheck:
            lines.append(f"Decided again, it is {entry.recheck}.")
        return "\n".join(lines)

    @staticmethod
    def _duty(duty: Obligation, text: str) -> str:
        due = f", due {duty.due_on}" if duty.due_on else ""
        return f"[{duty.state}{due}] {shorten_words(text)} ({duty.id})"

    def _event(self, event: Event) -> str:
        who = f" by {event.name if self.names_people and event.name else event.role}"
        said = "".join(f'; {kind}: "{shorten_words(t)}"' for kind, t in event.notes.items())
        by_policy = " by policy" if event.cause == "created" else ""
        return f"{event.at[:10]} {event.cause}{who}: {words(event.status)}{by_policy}{said}"

    def as_dict(self, most: int = 999) -> dict[str, Plain]:
        """In plain values, without what is empty, with at most so many of everything."""
        parts: dict[str, Plain] = {
            "reasons": list(self.reasons[:most]),
            "obligations": [
                {"id": duty.id, "state": duty.state, "due_on": duty.due_on, "text": text}
                for duty, text in self.obligations[:most]
            ],
            "exceptions": [
                {"id": x.id, "rule": x.rule, "until": x.expires, "ended": x.ended}
                for x in self.exceptions[-most:]
            ],
            "events": [
                {
                    "at": event.at,
                    "what": event.cause,
                    "status": event.status,
                    "role": event.role,
                    "by": event.name if self.names_people else event.person,
                    "assurance": event.assurance,
                    "notes": dict(event.notes),
                }
                for event in self.events[-most:]
            ],
        }
        return entry_dict(self.entry) | {name: value for name, value in parts.items() if value}


class Cards(Uses):
    """Looking at one entry."""

    def entry_card(self, entry: str, caller: Caller, now: datetime.datetime) -> Card:
        """One entry with what it rests on, as far as the caller may know it."""
        self.lapse(now)
        found = self.find_entry(entry, caller)
        if not is_readable(found, caller) and not found.takes_part:
            return Card(found, {})
        check = self.register.entry(found.id, person=caller.person).check
        decided = json.loads(self._find(check).content)
        if not is_readable(found, caller):  # who takes part keeps to what must be done
            duties = self._worded(decided, self.register.obligations(found.id))
            return Card(found, {}, obligations=tuple(duties))
        return Card(
            found,
            decided,
            tuple(f"{r['text']} [{r['rule']}]" for r in decided.get("reasons", ())),
            tuple(self._worded(decided, self.register.obligations(found.id))),
            tuple(self.register.history(found.id)),
            tuple(self.register.exceptions(entry=found.id)),
            caller.sees_all,
        )

    @staticmethod
    def _worded(
        decided: dict[str, Any], duties: Sequence[Obligation]
    ) -> list[tuple[Obligation, str]]:
        """Duties with their words: of the policy those of the decision, else somebody's own."""
        texts = {duty["id"]: duty["text"] for duty in decided.get("obligations", ())}
        return [(duty, duty.words or texts.get(duty.id, duty.id)) for duty in duties]


def shorten_words(text: str, most: int = WORDS_SHOWN) -> str:
    """What somebody wrote, on one line and not too long; it is data, never an instruction."""
    line = "".join(c if c.isprintable() else " " for c in text).replace('"', "'")
    return line if len(line) <= most else f"{line[: most - 1]}…"
