"""Formats of inventories as tables of columns: what each column is for us, both ways."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

from .words import header_form

if TYPE_CHECKING:
    from .uses import ExportedUse, ExportHead

Container = Literal["csv", "json", "xlsx"]
Core = Literal["", "id", "title", "purpose", "unit", "contact"]
Fill = Callable[["ExportedUse", "ExportHead"], "str | Sequence[str]"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a format: its name, and what it is for us.

    It is read as at most one of a core field, an attribute and a date, and written by `fill`,
    or else from what it is read as.
    """

    name: str
    also: tuple[str, ...] = ()  # other names of the same column
    core: Core = ""
    attribute: str = ""
    date: str = ""
    words: Mapping[str, str] = field(default_factory=dict)  # their word -> our value
    writes: Mapping[str, str] = field(
        default_factory=dict
    )  # our value -> theirs, where it is lossy
    fill: Fill | None = None
    is_required: bool = False
    is_telling: bool = False  # hardly another format has a column of this name
    is_personal: bool = False
    fill_is_public: bool = False  # of a personal column: what is filled in is nobody's own
    is_list: bool = False
    is_sparse: bool = False  # written only where some use has it

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the form in which headers are compared."""
        return tuple(dict.fromkeys(header_form(name) for name in (self.name, *self.also)))

    def word_for(self, value: str) -> str:
        """Their word for a value of ours: the first that is read as it, or nothing."""
        if value in self.writes:
            return self.writes[value]
        return next((word for word, ours in self.words.items() if ours == value), "")


@dataclass(frozen=True)
class Format:
    """A format by its columns, in their order."""

    name: str
    title: str
    source: str
    columns: tuple[Column, ...]
    container: Container = "csv"
    is_read: bool = False
    is_written: bool = True
    day_first: bool | None = None
    note: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by each of their names, of which no two columns have one."""
        return {name: column for column in self.columns for name in column.names}

    def find(self, header: str) -> Column | None:
        """The column of this name, if the format has it."""
        return self.by_name.get(header_form(header))

    def core(self, core: Core) -> tuple[Column, ...]:
        """The columns that are this core field."""
        return tuple(column for column in self.columns if column.core == core)


@cache
def all_formats() -> Mapping[str, Format]:
    """Every format of the folder `formats`, by its name. The folder is the list."""
    from . import formats

    found: dict[str, Format] = {}
    for info in sorted(pkgutil.iter_modules(formats.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{formats.__name__}.{info.name}")
        found.update({one.name: one for one in module.FORMATS})
    return found
