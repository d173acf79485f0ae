"""Where something stands in a text."""

from __future__ import annotations


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character, counted from 1."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def is_comment(text: str, at: int) -> bool:
    """Whether the line begins as a comment, in any language."""
    start = text[text.rfind("\n", 0, at) + 1 : at].lstrip()
    return start.startswith(("#", "//", "/*", "*", "<!--", ";", "-- "))
