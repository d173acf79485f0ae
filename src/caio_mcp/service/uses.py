"""Uses in the register: putting them in, taking part, keeping them up, finding them."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from ..core.answer import Answer
from ..core.decision import Decision
from ..core.exceptionable import exceptionable_rules
from ..core.explain import explain
from ..core.lifecycle import IN_FORCE, STAGES, Request, Stage
from ..core.wording import JOINERS, Plain, may_hold_key, nearest, quote
from ..errors import RequestError
from ..register import Change, Duty, Entry, NewEntry
from .caller import Caller
from .checks import Checks
from .office import request_id_of, stamp
from .requests import UseRequest

TITLE_CHARACTERS_MAX = 120
PURPOSE_CHARACTERS_MAX = 1_000
UPDATES_MAX = 50  # in one call
LOOKS_LIKE_DATA = re.compile(r"\S@\S|(?:\d[ -]?){12}")  # an e-mail address, a card or account
REQUESTS: tuple[Request, ...] = get_args(Request)
ASKED = {"use": "the use", "tool": "its tool", "exception": "an exception"}  # in words
# What an owner may say of an entry afterwards; `met.ID` settles an obligation.
UPDATES = ("stage", "unit", "owner", "benefit", "outcome", "review_on", "status", "met.ID")


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of a request: the entry, the answer it rests on, and what is alike."""

    entry: Entry
    answer: Answer
    covering: tuple[Entry, ...] = ()  # approved ones that could have been joined
    alike: tuple[Entry, ...] = ()


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
        asks_for: str = "use",
        stage: str = "",
        why: str = "",
    ) -> Registered:
        """Put a use into the register, decided again on the facts given or on a check; or ask
        for its tool, or for an exception from the rule that stops it."""
        title, purpose = read_words("title", title), read_words("purpose", purpose)
        why = read_words("why", why)
        wanted, found_stage = _read_request(asks_for), read_stage(stage)
        if not title and wanted == "use":
            raise RequestError(
                "The use needs a title.",
                remedy='Give a short one, for example title="Complaint summaries".',
            )
        if check:
            request = replace(request, previous=check)
        reading, decision = self.decided(request, caller, now.date())
        if all(s.provenance == "profile" for s in reading.statements):
            raise RequestError(
                "Nothing was said of the use.",
                remedy="Give the check id that check_use answered, or the facts.",
            )
        if wanted == "exception":
            self._refuse_unexceptionable(decision, why)
        if wanted == "tool" and decision.is_permitted:
            raise RequestError(
                "The policy allows this use of the tool already. Nothing was written.",
                remedy="Register the use itself: leave `request` out.",
            )
        title = title or _title_of(wanted, decision)
        covering, alike = self.alike(decision, caller, title=title)
        entry = self.register.add(
            NewEntry(
                request_id=request_id_of(request_id or _what_is_asked(title, wanted, decision)),
                has_own_id=bool(request_id),
                at=stamp(now),
                organisation=caller.organisation,
                unit=caller.unit,
                person=caller.person,
                title=title,
                purpose=purpose,
                decision=self._record(decision),
                asks_for=wanted,
                stage=found_stage,
                due_on=self._due_on(decision, wanted, now.date()),
                review_on=decision.valid_until.day.isoformat() if decision.valid_until else "",
                duties=duties_of(decision),
                notes={"justification": why} if why else {},
                assurance=caller.assurance,
            )
        )
        answer = explain(
            self.library, decision, reading.understood, task=request.task, data=request.data
        )
        others = [e for e in (*covering, *alike) if e.id != entry.id]
        return Registered(
            entry,
            answer,
            tuple(as_seen(e, caller) for e in others if e in covering),
            tuple(as_seen(e, caller) for e in others if e not in covering),
        )

    def _refuse_unexceptionable(self, decision: Decision, why: str) -> None:
        if decision.is_permitted:
            raise RequestError(
                "The policy allows this use, so there is nothing to except. Nothing was written.",
                remedy="Register the use itself: leave `request` out.",
            )
        if not exceptionable_rules(self.library.engine, decision):
            rules = ", ".join(decision.determining_rules) or "what is still open"
            raise RequestError(
                f"The policy allows no exception from {rules}. Nothing was written.",
                remedy="check_use says what works instead.",
            )
        if not why:
            raise RequestError(
                "An exception needs a reason. Nothing was written.",
                remedy='Say why no other way works: why="...".',
            )

    def _due_on(self, decision: Decision, wanted: Request, today: datetime.date) -> str:
        """Until when somebody usually has looked at it."""
        policy = self.library.policy
        days = [contact.usual_days for contact in decision.reviewers]
        if wanted == "exception":
            found = exceptionable_rules(self.library.engine, decision)
            days = [rule.usual_days for rule in found]
        elif wanted == "tool" and policy.contacts:
            days = [next(iter(policy.contacts.values())).usual_days]
        most = max((number for number in days if number is not None), default=None)
        return "" if most is None else (today + datetime.timedelta(days=most)).isoformat()

    def join_use(
        self,
        entry: str,
        caller: Caller,
        now: datetime.datetime,
        *,
        check: str = "",
        request_id: str = "",
    ) -> Entry:
        """Take part in an approved entry; with a check, only in one that covers it."""
        self.lapse(now)
        found = self.find_entry(entry, caller)
        if check:
            _, decision = self.decided(UseRequest(previous=check), caller, now.date())
            whole = self.register.entry(found.id, person=caller.person)
            if not self.is_covered(whole, decision):
                raise RequestError(
                    f"{found.id} was approved for another use than {quote(check)}. "
                    "Nothing was changed.",
                    remedy="Register the use itself.",
                )
        joined = self.register.join(
            found.id,
            at=stamp(now),
            actor=caller.acting(),
            request_id=request_id_of(request_id or f"join {found.id}"),
        )
        return as_seen(joined, caller)

    def update_use(
        self,
        entry: str,
        updates: Sequence[str],
        caller: Caller,
        now: datetime.datetime,
        *,
        request_id: str = "",
    ) -> Entry:
        """What the owner says of an entry afterwards: stage, unit, benefit and outcome, met
        obligations with their evidence, a new owner, or that it is retired."""
        found = self.find_entry(entry, caller)
        if not (found.is_own or "caio" in caller.roles):
            raise RequestError(
                f"{found.id} is somebody else's. Nothing was changed.",
                remedy="Its owner or the CAIO can change it.",
            )
        if len(updates) > UPDATES_MAX:
            raise RequestError(
                f"{UPDATES_MAX} updates are the most at once, not {len(updates):,}. "
                "Nothing was changed.",
                remedy="Call again for the others.",
            )
        sets: dict[str, str] = {}
        notes: dict[str, str] = {}
        settles: dict[str, Any] = {}
        for text in updates:
            _read_update(text, sets, notes, settles)
        _refuse_of_others(found, sets, caller)
        if len(settles) > 1 and "evidence" in notes:
            raise RequestError(
                "One call settles one obligation, with its evidence. Nothing was changed.",
                remedy="Call again for each of the others.",
            )
        status: Any = sets.pop("status", None)
        changed = self.register.change(
            Change(
                found.id,
                request_id_of(request_id or json.dumps([found.id, found.event, *sorted(updates)])),
                stamp(now),
                caller.acting("caio"),
                "retired" if status else ("duty" if settles else "changed"),
                status=status,
                sets=sets,
                notes=notes,
                settles=settles,
            )
        )
        return as_seen(changed, caller)

    def find_entry(self, entry: str, caller: Caller) -> Entry:
        """One entry that the caller may see."""
        found = self.register.entry(entry, person=caller.person)
        if not is_visible(found, caller):
            raise RequestError(  # the same words as for one that is not there
                f"There is no entry {quote(found.id)}.",
                remedy="Entries have ids like E-0001; search_register finds them.",
            )
        return as_seen(found, caller)


def is_visible(entry: Entry, caller: Caller) -> bool:
    """Whether the caller may know that the entry is there."""
    return is_readable(entry, caller) or entry.takes_part or entry.status in IN_FORCE


def is_readable(entry: Entry, caller: Caller) -> bool:
    """Whether the caller may read what its owner wrote of the entry: joining does not open it."""
    scope = caller.scope
    of_unit = scope.sees == "unit" and entry.unit == scope.unit
    return entry.is_own or of_unit or scope.sees == "all"


def as_seen(entry: Entry, caller: Caller) -> Entry:
    """What a caller may know of an entry; of somebody else's, not who owns it and what for."""
    if is_readable(entry, caller):
        return entry
    return replace(entry, owner="", owner_name="", purpose="", check="")


def duties_of(decision: Decision) -> tuple[Duty, ...]:
    """The obligations of a decision as duties of an entry."""
    if not decision.is_permitted and decision.decision != "review":
        return ()
    return tuple(Duty(duty.id, "policy") for duty in decision.obligations)


def _what_is_asked(title: str, wanted: Request, decision: Decision) -> str:
    """What makes a request the same as another one, where it has no id of its own."""
    record = decision.as_dict()
    parts = ("said", "kinds", "all_understood", "decision", "determining_rules", "policy")
    asked = [title, *(record[name] for name in parts), record["catalogue_hash"]]
    return json.dumps([wanted, *asked] if wanted != "use" else asked)


def _title_of(wanted: Request, decision: Decision) -> str:
    """What a request is called that nobody named."""
    if wanted == "tool":
        return "A tool that is not listed"
    return f"Exception from {', '.join(decision.determining_rules)}"[:TITLE_CHARACTERS_MAX]


def _read_request(text: str) -> Request:
    for request in REQUESTS:
        if text == request:
            return request
    raise RequestError(f"{quote(text)} cannot be asked for.", remedy=nearest(text, REQUESTS))


def read_stage(text: str) -> Stage:
    """A development stage, or none."""
    for stage in STAGES:
        if text == stage:
            return stage
    raise RequestError(f"{quote(text)} is not a stage.", remedy=nearest(text, STAGES[1:]))


def read_words(name: str, text: str) -> str:
    """What somebody writes of a use, in bounds and without data in it."""
    text = " ".join(text.split())
    most = TITLE_CHARACTERS_MAX if name == "title" else PURPOSE_CHARACTERS_MAX
    if len(text) > most:
        raise RequestError(
            f"The {name} has {len(text):,} characters; {most:,} is the most.",
            remedy="Describe the use in a sentence, without the data itself.",
        )
    if LOOKS_LIKE_DATA.search(text) or may_hold_key(text):
        raise RequestError(
            f"The {name} holds an address, a long number or what looks like a key.",
            remedy="Describe the use in a sentence, without the data itself.",
        )
    if not text.translate(JOINERS).isprintable():
        raise RequestError(
            f"The {name} holds characters that cannot be shown.",
            remedy="Write it again without control characters.",
        )
    return text


def _refuse_of_others(entry: Entry, sets: Mapping[str, str], caller: Caller) -> None:
    """An owner neither moves an entry away from who reviews it nor puts its review off."""
    if "caio" in caller.roles:
        return
    for name in ("unit", "owner"):
        if name in sets:
            raise RequestError(
                f"The {name} of {entry.id} is changed by the CAIO. Nothing was changed.",
                remedy="Ask the CAIO.",
            )
    if entry.review_on and sets.get("review_on", "") > entry.review_on:
        raise RequestError(
            f"{entry.id} is looked at again by {entry.review_on}; that is not put off. "
            "Nothing was changed.",
            remedy="Ask a reviewer to approve it anew.",
        )


def _read_update(
    text: str, sets: dict[str, str], notes: dict[str, str], settles: dict[str, Any]
) -> None:
    name, sign, value = (part.strip() for part in text.partition("="))
    kind, _, duty = name.partition(".")
    if not sign or (kind == "met") != bool(duty):
        raise RequestError(
            f"{quote(text)} is not an update.", remedy=f"Write NAME=VALUE: {', '.join(UPDATES)}."
        )
    if kind == "met":
        settles[duty] = "met"
        if value:
            notes["evidence"] = read_words("evidence", value)
    elif name in ("benefit", "outcome"):
        notes[name] = read_words(name, value)
    elif name == "stage":
        sets[name] = read_stage(value)
    elif name in ("unit", "owner"):
        sets[name] = read_words("unit" if name == "unit" else "title", value)
    elif name == "review_on":
        sets[name] = read_date("review_on", value).isoformat()
    elif name == "status" and value == "retired":
        sets[name] = value
    else:
        raise RequestError(
            f"{quote(name)} cannot be changed so.",
            remedy=f"What can: {', '.join(UPDATES)}; of the status only retired.",
        )


def read_date(name: str, text: str) -> datetime.date:
    """A day as 2026-11-22."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise RequestError(
            f"{name} cannot be {quote(text)}.", remedy="Write a day as 2026-11-22."
        ) from None


def entry_dict(entry: Entry) -> dict[str, Plain]:
    """An entry in plain values, without what is empty."""
    shown: Mapping[str, Plain] = {
        "entry": entry.id,
        "status": entry.status,
        "title": entry.title,
        "purpose": entry.purpose,
        "asks_for": "" if entry.asks_for == "use" else entry.asks_for,
        "stage": entry.stage,
        "decision": entry.decision,
        "check": entry.check,
        "organisation": entry.organisation,
        "unit": entry.unit,
        "owner": entry.owner,
        "own": entry.is_own,
        "members": entry.members,
        "created_at": entry.created_at,
        "due_on": entry.due_on,
        "review_on": entry.review_on,
        "source": entry.source,
        "recheck": entry.recheck,
    }
    return {name: value for name, value in shown.items() if value not in ("", None)}
