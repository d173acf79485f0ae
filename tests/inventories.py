"""Made-up inventories with the dirt of real ones, in every form that a file can have."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from caio_mcp.inventory import ImportedUse, Reading, read_inventory

Row = Mapping[str, str]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


OMB_COLUMNS = _names(
    "agency agency_name id use_case_name agency_bureau contact_email is_withheld "
    "development_stage is_high_impact HI_justification topic_area classification "
    "problem_solved benefits system_outputs operational_date contracting_usage "
    "vendor_name have_ato system_name_ato data_description link_to_data has_pii pia_url "
    "demographic_features has_custom_code code_url hi_testing_conducted "
    "hi_assessment_completed hi_potential_impacts hi_independent_review "
    "hi_ongoing_monitoring hi_training_established hi_failsafe_presence hi_appeal_process "
    "hi_public_consultation"
)

ANN = "ann.archer@agency.example"


def omb_row(**cells: str) -> dict[str, str]:
    """A row of the 2025 inventory, blank but for these cells."""
    empty = {"demographic_features": "[]", "hi_public_consultation": "[]"}
    return {**dict.fromkeys(OMB_COLUMNS, ""), **empty, **cells}


OMB_ROWS = (
    omb_row(
        agency="DOX",
        id="DOX-1",
        use_case_name="Face matching at the gate",
        agency_bureau="Gates",
        contact_email=ANN,
        development_stage="Deployed",
        is_high_impact="High-impact",
        topic_area="Law Enforcement",
        classification="Computer Vision",
        problem_solved="Queues;\nlong ones",
        operational_date="2024-10-01 00:00:00",
        vendor_name="Vizor",
        has_pii="Yes",
        pia_url="https://dox.example/pia",
        demographic_features="['c) Age', 'i) Income']",
        hi_testing_conducted="Yes",
        hi_independent_review="CAIO Review",
        hi_ongoing_monitoring="Yes - Monitoring Established",
        hi_training_established="a) Yes, sufficient monitoring protocols have been established",
        hi_public_consultation="['General solicitations of \\ncomments from the public']",
    ),
    omb_row(
        agency="DOX",
        id="DOX-2",
        use_case_name="Chatbot",
        agency_bureau="Service",
        development_stage="Deployed",
        is_high_impact="High-impact",
        topic_area="Other \u2013 Economic & Financial",
        classification="Generative AI",
        operational_date="Jul-25",
        has_pii="Yes",
        pia_url="Not publicly available",
        hi_testing_conducted="In-progress",
        hi_independent_review=(
            "Yes \u2013 by an agency AI oversight board not directly involved in the AI\u2019s "
            "development"
        ),
        hi_training_established="b) Development of monitoring protocols is in-progess",
    ),
    omb_row(
        agency="DOX",
        use_case_name="Chatbot",
        agency_bureau="Press",
        development_stage="c)  Deployed \u2013 The use case is being actively authorized",
        is_high_impact="High-impact",
        classification="Agentic AI",
        operational_date="summer 2023",
        has_pii="Depends on data sources analyzed",
    ),
    omb_row(
        agency="DOY",
        id="35",
        use_case_name="Soil maps",
        development_stage="Pre-deployment",
        is_high_impact="Presumed High-Impact, but Not High-impact",
        HI_justification="It draws maps.",
        operational_date="TBD",
        vendor_name="-  dash first",
        has_pii="No",
    ),
    omb_row(
        agency="DOY",
        id="35",
        use_case_name="Old soil maps",
        development_stage="Retired",
        is_high_impact="Not High-impact",
        operational_date="03/04/2020",
        has_pii="Maria Lopez",
    ),
    omb_row(agency="DOZ", id="TBD", use_case_name="=Unnamed()", is_high_impact=""),
)


def as_csv(
    rows: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8-sig", above: str = ""
) -> bytes:
    """The rows as a delimited file."""
    out = io.StringIO(newline="")
    out.write(above)
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_json(rows: Sequence[Row]) -> bytes:
    """The rows as a list of objects."""
    return json.dumps(list(rows)).encode()


def read(rows: Sequence[Row], path_name: str = "inventory.csv") -> Reading:
    """The rows, read from a CSV file."""
    return read_inventory(path_name, as_csv(rows))


def count(uses: Sequence[ImportedUse], *filters: str) -> int:
    """How many uses pass, with filters as the register has them: `name=value,value`."""
    return sum(all(_passes(use, one) for one in filters) for use in uses)


def _passes(use: ImportedUse, one: str) -> bool:
    name, _, wanted = one.partition("=")
    values = set(use.attributes.get(name, ()))
    if wanted in ("none", "any"):
        return bool(values) == (wanted == "any")
    return bool(values & set(wanted.split(",")))
