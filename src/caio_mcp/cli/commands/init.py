"""`caio-mcp init`: a workspace with a policy for an organisation."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from ...core.answer import Answer
from ...core.document import Document, plain
from ...core.library import Library
from ...core.wording import Plain, nearest, quote
from ...errors import Fault, FileFaults, RequestError, SetupError
from ...files import read_bytes
from ...register import Register
from ...service import Caller, Service, UseRequest
from ...settings import CONFIG_NAME, ORGS, Place, find_place, organisations
from ...workspace.answers import (
    KEYS,
    QUESTIONS,
    ROLES,
    Answers,
    Choose,
    Found,
    Question,
    Said,
    read_answers,
)
from ...workspace.cares import cares_of
from ...workspace.contents import load_pack, workspace_files
from ...workspace.writing import read_base, refuse_existing, write
from .. import output

F = TypeVar("F", bound=Callable[..., Any])

CARES_SHOWN = 4
TASK, DATA = "summarise", "customer complaints"  # of the question to try


def _flag(key: str, metavar: str, words: str, *, multiple: bool = False) -> Callable[[F], F]:
    question = next(question for question in QUESTIONS if question.key == key)
    return click.option(
        question.flag, key, multiple=multiple, metavar=metavar, help=f"{words} ({question.example})"
    )


@click.command()
@_flag("name", "WORDS", "The name of the organisation.")
@_flag("country", "WORD", "The country it is in.")
@_flag("also_in", "WORDS", "Where else it hires or serves people.", multiple=True)
@_flag("states", "WORDS", "Places in the US with rules of their own.", multiple=True)
@_flag("people", "NUMBER", "How many people work there.")
@_flag("works_council", "WORD", "In Germany: what the works council said.")
@_flag("sectors", "WORDS", "What it does; again for more.", multiple=True)
@_flag("tools", "WORDS", "An AI tool it pays for; again for more.", multiple=True)
@_flag("contracts", "WORDS", "Tools whose processor contract you signed.", multiple=True)
@_flag("transfers", "WORDS", "Tools whose contract covers data that leaves the EEA.", multiple=True)
@_flag("levels", "NAME[=LEVEL]", "An own level of data, the lowest first.", multiple=True)
@_flag("contacts", "ROLE=WHO", "Who decides; again for more.", multiple=True)
@_flag("training", "WORDS", "The AI training people take.")
@_flag("inherits", "PACK", "The packs of rules that hold.", multiple=True)
@_flag("adopted_by", "NAME", "Who puts it in force today.")
@_flag("id", "ID", "A short name for the folder of the policy.")
@click.option(
    "--answers", "answers_file", metavar="FILE", help="The answers in a YAML or JSON file."
)
@click.option("--dry-run", is_flag=True, help="Print the files, and write none.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--org", default="", metavar="NAME", help="Make it one of several in the workspace.")
@click.option(
    "--workspace", default="", metavar="FOLDER", help="The folder; it is made where it is missing."
)
def command(
    answers_file: str | None,
    dry_run: bool,
    as_json: bool,
    org: str,
    workspace: str,
    **flags: Any,
) -> int:
    """Make a policy for your organisation: a few questions, and files that you can edit.

    In a terminal it asks for what is not given. Everywhere else all answers come as flags or
    from a file whose keys are named like the flags. Nothing that is there is ever overwritten.
    """
    place = find_place(workspace=workspace, org=org)
    _refuse_mixture(place)
    if not dry_run:
        refuse_existing(place.folder, [CONFIG_NAME])
    given = _given(flags, answers_file)
    base = read_base()
    asker = Terminal() if _asks(given) else None
    answers = read_answers(given, base.library, asker)
    paths = [CONFIG_NAME, f"policies/{answers.id}"]
    if not dry_run:
        refuse_existing(place.folder, paths)
    files = workspace_files(answers, base, output.now().date())
    if dry_run:
        _print_files(files, as_json)
        return output.FINE
    if asker and not asker.confirm(answers, place.folder):
        click.echo("Nothing was written.")
        return output.FINE
    write(place.folder, files)
    pack = {path.split("/", 2)[2]: text for path, text in files.items() if path.count("/") > 1}
    _report(answers, load_pack(answers.id, pack, base), place, files, as_json)
    return output.FINE


def _refuse_mixture(place: Place) -> None:
    """A workspace is of one organisation or of several, so that it is clear whose answer it is."""
    there = organisations(place.workspace)
    if there and not place.org:
        raise SetupError(
            f"The workspace {place.workspace} is of several organisations: {', '.join(there)}.",
            remedy="Add one with --org NAME.",
        )
    if place.org and not there and (place.workspace / CONFIG_NAME).exists():
        raise SetupError(
            f"The workspace {place.workspace} is of one organisation: it has {CONFIG_NAME}.",
            remedy=f"Move that file, policies/ and register.db into {ORGS}/NAME/ first, or take "
            "another folder with --workspace.",
        )


# -- what was given ------------------------------------------------------------------------


def _asks(given: Mapping[str, Said]) -> bool:
    """Whether somebody is there to answer, and something that is always needed is missing."""
    always = ("name", "country", "also_in", "sectors", "tools")
    return sys.stdin.isatty() and sys.stdout.isatty() and not all(key in given for key in always)


def _given(flags: Mapping[str, Any], answers_file: str | None) -> dict[str, Said]:
    """Answers of the file, and over them those of the flags."""
    given = _read_answers_file(answers_file) if answers_file else {}
    names = {question.key: question.flag for question in QUESTIONS}
    for key, value in flags.items():
        if value is None or value == ():
            continue
        given[key] = Said(list(value) if isinstance(value, tuple) else value, names[key])
    return given


def _read_answers_file(name: str) -> dict[str, Said]:
    if name == "-":
        raise RequestError(
            "Answers are not read from standard input.", remedy="Give the name of a file."
        )
    faults: list[Fault] = []
    document = Document(name if name.isprintable() else repr(name), read_bytes(Path(name)), faults)
    given = {}
    for key, key_node, node in document.pairs(document.root, "A file of answers"):
        if key not in KEYS:
            document.fault(key_node, f"{quote(key)} is not asked.", nearest(key, KEYS))
        given[key] = Said(plain(node), f"{document.file}:{document.line(key_node)}")
    if faults:
        raise FileFaults("The file of answers", faults, remedy="Mend them, then run it again.")
    return given


# -- asking at a terminal ------------------------------------------------------------------


class Terminal:
    """The dialogue: plain questions, an example for each, Enter for what is usual."""

    def __init__(self) -> None:
        click.echo("A few questions, and your organisation has a policy. Enter takes what is in")
        click.echo("[brackets]; Ctrl-C leaves, and nothing is written.")

    def ask(self, question: Question, found: Found, library: Library) -> Plain:
        """What somebody answers."""
        click.echo()
        if question.key == "contacts":
            return self._contacts()
        if question.key == "levels":
            shown = ", ".join(f"{level.title} ({level.example})" for level in library.policy.levels)
            click.echo(f"Data has levels. The usual ones: {shown}.")
        click.echo(click.style(question.ask, bold=True))
        usual = question.usual(found)
        optional = "" if usual or question.is_required else ", or Enter to leave it out"
        click.echo(f"  for example: {question.example}{optional}")
        return self._read(usual)

    @staticmethod
    def _read(usual: str = "", words: str = ">") -> str:
        answer = click.prompt(
            words, default=usual, show_default=bool(usual), prompt_suffix=" ", type=str
        )
        return str(answer).strip()

    def _contacts(self) -> Plain:
        click.echo(click.style("Who decides? One person may have several roles.", bold=True))
        click.echo("  for example: Ada Example (ada@acme.example), 3 days; or - for nobody yet")
        contacts: dict[str, Plain] = {}
        before = ""
        for role, does in ROLES.items():
            who = self._read(before or "-", f"{role}, who {does}:")
            if who != "-":
                contacts[role] = before = who
        return contacts

    def again(self, error: RequestError) -> str | None:
        """Show why an answer will not do; of a choice, what was chosen."""
        click.echo(f"{click.style(error.problem, fg='yellow')}")
        if not isinstance(error, Choose):
            click.echo(error.remedy)
            return None
        for number, (_, title) in enumerate(error.options, 1):
            click.echo(f"  {number}) {title}")
        numbers = click.IntRange(1, len(error.options))
        chosen = click.prompt("Which one?", type=numbers, prompt_suffix=" ")
        return error.options[chosen - 1][0]

    def confirm(self, answers: Answers, folder: Path) -> bool:
        """Show what was understood, and ask whether to write it."""
        tools = ", ".join(f"{a.tool.name} ({a.status})" for a in answers.tools) or "none"
        click.echo()
        click.echo(f"{answers.name}: {answers.country.name}, sector {', '.join(answers.sectors)}.")
        click.echo(f"Rules of: {', '.join(answers.inherits)}. Tools: {tools}.")
        return click.confirm(f"Write policies/{answers.id} and {CONFIG_NAME} to {folder}?", True)


# -- what is said at the end ---------------------------------------------------------------


def _print_files(files: Mapping[str, str], as_json: bool) -> None:
    if as_json:
        output.print_json({"files": dict(files)})
        return
    for path, text in files.items():
        click.echo(f"{click.style(f'--- {path}', bold=True)}\n{text}")
    click.echo("Nothing was written.")


def _report(
    answers: Answers, library: Library, place: Place, files: Mapping[str, str], as_json: bool
) -> None:
    cares = cares_of(library, place.folder / "policies" / answers.id, output.now().date())
    example, verdict = _example(answers, library, place)
    if as_json:
        output.print_json(
            {
                "folder": str(place.folder),
                "organisation": answers.name,
                "policy": answers.id,
                "files": list(files),
                "adopted": library.policy.is_adopted,
                "needs_care": [care.problem for care in cares],
                "example": example,
                "verdict": verdict,
            }
        )
        return
    click.echo(click.style(f"{answers.name} has a policy in {place.folder}:", bold=True))
    for path in files:
        click.echo(f"  {path}")
    if cares:
        click.echo("Look at this, the gravest first:")
    for care in cares[:CARES_SHOWN]:
        click.echo(f"  {care.where.removeprefix(f'{place.folder}{os.sep}')}: {care.problem}")
    click.echo(f"Try: {example}\n  {verdict}")
    click.echo(f"Next: caio-mcp connect{_there(place)}  (so that your assistant asks this policy)")
    click.echo(f"      caio-mcp doctor{_there(place)}  (all that is still to see to)")


def _example(answers: Answers, library: Library, place: Place) -> tuple[str, str]:
    """A question to try with its answer: one that needs no more answers, if there is one."""
    tools = [a.tool.name for a in answers.tools if a.status == "approved"] or ["ChatGPT Free"]
    got = {tool: _answer(library, tool) for tool in tools}
    tool = next((tool for tool in tools if got[tool].decision.ruling.is_final), tools[0])
    said = f'--task {TASK} --tool "{tool}" --data "{DATA}"'
    return f"caio-mcp check{_there(place)} {said}", got[tool].for_terminal().partition("\n")[0]


def _answer(library: Library, tool: str) -> Answer:
    """What the policy answers to the question to try; nothing is logged."""

    def closed() -> Register:
        raise SetupError("No register is open here.")

    service = Service(library, closed, "off")
    request = UseRequest(task=TASK, tool=tool, data=(DATA,))
    return service.check_use(request, Caller("unknown"), output.now(), via=output.VIA)


def _there(place: Place) -> str:
    """The options with which another command finds this workspace, as far as they were given."""
    context = click.get_current_context()
    workspace = shlex.join(["--workspace", str(context.params["workspace"])])
    org = f" --org {place.org}" if place.org else ""
    return f"{f' {workspace}' if context.params['workspace'] else ''}{org}"
