"""The pattern recognisers of Presidio beside the product's own: without a model, without network.

Only what recognises by pattern is used, and called directly: no engine that would load a model,
and none of the recognisers that look something up or match nearly everything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from .core.detectors.context import AFTER, BEFORE, plain_words
from .core.detectors.finding import Confidence, Hit
from .core.detectors.taxonomy import TYPES
from .errors import RequestError, SetupError

PIECE = 20_000  # characters that are looked through at once
OVERLAP = 200  # of the piece before
SECONDS_MAX = 2  # for one pattern and piece; its own limit is 60
WORD_SCORE = 0.35  # what a word near a value adds to its score, as Presidio's engine does
WORD_MIN = 3  # letters; `us` and `id` stand near anything
ENOUGH = 0.5  # score from which a value near a word counts

# Addresses are asked for in the network; the others match any word, number or identifier.
LEFT_OUT = frozenset(
    ["EMAIL_ADDRESS", "URL", "US_DRIVER_LICENSE", "US_BANK_NUMBER", "IN_PAN", "DATE_TIME"]
)


@dataclass(frozen=True, slots=True)
class _Recognizer:
    matches: Any
    type: str
    words: tuple[str, ...]  # each as ` word ` or ` words of it `


def find_by_presidio(text: bytes, field: str = "") -> Iterator[Hit]:
    """What Presidio's patterns match. A score alone never counts, not even that of a checksum: a
    word of the recogniser must be near."""
    written, at = text.decode("utf-8", "replace"), 0
    for start in range(0, len(written), PIECE):
        low = max(0, start - OVERLAP)
        piece = written[low : start + PIECE]
        at += len(written[max(0, start - OVERLAP - PIECE) : low].encode()) if start else 0
        yield from _in_piece(piece, at, field)


def _in_piece(piece: str, at: int, field: str) -> Iterator[Hit]:
    with _Watched() as watched:
        for recognizer in _recognizers():
            for result in recognizer.matches.analyze(piece, [recognizer.type]):
                first = at + len(piece[: result.start].encode())
                value = piece[result.start : result.end]
                around = piece[max(0, result.start - BEFORE) : result.end + AFTER]
                confidence = _confidence(recognizer, result.score, f"{field} {around}")
                yield Hit(
                    recognizer.type, first, first + len(value.encode()), confidence, value=value
                )
    if watched.is_late:
        raise RequestError(
            "Presidio did not look through all of it in time.",
            remedy="Give a smaller part, or set presidio = false.",
        )


def _confidence(recognizer: _Recognizer, score: float, around: str) -> Confidence:
    if score + WORD_SCORE < ENOUGH:
        return "low"
    words = plain_words(around)
    return "medium" if any(word in words for word in recognizer.words) else "low"


@cache
def _recognizers() -> list[_Recognizer]:
    """Every recogniser by pattern of a type that can be named."""
    try:
        from presidio_analyzer import PatternRecognizer, predefined_recognizers
    except ImportError:
        raise SetupError(
            "presidio = true needs the package presidio-analyzer.",
            remedy="Install it: pip install 'caio-mcp[presidio]'; or set presidio = false.",
        ) from None
    _limit_seconds()
    found = []
    for made in vars(predefined_recognizers).values():
        if not isinstance(made, type) or not issubclass(made, PatternRecognizer):
            continue
        recognizer = made()
        [name] = recognizer.supported_entities
        if name in TYPES and name not in LEFT_OUT:
            said = [word for word in recognizer.context or () if len(word) >= WORD_MIN]
            words = tuple(plain_words(word) for word in said)
            found.append(_Recognizer(recognizer, name, words))
    return found


def _limit_seconds() -> None:
    """Each pattern gives up after a time, in the modules that have such a limit."""
    from presidio_analyzer import pattern_recognizer
    from presidio_analyzer.predefined_recognizers.generic import iban_recognizer

    for module in (pattern_recognizer, iban_recognizer):
        module.REGEX_TIMEOUT_SECONDS = SECONDS_MAX


class _Watched(logging.Handler):
    """Whether a pattern was given up. Presidio says so only in its log, which stays silent."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.is_late = False
        self._logger = logging.getLogger("presidio-analyzer")

    def emit(self, record: logging.LogRecord) -> None:
        """A warning is a pattern that was given up."""
        self.is_late = True

    def __enter__(self) -> _Watched:
        self._logger.propagate = False
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
