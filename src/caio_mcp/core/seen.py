"""What a scan saw, beside what was said: contradictions, and how to take it out."""

from __future__ import annotations

from .answer import NextStep
from .decision import Decision
from .detectors.scanned import Scanned
from .knowledge import Contradiction
from .vocabulary import Effect, Vocabulary


def of_clash(vocabulary: Vocabulary, clash: Contradiction, scanned: Scanned | None) -> str:
    """That the data holds what somebody said it does not, and where."""
    name, _, member = clash.fact.partition(":")
    fact = vocabulary.facts[name]
    if name == "data.level":
        said, taken = (_titles(vocabulary, name, v) for v in (clash.stated, clash.taken))
        return f"You said {said}; by your policy what was found is {taken}, and that counts."
    what = fact.title_of(member) if member else fact.title
    where = scanned.place(member) if scanned is not None else ""
    holds = f"{where} holds what looks like it" if where else "the scan found what looks like it"
    return f"You said no {what}; {holds}, and that counts."


def _titles(vocabulary: Vocabulary, name: str, value: object) -> str:
    values = value if isinstance(value, list) else [value]
    return " or ".join(vocabulary.facts[name].title_of(str(part)) for part in values)


def take_out(decision: Decision, scanned: Scanned | None, *, is_kept: bool) -> NextStep | None:
    """The call that makes a copy without what stands in the way, after a no that this would
    turn into something better."""
    if scanned is None or decision.ruling.best != Effect.prohibit:
        return None
    for remedy in decision.remedies:
        absent = {
            member
            for move in remedy.moves
            for said in move.sets
            if said.fact == "data.categories"
            for member in said.absent
        }
        if only := sorted(absent & scanned.data):
            check = decision.check if is_kept else ""
            return NextStep("redact_copy", check, only=tuple(only))
    return None
