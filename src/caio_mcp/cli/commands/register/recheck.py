"""`caio-mcp register recheck`: decide again what stands in the register."""

from __future__ import annotations

import sys

import click

from ....core.lifecycle import words
from ... import output

SHOWN_EVERY = 100  # entries, between two signs of progress


@click.command()
@click.option("--move", is_flag=True, help="Put what changed under reassessment.")
@output.workspace_options
def command(move: bool, as_json: bool, policy: str, workspace: str) -> int:
    """Decide every entry again under today's policy, catalogue, exceptions and date.

    Lists what would be decided otherwise now, tightened or loosened, and marks it in the
    register (filter recheck=tightened). The exit status is 3 where something is tightened.
    """

    def progress(number: int) -> None:
        if not as_json and sys.stderr.isatty() and number % SHOWN_EVERY == 0:
            click.echo(f"{number:,} entries decided again\r", err=True, nl=False)

    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        found = service.recheck(caller, output.now(), move=move, progress=progress)
    finally:
        service.close()
    tightened = [one for one in found if one.direction == "tightened"]
    status = output.NOT_YET if tightened else output.FINE
    if as_json:
        for one in found:
            output.print_json(
                {
                    "entry": one.entry.id,
                    "title": one.entry.title,
                    "status": one.entry.status,
                    "direction": one.direction,
                    "before": one.before,
                    "now": one.now,
                    "because": list(one.because),
                    "is_moved": one.is_moved,
                }
            )
        return status
    if not found:
        click.echo("Decided again: every entry stands as it was.")
    for one in found:
        moved = "; now under reassessment" if one.is_moved else ""
        because = f" [{', '.join(one.because)}]" if one.because else ""
        click.echo(
            f"{click.style(one.entry.id, bold=True)}  {one.direction}: {words(one.before)} -> "
            f"{words(one.now)}{because}{moved}  {one.entry.title}"
        )
    if found and not move:
        click.echo("`caio-mcp register recheck --move` puts them under reassessment.")
    return status
