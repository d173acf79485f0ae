"""What a scan finds by words: people, what is said of them, markings and code."""

from __future__ import annotations

import time

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
        ("Patient: Deborah Thompson was seen today by the nurse on call", "Deborah Thompson"),
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


# -- markings of documents --------------------------------------------------------------------

BODY = "\n".join(f"The plan has a part {n} that says what is done then." for n in range(20))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"STRICTLY CONFIDENTIAL\n\n{BODY}", "CONFIDENTIAL_MARKING"),
        (f"{BODY}\n\nACME Corp — CONFIDENTIAL — page 3 of 9\n", "CONFIDENTIAL_MARKING"),
        (f"Einstufung: vertraulich\n{BODY}", "CONFIDENTIAL_MARKING"),
        ("This document is strictly confidential.", "CONFIDENTIAL_MARKING"),
        (f"For internal use only\n{BODY}", "INTERNAL_ONLY"),
        (f"{BODY}\n\nNur für den internen Gebrauch", "INTERNAL_ONLY"),
        (f"PRIVILEGED AND CONFIDENTIAL\nATTORNEY-CLIENT COMMUNICATION\n{BODY}", "PRIVILEGED"),
        (f"Vertrauliche Anwaltskorrespondenz\n{BODY}", "PRIVILEGED"),
        (f"CONTAINS INSIDE INFORMATION\n{BODY}", "MNPI"),
        ("The cipher is classified as ECCN 5D002.", "EXPORT_CONTROL"),
        (f"ITAR CONTROLLED TECHNICAL DATA\n{BODY}", "EXPORT_CONTROL"),
        (f"TOP SECRET//SI//NOFORN\n{BODY}", "CLASSIFIED"),
        ("(S//NF) The convoy leaves at dawn.", "CLASSIFIED"),
        (f"VS-NfD\n{BODY}", "CLASSIFIED"),
        ("TLP:AMBER indicators for members", "TLP"),
        ("These slides were shared with us under our NDA.", "NDA"),
    ],
)
def test_a_marking_is_found_where_it_marks_the_document(text: str, kind: str) -> None:
    assert kind in types(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY}\nWe treat what you tell us as strictly confidential and internal.\n{BODY}",
        "Public\nInternal\nConfidential\nStrictly confidential\n",
        'LEVELS = ("CONFIDENTIAL", "SECRET")\nCONFIDENTIAL = 3\n',
        f"{BODY}\nPassword and secret are not the same, and neither is private.\n{BODY}",
        f"{BODY}\nSign a non-disclosure agreement before you visit the plant with us.\n{BODY}",
        "TLP:CLEAR and TLP:GREEN may be shared",
    ],
)
def test_a_marking_that_is_only_said_marks_nothing(text: str) -> None:
    assert types(text) == set()


# -- source code ------------------------------------------------------------------------------

CODE = """import ledger
from ledger.book import Book

class Booking(Book):
    def __init__(self, amount):
        self.amount = amount

    def post(self, book):
        if self.amount > 0:
            book.add(self.amount)
        return book
"""
GO = """package ledger

import "fmt"

type Booking struct {
    amount int
}

func (b *Booking) Post(book *Book) error {
    if b.amount > 0 {
        return book.Add(b.amount)
    }
    return nil
}

func main() {
    fmt.Println("posted")
}
"""


@pytest.mark.parametrize("code", [CODE, GO])
def test_code_that_says_whose_it_is_is_source_code_and_other_may_be_anybodys(code: str) -> None:
    closed = f"// Copyright Acme. Proprietary and confidential.\n{code}"
    assert "SOURCE_CODE" in types(closed)
    assert types(code) == set()
    assert types(code, "low") == {"SOURCE_CODE"}
    assert types(f"Why does this fail?\n\n```\n{code}```\nThanks", "low") == {"SOURCE_CODE"}


def test_prose_and_data_are_no_source_code() -> None:
    assert "SOURCE_CODE" not in types(BODY, "low")
    assert "SOURCE_CODE" not in types('{\n"a": 1,\n"b": {\n"c": 2\n}\n}\n' * 9, "low")
    assert "SOURCE_CODE" not in types("Use `import x` and then call it.", "low")


@pytest.mark.parametrize(
    "text",
    [
        "see https://wiki.prod.corp/page",
        "ssh build-7.fra.internal",
        "the database is at db-03.fra.intranet:5432",
    ],
)
def test_a_host_inside_of_an_organisation_is_found(text: str) -> None:
    assert types(text) == {"INTERNAL_HOST"}


@pytest.mark.parametrize(
    "text",
    [
        "import jdk.internal.misc.Unsafe;",
        "http://host.docker.internal:8080",
        "edit settings.local.php",
        "https://www.example.com/internal",
    ],
)
def test_what_only_looks_like_an_internal_host_is_none(text: str) -> None:
    assert "INTERNAL_HOST" not in types(text)


def test_names_in_code_are_its_authors_but_settings_are_no_code() -> None:
    assert found(f"# Written by Deborah Thompson\n{CODE}") == []
    settings = "\n".join(f"customer_{n} = Deborah Thompson" for n in range(20))
    assert set(found(settings)) == {"Deborah Thompson"}


@pytest.mark.parametrize("part", ["Aa ", "asthmatic{n} ", "Deborah{n} "])
def test_no_row_of_words_takes_longer_than_other_text(part: str) -> None:
    def seconds(count: int) -> float:
        """The least disturbed of three."""
        text = "".join(part.format(n=n) for n in range(count))
        taken = []
        for _ in range(3):
            start = time.process_time()
            scan_text(text)
            taken.append(time.process_time() - start)
        return min(taken)

    seconds(100)
    # four times as much takes four times as long; if each word were held against all, sixteen
    assert seconds(40_000) < 12 * max(seconds(10_000), 0.02)
