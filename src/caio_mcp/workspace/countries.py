"""Countries by code or name, and the part of the world whose rules their organisations are under.

Codes are those of ISO 3166-1 (and XK), names those of the Unicode CLDR in a few languages
(https://cldr.unicode.org, Unicode License v3).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..core.wording import quote
from ..errors import RequestError

NAMES = Path(__file__).with_name("countries.txt")
EEA = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
        *("IS", "LI", "NO"),
        *("AX", "GF", "GP", "MF", "MQ", "RE", "YT"),  # parts of member states: TFEU Art. 355
    )
)
US = frozenset(("US", "AS", "GU", "MP", "PR", "VI"))
UK = frozenset(("GB",))

# The parts of the United States with rules of their own, as people write them.
US_PLACES: Mapping[str, tuple[str, ...]] = {
    "us_california": ("California", "CA"),
    "us_colorado": ("Colorado", "CO"),
    "us_connecticut": ("Connecticut", "CT"),
    "us_illinois": ("Illinois", "IL"),
    "us_new_york_city": ("New York City", "NYC"),
    "us_texas": ("Texas", "TX"),
    "us_utah": ("Utah", "UT"),
}
_EU_WORDS = frozenset(("eu", "eea", "european union", "european economic area", "europe"))
_UNCLEAR = {"georgia": "GE for the country, US for the state"}
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory."""

    code: str
    name: str

    @property
    def region(self) -> str:
        """The value of `actor.region`."""
        places = {"eea": EEA, "us": US, "uk": UK}
        return next((region for region, codes in places.items() if self.code in codes), "other")

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The values of `actor.jurisdictions` that come with it."""
        own = {"eea": ("eu",), "us": ("us",), "uk": ("uk",)}.get(self.region, ())
        return (*own, "germany") if self.code == "DE" else own


def find_country(word: str) -> Country:
    """The country of a code or a name; a word that is not known is never guessed."""
    known, said = _countries(), key(word)
    if said in _UNCLEAR:
        raise RequestError(f"{quote(word)} may be two places.", remedy=f"Write {_UNCLEAR[said]}.")
    if said in _EU_WORDS:
        raise RequestError(
            f"{quote(word)} is no country.", remedy="Say in which country, for example Ireland."
        )
    if said in known:
        return known[said]
    close = difflib.get_close_matches(said, list(known), n=3, cutoff=0.7)
    names = dict.fromkeys(known[name].name for name in close)
    raise RequestError(
        f"{quote(word)} is not a country that is known.",
        remedy=f"Did you mean {' or '.join(names)}?"
        if names
        else "Write its English name or its ISO code, for example Germany or DE.",
    )


def find_jurisdictions(word: str) -> tuple[str, ...]:
    """The jurisdictions of a country, of the EU, or of a state with rules of its own."""
    said = key(word)
    if said in _EU_WORDS:
        return ("eu",)
    for place, names in US_PLACES.items():
        if said in (key(place), key(names[0])):
            return ("us", place)
    return find_country(word).jurisdictions


def find_us_place(word: str) -> str:
    """The part of the United States with rules of its own that a word stands for."""
    said = key(word)
    for place, names in US_PLACES.items():
        if said in (key(place), *map(key, names)):
            return place
    raise RequestError(
        f"{quote(word)} is not one of the places with rules of their own.",
        remedy=f"Use {', '.join(names[0] for names in US_PLACES.values())}, or none.",
    )


def key(word: str) -> str:
    """The form in which names are compared: case, accents and punctuation do not count."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_NO_LETTER.sub(" ", plain).split())


@cache
def _countries() -> dict[str, Country]:
    """Every country by each of its codes and names."""
    found: dict[str, Country] = {}
    for country, words in _lines():
        for word in words:
            found.setdefault(key(word), country)
            found.setdefault(key(_spelled_out(word)), country)
    return found


def _lines() -> Iterator[tuple[Country, list[str]]]:
    for line in NAMES.read_text(encoding="utf-8").splitlines():
        code, code3, names = line.split(" ", 2)
        words = names.split("|")
        yield Country(code, words[0]), [code, code3, *words]


def _spelled_out(word: str) -> str:
    """As it is typed where the keyboard has no umlauts."""
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        word = word.replace(letter, letters).replace(letter.upper(), letters.capitalize())
    return word
