"""Cells as values: the words of other people's answers in the words of the attributes."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from .attributes import ATTRIBUTES, OTHER, Attribute, Kind

LETTERS_MAX = 3
ANSWER_MAX = 5_000  # characters; an answer that is longer is a text
OPEN_MAX = 200  # the name of an organisation is not longer; what is, is a text
DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
)
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")
_LETTER = re.compile(r"(?:\(?[a-z]\)|[a-z]\.)\s*(?=\S)")  # the letter of an option: "b) Pilot"
_SIGNS = (re.compile(";"), re.compile("\n"))
# Options with letters may follow each other with no sign between them: "b) Sex c) Age".
_SIGNS_MANY = (*_SIGNS, re.compile(","), re.compile(r"\|"), re.compile(r"\s+(?=[a-z]\)\s)"))
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_ADDRESS = re.compile(r"\S@\S+\.\S")
_NUMBER = re.compile(r"^\d{1,3}(?:\.\d{1,3})*\.?[\s_:)-]+(?=\S)")  # "2.1.3 - Owner", "16_stage"
_NO_WORD = re.compile(r"[\W_]+")

# The same answers are given in the same words everywhere.
COMMON = {
    "y": "yes",
    "true": "yes",
    "ja": "yes",
    "oui": "yes",
    "n": "no",
    "false": "no",
    "nee": "no",
    "nein": "no",
    "non": "no",
    "in-progress": "in_progress",
    "planned or in-progress": "in_progress",
    "not applicable": "not_applicable",
    "n/a": "not_applicable",
    "na": "not_applicable",
    "caio waived": "waived",
    "waived by caio": "waived",
    "agency caio has waived this minimum practice and reported such waiver to omb": "waived",
}
LINK_WORDS = {
    "yes": "yes_without_link",
    "true": "yes_without_link",
    "no": "no",
    "false": "no",
    "not publicly available": "not_public",
    "not public": "not_public",
    "not published": "not_public",
    "unpublished": "not_public",
    "pia not publicly available": "not_public",
    "it is not publicly available": "not_public",
    "not available": "not_public",
    "not yet available": "not_public",
    "not applicable": "not_applicable",
    "n/a": "not_applicable",
    "not required": "not_applicable",
}


def normal(text: str) -> str:
    """The form in which answers are compared: case, dashes, quotes, spaces and the letter of an
    option do not count."""
    flat = unicodedata.normalize("NFKC", text).translate(DASHES).translate(_QUOTES)
    flat = " ".join(flat.replace("\\n", " ").casefold().split())
    flat = flat.replace(" \u00f1 ", " - ")  # the dash of old Macs, read as Windows text
    for _ in range(LETTERS_MAX):  # "b) b) Pilot" is in real files
        letter = _LETTER.match(flat)
        if letter is None:
            break
        flat = flat[letter.end() :]
    return flat.strip(" .,;")


def header_form(text: str) -> str:
    """The form in which column names are compared: words alone, without their number."""
    flat = unicodedata.normalize("NFKC", text).casefold()
    flat = _NUMBER.sub("", flat.strip())
    return " ".join(_NO_WORD.sub(" ", flat).split())[:90]


def list_of(cell: str) -> tuple[str, ...] | None:
    """The parts of a cell that is a list written as one: `['a', 'b']` or `["a"]`."""
    text = cell.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    for read in (ast.literal_eval, json.loads):
        try:
            found = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(found, list) and all(isinstance(part, str | int | float) for part in found):
            return tuple(str(part) for part in found if str(part).strip())
    return None


@dataclass(frozen=True, slots=True)
class Recoded:
    """What a cell says: its values, and whether some words were not understood."""

    values: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    is_verbatim: bool = True  # the words are the value itself, give or take its spelling


BLANK = Recoded()


@dataclass(slots=True)
class Recoder:
    """Reads the cells of one column as one attribute; the same cell is read once."""

    attribute: Attribute
    words: Mapping[str, str] = field(default_factory=dict)
    _known: dict[str, str] = field(init=False, default_factory=dict)
    _read: dict[str, Recoded] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        allowed = (*self.attribute.values, OTHER)
        common = LINK_WORDS if self.attribute.kind is Kind.LINK else COMMON
        own = {value.replace("_", " "): value for value in allowed}
        stated = {normal(word): value for word, value in self.words.items()}
        usual = {word: value for word, value in common.items() if value in allowed}
        self._known = {**own, **{normal(value): value for value in allowed}, **usual, **stated}

    def read(self, cell: str) -> Recoded:
        """The values of a cell. A blank cell has none."""
        found = self._read.get(cell)
        if found is None:
            found = self._recode(cell)
            if len(self._read) < 50_000:
                self._read[cell] = found
        return found

    def understands(self, cell: str) -> str | None:
        """The value that the whole cell is, if it is one."""
        flat = normal(cell)
        return self._known.get(flat) or self._known.get(flat.replace("; ", ", "))

    def _recode(self, cell: str) -> Recoded:
        if not cell.strip():
            return BLANK
        match self.attribute.kind:
            case Kind.FILLED:
                return Recoded(("yes",))
            case Kind.OPEN:
                return _open(cell)
            case Kind.LINK:
                return self._link(cell)
            case _:
                return self._coded(cell)

    def _link(self, cell: str) -> Recoded:
        if _LINK.search(cell):
            return Recoded(("yes",))
        value = self.understands(cell)
        return Recoded((value,), (), False) if value else Recoded((OTHER,), (cell,), False)

    def _coded(self, cell: str) -> Recoded:
        if len(cell) > ANSWER_MAX:
            return Recoded((OTHER,), (cell,), False)
        listed = list_of(cell)
        if listed == ():
            return BLANK
        parts = (cell,) if self.understands(cell) else listed or self._split(cell)
        values = [self._one(part) for part in parts]
        unknown = tuple(part for part, value in zip(parts, values, strict=True) if not value)
        found = tuple(dict.fromkeys(value or OTHER for value in values))
        spelled = {normal(part).replace(" ", "_").replace("-", "_") for part in parts}
        return Recoded(found, unknown, not unknown and spelled == set(found))

    def _split(self, cell: str) -> tuple[str, ...]:
        """The parts of a cell with several answers, where each of them is one."""
        signs = _SIGNS_MANY if self.attribute.kind is Kind.MANY else _SIGNS
        for sign in signs:
            parts = tuple(part.strip() for part in sign.split(cell) if part.strip())
            if len(parts) > 1 and all(self.understands(part) for part in parts):
                return parts
        return (cell,)

    def _one(self, part: str) -> str | None:
        """The value of one answer, with or without a remark after a dash, colon or bracket."""
        found = self.understands(part)
        if found:
            return found
        flat = normal(part)
        for sign in (" - ", ": ", " (", "; "):
            head, gap, _ = flat.partition(sign)
            if gap and (value := self._known.get(head.strip())):
                return value
        return None


def _open(cell: str) -> Recoded:
    """The name of an organisation as it stands; never an address, never a text."""
    flat = " ".join(cell.split())
    if len(flat) > OPEN_MAX or _ADDRESS.search(flat):
        return Recoded((OTHER,), (cell,), False)
    return Recoded((flat,))


def recoder(attribute: str, words: Mapping[str, str] | None = None) -> Recoder:
    """A reader of cells for an attribute, with the words of one format for its values."""
    return Recoder(ATTRIBUTES[attribute], words or {})
