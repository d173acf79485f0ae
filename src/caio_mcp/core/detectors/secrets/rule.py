"""One rule for a credential, in the fields of a gitleaks rule."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from ..finding import Confidence


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is no secret although it has the shape of one."""

    regexes: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()
    target: str = "secret"  # or `match`, or `line`


@dataclass(frozen=True, slots=True)
class SecretRule:
    """A credential by its shape. The regex (RE2) is looked for around a keyword, and its group
    `secret_group` (by default the first one, or all of the match) is the secret, which has at
    least `entropy` bits in a character."""

    id: str
    regex: str
    keywords: tuple[str, ...]
    entropy: float = 0.0
    secret_group: int = 0
    description: str = ""
    confidence: Confidence = "high"
    allowed: tuple[Allowed, ...] = field(default=())


def entropy(text: str) -> float:
    """Shannon's entropy of the characters, in bits."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values()) if size else 0.0
