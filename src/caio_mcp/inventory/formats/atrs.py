"""The UK Algorithmic Transparency Recording Standard, v3.0 of March 2024: one record a row.

Attributes, names and what is required: the template table that the UK government published
(co-cddo/algorithmic-transparency-recording-standard, template_table.md). A record holds more
than a register knows; what is not known stays blank and is counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..format import Column, Format
from ..uses import ExportedUse, ExportHead

_PHASE = {
    "Idea": "planned",
    "Development": "development",
    "Design": "development",
    "Pre-deployment": "development",
    "Beta/Pilot": "pilot",
    "Beta": "pilot",
    "Pilot": "pilot",
    "Production": "deployed",
    "Retired": "retired",
}


def _version(use: ExportedUse, head: ExportHead) -> str:
    return "3.0"


def _organisation(use: ExportedUse, head: ExportHead) -> str:
    return use.organisation or use.first("agency") or head.organisation


def _contact(use: ExportedUse, head: ExportHead) -> str:
    return head.contact


def _tool(use: ExportedUse, head: ExportHead) -> str:
    return use.tool_name


def _supplier(use: ExportedUse, head: ExportHead) -> str:
    return use.first("vendor") or use.vendor


def _conditions(use: ExportedUse, head: ExportHead) -> Sequence[str]:
    return use.conditions


def _data(use: ExportedUse, head: ExportHead) -> Sequence[str]:
    return use.data_categories


def _optional(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _required(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, is_required=True) for name in names)


_COLUMNS = (
    Column("id", core="id", is_required=True),
    Column("standard_version", fill=_version, is_required=True),
    Column("organisation_type", attribute="organisation_type", is_required=True),
    Column("function", attribute="function", is_required=True),
    Column("capability", attribute="capability", is_required=True),
    Column("task", attribute="task", is_required=True),
    Column("tags", is_required=True),
    Column("date_of_completion", date="completed", is_required=True),
    Column("date_updated", date="updated", is_required=True),
    Column("date_archived", date="archived", is_required=True),
    Column("title", core="title", is_required=True),
    Column(
        "organisation_name",
        attribute="agency",
        fill=_organisation,
        is_required=True,
    ),
    Column("phase", attribute="stage", words=_PHASE, is_required=True),
    Column("region", attribute="region", is_required=True),
    Column("one_sentence_description", core="purpose", is_required=True, is_telling=True),
    Column("name", core="title", is_required=True),
    Column("description", core="purpose", is_required=True),
    Column("website_url", is_required=True),
    Column(
        "contact_email",
        core="contact",
        fill=_contact,
        is_required=True,
        is_personal=True,
        fill_is_public=True,
    ),
    Column(
        "organisation_or_department",
        ("Organisation/ department",),
        fill=_organisation,
        is_required=True,
        is_telling=True,
    ),
    Column(
        "team",
        attribute="bureau",
        fill=lambda use, head: use.first("bureau") or use.unit,
        is_required=True,
    ),
    Column("senior_responsible_owner", is_required=True, is_telling=True, is_personal=True),
    Column(
        "external_supplier_involvement",
        attribute="supplier_involved",
        words={"Yes": "yes", "No": "no"},
        is_required=True,
        is_telling=True,
    ),
    Column(
        "external_supplier",
        ("Supplier or developer of the algorithmic tool",),
        attribute="vendor",
        fill=_supplier,
        is_telling=True,
    ),
    Column("companies_house_number", is_telling=True),
    Column("external_supplier_role", is_telling=True),
    Column("procurement_procedure_type", is_telling=True),
    Column("data_access_terms"),
    Column("detailed_description"),
    Column("scope", is_required=True),
    Column("benefit", fill=lambda use, head: use.benefit, is_required=True),
    *_optional("previous_process", "alternatives_considered"),
    *_required("process_integration", "provided_information", "frequency_and_scale_of_usage"),
    Column(
        "human_decisions_and_review",
        attribute="human_intervention",
        fill=_conditions,
        is_required=True,
        is_telling=True,
    ),
    *_required("required_training"),
    *_optional("appeals_and_review"),
    *_required("system_architecture"),
    Column("tool_phase", ("phase (2)",), attribute="stage", words=_PHASE, is_required=True),
    *_required("maintenance", "models"),
    Column("model_name", fill=_tool, is_required=True),
    *_required(
        "model_version",
        "model_task",
        "model_input",
        "model_output",
        "model_architecture",
        "model_performance",
        "datasets",
        "dataset_purposes",
        "source_data_name",
        "data_modality",
    ),
    Column("data_description", fill=_data, is_required=True),
    *_required(
        "data_quantities",
        "sensitive_attributes",
        "data_completeness_and_representativeness",
        "source_data_url",
        "data_collection",
    ),
    *_optional("data_cleaning"),
    *_required("data_sharing_agreements"),
    Column("data_access_and_storage", fill=lambda use, head: use.retention, is_required=True),
    Column("impact_assessment", is_required=True),
    Column("risks_and_mitigations", attribute="risks_described", is_required=True, is_telling=True),
)

FORMATS = (
    Format(
        name="atrs",
        title="UK Algorithmic Transparency Recording Standard v3.0",
        source="https://github.com/co-cddo/algorithmic-transparency-recording-standard",
        columns=_COLUMNS,
        is_read=True,
        day_first=True,  # the standard asks for DD/MM/YYYY
        note="`tool_phase` is 2.4.1.2, which the template calls `phase` as it does 0.13.",
    ),
)
