"""Our entry in the configuration of a host: put in or taken out. Text in, text out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any, Literal

from . import jsonc
from .known import Host

NAME = "caio"  # of the entry, unless somebody wants another
OURS = "CAIO_MCP_"  # environment variables with this beginning belong to us
_PROGRAM = re.compile(r"caio[-_]mcp(?:[@=<>~!\[].*)?")

Entry = Mapping[str, Any]


class NameTaken(ValueError):
    """The name of the entry belongs to another server."""


class NotKept(ValueError):
    """The edit would lose something that is not ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """The text after an edit; `text` is None where the file goes."""

    did: Literal["connected", "updated", "nothing", "restored", "removed"]
    text: str | None
    entry: Entry


def entry_for(host: Host, command: Sequence[str], environment: Mapping[str, str]) -> Entry:
    """The entry that starts the server."""
    entry: dict[str, Any] = {"type": "stdio"} if host.is_typed else {}
    entry |= {"command": command[0], "args": list(command[1:])}
    if environment:
        entry["env"] = dict(environment)
    return entry


def is_ours(entry: Any) -> bool:
    """Whether an entry starts caio-mcp: by itself, or through uvx, pipx or Python."""
    if not isinstance(entry, Mapping):
        return False
    command, args = entry.get("command"), entry.get("args")
    words = args if isinstance(args, list) else []
    is_program = isinstance(command, str) and PureWindowsPath(command).stem == "caio-mcp"
    return is_program or any(isinstance(w, str) and _PROGRAM.fullmatch(w) for w in words)


def servers(text: str, host: Host) -> Mapping[str, Any]:
    """The entries in a configuration; raises `jsonc.JsonFault` where it cannot be one."""
    found = jsonc.read(text)
    if host.is_strict and found.not_strict is not None:
        line = found.line(found.not_strict)
        raise jsonc.JsonFault(
            line, f"a comment or a comma too many, which {host.title} does not read"
        )
    for path in ((), (host.key,)):
        node = jsonc.get(found, path)
        if node is None:
            return {}
        if node.members is None:
            what = repr(host.key) if path else "The file"
            raise jsonc.JsonFault(found.line(node.start), f"{what} is not an object in braces")
    value = node.value if node else {}
    assert isinstance(value, dict)
    return value


def connected(text: str, host: Host, name: str, entry: Entry) -> Change:
    """The configuration with our entry; what others or the user put in stays."""
    found = servers(text, host)
    before = found.get(name)
    if name in found and not is_ours(before):
        raise NameTaken(name)
    merged = _merged(before, entry) if before is not None else dict(entry)
    after = jsonc.put(text, [host.key, name], merged)
    if after == text:
        return Change("nothing", text, merged)
    expected = jsonc.read(text).value or {}
    expected.setdefault(host.key, {})[name] = merged
    _check(text, after, expected, may_lose=())
    return Change("connected" if before is None else "updated", after, merged)


def disconnected(text: str, host: Host, name: str, earlier: str | None) -> Change:
    """The configuration without our entry. `earlier` is what the last backup holds.

    Exactly what was there before, if nothing else changed since; otherwise all but our entry.
    """
    entry = servers(text, host).get(name)
    if entry is None or not is_ours(entry):
        return Change("nothing", text, {})
    path = [host.key, name]
    if earlier is not None and _or_none(earlier, path, entry) == text:
        return Change("restored", earlier, entry)
    if jsonc.put("", path, entry) == text:
        return Change("restored", None, entry)
    expected = jsonc.read(text).value
    del expected[host.key][name]
    after = jsonc.remove(text, path)
    if not expected[host.key] and not _has(earlier, host.key):
        without = jsonc.remove(after, [host.key])
        if jsonc.read(without).comment_texts() == jsonc.read(after).comment_texts():
            del expected[host.key]
            after = without
    node = jsonc.get(jsonc.read(text), path)
    assert node is not None
    _check(text, after, expected, may_lose=(node.start, node.end))
    return Change("removed", after, entry)


def _merged(before: Entry, entry: Entry) -> Entry:
    """What we write replaces what we wrote; keys and variables of the user stay."""
    merged = {**before, **entry}
    kept = before.get("env", {})
    if isinstance(kept, Mapping) and "env" in before:
        others = {k: v for k, v in kept.items() if not k.startswith(OURS)}
        merged["env"] = {**others, **entry.get("env", {})}
    return merged


def _or_none(text: str, path: Sequence[str], entry: Entry) -> str | None:
    try:
        return jsonc.put(text, path, entry)
    except jsonc.JsonFault:  # a backup that somebody changed
        return None


def _has(text: str | None, key: str) -> bool:
    try:
        return text is not None and jsonc.get(jsonc.read(text), [key]) is not None
    except jsonc.JsonFault:
        return True


def _check(before: str, after: str, expected: Any, may_lose: Sequence[int]) -> None:
    """The edit did what it should and nothing else, comments included."""
    old = jsonc.read(before)
    try:
        new = jsonc.read(after)
    except jsonc.JsonFault:
        raise NotKept from None
    kept = [
        before[start:end]
        for start, end in old.comments
        if not (may_lose and may_lose[0] <= start < may_lose[1])
    ]
    if json.dumps(new.value, sort_keys=True) != json.dumps(expected, sort_keys=True):
        raise NotKept
    if new.comment_texts() != kept:
        raise NotKept
