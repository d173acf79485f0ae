"""Texts in source code of many languages: literals with the name before them, comments left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .known import MODEL_CALLS
from .mention import Item

LITERAL_MAX = 300  # characters of an id; a longer literal is no id
_KEY_BEFORE = re.compile(
    r"(?:[\"']?([A-Za-z_][\w.-]{0,80})[\"']?\??\s*(?::\s*(?:Optional\s*\(?|[\w.<>\[\]|& ]{1,40}=)?|=>?|:=|,|\()\s*"
    r"(?:[A-Za-z_][\w.]{0,60}\(\s*|new\s+|&|\[\s*|\{\s*|from\s*)?)$"
)
_CALL_BEFORE = re.compile(r"([A-Za-z_]\w*)\(\s*$")
_DEFAULT = re.compile(r"^\$\{(?:\w+[.-])*(\w+):([^{}$]+)\}$")


@dataclass(frozen=True, slots=True)
class Style:
    """How a language writes comments and texts."""

    line_comments: tuple[str, ...]
    block: tuple[str, str] | None = None
    quotes: str = "\"'"


STYLES = {
    **dict.fromkeys(
        ("js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "go"),
        Style(("//",), ("/*", "*/"), "\"'`"),
    ),
    **dict.fromkeys(
        ("java", "kt", "kts", "cs", "rs", "scala", "swift", "dart", "json", "jsonc", "json5",
         "gradle", "c", "cpp", "h", "ipynb"),
        Style(("//",), ("/*", "*/"), '"'),
    ),
    "php": Style(("//", "#"), ("/*", "*/")),
    **dict.fromkeys(("tf", "tfvars", "hcl"), Style(("#", "//"), ("/*", "*/"), '"')),
    **dict.fromkeys(("rb", "py", "pyi", "r", "jl", "ex", "exs", "sh", "bash", "zsh", "ps1"), Style(("#",))),
    "xml": Style((), ("<!--", "-->"), '"'),
    "sql": Style(("--",), ("/*", "*/"), "'"),
    "bicep": Style(("//",), ("/*", "*/"), "'"),
}  # fmt: skip
_STYLES_REGEX: dict[Style, re.Pattern[str]] = {}


def _pattern(style: Style) -> re.Pattern[str]:
    found = _STYLES_REGEX.get(style)
    if found is None:
        parts = []
        if style.block:
            start, end = map(re.escape, style.block)
            parts.append(rf"{start}[\s\S]*?(?:{end}|\Z)")
        # a mark of a comment only where no text or address goes on: https://, a#b
        parts += [rf"(?<![:\w\"'\\]){re.escape(mark)}[^\n]*" for mark in style.line_comments]
        for quote in style.quotes:
            breaks = "" if quote == "`" else r"\n"
            parts.append(rf"{quote}(?:[^{quote}\\{breaks}]|\\.)*{quote}")
        found = _STYLES_REGEX[style] = re.compile("|".join(parts))
    return found


def items(text: str, style: Style) -> Iterator[Item]:
    """The literals of a source text, each with the name that it is given to."""
    line, line_start, at = 1, 0, 0
    for found in _pattern(style).finditer(text):
        line += text.count("\n", at, found.start())
        if (last := text.rfind("\n", at, found.start())) >= 0:
            line_start = last + 1
        at = found.start()
        written = found[0]
        if written[0] not in style.quotes or len(written) > LITERAL_MAX + 2:
            continue
        before = text[max(line_start, at - 160) : at]
        key = _KEY_BEFORE.search(before)
        content = written[1:-1]
        hole = "${" in content or "#{" in content
        name = key[1].rsplit(".", 1)[-1] if key else ""
        called = _CALL_BEFORE.search(before)
        if called and called[1] in MODEL_CALLS:
            name = called[1]
        if default := _DEFAULT.match(content):  # as Spring writes it
            yield Item(default[2], line, at - line_start + 2 + default.start(2), default[1],
                       is_default=True)  # fmt: skip
        yield Item(content, line, at - line_start + 2, name, is_dynamic=hole)


_RUBY_WORDS = re.compile(r"(\w+)\s*=\s*%w[\[({]([^\])}\n]*)[\])}]")


def ruby_words(text: str) -> Iterator[tuple[int, Item]]:
    """The words of `NAMES = %w[a b]`, each with its place."""
    for found in _RUBY_WORDS.finditer(text):
        for word in re.finditer(r"\S+", found[2]):
            yield found.start(2) + word.start(), Item(word[0], 0, 0, found[1])
