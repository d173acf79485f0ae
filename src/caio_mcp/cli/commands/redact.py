"""`caio-mcp redact`: a copy of a file without what was found in it."""

from __future__ import annotations

import click

from ...core.detectors.report import together
from ...core.detectors.scanned import NOT_CERTAIN
from ...core.wording import Plain
from ...scanning import Desk
from ..output import FINE, place_options, print_json, read_settings


@click.command("redact")
@click.argument("path", metavar="FILE")
@click.option(
    "--only",
    default="",
    metavar="CATEGORIES",
    help="Take out only these, such as payment_card,credentials.",
)
@place_options
def command(path: str, only: str, as_json: bool, workspace: str) -> int:
    """Write a copy of a file beside it, with placeholders for the sensitive values found.

    The copy is pseudonymised, not anonymous: what no pattern finds is still in it.
    """
    desk = Desk(read_settings(workspace, "").detection, is_anywhere=True)
    copied = desk.copy(path, [part.strip() for part in only.split(",") if part])
    if as_json:
        replaced: dict[str, Plain] = dict(copied.replaced)
        after: dict[str, Plain] = dict(copied.after.counts)
        print_json({"copy": str(copied.path), "replaced": replaced, "still_found": after})
        return FINE
    took = together(list(copied.replaced.items()))
    click.echo(f"{copied.path}: {took + ' replaced' if took else 'nothing found to replace'}.")
    click.echo(f"It is pseudonymised, not anonymous: {NOT_CERTAIN}.")
    click.echo(f"Scanned again: {copied.after.summary}")
    return FINE
