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
@click.option("--order", default="", metavar="COLUMN", help="-COLUMN is the last first.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, LIMIT_MAX))
@click.option("--cursor", default="", help="From the answer before, for the next page.")
@output.workspace_options
def command(
    about: str,
    filters: tuple[str, ...],
    group_by: tuple[str, ...],
    measures: tuple[str, ...],
    count_min: int,
    order: str,
    limit: int,
    cursor: str,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Count and list over the whole register: for the CAIO, the DPO and auditors."""
    measures = measures or ("count",)
    question = Question(about, filters, group_by, measures, count_min, order, limit, cursor)
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        found = service.query_register(question, caller, output.now())
    finally:
        service.close()
    if as_json:
        output.print_json(
            {
                "total": None if found.is_small else found.total,
                "of": found.whole,
                "is_lower_bound": found.is_bound,
                "groups": found.groups,
                "open": found.open,
                "groups_too_small": found.suppressed,
                "rows": [dict(row) for row in found.rows],
                "cursor": found.cursor,
                "event": found.event,
            }
        )
        return output.FINE
    dataset = DATASETS[about]
    if found.rows:
        output.print_table(found.columns, found.rows)
    beyond = " or more" if found.is_bound else ""
    if found.is_small:
        click.echo(f"The number of {dataset.rows} is not shown: fewer than 5 would stand out.")
    else:
        click.echo(f"{found.total:,}{beyond} {dataset.rows} of {found.whole:,}{beyond}.")
    if found.open:
        up_to = "Up to " if dataset.is_counted else ""
        click.echo(f"{up_to}{found.open:,} more may fit: a fact of the filter is not known.")
    if found.suppressed:
        click.echo(f"Fewer than 5, or would give such a group away: {found.suppressed:,} groups.")
    if dataset.is_counted and not group_by:
        click.echo("Checks are counted, not listed: use --by.")
    if found.cursor:
        click.echo(f"For the next page: --cursor {found.cursor}")
    return output.FINE
