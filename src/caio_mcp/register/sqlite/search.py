"""Finding entries: by words and columns, the newest first, whose rows the scope allows."""

from __future__ import annotations

from collections.abc import Sequence

from .. import Entry, Scope
from ..questions import Filter
from .entries import SELECT_ENTRY, Entries, entry_number, read_entry
from .statement import READABLE, Statement

_FOUND = "u.entry IN (SELECT rowid FROM detail_fts WHERE detail_fts MATCH {})"


class Searching(Entries):
    """Lists of entries."""

    def entries(
        self,
        scope: Scope,
        *,
        words: str = "",
        filters: Sequence[Filter] = (),
        today: str = "",
        limit: int = 20,
        before: str = "",
    ) -> Sequence[Entry]:
        """Entries, the newest first; `before` is the id of the last one already seen."""
        told = Statement("entries", filters, scope, today)
        conditions = [told.visible, *told.conditions]
        if query := fts_query(words):
            conditions.append(_FOUND.format(told.bind(query)))
            if scope.sees != "all":  # what is not shown is not found either
                of_title = _FOUND.format(told.bind(f"title : ({query})"))
                conditions.append(f"({READABLE[scope.sees]} OR {of_title})")
        elif words.strip():
            return []  # only signs, which no word holds
        if before:
            conditions.append(f"u.entry < {told.bind(entry_number(before))}")
        where = " AND ".join(f"({condition})" for condition in conditions)
        rows = self._rows(
            f"{SELECT_ENTRY} WHERE {where} ORDER BY u.entry DESC LIMIT {int(limit)}",
            **told.values,
        )
        return [read_entry(row, scope.person) for row in rows]


def fts_query(words: str) -> str:
    """The words as an FTS5 query: each as the start of a word, and none as an operator."""
    kept = "".join(c if c.isprintable() and c != '"' else " " for c in words)
    return " ".join(f'"{word}"*' for word in kept.split() if any(map(str.isalnum, word)))
