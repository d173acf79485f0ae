"""What is said of models: one line each for people, plain values for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .core.resolve import Resolution
from .core.wording import Plain, may_be_content, quote
from .service import Alternative, Counted, ModelRow
from .tokens import NAME as TOKENIZER

VERDICTS = {
    "approved": "OK",
    "approved_with_conditions": "OK, WITH CONDITIONS",
    "review": "REVIEW",
    "depends": "DEPENDS",
    "not_approved": "NO",
}
DID_YOU_MEAN_MAX = 2
USD_MIN = 0.0001  # dollars; how much less is not told
_TUNED = re.compile(r"ft:[a-z0-9.-]{1,40}:(?P<name>[\w:-]*):\w{8}", re.ASCII)
_DAY = re.compile(r"(?<=[a-z0-9][-@_])20\d\d-?[01]\d-?[0-3]\d(?!\d)")


def model_lines(rows: Sequence[ModelRow]) -> list[str]:
    """One line a model. What may be called instead is said once."""
    return [_line(row) for row in _once(rows)]


def row_dicts(rows: Sequence[ModelRow]) -> list[Plain]:
    """The rows in plain values, without what is empty."""
    return [_row_dict(row) for row in _once(rows)]


def _once(rows: Sequence[ModelRow]) -> Iterator[ModelRow]:
    before: tuple[Alternative, ...] = ()
    for row in rows:
        yield replace(row, alternatives=()) if row.alternatives == before else row
        before = row.alternatives or before


def _line(row: ModelRow) -> str:
    """Verdict first, then why, until when and what else there is."""
    found = row.resolution
    name = found.model.id if found.model else found.resolved
    where = f" on {' or '.join(row.tools[:3])}" if row.tools else ""
    parts = [f"{VERDICTS[row.verdict]} {shown_id(found)} = {name}{where}: {row.why}"]
    if row.levels:
        parts.append(f"By level: {_levels(row)}.")
    elif row.usually:
        parts.append(f"If the rest is as usual: {row.usually.replace('_', ' ')}.")
    if row.needs:
        parts.append(f"Say: {', '.join(row.needs[:3])}.")
    parts += until_words(row)
    if row.alternatives:
        parts.append(f"Instead: {'; '.join(map(_instead, row.alternatives))}.")
    elif row.did_you_mean:
        parts.append(f"Did you mean {' or '.join(row.did_you_mean[:DID_YOU_MEAN_MAX])}?")
    return " ".join(parts)


def _levels(row: ModelRow) -> str:
    return ", ".join(f"{level} {word.replace('_', ' ')}" for level, word in row.levels.items())


def until_words(row: ModelRow) -> list[str]:
    """Until when the model is there, and what comes after it."""
    if row.retires is None or row.days_left is None or row.days_left <= 0:
        return []
    left = f", in {row.days_left} days" if row.retires_soon else ""
    next_one = f"; its vendor names {row.replaced_by} next" if row.replaced_by else ""
    return [f"Retires there on {row.retires}{left}{next_one}."]


def _instead(other: Alternative) -> str:
    if_known = " (more must be known)" if other.verdict == "depends" else ""
    return f"{other.id} on {other.tool}{if_known}"


def shown_id(found: Resolution) -> str:
    """An id as it can be repeated."""
    return repr(found.id) if safe_id(found) else quote(found.id)


def identity_dict(found: Resolution) -> dict[str, Plain]:
    """What an id stands for."""
    model = found.model
    vendor, family = (model.vendor, model.family) if model else found.family
    return {
        "class": found.resolved,
        "canonical": model.id if model else None,
        "vendor": vendor or None,
        "family": family or None,
        "version": (model.version or None) if model else None,
        "variant": (model.variant or None) if model else None,
        "snapshot": (model.snapshot or None) if model else None,
        "channel": found.channel,
        "region_scope": found.region_scope or None,
    }


def _row_dict(row: ModelRow) -> dict[str, Plain]:
    offering = row.offering
    price = [offering.price_in, offering.price_out] if offering and offering.price_in else []
    values: dict[str, Plain] = {
        "id": safe_id(row.resolution),
        "verdict": row.verdict,
        "class": row.resolution.resolved,
        "model": row.resolution.model.id if row.resolution.model else "",
        "channel": ", ".join(row.tools),
        "why": row.why,
        "needs": list(row.needs),
        "usually": row.usually,
        "levels": dict(row.levels),
        "retires": row.retires.isoformat() if row.retires else "",
        "days_left": row.days_left if row.retires_soon else None,
        "replaced_by": row.replaced_by,
        "instead": [
            {"id": other.id, "model": other.model, "on": other.tool, "verdict": other.verdict}
            for other in row.alternatives
        ],
        "did_you_mean": list(row.did_you_mean[:DID_YOU_MEAN_MAX]),
        "usd_per_million_tokens": list(price),
        "check": row.check,
    }
    return {name: value for name, value in values.items() if value not in ("", [], {}, None)}


def safe_id(found: Resolution) -> str:
    """An id as it was written; nothing where it may be somebody's data.

    One that stands for a model of the catalogue is nobody's data.
    """
    if found.is_approvable or found.resolved == "redirected":
        return found.id
    tuned = _TUNED.fullmatch(found.id)  # the base is a model, and the end is always random
    own = tuned["name"] if tuned else _DAY.sub("", found.id)
    return "" if may_be_content(own) else found.id


def count_words(counted: Counted) -> str:
    """How many tokens a text has, and what it costs."""
    tokens = counted.tokens
    noun = "token" if tokens.tokens == 1 else "tokens"
    if tokens.method == "exact":
        lines = [f"{tokens.tokens:,} {noun} (exact, {TOKENIZER})"]
    else:
        lines = [
            f"about {tokens.tokens:,} {noun} (between {tokens.low:,} and {tokens.high:,}; "
            f"estimated from {TOKENIZER})"
        ]
    if counted.usd is not None:
        low, high = (f"{part:,.4f}" for part in counted.usd)
        between = low if low == high else f"between {low} and {high}"
        if 0 < counted.usd[1] < USD_MIN:
            between = f"less than {USD_MIN}"
        lines.append(f"As input of {counted.model} it costs {between} US dollars.")
    if tokens.counted_bytes < tokens.text_bytes:
        lines.append(
            f"Of {tokens.text_bytes:,} bytes the first {tokens.counted_bytes:,} were counted; "
            "the rest is estimated by its size."
        )
    return "\n".join(lines)


def count_dict(counted: Counted) -> dict[str, Plain]:
    """The same in plain values."""
    tokens = counted.tokens
    values: dict[str, Plain] = {
        "tokens": tokens.tokens,
        "method": tokens.method,
        "low": tokens.low,
        "high": tokens.high,
    }
    if counted.model:
        values["model"] = counted.model
    if counted.usd is not None:
        values["usd"] = {"low": round(counted.usd[0], 6), "high": round(counted.usd[1], 6)}
    return values
