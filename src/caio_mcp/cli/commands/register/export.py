"""`caio-mcp register export`: the register in other formats."""

from __future__ import annotations

from pathlib import Path

import click

from ....core.wording import PATH_ECHO_MAX, shorten
from ....errors import RequestError
from ... import output


@click.command()
@click.argument("file")
@click.option("--format", "format_name", default="csv", show_default=True, help="See below.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Only these entries, such as status=approved; again for more.",
)
@click.option("--with-names", is_flag=True, help="With names and addresses of people.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@output.workspace_options
def command(
    file: str,
    format_name: str,
    filters: tuple[str, ...],
    with_names: bool,
    force: bool,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Write what you may see of the register into a file.

    Formats: csv, json, xlsx, omb-2025, atrs, algoritmeregister, annex-viii-b,
    annex-viii-c, art30. What a format asks for and nobody said is left blank and counted.
    """
    path = Path(file)
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        written = service.export(
            format_name, caller, output.now(), filters=filters, with_personal=with_names
        )
    finally:
        service.close()
    try:
        with path.open("wb" if force else "xb") as out:
            out.write(written.content)
    except OSError as error:
        raise RequestError(
            f"{shorten(file, PATH_ECHO_MAX)} cannot be written: {error.strerror}.",
            remedy="Choose a name that is free, or --force to write over it.",
        ) from None
    if as_json:
        output.print_json(
            {
                "file": str(path),
                "format": written.format,
                "rows": written.rows,
                "missing": dict(written.missing),
                "withheld": written.withheld,
            }
        )
    else:
        click.echo(written.text(), nl=False)
    return output.FINE
