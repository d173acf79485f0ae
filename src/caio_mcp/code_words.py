"""What is said of the models in code: for people, programs, code hosts and inventories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote as url_quote

from . import __version__
from .codebase import SETTINGS
from .core.models import Model
from .core.wording import Plain
from .model_words import VERDICTS, identity_dict, row_dicts, until_words
from .service import CodeReport, CodeRow, ModelRow

PLACES_MAX = 3
SHORT = {"approved": "OK", "approved_with_conditions": "COND", "review": "REVIEW",
         "depends": "DEPENDS", "not_approved": "NO"}  # fmt: skip
SARIF_LEVELS = {"approved": "none", "approved_with_conditions": "note", "review": "warning",
                "depends": "warning", "not_approved": "error"}  # fmt: skip


def code_answer(
    report: CodeReport, policy: str, date: str, count: int
) -> tuple[str, dict[str, Plain]]:
    """The report for an assistant, with as many models as there is room for, worst first."""
    groups = list(_together(report.rows))
    lines = list(code_lines(report, policy, date, count))
    values: dict[str, Plain] = {
        "verdict": lines[0],
        "models": [_group_dict(rows) for rows in groups[:count]],
        "catalogue_of": date,
    }
    if count < len(groups):
        lines.append(f"{len(groups) - count} more models; ask for a folder inside.")
        values["more"] = len(groups) - count
    if report.rows:
        lines.append("In CI: caio-mcp models scan-code")
    return "\n".join(lines), values


def groups_of(report: CodeReport) -> int:
    """How many models a report tells apart."""
    return len(list(_together(report.rows)))


def _group_dict(rows: list[CodeRow]) -> dict[str, Plain]:
    row = rows[0].row
    values: dict[str, Plain] = {
        "id": rows[0].shown,
        "verdict": row.verdict,
        "model": row.resolution.model.id if row.resolution.model else "",
        "channel": ", ".join(row.tools),
        "at": [f"{r.file}:{r.mention.line}" for r in rows[:PLACES_MAX]],
        "why": row.why,
        "levels": dict(row.levels),
        "usually": row.usually,
        "retires": row.retires.isoformat() if row.retires_soon and row.retires else "",
        "instead": [f"{a.id} on {a.tool}" for a in row.alternatives[:1]],
    }
    return {name: value for name, value in values.items() if value not in ("", [], {})}


def code_lines(
    report: CodeReport, policy: str, date: str, count: int | None = None
) -> Iterator[str]:
    """The verdict, then one line for each model with where it stands."""
    yield _summary(report, policy, date)
    if not report.level and report.rows:
        yield (
            "The level of the data is not known, so each level is answered. Say what the prompts "
            f"carry: write data.level into {SETTINGS}, or ask again with data.level."
        )
    before: object = None
    for rows in list(_together(report.rows))[:count]:
        row = rows[0].row
        places = [f"{r.file}:{r.mention.line}" for r in rows]
        more = f" and {len(places) - PLACES_MAX} more" if len(places) > PLACES_MAX else ""
        found = row.resolution
        name = f" = {found.model.id}" if found.model else ""
        where = f" on {' or '.join(row.tools[:3])}" if row.tools else ""
        line = (
            f"{SHORT[row.verdict]:7} {', '.join(places[:PLACES_MAX])}{more} "
            f"{rows[0].shown}{name}{where}: {row.why}"
        )
        extra = _extra(row, show_instead=row.alternatives != before)
        before = row.alternatives or before
        yield " ".join([line, *extra])
    if report.uses:
        counted = Counter(mention.text for _, mention in report.uses)
        names = ", ".join(name for name, _ in counted.most_common(8))
        yield f"Endpoints and SDKs in use: {names}."


def _extra(row: ModelRow, *, show_instead: bool) -> Iterator[str]:
    if row.levels:
        yield (
            "By level: "
            + ", ".join(f"{level} {word.replace('_', ' ')}" for level, word in row.levels.items())
            + "."
        )
    elif row.usually:
        yield f"If the rest is as usual: {row.usually.replace('_', ' ')}."
    if row.verdict == "depends" and row.needs:
        yield f"Say: {', '.join(row.needs[:3])}."
    yield from until_words(row)
    if row.alternatives and show_instead:
        yield "Instead: " + "; ".join(f"{a.id} on {a.tool}" for a in row.alternatives) + "."
    elif row.did_you_mean and not row.alternatives:
        yield f"Did you mean {' or '.join(row.did_you_mean[:2])}?"


def _summary(report: CodeReport, policy: str, date: str) -> str:
    files = {row.file for row in report.rows}
    models = len(list(_together(report.rows)))
    counted = Counter(rows[0].row.verdict for rows in _together(report.rows))
    words = {
        "approved": "approved",
        "approved_with_conditions": "with conditions",
        "review": "to be reviewed",
        "depends": "open",
        "not_approved": "not approved",
    }
    parts = [f"{counted[verdict]} {word}" for verdict, word in words.items() if counted[verdict]]
    level = f"data {report.level}" if report.level else "level of the data unknown"
    source = f" ({SETTINGS})" if report.codebase.settings.path and report.level else ""
    noun = "model" if models == 1 else "models"
    head = f"{models} {noun} in {len(files)} of {report.codebase.files:,} files"
    gone = f" {report.known_before} more are in the baseline." if report.known_before else ""
    verdicts = f" {', '.join(parts)}." if parts else ""
    return f"{head}; {policy}; {level}{source}; catalogue of {date}.{verdicts}{gone}"


def _together(rows: Iterable[CodeRow]) -> Iterator[list[CodeRow]]:
    """The rows of the same decision on the same text, worst first."""
    found: dict[tuple[str, str, str, str], list[CodeRow]] = {}
    for row in rows:
        key = (row.mention.text, row.row.verdict, row.row.why, row.mention.form)
        found.setdefault(key, []).append(row)
    order = list(VERDICTS)
    yield from sorted(found.values(), key=lambda r: -order.index(r[0].row.verdict))


def code_dict(report: CodeReport, policy: str, date: str) -> dict[str, Plain]:
    """The report in plain values."""
    rows: list[Plain] = []
    shown = row_dicts([row.row for row in report.rows])
    for row, values in zip(report.rows, shown, strict=True):
        assert isinstance(values, dict)
        mention = row.mention
        rows.append(
            {
                "file": row.file,
                "line": mention.line,
                "column": mention.column,
                "form": mention.form,
                **{k: v for k, v in identity_dict(row.row.resolution).items() if v is not None},
                **values,  # its channel is the tools that it may be called through
                "id": row.shown,
            }
        )
    uses: list[Plain] = [
        {"file": file, "line": m.line, "form": m.form, "name": m.text, "channel": m.channel}
        for file, m in report.uses
    ]
    return {
        "policy": policy,
        "catalogue_of": date,
        "level": report.level,
        "files": report.codebase.files,
        "models": rows,
        "uses": uses,
        "skipped": dict(sorted(report.codebase.skipped.items())),
        "in_baseline": report.known_before,
    }


# -- SARIF 2.1.0 -------------------------------------------------------------------------------


def code_sarif(report: CodeReport) -> dict[str, Plain]:
    """One result for each place whose model is not simply approved."""
    rules: list[Plain] = [
        {
            "id": f"MODEL-{verdict.upper().replace('_', '-')}",
            "shortDescription": {"text": f"Model: {words.lower()}"},
        }
        for verdict, words in VERDICTS.items()
    ]
    order = list(VERDICTS)
    results: list[Plain] = [
        {
            "ruleId": f"MODEL-{row.row.verdict.upper().replace('_', '-')}",
            "ruleIndex": order.index(row.row.verdict),
            "level": SARIF_LEVELS[row.row.verdict],
            "message": {"text": f"{row.shown}: {row.row.why}"},
            "partialFingerprints": {"caioMcpModel/v1": row.key},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": url_quote(row.file)},
                        "region": {
                            "startLine": row.mention.line,
                            "startColumn": row.mention.column,
                        },
                    }
                }
            ],
        }
        for row in report.rows
        if row.row.verdict != "approved"
    ]
    driver: dict[str, Plain] = {"name": "caio-mcp", "version": __version__, "rules": rules}
    run: dict[str, Plain] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }


# -- CycloneDX 1.7 -----------------------------------------------------------------------------


def code_bom(report: CodeReport, date: str) -> dict[str, Plain]:
    """A bill of materials: models as components, the places they are called at as services."""
    models: dict[str, list[CodeRow]] = {}
    for row in report.rows:
        found = row.row.resolution
        name = found.model.id if found.model else f"unknown:{row.shown}"
        models.setdefault(name, []).append(row)
    components: list[Plain] = [_component(name, rows) for name, rows in sorted(models.items())]
    services: list[Plain] = [
        {"bom-ref": f"service:{tool}", "name": tool, "x-trust-boundary": True}
        for tool in sorted({tool for row in report.rows for tool in row.row.tools})
    ]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "version": 1,
        "metadata": {
            "tools": {
                "components": [{"type": "application", "name": "caio-mcp", "version": __version__}]
            },
            "component": {
                "bom-ref": "repository",
                "type": "application",
                "name": report.codebase.root.name or "repository",
            },
            "properties": [{"name": "caio-mcp:catalogue", "value": date}],
        },
        "components": components,
        "services": services,
    }


def _component(name: str, rows: list[CodeRow]) -> dict[str, Plain]:
    model = rows[0].row.resolution.model
    row = rows[0].row
    properties: list[Plain] = [
        {"name": "caio-mcp:verdict", "value": row.verdict},
        {"name": "caio-mcp:class", "value": row.resolution.resolved},
    ]
    if row.tools:
        properties.append({"name": "caio-mcp:channel", "value": ", ".join(row.tools)})
    if row.retires:
        properties.append({"name": "caio-mcp:retires", "value": row.retires.isoformat()})
    component: dict[str, Plain] = {
        "bom-ref": name,
        "type": "machine-learning-model",
        "name": model.name if model else rows[0].shown,
        "evidence": {
            "occurrences": [
                {"bom-ref": f"{name}#{at}", "location": r.file, "line": r.mention.line}
                for at, r in enumerate(rows)
            ]
        },
        "properties": properties,
    }
    if model is not None:
        component |= _of_model(model, rows)
    return component


def _of_model(model: Model, rows: list[CodeRow]) -> dict[str, Plain]:
    version = f"{model.version}@{model.snapshot}" if model.snapshot else model.version
    found: dict[str, Plain] = {"publisher": model.vendor}
    if version:
        found["version"] = version
    weights = next((r.mention.text for r in rows if r.row.resolution.channel == "hub"), "")
    if model.open_weights and weights.count("/") == 1:
        found["purl"] = f"pkg:huggingface/{url_quote(weights, safe='/')}"
    if model.licence:
        found["licenses"] = [{"license": {"name": model.licence}}]
    card: dict[str, Plain] = {}
    for side, key in (("input", "inputs"), ("output", "outputs")):
        if kinds := model.modalities.get(side):
            card[key] = [{"format": kind} for kind in kinds]
    if card:
        found["modelCard"] = {"modelParameters": card}
    return found
