"""Reads a file as the parts that are looked through: the format by its name and first bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import Budget, Part, Sample, Segment
from .places import read_exactly


def read_sample(path: Path, budget: Budget | None = None) -> Sample:
    """A file, ready to be looked through."""
    budget = budget or Budget()
    return Sample(path.name, _parts(path, budget), budget)


def _parts(path: Path, budget: Budget) -> Iterator[Part]:
    content = read_exactly(path, 50_000_000)
    text = content.decode("utf-8", "replace")
    if budget.take(len(content)):
        yield Segment(text)
