"""The US federal inventory of 2025 (OMB M-25-21): 36 columns, and the headers of the form.

Names and options: the data dictionary that OMB published with the consolidated inventory of
2026-04-14 (ombegov/2025-Federal-Agency-AI-Use-Case-Inventory). The words of the consolidated
file and the long options of the form that agencies filled in are both understood; the first
word for a value is the one that is written.
"""

from __future__ import annotations

from ..format import Column, Format
from ..uses import ExportedUse, ExportHead

_WAIVED = {"CAIO Waived": "waived"}
_PRACTICE = {"Yes": "yes", "In-progress": "in_progress", "No": "no", **_WAIVED}
_ANSWER = {"Yes": "yes", "No": "no"}

STAGE = {
    "Pre-deployment": "development",
    "Pilot": "pilot",
    "Deployed": "deployed",
    "Retired": "retired",
    "Acquisition and/or Development": "development",  # the words of the year before
    "Operation and Maintenance": "deployed",
}
IMPACT = {
    "High-impact": "high",
    "Presumed High-Impact, but Not High-impact": "presumed_high_but_not",
    "Not High-impact": "not_high",
    "Presumed high-impact, but determined not high impact": "presumed_high_but_not",
    "Presumed high-impact but determined not high-impact": "presumed_high_but_not",
    "Presumed high-impact, but determined not high-impact": "presumed_high_but_not",
    "High impact": "high",
    "Not high impact": "not_high",
}
TOPIC = {
    "Admin Functions": "administration",
    "Benefits Processing": "benefits",
    "Cybersecurity": "cybersecurity",
    "Emergency Mgmt": "emergency_management",
    "Energy and Environment": "energy_and_environment",
    "Health and Medical": "health",
    "HR": "human_resources",
    "IT": "information_technology",
    "International Affairs": "international_affairs",
    "Law Enforcement": "law_enforcement",
    "Other": "other",
    "Procurement and Finance Mgmt": "procurement_and_finance",
    "Science": "science",
    "Service Delivery": "service_delivery",
    "Transportation": "transportation",
    "Administrative Functions": "administration",
    "Government Benefits Processing": "benefits",
    "Emergency Management": "emergency_management",
    "Energy and the Environment": "energy_and_environment",
    "Energy & the Environment": "energy_and_environment",
    "Health & Medical": "health",
    "Human Resources": "human_resources",
    "Information Technology": "information_technology",
    "Procurement and Financial Management": "procurement_and_finance",
    "Procurement & Financial Management": "procurement_and_finance",
}
CLASSIFICATION = {
    "Agentic AI": "agentic",
    "Classical ML": "classical_ml",
    "Computer Vision": "computer_vision",
    "Generative AI": "generative",
    "NLP": "nlp",
    "Other": "other",
    "Reinforcement Learning": "reinforcement_learning",
    "Agentic-AI": "agentic",
    "Classical/Predictive Machine Learning": "classical_ml",
    "Natural Language Processing": "nlp",
    "Natural Language Processing (NLP)": "nlp",
}
VENDOR_USE = {
    "Vendor Purchased": "vendor",
    "In-house Development": "in_house",
    "Contracting and In House": "both",
    "Purchased from a vendor": "vendor",
    "Developed in-house": "in_house",
    "Developed in house": "in_house",
    "In-house": "in_house",
    "Vendor": "vendor",
    "In-house & Contractor": "both",
    "Developed with contracting resources": "vendor",
    "Exclusively developed with contract/external resources": "vendor",
    "No contract/external resources used in development": "in_house",
    "Developed with a combination of in-house and contract/external resources": "both",
    "Developed with both contracting and in-house resources": "both",
}
DEMOGRAPHIC = {
    "a) Race/Ethnicity": "race_ethnicity",
    "b) Sex": "sex",
    "c) Age": "age",
    "d) Religious Affiliation": "religion",
    "e) Socioeconomic Status": "socioeconomic_status",
    "f) Ability Status": "ability",
    "g) Residency Status": "residency",
    "h) Marital Status": "marital_status",
    "i) Income": "income",
    "j) Employment Status": "employment",
    "k) None of the above": "not_used",
    "l) Other": "other",
    "Sex/Gender": "sex",
    "None": "not_used",
}
CONSULTATION = {
    "Usability Testing": "usability_testing",
    "Public Feedback Solicitations": "public_feedback",
    "Public Hearings": "public_hearings",
    "Other": "other",
    "In-progress": "in_progress",
    **_WAIVED,
    "Direct usability testing": "usability_testing",
    "General solicitations of feedback and comments from the public": "public_feedback",
    "General solicitations of comments from the public": "public_feedback",
    "Public hearings or meetings": "public_hearings",
}
REVIEW = {
    "Internal Independent Review": "internal",
    "Oversight Board Review": "oversight_board",
    "CAIO Review": "caio",
    "In-progress": "in_progress",
    "No": "no",
    **_WAIVED,
    "Yes - by another appropriate agency office or reviewer not directly involved in the AI's "
    "development": "internal",
    "Yes - by an agency AI oversight board not directly involved in the AI's development": (
        "oversight_board"
    ),
    "Yes - by the CAIO": "caio",
}
MONITORING = {
    "Yes - Monitoring Established": "established",
    "In-progress": "in_progress",
    "No": "no",
    **_WAIVED,
    "Yes, sufficient monitoring protocols have been established": "established",
    "Development of monitoring protocols is in-progress": "in_progress",
    "Development of monitoring protocols is in-progess": "in_progress",  # the form's own spelling
}
TRAINING = {
    "Training Established": "established",
    "Training In-progress": "in_progress",
    **_WAIVED,
    "Yes, sufficient and periodic training has been established": "established",
    "Establishment of sufficient and periodic training is in-progress": "in_progress",
}
FAILSAFE = {
    "Yes": "yes",
    "In-progress": "in_progress",
    "No": "no",
    "Not Applicable": "not_applicable",
    **_WAIVED,
}
APPEAL = {
    "Appeal Process Established": "established",
    "Appeal Process In-progress": "in_progress",
    "Appeal Precluded by Law": "precluded_by_law",
    "No": "no",
    "Not Applicable": "not_applicable",
    **_WAIVED,
    "Yes, an appropriate appeal process has been established": "established",
    "Establishment of an appropriate appeal process is in-progress": "in_progress",
    "Law, operational limitations, or governmentwide guidance precludes an opportunity for an "
    "individual to appeal": "precluded_by_law",
}


def _agency(use: ExportedUse, head: ExportHead) -> str:
    return use.first("agency") or head.organisation


def _benefit(use: ExportedUse, head: ExportHead) -> str:
    return use.benefit


def _vendor(use: ExportedUse, head: ExportHead) -> str:
    return use.first("vendor") or use.vendor


_COLUMNS = (
    Column("agency", attribute="agency", fill=_agency, is_required=True),
    Column("agency_name", attribute="agency_name"),
    Column("id", ("Use Case ID [Agency Abbrev.] - [#]", "Use Case ID"), core="id"),
    Column("use_case_name", ("Use Case Name", "AI Use Case Name"), core="title", is_required=True),
    Column(
        "agency_bureau",
        ("Bureau/Component", "Bureau / Department", "Bureau"),
        attribute="bureau",
        fill=lambda use, head: use.first("bureau") or use.unit,
        is_required=True,
    ),
    Column(
        "contact_email",
        ("Email Address", "Contact Email Address"),
        core="contact",
        is_required=True,
        is_personal=True,
    ),
    Column(
        "is_withheld",
        ("Should this AI use case be withheld from public reporting?",),
        attribute="withheld",
        words={
            "No": "no",
            "Yes - Disclosure Risk": "disclosure_risk",
            "Yes - Prohibited by Law": "prohibited_by_law",
            "Other": "other",
            "Yes - agency has determined that there's a risk to disclosure, such as a harm to an "
            "interest protected by a FOIA exemption": "disclosure_risk",
            "Yes - disclosure is prohibited by law": "prohibited_by_law",
        },
        is_required=True,
        is_telling=True,
    ),
    Column(
        "development_stage",
        ("Stage of Development",),
        attribute="stage",
        words=STAGE,
        writes={"planned": "Pre-deployment"},
        is_required=True,
    ),
    Column(
        "is_high_impact",
        ("Is the AI use case high-impact?",),
        attribute="impact",
        words=IMPACT,
        is_required=True,
        is_telling=True,
    ),
    Column("HI_justification", ("Justification",), attribute="impact_justified"),
    Column("topic_area", ("Use Case Topic Area", "Topic Area"), attribute="topic", words=TOPIC),
    Column(
        "classification",
        ("AI Classification",),
        attribute="classification",
        words=CLASSIFICATION,
        is_required=True,
    ),
    Column(
        "problem_solved",
        ("What problem is the AI intended to solve?", "Problem to be Solved"),
        core="purpose",
        is_required=True,
        is_telling=True,
    ),
    Column(
        "benefits",
        (
            "What are the expected benefits and positive outcomes from the AI for an agency's "
            "mission and/or the general public?",
            "Expected Benefits",
        ),
        fill=_benefit,
        is_required=True,
    ),
    Column(
        "system_outputs",
        ("Describe the AI system's outputs.", "AI System Outputs"),
        is_required=True,
    ),
    Column(
        "operational_date",
        ("Date when AI use case became operational or the pilot's start date",),
        date="operational",
        is_telling=True,
    ),
    Column(
        "contracting_usage",
        (
            "Was the system involved in this use case purchased from a vendor or developed under "
            "contract(s) or in-house?",
        ),
        attribute="vendor_use",
        words=VENDOR_USE,
        is_telling=True,
    ),
    Column("vendor_name", ("Vendor(s) Name",), attribute="vendor", fill=_vendor),
    Column(
        "have_ato",
        ("Does this AI use case have an associated Authorization to Operate (ATO)?",),
        attribute="authority_to_operate",
        words=_ANSWER,
        is_telling=True,
    ),
    Column("system_name_ato", ("System(s) Name",), is_telling=True),
    Column(
        "data_description",
        (
            "Describe any data used to train, fine-tune, and/or evaluate performance of the "
            "model(s) used in this use case.",
        ),
    ),
    Column(
        "link_to_data",
        (
            "If the data is required to be publicly disclosed as an open government data asset, "
            "provide a link to the entry on the Federal Data Catalog.",
        ),
        attribute="open_data",
    ),
    Column(
        "has_pii",
        (
            "Does this AI use case involve personally identifiable information (PII) that is "
            "maintained by the agency?",
        ),
        attribute="pii",
        words=_ANSWER,
    ),
    Column(
        "pia_url",
        (
            "If publicly available, provide the link to the AI use case's associated Privacy "
            "Impact Assessment (PIA).",
        ),
        attribute="privacy_assessment",
        is_telling=True,
    ),
    Column(
        "demographic_features",
        (
            "Which, if any, demographic variables does the AI use case explicitly use as model "
            "features?",
        ),
        attribute="demographic_features",
        words=DEMOGRAPHIC,
        is_list=True,
    ),
    Column(
        "has_custom_code",
        ("Does this project include custom-developed code?",),
        attribute="custom_code",
        words=_ANSWER,
    ),
    Column(
        "code_url",
        ("If the code is open source, provide the link for the publicly available source code.",),
        attribute="open_source",
    ),
    Column(
        "hi_testing_conducted",
        (
            "Has pre-deployment testing been conducted for this AI use case? Practice: Complete "
            "AI Impact Assessment",
            "Has pre-deployment testing been conducted for this AI use case?",
        ),
        attribute="testing",
        words=_PRACTICE,
        is_telling=True,
    ),
    Column(
        "hi_assessment_completed",
        (
            "Has an AI impact assessment been completed for this AI use case? Practice: Complete "
            "AI Impact Assessment",
            "Has an AI impact assessment been completed for this AI use case?",
        ),
        attribute="impact_assessment",
        words=_PRACTICE,
        is_telling=True,
    ),
    Column(
        "hi_potential_impacts",
        (
            "What are the potential impacts of using the AI for this particular use case and how "
            "were they identified? Subpractice: Complete AI Impact Assessment",
        ),
    ),
    Column(
        "hi_independent_review",
        (
            "Has as independent review of the AI use case been conducted? Sub practice Complete "
            "AI Impact Assessment",
            "Has an independent review of the AI use case been conducted?",
        ),
        attribute="independent_review",
        words=REVIEW,
        is_telling=True,
    ),
    Column(
        "hi_ongoing_monitoring",
        (
            "Is there a process to conduct ongoing monitoring to identify any adverse impacts to "
            "the performance and security of the AI functionality, as well as to privacy, civil "
            "rights, and civil liberties?",
        ),
        attribute="monitoring",
        words=MONITORING,
        is_telling=True,
    ),
    Column(
        "hi_training_established",
        (
            "Has the agency established sufficient and periodic training for operators of the AI "
            "to interpret and act on the its output and managed associated risks?",
        ),
        attribute="training",
        words=TRAINING,
        is_telling=True,
    ),
    Column(
        "hi_failsafe_presence",
        (
            "Does this AI use case have an appropriate fail-safe that minimizes the risk of "
            "significant harm?",
        ),
        attribute="failsafe",
        words=FAILSAFE,
        is_telling=True,
    ),
    Column(
        "hi_appeal_process",
        (
            "Is there an established appeal process in the event that an impacted individual "
            "would like to appeal or contest the AI system's outcome?",
        ),
        attribute="appeal",
        words=APPEAL,
        is_telling=True,
    ),
    Column(
        "hi_public_consultation",
        (
            "What steps has the agency taken to consult and incorporate feedback from end users "
            "of this AI use case and the public?",
        ),
        attribute="consultation",
        words=CONSULTATION,
        is_list=True,
        is_telling=True,
    ),
)

FORMATS = (
    Format(
        name="omb-2025",
        title="US federal AI use case inventory 2025 (OMB M-25-21)",
        source="https://github.com/ombegov/2025-Federal-Agency-AI-Use-Case-Inventory",
        columns=_COLUMNS,
        is_read=True,
        day_first=False,  # US agencies write the month first
    ),
)
