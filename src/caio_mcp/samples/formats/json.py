"""JSON and lines of JSON: the values of each path are looked at as a column."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import BinaryIO

from .. import Budget, Part, Replace, Row, Segment, Table
from . import text

PATHS_MAX = 2_000  # different paths that are kept apart
DEPTH_MAX = 200


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """The values by their paths, and the names of keys; what is no JSON is text."""
    encoding = text.encoding_of(file, name)
    content = file.read(budget.bytes_left + 1)
    if len(content) > budget.bytes_left:
        budget.is_truncated = True
        content = content[: content.rfind(b"\n", 0, budget.bytes_left) + 1] or content[:-1]
    budget.take(len(content))
    written = content.decode("utf-8-sig" if encoding == "utf-8" else encoding, "replace")
    documents = list(_documents(written))
    if not documents:
        yield Segment(written)
        return
    yield from _parts(documents)


def _documents(written: str) -> Iterator[tuple[int, object]]:
    """Each document with its line: one alone, or one a line. Nothing where one is broken."""
    try:
        yield 0, json.loads(written)
        return
    except (ValueError, RecursionError):
        pass
    found = []
    for number, line in enumerate(written.splitlines(), 1):
        if line.strip():
            try:
                found.append((number, json.loads(line)))
            except (ValueError, RecursionError):
                return
    yield from found


def _parts(documents: list[tuple[int, object]]) -> Iterator[Part]:
    columns: dict[str, list[Row]] = {}
    keys: dict[str, None] = {}
    for line, document in documents:
        stack: list[tuple[str, object, int]] = [("", document, 0)]
        while stack:
            path, value, depth = stack.pop()
            if isinstance(value, dict) and depth < DEPTH_MAX:
                for key, part in value.items():
                    keys[str(key)] = None
                    stack.append((f"{path}.{key}" if path else str(key), part, depth + 1))
            elif isinstance(value, list) and depth < DEPTH_MAX:
                stack.extend((path, part, depth + 1) for part in reversed(value))
            elif value is not None and not isinstance(value, bool):
                if path not in columns and len(columns) >= PATHS_MAX:
                    path = ""
                columns.setdefault(path, []).append(Row((str(value),), line))
    yield Segment("\n".join(keys), where="the names of its keys")
    for path, rows in columns.items():
        yield Table((path,), rows)


def copied(content: bytes, name: str, replace: Replace) -> bytes:
    """The documents with each text, number and name of a key as the function makes it."""
    encoding = text.encoding_of(io.BytesIO(content), name)
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    written = content.decode(encoding, "replace")
    documents = list(_documents(written))
    if not documents:
        return text.copied(content, name, replace)
    indent = 2 if documents[0][0] == 0 and "\n" in written.strip() else None
    lines = [
        json.dumps(_replaced(document, "", replace, 0), ensure_ascii=False, indent=indent)
        for _, document in documents
    ]
    return ("\n".join(lines) + "\n").encode(encoding.removesuffix("-sig"), "backslashreplace")


def _replaced(value: object, path: str, replace: Replace, depth: int) -> object:
    if depth > DEPTH_MAX:
        return replace(json.dumps(value, ensure_ascii=False), path)
    if isinstance(value, dict):
        return {
            replace(key, ""): _replaced(part, f"{path}.{key}" if path else key, replace, depth + 1)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_replaced(part, path, replace, depth + 1) for part in value]
    if value is None or isinstance(value, bool):
        return value
    new = replace(str(value), path)
    return value if new == str(value) else new
