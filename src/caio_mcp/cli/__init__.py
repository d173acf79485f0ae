"""The command line: the only part that prints."""

from __future__ import annotations

import json
import os
import sys

import click

from ..errors import CaioError
from .app import cli
from .output import BAD_INPUT

__all__ = ["main"]


def main() -> None:
    """Run a command; a fault that somebody can mend is a sentence, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    color = False if os.environ.get("NO_COLOR") else None
    try:
        status = cli.main(standalone_mode=False, color=color)
    except click.ClickException as error:
        error.show()
        sys.exit(BAD_INPUT)
    except CaioError as error:
        if "--json" in sys.argv:
            click.echo(json.dumps({"error": error.problem, "remedy": error.remedy}))
        click.echo(f"{click.style('error:', fg='red', bold=True)} {error}", err=True, color=color)
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output went away; that is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)
