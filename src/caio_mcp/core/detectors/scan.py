"""Looks through a text: every reading of it, every kind of detector, one hit for a place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .engine import matcher
from .finding import CONFIDENCES, Confidence, Hit, at_least
from .lexicon import EMPTY, Lexicon
from .markings import find_markings
from .names import find_names
from .secrets.runner import find_secrets
from .source_code import find_code, find_hosts, is_source_code
from .taxonomy import type_of
from .views import View, views
from .vocabularies import find_terms


def find(
    text: bytes, least: Confidence = "medium", field: str = "", lexicon: Lexicon = EMPTY
) -> list[Hit]:
    """What is in a text, in the order of its places. Names of people and what is said of them
    are found by the words of a lexicon."""
    found: list[Hit] = []
    for view in views(text):
        found += [
            view.place(hit) if view.via else hit for hit in _in_view(view, least, field, lexicon)
        ]
    return [hit for hit in settle(found) if at_least(hit.confidence, least)]


# A value of one of these categories tells that a person is near.
PEOPLE = frozenset(["personal", "government_id", "health"])


def _in_view(view: View, least: Confidence, field: str, lexicon: Lexicon) -> Iterator[Hit]:
    found = list(matcher().find(view.text, least, f"{field} {view.beside}".strip()))
    yield from find_secrets(view.text)
    if not is_source_code(view.text):
        found += find_names(view.text, lexicon, field)
        people = [
            (hit.start, hit.end)
            for hit in found
            if hit.confidence != "low" and type_of(hit.type).category in PEOPLE
        ]
        yield from find_terms(view.text, people, lexicon, field)
    else:  # names in code are mostly those of its authors, and so are addresses beside them
        if least == "low":
            names = find_names(view.text, lexicon, field)
            found += [replace(hit, confidence="low") for hit in names]
        found = [_of_author(view.text, hit) for hit in found]
    yield from found
    if not field:  # a cell is no document
        yield from find_markings(view.text)
        yield from find_hosts(view.text)
        if not view.via:
            yield from find_code(view.text)


def _of_author(text: bytes, hit: Hit) -> Hit:
    """The hit, low where it is an address as `Name <address>` or `(address)` in a comment."""
    if hit.type != "EMAIL_ADDRESS":
        return hit
    before = text[text.rfind(b"\n", 0, hit.start) + 1 : hit.start].lstrip()
    is_comment = before.startswith((b"#", b"//", b"*", b"--", b";", b"/*", b"%", b".."))
    if (
        is_comment
        or text[hit.start - 1 : hit.start] in (b"<", b"(")
        or ".example" in f".{hit.value.partition('@')[2]}"
    ):
        return replace(hit, confidence="low")
    return hit


def settle(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that overlap, the surest and then the longest; of the others, only what might be
    meant as well stays, with low confidence."""
    ordered = sorted(
        hits,
        key=lambda h: (-CONFIDENCES.index(h.confidence), -(h.end - h.start), len(h.via), h.start),
    )
    taken = _Spans()
    kept: dict[tuple[str, int, int], Hit] = {}
    for hit in ordered:
        rival = taken.rival(hit)
        place = hit.type, hit.start, hit.end
        if rival is None:
            kept.setdefault(place, hit)
            if hit.confidence != "low":
                taken.add(hit)
        elif rival.type != hit.type and rival.via == hit.via:
            kept.setdefault(place, replace(hit, confidence="low"))
    return sorted(kept.values(), key=lambda h: (h.start, h.end, h.type))


class _Spans:
    """Places that are taken; no two of them overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._hits: list[Hit] = []

    def rival(self, hit: Hit) -> Hit | None:
        """A hit that has the place, or a part of it."""
        at = bisect_right(self._starts, hit.start)
        if at and self._hits[at - 1].end > hit.start:
            return self._hits[at - 1]
        if at < len(self._hits) and self._hits[at].start < hit.end:
            return self._hits[at]
        return None

    def add(self, hit: Hit) -> None:
        """Take the place, which is free."""
        at = bisect_right(self._starts, hit.start)
        self._starts.insert(at, hit.start)
        self._hits.insert(at, hit)
