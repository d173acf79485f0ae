"""The root command. Each file in `commands/` is one command; the folder is the list."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import click

from .. import __version__
from . import commands


class FolderGroup(click.Group):
    """Commands that are the files of a package, each loaded when it is asked for, so that it
    starts quickly."""

    def __init__(self, *args: Any, package: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the files."""
        path = importlib.import_module(self._package).__path__
        return sorted(_word(info.name) for info in pkgutil.iter_modules(path))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        path = importlib.import_module(self._package).__path__
        name = next(i.name for i in pkgutil.iter_modules(path) if _word(i.name) == cmd_name)
        module = importlib.import_module(f"{self._package}.{name}")
        command = module.command
        assert isinstance(command, click.Command)
        return command


def _word(module: str) -> str:
    """The command in a file; `import_` is for one that is a word of Python."""
    return module.rstrip("_").replace("_", "-")


@click.command(
    cls=FolderGroup,
    package=commands.__name__,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="caio-mcp")
def cli() -> None:
    """May this data go into this AI tool? Your organisation's policy, answered on the spot.

    Exit status: 0 allowed or fine, 1 the answer is no, 2 bad usage or input,
    3 a review or more information is needed.
    """
