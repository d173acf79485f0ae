"""Holds the conversation of conversation.json through any client that runs in Python."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .server import HERE, Launch, launch, workspace

CHECK = re.compile(r"C-[0-9A-Z]{12}")
NEVER_IN_A_REFUSAL = re.compile(r"\n|Traceback|pydantic|Zebra")


BOTH = ("text", "structured")


@dataclass(frozen=True)
class Seen:
    """What a client lets the model see of a result; None for what it does not let it see."""

    text: str | None = None
    structured: Mapping[str, Any] | None = None
    is_error: bool | None = None


class Session(Protocol):
    """What a client offers once the server runs."""

    shows: tuple[str, ...]  # what the model sees of an answer: one of BOTH, or both

    async def tools(self) -> Sequence[str]: ...

    async def call(self, name: str, arguments: dict[str, Any]) -> Seen: ...


Connect = Callable[[Launch, str], AbstractAsyncContextManager[Session]]


def travel(ways: Sequence[str], connect: Connect) -> None:
    """Hold it once for each way to use the client, each in a workspace of its own, and say
    what fails. It is for `connect` to see that the client really goes that way."""
    status = 0
    for way in ways:
        at = ["connect"]
        try:
            with workspace() as folder:
                asyncio.run(_converse(connect(launch(folder), way), at))
                at[:] = ["workspace"]
                assert (folder / _conversation()["register"]).is_file(), "nothing was registered"
        except Exception as error:
            print(f"{Path(sys.argv[0]).stem}, {way}, {at[0]}: {_said(error)}", file=sys.stderr)
            status = 1
    sys.exit(status)


def _conversation() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((HERE / "conversation.json").read_text("utf-8"))
    return content


async def _converse(connected: AbstractAsyncContextManager[Session], at: list[str]) -> None:
    conversation = _conversation()
    async with connected as session:
        at[:] = ["tools/list"]
        names = sorted(await session.tools())
        assert names == conversation["tools"], f"other tools: {names}"
        checks: dict[str, str] = {}  # the ids of answers, by the names that later steps have
        for written in conversation["steps"]:
            step = _replaced(written, checks)
            at[:] = [step["step"]]
            seen = await session.call(step["tool"], step["arguments"])
            if "refused" in step:
                _is_refused(step, seen)
            else:
                _is_answered(step, seen, session.shows)
            if "check" in written:
                checks[written["check"]] = _check_in(seen)


def _replaced(value: Any, checks: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(part, checks) for key, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, checks) for part in value]
    return checks.get(value, value) if isinstance(value, str) else value


def _is_answered(step: Mapping[str, Any], seen: Seen, shows: Sequence[str]) -> None:
    assert not seen.is_error, f"an error: {seen.text}"
    shown = tuple(half for half in BOTH if getattr(seen, half) is not None)
    assert shown == shows, f"the model sees {shown}, not {shows}: {seen}"
    if seen.text is not None:
        opens = step["opens"]
        assert seen.text.startswith(opens), f"the text does not open with {opens!r}: {seen.text}"
        for words in (*step.get("says", ()), step.get("verdict", "")):
            assert words in seen.text, f"{words!r} is not in the text: {seen.text}"
    if seen.structured is not None:
        values = json.dumps(seen.structured)
        assert _holds(seen.structured, step["structured"]), f"other structured content: {values}"
        for words in step.get("says", ()):
            assert words in values, f"{words!r} is not in the structured content: {values}"
        verdict = seen.structured.get("verdict", "")
        assert verdict.startswith(step.get("verdict", "")), f"another verdict: {verdict}"
        assert seen.text is None or verdict in seen.text, f"not the text's verdict: {verdict}"


def _is_refused(step: Mapping[str, Any], seen: Seen) -> None:
    assert seen.is_error is not False, f"not an error: {seen}"
    assert seen.structured is None, f"structured content of an error: {seen.structured}"
    sentence = seen.text or ""
    assert sentence.startswith(step["refused"]), f"not what is wrong: {sentence!r}"
    assert sentence.endswith("."), f"not a whole sentence: {sentence!r}"
    assert not NEVER_IN_A_REFUSAL.search(sentence), f"not for the model: {sentence!r}"


def _check_in(seen: Seen) -> str:
    """The id of the check, from all that the model sees."""
    found = set()
    if seen.text is not None:
        found |= set(CHECK.findall(seen.text))
    if seen.structured is not None:
        found.add(seen.structured["check"])
    assert len(found) == 1, f"not one check id: {sorted(found)}"
    return str(found.pop())


def _holds(found: Any, wanted: Any) -> bool:
    """Whether something is there with all that is wanted; a dict may have more."""
    if isinstance(wanted, dict):
        return isinstance(found, Mapping) and all(
            key in found and _holds(found[key], part) for key, part in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(map(_holds, found, wanted))
        )
    return bool(found == wanted)


def _said(error: BaseException) -> str:
    """An assertion by its words; anything else that a client raises, with where."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    if isinstance(error, AssertionError):
        return str(error)
    return "".join(traceback.format_exception(error))
