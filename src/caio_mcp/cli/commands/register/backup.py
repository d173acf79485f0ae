"""`caio-mcp register backup`: a copy of the register that was looked at."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ....core.wording import PATH_ECHO_MAX, shorten
from ... import output


@click.command()
@click.argument("file")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@output.workspace_options
def command(file: str, force: bool, as_json: bool, policy: str, workspace: str) -> int:
    """Copy the register into a file of its own, while others write, and look at the copy.

    The file is there only when the copy is whole: the database, what belongs together in it, and
    the archived policies and catalogues against their hashes. Only you may read it.
    """
    service, _, _ = output.open_workspace(workspace, policy)
    try:
        made = service.backup(Path(file), replaces=force)
    finally:
        service.close()
    if as_json:
        output.print_json(asdict(made))
        return output.FINE
    held = ", ".join(
        output.counted(*what)
        for what in (
            (made.entries, "entry", "entries"),
            (made.events, "event", "events"),
            (made.checks, "check", "checks"),
            (made.bytes, "byte", "bytes"),
        )
    )
    where = shorten(made.file, PATH_ECHO_MAX)
    click.echo(f"{click.style('Backed up', fg='green', bold=True)} to {where}: {held}.")
    click.echo("It was read back and is whole. `caio-mcp register restore FILE` puts it back.")
    return output.FINE
