"""scan_data: what sensitive content is in a file or a text?"""

from __future__ import annotations

from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...core.detectors.report import Report, groups
from ...core.detectors.scanned import scanned
from ...core.detectors.taxonomy import type_of
from ...core.wording import Plain
from ..arguments import PathArgument
from . import ToolContext, fitted, make_tool, result


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def scan_data(path: PathArgument = "", sample: str = "") -> CallToolResult:
        """Say what sensitive content a file or text has, by pattern: types, counts and places,
        never values.
        """
        report, what = await context.look(path, sample)
        text, values = fitted(lambda count: _shown(report, what, count), len(groups(report)))
        return result(text, values)

    return make_tool(scan_data, title="Scan data", reads_only=True)


def _shown(report: Report, what: str, count: int) -> tuple[str, dict[str, Plain]]:
    seen = scanned(report, what)
    found = groups(report)
    lines = [seen.summary]
    for group in found[:count]:
        where = f": {' and '.join(group.places)}" if group.places else ""
        lines.append(f"- {type_of(group.type).counted(group.count)} ({group.confidence}){where}")
    if count < len(found):
        lines.append(f"- {len(found) - count} more types")
    lines.append("It was read on this computer; none of its values is in this answer or the log.")
    if found:
        lines.append(
            "Next: check_use(path=...) says whether it may be used; redact_copy(path=...) makes "
            "a copy without it."
        )
    values: dict[str, Plain] = {
        "verdict": seen.summary,
        "findings": [group.as_dict() for group in found[:count]],
        "more_types": len(found) - min(count, len(found)),
        "scanned_bytes": report.scanned_bytes,
        "truncated": report.is_truncated,
    }
    return "\n".join(lines), values
