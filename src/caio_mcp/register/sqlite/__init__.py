"""The register in one SQLite file: durable, append-only, safe with several processes."""

from __future__ import annotations

from .findings import Findings
from .intake import Importing
from .people import People
from .precedent import Precedent
from .query import Querying
from .schema import APPEND_ONLY, MAY_GO
from .upkeep import Upkeep

__all__ = ["APPEND_ONLY", "MAY_GO", "SqliteRegister"]


class SqliteRegister(Querying, Precedent, Importing, People, Findings, Upkeep):
    """One register file. Every write is one transaction under a lock file."""
