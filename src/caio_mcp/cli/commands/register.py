"""`caio-mcp register`: put uses into the register and look them up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import click

from ...core.document import Plain
from ...service import UseRequest, entry_dict
from .. import output


@click.group()
def command() -> None:
    """Put uses into the register and look them up."""


@command.command()
@output.use_options
@click.option("--tool", default="", metavar="WORDS", help="The AI tool in everyday words.")
@click.option("--title", required=True, help="A short name for the use.")
@click.option("--purpose", default="", help="What it is for, in a sentence.")
@click.option("--check", default="", metavar="CHECK", help="The id of an earlier check.")
@click.option("--request-id", default="", help="Any id of yours; the same again adds nothing.")
@output.workspace_options
def add(
    request: UseRequest,
    tool: str,
    title: str,
    purpose: str,
    check: str,
    request_id: str,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Put a use into the register; it is decided again."""

    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        entry, answer = service.register_use(
            replace(request, tool=tool),
            caller,
            output.now(),
            title=title,
            purpose=purpose,
            check=check,
            request_id=request_id,
        )
    finally:
        service.close()
    if as_json:
        output.print_json({**entry_dict(entry), "is_new": entry.is_new})
        return output.FINE
    state = "is in the register" if entry.is_new else "was already there"
    click.echo(
        f"{click.style(entry.id, bold=True)} {entry.title} {state}: "
        f"{entry.status.replace('_', ' ')}."
    )
    output.print_answer(answer.verdict, answer.decision.decision)
    return output.FINE


@command.command("list")
@click.option("--words", default="", help="Words of the title or purpose.")
@click.option(
    "--status",
    default="",
    type=click.Choice(["", "proposed", "under_review", "approved", "denied"]),
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 50))
@click.option("--before", default="", metavar="ENTRY", help="Older than this entry.")
@output.workspace_options
def list_(
    words: str, status: str, limit: int, before: str, as_json: bool, policy: str, workspace: str
) -> int:
    """List entries, the newest first."""
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        entries = service.search_register(
            caller, words=words, status=status, limit=limit, before=before
        )
    finally:
        service.close()
    if as_json:
        for entry in entries:
            output.print_json(entry_dict(entry))
        return output.FINE
    if not entries:
        click.echo("No entry fits. `caio-mcp register add` makes one.")
    for entry in entries:
        click.echo(
            f"{click.style(entry.id, bold=True)}  {entry.status:<14}  "
            f"{entry.created_at[:10]}  {entry.title}"
        )
    return output.FINE


@command.command()
@click.argument("entry")
@output.workspace_options
def show(entry: str, as_json: bool, policy: str, workspace: str) -> int:
    """Show one entry with the whole decision it rests on."""
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        found = service.find_entry(entry, caller)
        content = service.decision_of(found.check)
        decision: dict[str, Any] = json.loads(content)
        is_reproduced = service.reproduce(found.check) == content
    finally:
        service.close()
    if as_json:
        output.print_json(
            {**entry_dict(found), "decided": decision, "is_reproduced": is_reproduced}
        )
        return output.FINE
    for name, value in entry_dict(found).items():
        click.echo(f"{name:<14} {value}")
    _show_decision(decision)
    same = "yes, byte for byte" if is_reproduced else "no: another version of caio-mcp decided it"
    click.echo(f"{'decided again':<14} {same}, from the archived policy and catalogue")
    return output.FINE


def _show_decision(decision: dict[str, Any]) -> None:
    """What the decision rests on, for a reader; --json has every byte of it."""
    policy = decision["policy"]
    click.echo(f"{'policy':<14} {policy['name']} {policy['version']} {policy['hash']}")
    click.echo(f"{'catalogue':<14} {decision['catalogue_hash']}")
    click.echo(f"{'as of':<14} {decision['as_of']}, engine {decision['engine_version']}")
    for reason in decision["reasons"]:
        click.echo(f"{'because':<14} {reason['text']} [{reason['rule']}: {reason['source']}]")
    for duty in decision["obligations"]:
        click.echo(f"{'must':<14} {duty['text']}")
    for name, fact in decision["facts"].items():
        click.echo(f"{'fact':<14} {name} = {_plain(fact['value'])} ({fact['provenance']})")


def _plain(value: Plain) -> str:
    """A value of a fact: of a list what is in it, and what is known not to be."""
    if not isinstance(value, dict):
        return " or ".join(map(str, value)) if isinstance(value, list) else str(value)
    present = value.get("only", value.get("all_of")) or []
    absent = value.get("none_of") or []
    shown = (
        ", ".join(map(str, present)) or "none"
        if "only" in value
        else ", ".join([*map(str, present), *(f"not {name}" for name in absent)])
    )
    return f"{shown}{' and nothing else' if 'only' in value and present else ''}"
