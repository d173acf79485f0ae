"""How many tokens a text has: counted with o200k_base on this computer, without network.

For models with that tokenizer the count is exact for the text itself; what a chat adds around a
message is not in it. For other models it is a range, by the ratios of `core/token_ratios.py`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Literal

from .core.token_ratios import ratio_of
from .errors import SetupError
from .opening import bundled

if TYPE_CHECKING:  # it takes a third of a second to load, and few ask for tokens
    from tiktoken import Encoding

Method = Literal["exact", "estimated"]

NAME = "o200k_base"
# tiktoken's splitting fails on a run of more than 999,938 spaces: its stack has a million places.
COUNTED_MAX = 900_000  # bytes of UTF-8
TOKEN_BYTES_MAX = 128  # of the longest token of the ranks
_RANKS_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
_RANKS_BYTES = 3_613_922
# Pattern and special tokens are those of openai/tiktoken, tiktoken_ext/openai_public.py.
_SPECIAL = {"<|endoftext|>": 199_999, "<|endofprompt|>": 200_018}
_PIECE = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
# Where no piece goes on, so that the tokens on both sides add up: after a letter or digit before
# white space, and after a line break before a letter or digit.
_PARTING = re.compile(r".*(?:[A-Za-z0-9](?=[ \t\r\n])|\n(?=\w))", re.DOTALL)
_PARTING_WITHIN = 10_000  # characters at the end of what is counted


@dataclass(frozen=True, slots=True)
class TokenEstimate:
    """The tokens of a text: a count, or a middle value and what it is likely between."""

    tokens: int
    method: Method
    low: int
    high: int
    counted_bytes: int  # of its UTF-8; what is beyond is estimated by its size
    text_bytes: int


@dataclass(frozen=True, slots=True)
class _Count:
    """Tokens of o200k_base."""

    tokens: int
    low: int
    high: int
    counted_bytes: int
    text_bytes: int


def estimate(text: str, vendor: str = "", family: str = "", version: str = "") -> TokenEstimate:
    """How many tokens a model makes of a text, such as `openai`, `gpt`, `5.5`. Where the model is
    not said or not known, the range holds for every tokenizer that was measured."""
    counted = _count(_well_formed(text))
    ratio = ratio_of(vendor, family, version)
    is_exact = ratio.is_exact and counted.counted_bytes == counted.text_bytes
    return TokenEstimate(
        tokens=counted.tokens * (ratio.low + ratio.high) // 200,
        method="exact" if is_exact else "estimated",
        low=counted.low * ratio.low // 100,
        high=-(-counted.high * ratio.high // 100),
        counted_bytes=counted.counted_bytes,
        text_bytes=counted.text_bytes,
    )


def _well_formed(text: str) -> str:
    """The text as UTF-8 can hold it: halves of a character joined, or replaced if alone."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _count(text: str) -> _Count:
    """Exact up to `COUNTED_MAX`. Beyond it, what was counted and bounds of the rest that always
    hold: no token is longer than the longest one, and none is shorter than a byte."""
    size = len(text.encode())
    if size <= COUNTED_MAX:
        tokens = len(_encode(text))
        return _Count(tokens, tokens, tokens, size, size)
    head = text[:COUNTED_MAX].encode()[:COUNTED_MAX].decode("utf-8", "ignore")
    parting = _PARTING.match(head, len(head) - _PARTING_WITHIN)
    head = head[: parting.end()] if parting else head
    counted, tokens = len(head.encode()), len(_encode(head))
    rest = size - counted
    likely = tokens + rest * tokens // counted
    if parting:
        low, high = tokens + -(-rest // TOKEN_BYTES_MAX), tokens + rest
    else:  # a piece may go on, and its tokens be others then
        low, high = -(-size // TOKEN_BYTES_MAX), size
    return _Count(min(max(likely, low), high), low, high, counted, size)


def _encode(text: str) -> list[int]:
    """The tokens, where the words for special tokens are text like any other."""
    if not text:
        return []
    with _LOADING:  # two threads would each load the ranks
        encoding = _encoding()
    return encoding.encode_ordinary(text)


_LOADING = Lock()


@cache
def _encoding() -> Encoding:
    """The tokenizer from our own ranks. tiktoken's own way would download them."""
    from tiktoken import Encoding

    ranks = {
        base64.b64decode(token): int(rank)
        for token, rank in (line.split() for line in _ranks().splitlines())
    }
    return Encoding(NAME, pat_str=_PIECE, mergeable_ranks=ranks, special_tokens=_SPECIAL)


def _ranks() -> bytes:
    path = bundled("data") / "tokens" / f"{NAME}.tiktoken.gz"
    try:
        with gzip.open(path) as file:
            content = file.read(_RANKS_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:  # not there, or cut off or changed
        raise SetupError(
            f"The ranks of the tokenizer, {path}, cannot be read: {error}.",
            remedy="Install caio-mcp again.",
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if found != _RANKS_SHA256:
        raise SetupError(
            f"The ranks of the tokenizer, {path}, are not those of {NAME}: their SHA-256 is "
            f"{found}, not {_RANKS_SHA256}.",
            remedy="Install caio-mcp again.",
        )
    return content
