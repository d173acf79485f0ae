"""`caio-mcp register add`: put a use into the register."""

from __future__ import annotations

from dataclasses import replace

import click

from ....service import UseRequest, entry_dict
from ... import output


@click.command()
@output.use_options
@click.option("--tool", default="", metavar="WORDS", help="The AI tool in everyday words.")
@click.option("--title", required=True, help="A short name for the use.")
@click.option("--purpose", default="", help="What it is for, in a sentence.")
@click.option("--check", default="", metavar="CHECK", help="The id of an earlier check.")
@click.option("--request-id", default="", help="Any id of yours; the same again adds nothing.")
@output.workspace_options
def command(
    request: UseRequest,
    tool: str,
    title: str,
    purpose: str,
    check: str,
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
        )
    finally:
        service.close()
    entry, answer = registered.entry, registered.answer
    if as_json:
        output.print_json({**entry_dict(entry), "is_new": entry.is_new})
        return output.FINE
    state = "is in the register" if entry.is_new else "was already there"
    click.echo(
        f"{click.style(entry.id, bold=True)} {entry.title} {state}: "
        f"{entry.status.replace('_', ' ')}."
    )
    output.print_answer(answer.verdict, answer.decision.decision)
    return output.FINE
