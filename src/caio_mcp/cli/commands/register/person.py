"""`caio-mcp register person`: what is held on somebody, and erasing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from ....core.wording import Plain, shorten
from ....errors import RequestError
from ....register import Erased, Held
from ... import output

SHOWN = 20
STAYS = (
    "What stays, under the pseudonym alone: coded facts, decisions and dates, who reviewed and "
    "decided as events, conditions that approvals rest on, and lines of the decision log until "
    "their time is over."
)


@click.command()
@click.argument("name")
@click.option("--erase", is_flag=True, help="Erase the name and the words they wrote.")
@click.option("--yes", is_flag=True, help="Do not ask before erasing.")
@output.workspace_options
def command(name: str, erase: bool, yes: bool, as_json: bool, policy: str, workspace: str) -> int:
    """Show what the register holds on somebody, by name or P-... id, and erase it.

    Erased are the name, titles and purposes of entries they own, notes and evidence they wrote,
    and imported rows that are theirs or name them. Only the DPO and the CAIO erase; everybody may
    see what is held on themselves. Somebody can stand here under several names, such as a user
    name and an address from an imported file: ask for each.
    """
    service, caller, settings = output.open_workspace(workspace, policy)
    try:
        held = service.held_on(name, caller)
        if not erase:
            return _show(held, as_json=as_json)
        if not yes:
            if as_json:
                raise RequestError(
                    "Erasing with --json asks nobody. Nothing was erased.", remedy="Add --yes."
                )
            _show(held, as_json=False)
            if not output.is_confirmed("Erase this for ever?"):
                return output.NO
        erased = service.erase_person(name, caller, output.now())
    finally:
        service.close()
    if as_json:
        output.print_json({**_plain(erased.held), "erased": True, "is_clean": erased.is_clean})
    else:
        beside = settings.register
        copies = beside.parent.glob(f"{beside.name}.before-restore-*")
        _show_erased(erased, sorted(copies))
    return output.FINE if erased.is_clean else output.NOT_YET


def _plain(held: Held) -> dict[str, Plain]:
    return {
        "person": held.id or None,
        "name_is_stored": held.is_stored,
        "erased_at": held.erased_at or None,
        "owns": [{"entry": entry, "title": held.titles.get(entry)} for entry in held.owns],
        "takes_part": list(held.takes_part),
        "events": dict(held.events),
        "notes": dict(held.notes),
        "evidence": {entry: list(duties) for entry, duties in held.evidence.items()},
        "checks": held.checks,
        "imported_rows": list(held.rows),
        "may_be_named_in": list(held.mentions),
    }


def _show(held: Held, *, as_json: bool) -> int:
    if as_json:
        output.print_json(_plain(held))
        return output.FINE
    if not (held.id or held.rows or held.mentions):
        click.echo("Nothing is held under this name.")
        return output.FINE
    stored = "the name is stored" if held.is_stored else "the name is not stored"
    when = f", erased {held.erased_at[:10]}" if held.erased_at else ""
    click.echo(f"{click.style(held.id or 'No pseudonym', bold=True)}: {stored}{when}.")
    owned = [
        f"{entry} {shorten(held.titles[entry]) if entry in held.titles else '(erased)'}"
        for entry in held.owns
    ]
    for what, listed in (
        ("owns", owned),
        ("takes part in", held.takes_part),
        ("did", _counts(held.events)),
        ("wrote", _counts(held.notes)),
        ("evidence for", [f"{e} {', '.join(duties)}" for e, duties in held.evidence.items()]),
        ("checks logged", [f"{held.checks:,}"] if held.checks else []),
        ("imported rows", held.rows),
    ):
        if listed:
            more = f" and {len(listed) - SHOWN:,} more" if len(listed) > SHOWN else ""
            click.echo(f"{what:<14} {'; '.join(listed[:SHOWN])}{more}")
    _show_mentions(held)
    return output.FINE


def _counts(counts: Mapping[str, int]) -> list[str]:
    return [f"{number:,} {kind}" for kind, number in sorted(counts.items())]


def _show_mentions(held: Held) -> None:
    if held.mentions:
        click.echo(
            f"Others may name them in words of {', '.join(held.mentions[:SHOWN])}. These are not "
            "erased with this person: look at them."
        )


def _show_erased(erased: Erased, copies: Sequence[Path]) -> None:
    held = erased.held
    gone = ", ".join(
        output.counted(*what)
        for what in (
            (len(held.titles), "title with its purpose", "titles with their purposes"),
            (sum(held.notes.values()), "note", "notes"),
            (sum(map(len, held.evidence.values())), "piece of evidence", "pieces of evidence"),
            (len(held.rows), "imported row", "imported rows"),
        )
    )
    name = "the name, " if held.is_stored else ""
    click.echo(f"{click.style('Erased', bold=True)} {held.id or 'what was there'}: {name}{gone}.")
    click.echo(STAYS)
    _show_mentions(held)
    click.echo(
        "Backups made before still hold it, and so do files it was imported from: delete them, or "
        "erase again after a restore or an import."
    )
    for copy in copies:
        click.echo(f"Such a copy is {copy}.")
    if not erased.is_clean:
        click.echo(
            f"{click.style('care:', fg='yellow', bold=True)} Another program was reading, or there "
            "was no room to write the file anew, so unused parts of it may still hold it. Close "
            "such programs, then run this again."
        )
