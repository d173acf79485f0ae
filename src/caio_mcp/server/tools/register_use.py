"""register_use: put a use into the register, join an approved one, keep one up."""

from __future__ import annotations

from typing import Annotated, Literal

from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult

from ...core.lifecycle import words
from ...core.wording import Plain
from ...errors import RequestError
from ...service import ASKED, Registered, UseRequest, entry_dict, shorten_words
from ..arguments import DataArgument, FactsArgument, NotInDataArgument, about
from . import ToolContext, make_tool, result


def build(context: ToolContext) -> Tool:
    """The tool, for one caller."""

    async def register_use(
        title: Annotated[str, about("A short name, e.g. 'Complaint summaries'.")] = "",
        check: Annotated[str, about("The check id that check_use answered.")] = "",
        purpose: Annotated[str, about("What it is for, in a sentence; no data in it.")] = "",
        join: Annotated[
            str, about("An approved entry to take part in, e.g. E-0042; with the check, or alone.")
        ] = "",
        request: Annotated[
            Literal["use", "tool", "exception"],
            about("After a no: ask for the tool, or for an exception; say why."),
        ] = "use",
        why: Annotated[str, about("Why no other way works; no data in it.")] = "",
        stage: Literal["", "planned", "development", "pilot", "deployed", "retired"] = "",
        entry: Annotated[str, about("Your entry, to say what is new of it in `updates`.")] = "",
        updates: Annotated[
            list[str],
            about(
                "stage=, unit=, owner=, benefit=, outcome=, met.OBLIGATION=evidence, status=retired"
            ),
        ] = [],  # noqa: B006  # pydantic copies it; the schema shows it
        tool: str = "",
        data: DataArgument = [],  # noqa: B006
        not_in_data: NotInDataArgument = [],  # noqa: B006
        facts: FactsArgument = [],  # noqa: B006
        request_id: Annotated[
            str, about("Any id of yours; the same one again changes nothing.")
        ] = "",
    ) -> CallToolResult:
        """Put an AI use into the organisation's register, join an approved one, or update yours.

        Call it after check_use, when the person wants the use on record or a review, a tool or
        an exception asked for. The use is decided again; a yes is approved by policy, a review
        waits for its reviewer, a no is kept as denied. A retry adds nothing.
        """
        service, caller, now = context.service, context.caller, context.now()
        if join:
            if title or entry:
                raise RequestError(
                    "join stands alone.", remedy="Give join, or title and check, not both."
                )
            joined = service.join_use(join, caller, now, check=check, request_id=request_id)
            text = (
                f'{joined.id} "{joined.title}": {"joined" if joined.is_new else "already yours"}.'
            )
            duties = [
                shorten_words(words_of)
                for duty, words_of in service.entry_card(joined.id, caller, now).obligations
                if duty.state == "open"
            ]
            lines = [text, *(["You must", *(f"- {duty}" for duty in duties)] if duties else [])]
            return result(
                "\n".join(lines), {"verdict": text, "conditions": duties, **entry_dict(joined)}
            )
        if entry or updates:
            if title or check or not (entry and updates):
                raise RequestError(
                    "An update is of one entry and stands alone.",
                    remedy='Give entry="E-0042" and updates=["stage=pilot"].',
                )
            changed = service.update_use(entry, updates, caller, now, request_id=request_id)
            text = f'{changed.id} "{changed.title}" is updated: {words(changed.status)}.'
            return result(text, {"verdict": text, **entry_dict(changed)})
        registered = service.register_use(
            UseRequest(
                tool=tool,
                data=tuple(data),
                not_in_data=tuple(not_in_data),
                facts=tuple(facts),
            ),
            caller,
            now,
            title=title,
            purpose=purpose,
            check=check,
            request_id=request_id,
            asks_for=request,
            why=why,
            stage=stage,
        )
        return result(*describe_registered(registered))

    return make_tool(register_use, title="Register an AI use", reads_only=False)


NEXT_STEPS = {
    "proposed": "Answer its questions with check_use, then register the new check.",
    "under_review": "The reviewer decides; search_register shows how it stands.",
    "denied": "Do not start. What works instead stands in the check.",
}


def describe_registered(registered: Registered) -> tuple[str, dict[str, Plain]]:
    """What came of it, as text and as values."""
    entry, answer = registered.entry, registered.answer
    by = " (by policy)" if entry.status == "approved" else ""
    asks = f", asks for {ASKED[entry.asks_for]}" if entry.asks_for != "use" else ""
    state = "is in the register" if entry.is_new else "was already there"
    text = f'{entry.id} "{entry.title}" {state}: {words(entry.status)}{by}{asks}.'
    next_step = NEXT_STEPS.get(
        entry.status, "Keep to the conditions." if answer.conditions else "Go ahead."
    )
    if entry.due_on:
        next_step += f" Usually by {entry.due_on}."
    lines = [text, answer.verdict]
    structured: dict[str, Plain] = {
        "registered": text,
        "verdict": answer.verdict,
        "conditions": list(answer.conditions),
        **entry_dict(entry),
    }
    alike = registered.covering or registered.alike
    if alike:
        first = alike[0]
        how = (
            f'Approved alike; join it instead: register_use(join="{first.id}")'
            if registered.covering
            else "Alike by its words"
        )
        lines.append(f'{how}: {first.id} "{first.title}".')
        structured["alike"] = [
            {"entry": e.id, "title": e.title, "can_be_joined": e in registered.covering}
            for e in alike[:3]
        ]
    return "\n".join([*lines, f"Next: {next_step}"]), structured | {"next": next_step}
