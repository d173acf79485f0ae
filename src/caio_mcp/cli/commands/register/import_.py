"""`caio-mcp register import`: take the uses of another inventory into the register."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from ....core.wording import PATH_ECHO_MAX, shorten
from ....errors import RequestError
from ....opening import read_file
from ... import output

BYTES_MAX = 200_000_000


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--mapping", default="", metavar="FILE", help="What its columns are, as YAML.")
@click.option("--write-mapping", default="", metavar="PATH", help="Write down what was guessed.")
@click.option("--dry-run", is_flag=True, help="Only report; write nothing into the register.")
@output.workspace_options
def command(
    file: str,
    mapping: str,
    write_mapping: str,
    dry_run: bool,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Import uses from CSV, XLSX or JSON: OMB 2025 and 2024, UK ATRS, Dutch Algoritmeregister,
    or columns of your own.

    Importing a file again changes only what is new in it. Columns of your own are guessed and
    shown; write the guess with --write-mapping, read it, then import with --mapping.
    """

    def progress(done: int, of: int) -> None:
        if not as_json and sys.stderr.isatty():
            click.echo(f"\r{done:,} of {of:,}", err=True, nl=done == of)

    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        told = (mapping, _read(mapping)) if mapping else None
        content = _read(file)
        imported = service.import_file(
            Path(file).name,
            content,
            caller,
            output.now(),
            mapping=told,
            is_trial=dry_run,
            progress=progress,
        )
    finally:
        service.close()
    if write_mapping:
        _write(Path(write_mapping), imported.mapping)
    taken = imported.taken
    if as_json:
        counts = asdict(taken) if taken else None
        output.print_json({"report": imported.report.as_dict(), "taken": counts})
    else:
        click.echo(imported.report.text(), nl=False)
        click.echo(_outcome(taken is not None, imported.report.is_guess and not told))
        if taken:
            click.echo(
                f"{taken.added:,} added, {taken.changed:,} changed, {taken.unchanged:,} as before."
            )
    return output.FINE if taken or dry_run else output.NOT_YET


def _outcome(is_taken: bool, is_guess: bool) -> str:
    if is_taken:
        return "Imported. Nobody has checked these uses against your policy yet: they are proposed."
    if is_guess:
        return (
            "Nothing was imported: what the columns mean is a guess. Write it with "
            "--write-mapping FILE, read it, then import with --mapping FILE."
        )
    return "Nothing was imported (dry run)."


def _read(file: str) -> bytes:
    try:
        return read_file(Path(file), BYTES_MAX)
    except OSError as error:
        raise RequestError(
            f"{shorten(file, PATH_ECHO_MAX)} cannot be read: {error.strerror}.",
            remedy=f"Check its name; {BYTES_MAX // 1_000_000} MB is the most.",
        ) from None


def _write(path: Path, text: str) -> None:
    if not text:
        raise RequestError(
            "There is no mapping to write: the format is known.",
            remedy="Leave --write-mapping out.",
        )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise RequestError(
            f"{shorten(str(path), PATH_ECHO_MAX)} cannot be written: {error.strerror}.",
            remedy="Choose a name that is free, in a folder you may write.",
        ) from None
