"""Writes the lists of names in `data/detection/` from the lists that Faker has.

    pip install faker && python packaging/name_lists.py data/detection

Faker is MIT licensed, copyright (c) 2012 Daniele Faraglia and contributors. Ordinary words come
from its texts and from the comments of Python's standard library: words in small letters.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
import sys
import sysconfig
import tokenize
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")
NEIGHBOURS = ("cs", "da", "fi", "hr", "hu", "no", "ro", "sk", "sl", "sv", "tr")
ALPHABETS = {"LATIN", "CYRILLIC", "GREEK"}
NO_PROSE = {"test", "tests", "site-packages", "idlelib", "encodings", "lib2to3"}
HEAD = """# {what}
# One a line, sorted, in small letters without accents. Written by packaging/name_lists.py from
# the lists of Faker (https://github.com/joke2k/faker), MIT License,
# copyright (c) 2012 Daniele Faraglia and contributors.
"""
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae"})

# Names first of all, though they stand in small letters somewhere.
NAMES = """
antonio carlos claire dan domenica ella felipe fernando fredrik francisco francois guy herb jan
jorge jose juan julio klas lina luis maj manuel marco mari maria massimo maxime maximo mika miguel
noi norma olie pablo pedro pelle piotr pietro pierre rafael regula reka rok sam santiago sean signe
stan stella victoria joe martin dolores donna gia karin luna hal nat nino roza rosa zak darin
branden demi cristiano
"""
# Places, months, companies and things that have the name of a person.
DOUBTFUL = """
abril abu ada adelaide adobe africa al alabama alaska albany alberta alexa alexandria all allah
alpha amazon amber america americas and andorra angel angola antigua any apache apple april ara
aragon are aria arizona art asia athens atlanta auckland august augusta austin author autumn avery
baby bailey barbados barcelona basel bazel ben berlin bermuda beta bethany bethlehem bill bin
blaze bob bonn boston bot bradford brandy brazil bristol brooklyn brown buddha buddy buffalo but
cairo calgary cali california cambridge camden canada canon cape carolina carson cash celeste chad
chase chelsea chester cheyenne chicago china chip christ christian christmas cisco claude clay
cleveland clinton cloud code cole cologne colorado columbia columbus corona cortana crystal cuba
cyprus da dakota dale dallas dana dart das dash data davos dawn dayton de dean delhi dell delta
den denmark denver der des desert destiny devon di diamond dick dino do doctor dominica domino dos
dover dr dresden drew du dublin duke durham dusty earl eden edison egypt el elba elm emerald
england epsilon essex estrella europe eve faith fargo favor february fern fiesta fiji finland
flash flora florence florida for ford forest france frankfurt frau friend from gale gamma gates
gemini gene genesis geneva genoa georgia germany ghana ginger glen glory god gold golden grace
grant gray green guinea guy gypsy had hamburg hampton harbor harley harvard has have haven hazel
heath heaven heidelberg her herr him his holland holly honey hong houston how hudson hull hunter
hyde ibn ice independence india indiana indigo iota iowa iran iraq ireland iris isis islam israel
italy its ivory ivy jade jamaica january jasper java jenkins jersey jerusalem jesus jet jewel
johannesburg jordan joy july june juno justice kansas kappa karma kelvin kent kentucky kenya king
kobe korea krishna kuwait la lake lambda lance lane las laurel laval lawyer le leader lee leeds
legend lennox leon liberia liberty libya lily lima lincoln linus linux lisbon lisp liverpool lo
logan london lord los lotus louisiana lourdes love lucky luxembourg lyon mac macon madam madame
madison madonna madrid magdeburg maine malta manchester manila march maria marina mark maryland
mason maven maverick max may maya mc media medina melbourne melody mercedes mercy merit messiah
metro mexico miami michigan milan miles ming minsk miss mississippi missouri mocha modesto
mohammed monaco monday mongolia monsieur montana monterey montreal moscow mr mrs ms muhammad
munich myanmar myrtle nairobi naples nebraska nepal nevada new newton nice nick niger nigeria nike
noble nokia norm not nova oak ocean october odessa ohio olive ollie olympia omega omicron one
ontario opal oracle oregon orlando os oslo our out oxford pacific pan panama paris parker pascal
pat patience patty peace peaches pearl penny perry persia peru philadelphia phoenix pike pilot pip
piper pisa poland polo poppy porsche porter prague precious preston princess princeton prof
prudence puck python quebec queen queens quinn randy raven ray red reed reno rex rich richmond
rider rio river riviera rob robin rochelle rock rocky roma rome rosario rowan royal ruby russia
rust rusty sage sahara saint salem salt samara samoa san sandy santa santo santos sap sass saturn
savannah scala scarlet scotland seattle senora september serenity server seville shadow shanghai
sharp she shell shelly sherman shiva siena sienna sierra sigma silver sir sister skip sky skye
somalia sonny sonora sony spain sparky st stanford star sterling stockholm stone storm string
sudan sue summer sunday sunny swift sydney syria tab taiwan tampa ten tennessee ter tesla texas
thailand that the their them theta they this thursday tokyo toledo tony toronto travis trinidad
trinity troy tucson tunisia turin turkey tuscany two ty tyrol uganda ukraine unity unknown utah
valencia valentine value van vatican vega venice venus verona vienna vietnam vim violet virginia
vista von wade wales ward warsaw was washington watson wayne webb wednesday wells west what when
where which while who whom whose why will wisconsin with wolf woody wyoming xerox yale yarn yemen
york you your zambia zeta zig zion zurich
"""


def folded(name: str) -> str:
    """Small letters without accents."""
    name = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    return "".join(c for c in name if not unicodedata.combining(c))


def lists(kind: str, attribute: str, languages: tuple[str, ...] = ()) -> Iterator[str]:
    """Every entry of the lists of Faker whose name begins so, of some languages or of all."""
    package = importlib.import_module(f"faker.providers.{kind}")
    for info in pkgutil.iter_modules(package.__path__):
        if languages and not info.name.startswith(languages):
            continue
        provider = importlib.import_module(f"{package.__name__}.{info.name}").Provider
        for name in dir(provider):
            found = getattr(provider, name)
            if name.startswith(attribute) and isinstance(found, (tuple, list, dict)):
                yield from (e if isinstance(e, str) else str(e[0]) for e in found)


def words_of_names(entries: Iterator[str]) -> set[str]:
    """Each name that is one word of letters, in an alphabet with capitals."""
    found = set()
    for entry in entries:
        for part in entry.split()[:1]:
            name = folded(part.strip("()\u200c\u200e"))
            letters = name.replace("-", "").replace("'", "")
            if (
                len(name) > 1
                and letters.isalpha()
                and unicodedata.name(letters[0], "").split()[0] in ALPHABETS
            ):
                found.add(name)
    return found


def alphabet(letters: str) -> str:
    """The alphabet of a word, by its first letter."""
    return unicodedata.name(letters[0], "").partition(" ")[0]


def words_of_comments() -> set[str]:
    """Words in small letters that several modules of the standard library say in prose."""
    word = re.compile(r"""(?<![\w.@/'"`\\<{(\[-])[a-z]{3,}(?![\w(@/'"`=\\>}\[]|\.\w|-)""")
    seen: Counter[str] = Counter()
    root = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(root.rglob("*.py")):
        if NO_PROSE.isdisjoint(path.parts):
            seen.update(set(word.findall(_prose(path))))
    return {found for found, modules in seen.items() if modules > 1}


def _prose(path: Path) -> str:
    source = io.StringIO(path.read_text("utf-8", "ignore"))
    parts = []
    for token in tokenize.generate_tokens(source.readline):
        if token.type == tokenize.COMMENT or '"""' in token.string[:4]:
            parts.append(token.string)
    return "\n".join(parts)


def write(folder: Path, name: str, what: str, words: set[str]) -> None:
    """Write one list."""
    body = "\n".join(sorted(words))
    (folder / name).write_text(f"{HEAD.format(what=what)}{body}\n", "utf-8")


def main(folder: Path) -> None:
    """Write all lists."""
    first = words_of_names(lists("person", "first_name"))
    last = words_of_names(lists("person", "last_name", (*LANGUAGES, *NEIGHBOURS)))
    ordinary = {folded(w) for w in lists("lorem", "word_list", LANGUAGES)} | words_of_comments()
    doubtful = (first & ordinary - set(NAMES.split())) | (first & set(DOUBTFUL.split()))
    doubtful |= {name for name in first if len(name) == 2}
    write(folder, "first_names.txt", "First names that are hardly anything else.", first - doubtful)
    write(folder, "doubtful_names.txt", "First names that are also words or places.", doubtful)
    known = last - ordinary - doubtful - set(DOUBTFUL.split())
    write(folder, "surnames.txt", "Surnames that are hardly anything else.", known)
    plain = (
        {word for word in ordinary if len(word) > 1 and word.isalpha()} - last - set(NAMES.split())
    )
    write(folder, "ordinary_words.txt", "Words that are hardly a surname.", plain)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
