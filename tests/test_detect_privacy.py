"""No value that is looked at leaves memory: not in answers, errors, logs, files, names or hashes.

Made-up values stand in files of every kind, right and broken; everything that looks into data
gets all of them, and nothing of what comes out may tell one. A terminal may show a value masked.
"""

from __future__ import annotations

import io
import json
import logging
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

import caio_mcp.scanning as scanning
from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.core.detectors.scan import find
from caio_mcp.core.detectors.scanned import scanned
from caio_mcp.core.detectors.views import views
from caio_mcp.errors import CaioError
from caio_mcp.samples import Table
from caio_mcp.samples.reading import read_sample
from caio_mcp.server.app import build_server
from caio_mcp.server.logs import ContentFreeFormatter
from caio_mcp.service import UseRequest
from caio_mcp.settings import ROLES, Settings, load_settings
from hostile import Place, quickly
from planted import (
    BAD,
    GOOD,
    LINES,
    ROW,
    SEEDS,
    content_of,
    kinds_told,
    neighbours,
    plant,
    told,
    told_by_bytes,
)
from test_hostile_server import Served, call, request

EVERY = [*GOOD, *BAD]
BIG = {"bomb.xlsx", "columns.csv", "long cell.csv", "one long line.txt"}  # slow, so not everywhere
DATA_ARGUMENTS = {
    ("check_model", "path"),
    ("check_model", "text"),
    ("check_use", "path"),
    ("check_use", "sample"),
    ("redact_copy", "path"),
    ("scan_data", "path"),
    ("scan_data", "sample"),
}
USE: dict[str, dict[str, Any]] = {
    "check_use": {"task": "summarise", "tool": "ChatGPT Business", "facts": ["data.level=internal"]}
}
MODELS = {"text": {"models": ["gpt-4o"]}}  # not beside a path
# What was to be a sample and was given as a path, by mistake. A few words are shown as the name
# of a file that is not there, so that a slip of the pen is seen; the name of a person is that.
PASTED = [seed.text for seed in SEEDS.values() if seed.kind != "name"]
SAMPLES = [
    LINES,
    *ROW,
    *(content_of(name).decode("utf-8", "replace") for name in EVERY if name not in BIG),
]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace, and a folder `data` beside it that is opened."""
    found = Place(tmp_path)
    plant(tmp_path / "data", EVERY)
    neighbours(tmp_path / "data")
    return found


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server would write to standard error, of all levels."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ContentFreeFormatter())
    logger = logging.getLogger()
    before, logger.level = logger.level, logging.DEBUG
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)
    logger.level = before


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def settings_of(place: Place, folder: Path) -> Settings:
    return load_settings(
        workspace=str(place.workspace),
        policy="acme",
        environment={"CAIO_MCP_ROLES": ",".join(ROLES), "CAIO_MCP_FOLDERS": str(folder)},
    )


def kept_by(place: Place) -> list[tuple[str, str]]:
    """What the workspace, the home and the current folder tell."""
    return [
        (str(path.relative_to(place.folder)), kind)
        for top in (place.home, place.workspace, place.current)
        for path in filter(Path.is_file, top.rglob("*"))
        for kind in told_by_bytes(path.read_bytes()) + told(path.name)
    ]


def lie_about(folder: Path, besides: Path) -> list[tuple[str, str]]:
    """What was left in a folder of samples beside them and their copies."""
    known = {*EVERY, *(path.name for path in besides.glob("*.txt"))}
    return [
        (path.name, kind)
        for path in folder.iterdir()
        if path.name not in known and ".redacted" not in path.name
        for kind in told_by_bytes(path.read_bytes()) or ["left over"]
    ]


def calls(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every tool with every file and every sample, and with what is wrong with them."""
    names = [*EVERY, "not there.txt", ".", "", "mail.eml/x", f"{SEEDS['name'].text[:9]}.txt"]
    for tool, argument in sorted(DATA_ARGUMENTS):
        usual = USE.get(tool, {})
        if argument in ("sample", "text"):
            for sample in SAMPLES:
                yield tool, {**usual, **MODELS.get(argument, {}), argument: sample}
            continue
        for name in names:
            yield tool, {**usual, "path": str(folder / name)}
        for seed in PASTED:
            yield tool, {**usual, "path": seed}
            yield tool, {**usual, "path": str(folder / seed)}
        yield tool, {**usual, "path": str(folder / "table.csv"), "sample": LINES}
        for wrong in ([LINES], {LINES: 1}, None, 5):
            yield tool, {**usual, "path": wrong, "sample": wrong, ROW[0]: ROW[1]}
    for only in (["personal"], ROW, [LINES], LINES):
        yield "redact_copy", {"path": str(folder / "table.csv"), "only": only}


def test_every_argument_that_takes_data_is_tried(place: Place) -> None:
    """A tool or a command that looks into data is found here before it is forgotten below."""
    service = build_service(settings := settings_of(place, place.folder))
    try:
        tools = build_server(service, build_caller(settings))._tool_manager.list_tools()
    finally:
        service.close()
    taken = {
        (tool.name, name)
        for tool in tools
        for name in tool.parameters["properties"]
        if name in ("path", "paths", "sample", "text", "file", "content")
    }
    assert taken == DATA_ARGUMENTS


async def test_no_tool_tells_a_value_of_the_data(
    place: Place, log: io.StringIO, temporary: Path
) -> None:
    folder, found = place.folder / "data", list[Any]()
    settings = settings_of(place, folder)
    service = build_service(settings)
    looked = refused = 0
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            server = build_server(service, build_caller(settings), settings.detection)
            async with Client(server) as c:
                for tool, arguments in calls(folder):
                    answer = await c.call_tool(tool, arguments)
                    looked, refused = looked + (not answer.is_error), refused + answer.is_error
                    said = answer.model_dump_json() + answer.model_dump_json(ensure_ascii=True)
                    said = said.replace(str(folder), "")
                    about = tool, {n: str(v)[-40:] for n, v in arguments.items()}
                    found += [(about, kind) for kind in told(said)]
                assert kept_by(place) == []  # while it runs the -wal lies beside the register
        found += [("warning", kind) for w in warned for kind in told(str(w.message))]
    finally:
        service.close()
    assert looked > 200
    assert refused > 50
    assert found == []
    assert kept_by(place) == []
    assert lie_about(folder, folder) == []
    assert list(temporary.iterdir()) == []
    assert told(log.getvalue()) == []


async def test_an_entry_that_rests_on_a_scan_holds_no_value(place: Place) -> None:
    folder = place.folder / "data"
    settings = settings_of(place, folder)
    service = build_service(settings)
    try:
        server = build_server(service, build_caller(settings), settings.detection)
        async with Client(server) as c:
            for number, name in enumerate(("table.csv", "named.csv", "book.xlsx", "keyed.json")):
                checked = await c.call_tool(
                    "check_use", {**USE["check_use"], "path": str(folder / name)}
                )
                assert checked.structured_content is not None
                added = await c.call_tool(
                    "register_use",
                    {"check": checked.structured_content["check"], "title": f"Use {number}"},
                )
                assert not added.is_error, added.content[0]
                for answer in (checked, added):
                    assert told(answer.model_dump_json(ensure_ascii=True)) == [], name
        assert kept_by(place) == []
    finally:
        service.close()
    assert kept_by(place) == []


def test_no_process_that_serves_tells_a_value(
    place: Place, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place.folder / "data"
    monkeypatch.setenv("CAIO_MCP_FOLDERS", str(folder))
    served = Served(place.workspace)
    try:
        number = 0
        for number, (tool, arguments) in enumerate(calls(folder), 1):
            if number % 3 and str(arguments.get("path"))[-4:] not in ("xlsx", "docx", ".pdf"):
                continue  # the same code as in memory; a third of it shows the process
            served.send(request("tools/call", {"name": tool, "arguments": arguments}, number))
            answer = json.dumps(served.answer(number), ensure_ascii=False).replace(str(folder), "")
            assert told(answer) == [], (tool, str(arguments)[-60:])
        served.send(call(90_001, data=["press release"]))
        served.answer(90_001)
        served.input.close()
        assert served.ended() == 0
    finally:
        served.process.kill()
        served.output.close()
    assert told(served.said_in_log()) == []
    for said in served.messages():
        assert told(json.dumps(said).replace(str(folder), "")) == [], said
    assert kept_by(place) == []
    assert list(temporary.iterdir()) == []


# -- commands ------------------------------------------------------------------------------


def lines_of(folder: Path) -> list[list[str]]:
    """Every command that looks into data, with every file."""
    tried: list[list[str]] = []
    for path in [*EVERY, "not there.txt", "mail.eml/x"]:
        name = str(folder / path)
        tried += [
            ["scan", name],
            ["scan", "--least", "low", "--json", name],
            ["scan", "--format", "sarif", name],
            ["check", *(["--json"] if len(tried) % 2 else []), "--path", name],
            ["redact", "--json", name],
            ["models", "scan-code", name],
            ["models", "count", "--json", name],
        ]
        if path.startswith(("table", "book", "cut")):
            tried += [["redact", name], ["redact", "--only", "personal", name]]
            tried += [["scan", "--jsonl", name], ["scan", "--jsonl", name, "--field", "name"]]
    for seed in PASTED:
        tried += [["scan", "--json", seed], ["redact", seed], ["check", "--path", seed]]
        tried += [["scan", "--jsonl", seed], ["scan", "--format", seed, "x"]]
        tried += [["models", "scan-code", seed], ["models", "count", seed]]
        tried += [["scan", "--jsonl", str(folder / "lines.jsonl"), "--field", seed]]
    return tried


def test_no_command_tells_a_value_of_the_data(place: Place, temporary: Path) -> None:
    folder = place.folder / "data"
    tried, found = lines_of(folder), list[Any]()
    with quickly():
        every = place.run_all(tried, environment={"TMPDIR": str(temporary)})
    for line, ran in zip(tried, every, strict=True):
        about = [part.replace(str(folder), "data") for part in line]
        said = ran.said.replace(str(folder), "")
        found += [(about, kind) for kind in told(said)]
        assert ran.status in (0, 1, 2, 3), (about, ran.err[-800:])
        assert "Traceback" not in ran.said, (about, ran.err[-800:])
        found += [
            (about, "wrote", path)
            for path in ran.wrote
            if not place.inside(path)
            # openpyxl puts a sheet of a copy together in a temporary file.
            and not (line[0] == "redact" and path.startswith((str(folder), str(temporary))))
        ]
    assert found == []
    assert {ran.status for ran in every} == {0, 1, 2, 3}
    assert kept_by(place) == []
    assert lie_about(folder, folder) == []
    assert list(temporary.iterdir()) == []


def test_lines_and_folders_tell_no_value_either(place: Place, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    plant(alone, [name for name in EVERY if name not in BIG])
    texts = [
        *(json.dumps({"text": sample}) for sample in SAMPLES),
        *(json.dumps({text: text}) for text in ROW),
        *(json.dumps([text]) for text in ROW),
        *(f'{{"text": "{text.splitlines()[0]}' for text in ROW),
        *(text.splitlines()[0] for text in ROW),
    ]
    with quickly():
        lines = place.run("scan", "--jsonl", "-", stdin="\n".join(texts).encode())
        every = place.run_all(
            [["scan", *how, str(alone)] for how in ([], ["--json"], ["--format", "sarif"])]
        )
    assert len(lines.out.splitlines()) == len(texts)
    for ran in (lines, *every):
        assert "Traceback" not in ran.said
        assert told(ran.said) == []
    assert kept_by(place) == []


def test_a_chat_gets_no_masked_value_and_a_terminal_does(place: Place) -> None:
    ran = place.run("scan", "--json", str(place.folder / "data" / "lines.txt"))
    masked = [f["masked"] for f in json.loads(ran.out)["files"][0]["findings"]]
    assert any(text.endswith(ROW[1][-2:]) for text in masked), masked  # of the account
    for kind in ("card", "account", "mail", "token", "encoded"):
        assert all(SEEDS[kind].text not in text for text in masked)
    report, what = scanning.Desk(is_anywhere=True).look(str(place.folder / "data" / "lines.txt"))
    assert "*" not in json.dumps(scanned(report, what).summary)


# -- copies --------------------------------------------------------------------------------

NOT_COPIED = (".pptx", ".pdf", ".eml")
COPIED = [name for name in GOOD if not name.endswith(NOT_COPIED)]


@pytest.mark.parametrize("name", COPIED)
def test_a_copy_holds_in_no_part_of_it_what_was_found(place: Place, name: str) -> None:
    path = place.folder / "data" / name
    before = path.read_bytes()
    desk = scanning.Desk(is_anywhere=True)
    report, _ = desk.look(str(path))
    values = [finding.value for finding in report.at_least("medium")]
    seeds = [SEEDS[kind] for kind in kinds_told("\n".join(values))]
    assert {s.kind for s in seeds} >= {"mail"}, [s.kind for s in seeds]
    copy = desk.copy(str(path))
    assert path.read_bytes() == before
    assert told_by_bytes(copy.path.read_bytes(), seeds) == []
    assert told(copy.path.name, seeds) == []


def test_a_value_is_taken_out_in_each_of_its_spellings(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    account = ROW[1]
    filler = "Nothing of note stands here, and a good deal of it. " * 9
    path.write_text(f"IBAN: {account}\n{filler}\n{account.replace(' ', '')}\n{filler}\n"
                    f"{account.replace(' ', '-')}\n")  # fmt: skip
    copy = scanning.Desk(is_anywhere=True).copy(str(path))
    assert told_by_bytes(copy.path.read_bytes(), [SEEDS["account"]]) == []
    assert copy.path.read_text().count("<IBAN_CODE_1>") == 3, copy.path.read_text()


@pytest.mark.parametrize("name", BAD)
def test_a_copy_that_could_not_be_made_leaves_nothing(tmp_path: Path, name: str) -> None:
    (path,) = plant(tmp_path, [name])
    try:
        copy = scanning.Desk(is_anywhere=True).copy(str(path)).path
    except CaioError:
        assert [p.name for p in tmp_path.iterdir()] == [name]
    else:
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, copy.name])


# -- inside --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_nothing_that_holds_a_value_shows_it(tmp_path: Path, name: str) -> None:
    """What a traceback, a debugger or a careless log line would show of the objects inside."""
    (path,) = plant(tmp_path, [name])
    content = b"" if name in BIG else path.read_bytes()
    objects: list[object] = [find(content, "low"), *list(views(content))[:50]]
    try:
        for part in read_sample(path).parts:
            objects += [part, *(list(part.rows)[:9] if isinstance(part, Table) else [])]
        report, what = scanning.Desk(is_anywhere=True).look(str(path))
        seen = scanned(report, what)
        objects += [report, report.findings, seen, UseRequest(scanned=seen)]
        objects += [seen.summary, seen.statements, scanning.Desk(is_anywhere=True).copy(str(path))]
    except CaioError as error:
        objects += [error, error.args, error.problem, error.remedy]
        objects += ["".join(traceback.format_exception(error))]
    for thing in objects:
        assert told(repr(thing)) == [], type(thing)
        assert told(str(thing)) == [], type(thing)


def _crash(*_: object, **__: object) -> Any:
    raise ValueError(LINES)


@pytest.mark.parametrize(
    "where",
    ["caio_mcp.scanning.find", "caio_mcp.core.detectors.engine.Matcher.find",
     "caio_mcp.core.detectors.report.Report.put"],
)  # fmt: skip
async def test_a_fault_of_the_program_itself_shows_no_value(
    place: Place, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    folder = place.folder / "data"
    settings = settings_of(place, folder)
    service = build_service(settings)
    monkeypatch.setattr(where, _crash)
    try:
        server = build_server(service, build_caller(settings), settings.detection)
        async with Client(server) as c:
            for tool in ("check_use", "scan_data", "redact_copy"):
                path = str(folder / "lines.txt")
                answer = await c.call_tool(tool, {**USE.get(tool, {}), "path": path})
                assert answer.is_error
                assert told(answer.model_dump_json()) == [], tool
    finally:
        service.close()
    assert told(log.getvalue()) == []
    tried = [
        [*words, str(folder / "lines.txt")] for words in (["scan"], ["redact"], ["check", "--path"])
    ]
    for line, ran in zip(tried, place.run_all(tried), strict=True):
        assert ran.status == 70, line
        assert "A fault of this program: ValueError" in ran.err
        assert told(ran.said) == [], (line, ran.err[-300:])
    assert kept_by(place) == []
