"""Model ids as people and code write them: which model is it, if that can be said for certain."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import Literal

from .model_ids import Written, take_apart
from .models import DIRECT, Model, Models, plain_name

ID_CHARACTERS_MAX = 300
CANDIDATES_MAX = 12

ResolutionClass = Literal[
    "exact", "alias", "redirected", "derived", "opaque", "app", "ambiguous", "multiple",
    "vendor_only", "suspicious", "unknown",
]  # fmt: skip
APPROVABLE = ("exact", "alias")
# What those who change somebody's weights, or teach others with their answers, put into the name.
_DERIVED = re.compile(
    r"(?:^|[-_./:])(?:ft|lora|distill(?:ed)?|abliterated|uncensored|derestricted|heretic|alpaca|"
    r"vicuna|hermes|dolphin|orca|zephyr|euryale|magnum|cydonia|rocinante|gguf|ggml|awq|gptq|"
    r"finetuned?|fine-tuned?|merged?|dpo|roleplay|nemotron)(?:[-_./:\d]|$)"
)
_HUB_TAG = re.compile(r"(?:hf\.co|huggingface\.co)/[^/]+/[^/]+:.+")
_SEPARATORS = re.compile(r"\s*[;,|]\s*|\s+(?:\+|and|or|&|und|et|y)\s+", re.I)
_R1_DISTILLED = re.compile(r"deepseek-r1[:-](?:1\.5|7|8|14|32|70)b.*")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an id stands for. Only `exact` and `alias` can match an approval."""

    id: str
    resolved: ResolutionClass
    model: Model | None = None
    channel: str = "unknown"
    region_scope: str = ""
    serves: str = ""  # the model that answers in its place
    family: tuple[str, str] = ("", "")  # vendor and family, where no model is certain
    candidates: tuple[str, ...] = ()  # what it may stand for; never used for approval

    @property
    def is_approvable(self) -> bool:
        """Whether an approval can match."""
        return self.model is not None and self.resolved in APPROVABLE


# How promptfoo names what is called: anthropic:messages:claude-...
_ENDPOINTS = frozenset(("chat", "messages", "responses", "completion", "embedding", "embeddings"))


def resolve(models: Models, written: str, provider: str = "") -> Resolution:
    """The model behind an id, in a closed world: never by prefix, never by likeness."""
    written = written.strip()
    if not written.isascii() or not written.isprintable():
        return Resolution(written, "suspicious")  # before any normalising: look-alike letters
    if not written or len(written) > ID_CHARACTERS_MAX:
        return Resolution(written, "unknown")
    part = take_apart(written, models.channels, provider)
    if part.form == "opaque":
        return Resolution(written, "opaque", None, part.channel, part.region_scope)
    found = _named(models, part)
    if part.form == "fine_tune":
        return Resolution(written, "derived", found, part.channel, part.region_scope)
    if found is not None:
        return _of_model(models, written, part, found)
    if said := _with_colon(models, written, provider):
        return said
    return _in_words(models, written, provider) or _unnamed(models, written, part)


def _with_colon(models: Models, written: str, provider: str) -> Resolution | None:
    """`openai:gpt-4o`, as LangChain, Pydantic AI and promptfoo write it."""
    head, colon, rest = written.partition(":")
    channel = models.channels.of(head) if colon and rest else ("", "")
    if not channel[0] or (provider and models.channels.of(provider) != channel):
        return None
    endpoint, _, name = rest.partition(":")
    found = resolve(models, name if endpoint in _ENDPOINTS and name else rest, head)
    is_sure = found.model is not None or found.resolved == "opaque"
    return replace(found, id=written) if is_sure else None


def _named(models: Models, part: Written) -> Model | None:
    """The model of this very name, if those named with it agree with who made it."""
    name = plain_name(part.name)
    id_ = models.channel_names.get(part.channel, {}).get(name) or models.names.get(name)
    if id_ is None and part.name.endswith(":free"):
        id_ = models.names.get(name.removesuffix(":free"))
    if id_ is None:
        return None
    vendor = id_.split("/", 1)[0]
    orgs = models.channels.orgs
    if part.vendor and part.vendor != vendor and part.vendor not in models.channels.hosting:
        return None
    if any(org not in orgs for org in part.orgs):
        return None
    if part.orgs and orgs[part.orgs[-1]] != vendor and not _is_published(part, id_):
        return None
    return models[id_]


def _is_published(part: Written, id_: str) -> bool:
    """NVIDIA's Mistral is at home with Mistral."""
    return part.orgs[-1] == "mistralai" and id_ == "nvidia/nemotron-mistral"


def _of_model(models: Models, written: str, part: Written, model: Model) -> Resolution:
    channel = part.channel
    if not channel:
        channel = "hub" if part.orgs and model.open_weights else "unspecified"
    if part.vendor and part.vendor != model.vendor:
        channel = f"host:{part.vendor}"
    resolved: ResolutionClass = "alias" if model.id in models.rolling else "exact"
    serves = ""
    redirect = models.redirected.get((model.vendor, plain_name(part.name)))
    if redirect is not None and channel in (DIRECT, "unspecified"):
        resolved, serves = "redirected", redirect.serves
    elif model.derived_from:
        resolved = "derived"
    return Resolution(written, resolved, model, channel, part.region_scope, serves)


def _in_words(models: Models, written: str, provider: str) -> Resolution | None:
    """Products, vendors, families and lists of them, as people write them."""
    word = plain_name(written)
    channels = models.channels
    if app := channels.apps.get(word):
        return Resolution(written, "app", channel=app.id, family=(app.vendor, app.family))
    if candidates := channels.ambiguous.get(word):
        return Resolution(written, "ambiguous", candidates=candidates)
    pieces = [piece for piece in _SEPARATORS.split(written) if piece]
    if len(pieces) > 1:
        return Resolution(written, "multiple", candidates=tuple(pieces[:CANDIDATES_MAX]))
    if found := models.families.get(word):
        vendor, family = found
        if not family:
            return Resolution(written, "vendor_only", family=found)
        candidates = models.of_family(vendor, family)[:CANDIDATES_MAX]
        return Resolution(written, "ambiguous", family=found, candidates=candidates)
    channel, vendor = channels.of(word)
    if not channel:
        channel = models.places.get(word, "")
    if channel and "/" not in written:
        return Resolution(written, "ambiguous", channel=channel, family=(vendor, ""))
    return None


def _unnamed(models: Models, written: str, part: Written) -> Resolution:
    lowered = written.lower()
    derived = _DERIVED.search(lowered) or _HUB_TAG.fullmatch(lowered)
    if derived or _R1_DISTILLED.fullmatch(part.name):
        return Resolution(written, "derived", None, part.channel or "unknown", part.region_scope)
    if part.channel == "azure" and not part.orgs:
        return Resolution(written, "opaque", None, "azure", part.region_scope)
    channel = part.channel if part.channel in models.channels.names else "unknown"
    return Resolution(written, "unknown", None, channel, part.region_scope)


def closest(models: Models, written: str, count: int = 3) -> tuple[str, ...]:
    """Names like this one, to ask "did you mean"; never an answer."""
    name = plain_name(written[:ID_CHARACTERS_MAX].rsplit("/", 1)[-1])
    close = difflib.get_close_matches(name, models.names, n=count * 3, cutoff=0.75)
    return tuple(dict.fromkeys(models.names[word] for word in close))[:count]
