"""Models inside of longer texts: addresses, JSON, SQL, and lines that start a program."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .mention import Item

_ID = r"(?P<id>[\w@][\w.:@%-]{1,200})"
_PATH = r"(?P<id>[\w@][\w.-]*/[\w.-]+(?::\w+)?)"
# A text that each has, since most files have none; its pattern; the key that it stands for.
_FORMS = (
    # addresses
    ("/deployments/", rf"/openai/deployments/{_ID}", "azure_deployment"),
    (
        "/models/",
        rf"/models/{_ID}:(?:\w*[gG]enerateContent|\w*[eE]mbedContents?|\w*[pP]redict|countTokens)",
        "llm_model",
    ),
    ("/model/", rf"/model/{_ID}/(?:invoke|converse)", "bedrock_model"),
    (
        "huggingface.co/",
        rf"(?:api-inference|router)\.huggingface\.co/(?:hf-inference/)?models/{_PATH}",
        "llm_model",
    ),
    ("replicate.com/v1", rf"replicate\.com/v1/models/{_PATH}", "llm_model"),
    ("model=", rf"wss://[^\s\"'`]+[?&]model={_ID}", "llm_model"),
    # names of resources with a hole in them
    ("/publishers/", rf"[$}}][^\s\"'`]*publishers/\w+/models/{_ID}", "vertex_model"),
    ("publisher", rf"(?<=[\"'])publishers/\w+/models/{_ID}", "vertex_model"),
    ("foundation-model/", rf"[}}*][^\s\"'`]*:foundation-model/{_ID}", "bedrock_model"),
    ("inference-profile/", rf"}}[^\s\"'`]*:inference-profile/{_ID}", "bedrock_model"),
    # JSON
    (
        "model",
        r"\\?[\"']model(?:_?[iI]d|_?[nN]ame)?\\?[\"']\s*:\s*\\?[\"'](?P<id>[\w@][\w.:/@-]{1,200})",
        "model",
    ),
    # SQL
    (
        "('",
        r"(?i:cortex\.\w+|\bai_complete|\bai_embed|\bai_query)\('(?P<id>[\w@][\w.:/@-]{1,200})'",
        "llm_model",
    ),
    ("ndpoint", r"(?i:\bendpoint\s*=)\s*'(?P<id>[\w.@-]{2,200})'", "model"),
    (
        "Transformer(",
        r"\bSentenceTransformer\([\"'](?P<id>[\w./-]{2,100})",
        "embed_model",
    ),
    # calls whose second value is the model
    ("pipeline", rf"\bpipeline\(\s*[\"'][\w-]+[\"']\s*,\s*[\"']{_PATH}", "llm_model"),
    (
        "OllamaApiClient",
        r"\bOllamaApiClient\([^\n]{0,200}?,\s*\"(?P<id>[\w.:/-]{2,100})\"",
        "ollama_model",
    ),
)
_COMPILED = [(anchor, re.compile(pattern), key) for anchor, pattern, key in _FORMS]

# What programs are told on their command lines.
_MARK = r"(?:[=\s]+|[\"']\s*,\s*[\"'])"
_COMMANDS = re.compile(
    r"(?:(?P<ollama>\bollama\s+(?:pull|run|create|show)\s+)|"
    r"\b(?:huggingface-cli|hf)\s+download\s+|"
    rf"\bvllm(?:[\"']\s*,\s*[\"']|\s+)serve(?:[\"']\s*,\s*[\"']|\s+)|"
    rf"--(?:[a-z]+-)?model(?:[-_](?:id|name|path))?{_MARK}|"
    r"\b(?:llm|codex(?:[ \t]+exec)?|aichat|mods)[ \t]+-m[ \t]+)"
    r"[\"']?(?P<id>[A-Za-z0-9@][\w.:/@-]{1,200})"
)
_SET_FOR_ONE = re.compile(
    r"(?<![\w$.-])(?P<key>[A-Z][A-Z0-9_]*_MODEL)="
    r"[\"']?(?P<id>[A-Za-z0-9@][\w.:/@-]{1,200})[\"']?(?=[ \t]+\S)"
)
_HIDDEN = re.compile(
    r"\b(?:bedrock-runtime|claude|codex|aider|llm|ollama|vllm)\b[^\n]{0,300}?"
    r"[ \t]--?m(?:odel)?(?:-id)?[=\s]+"
    r"[\"']?(?P<id>\$\{?\w+\}?)"
)


def items(text: str) -> Iterator[tuple[int, Item]]:
    """The models in a text, each with the place of its first character; the item's own line and
    column are not known here."""
    for anchor, pattern, key in _COMPILED:
        if anchor in text:
            for found in pattern.finditer(text):
                yield found.start("id"), Item(found["id"], 0, 0, key)


def commands(text: str) -> Iterator[tuple[int, Item]]:
    """Models that are named on a command line, likewise."""
    for found in _COMMANDS.finditer(text):
        key = "ollama" if found["ollama"] else "--model"
        yield found.start("id"), Item(found["id"].rstrip("\"'"), 0, 0, key)
    for found in _SET_FOR_ONE.finditer(text):
        yield found.start("id"), Item(found["id"], 0, 0, found["key"])
    for found in _HIDDEN.finditer(text):
        yield found.start("id"), Item(found["id"], 0, 0, "--model", is_dynamic=True)
