"""`caio-mcp models`: which tools and models may be used, and what an id stands for."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable, Iterator

import click

from ...core.explain import policy_label
from ...core.models import Models
from ...core.resolve import ID_CHARACTERS_MAX, resolve
from ...core.wording import Plain
from ...errors import CaioError, RequestError
from ...model_words import identity_dict, model_lines, row_dicts, safe_id, shown_id
from ...service import ModelQuestion, ModelRow, UseRequest
from .. import output


@click.group()
def command() -> None:
    """Which tools and models may be used."""


_CAPABILITY = click.option(
    "--capability", default="", metavar="WORD", help="Only models for this, such as embedding."
)
_AS_OF = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Decide as of a day."
)


@command.command("list")
@output.use_options
@_CAPABILITY
@_AS_OF
@output.workspace_options
def list_(
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


@command.command("check")
@click.argument("ids", nargs=-1, metavar="ID...")
@click.option("--channel", default="", metavar="TOOL", help="The tool or provider that is called.")
@click.option("--region", default="", metavar="NAME", help="Where it runs, such as eu.")
@output.use_options
@_AS_OF
@output.workspace_options
def check(
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


@command.command("resolve")
@click.argument("ids", nargs=-1, metavar="ID...|-")
@click.option("--provider", default="", metavar="NAME", help="The provider that is called.")
@output.workspace_options
def resolve_(
    ids: tuple[str, ...], provider: str, as_json: bool, policy: str, workspace: str
) -> int:
    """Say which model an id stands for; with -, one id a line and one JSON object for each.

    A line is an id, or {"id": "...", "provider": "..."}. Nothing is decided here.
    """
    if not ids:
        raise click.UsageError("Give ids, or - for standard input.")
    service, _, _ = output.open_workspace(workspace, policy)
    models = service.library.catalogue.models
    if ids == ("-",):
        return _resolve_lines(models, provider)
    for written in ids:
        found = resolve(models, written, provider)
        if as_json:
            output.print_json({"id": safe_id(found), **identity_dict(found)})
            continue
        what = found.model.id if found.model else "no certain model"
        where = f" on {found.channel}" + (f" in {found.region_scope}" if found.region_scope else "")
        others = f"; may be {', '.join(found.candidates[:4])}" if found.candidates else ""
        click.echo(f"{shown_id(found)}: {found.resolved}, {what}{where}{others}")
    return output.FINE


def _resolve_lines(models: Models, provider: str) -> int:
    status = output.FINE
    for line in _lines():
        answer: dict[str, Plain]
        try:
            id_, named = _read_line(line)
            found = resolve(models, id_, named or provider)
            answer = {"id": safe_id(found), **identity_dict(found)}
        except CaioError as error:
            answer, status = {"error": error.problem, "remedy": error.remedy}, output.BAD_INPUT
        output.print_json(answer)
    return status


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        text = line.decode("utf-8-sig", "replace").strip("\r\n")
        if text.strip():
            yield text


def _read_line(line: str) -> tuple[str, str]:
    """The id of a line, and the provider if it names one."""
    if not line.lstrip().startswith("{"):
        return _sane(line), ""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise RequestError(
            "The line is not an id.", remedy='Write an id, or {"id": "...", "provider": "..."}.'
        )
    provider = value.get("provider")
    if provider is not None and not isinstance(provider, str):
        raise RequestError("provider is not a text.", remedy="Name the provider, or leave it out.")
    return _sane(value["id"]), provider or ""


def _sane(id_: str) -> str:
    if not id_.strip() or len(id_) > ID_CHARACTERS_MAX:
        raise RequestError(f"A model id has 1 to {ID_CHARACTERS_MAX} characters, not {len(id_):,}.")
    return id_


def _print_notices(notices: list[str], as_json: bool) -> int:
    if as_json:
        output.print_json({"notices": list(notices)})
    elif not notices:
        click.echo("Nothing to look at among the approvals of tools and models.")
    else:
        click.echo("\n".join(notices))
    return output.NOT_YET if notices else output.FINE
