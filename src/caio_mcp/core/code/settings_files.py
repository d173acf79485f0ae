"""Texts in files of settings: YAML, TOML, .env, ini, Dockerfiles, read line by line.

Lines are enough for what is asked here, and a file that is not quite valid is read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .mention import Item

LINE_MAX = 4_000  # characters; a longer line is data
_PAIR = re.compile(
    r"^(?P<lead>[ \t]*(?:-[ \t]+)*(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+|set[ \t]+|\$env:)?)"
    r"(?P<key>[\"']?[A-Za-z_][\w.\- /]{0,80}?[\"']?)[ \t]*(?P<sign>:(?=[ \t]|$)|[?:+]?=)[ \t]*(?P<value>.*)$"
)
_ENV_SPACE = re.compile(r"^(?P<lead>[ \t]*ENV[ \t]+)(?P<key>\w+)[ \t]+(?P<value>[^=\n]+)$")
_LIST = re.compile(r"^(?P<lead>[ \t]*-[ \t]+)(?P<value>[^:\n]+|[\"']?[^\s:]+(?::[^\s:]+)+)$")
_FLOW = re.compile(
    r"[\"']?([A-Za-z_][\w.-]{0,80})[\"']?\s*[:=]\s*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s,{}\[\]\"']+))"
)
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_COMMENT = re.compile(r"[ \t]#.*$|^[ \t]*[#;].*$")
_DYNAMIC = re.compile(r"\$\{([^}]*)\}|\$\w+|\{\{.*?\}\}|^os\.environ/\w+$|^env:\w+$")
_SEVERAL = re.compile(r"[\w.:/@-]+(?:,[ ]?[\w.:/@-]+)+")
_DEFAULT = re.compile(r"^\$\{[\w.]+:?(?:-|(?<=:))([^}$-][^}$]*)\}$")
_ENV_PAIRS = re.compile(r"(?<=\s)(\w+)=(\"[^\"\n]*\"|'[^'\n]*'|\S+)")


def items(text: str) -> Iterator[Item]:
    """The values of a file of settings, each with its key."""
    parents: list[tuple[int, str]] = []
    name_before: tuple[int, str] = (-9, "")
    for number, raw in enumerate(text.split("\n"), 1):
        line = _without_comment(raw) if len(raw) <= LINE_MAX else ""
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip(" -\t"))
        while parents and parents[-1][0] >= indent:
            parents.pop()
        pairs = list(_pairs(line))
        single = None if pairs else _LIST.match(line)
        if single:
            key = parents[-1][1] if parents else ""
            yield from _value(single["value"], number, single.start("value"), key)
        for key, value, start in pairs:
            if not value.strip():
                parents.append((indent, key))
            elif value[:1] in "{[":
                yield from _flow(line, number, start, key)
            elif key == "value" and number - name_before[0] <= 2:
                yield from _value(value, number, start, name_before[1])
            else:
                yield from _value(value, number, start, key)
            if key == "name":  # of an environment variable in Kubernetes, whose value follows
                name_before = (number, value.strip().strip("\"'"))


def _pairs(line: str) -> Iterator[tuple[str, str, int]]:
    """The keys of a line, each with its value and where that begins."""
    if line.lstrip().startswith("ENV ") and "=" in line:
        for found in _ENV_PAIRS.finditer(line):
            yield found[1], found[2], found.start(2)
    elif pair := _PAIR.match(line) or _ENV_SPACE.match(line):
        key = pair["key"].strip("\"' ").rsplit("/", 1)[-1]
        yield key, pair["value"], pair.start("value")


def _without_comment(line: str) -> str:
    if "#" not in line and ";" not in line:
        return line
    if "'" in line or '"' in line:  # a mark inside of quotes is text
        bare = _QUOTED.sub(lambda m: "x" * len(m[0]), line)
        found = _COMMENT.search(bare)
    else:
        found = _COMMENT.search(line)
    return line[: found.start()] if found else line


def _value(written: str, line: int, start: int, key: str) -> Iterator[Item]:
    text = written.strip().removesuffix("\\").rstrip().rstrip(",")
    column = start + len(written) - len(written.lstrip())
    if text[:1] in "\"'" and text[-1:] == text[:1] and len(text) > 1:
        text, column = text[1:-1], column + 1
    if not text:
        return
    if default := _DEFAULT.match(text):
        yield Item(text, line, column + 1, key, is_dynamic=True)
        yield Item(default[1], line, column + 1 + default.start(1), key, is_default=True)
        return
    if "," in text and _SEVERAL.fullmatch(text) and "model" in key.lower():
        for part in re.finditer(r"[^\s,]+", text):
            yield Item(part[0], line, column + 1 + part.start(), key)
        return
    yield Item(text, line, column + 1, key, is_dynamic=bool(_DYNAMIC.search(text)))


def _flow(line: str, number: int, start: int, key: str) -> Iterator[Item]:
    """`{model: gpt-4o}` and `[gpt-4o, gpt-4o-mini]`."""
    part = line[start:]
    found = False
    for pair in _FLOW.finditer(part):
        group = next(g for g in (2, 3, 4) if pair[g] is not None)
        found = True
        yield from _value(pair[group], number, start + pair.start(group), pair[1])
    if not found:
        for word in re.finditer(r"\"([^\"\n]*)\"|'([^'\n]*)'|([^\s,\[\]{}\"']+)", part):
            group = next(g for g in (1, 2, 3) if word[g] is not None)
            if word[0].endswith(":"):  # a key
                continue
            yield from _value(word[group], number, start + word.start(group), key)
