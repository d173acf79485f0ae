"""Whether what stands where a secret is expected is one: random, and no placeholder."""

from __future__ import annotations

import re

from .rule import entropy

_PLACEHOLDER = re.compile(
    r"""(?ix) x{4,} | \*{3,} | \.{3,} | ^[<\[{%$(@]|\$\{|\{\{|%\(|<[a-z_ -]+>|\}\}
    | example | changeme | change[_-]?me | placeholder | redacted | dummy | your[_-] | ^my[_-]?(?:pass|secret|token|key)
    | ^(?:none|null|nil|true|false|undefined|default|optional|required|string|secret|password|passwd|pass|token|key|admin|root|user|test|foo|bar|empty|todo|yes|no|value|unknown|hidden|masked|env|xxx+)$
    | 0123456789 | 1234567890 | abcdefghij | ^(.)\1+$ | insert[_-]?your | replace[_-]?me | _here$ | not[_-]?real | fake | ^test[_-]?\w{0,8}$ | sample
    """
)
_CODE = re.compile(
    r"[(){};\\]|::|->|=>|\[\w*\]|^\w+\.\w+(?:\.\w+)*[.:]?$|^[$@#&]|^(?:https?|ftp|file)://|^/[\w./-]+$|^\.{0,2}/|^[\w-]+(?:/[\w.-]+)+\.\w{1,5}$"
)
_WORDS = re.compile(r"^[A-Za-z]+(?:[_\- .][A-Za-z]+)*$")
_CAMEL = re.compile(
    r"^(?:[a-z]+|[A-Z][a-z]+|[A-Z]+(?![a-z]))(?:[A-Z][a-z]+|[A-Z]+(?![a-z])|\d{1,2})*$"
)
UUID = re.compile(r"(?i)^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")


def is_placeholder(value: str) -> bool:
    """Whether it stands for a secret, or is a word for one."""
    return bool(_PLACEHOLDER.search(value)) or len(set(value)) < 4


def is_code(value: str) -> bool:
    """Whether it is a name, a call or a path in code."""
    return bool(_CODE.search(value))


def is_token(value: str) -> bool:
    """Whether it is as random as a token: digits and letters mixed, as no name or path is."""
    if is_placeholder(value) or _CODE.search(value):
        return False
    digits = sum(map(str.isdigit, value))
    if digits == len(value):
        return len(value) >= 15 and entropy(value) > 2.3
    if not digits:
        return (
            len(value) >= 20
            and not _WORDS.match(value)
            and not _CAMEL.match(value)
            and entropy(value) > 3.6
        )
    if len(value) < 12 or digits < 2:
        return len(value) >= 16 and digits >= 1 and entropy(value) > 3.6 and not _looks_named(value)
    return entropy(value) > (3.0 if len(value) >= 20 else 2.9) and not _looks_named(value)


def _looks_named(value: str) -> bool:
    """Names with a number in them: `prod-cluster-01`, `v1_2_3`, `sha256`."""
    parts = [part for part in re.split(r"[_\-.:/+ ]", value) if part]
    plain = sum(
        bool(re.fullmatch(r"[A-Za-z]+|\d{1,4}|[A-Za-z]{2,}\d{1,3}|v\d+", part)) for part in parts
    )
    return len(parts) > 1 and plain >= len(parts) - (len(parts) > 3)


def is_password(value: str, *, is_quoted: bool) -> bool:
    """Whether somebody may have chosen it as a password. Words alone are labels and variables."""
    if len(value) < 5 or is_placeholder(value):
        return False
    if not is_quoted and _CODE.search(value):
        return False
    kinds = sum(any(map(kind, value)) for kind in (str.islower, str.isupper, str.isdigit))
    marks = sum(not c.isalnum() and c not in " _-.,:'/" for c in value)
    if " " in value.strip():
        return False
    if is_token(value):
        return True
    if _looks_named(value) and not marks:
        return False
    has_digit = any(map(str.isdigit, value))
    return (
        (has_digit and kinds >= 2 and not value.isdigit())
        or (marks >= 1 and kinds + bool(marks) >= 3)
        or (has_digit and marks > 0)
    )
