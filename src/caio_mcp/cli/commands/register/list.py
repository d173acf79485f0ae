"""`caio-mcp register list`: entries, the newest first."""

from __future__ import annotations

import click

from ....service import entry_dict
from ... import output


@click.command()
@click.option("--words", default="", help="Words of the title or purpose.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Such as status=under_review; again for more.",
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 50))
@click.option("--before", default="", metavar="ENTRY", help="Older than this entry.")
@output.workspace_options
def command(
    words: str,
    filters: tuple[str, ...],
    limit: int,
    before: str,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """List entries, the newest first."""
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        entries = service.search_register(
            caller, output.now(), words=words, filters=filters, limit=limit, before=before
        )
    finally:
        service.close()
    if as_json:
        for entry in entries:
            output.print_json(entry_dict(entry))
        return output.FINE
    if not entries:
        click.echo("No entry fits. `caio-mcp register add` makes one.")
    for entry in entries:
        click.echo(
            f"{click.style(entry.id, bold=True)}  {entry.status:<14}  "
            f"{entry.created_at[:10]}  {entry.title}"
        )
    return output.FINE
