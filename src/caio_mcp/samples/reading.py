"""Reads a file as the parts that are looked through: the format by its name and first bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..core.wording import quote
from ..errors import RequestError
from ..opening import read_file
from . import Budget, Part, Sample, Segment


def read_sample(path: Path, budget: Budget | None = None) -> Sample:
    """A file, ready to be looked through."""
    budget = budget or Budget()
    return Sample(path.name, _parts(path, budget), budget)


def _parts(path: Path, budget: Budget) -> Iterator[Part]:
    try:
        content = read_file(path, 50_000_000)
    except OSError as error:
        raise RequestError(
            f"{quote(path.name)} cannot be read: {error.strerror}.", remedy="Give another file."
        ) from None
    text = content.decode("utf-8", "replace")
    if budget.take(len(content)):
        yield Segment(text)
