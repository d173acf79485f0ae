"""Uses in the register: putting them in, taking part, finding them."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace

from ..core.answer import Answer
from ..core.document import Plain
from ..core.explain import explain
from ..errors import RequestError
from ..register import Entry, NewEntry
from .caller import Caller
from .checks import Checks
from .office import request_id_of, stamp
from .requests import UseRequest

JOINERS = {0x200C: None, 0x200D: None}  # invisible, and part of words in many scripts
TITLE_CHARACTERS_MAX = 120
PURPOSE_CHARACTERS_MAX = 1_000
ENTRIES_MAX = 50
LOOKS_LIKE_DATA = re.compile(r"\S@\S|(?:\d[ -]?){12}")  # an e-mail address, a card or account


class Uses(Checks):
    """Entries of the register, as their owners and others see them."""

    def register_use(
        self,
        request: UseRequest,
        caller: Caller,
        now: datetime.datetime,
        *,
        title: str,
        purpose: str = "",
        check: str = "",
        request_id: str = "",
    ) -> tuple[Entry, Answer]:
        """Put a use into the register, decided again on the facts given or on a check."""
        title, purpose = " ".join(title.split()), " ".join(purpose.split())
        if not title:
            raise RequestError(
                "The use needs a title.",
                remedy='Give a short one, for example title="Complaint summaries".',
            )
        for name, text, most in (
            ("title", title, TITLE_CHARACTERS_MAX),
            ("purpose", purpose, PURPOSE_CHARACTERS_MAX),
        ):
            if len(text) > most:
                raise RequestError(
                    f"The {name} has {len(text):,} characters; {most:,} is the most.",
                    remedy="Describe the use in a sentence, without the data itself.",
                )
            if LOOKS_LIKE_DATA.search(text):
                raise RequestError(
                    f"The {name} holds an address or a long number.",
                    remedy="Describe the use in a sentence, without the data itself.",
                )
            if not text.translate(JOINERS).isprintable():
                raise RequestError(
                    f"The {name} holds characters that cannot be shown.",
                    remedy="Write it again without control characters.",
                )
        if check:
            request = replace(request, previous=check)
        reading = self.read_request(request, caller)
        if all(s.provenance == "profile" for s in reading.statements):
            raise RequestError(
                "Nothing was said of the use.",
                remedy="Give the check id that check_use answered, or the facts.",
            )
        decision = self._decide(reading, reading.statements, now.date())
        record = decision.as_dict()
        asked = json.dumps(
            [
                title,
                *(
                    record[name]
                    for name in (
                        "said",
                        "kinds",
                        "all_understood",
                        "decision",
                        "determining_rules",
                        "policy",
                        "catalogue_hash",
                    )
                ),
            ]
        )
        entry = self.register.add(
            NewEntry(
                request_id=request_id_of(request_id or asked),
                has_own_id=bool(request_id),
                at=stamp(now),
                organisation=caller.organisation,
                unit=caller.unit,
                person=caller.person,
                title=title,
                purpose=purpose,
                decision=self._record(decision),
            )
        )
        return entry, explain(
            self.library, decision, reading.understood, task=request.task, data=request.data
        )

    def join_use(
        self, entry: str, caller: Caller, now: datetime.datetime, *, request_id: str = ""
    ) -> Entry:
        """Take part in an approved entry."""
        found = self.find_entry(entry, caller)
        joined = self.register.join(
            found.id,
            at=stamp(now),
            actor=caller.acting(),
            request_id=request_id_of(request_id or f"join {found.id}"),
        )
        return _as_seen(joined, caller)

    def find_entry(self, entry: str, caller: Caller) -> Entry:
        """One entry that the caller may see: their own, an approved one, or any for the CAIO."""
        found = self.register.entry(entry, person=caller.person)
        if found.status != "approved" and not (found.is_own or caller.sees_all):
            raise RequestError(
                f"There is no entry {found.id} that you may see.",
                remedy="search_register shows yours and the approved ones.",
            )
        return _as_seen(found, caller)

    def search_register(
        self,
        caller: Caller,
        *,
        words: str = "",
        status: str = "",
        limit: int = 10,
        before: str = "",
    ) -> list[Entry]:
        """Entries of the caller's own and precedent; everything for the CAIO."""
        if not 1 <= limit <= ENTRIES_MAX:
            raise RequestError(f"limit must be from 1 to {ENTRIES_MAX}, not {limit}.")
        if len(words) > PURPOSE_CHARACTERS_MAX:
            raise RequestError("The search has too many words.", remedy="Use a few.")
        found = self.register.entries(
            caller.scope,
            words=words,
            status=status,
            limit=limit,
            before=before,
        )
        return [_as_seen(entry, caller) for entry in found]


def _as_seen(entry: Entry, caller: Caller) -> Entry:
    """What a caller may know of an entry; of somebody else's, not who owns it and what for."""
    is_open = entry.is_own or caller.sees_all
    return entry if is_open else replace(entry, owner="", purpose="")


def entry_dict(entry: Entry) -> dict[str, Plain]:
    """An entry in plain values, without what is empty."""
    shown: dict[str, Plain] = {
        "entry": entry.id,
        "status": entry.status,
        "title": entry.title,
        "purpose": entry.purpose,
        "decision": entry.decision,
        "check": entry.check,
        "organisation": entry.organisation,
        "unit": entry.unit,
        "owner": entry.owner,
        "own": entry.is_own,
        "members": entry.members,
        "created_at": entry.created_at,
    }
    return {name: value for name, value in shown.items() if value not in ("", None)}
