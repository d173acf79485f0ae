"""`caio-mcp doctor`: what is in force here, and what needs care."""

from __future__ import annotations

import sys

import click

from ... import __version__
from ...core.library import Library
from ...core.wording import Plain
from ...errors import CaioError
from ...files import find_pack
from ...settings import CONFIG_NAME, Settings, find_place, organisations
from ...workspace.cares import Care, cares_of
from .. import output


@click.command()
@output.workspace_options
def command(as_json: bool, policy: str, workspace: str) -> int:
    """Show what is in force here, and what needs care.

    Each thing comes with the file and line to edit and what to write there, the gravest first.
    Of a workspace of several organisations that chose none, it lists them.
    """
    place = find_place(workspace=workspace, org=output.chosen_org())
    there = organisations(place.workspace)
    if there and not place.org:
        return _show_organisations(workspace, there, as_json)
    facts, cares = _look(workspace, policy)
    if as_json:
        output.print_json(
            {
                **facts,
                "needs_care": [care.problem for care in cares],
                "to_do": [_care_dict(care) for care in cares],
            }
        )
        return output.FINE
    for name, value in facts.items():
        click.echo(f"{name.replace('_', ' '):<18} {value}")
    for care in cares:
        click.echo(f"{click.style('care:', fg='yellow', bold=True)} {care.problem}")
        step = " ".join(part for part in (care.where and f"{care.where}:", care.remedy) if part)
        if step:
            click.echo(f"      {step}")
    if not cares:
        click.echo("Nothing needs care.")
    return output.FINE


def _look(workspace: str, policy: str, org: str = "") -> tuple[dict[str, Plain], list[Care]]:
    """What is in force, and what to see to."""
    service, caller, settings = output.open_workspace(workspace, policy, org)
    facts = _facts(service.library, settings)
    register: list[Care] = []
    try:
        health = service.register.health()
        facts |= {
            "engine": health.engine,
            "entries": health.entries,
            "checks": health.checks,
        }
        register = [Care(care) for care in health.cares]
    except CaioError as error:
        register = [Care(error.problem, error.remedy)]
    finally:
        service.close()
    facts["person"] = f"{caller.person} ({caller.assurance})"
    pack = find_pack(settings.policy, settings.packs)
    cares = cares_of(service.library, pack, output.now().date())
    if not settings.organisation:
        cares.append(
            Care(
                "The organisation is not set; entries and the log do not name it.",
                'Write `organisation = "NAME"` there.',
                str(settings.workspace / CONFIG_NAME),
            )
        )
    return facts, [*cares, *register]


def _facts(library: Library, settings: Settings) -> dict[str, Plain]:
    found, catalogue = library.policy, library.catalogue
    checked = [f.checked for t in catalogue.tools.values() for f in t.facts if f.checked]
    return {
        "caio_mcp": __version__,
        "python": sys.version.split()[0],
        "workspace": str(settings.workspace),
        "policy": f"{found.name} {found.version}",
        "policy_hash": found.digest,
        "tools": len(catalogue.tools),
        "models": len(catalogue.models),
        "catalogue_checked": str(min(checked, default="")),
        "register": str(settings.register),
        "decision_log": settings.decision_log,
        "organisation": settings.organisation or "(not set)",
        "unit": settings.unit or "(not set)",
        "roles": ", ".join(settings.roles),
    }


def _care_dict(care: Care) -> dict[str, Plain]:
    return {
        "problem": care.problem,
        "remedy": care.remedy,
        "file": care.file or None,
        "line": care.line or None,
    }


def _show_organisations(workspace: str, names: tuple[str, ...], as_json: bool) -> int:
    """Each organisation of the workspace and how much there is to see to; one that cannot be
    opened is said to be so."""
    status = output.FINE
    for name in names:
        try:
            facts, cares = _look(workspace, "", name)
        except CaioError as error:
            output.print_error(f"{name}: {error.problem}", error.remedy, as_json=as_json)
            status = output.BAD_INPUT
            continue
        if as_json:
            kept = {key: facts[key] for key in ("organisation", "policy", "workspace")}
            output.print_json({"org": name, **kept, "needs_care": [c.problem for c in cares]})
            continue
        noun = "thing" if len(cares) == 1 else "things"
        shown = click.style(name, bold=True)
        what = f"{facts['organisation']}, policy {facts['policy']}"
        click.echo(f"{shown}: {what}, {len(cares)} {noun} to see to")
    if not as_json:
        click.echo("`caio-mcp doctor --org NAME` shows one of them.")
    return status
