"""`caio-mcp register restore`: a backup in the place of the register."""

from __future__ import annotations

from pathlib import Path

import click

from ....register import Restored
from ... import output


@click.command()
@click.argument("file", metavar="FILE")
@output.workspace_options
def command(file: str, as_json: bool, policy: str, workspace: str) -> int:
    """Put a backup in the place of the register, and say what was written since.

    The backup is looked at first. The present register is kept beside it. Programs that have it
    open write no more and have to be started again.
    """
    service, _, settings = output.open_workspace(workspace, policy)
    try:
        done = service.restore(Path(file), output.now())
    finally:
        service.close()
    if as_json:
        output.print_json(
            {
                "register": str(settings.register),
                "kept": done.kept or None,
                "kept_is_readable": done.was_readable,
                "gone": {
                    "entries": done.entries,
                    "events": done.events,
                    "checks": done.checks,
                }
                if done.was_readable
                else None,
                "to_erase_again": list(done.erased),
            }
        )
        return output.FINE
    click.echo(f"{click.style('Restored', fg='green', bold=True)} {settings.register}.")
    for line in _lines(done):
        click.echo(line)
    return output.FINE


def _lines(done: Restored) -> list[str]:
    """What became of what was there."""
    if not done.kept:
        return ["There was no register before."]
    lines = [f"What was there is kept in {done.kept}."]
    if not done.was_readable:
        lines.append("It is damaged, so nobody can say what was written since the backup.")
    elif done.entries or done.events or done.checks:
        gone = ", ".join(
            output.counted(*what)
            for what in (
                (done.entries, "entry", "entries"),
                (done.events, "event", "events"),
                (done.checks, "line of the log", "lines of the log"),
            )
        )
        lines.append(
            f"Gone, because it was written after the backup: {gone}. The ids of these entries "
            "will be given again."
        )
    else:
        lines.append("Nothing is gone: the backup holds all that was there.")
    for person in done.erased:
        lines.append(
            f"{person} was erased after the backup and is back: "
            f"`caio-mcp register person {person} --erase`."
        )
    lines.append("Start programs that had it open again, such as chat applications.")
    return lines
