"""`caio-mcp register query`: how many, by what, over the whole register."""

from __future__ import annotations

import click

from ....register.questions import DATASETS, LIMIT_MAX, MEASURES
from ....service import Question
from ... import output


@click.command()
@click.argument("about", type=click.Choice(tuple(DATASETS)), default="entries")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Such as status=denied, created=2026-Q4, data.categories=health; again for more.",
)
@click.option(
    "--by", "group_by", multiple=True, metavar="COLUMN", help="Count by this; up to three."
)
@click.option("--measure", "measures", multiple=True, type=click.Choice(MEASURES))
@click.option("--count-min", default=1, type=click.IntRange(1), help="Only groups this large.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, LIMIT_MAX))
@click.option("--cursor", default="", help="From the answer before, for the next page.")
@output.workspace_options
def command(
    about: str,
    filters: tuple[str, ...],
    group_by: tuple[str, ...],
    measures: tuple[str, ...],
    count_min: int,
    limit: int,
    cursor: str,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Count and list over the whole register: for the CAIO, the DPO and auditors."""
    question = Question(about, filters, group_by, measures or ("count",), count_min, limit, cursor)
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        found = service.query_register(question, caller, output.now())
    finally:
        service.close()
    if as_json:
        output.print_json(
            {
                "total": found.total,
                "of": found.whole,
                "is_lower_bound": not found.is_counted,
                "groups": found.groups,
                "open": found.open,
                "groups_too_small": found.suppressed,
                "rows": [dict(row) for row in found.rows],
                "cursor": found.cursor,
                "event": found.event,
            }
        )
        return output.FINE
    output.print_table(found.columns, found.rows)
    beyond = "" if found.is_counted else " or more"
    click.echo(f"{found.total:,}{beyond} {DATASETS[about].rows} of {found.whole:,}{beyond}.")
    if found.open:
        click.echo(f"{found.open:,} more may fit: a fact of the filter is not known of them.")
    if found.suppressed:
        click.echo(f"{found.suppressed:,} groups of fewer than 5 checks are not shown.")
    if found.cursor:
        click.echo(f"For the next page: --cursor {found.cursor}")
    return output.FINE
