"""The US federal inventory of 2024 (OMB M-24-10): 62 columns, read and not written any more.

Names: the questions of the consolidated file of 2024-12-16, of which ten are `If Other, please
explain.`, and the short numbered names of its first version (`16_dev_stage`). What its answers
mean in the words of 2025 is lossy in places, so the words are kept beside every value.
"""

from __future__ import annotations

from ..format import Column, Format
from .omb_2025 import DEMOGRAPHIC

_WAIVED = {
    "Agency CAIO has waived this minimum practice and reported such waiver to OMB": "waived",
}
_ANSWER = {"Yes": "yes", "No": "no"}
_PRACTICE = {**_ANSWER, "Planned or in-progress": "in_progress", **_WAIVED}

_TOPIC = {
    "Diplomacy & Trade": "diplomacy_and_trade",
    "Education & Workforce": "education",
    "Emergency Management": "emergency_management",
    "Energy & the Environment": "energy_and_environment",
    "Government Services (includes Benefits and Service Delivery)": "government_services",
    "Government Services": "government_services",
    "Health & Medical": "health",
    "Law & Justice": "law_enforcement",
    "Mission-Enabling": "mission_enabling",
    "Mission-Enabling (internal agency support)": "mission_enabling",
    "Science & Space": "science",
    "Transportation": "transportation",
    "Other": "other",
}
_STAGE = {
    "Initiated": "planned",
    "Initiation": "planned",
    "Ideation": "planned",
    "Acquisition and/or Development": "development",
    "Implementation and Assessment": "pilot",
    "Operation and Maintenance": "deployed",
    "In production": "deployed",
    "In mission": "deployed",
    "Retired": "retired",
}
_IMPACT = {
    "Rights-Impacting": "high",
    "Safety-Impacting": "high",
    "Both": "high",
    "Neither": "not_high",
}
_VENDOR_USE = {
    "Developed with contracting resources": "vendor",
    "Developed in-house": "in_house",
    "Developed with both contracting and in-house resources": "both",
}
_TESTING = {
    **_PRACTICE,
    "Performance evaluation in operational environment": "yes",
    "Impact evaluation in operational environment": "yes",
    "No testing": "no",
}
_REVIEW = {
    **_WAIVED,
    "Yes - by another appropriate agency office or reviewer not directly involved in the AI's "
    "development": "internal",
    "Yes - by an agency AI oversight board not directly involved in the AI's development": (
        "oversight_board"
    ),
    "Yes - by the CAIO": "caio",
    "Planned or in-progress": "in_progress",
    "No": "no",
}
_MONITORING = {
    **_WAIVED,
    "Intermittent and Manually Updated": "established",
    "Automated and Regularly Scheduled Updates": "established",
    "Established Process of Machine Learning Operations": "established",
    "Planned or in-progress": "in_progress",
    "No monitoring protocols have been established": "no",
}
_APPEAL = {
    **_WAIVED,
    "Yes": "established",
    "Yes, an appropriate appeal process has been established": "established",
    "Planned or in-progress": "in_progress",
    "No": "no",
    "No - Law, operational limitations, or governmentwide guidance precludes an opportunity for "
    "an individual to appeal": "precluded_by_law",
    "Not applicable": "not_applicable",
}
_CONSULTATION = {
    **_WAIVED,
    "Direct user testing": "usability_testing",
    "Direct usability testing": "usability_testing",
    "General solicitations of feedback and comments from the public": "public_feedback",
    "Post-transaction customer feedback": "public_feedback",
    "Public hearings or meetings": "public_hearings",
    "Planned or in-progress": "in_progress",
    "Other": "other",
}

_COLUMNS = (
    Column("Use Case Name", ("2_use_case_name",), core="title", is_required=True),
    Column("Agency", ("3_agency",), attribute="agency_name"),
    Column("Agency Abbreviation", ("3_abr",), attribute="agency", is_telling=True),
    Column("Bureau", ("4_bureau",), attribute="bureau"),
    Column("Use Case Topic Area", ("8_topic_area",), attribute="topic", words=_TOPIC),
    Column("Other (Use Case Topic Area)"),
    Column(
        "Is the AI use case found in the below list of general commercial AI products and "
        "services?",
        ("10_commercial_ai",),
        is_telling=True,
    ),
    Column(
        "What is the intended purpose and expected benefits of the AI?",
        ("11_purpose_benefits",),
        core="purpose",
        is_telling=True,
    ),
    Column("Describe the AI system's outputs.", ("12_outputs",)),
    Column("Stage of Development", ("16_dev_stage",), attribute="stage", words=_STAGE),
    Column(
        "Is the AI use case rights-impacting, safety-impacting, both, or neither?",
        ("17_impact_type",),
        attribute="impact",
        words=_IMPACT,
        is_telling=True,
    ),
    Column("Date Initiated", ("18_date_initiated",), date="initiated", is_telling=True),
    Column(
        "Date when Acquisition and/or Development began",
        ("19_date_acq_dev_began",),
        date="development_began",
        is_telling=True,
    ),
    Column("Date Implemented", ("20_date_implemented",), date="operational"),
    Column("Date Retired", ("21_date_retired",), date="retired"),
    Column(
        "Was the AI system involved in this use case developed (or is it to be developed) under "
        "contract(s) or in-house?",
        ("22_dev_method",),
        attribute="vendor_use",
        words=_VENDOR_USE,
        is_telling=True,
    ),
    Column(
        "Provide the Procurement Instrument Identifier(s) (PIID) of the contract(s) used.",
        ("23_contract_piids",),
        is_telling=True,
    ),
    Column(
        "Is this AI use case supporting a High-Impact Service Provider (HISP) public-facing "
        "service?",
        ("24_hisp_support",),
        is_telling=True,
    ),
    Column("Which HISP is the AI use case supporting?", ("25_hisp_name",), is_telling=True),
    Column(
        "Which public-facing service is the AI use case supporting?",
        ("26_public_service",),
        is_telling=True,
    ),
    Column(
        "Does this AI use case disseminate information to the public?",
        ("27_public_info",),
        is_telling=True,
    ),
    Column(
        "How is the agency ensuring compliance with Information Quality Act guidelines, if "
        "applicable?",
        ("28_iqa_compliance",),
        is_telling=True,
    ),
    Column(
        "Does this AI use case involve personally identifiable information (PII) that is "
        "maintained by the agency?",
        ("29_contains_pii",),
        attribute="pii",
        words=_ANSWER,
    ),
    Column(
        "Has the Senior Agency Official for Privacy (SAOP) assessed the privacy risks associated "
        "with this AI use case?",
        ("30_saop_review",),
        attribute="privacy_reviewed",
        words=_ANSWER,
        is_telling=True,
    ),
    Column(
        "Do you have access to an enterprise data catalog or agency-wide data repository that "
        "enables you to identify whether or not the necessary datasets exist and are ready to "
        "develop your use case?",
        ("31_data_catalog",),
        is_telling=True,
    ),
    Column("If Other, please explain."),
    Column(
        "Describe any agency-owned data used to train, fine-tune, and/or evaluate performance of "
        "the model(s) used in this use case.",
        ("33_agency_data",),
    ),
    Column(
        "Is there available documentation for the model training and evaluation data that "
        "demonstrates the degree to which it is appropriate to be used in analysis or for making "
        "predictions?",
        ("34_data_docs",),
        is_telling=True,
    ),
    Column(
        "Which, if any, demographic variables does the AI use case explicitly use as model "
        "features?",
        ("35_demo_features",),
        attribute="demographic_features",
        words=DEMOGRAPHIC,
    ),
    Column(
        "Does this project include custom-developed code?",
        ("37_custom_code",),
        attribute="custom_code",
        words=_ANSWER,
    ),
    Column(
        "Does the agency have access to the code associated with the AI use case?",
        ("38_code_access",),
        is_telling=True,
    ),
    Column(
        "If the code is open-source, provide the link for the publicly available source code.",
        ("39_code_link",),
        attribute="open_source",
    ),
    Column(
        "Does this AI use case have an associated Authority to Operate (ATO) for an AI system?",
        ("40_has_ato",),
        attribute="authority_to_operate",
        words=_ANSWER,
        is_telling=True,
    ),
    Column("System Name", ("41_system_name",)),
    Column(
        "How long have you waited for the necessary developer tools to implement the AI use case?",
        ("42_dev_tools_wait",),
        is_telling=True,
    ),
    Column(
        "For this AI use case, is the required IT infrastructure provisioned via a centralized "
        "intake form or process inside the agency?",
        ("43_infra_provisioned",),
        is_telling=True,
    ),
    Column(
        "Do you have a process in place to request access to computing resources for model "
        "training and development of the AI involved in this use case?",
        ("45_compute_request",),
        is_telling=True,
    ),
    Column(
        "Has communication regarding the provisioning of your requested resources been timely?",
        ("47_timely_resources",),
        is_telling=True,
    ),
    Column(
        "How are existing data science tools, libraries, data products, and internally-developed "
        "AI infrastructure being re-used for the current AI use case?",
        ("49_existing_reuse",),
        is_telling=True,
    ),
    Column(
        "Has information regarding the AI use case, including performance metrics and intended "
        "use of the model, been made available for review and feedback within the agency?",
        ("50_internal_review",),
        is_telling=True,
    ),
    Column(
        "Has your agency requested an extension to implement the minimum risk management "
        "practices for this AI use case?",
        ("51_extension_request",),
        attribute="extension_requested",
        words=_ANSWER,
        is_telling=True,
    ),
    Column(
        "Has an AI impact assessment been conducted for this AI use case?",
        ("52_impact_assessment",),
        attribute="impact_assessment",
        words=_PRACTICE,
        is_telling=True,
    ),
    Column(
        "Has the AI use case been tested in operational or real-world environments to understand "
        "the performance and impact it may have on affected individuals or communities?",
        ("53_real_world_testing",),
        attribute="testing",
        words=_TESTING,
        is_telling=True,
    ),
    Column(
        "What are the key risks from using the AI for this particular use case and how were they "
        "identified?",
        ("54_key_risks",),
        attribute="risks_described",
        is_telling=True,
    ),
    Column(
        "Has an independent evaluation of the AI use case been conducted?",
        ("55_independent_eval",),
        attribute="independent_review",
        words=_REVIEW,
        is_telling=True,
    ),
    Column(
        "Is there a process to monitor performance of the AI system's functionality and changes "
        "to its impact on rights or safety as part of the post-deployment plan for the AI use "
        "case?",
        ("56_monitor_postdeploy",),
        attribute="monitoring",
        words=_MONITORING,
        is_telling=True,
    ),
    Column(
        "For this particular use case, can the AI carry out a decision or action without direct "
        "human involvement that could result in a significant impact on rights or safety?",
        ("57_autonomous_impact",),
        is_telling=True,
    ),
    Column(
        "How is the agency providing reasonable and timely notice regarding the use of AI when "
        "people interact with an AI-enabled service as a result of this AI use case?",
        ("59_ai_notice",),
        is_telling=True,
    ),
    Column(
        "Is the AI used to significantly influence or inform decisions or actions that could have "
        "an adverse or negative impact on specific individuals or groups?",
        ("61_adverse_impact",),
        is_telling=True,
    ),
    Column(
        "What steps has the agency taken to detect and mitigate significant disparities in the "
        "model's performance across demographic groups for this AI use case?",
        ("62_disparity_mitigation",),
        is_telling=True,
    ),
    Column(
        "What steps has the agency taken to consult and incorporate feedback from groups affected "
        "by this AI use case?",
        ("63_stakeholder_consult",),
        attribute="consultation",
        words=_CONSULTATION,
        is_telling=True,
    ),
    Column(
        "Is there an established fallback and escalation process for this AI use case in the event "
        "that an impacted individual or group would like to appeal or contest the AI system's "
        "outcome?",
        ("65_appeal_process",),
        attribute="appeal",
        words=_APPEAL,
        is_telling=True,
    ),
    Column("If No, please explain.", ("66_no_appeal_reason",)),
    Column(
        "Where practicable and consistent with applicable law and governmentwide policy, is there "
        "an established mechanism for individuals to opt-out from the AI functionality in favor "
        "of a human alternative?",
        ("67_opt_out",),
        is_telling=True,
    ),
)

FORMATS = (
    Format(
        name="omb-2024",
        title="US federal AI use case inventory 2024 (OMB M-24-10)",
        source="https://github.com/ombegov/2024-Federal-AI-Use-Case-Inventory",
        columns=_COLUMNS,
        is_read=True,
        is_written=False,
        day_first=False,
    ),
)
