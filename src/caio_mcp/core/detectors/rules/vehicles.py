"""Licence plates."""

from __future__ import annotations

from ..rule import Rule, letters

RULES = (
    Rule(
        "DE_KFZ",
        letters(r"(?i:[a-zäöü]{1,3}[ -][a-z]{1,2}[ -]?[1-9]\d{0,3}[eh]?)"),
        words=("plate",),
    ),
    Rule(
        "UK_VEHICLE_REGISTRATION",
        letters(
            r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1-7]\d) ?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3} ?[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3} ?\d{1,3}[A-HJ-NPR-TV-Y]"
        ),
        "uk_plate",
        words=("plate",),
    ),
    Rule(
        "IN_VEHICLE_REGISTRATION",
        letters(r"[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{0,3}[ -]?\d{4}|[A-Z]{1,2}\d{4,5}"),
        words=("plate",),
    ),
    Rule("NG_VEHICLE_REGISTRATION", letters(r"[A-Z]{3}-?\d{3}-?[A-Z]{2}"), words=("plate",)),
    Rule(
        "ZA_LICENSE_PLATE",
        letters(
            r"(?:[A-Z]{2,4}\d{2,4}[A-Z]{0,4}|[A-Z]{2} ?\d{2} ?[A-Z]{2} ?|[A-Z]{2,3} ?\d{2,3} ?)(?:GP|ZN|WP|EC|NC|FS|LP|MP|NW)|\d{2,3} ?[A-Z]{2,3} ?EC"
        ),
        words=("plate", "za_traffic"),
    ),
    Rule(
        "TR_LICENSE_PLATE",
        letters(
            r"(?:0[1-9]|[1-7]\d|8[01]) ?(?:[A-Z] ?\d{4,5}|[A-Z]{2} ?\d{3,4}|[A-Z]{3} ?\d{2,4}|[A-Z] ?\d{3}|[A-Z]{2} ?\d{2})"
        ),
        words=("plate",),
    ),
)
