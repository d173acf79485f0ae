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
