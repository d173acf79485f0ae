"""Whatever is put into any tool: an answer or an error that the assistant can mend, and soon.

Tools and their arguments are found in the server's list, so that a new one is covered by itself.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import math
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.server.app import build_server
from caio_mcp.server.logs import ContentFreeFormatter
from caio_mcp.settings import ROLES, load_settings
from hostile import ALWAYS, TEXTS, Place, ToolArgument, quickly, texts, tool_arguments, unshowable

VALUES = 8  # tried beside those that are tried everywhere
SECONDS_MAX = 20
ANSWER_CHARACTERS_MAX = 40_000  # of all that comes back, text and structured
ERROR_CHARACTERS_MAX = 1_500


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


# What is of another type than each of these. None of it may be taken for a value.
WRONG: dict[str, list[Any]] = {
    "string": [None, 5, -1.5, math.nan, True, [], ["x"], {}, {"a": "x"}, 10**400],
    "array": [None, 5, True, "x", {"a": 1}, [1], [None], [["x"]], ["x", 5], deep(90), [math.inf]],
    "integer": [None, "5", "", 1.5, math.nan, True, [1], {}, 0, -1, 10**400, -(10**30)],
    "boolean": [None, "true", "yes", "", 0, 1, math.nan, [True], {}],
}


class Watched:
    """The register that a server writes to, seen from beside it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._before = self._version()

    def _version(self) -> int:
        """Another number once anybody else wrote anything (https://sqlite.org/pragma.html)."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def was_written(self) -> bool:
        """Whether anything was written since this was last asked."""
        before, self._before = self._before, self._version()
        return before != self._before

    def close(self) -> None:
        self._connection.close()


@asynccontextmanager
async def asked(folder: Path) -> AsyncIterator[tuple[Client, Watched]]:
    """A client of somebody in every role, with the entries that NEEDED names."""
    place = Place(folder)
    with quickly():
        place.furnish()
    settings = load_settings(
        workspace=str(place.workspace), environment={"CAIO_MCP_ROLES": ",".join(ROLES)}
    )
    service, watched = build_service(settings), Watched(settings.register)
    try:
        async with Client(build_server(service, build_caller(settings))) as client:
            yield client, watched
    finally:
        service.close()
        watched.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ContentFreeFormatter())
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


async def call(client: Client, argument: ToolArgument, value: object) -> tuple[bool, str]:
    """Whether it was refused, and all that came back; it is showable and not endless."""
    async with asyncio.timeout(SECONDS_MAX):
        answer = await client.call_tool(argument.tool, argument.call(value))
    parts = [part.text for part in answer.content if part.type == "text"]
    content = answer.structured_content  # valid JSON, so without NaN
    said = "\n".join([*parts, json.dumps(content, ensure_ascii=False, allow_nan=False)])
    about = (argument.tool, argument.name, str(value)[:60])
    assert "Traceback" not in said, about
    assert "Error executing" not in said, (about, said[:300])
    assert not unshowable(said), (about, unshowable(said))
    most = ERROR_CHARACTERS_MAX if answer.is_error else ANSWER_CHARACTERS_MAX
    assert len(said) < most, (about, len(said))
    return bool(answer.is_error), said


async def test_every_text_has_an_answer_or_an_error_with_the_next_step(
    tmp_path: Path, log: io.StringIO
) -> None:
    async with asked(tmp_path) as (client, watched):
        arguments = await tool_arguments(client)
        takes_text = [a for a in arguments if a.is_list or a.schema.get("type") == "string"]
        assert {a.tool for a in arguments} == {t.name for t in (await client.list_tools()).tools}
        assert len(takes_text) > 20
        for number, argument in enumerate(takes_text):
            for value in [*texts(number, VALUES).values(), TEXTS["nul"], "'; --\u0000"]:
                is_refused, said = await call(client, argument, value)
                was_written = watched.was_written()
                if is_refused:
                    assert not was_written, (argument.tool, argument.name, value[:40])
                    assert ". " in said.rstrip(), (argument, value[:40], said)  # and what to do
        last = await client.call_tool("check_use", {"tool": "ChatGPT Free"})
        assert not last.is_error  # and the server goes on
    assert log.getvalue() == ""


async def test_no_value_of_another_type_is_taken(tmp_path: Path, log: io.StringIO) -> None:
    async with asked(tmp_path) as (client, watched):
        for argument in await tool_arguments(client):
            kind = argument.schema.get("type") or "string"  # an enum is of texts
            too_many = [argument.schema["maximum"] + 1] if "maximum" in argument.schema else []
            for value in [*WRONG[kind], *too_many]:
                raw = ToolArgument(argument.tool, argument.name, False, argument.schema)
                is_refused, said = await call(client, raw, value)
                assert is_refused, (argument.tool, argument.name, value, said[:300])
                assert argument.name in said, (argument.name, said)
                assert "Nothing was done" in said or "limit" in said, said
        assert not watched.was_written()
    assert log.getvalue() == ""


async def test_lists_and_calls_that_are_too_long_are_refused_at_once(
    tmp_path: Path, log: io.StringIO
) -> None:
    async with asked(tmp_path) as (client, watched):
        for argument in await tool_arguments(client):
            if argument.is_list:
                for count in (51, 10_000):
                    is_refused, said = await call(client, argument, ["x"] * count)
                    assert is_refused, (argument, said[:300])
                    assert re.search(r"\b(3|12|20|50)\b", said) or argument.name in said, said
        for tool in (await client.list_tools()).tools:
            extra = {TEXTS[name] + str(n): n for name in ALWAYS for n in range(500)}
            answer = await client.call_tool(tool.name, extra)
            assert answer.is_error
            text = answer.content[0]
            assert text.type == "text"
            assert len(text.text) < ERROR_CHARACTERS_MAX, text.text[:500]
            assert not unshowable(text.text)
        assert not watched.was_written()
    assert log.getvalue() == ""


async def test_no_tool_of_another_name_is_called(tmp_path: Path, log: io.StringIO) -> None:
    async with asked(tmp_path) as (client, _):
        names = [text for name, text in TEXTS.items() if name != "not utf-8"]  # no client sends it
        for name in [*names, "CHECK_USE", " check_use", "check_use\n", "__class__"]:
            answer = await client.call_tool(name, {})
            text = answer.content[0]
            assert answer.is_error
            assert text.type == "text"
            assert "There is no tool" in text.text
            assert "check_use" in text.text  # those that there are, or the closest
            assert not unshowable(text.text)
    assert log.getvalue() == ""
