"""The types of finding: their category, what they mean for a use, and their names elsewhere.

`type` names are those of Presidio where it has one. `data` is the member of `data.categories`
in the vocabulary that a finding proves. `google` and `purview` are the names of the same in
Google Sensitive Data Protection and Microsoft Purview.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """One type of finding."""

    category: str
    data: str
    title: str  # for one; the plural adds an s, or stands in `titles`
    titles: str = ""
    google: str = ""
    purview: str = ""

    def counted(self, count: int) -> str:
        """`1 card number`, `3 card numbers`."""
        return f"{count:,} {self.title if count == 1 else self.titles or self.title + 's'}"


TYPES: dict[str, Type] = {
    "PERSON": Type(
        "personal", "name", "name of a person", "names of people", "PERSON_NAME", "All Full Names"
    ),
    "EMAIL_ADDRESS": Type(
        "personal", "contact", "e-mail address", "e-mail addresses", "EMAIL_ADDRESS"
    ),
    "PHONE_NUMBER": Type("personal", "contact", "phone number", "", "PHONE_NUMBER"),
    "IP_ADDRESS": Type(
        "personal", "contact", "IP address", "IP addresses", "IP_ADDRESS", "IP Address"
    ),
    "CREDIT_CARD": Type(
        "payment_card",
        "payment_card",
        "card number",
        "",
        "CREDIT_CARD_NUMBER",
        "Credit Card Number",
    ),
    "IBAN_CODE": Type(
        "financial",
        "financial",
        "IBAN",
        "",
        "IBAN_CODE",
        "International Banking Account Number (IBAN)",
    ),
}

SECRET = "SECRET."  # before the id of the rule that found a token or key
_SECRET = Type(
    "credentials",
    "credentials",
    "password, key or token",
    "passwords, keys or tokens",
    "AUTH_TOKEN",
    "All Credential Types",
)


def type_of(name: str) -> Type:
    """The type of a name; every `SECRET.<rule>` is one."""
    return _SECRET if name.startswith(SECRET) else TYPES[name]
