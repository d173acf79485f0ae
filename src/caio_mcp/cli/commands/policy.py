"""`caio-mcp policy`: check and test policy packs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from ...core.policy import PolicySet
from ...core.policy_tests import Outcome, run_tests
from ...errors import CaioError
from ...files import load_library, packs_below
from ...settings import Settings
from .. import output


@click.group()
def command() -> None:
    """Check and test policy packs."""


def _packs(packs: tuple[str, ...], settings: Settings) -> Iterator[str]:
    """The packs named, every pack below a folder, or the one in force."""
    for name in packs or (settings.policy,):
        folder = Path(name)
        if ("/" in name or name.startswith(".")) and folder.is_dir():
            yield from (f"{pack.resolve()}/" for pack in packs_below(folder))
        else:
            yield name


@command.command()
@click.argument("packs", nargs=-1)
@output.workspace_options
def check(packs: tuple[str, ...], as_json: bool, policy: str, workspace: str) -> int:
    """Read packs and say everything that is wrong, with file and line.

    PACKS are names, folders, or folders of packs; without any, the pack in force.
    """
    settings = output.read_settings(workspace, policy)
    status, count = output.FINE, 0
    for name in _packs(packs, settings):
        count += 1
        try:
            _show_pack(load_library(name, settings.packs).policy, as_json)
        except CaioError as error:  # the other packs are looked at all the same
            output.print_error(error.problem, error.remedy, as_json=as_json)
            status = output.BAD_INPUT
    if not count:
        click.echo("No pack is here: no policy.yaml was found.", err=True)
        return output.BAD_INPUT
    return status


def _show_pack(found: PolicySet, as_json: bool) -> None:
    parts = {
        "levels": len(found.levels),
        "overlays": len(found.overlays),
        "tables": len(found.tables),
        "rules": len(found.rules),
        "approvals": len(found.approvals),
        "tests": len(found.cases),
    }
    if as_json:
        output.print_json(
            {
                "name": found.name,
                "version": found.version,
                "hash": found.digest,
                "adopted": found.is_adopted,
                **parts,
            }
        )
        return
    on = f" on {found.adopted_on}" if found.adopted_on else ""
    adopted = f"adopted by {found.adopted_by}{on}" if found.is_adopted else "not adopted"
    base = f", inherits {', '.join(found.inherits)}" if found.inherits else ""
    counted = ", ".join(f"{count} {name}" for name, count in parts.items())
    click.echo(f"{found.name} {found.version} ({adopted}{base}): no fault in {counted}.")


@command.command()
@click.argument("packs", nargs=-1)
@output.workspace_options
def test(packs: tuple[str, ...], as_json: bool, policy: str, workspace: str) -> int:
    """Run the tests that packs carry.

    PACKS are names, folders, or folders of packs; without any, the pack in force.
    """
    passed = failed = 0
    settings = output.read_settings(workspace, policy)
    for name in _packs(packs, settings):
        library = load_library(name, settings.packs)
        for outcome in run_tests(library.engine, output.now().date()):
            passed += outcome.has_passed
            failed += not outcome.has_passed
            _show(outcome, as_json)
    if not as_json:
        click.echo(
            click.style(
                f"{passed} passed, {failed} failed", fg="red" if failed else "green", bold=True
            )
        )
    if not passed and not failed:
        click.echo("No test was found.", err=True)
        return output.BAD_INPUT
    return output.NO if failed else output.FINE


def _show(outcome: Outcome, as_json: bool) -> None:
    case = outcome.case
    if as_json:
        output.print_json(
            {
                "suite": case.suite,
                "name": case.name,
                "file": case.place.file,
                "line": case.place.line,
                "passed": outcome.has_passed,
                "differences": list(outcome.differences),
            }
        )
    elif not outcome.has_passed:
        click.echo(f"{case.place.file}:{case.place.line}: {case.suite}: {case.name}")
        for difference in outcome.differences:
            click.echo(f"    {difference}")
