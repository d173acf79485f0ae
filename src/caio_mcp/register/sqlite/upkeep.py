"""Looking after the file: what it runs on and how it is."""

from __future__ import annotations

import sqlite3

from .. import Health
from .storage import Storage

# Two processes that write and checkpoint one WAL file at once can damage it before this
# version (sqlite.org/wal.html#walresetbug). The lock file keeps them apart.
SQLITE_WAL_FIXED = (3, 51, 3)


class Upkeep(Storage):
    """Health of the file."""

    def health(self) -> Health:
        """What it runs on, how much it holds, and what needs care."""
        entries, checks = (
            self._rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]
            for table in ("entry", "decision_log")
        )
        found = self._rows("PRAGMA quick_check(1)")[0]["quick_check"]
        cares = [] if found == "ok" else [f"The register is damaged: {found}. Restore a backup."]
        if sqlite3.sqlite_version_info < SQLITE_WAL_FIXED:
            cares.append(
                f"SQLite {sqlite3.sqlite_version} has a rare fault with several writers, mended "
                "in 3.51.3; the lock file of the register avoids it. Do not open the register "
                "with other programs while it is in use."
            )
        return Health(f"SQLite {sqlite3.sqlite_version}", entries, checks, tuple(cares))
