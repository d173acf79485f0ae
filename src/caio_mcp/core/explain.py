"""A decision in plain words: verdict first, why, what helps, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .answer import (
    ASK_THE_PERSON,
    OUTCOMES,
    QUESTION_ROOMS,
    QUESTIONS_SHOWN,
    ROOMS,
    Answer,
    NextStep,
    Room,
    form,
    is_asked_in_words,
    named,
    people,
)
from .decision import Decision, is_beyond
from .detectors.scanned import Scanned
from .exception_words import Plea, note_of, plea, that_ended
from .exceptions import PolicyException
from .facts import UNSURE, Statement, as_plain
from .kinds import Understood
from .library import Library
from .policy import Contact, PolicySet
from .questions import Option, Question
from .remedies import Perhaps, Remedy, approved_tools
from .seen import of_clash, take_out
from .vocabulary import NEED_MORE, UNLISTED, Effect
from .wording import Plain, may_be_content, normal, quote

AS_USUAL = "If the rest is as usual"


def _worded(library: Library, question: Question) -> Question:
    """The question as it is put to a person."""
    if is_asked_in_words(question):
        ask = "What kind of data is it, in everyday words, such as 'customer complaints'?"
        return replace(question, ask=ask)
    if question.fact == "tool.id":
        tools = library.catalogue.tools
        products = {tools[o.value].product for o in question.options if o.value in tools}
        if len(products) == 1 and all(o.value in tools for o in question.options):
            return replace(question, ask=f"Which {products.pop()} plan or account?")
    return question


def _unit(decision: Decision) -> str:
    """The unit of whoever asks, if it is known."""
    return str(decision.facts.get("actor.unit", {}).get("value", ""))


def _incident(policy: PolicySet, unit: str) -> tuple[str, ...]:
    """The steps after data went where it should not have gone, with the contacts by name."""
    found = ((role, policy.contact(role, unit)) for role in policy.contacts)
    names = {role: contact.who for role, contact in found if contact is not None}
    return tuple(step.format_map(names) for step in policy.incident)


def _contact_of(library: Library, decision: Decision) -> Contact | None:
    """Whom to ask about the policy: who has its first role."""
    policy = library.policy
    role = next(iter(policy.contacts), "")
    return policy.contact(role, _unit(decision))


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
    join: str = "",
    ended: Sequence[PolicyException] = (),
    scanned: Scanned | None = None,
) -> Answer:
    """The answer to one check; `is_kept` says whether its id can be used again, `join` is an
    approved entry that covers the use, `ended` are exceptions that are over, and `scanned` is
    what was seen in the data."""
    questions = tuple(_worded(library, question) for question in _to_ask(library, decision))
    use = _use(library, decision, understood, task, data)
    is_incident = already_done and not decision.is_permitted
    ended = that_ended(library, decision, ended)
    ask = None if is_incident else plea(library, decision, ended, is_kept=is_kept)
    whole = Answer(
        decision=decision,
        check=decision.check,
        verdict=_verdict(library, decision, use, len(decision.obligations), understood),
        questions=questions,
        understood=(*understood.readings, *_of_task(library, decision)),
        not_understood=_not_understood(understood),
        notes=(
            *map(note_of, ended),
            *([scanned.summary] if scanned is not None else []),
            *_notes(library, decision, understood, scanned),
            *notes,
            *(_after_a_no(library, decision) if not is_incident else ()),
        ),
        incident=_incident(library.policy, _unit(decision)) if is_incident else (),
    )
    for room in ROOMS if decision.ruling.is_final else QUESTION_ROOMS:
        answer = _furnished(
            library, whole, understood, room, ask, is_kept=is_kept, join=join, scanned=scanned
        )
        if answer.fits:
            break
    return ask.where_it_fits(answer) if ask and not answer.exception else answer


def _furnished(
    library: Library,
    answer: Answer,
    understood: Understood,
    room: Room,
    ask: Plea | None,
    *,
    is_kept: bool,
    join: str,
    scanned: Scanned | None,
) -> Answer:
    """The answer with as many reasons, remedies and questions as there is room for."""
    decision, questions = answer.decision, answer.questions[: room.questions]
    is_final = decision.ruling.is_final
    furnished = replace(
        answer,
        verdict=answer.verdict if is_final else _open_verdict(library, len(questions)),
        questions=questions,
        more_questions=len({q.fact for q in decision.questions} - {q.fact for q in questions}),
        next=_next(decision, understood, questions, is_kept=is_kept, join=join)
        or take_out(decision, scanned, is_kept=is_kept),
        notes=tuple(n for n in answer.notes if room.is_wide or not n.startswith(AS_USUAL)),
        reasons=() if decision.is_permitted else _reasons(decision, room),
        conditions=_conditions(library, decision, room),
        helps=_helps(library, decision, room),
        room=room,
    )
    if furnished.helps or not is_final or decision.ruling.best != Effect.prohibit:
        return furnished
    if ask:
        return ask.beside(furnished)
    return replace(furnished, helps=_no_help(library, decision, understood))


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
    contact = _contact_of(library, decision)
    ask = (f"Questions: {contact.who}.",) if contact is not None else ()
    return ("Already pasted it? Say so (already_done): reporting early helps.", *ask)


def _to_ask(library: Library, decision: Decision) -> tuple[Question, ...]:
    """The questions to ask now. Where the task is open, it comes before what mostly follows
    from it: nobody is asked about prohibited practices before what they want to do. What only
    others know is asked once the person's own answers leave it open."""
    own = tuple(q for q in decision.questions if q.asked_of == "you")
    if any(map(is_asked_in_words, own)):  # words for the data say the rest of it too
        own = tuple(q for q in own if is_asked_in_words(q) or not q.fact.startswith("data."))
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
    seen = " and a scan" if any(s.provenance == "scanned" for s in decision.said) else ""
    told = f"on what you told us{seen}; not legal advice"
    if not decision.ruling.is_final:
        return ""  # depends on how many questions there is room for
    effect = decision.ruling.best
    if effect == Effect.allow:
        return f"YES. {label} allows this: {use} ({told})."
    if effect == Effect.allow_with_conditions:
        noun = "1 condition" if count == 1 else f"{count} conditions"
        return f"YES, with {noun}: {use} ({label}, {told})."
    if effect == Effect.review:
        who = " and ".join(named(c.who, c.usual_days) for c in decision.reviewers)
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


def _conditions(library: Library, decision: Decision, room: Room) -> tuple[str, ...]:
    """What must be done. Where room is short the last are only counted, but never a certain
    condition of a yes."""
    facts = library.vocabulary.facts
    certain = sum(not duty.if_open for duty in decision.obligations)
    shown = max(certain, room.duties) if decision.is_permitted else room.duties
    lines = []
    for duty in decision.obligations[:shown]:
        when = ""
        if duty.if_open:
            titles = ", ".join(facts[name].title.lower() for name in duty.if_open[:2])
            when = f"Unless ruled out ({titles}): "
        named = [rule for rule in duty.rules if rule != duty.id]  # an exception names its rule
        rules = f" [{named[0]}]" if named else ""
        lines.append(f"{when}{duty.text}{rules}")
    if more := len(decision.obligations) - len(lines):
        why = ", depending on what is open" if decision.is_permitted else ""
        lines.append(f"{more} more{why}; the record names them.")
    return tuple(lines)


def _helps(library: Library, decision: Decision, room: Room) -> tuple[str, ...]:
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
    return tuple(lines)


def _no_help(library: Library, decision: Decision, understood: Understood) -> tuple[str, ...]:
    contact = _contact_of(library, decision)
    ask = contact.who if contact is not None else library.policy.owner
    engine = library.engine
    if any(is_beyond(engine, item) for item in engine.determining(decision.ruling)):
        return ("Nothing: this is not allowed in any tool, with any data.",)
    if not decision.tried_all:
        return (f"No short way was found. Ask {ask} what would help.",)
    if approved_tools(engine):
        return ("Nothing that your policy lists: no tool, setting or redaction makes this a yes.",)
    what = "which tool may take this data"
    if understood.unlisted:
        what += f", or for {quote(understood.unlisted)} itself"
    return (f"No tool is approved yet. Ask {ask} {what}.",)


def _usual(library: Library, perhaps: Perhaps, *, with_sign: bool) -> str:
    value = library.vocabulary.facts["tool.id"].values[perhaps.tool]
    sign = f" ({value.sign.rstrip('.')})" if value.sign and with_sign else ""
    outcome = OUTCOMES[Effect[perhaps.usually]]
    return f"You, now: Use {value.title}{sign} -> {outcome} if the rest is as usual."


def _remedy(library: Library, remedy: Remedy, *, with_sign: bool) -> str:
    """Who does what in which time, and what the answer then is."""
    times = dict.fromkeys(m.usual_time for m in remedy.moves if m.usual_time not in ("", "now"))
    who = " + ".join(map(people, remedy.who))
    when = f" ({', '.join(times)})" if times else ", now" if remedy.who == ("you",) else ""
    tools = library.vocabulary.facts["tool.id"].values
    steps = []
    for move in remedy.moves:
        sign = tools[move.id].sign.rstrip(".") if with_sign and move.id in tools else ""
        steps.append(f"{move.title} ({sign})" if sign else move.title)
    who = who[0].upper() + who[1:]
    return f"{who}{when}: {'; '.join(steps)} -> {OUTCOMES[remedy.target]}."


def _not_understood(understood: Understood) -> tuple[str, ...]:
    lines = []
    for word, closest in understood.not_understood:
        hint = f" Closest: {', '.join(closest)}. Which?" if closest else ""
        lines.append(f"Not understood: {quote(word)} (counts as unknown, not as harmless).{hint}")
    return tuple(lines)


def _notes(
    library: Library, decision: Decision, understood: Understood, scanned: Scanned | None
) -> list[str]:
    facts = library.vocabulary.facts
    notes = []
    for clash in decision.contradictions:
        if clash.against == "scanned":
            notes.append(of_clash(library.vocabulary, clash, scanned))
            continue
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
        looked = "not scanned" if scanned is None else "found none by pattern"
        notes.append(
            f"You said: no {', no '.join(said_absent)} ({looked}).".replace("no nothing", "nothing")
        )
    if decision.if_ordinary and decision.if_ordinary[0] != "need_more_information":
        notes.append(f"{AS_USUAL}: {OUTCOMES[Effect[decision.if_ordinary[0]]]} (not a decision).")
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


def _next(
    decision: Decision,
    understood: Understood,
    shown: Sequence[Question],
    *,
    is_kept: bool,
    join: str,
) -> NextStep | None:
    """The call that goes on from here; none after a no."""
    is_open = not decision.ruling.is_final
    if not is_open and decision.ruling.best == Effect.prohibit:
        return None
    needs_words = bool(understood.not_understood) and not decision.all_understood
    return NextStep(
        "check_use" if is_open else "register_use",
        decision.check if is_kept else "",
        tuple(form(q) for q in shown if is_open and not is_asked_in_words(q)),
        is_open and (needs_words or any(map(is_asked_in_words, shown))),
        join=join,
    )
