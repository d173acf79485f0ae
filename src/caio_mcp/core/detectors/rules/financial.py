"""Bank accounts, payment cards and other money."""

from __future__ import annotations

from ..rule import Rule

RULES = (
    Rule(
        "IBAN_CODE",
        r"(?i)\b([a-z]{2}\d{2}(?:[ \-]?[a-z0-9]{4}){2,7}(?:[ \-]?[a-z0-9]{1,4})?)\b",
        check="iban",
        chance=0.011,
        words=("bank_account",),
    ),
)
