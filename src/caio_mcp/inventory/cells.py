"""Cells that a spreadsheet would run: made harmless when written, undone when read.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is written with an
apostrophe before it, and so is one that begins with apostrophes before such a sign. Reading takes
one apostrophe away from a cell that begins with apostrophes before such a sign. So every text
comes back as it was: `=1` is written `'=1`, and `'=1` is written `''=1`.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"'*[=+\-@\t\r]")
_MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r]")


def harmless(cell: str) -> str:
    """The cell as it may stand in a spreadsheet."""
    return f"'{cell}" if _RUN.match(cell) else cell


def as_meant(cell: str) -> str:
    """The cell as it was meant, by whoever made it harmless."""
    return cell[1:] if _MADE_HARMLESS.match(cell) else cell
