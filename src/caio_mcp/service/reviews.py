"""Reviews: what somebody in a role decides on an entry, and exceptions that they grant."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from ..core.decision import Decision
from ..core.exceptionable import Exceptionable, exceptionable_rules
from ..core.facts import read_statement
from ..core.lifecycle import Status, words
from ..core.vocabulary import NEED_MORE
from ..core.wording import nearest, quote
from ..errors import RequestError
from ..register import Actor, Change, DecisionRecord, Duty, Entry, Grant, Granted
from .caller import REVIEWS, Caller
from .office import request_id_of, stamp
from .requests import UseRequest
from .uses import Uses, duties_of, is_readable, read_date, read_words

Outcome = Literal[
    "approve",
    "approve_with_conditions",
    "deny",
    "suspend",
    "reassess",
    "ask_back",
    "grant_exception",
    "revoke_exception",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
STATUS_OF: dict[str, Status] = {
    "approve": "approved",
    "approve_with_conditions": "approved_with_conditions",
    "deny": "denied",
    "suspend": "suspended",
    "reassess": "under_reassessment",
    "ask_back": "proposed",
}
REVIEW_DAYS = 365  # after which an approval is looked at again, if nothing ends it before
CONDITIONS_MAX = 20
SCOPE_FACTS = ("tool.id", "purpose.task")  # what an exception is for, unless it is said


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer says."""

    entry: str
    outcome: str
    reason: str = ""
    conditions: tuple[str, ...] = ()  # of an approval, or the compensating controls
    facts: tuple[str, ...] = ()  # what the reviewer established
    rule: str = ""  # of an exception: the rule or cell
    scope: tuple[str, ...] = ()  # of an exception: fact=value
    for_all_units: bool = False
    until: str = ""  # the last day of an exception; of an approval, when it is looked at again
    exception: str = ""  # to be revoked
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of it."""

    entry: Entry
    before: Status
    decision: Decision | None = None
    granted: Granted | None = None
    affected: tuple[str, ...] = ()

    def sentences(self) -> str:
        """In plain words, what was done first."""
        entry, granted, decision = self.entry, self.granted, self.decision
        lines = [f'{entry.id} "{entry.title}": {words(self.before)} -> {words(entry.status)}.']
        if granted is not None and not granted.ended:
            scope = " and ".join((granted.unit or "every unit", *granted.scope))
            lines.append(
                f"{granted.id} from {granted.rule} until {granted.expires}, for {scope}. "
                "After that day the rule applies again."
            )
        elif granted is not None:
            ended = f"{granted.id} from {granted.rule} is {granted.ended}"
            lines.append(f"{ended}; the rule applies again.")
        if self.affected:
            lines.append(f"Under reassessment because of it: {', '.join(self.affected)}.")
        if decision is not None and not decision.is_permitted and granted is not None:
            asks = ", ".join(question.fact for question in decision.questions)
            rules = ", ".join(decision.determining_rules)
            lines.append(f"Still not allowed: {rules}." if rules else f"Still not known: {asks}.")
        if entry.review_on:
            lines.append(f"To be looked at again by {entry.review_on}.")
        return "\n".join(lines)


class Reviews(Uses):
    """Deciding on entries."""

    def review_use(self, review: Review, caller: Caller, now: datetime.datetime) -> Reviewed:
        """Approve, with conditions, deny, suspend, put under reassessment, ask back, grant or
        revoke an exception. Nobody decides on what they asked for or take part in."""
        actor = self._reviewer(caller)
        review = _read_review(review)
        self.lapse(now)
        entry = self.find_entry(review.entry, caller)
        if not is_readable(entry, caller):  # approved ones of other units are seen, not decided
            raise RequestError(
                f"{entry.id} is of another unit. Nothing was changed.",
                remedy="A reviewer of its unit, the DPO or the CAIO decides on it.",
            )
        if entry.is_own or entry.takes_part:
            raise RequestError(
                f"{entry.id} is your own request, or you take part in it. Nothing was changed.",
                remedy="Somebody else in a reviewing role decides on it.",
            )
        if review.outcome == "revoke_exception":
            return self._revoke(review, entry, actor, now)
        if review.outcome == "grant_exception":
            return self._grant(review, entry, caller, now)
        return self._decide_on(review, entry, caller, actor, now)

    @staticmethod
    def _reviewer(caller: Caller) -> Actor:
        if not set(REVIEWS) & set(caller.roles):
            raise RequestError(
                "Reviews are for reviewers, the DPO and the CAIO. Nothing was changed.",
                remedy="The answer of check_use names who reviews.",
            )
        return caller.acting("caio", "dpo", "reviewer")

    # -- approving and denying -------------------------------------------------------------------

    def _decide_on(
        self, review: Review, entry: Entry, caller: Caller, actor: Actor, now: datetime.datetime
    ) -> Reviewed:
        status = STATUS_OF[review.outcome]
        record: DecisionRecord | None = None
        decision: Decision | None = None
        duties: tuple[Duty, ...] | None = None
        if status in ("approved", "approved_with_conditions"):
            decision = self.decided_anew(entry, caller, now.date(), review.facts)
            _refuse_what_policy_forbids(entry, decision)
            record = self._record(decision)
            duties = (*duties_of(decision), *_conditions(review.conditions))
        changed = self.register.change(
            Change(
                entry.id,
                request_id_of(review.request_id or f"{review} {entry.event}"),
                stamp(now),
                actor,
                "reviewed",
                status=status,
                seen=entry.event,
                decision=record,
                sets=_dates(review, decision, now.date()),
                notes={"reason": review.reason} if review.reason else {},
                duties=duties,
            )
        )
        return Reviewed(changed, entry.status, decision)

    def decided_anew(
        self, entry: Entry, caller: Caller, day: datetime.date, facts: Sequence[str] = ()
    ) -> Decision:
        """The decision on an entry's facts today, under today's policy and exceptions, and with
        what a reviewer established."""
        of_unit = replace(caller, unit=entry.unit)
        request = UseRequest(previous=entry.check, facts=tuple(facts))
        return self.decided(request, of_unit, day)[1]

    # -- exceptions -------------------------------------------------------------------------------

    def _grant(
        self, review: Review, entry: Entry, caller: Caller, now: datetime.datetime
    ) -> Reviewed:
        decision = self.decided_anew(entry, caller, now.date(), review.facts)
        found = self._excepted_rule(review, entry, decision)
        actor = self._approver(found, caller)
        last = _last_day(review, found, now.date())
        if not review.reason or not review.conditions:
            raise RequestError(
                "An exception needs a reason and what is done instead. Nothing was changed.",
                remedy='Give reason="..." and conditions=["..."].',
            )
        grant = Grant(
            found.rule,
            self._scope(review, decision),
            "" if review.for_all_units else entry.unit,
            now.date().isoformat(),
            last.isoformat(),
        )
        at, request = stamp(now), request_id_of(review.request_id or f"{review} {entry.event}")
        self.register.change(
            Change(
                entry.id,
                request,
                at,
                actor,
                "granted",
                seen=entry.event,
                notes={"reason": review.reason, "controls": "; ".join(review.conditions)},
                grant=grant,
            )
        )
        granted = self.register.exceptions(entry=entry.id)[-1]
        again = self.decided_anew(entry, caller, now.date(), review.facts)
        stands = self.register.entry(entry.id, person=caller.person)
        status: Status | None = "approved_with_conditions" if again.is_permitted else None
        changed = self.register.change(
            Change(
                entry.id,
                request_id_of(f"{granted.id} decided"),
                at,
                actor,
                "decided",
                status=status,
                seen=stands.event,
                decision=self._record(again),
                sets={"review_on": grant.expires},
                duties=(*duties_of(again), *_conditions(review.conditions)),
            )
        )
        return Reviewed(changed, entry.status, again, granted)

    def _excepted_rule(self, review: Review, entry: Entry, decision: Decision) -> Exceptionable:
        found = exceptionable_rules(self.library.engine, decision)
        if not found:
            raise RequestError(
                f"The policy allows no exception that would help {entry.id}. Nothing was changed.",
                remedy="Deny it, or change the policy.",
            )
        chosen = [one for one in found if one.rule == review.rule or not review.rule]
        if len(chosen) == 1:
            return chosen[0]
        names = [one.rule for one in found]
        problem = f"{quote(review.rule)} is not one of them" if review.rule else "There are several"
        raise RequestError(
            f"{problem}: an exception is from one rule. Nothing was changed.",
            remedy=f"Give rule= one of {', '.join(names)}.",
        )

    @staticmethod
    def _approver(found: Exceptionable, caller: Caller) -> Actor:
        """The caller in the role that may grant it. A contact that is no role here, such as
        legal, is stood for by the CAIO."""
        able = (found.role, "caio") if found.role in REVIEWS else ("caio",)
        if not set(able) & set(caller.roles):
            raise RequestError(
                f"Only the {able[0].upper()} grants an exception from {found.rule}. "
                "Nothing was changed.",
                remedy=f"Ask {found.who}." if found.who else "Ask the CAIO.",
            )
        return caller.acting(*able)

    def _scope(self, review: Review, decision: Decision) -> tuple[str, ...]:
        if review.scope:
            for text in review.scope:
                if read_statement(self.library.vocabulary, text).says_nothing:
                    raise RequestError(
                        f"{quote(text)} limits nothing. Nothing was changed.",
                        remedy="Write fact=value, for example tool=claude-team.",
                    )
            return review.scope
        known = {name: decision.facts.get(name, {}).get("value") for name in SCOPE_FACTS}
        return tuple(f"{name}={value}" for name, value in known.items() if isinstance(value, str))

    def _revoke(
        self, review: Review, entry: Entry, actor: Actor, now: datetime.datetime
    ) -> Reviewed:
        in_force = [x for x in self.register.exceptions(entry=entry.id) if not x.ended]
        chosen = [x for x in in_force if x.id == review.exception or not review.exception]
        if len(chosen) != 1:
            listed = ", ".join(x.id for x in in_force) or "none"
            raise RequestError(
                f"Which exception of {entry.id}? In force: {listed}. Nothing was changed.",
                remedy='Give exception="X-0001".',
            )
        if review.reason:
            self.register.change(
                Change(
                    entry.id,
                    request_id_of(f"why revoke {chosen[0].id}"),
                    stamp(now),
                    actor,
                    "changed",
                    notes={"reason": review.reason},
                )
            )
        affected = self.end(chosen[0], actor, now, "revoked")
        stands = self.register.entry(entry.id, person=actor.person)
        (ended,) = [x for x in self.register.exceptions(entry=entry.id) if x.id == chosen[0].id]
        return Reviewed(stands, entry.status, None, ended, tuple(affected))


def _read_review(review: Review) -> Review:
    if review.outcome not in OUTCOMES:
        raise RequestError(
            f"{quote(review.outcome)} is not an outcome. Nothing was changed.",
            remedy=nearest(review.outcome, OUTCOMES),
        )
    for what, said in (("conditions", review.conditions), ("facts in scope", review.scope)):
        if len(said) > CONDITIONS_MAX:
            raise RequestError(
                f"{CONDITIONS_MAX} {what} are the most, not {len(said):,}. Nothing was changed.",
                remedy="Say it with fewer.",
            )
    if review.outcome in ("deny", "suspend", "ask_back") and not review.reason.strip():
        raise RequestError(
            "The person will want to know why. Nothing was changed.", remedy='Give reason="...".'
        )
    if review.outcome == "approve_with_conditions" and not review.conditions:
        raise RequestError(
            "No condition was given. Nothing was changed.",
            remedy='Give conditions=["..."], or approve.',
        )
    outcome = review.outcome
    if outcome == "approve" and review.conditions:
        outcome = "approve_with_conditions"
    return replace(
        review,
        outcome=outcome,
        reason=read_words("reason", review.reason),
        conditions=tuple(read_words("condition", text) for text in review.conditions),
    )


def _refuse_what_policy_forbids(entry: Entry, decision: Decision) -> None:
    """A reviewer decides what the policy leaves to a reviewer, and nothing else."""
    if decision.decision == NEED_MORE and decision.worst_case == "prohibit":
        asks = "; ".join(question.fact for question in decision.questions[:3])
        raise RequestError(
            f"{entry.id} may still be a no: not known yet: {asks}. Nothing was changed.",
            remedy='Establish it and say so: facts=["fact=value"]; or outcome="ask_back".',
        )
    if decision.decision == "prohibit":
        rules = ", ".join(decision.determining_rules)
        raise RequestError(
            f"The policy prohibits {entry.id} ({rules}); a review cannot allow it. "
            "Nothing was changed.",
            remedy='outcome="grant_exception" where the policy lets one, or change the policy.',
        )


def _conditions(texts: Sequence[str]) -> tuple[Duty, ...]:
    return tuple(Duty(f"own-{n}", "review", text) for n, text in enumerate(texts, 1))


def _dates(review: Review, decision: Decision | None, today: datetime.date) -> dict[str, str]:
    """When an approval is looked at again; what was due to be reviewed is."""
    if decision is None:
        return {"due_on": ""} if review.outcome == "deny" else {}
    limits = [today + datetime.timedelta(days=REVIEW_DAYS)]
    if decision.valid_until is not None:
        limits.append(decision.valid_until.day)
    if review.until:
        limits.append(_future(read_date("until", review.until), today))
    return {"review_on": min(limits).isoformat(), "due_on": ""}


def _last_day(review: Review, found: Exceptionable, today: datetime.date) -> datetime.date:
    most = today + datetime.timedelta(days=found.days_max)
    if not review.until:
        return most
    last = _future(read_date("until", review.until), today)
    if last > most:
        raise RequestError(
            f"An exception from {found.rule} lasts {found.days_max} days at the most, "
            f"so until {most}. Nothing was changed.",
            remedy=f"Give until={most} or earlier.",
        )
    return last


def _future(day: datetime.date, today: datetime.date) -> datetime.date:
    if day < today:
        raise RequestError(f"{day} is over. Nothing was changed.", remedy="Give a later day.")
    return day
