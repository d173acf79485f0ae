"""Texts in Python code, by its syntax tree: what is given to which name, and what is computed."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import embedded
from .mention import Item

_ENV_CALLS = ("getenv", "get", "config", "env")


def items(text: str) -> list[Item] | None:
    """The texts of a module; None where it is not valid Python."""
    try:
        with warnings.catch_warnings():  # of strings with odd escapes in somebody's code
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reader = _Reader(text)
    try:
        reader.read(tree)
    except RecursionError:
        return None
    return reader.found


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.found: list[Item] = []
        self.constants: set[str] = set()
        self._seen: set[int] = set()
        self._docstrings: set[int] = set()

    def read(self, tree: ast.Module) -> None:
        nodes = list(ast.walk(tree))
        self.constants = {
            target.id
            for node in nodes
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name) and _holds_text(node.value)
        }
        self.constants |= {
            node.target.id
            for node in nodes
            if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension)
            and isinstance(node.target, ast.Name)
            and (getattr(node.iter, "id", "") in self.constants or _holds_text(node.iter))
        }
        for node in nodes:
            self._mark_docstring(node)
        self._seen |= self._docstrings
        self._inside(nodes)
        for node in nodes:
            self._read_node(node)
        for node in nodes:
            if isinstance(node, ast.Constant) and id(node) not in self._seen:
                self._put(node, "")

    def _mark_docstring(self, node: ast.AST) -> None:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            self._docstrings.add(id(node.value))
        if isinstance(node, ast.JoinedStr):  # parts of a text with holes
            self._seen.update(id(part) for part in node.values)

    def _read_node(self, node: ast.AST) -> None:
        for name, value in _named(node):
            self._value(value, name)

    def _value(self, node: ast.expr | None, name: str) -> None:
        if isinstance(node, ast.Constant):
            self._put(node, name)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            for part in node.elts:
                if isinstance(part, ast.Constant):
                    self._put(part, name)
        elif isinstance(node, ast.BoolOp | ast.IfExp):
            parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            for part in parts:
                self._value(part, name)
        elif isinstance(node, ast.Call):
            self._call(node, name)
        elif isinstance(node, ast.Name):
            if node.id not in self.constants and node.id not in ("None", "self"):
                self._dynamic(node, name)
        elif isinstance(node, ast.Attribute | ast.Subscript | ast.JoinedStr | ast.BinOp):
            self._dynamic(node, name)

    def _call(self, node: ast.Call, name: str) -> None:
        called = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if called in _ENV_CALLS:
            self._dynamic(node, name)
            if node.args:
                self._seen.add(id(node.args[0]))  # the name of the variable
            defaults = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "default")]
            for default in defaults:
                if isinstance(default, ast.Constant):
                    self._put(default, name, is_default=True)
        elif called in ("Field", "field", "Option", "Argument"):
            for part in (*node.args[:1], *(k.value for k in node.keywords if k.arg == "default")):
                self._value(part, name)

    def _put(self, node: ast.Constant, name: str, *, is_default: bool = False) -> None:
        if not isinstance(node.value, str) or id(node) in self._seen:
            return
        self._seen.add(id(node))
        line, column = node.lineno, self._column(node)
        written = self.lines[line - 1][column:] if line <= len(self.lines) else ""
        inside = written.find(node.value[:40].split("\n")[0])
        self.found.append(
            Item(node.value, line, column + max(inside, 0) + 1, name, is_default=is_default)
        )

    def _inside(self, nodes: Sequence[ast.AST]) -> None:
        """What stands inside of longer texts: addresses, JSON, SQL. Docstrings are not read."""
        text = "\n".join(self.lines)
        for at, item in embedded.items(text):
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            if any(_is_text_at(node, line) for node in nodes if id(node) not in self._docstrings):
                self.found.append(replace(item, line=line, column=column))

    def _dynamic(self, node: ast.expr, name: str) -> None:
        line, column = node.lineno, self._column(node)
        end = node.end_col_offset if node.end_lineno == node.lineno else None
        row = self.lines[line - 1].encode()
        shown = row[node.col_offset : end].decode("utf-8", "replace")
        self.found.append(Item(shown, line, column + 1, name, is_dynamic=True))

    def _column(self, node: ast.expr) -> int:
        """In characters; Python counts bytes."""
        row = self.lines[node.lineno - 1].encode()
        return len(row[: node.col_offset].decode("utf-8", "replace"))


def _is_text_at(node: ast.AST, line: int) -> bool:
    is_text = isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return is_text and node.lineno <= line <= (node.end_lineno or 0)  # type: ignore[attr-defined]


def _holds_text(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Call):  # os.getenv("MODEL", "gpt-4o") is read where it stands
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = (*node.args, *(keyword.value for keyword in node.keywords))
        return called in _ENV_CALLS or any(
            isinstance(part, ast.Constant) and isinstance(part.value, str) for part in given
        )
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "environ"
    if isinstance(node, ast.List | ast.Tuple):
        return all(isinstance(part, ast.Constant) for part in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """The values that a node gives to names."""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            yield keyword.arg or "", keyword.value
        called = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if node.args and (isinstance(node.args[0], ast.Constant) or called == "from_pretrained"):
            yield called, node.args[0]
        if called == "pipeline" and len(node.args) > 1:
            yield "model", node.args[1]
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield _target(target), node.value
    elif isinstance(node, ast.AnnAssign):
        yield _target(node.target), node.value
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(node, ast.arguments):
        names = [a.arg for a in (*node.posonlyargs, *node.args)]
        yield from zip(names[::-1], node.defaults[::-1], strict=False)
        yield from zip((a.arg for a in node.kwonlyargs), node.kw_defaults, strict=True)


def _target(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else ""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
