"""Findings as SARIF 2.1.0, which code hosts and editors show at the line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from urllib.parse import quote

from .. import __version__
from ..core.detectors.finding import Confidence
from ..core.detectors.report import Finding, Report
from ..core.detectors.taxonomy import type_of
from ..core.wording import Plain

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"low": "note", "medium": "warning", "high": "error"}


def sarif(found: Mapping[str, Report], least: Confidence) -> dict[str, Plain]:
    """One run over some files; a message names the type and never the value."""
    pairs = [(name, f) for name, report in found.items() for f in report.at_least(least)]
    types = sorted({finding.type for _, finding in pairs})
    rules: list[Plain] = [
        {"id": name, "shortDescription": {"text": type_of(name).title}} for name in types
    ]
    driver: dict[str, Plain] = {"name": "caio-mcp", "version": __version__, "rules": rules}
    run: dict[str, Plain] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(name, finding, types) for name, finding in pairs],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(name: str, finding: Finding, types: list[str]) -> Plain:
    place: dict[str, Plain] = {
        "artifactLocation": {"uri": quote(PurePath(name).as_posix())},
    }
    if finding.place.line:
        place["region"] = {
            "startLine": finding.place.line,
            "startColumn": max(1, finding.place.column),
        }
    return {
        "ruleId": finding.type,
        "ruleIndex": types.index(finding.type),
        "level": LEVELS[finding.confidence],
        "message": {"text": f"{type_of(finding.type).counted(finding.count)}, by pattern"},
        "locations": [{"physicalLocation": place}],
    }
