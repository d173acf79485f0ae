"""`caio-mcp register update`: what is new of an entry of yours."""

from __future__ import annotations

import click

from ....core.lifecycle import words
from ....service import entry_dict
from ... import output


@click.command()
@click.argument("entry")
@click.argument("updates", nargs=-1, required=True, metavar="NAME=VALUE...")
@click.option("--request-id", default="", help="Any id of yours; the same again adds nothing.")
@output.workspace_options
def command(
    entry: str,
    updates: tuple[str, ...],
    request_id: str,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Say what is new of an entry: stage=, unit=, owner=, benefit=, outcome=, review_on=,
    met.OBLIGATION=evidence, status=retired."""
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        changed = service.update_use(entry, updates, caller, output.now(), request_id=request_id)
    finally:
        service.close()
    if as_json:
        output.print_json(entry_dict(changed))
        return output.FINE
    click.echo(
        f"{click.style(changed.id, bold=True)} {changed.title} is updated: {words(changed.status)}."
    )
    return output.FINE
