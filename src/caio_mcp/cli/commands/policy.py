"""`caio-mcp policy`: check, test and explain policy packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from ...core.library import Library
from ...core.policy import PolicySet
from ...core.policy_tests import Outcome, run_tests
from ...core.policy_words import Source, in_words, parts, sources
from ...core.wording import Plain, nearest, quote
from ...errors import CaioError, RequestError
from ...files import ParsedHere, load_library, packs_below
from ...settings import Settings
from .. import output


@click.group()
def command() -> None:
    """Check, test and explain policy packs."""


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
    status, count, parsed = output.FINE, 0, ParsedHere()
    for name in _packs(packs, settings):
        count += 1
        try:
            _show_pack(load_library(name, settings.packs, parsed).policy, as_json)
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
@click.option(
    "--mutations",
    is_flag=True,
    help="Take out each rule, exception, row, cell and condition; say what no test notices.",
)
@output.workspace_options
def test(
    packs: tuple[str, ...], mutations: bool, as_json: bool, policy: str, workspace: str
) -> int:
    """Run the tests that packs carry.

    PACKS are names, folders, or folders of packs; without any, the pack in force.
    """
    passed = failed = 0
    settings, parsed = output.read_settings(workspace, policy), ParsedHere()
    for name in _packs(packs, settings):
        library = load_library(name, settings.packs, parsed)
        if mutations:
            failed += _show_mutations(library, as_json)
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


def _show_mutations(library: Library, as_json: bool) -> int:
    """What no test notices when it is taken out, and how much is too much: nothing but a tenth
    of the conditions."""
    from ...core.mutations import WHATS, survivors

    tried: Counter[str] = Counter()
    left: Counter[str] = Counter()
    pack = library.policy_files.name
    for mutation, has_survived in survivors(library.engine, pack, output.now().date()):
        tried[mutation.what] += 1
        left[mutation.what] += has_survived
        if has_survived and not as_json:
            where = f"{mutation.place.file}:{mutation.place.line}"
            click.echo(f"{where}: no test notices {mutation.name}")
    counts: dict[str, Plain] = {
        what: {"tried": tried[what], "unnoticed": left[what]} for what in WHATS if tried[what]
    }
    if as_json:
        output.print_json({"pack": pack, "mutations": counts})
    else:
        shown = ", ".join(f"{left[what]} of {tried[what]} {what}s" for what in counts)
        click.echo(f"{pack}: unnoticed are {shown or 'none, as it has no rules'}")
    few = left["condition"] * 10 <= tried["condition"]
    return sum(left.values()) - (left["condition"] if few else 0)


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


@command.command()
@click.argument("ids", nargs=-1)
@click.option("--sources", "shows_sources", is_flag=True, help="List everything it rests on.")
@click.option(
    "--provisions", is_flag=True, help="List the provisions of law, and what covers each."
)
@output.workspace_options
def explain(
    ids: tuple[str, ...],
    shows_sources: bool,
    provisions: bool,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Say in words what a rule, cell, duty or provision says, and what it rests on.

    IDS are those in the brackets of an answer, such as GDPR-28 or DH-LEVEL/internal/consumer;
    without any, the rules of the policy in force are listed.
    """
    settings = output.read_settings(workspace, policy)
    library = load_library(settings.policy, settings.packs)
    if shows_sources:
        return _show_sources(library, as_json)
    found = parts(library.policy)
    names = ids or tuple(
        part.id for part in (library.policy.provisions if provisions else library.policy.rules)
    )
    for name in names:
        if name not in found:
            raise RequestError(
                f"{quote(name)} is not in the policy {library.policy.name}.",
                remedy=nearest(name, list(found)),
            )
    for name in names:
        lines = in_words(name, found[name], library.policy, library.vocabulary)
        if as_json:
            output.print_json({"id": name, "says": [line.strip() for line in lines]})
        elif ids or provisions:
            click.echo("\n".join(lines) + "\n")
        else:
            click.echo(lines[0])
    return output.FINE


def _show_sources(library: Library, as_json: bool) -> int:
    used: dict[str, list[Source]] = {}
    for source in sources(library.policy, library.catalogue):
        used.setdefault(source.source, []).append(source)
    for text, uses in sorted(used.items()):
        names = list(dict.fromkeys(use.used_by for use in uses))
        checked = min((use.checked for use in uses if use.checked), default=None)
        if as_json:
            output.print_json(
                {"source": text, "used_by": list(names), "checked": str(checked or "")}
            )
        else:
            looked = f" (looked at {checked})" if checked else ""
            click.echo(f"{text}{looked}\n  {', '.join(names)}")
    return output.FINE
