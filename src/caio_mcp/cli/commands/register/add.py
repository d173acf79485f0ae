"""`caio-mcp register add`: put a use into the register, or ask for a tool or an exception."""

from __future__ import annotations

from dataclasses import replace

import click

from ....core.lifecycle import STAGES, words
from ....service import ASKED, REQUESTS, UseRequest, entry_dict
from ... import output


@click.command()
@output.use_options
@click.option("--tool", default="", metavar="WORDS", help="The AI tool in everyday words.")
@click.option("--title", default="", help="A short name for the use.")
@click.option("--purpose", default="", help="What it is for, in a sentence.")
@click.option("--check", default="", metavar="CHECK", help="The id of an earlier check.")
@click.option(
    "--request",
    "asks_for",
    default="use",
    type=click.Choice(REQUESTS),
    help="After a no: ask for the tool, or for an exception.",
)
@click.option("--why", default="", help="Why no other way works.")
@click.option("--stage", default="", type=click.Choice(STAGES), help="How far the use has come.")
@click.option("--request-id", default="", help="Any id of yours; the same again adds nothing.")
@output.workspace_options
def command(
    request: UseRequest,
    tool: str,
    title: str,
    purpose: str,
    check: str,
    asks_for: str,
    why: str,
    stage: str,
    request_id: str,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Put a use into the register; it is decided again."""
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        registered = service.register_use(
            replace(request, tool=tool),
            caller,
            output.now(),
            title=title,
            purpose=purpose,
            check=check,
            request_id=request_id,
            asks_for=asks_for,
            why=why,
            stage=stage,
        )
    finally:
        service.close()
    entry, answer = registered.entry, registered.answer
    if as_json:
        output.print_json({**entry_dict(entry), "is_new": entry.is_new})
        return output.FINE
    state = "is in the register" if entry.is_new else "was already there"
    asks = f", asks for {ASKED[entry.asks_for]}" if entry.asks_for != "use" else ""
    click.echo(
        f"{click.style(entry.id, bold=True)} {entry.title} {state}: {words(entry.status)}{asks}."
    )
    output.print_answer(answer.verdict, answer.decision.decision)
    for other in registered.covering[:1]:
        click.echo(f'Approved alike: {other.id} "{other.title}"; caio-mcp register join {other.id}')
    return output.FINE
