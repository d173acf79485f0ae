"""JSON with comments as text: one member put in or taken out, every other character kept.

Parsing and writing again would lose comments, the order and writing of numbers, and the
indentation of a file that belongs to somebody else. Comments and a comma after the last item
are read as VS Code reads them; `Text.not_strict` is where the first of them lies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DEPTH_MAX = 100  # of a file that people edit; also keeps Python's own stack out of reach
_SPACE = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_SCALAR = re.compile(
    r'"(?:[^"\\\x00-\x1f]++|\\.)*+"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null'
)


class JsonFault(ValueError):
    """What is not JSON, and in which line."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


@dataclass(slots=True)
class Node:
    """A value and where it lies. Of an object also its members, in order."""

    start: int
    end: int = 0
    value: Any = None
    members: list[Member] | None = None
    trailing_comma: bool = False

    def member(self, key: str) -> Member | None:
        """The member that counts: of two with one key, the last."""
        return next((m for m in reversed(self.members or ()) if m.key == key), None)


@dataclass(slots=True)
class Member:
    """A key with its value; `comma` is where the comma after it lies, or -1."""

    key: str
    start: int
    node: Node
    comma: int = -1


@dataclass(slots=True)
class Text:
    """A text with the value in it; an empty text holds none."""

    text: str
    root: Node | None = None
    comments: list[tuple[int, int]] = field(default_factory=list)
    spare_commas: list[int] = field(default_factory=list)

    @property
    def not_strict(self) -> int | None:
        """Where the first thing lies that plain JSON does not have."""
        return min([*(start for start, _ in self.comments), *self.spare_commas], default=None)

    @property
    def value(self) -> Any:
        """The value as Python sees it."""
        return self.root.value if self.root else None

    def comment_texts(self) -> list[str]:
        """The comments, in order."""
        return [self.text[start:end] for start, end in self.comments]

    def line(self, at: int) -> int:
        """The line of a place, counted from 1."""
        return self.text.count("\n", 0, at) + 1


def read(text: str) -> Text:
    """Read a text; raises `JsonFault`."""
    return _Reader(text).read()


def get(text: Text, path: Sequence[str]) -> Node | None:
    """What lies at a path of keys."""
    node = text.root
    for key in path:
        member = node.member(key) if node else None
        node = member.node if member else None
    return node


def put(text: str, path: Sequence[str], value: Any) -> str:
    """The text with a value at a path of keys; only what differs is written."""
    found = read(text)
    if found.root is None:
        return text + _written({path[0]: _nested(path[1:], value)}, "  ", "", _newline(text)) + "\n"
    depth = len(path)
    while depth and get(found, path[:depth]) is None:
        depth -= 1
    node = get(found, path[:depth])
    assert node is not None
    if depth < len(path):
        if node.members is None:
            what = repr(path[depth - 1]) if depth else "The file"
            raise JsonFault(found.line(node.start), f"{what} is not an object in braces")
        return _insert(found, node, path[depth], _nested(path[depth + 1 :], value))
    if node.members is None or not isinstance(value, Mapping):
        if _same(node.value, value):
            return text
        indent = _indent_at(text, node.start)
        written = _written(value, _unit(found), indent, _newline(text))
        return text[: node.start] + written + text[node.end :]
    for key in [member.key for member in node.members]:
        if key not in value:
            text = remove(text, [*path, key])
    for key, part in value.items():
        text = put(text, [*path, key], part)
    return text


def remove(text: str, path: Sequence[str]) -> str:
    """The text without the member at a path; comments beside it stay."""
    found = read(text)
    owner = get(found, path[:-1])
    member = owner.member(path[-1]) if owner else None
    if owner is None or owner.members is None or member is None:
        return text
    cuts = [(member.start, member.node.end)]
    index = owner.members.index(member)
    if member.comma >= 0:
        cuts.append((member.comma, member.comma + 1))
    elif index:
        before = owner.members[index - 1].comma
        cuts.append((before, before + 1))
    behind = member.comma + 1 if member.comma >= 0 else member.node.end
    indent = _indent_of_line(text, member.start)
    has_own_lines = re.compile(r"[ \t]*\r?\n").match(text, behind) is not None
    if indent is not None and has_own_lines and not text[member.node.end : behind].strip(", \t"):
        start = member.start - len(indent) - 1
        cuts[0] = (start - (text[start - 1 : start] == "\r"), member.node.end)
    for start, end in sorted(cuts, reverse=True):
        text = text[:start] + text[end:]
    return text


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one) == json.dumps(other)  # 1, 1.0 and true are three things


def _nested(path: Sequence[str], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _insert(found: Text, owner: Node, key: str, value: Any) -> str:
    text, members = found.text, owner.members or []
    close = owner.end - 1
    end_of_last = members[-1].node.end if members else owner.start + 1
    content = [end_of_last, *(end for _, end in found.comments if end_of_last < end <= close)]
    if owner.trailing_comma:
        content.append(members[-1].comma + 1)
    anchor = max(content)  # behind the last comment, before the bracket that closes
    newline, unit = _newline(text), _unit(found)
    outer = _indent_at(text, owner.start)
    if members:
        indent = _indent_of_line(text, members[-1].start)
    else:
        is_pretty = owner is found.root or "\n" in text[found.root.start : found.root.end]  # type: ignore[union-attr]
        indent = outer + unit if is_pretty else None
    comma = "," if members and not owner.trailing_comma else ""
    head = text[:end_of_last] + comma + text[end_of_last:anchor]
    name = json.dumps(key, ensure_ascii=False)
    if indent is None:  # all in one line, as it is
        gap = " " if members else ""
        rest = text[anchor:close] if "\n" in text[anchor:close] else ""
        return f"{head}{rest or gap}{name}: {json.dumps(value, ensure_ascii=False)}{text[close:]}"
    tail = text[anchor:close]
    if not members and "\n" not in tail:
        tail = newline + outer
    written = _written(value, unit, indent, newline)
    return f"{head}{newline}{indent}{name}: {written}{tail}{text[close:]}"


def _written(value: Any, unit: str, indent: str, newline: str) -> str:
    lines = json.dumps(value, ensure_ascii=False, indent=unit).split("\n")
    return (newline + indent).join(lines)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _indent_at(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _indent_of_line(text: str, at: int) -> str | None:
    """What stands before a place in its line, if that is only space."""
    newline = text.rfind("\n", 0, at)
    head = text[newline + 1 : at]
    return head if newline >= 0 and not head.strip(" \t") else None


def _unit(found: Text) -> str:
    """How the file indents: as the first member of the outermost object."""
    members = found.root.members if found.root else None
    return (_indent_of_line(found.text, members[0].start) if members else None) or "  "


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Text(text)

    def read(self) -> Text:
        self._skip()
        if self.at < len(self.text):
            self.found.root = self._value(0)
            self._skip()
            if self.at < len(self.text):
                raise self._fault("something follows after the end")
        return self.found

    def _fault(self, problem: str, at: int | None = None) -> JsonFault:
        return JsonFault(self.found.line(self.at if at is None else at), problem)

    def _skip(self) -> None:
        while True:
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            comment = _COMMENT.match(self.text, self.at)
            if not comment:
                if self.text.startswith("/*", self.at):
                    raise self._fault("a comment has no end")
                return
            self.found.comments.append(comment.span())
            self.at = comment.end()

    def _next(self) -> str:
        self._skip()
        return self.text[self.at : self.at + 1]

    def _value(self, depth: int) -> Node:
        if depth > DEPTH_MAX:
            raise self._fault("the brackets are nested too deeply")
        sign = self._next()
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return self._array(depth)
        node = Node(self.at)
        node.value = self._scalar("a value")
        node.end = self.at
        return node

    def _scalar(self, wanted: str) -> Any:
        match = _SCALAR.match(self.text, self.at)
        if not match:
            raise self._fault(f"{wanted} is missing" if self._is_end() else f"{wanted} is wrong")
        try:
            value = json.loads(match[0])
        except ValueError:  # a wrong escape, or a number too long for Python
            raise self._fault(f"{wanted} is wrong") from None
        self.at = match.end()
        return value

    def _is_end(self) -> bool:
        return self.text[self.at : self.at + 1] in ("", "}", "]", ",", ":")

    def _object(self, depth: int) -> Node:
        node = Node(self.at, value={}, members=[])
        assert node.members is not None
        self.at += 1
        while self._next() != "}":
            if node.members and node.members[-1].comma < 0:
                raise self._fault("a comma is missing before this")
            if self._next() != '"':
                raise self._fault("a name in double quotes is missing", self._after(node.start))
            start, key = self.at, self._scalar("a name")
            if self._next() != ":":
                raise self._fault("a colon is missing")
            self.at += 1
            member = Member(key, start, self._value(depth + 1))
            node.value.pop(key, None)  # of two with one key the last counts, at its place
            node.value[key] = member.node.value
            node.members.append(member)
            if self._next() == ",":
                member.comma = self.at
                self.at += 1
        node.trailing_comma = bool(node.members) and node.members[-1].comma >= 0
        if node.trailing_comma:
            self.found.spare_commas.append(node.members[-1].comma)
        self.at += 1
        node.end = self.at
        return node

    def _array(self, depth: int) -> Node:
        node = Node(self.at, value=[])
        self.at += 1
        is_open = True  # for another item
        while self._next() != "]":
            if not is_open:
                raise self._fault("a comma is missing before this", self._after(node.start))
            node.value.append(self._value(depth + 1).value)
            is_open = self._next() == ","
            if is_open:
                comma = self.at
                self.at += 1
                if self._next() == "]":
                    self.found.spare_commas.append(comma)
        self.at += 1
        node.end = self.at
        return node

    def _after(self, opened: int) -> int:
        """Where to look: here, or at the bracket that nothing closes."""
        return self.at if self.at < len(self.text) else opened
