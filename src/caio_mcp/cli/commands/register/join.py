"""`caio-mcp register join`: take part in an approved entry."""

from __future__ import annotations

import click

from ....service import entry_dict
from ... import output


@click.command()
@click.argument("entry")
@output.workspace_options
def command(entry: str, as_json: bool, policy: str, workspace: str) -> int:
    """Take part in an entry that is approved."""
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        joined = service.join_use(entry, caller, output.now())
    finally:
        service.close()
    if as_json:
        output.print_json({**entry_dict(joined), "is_new": joined.is_new})
        return output.FINE
    state = "You take part now." if joined.is_new else "You take part already."
    click.echo(f"{click.style(joined.id, bold=True)} {joined.title}: {state}")
    return output.FINE
