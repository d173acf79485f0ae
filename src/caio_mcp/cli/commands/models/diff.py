"""`caio-mcp models diff`: what changed between two catalogues of models."""

from __future__ import annotations

from pathlib import Path

import click

from ....core.models import Models, differences
from ....core.wording import Plain, quote
from ....errors import RequestError
from ....opening import read_file
from ... import output

BYTES_MAX = 20_000_000


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW", default="")
@output.workspace_options
def command(old: str, new: str, as_json: bool, policy: str, workspace: str) -> int:
    """Say what changed between two catalogue files, first what concerns your approvals.

    NEW is the catalogue that is in use if it is not given.

    Exit status: 0 nothing that concerns an approval changed, 2 bad usage or input, 3 look at it.
    """
    service, _, _ = output.open_workspace(workspace, policy)
    here = service.library.catalogue.models
    before = _read(old, here)
    after = _read(new, here) if new else here
    approved = {a.id for a in service.library.policy.approvals if a.on}
    changes = sorted(differences(before, after), key=lambda c: (c[0] not in approved, c))
    concerned = [change for change in changes if change[0] in approved]
    if as_json:
        rows: list[Plain] = [
            {"model": id_, "change": what, "approved": id_ in approved} for id_, what in changes
        ]
        output.print_json({"old": before.date, "new": after.date, "changes": rows})
        return output.NOT_YET if concerned else output.FINE
    counted = output.counted(len(changes), "change", "changes")
    click.echo(
        f"{counted} from the catalogue of {before.date} to that of {after.date}; "
        f"{len(concerned)} concern models that you approved."
    )
    for id_, what in changes:
        mark = "approved: " if id_ in approved else ""
        click.echo(output.printable(f"{mark}{id_}: {what}"))
    return output.NOT_YET if concerned else output.FINE


def _read(name: str, here: Models) -> Models:
    try:
        found = Models(read_file(Path(name), BYTES_MAX), here.channels)
        if not found.date:
            raise ValueError
    except OSError as error:
        raise RequestError(
            f"{quote(Path(name).name)} cannot be read: {error.strerror}.",
            remedy="Give the catalogue.json of another version.",
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RequestError(
            f"{quote(Path(name).name)} is no catalogue of models.",
            remedy="Give the data/models/catalogue.json of another version.",
        ) from None
    return found
