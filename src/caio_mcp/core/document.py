"""YAML text as nodes that know their line, read strictly and with every fault collected."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator, Sequence

import yaml

from ..errors import Fault
from .parsed import Parsed, freeze, key_of, thaw
from .wording import Plain, nearest, quote, read_day, shorten

BYTES_MAX = 4_000_000  # a policy or catalogue file larger than this is a mistake
DEPTH_MAX = 40  # deeper nesting than any format here needs


Node = yaml.Node

_BRACKETS = re.compile(r"[\[\]{}]")
_TRUE = {"yes", "true", "on"}
_FALSE = {"no", "false", "off"}


_YAML_MENDS = {
    "mapping values are not allowed": "Put quotes around a text that has a colon in it, "
    "or mend the indentation.",
    "tab": "Indent with spaces, not with tabs.",
    "cannot start any token": "Indent with spaces, not with tabs; put quotes around a text that "
    "begins with a sign.",
    "could not find expected ':'": "Write `name: value`, indented like the lines around it.",
    "did not find expected": "Close every bracket and quote on this line or the one above; put "
    "quotes around a text that has a comma or colon in it.",
}


def _yaml_mend(what: str) -> str:
    return next(
        (mend for words, mend in _YAML_MENDS.items() if words in what),
        "Look at the indentation, quotes and brackets of this line and the one above.",
    )


def plain(node: Node) -> Plain:
    """The text, list or mapping that a node holds; every scalar stays text."""
    if isinstance(node, yaml.SequenceNode):
        return [plain(part) for part in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): plain(value) for key, value in node.value}
    return str(node.value)


class Document:
    """One YAML file being read: gives values, keeps faults, never raises for content.

    Scalars stay text and the reader gives them their type, so `no` is never taken for
    a boolean by accident. Anchors, aliases, tags and duplicate keys are faults.
    """

    def __init__(
        self, file: str, content: bytes, faults: list[Fault], parsed: Parsed | None = None
    ) -> None:
        self.file = file
        self.faults = faults
        self.root = self._compose(content) if parsed is None else self._kept(content, parsed)

    # -- parsing -------------------------------------------------------------------

    def _kept(self, content: bytes, parsed: Parsed) -> Node | None:
        key = key_of(content)
        kept = parsed.get(key)
        root = thaw(kept, key) if kept is not None else None
        if root is None:
            root = self._compose(content)
            if root is not None:
                parsed.put(key, freeze(root, key))
        return root

    def _compose(self, content: bytes) -> Node | None:
        if len(content) > BYTES_MAX:
            self._fault_at(1, 1, f"The file has {len(content):,} bytes; {BYTES_MAX:,} is the most.")
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self._fault_at(line, 1, "This line is not UTF-8 text.", "Save the file as UTF-8.")
            return None
        if not self._depth_is_sane(text):
            return None
        try:
            root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            what = (error.problem or "not YAML").split("\n")[0]
            self._fault_at(line, column, f"This is not valid YAML: {what}.", _yaml_mend(what))
            return None
        except yaml.reader.ReaderError as error:
            line = text.encode().count(b"\n", 0, error.position) + 1
            self._fault_at(line, 1, "This line holds a character that YAML forbids.", "Remove it.")
            return None
        except (yaml.YAMLError, RecursionError, ValueError):
            self._fault_at(1, 1, "This is not valid YAML.", _yaml_mend(""))
            return None
        if root is None:
            self._fault_at(1, 1, "The file is empty.", "Fill it or delete it.")
            return None
        return root if self._is_plain(root, text) else None

    def _depth_is_sane(self, text: str) -> bool:
        # Before the parser sees it: its own recursion is in C and could end the process. What
        # passes here may still be too deep; _is_plain looks at the nodes themselves.
        depth = 0
        for bracket in _BRACKETS.finditer(text):
            depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
            if depth > DEPTH_MAX * 20:
                return self._too_deep(text.count("\n", 0, bracket.start()) + 1)
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) - len(line.lstrip(" -?")) > DEPTH_MAX * 12:
                return self._too_deep(number)
        return True

    def _too_deep(self, line: int) -> bool:
        self._fault_at(line, 1, f"Nested deeper than {DEPTH_MAX} levels.")
        return False

    def _is_plain(self, root: Node, text: str) -> bool:
        seen: set[int] = set()
        stack: list[tuple[Node, int]] = [(root, 1)]
        while stack:
            node, depth = stack.pop()
            # A node begins with its own anchor or tag; an alias gives the same node again.
            sign = text[node.start_mark.index : node.start_mark.index + 1]
            if sign == "&" or id(node) in seen:
                self.fault(
                    node, "Anchors and aliases (& and *) are not used here.", "Write the value out."
                )
                return False
            if sign == "!":
                self.fault(node, "Tags (!) are not used here.", "Remove it, or put it in quotes.")
                return False
            seen.add(id(node))
            if depth > DEPTH_MAX:
                self.fault(node, f"Nested deeper than {DEPTH_MAX} levels.")
                return False
            if isinstance(node, yaml.MappingNode):
                stack.extend((part, depth + 1) for pair in node.value[::-1] for part in pair[::-1])
            elif isinstance(node, yaml.SequenceNode):
                stack.extend((part, depth + 1) for part in node.value[::-1])
        return True

    # -- faults --------------------------------------------------------------------

    def _fault_at(self, line: int, column: int, problem: str, remedy: str = "") -> None:
        self.faults.append(Fault(self.file, line, column, problem, remedy))

    def fault(self, node: Node, problem: str, remedy: str = "") -> None:
        """Note a fault at the place of a node."""
        mark = node.start_mark
        self._fault_at(mark.line + 1, mark.column + 1, problem, remedy)

    def line(self, node: Node) -> int:
        """The line of a node, from 1."""
        return int(node.start_mark.line) + 1

    # -- values --------------------------------------------------------------------

    def pairs(self, node: Node | None, what: str) -> Iterator[tuple[str, Node, Node]]:
        """Key, key node and value node of a mapping, in file order; duplicates are faults."""
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self.fault(
                node, f"{what} must be `name: value` lines.", "Write {name: value}, or indent them."
            )
            return
        first: dict[str, int] = {}
        for key_node, value in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.fault(key_node, "A name here must be one word, not a list or a mapping.")
                continue
            key = str(key_node.value)
            if key in first:
                self.fault(
                    key_node,
                    f"{quote(key)} is written twice here; the first one is on line {first[key]}.",
                    "Keep one.",
                )
                continue
            first[key] = self.line(key_node)
            yield key, key_node, value

    def fields(
        self,
        node: Node | None,
        what: str,
        *,
        required: Sequence[str] = (),
        optional: Sequence[str] = (),
    ) -> dict[str, Node]:
        """The named parts of a mapping; unknown and missing names are faults."""
        known = {*required, *optional}
        found: dict[str, Node] = {}
        for key, key_node, value in self.pairs(node, what):
            if key in known:
                found[key] = value
            else:
                self.fault(key_node, f"{what} has no field {shorten(key)}.", nearest(key, known))
        if node is not None and isinstance(node, yaml.MappingNode):
            for name in required:
                if name not in found:
                    self.fault(node, f"{what} needs the field {name!r}.", f"Add `{name}:`.")
        return found

    def items(self, node: Node | None, what: str) -> list[Node]:
        """The parts of a list."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"{what} must be a list.", "Start each line with `- `.")
            return []
        return list(node.value)

    def text(self, node: Node | None, what: str = "This", default: str = "") -> str:
        """One piece of text."""
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode) or not str(node.value).strip():
            self.fault(node, f"{what} must be a piece of text.")
            return default
        return str(node.value).strip()

    def texts(self, node: Node | None, what: str = "This") -> list[tuple[str, Node]]:
        """A text or a list of texts, each with its node."""
        if node is None:
            return []
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return [(self.text(part, what), part) for part in parts]

    def choice(
        self, node: Node | None, options: Collection[str], what: str, default: str = ""
    ) -> str:
        """One of the given words."""
        if node is None:
            return default
        word = self.text(node, what)
        if word and word not in options:
            self.fault(node, f"{shorten(word)} is not {what}.", nearest(word, options))
            return default
        return word or default

    def integer(self, node: Node | None, what: str) -> int | None:
        """A whole number of at least 0."""
        if node is None:
            return None
        word = self.text(node, what)
        if not word.isascii() or not word.isdigit() or len(word) > 15:
            self.fault(node, f"{what} must be a whole number, not {shorten(word)}.")
            return None
        return int(word)

    def yes_no(self, node: Node | None, what: str, default: bool = False) -> bool:
        """Yes or no."""
        if node is None:
            return default
        word = self.text(node, what).lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        self.fault(node, f"{what} must be yes or no, not {shorten(word)}.")
        return default

    def date(self, node: Node | None, what: str) -> datetime.date | None:
        """A day, written 2026-12-31."""
        if node is None:
            return None
        word = self.text(node, what)
        try:
            return read_day(word)
        except ValueError:
            self.fault(node, f"{what} must be a day like 2026-12-31, not {shorten(word)}.")
            return None
