"""Model ids taken apart: which channel, region and publisher an id names, and what is left of it.

Nothing here decides what a model is: the name that is left must be one the catalogue knows.
Sources of the forms: docs.litellm.ai/docs/providers, the vendors' own documentation of resource
names, github.com/package-url/purl-spec.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Form = Literal["plain", "fine_tune", "opaque"]


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who makes models: a name to show, and the names it publishes under."""

    id: str
    name: str
    orgs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class App:
    """A product with models of its own choice."""

    id: str
    vendor: str
    family: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channels:
    """Where models are called, and how ids and callers name those places."""

    names: Mapping[str, str] = field(default_factory=dict)  # channel -> words for people
    prefixes: Mapping[str, str] = field(default_factory=dict)  # before a slash -> channel
    hints: Mapping[str, str] = field(default_factory=dict)  # how a caller says it -> channel
    direct: Mapping[str, str] = field(default_factory=dict)  # prefix or hint -> vendor
    vendors: Mapping[str, Vendor] = field(default_factory=dict)
    orgs: Mapping[str, str] = field(default_factory=dict)  # publisher -> vendor
    apps: Mapping[str, App] = field(default_factory=dict)  # a product's name -> product
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hosting: frozenset[str] = frozenset()  # vendors whose own channel has others' models too
    profiles: frozenset[str] = frozenset()
    eu_regions: frozenset[str] = frozenset()

    def of(self, provider: str) -> tuple[str, str]:
        """The channel that a caller means, and the vendor where it is that vendor's own;
        ("", "") where the word is not known."""
        word = provider.strip().lower()
        if word in self.names:
            return word, ""
        if word in self.hints:
            return self.hints[word], self.direct.get(word, "")
        return "", ""


@dataclass(frozen=True, slots=True)
class Written:
    """An id taken apart. `name` is what is left, in small letters."""

    name: str
    channel: str = ""
    vendor: str = ""  # whose own channel it is
    region_scope: str = ""
    orgs: tuple[str, ...] = ()
    form: Form = "plain"


_ARN = re.compile(r"arn:aws[a-z-]*:([a-z-]+):([a-z0-9-]*):(\d*):([a-z-]+)/(.+)", re.I)
_VERTEX = re.compile(
    r"(?:https?://[^/]+/v\d\w*/)?projects/[^/]+/locations/([a-z0-9-]+)/"
    r"(?:publishers/([^/]+)/models/([^/:]+)(?::\w+)?|(?:endpoints|models)/[^/]+)",
    re.I,
)
_PURL = re.compile(
    r"pkg:huggingface/([^/@?#]+)/([^/@?#]+)(?:@([0-9a-f]{7,64}|main))?(?:[?#].*)?", re.I
)
_HUB = re.compile(r"(?:https?://)?huggingface\.co/([^/]+)/([^/?#]+)/?", re.I)
_FIREWORKS = re.compile(r"accounts/fireworks/models/([^/#]+)", re.I)
_REGION = re.compile(r"[a-z]{2,}(?:-gov|-iso\w?)?-[a-z]+-?\d{1,2}|\*", re.I)
# Segments of LiteLLM's price rows that name a size, a quality, a length or a commitment.
_PRICED = re.compile(
    r"\d+-x-\d+|(?:\d+|max)-steps|\d+-month-commitment|hd|standard|low|medium|high|auto", re.I
)
_AZURE_SCOPE = {
    "eu": "eu", "us": "us", "global": "global", "global-standard": "global",
    "datazone-eu": "eu", "datazone-us": "us", "apac": "apac", "us-gov": "us-gov",
}  # fmt: skip
_IN_PATHS = frozenset(
    ("models", "model", "publishers", "@cf", "@hf", "foundation-model", "accounts", "routers",
     "workers-ai")
)  # fmt: skip
_OPAQUE_ARNS = frozenset(
    ("application-inference-profile", "provisioned-model", "imported-model",
     "custom-model-deployment", "prompt-router", "default-prompt-router", "endpoint", "prompt")
)  # fmt: skip
_FINE_TUNE = re.compile(r"ft:([^:/]+)(?::.*)?|([^:/]+):ft-[^/]*", re.I)


def take_apart(written: str, channels: Channels, provider: str = "") -> Written:
    """The parts of an id that somebody wrote, for a provider if one was named with it."""
    channel, vendor = channels.of(provider) if provider else ("", "")
    return _resource(written, channels) or _path(written, channels, channel, vendor)


def _resource(written: str, channels: Channels) -> Written | None:
    """Names of resources that have a form of their own."""
    if found := _ARN.fullmatch(written):
        is_of_models = found[1].lower() in ("bedrock", "sagemaker")
        return _of_arn(found, channels) if is_of_models else Written("")
    if found := _VERTEX.fullmatch(written):
        region, publisher, name = found.groups()
        if name is None:
            return Written("", "vertex", region_scope=region.lower(), form="opaque")
        return Written(name.lower(), "vertex", "", region.lower(), (publisher.lower(),))
    if found := _PURL.fullmatch(written) or _HUB.fullmatch(written):
        return Written(found[2].lower(), "hub", orgs=(found[1].lower(),))
    if found := _FIREWORKS.fullmatch(written):
        return Written(found[1].lower(), "host:fireworks")
    return None


def _of_arn(arn: re.Match[str], channels: Channels) -> Written:
    service, region, _, kind, rest = (part.lower() for part in arn.groups())
    channel = "bedrock" if service == "bedrock" else "platform:sagemaker"
    if channel != "bedrock" or kind in _OPAQUE_ARNS:
        return Written("", channel, region_scope=region, form="opaque")
    if kind == "custom-model":
        base = _dotted(rest.split("/")[0], channels, Written("", channel, "", region))
        return Written(base.name, channel, "", region, base.orgs, "fine_tune")
    if kind in ("foundation-model", "inference-profile"):
        return _dotted(rest, channels, Written("", channel, "", region))
    return Written("", channel, region_scope=region, form="opaque")


def _path(written: str, channels: Channels, channel: str, vendor: str) -> Written:
    segments = written.lower().removeprefix("hf:").split("/")
    orgs: list[str] = []
    scope = ""
    named = False  # whether the id itself named the channel
    for place, segment in enumerate(segments[:-1]):
        found = channels.prefixes.get(segment)
        if found and not named and not orgs and _agrees(found, segment, channel, vendor, channels):
            channel, vendor, named = found, channels.direct.get(segment, ""), True
        elif found and (found == channel or _is_cloud_of(found, channel)):
            continue  # a channel that is named twice, as in openrouter/openrouter/auto
        elif segment in _AZURE_SCOPE and channel == "azure":
            scope = _AZURE_SCOPE[segment]
        elif _REGION.fullmatch(segment) and channel in ("bedrock", "vertex", "azure", ""):
            scope = "" if segment == "*" else segment
        elif _PRICED.fullmatch(segment) or segment in _IN_PATHS:
            if segment == "models" and place == 0 and not channel:
                channel, vendor = "direct", "google"  # how the Gemini API writes its ids
        else:
            orgs.append(segment)
    name = segments[-1]
    if fine_tune := _FINE_TUNE.fullmatch(name):
        base = fine_tune[1] or fine_tune[2]
        return Written(base, channel or "direct", vendor, scope, tuple(orgs), "fine_tune")
    part = Written(name, channel, vendor, scope, tuple(orgs))
    if channel in ("bedrock", "", "platform:oci") or channel.startswith("platform:"):
        return _dotted(name, channels, part)
    return _ollama_cloud(part)


def _is_cloud_of(found: str, channel: str) -> bool:
    """Ollama's own machines are called like one's own."""
    return (found, channel) == ("self-hosted", "host:ollama-cloud")


def _agrees(found: str, segment: str, channel: str, vendor: str, channels: Channels) -> bool:
    """Whether a prefix may name the channel, where the caller named one already."""
    if not channel:
        return True
    return found == channel and channels.direct.get(segment, "") == vendor


def _dotted(name: str, channels: Channels, part: Written) -> Written:
    """`eu.anthropic.claude-...`: the profile and the publisher stand before dots."""
    scope, orgs = part.region_scope, part.orgs
    head, dot, rest = name.partition(".")
    if dot and head in channels.profiles:
        scope, name = head, rest
        head, dot, rest = name.partition(".")
    elif part.channel not in ("bedrock", "platform:oci") and head not in channels.orgs:
        return _ollama_cloud(part)
    if dot and head in channels.orgs:
        channel = part.channel or "bedrock"
        return Written(rest, channel, part.vendor, scope, (*orgs, head), part.form)
    return Written(name, part.channel, part.vendor, scope, orgs, part.form)


def _ollama_cloud(part: Written) -> Written:
    """Ollama's tags that end in cloud run at Ollama, not on one's own hardware."""
    if (
        part.channel in ("self-hosted", "host:ollama-cloud", "")
        and ":" in part.name
        and part.name.endswith("cloud")
    ):
        name = part.name.removesuffix("cloud").rstrip("-:")
        return Written(name, "host:ollama-cloud", "", part.region_scope, part.orgs, part.form)
    return part
