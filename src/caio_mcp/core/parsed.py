"""Parsed YAML in a form that can be kept, so that the same bytes are parsed once.

A kept tree is JSON: `[line, column, text]` for a scalar, `[line, column, [...]]` for a list and
`[line, column, [key, value, ...], 1]` for a mapping. Only trees without a fault are kept. Before
it stands its hash together with the key: a tree that was damaged, or that belongs to another
file, must never decide in the name of the file whose hash an answer carries.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Protocol

import yaml

FORMAT = 2  # part of every key: what another form kept is never read
SEAL_BYTES = hashlib.sha256().digest_size


class Parsed(Protocol):
    """Where parsed files are kept, by key. It may forget anything at any time."""

    def get(self, key: str) -> bytes | None:
        """What was kept, or nothing."""

    def put(self, key: str, content: bytes) -> None:
        """Keep it, if that is possible."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file, counted from 0 as PyYAML does."""

    line: int
    column: int


def key_of(content: bytes) -> str:
    """The key of a file's content."""
    return f"{FORMAT}-{hashlib.sha256(content).hexdigest()}"


def freeze(root: yaml.Node, key: str) -> bytes:
    """The tree as bytes, to be kept under its key."""
    tree = json.dumps(_frozen(root), ensure_ascii=False, separators=(",", ":")).encode()
    return _seal(tree, key) + tree


def _seal(tree: bytes, key: str) -> bytes:
    return hashlib.sha256(key.encode() + tree).digest()


def _frozen(node: yaml.Node) -> list[Any]:
    mark = node.start_mark
    if isinstance(node, yaml.MappingNode):
        parts = [_frozen(part) for pair in node.value for part in pair]
        return [mark.line, mark.column, parts, 1]
    if isinstance(node, yaml.SequenceNode):
        return [mark.line, mark.column, [_frozen(part) for part in node.value]]
    return [mark.line, mark.column, node.value]


def thaw(content: bytes, key: str) -> yaml.Node | None:
    """The tree that was kept under the key; nothing where the bytes are not just that."""
    tree = content[SEAL_BYTES:]
    return _thawed(json.loads(tree)) if content[:SEAL_BYTES] == _seal(tree, key) else None


def _thawed(kept: list[Any]) -> yaml.Node:
    line, column, value, *is_mapping = kept
    mark: Any = Mark(int(line), int(column))  # all that is read of a mark of PyYAML
    if isinstance(value, str):
        return yaml.ScalarNode("", value, mark, mark)
    parts = [_thawed(part) for part in value]
    if is_mapping:
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        return yaml.MappingNode("", pairs, mark, mark)
    return yaml.SequenceNode("", parts, mark, mark)
