"""What a detector found: where, of which type, how sure; the value itself only in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Confidence = Literal["low", "medium", "high"]
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Hit:
    """One place in a text, in bytes of its UTF-8 form. The value can be read only there."""

    type: str
    start: int
    end: int
    confidence: Confidence
    via: tuple[str, ...] = ()  # how the value was hidden, outermost first: base64, percent, ...
    value: str = field(default="", repr=False)  # never leaves memory, and never a repr


def at_least(confidence: Confidence, least: Confidence) -> bool:
    """Whether a confidence reaches another."""
    return CONFIDENCES.index(confidence) >= CONFIDENCES.index(least)
