"""The root command. Each file in `commands/` is one command; the folder is the list."""

from __future__ import annotations

import importlib
import pkgutil

import click

from .. import __version__
from . import commands


class Commands(click.Group):
    """Loads a command when it is asked for, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the files."""
        return sorted(info.name for info in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{commands.__name__}.{cmd_name}")
        command = module.command
        assert isinstance(command, click.Command)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="caio-mcp")
def cli() -> None:
    """May this data go into this AI tool? Your organisation's policy, answered on the spot.

    Exit status: 0 allowed or fine, 1 the answer is no, 2 bad usage or input,
    3 a review or more information is needed.
    """
