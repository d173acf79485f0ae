"""A decision in plain words: verdict first, why, what helps, what comes next.

An assistant reads it aloud to somebody with thirty seconds. `Answer.text` and
`Answer.structured()` carry the same facts, because some clients show only one of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from .decision import Decision
from .document import Plain, may_be_content, normal, quote
from .facts import NONE, UNSURE, Statement, as_plain
from .kinds import Understood
from .library import Library
from .policy import PolicySet
from .questions import Option, Question
from .remedies import Perhaps, Remedy, approved_tools
from .vocabulary import NEED_MORE, UNLISTED, Effect

ASK_THE_PERSON = "Ask the person; do not guess."
AS_USUAL = "If the rest is as usual"
QUESTIONS_SHOWN = 2
LABELS_SHOWN = 3
NARROW = 2  # options on a line of an answer that is short of room
CHECKLIST_MAX = 20
DUTIES_SHOWN = 5
REASON_CHARACTERS_MAX = 160

# An answer has room for 300 tokens in each form. They are not counted but weighed, piece by
# piece; on 3,000 answers the weight was 0.96 to 1.12 times the o200k tokens.
WEIGHT_MAX = 290
_PIECES = re.compile(r"[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]+")


def weight(text: str) -> float:
    """About how many tokens a text has."""
    return sum(map(_weight_of, _PIECES.findall(text)))


def _weight_of(piece: str) -> float:
    if not piece.isascii():
        return len(piece.encode()) / 2
    if piece.isdigit():
        return 1.5
    if not piece.isalpha():
        return 1.1
    if piece.isupper() and len(piece) > 3:  # as in ids, which no tokenizer knows
        return 0.55 * len(piece)
    return 1 + 0.04 * max(0, len(piece) - 7)


@dataclass(frozen=True, slots=True)
class Room:
    """How much of everything an answer shows; the first one that fits is taken."""

    reasons: int = 3
    remedies: int = 3
    signs: int = 2
    sources: int = 3
    labels: bool = True
    options: int = 5
    questions: int = QUESTIONS_SHOWN

    @property
    def is_wide(self) -> bool:
        """Whether there is room for what is good to know and not needed."""
        return self.options > NARROW


ROOMS = (
    Room(),
    Room(signs=1),
    Room(signs=1, reasons=2),
    Room(signs=1, reasons=2, remedies=2),
    Room(signs=0, reasons=2, remedies=2),
    Room(signs=0, reasons=2, remedies=2, sources=1),
    Room(signs=0, reasons=2, remedies=2, sources=0),
    Room(signs=0, reasons=2, remedies=1, sources=0),
    Room(signs=0, reasons=1, remedies=1, sources=0),
    Room(signs=0, reasons=1, remedies=1, sources=0, labels=False),
    Room(signs=0, reasons=1, remedies=1, sources=0, labels=False, options=2),
)

# A question has no reasons and remedies to leave out.
QUESTION_ROOMS = (
    Room(),
    Room(signs=0),
    Room(signs=0, labels=False),
    Room(signs=0, labels=False, options=2),
    Room(signs=0, labels=False, options=2, questions=1),
)

_OUTCOMES = {
    Effect.allow: "yes",
    Effect.allow_with_conditions: "yes with conditions",
    Effect.review: "review",
    Effect.prohibit: "no",
}


@dataclass(frozen=True)
class Answer:
    """What a person is told about one decision."""

    decision: Decision
    check: str
    verdict: str
    reasons: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    more_questions: int = 0
    helps: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    incident: tuple[str, ...] = ()
    room: Room = ROOMS[0]
    next: NextStep | None = None

    @property
    def fits(self) -> bool:
        """Whether both forms are as short as an answer in a chat should be."""
        structured = json.dumps(self.structured(), ensure_ascii=False, separators=(",", ":"))
        return max(weight(self.for_assistant()), weight(structured)) <= WEIGHT_MAX

    def for_assistant(self) -> str:
        """The whole answer, with the call that comes next."""
        return f"{self.text}\nNext: {self.next.call()}" if self.next else self.text

    def for_terminal(self) -> str:
        """The whole answer, with the command that comes next."""
        text = self.text.replace(f" {ASK_THE_PERSON}", "")
        return f"{text}\nNext: {self.next.command()}" if self.next else text

    @cached_property
    def text(self) -> str:
        """The whole answer, one fact a line."""
        lines = [self.verdict]
        lines += _list("Thank you for saying so. Now:", self.incident)
        lines += _list("Why", self.reasons, "- ")
        is_review = self.decision.decision == Effect.review.name
        lines += _list("Once approved you must" if is_review else "You must", self.conditions)
        for number, question in enumerate(self.questions, 1):
            who = "" if question.asked_of == "you" else f" (ask {_who(question.asked_of)})"
            lines.append(f"{number}. {question.ask}{who} [{question.fact}]")
            lines += [
                f" {letter}) {line}"
                for letter, line in zip("abcdefgh", self._options(question), strict=False)
            ]
        if self.more_questions:
            lines.append(f"After that up to {self.more_questions} more.")
        lines += _list("What works instead", self.helps)
        lines += self.not_understood
        if self.understood:
            lines.append(f"Taken from your words: {'; '.join(self.understood)}.")
        lines += self.notes
        limit = self.decision.valid_until
        until = f"Valid to {limit.day} ({limit.because}). " if limit is not None else ""
        lines.append(f"{until}Check {self.check}, as of {self.decision.as_of}.")
        return "\n".join(lines)

    def _options(self, question: Question) -> list[str]:
        is_second = len(self.questions) > 1 and question is self.questions[1]
        return _options(question, self.room, is_second=is_second)

    def structured(self) -> dict[str, Plain]:
        """The same in names and values."""
        return self._structured

    @cached_property
    def _structured(self) -> dict[str, Plain]:
        decision = self.decision
        result: dict[str, Plain] = {"decision": decision.decision, "verdict": self.verdict}
        if decision.decision == "need_more_information":
            result |= {"best_case": decision.best_case, "worst_case": decision.worst_case}
        lists: dict[str, Plain] = {
            "incident_steps": list(self.incident),
            "reasons": list(self.reasons),
            "conditions": list(self.conditions),
            "questions": [
                {"fact": q.fact, "ask": q.ask}
                | ({} if q.asked_of == "you" else {"ask_whom": _who(q.asked_of)})
                | {"options": list(self._options(q))}
                for q in self.questions
            ],
            "more_questions": self.more_questions,
            "works_instead": list(self.helps),
            "not_understood": list(self.not_understood),
            "understood": "; ".join(self.understood),
            "notes": list(self.notes),
        }
        result |= {name: value for name, value in lists.items() if value}
        if decision.valid_until is not None:
            limit = decision.valid_until
            result |= {"valid_until": limit.day.isoformat(), "then": limit.because}
        result |= {"check": self.check, "as_of": decision.as_of.isoformat()}
        return result | ({"next": self.next.call()} if self.next else {})


def _list(title: str, lines: Sequence[str], bullet: str = "") -> list[str]:
    if not lines:
        return []
    return [title, *(f"{bullet or f'{n}. '}{line}" for n, line in enumerate(lines, 1))]


def _who(asked_of: str) -> str:
    return {"it": "IT", "legal": "legal or privacy", "reviewer": "the reviewer"}.get(
        asked_of, asked_of
    )


def _is_asked_in_words(question: Question) -> bool:
    """Whether the list is too long to read out: "none of these" must not be said of it."""
    return question.is_list and len(question.options) > CHECKLIST_MAX


def _worded(library: Library, question: Question) -> Question:
    """The question as it is put to a person."""
    if _is_asked_in_words(question):
        ask = "What kind of data is it, in everyday words, such as 'customer complaints'?"
        return replace(question, ask=ask)
    if question.fact == "tool.id":
        tools = library.catalogue.tools
        products = {tools[o.value].product for o in question.options if o.value in tools}
        if len(products) == 1 and all(o.value in tools for o in question.options):
            return replace(question, ask=f"Which {products.pop()} plan or account?")
    return question


def _options(question: Question, room: Room, *, is_second: bool) -> list[str]:
    """The answers and what each leads to, the best outcome first. Answers that lead to the
    same are one line. Every value can be sent back as it stands before any `=`."""
    if _is_asked_in_words(question):
        return []
    if not any(option.leads_to for option in question.options):
        return [", ".join(option.value for option in question.options)]
    grouped: dict[tuple[tuple[Effect, ...], bool, tuple[Effect, ...]], list[Option]] = {}
    for option in question.options:
        alone: tuple[Effect, ...] = ()
        if len(option.leads_to) > 1 and len(option.alone) == 1:
            alone = option.alone
        is_ticked = not (question.is_list and option.value == NONE)  # "none" has its own line
        grouped.setdefault((alone or option.leads_to, is_ticked, alone), []).append(option)
    lines: list[str] = []
    for (leads, _, alone), options in sorted(grouped.items()):
        sign = "" if lines or not room.signs else options[0].sign
        words = _answers(options, room, is_list=question.is_list, sign=sign)
        lines.append(f"{words} -> {_leads(leads, is_second=bool(alone) and is_second)}")
    is_said = is_second and not room.is_wide  # once is enough where room is short
    return lines if is_said else [*lines, "unsure -> the strictest of these"]


def _answers(options: Sequence[Option], room: Room, *, is_list: bool, sign: str) -> str:
    """Several answers on one line."""
    if len(options) == 1:
        label = _label(options[0], is_list=is_list)
        return f"{label} ({sign.rstrip('.')})" if sign else label
    is_labelled = room.labels or (is_list and room.is_wide)
    if len(options) <= LABELS_SHOWN and is_labelled:
        return "; ".join(_label(option, is_list=is_list) for option in options)
    is_short = is_list or len(options) <= LABELS_SHOWN
    shown = options if is_short else options[: room.options]
    more = f" or {len(options) - len(shown)} more" if len(options) > len(shown) else ""
    return ", ".join(_value(option, is_list=is_list) for option in shown) + more


def _value(option: Option, *, is_list: bool) -> str:
    """What is sent back."""
    return "none of these" if is_list and option.value == NONE else option.value


def _label(option: Option, *, is_list: bool) -> str:
    """The value, with its everyday words where they say more."""
    if is_list and option.value == NONE:
        return _value(option, is_list=is_list)
    if normal(option.title) == normal(option.value):
        return option.value
    return f"{option.value} = {option.title}"


def _leads(effects: Sequence[Effect], *, is_second: bool) -> str:
    if len(effects) == len(_OUTCOMES):
        return "depends on the rest"
    return " or ".join(_OUTCOMES[effect] for effect in effects) + (", if 1a" if is_second else "")


def _incident(policy: PolicySet) -> tuple[str, ...]:
    """The steps after data went where it should not have gone, with the contacts by name."""
    names = {role: contact.who for role, contact in policy.contacts.items()}
    return tuple(step.format_map(names) for step in policy.incident)


def policy_label(policy: PolicySet) -> str:
    """The policy and its version, as said in an answer."""
    return f"{policy.title} {policy.version}"


def explain(
    library: Library,
    decision: Decision,
    understood: Understood,
    *,
    task: str = "",
    data: Sequence[str] = (),
    already_done: bool = False,
    notes: Sequence[str] = (),
    is_kept: bool = True,
) -> Answer:
    """The answer to one check; `is_kept` says whether its id can be used again."""
    questions = tuple(_worded(library, question) for question in _to_ask(library, decision))
    conditions = _conditions(library, decision)
    use = _use(library, decision, understood, task, data)
    is_incident = already_done and not decision.is_permitted
    whole = Answer(
        decision=decision,
        check=decision.check,
        verdict=_verdict(library, decision, use, len(conditions), understood),
        conditions=conditions,
        questions=questions,
        understood=(*understood.readings, *_of_task(library, decision)),
        not_understood=_not_understood(understood),
        notes=(
            *_notes(library, decision, understood),
            *notes,
            *(_after_a_no(library, decision) if not is_incident else ()),
        ),
        incident=_incident(library.policy) if is_incident else (),
    )
    for room in ROOMS if decision.ruling.is_final else QUESTION_ROOMS:
        answer = _furnished(library, whole, understood, room, is_kept=is_kept)
        if answer.fits:
            break
    return answer


def _furnished(
    library: Library, answer: Answer, understood: Understood, room: Room, *, is_kept: bool
) -> Answer:
    """The answer with as many reasons, remedies and questions as there is room for."""
    decision, questions = answer.decision, answer.questions[: room.questions]
    is_final = decision.ruling.is_final
    return replace(
        answer,
        verdict=answer.verdict if is_final else _open_verdict(library, len(questions)),
        questions=questions,
        more_questions=len({q.fact for q in decision.questions} - {q.fact for q in questions}),
        next=_next(decision, understood, questions, is_kept=is_kept),
        notes=tuple(n for n in answer.notes if room.is_wide or not n.startswith(AS_USUAL)),
        reasons=() if decision.is_permitted else _reasons(decision, room),
        helps=_helps(library, decision, understood, room),
        room=room,
    )


def _reasons(decision: Decision, room: Room) -> tuple[str, ...]:
    lines = []
    for number, reason in enumerate(decision.reasons[: room.reasons]):
        source = f": {reason.source}" if reason.source and number < room.sources else ""
        lines.append(f"{reason.text} [{reason.rule}{source}]")
    return tuple(lines)


def _of_task(library: Library, decision: Decision) -> tuple[str, ...]:
    """What was taken to be so because of the task."""
    said = decision.facts.get("purpose.task", {}).get("value")
    task = library.vocabulary.facts["purpose.task"].values.get(str(said))
    return (task.reads,) if task is not None and task.reads else ()


def _after_a_no(library: Library, decision: Decision) -> tuple[str, ...]:
    """What somebody may need next who was told no."""
    if not decision.ruling.is_final or decision.ruling.best != Effect.prohibit:
        return ()
    contact = next(iter(library.policy.contacts.values()), None)
    ask = (f"Questions: {contact.who}.",) if contact is not None else ()
    return ("Already pasted it? Say so (already_done): reporting early helps.", *ask)


def _to_ask(library: Library, decision: Decision) -> tuple[Question, ...]:
    """The questions to ask now. Where the task is open, it comes before what mostly follows
    from it: nobody is asked about prohibited practices before what they want to do. What only
    others know is asked once the person's own answers leave it open."""
    own = tuple(q for q in decision.questions if q.asked_of == "you")
    if any(map(_is_asked_in_words, own)):  # from words for the data follows its level
        own = tuple(q for q in own if q.fact != "data.level")
    task = library.vocabulary.facts["purpose.task"]
    follows = {name for value in task.values.values() for name in value.derives}
    if task.id in decision.facts or not follows & {q.fact for q in decision.questions}:
        shown = (own or decision.questions)[:QUESTIONS_SHOWN]
        return shown[:1] if shown[1:] == decision.questions[1:2] and _is_moot(shown[1:]) else shown
    options = tuple(Option(v.id, v.id, ()) for v in task.values.values())
    first = Question(task.id, task.ask, task.asked_of, options)
    rest = [q for q in own if q.fact not in follows | {task.id}]
    return (first, *rest[: QUESTIONS_SHOWN - 1])


def _is_moot(second: Sequence[Question]) -> bool:
    """Whether the best answer to the first question leaves nothing to ask in the second."""
    outcomes = {option.alone for question in second for option in question.options}
    return len(outcomes) == 1 and len(next(iter(outcomes))) == 1


def _verdict(
    library: Library, decision: Decision, use: str, count: int, understood: Understood
) -> str:
    label = policy_label(library.policy)
    told = "on what you told us; not legal advice"
    if not decision.ruling.is_final:
        return ""  # depends on how many questions there is room for
    effect = decision.ruling.best
    if effect == Effect.allow:
        return f"YES. {label} allows this: {use} ({told})."
    if effect == Effect.allow_with_conditions:
        noun = "1 condition" if count == 1 else f"{count} conditions"
        return f"YES, with {noun}: {use} ({label}, {told})."
    if effect == Effect.review:
        who = " and ".join(_contact(c.who, c.usual_days) for c in decision.reviewers)
        return (
            f"NOT YET: {who or 'the owner of the policy'} must review this first: {use} "
            f"({label}, {told})."
        )
    if understood.unlisted:
        return (
            f"NO, not yet: {quote(understood.unlisted)} is not in the catalogue. {label} does "
            f"not allow this: {use} ({told})."
        )
    return f"NO. {label} does not allow this: {use} ({told})."


def _open_verdict(library: Library, questions: int) -> str:
    noun = "1 answer" if questions == 1 else f"{questions} answers"
    label = policy_label(library.policy)
    return f"DEPENDS on {noun} ({label}). {ASK_THE_PERSON} Until then: do not paste."


def _contact(who: str, days: int | None) -> str:
    if days is None:
        return who
    return f"{who} (usually {days} day{'' if days == 1 else 's'})"


def _use(
    library: Library, decision: Decision, understood: Understood, task: str, data: Sequence[str]
) -> str:
    """The use in a few words: what, with which data, in which tool."""
    facts = library.vocabulary.facts
    known = decision.facts
    task = task or str(known.get("purpose.task", {}).get("value", ""))
    verb = facts["purpose.task"].title_of(task) if task in facts["purpose.task"].values else "use"
    level = known.get("data.level", {}).get("value")
    said = [word for word in data if not may_be_content(word)]
    if [normal(word) for word in said] == ["none"]:
        what = "no data of yours"
    elif said:
        what = ", ".join(said)
    elif decision.kinds and set(decision.kinds) <= library.words.kinds.keys():
        what = " and ".join(library.words.kinds[name].name for name in decision.kinds)
    elif isinstance(level, str) and level != UNSURE:
        what = f"{facts['data.level'].title_of(level)} data"
    else:
        what = "this data"
    tool = known.get("tool.id", {}).get("value")
    if tool == UNLISTED and understood.unlisted:
        where = quote(understood.unlisted)
    elif isinstance(tool, list):
        products = {library.catalogue.tools[t].product for t in tool if t != UNLISTED}
        where = f"{products.pop()} (any plan)" if len(products) == 1 else "any of these tools"
    elif isinstance(tool, str) and tool != UNSURE:
        where = facts["tool.id"].title_of(tool)
    else:
        where = "an AI tool"
    return f"{verb} {what} in {where}"


def _conditions(library: Library, decision: Decision) -> tuple[str, ...]:
    facts = library.vocabulary.facts
    lines = []
    for duty in decision.obligations[:DUTIES_SHOWN]:
        when = ""
        if duty.if_open:
            titles = ", ".join(facts[name].title.lower() for name in duty.if_open[:2])
            when = f"Unless ruled out ({titles}): "
        rules = f" [{duty.rules[0]}]" if duty.rules else ""
        lines.append(f"{when}{duty.text}{rules}")
    return tuple(lines)


def _helps(
    library: Library, decision: Decision, understood: Understood, room: Room
) -> tuple[str, ...]:
    """What works instead: what is certain to, and what usually does once more is known."""
    sure = sorted(decision.remedies, key=lambda r: r.target > Effect.allow_with_conditions)
    best = min((r.target for r in sure), default=decision.ruling.best)
    usual = [  # simpler than what is sure, and as good as a rule
        perhaps
        for perhaps in decision.could_help
        if perhaps.usually != NEED_MORE and Effect[perhaps.usually] <= min(best, Effect.review)
    ][:2]
    lines = [
        _usual(library, perhaps, with_sign=number < room.signs)
        for number, perhaps in enumerate(usual)
    ]
    said = {perhaps.tool for perhaps in usual}
    others = [r for r in sure if not said & {move.id for move in r.moves}]
    lines += [
        _remedy(library, remedy, with_sign=number < room.signs)
        for number, remedy in enumerate(others, len(lines))
    ]
    lines = lines[: room.remedies]
    if not lines and decision.could_help:
        titles = library.vocabulary.facts["tool.id"]
        names = " or ".join(titles.title_of(p.tool) for p in decision.could_help[:2])
        lines.append(f"{names} may take it once more is known: ask about that tool.")
    if not lines and decision.ruling.is_final and decision.ruling.best == Effect.prohibit:
        lines += _no_help(library, decision, understood)
    return tuple(lines)


def _no_help(library: Library, decision: Decision, understood: Understood) -> list[str]:
    contact = next(iter(library.policy.contacts.values()), None)
    if not decision.tried_all:
        ask = contact.who if contact is not None else library.policy.owner
        return [f"No short way was found. Ask {ask} what would help."]
    if approved_tools(library.engine):
        return ["Nothing that your policy lists: no tool, setting or redaction makes this a yes."]
    what = "which tool may take this data"
    if understood.unlisted:
        what += f", or for {quote(understood.unlisted)} itself"
    return [f"No tool is approved yet. Ask {library.policy.owner} {what}."]


def _usual(library: Library, perhaps: Perhaps, *, with_sign: bool) -> str:
    value = library.vocabulary.facts["tool.id"].values[perhaps.tool]
    sign = f" ({value.sign.rstrip('.')})" if value.sign and with_sign else ""
    outcome = _OUTCOMES[Effect[perhaps.usually]]
    return f"You, now: Use {value.title}{sign} -> {outcome} if the rest is as usual."


def _remedy(library: Library, remedy: Remedy, *, with_sign: bool) -> str:
    """Who does what in which time, and what the answer then is."""
    times = dict.fromkeys(m.usual_time for m in remedy.moves if m.usual_time not in ("", "now"))
    people = " + ".join("you" if person == "you" else _who(person) for person in remedy.who)
    when = f" ({', '.join(times)})" if times else ", now" if remedy.who == ("you",) else ""
    tools = library.vocabulary.facts["tool.id"].values
    steps = []
    for move in remedy.moves:
        sign = tools[move.id].sign.rstrip(".") if with_sign and move.id in tools else ""
        steps.append(f"{move.title} ({sign})" if sign else move.title)
    people = people[0].upper() + people[1:]
    return f"{people}{when}: {'; '.join(steps)} -> {_OUTCOMES[remedy.target]}."


def _not_understood(understood: Understood) -> tuple[str, ...]:
    lines = []
    for word, closest in understood.not_understood:
        hint = f" Closest: {', '.join(closest)}. Which?" if closest else ""
        lines.append(f"Not understood: {quote(word)} (counts as unknown, not as harmless).{hint}")
    return tuple(lines)


def _notes(library: Library, decision: Decision, understood: Understood) -> list[str]:
    facts = library.vocabulary.facts
    notes = []
    for clash in decision.contradictions:
        name = facts[clash.fact.partition(":")[0]].title
        member = clash.fact.partition(":")[2]
        subject = facts[clash.fact.partition(":")[0]].title_of(member) if member else name
        notes.append(
            f"Contradiction: you said {subject} = {_shown(clash.stated)}; the "
            f"{_SOURCES[clash.against]} says {_shown(clash.taken)}, and that counts."
        )
    if understood.unlisted and decision.is_permitted:
        notes.append("The tool is not in the catalogue: nothing is known of its contract.")
    assumed = [s for s in decision.said if s.provenance == "assumed"]
    if assumed:
        values = ", ".join(f"{facts[s.fact].title} = {_assumed(library, s)}" for s in assumed)
        notes.append(
            f"Assumed by the assistant: {values}. True? It counts only where it makes "
            "the answer stricter."
        )
    if decision.ruling.knowledge.unsure:
        names = ", ".join(
            f"{fact.title} (as {fact.title_of(fact.when_unsure)})"
            if fact.when_unsure
            else fact.title
            for fact in map(facts.__getitem__, decision.ruling.knowledge.unsure)
        )
        notes.append(f"Unsure about {names}: counted as the strictest.")
    said_absent = [
        facts[s.fact].title_of(m)
        for s in decision.said
        if s.provenance == "stated" and s.fact.startswith("data.")
        for m in sorted(s.absent)
    ]
    data = [s for s in decision.said if s.fact.startswith("data.") and s.provenance == "stated"]
    if any(s.is_complete for s in data):
        said_absent.append("nothing else regulated")
    if said_absent and decision.is_permitted:
        notes.append(
            f"You said: no {', no '.join(said_absent)} (not scanned).".replace(
                "no nothing", "nothing"
            )
        )
    if decision.if_ordinary and decision.if_ordinary[0] != "need_more_information":
        notes.append(f"{AS_USUAL}: {_OUTCOMES[Effect[decision.if_ordinary[0]]]} (not a decision).")
    return [*notes, *_of_policy(library, decision)]


def _of_policy(library: Library, decision: Decision) -> list[str]:
    """What is to be known of the policy itself: overdue, not adopted, too much to weigh."""
    policy, facts = library.policy, library.vocabulary.facts
    notes = []
    for approval in policy.approvals:
        overdue = approval.review_due is not None and approval.review_due < decision.as_of
        kind = "model.id" if approval.on else "tool.id"
        if overdue and decision.facts.get(kind, {}).get("value") == approval.id:
            due = f"was due for review on {approval.review_due}."
            notes.append(f"The approval of {facts[kind].title_of(approval.id)} {due}")
    if not decision.is_exact:
        notes.append(
            "Too many possibilities to weigh them all: some that cannot be may count as open."
        )
    if not policy.is_adopted:
        notes.append("Sample policy, not adopted by your organisation.")
    if policy.stale_after and decision.as_of > policy.stale_after:
        notes.append(
            f"This policy was due for review on {policy.stale_after}; ask its owner "
            f"({policy.owner}) whether it still stands."
        )
    return notes


_SOURCES = {
    "approver": "approver",
    "catalogue": "catalogue",
    "profile": "organisation's profile",
    "scanned": "scan",
    "derived": "kind of data",
    "stated": "rest of what you said",
}


def _shown(value: Plain) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def _assumed(library: Library, said: Statement) -> str:

    value = as_plain(said)
    titles = library.vocabulary.facts[said.fact]
    if isinstance(value, dict):
        return ", ".join(titles.title_of(m) for part in value.values() for m in part)
    return titles.title_of(str(value))


def _form(question: Question) -> str:
    """How an answer is sent back; of a list, all that is ticked and nothing else."""
    return f"{question.fact}={'only:' if question.is_list else ''}..."


def _next(
    decision: Decision, understood: Understood, shown: Sequence[Question], *, is_kept: bool
) -> NextStep | None:
    """The call that goes on from here; none after a no."""
    is_open = not decision.ruling.is_final
    if not is_open and decision.ruling.best == Effect.prohibit:
        return None
    needs_words = bool(understood.not_understood) and not decision.all_understood
    return NextStep(
        "check_use" if is_open else "register_use",
        decision.check if is_kept else "",
        tuple(_form(q) for q in shown if is_open and not _is_asked_in_words(q)),
        is_open and (needs_words or any(map(_is_asked_in_words, shown))),
    )


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to call next; `check` is empty where the check was not kept."""

    tool: str
    check: str
    facts: tuple[str, ...]
    asks_for_words: bool

    def call(self) -> str:
        """As a call of an MCP tool."""
        if not self.check:
            answers = ", and the answers" if self.tool == "check_use" else ""
            return f"{self.tool} with everything said so far{answers}"
        if self.tool == "register_use":
            return f'register_use(check="{self.check}", title="...")'
        facts = ", ".join(f'"{fact}"' for fact in self.facts)
        given = f", facts=[{facts}]" if facts else ""
        words = ', data=["..."]' if self.asks_for_words else ""
        return f'check_use(previous="{self.check}"{given}{words})'

    def command(self) -> str:
        """As a command on the terminal."""
        if not self.check:
            return "say it all again, with the answers"
        if self.tool == "register_use":
            return f'caio-mcp register add --check {self.check} --title "..."'
        facts = "".join(f" --fact {fact}" for fact in self.facts)
        words = ' --data "..."' if self.asks_for_words else ""
        return f"caio-mcp check --previous {self.check}{facts}{words}"
