"""What a scan finds by words: people, what is said of them, markings and code."""

from __future__ import annotations

import pytest

from caio_mcp.core.detectors.finding import Confidence
from caio_mcp.scanning import scan_text


def found(
    text: str, kind: str = "PERSON", least: Confidence = "medium", field: str = ""
) -> list[str]:
    return [f.value for f in scan_text(text, least, field).at_least(least) if f.type == kind]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We met Katrin Obermüller at the fair.", "Katrin Obermüller"),
        ("Yesterday Pieter van der Linden called.", "Pieter van der Linden"),
        ("signed by Maureen O'Shaughnessy", "Maureen O'Shaughnessy"),
        ("Sehr geehrter Herr Krautwurst,", "Krautwurst"),
        ("Please ask Dr. Zwetkoff about it.", "Zwetkoff"),
        ("Dear Melanie,\nthank you", "Melanie"),
        ("Best regards,\nGiuseppe", "Giuseppe"),
        ("Mme Delacourt-Rivière a appelé", "Delacourt-Rivière"),
        ("my name is Qerim Shehu.", "Qerim Shehu"),
        ("Patient: katarzyna wrona", "katarzyna wrona"),
        ("Name: KOWALCZYK, AGNIESZKA", "KOWALCZYK, AGNIESZKA"),
        ("Thompson, Deborah\n", "Thompson, Deborah"),
        ("hi, this is about deborah thompson and her order", "deborah thompson"),
        ("Ich habe mit Mark Thompson gesprochen.", "Mark Thompson"),
    ],
)
def test_a_name_of_a_person_is_found_where_it_is_meant_as_one(text: str, name: str) -> None:
    assert found(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Meet me in Washington Street, next to Victoria Station.",
        "Morgan Stanley and Johnson & Johnson rose.",
        "Will May be better than April? Mark Your Calendar, Grace Period included.",
        "Grant of Copyright License. Page Rank. Paris Agreement.",
        "The Jordan River and the Georgia Institute of Technology",
        "import Foo; Dict[str, Any] = field(default_factory=Dict)",
        "Rue Victor Hugo, Via Giuseppe Verdi, Calle Antonio Machado",
        "Beautiful is better than ugly. Explicit is better than implicit.",
        "mark twice and rose once, bill the client",
    ],
)
def test_a_place_a_company_or_a_word_is_not_taken_for_a_person(text: str) -> None:
    assert found(text) == []


def test_a_first_name_alone_is_only_a_possibility() -> None:
    text = "The colour of Melanie is blue."
    assert found(text) == []
    assert found(text, least="low") == ["Melanie"]


def test_a_first_name_is_sure_where_the_whole_name_stands_elsewhere() -> None:
    text = "Deborah Thompson runs it.\nIt is what Deborah decides."
    assert "Deborah" in found(text)


def test_values_under_a_name_are_names() -> None:
    assert found("Qerim", field="vorname") == ["Qerim"]
    assert found("Katrin Obermüller", field="customer_name") == ["Katrin Obermüller"]
    assert found("Intel Xeon", field="file_name") == []
    assert found("Widget Large", field="name") == []


# -- what is said of a person ---------------------------------------------------------------


def types(text: str, least: Confidence = "medium", field: str = "") -> set[str]:
    return {f.type for f in scan_text(text, least, field).at_least(least)} - {"PERSON"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Deborah Thompson was diagnosed with bipolar disorder.", "DIAGNOSIS"),
        ("Frau Krautwurst ist seit Mai krankgeschrieben.", "DIAGNOSIS"),
        ("Pani Wrona choruje na cukrzycę", "DIAGNOSIS"),
        ("The patient takes sertraline.", "DRUG"),
        ("Befund von Thomas Obermann, ICD-10: F33.1", "ICD10_CODE"),
        ("Monsieur Delacourt est de confession juive", "RELIGION"),
        ("Katrin Obermüller ist Gewerkschaftsmitglied", "TRADE_UNION"),
        ("Giuseppe Lombardi è iscritto al partito", "POLITICAL"),
        ("Deborah Thompson came out as bisexual", "SEXUAL_ORIENTATION"),
        ("Thomas Obermann hat türkischer Herkunft angegeben", "ETHNICITY"),
        ("fingerprints of Deborah Thompson", "BIOMETRIC"),
        ("Deborah Thompson carries a BRCA1 mutation", "GENETIC"),
        ("La señora Quiroga fue condenada por fraude", "CRIMINAL_RECORD"),
        ("Fuehrungszeugnis von Thomas Obermann", "CRIMINAL_RECORD"),
        ("Emil Krautwurst, aged 7, is in the second group", "CHILD"),
        ("Thomas Obermann hat eine Abmahnung bekommen", "PERFORMANCE"),
    ],
)
def test_what_is_said_of_a_person_is_found(text: str, kind: str) -> None:
    assert kind in types(text)


@pytest.mark.parametrize(
    "text",
    [
        "Diabetes and asthma are common; metformin and salbutamol are cheap.",
        "Any employee on sick leave must notify the office.",
        "The Catholic school, the Muslim quarter and a criminal record.",
        "Trade union membership is a special category of data.",
        "Room F32.1, paper A10, flight B52",
    ],
)
def test_a_term_that_is_said_of_nobody_is_only_a_possibility(text: str) -> None:
    assert types(text) == set()
    assert all(f.confidence == "low" for f in scan_text(text, "low").findings)


def test_one_general_word_is_nothing_even_beside_a_person() -> None:
    text = "Deborah Thompson likes the party, the church, her health and the union."
    assert types(text, "low") == set()


def test_a_grown_up_is_no_child() -> None:
    assert types("Emil Krautwurst, aged 37, lives here") == set()


def test_the_name_of_a_column_says_that_its_terms_are_of_people() -> None:
    assert types("asthma\ndiabetes", field="diagnosis") == {"DIAGNOSIS"}
    assert types("asthma\ndiabetes", field="topic") == set()
