"""`caio-mcp register`: the book of uses. Each file here is one subcommand."""

from __future__ import annotations

import click

from ...app import FolderGroup


@click.command(cls=FolderGroup, package=__name__)
def command() -> None:
    """Put uses into the register, look them up, review them, and keep the book."""
