"""Contact details and what tells a person or a device on the network."""

from __future__ import annotations

from ..rule import Rule

RULES = (
    Rule(
        "EMAIL_ADDRESS",
        r"(?i)\b([a-z0-9][a-z0-9._%+'\-]{0,63}@[a-z0-9](?:[a-z0-9\-]{0,62}\.)+[a-z]{2,24})\b",
        alone="high",
        against=("example",),
    ),
    Rule(
        "IP_ADDRESS",
        r"(?:^|[^\w.])((?:\d{1,3}\.){3}\d{1,3})(?:$|[^\w.])",
        check="ip_address",
        alone="medium",
    ),
)
