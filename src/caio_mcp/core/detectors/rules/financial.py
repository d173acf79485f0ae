"""Bank accounts, payment cards, coins and pay."""

from __future__ import annotations

from ..rule import Rule, letters, number, word

# First digits by issuer: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro.
_CARD = ("card",)
_AGAINST = ("other_number", "example")

RULES = (
    Rule(
        "CREDIT_CARD",
        number(
            r"(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6[0-9]\d{2}|35\d{2}|1800|2131)([- ])\d{4}[- ]\d{4}[- ]\d{4}(?:[- ]\d{1,3})?".replace(
                "([- ])", "[- ]"
            )
        ),
        "card",
        0.1,
        words=_CARD,
        against=_AGAINST,
        alone="medium",
        with_word="high",
    ),
    Rule(
        "CREDIT_CARD",
        number(r"3[47]\d{2}[- ]\d{6}[- ]\d{5}|3[0689]\d{2}[- ]\d{6}[- ]\d{4}"),
        "card",
        0.1,
        words=_CARD,
        against=_AGAINST,
        alone="medium",
        with_word="high",
    ),
    Rule(
        "CREDIT_CARD",
        number(r"[2-6]\d{11,18}|0604\d{8}|1800\d{11}|2131\d{11}"),
        "card",
        0.1,
        words=_CARD,
        against=_AGAINST,
    ),
    Rule(
        "CARD_TRACK",
        r"(%B\d{12,19}\^[^^\n]{2,26}\^\d{4,}[^?\n]*\?|;\d{12,19}=\d{4,}[^?\n]*\?)",
        alone="high",
    ),
    Rule(
        "CVV",
        r"(?i)\b(?:cvv2?|cvc2?|cid|security code|prüfziffer|kartenprüfnummer|cryptogramme)\b[^\w\n]{1,4}(\d{3,4})(?:\D|$)",
        alone="medium",
    ),
    Rule(
        "CARD_EXPIRY",
        r"(?i)\b(?:exp(?:iry|ires|iration)?(?: date)?|valid (?:thru|until)|gültig bis|expire|caduca|scadenza)\b[^\w\n]{1,4}((?:0[1-9]|1[0-2]) ?[/\-] ?(?:20)?\d{2})(?:\D|$)",
        words=_CARD,
        alone="low",
    ),
    Rule(
        "IBAN_CODE",
        r"(?i)(?:^|[^\w])([a-z]{2}\d{2}(?:[ \-]?[a-z0-9]{4}){2,7}(?:[ \-]?[a-z0-9]{1,3})?)(?:\W|$)",
        "iban",
        0.011,
        words=("bank_account",),
        alone="high",
    ),
    Rule(
        "SWIFT_CODE",
        letters(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
        "bic",
        0.15,
        words=("swift",),
        alone="",
    ),
    Rule(
        "ABA_ROUTING_NUMBER",
        number(r"(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{2}-?\d{4}-?\d"),
        "us.rtn",
        0.102,
        words=("routing",),
    ),
    Rule("US_BANK_NUMBER", number(r"\d{8,17}"), words=("us_bank", "bank_account")),
    Rule("SORT_CODE", number(r"\d{2}-\d{2}-\d{2}"), words=("sort_code",), alone=""),
    Rule(
        "CRYPTO",
        word(
            r"[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71}"
        ),
        "crypto",
        0.0001,
        words=("crypto",),
    ),
    Rule("CRYPTO", word(r"0x[0-9a-fA-F]{40}"), words=("crypto",)),
    Rule(
        "SALARY",
        r"(?i)\b(?:salary|annual pay|base pay|compensation|gehalt|jahresgehalt|bruttogehalt|monatsgehalt|salaire|sueldo|salario|stipendio|salaris|salário|wynagrodzenie|pensja)\b[^\n\d]{0,20}((?:[€$£]|eur|usd|gbp|chf|pln)? ?\d{1,3}(?:[.,' ]?\d{3})+(?:[.,]\d{2})?)",
        alone="medium",
    ),
)
