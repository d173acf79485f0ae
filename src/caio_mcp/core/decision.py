"""The decision as a value with one canonical form: what the log keeps and a receipt signs."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .. import __version__
from .conditions import judge, variables
from .contributions import Contribution
from .decide import Engine, Ruling
from .exceptions import PolicyException
from .facts import UNSURE, Statement, as_plain, statement
from .index import bits
from .knowledge import Contradiction, Knowledge
from .policy import Contact
from .questions import Option, Question, open_questions
from .remedies import Perhaps, Remedy, remedies
from .validity import Limit, valid_until
from .vocabulary import IN, OUT, Effect, Fact
from .wording import Plain


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule or cell that made the decision."""

    rule: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation or advice that comes with a decision. `if_open` names the facts that
    would still have to hold for it; empty means it certainly applies."""

    id: str
    text: str
    kind: str
    rules: tuple[str, ...]
    if_open: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """Everything about one decision. The same facts, policy, catalogue, engine and day give
    the same bytes."""

    ruling: Ruling
    decision: str
    best_case: str
    worst_case: str
    determining_rules: tuple[str, ...]
    reasons: tuple[Reason, ...]
    also_applies: tuple[str, ...]
    obligations: tuple[Duty, ...]
    advice: tuple[Duty, ...]
    questions: tuple[Question, ...]
    remedies: tuple[Remedy, ...]
    could_help: tuple[Perhaps, ...]
    tried_all: bool  # whether every set of moves was tried that could help
    is_exact: bool  # whether nothing was given up while reasoning about it
    reviewers: tuple[Contact, ...]
    valid_until: Limit | None
    if_ordinary: tuple[str, Mapping[str, str]] | None
    contradictions: tuple[Contradiction, ...]
    facts: Mapping[str, Mapping[str, Plain]]
    said: tuple[Statement, ...]
    kinds: tuple[str, ...]
    all_understood: bool
    exceptions: tuple[PolicyException, ...]  # not over, and may act on the use
    policy: Mapping[str, Plain]
    catalogue_hash: str
    as_of: datetime.date
    engine_version: str = __version__

    @property
    def is_permitted(self) -> bool:
        """Whether the policy allows the use, with or without conditions."""
        return self.ruling.is_final and self.ruling.best <= Effect.allow_with_conditions

    def as_dict(self) -> dict[str, Plain]:
        """The decision in plain values."""
        ordinary = self.if_ordinary
        return {
            "decision": self.decision,
            "best_case": self.best_case,
            "worst_case": self.worst_case,
            "determining_rules": list(self.determining_rules),
            "reasons": [{"rule": r.rule, "text": r.text, "source": r.source} for r in self.reasons],
            "also_applies": list(self.also_applies),
            "obligations": [_duty(duty) for duty in self.obligations],
            "advice": [_duty(duty) for duty in self.advice],
            "questions": [_question(question) for question in self.questions],
            "remedies": [_remedy(remedy) for remedy in self.remedies],
            "could_help": [
                {"tool": p.tool, "best_case": p.best.name, "usually": p.usually}
                for p in self.could_help
            ],
            "tried_all": self.tried_all,
            "reviewers": [
                {"role": c.role, "who": c.who, "usual_days": c.usual_days} for c in self.reviewers
            ],
            "valid_until": None
            if self.valid_until is None
            else {"day": self.valid_until.day.isoformat(), "because": self.valid_until.because},
            "if_ordinary": None
            if ordinary is None
            else {"decision": ordinary[0], "presumes": dict(ordinary[1])},
            "contradictions": [
                {"fact": c.fact, "stated": c.stated, "against": c.against, "taken": c.taken}
                for c in self.contradictions
            ],
            "facts": {name: dict(fact) for name, fact in self.facts.items()},
            "said": [
                {
                    "fact": s.fact,
                    "value": as_plain(s),
                    "provenance": s.provenance,
                    "default": s.is_default,
                }
                for s in self.said
            ],
            "kinds": list(self.kinds),
            "all_understood": self.all_understood,
            "exceptions": [exception.as_dict() for exception in self.exceptions],
            "policy": dict(self.policy),
            "catalogue_hash": self.catalogue_hash,
            "engine_version": self.engine_version,
            "exact": self.is_exact,
            "as_of": self.as_of.isoformat(),
        }

    def canonical(self) -> bytes:
        """The exact bytes of the decision: JSON, sorted names, no spaces, UTF-8."""
        return self._bytes

    @cached_property
    def _bytes(self) -> bytes:
        return json.dumps(
            self.as_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()

    @cached_property
    def check(self) -> str:
        """The id of the decision: the start of the SHA-256 of its bytes, so that the same
        decision has the same id everywhere."""
        return check_of(self._bytes)


def check_of(content: bytes) -> str:
    """The id of a decision with these bytes."""
    return f"C-{base64.b32encode(hashlib.sha256(content).digest()).decode()[:12]}"


def _duty(duty: Duty) -> dict[str, Plain]:
    return {
        "id": duty.id,
        "text": duty.text,
        "rules": list(duty.rules),
        "if_open": list(duty.if_open),
    }


def _remedy(remedy: Remedy) -> dict[str, Plain]:
    return {
        "target": remedy.target.name,
        "cost": remedy.cost,
        "sets": {said.fact: as_plain(said) for move in remedy.moves for said in move.sets},
        "who": list(remedy.who),
        "moves": [
            {
                "id": move.id,
                "title": move.title,
                "who": list(move.who),
                "usual_time": move.usual_time,
                "evidence": move.evidence,
            }
            for move in remedy.moves
        ],
    }


def _question(question: Question) -> dict[str, Plain]:
    return {
        "fact": question.fact,
        "ask": question.ask,
        "asked_of": question.asked_of,
        "options": [_option(option) for option in question.options],
    }


def _option(option: Option) -> dict[str, Plain]:
    shown: dict[str, Plain] = {
        "value": option.value,
        "title": option.title,
        "leads_to": [effect.name for effect in option.leads_to],
    }
    if option.alone:
        shown["alone"] = [effect.name for effect in option.alone]
    return shown | ({"sign": option.sign} if option.sign else {})


def ordered(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """What was said, in an order that does not depend on who said it first."""
    return tuple(
        sorted(
            statements,
            key=lambda s: (s.fact, s.provenance, s.is_default, str(as_plain(s)), s.because),
        )
    )


def decide(
    engine: Engine,
    statements: Sequence[Statement],
    day: datetime.date,
    *,
    kinds: Sequence[str] = (),
    all_understood: bool = True,
    exceptions: Iterable[PolicyException] = (),
) -> Decision:
    """The decision on what was said, as of a day.

    `kinds` are the kinds of data whose meaning is among the statements, and `all_understood`
    says that there was no other word for the data: kept so that more can be said later. Of the
    `exceptions` only those count that may act on what was said; the decision keeps these.
    """
    said = ordered(statements)
    matter = engine.that_matter(exceptions, said, day)
    engine = engine.excepting(matter)
    given_up = engine.given_up
    ruling = engine.rule(said, day)
    questions = open_questions(engine, ruling)
    determining = tuple(sorted(engine.determining(ruling), key=lambda c: not is_beyond(engine, c)))
    ways = remedies(engine, said, ruling, day)
    policy = engine.policy
    limit = valid_until(engine, said, ruling, determining, day)
    obligations = duties_of(engine, ruling, "must")
    advice = (*duties_of(engine, ruling, "should"), *_standing_advice(engine, ruling))
    ordinary = _if_ordinary(engine, said, questions, day)
    return Decision(
        ruling=ruling,
        decision=ruling.word,
        best_case=ruling.best.name,
        worst_case=ruling.worst.name,
        determining_rules=tuple(c.id for c in determining),
        reasons=reasons_of(engine, ruling, determining),
        also_applies=tuple(
            c.id for c in ruling.certain if c not in determining and c.effect > Effect.allow
        ),
        obligations=obligations,
        advice=advice,
        questions=questions,
        remedies=ways.remedies,
        could_help=ways.could_help,
        tried_all=ways.is_complete,
        is_exact=engine.given_up == given_up,
        reviewers=_reviewers(engine, ruling, determining),
        valid_until=limit,
        if_ordinary=ordinary,
        contradictions=ruling.knowledge.contradictions,
        facts=describe(engine, ruling.knowledge),
        said=said,
        kinds=tuple(sorted(set(kinds))),
        all_understood=all_understood,
        exceptions=matter,
        policy={
            "name": policy.name,
            "version": policy.version,
            "hash": policy.digest,
            "adopted": policy.is_adopted,
        },
        catalogue_hash=engine.catalogue.digest,
        as_of=day,
    )


def is_beyond(engine: Engine, item: Contribution) -> bool:
    """Whether it depends on the purpose alone: no other tool and no other data would help."""
    facts = {engine.space.variables[v].fact for v in variables(item.condition)}
    return bool(facts) and all(fact.startswith("purpose.") for fact in facts)


def reasons_of(
    engine: Engine, ruling: Ruling, determining: Sequence[Contribution]
) -> tuple[Reason, ...]:
    """Why, for each rule; what does not certainly apply says under which condition it does."""
    masks = ruling.knowledge.masks
    found: dict[tuple[str, str], Reason] = {}
    for item in determining:
        condition = ""
        if item.id in ruling.assumed:
            condition = "If what was assumed is true: "
        elif judge(item.condition, masks) is None:
            condition = (
                "You are unsure, so: " if item in ruling.certain else "Depending on which it is: "
            )
        key = (condition, item.reason)
        found.setdefault(key, Reason(item.id, f"{condition}{item.reason}", item.source))
    return tuple(found.values())


def duties_of(engine: Engine, ruling: Ruling, kind: str) -> tuple[Duty, ...]:
    """The obligations of what applies, and of what may still apply once facts are known:
    leaving a fact out must not make a duty disappear."""
    if not ruling.is_final:
        return ()
    decision = ruling.best
    bearers: dict[str, list[Contribution]] = {}
    for item in (*ruling.certain, *ruling.open):
        if item.effect > decision or (decision == Effect.prohibit and item.effect < decision):
            continue
        for name in item.obligations:
            if engine.obligations[name].kind == kind:
                bearers.setdefault(name, []).append(item)
    certain = {item.id for item in ruling.certain}
    duties = []
    for name, items in bearers.items():
        real = items
        if not any(item.id in certain for item in items):
            reasoner = engine.reasoner(ruling)
            real = [item for item in items if reasoner.can_hold(item.condition)]
        if real:
            text = engine.obligations[name].text
            rules = tuple(item.id for item in real)
            duties.append(Duty(name, text, kind, rules, _open_facts(engine, ruling, real)))
    return tuple(sorted(duties, key=lambda duty: bool(duty.if_open)))


def _open_facts(engine: Engine, ruling: Ruling, items: Sequence[Contribution]) -> tuple[str, ...]:
    """The facts on which it still depends whether any of the items applies; none if one does."""
    certain = {item.id for item in ruling.certain}
    if any(item.id in certain for item in items):
        return ()
    if engine.reasoner(ruling).covers(item.condition for item in items):
        return ()
    masks = ruling.knowledge.masks
    return tuple(
        dict.fromkeys(
            engine.space.variables[v].fact
            for item in items
            for v in sorted(variables(item.condition))
            if masks[v] & (masks[v] - 1) and v not in ruling.unsure
        )
    )


def _standing_advice(engine: Engine, ruling: Ruling) -> tuple[Duty, ...]:
    if not ruling.is_final or ruling.best == Effect.prohibit:
        return ()
    known = engine.policy.obligations
    return tuple(Duty(name, known[name].text, "should", ()) for name in engine.policy.advice)


def _reviewers(
    engine: Engine, ruling: Ruling, determining: Sequence[Contribution]
) -> tuple[Contact, ...]:
    if not ruling.is_final or ruling.best != Effect.review:
        return ()
    policy = engine.policy
    roles = dict.fromkeys(c.reviewer for c in determining if c.reviewer in policy.contacts)
    if not roles and policy.contacts:
        roles = dict.fromkeys([next(iter(policy.contacts))])
    unit = unit_of(engine, ruling)
    found = (policy.contact(role, unit) for role in roles)
    return tuple(contact for contact in found if contact is not None)


def unit_of(engine: Engine, ruling: Ruling) -> str:
    """The unit of whoever asks, if the policy has units and it is known."""
    if not engine.policy.units:
        return ""
    units = engine.knower.possible(ruling.knowledge, "actor.unit")
    return units[0].id if len(units) == 1 else ""


def _if_ordinary(
    engine: Engine, said: Sequence[Statement], questions: Sequence[Question], day: datetime.date
) -> tuple[str, Mapping[str, str]] | None:
    """What the decision would be if the open facts were as they ordinarily are."""
    presumed = {q.fact: engine.vocabulary.facts[q.fact].ordinary for q in questions}
    if not questions or not all(presumed.values()):
        return None
    more = [statement(engine.vocabulary, name, value) for name, value in presumed.items()]
    return engine.rule([*said, *more], day).word, presumed


# -- the facts as they stand -----------------------------------------------------------


def describe(engine: Engine, known: Knowledge) -> dict[str, dict[str, Plain]]:
    """Every fact of which something is known: its value and where it comes from."""
    found: dict[str, dict[str, Plain]] = {}
    settled = _by_contract(engine, known)
    for name, fact in engine.vocabulary.facts.items():
        value = _known_value(engine, known, fact)
        if name in known.unsure:
            found[name] = {"value": UNSURE, "provenance": "stated"}
        elif value is not None:
            found[name] = {"value": value, "provenance": _provenance(known, name, settled)}
    return found


def _known_value(engine: Engine, known: Knowledge, fact: Fact) -> Plain:
    space, masks = engine.space, known.masks
    indexes = space.of_fact[fact.id]
    if fact.type == "set":
        present = [space.variables[v].member for v in indexes if masks[v] == IN]
        absent = [space.variables[v].member for v in indexes if masks[v] == OUT]
        if len(present) + len(absent) == len(indexes) and indexes:
            return {"only": present}
        return {"all_of": present, "none_of": absent} if present or absent else None
    mask = masks[indexes[0]]
    if mask == space.full[indexes[0]]:
        return None
    values = space.variables[indexes[0]].values
    left = [values[i] for i in bits(mask)]
    return left[0] if len(left) == 1 else left


# What the policy itself says of tools and models.
_OF_POLICY = ("tool.approval", "tool.cleared_level", "tool.group", "model.approval")


def _provenance(known: Knowledge, name: str, settled: Collection[str]) -> str:
    said = known.sources.get(name)
    if said:
        firm = [s for s in said if not s.is_default]
        if not firm:
            return said[0].provenance
        return "stated" if any(s.provenance == "stated" for s in firm) else firm[0].provenance
    if name in _OF_POLICY or name in settled:
        return "profile"
    return "catalogue" if name.startswith("tool.") else "derived"


def _by_contract(engine: Engine, known: Knowledge) -> set[str]:
    """The facts that the organisation's own contracts for the possible tools settle."""
    tools = {value.id for value in engine.knower.possible(known, "tool.id")}
    return {
        said.fact
        for approval in engine.policy.approvals
        if not approval.on and approval.id in tools
        for said in approval.facts
    }
