"""Finds what code says of models: ids, deployments, endpoints, SDKs and what cannot be read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from . import literals, python, settings_files
from .known import (
    CALL_CHANNELS,
    CALLS,
    CONFIGS,
    HOSTS,
    ORDINARY,
    PACKAGES,
    PROVIDER_KEY,
    channel_of_key,
    is_deployment_key,
    is_model_key,
    is_specific_key,
)
from .mention import Form, Item, Mention

__all__ = ["TEXT_MAX", "Form", "Mention", "find_mentions", "is_code"]

TEXT_MAX = 5_000_000  # characters; a longer file is data
_SETTINGS = frozenset(
    ("yaml", "yml", "toml", "env", "ini", "cfg", "conf", "properties", "dockerfile", "md")
)
_SHELL = frozenset(("sh", "bash", "zsh", "ps1", "mk", "makefile", "dockerfile", "yaml", "yml"))
_MANIFESTS = re.compile(
    r"(?:^|/)(?:requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|package\.json|"
    r"go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]+\.csproj|Gemfile|composer\.json|"
    r"environment\.ya?ml|Directory\.Packages\.props)$"
)
_LOCKS = re.compile(
    r"(?:^|/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Cargo\.lock|"
    r"go\.sum|Gemfile\.lock|composer\.lock|[\w.-]*\.min\.js)$"
)
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
# An id of a family says so itself; where the model key is a general one, others are not taken.
_SPEAKS = re.compile(r"\d|/|:")
_MARKED = re.compile(r"[-/:]")
_JS = re.compile(r"(?:\bfrom|\bimport|\brequire\()\s*[\"'](@?[\w./@-]+)[\"']")
_JAVA = re.compile(r"^\s*import\s+(?:static\s+)?([\w.]+)(?:\.\*)?;?[ \t]*$", re.M)
_IMPORTS = {  # how a language imports
    **dict.fromkeys(
        ("py", "pyi"),
        re.compile(r"^[ \t]*(?:from|import)[ \t]+([\w.]+)(?:[ \t]+import[ \t]+([\w, ()]+))?", re.M),
    ),
    **dict.fromkeys(("js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"), _JS),
    **dict.fromkeys(("java", "kt", "kts", "scala"), _JAVA),
    "go": re.compile(r"\"((?:github\.com|google\.golang\.org)/[\w./-]+)\"[ \t]*$", re.M),
    "cs": re.compile(r"^\s*using\s+(?:static\s+)?([\w.]+);", re.M),
    "rb": re.compile(r"^\s*require\s+[\"']([\w/-]+)[\"']", re.M),
    **dict.fromkeys(("rs", "php"), re.compile(r"^\s*(?:pub\s+)?use\s+([\w:\\]+)", re.M)),
}
_DEPENDENCY = re.compile(
    r"[{,]\s*\"(@?[\w./-]+)\"\s*:|"
    r"^[ \t]*[\"']?(?:gem[ \t]+[\"'])?(@?[A-Za-z][\w./@-]*?)(?:\[[\w,-]*\])?[\"']?[ \t]*"
    r"(?:$|[=<>~!;,:@^]|v\d|\s\()|"
    r"<artifactId>([\w.-]+)</artifactId>|<PackageReference\s+Include=\"([\w.]+)\"|"
    r"[\"'](?:implementation)?\(?([\w.]+:[\w-]+):|<groupId>([\w.]+)</groupId>",
    re.M,
)
_NEAR = 12  # lines above a model in which a client is its own
_AZURE_URL = re.compile(r"/openai/deployments/([\w.-]+)")
_HCL_MODEL = re.compile(
    r"\bmodel\s*\{(?P<body>[^{}]{0,600})\}",
)
_HCL_PAIR = re.compile(r"\b(name|version)\s*=\s*\"([^\"\n]+)\"")


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Something that says which provider is called."""

    line: int
    channel: str
    region: str = ""
    is_file: bool = False  # of the whole file, as an import is


def is_code(path: str) -> bool:
    """Whether a file may be code or settings that name models."""
    return bool(_kind(path)) and not _LOCKS.search(path)


def _kind(path: str) -> str:
    name = path.rsplit("/", 1)[-1].lower()
    if name.startswith(".env") or name.endswith(".env"):
        return "env"
    if "dockerfile" in name or name in ("containerfile", "modelfile"):
        return "dockerfile"
    suffix = name.rsplit(".", 1)[-1] if "." in name else ""
    if name in ("gemfile", "rakefile"):
        return "rb"
    if name in ("makefile", "pipfile", "go.mod"):
        return "toml"
    if suffix in ("csproj", "props", "config"):
        return "xml"
    if suffix == "txt":
        return "txt" if _MANIFESTS.search(path) else ""
    if suffix == "md":
        return "md" if CONFIGS.search(path) else ""
    if suffix in literals.STYLES or suffix in _SETTINGS:
        return suffix
    return ""


def find_mentions(path: str, text: str, is_known: Callable[[str], bool]) -> list[Mention]:
    """What a file says of models, in its order; `path` is its name, with forward slashes.

    `is_known` says whether a text is the name of a model. A text that is not counts only where
    AI is certainly meant: unknown models are what is looked for, and everything else has a model
    of something, too.
    """
    kind = _kind(path)
    if not kind or len(text) > TEXT_MAX or _LOCKS.search(path):
        return []
    if kind == "ipynb":
        return _in_notebook(path, text, is_known)
    sdks = list(_sdks(path, text, kind))
    hosts = list(_hosts(text))
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
        self.is_manifest = bool(_MANIFESTS.search(path))
        self.evidence = sorted(
            [
                *(_Evidence(h.line, h.channel, h.region) for h in hosts),
                *(_Evidence(s.line, s.channel, is_file=True) for s in sdks if s.channel),
                *(_calls(text) if sdks or hosts or kind in ("ipynb",) else ()),
            ],
            key=lambda e: e.line,
        )
        self.has_ai = bool(sdks or hosts or self.is_config or self.is_litellm)

    def models(self) -> Iterator[Mention]:
        """The ids, the deployments and what hides a model."""
        if self.is_manifest and self.kind not in ("py",):
            return
        if not self._is_worth_it():
            return
        providers = []
        found = []
        for item in self._items():
            if PROVIDER_KEY.fullmatch(item.key) and not item.is_dynamic:
                providers.append(_Evidence(item.line, item.text.lower()))
            form = self._form(item)
            if form:
                found.append((item, form))
        constants = {item.key for item, form in found if form == "id" and not item.is_default}
        for item, form in found:
            if form == "unread" and _last_name(item.text) in constants:
                continue
            channel, region = self._where(item, providers)
            if form == "deployment" and not channel:
                channel = "azure"
            yield Mention(
                item.line, item.column, item.text, form, channel, region, item.key, item.version
            )

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
        if self.kind in literals.STYLES:
            yield from literals.items(self.text, literals.STYLES[self.kind])
        else:
            yield from settings_files.items(self.text)
        if self.kind in _SHELL:
            yield from settings_files.commands(self.text)
        if self.kind in ("sh", "bash", "zsh"):
            yield from settings_files.items(self.text)
        if self.kind in ("tf", "hcl"):
            yield from _terraform(self.text)
        if self.kind == "dockerfile":
            yield from _modelfile(self.path, self.text)
        for found_url in _AZURE_URL.finditer(self.text):
            line, column = _place(self.text, found_url.start(1))
            yield Item(found_url[1], line, column, "azure_deployment")

    def _form(self, item: Item) -> Form | None:
        key = item.key
        names_model = is_model_key(key)
        specific = is_specific_key(key) or key in ("--model", "ollama")
        if item.is_dynamic:
            is_hidden = names_model and (self.has_ai or specific) and not self._is_flow(item)
            return "unread" if is_hidden else None
        if not _ID.fullmatch(item.text) or item.text.lower() in _WORDS:
            return None
        if self.is_litellm and key == "model_name":
            return None  # what the router calls it, not what it is
        if self._is_hcl_name(item):
            return None
        known = self.is_known(item.text)
        if known and (self.has_ai or specific or _is_telling(item.text, names_model)):
            return "id"
        if known or not (names_model or specific):
            return None
        if not (self.has_ai or specific) or _FILES.search(item.text):
            return None
        if key == "--model" and not self.has_ai and "/" not in item.text:
            return None
        if self._is_deployment(item):
            return "deployment"
        return "id" if specific or _SPEAKS.search(item.text) or "-" in item.text else None

    def _is_flow(self, item: Item) -> bool:
        """In YAML of pipelines and templates a model key may hold anything."""
        return self.kind in ("yaml", "yml", "toml") and not (
            self.is_config or is_specific_key(item.key) or self.is_litellm
        )

    def _is_deployment(self, item: Item) -> bool:
        return is_deployment_key(item.key) or item.text.lower().startswith("azure/")

    def _is_hcl_name(self, item: Item) -> bool:
        return (
            self.kind in ("tf", "hcl")
            and item.key in ("name", "version", "format")
            and not item.version
        )

    def _where(self, item: Item, providers: Sequence[_Evidence]) -> tuple[str, str]:
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
    return len(name) > 4 and bool(_SPEAKS.search(name)) and (is_model or bool(_MARKED.search(name)))


def _last_name(expression: str) -> str:
    return expression.rsplit(".", 1)[-1].strip()


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


# -- hosts and packages ------------------------------------------------------------------------


def _hosts(text: str) -> Iterator[Mention]:
    lowered = text.lower()
    for anchor, pattern, channel in HOSTS:
        if anchor not in lowered:
            continue
        for found in pattern.finditer(text):
            line, column = _place(text, found.start())
            if _is_comment(text, found.start()):
                continue
            groups = found.groupdict()
            region = groups.get("r1") or groups.get("r2") or ""
            yield Mention(line, column, found[0], "endpoint", channel, region)


def _is_comment(text: str, at: int) -> bool:
    start = text[text.rfind("\n", 0, at) + 1 : at].lstrip()
    return start.startswith(("#", "//", "*", "<!--", ";"))


def _calls(text: str) -> Iterator[_Evidence]:
    for found in CALLS.finditer(text):
        channel = CALL_CHANNELS[found["name"]]
        yield _Evidence(text.count("\n", 0, found.start()) + 1, channel)


def _sdks(path: str, text: str, kind: str) -> Iterator[Mention]:
    if _MANIFESTS.search(path):
        yield from _dependencies(text)
    seen: set[str] = set()
    pattern = _IMPORTS.get(kind)
    for found in pattern.finditer(text) if pattern else ():
        for name in _names(found, kind):
            if name not in seen:
                seen.add(name)
                line, column = _place(text, found.start(1))
                yield Mention(line, column, name, "sdk", PACKAGES[name])
    if 'client("bedrock-runtime"' in text or "client('bedrock-runtime'" in text:
        line, column = _place(text, text.index("bedrock-runtime"))
        yield Mention(line, column, "bedrock-runtime", "sdk", "bedrock")


def _names(found: re.Match[str], kind: str) -> Iterator[str]:
    """The packages of the table that an import is from: the longest that it starts with."""
    written = found[1].replace("::", ".") if kind == "rs" else found[1]
    whole = [written]
    if found.re.groups > 1 and found[2]:
        whole = [f"{written}.{part.strip(' ()')}" for part in found[2].split(",")]
    for name in whole:
        part = name
        while part:
            if part in PACKAGES and _fits(part, kind):
                yield part
                break
            part = part[: max(part.rfind("."), part.rfind("/"), part.rfind("\\"), 0)]


def _fits(package: str, kind: str) -> bool:
    """Whether a package with the name of an ordinary word is that of this language."""
    if package == "ai":
        return kind in ("js", "ts", "tsx", "jsx", "mjs", "cjs", "mts")
    if package in ("rig", "genai"):
        return kind == "rs"
    if package == "OpenAI":
        return kind == "cs"
    return True


def _dependencies(text: str) -> Iterator[Mention]:
    for found in _DEPENDENCY.finditer(text):
        name = next((group for group in found.groups() if group), "")
        name = name.split(":")[0] if name not in PACKAGES else name
        if name in PACKAGES and name not in ORDINARY:
            at = found.start() + found[0].index(name)
            line, column = _place(text, at)
            yield Mention(line, column, name, "sdk", PACKAGES[name])


# -- forms of their own ------------------------------------------------------------------------


def _terraform(text: str) -> Iterator[Item]:
    """`model { name = "gpt-4o" version = "2024-08-06" }` of an Azure deployment."""
    for block in _HCL_MODEL.finditer(text):
        pairs = {m[1]: m for m in _HCL_PAIR.finditer(block["body"])}
        if "name" not in pairs:
            continue
        line, column = _place(text, block.start("body") + pairs["name"].start(2))
        version = pairs["version"][2] if "version" in pairs else ""
        yield Item(pairs["name"][2], line, column, "azure_model", version=version or "-")


def _modelfile(path: str, text: str) -> Iterator[Item]:
    """`FROM llama3.1:8b` in a Modelfile of Ollama."""
    if not path.lower().endswith("modelfile"):
        return
    for found in re.finditer(r"^FROM[ \t]+(\S+)", text, re.M):
        line, column = _place(text, found.start(1))
        yield Item(found[1], line, column, "ollama")


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
            lines.append("" if bare.lstrip().startswith(("%", "!")) else bare)
            places.append(_place(text, found) if found >= 0 else (1, 1))
    cell_text = "\n".join(lines)
    rows = text.split("\n")
    found_mentions = []
    for mention in find_mentions(f"{path}.py", cell_text, is_known):
        line, column = places[mention.line - 1]
        at = rows[line - 1].find(mention.text, column - 1)  # a quote before it has a backslash
        found_mentions.append(replace(mention, line=line, column=at + 1 if at >= 0 else column))
    return found_mentions
