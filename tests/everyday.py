"""Fifty everyday asks, held as an assistant and a person would hold them:
`python tests/everyday.py` prints how many questions each one needs."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from mcp import Client

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.server.app import build_server
from caio_mcp.settings import load_settings
from conftest import Conversation, tokens

ASKS = Path(__file__).with_name("everyday_asks.yaml")
POLICY = "acme"
QUESTIONS_MAX = 2
TOKENS_MAX = 300
OPEN = "need_more_information"


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody types, what they know, and what the policy says of it."""

    id: str
    says: str
    task: str
    expect: str
    because: str
    truth: Mapping[str, Any]
    tool: str = ""
    data: Sequence[str] = ()

    @property
    def rounds_max(self) -> int:
        """How often this person may be asked."""
        return 2 if self.task == "other" else 1


@dataclass(slots=True)
class Held:
    """How a conversation went."""

    ask: Ask
    decision: str = ""
    asked: list[str] = field(default_factory=list)  # the questions shown, by their fact
    texts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def load_asks() -> list[Ask]:
    """The asks of the file; every word in it stays a word."""
    read = yaml.load(ASKS.read_text(encoding="utf-8"), yaml.BaseLoader)
    return [Ask(**part) for part in read["asks"]]


async def hold(talk: Conversation, ask: Ask) -> Held:
    """At most two calls, and at most two questions in between; once more for a task that no
    word of ours describes."""
    held = Held(ask)
    content = await _called(
        talk, held, {"task": ask.task, "tool": ask.tool, "data": list(ask.data)}
    )
    for _ in range(ask.rounds_max):
        if content.get("decision") != OPEN:
            break
        asked = [question["fact"] for question in content["questions"]]
        held.asked += asked
        if len(asked) > QUESTIONS_MAX:
            held.faults.append(f"{len(asked)} questions at once")
        answers = _answers(held, content)
        if answers is None:
            break
        content = await _called(talk, held, answers)
    held.decision = str(content.get("decision"))
    if held.decision == OPEN:
        further = [question["fact"] for question in content["questions"]]
        held.faults.append(f"still open in the end: asks {', '.join(further)}")
    elif held.decision != ask.expect:
        held.faults.append(f"{held.decision}, where {ask.expect} was worked out: {ask.because}")
    return held


async def _called(talk: Conversation, held: Held, arguments: dict[str, Any]) -> dict[str, Any]:
    content = await talk.call("check_use", **{k: v for k, v in arguments.items() if v})
    held.texts.append(talk.text)
    if talk.is_error:
        held.faults.append(f"refused: {talk.text}")
    forms = {
        "text": talk.text,
        "structured": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
    }
    held.faults += [
        f"the {name} form has {count} tokens"
        for name, form in forms.items()
        if (count := tokens(form)) > TOKENS_MAX
    ]
    return content


def _answers(held: Held, content: Mapping[str, Any]) -> dict[str, Any] | None:
    """What this person answers, in the form that the answer shows for the next call."""
    call = re.fullmatch(r'check_use\(previous="([^"]+)"(.*)\)', str(content.get("next")))
    if call is None:
        held.faults.append(f"no next call to make: {content.get('next')}")
        return None
    previous, rest = call.groups()
    facts, unknown = [], []
    for fact, only in re.findall(r'"([\w.]+)=(only:)?\.\.\."', rest):
        said = held.ask.truth.get(fact)
        if said is None:
            unknown.append(fact)
        elif isinstance(said, str):
            facts.append(f"{fact}={said}")
        else:
            facts.append(f"{fact}={only}{','.join(said)}")
    if 'data=["..."]' in rest:
        unknown.append("the data in everyday words")
    shown = {question["fact"]: question["ask"] for question in content["questions"]}
    held.faults += [
        f"this person cannot answer {fact}: {shown.get(fact, '')!r}" for fact in unknown
    ]
    return {"previous": previous, "facts": facts}


def table(conversations: Sequence[Held]) -> str:
    """How many asks needed no, one or two questions, and what was asked most."""
    counts = Counter(len(held.asked) for held in conversations)
    asked = Counter(fact for held in conversations for fact in held.asked)
    lines = ["questions  asks", *(f"{n:>9}  {counts[n]:>4}" for n in range(max(counts) + 1))]
    lines += [f"{fact}: {count}" for fact, count in asked.most_common()]
    return "\n".join(lines)


async def hold_all(workspace: Path, asks: Sequence[Ask]) -> list[Held]:
    """Every ask as a conversation of its own with one server."""
    settings = load_settings(workspace=str(workspace), policy=POLICY, environment={})
    service = build_service(settings)
    try:
        async with Client(build_server(service, build_caller(settings))) as client:
            return [await hold(Conversation(client), ask) for ask in asks]
    finally:
        service.close()


def main() -> None:
    """Print every conversation in a line, and the table."""
    with tempfile.TemporaryDirectory() as folder:
        conversations = asyncio.run(hold_all(Path(folder), load_asks()))
    for held in conversations:
        print(f"{len(held.asked)}  {held.ask.id:26} {held.decision:22} {', '.join(held.asked)}")
        for fault in held.faults:
            print(f"   ! {fault}")
    print(table(conversations))


if __name__ == "__main__":
    main()
