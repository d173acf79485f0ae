"""Entries are written as inventories: verbatim where they came so, blank where nobody knows."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from caio_mcp.errors import RequestError
from caio_mcp.inventory import (
    ExportedUse,
    ExportHead,
    ImportedUse,
    all_formats,
    parse_date,
    read_inventory,
    write_inventory,
)
from inventories import ANN, OMB_COLUMNS, OMB_ROWS, read

HEAD = ExportHead(
    as_of="2026-11-23",
    organisation="Acme",
    contact="ai@acme.example",
    representative="Rep BV",
    data_protection_officer="dpo@acme.example",
    security_measures="Encryption at rest",
    with_personal=True,
)
PUBLIC = dataclasses.replace(HEAD, with_personal=False)
WRITTEN = sorted(name for name, one in all_formats().items() if one.is_written)

ENTRY = ExportedUse(
    id="E-0042",
    title="Complaint summaries",
    purpose="Summarise complaints",
    benefit="Faster answers",
    unit="Service",
    owner="Ada Example <ada@acme.example>",
    status="approved_with_conditions",
    stage="pilot",
    decision="allow_with_conditions",
    policy="Acme policy",
    policy_version="3.2",
    policy_hash="ab12",
    rules=("DH-12", "GDPR-28"),
    conditions=("Read it before anyone acts on it.", "No card numbers"),
    tool_id="chatgpt-enterprise",
    tool_name="ChatGPT Enterprise",
    vendor="OpenAI",
    data_categories=("contact", "complaint"),
    data_subjects=("customers",),
    level="confidential",
    overlays=("PHI",),
    regions=("Ireland",),
    transfer_mechanism="standard contractual clauses",
    retention="30 days",
    legal_basis="legitimate interests",
    reviewers=("Grace Reviewer",),
    created="2026-10-01",
    decided="2026-10-02",
    review_due="2027-10-01",
    dates={"operational": parse_date("2026-10-05")},
    attributes={"classification": ("generative",), "pii": ("yes",)},
)


def entry_of(use: ImportedUse) -> ExportedUse:
    """What the register has of an imported use when nothing was changed."""
    return ExportedUse(
        id="E-1",
        title=use.title,
        purpose=use.purpose,
        unit=use.unit,
        owner=use.contact,
        status=use.status,
        stage=use.stage,
        attributes=use.attributes,
        originals=use.originals,
        dates=use.dates,
        source=use.source,
        source_id=use.source_id,
        row=use.row,
    )


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file as a spreadsheet sees them."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells(name: str, entry: ExportedUse, head: ExportHead = HEAD) -> dict[str, str]:
    """The one row of an export, whatever its container."""
    written = write_inventory(name, [entry], head)
    return dict(read_inventory(f"a.{written.suffix}", written.content, None).uses[0].row)


# -- what came in a format goes out in it ----------------------------------------------


def test_an_unchanged_inventory_comes_back_cell_by_cell() -> None:
    before = read(OMB_ROWS)
    written = write_inventory("omb-2025", map(entry_of, before.uses), HEAD)
    after = read_inventory("again.csv", written.content)
    assert [use.row for use in after.uses] == [use.row for use in before.uses]
    assert [use.row for use in before.uses] == list(OMB_ROWS)
    assert [use.key for use in after.uses] == [use.key for use in before.uses]
    assert list(rows_of(written.content)[0]) == list(OMB_COLUMNS)


def test_columns_beyond_the_format_come_back_too() -> None:
    rows = [{**row, "Our own note": f"note {number}"} for number, row in enumerate(OMB_ROWS)]
    before = read(rows)
    written = write_inventory("omb-2025", map(entry_of, before.uses), HEAD)
    assert [use.row for use in read_inventory("a.csv", written.content).uses] == rows


@pytest.mark.parametrize("name", ["atrs", "algoritmeregister"])
def test_records_of_other_registers_come_back_cell_by_cell(name: str) -> None:
    columns = [column.name for column in all_formats()[name].columns]
    row = {column: f"text of {column}" for column in columns}
    lists = {"category": ["Verkeer", "Zonderling"], "lawful_basis_grouping": [{"title": "a"}]}
    given: dict[str, object] = {**row, **(lists if name == "algoritmeregister" else {})}
    before = read_inventory("a.json", json.dumps([given]).encode())
    assert before.report.format == name
    written = write_inventory(name, map(entry_of, before.uses), HEAD)
    after = read_inventory(f"a.{written.suffix}", written.content)
    assert after.uses[0].row == before.uses[0].row
    if written.suffix == "json":
        assert json.loads(written.content)[0]["category"] == ["Verkeer", "Zonderling"]


def test_what_the_register_changed_wins_over_the_cell_that_came() -> None:
    use = entry_of(read(OMB_ROWS).uses[0])
    changed = dataclasses.replace(use, title="Gate matching", stage="pilot")
    row = cells("omb-2025", changed)
    assert (row["use_case_name"], row["development_stage"]) == ("Gate matching", "Pilot")
    assert row["problem_solved"] == OMB_ROWS[0]["problem_solved"]
    retired = dataclasses.replace(use, status="retired")
    assert cells("omb-2025", retired)["development_stage"] == "Retired"


def test_a_title_that_a_register_cut_or_cleaned_is_no_other_title() -> None:
    long = "Face\u200b matching " + "at the gate " * 40
    use = entry_of(read([{**OMB_ROWS[0], "use_case_name": long}]).uses[0])
    cut = dataclasses.replace(use, title=use.title.replace("\u200b", " ")[:300])
    assert cells("omb-2025", cut)["use_case_name"] == long
    other = dataclasses.replace(use, title="Face")
    assert cells("omb-2025", other)["use_case_name"] == "Face"


def test_a_stage_in_other_words_stays_in_them_until_it_changes() -> None:
    use = entry_of(read(OMB_ROWS).uses[2])
    assert cells("omb-2025", use)["development_stage"] == OMB_ROWS[2]["development_stage"]


def test_a_row_of_another_format_is_written_from_its_attributes() -> None:
    use = entry_of(read(OMB_ROWS).uses[0])
    row = cells("atrs", use)
    assert (row["title"], row["phase"], row["team"]) == (
        "Face matching at the gate",
        "Production",
        "Gates",
    )
    assert row["external_supplier"] == "Vizor"
    assert row["model_architecture"] == ""


# -- what each format says of an entry -------------------------------------------------


def test_an_entry_is_written_in_the_words_of_omb() -> None:
    row = cells("omb-2025", ENTRY)
    assert row["agency"] == "Acme"
    assert row["id"] == "E-0042"
    assert row["development_stage"] == "Pilot"
    assert row["classification"] == "Generative AI"
    assert row["has_pii"] == "Yes"
    assert row["contact_email"] == ENTRY.owner
    assert row["operational_date"] == "2026-10-05"
    assert row["is_high_impact"] == row["pia_url"] == row["topic_area"] == ""


def test_an_entry_is_written_for_the_dutch_register() -> None:
    written = write_inventory("algoritmeregister", [ENTRY], HEAD)
    record = json.loads(written.content)[0]
    assert record["status"] == "In gebruik"
    assert record["begin_date"] == "2026-10"
    assert record["standard_version"] == "1.0.0"
    assert record["contact_email"] == "ai@acme.example"
    assert record["category"] == []
    assert record["publication_category"] is None


def test_a_month_is_not_made_of_a_year() -> None:
    entry = dataclasses.replace(ENTRY, dates={"operational": parse_date("2026")})
    assert (
        json.loads(write_inventory("algoritmeregister", [entry], HEAD).content)[0]["begin_date"]
        is None
    )


def test_the_record_of_processing_has_every_point_of_article_30() -> None:
    row = rows_of(write_inventory("art30", [ENTRY], HEAD).content)[0]
    assert row["(a) controller and contact"] == "Acme, ai@acme.example"
    assert row["(a) data protection officer"] == "dpo@acme.example"
    assert row["(b) purposes"] == "Summarise complaints"
    assert row["(c) categories of data subjects"] == "customers"
    assert row["(c) categories of personal data"] == "contact; complaint"
    assert row["(d) categories of recipients"] == "OpenAI"
    assert row["(e) transfers: safeguards"] == "standard contractual clauses"
    assert row["(f) time limits for erasure"] == "30 days"
    assert row["(g) security measures"] == "Encryption at rest"
    assert row["as of"] == "2026-11-23"


def test_annex_viii_has_its_numbered_items() -> None:
    b = rows_of(write_inventory("annex-viii-b", [ENTRY], HEAD).content)[0]
    assert b["5. Intended purpose"] == "Summarise complaints"
    assert b["8. Status"] == "in service"
    assert b["9. Member States"] == "Ireland"
    assert b["7. Grounds on which it is held not to be high-risk"] == ""
    c = write_inventory("annex-viii-c", [ENTRY], HEAD)
    assert rows_of(c.content)[0]["1. Deployer: name, address, contact"] == "Acme, ai@acme.example"
    assert c.missing["3. URL of the provider's entry in the EU database"] == 1


def test_the_registers_own_columns_hold_everything() -> None:
    for name in ("csv", "xlsx", "json"):
        written = write_inventory(name, [ENTRY], HEAD)
        reading = read_inventory(f"a.{written.suffix}", written.content)
        row = reading.uses[0].row
        for field in dataclasses.fields(ExportedUse):
            value = getattr(ENTRY, field.name)
            if isinstance(value, str) and value:
                assert row[field.name] == value
        assert "DH-12" in row["rules"]
        assert "GDPR-28" in row["rules"]
        assert reading.uses[0].attributes["classification"] == ("generative",)
        assert reading.uses[0].dates["operational"].iso == "2026-10-05"
        assert "attribute.topic" not in row


def test_what_is_required_and_not_known_is_counted() -> None:
    written = write_inventory("omb-2025", [ENTRY, ENTRY], HEAD)
    assert written.missing["is_high_impact"] == 2
    assert "agency" not in written.missing
    assert "is_high_impact (2)" in written.text()


def test_a_format_that_is_not_written_is_refused_with_the_nearest() -> None:
    with pytest.raises(RequestError, match="'omb' is no format"):
        write_inventory("omb", [], HEAD)
    with pytest.raises(RequestError, match="Did you mean 'omb-2025'"):
        write_inventory("omb-2024", [], HEAD)


@pytest.mark.parametrize("name", WRITTEN)
def test_no_entries_make_a_file_with_its_header(name: str) -> None:
    written = write_inventory(name, [], HEAD)
    assert written.content
    assert written.rows == 0
    assert not written.missing


# -- personal data ---------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITTEN)
def test_names_and_addresses_only_go_to_who_may_have_them(name: str) -> None:
    extra = {"Contact name": "Ann Archer"}
    imported = [entry_of(use) for use in read([{**row, **extra} for row in OMB_ROWS]).uses]
    written = write_inventory(name, [ENTRY, *imported], PUBLIC)
    content = written.content
    if written.suffix == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        content = repr(list(sheet.values)).encode()
    for secret in ("Ada Example", "ada@", "Grace", "Ann Archer", ANN):
        assert secret.encode() not in content
    if name in ("csv", "json", "xlsx", "omb-2025"):
        assert written.withheld >= 2
        assert "left out" in written.text()


def test_the_address_of_the_organisation_is_nobodys_own() -> None:
    assert cells("atrs", ENTRY, PUBLIC)["contact_email"] == "ai@acme.example"


# -- cells that a spreadsheet would run ------------------------------------------------

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1", "'-", "-"]


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("name", ["csv", "xlsx", "omb-2025", "art30"])
def test_no_cell_begins_with_what_a_spreadsheet_runs(name: str, text: str) -> None:
    entry = dataclasses.replace(ENTRY, title=text, purpose=text, conditions=(text,))
    written = write_inventory(name, [entry], HEAD)
    if written.suffix == "xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(written.content)).active.iter_rows()
        found = [cell for row in rows for cell in row if cell.value is not None]
        assert {cell.data_type for cell in found} == {"s"}
        texts = [str(cell.value) for cell in found]
    else:
        texts = [cell for row in rows_of(written.content) for cell in row.values()]
    assert not [one for one in texts if one.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(text.strip("\t\r") in one for one in texts)


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("name", ["csv", "xlsx", "json"])
def test_such_a_cell_comes_back_as_it_was(name: str, text: str) -> None:
    entry = dataclasses.replace(ENTRY, benefit=text)
    assert cells(name, entry)["benefit"] == text


@pytest.mark.parametrize("text", ["#N/A", "TRUE", "45292", "2024-01-01", "1e5"])
def test_what_looks_like_a_number_or_an_error_is_text_in_a_workbook(text: str) -> None:
    written = write_inventory("xlsx", [dataclasses.replace(ENTRY, benefit=text)], HEAD)
    rows = openpyxl.load_workbook(io.BytesIO(written.content)).active.iter_rows()
    found = [cell for row in rows for cell in row if cell.value == text]
    assert [cell.data_type for cell in found] == ["s"]


def test_csv_is_utf8_with_a_mark_that_excel_needs() -> None:
    assert write_inventory("csv", [ENTRY], HEAD).content.startswith(b"\xef\xbb\xbf")


# Any text but half characters, which no encoding has.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXT, min_size=4, max_size=4), st.sampled_from(["csv", "json", "xlsx"]))
@example(["_x000D_", "x005F_", "_x005F_x000D_", "a\r\nb\rc\nd"], "xlsx")
@example(["\x00\x0b\x1f", "\ufffe\uffff", " lead", "trail "], "xlsx")
@example(["\x00\x0b\x1f", "\ufeff", '"', "a,b;c\td"], "csv")
@example(["'", "''", "'=", "''='"], "csv")
def test_any_text_of_an_entry_survives_export_and_import(texts: list[str], name: str) -> None:
    entry = dataclasses.replace(
        ENTRY, benefit=texts[0], outcome=texts[1], organisation=texts[2], level=texts[3]
    )
    row = cells(name, entry)
    assert [row["benefit"], row["outcome"], row["organisation"], row["level"]] == texts


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, min_size=3, max_size=3))
def test_any_cell_of_an_inventory_survives_import_and_export(texts: list[str]) -> None:
    row = {**OMB_ROWS[0], "benefits": texts[0], "system_outputs": texts[1], "is_withheld": texts[2]}
    before = read_inventory("a.json", json.dumps([row]).encode())
    written = write_inventory("omb-2025", map(entry_of, before.uses), HEAD)
    assert read_inventory("a.csv", written.content).uses[0].row == row


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="cp1252"), max_size=40), min_size=2, max_size=2),
    st.sampled_from(["cp1252", "utf-16", "utf-16-le", "utf-8"]),
)
def test_any_cell_survives_in_the_encodings_that_files_come_in(
    texts: list[str], encoding: str
) -> None:
    row = {**OMB_ROWS[0], "benefits": texts[0], "system_outputs": texts[1] + " \u20ac"}
    before = read_inventory("a.json", json.dumps([row]).encode())
    written = write_inventory("omb-2025", map(entry_of, before.uses), HEAD)
    content = written.content.decode("utf-8-sig").encode(encoding)
    assert read_inventory("a.csv", content).uses[0].row == row


def test_a_cell_too_long_for_excel_is_refused_and_not_cut() -> None:
    entry = dataclasses.replace(ENTRY, purpose="x" * 32_768)
    with pytest.raises(RequestError, match=r"32,768 characters; Excel holds 32,767"):
        write_inventory("xlsx", [entry], HEAD)
    assert len(cells("csv", entry)["purpose"]) == 32_768
