"""Copies of files without what was found in them: what is gone, what stays, what is never done."""

from __future__ import annotations

import csv
import datetime
import errno
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any, NoReturn

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from caio_mcp.scanning import Desk
from conftest import Caio
from planted import content_of

MAIL, OTHER, CARD = "jo.tarn@weide-werk.de", "kim.ost@weide-werk.de", "4599 1784 7643 6434"
A, B, C = "<EMAIL_ADDRESS_1>", "<EMAIL_ADDRESS_2>", "<CREDIT_CARD_1>"


def _copy(caio: Caio, path: Path, *more: str) -> Path:
    """The copy of a file that the command made; the file itself stays as it was."""
    before = path.read_bytes(), path.stat().st_mtime_ns
    ran = caio("redact", "--json", *more, str(path))
    assert ran.status == 0, ran.said[:500]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    return Path(json.loads(ran.out)["copy"])


def _copied(caio: Caio, path: Path, content: str | bytes, *more: str) -> bytes:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return _copy(caio, path, *more).read_bytes()


def _parts(path: Path) -> dict[str, str]:
    """The members of a document as texts."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def _assert_gone(path: Path, *values: str) -> None:
    for name, text in _parts(path).items():
        for value in values:
            for form in (value, value.replace(" ", ""), value.partition("@")[0]):
                assert form not in text, (name, form)
                assert form not in name


# -- text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "end"),
    [("utf-8", "\n"), ("utf-8", "\r\n"), ("utf-8-sig", "\n"), ("utf-16", "\n"), ("cp1252", "\r\n")],
)
def test_text_keeps_its_encoding_and_lines(
    caio: Caio, tmp_path: Path, encoding: str, end: str
) -> None:
    text = f"für ä{end}{end}{MAIL} und {OTHER},{end}nochmals {MAIL.upper()}"
    copy = _copied(caio, tmp_path / "a.txt", text.encode(encoding))
    assert copy == f"für ä{end}{end}{A} und {B},{end}nochmals {A}".encode(encoding)


def test_only_the_value_of_a_setting_is_taken_out(caio: Caio, tmp_path: Path) -> None:
    secret = "ghp" + "_7Tq2vXw9LmZ4kRb8NcY5hJd3FsG6pAe1uWxK"
    text = f"# mine\n[a]\nname = tarn\ntoken = {secret}\nport=8080\n"
    copy = _copied(caio, tmp_path / "a.ini", text)
    assert copy.decode() == text.replace(secret, "<SECRET_1>")


def test_a_page_keeps_its_marks(caio: Caio, tmp_path: Path) -> None:
    page = f'<p class="x">ask <a href="mailto:{MAIL}">{MAIL}</a> &amp; us</p><!-- {OTHER} -->\n'
    copy = _copied(caio, tmp_path / "a.html", page).decode()
    assert MAIL not in copy
    assert OTHER not in copy
    assert copy.count(A) == 2
    assert '<p class="x">ask <a href="' in copy
    assert copy.endswith("&amp; us</p><!-- <EMAIL_ADDRESS_2> -->\n")


def test_only_the_categories_that_were_asked_for_are_taken_out(caio: Caio, tmp_path: Path) -> None:
    copy = _copied(caio, tmp_path / "a.txt", f"{MAIL} pays by {CARD}", "--only", "payment_card")
    assert copy.decode() == f"{MAIL} pays by {C}"


def test_a_name_of_a_file_that_is_a_value_is_replaced_too(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / f"for {MAIL}.txt"
    path.write_text(MAIL)
    copy = _copy(caio, path)
    assert "tarn" not in copy.name
    assert copy.parent == tmp_path
    assert copy.suffix == ".txt"


# -- tables ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_keeps_its_dialect_and_every_row_without_a_value(
    caio: Caio, tmp_path: Path, sign: str, quoting: int, end: str
) -> None:
    rows = [
        ["name", "email", "note"],
        ["ä", MAIL, f"said: \"a{sign}b\", to {OTHER}"],
        ["ö", "", "one\ntwo"],
        ["ü", MAIL, "0012"],
        ["", MAIL, "three\nfour"],
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, delimiter=sign, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    expected = out.getvalue().replace(MAIL, A).replace(OTHER, B)
    assert _copied(caio, tmp_path / "a.csv", out.getvalue()).decode() == expected


def test_rows_without_a_value_stay_byte_by_byte(caio: Caio, tmp_path: Path) -> None:
    odd = 'x, "y" ,\'z\'\r\n,,\n"a"b,c,d\n'
    copy = _copied(caio, tmp_path / "a.csv", f"a,b,c\n{odd}1,{MAIL},2\n{odd}").decode()
    assert copy == f"a,b,c\n{odd}1,{A},2\n{odd}"


def test_only_cells_that_need_it_are_in_quotes(caio: Caio, tmp_path: Path) -> None:
    copy = _copied(caio, tmp_path / "a.csv", f'a,b,c\n"x, y",{MAIL},12\n"z","{MAIL}","3"\n')
    assert copy.decode() == f'a,b,c\n"x, y",{A},12\n"z","{A}","3"\n'


def test_the_same_value_has_the_same_placeholder_in_every_cell_and_spelling(
    caio: Caio, tmp_path: Path
) -> None:
    rows = ["card,note", f"{CARD},x", f"{CARD.replace(' ', '')},see {CARD.replace(' ', '-')}"]
    copy = _copied(caio, tmp_path / "a.csv", "\n".join(rows)).decode()
    assert copy == f"card,note\n{C},x\n{C},see {C}"


# -- JSON --------------------------------------------------------------------------------------


def test_json_keeps_its_types_order_and_spaces(caio: Caio, tmp_path: Path) -> None:
    digits = CARD.replace(" ", "")
    text = (
        '{ "n": 1.50, "yes": true,\n\t"none": null, "list": [ 1, "ä", "\\u00e4" ],\n'
        f'  "mail":"{MAIL}", "card": {digits}, "note" : "to {OTHER}\\nnow",'
        f' "{MAIL}": {{}} }}\n'
    )
    copy = _copied(caio, tmp_path / "a.json", text).decode()
    expected = text.replace(MAIL, A).replace(OTHER, B).replace(digits, f'"{C}"')
    assert copy == expected
    assert json.loads(copy)["list"] == [1, "ä", "ä"]


def test_each_line_of_json_stays_one(caio: Caio, tmp_path: Path) -> None:
    rows = [{"a": MAIL}, {"a": 'q " \\ \n'}, {"a": OTHER, "b": [MAIL]}]
    copy = _copied(caio, tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows))).decode()
    changed = [{"a": A}, {"a": 'q " \\ \n'}, {"a": B, "b": [A]}]
    assert list(map(json.loads, copy.splitlines())) == changed


_WORDS = st.text(st.sampled_from('abcäß "\\\n\t,;<>&{}[]:/'), max_size=8)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 99), _WORDS, st.just(MAIL)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=12,
)


def _replaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one) for one in value]
    return A if value == MAIL else value


@settings(max_examples=40)
@given(_VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_whatever_a_document_holds_only_the_value_changes(
    value: Any, is_ascii: bool, indent: int | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "a.json"
        path.write_text(json.dumps({"a": MAIL, "b": value}, ensure_ascii=is_ascii, indent=indent))
        copy = Desk(is_anywhere=True).copy(str(path)).path
        assert json.loads(copy.read_text()) == _replaced({"a": MAIL, "b": value})


@settings(max_examples=40)
@given(st.lists(st.lists(st.one_of(_WORDS, st.just(MAIL)), min_size=2, max_size=2), max_size=6))
def test_whatever_a_table_holds_only_the_value_changes(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "a.csv"
        rows = [["a", "b"], *(["x", MAIL] for _ in range(4)), *rows]
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        copy = Desk(is_anywhere=True).copy(str(path)).path
        with copy.open(newline="") as file:
            assert list(csv.reader(file)) == [_replaced(row) for row in rows]


# -- documents ---------------------------------------------------------------------------------


def test_a_copy_of_a_workbook_has_its_values_and_nothing_that_hides(
    caio: Caio, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    first = book.active
    first.title = "people"
    first.append(["name", "email", "paid", "on"])
    first.append(["ä", MAIL, 12.5, datetime.datetime(2031, 4, 17)])
    first.append(["ö", f"to {OTHER}", 3, None])
    first["C2"].number_format = '0.00 "EUR"'
    first["A1"].comment = Comment(f"ask {OTHER}", MAIL)
    first["E2"] = f'=CONCATENATE("{OTHER}", "x")'
    first["A2"].hyperlink = f"mailto:{MAIL}"
    first.column_dimensions["B"].width = 40
    first.oddHeader.left.text = MAIL
    hidden = book.create_sheet("more")
    hidden.sheet_state = "hidden"
    hidden["B7"] = MAIL
    book.create_sheet(OTHER[:31])
    book.properties.creator = MAIL
    book.properties.title = OTHER
    book.save(path)
    copy = _copy(caio, path)
    _assert_gone(copy, MAIL, OTHER)
    new = openpyxl.load_workbook(copy)
    assert new.sheetnames[:2] == ["people", "more"]
    assert new["more"].sheet_state == "hidden"
    assert new["more"]["B7"].value == new["people"]["B2"].value == A
    assert new["people"]["B3"].value == f"to {B}"
    assert new["people"]["C2"].value == 12.5
    assert new["people"]["C2"].number_format == '0.00 "EUR"'
    assert new["people"]["C3"].value == 3
    assert new["people"]["D2"].value == datetime.datetime(2031, 4, 17)
    assert new["people"].column_dimensions["B"].width == 40


def test_a_copy_of_a_workbook_with_macros_is_one_without(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    book = openpyxl.Workbook()
    book.active["A1"] = MAIL
    book.save(path)
    copy = _copy(caio, path)
    assert copy.name == "a.redacted.xlsx"
    assert openpyxl.load_workbook(copy).active["A1"].value == A


def _letter(path: Path) -> None:
    letter = docx.Document()
    paragraph = letter.add_paragraph("write to jo.tarn@")
    paragraph.add_run("weide-werk.de").bold = True
    paragraph.add_run(" soon").italic = True
    letter.add_paragraph("nothing here")
    table = letter.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "ä", MAIL
    letter.sections[0].header.paragraphs[0].text = OTHER
    letter.sections[0].footer.paragraphs[0].text = f"or {MAIL}"
    letter.add_comment(paragraph.runs, text=f"ask {OTHER}", author=MAIL, initials="JT")
    letter.core_properties.author = letter.core_properties.last_modified_by = MAIL
    letter.core_properties.comments = f"for {OTHER}"
    letter.save(str(path))


def _changed(path: Path, name: str, old: str, new: str) -> None:
    """The document with a member written anew."""
    parts = _parts_as_bytes(path)
    assert old.encode() in parts[name]
    parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in parts.items():
            archive.writestr(member, content)


def _parts_as_bytes(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_copy_of_a_letter_has_its_form_and_nothing_that_hides(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    _letter(path)
    tracked = (
        f'<w:p><w:del w:id="7" w:author="{MAIL}" w:date="2031-04-17T00:00:00Z"><w:r><w:delText>'
        f'formerly {OTHER}</w:delText></w:r></w:del><w:ins w:id="8" w:author="{OTHER}"><w:r><w:t>'
        f"now {OTHER}</w:t></w:r></w:ins></w:p>"
    )
    _changed(path, "word/document.xml", "<w:sectPr", f"{tracked}<w:sectPr")
    variables = f'<w:docVars><w:docVar w:name="to" w:val="{MAIL}"/></w:docVars>'
    _changed(path, "word/settings.xml", "</w:settings>", f"{variables}</w:settings>")
    copy = _copy(caio, path)
    _assert_gone(copy, MAIL, OTHER)
    new = docx.Document(str(copy))
    first = new.paragraphs[0]
    assert first.text == f"write to {A} soon"
    assert [run.text for run in first.runs if run.italic] == [" soon"]
    assert new.paragraphs[1].text == "nothing here"
    assert [cell.text for cell in new.tables[0].rows[0].cells] == ["ä", A]
    section = new.sections[0]
    assert section.header.paragraphs[0].text == B
    assert section.footer.paragraphs[0].text == f"or {A}"
    assert "formerly" not in "".join(_parts(copy).values())
    assert f"now {B}" in _parts(copy)["word/document.xml"].replace("&lt;", "<").replace("&gt;", ">")
    assert new.core_properties.author == ""


def test_a_copy_of_a_letter_takes_in_no_other_file(caio: Caio, tmp_path: Path) -> None:
    (tmp_path / "beside.txt").write_text(f"nobody opened {MAIL}")
    path = tmp_path / "a.docx"
    path.write_bytes(content_of("letter.docx"))
    notes = "word/footnotes.xml"
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/beside.txt">]>'
    _changed(path, notes, "<w:p>", "<w:p><w:r><w:t>&e;</w:t></w:r>")
    _changed(path, notes, "<w:footnotes", f"{entity}<w:footnotes")
    ran = caio("scan", "--json", str(path))
    assert "weide" not in ran.said
    copy = _copy(caio, path)
    assert all("nobody opened" not in text for text in _parts(copy).values())


# -- files -------------------------------------------------------------------------------------


def test_a_copy_never_takes_the_place_of_another_file(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(MAIL)
    (tmp_path / "a.redacted.txt").write_text("mine")
    (tmp_path / "a.redacted-2.txt").mkdir()
    (tmp_path / "a.redacted-3.txt").symlink_to(tmp_path / "not there")
    (tmp_path / "a.redacted-4.txt").symlink_to(path)
    copy = _copy(caio, path)
    assert copy.name == "a.redacted-5.txt"
    assert copy.read_text() == A
    assert (tmp_path / "a.redacted.txt").read_text() == "mine"
    assert not (tmp_path / "not there").exists()
    assert (tmp_path / "a.redacted-4.txt").is_symlink()


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_who_may_not_read_the_file_may_not_read_its_copy(
    caio: Caio, tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(MAIL)
    path.chmod(mode)
    assert _copy(caio, path).stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_a_copy_that_fails_half_way_leaves_nothing(
    caio: Caio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "data" / "a.txt"
    path.parent.mkdir()
    path.write_text(MAIL)

    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(step, full)
    ran = caio("redact", str(path))
    monkeypatch.undo()
    ran.assert_refused("'a.txt'", "No space left")
    assert MAIL not in ran.said
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]
    assert path.read_text() == MAIL


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.eml", f"From: {MAIL}\n\nx", "only of text, CSV, JSON, Word and Excel"),
        ("a.pdf", f"%PDF-1.4 {MAIL}", "cannot be read"),
        ("a.xlsx", f"PK {MAIL}", "damaged"),
        ("a.docx", MAIL, "damaged"),
        ("a.bin", f"\0\1{MAIL}", "is not text"),
    ],
)
def test_of_what_cannot_be_copied_there_is_no_copy(
    caio: Caio, tmp_path: Path, name: str, content: str, words: str
) -> None:
    path = tmp_path / "data" / name
    path.parent.mkdir()
    path.write_text(content)
    ran = caio("redact", str(path))
    ran.assert_refused(name, words)
    assert "tarn" not in ran.said
    assert [p.name for p in path.parent.iterdir()] == [name]


def test_a_folder_and_what_is_not_there_are_refused(caio: Caio, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    caio("redact", str(tmp_path / "data")).assert_refused("data")
    caio("redact", str(tmp_path / "gone.txt")).assert_refused("gone.txt", "No such file")
    assert not list(tmp_path.glob("**/*redacted*"))


def test_in_a_copy_nothing_is_found_any_more(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{n},{MAIL.replace('jo', f'jo{n}')},{CARD}" for n in range(50)]
    path.write_text("n,email,card\n" + "\n".join(rows))
    copy = _copy(caio, path)
    assert caio("scan", str(copy)).status == 0
    assert len({row.split(",")[1] for row in copy.read_text().splitlines()[1:]}) == 50
