"""Models: what each is, and where, under which name, at which price and until when it is offered.

The catalogue is one generated file. A model is built from it when it is asked for: most answers
need one of some two thousand.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .model_ids import App, Channels, Vendor

DIRECT = "direct"
_HEADS = re.compile(rb'^\{"id":"([^"]+)"(?:,"name":("(?:[^"\\]|\\.)*"))?', re.M)
_NO_LETTERS = str.maketrans({" ": "-", "_": "-"})


@dataclass(frozen=True, slots=True)
class Offering:
    """A model on one channel in one region scope. Prices are US dollars for a million tokens;
    windows count tokens."""

    channel: str
    scope: str
    id: str
    source: str
    price_in: float | None = None
    price_out: float | None = None
    window: int | None = None
    output_max: int | None = None
    retires: datetime.date | None = None
    retires_not_before: datetime.date | None = None
    deprecated: datetime.date | None = None
    replaced_by: str = ""
    is_listed: bool = True  # whether the newest release of its source still has it


@dataclass(frozen=True, slots=True)
class Model:
    """One model: vendor/family-version[-variant][@snapshot]. Windows count tokens."""

    id: str
    name: str
    vendor: str
    family: str
    version: str = ""
    variant: str = ""
    snapshot: str = ""
    open_weights: bool | None = None
    licence: str = ""
    modalities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    can: tuple[str, ...] = ()  # chat, embedding, image, transcription, ...
    context_window: int | None = None
    released: str = ""
    derived_from: str = ""
    offered: tuple[Offering, ...] = ()

    def on(self, channel: str) -> tuple[Offering, ...]:
        """How it is offered on a channel, one for each region scope."""
        return tuple(o for o in self.offered if channel in ("", o.channel))


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ids that a vendor lets another model answer."""

    vendor: str
    serves: str
    since: datetime.date | None
    source: str
    checked: datetime.date | None


class Models(Mapping[str, Model]):
    """All models by id, and the names they go by."""

    def __init__(self, catalogue: bytes, channels: Channels) -> None:
        self.channels = channels
        self._catalogue = catalogue
        self._built: dict[str, Model] = {}
        # Reading all of the file takes longer than many an answer; ids and names are enough to
        # know which models there are.
        self._titles = {
            id_.decode(): json.loads(name) if name else ""
            for id_, name in _HEADS.findall(catalogue)
        }

    @cached_property
    def _content(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self._catalogue or b"{}")
        return found

    @cached_property
    def _entries(self) -> Mapping[str, Mapping[str, Any]]:
        return {entry["id"]: entry for entry in self._content.get("models", ())}

    @property
    def date(self) -> str:
        """Of which day its facts are."""
        return str(self._content.get("date", ""))

    @property
    def sources(self) -> Mapping[str, Mapping[str, str]]:
        """Where the facts come from, each with its day."""
        found: Mapping[str, Mapping[str, str]] = self._content.get("sources", {})
        return found

    def __getitem__(self, id_: str) -> Model:
        """The model; KeyError if there is none."""
        found = self._built.get(id_)
        if found is None:
            found = self._built[id_] = _model(self._entries[id_])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._titles)

    def __len__(self) -> int:
        return len(self._titles)

    def title(self, id_: str) -> str:
        """Its name for people; the id where it has none."""
        return self._titles[id_] or id_.split("/", 1)[1]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every name that stands for one model, as `plain_name` writes it."""
        found: dict[str, str] = {}
        for id_, entry in self._entries.items():
            found[plain_name(id_.split("/", 1)[1])] = id_
            for name in entry.get("names", ()):
                found[name] = id_
        return found

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Words for a channel, as people write them -> the channel."""
        named = {plain_name(name): id_ for id_, name in self.channels.names.items()}
        return {**named, "aws-bedrock": "bedrock"}

    @cached_property
    def channel_names(self) -> Mapping[str, Mapping[str, str]]:
        """Names that mean something of their own on one channel."""
        found: Mapping[str, Mapping[str, str]] = self._content.get("channel_names", {})
        return found

    @cached_property
    def redirected(self) -> Mapping[tuple[str, str], Redirect]:
        """Ids that went on to another model, by vendor and name."""
        return {
            (part["vendor"], name): Redirect(
                part["vendor"],
                part["serves"],
                _day(part.get("since")),
                part["source"],
                _day(part.get("checked")),
            )
            for part in self._content.get("redirected", ())
            for name in part["names"]
        }

    @cached_property
    def families(self) -> Mapping[str, tuple[str, str]]:
        """Families and vendors by the word people use -> (vendor, family or "")."""
        found = {
            word: (vendor.id, "")
            for vendor in self.channels.vendors.values()
            for word in (
                plain_name(vendor.name),
                plain_name(vendor.name).replace("-", ""),
                vendor.id,
            )
        }
        found["open-ai"] = ("openai", "")
        for id_, entry in self._entries.items():
            found.setdefault(entry["family"], (id_.split("/", 1)[0], entry["family"]))
        return found

    @cached_property
    def rolling(self) -> frozenset[str]:
        """Ids that move on to newer versions."""
        return frozenset(id_ for id_, entry in self._entries.items() if entry.get("rolling"))

    def of_family(self, vendor: str, family: str) -> tuple[str, ...]:
        """The ids of a family."""
        return tuple(
            id_
            for id_, entry in self._entries.items()
            if entry["family"] == family and id_.startswith(f"{vendor}/")
        )


def plain_name(written: str) -> str:
    """A name as it is looked up: small letters, dashes for blanks and underscores, and without
    the vendor that some put before it ("Anthropic: Claude Haiku 4.5")."""
    word = written.strip().lower()
    if ": " in word:
        word = word.rsplit(": ", 1)[1]
    return word.translate(_NO_LETTERS)


def _model(entry: Mapping[str, Any]) -> Model:
    vendor = entry["id"].split("/", 1)[0]
    return Model(
        entry["id"],
        entry.get("name") or entry["id"].split("/", 1)[1],
        vendor,
        entry["family"],
        entry.get("version", ""),
        entry.get("variant", ""),
        entry.get("snapshot", ""),
        entry.get("open_weights"),
        entry.get("licence", ""),
        {side: tuple(kinds) for side, kinds in entry.get("modalities", {}).items()},
        tuple(entry.get("can", ())),
        entry.get("window"),
        entry.get("released", ""),
        entry.get("derived_from", ""),
        tuple(_offering(part, entry.get("window")) for part in entry.get("offered", ())),
    )


def _offering(part: Mapping[str, Any], window: int | None) -> Offering:
    price: Sequence[float | None] = part.get("price") or (None, None)
    return Offering(
        part["on"],
        part.get("scope", ""),
        part["id"],
        part["source"],
        price[0],
        price[1],
        part.get("window", window),
        part.get("output_max"),
        _day(part.get("retires")),
        _day(part.get("retires_not_before")),
        _day(part.get("deprecated")),
        part.get("replaced_by", ""),
        part.get("listed", True),
    )


def _day(written: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None


def read_channels(content: Any) -> Channels:
    """The channels from their file."""
    if not isinstance(content, dict):
        content = {}
    names: dict[str, str] = {DIRECT: "the vendor's own API"}
    prefixes: dict[str, str] = {}
    hints: dict[str, str] = {}
    direct: dict[str, str] = {}
    orgs: dict[str, str] = {}
    vendors: dict[str, Vendor] = {}
    for part in content.get("channels", ()):
        names[part["id"]] = part["name"]
        prefixes.update(dict.fromkeys(part["prefixes"], part["id"]))
        hints.update(dict.fromkeys((*part["prefixes"], *part["hints"]), part["id"]))
    for part in content.get("vendors", ()):
        vendors[part["id"]] = Vendor(part["id"], part["name"], tuple(part["orgs"]))
        orgs.update(dict.fromkeys(part["orgs"], part["id"]))
        own = part.get("direct", ())
        prefixes.update(dict.fromkeys(own, DIRECT))
        for hint in (*own, *part.get("hints", ())):
            hints[hint], direct[hint] = DIRECT, part["id"]
    apps = {
        plain_name(name): App(part["id"], part.get("vendor", ""), part.get("family", ""))
        for part in content.get("apps", ())
        for name in part["names"]
    }
    return Channels(
        names,
        prefixes,
        hints,
        direct,
        vendors,
        orgs,
        apps,
        {part["word"]: tuple(part["candidates"]) for part in content.get("ambiguous", ())},
        frozenset(part["id"] for part in content.get("vendors", ()) if "hosts" in part),
        frozenset(content.get("scopes", {}).get("profiles", ())),
        frozenset(content.get("scopes", {}).get("eu_regions", ())),
    )


def differences(old: Models, new: Models) -> Iterator[tuple[str, str]]:
    """What changed from one catalogue to another, each with the id of the model."""
    for id_ in old.keys() - new.keys():
        yield id_, "is no longer there"
    for id_ in new.keys() - old.keys():
        yield id_, "is new"
    for id_ in old.keys() & new.keys():
        yield from ((id_, change) for change in _changes(old[id_], new[id_]))
        was, is_ = id_ in old.rolling, id_ in new.rolling
        if was != is_:
            yield id_, "rolls on to newer versions now" if is_ else "is one version now"


def _changes(old: Model, new: Model) -> Iterator[str]:
    before = {(o.channel, o.scope): o for o in old.offered}
    after = {(o.channel, o.scope): o for o in new.offered}
    for key in sorted(before.keys() | after.keys()):
        where = " in ".join(part for part in key if part)
        was, is_ = before.get(key), after.get(key)
        if was is None or is_ is None:
            yield f"{where}: {'offered' if was is None else 'no longer offered'}"
            continue
        if was.retires != is_.retires:
            yield f"{where}: retires {is_.retires or 'at no known date'}, was {was.retires}"
        if (was.price_in, was.price_out) != (is_.price_in, is_.price_out):
            yield (
                f"{where}: costs {is_.price_in} in and {is_.price_out} out, was {was.price_in} "
                f"and {was.price_out}"
            )
        if was.window != is_.window:
            yield f"{where}: window {is_.window}, was {was.window}"
