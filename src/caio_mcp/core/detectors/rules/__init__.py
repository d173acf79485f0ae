"""The rules, by what they are about. They are imported by name, which is quicker than looking
for the files of a folder."""

from __future__ import annotations

from ..rule import Rule
from . import financial, government_ids, health_ids, personal, vehicles

ALL: tuple[Rule, ...] = (
    *personal.RULES,
    *financial.RULES,
    *government_ids.RULES,
    *health_ids.RULES,
    *vehicles.RULES,
)
