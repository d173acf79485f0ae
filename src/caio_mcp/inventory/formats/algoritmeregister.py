"""The publication standard of the Dutch Algoritmeregister, 1.0.0: fields and their rules.

Names, Dutch titles, required fields and values: the standard's own schema
(MinBZK/Algoritmeregister, standards/v1_0_0.json).
"""

from __future__ import annotations

from ..dates import Precision
from ..format import Column, Fill, Format
from ..uses import ExportedUse, ExportHead

_STATUS = {
    "In ontwikkeling": "development",
    "In gebruik": "deployed",
    "Buiten gebruik": "retired",
    "In development": "development",
    "In use": "deployed",
    "Out of use": "retired",
}
# "Is it both in development and in use, choose in use", says the standard: so is a pilot.
_STATUS_WRITES = {"planned": "In ontwikkeling", "pilot": "In gebruik"}
_CATEGORY = {
    "Hoog-risico AI-systeem": "high_risk",
    "Impactvolle algoritmes": "impactful",
    "Overige algoritmes": "remaining",
    "High-risk AI-system": "high_risk",
    "High-risk AI system": "high_risk",
    "Impactful algorithms": "impactful",
    "Other algorithms": "remaining",
}
_AREA = {
    "Organisatie en bedrijfsvoering": "organisation_and_operations",
    "Cultuur en recreatie": "culture_and_recreation",
    "Economie": "economy",
    "Overheidsfinanciën": "government_finance",
    "Wonen": "housing",
    "Internationaal": "international",
    "Migratie en integratie": "migration_and_integration",
    "Natuur en milieu": "nature_and_environment",
    "Onderwijs en wetenschap": "education_and_science",
    "Openbare orde en veiligheid": "public_order_and_safety",
    "Recht": "law",
    "Ruimte en infrastructuur": "spatial_planning_and_infrastructure",
    "Sociale zekerheid": "social_security",
    "Verkeer": "traffic",
    "Werk": "work",
    "Zorg en gezondheid": "health_and_care",
}


def _month(name: str) -> Fill:
    """The standard wants a month; a year alone is not one."""

    def fill(use: ExportedUse, head: ExportHead) -> str:
        date = use.dates.get(name)
        if date is None or date.precision not in (Precision.DAY, Precision.MONTH):
            return ""
        return date.iso[:7]

    return fill


def _organisation(use: ExportedUse, head: ExportHead) -> str:
    return use.organisation or use.first("agency") or head.organisation


_COLUMNS = (
    Column("name", ("Naam",), core="title", is_required=True),
    Column(
        "description_short",
        ("Korte omschrijving",),
        core="purpose",
        is_required=True,
        is_telling=True,
    ),
    Column(
        "organization",
        ("Organisatie",),
        attribute="agency",
        fill=_organisation,
        is_required=True,
    ),
    Column("category", ("Thema",), attribute="policy_area", words=_AREA, is_list=True),
    Column(
        "status",
        ("Status",),
        attribute="stage",
        words=_STATUS,
        writes=_STATUS_WRITES,
        is_required=True,
    ),
    Column("begin_date", ("Begindatum",), date="operational", fill=_month("operational")),
    Column("end_date", ("Einddatum",), date="retired", fill=_month("retired")),
    Column(
        "contact_email",
        ("Contactgegevens",),
        core="contact",
        fill=lambda use, head: head.contact,
        is_required=True,
        is_personal=True,
        fill_is_public=True,
    ),
    Column("website", ("Link naar publiekspagina",)),
    Column(
        "publication_category",
        ("Publicatiecategorie",),
        attribute="publication_category",
        words=_CATEGORY,
        is_required=True,
        is_telling=True,
    ),
    Column("url", ("Link naar bronregistratie",)),
    Column("goal", ("Doel en impact",), core="purpose"),
    Column("proportionality", ("Afwegingen",), is_telling=True),
    Column(
        "human_intervention",
        ("Menselijke tussenkomst",),
        attribute="human_intervention",
        fill=lambda use, head: use.conditions,
        is_telling=True,
    ),
    Column("risks", ("Risicobeheer",), attribute="risks_described"),
    Column(
        "lawful_basis",
        ("Wettelijke basis",),
        attribute="legal_basis",
        fill=lambda use, head: use.legal_basis,
        is_telling=True,
    ),
    Column("lawful_basis_grouping", ("Verwijzingen wettelijke basis",), is_list=True),
    Column(
        "process_index_url",
        ("Link naar verwerkingsregister",),
        attribute="processing_record",
        is_telling=True,
    ),
    Column(
        "impacttoetsen_grouping",
        ("Verwijzingen impacttoetsen",),
        is_list=True,
        is_telling=True,
    ),
    Column("impacttoetsen", ("Toelichting op impacttoetsen",), is_telling=True),
    Column("source_data", ("Gegevens",), fill=lambda use, head: use.data_categories),
    Column("source_data_grouping", ("Verwijzingen gegevensbronnen",), is_list=True),
    Column("methods_and_models", ("Technische werking",), is_telling=True),
    Column(
        "provider",
        ("Leverancier",),
        attribute="vendor",
        fill=lambda use, head: use.first("vendor") or use.vendor,
    ),
    Column("publiccode", ("Link naar broncode",), attribute="open_source", is_telling=True),
    Column("lang", ("Taal",), fill=lambda use, head: "nld", is_required=True),
    Column("standard_version", ("Versie publicatiestandaard",), fill=lambda use, head: "1.0.0"),
    Column("source_id", ("Bron-ID",), core="id", is_telling=True),
    Column("tags", ("Zoektermen",)),
)

FORMATS = (
    Format(
        name="algoritmeregister",
        title="Dutch Algoritmeregister, publication standard 1.0.0",
        source="https://github.com/MinBZK/Algoritmeregister",
        columns=_COLUMNS,
        container="json",
        is_read=True,
        day_first=True,
        note="The standard asks for texts in Dutch; a text in another language is written as it "
        "stands.",
    ),
)
