"""Puts placeholders where values stand: the same value has the same one in a whole copy.

What comes out is pseudonymised and not anonymous: what was not found is still there, and what
stands around a placeholder may tell who is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from .finding import Hit
from .report import Report
from .taxonomy import SECRET, type_of

LINE_MIN = 32  # characters of a line that is taken for a part of a key
Find = Callable[[bytes, str], list[Hit]]  # a text and its field -> all hits, of low ones too


@dataclass
class Placeholders:
    """Replaces the values of a report in text after text. `only` names categories, or members
    of `data.categories`; empty means all of them."""

    report: Report
    find: Find
    only: Collection[str] = ()
    replaced: dict[str, int] = field(default_factory=dict)  # by type
    _names: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)
    _numbers: Counter[str] = field(default_factory=Counter)
    _wanted: dict[str, str] | None = field(default=None, repr=False)
    _lines: dict[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, text: str, where: str = "") -> str:
        """The text with a placeholder for each value."""
        name = self._values().get(_same(text))
        if name is not None:  # a cell that is the value
            self.replaced[name] = self.replaced.get(name, 0) + 1
            return self._placeholder(name, text)
        content = text.encode("utf-8", "surrogatepass")
        parts, done = [], 0
        for hit in self.find(content, where):
            name = self._values().get(_same(hit.value))
            if name is None or hit.start < done:
                continue
            parts += [content[done : hit.start], self._placeholder(name, hit.value).encode()]
            done = hit.end
            self.replaced[name] = self.replaced.get(name, 0) + 1
        if done:
            text = b"".join([*parts, content[done:]]).decode("utf-8", "surrogatepass")
        return self._without_lines(text)

    def _without_lines(self, text: str) -> str:
        """The text without the lines of a key that stand in it alone."""
        self._values()
        for line, name in self._lines.items():
            if line in text:
                text = text.replace(line, self._placeholder(name, line))
                self.replaced[name] = self.replaced.get(name, 0) + 1
        return text

    def _values(self) -> dict[str, str]:
        """Each value that is taken out, and its type."""
        if self._wanted is None:
            meant = [
                found
                for found in self.report.at_least("medium")
                if not self.only or self._is_meant(found.type)
            ]
            self._wanted = {_same(found.value): found.type for found in meant}
            self._lines = {part: found.type for found in meant for part in _lines(found.value)}
        return self._wanted

    def _is_meant(self, name: str) -> bool:
        kind = type_of(name)
        return bool({name, kind.category, kind.data} & set(self.only))

    def _placeholder(self, name: str, value: str) -> str:
        key = name, _same(value)
        if key not in self._names:
            word = "SECRET" if name.startswith(SECRET) else name
            self._numbers[word] += 1
            self._names[key] = f"<{word}_{self._numbers[word]}>"
        return self._names[key]


def _same(value: str) -> str:
    """What is the same of a value however it is written: a table has no line breaks in its
    cells, and one writes a number with spaces and another without."""
    return "".join(filter(str.isalnum, value)).casefold() or value


def _lines(value: str) -> list[str]:
    """The lines of a key, which a document may hold in a paragraph each."""
    return [part for part in value.split() if len(part) >= LINE_MIN < len(value) // 2]
