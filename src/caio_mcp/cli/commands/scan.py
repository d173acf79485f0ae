"""`caio-mcp scan`: what sensitive content is in files, folders or lines of JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from ...core.detectors.finding import CONFIDENCES, Confidence
from ...core.detectors.report import Report
from ...core.detectors.scanned import NOT_CERTAIN, scanned
from ...core.wording import Plain, quote
from ...errors import CaioError, RequestError
from ...opening import open_to_read
from ...scanning import Desk, scan_text
from ..output import (
    BAD_INPUT,
    FINE,
    NO,
    counted,
    place_options,
    print_error,
    print_json,
    print_table,
    read_settings,
)
from ..sarif import sarif

COLUMNS = ("confidence", "type", "count", "where", "masked")
ROWS_MAX = 40  # findings of one file that a table shows
FORMATS = ("table", "json", "sarif")
Found = dict[str, Report]


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--jsonl",
    "lines",
    default="",
    metavar="FILE",
    help="One text per line of JSON, one answer per line; - for standard input.",
)
@click.option(
    "--field", default="text", metavar="NAME", help="Where each line has its text [text]."
)
@click.option(
    "--least",
    type=click.Choice(CONFIDENCES),
    help="The lowest confidence that is shown [medium; with --jsonl low].",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="table")
@place_options
def command(
    paths: tuple[str, ...],
    lines: str,
    field: str,
    least: Confidence | None,
    form: str,
    as_json: bool,
    workspace: str,
) -> int:
    """Say what sensitive content is in files and folders, on this computer and by pattern.

    Exit status: 0 nothing found, 1 something found, 2 bad usage or input.
    """
    desk = Desk(read_settings(workspace, "").detection, is_anywhere=True)
    if bool(lines) == bool(paths):
        raise click.UsageError("Give files or folders, or --jsonl FILE.")
    if lines:
        return _scan_lines(desk, lines, field, least or "low")
    return _scan_files(desk, paths, least or "medium", "json" if as_json else form)


# -- files ---------------------------------------------------------------------------------


def _scan_files(desk: Desk, names: tuple[str, ...], least: Confidence, form: str) -> int:
    found, skipped = Found(), Counter[str]()
    faults: list[CaioError] = []
    with _progress(sys.stderr.isatty() and form == "table") as tick:
        for path in desk.walk(names, skipped):
            tick(path)
            try:
                found[str(path)] = desk.look_at(path, least)
            except CaioError as error:
                faults.append(error)
    if faults and not found:
        raise faults[0]
    for fault in faults:
        print_error(fault.problem, fault.remedy, as_json=False)
    if form == "json":
        files: list[Plain] = [{"file": n} | report_dict(r, least) for n, r in found.items()]
        wrong: list[Plain] = [{"error": e.problem, "remedy": e.remedy} for e in faults]
        print_json({"files": files, "skipped": dict(sorted(skipped.items())), "errors": wrong})
    elif form == "sarif":
        print_json(sarif(found, least))
    else:
        _print_tables(found, least)
    if skipped and form != "json":
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(skipped.items()))
        click.echo(f"Skipped: {reasons}. A file that is named is always looked into.", err=True)
    if faults:
        return BAD_INPUT
    return NO if any(report.at_least("medium") for report in found.values()) else FINE


def _print_tables(found: Found, least: Confidence) -> None:
    for name, report in found.items():
        findings = report.at_least(least)
        if not findings and len(found) > 1:
            continue
        click.echo(scanned(report, name).summary)
        if findings:
            print_table(
                COLUMNS,
                [
                    {
                        "confidence": f.confidence,
                        "type": f.type,
                        "count": f.count,
                        "where": str(f.place) + (f" via {', '.join(f.via)}" if f.via else ""),
                        "masked": f.masked,
                    }
                    for f in findings[:ROWS_MAX]
                ],
            )
            if len(findings) > ROWS_MAX:
                click.echo(f"... and {len(findings) - ROWS_MAX:,} more; --json lists them.")
    if len(found) > 1:
        size = sum(report.scanned_bytes for report in found.values())
        hit = sum(bool(report.at_least(least)) for report in found.values())
        files = counted(len(found), "file", "files")
        click.echo(
            f"{files}, {size:,} bytes: something in {hit}, nothing found by pattern in "
            f"{len(found) - hit}; {NOT_CERTAIN}."
        )


def report_dict(report: Report, least: Confidence) -> dict[str, Plain]:
    """A report for the terminal of who has the data: with masked values."""
    return {
        "findings": [f.as_dict(is_masked=True) for f in report.at_least(least)],
        "categories": report.categories(),
        "scanned_bytes": report.scanned_bytes,
        "truncated": report.is_truncated,
    }


class _progress:
    """The file that is being read, on a line of a terminal that is written over."""

    def __init__(self, is_shown: bool) -> None:
        self._is_shown, self._width = is_shown, 0

    def __enter__(self) -> _progress:
        return self

    def __call__(self, path: Path) -> None:
        if self._is_shown:
            text = f"scanning {quote(path.name)}"
            click.echo(f"\r{text.ljust(self._width)}", nl=False, err=True)
            self._width = len(text)

    def __exit__(self, *_: object) -> None:
        if self._width:
            click.echo(f"\r{' ' * self._width}\r", nl=False, err=True)


# -- lines of JSON -------------------------------------------------------------------------


def _scan_lines(desk: Desk, name: str, field: str, least: Confidence) -> int:
    """One JSON object out for each line in, faults included."""
    status, finder = FINE, desk.finder
    for number, line in enumerate(_lines(name), 1):
        try:
            report = scan_text(_text_in(line, field, number), least, finder=finder)
        except RequestError as error:
            print_json({"error": error.problem, "remedy": error.remedy})
            status = BAD_INPUT
            continue
        print_json(report_dict(report, least))
        if status == FINE and report.at_least("medium"):
            status = NO
    return status


def _lines(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    try:
        with open_to_read(Path(name)) as file:
            yield from file
    except OSError as error:
        raise RequestError(
            f"{quote(Path(name).name)} cannot be read: {error.strerror}.",
            remedy="Give a file with one JSON object a line.",
        ) from None


def _text_in(line: bytes, field: str, number: int) -> str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise RequestError(
            f"Line {number} is not JSON.", remedy="Write one JSON object a line."
        ) from None
    text = value.get(field) if isinstance(value, Mapping) else None
    if not isinstance(text, str):
        raise RequestError(
            f"Line {number} has no text in the field {quote(field)}.",
            remedy="Name the field with --field.",
        )
    return text
