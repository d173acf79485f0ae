"""Which words stand near a value: they speak for a type, or against it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache

from .words import WORDS

BEFORE, AFTER = 60, 30  # bytes of text in which a word speaks for a value
LONGEST = 4  # words of the longest phrase that is looked up

_PARTS = re.compile(r"[a-z]+|[^\W\d_a-z]+")
_WRITTEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+")  # words, those of `camelCase` apart
_CAMEL = re.compile(r"([a-z])([A-Z])")


def plain(text: str) -> str:
    """Small letters without accents; the words of `camelCase` apart."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l"))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return _CAMEL.sub(r"\1 \2", text).lower()


def plain_words(text: str) -> str:
    """The words of a text between spaces, to find words of others in it whole."""
    return f" {' '.join(_PARTS.findall(plain(text)))} "


@cache
def _phrases() -> dict[str, frozenset[str]]:
    """Each phrase, as one word, and the groups that it belongs to."""
    found: dict[str, set[str]] = {}
    for group, languages in WORDS.items():
        for words in languages.values():
            for phrase in words.split(","):
                found.setdefault("".join(_PARTS.findall(plain(phrase))), set()).add(group)
    found.pop("", None)
    return {phrase: frozenset(groups) for phrase, groups in found.items()}


@cache
def _first_words() -> frozenset[str]:
    """The first word of each phrase, and the phrase written as one."""
    found: set[str] = set(_phrases())
    for languages in WORDS.values():
        for words in languages.values():
            for phrase in words.split(","):
                parts = _PARTS.findall(plain(phrase))
                found.update(parts[:1])
    return frozenset(found)


def groups_in(text: str) -> frozenset[str]:
    """The groups of words that stand in a text, as whole words."""
    parts = _PARTS.findall(plain(text))
    first = _first_words()
    if first.isdisjoint(parts):
        return frozenset()
    phrases, found = _phrases(), set[str]()
    for start, part in enumerate(parts):
        if part in first:
            joined = ""
            for other in parts[start : start + LONGEST]:
                joined += other
                if joined in phrases:
                    found |= phrases[joined]
    return frozenset(found)


class Around:
    """The groups of words around the places of one block of text, those of its field always."""

    def __init__(self, block: bytes, of_field: frozenset[str] = frozenset()) -> None:
        self._block, self._field = block, of_field
        self._known: dict[tuple[int, int], frozenset[str]] = {}
        self._words = _places_of_words(block)

    def groups(self, start: int, end: int) -> frozenset[str]:
        """The groups of the words around a place."""
        place = start, end
        if place not in self._known:
            self._known[place] = self._field | self._near(start, end)
        return self._known[place]

    def _near(self, start: int, end: int) -> frozenset[str]:
        if self._words is not None:  # most places have none near
            at = bisect_left(self._words, start - BEFORE - 1)
            if at == len(self._words) or self._words[at] > end + AFTER:
                return frozenset()
        return groups_in(near(self._block, start, end))


def _places_of_words(block: bytes) -> list[int] | None:
    """Where words that groups begin with may stand; None where that is not known."""
    if not block.isascii():
        return None
    text = block.decode()
    words = _first_words().intersection(map(str.lower, _WRITTEN.findall(text)))
    lower, found = block.lower(), []
    for word in words:
        sought = word.encode()
        at = lower.find(sought)
        while at >= 0:
            found.append(at)
            at = lower.find(sought, at + 1)
    return sorted(found)


# Words of the names of columns and keys that speak for no type of value.
_OF_NAMES = frozenset(
    [
        "a",
        "account",
        "active",
        "address",
        "age",
        "amount",
        "answer",
        "apellidos",
        "at",
        "bank",
        "bedrag",
        "bemerkung",
        "bestellung",
        "betrag",
        "bic",
        "birthday",
        "body",
        "branch",
        "by",
        "calle",
        "card",
        "case",
        "category",
        "changed",
        "citta",
        "city",
        "ciudad",
        "class",
        "client",
        "code",
        "cognome",
        "column",
        "comment",
        "commentaire",
        "comments",
        "company",
        "complaint",
        "contact",
        "content",
        "contract",
        "count",
        "country",
        "created",
        "created_at",
        "currency",
        "customer",
        "data",
        "date",
        "datum",
        "day",
        "deleted",
        "department",
        "description",
        "details",
        "diagnosis",
        "dob",
        "doctor",
        "email",
        "employee",
        "employer",
        "enabled",
        "end",
        "entry",
        "family",
        "fecha",
        "feedback",
        "field",
        "file",
        "first",
        "flag",
        "from",
        "full",
        "gender",
        "given",
        "grade",
        "group",
        "has",
        "history",
        "home",
        "house",
        "iban",
        "id",
        "ids",
        "importe",
        "importo",
        "in",
        "index",
        "info",
        "insurance",
        "invoice",
        "is",
        "item",
        "items",
        "job",
        "key",
        "keys",
        "kommentar",
        "kunde",
        "kunden",
        "kundennummer",
        "label",
        "land",
        "language",
        "last",
        "level",
        "link",
        "list",
        "login",
        "made",
        "mail",
        "main",
        "manager",
        "member",
        "membership",
        "message",
        "messages",
        "middle",
        "mobile",
        "montant",
        "month",
        "naam",
        "nachname",
        "name",
        "names",
        "new",
        "no",
        "nom",
        "nombre",
        "nome",
        "nota",
        "notas",
        "note",
        "notes",
        "notiz",
        "notizen",
        "nr",
        "num",
        "number",
        "numbers",
        "of",
        "office",
        "old",
        "opmerking",
        "order",
        "orders",
        "organisation",
        "organization",
        "ort",
        "other",
        "owner",
        "password",
        "path",
        "patient",
        "pay",
        "payment",
        "payments",
        "pays",
        "person",
        "phone",
        "plaats",
        "plz",
        "policy",
        "position",
        "postcode",
        "precio",
        "preis",
        "prenom",
        "prezzo",
        "price",
        "primary",
        "private",
        "prix",
        "product",
        "qty",
        "quantity",
        "question",
        "rank",
        "rating",
        "reason",
        "rechnung",
        "record",
        "ref",
        "reference",
        "region",
        "remark",
        "remarks",
        "review",
        "role",
        "row",
        "rows",
        "rue",
        "salary",
        "school",
        "score",
        "sex",
        "sku",
        "source",
        "start",
        "state",
        "status",
        "straat",
        "strasse",
        "street",
        "student",
        "subject",
        "sum",
        "summary",
        "target",
        "tax",
        "team",
        "telefon",
        "text",
        "the",
        "ticket",
        "time",
        "title",
        "to",
        "total",
        "treatment",
        "type",
        "unit",
        "units",
        "updated",
        "url",
        "user",
        "username",
        "users",
        "uuid",
        "value",
        "values",
        "vat",
        "version",
        "via",
        "ville",
        "vorname",
        "was",
        "work",
        "year",
        "zip",
    ]
)


def is_known(name: str) -> bool:
    """Whether the name of a column or key is made of known words alone, so that it is a name
    and no value: a table may begin with its first row, and keys may be people."""
    parts = _PARTS.findall(plain(name))
    known = [part in _OF_NAMES or part in _phrases() for part in (*parts, "".join(parts))]
    is_made_of_known = known.pop() or all(known)  # `e-mail` is one word
    return bool(parts) and is_made_of_known and not any(map(str.isdigit, name))


def near(text: bytes, start: int, end: int, before: int = BEFORE, after: int = AFTER) -> str:
    """The words around a value on the lines it stands on and the one above."""
    head = text[max(0, start - before) : start]
    if start > before:  # not half a word
        head = head.partition(b" ")[2] if b" " in head else head
    tail = text[end : end + after]
    if end + after < len(text):
        tail = tail.rpartition(b" ")[0] if b" " in tail else tail
    return f"{head.decode('utf-8', 'ignore')} | {tail.decode('utf-8', 'ignore')}"


def all_groups(names: Iterable[str]) -> frozenset[str]:
    """Groups by name; an unknown one is a mistake of the rule."""
    found = frozenset(names)
    missing = found - WORDS.keys()
    if missing:
        raise KeyError(f"no group of words {sorted(missing)[0]!r}")
    return found
