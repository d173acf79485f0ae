"""`caio-mcp doctor`: what is in force here, and what needs care."""

from __future__ import annotations

import sys

import click

from ... import __version__
from ...core.document import Plain
from ...core.library import Library
from ...errors import CaioError
from ...settings import Settings
from .. import output


@click.command()
@output.workspace_options
def command(as_json: bool, policy: str, workspace: str) -> int:
    """Show what is in force here, and what needs care."""
    service, caller, settings = output.open_workspace(workspace, policy)
    facts, cares = _look(service.library, settings)
    try:
        health = service.register.health()
        facts |= {
            "engine": health.engine,
            "entries": health.entries,
            "checks": health.checks,
        }
        cares += health.cares
    except CaioError as error:
        cares.append(f"{error.problem} {error.remedy}")
    finally:
        service.close()
    facts["person"] = f"{caller.person} ({caller.assurance})"
    if as_json:
        output.print_json({**facts, "needs_care": list(cares)})
    else:
        for name, value in facts.items():
            click.echo(f"{name.replace('_', ' '):<18} {value}")
        for care in cares:
            click.echo(f"{click.style('care:', fg='yellow', bold=True)} {care}")
        if not cares:
            click.echo("Nothing needs care.")
    return output.FINE


def _look(library: Library, settings: Settings) -> tuple[dict[str, Plain], list[str]]:
    found, catalogue = library.policy, library.catalogue
    checked = [f.checked for t in catalogue.tools.values() for f in t.facts if f.checked]
    facts: dict[str, Plain] = {
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
    cares = []
    if not found.is_adopted:
        cares.append(f"The policy {found.name} is a sample that nobody adopted.")
    if found.stale_after and output.now().date() > found.stale_after:
        cares.append(f"The policy was due for review on {found.stale_after}.")
    if not found.approvals:
        cares.append("The policy approves no tool.")
    return facts, cares
