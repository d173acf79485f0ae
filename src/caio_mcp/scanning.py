"""Looks through texts and files for sensitive content, on this computer."""

from __future__ import annotations

from .core.detectors.finding import Confidence
from .core.detectors.report import Lines, Report
from .core.detectors.scan import find

TEXT_MAX = 2_000_000  # bytes of a text that are looked through; of more the head and the tail


def scan_text(text: str, least: Confidence = "medium", field: str = "") -> Report:
    """What is in a text."""
    report = Report()
    scan_part(report, text, least, field=field)
    return report


def scan_part(
    report: Report,
    text: str,
    least: Confidence,
    *,
    line: int = 1,
    column: int = 1,
    where: str = "",
    field: str = "",
) -> None:
    """Look through one part of a sample, and add what is in it to the report."""
    content = text.encode("utf-8", "replace")
    report.scanned_bytes += len(content)
    hits = find(content, least, field)
    if hits:
        report.add(hits, Lines(content, line, column), where)
