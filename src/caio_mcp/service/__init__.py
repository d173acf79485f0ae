"""The use cases, given who asks and when."""

from __future__ import annotations

from .caller import Caller
from .models import ModelRow, Models, ToolRow
from .records import Records
from .requests import Reading, UseRequest
from .uses import Uses, entry_dict

__all__ = ["Caller", "ModelRow", "Reading", "Service", "ToolRow", "UseRequest", "entry_dict"]


class Service(Uses, Models, Records):
    """Deciding and remembering for one organisation."""
