"""How vendors name their models: a name in, the five fields of its identity out.

Used only when the catalogue is written; at run time names are looked up, never parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Which model a name stands for."""

    vendor: str
    family: str
    version: str = ""
    variant: str = ""
    snapshot: str = ""

    @property
    def id(self) -> str:
        """vendor/family-version[-variant][@snapshot], in the order the vendor uses."""
        parts = [self.family, self.version, self.variant]
        if self.family == "claude" and self.version[:1] >= "4":
            parts = [self.family, self.variant, self.version]
        name = "-".join(part for part in parts if part)
        if self.family == "o":
            name = name.replace("o-", "o", 1)
        return f"{self.vendor}/{name}" + (f"@{self.snapshot}" if self.snapshot else "")


# A name starts with: vendor, family. The first that fits.
FAMILIES = [
    (re.compile(start), vendor, family)
    for start, vendor, family in (
        # others' work on somebody's weights comes before the name it borrows
        (r"nvidia-nemotron-|nemotron-(?!h)", "nvidia", "nemotron"),
        (r"gpt-oss[-:]", "openai", "gpt-oss"),
        (r"chatgpt-image-|gpt-image-", "openai", "gpt-image"),
        (r"chatgpt-4o", "openai", "chatgpt"),
        (r"gpt-audio", "openai", "gpt-audio"),
        (r"gpt-realtime", "openai", "gpt-realtime"),
        (r"gpt-", "openai", "gpt"),
        (r"o(?=[134](?:-|$))", "openai", "o"),
        (r"text-embedding-(?=ada|3)", "openai", "text-embedding"),
        (
            r"text-embedding-|textembedding-gecko|text-multilingual-embedding-",
            "google",
            "text-embedding",
        ),
        (r"text-moderation|omni-moderation", "openai", "moderation"),
        (r"(?:dall-e|dalle)-?", "openai", "dall-e"),
        (r"sora-", "openai", "sora"),
        (r"whisper", "openai", "whisper"),
        (r"tts-", "openai", "tts"),
        (r"codex-mini", "openai", "codex-mini"),
        (r"computer-use-preview", "openai", "computer-use"),
        (
            r"davinci-002|babbage-002|text-davinci-|text-curie-|text-babbage-|text-ada-",
            "openai",
            "gpt",
        ),
        (r"claude-", "anthropic", "claude"),
        (r"gemini-robotics-er-", "google", "gemini-robotics-er"),
        (r"gemini-embedding-", "google", "gemini-embedding"),
        (r"gemini-gemma-|gemma-?", "google", "gemma"),
        (r"codegemma-", "google", "codegemma"),
        (r"medgemma-", "google", "medgemma"),
        (r"gemini-", "google", "gemini"),
        (r"imagen-?|imagegeneration", "google", "imagen"),
        (r"veo-", "google", "veo"),
        (r"lyria-", "google", "lyria"),
        (r"learnlm-", "google", "learnlm"),
        (r"deep-research-", "google", "deep-research"),
        (
            r"chat-bison|codechat-bison|code-bison|text-bison|code-gecko|text-unicorn",
            "google",
            "palm",
        ),
        (r"codellama-", "meta", "codellama"),
        (r"llama-?guard-?", "meta", "llama-guard"),
        (r"llama-prompt-guard-", "meta", "llama-prompt-guard"),
        (r"llama-", "meta", "llama"),
        (r"muse-", "meta", "muse"),
        (r"open-mistral-", "mistral", "open-mistral"),
        (r"open-mixtral-", "mistral", "open-mixtral"),
        (r"open-codestral-", "mistral", "open-codestral"),
        (r"codestral", "mistral", "codestral"),
        (r"devstral", "mistral", "devstral"),
        (r"magistral", "mistral", "magistral"),
        (r"ministral", "mistral", "ministral"),
        (r"mixtral", "mistral", "mixtral"),
        (r"pixtral", "mistral", "pixtral"),
        (r"voxtral", "mistral", "voxtral"),
        (r"mathstral", "mistral", "mathstral"),
        (r"mistral", "mistral", "mistral"),
        (r"command", "cohere", "command"),
        (r"embed-", "cohere", "embed"),
        (r"rerank-", "cohere", "rerank"),
        (r"c4ai-aya-|aya-", "cohere", "aya"),
        (r"north-", "cohere", "north"),
        (r"grok-", "xai", "grok"),
        (r"deepseek-coder-", "deepseek", "deepseek-coder"),
        (r"deepseek-ocr", "deepseek", "deepseek-ocr"),
        (r"deepseek-", "deepseek", "deepseek"),
        (r"qwq-", "alibaba", "qwq"),
        (r"qvq-", "alibaba", "qvq"),
        (r"qwen-?", "alibaba", "qwen"),
        (r"wan-?", "alibaba", "wan"),
        (r"gte-", "alibaba", "gte"),
        (r"kimi-", "moonshotai", "kimi"),
        (r"moonshot-", "moonshotai", "moonshot"),
        (r"glm-", "zhipuai", "glm"),
        (r"minimax-", "minimax", "minimax"),
        (r"nova-", "amazon", "nova"),
        (r"titan-", "amazon", "titan"),
        (r"phi-", "microsoft", "phi"),
        (r"mai-", "microsoft", "mai"),
        (r"wizardlm-", "microsoft", "wizardlm"),
        (r"granite-", "ibm", "granite"),
        (r"j2-", "ai21", "j2"),
        (r"jamba-?", "ai21", "jamba"),
        (r"sonar", "perplexity", "sonar"),
        (r"pplx-", "perplexity", "pplx"),
        (r"stable-diffusion-|sd3|stable-image-|stable-", "stability", "stable-diffusion"),
        (r"flux", "black-forest-labs", "flux"),
        (r"voyage-", "voyage", "voyage"),
        (r"jina-", "jina", "jina"),
        (r"bge-", "baai", "bge"),
        (r"palmyra-", "writer", "palmyra"),
        (r"hunyuan-|hy3", "tencent", "hunyuan"),
        (r"mimo-", "xiaomi", "mimo"),
        (r"step-", "stepfun", "step"),
        (r"seed-|doubao-", "bytedance", "seed"),
        (r"ernie-", "baidu", "ernie"),
        (r"trinity-", "arcee", "trinity"),
        (r"lfm-?", "liquid", "lfm"),
        (r"mercury-", "inception", "mercury"),
        (r"marengo-", "twelvelabs", "marengo"),
        (r"pegasus-", "twelvelabs", "pegasus"),
        (r"olmo-", "allenai", "olmo"),
        (r"ling-|ring-", "inclusionai", "ling"),
        (r"longcat-", "meituan", "longcat"),
        (r"ornith-", "deepreinforce", "ornith"),
        (r"solar-", "upstage", "solar"),
        (r"sarvam-", "sarvam", "sarvam"),
        (r"apertus-", "swiss-ai", "apertus"),
        (r"eleven-", "elevenlabs", "eleven"),
        (r"arctic-|snowflake-arctic-", "snowflake", "arctic"),
        (r"dbrx-", "databricks", "dbrx"),
        (r"laguna-", "poolside", "laguna"),
        (r"morph-", "morph", "morph"),
        (r"inkling", "thinkingmachines", "inkling"),
    )
]

# What a channel puts before names of others.
_BORROWED = re.compile(
    r"^(?:databricks-|system\.ai\.|openai-(?=gpt|o\d)|meta-(?=llama)|meta(?=llama)|mistralai-|"
    r"anthropic--|deepseek-ai-|deepseek-(?=deepseek)|google-(?=gem)|alibaba-(?=qwen)|zai-(?=glm)|"
    r"zai-org-|z-ai-|moonshotai-|minimax-(?=minimax)|nvidia-(?=nemotron)|cohere-(?=command|embed|rerank)|"
    r"xai-(?=grok)|fw-(?=\w)|amazon--|gemini--)"
)
# What says how weights are stored or served, not which model it is.
_SERVED = re.compile(
    r"-(?:maas|fp8|fp16|bf16|nvfp4|int8|int4|fp4|fp8-dynamic|fp8-tput|hf|\d+e|128e|gguf|awq|gptq|"
    r"tee|tput|q\d(?:-\w+)*|bf16|fp8-throughput)(?=-|$|:)"
)
_FREE = re.compile(r":(?:free|thinking|extended|exacto|nitro|floor|online|beta)$|-tee$|-free$")
_DISTILLED = re.compile(
    r"distill|abliterated|uncensored|hermes|dolphin|alpaca|vicuna|heretic|lora|merge|roleplay|"
    r"euryale|lumimaid|magnum|rocinante|cydonia|skyfall|derestricted|unslop|sea-lion|"
    r"swallow|openhermes|wizard|zephyr|orca|airoboros|finetune|evil|starling|stheno|saiga|"
    r"tulu|deephermes|anubis|valkyrie|electra|celeste|inferor|thinker|cogito"
)
_MONTHS = r"(?:0[1-9]|1[0-2])"
_DAYS = r"(?:0[1-9]|[12]\d|3[01])"
_SNAPSHOTS = [
    (re.compile(rf"[-@](20[12]\d)({_MONTHS})({_DAYS})(?=-|$)"), "{0}-{1}-{2}"),
    (re.compile(rf"[-@](20[12]\d)-({_MONTHS})-({_DAYS})(?=-|$)"), "{0}-{1}-{2}"),
    (re.compile(rf"-({_MONTHS})-(20[12]\d)(?=-|$)"), "{1}-{0}"),
    (re.compile(rf"[-@](20[12]\d)-({_MONTHS})(?=-|$)"), "{0}-{1}"),
    (re.compile(rf"@(2[3-7])({_MONTHS})$"), "20{0}-{1}"),
    (re.compile(rf"-(2[3-7])({_MONTHS})({_DAYS})(?=-|$)"), "20{0}-{1}-{2}"),
]
_YEAR_MONTH = re.compile(rf"-(2[3-7])-?({_MONTHS})(?=-|$)")
_MONTH_DAY = re.compile(rf"-({_MONTHS})-?({_DAYS})(?=-|$)")
YEARS = {  # of models whose names carry month and day only: when they came out
    ("gpt", "3.5"): {"0301": 2023, "0613": 2023, "1106": 2023, "0125": 2024},
    ("gpt", "4"): {"0314": 2023, "0613": 2023, "1106": 2023, "0125": 2024, "0409": 2024},
    ("grok", "4"): {"0709": 2025},
    ("grok", "4.20"): {"0309": 2026, "0304": 2026},
    ("grok", "2"): {"1212": 2024},
    ("grok", "1"): {"0825": 2025},
    ("kimi", "k2"): {"0711": 2025, "0905": 2025},
    ("deepseek", "r1"): {"0120": 2025, "0528": 2025},
    ("deepseek", "v3"): {"1226": 2024, "0324": 2025},
    ("deepseek", "v4"): {"0731": 2026, "0813": 2026},
    ("deepseek", "v4.1"): {"1017": 2026},
    ("gemini", "2.5"): dict.fromkeys(("0325", "0417", "0506", "0520", "0605", "0617"), 2025),
    ("gemini", "2.0"): {"0121": 2025, "0205": 2025, "0219": 2025, "1219": 2024, "0409": 2025},
    ("gemini", "1.5"): dict.fromkeys(("0801", "0827", "0924", "0409", "0514", "0215"), 2024),
    ("gemini", ""): {"1114": 2024, "1121": 2024, "1206": 2024},
    ("glm", "4"): {"0414": 2025, "0520": 2024},
}  # fmt: skip
_VERSION = {
    "deepseek": re.compile(r"(?:v|r)\d+(?:\.\d+)?"),
    "kimi": re.compile(r"k\d+(?:\.\d+)?"),
    "minimax": re.compile(r"m\d+(?:\.\d+)?"),
    "mimo": re.compile(r"v\d+(?:\.\d+)?"),
    "gpt": re.compile(r"\d+(?:\.\d+)?(?:o)?"),
    "palmyra": re.compile(r"x\d+"),
}
_PLAIN_VERSION = re.compile(r"v?(\d{1,2}(?:\.\d{1,2})?)")
_JOINED = re.compile(  # versions written 4-5, 4p5, 3_5
    r"(?<![\d.])(\d{1,2})[-p_](\d{1,2})(?=-|$|@|:)"
)


def identify(name: str, orgs: tuple[str, ...] = ()) -> Identity | None:
    """The identity that a name has, or nothing where no family is known."""
    if orgs[-1:] == ("deepseek",) and re.match(r"[vr]\d", name):
        name = f"deepseek-{name}"
    text = _plain(name)
    if on_llama := re.match(
        r"(llama-3\.\d)-nemotron-|(mistral)-nemotron$", _JOINED.sub(r"\1.\2", text)
    ):
        base = on_llama[1] or on_llama[2]
        rest = _JOINED.sub(r"\1.\2", text)[on_llama.end() :].removesuffix("-hf")
        return Identity("nvidia", "nemotron", "", "-".join(p for p in (base, rest) if p))
    for start, vendor, family in FAMILIES:
        found = start.match(text)
        if found:
            return _Reader(text, vendor, family, found.end(), name).read()
    return None


def _plain(name: str) -> str:
    text = (
        name.strip().lower().replace(" ", "-").replace("_", "-").replace("(", "").replace(")", "")
    )
    text = re.sub(r"^hf:|^~", "", text).split("/")[-1]
    while (bare := _BORROWED.sub("", text)) != text:
        text = bare
    text = _FREE.sub("", text)
    text = re.sub(r"^(claude)-v(\d)", r"\1-\2", text)
    text = re.sub(r"^(meta-)?llama-?v?(?=\d)", "llama-", text)
    text = re.sub(r"^qwen-?(?=\d)", "qwen-", text)
    text = re.sub(r"^gpt-?(?=\d)", "gpt-", text)
    text = re.sub(
        r"^(gemma|phi|granite|gemini|grok|glm|jamba|nova|hunyuan|ernie|mistral-v)-?(?=\d)",
        r"\1-",
        text,
    )
    text = re.sub(r"^llama-?guard-?", "llama-guard-", text)
    text = re.sub(r"^gpt-35(?=-|$)", "gpt-3.5", text)
    text = re.sub(r"^gpt-41(?=-|$)", "gpt-4.1", text)
    text = re.sub(r"^deepseek-(?=\d)", "deepseek-v", text)
    text = re.sub(r"^(mistral-large)(?=\d)", r"\1-", text)
    text = re.sub(r"-v0:(\d)$", r"-v0.\1", text)
    text = re.sub(r"@00\d$|:671b$", "", text)
    text = re.sub(r"@latest$", "-latest", text)
    return re.sub(r":(?=\d{4}$)", "-", text)


class _Reader:
    """Reads one name of one family."""

    def __init__(self, text: str, vendor: str, family: str, end: int, name: str) -> None:
        self.text, self.vendor, self.family, self.end, self.name = text, vendor, family, end, name
        self.snapshot = ""

    def read(self) -> Identity | None:
        rest = "-" + self.text[self.end :].lstrip("-")
        if self.family in ("gpt", "palm") and not self.text.startswith("gpt-"):
            rest = "-" + self.text
        if self.family == "text-embedding" and self.vendor == "openai":
            rest = "-" + self.text.removeprefix("text-embedding-")
        if _DISTILLED.search(rest) or "-latest-" in rest:
            return None
        if self.family == "deepseek" and re.search(r"qwen|llama|r1[:-][\d.]+b", rest):
            return None  # R1's knowledge on others' weights
        if self.family in ("embed", "rerank", "titan"):  # here Bedrock's revision is the version
            rest = re.sub(r":\d+$", "", rest)
        if self.family == "nova":
            rest = re.sub(r"-v1$", "", rest)
        rest = re.sub(r"-v\d+:\d+(?::[\w.]+)?$", "", rest)
        if self.family == "gpt-oss":
            rest = re.sub(r"-\d:\d$", "", rest)
        rest = re.sub(r":(?:latest|default)$|@default$", "", rest)
        rest = self._take_snapshot(rest)
        if self.family == "claude":
            rest = re.sub(r"-v\d$|:1$|:0$", "", rest.replace("2:1", "2.1"))
        rest = rest.replace(":", "-").replace("@", "-").rstrip("-")
        if self.family in ("gemini", "gemma", "imagen", "veo"):
            rest = re.sub(r"-00[1-9]$", "", rest)
        while (bare := _SERVED.sub("", rest)) != rest:
            rest = bare
        version, tokens = self._version(rest)
        return Identity(self.vendor, self.family, version, "-".join(tokens), self.snapshot)

    def _take_snapshot(self, rest: str) -> str:
        if rest.endswith("-latest"):
            self.snapshot = "" if self.family == "claude" else "latest"
            rest = rest.removesuffix("-latest")
        for pattern, shape in _SNAPSHOTS:
            if found := pattern.search(rest):
                self.snapshot = shape.format(*found.groups())
                return rest[: found.start()] + rest[found.end() :]
        if self.vendor in ("mistral", "alibaba") or self.family in ("glm", "step", "seed"):
            found = _YEAR_MONTH.search(rest)
            if found:
                self.snapshot = "-".join(["20" + found[1], *(g for g in found.groups()[1:] if g)])
                return rest[: found.start()] + rest[found.end() :]
        if found := _MONTH_DAY.search(rest):
            version, _ = self._version(rest[: found.start()])
            years = YEARS.get((self.family, version), {})
            if year := years.get(found[1] + found[2]):
                self.snapshot = f"{year}-{found[1]}-{found[2]}"
                return rest[: found.start()] + rest[found.end() :]
        return rest

    def _version(self, rest: str) -> tuple[str, list[str]]:
        rest = _JOINED.sub(r"\1.\2", rest)
        if self.family in ("deepseek", "kimi", "minimax", "mimo"):
            rest = re.sub(r"(?<=[vrkm])(\d)[-p](\d)(?=-|$)", r"\1.\2", rest)
        tokens = [token for token in rest.split("-") if token and token != "v"]
        if rest == "-ada-002":
            return "", ["ada-002"]
        if self.family == "o" and tokens:
            return tokens[0], tokens[1:]
        shape = _VERSION.get(self.family)
        for place, token in enumerate(tokens):
            if shape is not None:
                if shape.fullmatch(token):
                    return token, tokens[:place] + tokens[place + 1 :]
            elif found := _PLAIN_VERSION.fullmatch(token):
                version = found[1].removesuffix(".0") if self.family == "claude" else found[1]
                return version, tokens[:place] + tokens[place + 1 :]
        return self._default_version(), tokens

    def _default_version(self) -> str:
        return "1" if self.family == "nova" else ""
