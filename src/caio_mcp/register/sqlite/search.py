"""Finding entries: by words, by columns, the newest first, whose rows the scope allows."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.lifecycle import IN_FORCE
from .. import Entry, Scope
from .entries import SELECT_ENTRY, Entries, entry_number, read_entry

_IN_FORCE = ", ".join(f"'{status}'" for status in IN_FORCE)
_OWN = (
    "u.entry IN (SELECT v.entry FROM entry_event v JOIN party q ON q.id = v.party "
    "WHERE q.name = :person AND v.cause IN ('created', 'joined')) "
    "OR u.owner IN (SELECT id FROM party WHERE name = :person)"
)
# Which rows each scope has, and of which it also has what they are for.
VISIBLE = {
    "own": f"({_OWN} OR u.status IN ({_IN_FORCE}))",
    "unit": f"({_OWN} OR u.unit = :unit OR u.status IN ({_IN_FORCE}))",
    "all": "1",
}
READABLE = {"own": f"({_OWN})", "unit": f"({_OWN} OR u.unit = :unit)", "all": "1"}


class Searching(Entries):
    """Lists of entries."""

    def entries(
        self,
        scope: Scope,
        *,
        words: str = "",
        status: str = "",
        limit: int = 20,
        before: str = "",
    ) -> Sequence[Entry]:
        """Entries, the newest first; `before` is the id of the last one already seen."""
        conditions = [VISIBLE[scope.sees]]
        values: dict[str, object] = {"limit": limit, "person": scope.person, "unit": scope.unit}
        if query := fts_query(words):
            found = "u.entry IN (SELECT rowid FROM detail_fts WHERE detail_fts MATCH :{})"
            conditions.append(found.format("words"))
            values["words"] = query
            if scope.sees != "all":  # what is not shown is not found either
                conditions.append(f"({READABLE[scope.sees]} OR {found.format('title_words')})")
                values["title_words"] = f"title : ({query})"
        elif words.strip():
            return []  # only signs, which no word holds
        if status:
            conditions.append("u.status = :status")
            values["status"] = status
        if before:
            conditions.append("u.entry < :before")
            values["before"] = entry_number(before)
        rows = self._rows(
            f"{SELECT_ENTRY} WHERE {' AND '.join(conditions)} ORDER BY u.entry DESC LIMIT :limit",
            **values,
        )
        return [read_entry(row, scope.person) for row in rows]


def fts_query(words: str) -> str:
    """The words as an FTS5 query: each as the start of a word, and none as an operator."""
    kept = "".join(c if c.isprintable() and c != '"' else " " for c in words)
    return " ".join(f'"{word}"*' for word in kept.split() if any(map(str.isalnum, word)))
