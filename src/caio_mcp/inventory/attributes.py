"""The attributes that imported uses have: what each says, and its values.

An attribute is coded: it holds one of its values, or `other` where the cell says something that
is none of them (the words stay beside it), and nothing where the cell is blank. No value is
called `none` or `any`: in a filter those words ask for blank and for not blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OTHER = "other"


class Kind(StrEnum):
    """How the words of a cell become the values of an attribute."""

    CODED = "coded"  # one of the values
    MANY = "many"  # a list of the values
    OPEN = "open"  # the name of an organisation, a place, a function: as it is written
    LINK = "link"  # whether a link is there
    FILLED = "filled"  # whether something is written there; the text itself is not taken


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing known of imported uses, to filter and to group by."""

    name: str
    title: str
    kind: Kind
    values: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_coded(self) -> bool:
        """Whether it holds only values of its list."""
        return self.kind is not Kind.OPEN


M2521 = "OMB M-25-21, 2025 inventory"
M2410 = "OMB M-24-10, 2024 inventory"
ATRS = "UK ATRS v3.0"
NL = "Dutch Algoritmeregister 1.0.0"

YES_NO = ("yes", "no")
STAGES = ("planned", "development", "pilot", "deployed", "retired")
IMPACTS = ("high", "presumed_high_but_not", "not_high")
_PRACTICE = ("yes", "in_progress", "no", "waived")
_SET_UP = ("established", "in_progress", "no", "waived")
_LINKED = ("yes", "yes_without_link", "not_public", "no", "not_applicable")


def _coded(name: str, title: str, values: tuple[str, ...], source: str = M2521) -> Attribute:
    return Attribute(name, title, Kind.CODED, values, source)


def _many(name: str, title: str, values: tuple[str, ...], source: str = M2521) -> Attribute:
    return Attribute(name, title, Kind.MANY, values, source)


def _open(name: str, title: str, source: str) -> Attribute:
    return Attribute(name, title, Kind.OPEN, (), source)


def _link(name: str, title: str, source: str) -> Attribute:
    return Attribute(name, title, Kind.LINK, _LINKED, source)


def _filled(name: str, title: str, source: str) -> Attribute:
    return Attribute(name, title, Kind.FILLED, ("yes",), source)


_ALL = (
    _open("agency", "Agency or organisation", f"{M2521}; {M2410}; {ATRS}; {NL}"),
    _open("agency_name", "Full name of the agency", f"{M2521}; {M2410}"),
    _open("bureau", "Bureau, component or team", f"{M2521}; {M2410}; {ATRS}"),
    _open("vendor", "Vendor or supplier", f"{M2521}; {ATRS}; {NL}"),
    _coded("stage", "Stage", STAGES, "NIST and OMB words"),
    _coded(
        "withheld",
        "Withheld from publication",
        ("no", "disclosure_risk", "prohibited_by_law"),
    ),
    _coded("impact", "High impact on rights or safety", IMPACTS),
    _filled("impact_justified", "Why it is not high-impact is written down", M2521),
    _many("impact_kind", "What it may impact", ("rights", "safety"), M2410),
    _coded(
        "topic",
        "Topic area",
        (
            "administration",
            "benefits",
            "cybersecurity",
            "diplomacy_and_trade",
            "education",
            "emergency_management",
            "energy_and_environment",
            "government_services",
            "health",
            "human_resources",
            "information_technology",
            "international_affairs",
            "law_enforcement",
            "mission_enabling",
            "procurement_and_finance",
            "science",
            "service_delivery",
            "transportation",
        ),
        f"{M2521}; {M2410}",
    ),
    _coded(
        "classification",
        "Kind of AI",
        (
            "agentic",
            "classical_ml",
            "computer_vision",
            "generative",
            "nlp",
            "reinforcement_learning",
        ),
    ),
    _open("operational_year", "Year in which it went into operation or pilot", "from the dates"),
    _coded("vendor_use", "Bought or made", ("vendor", "in_house", "both"), f"{M2521}; {M2410}"),
    _coded("commercial_product", "A general commercial AI product", YES_NO, M2410),
    _coded(
        "authority_to_operate",
        "Authorised to operate (ATO)",
        ("yes", "in_progress", "no", "not_applicable"),
        f"{M2521}; {M2410}",
    ),
    _coded("pii", "Personal data the agency keeps", YES_NO, f"{M2521}; {M2410}"),
    _link("privacy_assessment", "Privacy impact assessment published", M2521),
    _coded("privacy_reviewed", "Privacy risks assessed by the official for it", YES_NO, M2410),
    _link("open_data", "Data published", M2521),
    _many(
        "demographic_features",
        "Demographic variables used as model features",
        (
            "race_ethnicity",
            "sex",
            "age",
            "religion",
            "socioeconomic_status",
            "ability",
            "residency",
            "marital_status",
            "income",
            "employment",
            "not_used",
        ),
        f"{M2521}; {M2410}",
    ),
    _coded("custom_code", "Code written for it", YES_NO, f"{M2521}; {M2410}"),
    _link("open_source", "Code published", f"{M2521}; {M2410}; {NL}"),
    _coded("testing", "Tested before deployment", _PRACTICE, f"{M2521}; {M2410}"),
    _coded("impact_assessment", "Impact assessment", _PRACTICE, f"{M2521}; {M2410}; {NL}"),
    _coded(
        "independent_review",
        "Independent review",
        ("internal", "oversight_board", "caio", "in_progress", "no", "waived"),
        f"{M2521}; {M2410}",
    ),
    _coded("monitoring", "Monitoring in operation", _SET_UP, f"{M2521}; {M2410}"),
    _coded("training", "Training of operators", _SET_UP),
    _coded(
        "failsafe", "Fail-safe", ("yes", "in_progress", "no", "not_applicable", "waived"), M2521
    ),
    _coded(
        "appeal",
        "Appeal process",
        ("established", "in_progress", "precluded_by_law", "no", "not_applicable", "waived"),
        f"{M2521}; {M2410}",
    ),
    _many(
        "consultation",
        "Consultation of users and the public",
        (
            "usability_testing",
            "public_feedback",
            "public_hearings",
            "in_progress",
            "no",
            "not_applicable",
            "waived",
        ),
        f"{M2521}; {M2410}",
    ),
    _coded("extension_requested", "Extension for the practices asked for", YES_NO, M2410),
    _coded("supplier_involved", "External supplier involved", YES_NO, ATRS),
    _open("organisation_type", "Type of organisation", ATRS),
    _open("function", "Function of the organisation it serves", ATRS),
    _open("capability", "Capability of the tool", ATRS),
    _open("task", "Task of the tool", ATRS),
    _open("region", "Region whose public it affects", ATRS),
    _filled("human_intervention", "Human decisions and review are described", f"{ATRS}; {NL}"),
    _filled("risks_described", "Risks and their handling are described", f"{ATRS}; {NL}"),
    _coded(
        "publication_category", "Publication category", ("high_risk", "impactful", "remaining"), NL
    ),
    _many(
        "policy_area",
        "Policy area",
        (
            "organisation_and_operations",
            "culture_and_recreation",
            "economy",
            "government_finance",
            "housing",
            "international",
            "migration_and_integration",
            "nature_and_environment",
            "education_and_science",
            "public_order_and_safety",
            "law",
            "spatial_planning_and_infrastructure",
            "social_security",
            "traffic",
            "work",
            "health_and_care",
        ),
        NL,
    ),
    _filled("legal_basis", "A legal basis is stated", NL),
    _link("processing_record", "Entry in the record of processing published", NL),
)

ATTRIBUTES = {attribute.name: attribute for attribute in _ALL}
