"""Source code of somebody: whole texts and fenced blocks of it, and names of internal hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from .finding import Confidence, Hit

LOOKED_AT = 8_192  # bytes of the head and the middle that tell whether a text is code
LINES = 8  # of code; less is a snippet
DECLARED = 3  # lines that only code has
SHARE = 0.45  # of the lines that look like code, in a text that is

_FENCE = rb"(?m)^[ \t]*```[ \t]*([A-Za-z0-9+#_\-]*)[ \t]*\r?\n((?:.*\n)*?)[ \t]*```"
_NO_CODE = frozenset(
    b"text txt console output json yaml yml toml markdown md diff csv log mermaid".split()
)

# Lines that hardly anything but code has.
_DECLARES = "(?m)" + "".join(
    [
        r"^[\x20\t]*(?:",
        r"(?:async\x20)?def\x20\w+\(.*",
        r"|",
        r"class\x20\w+(?:\(.*\))?:[\x20\t]*$",
        r"|",
        r"from\x20[\w.]+\x20import\x20\S.*",
        r"|",
        r"import\x20[\w.]+(?:\x20as\x20\w+)?[\x20\t]*;?[\x20\t]*$",
        r"|",
        r"(?:export\x20)?(?:default\x20)?(?:async\x20)?function\*?\x20?\w*\x20?\(.*",
        r"|",
        r"(?:export\x20)?(?:const|let|var)\x20[\w{}\[\],\x20]+\x20?(?::\x20[^=\n]+)?=\x20?.*",
        r"|",
        r"""import\x20.*\x20from\x20['"].*""",
        r"|",
        r"(?:public|private|protected|internal|static|final|abstract|sealed|override|virtual)\x20(?:[\w<>\[\],?]+\x20)+\w+\x20?(?:\(|\{|=|;).*",
        r"|",
        r"(?:public\x20|abstract\x20|final\x20)*(?:class|interface|enum|struct|trait|impl|record)\x20\w+.*\{[\x20\t]*$",
        r"|",
        r'#include\x20?[<"].*',
        r"|",
        r"#(?:define|ifdef|ifndef|pragma)\x20\w+.*",
        r"|",
        r"using\x20[\w.]+;.*",
        r"|",
        r"namespace\x20[\w.:\\]+.*",
        r"|",
        r"package\x20[\w.]+;?[\x20\t]*$",
        r"|",
        r"func\x20(?:\(\w+\x20\*?\w+\)\x20)?\w+\(.*",
        r"|",
        r"(?:pub(?:\(\w+\))?\x20)?(?:async\x20)?fn\x20\w+.*",
        r"|",
        r"(?:pub\x20)?(?:mod|use)\x20[\w:{}*,\x20]+;.*",
        r"|",
        r"type\x20\w+\x20(?:struct|interface)\x20?\{.*",
        r"|",
        r"(?:int|void|char|bool|float|double|long|unsigned|size_t|auto|std::\w+)\x20\*?\w+\(.*\)\x20?\{?[\x20\t]*$",
        r"|",
        r"CREATE\x20(?:OR\x20REPLACE\x20)?(?:TABLE|VIEW|FUNCTION|PROCEDURE|TRIGGER|INDEX)\x20.*",
        r"|",
        r"ALTER\x20TABLE\x20.*",
        r"|",
        r"BEGIN\x20TRANSACTION.*",
        r"|",
        r"#!/(?:usr/)?bin/.*",
        r"|",
        r"<\?php.*",
        r"|",
        r"defmodule\x20\w+.*",
        r"|",
        r"(?:sub|proc)\x20\w+\x20?\{.*",
        r"|",
        r"fun\x20\w+\(.*",
        r"|",
        r"(?:val|var)\x20\w+(?::\x20?\w+)?\x20=\x20.*",
        r")",
    ]
)
# Lines that code has, and other things with brackets too.
_LIKE = "(?m)" + "".join(
    [
        r"^[\x20\t]*(?:",
        r".*[;{}][\x20\t\r]*$",
        r"|",
        r"(?:if|for|while|elif|else|try|except|with|switch|case|catch|return|raise|yield|throw|assert|await|lambda|match|break|continue|pass|end|fi|done|then|do)\b.*(?:[:(){;].*|\x20\w+)?$",
        r"|",
        r"(?:self|this)\.\w+.*",
        r"|",
        r"@\w[\w.]*(?:\(.*)?$",
        r"|",
        r"[\w.\[\]]+\x20?(?:=|\+=|-=|:=|=>)\x20?\S.*",
        r"|",
        r"[\w.]+\(.*\)?,?[\x20\t]*$",
        r"|",
        r"[)\]}]+[,;)]*[\x20\t]*$",
        r"|",
        r"(?:#|//|/\*|\*|--)\x20?.*",
        r"|",
        r"""['"].*['"],?[\x20\t]*$""",
        r"|",
        r"(?:SELECT|FROM|WHERE|JOIN|INSERT|UPDATE|VALUES|GROUP|ORDER|AND|OR)\x20.*",
        r")",
    ]
)
# The code is there for everybody to see.
_OPEN = (
    r"(?i)SPDX-License-Identifier: *(?:MIT|Apache|BSD|GPL|LGPL|AGPL|MPL|ISC|Unlicense|CC0|0BSD|EPL|Zlib|PSF|Python)"
    r"|licensed (?:to the apache software foundation|under the (?:apache|mit|bsd|gnu|mozilla))|apache license,? version 2|gnu (?:lesser |affero )?general public license|mozilla public license"
    r"|permission is hereby granted, free of charge|redistribution and use in source and binary forms|released under the (?:mit|bsd|apache)|\bMIT license\b|BSD-style license|licensed to PSF|python software foundation|public domain"
)
_CLOSED = r"(?i)proprietary|confidential|do not (?:distribute|copy)|internal use only|unauthori[sz]ed (?:copying|use)"

# Names that only resolve inside of an organisation.
_HOST = (
    rb"(?i)(?P<how>[a-z][a-z0-9+\-]{1,10}://(?:[^\s/@:]+(?::[^\s/@]*)?@)?|\b(?:host|hostname|server|ssh|scp|rsync|ping|curl|nslookup|dig|connect to|vpn|proxy|endpoint|node)[\"' ]*[:= ][\"' ]*|@|(?<![\w.\-/$]))"
    rb"(?P<host>(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,6}(?:corp|internal|intranet|intra|local|lan|private|localdomain))(?P<port>:\d{2,5})?(?![\w\-(]|\.\w)"
)
_ANYBODYS = (
    b".svc.cluster.local",
    b"cluster.local",
    b"docker.internal",
    b"google.internal",
    b"localhost.localdomain",
    b"kubernetes.local",
    b"example.local",
    b"example.internal",
    b"example.corp",
    b"example.lan",
)
_GIT = r"(?i)\b(?:git@|ssh://(?:git@)?|https?://)((?:git|gitlab|gitea|bitbucket|stash|code|github|repo|svn|phabricator)\.[a-z0-9.\-]+\.[a-z]{2,12})(?::\d+)?[:/][\w.\-~/]+?(?:\.git\b|/(?:blob|tree|raw|commits?|merge_requests|pull)/)"
_PUBLIC_GIT = frozenset(
    b"gitlab.gnome.org gitlab.freedesktop.org gitlab.kitware.com gitlab.haskell.org git.savannah.gnu.org git.kernel.org git.sr.ht code.videolan.org gitlab.torproject.org git.launchpad.net code.launchpad.net git.openwrt.org git.zx2c4.com".split()
)  # fmt: skip


def is_source_code(text: bytes) -> bool:
    """Whether the head of a text, or its middle, is of code."""
    return _code_at(text) is not None


def find_code(text: bytes) -> Iterator[Hit]:
    """Where code begins in a text: in all of it, or in blocks between fences."""
    whole = _code_at(text)
    if whole is not None:
        yield from _first_line(text, *whole)
    elif b"```" in text:
        for match in re.finditer(_FENCE, text):
            start, end = match.span(2)
            if match.group(1).lower() not in _NO_CODE and _is_code(text[start:end]):
                yield from _first_line(text, start, end)


def _code_at(text: bytes) -> tuple[int, int] | None:
    middle = max(LOOKED_AT, len(text) // 2)
    for start, end in ((0, LOOKED_AT), (middle, middle + LOOKED_AT)):
        if _is_code(text[start:end]):
            return start, end
    return None


def find_hosts(text: bytes) -> Iterator[Hit]:
    """Hosts that only an organisation itself can reach, and its repositories."""
    if _regex(_ENDINGS).search(text):
        for match in re.finditer(_HOST, text):
            start, end = match.span("host")
            host = match["host"].lower()
            if host.endswith(_ANYBODYS) or _is_package(text, start):
                continue
            is_said = bool(match["how"] or match["port"]) or _is_like_a_host(host)
            yield _hit("INTERNAL_HOST", text, start, end, "medium" if is_said else "low")
    for match in _regex(_GIT).finditer(text):
        host = match.group(1).lower()
        if host not in _PUBLIC_GIT and not host.endswith((b".org", b"example.com")):
            yield _hit("INTERNAL_HOST", text, match.start(), match.end(), "low")


_ENDINGS = r"(?i)[a-z0-9]\.(?:corp|internal|intranet|intra|local|lan|private|localdomain)\b"


@cache
def _regex(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _is_code(part: bytes) -> bool:
    lines = sum(bool(line.strip()) for line in part.split(b"\n"))
    if lines < LINES:
        return False
    declared = sum(1 for _ in _regex(_DECLARES).finditer(part))
    if declared < DECLARED or declared * 60 < lines:
        return False
    like = sum(1 for _ in _regex(_LIKE).finditer(part)) + declared // 2
    return like >= SHARE * lines


def _first_line(text: bytes, start: int, end: int) -> Iterator[Hit]:
    """The first declaration stands for all of the code, so that what is in it is found too."""
    match = _regex(_DECLARES).search(text[start:end])
    if match:
        line = match.group().strip()[:40].rstrip()
        first = start + match.start() + match.group().index(line)
        # Most code that is shown to an assistant may be anybody's; some says that it is not.
        confidence: Confidence = "medium" if _is_closed(text) else "low"
        yield _hit("SOURCE_CODE", text, first, first + len(line), confidence)


def _is_closed(text: bytes) -> bool:
    """Whether its head says that it is not for everybody."""
    head = text[:2000]
    return _regex(_CLOSED).search(head) is not None and _regex(_OPEN).search(head) is None


def _is_package(text: bytes, start: int) -> bool:
    line = text[text.rfind(b"\n", 0, start) + 1 : start].strip()
    return line.startswith((b"import", b"package", b"from", b"using", b"require"))


def _is_like_a_host(host: bytes) -> bool:
    """Whether it has the parts of a host and not of a name in code: digits, hyphens, depth."""
    labels = host.split(b".")
    if labels[-1] in (b"corp", b"intranet", b"lan", b"localdomain"):
        return len(labels) > 2 or b"-" in host
    return len(labels) > 2 and (b"-" in host or any(c in b"0123456789" for c in labels[0]))


def _hit(kind: str, text: bytes, start: int, end: int, confidence: Confidence) -> Hit:
    return Hit(kind, start, end, confidence, value=text[start:end].decode("utf-8", "replace"))
