"""Model ids as people and code write them: which model is it, if that can be said for certain."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from .catalogue import Catalogue, Model
from .wording import normal

ID_CHARACTERS_MAX = 300

ResolutionClass = Literal[
    "exact", "alias", "derived", "app", "ambiguous", "vendor_only", "suspicious", "unknown"
]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an id stands for. Only `exact` (and `alias`, said so) can match an approval."""

    id: str
    resolved: ResolutionClass
    model: Model | None = None
    tools: tuple[str, ...] = ()  # the tools through which this very id is called
    candidates: tuple[str, ...] = ()  # "did you mean", never used for approval


def resolve(catalogue: Catalogue, written: str, on: str = "") -> Resolution:
    """The model behind an id, in a closed world: never by prefix, never by likeness."""
    written = written.strip()
    if not written.isascii() or not written.isprintable():
        return Resolution(written, "suspicious")  # before any normalising: look-alike letters
    models = catalogue.models
    offered = [
        (model, offering)
        for model in models.values()
        for offering in model.offered
        if on in ("", offering.tool)
    ]
    exact = [(m, o.tool) for m, o in offered if written in o.ids]
    found = exact or [(m, o.tool) for m, o in offered if written in o.aliases]
    names = {model.id for model, _ in found}
    if len(names) > 1:
        return Resolution(written, "ambiguous", candidates=tuple(sorted(names)))
    if names:
        return Resolution(
            written, "exact" if exact else "alias", found[0][0], tuple(tool for _, tool in found)
        )
    if written in models:
        tools = tuple(o.tool for o in models[written].offered if on in ("", o.tool))
        return Resolution(written, "exact", models[written], tools)
    if written.startswith("ft:") or ":ft-" in written:
        return Resolution(written, "derived")
    return _by_name(catalogue, written)


def _by_name(catalogue: Catalogue, written: str) -> Resolution:
    word = normal(written)
    named = [m.id for m in catalogue.models.values() if normal(m.name) == word]
    if named:  # a marketing name says neither the snapshot nor the channel
        return Resolution(written, "ambiguous", candidates=tuple(named))
    if any(word in (normal(t.product), normal(t.name)) for t in catalogue.tools.values()):
        return Resolution(written, "app")
    if any(normal(m.vendor) == word for m in catalogue.models.values()):
        return Resolution(written, "vendor_only")
    known = {
        i: m.id
        for m in catalogue.models.values()
        for i in (m.id, *(x for o in m.offered for x in (*o.ids, *o.aliases)))
    }
    close = difflib.get_close_matches(written[:ID_CHARACTERS_MAX], list(known), n=3, cutoff=0.6)
    return Resolution(written, "unknown", candidates=tuple(close))
