"""What a person is told: one answer as text and as values, in as much room as a chat gives it.

An assistant reads it aloud to somebody with thirty seconds. Both forms carry the same, because
some clients show only one of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase

from .decision import Decision
from .facts import NONE, NONE_OF_THESE
from .questions import Option, Question
from .vocabulary import Effect
from .wording import Plain, normal

ASK_THE_PERSON = "Ask the person; do not guess."
QUESTIONS_SHOWN = 2
LABELS_SHOWN = 3
NARROW = 2  # options on a line of an answer that is short of room
CHECKLIST_MAX = 20

# An answer has room for 300 tokens in each form. They are not counted but weighed, piece by
# piece; on 3,000 answers the weight was 0.96 to 1.12 times the o200k tokens.
WEIGHT_MAX = 285


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
    duties: int = 9

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
    Room(signs=0, reasons=2, remedies=2, sources=1, duties=4),
    Room(signs=0, reasons=2, remedies=2, sources=0, duties=4),
    Room(signs=0, reasons=2, remedies=1, sources=0, duties=3),
    Room(signs=0, reasons=2, remedies=1, sources=0, labels=False, duties=3),
    Room(signs=0, reasons=2, remedies=1, sources=0, labels=False, options=2, duties=1),
    Room(signs=0, reasons=1, remedies=1, sources=0, labels=False, options=2, duties=1),
)


# A question has no reasons and remedies to leave out.
QUESTION_ROOMS = (
    Room(),
    Room(signs=0),
    Room(signs=0, labels=False),
    Room(signs=0, labels=False, options=2),
    Room(signs=0, labels=False, options=2, questions=1),
)


OUTCOMES = {
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
    exception: NextStep | None = None  # how to ask for one, if a line of `helps` says so

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
        if self.exception:
            text = text.replace(self.exception.call(), self.exception.command())
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
            who = "" if question.asked_of == "you" else f" (ask {people(question.asked_of)})"
            lines.append(f"{number}. {question.ask}{who} [{question.fact}]")
            lines += [
                f" {letter}) {line}"
                for letter, line in zip(ascii_lowercase, self._options(question), strict=False)
            ]
        if self.more_questions:
            lines.append(f"After that up to {self.more_questions} more.")
        lines += _list("What works instead", self.helps)
        lines += self.not_understood
        if self.understood:
            lines.append(f"Taken from your words: {'; '.join(self.understood)}.")
        lines += self.notes
        limit = self.decision.valid_until
        word = "Valid" if self.decision.is_permitted else "Holds"
        until = f"{word} to {limit.day} ({limit.because}). " if limit is not None else ""
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
                | ({} if q.asked_of == "you" else {"ask_whom": people(q.asked_of)})
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


def people(asked_of: str) -> str:
    """Who is asked, or has something to do, in words."""
    return {"it": "IT", "legal": "legal or privacy", "reviewer": "the reviewer"}.get(
        asked_of, asked_of
    )


def named(who: str, usual_days: int | None) -> str:
    """Somebody who decides, with how long it usually takes."""
    if usual_days is None:
        return who
    return f"{who} (usually {usual_days} day{'' if usual_days == 1 else 's'})"


def is_asked_in_words(question: Question) -> bool:
    """Whether the list is too long to read out: "none of these" must not be said of it."""
    return question.is_list and len(question.options) > CHECKLIST_MAX


def _options(question: Question, room: Room, *, is_second: bool) -> list[str]:
    """The answers and what each leads to, the best outcome first. Answers that lead to the
    same are one line. Every value can be sent back as it stands before any `=`."""
    if is_asked_in_words(question):
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
    return NONE_OF_THESE if is_list and option.value == NONE else option.value


def _label(option: Option, *, is_list: bool) -> str:
    """The value, with its everyday words where they say more."""
    if is_list and option.value == NONE:
        return _value(option, is_list=is_list)
    if normal(option.title) == normal(option.value):
        return option.value
    return f"{option.value} = {option.title}"


def _leads(effects: Sequence[Effect], *, is_second: bool) -> str:
    if len(effects) == len(OUTCOMES):
        return "depends on the rest"
    return " or ".join(OUTCOMES[effect] for effect in effects) + (", if 1a" if is_second else "")


def form(question: Question) -> str:
    """How an answer is sent back; of a list, all that is ticked and nothing else."""
    return f"{question.fact}={'only:' if question.is_list else ''}..."


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to call next; `check` is empty where the check was not kept."""

    tool: str
    check: str
    facts: tuple[str, ...] = ()
    asks_for_words: bool = False
    request: str = ""  # what is asked for, where it is not the use itself
    join: str = ""  # an approved entry that covers the use
    only: tuple[str, ...] = ()  # what a copy of the data would have to be without

    def call(self) -> str:
        """As a call of an MCP tool."""
        if self.only:
            names = ", ".join(f'"{name}"' for name in self.only)
            return f'redact_copy(path="...", only=[{names}])'
        if self.join:
            return f'register_use(join="{self.join}")'
        if not self.check:
            answers = ", and the answers" if self.tool == "check_use" else ""
            request = f', request="{self.request}"' if self.request else ""
            return f"{self.tool} with everything said so far{answers}{request}"
        if self.request:
            return f'register_use(check="{self.check}", request="{self.request}")'
        if self.tool == "register_use":
            return f'register_use(check="{self.check}", title="...")'
        facts = ", ".join(f'"{fact}"' for fact in self.facts)
        given = f", facts=[{facts}]" if facts else ""
        words = ', data=["..."]' if self.asks_for_words else ""
        return f'check_use(previous="{self.check}"{given}{words})'

    def command(self) -> str:
        """As a command on the terminal."""
        if self.only:
            return f"caio-mcp redact FILE --only {','.join(self.only)}"
        if self.join:
            return f"caio-mcp register join {self.join}"
        if not self.check:
            request = f"--request {self.request}" if self.request else "the answers"
            return f"say it all again, with {request}"
        if self.request:
            return f"caio-mcp register add --check {self.check} --request {self.request}"
        if self.tool == "register_use":
            return f'caio-mcp register add --check {self.check} --title "..."'
        facts = "".join(f" --fact {fact}" for fact in self.facts)
        words = ' --data "..."' if self.asks_for_words else ""
        return f"caio-mcp check --previous {self.check}{facts}{words}"
