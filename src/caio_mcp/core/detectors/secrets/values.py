"""What a value and its name tell: whether it is random, stands for another, or is only code."""

from __future__ import annotations

import re
from collections import Counter
from math import log2
from typing import Any


class Shape:
    """A regex that is compiled when it is first used: most of them never are."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._regex: Any = None

    def _compiled(self) -> Any:
        if self._regex is None:
            import re2

            self._regex = re2.compile(self._pattern)
        return self._regex

    def search(self, text: str) -> Any:
        """The first match in a text."""
        return self._compiled().search(text)

    def findall(self, text: str) -> list[str]:
        """All that matches in a text."""
        found: list[str] = self._compiled().findall(text)
        return found


_PLACEHOLDER = Shape(
    r"(?i)^\$?\{[^{}]*\}$|\{[a-z_]\w{2,}[\w.\[\]'\"()]*\}|a-z|0-9|\$\{[\w.:\-]+\}|\$\([^)]|\{\{[^{}]*\}\}|<%|%>|^<[^<>]*>?$|^\[[^\]]*\]$|^%\w+%$|^%[sdr]$"
    r"|%\(\w+\)|#\{|^\$[A-Za-z_]\w*$|^@[\w.]+@$|^&\w+;?$|^\*+$|^[.\-_=*#x•]+$|\.\.\.|x{4}|\*{3}|#{4}"
    r"|^(?:true|false|null|none|nil|undefined|yes|no|on|off|string|str|int|bool|object|any|void)$"
    r"|example|placeholder|redacted|change.?me|replace|insert|dummy|(?:^|[^a-z])your|_here$|-here$|<[a-z]"
    r"|^(?:my|the|some|test|fake|foo|bar|old|new)?[_\-]?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_\-]?key|key|credentials?|user|login|admin|auth)?[_\-]?(?:value|string|text|name|field|key|token|secret|password|id|here|\d{0,1})?$"
    r"|^abc(?:def)?\w{0,3}$|^qwert|^asdf|^0+$|^(?:ctrl|alt|shift|cmd|meta)\+"
)
_SEQUENCE = Shape(r"(?i)0123456789|abcdefghij|qwertyuiop|987654321|aaaaaaa|zyxwvu")
# What stands without quotes in code: dotted names, calls, indexes, options, comparisons.
CODE = Shape(
    r"^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+\(?$"
    r"|[\w)\]]\(|\)$|\[['\"\w\-]+\]?$|^\w+\[|^(?:os|process|env|self|this|request|config|settings|params|data)\.|=>|&&|^--?[a-z]|^[\w.\-]+=[A-Za-z]*$"
    r"|^(?:await|new|function|lambda|return|not|self|this|typeof)$"
)
CALL = Shape(r"^\w[\w.]*\([^()]*\)$|^--?[a-z]|^[\w.\-]+=[A-Za-z]*$|^(?:self|this|os|process)\.")
_PATH = Shape(
    r"(?i)^(?:https?:)?//|^[\w.\-]+:\d{2,5}$|^(?:\.{0,2}|~|[A-Za-z]:)[/\\][\w.\-/\\]+$|^[\w\-]+(?:/[\w.\-]+)+$"
    r"|\.(?:py|js|ts|json|ya?ml|xml|txt|pem|key|crt|html?|md|png|svg|css|conf|ini|log|sh|java|go|com|org|net|io|local)$"
)
WORDS = Shape(
    r"^[A-Za-z]+(?:[_\-./: ][A-Za-z]+)*\d{0,2}$"
    r"|^(?:[A-Za-z]+\d{0,2}|\d{1,4})(?:[_\-./: ](?:[A-Za-z]+\d{0,5}|\d{1,4}))+$"
)
CAMEL = Shape(
    r"^[A-Z]?[a-z]+(?:[A-Z][a-z]+)+$|^(?:[A-Z]+[a-z]*\d{0,5})?(?:[A-Z][a-z]{2,}){2,}\d{0,3}$"
)
UUID = Shape(r"(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_DATE = Shape(
    r"^\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}|^v?\d+(?:\.\d+)+$|^[\d.,]+[a-zA-Z%]{0,2}$|^#?[0-9a-fA-F]{3,6}$|^0x[0-9a-f]{1,8}$"
)
_PLAIN = Shape(r"^[\w.\-/:,]+$")
_VARIABLE = Shape(r"^[a-z_]+\d$")
_DIGEST = Shape(r"(?i)sha|md5|hash|digest|checksum|commit|integrity|etag|rev|version|ref\b|blob")
_OTHER_WORD = Shape(
    r"(?i)mon[_\-]?keys?|keyboard|keyword|keynote|keyframe|key_?down|key_?up|key_?press|hot_?key|short_?cut|key_?code"
    r"|tokeniz|tokenis|passiv|passeng|bypass|compass|authors?\b|authority|secretar"
)

# Words in a name, anywhere or at its end, that say that its value is something about a secret.
_ABOUT = frozenset(
    [
        "public",
        "pub",
        "foreign",
        "primary",
        "cache",
        "sort",
        "partition",
        "next",
        "page",
        "csrf",
        "xsrf",
        "integrity",
        "etag",
        "idempotency",
        "fingerprint",
        "thumbprint",
        "translation",
        "i18n",
        "label",
        "message",
        "error",
        "msg",
        "placeholder",
        "prompt",
        "hint",
        "regex",
        "pattern",
    ]
)
_ABOUT_LAST = frozenset(
    [
        "id",
        "ids",
        "name",
        "names",
        "url",
        "urls",
        "uri",
        "path",
        "paths",
        "file",
        "files",
        "dir",
        "length",
        "len",
        "size",
        "count",
        "field",
        "fields",
        "policy",
        "format",
        "class",
        "header",
        "headers",
        "param",
        "params",
        "env",
        "var",
        "expiry",
        "expires",
        "expiration",
        "ttl",
        "age",
        "version",
        "selector",
        "event",
        "endpoint",
        "type",
        "types",
        "hash",
        "code",
        "status",
        "required",
        "enabled",
        "function",
        "handler",
        "provider",
        "ref",
        "title",
        "icon",
        "button",
        "input",
        "index",
        "alias",
        "description",
        "algorithm",
        "location",
        "scope",
        "scopes",
        "prefix",
        "suffix",
        "manager",
        "service",
        "accessor",
        "identifier",
    ]
)
_NAME_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def entropy(value: str) -> float:
    """Shannon's, in bits per character."""
    size = len(value)
    return -sum(n / size * log2(n / size) for n in Counter(value).values()) if size else 0.0


def is_placeholder(value: str) -> bool:
    """Whether it only stands where a credential will, or comes from elsewhere."""
    bare = value.strip("\\\"'#")
    return bool(
        max(Counter(value).values(), default=0) > max(3, len(value) * 0.5)
        or _PLACEHOLDER.search(value)
        or (bare != value and _PLACEHOLDER.search(bare))
        or is_sequence(value)
    )


def is_path(value: str) -> bool:
    """Whether it is a path, an address or the name of a file; base64 has strokes as well."""
    if not _PATH.search(value):
        return False
    letters, digits, _ = kinds(value)
    is_base64 = digits and value[0].isalnum() and value.lower() != value != value.upper()
    return not (is_base64 and letters and len(value) >= 20 and entropy(value) >= 4.2)


def is_sequence(value: str) -> bool:
    """Whether a part of it is the alphabet, a row of keys, or one letter again and again."""
    return bool(_SEQUENCE.search(value))


def is_random(value: str, least: float) -> bool:
    """Whether it has digits and letters, and is no word, path, date or number."""
    letters, digits, marks = kinds(value)
    return bool(
        letters
        and (digits > 1 or (digits and len(value) >= 16) or marks > 3)
        and entropy(value) >= least
        and not WORDS.search(value)
        and not is_path(value)
        and not _DATE.search(value)
    )


def is_strong(value: str, *, is_plain: bool) -> bool:
    """Whether it is no word and no name of a variable, which stand without quotes in code."""
    letters, digits, marks = kinds(value)
    if not letters or len(value) < 6:
        return digits >= 6 and len(value) <= 12 and not is_plain
    if not digits:
        return marks >= (2 if is_plain else 1) and not _PLAIN.search(value)
    return not (is_plain and _VARIABLE.search(value))


def kinds(value: str) -> tuple[int, int, int]:
    """How many letters, digits and marks there are."""
    letters = sum(map(str.isalpha, value))
    digits = sum(map(str.isdigit, value))
    blanks = sum(map(str.isspace, value)) + value.count("_")
    return letters, digits, len(value) - letters - digits - blanks


def is_about(name: str) -> bool:
    """Whether a value is something about a secret, by the words of its name."""
    words = [word.lower() for word in _NAME_WORDS.findall(name)]
    return bool(words) and (words[-1] in _ABOUT_LAST or not _ABOUT.isdisjoint(words))


def is_digest(name: str) -> bool:
    """Whether a value is called a hash, or a version."""
    return bool(_DIGEST.search(name))


def is_other_word(name: str) -> bool:
    """Whether a name only looks as if it had a word for a secret, as `monkey` does."""
    return bool(_OTHER_WORD.search(name))
