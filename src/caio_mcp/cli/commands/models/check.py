"""`caio-mcp models check`: may code call these models, and which approvals need a look."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import click

from ....model_words import model_lines, row_dicts
from ....service import ModelQuestion, ModelRow, UseRequest
from ... import output


@click.command("check")
@click.argument("ids", nargs=-1, metavar="ID...")
@click.option("--channel", default="", metavar="TOOL", help="The tool or provider that is called.")
@click.option("--region", default="", metavar="NAME", help="Where it runs, such as eu.")
@output.use_options
@output.day_option
@output.workspace_options
def command(
    ids: tuple[str, ...],
    channel: str,
    region: str,
    request: UseRequest,
    as_of: datetime.datetime | None,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Say for each model id whether code may send this data to it.

    Without ids: what is to be looked at among the approvals, because a model retires, a review
    is due, facts are old or a name went on to another model.

    Exit status: 0 all allowed, 1 one is not, 2 bad usage or input, 3 more must be known or
    somebody reviews first.
    """
    service, caller, _ = output.open_workspace(workspace, policy)
    now = as_of.replace(tzinfo=datetime.UTC) if as_of else output.now()
    if not ids:
        return _print_notices(service.model_notices(now.date()), as_json)
    rows = service.check_model(ModelQuestion(ids, request, channel, region), caller, now, via="cli")
    date = service.library.catalogue.models.date
    if as_json:
        output.print_json({"models": row_dicts(rows), "catalogue_of": date})
    else:
        click.echo("\n".join([*model_lines(rows), f"Catalogue of {date}."]))
    return exit_status(rows)


def exit_status(rows: Iterable[ModelRow]) -> int:
    """Of a command that decided on several models."""
    verdicts = {row.verdict for row in rows}
    if "not_approved" in verdicts:
        return output.NO
    return output.NOT_YET if verdicts & {"review", "depends"} else output.FINE


def _print_notices(notices: list[str], as_json: bool) -> int:
    if as_json:
        output.print_json({"notices": list(notices)})
    elif not notices:
        click.echo("Nothing to look at among the approvals of tools and models.")
    else:
        click.echo("\n".join(notices))
    return output.NOT_YET if notices else output.FINE
