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
    # What insurers and pharmacies count by; the number says little, the word before it all.
    Rule(
        "US_PRESCRIPTION_NUMBER",
        r"(?i)\b(?:rx|prescription)(?:\s*(?:#|no\.?|number|id)\s*:?\s*|\s*:\s*|\s+)((?:rx-?)?\d{6,12})(?:\W|$)",
        alone="medium",
    ),
    Rule("US_PRESCRIPTION_NUMBER", word(r"(?i:rx-?\d{6,12})"), words=("pharmacy",)),
    Rule(
        "US_CLAIM_NUMBER",
        r"(?i)\bclaim(?:\s*(?:#|no\.?|number|id)\s*:?\s*|\s*:\s*|\s+)((?:clm-?)?\d{6,15})(?:\W|$)",
        words=("health_insurance", "pharmacy"),
    ),
    Rule("US_CLAIM_NUMBER", word(r"(?i:clm-?\d{6,15})"), words=("claim",)),
    Rule(
        "US_PRIOR_AUTHORIZATION_NUMBER",
        r"(?i)\b(?:prior auth(?:orization)?|preauthorization|pre-auth)(?:\s*(?:#|no\.?|number|id)\s*:?\s*|\s*:\s*|\s+)((?:pa-?)?\d{6,12})(?:\W|$)",
        alone="medium",
    ),
    Rule("US_PRIOR_AUTHORIZATION_NUMBER", word(r"(?i:pa-?\d{6,12})"), words=("authorization",)),
    Rule(
        "US_REFERRAL_NUMBER",
        r"(?i)\breferral(?:\s*(?:#|no\.?|number|id)\s*:?\s*|\s*:\s*|\s+)((?:(?:ref|inf)-?)?\d{6,12})(?:\W|$)",
        words=("health_insurance", "pharmacy"),
    ),
    Rule("US_REFERRAL_NUMBER", word(r"(?i:(?:ref|inf)-?\d{6,12})"), words=("referral",)),
    Rule(
        "US_HEALTH_INSURANCE_MEMBER_ID",
        word(r"[A-Z]{1,5}-?[A-Z0-9]{5,14}"),
        "has_digits",
        words=("insured", "health_insurance"),
    ),
    Rule(
        "US_PROVIDER_TAX_ID",
        number(r"\d{2}-\d{7}"),
        "us.ein",
        words=("provider_tax",),
    ),
)
