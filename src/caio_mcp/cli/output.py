"""What commands share: the workspace, exit status, and how answers look on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from ..core.wording import JOINERS, Plain
from ..errors import RequestError

if TYPE_CHECKING:  # what a command does not need is not loaded for it
    import datetime

    from ..core.decision import Decision
    from ..service import Caller, Service
    from ..settings import Settings

FINE, NO, BAD_INPUT, NOT_YET = 0, 1, 2, 3
CRASHED = 70  # EX_SOFTWARE of sysexits.h: a fault of the program is no answer
VIA = "cli"
CELL_MAX = 60  # characters of a cell of a table
NEED_MORE = "need_more_information"
_ORG = f"{__name__}.org"

_STATUS = {
    "allow": FINE,
    "allow_with_conditions": FINE,
    "review": NOT_YET,
    NEED_MORE: NOT_YET,
    "prohibit": NO,
}
_COLOURS = {
    "allow": "green",
    "allow_with_conditions": "green",
    "review": "yellow",
    NEED_MORE: "yellow",
    "prohibit": "red",
}

P = ParamSpec("P")
R = TypeVar("R")


def status_of(decision: Decision) -> int:
    """The exit status that a decision stands for."""
    return _STATUS[decision.decision]


def _keep_org(context: click.Context, option: click.Parameter, value: str) -> str:
    context.meta[_ORG] = value
    return value


_PLACE = (
    click.option(
        "--org",
        default="",
        metavar="NAME",
        expose_value=False,
        callback=_keep_org,
        help="One of several organisations in the workspace.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option(
        "--workspace",
        default="",
        metavar="FOLDER",
        help="Where the register and your own policies are.",
    ),
)
_POLICY = click.option(
    "--policy", default="", metavar="PACK", help="A policy pack: its name or its folder."
)


def place_options(function: Callable[P, R]) -> Callable[P, R]:
    """The options of a command that works without a policy. `--org` is kept for
    `read_settings`."""
    for option in _PLACE:
        function = option(function)
    return function


def workspace_options(function: Callable[P, R]) -> Callable[P, R]:
    """The options that almost every command has."""
    org, as_json, workspace = _PLACE
    return workspace(_POLICY(as_json(org(function))))


def day_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--as-of`, for a command that decides as of another day."""
    return click.option(
        "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Decide as of a day."
    )(function)


def use_options(function: Callable[..., R]) -> Callable[..., R]:
    """The options that describe a proposed use; they reach the command as `request`."""

    @click.option("--task", default="", help="What is to be done, such as summarise.")
    @click.option(
        "--data", multiple=True, metavar="WORDS", help="The data in everyday words; again for more."
    )
    @click.option("--not-in-data", multiple=True, metavar="WORDS", help="What is not in it.")
    @click.option(
        "--fact",
        "facts",
        multiple=True,
        metavar="FACT=VALUE",
        help="A fact, such as data.level=public; again for more.",
    )
    @wraps(function)
    def wrapped(
        *args: Any,
        task: str,
        data: tuple[str, ...],
        not_in_data: tuple[str, ...],
        facts: tuple[str, ...],
        **kwargs: Any,
    ) -> R:
        from ..service import UseRequest

        request = UseRequest(task=task, data=data, not_in_data=not_in_data, facts=facts)
        return function(*args, request=request, **kwargs)

    return wrapped


def chosen_org() -> str:
    """The organisation that `--org` of this command named."""
    context = click.get_current_context(silent=True)
    return str(context.meta.get(_ORG, "")) if context else ""


def read_settings(workspace: str, policy: str, org: str = "") -> Settings:
    """The settings of a workspace and of the organisation chosen in it."""
    from ..settings import load_settings

    return load_settings(workspace=workspace, policy=policy, org=org or chosen_org())


def open_workspace(workspace: str, policy: str, org: str = "") -> tuple[Service, Caller, Settings]:
    """The service of a workspace, and who calls."""
    from ..bootstrap import build_caller, build_service

    settings = read_settings(workspace, policy, org)
    return build_service(settings), build_caller(settings), settings


def now() -> datetime.datetime:
    """The time of this command."""
    import datetime

    return datetime.datetime.now(datetime.UTC)


def counted(number: int, one: str, several: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else several}"


def is_confirmed(question: str) -> bool:
    """Whether the person at the terminal says yes; without a terminal nobody does."""
    if not sys.stdin.isatty():
        raise RequestError(f"{question} Nothing was changed.", remedy="Say --yes.")
    return click.confirm(question)


def print_json(value: Mapping[str, Plain] | Sequence[Plain]) -> None:
    """One JSON value on one line, with nothing in it that could steer a terminal."""
    click.echo(printable(json.dumps(value, ensure_ascii=False)))


def printable(text: str) -> str:
    """A line with nothing in it that could steer a terminal."""
    return text if text.isprintable() else "".join(map(_showable, text))


def _showable(character: str) -> str:
    is_plain = character.isprintable() or ord(character) in JOINERS
    return character if is_plain else json.dumps(character)[1:-1]


def print_table(columns: Sequence[str], rows: Sequence[Mapping[str, str | int | float]]) -> None:
    """Rows under their columns, each as wide as its longest cell."""
    cells = [[_cell(row.get(name, "")) for name in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    for line in (columns, *cells):
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _cell(value: str | int | float) -> str:
    text = "".join(map(_showable, str(value)))
    return text if len(text) <= CELL_MAX else f"{text[: CELL_MAX - 1]}…"


def print_error(problem: str, remedy: str, *, as_json: bool, color: bool | None = None) -> None:
    """A fault on standard error, and with --json on standard output too."""
    if as_json:
        print_json({"error": problem, "remedy": remedy.strip()})
    error = click.style("error:", fg="red", bold=True)
    click.echo(f"{error} {problem} {remedy}".rstrip(), err=True, color=color)


def print_answer(text: str, decision: str) -> None:
    """An answer with its verdict in the colour of the decision."""
    verdict, _, rest = text.partition("\n")
    click.echo(click.style(verdict, fg=_COLOURS[decision], bold=True))
    if rest:
        click.echo(rest)
