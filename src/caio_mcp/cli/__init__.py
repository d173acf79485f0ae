"""The command line: the only part that prints."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from ..core.wording import may_be_content, quote
from ..errors import CaioError
from .app import cli
from .output import BAD_INPUT, CRASHED, print_error

__all__ = ["main"]


def main() -> None:
    """Run a command; a fault that somebody can mend is a sentence, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = cli.main(prog_name="caio-mcp", standalone_mode=False, color=_color())
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(BAD_INPUT)
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        command = context.command_path if context else "caio-mcp"
        _refuse(_without_content(error.format_message()), f"`{command} --help` shows the usage.")
    except CaioError as error:
        _refuse(error.problem, error.remedy)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output went away; that is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        _crash(error)
    sys.exit(status if isinstance(status, int) else 0)


def _color() -> bool | None:
    return False if os.environ.get("NO_COLOR") else None


def _refuse(problem: str, remedy: str) -> NoReturn:
    print_error(problem, remedy, as_json="--json" in sys.argv, color=_color())
    sys.exit(BAD_INPUT)


def _crash(error: Exception) -> NoReturn:
    """Say where the program failed, without the words of the error: they may be what it was
    looking at. Its status is none of those that answer something."""
    import traceback

    places = traceback.extract_tb(error.__traceback__)
    shown = "".join(f"\n  {place.filename}:{place.lineno} {place.name}" for place in places)
    print_error(
        f"A fault of this program: {type(error).__name__}{shown}\n",
        "Please report these lines; nothing of your data is in them.",
        as_json="--json" in sys.argv,
        color=_color(),
    )
    sys.exit(CRASHED)


def _without_content(message: str) -> str:
    """A message about the usage, without words of the command line that may be content."""
    words = {part for word in sys.argv[1:] for part in (word, word.partition("=")[2])}
    for word in sorted(filter(may_be_content, words), key=len, reverse=True):
        message = message.replace(repr(word), quote(word)).replace(word, quote(word))
    return message
