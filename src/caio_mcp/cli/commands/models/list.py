"""`caio-mcp models list`: which tools and models may be used."""

from __future__ import annotations

import datetime

import click

from ....core.explain import policy_label
from ....service import UseRequest
from ... import output


@click.command("list")
@output.use_options
@click.option(
    "--capability", default="", metavar="WORD", help="Only models for this, such as embedding."
)
@output.day_option
@output.workspace_options
def command(
    request: UseRequest,
    capability: str,
    as_of: datetime.datetime | None,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """List the tools and models that the policy allows for some data."""
    service, caller, _ = output.open_workspace(workspace, policy)
    day = (as_of or output.now()).date()
    rows = service.list_models(request, caller, day, capability=capability)
    if as_json:
        for row in rows:
            output.print_json(
                {
                    "tool": row.id,
                    "name": row.name,
                    "decision": row.decision,
                    "approval": row.approval,
                    "models": list(row.models),
                    "if_the_rest_is_usual": row.usually,
                }
            )
        return output.FINE
    date = service.library.catalogue.models.date
    label = policy_label(service.library.policy)
    click.echo(f"{label}, on what you said of the data; catalogue of {date}:")
    for row in rows:
        usual = f" (usually {row.usually.replace('_', ' ')})" if row.usually else ""
        approval = "" if row.approval == "none" else f"  {row.approval}"
        click.echo(f"{row.decision.replace('_', ' ')}{usual}: {row.name} [{row.id}]{approval}")
        for model in row.models:
            click.echo(f"    model {model}")
    return output.FINE
