"""How many tokens other tokenizers make of a text, for each token of o200k_base.

A ratio is what was seen on whole corpora (English, HTML, Python, JSON, nine languages). A short
or odd text can lie outside of it.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

# The version comes with hyphens in some ids: 4-7 is 4.7, but 4-20250514 is a day after 4.
_HYPHEN = re.compile(r"(?<=\d)[-_](?=\d{1,2}(?!\w))")


@dataclass(frozen=True, slots=True)
class Ratio:
    """What some models make of 100 tokens of o200k_base: at least `low`, at most `high`."""

    vendors: str  # each of these three is a pattern for the whole word
    families: str
    versions: str  # what follows after a hyphen, such as a snapshot, does not matter
    low: int
    high: int
    source: str
    checked: datetime.date

    @property
    def is_exact(self) -> bool:
        """Whether it is o200k_base itself."""
        return self.low == self.high == 100

    def is_for(self, vendor: str, family: str, version: str) -> bool:
        """Whether it is the ratio of that model. Without vendor, the family stands for it."""
        return bool(
            (not vendor or re.fullmatch(self.vendors, vendor))
            and re.fullmatch(self.families, family)
            and re.match(rf"(?:{self.versions})(?![\w.])", version)
        )


_CHECKED = datetime.date(2026, 11, 22)
_TIKTOKEN = "tiktoken 0.14.0, model.py"
_CTOK = "measured with ctok 1.3.0 on five corpora"
_LATER = "no tokenizer is published for the others, so any known one may be meant"
_ANY = ".*"

# The first that fits counts: what is narrow stands above what is wide.
_RATIOS = (
    # o200k_harmony of gpt-oss has the ranks of o200k_base; only its special tokens are others.
    Ratio("openai", "gpt-oss", _ANY, 100, 100, _TIKTOKEN, _CHECKED),
    Ratio("openai", "gpt", r"4o|4\.[15]|5(\.\d+)?", 100, 100, _TIKTOKEN, _CHECKED),
    Ratio("openai", "o", r"[134]", 100, 100, _TIKTOKEN, _CHECKED),
    # cl100k_base: the same in English, more in other scripts.
    Ratio("openai", "gpt", r"3\.?5|4", 100, 121, "measured on five corpora", _CHECKED),
    Ratio("openai", "text-embedding", _ANY, 100, 121, "measured on five corpora", _CHECKED),
    Ratio("anthropic", "claude.*", r"[1-3](\.\d+)?|4(\.[0-6])?", 117, 134, _CTOK, _CHECKED),
    Ratio("anthropic", "claude.*", r"4\.([7-9]|\d\d)|5(\.\d+)?", 147, 166, _CTOK, _CHECKED),
    Ratio("anthropic", ".*", _ANY, 117, 166, _LATER, _CHECKED),
    Ratio("google", ".*", _ANY, 103, 133, "measured with the vocabulary of Gemma 3", _CHECKED),
    Ratio(
        "meta",
        "llama",
        r"3(\.\d+)?",
        100,
        110,
        "measured with the vocabulary of Llama 3",
        _CHECKED,
    ),
    Ratio(
        "alibaba|qwen",
        "qwen",
        r"2(\.5)?|3",
        100,
        110,
        "measured with the vocabulary of Qwen 3",
        _CHECKED,
    ),
    # Tekken; the vocabularies before it have 32,000 tokens and need up to 1.57 times as many.
    Ratio(
        "mistral(ai)?",
        "mistral(-(small|medium|large))?",
        r"3(\.\d+)?",
        100,
        110,
        "measured with the vocabulary tekken_240911 of mistral-common 1.13.1",
        _CHECKED,
    ),
)
UNKNOWN = Ratio(_ANY, _ANY, _ANY, 100, 166, _LATER, _CHECKED)


def ratio_of(vendor: str, family: str, version: str) -> Ratio:
    """The ratio of a model. What is not known may be any tokenizer that is."""
    named = tuple(word.strip().casefold() for word in (vendor, family, version))
    if not any(named[:2]):
        return UNKNOWN
    version = _HYPHEN.sub(".", named[2])
    return next((r for r in _RATIOS if r.is_for(named[0], named[1], version)), UNKNOWN)
