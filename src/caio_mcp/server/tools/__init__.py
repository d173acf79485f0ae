"""The tools, one a file: the folder is the list."""

from __future__ import annotations

import datetime
import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, TextContent, ToolAnnotations

from ...core.answer import weight
from ...core.wording import Plain
from ...service import Caller, Service
from ...settings import NOTHING_MORE, Detection

if TYPE_CHECKING:
    from ...core.detectors.report import Report
    from ...core.detectors.scanned import Scanned
    from ...scanning import Desk

VIA = "mcp"
ROWS_WEIGHT_MAX = 380  # of an answer with rows, by the measure of answer.weight


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool works with."""

    service: Service
    caller: Caller
    detection: Detection = NOTHING_MORE

    def desk(self) -> Desk:
        """Where data is looked at. What it needs is loaded with the first look."""
        from ...scanning import Desk

        return Desk(self.detection)

    async def scanned(self, path: str, sample: str) -> Scanned | None:
        """What is in the data itself, where it was given."""
        if not path and not sample:
            return None
        from ...core.detectors.scanned import scanned

        return scanned(*await self.look(path, sample))

    async def look(self, path: str, sample: str) -> tuple[Report, str]:
        """What is in a file or a text, and what to call it; looked at in a thread of its own."""
        return await to_thread.run_sync(self.desk().look, path, sample)

    def now(self) -> datetime.datetime:
        """The time of this call."""
        return datetime.datetime.now(datetime.UTC)


def all_tools(context: ToolContext) -> list[Tool]:
    """Every tool of this folder that a role of the caller has, in the order of their names. A
    module without ROLES is for everybody."""
    roles = set(context.caller.roles)
    return [
        module.build(context)
        for _, module in tool_modules()
        if not hasattr(module, "ROLES") or roles & set(module.ROLES)
    ]


def tool_modules() -> Iterator[tuple[str, ModuleType]]:
    """The files of this folder by the names of their tools, in order."""
    for name in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        yield name, importlib.import_module(f"{__name__}.{name}")


def make_tool(
    function: Callable[..., Any], *, title: str, reads_only: bool, is_idempotent: bool = True
) -> Tool:
    """A tool with all four hints, strict arguments and a schema without noise.

    No tool here deletes, and none reaches beyond this computer. There is no output schema:
    text and structured content are both complete, and a schema would cost every
    conversation tokens.
    """
    tool = Tool.from_function(
        function,
        title=title,
        description=inspect.cleandoc(function.__doc__ or ""),
        structured_output=False,
        annotations=ToolAnnotations(
            read_only_hint=reads_only,
            destructive_hint=False,
            idempotent_hint=is_idempotent,
            open_world_hint=False,
        ),
    )
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_config["strict"] = True  # "5" is a text, not a number
    arguments.model_rebuild(force=True)
    tool.parameters = _without_titles(arguments.model_json_schema(by_alias=True))
    return tool


def _without_titles(schema: Any, *, names: bool = False) -> Any:
    """The schema without the titles that pydantic makes of each name."""
    if isinstance(schema, dict):
        return {
            key: _without_titles(value, names=key in ("properties", "$defs"))
            for key, value in schema.items()
            if names or key != "title"
        }
    if isinstance(schema, list):
        return [_without_titles(part) for part in schema]
    return schema


def fitted(
    shown: Callable[[int], tuple[str, dict[str, Plain]]], count: int
) -> tuple[str, dict[str, Plain]]:
    """An answer with as many rows as it has room for, in both forms."""
    while True:
        text, values = shown(count)
        written = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        if count <= 1 or max(weight(text), weight(written)) <= ROWS_WEIGHT_MAX:
            return text, values
        count -= max(1, count // 8)


def result(text: str, structured: Mapping[str, Plain]) -> CallToolResult:
    """Text and structured content; some clients show the model only one of them."""
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content=json.loads(json.dumps(structured)),
    )
