"""Inventories of AI uses are read as they stand: nothing is guessed, and what is odd is said."""

from __future__ import annotations

import io
import json
import random
import sys
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caio_mcp.errors import CaioError, FileFaults, RequestError
from caio_mcp.inventory import (
    ATTRIBUTES,
    ColumnMapping,
    Identity,
    ImportedUse,
    Kind,
    Mapped,
    Precision,
    all_formats,
    find_known,
    parse_date,
    read_inventory,
    read_mapping,
    write_mapping,
)
from caio_mcp.inventory.words import recoder
from inventories import ANN, OMB_COLUMNS, OMB_ROWS, as_csv, as_json, count, omb_row, read


def workbook(
    rows: Sequence[Sequence[object]], *, title: str = "Inventory", first: str = ""
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if first:
        sheet.title = first
        sheet.append(["About this file"])
        sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# -- the questions of a CAIO -----------------------------------------------------------


def test_a_dirty_inventory_answers_by_its_attributes() -> None:
    uses = read(OMB_ROWS).uses
    high = ("impact=high", "stage=deployed")
    assert len(uses) == 6
    assert [count(uses, f"stage={one}") for one in ("development", "deployed", "retired")] == [
        1,
        3,
        1,
    ]
    assert count(uses, "stage=none") == 1
    assert count(uses, "impact=presumed_high_but_not", "impact_justified=yes") == 1
    assert count(uses, *high) == 3
    assert [count(uses, *high, f"testing={one}") for one in ("yes", "in_progress", "none")] == [
        1,
        1,
        1,
    ]
    assert count(uses, *high, "monitoring=established") == 1
    assert count(uses, *high, "independent_review=caio,oversight_board") == 2
    assert count(uses, *high, "pii=yes") == 2
    assert count(uses, *high, "pii=yes", "privacy_assessment=yes") == 1
    assert count(uses, "classification=agentic") == 1
    assert count(uses, "operational_year=2025") == 1


def test_blank_stays_blank_and_an_answer_of_its_own_is_other() -> None:
    uses = read(OMB_ROWS).uses
    assert "pii" not in uses[5].attributes
    assert uses[2].attributes["pii"] == ("other",)
    assert uses[2].originals["pii"] == "Depends on data sources analyzed"
    assert count(uses, "pii=none") == 1


def test_recoded_words_are_kept_beside_their_value() -> None:
    use = read(OMB_ROWS).uses[1]
    assert use.attributes["topic"] == ("other",)
    assert use.originals["topic"] == "Other \u2013 Economic & Financial"
    assert use.attributes["independent_review"] == ("oversight_board",)
    assert use.originals["independent_review"] == OMB_ROWS[1]["hi_independent_review"]
    assert use.attributes["testing"] == ("in_progress",)
    assert "testing" not in use.originals


def test_lists_written_as_text_are_lists() -> None:
    uses = read(OMB_ROWS).uses
    assert uses[0].attributes["demographic_features"] == ("age", "income")
    assert uses[0].attributes["consultation"] == ("public_feedback",)
    assert "consultation" not in uses[1].attributes


def test_a_use_is_proposed_until_somebody_decides_and_retired_where_it_says_so() -> None:
    assert [use.status for use in read(OMB_ROWS).uses] == [*["proposed"] * 4, "retired", "proposed"]


def test_free_text_and_addresses_never_become_attributes() -> None:
    row = omb_row(
        agency="DOX",
        use_case_name="A",
        agency_bureau="write to bob@dox.example",
        vendor_name="a long story " * 40,
    )
    use = read([row]).uses[0]
    assert use.attributes["bureau"] == ("other",)
    assert use.attributes["vendor"] == ("other",)
    every = {
        value for one in read(OMB_ROWS).uses for part in one.attributes.values() for value in part
    }
    assert not {value for value in every if "\n" in value or "@" in value or "Maria" in value}


def test_coded_attributes_hold_only_their_values() -> None:
    for use in read(OMB_ROWS).uses:
        for name, values in use.attributes.items():
            attribute = ATTRIBUTES[name]
            if attribute.kind is not Kind.OPEN:
                assert set(values) <= {*attribute.values, "other"}


def test_no_value_of_an_attribute_means_blank_in_a_filter() -> None:
    assert not [one for one in ATTRIBUTES.values() if {"none", "any"} & set(one.values)]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (
            "a) Pre-deployment \u2013 The use case is in a development or acquisition status.",
            "development",
        ),
        ("b)  b)  Pilot - The use case has been deployed in a limited test", "pilot"),
        ("DEPLOYED", "deployed"),
        ("Deployed (since last year)", "deployed"),
        ("Retired: replaced", "retired"),
        ("Deployment is what we hope for", "other"),
        ("Piloted", "other"),
    ],
)
def test_an_option_is_known_by_its_words_and_not_by_likeness(cell: str, value: str) -> None:
    row = omb_row(agency="A", use_case_name="B", development_stage=cell)
    assert read([row]).uses[0].attributes["stage"] == (value,)


# How OMB itself recoded the words of agencies when it put their files together, and what we make
# of those that it decided for them.
RECODED = [
    ("classification", "Classical/Predictive Machine Learning", "classical_ml"),
    ("classification", "Natural Language Processing (NLP)", "nlp"),
    ("classification", "Agentic-AI", "agentic"),
    (
        "classification",
        "Computer Vision - AI that interprets visual data (e.g.; images).",
        "computer_vision",
    ),
    ("classification", "AI-Enabled Application", "other"),
    ("classification", "Machine Learning", "other"),
    ("is_withheld", "a) No", "no"),
    ("development_stage", "c)  Deployed \u2013 The use case is being actively used", "deployed"),
    (
        "development_stage",
        "Pre-Deployment - The use case is in a development status",
        "development",
    ),
    ("development_stage", "c)  Deployed \u00f1 The use case is being actively used", "deployed"),
    ("development_stage", "Operation and Maintenance", "deployed"),
    ("development_stage", "Acquisition and/or Development", "development"),
    ("development_stage", "Initiated", "other"),
    ("contracting_usage", "a)\u00a0Purchased from a vendor", "vendor"),
    ("contracting_usage", "Developed in house", "in_house"),
    ("contracting_usage", "In-house & Contractor", "both"),
    ("contracting_usage", "No contract/external resources used in development.", "in_house"),
    ("topic_area", "Health & Medical", "health"),
    ("topic_area", "Procurement & Financial Management", "procurement_and_finance"),
    ("topic_area", "Cybersecurity Operations", "other"),
    ("topic_area", "Records Management", "other"),
    ("has_pii", "False", "no"),
    ("has_pii", "b) Yes", "yes"),
    ("has_pii", "Yes - Employee names and communications", "yes"),
    ("has_pii", "Depends on data sources analyzed", "other"),
    ("have_ato", "yes", "yes"),
    ("have_ato", "In-progress - ATO process underway", "in_progress"),
    ("have_ato", "Not Applicable", "not_applicable"),
    ("is_high_impact", "c) Not high-impact", "not_high"),
    (
        "is_high_impact",
        "b) Presumed high-impact but determined not high-impact",
        "presumed_high_but_not",
    ),
    ("hi_testing_conducted", "In-Progress", "in_progress"),
    (
        "hi_training_established",
        "a) Yes; sufficient and periodic training has been established",
        "established",
    ),
    ("hi_ongoing_monitoring", "Development of monitoring protocols is in-progess", "in_progress"),
    ("hi_failsafe_presence", "b) Not applicable", "not_applicable"),
    (
        "hi_appeal_process",
        "d) Law; operational limitations; or governmentwide guidance precludes an opportunity for "
        "an individual to appeal",
        "precluded_by_law",
    ),
    (
        "hi_independent_review",
        "Yes \u2013 by another appropriate agency office or reviewer not directly involved in the "
        "AI's development",
        "internal",
    ),
    (
        "hi_independent_review",
        "Agency CAIO has waived this minimum practice and reported such waiver to OMB",
        "waived",
    ),
    ("demographic_features", "None of the Above", "not_used"),
    ("demographic_features", "Sex/Gender, Age", "sex age"),
    ("demographic_features", "b) Sex c) Age", "sex age"),
    ("demographic_features", '["Race/Ethnicity","Income"]', "race_ethnicity income"),
    ("demographic_features", "Age and Sex", "other"),
    ("hi_public_consultation", "Other, Direct usability testing", "other usability_testing"),
    ("pia_url", "N/A", "not_applicable"),
    ("code_url", "https://github.com/a/b", "yes"),
]


@pytest.mark.parametrize(("column", "words", "values"), RECODED)
def test_the_words_of_agencies_become_values_or_other(column: str, words: str, values: str) -> None:
    row = omb_row(agency="A", use_case_name="B", **{column: words})
    known = all_formats()["omb-2025"].find(column)
    assert known is not None
    assert read([row]).uses[0].attributes[known.attribute] == tuple(values.split())


@pytest.mark.parametrize("name", sorted(all_formats()))
def test_each_format_reads_its_own_words_and_writes_what_it_reads(name: str) -> None:
    one = all_formats()[name]
    assert len(one.by_name) == sum(len(column.names) for column in one.columns)
    for column in one.columns:
        if not column.attribute:
            assert not column.words
            continue
        attribute = ATTRIBUTES[column.attribute]
        reader = recoder(column.attribute, column.words)
        for word, value in column.words.items():
            assert value in (*attribute.values, "other")
            assert reader.read(word).values == (value,)
            assert reader.read(column.word_for(value)).values == (value,)
        for value, word in column.writes.items():
            assert value in attribute.values
            assert reader.understands(word)


def test_two_answers_in_a_cell_are_two_values() -> None:
    row = omb_row(
        agency="A",
        use_case_name="B",
        classification="Generative AI; Natural Language Processing (NLP)",
        demographic_features="Age; Income",
        hi_training_established="Yes; sufficient and periodic training has been established",
    )
    attributes = read([{**row, "hi_public_consultation": "['Other: a survey']"}]).uses[0].attributes
    assert attributes["consultation"] == ("other",)
    assert attributes["classification"] == ("generative", "nlp")
    assert attributes["demographic_features"] == ("age", "income")
    assert attributes["training"] == ("established",)


# -- the report ------------------------------------------------------------------------


def test_the_report_says_what_was_found() -> None:
    report = read(OMB_ROWS).report
    assert (report.format, report.rows, report.columns) == ("omb-2025", 6, 36)
    assert (report.encoding, report.delimiter, report.header_line) == ("utf-8-sig", "comma", 1)
    assert (report.blank_ids, report.placeholder_ids) == (1, 1)
    assert (report.duplicate_ids, report.rows_with_duplicate_id) == (1, 2)
    assert (report.repeated_titles, report.rows_with_repeated_title) == (1, 2)
    dates = report.dates[0]
    assert dates.precisions == {"day": 2, "month": 1, "season": 1, "unknown": 1, "blank": 1}
    assert dates.unread_lines == (6,)
    assert json.loads(json.dumps(report.as_dict()))["rows"] == 6


def test_an_answer_in_the_wrong_column_is_named() -> None:
    reading = read(OMB_ROWS)
    misplaced = {
        (one.column, one.looks_like): (one.count, one.lines) for one in reading.report.misplaced
    }
    assert misplaced == {("hi_training_established", "hi_ongoing_monitoring"): (2, (2, 4))}
    assert reading.uses[0].attributes["training"] == ("other",)
    assert "hi_training_established: 2 like those of hi_ongoing_monitoring" in reading.report.text()


def test_recoded_and_not_understood_words_are_counted() -> None:
    report = read(OMB_ROWS).report
    recoded = {(one.column, one.words): (one.value, one.count) for one in report.recoded}
    assert recoded["development_stage", "Pre-deployment"] == ("development", 1)
    assert recoded["topic_area", "Other \u2013 Economic & Financial"] == ("other", 1)
    unknown = {(one.column, one.words): one.lines for one in report.not_understood}
    assert unknown["has_pii", "Depends on data sources analyzed"] == (5,)


def test_the_report_never_repeats_names_addresses_or_texts() -> None:
    rows = [
        *OMB_ROWS,
        omb_row(agency="A", use_case_name="B", has_pii="ask carl@dox.example", have_ato="x" * 90),
    ]
    report = read(rows).report
    told = report.text() + json.dumps(report.as_dict())
    for secret in ("Maria", "Lopez", ANN, "carl@", "xxxx", "Queues", "It draws"):
        assert secret not in told
    assert [one.lines for one in report.not_understood if one.words.startswith("(")]


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    rows = [omb_row(agency="A", id=str(number), use_case_name="B") for number in range(1_200)]
    content = as_csv(rows)
    read_inventory("a.csv", content, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (1_200, 1_200)
    assert len(told) > 2


# -- files -----------------------------------------------------------------------------


def same(left: tuple[ImportedUse, ...], right: tuple[ImportedUse, ...]) -> bool:
    return [(use.key, use.row, use.attributes) for use in left] == [
        (use.key, use.row, use.attributes) for use in right
    ]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize(
    ("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
def test_every_encoding_and_delimiter_gives_the_same_uses(
    encoding: str, said: str, delimiter: str, name: str
) -> None:
    content = as_csv(OMB_ROWS, encoding=encoding, delimiter=delimiter)
    reading = read_inventory("a.csv", content)
    assert same(reading.uses, read(OMB_ROWS).uses)
    assert (reading.report.encoding, reading.report.delimiter) == (said, name)


def test_lines_above_the_header_are_skipped_and_lines_are_those_of_the_file() -> None:
    above = 'AI inventory of DOX,,\r\n"as of\r\n2025",,\r\n\r\n'
    reading = read_inventory("a.csv", as_csv(OMB_ROWS, above=above))
    assert reading.report.header_line == 5
    assert [use.line for use in reading.uses] == [6, 8, 9, 10, 11, 12]
    assert same(reading.uses, read(OMB_ROWS).uses)


def test_a_row_of_headings_above_the_header_is_not_the_header() -> None:
    above = ",".join(f"Section {number % 5}" for number in range(36)) + "\r\n"
    reading = read_inventory("a.csv", as_csv(OMB_ROWS, above=above))
    assert reading.report.header_line == 2
    assert same(reading.uses, read(OMB_ROWS).uses)


def test_a_comma_in_every_row_is_no_separator_where_the_header_has_none() -> None:
    rows = "".join(f"use {number}, short;letters\n" for number in range(30))
    reading = read_inventory("a.csv", f"title;purpose\n{rows}".encode())
    assert reading.report.delimiter == "semicolon"
    assert reading.uses[0].title == "use 0, short"


def test_a_stated_separator_is_taken() -> None:
    content = b"sep=;\r\n" + as_csv(OMB_ROWS, delimiter=";", encoding="utf-8")
    reading = read_inventory("a.csv", content)
    assert same(reading.uses, read(OMB_ROWS).uses)
    assert reading.uses[0].line == 3


def test_ragged_rows_blank_and_repeated_headers_are_kept_and_said() -> None:
    text = (
        "use_case_name,is_high_impact,have_ato,is_withheld,,notes,notes\n"
        "A,High-impact,Yes,No,blank header,first,second,beyond\n"
        "B,Not High-impact\n"
        "\n"
        "Source: the agency\n"
    )
    reading = read_inventory("a.csv", text.encode())
    assert [use.title for use in reading.uses] == ["A", "B"]
    row = reading.uses[0].row
    assert (row["notes"], row["notes (2)"]) == ("first", "second")
    assert (row["(column 5)"], row["(column 8)"]) == ("blank header", "beyond")
    assert reading.uses[1].attributes == {"impact": ("not_high",)}
    notes = " / ".join(reading.report.notes)
    for what in ("shorter", "longer", "without a name", "name of another", "no row were skipped"):
        assert what in notes


def test_a_workbook_gives_the_same_uses_as_its_csv() -> None:
    rows: list[list[object]] = [["AI inventory"], [], list(OMB_COLUMNS)]
    rows += [[row[name] or None for name in OMB_COLUMNS] for row in OMB_ROWS[:5]]
    reading = read_inventory("a.xlsx", workbook(rows, first="Read me"))
    assert same(reading.uses, read(OMB_ROWS[:5]).uses)
    assert (reading.report.kind, reading.report.sheet) == ("xlsx", "Inventory")
    assert "sheet not read: 'Read me'" in reading.report.text()
    assert reading.uses[0].line == 4


def test_numbers_and_dates_of_a_workbook_are_texts() -> None:
    import datetime

    rows: list[list[object]] = [
        ["id", "use_case_name", "operational_date", "is_high_impact", "have_ato", "is_withheld"],
        [35, "A", datetime.datetime(2024, 10, 1), "High-impact", True, False],
        [35.5, "B", 45292, None, None, None],
    ]
    uses = read_inventory("a.xlsx", workbook(rows)).uses
    assert (uses[0].source_id, uses[1].source_id) == ("35", "35.5")
    assert uses[0].dates["operational"].iso == "2024-10-01"
    assert uses[1].dates["operational"].iso == "2024-01-01"
    assert uses[0].attributes["authority_to_operate"] == ("yes",)
    assert uses[0].attributes["withheld"] == ("no",)


def test_without_openpyxl_a_workbook_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(RequestError, match=r"caio-mcp\[xlsx\]"):
        read_inventory("a.xlsx", b"PK\x03\x04rest")


def test_openpyxl_is_not_loaded_for_other_files() -> None:
    import subprocess

    script = (
        "import sys; from caio_mcp.inventory import read_inventory, all_formats; all_formats();"
        "read_inventory('a.csv', b'title,purpose\\nA,B\\n'); sys.exit('openpyxl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_workbook_that_unpacks_too_far_or_declares_entities_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 310_000_000)
    with pytest.raises(RequestError, match="unpacks to"):
        read_inventory("a.xlsx", bomb.getvalue())
    entities = io.BytesIO()
    with zipfile.ZipFile(entities, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(RequestError, match="cannot be read"):
        read_inventory("a.xlsx", entities.getvalue())


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old or encrypted Excel file"),
        (b"", "is empty"),
        (b" \n\n ", "is empty"),
        (b"PK\x03\x04nothing", "cannot be read"),
        (b'[{"title": "A"}, 5]', "no object"),
        (b"[]", "an empty list"),
        (b'[{"title": "A"}', "not valid JSON"),
        (b'{"title": "A"}\n{"title": \n', "not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"colour,size\nred,5\n", "no column here is known"),
    ],
)
def test_what_is_no_inventory_is_refused_in_a_sentence(content: bytes, what: str) -> None:
    with pytest.raises(RequestError, match=what) as caught:
        read_inventory("given.file", content)
    assert "given.file" in str(caught.value)
    assert caught.value.remedy


def test_a_column_in_brackets_is_no_json() -> None:
    content = b"[title],purpose\nA,B\n"
    assert read_inventory("a.csv", content).uses[0].title == "A"


def test_a_quotation_mark_left_open_is_said() -> None:
    rows = "".join(f"use {number},x\n" for number in range(200))
    reading = read_inventory("a.csv", f'title,purpose\nA,"open\n{rows}'.encode())
    assert any("quotation mark" in note and "line 2" in note for note in reading.report.notes)


@pytest.mark.parametrize(
    "text", ["1." * 40, " " * 200_000 + "x", "a) " * 60_000, "['a'," * 20_000, "1/" * 100_000]
)
def test_no_text_is_read_for_ever(text: str) -> None:
    row = {**dict.fromkeys(OMB_COLUMNS, text), "use_case_name": "A", text.strip(): "header"}
    assert read([row]).uses[0].title == "A"


def test_more_columns_than_any_inventory_has_are_refused() -> None:
    with pytest.raises(RequestError, match=r"columns"):
        read_inventory("a.csv", ",".join(f"c{n}" for n in range(1_001)).encode() + b"\n1\n")
    with pytest.raises(RequestError, match=r"columns"):
        read_inventory("a.xlsx", workbook([[f"c{number}" for number in range(1_001)]]))


def test_json_is_read_as_a_list_in_an_object_and_by_lines() -> None:
    records = list(OMB_ROWS)
    lines = "\n".join(json.dumps(row) for row in records).encode()
    wanted = read(records).uses
    assert same(read_inventory("a.json", as_json(records)).uses, wanted)
    wrapped = json.dumps({"meta": {"n": 6}, "records": records}).encode()
    assert same(read_inventory("a.json", wrapped).uses, wanted)
    by_line = read_inventory("a.jsonl", lines)
    assert same(by_line.uses, wanted)
    assert [use.line for use in by_line.uses] == [1, 2, 3, 4, 5, 6]


def outcome(content: bytes) -> str:
    """What to do next where the bytes are refused; anything but a sentence is raised."""
    try:
        return f"{len(read_inventory('given', content).uses) + 1} read"
    except CaioError as error:
        return error.remedy


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_no_bytes_end_in_anything_but_a_reading_or_a_sentence(content: bytes) -> None:
    assert outcome(content)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_no_damaged_workbook_ends_in_anything_but_a_reading_or_a_sentence(
    seed: int, changes: int
) -> None:
    content = bytearray(WORKBOOK)
    chance = random.Random(seed)
    for _ in range(changes):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    assert outcome(bytes(content))


WORKBOOK = workbook(
    [list(row.values()) for row in (dict(zip(OMB_COLUMNS, OMB_COLUMNS, strict=True)), *OMB_ROWS)]
)


# -- formats ---------------------------------------------------------------------------


def test_the_form_that_agencies_filled_in_is_the_2025_inventory_too() -> None:
    row = {
        "Use Case ID  [Agency Abbrev.] \u2013 [#]": "DOX-9",
        "Use Case Name": "Gates",
        "Bureau/Component": "B",
        "Email Address": ANN,
        "Stage of Development": "b)  Pilot \u2013 The use case has been deployed in a limited "
        "test or pilot capacity.",
        "Is the AI use case high-impact?": "c) Not high-impact",
        "What problem is the AI intended to solve?": "Queues",
        "Does this AI use case have an associated Authorization to Operate (ATO)?": "False",
        "Has pre-deployment testing been conducted for this AI  use case?      Practice: "
        "Complete AI Impact Assessment": (
            "c) Agency CAIO has waived this minimum practice and reported such waiver to OMB"
        ),
    }
    reading = read([row])
    use = reading.uses[0]
    assert reading.report.format == "omb-2025"
    assert (use.source_id, use.title, use.contact, use.stage) == ("DOX-9", "Gates", ANN, "pilot")
    assert use.attributes["impact"] == ("not_high",)
    assert use.attributes["authority_to_operate"] == ("no",)
    assert use.attributes["testing"] == ("waived",)


@pytest.mark.parametrize("names", ["questions", "short"])
def test_the_2024_inventory_is_known_by_its_questions_and_by_its_short_names(names: str) -> None:
    columns = all_formats()["omb-2024"].columns
    at = 0 if names == "questions" else 1
    cells = {
        "2_use_case_name": "Imaging",
        "3_abr": "DHS",
        "4_bureau": "CBP",
        "11_purpose_benefits": "See through walls",
        "16_dev_stage": "Implementation and Assessment",
        "17_impact_type": "Rights-Impacting\n",
        "20_date_implemented": "7/1/2023",
        "22_dev_method": "Developed with contracting resources.",
        "52_impact_assessment": "Planned or in-progress.",
        "56_monitor_postdeploy": "Intermittent and Manually Updated: A plan is in place",
    }
    row = {
        ((column.name, *column.also)[at]): cells.get(column.also[0], "")
        for column in columns
        if column.also
    }
    reading = read([row])
    use = reading.uses[0]
    assert reading.report.format == "omb-2024"
    assert (use.title, use.unit, use.stage) == ("Imaging", "CBP", "pilot")
    assert use.dates["operational"].iso == "2023-07-01"
    assert use.attributes["agency"] == ("DHS",)
    assert use.attributes["impact"] == ("high",)
    assert use.originals["impact"] == "Rights-Impacting\n"
    assert use.attributes["vendor_use"] == ("vendor",)
    assert use.attributes["impact_assessment"] == ("in_progress",)
    assert use.attributes["monitoring"] == ("established",)


def test_an_atrs_record_is_known() -> None:
    row = {
        "title": "Triage",
        "organisation_name": "HMT",
        "phase": "Beta/Pilot",
        "tool_phase": "Production",
        "one_sentence_description": "Sorts letters.",
        "description": "Sorts letters, at length.",
        "contact_email": ANN,
        "senior_responsible_owner": "Pat Doe, Director",
        "external_supplier_involvement": "Yes",
        "external_supplier": "Vizor",
        "date_of_completion": "03/04/2024",
        "risks_and_mitigations": "Some",
    }
    reading = read([row])
    use = reading.uses[0]
    assert reading.report.format == "atrs"
    assert (use.title, use.purpose, use.stage) == ("Triage", "Sorts letters.", "pilot")
    assert use.dates["completed"].iso == "2024-04-03"
    assert use.attributes["supplier_involved"] == ("yes",)
    assert "Pat" not in reading.report.text()


@pytest.mark.parametrize("titles", ["attributes", "Dutch"])
def test_the_dutch_register_is_known_by_its_fields_and_by_their_titles(titles: str) -> None:
    cells = {
        "name": "Verkeersregeling",
        "description_short": "Regelt het verkeer.",
        "organization": "Gemeente Noord",
        "category": json.dumps(["Verkeer", "Natuur en milieu"]),
        "status": "In gebruik",
        "begin_date": "2023-01",
        "publication_category": "Impactvolle algoritmes",
        "lawful_basis": "Wegenverkeerswet",
        "process_index_url": "https://noord.example/v",
    }
    columns = all_formats()["algoritmeregister"].columns
    row = {
        (column.also[0] if titles == "Dutch" and column.also else column.name): cells.get(
            column.name, ""
        )
        for column in columns
    }
    reading = read([row])
    use = reading.uses[0]
    assert reading.report.format == "algoritmeregister"
    assert (use.title, use.stage) == ("Verkeersregeling", "deployed")
    assert (use.dates["operational"].iso, use.dates["operational"].precision) == (
        "2023-01",
        "month",
    )
    assert use.attributes["policy_area"] == ("traffic", "nature_and_environment")
    assert use.attributes["publication_category"] == ("impactful",)
    assert use.attributes["processing_record"] == ("yes",)
    assert use.attributes["legal_basis"] == ("yes",)


# -- columns of one's own --------------------------------------------------------------

OWN = b"""Nr;Tool name;What for;Phase;Owner e-mail;Go-live;Persnal data
1;BriefBot;letters;Live;ann@own.example;03/04/2024;ja
2;MapBot;maps;In build;;13/04/2024;nee
"""


def test_the_columns_of_an_own_register_are_guessed_and_the_guess_is_shown() -> None:
    reading = read_inventory("AI-register-2026-11-23.csv", OWN)
    report = reading.report
    assert report.is_guess
    assert report.guessed["title"] == ("Tool name", "by its name")
    assert report.guessed["pii"][0] == "Persnal data"
    assert report.guessed["pii"][1].startswith("close to")
    text = report.text()
    assert "nobody confirmed it" in text
    assert "'What for'" in text.partition("not read:")[2]
    assert [use.title for use in reading.uses] == ["BriefBot", "MapBot"]
    assert reading.uses[0].source == "ai-register"


def test_a_day_that_may_be_a_month_is_reported_until_somebody_says() -> None:
    reading = read_inventory("own.csv", OWN)
    dates = [use.dates["operational"] for use in reading.uses]
    assert (dates[0].iso, dates[0].precision) == ("2024", "ambiguous")
    assert (dates[1].iso, dates[1].precision) == ("2024-04-13", "day")
    assert "day or month first? (line 2)" in reading.report.text()


def test_a_guess_can_be_written_out_edited_and_read_again() -> None:
    guessed = read_inventory("own.csv", OWN)
    assert guessed.mapping is not None
    again = read_mapping("own.yaml", write_mapping(guessed.mapping).encode())
    assert again == guessed.mapping
    assert same(read_inventory("own.csv", OWN, again).uses, guessed.uses)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool))
def test_any_name_of_a_column_can_be_written_to_a_mapping_file(name: str) -> None:
    mapping = ColumnMapping({"title": Mapped(name), "stage": Mapped("x", {name: "deployed"})})
    assert read_mapping("own.yaml", write_mapping(mapping).encode()) == mapping


def test_the_file_to_edit_says_what_is_left_open() -> None:
    guessed = read_inventory("own.csv", OWN)
    assert guessed.mapping is not None
    text = write_mapping(guessed.mapping, guessed.report)
    assert (
        "# not understood; each is one of: planned, development, pilot, deployed, retired" in text
    )
    assert '      # "Live": other' in text
    assert '# not read: "What for"' in text
    assert read_mapping("own.yaml", text.encode()) == guessed.mapping
    edited = text.replace("# values:", "values:").replace('# "Live": other', '"Live": deployed')
    again = read_inventory("own.csv", OWN, read_mapping("own.yaml", edited.encode()))
    assert again.uses[0].stage == "deployed"


def test_a_mapping_names_columns_values_and_the_order_of_dates() -> None:
    mapping = read_mapping(
        "own.yaml",
        b"""source: own-register
day_first: yes
columns:
  title: Tool name
  id: Nr
  purpose: What for
  stage: {column: Phase, values: {Live: deployed, In build: development}}
  date.operational: Go-live
""",
    )
    reading = read_inventory("another name.csv", OWN, mapping)
    uses = reading.uses
    assert [use.stage for use in uses] == ["deployed", "development"]
    assert uses[0].originals["stage"] == "Live"
    assert uses[0].dates["operational"].iso == "2024-04-03"
    assert uses[0].attributes["operational_year"] == ("2024",)
    assert not reading.report.is_guess
    assert {use.source for use in uses} == {"own-register"}
    assert [use.key for use in uses] == [
        use.key for use in read_inventory("renamed.csv", OWN, mapping).uses
    ]


def test_the_words_of_a_mapping_win_over_those_that_are_known() -> None:
    mapping = ColumnMapping(
        {"title": Mapped("Tool name"), "stage": Mapped("Phase", {"deployed": "pilot"})}
    )
    content = OWN.replace(b"Live", b"Deployed")
    assert read_inventory("own.csv", content, mapping).uses[0].stage == "pilot"


def test_a_mapping_in_json_is_read_too() -> None:
    content = json.dumps({"columns": {"title": "Tool name", "stage": {"column": "Phase"}}})
    mapping = read_mapping("own.json", content.encode())
    assert mapping.columns["stage"] == Mapped("Phase")


def test_all_faults_of_a_mapping_are_told_at_once_with_their_lines() -> None:
    content = b"""source: Our Register
columns:
  titel: Tool name
  stage: {column: Phase, values: {Live: deploid}}
  purpose: {column: What for, values: {a: b}}
colums: {}
"""
    with pytest.raises(FileFaults) as caught:
        read_mapping("own.yaml", content)
    told = {(fault.line, fault.problem.split(" ")[0]) for fault in caught.value.faults}
    assert {line for line, _ in told} == {1, 3, 4, 5, 6}
    assert "Did you mean 'title'?" in str(caught.value)
    assert "Did you mean 'deployed'?" in str(caught.value)


def test_a_mapping_without_a_title_or_with_an_absent_column_is_refused() -> None:
    with pytest.raises(FileFaults, match="No column is the `title`"):
        read_mapping("own.yaml", b"columns: {id: Nr}")
    with pytest.raises(RequestError, match="no column 'Name'") as caught:
        read_inventory("own.csv", OWN, ColumnMapping({"title": Mapped("Name")}))
    assert "'Tool name'" in caught.value.remedy


# -- dates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2024-10-01", "2024-10-01", "day"),
        ("2024-10-01 00:00:00", "2024-10-01", "day"),
        ("2024-05-01T10:00:00Z", "2024-05-01", "day"),
        ("2024/5/1", "2024-05-01", "day"),
        ("20240501", "2024-05-01", "day"),
        ("01.05.2024", "2024-05-01", "day"),
        ("13/05/2024", "2024-05-13", "day"),
        ("09/24/2024 12:00:00 AM", "2024-09-24", "day"),
        ("9/30/2025 0:00", "2025-09-30", "day"),
        ("05/05/2024", "2024-05-05", "day"),
        ("May 1st, 2024", "2024-05-01", "day"),
        ("1 May 2024", "2024-05-01", "day"),
        ("1. M\u00e4rz 2024", "2024-03-01", "day"),
        ("45292", "2024-01-01", "day"),
        ("45292.5", "2024-01-01", "day"),
        ("01/2024", "2024-01", "month"),
        ("2024-05", "2024-05", "month"),
        ("May 2024", "2024-05", "month"),
        ("mei 2024", "2024-05", "month"),
        ("Jul-25", "2025-07", "month"),
        ("Q3 2024", "2024-Q3", "quarter"),
        ("2024 Q3", "2024-Q3", "quarter"),
        ("3rd quarter of 2024", "2024-Q3", "quarter"),
        ("H1 2024", "2024-H1", "half"),
        ("2020", "2020", "year"),
        ("CY 2020", "2020", "year"),
        ("FY25", "2025", "fiscal_year"),
        ("FY2024/25", "2025", "fiscal_year"),
        ("Q1 FY25", "2025", "fiscal_quarter"),
        ("summer 2023", "2023", "season"),
        ("late 2023", "2023", "about"),
        ("~2019", "2019", "about"),
        ("2023\u20132024", "2023/2024", "range"),
        ("Jan 2024 - Mar 2024", "2024-01/2024-03", "range"),
        ("2019 to present", "2019/..", "range"),
        ("03/04/2024", "2024", "ambiguous"),
        ("3-Jan", "", "ambiguous"),
        ("2025-02-30", "", "unknown"),
        ("31/31/2024", "", "unknown"),
        ("TBD", "", "unknown"),
        ("1234", "", "unknown"),
        ("99999", "", "unknown"),
        ("before 2019", "", "unknown"),
        ("\u0662\u0660\u0662\u0664", "2024", "year"),
    ],
)
def test_a_date_says_what_is_certain_and_keeps_its_words(
    text: str, iso: str, precision: str
) -> None:
    date = parse_date(text)
    assert (date.text, date.iso, date.precision) == (text, iso, precision)


def test_who_says_which_number_is_the_day_gets_the_day() -> None:
    assert parse_date("03/04/2024", day_first=True).iso == "2024-04-03"
    assert parse_date("03/04/2024", day_first=False).iso == "2024-03-04"


def test_a_fiscal_year_or_a_range_is_in_no_calendar_year() -> None:
    assert parse_date("FY25").year == ""
    assert parse_date("2023-2024").year == ""
    assert parse_date("summer 2023").year == "2023"


@settings(max_examples=200)
@given(st.text(max_size=30) | st.from_regex(r"\d{1,4}[-/. ]\d{1,4}[-/. ]\d{1,5}", fullmatch=True))
def test_any_text_is_a_date_or_none_and_keeps_its_words(text: str) -> None:
    date = parse_date(text)
    assert date.text == text
    assert bool(date.iso) or date.precision in (Precision.UNKNOWN, Precision.AMBIGUOUS)


# -- the same use in a later file ------------------------------------------------------


def known_after(uses: tuple[ImportedUse, ...]) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for number, use in enumerate(uses):
        for key in (use.key, *use.aliases):
            known.setdefault(key, []).append(f"E-{number}")
    return known


def found(known: dict[str, list[str]], uses: tuple[ImportedUse, ...]) -> list[str | None]:
    return find_known(known, [Identity(use.key, use.aliases) for use in uses])


def test_each_row_has_a_key_of_its_own() -> None:
    rows = [*OMB_ROWS, OMB_ROWS[2], OMB_ROWS[2]]
    assert len({use.key for use in read(rows).uses}) == 8


def test_the_same_file_in_another_order_has_the_same_keys() -> None:
    rows = list(OMB_ROWS)
    keys = {use.line: use.key for use in read(rows).uses}
    assert {use.key for use in read(rows[::-1]).uses} == set(keys.values())


def test_an_id_carries_a_row_through_every_change() -> None:
    before = read(OMB_ROWS).uses[0]
    changed = {
        **OMB_ROWS[0],
        "use_case_name": "Another name",
        "problem_solved": "x",
        "benefits": "y",
    }
    assert read([changed]).uses[0].key == before.key


def test_the_id_of_another_agency_is_another_id() -> None:
    rows = [omb_row(agency=one, id="7", use_case_name="A") for one in ("DOX", "DOY")]
    uses = read(rows).uses
    assert len({use.key for use in uses}) == 2
    assert uses[0].key == read(rows[:1]).uses[0].key


def test_a_word_for_no_id_is_none() -> None:
    rows = [omb_row(agency="DOX", id="TBD", use_case_name=name) for name in ("A", "B")]
    wanted = [omb_row(agency="DOX", id="", use_case_name=name) for name in ("A", "B")]
    assert [use.key for use in read(rows).uses] == [use.key for use in read(wanted).uses]


def test_a_row_whose_name_becomes_shared_is_still_found() -> None:
    before = read([OMB_ROWS[2]]).uses
    twin = {**OMB_ROWS[2], "problem_solved": "something else"}
    after = read([twin, OMB_ROWS[2]]).uses
    assert found(known_after(before), after) == [None, "E-0"]


def test_a_row_that_could_be_one_of_two_is_neither() -> None:
    twins = [{**OMB_ROWS[2], "problem_solved": problem} for problem in ("p", "q")]
    known = known_after(read(twins).uses)
    other = read([{**OMB_ROWS[2], "problem_solved": "r"}]).uses
    assert found(known, other) == [None]
    assert found(known, read(twins[1:]).uses) == ["E-1"]


NAMES = st.sampled_from(["Chatbot", "Maps", "chatbot "])
ROWS = st.builds(
    lambda agency, use_id, name, bureau, problem: omb_row(
        agency=agency,
        id=use_id,
        use_case_name=name,
        agency_bureau=bureau,
        problem_solved=problem,
    ),
    st.sampled_from(["DOX", "DOY"]),
    st.sampled_from(["", "1", "2", "TBD"]),
    NAMES,
    st.sampled_from(["", "B"]),
    st.sampled_from(["", "p", "q"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8), st.lists(ROWS, max_size=4), st.randoms())
def test_rows_are_found_again_among_others_and_in_any_order(
    rows: list[dict[str, str]], more: list[dict[str, str]], chance: random.Random
) -> None:
    before = read(rows).uses
    mixed = [*rows, *more]
    chance.shuffle(mixed)
    after = read(mixed).uses
    entries = found(known_after(before), after)
    again = [entry for entry in entries if entry]
    assert sorted(again) == sorted(f"E-{number}" for number in range(len(rows)))
    for use, entry in zip(after, entries, strict=True):
        if entry:
            assert before[int(entry.removeprefix("E-"))].row == use.row
