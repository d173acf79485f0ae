"""What is said of a person: health, belief, origin, convictions, work, and that it is a child.

A term counts where a person is near; alone it is only a possibility, since a text about a
disease or a party is about nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from .context import plain
from .finding import Hit
from .lexicon import Lexicon

NEAR = 120  # bytes between a term and the person it is said of
CHILD, ICD10 = "CHILD", "ICD10_CODE"
ADULT = 18

Span = tuple[int, int]

# Who is meant, where nobody is named. "Any employee" is nobody.
_SOMEBODY = (
    r"(?i)(?:\b(an?|any|each|every|all|no|if|when|other|ein|eine|einen|einem|einer|jede[rnms]?|alle|un|une|tout|chaque|una|cada|ogni|een|elke|um|uma|każdy)\s+)?"
    r"\b(?:patient(?:in)?|employee|colleague|applicant|candidate|claimant|defendant|pupil|tenant|mitarbeiterin|mitarbeiter|patientin|bewerberin|bewerber|kollegin|kollege|sch[üu]lerin|salariée?|paciente|emplead[oa]|dipendente|paziente|medewerker|werknemer|pati[ëe]nt|funcion[áa]ri[oa]|pacjent(?:ka)?|pracownik|pracownica)\b"
    r"|\b(?:she|he|i|sie|er|ich|elle|il|je|ella|él|lei|lui|zij|hij|ik|ela|ele|ona|on) (?:was|is|am|has|have|had|suffers?|takes?|took|wurde|ist|bin|hat|habe|leidet|leide|nimmt|a été|est|suis|souffre|fue|es|tiene|padece|soy|tengo|è|ha|ho|soffre|werd|heeft|heb|lijdt|foi|tem|sofre|jest|ma|choruje|cierpi)\b"
    r"|\b(?:his|her|my) \w+"
    r"|\b(?:mr|mrs|ms|herr|frau|mme|señora?|sra?|sig|dhr|mevr|pan|pani)\.? "
)

# The name of a column, a key or a label that says as much as a person near.
_FIELDS = {
    "DIAGNOSIS": r"diagnos|disease|illness|condition|symptom|allerg|medical|health|krankheit|befund|maladie|enfermedad|malattia|ziekte|doenca|choroba|rozpoznanie|icd",
    "DRUG": r"drug|medication|medicine|prescription|medikament|medicament|medicacion|farmaco|medicijn|lek\b",
    "ETHNICITY": r"ethnic|race\b|origin|herkunft|etnia|etnic",
    "RELIGION": r"religio|faith|belief|konfession|confession|wyznanie|geloof|credo",
    "POLITICAL": r"politic|party|partei|parti\b|partido|partito|partij|partia",
    "TRADE_UNION": r"union|gewerkschaft|syndicat|sindica|vakbond|zwiazek",
    "SEXUAL_ORIENTATION": r"sexual|orientation|gender",
    "GENETIC": r"genetic|genotype|gene\b|mutation|dna",
    "BIOMETRIC": r"biometric|fingerprint|template",
    "CRIMINAL_RECORD": r"criminal|conviction|offen[cs]e|vorstrafe|casier|antecedentes|penal",
    "CHILD": r"school|grade|guardian|child|schule|kind\b|ecole|escuela|scuola|szkola",
    "PERFORMANCE": r"performance|rating|appraisal|beurteilung|evaluation|evaluacion|warning",
}

_ICD10 = r"\b[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?\b"
_ICD10_WORD = r"(?i)\bicd|\bdiagn|\bdx\b|\bbefund|\brozpoznani|\bcie-?10|\bcim-?10|\bcid\b"
_AGE = (
    r"(?i)\b(?:aged?|age[ds]? of|alter|âgée? de|âge|edad|età|leeftijd|idade|wiek|im alter von)[ :=]{1,3}(\d{1,2})\b"
    r"|\b(\d{1,2})(?:[ \-]years?[ \-]old|[ \-]?y/?o\b|[ \-]jahre alt|[ \-]jährig| años de edad| jaar oud| anos de idade|[ \-]letni)"
    r"|\b(?:ha|di anni|tiene|tem|heeft|ma) (\d{1,2}) (?:anni|años|anos|lat)\b"
)


def find_terms(
    text: bytes, people: Sequence[Span], lexicon: Lexicon, field: str = ""
) -> Iterator[Hit]:
    """The terms in a text, said of one of some people, or of somebody that is meant."""
    if not lexicon.terms:
        return
    near = _Near(text, people)
    about = plain(field) if field else ""
    for start, end, kind in _terms_of(lexicon).places(text):
        is_said = _is_field_of(kind, about) or near.somebody(start, end)
        value = text[start:end].decode("utf-8", "replace")
        yield Hit(kind, start, end, "medium" if is_said else "low", value=value)
    yield from _codes(text, near, about)
    yield from _ages(text, near)


def _codes(text: bytes, near: _Near, about: str) -> Iterator[Hit]:
    """Codes of the ICD-10, where a word says that they are: the shape is common."""
    for match in _regex(_ICD10).finditer(text):
        start, end = match.span()
        is_field = _regex(_ICD10_WORD).search(about.encode()) is not None
        if is_field or _regex(_ICD10_WORD).search(text[max(0, start - 60) : end + 30]):
            is_said = is_field or near.somebody(start, end)
            value = match.group().decode()
            yield Hit(ICD10, start, end, "medium" if is_said else "low", value=value)


def _ages(text: bytes, near: _Near) -> Iterator[Hit]:
    """Ages of people who are not grown up."""
    for match in _regex(_AGE).finditer(text):
        years = next(int(group) for group in match.groups() if group)
        if years < ADULT:
            start, end = match.span()
            value = match.group().decode("utf-8", "replace")
            is_said = near.somebody(start, end)
            yield Hit(CHILD, start, end, "medium" if is_said else "low", value=value)


class _Near:
    """Whether somebody is near a place of a text."""

    def __init__(self, text: bytes, people: Sequence[Span]) -> None:
        self._text = text
        self._people = sorted(people)
        self._ends = sorted(end for _, end in people)

    def somebody(self, start: int, end: int) -> bool:
        """Whether a person that was found, or one that is meant, is near."""
        at = bisect_left(self._ends, start - NEAR)
        if at < len(self._ends) and bisect_left(self._people, (end + NEAR, 0)) > at:
            return True
        for part in (self._text[max(0, start - NEAR) : start], self._text[end : end + NEAR]):
            if any(not match.group(1) for match in _regex(_SOMEBODY).finditer(part)):
                return True
        return False


class _Term(NamedTuple):
    """A term around its longest word, the anchor: a `*` at the end of a word is any ending."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    kind: str


class _Terms:
    """The terms by their anchor, since few of the words of a text are one."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._whole: dict[str, list[_Term]] = {}
        self._stems: dict[str, list[_Term]] = {}
        for kind, terms in lexicon.terms.items():
            for term in terms:
                self._add(term, kind)
                if not term.isascii() and (other := _umlauts(term)) != term:
                    self._add(other, kind)
        self._beginnings = {stem[:STEM] for stem in self._stems}

    def _add(self, term: str, kind: str) -> None:
        words = _TERM_WORDS.findall(_folded(term))
        number = words.index(max(words, key=len))
        anchor = words[number]
        table = self._stems if anchor.endswith("*") else self._whole
        found = _Term(tuple(words[:number]), tuple(words[number + 1 :]), kind)
        table.setdefault(anchor.rstrip("*"), []).append(found)

    def places(self, text: bytes) -> Iterator[tuple[int, int, str]]:
        """Where the terms of a text stand, and their types; of those in one place the longest."""
        small = text.lower()
        anchors = {
            word: terms
            for found in set(small.translate(_ONLY_WORDS).split())
            if len(word := found.lstrip(_REST)) >= SHORTEST and (terms := self._at(word))
        }
        found = [
            (at, at + len(word), anchors[word])
            for word, at in (
                _places_of_few(small, anchors) if len(anchors) <= FEW else _places(small, anchors)
            )
        ]
        done = 0
        for start, end, terms in sorted(found, key=lambda place: place[:2]):
            if start >= done and (best := _best(small, start, end, terms)):
                yield best
                done = best[1]

    def _at(self, word: bytes) -> list[_Term]:
        key = word.decode("utf-8", "ignore")
        if not word.isascii():
            key = _folded(key)
        found = self._whole.get(key, [])
        if key[:STEM] in self._beginnings:
            for length in range(STEM, len(key) + 1):
                found = found + self._stems.get(key[:length], [])
        return found


def _places_of_few(small: bytes, words: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Where some words stand: quick while they are few."""
    for word in words:
        at = small.find(word)
        while at >= 0:
            end = at + len(word)
            if not (_goes_on(small[at - 1 : at]) or _goes_on(small[end : end + 1])):
                yield word, at
            at = small.find(word, end)


def _places(small: bytes, words: Container[bytes]) -> Iterator[tuple[bytes, int]]:
    """Where some words stand: by looking at every word of the text."""
    for match in _AROUND.finditer(small):
        if match.group() in words:
            yield match.group(), match.start()


def _goes_on(byte: bytes) -> bool:
    return byte.isalnum() or byte == b"_" or b"\xc3" <= byte <= b"\xd4"


def _best(
    small: bytes, first: int, last: int, terms: Sequence[_Term]
) -> tuple[int, int, str] | None:
    """The longest of some terms that stands around its anchor."""
    best: tuple[int, int, str] | None = None
    for term in terms:
        start, end = first, last
        if term.before:
            start = _reach(small[max(0, start - AROUND) : start], term.before, start, back=True)
        if term.after and start >= 0:
            end = _reach(small[end : end + AROUND], term.after, end, back=False)
        if start >= 0 and end >= 0 and (best is None or end - start > best[1] - best[0]):
            best = start, end, term.kind
    return best


def _reach(part: bytes, words: tuple[str, ...], at: int, *, back: bool) -> int:
    """How far some words reach before or after a place of the text; -1 where others stand."""
    found = list(_AROUND.finditer(part))
    found = found[-len(words) :] if back else found[: len(words)]
    if len(found) < len(words):
        return -1
    gap = part[found[-1].end() :] if back else part[: found[0].start()]
    if len(gap) > 3 or b"\n\n" in gap or any(b in gap for b in b".,;:!?()"):
        return -1
    for match, word in zip(found, words, strict=True):
        other = _folded(match.group().decode("utf-8", "ignore"))
        if other != word and not (word[-1:] == "*" and other.startswith(word[:-1])):
            return -1
    return at - len(part) + found[0].start() if back else at + found[-1].end()


FEW = 50  # words that are looked for one by one
SHORTEST = 3  # letters of the shortest anchor
STEM = 4  # and of the shortest stem
AROUND = 60  # bytes in which the other words of a term stand
_TERM_WORDS = re.compile(r"[^\W_]+\*?")
_ONLY_WORDS = bytes(
    c if (c < 0x80 and chr(c).isalnum()) or 0x80 <= c <= 0xBF or 0xC3 <= c <= 0xD4 else 0x20
    for c in range(256)
)
_AROUND = re.compile(rb"(?:[a-z0-9]|[\xc3-\xd4][\x80-\xbf])+")
_REST = bytes(range(0x80, 0xC0))  # no letter begins with one of these


@cache
def _terms_of(lexicon: Lexicon) -> _Terms:
    return _Terms(lexicon)


@cache
def _regex(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}


def _umlauts(term: str) -> str:
    return "".join(_UMLAUTS.get(char, char) for char in term)


def _folded(term: str) -> str:
    """A term in small letters without accents."""
    return term.lower() if term.isascii() else plain(term.lower())


def _is_field_of(kind: str, about: str) -> bool:
    return (
        bool(about) and kind in _FIELDS and re.search(rf"\b(?:{_FIELDS[kind]})", about) is not None
    )
