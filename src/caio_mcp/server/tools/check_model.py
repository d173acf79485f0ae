"""check_model: may these models be called with this data?"""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...code_words import code_answer, groups_of
from ...core.explain import policy_label
from ...core.wording import Plain
from ...errors import RequestError
from ...model_words import count_dict, count_words, model_lines, row_dicts
from ...service import ModelQuestion, Service, UseRequest, knows
from ..arguments import about
from . import VIA, ToolContext, fitted, make_tool, result


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def check_model(
        models: Annotated[list[str], about("Ids as the code writes them.")] = [],  # noqa: B006
        path: Annotated[str, about("Or a folder of code.")] = "",
        channel: Annotated[str, about("Tool or provider.")] = "",
        region: str = "",
        text: Annotated[str, about("Counts its tokens.")] = "",
        data: Annotated[list[str], about("As in check_use.")] = [],  # noqa: B006  # pydantic copies it
        not_in_data: list[str] = [],  # noqa: B006
        facts: Annotated[list[str], about("fact=value, e.g. data.level=internal.")] = [],  # noqa: B006
    ) -> CallToolResult:
        """Say for each model whether code may send this data to it, and what a text costs.

        Call it before writing or reviewing code that calls a model.
        """
        service = context.service
        request = UseRequest(data=tuple(data), not_in_data=tuple(not_in_data), facts=tuple(facts))
        if bool(path) == bool(models):
            raise RequestError(
                "Two things to check." if path else "Nothing to check.",
                remedy="Give model ids, or the path of some code.",
            )
        date = service.library.catalogue.models.date
        if path:
            return result(*await to_thread.run_sync(_in_code, context, path, request, date))
        question = ModelQuestion(tuple(models), request, channel, region)
        rows = service.check_model(question, context.caller, context.now(), via=VIA)
        lines = model_lines(rows)
        values: dict[str, Plain] = {"models": row_dicts(rows), "catalogue_of": date}
        if text:
            counted = [_counted(service, id_, channel, text) for id_ in models]
            lines += [line for line, _ in counted]
            values["tokens"] = [found for _, found in counted]
        return result("\n".join([*lines, f"Catalogue of {date}."]), values)

    return make_tool(check_model, title="Check model ids", reads_only=True)


def _in_code(
    context: ToolContext, path: str, request: UseRequest, date: str
) -> tuple[str, dict[str, Plain]]:
    from ...codebase import read_codebase

    service = context.service
    known = service.library.catalogue.models
    codebase = read_codebase(path, lambda word: knows(known, word), context.detection.folders)
    report = service.check_code(codebase, context.caller, context.now().date(), request)
    label = policy_label(service.library.policy)
    return fitted(lambda count: code_answer(report, label, date, count), groups_of(report))


def _counted(service: Service, id_: str, channel: str, text: str) -> tuple[str, dict[str, Plain]]:
    try:
        counted = service.count_tokens(text, id_, channel)
    except RequestError:  # no model is certain: the range holds for all
        counted = service.count_tokens(text)
    return count_words(counted), count_dict(counted)
