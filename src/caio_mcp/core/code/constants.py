"""Names that SDKs give to models, such as `ChatModel.GPT_4_1`, and what comes from outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .mention import Item

LANGUAGES = frozenset(("java", "kt", "kts", "scala", "go", "cs", "rs", "swift"))
_NAMED = re.compile(
    r"(?:(?<=[\w)])(?:\.|::)|(?<=[ :(])\.(?=[a-z]+\d)|(?<![\w.$\"']))"
    r"(?P<id>(?:[A-Z][A-Za-z0-9]*_?|[a-z]+(?=\d+_))[A-Za-z0-9_]*)\b(?!\s*(?:[(=\"']|::))"
)
_IMPORT = re.compile(r"^\s*(?:import|use|using|package)\b")
_HEAD = re.compile(
    r"^(?:Chat|Embedding|Image|Audio|Speech|Transcription)?(?:Completion)?Model(?=[A-Z0-9])"
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)(?<!^o)|_")
_OWN = {  # that do not say the id
    "AdaEmbeddingV2": "text-embedding-ada-002",
    "Whisper1": "whisper-1",
    "DallE2": "dall-e-2",
    "DallE3": "dall-e-3",
    "TTSModel1": "tts-1",
    "Tts1": "tts-1",
}

# How languages read what is set outside.
_OUTSIDE = (
    r"(?:process\.env(?:\.\w+|\[[^\]\n]+\])|import\.meta\.env\.\w+|Deno\.env\.get\([^)\n]*\)|"
    r"Bun\.env\.\w+|System\.get(?:env|Property)\([^)\n]*\)|os\.Getenv\([^)\n]*\)|"
    r"Environment\.GetEnvironmentVariable\([^)\n]*\)|(?:std::)?env::var\([^)\n]*\)|env!\([^)\n]*\)|"
    r"ENV(?:\.fetch\([^)\n]*\)|\[[^\]\n]+\])|(?:getenv|env|config)\([\"'][^)\n]*\)|env\.[A-Z][A-Z_0-9]+|"
    r"(?:Rails\.)?[cC]onfig(?:uration)?(?:\.\w+|\[[^\]\n]+\])+)"
)
_FROM_OUTSIDE = re.compile(
    rf"(?P<key>[A-Za-z_]\w*)[\"']?\s*(?::(?!:)|=>|=(?!=)|\()\s*(?P<id>{_OUTSIDE})"
)


def items(text: str, is_known: Callable[[str], bool]) -> Iterator[tuple[int, Item]]:
    """The constants that stand for a model, each with its place."""
    lines = text.split("\n")
    at = 0
    for line in lines:
        if not _IMPORT.match(line):
            for found in _NAMED.finditer(line):
                is_own = line[found.start() - 1 : found.start("id")].strip() == ""
                if is_own and line[found.end() :].lstrip().startswith(":"):
                    continue  # a name that is declared here
                if meant := _meant(found["id"], is_known):
                    yield at + found.start("id"), Item(found["id"], 0, 0, "model", means=meant)
        at += len(line) + 1


def _meant(name: str, is_known: Callable[[str], bool]) -> str:
    """The id that the name of a constant stands for."""
    if len(name) > 80 or not (any(map(str.isdigit, name)) or name in _OWN):
        return ""
    if own := _OWN.get(name):
        return own
    bare = _HEAD.sub("", name).replace("Dot", ".")
    for written in _spellings(bare):
        if is_known(written):
            return written
    return ""


def _spellings(name: str) -> Iterator[str]:
    """GPT_4_O_MINI and GPT4oMini as gpt-4o-mini, Claude3_5Sonnet as claude-3-5-sonnet."""
    parted = _WORDS.sub("-", name)
    parted = re.sub(r"(?<=[A-Z])(?=\d)(?<![-_]O)(?<!^O)", "-", parted)
    whole = re.sub(r"-+", "-", parted).lower()
    yield whole
    joined = re.sub(r"(?<=-\d)-o(?=-|$)", "o", whole)
    yield joined
    yield re.sub(r"(?<=\d)-(?=\d(?:-|$))", ".", joined)
    yield re.sub(r"(?<=[a-z])-(?=\d)", "", joined)


def from_outside(text: str) -> Iterator[tuple[int, Item]]:
    """What only a running program knows, with the name it is given to, each with its place."""
    for found in _FROM_OUTSIDE.finditer(text):
        yield found.start("id"), Item(found["id"], 0, 0, found["key"], is_dynamic=True)
