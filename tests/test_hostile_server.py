"""Whatever arrives on standard input, and however it ends: the server answers or ends, soon.

These are real processes that speak the bytes of the protocol, without a client between.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from hostile import SEEDS, TEXTS, leaks, unshowable

SECONDS_MAX = 20  # to answer or to end; it takes less than one
PROGRAM = ("from caio_mcp.cli import main; main()", "serve")
HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def request(method: object, params: object = None, number: object = 1, **more: object) -> bytes:
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params, **more}
    return json.dumps({k: v for k, v in message.items() if v is not None}).encode()


def call(number: int, tool: str = "check_use", **arguments: Any) -> bytes:
    return request("tools/call", {"name": tool, "arguments": arguments}, number)


class Served:
    """A server process, and everything it said so far."""

    def __init__(
        self, workspace: Path, *, greets: bool = True, program: Sequence[str] = PROGRAM
    ) -> None:
        self.errors = workspace / "stderr"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", *program],
                env={**os.environ, "CAIO_MCP_WORKSPACE": str(workspace)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.input, self.output = self.process.stdin, self.process.stdout
        os.set_blocking(self.output.fileno(), False)
        self.read = b""
        self.unsent: list[Any] = []
        if greets:
            self.send(request("initialize", HELLO, 0), b'{"jsonrpc": "2.0", '
                      b'"method": "notifications/initialized"}')  # fmt: skip
            self.answer(0)

    def send(self, *lines: bytes, end: bytes = b"\n") -> None:
        for line in lines:
            self.input.write(line + end)
            self.input.flush()
            self._take(0)  # a server whose answers nobody reads may wait

    def _take(self, seconds: float) -> bool:
        if not select.select([self.output], [], [], seconds)[0]:
            return False
        part = self.output.read(1_000_000)
        self.read += part or b""
        return bool(part)

    def messages(self) -> list[dict[str, Any]]:
        """Every whole line; each is a message of the protocol and nothing else is there."""
        *whole, _ = self.read.split(b"\n")
        found = [json.loads(line) for line in whole]
        assert all(isinstance(m, dict) and m["jsonrpc"] == "2.0" for m in found)
        return found

    def answer(self, number: object) -> dict[str, Any]:
        """The answer to one request, once it is there."""
        until = time.monotonic() + SECONDS_MAX
        while time.monotonic() < until:
            for message in self.messages():
                if message.get("id") == number:
                    return message
            if self.process.poll() is not None and not self._take(0):
                break
            self._take(0.2)
        raise AssertionError(f"no answer to {number}; {self.said_in_log()[-1500:]}")

    def ended(self) -> int:
        """The exit status; within a time."""
        until = time.monotonic() + SECONDS_MAX
        while self._take(0.1) or self.process.poll() is None:  # one that nobody reads may wait
            assert time.monotonic() < until, "it did not end"
        status = self.process.wait(SECONDS_MAX)
        assert not self.read.rpartition(b"\n")[2], "a message was cut"
        assert b"Traceback" not in self.read
        self.messages()
        log = self.said_in_log()
        assert "Traceback" not in log, log[-3000:]
        for line in log.splitlines():
            assert sorted(json.loads(line))[:2] == ["at", "event"], line
        return status

    def said_in_log(self) -> str:
        return self.errors.read_text("utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path)
    yield server
    server.process.kill()
    server.process.wait()
    server.output.close()


NOISE: dict[str, bytes] = {
    "empty": b"",
    "white": b" \t ",
    "words": b"hello",
    "bytes": bytes(b for b in range(256) if b != 10),
    "nul": b"\0" * 100,
    "number": b"1",
    "null": b"null",
    "text": b'"ping"',
    "list": b"[]",
    "batch": b"[" + request("ping") + b"," + request("ping", None, 2) + b"]",
    "object": b"{}",
    "open": b'{"jsonrpc": "2.0", "id": 1,',
    "two": request("ping", None, 101) + request("ping", None, 102),
    "utf-16": request("ping", None, 103).decode().encode("utf-16"),
    "mark": b"\xef\xbb\xbf" + request("ping", None, 104),
    "version": request("ping", None, 105, jsonrpc="1.0"),
    "no version": b'{"id": 106, "method": "ping"}',
    "deep": b"[" * 100_000,
    "deep arguments": b'{"jsonrpc":"2.0","id":107,"method":"tools/call","params":'
    + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
    "digits": b'{"jsonrpc":"2.0","id":' + b"9" * 10_000 + b',"method":"ping"}',
    "nan": b'{"jsonrpc":"2.0","id":NaN,"method":"ping"}',
    "twice": b'{"jsonrpc":"2.0","id":108,"id":109,"method":"ping","method":"ping"}',
    "surrogate": b'{"jsonrpc":"2.0","id":110,"method":"tools/call","params":'
    b'{"name":"\\ud800","arguments":{"\\udfff":"\\ud800"}}}',
    "id": b'{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}',
    "id null": b'{"jsonrpc":"2.0","id":null,"method":"ping"}',
    "id fraction": b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    "method": request(5, None, 111),
    "no method": b'{"jsonrpc":"2.0","id":112}',
    "unknown method": request("tools/kall", {}, 113),
    "inner method": request("__init__", {}, 114),
    "params": request("tools/call", [1, 2], 115),
    "params text": request("tools/call", "x", 116),
    "no name": request("tools/call", {"arguments": {}}, 117),
    "name": request("tools/call", {"name": 5, "arguments": {}}, 118),
    "arguments": request("tools/call", {"name": "check_use", "arguments": [1]}, 119),
    "meta": request("tools/call", {"name": "check_use", "_meta": 5}, 120),
    "again": request("initialize", HELLO, 121),
    "cursor": request("tools/list", {"cursor": "x" * 100_000}, 122),
    "resource": request("resources/read", {"uri": "file:///etc/passwd"}, 123),
    "prompt": request("prompts/get", {"name": "../../x"}, 124),
    "notification": b'{"jsonrpc":"2.0","method":"notifications/nothing","params":{"a":1}}',
    "cancelled": b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}',
    "answer": b'{"jsonrpc":"2.0","id":77,"result":{}}',
    "error": b'{"jsonrpc":"2.0","id":78,"error":{"code":"x","message":5}}',
    "long line": b"x" * 5_000_000,
    "long text": call(125, tool="x" * 5_000_000),
}  # fmt: skip


def test_noise_between_messages_is_survived(served: Served) -> None:
    for number, (name, noise) in enumerate(NOISE.items(), 1_000):
        served.send(noise, call(number, data=["press release"]))
        after = served.answer(number)
        assert not after["result"].get("isError"), (name, after)
    for number in (113, 114, 117, 118, 119, 123, 124):
        answer = served.answer(number)
        assert "error" in answer or answer["result"]["isError"], answer
    for said in served.messages():
        assert len(json.dumps(said)) < 60_000
        assert "Traceback" not in str(said)
    served.input.close()
    assert served.ended() == 0


def test_texts_that_steer_a_terminal_come_back_from_no_tool(served: Served) -> None:
    # Half a character is no JSON; the protocol layer passes over such a message.
    texts = [text for name, text in TEXTS.items() if name != "not utf-8"]
    for number, text in enumerate(texts, 1):
        served.send(call(number, tool=text, data=[text], facts=[f"tool.name={text}"]))
        said = json.dumps(served.answer(number)["result"], ensure_ascii=False)
        assert not unshowable(said), (text[:40], unshowable(said))
    served.input.close()
    assert served.ended() == 0


@pytest.mark.parametrize(
    "first",
    [
        call(5, data=["press release"]),
        request("tools/list", {}, 5),
        request("initialize", {**HELLO, "protocolVersion": "1999-01-01"}, 5),
        request("initialize", {**HELLO, "protocolVersion": 5}, 5),
        request("initialize", {}, 5),
        request("initialize", {**HELLO, "clientInfo": {"name": "x" * 100_000}}, 5),
    ],
    ids=["call", "list", "old", "number", "empty", "long"],
)
def test_a_wrong_greeting_is_answered_and_a_right_one_still_works(
    tmp_path: Path, first: bytes
) -> None:
    server = Served(tmp_path, greets=False)
    try:
        server.send(first)
        early = server.answer(5)
        assert "error" in early or "protocolVersion" in early["result"] or "tools" in str(early)
        server.send(request("initialize", HELLO, 6))
        server.send(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}')
        server.send(call(7, data=["press release"]))
        assert not server.answer(7)["result"].get("isError")
        server.input.close()
        assert server.ended() == 0
    finally:
        server.process.kill()
        server.output.close()


@pytest.mark.parametrize("left", ["nothing", "half a message", "a call", "many calls"])
def test_when_the_client_goes_the_server_ends(served: Served, left: str) -> None:
    if left == "half a message":
        served.send(call(1, data=["press release"])[:-20], end=b"")
    elif left == "a call":
        served.send(call(1, data=["press release"]))
    elif left == "many calls":
        served.send(*(call(n, data=["press release"]) for n in range(1, 60)))
    served.input.close()
    assert served.ended() == 0


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
@pytest.mark.parametrize("is_busy", [False, True], ids=["idle", "busy"])
def test_a_signal_ends_the_server_soon(served: Served, sign: signal.Signals, is_busy: bool) -> None:
    """Standard input stays open: whoever sends a signal does not wait for another message."""
    if is_busy:
        served.send(*(call(n, data=["customer complaints"]) for n in range(1, 40)))
    began = time.monotonic()
    served.process.send_signal(sign)
    assert served.ended() in (130, 143, -sign)
    assert time.monotonic() - began < SECONDS_MAX / 2


def test_when_nobody_reads_any_more_the_server_ends_with_its_input(served: Served) -> None:
    served.output.close()
    served.input.write(call(1, data=["press release"]) + b"\n")
    served.input.write(call(2, data=["press release"]) + b"\n")
    served.input.close()
    assert served.process.wait(SECONDS_MAX) in (0, 1)
    assert "Traceback" not in served.said_in_log(), served.said_in_log()


def test_no_seed_is_in_an_answer_an_error_or_the_log(served: Served, tmp_path: Path) -> None:
    number = 0
    for seed in SEEDS.values():
        for message in (
            request("tools/call", {"name": seed, "arguments": {seed: seed}}, 1),
            request("tools/call", {"name": "check_use", "arguments": {"data": [[seed]]}}, 1),
            request("tools/call", {"name": "check_use", "arguments": seed}, 1),
            request("tools/call", {"name": ["check_use", seed]}, 1),
            request("initialize", {"protocolVersion": seed, seed: seed}, 1),
            request("tools/list", {"cursor": seed}, 1),
            request("ping", None, 1, jsonrpc=seed),
            seed.encode(),
            b'{"jsonrpc": "2.0", "id": "' + seed.encode(),
        ):
            number += 1
            served.send(message.replace(b'"id": 1,', b'"id": %d,' % number))
        number += 1
        served.send(call(number, data=["press release"]))
        assert not served.answer(number)["result"].get("isError")
    served.input.close()
    assert served.ended() == 0
    for seed in SEEDS.values():
        assert not leaks(seed, served.said_in_log())
        for said in served.messages():
            assert not leaks(seed, json.dumps(said)), said
        for path in filter(Path.is_file, tmp_path.rglob("*")):
            assert not leaks(seed, path.read_bytes().decode("latin-1")), path
