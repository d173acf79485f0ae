"""The use cases, given who asks and when."""

from __future__ import annotations

from .caller import Caller
from .cards import Card, Cards, shorten_words
from .code import CodeChecks, CodeReport, CodeRow, knows
from .counting import Counted
from .inquiries import Question
from .models import Alternative, ModelQuestion, ModelRow, ToolRow
from .people import People
from .rechecks import Rechecked, Rechecks
from .records import Records, Verified
from .requests import Reading, UseRequest
from .reviews import OUTCOMES, Review, Reviewed
from .transfers import Transfers
from .uses import ASKED, REQUESTS, Registered, entry_dict

__all__ = [
    "ASKED",
    "OUTCOMES",
    "REQUESTS",
    "Alternative",
    "Caller",
    "Card",
    "CodeReport",
    "CodeRow",
    "Counted",
    "ModelQuestion",
    "ModelRow",
    "Question",
    "Reading",
    "Rechecked",
    "Registered",
    "Review",
    "Reviewed",
    "Service",
    "ToolRow",
    "UseRequest",
    "Verified",
    "entry_dict",
    "knows",
    "shorten_words",
]


class Service(CodeChecks, Cards, Rechecks, Transfers, Records, People):
    """Deciding and remembering for one organisation."""
