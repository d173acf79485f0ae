"""`caio-mcp policy`: check and test policy packs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from ...core.document import Plain
from ...core.library import Library
from ...core.policy_tests import Outcome, run_tests
from ...files import load_library, packs_below
from ...settings import load_settings
from .. import output


@click.group()
def command() -> None:
    """Check and test policy packs."""


def _libraries(packs: tuple[str, ...], policy: str, workspace: str) -> Iterator[Library]:
    """The packs named, or every pack below a folder, or the one in force."""
    settings = load_settings(workspace=workspace, policy=policy)
    for name in packs or (settings.policy,):
        folder = Path(name)
        if ("/" in name or name.startswith(".")) and folder.is_dir():
            for pack in packs_below(folder):
                yield load_library(f"{pack.resolve()}/", settings.packs)
        else:
            yield load_library(name, settings.packs)


@command.command()
@click.argument("packs", nargs=-1)
@output.workspace_options
def check(packs: tuple[str, ...], as_json: bool, policy: str, workspace: str) -> int:
    """Read packs and say everything that is wrong, with file and line.

    PACKS are names, folders, or folders of packs; without any, the pack in force.
    """
    count = 0
    for library in _libraries(packs, policy, workspace):
        count += 1
        found = library.policy
        summary: dict[str, Plain] = {
            "name": found.name,
            "version": found.version,
            "hash": found.digest,
            "adopted": found.is_adopted,
            "levels": len(found.levels),
            "overlays": len(found.overlays),
            "tables": len(found.tables),
            "rules": len(found.rules),
            "approvals": len(found.approvals),
            "tests": len(found.cases),
        }
        if as_json:
            output.print_json(summary)
            continue
        adopted = f"adopted by {found.adopted_by}" if found.is_adopted else "not adopted"
        click.echo(
            f"{found.name} {found.version} ({adopted}): no fault in {len(found.levels)} "
            f"levels, {len(found.overlays)} overlays, {len(found.tables)} tables, "
            f"{len(found.rules)} rules, {len(found.approvals)} approvals, "
            f"{len(found.cases)} tests."
        )
    if not count:
        click.echo("No pack is here: no policy.yaml was found.", err=True)
        return output.BAD_INPUT
    return output.FINE


@command.command()
@click.argument("packs", nargs=-1)
@output.workspace_options
def test(packs: tuple[str, ...], as_json: bool, policy: str, workspace: str) -> int:
    """Run the tests that packs carry.

    PACKS are names, folders, or folders of packs; without any, the pack in force.
    """
    passed = failed = 0
    for library in _libraries(packs, policy, workspace):
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
