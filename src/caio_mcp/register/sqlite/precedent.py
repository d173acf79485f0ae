"""What is approved already: entries alike, and entries that rest on an exception."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.lifecycle import IN_FORCE
from .. import Entry
from ..terms import EXCEPTION
from .entries import SELECT_ENTRY, Entries, entry_name, read_entry
from .search import fts_query

ALIKE_MAX = 20  # entries that are looked at; the newest say most
_IN_FORCE = ", ".join(f"'{status}'" for status in IN_FORCE)


class Precedent(Entries):
    """Looking for what can be joined."""

    def alike(self, *, tool: str, task: str, words: str, person: str) -> Sequence[Entry]:
        """Entries in force for the same tool and task or with the words in their title."""
        numbers: dict[int, None] = {}
        for condition, values in (
            ("tool = :tool AND task = :task", {"tool": tool, "task": task}),
            (
                "entry IN (SELECT rowid FROM detail_fts WHERE detail_fts MATCH :words "
                "ORDER BY rowid DESC LIMIT :most)",
                {"words": f"title : ({fts_query(words)})"},
            ),
        ):
            if not all(values.values()) or values.get("words") == "title : ()":
                continue
            rows = self._rows(
                f"SELECT entry FROM use_case WHERE {condition} AND status IN ({_IN_FORCE}) "
                "ORDER BY entry DESC LIMIT :most",
                **values,
                most=ALIKE_MAX,
            )
            numbers |= dict.fromkeys(row["entry"] for row in rows)
        marks = ", ".join(map(str, numbers)) or "0"
        found = self._rows(
            f"{SELECT_ENTRY} WHERE u.entry IN ({marks}) ORDER BY u.entry DESC", person=person
        )
        return [read_entry(row, person) for row in found]

    def times_wanted(self, tool: str) -> int:
        """How often a tool that nobody lists was named in checks."""
        (row,) = self._rows(
            "SELECT count(*) AS n FROM wanted WHERE lower(name) = lower(:tool)", tool=tool
        )
        return int(row["n"])

    def citing(self, exception: str) -> Sequence[str]:
        """The entries in force whose decision rests on an exception."""
        rows = self._rows(
            "SELECT u.entry FROM term t JOIN use_case u USING (check_id) WHERE t.name = :name "
            f"AND t.value = :exception AND u.status IN ({_IN_FORCE}) ORDER BY u.entry",
            name=EXCEPTION,
            exception=exception,
        )
        return [entry_name(row["entry"]) for row in rows]
