"""`caio-mcp models`: which tools and models may be used."""

from __future__ import annotations

import datetime

import click

from ...core.explain import policy_label
from ...service import UseRequest
from .. import output


@click.group()
def command() -> None:
    """Which tools and models may be used."""


@command.command("list")
@output.use_options
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Decide as of a day."
)
@output.workspace_options
def list_(
    request: UseRequest, as_of: datetime.datetime | None, as_json: bool, policy: str, workspace: str
) -> int:
    """List the tools and models that the policy allows for some data."""
    service, caller, _ = output.open_workspace(workspace, policy)
    rows = service.list_models(request, caller, (as_of or output.now()).date())
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
    click.echo(f"{policy_label(service.library.policy)}, on what you said of the data:")
    for row in rows:
        usual = f" (usually {row.usually.replace('_', ' ')})" if row.usually else ""
        approval = "" if row.approval == "none" else f"  {row.approval}"
        click.echo(f"{row.decision.replace('_', ' ')}{usual}: {row.name} [{row.id}]{approval}")
        for model in row.models:
            click.echo(f"    model {model}")
    return output.FINE
