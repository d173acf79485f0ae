"""Finding entries: by words and columns, the newest first, whose rows the scope allows."""

from __future__ import annotations

from collections.abc import Sequence

from .. import Entry, Scope
from ..questions import Filter
from .entries import SELECT_ENTRY, Entries, entry_number, read_entry
from .statement import READABLE, Statement

_FOUND = "u.entry IN (SELECT rowid FROM detail_fts WHERE detail_fts MATCH {})"
# The words lead and the entries follow, so that the newest are there before all are read.
_BY_WORDS = "detail_fts CROSS JOIN use_case u ON u.entry = detail_fts.rowid"
EXACT_CHARACTERS_MAX = 2  # of a, i or co: too many words begin like it


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
        found = find_words(told, words, scope)
        if found is None:
            return []
        conditions = [*found, *told.conditions]
        if before:
            conditions.append(f"{told.key} < {told.bind(entry_number(before))}")
        page = told.select("u.entry", conditions, told.tail(None, int(limit)))
        numbers = ", ".join(str(row["entry"]) for row in self._rows(page, **told.values)) or "0"
        rows = self._rows(
            f"{SELECT_ENTRY} WHERE u.entry IN ({numbers}) ORDER BY u.entry DESC",
            person=scope.person,
        )
        return [read_entry(row, scope.person) for row in rows]


def find_words(told: Statement, words: str, scope: Scope) -> list[str] | None:
    """What the words ask of an entry; none where they are only signs, which no word holds. What
    is not shown is not found either: of the entries of others, only words of the title."""
    query = fts_query(words)
    if not query:
        return None if words.strip() else []
    if told.sees_all:
        told.tables, told.key = _BY_WORDS, "detail_fts.rowid"
        return [f"detail_fts MATCH {told.bind(query)}"]
    of_title = _FOUND.format(told.bind(f"title : ({query})"))
    return [
        _FOUND.format(told.bind(query)),
        f"{READABLE[scope.sees]} OR {of_title}",
    ]


def fts_query(words: str) -> str:
    """The words as an FTS5 query: each as the start of a word, and none as an operator."""
    kept = "".join(c if c.isprintable() and c != '"' else " " for c in words)
    return " ".join(
        f'"{word}"{"" if word.isascii() and len(word) <= EXACT_CHARACTERS_MAX else "*"}'
        for word in kept.split()
        if any(map(str.isalnum, word))
    )
