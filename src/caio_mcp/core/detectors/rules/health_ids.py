"""Numbers of patients, doctors and insurers."""

from __future__ import annotations

from ..rule import Rule, number, word

RULES = (
    Rule("UK_NHS", number(r"\d{3}[- ]\d{3}[- ]\d{4}"), "gb.nhs", 0.091, words=("nhs",)),
    Rule("UK_NHS", number(r"\d{10}"), "gb.nhs", 0.091, words=("nhs",), alone="low"),
    Rule(
        "US_MBI",
        word(
            r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}"
        ),
        words=("medicare",),
        alone="medium",
    ),
    Rule("US_NPI", number(r"[12]\d{9}"), "us_npi", 0.1, words=("npi",)),
    Rule("MEDICAL_LICENSE", word(r"[A-HJ-MP-UX][A-Z9]\d{7}"), "dea", 0.1, words=("dea",)),
    Rule(
        "AU_MEDICARE",
        number(r"[2-6]\d{3} ?\d{5} ?\d(?: ?\d)?"),
        "au_medicare",
        0.1,
        words=("medicare",),
    ),
    Rule(
        "MEDICAL_RECORD_NUMBER",
        r"(?i)\b(?:mrn|medical record (?:number|no\.?)|patient (?:id|number|no\.?)|patienten(?:nummer|-?id|nr\.?)|numéro de patient|historia clínica)\b\W{1,4}([a-z]{0,3}-?\d{4,12})(?:\W|$)",
        alone="medium",
    ),
)
