"""What the EU AI Act asks to register: Annex VIII sections B and C, Regulation (EU) 2024/1689.

B is for systems that their provider holds not to be high-risk under Art. 6(3); C for deployers
that are public authorities or act for them. Each column is a numbered item of the section.
"""

from __future__ import annotations

from ..format import Column, Format
from ..uses import ExportedUse, ExportHead

_SOURCE = "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"
_STATUS = {"deployed": "in service", "pilot": "in service", "retired": "no longer in service"}


def _us(use: ExportedUse, head: ExportHead) -> str:
    return ", ".join(part for part in (use.organisation or head.organisation, head.contact) if part)


def _representative(use: ExportedUse, head: ExportHead) -> str:
    return head.representative


def _trade_name(use: ExportedUse, head: ExportHead) -> str:
    return ", ".join(part for part in (use.title, use.id) if part)


def _status(use: ExportedUse, head: ExportHead) -> str:
    return _STATUS.get(use.current_stage, "")


_ID = Column("register entry", fill=lambda use, head: use.id)

FORMATS = (
    Format(
        name="annex-viii-b",
        title="EU AI Act, Annex VIII section B (Art. 49(2): not high-risk under Art. 6(3))",
        source=_SOURCE,
        columns=(
            _ID,
            Column("1. Provider: name, address, contact", fill=_us, is_required=True),
            Column("2. Submitted on behalf of the provider by"),
            Column("3. Authorised representative", fill=_representative),
            Column(
                "4. Trade name and reference of the AI system", fill=_trade_name, is_required=True
            ),
            Column("5. Intended purpose", fill=lambda use, head: use.purpose, is_required=True),
            Column("6. Condition of Art. 6(3) that applies", is_required=True),
            Column("7. Grounds on which it is held not to be high-risk", is_required=True),
            Column("8. Status", fill=_status, is_required=True),
            Column("9. Member States", fill=lambda use, head: use.regions, is_required=True),
        ),
    ),
    Format(
        name="annex-viii-c",
        title="EU AI Act, Annex VIII section C (Art. 49(3): deployers that are public bodies)",
        source=_SOURCE,
        columns=(
            _ID,
            Column("AI system", fill=lambda use, head: use.tool_name or use.title),
            Column("1. Deployer: name, address, contact", fill=_us, is_required=True),
            Column("2. Submitted on behalf of the deployer by", is_required=True),
            Column("3. URL of the provider's entry in the EU database", is_required=True),
            Column("4. Findings of the fundamental rights impact assessment", is_required=True),
            Column("5. Data protection impact assessment, in brief"),
        ),
    ),
)
