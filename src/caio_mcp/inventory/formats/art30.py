"""The record of processing activities that GDPR Art. 30(1) asks of a controller, points a to g."""

from __future__ import annotations

from ..format import Column, Format
from ..uses import ExportedUse, ExportHead


def _controller(use: ExportedUse, head: ExportHead) -> str:
    return ", ".join(part for part in (use.organisation or head.organisation, head.contact) if part)


def _recipients(use: ExportedUse, head: ExportHead) -> tuple[str, ...]:
    return use.recipients or tuple(filter(None, (use.first("vendor") or use.vendor,)))


FORMATS = (
    Format(
        name="art30",
        title="GDPR Art. 30(1), record of processing activities",
        source="https://eur-lex.europa.eu/eli/reg/2016/679/oj",
        columns=(
            Column("register entry", fill=lambda use, head: use.id),
            Column("processing activity", fill=lambda use, head: use.title, is_required=True),
            Column("(a) controller and contact", fill=_controller, is_required=True),
            Column("(a) joint controller"),
            Column("(a) representative", fill=lambda use, head: head.representative),
            Column(
                "(a) data protection officer",
                fill=lambda use, head: head.data_protection_officer,
            ),
            Column("(b) purposes", fill=lambda use, head: use.purpose, is_required=True),
            Column(
                "(c) categories of data subjects",
                fill=lambda use, head: use.data_subjects,
                is_required=True,
            ),
            Column(
                "(c) categories of personal data",
                fill=lambda use, head: use.data_categories,
                is_required=True,
            ),
            Column("(d) categories of recipients", fill=_recipients, is_required=True),
            Column("(e) transfers: countries", fill=lambda use, head: use.regions),
            Column("(e) transfers: safeguards", fill=lambda use, head: use.transfer_mechanism),
            Column(
                "(f) time limits for erasure",
                fill=lambda use, head: use.retention,
                is_required=True,
            ),
            Column(
                "(g) security measures",
                fill=lambda use, head: head.security_measures,
                is_required=True,
            ),
            Column("legal basis (Art. 6)", fill=lambda use, head: use.legal_basis),
            Column("status", fill=lambda use, head: use.status),
            Column("as of", fill=lambda use, head: head.as_of),
        ),
    ),
)
