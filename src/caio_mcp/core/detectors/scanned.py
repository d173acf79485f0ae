"""What a scan says about a use: facts, and the words for them. No value is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .report import Report, groups, together
from .taxonomy import type_of

if TYPE_CHECKING:  # a scan alone needs no facts
    from ..facts import Statement
    from ..vocabulary import Vocabulary

NOT_CERTAIN = "names and health in sentences can be missed"
TYPES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Scanned:
    """The outcome of a scan that may leave the computer: numbers, types and places."""

    what: str  # the name of the file, or "the sample"
    size: int  # bytes that were looked through
    is_truncated: bool
    counts: tuple[tuple[str, int], ...]  # by type, the gravest first
    places: tuple[tuple[str, str], ...]  # by member of data.categories: where the first ones are
    is_copy: bool = False  # made by `redact`: pseudonymised

    @property
    def data(self) -> frozenset[str]:
        """The members of `data.categories` that were found."""
        return frozenset(data for name, _ in self.counts if (data := type_of(name).data))

    def statements(self, vocabulary: Vocabulary) -> list[Statement]:
        """What is in the data for sure. A scan adds; that it found nothing closes nothing."""
        from ..facts import Statement

        found = []
        categories = self.data.intersection(vocabulary.facts["data.categories"].values)
        if categories:
            found.append(Statement("data.categories", "scanned", present=categories))
        subjects = vocabulary.facts.get("data.subjects")
        if "child" in self.subjects and subjects and "child" in subjects.values:
            found.append(Statement("data.subjects", "scanned", present=frozenset(["child"])))
        return found

    @property
    def subjects(self) -> frozenset[str]:
        """The members of `data.subjects` that were found."""
        is_child = any(type_of(name).category == "children" for name, _ in self.counts)
        return frozenset(["child"] if is_child else [])

    def place(self, data: str) -> str:
        """Where the first of a category stand."""
        return dict(self.places).get(data, "")

    @property
    def summary(self) -> str:
        """What was found, in one line for a chat."""
        size = f"{self.size:,} bytes"
        if self.is_truncated:
            size = f"the parts of it that were read ({size})"
        if not self.counts:
            return f"Nothing found by pattern in {self.what} ({size}); {NOT_CERTAIN}."
        shown = together(self.counts[:TYPES_SHOWN])
        more = len(self.counts) - TYPES_SHOWN
        rest = f" and {more} more types" if more > 0 else ""
        part = f", in {size}" if self.is_truncated else ""
        return f"Found by pattern in {self.what}{part}: {shown}{rest}."


def scanned(report: Report, what: str, *, is_copy: bool = False) -> Scanned:
    """The part of a report that may leave the computer."""
    places: dict[str, str] = {}
    for group in groups(report):
        if group.places:
            places.setdefault(type_of(group.type).data, " and ".join(group.places))
    return Scanned(
        what,
        report.scanned_bytes,
        report.is_truncated,
        tuple(report.counts().items()),
        tuple(sorted(places.items())),
        is_copy,
    )
