"""`caio-mcp models`: which tools and models may be used. Each file here is one subcommand."""

from __future__ import annotations

import click

from ...app import FolderGroup


@click.command(cls=FolderGroup, package=__name__)
def command() -> None:
    """Say which tools and models may be used, what an id stands for, and what code calls."""
