"""Looks through one file for models, and says where each is called."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from . import constants, declared, embedded, literals, python, settings_files
from .kinds import LOCKS, SETTINGS, SHELL, kind_of
from .known import (
    ALIASES,
    CONFIGS,
    LIKE_A_MODEL,
    MODEL_CALLS,
    NO_MODEL_KEY,
    PROVIDER_KEY,
    PROVIDER_PARENT,
    PUBLISHED,
    STRONG_KEY,
    TAG,
    channel_of_key,
    is_deployment_key,
    is_model_key,
    is_specific_key,
    snake,
)
from .mention import Form, Item, Mention
from .places import is_comment, place
from .uses import MANIFESTS, Evidence, calls, hosts_in, sdks_in

TEXT_MAX = 5_000_000  # characters; a longer file is data
_ID = re.compile(r"[A-Za-z0-9@~][\w.:/@+~-]{1,250}")
_FILES = re.compile(
    r"\.(?:py|js|ts|json|ya?ml|txt|md|csv|pt|pth|onnx|gguf|h5|pkl|bin|safetensors|joblib|pb|tflite|"
    r"html?|png|jpe?g|svg|obj|glb|gltf|stl|usdz|xml|sql|php|rb|java|log|sh)$",
    re.I,
)
_WORDS = frozenset(
    [
        "true",
        "false",
        "none",
        "null",
        "default",
        "auto",
        "string",
        "str",
        "text",
        "user",
        "system",
        "assistant",
        "model",
        "models",
        "chat",
        "dict",
        "any",
        "object",
        "int",
        "float",
        "bool",
        "list",
        "latest",
        "local",
        "custom",
        "unknown",
        "test",
        "dummy",
        "mock",
    ]
)
_NEVER = frozenset(("true", "false", "none", "null", "default", "auto", "string", "str", "object"))
_AZURE_CALLS = frozenset(
    ("GetChatClient", "GetEmbeddingClient", "AddAzureOpenAIChatCompletion",
     "AddAzureOpenAITextEmbeddingGeneration", "GetOpenAIResponseClient")
)  # fmt: skip
_FAMILIES = re.compile(r"gpt|claude|gemini|llama|mistral|deepseek|qwen|grok")
_SHORT = re.compile(r"o[134](?:-mini|-pro)?")
_FOR_PEOPLE = frozenset(("title", "label", "display_name", "cached_result_name"))
_FRONT = re.compile(r"---\n(.*?)\n---(?:\n|$)", re.S)
_IN_COPILOT = re.compile(r"[ ]?\(copilot\)$", re.I)
_ACTION = re.compile(r"[a-z0-9-]+:[A-Z]\w+")  # of IAM, such as bedrock:InvokeModel
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")
# An id of a family says so itself; where the model key is a general one, others are not taken.
_SPEAKS = re.compile(r"\d|/|:")
_MARKED = re.compile(r"[-/:]")
_WORD = re.compile(r"[A-Za-z]{3}")
_NEAR = 12  # lines above a model in which a client is its own


def find_mentions(path: str, text: str, is_known: Callable[[str], bool]) -> list[Mention]:
    """What a file says of models, in its order; `path` is its name, with forward slashes.

    `is_known` says whether a text is the name of a model. A text that is not counts only where
    AI is certainly meant: unknown models are what is looked for, and everything else has a model
    of something, too.
    """
    kind = kind_of(path)
    if not kind or len(text) > TEXT_MAX or LOCKS.search(path):
        return []
    if kind == "ipynb":
        return _in_notebook(path, text, is_known)
    sdks = list(sdks_in(path, text, kind))
    hosts = list(hosts_in(text))
    file = _File(path, kind, text, is_known, sdks, hosts)
    found = [*sdks, *hosts, *file.models()]
    return sorted(_one_a_place(found))


def _one_a_place(found: Sequence[Mention]) -> Iterator[Mention]:
    rank = {"id": 0, "deployment": 1, "endpoint": 2, "sdk": 3, "unread": 4}
    taken: set[tuple[int, int]] = set()
    for mention in sorted(found, key=lambda m: (rank[m.form], m)):
        if (mention.line, mention.column) not in taken:
            taken.add((mention.line, mention.column))
            yield mention


class _File:
    """One file that is looked through."""

    def __init__(
        self,
        path: str,
        kind: str,
        text: str,
        is_known: Callable[[str], bool],
        sdks: Sequence[Mention],
        hosts: Sequence[Mention],
    ) -> None:
        self.path, self.kind, self.text, self.is_known = path, kind, text, is_known
        self.is_config = bool(CONFIGS.search(path))
        self.is_litellm = "litellm_params" in text
        self.is_azure = "AzureOpenAI" in text or "Azure.AI.OpenAI" in text
        self.is_promptfoo = "promptfoo" in path.rsplit("/", 1)[-1]
        self.is_manifest = bool(MANIFESTS.search(path))
        self.evidence = sorted(
            [
                *(Evidence(h.line, h.channel, h.region) for h in hosts),
                *(Evidence(s.line, s.channel, is_file=True) for s in sdks if s.channel),
                *(calls(text) if sdks or hosts or kind in ("ipynb",) else ()),
            ],
            key=lambda e: e.line,
        )
        is_settings = kind in SETTINGS or kind in ("json", "tf", "tfvars", "bicep")
        is_about = bool(sdks or self.is_config or self.is_litellm)
        # settings with a part about a provider have parts about other things, too
        self.is_partly = (
            not is_about and is_settings and not self.is_manifest
            and bool(hosts or PROVIDER_PARENT.search(text))
        )  # fmt: skip
        self.has_ai = bool(is_about or hosts or self.is_partly)

    def models(self) -> Iterator[Mention]:
        """The ids, the deployments and what hides a model."""
        if self.is_manifest and self.kind not in ("py", "toml"):
            return
        if not self._is_worth_it():
            return
        providers = []
        found = []
        self._all = list(self._items())
        self._others: bool | None = None
        for item in self._all:
            if PROVIDER_KEY.fullmatch(item.key) and ":" not in item.text and not item.is_dynamic:
                providers.append(Evidence(item.line, item.text.lower()))
            form = self._form(item)
            if form:
                found.append((item, form))
        constants = {item.key for item, form in found if form == "id" and not item.is_default}
        for item, form in found:
            if form == "unread" and (own := _own_name(item.text)) and own in constants:
                continue
            channel, region = self._where(item, providers)
            if form == "deployment" and not channel:
                channel = "azure"
            yield Mention(
                item.line, item.column, item.text, form, channel, region, item.key,
                item.version, item.means,
            )  # fmt: skip

    def _is_worth_it(self) -> bool:
        """A file without a word of models is not taken apart."""
        lowered = self.text.lower()
        return self.has_ai or any(word in lowered for word in _WORTH)

    def _items(self) -> Iterator[Item]:
        if self.kind in ("py", "pyi"):
            found = python.items(self.text)
            if found is not None:
                yield from found
                return
        if self.kind == "md":
            yield from self._front_matter()
            return
        if self.kind in literals.STYLES:
            yield from literals.items(self.text, literals.STYLES[self.kind])
        else:
            yield from settings_files.items(self.text)
        if self.kind in ("sh", "bash", "zsh"):
            yield from settings_files.items(self.text)
        if self.kind in ("tf", "hcl", "bicep", "json"):
            yield from declared.blocks(self.text)
        if self.kind == "dockerfile":
            yield from declared.modelfile(self.path, self.text)
        if self.kind == "rb":
            yield from self._placed(literals.ruby_words(self.text))
        yield from self._placed(embedded.items(self.text))
        if self.kind in SHELL:
            yield from self._placed(embedded.commands(self.text))
        if self.has_ai and self.kind in constants.LANGUAGES:
            yield from self._placed(constants.items(self.text, self.is_known))
        if self.has_ai and self.kind in literals.STYLES and self.kind not in ("json", "tf", "hcl"):
            yield from self._placed(constants.from_outside(self.text))

    def _front_matter(self) -> Iterator[Item]:
        """What stands above the text of an agent or a prompt; its models are named for people."""
        if front := _FRONT.match(self.text):
            for item in settings_files.items(f"\n{front[1]}"):
                name = _IN_COPILOT.sub("", item.text)
                means = name if " " in name and self.is_known(name) else ""
                yield replace(item, text=name, means=means)

    def _placed(self, found: Iterator[tuple[int, Item]]) -> Iterator[Item]:
        for at, item in found:
            if not is_comment(self.text, at):
                line, column = place(self.text, at)
                yield replace(item, line=line, column=column)

    def _form(self, item: Item) -> Form | None:
        key, text = item.key, item.text
        names_model = is_model_key(key) or self._is_model_call(key)
        specific = is_specific_key(key) or key in ("--model", "ollama")
        if item.is_dynamic:
            return "unread" if self._is_hidden(item, names_model, specific) else None
        if item.means:
            return "id"
        if not _ID.fullmatch(text) or text.lower() in _NEVER or self._is_own_name(item):
            return None
        if (self.has_ai or specific) and self._is_deployment(item):
            return None if _FILES.search(text) else "deployment"
        if text.lower() in _WORDS:
            return None
        named = names_model or specific
        if not named and text.isalpha():
            return None  # command is a word
        if self.is_known(text):
            return "id" if self._is_called(item, names_model, specific) else None
        if PUBLISHED.fullmatch(text) and self._speaks_of_weights(item):
            return "id"
        if self.has_ai and TAG.fullmatch(text):
            return "id"
        return "id" if named and self._is_unknown(item, specific) else None

    def _speaks_of_weights(self, item: Item) -> bool:
        """Whether a publisher and a name are a model of the hub, and no image or repository."""
        is_there = self.has_ai or self.kind in ("dockerfile", "env")
        return is_there and item.key not in ("image", "repository", "repo", "uses", "FROM")

    def _is_hidden(self, item: Item, names_model: bool, specific: bool) -> bool:
        """Whether an expression hides a model."""
        variables = _VARIABLE.findall(item.text)
        if item.key == "--model" or any(map(is_specific_key, variables)):
            return True
        if not (self.has_ai or specific) or NO_MODEL_KEY.fullmatch(item.key):
            return False
        if any(map(is_model_key, variables)):
            return True
        return names_model and not self._is_flow(item)

    def _is_called(self, item: Item, names_model: bool, specific: bool) -> bool:
        """Whether the name of a model stands there for that model."""
        is_sure = self.has_ai or specific or self._is_beside_others(item)
        return is_sure or _is_telling(item.text, names_model)

    def _is_unknown(self, item: Item, specific: bool) -> bool:
        """Whether a text that is no name of a model is meant as one."""
        text, lowered = item.text, item.text.lower()
        is_no_model = _FILES.search(text) or _ACTION.fullmatch(text)
        if is_no_model or (self.is_manifest and not specific):
            return False
        if item.key == "--model" and not self.has_ai:
            return "/" in text or (lowered in ALIASES and "claude" in self.text)
        if specific and not self.has_ai and not LIKE_A_MODEL.search(text):
            return bool(channel_of_key(item.key) or STRONG_KEY.search(snake(item.key)))
        if specific or (self.has_ai and (lowered in ALIASES or item.key in MODEL_CALLS)):
            return True
        if not self.has_ai or (self.is_partly and not LIKE_A_MODEL.search(text)):
            return False
        return bool(_SPEAKS.search(text)) or "-" in text

    def _is_own_name(self, item: Item) -> bool:
        """What a router, a resource or a list for people calls a model, not what it is."""
        key = snake(item.key)
        if key in _FOR_PEOPLE or (key == "name" and self.is_config):
            return True
        return (self.is_litellm and item.key == "model_name") or self._is_hcl_name(item)

    def _is_model_call(self, key: str) -> bool:
        """Whether what is called by this name is given a model first."""
        if self.is_promptfoo and key in ("providers", "provider", "id"):
            return True
        beside = MODEL_CALLS.get(key)
        return self.has_ai and beside is not None and beside in self.text

    def _is_beside_others(self, item: Item) -> bool:
        """o3 is a model where gpt-4o is one, and else a gas."""
        if self._others is None:
            texts = {i.text for i in self._all if not i.is_dynamic and _ID.fullmatch(i.text)}
            self._others = any(
                _is_telling(text, False) and _FAMILIES.search(text) and self.is_known(text)
                for text in texts
            )
        return self._others and bool(_SHORT.fullmatch(item.text))

    def _is_flow(self, item: Item) -> bool:
        """In YAML of pipelines and templates a model key may hold anything."""
        return self.kind in ("yaml", "yml", "toml") and not (
            self.is_config or is_specific_key(item.key) or self.is_litellm
        )

    def _is_deployment(self, item: Item) -> bool:
        """Whether it is the name of a deployment of Azure, which hides the model."""
        if is_deployment_key(item.key) or item.text.lower().startswith("azure/"):
            return True
        return (item.key in _AZURE_CALLS and self.is_azure) or (
            item.key == "azure" and self._is_model_call("azure")
        )

    def _is_hcl_name(self, item: Item) -> bool:
        return (
            self.kind in ("tf", "hcl")
            and item.key in ("name", "version", "format")
            and not item.version
        )

    def _where(self, item: Item, providers: Sequence[Evidence]) -> tuple[str, str]:
        """The channel and region nearest to a model: a provider named beside it, a client in
        the lines above it, else the file's only one."""
        if named := channel_of_key(item.key):
            return named, self._region(named)
        beside = [p for p in providers if abs(p.line - item.line) <= 3]
        if beside:
            nearest = min(beside, key=lambda p: abs(p.line - item.line))
            return nearest.channel, self._region(nearest.channel)
        above = [e for e in self.evidence if not e.is_file and 0 <= item.line - e.line <= _NEAR]
        last = [e for e in above if above and e.line == above[-1].line]
        channels = {e.channel for e in last}
        if len(channels) == 1:
            return last[0].channel, self._region(last[0].channel)
        channels = {e.channel for e in self.evidence}
        if len(channels) == 1:
            channel = next(iter(channels))
            return channel, self._region(channel)
        return "", ""

    def _region(self, channel: str) -> str:
        regions = {e.region for e in self.evidence if e.channel == channel and e.region}
        if channel in ("bedrock", "vertex") and not regions:
            regions = set(_REGIONS.findall(self.text[:200_000]))
        return next(iter(regions)) if len(regions) == 1 else ""


# Without one of these words a file names no model: it need not be taken apart.


_WORTH = [
    "gpt",
    "claude",
    "gemini",
    "llama",
    "mistral",
    "mixtral",
    "bedrock",
    "sonnet",
    "haiku",
    "deepseek",
    "qwen",
    "grok",
    "gemma",
    "whisper",
    "dall-e",
    "openai",
    "anthropic",
    "vertex",
    "groq",
    "cohere",
    "litellm",
    "llm",
    "copilot",
    "embedding",
    "kimi",
    "granite",
    "codestral",
    "command-r",
    "nova-",
    "titan-",
    "phi-",
    "glm-",
    "minimax",
    "azure",
    "rerank",
    "sonar",
    "flux-",
    "imagen",
    "_model",
    "_deployment",
    "deployment_name",
    "deploymentname",
    "chatmodel",
    "chat-model",
    "/models/",
    "cortex.",
    "ai_query",
    "voyage-",
    "eleven_",
    "minilm",
    "sentence-transformers",
    "bge-",
    '"o3',
    "'o3",
    "o4-",
    "jina-",
    "--model",
    "weak-model",
]


_REGIONS = re.compile(
    r"(?:region(?:_?name)?|location|AWS_REGION|AWS_DEFAULT_REGION)[\"']?\s*[:=]\s*[\"']?"
    r"((?:eu|us|ap|ca|sa|me|af|il)-(?:gov-)?[a-z]+-?\d|europe-[a-z]+\d+|us-[a-z]+\d|asia-[a-z]+\d|global)"
)


def _is_telling(name: str, is_model: bool) -> bool:
    """Whether the name of a model is no ordinary word or number where nothing else speaks of
    AI: o1 is a phone, command a word."""
    if len(name) <= 4 or not (_SPEAKS.search(name) or (is_model and "-" in name)):
        return False
    return is_model or bool(_MARKED.search(name) and _WORD.search(name))


def _own_name(expression: str) -> str:
    """The name that this file may give to what an expression stands for."""
    owner, _, name = expression.strip().rpartition(".")
    return name if not owner or owner in ("self", "cls", "this") or name.isupper() else ""


_MAGIC = re.compile(r"^\s*(?:%env\s+|[%!]+)")


def _in_notebook(path: str, text: str, is_known: Callable[[str], bool]) -> list[Mention]:
    """The code cells of a notebook; a line is that of the file."""
    try:
        cells = json.loads(text).get("cells", [])
        sources = [
            cell["source"] if isinstance(cell["source"], list) else cell["source"].splitlines(True)
            for cell in cells
            if cell.get("cell_type") == "code"
        ]
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return []
    lines: list[str] = []
    shell: list[str] = []
    places: list[tuple[int, int]] = []  # of each line of code: line and column in the file
    at = 0
    for source in sources:
        for line in source:
            if not isinstance(line, str):
                return []
            written = json.dumps(line, ensure_ascii=False)[1:-1]
            found = text.find(written, at)
            if found < 0:
                written = json.dumps(line)[1:-1]
                found = text.find(written, at)
            at = max(found, at) + (len(written) if found >= 0 else 0)
            bare = line.rstrip("\n")
            is_shell = bare.lstrip().startswith(("%", "!"))
            lines.append("" if is_shell else bare)
            shell.append(_MAGIC.sub("", bare) if is_shell else "")
            places.append(place(text, found) if found >= 0 else (1, 1))
    cell_text = "\n".join(lines)
    rows = text.split("\n")
    found_mentions = []
    in_shell = find_mentions(f"{path}.sh", "\n".join(shell), is_known)
    for mention in [*find_mentions(f"{path}.py", cell_text, is_known), *in_shell]:
        line, column = places[mention.line - 1]
        at = rows[line - 1].find(mention.text, column - 1)  # a quote before it has a backslash
        found_mentions.append(replace(mention, line=line, column=at + 1 if at >= 0 else column))
    return found_mentions
