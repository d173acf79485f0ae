"""`caio-mcp register show`: one entry with all it rests on."""

from __future__ import annotations

from typing import Any

import click

from ....core.wording import Plain
from ... import output


@click.command()
@click.argument("entry")
@output.workspace_options
def command(entry: str, as_json: bool, policy: str, workspace: str) -> int:
    """Show one entry: how it stands, why, what must be done, and what happened to it."""
    service, caller, _ = output.open_workspace(workspace, policy)
    try:
        card = service.entry_card(entry, caller, output.now())
        check = card.entry.check
        is_reproduced = bool(check) and service.reproduce(check) == service.decision_of(check)
    finally:
        service.close()
    if as_json:
        output.print_json(
            {**card.as_dict(), "decided": card.decided, "is_reproduced": is_reproduced}
        )
        return output.FINE
    click.echo(card.sentences())
    if card.decided:
        _show_decision(card.decided)
    if not check:
        return output.FINE
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
