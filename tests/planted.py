"""Made-up values that must stay in memory, files of every kind with them in it, and the forms in
which one of them could still be told."""

# ruff: noqa: E501, PLW0108

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import json
import random
import re
import struct
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

_RANDOM = random.Random(7)  # the same made-up values in every run


def _digits(count: int) -> str:
    return "".join(_RANDOM.choices("0123456789", k=count))


def _letters(count: int) -> str:
    return "".join(_RANDOM.choices("bcdfghjklmnpqrstvwxz", k=count))


def _mixed(count: int) -> str:
    return "".join(
        _RANDOM.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", k=count)
    )


def _card() -> str:
    body = f"4{_digits(14)}"
    number = body + luhn.calc_check_digit(body)
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def _iban() -> str:
    body = _digits(18)
    number = f"DE{mod_97_10.calc_check_digits(f'{body}DE')}{body}"
    return " ".join(number[at : at + 4] for at in range(0, 22, 4))


@dataclass(frozen=True)
class Seed:
    """A made-up value. `parts` are the pieces of it that tell it, where it is not one."""

    kind: str
    text: str
    parts: tuple[str, ...] = ()
    word: str = ""  # the name of a column or key that holds such a value

    @cached_property
    def traces(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """What must not be found: in a text as it is, in one without case, and in one of
        letters and digits alone."""
        exact, plain, squeezed = set[str](), set[str](), set[str]()
        for part in self.parts or (self.text,):
            plain |= {part, part[-8:], _escaped(part), urllib.parse.quote(part), html.escape(part)}
            squeezed |= {squeeze(part), squeeze(part)[-8:]}
            for form in {part, re.sub(r"[\s\-]", "", part), squeeze(part)}:
                content = form.encode()
                exact |= set(_base64(content))
                plain.add(content.hex())
                for hashed in (hashlib.sha256, hashlib.sha1, hashlib.md5):
                    plain.add(hashed(content).hexdigest())
                    exact.add(base64.b64encode(hashed(content).digest()).decode()[:-2])
        lower = frozenset(form.casefold() for form in plain if len(form) >= 8)
        return frozenset(exact), lower, frozenset(form for form in squeezed if len(form) >= 8)


def squeeze(text: str) -> str:
    """The letters and digits of a text."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def _base64(content: bytes) -> Iterator[str]:
    """What is the same of its base64 form wherever it begins in an encoded text."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + content).decode().rstrip("=")
        part = encoded[(0, 2, 3)[before] : -1]
        if len(part) >= 8:
            yield part


_NAME = f"Xaver{_letters(3)}ine Qu\u00f6{_letters(3)}moor"
_PEM = [_mixed(64) for _ in range(12)]
_HIDDEN = _card()
SEEDS: dict[str, Seed] = {
    seed.kind: seed
    for seed in (
        Seed("card", _card(), word="card number"),
        Seed("account", _iban(), word="IBAN"),
        Seed("ssn", f"51{_digits(1)}-4{_digits(1)}-7{_digits(3)}", word="SSN"),
        Seed("phone", f"+49 151 2{_digits(3)} {_digits(4)}", word="phone"),
        Seed("mail", f"{_letters(7)}.{_letters(6)}@{_letters(9)}.org", word="e-mail"),
        Seed("name", _NAME, word="name"),
        Seed("token", f"ghp_{_mixed(36)}", word="token"),
        Seed("key", f"AKIA{_mixed(16).upper()}", word="aws_access_key_id"),
        Seed("password", f"{_mixed(5)}!{_mixed(5)}7$x", word="password"),
        Seed("private key", "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(_PEM)
             + "\n-----END RSA PRIVATE KEY-----", tuple(_PEM), "key"),
        Seed("health", f"{_letters(6).title()} {_letters(7).title()} has had diabetes since "
             f"the birth of {_letters(9).title()}", word="diagnosis"),
        Seed("encoded", base64.b64encode(f"card number {_HIDDEN}".encode()).decode(),
             (_HIDDEN, base64.b64encode(f"card number {_HIDDEN}".encode()).decode()), "data"),
    )
}  # fmt: skip
LINES = "".join(f"{seed.word}: {seed.text}\n" for seed in SEEDS.values())
ROW = [seed.text for seed in SEEDS.values()]
WORDS = [seed.word for seed in SEEDS.values()]


def told(text: str, seeds: Iterable[Seed] = tuple(SEEDS.values())) -> list[str]:
    """The kinds of seed that a text tells, each with the form it is told in."""
    lower, squeezed = text.casefold(), squeeze(text)
    found = []
    for seed in seeds if text else ():
        exact, plain, bare = seed.traces
        forms = [f for f in exact if f in text] + [f for f in plain if f in lower]
        forms += [f for f in bare if f in squeezed]
        if forms:
            found.append(f"{seed.kind}: {min(forms, key=len)}")
    return found


def kinds_told(text: str) -> set[str]:
    """The kinds alone."""
    return {seed.kind for seed in SEEDS.values() if told(text, [seed])}


def told_by_bytes(content: bytes, seeds: Iterable[Seed] = tuple(SEEDS.values())) -> list[str]:
    """The same of a file, in whatever encoding and whether it is a zip archive or not."""
    seeds = tuple(seeds)
    texts = [content.decode(encoding, "replace") for encoding in ("utf-8", "cp1252")]
    if b"\0" in content:
        texts += [content[at:].decode("utf-16-le", "replace") for at in (0, 1)]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                part = archive.read(name).decode("utf-8", "replace")
                texts += [name, part, html.unescape(re.sub(r"<[^>]*>", "", part))]
    return sorted({found for text in texts for found in told(text, seeds)})


# -- files -------------------------------------------------------------------------------------


def _csv(rows: Iterable[Iterable[str]], between: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=between).writerows(rows)
    return out.getvalue().encode()


def _zip(parts: Mapping[str, str | bytes], flags: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    content = out.getvalue()
    if flags:  # as if each member were encrypted
        content = content.replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0")
        content = content.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")
    return content


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SEEDS["name"].text
    sheet.append(WORDS)
    for number in range(10):
        sheet.append([f"{text}{' ' * (number % 2)}" for text in ROW])
    sheet["A2"].comment = Comment(LINES, SEEDS["name"].text)
    hidden = book.create_sheet("more")
    hidden.sheet_state = "hidden"
    hidden.append(ROW)
    hidden["A3"] = f'=CONCATENATE("{SEEDS["mail"].text}", "x")'
    hidden["A4"].hyperlink = f"mailto:{SEEDS['mail'].text}"
    sheet.oddHeader.left.text = SEEDS["mail"].text
    book.properties.creator = SEEDS["mail"].text
    book.properties.title = SEEDS["card"].text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_with(sheet: str, strings: str = "") -> bytes:
    """A workbook whose one sheet or shared strings are these, right or not."""
    with zipfile.ZipFile(io.BytesIO(_xlsx())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        f'2006/main"><sheetData>{sheet}</sheetData></worksheet>'
    ).encode()
    if strings:
        parts["xl/sharedStrings.xml"] = strings.encode()
    return _zip(parts)


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORMAT = "application/vnd.openxmlformats-officedocument"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _office(main: str, kind: str, parts: Mapping[str, tuple[str, str]]) -> dict[str, str | bytes]:
    """The parts of a document; each has the relation and the type that the main one needs."""
    overrides = f'<Override PartName="/{main}" ContentType="{_FORMAT}.{kind}.main+xml"/>'
    relations = ""
    for number, (name, (relation, content_type)) in enumerate(parts.items(), 10):
        overrides += f'<Override PartName="/{name}" ContentType="{_FORMAT}.{content_type}+xml"/>'
        target = f"/{name}"
        relations += (
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/{relation}" Target="{target}"/>'
        )
    folder, _, file = main.rpartition("/")
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator>{SEEDS['mail'].text}</dc:creator><dc:title>{SEEDS['card'].text}</dc:title>"
        "</cp:coreProperties>"
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="'
        'application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/docProps/core.xml" ContentType="'
        f'application/vnd.openxmlformats-package.core-properties+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="'
        f'{_OFFICE}/officeDocument" Target="{main}"/><Relationship Id="rId2" Type="http://schemas.'
        'openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="'
        'docProps/core.xml"/></Relationships>',
        f"{folder}/_rels/{file}.rels": f'<Relationships xmlns="{_RELATIONS}">{relations}'
        "</Relationships>",
        "docProps/core.xml": core,
    }


def _paragraphs(lines: Iterable[str]) -> str:
    """Paragraphs whose runs cut each line in the middle, as editing does."""
    found = ""
    for line in lines:
        half = len(line) // 2
        runs = "".join(
            f'<w:r><w:t xml:space="preserve">{html.escape(part)}</w:t></w:r>'
            for part in (line[:half], line[half:])
        )
        found += f"<w:p>{runs}</w:p>"
    return found


def _docx(inside: str = "") -> bytes:
    beside = {
        "word/header1.xml": ("header", "wordprocessingml.header"),
        "word/footnotes.xml": ("footnotes", "wordprocessingml.footnotes"),
        "word/comments.xml": ("comments", "wordprocessingml.comments"),
    }
    parts = _office("word/document.xml", "wordprocessingml.document", beside)
    lines = LINES.splitlines()
    body = _paragraphs(lines)
    cells = "".join(f"<w:tc>{_paragraphs([text])}</w:tc>" for text in ROW[:4])
    author = SEEDS["mail"].text
    removed = (
        f'<w:del w:id="1" w:author="{author}"><w:r><w:delText>{ROW[0]}</w:delText></w:r></w:del>'
    )
    added = f'<w:ins w:id="2" w:author="{author}"><w:r><w:t>{ROW[1]}</w:t></w:r></w:ins>'
    spaces = f'xmlns:w="{_W}" xmlns:r="{_OFFICE}"'
    parts["word/document.xml"] = (
        f'<?xml version="1.0"?><w:document {spaces}><w:body>{inside or body}<w:tbl><w:tr>{cells}'
        f"</w:tr></w:tbl><w:p>{removed}{added}</w:p><w:sectPr/></w:body></w:document>"
    )
    note = f'w:id="3" w:author="{author}" w:initials="x"'
    parts["word/header1.xml"] = f"<w:hdr {spaces}>{_paragraphs(lines)}</w:hdr>"
    parts["word/footnotes.xml"] = (
        f'<w:footnotes {spaces}><w:footnote w:id="4">{_paragraphs(lines)}</w:footnote></w:footnotes>'
    )
    parts["word/comments.xml"] = (
        f"<w:comments {spaces}><w:comment {note}>{_paragraphs(lines)}</w:comment></w:comments>"
    )
    return _zip(parts)


def _pptx() -> bytes:
    draw = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    show = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    beside = {"ppt/slides/slide1.xml": ("slide", "presentationml.slide")}
    parts = _office("ppt/presentation.xml", "presentationml.presentation", beside)
    text = "".join(f"<a:p><a:r><a:t>{html.escape(t)}</a:t></a:r></a:p>" for t in LINES.splitlines())
    parts["ppt/presentation.xml"] = (
        f'<p:presentation {show} xmlns:r="{_OFFICE}"><p:sldIdLst><p:sldId id="256" r:id="rId10"/>'
        "</p:sldIdLst></p:presentation>"
    )
    parts["ppt/slides/slide1.xml"] = (
        f'<p:sld {show} {draw}><p:cSld name="{SEEDS["mail"].text}"><p:spTree><p:nvGrpSpPr>'
        '<p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp>'
        f'<p:nvSpPr><p:cNvPr id="2" name="{SEEDS["name"].text}"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f"<p:spPr/><p:txBody><a:bodyPr/>{text}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
    )
    return _zip(parts)


def _pdf(trailer: bytes = b"", packed: bool = True) -> bytes:
    """One page with a line of text for each seed."""
    lines = LINES.replace("(", "[").replace(")", "]").splitlines()
    shown = " ".join(f"({line}) '" for line in lines)
    stream = f"BT /F1 9 Tf 12 TL 40 800 Td {shown} ET".encode("cp1252")
    filters = b""
    if packed:
        stream, filters = zlib.compress(stream), b"/Filter /FlateDecode "
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< %s/Length %d >>\nstream\n%s\nendstream" % (filters, len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        f"<< /Author ({SEEDS['mail'].text}) /Title ({SEEDS['card'].text}) >>".encode(),
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, trailer, start,
    )  # fmt: skip
    return bytes(out)


def _mail() -> bytes:
    seed = {kind: found.text for kind, found in SEEDS.items()}
    attached = base64.encodebytes(_csv([WORDS, ROW, ROW])).decode()
    book = base64.encodebytes(_xlsx()).decode()
    packed = base64.encodebytes(LINES.encode()).decode()
    return (
        f"From: =?utf-8?q?{urllib.parse.quote(seed['name']).replace('%', '=')}?= <{seed['mail']}>\n"
        f"To: {seed['mail']}\nSubject: {seed['card']}\nX-Note: {seed['health']}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{LINES}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{packed}\n"
        f'--b\nContent-Type: text/csv; name="{seed["mail"]}.csv"\n'
        f"Content-Transfer-Encoding: base64\n\n{attached}\n"
        f'--b\nContent-Type: application/octet-stream; name="{seed["name"]}.xlsx"\n'
        f"Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{book}\n--b--\n"
    ).encode()


def _json(value: object, **how: object) -> bytes:
    return json.dumps(value, **how).encode()  # type: ignore[arg-type]


_RECORD = dict(zip(WORDS, ROW, strict=True))
_SOURCE = "".join(
    f"{re.sub(r'[^a-z]', '_', s.word.lower())} = {s.text!r}\n" for s in SEEDS.values()
)
_SETTINGS = "".join(
    f"{re.sub(r'[^A-Z]', '_', s.word.upper())}={json.dumps(s.text)}\n" for s in SEEDS.values()
)
_HTML = f"<html><head><title>{ROW[0]}</title></head><body>" + "".join(
    f"<p title='{html.escape(t, quote=True)}'>{html.escape(t)}</p>" for t in LINES.splitlines()
) + f"<!-- {LINES} --><script>var x = '{ROW[4]}'</script></body></html>"  # fmt: skip
_BOMB = "<!DOCTYPE x [" + f'<!ENTITY a0 "{ROW[0]}">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)
) + '<!ENTITY out SYSTEM "file:///etc/hostname">]>'  # fmt: skip

# Files that can be read, where the program knows their format.
GOOD: dict[str, Callable[[], bytes]] = {
    "lines.txt": lambda: LINES.encode(),
    "notes.md": lambda: f"# {ROW[5]}\n\n{LINES}\n| a | b |\n|---|---|\n| {ROW[0]} | {ROW[4]} |\n".encode(),
    "table.csv": lambda: _csv([WORDS, *[ROW] * 12]),
    "semicolon.csv": lambda: _csv([WORDS, *[ROW] * 12], ";"),
    "table.tsv": lambda: _csv([WORDS, *[ROW] * 12], "\t"),
    "headless.csv": lambda: _csv([ROW] * 12),
    "headless.tsv": lambda: _csv([ROW], "\t"),
    "named.csv": lambda: _csv([ROW, *[ROW[1:] + ROW[:1]] * 12]),
    "people.csv": lambda: _csv([[ROW[5], ROW[10], "a"], *[[ROW[5], ROW[10], ROW[4]]] * 12]),
    "people.json": lambda: _json({ROW[5]: {"mail": ROW[4], f"{ROW[5]} phone": ROW[3]}}),
    "record.json": lambda: _json(_RECORD),
    "records.json": lambda: _json([_RECORD] * 12, indent=1, ensure_ascii=False),
    "keyed.json": lambda: _json({text: {text: [text, {text: text}]} for text in ROW}),
    "keyed records.json": lambda: _json([dict.fromkeys(ROW, ROW[0]) for _ in range(9)]),
    "lines.jsonl": lambda: b"\n".join(_json(_RECORD) for _ in range(9)),
    "keyed.jsonl": lambda: b"\n".join(_json({text: text}) for text in ROW),
    "settings.env": lambda: _SETTINGS.encode(),
    ".env": lambda: _SETTINGS.encode(),
    "settings.ini": lambda: f"[{ROW[4]}]\n{_SETTINGS}".encode(),
    "settings.yaml": lambda: "".join(f"{w}: {json.dumps(t)}\n" for w, t in _RECORD.items()).encode(),
    "mail.eml": _mail,
    "page.html": lambda: _HTML.encode(),
    "page.xml": lambda: f"<a b={json.dumps(ROW[4])}>{html.escape(LINES)}</a>".encode(),
    "book.xlsx": _xlsx,
    "letter.docx": _docx,
    "slides.pptx": _pptx,
    "page.pdf": _pdf,
    "plain.pdf": lambda: _pdf(packed=False),
    "source.py": lambda: _SOURCE.encode(),
    "marked.txt": lambda: b"\xef\xbb\xbf" + LINES.encode(),
    "wide.txt": lambda: LINES.encode("utf-16"),
    "western.txt": lambda: LINES.encode("cp1252"),
    "western.csv": lambda: _csv([WORDS, ROW]).decode().encode("cp1252"),
    "one line.txt": lambda: LINES.replace("\n", " ").encode(),
}  # fmt: skip

# Files at which reading fails, at once or half way.
BAD: dict[str, Callable[[], bytes]] = {
    "broken.json": lambda: _json(_RECORD)[:-1] + b', "x": oops}',
    "cut.json": lambda: _json([_RECORD] * 9)[:-40],
    "twice.json": lambda: _json(_RECORD) * 2,
    "deep.json": lambda: b'{"a":' * 3_000 + _json(_RECORD) + b"}" * 3_000,
    "deeper.json": lambda: b"[" * 100_000 + _json(_RECORD),
    "number.json": lambda: b'{"card number": ' + b"9" * 5_000 + b', "x": "' + ROW[0].encode(),
    "broken.jsonl": lambda: _json(_RECORD) + b"\n{" + LINES.encode() + b"\n" + _json(_RECORD),
    "half.txt": lambda: LINES.encode() + b"\xff\xfe\x80" + LINES.encode(),
    "zero.txt": lambda: LINES.encode() + b"\0" * 50 + LINES.encode(),
    "wide without mark.txt": lambda: LINES.encode("utf-16-le"),
    "wide cut.txt": lambda: LINES.encode("utf-16")[:-1],
    "surrogate.json": lambda: b'{"' + ROW[0].encode() + b'": "\\ud800 ' + ROW[4].encode() + b'"}',
    "quote.csv": lambda: _csv([WORDS, ROW]) + b'"' + LINES.encode(),
    "ragged.csv": lambda: _csv([WORDS, ROW[:3], ROW * 3, [], ROW]),
    "columns.csv": lambda: _csv([WORDS * 200, ROW * 200]),
    "long cell.csv": lambda: _csv([["a", ROW[4]], [LINES * 400, ROW[0]]]),
    "zero.csv": lambda: _csv([WORDS, ROW]) + b"\0\0" + _csv([ROW]),
    "mail broken.eml": lambda: _mail()[: len(_mail()) // 2].replace(b"base64", b"x-unknown"),
    "mail charset.eml": lambda: _mail().replace(b"charset=utf-8", b"charset=" + ROW[4].encode()),
    "mail bytes.eml": lambda: _mail().replace(b"\n\n", b"\n\n\xff\xfe"),
    "mail deep.eml": lambda: b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' * 300 + _mail(),
    "page.html.cut.html": lambda: _HTML.encode()[:-60],
    "markup.html": lambda: f"<!DOCTYPE {ROW[4]} [<!{LINES}]><![{LINES}[&#x{'f' * 50};<".encode(),
    "cut.xlsx": lambda: _xlsx()[:-500],
    "half.xlsx": lambda: _xlsx()[: len(_xlsx()) // 2],
    "date.xlsx": lambda: _xlsx_with(
        f'<row r="1"><c r="A1" t="d"><v>{ROW[0]}</v></c></row>'
        f'<row r="2"><c r="A2" t="n"><v>{ROW[4]}</v></c></row>'),
    "serial.xlsx": lambda: _xlsx_with(
        "".join(f'<row r="1"><c r="A1" s="{n}"><v>{squeeze(ROW[0])}</v></c></row>'
                for n in range(3))),
    "strings.xlsx": lambda: _xlsx_with(
        f'<row r="1"><c r="A1" t="s"><v>99999</v></c><c r="B1" t="inlineStr"><is><t>{ROW[0]}</t>'
        '</is></c></row>', f"<sst><si><t>{ROW[4]}</t></si><si>{ROW[0]}"),
    "place.xlsx": lambda: _xlsx_with(f'<row r="{ROW[4]}"><c r="{ROW[0]}"><v>{ROW[1]}</v></c></row>'),
    "markup.xlsx": lambda: _xlsx_with(f"<row><{ROW[4]}><c r='A1'><v>{ROW[0]}</c>"),
    "bomb.xlsx": lambda: _xlsx_with(
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>{LINES}</t></is></c></row>'.replace("&", "+")
        + '<row r="2"><c r="A2" t="inlineStr"><is><t>' + "x" * 120_000_000 + "</t></is></c></row>"),
    "locked.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + LINES.encode("utf-16-le") * 9,
    "locked.docx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + LINES.encode("utf-16-le") * 9,
    "sealed.xlsx": lambda: _zip({"xl/workbook.xml": LINES, "[Content_Types].xml": LINES}, flags=1),
    "foreign.xlsx": lambda: _zip({f"{ROW[4]}.txt": LINES}),
    "foreign.docx": lambda: _zip({f"{ROW[4]}.txt": LINES}),
    "markup.docx": lambda: _docx(f"<w:p><w:r><w:t>{ROW[0]}</w:r><{ROW[4]}>"),
    "entities.docx": lambda: _zip({
        **_office("word/document.xml", "wordprocessingml.document", {}),
        "word/document.xml": f'<?xml version="1.0"?>{_BOMB}<w:document xmlns:w="{_W}"><w:body>'
        "<w:p><w:r><w:t>&a8;&out;</w:t></w:r></w:p></w:body></w:document>"}),
    "cut.docx": lambda: _docx()[:-300],
    "cut.pptx": lambda: _pptx()[:-300],
    "cut.pdf": lambda: _pdf()[: len(_pdf()) // 2],
    "locked.pdf": lambda: _pdf(b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >> "
                               % (b"o" * 32, b"u" * 32)),
    "strange.pdf": lambda: _pdf(b"/Encrypt << /Filter /%s >> " % ROW[4].encode()),
    "stream.pdf": lambda: _pdf(packed=False).replace(b"/Length", b"/Filter /FlateDecode /Length"),
    "table as.xlsx": lambda: _csv([WORDS, ROW]),
    "table as.pdf": lambda: _csv([WORDS, ROW]),
    "book as.csv": _xlsx,
    "book as.txt": _xlsx,
    "page as.docx": _pdf,
    "image.png": lambda: b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + LINES.encode(),
    "packed.gz": lambda: zlib.compress(LINES.encode(), wbits=31),
    "archive.zip": lambda: _zip({f"{ROW[4]}.txt": LINES}),
    "nothing.txt": lambda: b"",
    "one long line.txt": lambda: LINES.replace("\n", " ").encode() * 400,
    "no ending": lambda: LINES.encode(),
}  # fmt: skip


@cache
def content_of(name: str) -> bytes:
    """What is in one of the files."""
    return {**GOOD, **BAD}[name]()


def plant(folder: Path, names: Iterable[str]) -> list[Path]:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [folder / name for name in names]
    for path in found:
        path.write_bytes(content_of(path.name))
    return found


def neighbours(folder: Path) -> None:
    """Files whose names are seeds; no answer about another file names them."""
    for kind in ("card", "account", "ssn", "phone", "mail", "name", "token", "password"):
        (folder / f"{SEEDS[kind].text.replace('/', '_')}.txt").write_text(SEEDS[kind].text)
