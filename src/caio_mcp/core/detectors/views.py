"""Other readings of a text in which a value may be hidden: folded characters, and decoded ones.

Each view knows where its bytes come from, so that a hit is placed in the text as it was given.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from .context import near
from .finding import Hit

AROUND = 200  # bytes beside a change that a view has of the rest
DEPTH = 2  # encodings inside each other
DECODED_MAX = 2  # times the text that its decoded views may have together
PRINTABLE = 0.95  # of what is decoded; less is no text
FOLDED = "unicode"


@dataclass(slots=True)
class View:
    """A reading of a text, with where each changed piece comes from."""

    text: bytes = field(repr=False)
    via: tuple[str, ...] = ()
    beside: str = field(default="", repr=False)  # what stands around a token whose inside this is
    # Where pieces begin in the view and in the text; a piece with `whole` has no inside.
    at: list[int] = field(default_factory=lambda: [0])
    source: list[tuple[int, int, bool]] = field(default_factory=lambda: [(0, 0, False)])

    def place(self, hit: Hit) -> Hit:
        """The hit where it stands in the text."""
        return replace(
            hit, start=self._from(hit.start), end=self._from(hit.end - 1, last=True), via=self.via
        )

    def _from(self, position: int, *, last: bool = False) -> int:
        piece = bisect_right(self.at, position) - 1
        first, end, is_whole = self.source[piece]
        if is_whole:
            return end if last else first
        return first + position - self.at[piece] + last


Edit = tuple[int, int, bytes]  # from where to where, and what stands there in the view


def _edited(view: View, name: str, edits: Iterable[Edit]) -> View | None:
    """The view with some pieces changed, and only what stands around these: the rest of it was
    looked through already."""
    parts: list[bytes] = []
    at: list[int] = []
    source: list[tuple[int, int, bool]] = []
    done = length = 0

    def add(part: bytes, first: int, end: int, *, is_whole: bool) -> None:
        nonlocal length
        if part:
            at.append(length)
            source.append((first, end, is_whole))
            parts.append(part)
            length += len(part)

    def keep(first: int, end: int) -> None:
        add(view.text[first:end], first, end, is_whole=False)

    for start, end, new in edits:
        if start - done > 2 * AROUND:
            if parts:
                keep(done, done + AROUND)
            add(b"\n", done, done, is_whole=True)
            done = start - AROUND
        keep(done, start)
        add(new, start, end, is_whole=True)
        done = end
    if not done:
        return None
    keep(done, min(len(view.text), done + AROUND))
    return _within(view, View(b"".join(parts), (*view.via, name), at=at, source=source))


def views(text: bytes) -> Iterator[View]:
    """The text itself, then each other reading of it that differs."""
    budget = [DECODED_MAX * len(text) + 1024]
    yield from _views(View(text), DEPTH, budget)


def _views(view: View, depth: int, budget: list[int]) -> Iterator[View]:
    yield view
    if not view.text.isascii() and FOLDED not in view.via:
        folded = _folded(view)
        if folded is not None:
            yield from _views(folded, depth, budget)
    if depth:
        for other in _decoded(view):
            budget[0] -= len(other.text)
            if budget[0] < 0:
                return
            yield from _views(other, depth - 1, budget)


# --- characters ------------------------------------------------------------------------------

_OTHER = re.compile(rb"[\x80-\xff]+")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－⁃"), "-")
# Letters of other scripts that look like a Latin one, by Unicode's table of confusables.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝвкмнтгАВЕКМНОРСТУХІЈЅԌԚԜαιορυνκτεΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhqwbkmhtrABEKMHOPCTYXIJSGQWaiopuvkteABEZHIKMNOPTYX",
)
_WORD_START = re.compile(rb"[A-Za-z0-9@._\x80-\xff-]*")
_WORD_END = re.compile(rb"[A-Za-z0-9@._\x80-\xff-]*\Z")
_LATIN = re.compile(rb"[A-Za-z0-9@]")


def _folded(view: View) -> View | None:
    """Compatibility forms, digits and dashes of all scripts as ASCII, invisible characters
    gone, and look-alikes of Latin letters in words that mix scripts."""
    return _edited(view, FOLDED, _foldings(view.text))


def _foldings(text: bytes) -> Iterator[Edit]:
    for run in _OTHER.finditer(text):
        at = run.start()
        for char in run.group().decode("utf-8", "replace"):
            size = len(char.encode())
            new = _fold(char, text, at, size).encode()
            if new != text[at : at + size]:
                yield at, at + size, new
            at += size


def _fold(char: str, text: bytes, at: int, size: int) -> str:
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Zs":
        return " "
    if ord(char) in _DASHES:
        return "-"
    if ord(char) in _LOOKALIKES and _beside_latin(text, at, size):
        return char.translate(_LOOKALIKES)
    return unicodedata.normalize("NFKC", char)


def _beside_latin(text: bytes, at: int, size: int) -> bool:
    """Whether the word that a character stands in also has Latin letters or digits."""
    before = _WORD_END.search(text[max(0, at - 40) : at])
    after = _WORD_START.match(text, at + size, at + size + 40)
    return any(part is not None and _LATIN.search(part.group()) for part in (before, after))


def _within(outer: View, inner: View) -> View:
    """The places of an inner view in the text that the outer one is a view of."""
    source = []
    for first, end, is_whole in inner.source:
        start = outer._from(first)
        source.append((start, outer._from(max(first, end - 1), last=True), is_whole))
    return View(inner.text, inner.via, outer.beside, inner.at, source)


# --- encodings ---------------------------------------------------------------------------------

# Escapes inside a word: each match becomes what it stands for, and the rest stays. All of it is
# found by re2, since every long word of a text is a candidate.
_ESCAPES: dict[str, tuple[tuple[bytes, ...], str, Callable[[bytes], bytes]]] = {
    "percent": (
        (b"%",),
        r"(?:%[0-9A-Fa-f]{2})+",
        lambda found: bytes.fromhex(found.decode().replace("%", "")),
    ),
    "html": (
        (b"&",),
        r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|commat|period|nbsp|shy|zwnj|zwj|lowbar|hyphen|dash|colon|sol|equals|num|apos|plus);",
        lambda found: _unhtml(found.decode()),
    ),
    "escape": (
        (b"\\u", b"\\x", b"\\U"),
        r"(?:\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2})+",
        lambda found: _unescape(found.decode()),
    ),
}

# Whole tokens: what they hold is a text of its own, placed where the token stands.
_TOKENS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "hex": (
        r"[0-9A-Fa-f]{16,}|[0-9A-Fa-f]{2}(?:[ :][0-9A-Fa-f]{2}){7,}",
        lambda token: bytes.fromhex(re.sub(rb"[ :]", b"", token).decode()),
    ),
    "base64": (
        r"[A-Za-z0-9+/_\-]{14,}(?:\r?\n[A-Za-z0-9+/_\-]{14,})*={0,2}",
        lambda token: _unbase64(token),  # noqa: PLW0108  # is below
    ),
}


@cache
def _regex(name: str) -> Any:
    import re2

    return re2.compile(_TOKENS[name][0] if name in _TOKENS else _ESCAPES[name][1])


def _decoded(view: View) -> Iterator[View]:
    for name, (marks, _, decode) in _ESCAPES.items():
        if any(mark in view.text for mark in marks):
            found = _unescaped(view, name, decode)
            if found is not None:
                yield found
    for name, (_, decode) in _TOKENS.items():
        yield from _of_tokens(view, name, decode)


def _unescaped(view: View, name: str, decode: Callable[[bytes], bytes]) -> View | None:
    matches = _regex(name).finditer(view.text)
    return _edited(view, name, ((m.start(), m.end(), decode(m.group())) for m in matches))


def _of_tokens(view: View, name: str, decode: Callable[[bytes], bytes]) -> Iterator[View]:
    for match in _regex(name).finditer(view.text):
        token = match.group()
        if _is_word(token):
            continue
        try:
            raw = decode(token)
        except (ValueError, binascii.Error):
            continue
        text = _as_text(raw)
        if text is not None:
            first = view._from(match.start())
            last = view._from(match.end() - 1, last=True)
            beside = near(view.text, match.start(), match.end())
            yield View(text, (*view.via, name), beside, source=[(first, last, True)])


def _is_word(token: bytes) -> bool:
    """Whether it is a word of a language or a name in code, which decode to nothing."""
    letters = token.translate(None, b"_-/+=")
    return not letters or (letters.isalpha() and (letters.islower() or letters.isupper()))


def _unbase64(token: bytes) -> bytes:
    token = token.replace(b"\r", b"").replace(b"\n", b"").rstrip(b"=")
    token = token.replace(b"-", b"+").replace(b"_", b"/")
    if len(token) % 4 == 1:
        raise ValueError
    return base64.b64decode(token + b"=" * (-len(token) % 4))


def _unhtml(found: str) -> bytes:
    import html

    return html.unescape(found).encode("utf-8", "ignore")


def _unescape(found: str) -> bytes:
    codes = re.findall(
        r"\\(?:u\{([0-9A-Fa-f]+)\}|[uU]([0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))", found
    )
    raw = bytearray()
    text: list[str] = []
    for braces, wide, byte in codes:
        if byte:
            raw.append(int(byte, 16))
            continue
        text.append(raw.decode("utf-8", "replace"))
        raw.clear()
        code = int(braces or wide, 16)
        text.append(chr(code) if code < 0x110000 else "\ufffd")
    text.append(raw.decode("utf-8", "replace"))
    whole = "".join(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.encode()


def _as_text(raw: bytes) -> bytes | None:
    """What was decoded, as UTF-8, where it is text; UTF-16 is told by its zero bytes."""
    if len(raw) < 6:
        return None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or (
        len(raw) % 2 == 0 and raw.count(0) * 2 >= len(raw)
    ):
        encoding = (
            "utf-16" if raw[:1] in (b"\xff", b"\xfe") else "utf-16-le" if raw[0] else "utf-16-be"
        )
        raw = raw.decode(encoding, "replace").encode()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    shown = sum(c.isprintable() or c in "\n\r\t" for c in text)
    return text.encode() if shown >= PRINTABLE * len(text) else None
