"""Files of people's data, read as the parts that are looked through, and copied without some."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

BYTES_MAX = 2_000_000  # of text that is looked through in one file; of more a part, and it is said
SECONDS_MAX = 20.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text, and where it stands."""

    text: str = field(repr=False)
    line: int = 1  # of its first character, from 1
    column: int = 1  # 0 where the text is not as it stands in the file
    where: str = ""  # such as `page 3`, where lines mean nothing
    field: str = ""  # the name of the key or header that it is the value of


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    cells: tuple[str, ...] = field(repr=False)
    number: int = 0  # as the program that shows the table counts it, from 1


@dataclass(frozen=True, slots=True)
class Table:
    """Values under names: each column is looked at as one."""

    columns: tuple[str, ...] = field(repr=False)  # a name can be a value, too
    rows: Iterable[Row] = field(repr=False)
    where: str = ""  # such as `sheet 2`
    counted: Literal["row", "line"] = "row"  # what the numbers of the rows count


Part = Segment | Table
Replace = Callable[[str, str], str]  # a text and the field it stands in -> the text of a copy


@dataclass(slots=True)
class Budget:
    """How much may still be read, and whether something was left out."""

    bytes_left: int = BYTES_MAX
    seconds: float = SECONDS_MAX
    is_truncated: bool = False
    clock: Callable[[], float] = time.monotonic
    _until: float | None = None

    def take(self, count: int) -> bool:
        """Whether so many bytes more may be looked at."""
        if self._until is None:
            self._until = self.clock() + self.seconds
        if count > self.bytes_left or self.clock() > self._until:
            self.is_truncated = True
            return False
        self.bytes_left -= count
        return True


@dataclass(frozen=True, slots=True)
class Sample:
    """A file as its parts, read as they are asked for."""

    name: str
    parts: Iterator[Part] = field(repr=False)
    budget: Budget
