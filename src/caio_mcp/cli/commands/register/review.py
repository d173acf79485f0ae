"""`caio-mcp register review`: decide on an entry, grant or revoke an exception."""

from __future__ import annotations

import click

from ....core.lifecycle import words
from ....service import OUTCOMES, Review, entry_dict
from ... import output


@click.command()
@click.argument("entry")
@click.argument("outcome", type=click.Choice(OUTCOMES))
@click.option("--reason", default="", help="Why, in a sentence that the person may read.")
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    help="A condition of the approval, or a compensating control of the exception; again for more.",
)
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="FACT=VALUE",
    help="What you established, such as tool.region=eu; again for more.",
)
@click.option("--rule", default="", help="Of an exception: the rule or cell it is from.")
@click.option(
    "--scope",
    multiple=True,
    metavar="FACT=VALUE",
    help="Of an exception: what it is limited to; else its tool and task.",
)
@click.option("--all-units", is_flag=True, help="Of an exception: for every unit.")
@click.option("--until", default="", metavar="DAY", help="The last day, as 2027-03-31.")
@click.option("--exception", default="", metavar="ID", help="The exception to revoke.")
@click.option("--request-id", default="", help="Any id of yours; the same again adds nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@output.workspace_options
def command(
    entry: str,
    outcome: str,
    reason: str,
    conditions: tuple[str, ...],
    facts: tuple[str, ...],
    rule: str,
    scope: tuple[str, ...],
    all_units: bool,
    until: str,
    exception: str,
    request_id: str,
    yes: bool,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Decide on an entry: approve, deny, suspend, grant or revoke an exception.

    The use is decided again: a review cannot allow what the policy prohibits; only an
    exception with an end can, from one rule at a time. Nobody decides on their own request.
    """
    review = Review(
        entry=entry,
        outcome=outcome,
        reason=reason,
        conditions=conditions,
        facts=facts,
        rule=rule,
        scope=scope,
        for_all_units=all_units,
        until=until,
        exception=exception,
        request_id=request_id,
    )
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        found = service.find_entry(entry, caller)
        asked = f'{words(outcome)} {found.id} "{found.title}" ({words(found.status)})?'
        if not yes and not output.is_confirmed(asked):
            return output.NO
        reviewed = service.review_use(review, caller, output.now())
    finally:
        service.close()
    if as_json:
        output.print_json(
            {
                **entry_dict(reviewed.entry),
                "before": reviewed.before,
                "exception": reviewed.granted.id if reviewed.granted else "",
                "affected": list(reviewed.affected),
            }
        )
        return output.FINE
    click.echo(reviewed.sentences())
    return output.FINE
