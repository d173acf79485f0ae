"""Files of every format: where a value is in them, and what is said if they cannot be read."""

from __future__ import annotations

import base64
import csv
import io
import json
import time
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdf
import pytest
from lxml import etree
from openpyxl.comments import Comment
from pptx.util import Inches

from conftest import Caio

MAIL, OTHER, CARD = "jo.tarn@weide-werk.de", "kim.ost@weide-werk.de", "4599 1784 7643 6434"
Place = tuple[int, int, str]  # line and column from 1, 0 for none, and where else


def _places(caio: Caio, path: Path, kind: str = "EMAIL_ADDRESS") -> list[Place]:
    """Where values of a type are in a file, in their order."""
    ran = caio("scan", "--json", str(path))
    assert ran.status == 1, ran.said[:500]
    [file] = json.loads(ran.out)["files"]
    return [
        (found["line"], found["column"], found.get("where", ""))
        for found in file["findings"]
        if found["type"] == kind
    ]


# -- text --------------------------------------------------------------------------------------

TEXT = f"erste Zeile ... über\n  ä {MAIL}\n\n{OTHER} ß"
ENCODED: dict[str, bytes] = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, the other way round": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16, the other way round, without a mark": TEXT.encode("utf-16-be"),
    "UTF-32": TEXT.encode("utf-32"),
    "Windows-1252": TEXT.encode("cp1252"),
    "lines of Windows": TEXT.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("how", ENCODED)
def test_text_is_read_in_its_encoding(caio: Caio, tmp_path: Path, how: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(ENCODED[how])
    assert _places(caio, path) == [(2, 5, ""), (4, 1, "")]


def test_lines_are_counted_over_all_of_a_long_text(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    lines = [f"{n:06d} nothing of note ... {'x' * (n % 50)}" for n in range(12_000)]
    lines[7_777], lines[11_999] = f"    {MAIL}", f"ü {OTHER}"
    path.write_text("\n".join(lines))
    assert path.stat().st_size > 2 * 262_144
    assert _places(caio, path) == [(7_778, 5, ""), (12_000, 3, "")]


@pytest.mark.parametrize("before", range(262_144 - 30, 262_144 + 3, 4))
def test_a_value_where_two_pieces_meet_is_found(caio: Caio, tmp_path: Path, before: int) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x " * (before // 2) + f"{MAIL} " + "y " * 9_000)
    assert [line for line, _, _ in _places(caio, path)] == [1]


def test_one_line_of_a_million_signs_is_read_to_its_end(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x" * 500_000 + f" {MAIL} " + "y" * 700_000 + f" {OTHER}")
    assert len(_places(caio, path)) == 2


def test_settings_are_read_with_their_lines(caio: Caio, tmp_path: Path) -> None:
    secret = "ghp" + "_7Tq2vXw9LmZ4kRb8NcY5hJd3FsG6pAe1uWxK"
    for name, text in {
        ".env": f"# x\nA=1\nTOKEN={secret}\n",
        "a.ini": f"[a]\nx = 1\ntoken = {secret}\n",
        "a.yaml": f"a:\n  b: 1\n  token: {secret}\n",
        "a.toml": f"[a]\n\ntoken = '{secret}'\n",
    }.items():
        (tmp_path / name).write_text(text)
        [(line, _, where)] = _places(caio, tmp_path / name, "SECRET.github-pat")
        assert (line, where) == (3, ""), name


def test_the_name_of_a_file_is_data_too(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / f"{MAIL} x.txt"
    path.write_text("nothing")
    assert _places(caio, path) == [(1, 1, "its name")]


# -- tables ------------------------------------------------------------------------------------

ROWS = [
    ["name", "e-mail", "note"],
    ["Tarn", "", "said: hm; or, well | not\tyet"],
    ["Ost", MAIL, "one\nand two"],
    ["Weide", OTHER, ""],
]


def _table(sign: str, quoting: int = csv.QUOTE_MINIMAL, end: str = "\r\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign, quoting=quoting, lineterminator=end).writerows(ROWS)  # type: ignore[arg-type]
    return out.getvalue().encode()


DIALECTS: dict[str, bytes] = {
    "a.csv": _table(","),
    "semicolon.csv": _table(";"),
    "bar.csv": _table("|"),
    "tab.csv": _table("\t"),
    "a.tsv": _table("\t"),
    "quoted.csv": _table(",", csv.QUOTE_ALL),
    "unix.csv": _table(",", end="\n"),
    "marked.csv": b"\xef\xbb\xbf" + _table(";"),
    "wide.csv": _table(";").decode().encode("utf-16"),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_tables_are_read_in_their_dialect(caio: Caio, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(DIALECTS[name])
    assert [p[1:] for p in _places(caio, path)] == [
        (2, "column 'e-mail', row 4"),  # the lines of the file, as editors count them
        (2, "column 'e-mail', row 5"),
    ]


def test_a_table_without_names_has_numbers_for_its_columns(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"1,{MAIL},x\n2,{OTHER},y\n")
    assert _places(caio, path) == [(1, 2, "column 2, row 1"), (2, 2, "column 2, row 2")]


def test_names_may_come_after_empty_lines(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"\n,,\nn,email,x\n1,,\n\n2,{MAIL},y\n")
    assert _places(caio, path) == [(6, 2, "column 'email', row 6")]


def test_the_name_of_a_column_counts_for_its_values_and_no_others(
    caio: Caio, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    digits = CARD.replace(" ", "")
    path.write_text(f"order,credit card\n{digits[:-1]}9,{digits}\n{digits},\n")
    assert _places(caio, path, "CREDIT_CARD") == [(2, 2, "column 'credit card', row 2")]


# -- JSON --------------------------------------------------------------------------------------


def test_values_of_json_have_the_lines_they_stand_on(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    value = {"people": [{"n": 1, "contact": {"email": MAIL}}, {"note": f"see {OTHER}, please"}]}
    path.write_text(json.dumps(value, indent=1))
    lines = path.read_text().splitlines()
    expected = [n for n, line in enumerate(lines, 1) if "@" in line]
    assert [line for line, _, _ in _places(caio, path)] == expected


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson"])
def test_each_line_of_json_is_read(caio: Caio, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    rows = [{"a": 1}, {"b": MAIL}, {"c": [OTHER]}]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert [line for line, _, _ in _places(caio, path)] == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "jo.tarn\\u0040weide-werk.de"}',
        '{"jo.tarn@weide-werk.de": 1}',
        '[["x", ["jo.tarn@weide-werk.de"]]]',
        '"jo.tarn@weide-werk.de"',
        '{"a": 1, "a": "jo.tarn@weide-werk.de", "a": 2}',
        '{"a": "jo.tarn@weide-werk.de", "b": oops',
        '{"a": "jo.tarn@weide-werk.de"',
        '{"a": 1} and jo.tarn@weide-werk.de',
        '{"a": {"b": "\\ud800 jo.tarn@weide-werk.de"}}',
        '\ufeff{"a": "jo.tarn@weide-werk.de"}',
    ],
)
def test_json_is_read_however_it_is_written(caio: Caio, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert len(_places(caio, tmp_path / "a.json")) == 1


def test_a_number_of_json_is_a_value_under_the_name_of_its_key(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    digits = CARD.replace(" ", "")
    path.write_text(f'{{"order": {digits[:-1]}9,\n"creditCard": {digits}}}')
    assert [line for line, _, _ in _places(caio, path, "CREDIT_CARD")] == [2]


def test_json_nested_a_hundred_thousand_deep_is_read(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" * 100_000 + f'"{MAIL}"' + "]" * 100_000)
    assert len(_places(caio, path)) == 1


# -- pages and mails ---------------------------------------------------------------------------


def test_a_page_is_read_with_its_marks_links_and_remarks(caio: Caio, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><body>\n<p title='x'>jo.tarn<b>@weide-werk</b>.de</p>\n"
        '<a\n href="mailto:kim.ost@weide-werk.de">here</a>\n'
        "<!-- ask\n lea.sund@weide-werk.de -->\n<p>ida&#46;moor&commat;weide-werk.de</p>\n"
        "<p>not</p>@<p>weide-werk.de</p></body>"
    )
    lines = {line for line, _, _ in _places(caio, path)}
    assert lines == {2, 4, 6, 7}


def _mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Jörg Tarn <{MAIL}>"
    message["Subject"] = "Zahlung für März"
    message.set_content(f"Hello,\nmy card is {CARD}\n", cte="base64")
    return message


def test_a_mail_is_read_in_its_headers_texts_and_attachments(caio: Caio, tmp_path: Path) -> None:
    message = _mail()
    message.add_alternative("<p>lea<i>.sund@weide-werk.de</i></p>", subtype="html")
    message.add_attachment(_table(";"), maintype="text", subtype="csv", filename="people.csv")
    book = io.BytesIO()
    sheets = openpyxl.Workbook()
    sheets.active.append(["x", "ida.moor@weide-werk.de"])
    sheets.save(book)
    message.add_attachment(
        book.getvalue(), maintype="application", subtype="octet-stream", filename="b.xlsx"
    )
    inner = _mail()
    inner.replace_header("From", "uwe.kahl@weide-werk.de")
    message.add_attachment(inner)
    path = tmp_path / "a.eml"
    path.write_bytes(message.as_bytes())
    places = _places(caio, path)
    assert places[0][2] == "header From"
    wheres = [where for _, _, where in places]
    assert len(places) == 5  # one of the table is the sender
    assert "the text" in wheres
    assert "column 'e-mail', row 5" in wheres
    assert [where for _, _, where in _places(caio, path, "CREDIT_CARD")] == ["the text"]


def test_a_mail_with_a_picture_is_told_to_be_read_in_part(caio: Caio, tmp_path: Path) -> None:
    message = _mail()
    message.add_attachment(b"\x89PNG\0\1", maintype="image", subtype="png", filename="a.png")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    ran = caio("scan", "--json", str(tmp_path / "a.eml"))
    assert json.loads(ran.out)["files"][0]["truncated"] is True


# -- documents ---------------------------------------------------------------------------------


def _book(path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    first.append(["name", "email"])
    first["A4"], first["B4"] = "Tarn", MAIL
    hidden = book.create_sheet("more")
    hidden.sheet_state = "hidden"
    hidden["C3"] = OTHER
    first["A1"].comment = Comment("ask lea.sund@weide-werk.de", "x")
    first["A2"] = '=CONCATENATE("ida.moor@weide-werk.de", "x")'
    first["A3"] = "here"
    first["A3"].hyperlink = "mailto:uwe.kahl@weide-werk.de"
    book.properties.creator = "ole.brand@weide-werk.de"
    book.save(path)


def test_a_workbook_is_read_in_every_sheet_and_beside_its_cells(caio: Caio, tmp_path: Path) -> None:
    _book(tmp_path / "a.xlsx")
    places = _places(caio, tmp_path / "a.xlsx")
    assert (4, 2, "sheet 1, column 'email', row 4") in places
    assert (3, 3, "sheet 2, column 3, row 3") in places
    wheres = {where for _, _, where in places}
    assert wheres >= {"a comment", "a formula", "a link", "its properties"}
    assert len(places) == 6


def _letter(path: Path) -> None:
    letter = docx.Document()
    letter.add_paragraph("nothing")
    runs = letter.add_paragraph("write to jo.tarn@")
    runs.add_run("weide-werk.de").bold = True
    table = letter.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "name", "email"
    table.cell(1, 1).text = OTHER
    letter.sections[0].header.paragraphs[0].text = "lea.sund@weide-werk.de"
    letter.add_comment(runs.runs, text="ida.moor@weide-werk.de", author="x")
    letter.core_properties.author = "ole.brand@weide-werk.de"
    letter.save(str(path))


def test_a_letter_is_read_in_its_paragraphs_tables_heads_and_remarks(
    caio: Caio, tmp_path: Path
) -> None:
    _letter(tmp_path / "a.docx")
    places = _places(caio, tmp_path / "a.docx")
    assert (2, 10, "") in places
    wheres = {where for _, _, where in places}
    assert wheres >= {
        "table 1, column 'email', row 2", "header", "a comment", "its properties",
    }  # fmt: skip
    assert len(places) == 5


COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def _slides(path: Path) -> None:
    show = pptx.Presentation()
    layout = show.slide_layouts[6]
    show.slides.add_slide(layout)
    slide = show.slides.add_slide(layout)
    size = [Inches(1)] * 4
    slide.shapes.add_textbox(*size).text_frame.text = f"ask {MAIL}"
    slide.shapes.add_table(1, 1, *size).table.cell(0, 0).text = OTHER
    broken = slide.shapes.add_textbox(*size).text_frame
    broken.text = "two\vlines"
    slide.notes_slide.notes_text_frame.text = "lea.sund@weide-werk.de"
    third = show.slides.add_slide(layout)
    box = third.shapes.add_textbox(*size)
    box._element.nvSpPr.cNvPr.set("descr", "ida.moor@weide-werk.de")
    choice = third.shapes.add_textbox(*size)
    choice.text_frame.text = "eva.lind@weide-werk.de"
    around = etree.SubElement(choice._element.getparent(), f"{COMPATIBLE}AlternateContent")
    etree.SubElement(around, f"{COMPATIBLE}Choice").append(choice._element)
    group = third.shapes.add_group_shape()
    group.shapes.add_textbox(*size).text_frame.text = "uwe.kahl@weide-werk.de"
    show.core_properties.author = "ole.brand@weide-werk.de"
    show.save(str(path))


def test_slides_are_read_in_their_boxes_tables_groups_and_notes(caio: Caio, tmp_path: Path) -> None:
    _slides(tmp_path / "a.pptx")
    ran = caio("scan", "--json", str(tmp_path / "a.pptx"))
    found = [
        one for one in json.loads(ran.out)["files"][0]["findings"] if one["type"] == "EMAIL_ADDRESS"
    ]
    assert {one["count"] for one in found} == {1}
    wheres = sorted(one["where"] for one in found)
    assert wheres == ["its properties", *["slide 2"] * 3, *["slide 3"] * 3]


def _pdf(*pages: str) -> bytes:
    """Pages with a line of text each."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    font = 3 + 2 * len(pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
    ]
    for n, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * n} 0 R "
            f"/Resources << /Font << /F1 {font} 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>")
    out, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    return (
        f"{out}xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} "
        f"/Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode()


def test_a_pdf_is_read_page_by_page_whatever_it_is_called(caio: Caio, tmp_path: Path) -> None:
    for name in ("a.pdf", "a.txt", "noname"):
        (tmp_path / name).write_bytes(_pdf("nothing", f"write to {MAIL}", OTHER))
        wheres = [where for _, _, where in _places(caio, tmp_path / name)]
        assert wheres == ["page 2", "page 3"]


# -- what cannot be read -----------------------------------------------------------------------


def _locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(_pdf(MAIL)))
    writer.encrypt("hush", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _of(make: Callable[[Path], None], path: Path, **changed: bytes) -> bytes:
    """A document with some of its parts exchanged."""
    make(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    path.unlink()
    for stem, content in changed.items():
        name = next(name for name in parts if Path(name).stem == stem)
        parts[name] = content
    return _packed(parts)


BROKEN: dict[str, tuple[Callable[[Path], bytes], tuple[str, ...]]] = {
    "bomb.xlsx": (
        lambda p: _of(_book, p, sheet1=b"<a>" + MAIL.encode() + b" " * 100_000_000 + b"</a>"),
        ("unpacks to far more",),
    ),
    "bomb.docx": (
        lambda p: _of(_letter, p, document=b"<a>" + MAIL.encode() + b" " * 30_000_000 + b"</a>"),
        ("unpacks to far more",),
    ),
    "cut.xlsx": (lambda p: _of(_book, p)[:-200], ("damaged or protected",)),
    "cut.docx": (lambda p: _of(_letter, p)[:-200], ("damaged or protected",)),
    "cut.pptx": (lambda p: _of(_slides, p)[:-200], ("damaged or protected",)),
    "marks.docx": (lambda p: _of(_letter, p, document=f"<a>{MAIL}".encode()), ("damaged",)),
    "marks.xlsx": (lambda p: _of(_book, p, workbook=f"<a>{MAIL}".encode()), ("damaged",)),
    "locked.xlsx": (
        lambda p: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + MAIL.encode("utf-16-le") * 99,
        ("damaged or protected", "without a password"),
    ),
    "foreign.docx": (lambda p: _packed({"x.txt": MAIL.encode()}), ("damaged",)),
    "text.xlsx": (lambda p: MAIL.encode(), ("damaged",)),
    "text.pdf": (lambda p: MAIL.encode(), ("damaged",)),
    "cut.pdf": (lambda p: _pdf(MAIL)[:90], ("cannot be read",)),
    "locked.pdf": (lambda p: _locked_pdf(), ("protected with a password",)),
    "picture.pdf": (lambda p: _pdf(""), ("holds no text",)),
    "book.csv": (lambda p: _of(_book, p), ("is not text",)),
    "picture.png": (lambda p: b"\x89PNG\r\n\0" + MAIL.encode(), ("is not text",)),
    "packed.gz": (lambda p: zlib.compress(MAIL.encode() * 9, wbits=31) + b"\0", ("is not text",)),
    "zeros.json": (lambda p: b'{"a": "' + MAIL.encode() + b'\0"}', ("is not text",)),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_named_with_its_remedy_and_no_word_of_its_content(
    caio: Caio, tmp_path: Path, name: str
) -> None:
    make, words = BROKEN[name]
    path = tmp_path / name
    path.write_bytes(make(tmp_path / f"whole{path.suffix}"))
    started = time.monotonic()
    ran = caio("scan", str(path))
    assert time.monotonic() - started < 10
    ran.assert_refused(f"'{name}'", *words)
    assert len(ran.err.splitlines()) == 1
    assert ran.err.count(". ") >= 1  # what is wrong, and what to do
    for part in (MAIL, "jo.tarn", "weide", base64.b64encode(MAIL.encode()).decode()):
        assert part not in ran.said


def test_a_document_that_is_too_large_is_refused_before_it_is_read(
    caio: Caio, tmp_path: Path
) -> None:
    for name in ("a.json", "a.eml", "a.pdf"):
        with (tmp_path / name).open("wb") as file:
            file.write(b"%PDF-1.4\n" if name == "a.pdf" else b"{}\n\n")
            file.truncate(60_000_000)  # a hole: it takes no space
        caio("scan", str(tmp_path / name)).assert_refused(name, "60,000,000 bytes", "50,000,000")


def test_bad_entities_of_a_document_are_not_followed(caio: Caio, tmp_path: Path) -> None:
    (tmp_path / "hidden.txt").write_text(OTHER)
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/hidden.txt">]>'
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'{entity}<w:document xmlns:w="{main}"><w:body><w:p><w:r><w:t>{MAIL} &e;</w:t></w:r></w:p></w:body></w:document>'  # noqa: E501
    path = tmp_path / "a.docx"
    path.write_bytes(_of(_letter, tmp_path / "whole.docx", document=document.encode()))
    ran = caio("scan", str(path))
    ran.assert_refused("a.docx", "damaged")
    assert "weide" not in ran.said
