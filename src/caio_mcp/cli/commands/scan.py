"""`caio-mcp scan`: what sensitive content is in files, folders or lines of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from ...core.detectors.finding import CONFIDENCES, Confidence
from ...core.detectors.report import Report
from ...core.wording import Plain
from ...errors import RequestError
from ...scanning import scan_text
from ..output import BAD_INPUT, FINE, NO, print_json


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--jsonl",
    "lines",
    default="",
    metavar="FILE",
    help="Look through one text per line of JSON; - reads standard input.",
)
@click.option(
    "--field",
    default="text",
    metavar="NAME",
    show_default=True,
    help="The field of each line that holds the text.",
)
@click.option(
    "--least",
    type=click.Choice(CONFIDENCES),
    default=None,
    help="The lowest confidence that is shown [default: medium; low with --jsonl].",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    paths: tuple[str, ...], lines: str, field: str, least: Confidence | None, as_json: bool
) -> int:
    """Say what sensitive content is in files, on this computer and by pattern.

    Exit status: 0 nothing found, 1 something found, 2 bad usage or input.
    """
    if bool(lines) == bool(paths):
        raise RequestError("Nothing to scan.", remedy="Give files, or --jsonl FILE --field NAME.")
    if lines:
        return _scan_lines(lines, field, least or "low")
    return FINE


def _scan_lines(name: str, field: str, least: Confidence) -> int:
    """One JSON object out for each line in, faults included."""
    status = FINE
    for number, line in enumerate(_lines(name), 1):
        try:
            report = scan_text(_text_in(line, field, number), least)
        except RequestError as error:
            print_json({"error": error.problem, "remedy": error.remedy})
            status = BAD_INPUT
        else:
            print_json(as_json(report, least))
            if status == FINE and report.at_least("medium"):
                status = NO
    return status


def as_json(report: Report, least: Confidence) -> Mapping[str, Plain]:
    """A report for the terminal of who has the data: with masked values."""
    return {
        "findings": [f.as_dict(is_masked=True) for f in report.at_least(least)],
        "categories": report.categories(),
        "scanned_bytes": report.scanned_bytes,
        "truncated": report.is_truncated,
    }


def _lines(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    from ...opening import open_to_read

    try:
        with open_to_read(Path(name)) as file:
            yield from file
    except OSError as error:
        raise RequestError(
            f"The file cannot be read: {error.strerror}.", remedy="Give a file of JSON lines."
        ) from None


def _text_in(line: bytes, field: str, number: int) -> str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise RequestError(
            f"Line {number} is not JSON.", remedy="Write one JSON object a line."
        ) from None
    text = value.get(field) if isinstance(value, dict) else None
    if not isinstance(text, str):
        raise RequestError(
            f"Line {number} has no text in the field {field!r}.",
            remedy="Name the field with --field.",
        )
    return text
