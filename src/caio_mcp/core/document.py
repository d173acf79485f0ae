"""YAML text as nodes that know their line, read strictly and with every fault collected."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import yaml

from ..errors import Fault
from .parsed import Parsed, freeze, key_of, thaw

BYTES_MAX = 4_000_000  # a policy or catalogue file larger than this is a mistake
DEPTH_MAX = 40  # deeper nesting than any format here needs
ECHO_MAX = 60  # characters of a wrong value that a message repeats
PATH_ECHO_MAX = 300  # and of a path

WORDS_ECHOED = 6  # a sentence is content, a few words are a name for something

Node = yaml.Node
Plain = str | int | float | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SPACES = str.maketrans(dict.fromkeys("\t\n\r\u00a0\u202f", " "))  # in words pasted from a page
_NO_WORD = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"[\[\]{}]")
_TRUE = {"yes", "true", "on"}
_FALSE = {"no", "false", "off"}


# Words of other policy languages and of everyday speech for ours.
_MEANT = {
    **dict.fromkeys(["deny", "denied", "forbid", "forbidden", "block", "no", "not"], "prohibit"),
    **dict.fromkeys(["pending", "ask", "maybe", "approval"], "review"),
    **dict.fromkeys(["permit", "permitted", "allowed", "yes", "ok"], "allow"),
    **dict.fromkeys(["limited", "conditional", "conditions"], "allow_with_conditions"),
}
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


def nearest(word: str, options: Collection[str]) -> str:
    """`Did you mean ...?` for a word that is close to one of the options, else the options."""
    word = word[:ECHO_MAX]
    if _MEANT.get(word) in options:
        return f"Write {_MEANT[word]!r}."
    close = difflib.get_close_matches(word, list(options), n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    shown = sorted(options)
    if not shown:
        return ""
    more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
    return f"Use one of: {', '.join(shown[:12])}{more}."


def shorten(text: str, most: int = ECHO_MAX) -> str:
    """The text quoted for a message, cut so that no content is carried along."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= most else f"{flat[:most]}...")


def may_be_content(word: str) -> bool:
    """Whether a word may be the data itself, and not a word for it.

    People paste what they ask about: long texts, addresses, numbers and keys.
    """
    flat = " ".join(word[: ECHO_MAX * 20].split())
    digits = sum(character.isdigit() for character in flat)
    return (
        len(word) > ECHO_MAX * 20
        or len(flat) > ECHO_MAX
        or (digits > 6 and not _DAY.fullmatch(flat))
        or "@" in flat
        or flat.count(" ") >= WORDS_ECHOED
        or any(_is_random(part) for part in _NO_WORD.split(flat))
        or any(map(_is_password, flat.split()))
        or not word.translate(_SPACES).isprintable()
    )


def may_hold_key(text: str) -> bool:
    """Whether a word of a text looks like a key or a password, and not like a name."""
    return any(map(_is_password, text.split())) or any(
        _is_random(part) and any(map(str.isdigit, part)) for part in _NO_WORD.split(text)
    )


def normal(word: str) -> str:
    """The form in which words are compared: case, spaces and edge punctuation do not count."""
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split()).strip(" .,;:!?\"'")


def quote(word: str) -> str:
    """A caller's word quoted for an answer, or only its length where it may be content."""
    if may_be_content(word):
        return f"a text of {len(word):,} characters (not repeated here)"
    return repr(" ".join(word.split()))


def quote_part(part: str, parts: Sequence[str]) -> str:
    """The same of one part of a list. Where another part may be content, they may be one
    sentence that was cut at its commas."""
    return quote(", ".join(parts) if any(map(may_be_content, parts)) else part)


def read_day(text: str) -> datetime.date:
    """A day, written 2026-12-31 and in no other way; a ValueError otherwise."""
    if not _DAY.fullmatch(text):
        raise ValueError("not a day")
    return datetime.date.fromisoformat(text)


def _is_random(part: str) -> bool:
    """Whether letters and digits are mixed as in a key, and not as in a word or a name."""
    has_digit = any(character.isdigit() for character in part)
    is_cased = part.islower() or part.isupper() or part.istitle()
    return len(part) >= 16 and (has_digit or not is_cased)


def _is_password(part: str) -> bool:
    """Whether a word has all that a password is asked to have, as no name or id has."""
    kinds = (str.isupper, str.islower, str.isdigit, "!#$%^*?".__contains__)
    return len(part) >= 8 and all(any(map(kind, part)) for kind in kinds)


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
