"""The use cases, given who asks and when."""

from __future__ import annotations

from .caller import Caller
from .models import ModelRow, Models, ToolRow
from .people import People
from .records import Records, Verified
from .requests import Reading, UseRequest
from .uses import Uses, entry_dict

__all__ = [
    "Caller",
    "ModelRow",
    "Reading",
    "Service",
    "ToolRow",
    "UseRequest",
    "Verified",
    "entry_dict",
]


class Service(Uses, Models, Records, People):
    """Deciding and remembering for one organisation."""
