"""`caio-mcp models scan-code`: which models does this code call, and may it?"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ....code_words import code_bom, code_dict, code_lines, code_sarif
from ....codebase import read_codebase
from ....core.explain import policy_label
from ....core.wording import quote
from ....errors import RequestError
from ....opening import read_file
from ....service import CodeReport, UseRequest, knows
from ... import output
from .check import exit_status

FORMATS = ("table", "json", "sarif", "cyclonedx")
BASELINE_BYTES_MAX = 20_000_000


@click.command("scan-code")
@click.argument("path", default=".")
@click.option("--level", default="", metavar="NAME", help="The level of the data that goes in.")
@output.use_options
@click.option("--config", default="", metavar="FILE", help="Another file than .caio.yaml.")
@click.option("--baseline", default="", metavar="FILE", help="Leave out what stands in it.")
@click.option("--write-baseline", default="", metavar="FILE", help="Write down what is there now.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table")
@output.day_option
@output.workspace_options
def command(
    path: str,
    level: str,
    request: UseRequest,
    config: str,
    baseline: str,
    write_baseline: str,
    form: str,
    as_of: datetime.datetime | None,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Find the models, endpoints and SDKs in code, and decide on each model.

    PATH is a file or a folder [.]. A .caio.yaml in the repository says what data goes in and
    which model a deployment or an environment variable stands for.

    Exit status: 0 all allowed, 1 one is not, 2 bad usage or input, 3 more must be known or
    somebody reviews first.
    """
    service, caller, _ = output.open_workspace(workspace, policy)
    models = service.library.catalogue.models
    codebase = read_codebase(path, lambda text: knows(models, text), config=config)
    day = (as_of or output.now()).date()
    if level:
        request = UseRequest(
            request.task, "", request.data, request.not_in_data,
            (f"data.level={level}", *request.facts),
        )  # fmt: skip
    report = service.check_code(codebase, caller, day, request)
    if write_baseline:
        _write_baseline(Path(write_baseline), report)
    if baseline:
        report = report.without(_read_baseline(Path(baseline)))
    label = policy_label(service.library.policy)
    _print(report, "json" if as_json else form, label, models.date)
    return output.FINE if write_baseline else exit_status([row.row for row in report.rows])


def _print(report: CodeReport, form: str, policy: str, date: str) -> None:
    if form == "json":
        output.print_json(code_dict(report, policy, date))
    elif form == "sarif":
        output.print_json(code_sarif(report))
    elif form == "cyclonedx":
        output.print_json(code_bom(report, date))
    else:
        for line in code_lines(report, policy, date):
            click.echo(output.printable(line))


def _write_baseline(path: Path, report: CodeReport) -> None:
    """A new file, or another content of a baseline; anything else in its place is left alone."""
    if os.path.lexists(path):
        _read_baseline(path)
    keys = sorted(row.key for row in report.rows if not row.row.is_ok)
    content = json.dumps({"caio-mcp": "models", "version": 1, "known": keys}, indent=1)
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(content + "\n")
        draft.replace(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file can have this name"
        raise RequestError(
            f"{quote(path.name)} cannot be written: {why}.",
            remedy="Choose a name that is free, in a folder you may write.",
        ) from None


def _read_baseline(path: Path) -> Sequence[str]:
    try:
        content: Any = json.loads(read_file(path, BASELINE_BYTES_MAX))
        known = content["known"]
        if content["caio-mcp"] != "models" or not all(isinstance(key, str) for key in known):
            raise ValueError
    except OSError as error:
        raise RequestError(
            f"{quote(path.name)} cannot be read: {error.strerror}.",
            remedy="Make it with --write-baseline.",
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RequestError(
            f"{quote(path.name)} is no baseline.", remedy="Make it with --write-baseline."
        ) from None
    return list(known)
