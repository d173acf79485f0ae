"""`caio-mcp register verify`: whether the register agrees with itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from ....core.wording import Plain
from ....service import Verified
from ... import output

SHOWN = 50
PROVEN = (
    "This shows that nothing was damaged, and that nobody changed a row and forgot what belongs "
    "to it. It does not show that nobody wrote all of it anew: who can write the file could. "
    "Compare with backups that are kept elsewhere."
)


@click.command()
@click.option("--no-reproduce", is_flag=True, help="Do not make the decisions again: faster.")
@output.workspace_options
def command(no_reproduce: bool, as_json: bool, policy: str, workspace: str) -> int:
    """Look at the whole register: does it agree with itself, and do its decisions come out again?

    Exit status 1 if something is found.
    """
    service, _, _ = output.open_workspace(workspace, policy)
    try:
        found = service.verify(_progress(), reproduces=not no_reproduce)
    finally:
        service.close()
    if as_json:
        output.print_json(_plain(found, reproduces=not no_reproduce))
    else:
        _show(found, reproduces=not no_reproduce)
    return output.NO if found.findings else output.FINE


def _plain(found: Verified, *, reproduces: bool) -> dict[str, Plain]:
    return {
        "agrees": not found.findings,
        "findings": list(found.findings),
        "decisions": found.decisions,
        "reproduced": found.reproduced if reproduces else None,
        "of_other_engines": found.of_other_engines if reproduces else None,
    }


def _show(found: Verified, *, reproduces: bool) -> None:
    for finding in found.findings[:SHOWN]:
        click.echo(f"{click.style('finding:', fg='red', bold=True)} {finding}")
    if len(found.findings) > SHOWN:
        click.echo(f"... and {len(found.findings) - SHOWN:,} more; --json has them all.")
    if not found.findings:
        click.echo(click.style("The register agrees with itself.", fg="green", bold=True))
    if reproduces:
        others = (
            f"; {found.of_other_engines:,} were decided by another version of caio-mcp, which "
            "alone can make them again"
            if found.of_other_engines
            else ""
        )
        again = f"{found.reproduced:,} of {found.decisions:,} decisions came out again"
        click.echo(f"{again}, byte for byte{others}.")
    else:
        click.echo(f"{found.decisions:,} decisions were not made again.")
    click.echo(PROVEN)


def _progress() -> Callable[[str, int, int], None]:
    """Says about once a second how far it is, to a person who waits at a terminal."""
    said = time.monotonic()

    def progress(what: str, done: int, total: int) -> None:
        nonlocal said
        if sys.stderr.isatty() and time.monotonic() - said >= 1:
            said = time.monotonic()
            click.echo(f"{done:,} of {total:,} {what}", err=True)

    return progress
