"""Statements about facts: what was said, by whom, as the set of values still possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import RequestError
from .vocabulary import UNLISTED, Fact, Provenance, Vocabulary
from .wording import Plain, nearest, normal, quote, quote_part

UNKNOWN = "unknown"
UNSURE = "unsure"
NONE = "none"
NONE_OF_THESE = "none of these"  # as an answer shows it
NONE_WORDS = (NONE, NONE_OF_THESE)

READ_KEPT = 4_000  # statements that are remembered as read

# Short names that people and assistants may use in `fact=value`.
SHORT_NAMES = {
    "tool": "tool.id",
    "model": "model.id",
    "task": "purpose.task",
    "level": "data.level",
    "overlays": "data.overlays",
    "categories": "data.categories",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says of one fact. Empty means: nothing is said (unknown).

    `values` are those still possible (choice, level); `present` and `absent` are members
    of a set, and `is_complete` says that every other member is absent; `low` to `high`
    is a range of whole numbers, open above where `high` is None.
    """

    fact: str
    provenance: Provenance = "stated"
    values: frozenset[str] | None = None
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    is_complete: bool = False
    low: int | None = None
    high: int | None = None
    is_unsure: bool = False
    is_default: bool = False  # holds unless something else was said
    because: str = ""  # the words it was taken from

    @property
    def says_nothing(self) -> bool:
        """Whether it leaves every value possible."""
        return (
            self.values is None
            and not self.present
            and not self.absent
            and not self.is_complete
            and self.low is None
            and not self.is_unsure
        )

    def from_(self, provenance: Provenance, because: str = "") -> Statement:
        """The same, from another source."""
        return replace(self, provenance=provenance, because=because or self.because)


def read_statement(vocabulary: Vocabulary, text: str) -> Statement:
    """`fact=value` as typed: also `fact=a,b`, `fact!=a`, `fact=none`, `fact=only:a,b`,
    `fact=unsure` and `fact=unknown`."""
    name, sign, value = text.partition("=")
    if not sign:
        raise RequestError(
            f"{quote(text)} is not a fact.",
            remedy="Write fact=value, for example data.level=public.",
        )
    negative = name.endswith("!")
    name = name.rstrip("!").strip()
    fact = vocabulary.fact(SHORT_NAMES.get(name, name))
    words = [word.strip() for word in value.strip().split(",") if word.strip()]
    if not words:
        raise RequestError(f"{fact.id} has no value.", remedy=_values_hint(fact))
    if negative:
        return statement(vocabulary, fact.id, {"none_of" if fact.type == "set" else "not": words})
    if words[0].startswith("only:"):
        words[0] = words[0].removeprefix("only:").strip()
        if not all(words):
            raise RequestError(f"{fact.id} has no value.", remedy=_values_hint(fact))
        if len(words) == 1 and normal(words[0]) in (*NONE_WORDS, UNSURE):
            return statement(vocabulary, fact.id, normal(words[0]))
        return statement(vocabulary, fact.id, {"only": words})
    return statement(vocabulary, fact.id, words if len(words) > 1 else words[0])


def statement(vocabulary: Vocabulary, name: str, value: Plain) -> Statement:
    """What a plain value (as in YAML or JSON) says of a fact; the same words are read once."""
    key = (name, value if isinstance(value, str) else None, repr(value))
    found = vocabulary.read.get(key)
    if found is None:
        if len(vocabulary.read) >= READ_KEPT:
            vocabulary.read.clear()
        found = vocabulary.read[key] = _statement(vocabulary, name, value)
    return found


def _statement(vocabulary: Vocabulary, name: str, value: Plain) -> Statement:
    fact = vocabulary.fact(name)
    if value is None or value == UNKNOWN:
        return Statement(fact.id)
    if value == UNSURE:
        return Statement(fact.id, is_unsure=True)
    if fact.type == "integer":
        return _integer(fact, value)
    if fact.type == "set":
        return _set(fact, value)
    return _choice(fact, value)


def _choice(fact: Fact, value: Plain) -> Statement:
    if isinstance(value, Mapping):
        key, words = _single(fact, value, ("any_of", "not"))
        named = _values(fact, words)
        values = named if key == "any_of" else frozenset(fact.values) - named
    else:
        values = _values(fact, _words(fact, value))
    if not values:
        raise RequestError(f"{fact.id} is left with no value.", remedy=_values_hint(fact))
    return Statement(fact.id, values=values)


def _set(fact: Fact, value: Plain) -> Statement:
    if isinstance(value, Mapping):
        present: frozenset[str] = frozenset()
        absent: frozenset[str] = frozenset()
        complete = False
        for key, part in value.items():
            if key not in ("all_of", "none_of", "only"):
                raise RequestError(
                    f"{quote(str(key))} cannot be said of {fact.id}.",
                    remedy=nearest(str(key), ("all_of", "none_of", "only")),
                )
            members = _values(fact, _words(fact, part))
            if key == "none_of":
                absent |= members
            else:
                present |= members
            complete = complete or key == "only"
        return _consistent(Statement(fact.id, present=present, absent=absent, is_complete=complete))
    words = _words(fact, value)
    if not words or (len(words) == 1 and normal(words[0]) in NONE_WORDS):
        return Statement(fact.id, is_complete=bool(words))
    return Statement(fact.id, present=_values(fact, words))


def _integer(fact: Fact, value: Plain) -> Statement:
    if isinstance(value, Mapping):
        low, high = 0, None
        for key, part in value.items():
            if key not in ("more_than", "at_most"):
                raise RequestError(
                    f"{quote(str(key))} cannot be said of {fact.id}.",
                    remedy=nearest(str(key), ("more_than", "at_most")),
                )
            if key == "more_than":
                low = _number(fact, part) + 1
            else:
                high = _number(fact, part)
        if high is not None and low > high:
            raise RequestError(
                f"{fact.id} is left with no value.", remedy="Let more_than be below at_most."
            )
        return Statement(fact.id, low=low, high=high)
    parts = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    numbers = [_number(fact, part) for part in parts]  # several: anything between them
    return (
        Statement(fact.id, low=min(numbers), high=max(numbers)) if numbers else (Statement(fact.id))
    )


def _number(fact: Fact, value: Plain) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 15:
        raise RequestError(
            f"{fact.id} must be a whole number, not {quote(text)}.",
            remedy=f"Give the number of {fact.unit or 'units'}, for example 30.",
        )
    return int(text)


def _words(fact: Fact, value: Plain) -> list[str]:
    if isinstance(value, Mapping):
        raise RequestError(f"{fact.id} takes a value or a list.", remedy=_values_hint(fact))
    parts = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    words = []
    for part in parts:
        if isinstance(part, bool):
            pairs = (("yes", "no"), ("on", "off"), ("true", "false"))
            positive, negative = next((p for p in pairs if p[0] in fact.values), pairs[-1])
            words.append(positive if part else negative)
        elif isinstance(part, str | int):
            words.append(str(part).strip())
        else:
            raise RequestError(
                f"{fact.id} takes words, one or a list of them.", remedy=_values_hint(fact)
            )
    return words


def _single(fact: Fact, value: Mapping[str, Plain], keys: Sequence[str]) -> tuple[str, list[str]]:
    if len(value) != 1 or next(iter(value)) not in keys:
        raise RequestError(f"{fact.id} takes a value, a list, or one of: {', '.join(keys)}.")
    key, part = next(iter(value.items()))
    return key, _words(fact, part)


def _values(fact: Fact, words: Sequence[str]) -> frozenset[str]:
    return frozenset(_value(fact, word, words) for word in words)


def _value(fact: Fact, word: str, said_with: Sequence[str]) -> str:
    if word in fact.values:
        return word
    if word in fact.others:
        return UNLISTED
    said = normal(word)
    for value in fact.values.values():
        if said in map(normal, (value.id, value.title, *value.synonyms)):
            return value.id
    raise RequestError(
        f"{quote_part(word, said_with)} is not a value of {fact.id}.",
        remedy=nearest(word, fact.values),
    )


def _consistent(said: Statement) -> Statement:
    both = said.present & said.absent
    if both:
        raise RequestError(
            f"{said.fact} is said to hold and not to hold {sorted(both)[0]!r}.",
            remedy="Say one of the two.",
        )
    return said


def _values_hint(fact: Fact) -> str:
    return nearest("", fact.values) if fact.values else "Give a whole number."


def merge(first: Statement, second: Statement) -> Statement:
    """Both statements of one fact from one source; a request error where they clash."""
    if first.says_nothing:
        return second
    if second.says_nothing or first == second:
        return first
    clash = RequestError(
        f"{first.fact} is given twice, with different values.", remedy="Give it once."
    )
    if first.is_unsure or second.is_unsure or first.low is not None or second.low is not None:
        raise clash
    if first.values is not None and second.values is not None:
        values = first.values & second.values
        if not values:
            raise clash
        return replace(first, values=values)
    merged = replace(
        first,
        present=first.present | second.present,
        absent=first.absent | second.absent,
        is_complete=first.is_complete or second.is_complete,
    )
    if merged.is_complete:
        late = (second.present - first.present if first.is_complete else frozenset()) | (
            first.present - second.present if second.is_complete else frozenset()
        )
        if late:
            raise clash
    return _consistent(merged)


def as_plain(said: Statement) -> Plain:
    """The statement in the form that `statement()` reads back; for logs and files."""
    if said.is_unsure:
        return UNSURE
    if said.values is not None:
        values = sorted(said.values)
        return values[0] if len(values) == 1 else values
    if said.low is not None:
        if said.low == said.high:
            return said.low
        bounds: dict[str, Plain] = {"more_than": said.low - 1} if said.low else {}
        return bounds | ({} if said.high is None else {"at_most": said.high})
    if said.is_complete and not said.present:
        return NONE
    result: dict[str, Plain] = {}
    if said.present:
        result["only" if said.is_complete else "all_of"] = sorted(said.present)
    if said.absent:
        result["none_of"] = sorted(said.absent)
    return result or UNKNOWN
