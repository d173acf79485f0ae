"""`caio-mcp models resolve`: what an id stands for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import click

from ....core.models import Models
from ....core.resolve import ID_CHARACTERS_MAX, resolve
from ....core.wording import Plain
from ....errors import CaioError, RequestError
from ....model_words import identity_dict, safe_id, shown_id
from ... import output


@click.command("resolve")
@click.argument("ids", nargs=-1, metavar="ID...|-")
@click.option("--provider", default="", metavar="NAME", help="The provider that is called.")
@output.workspace_options
def command(ids: tuple[str, ...], provider: str, as_json: bool, policy: str, workspace: str) -> int:
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
