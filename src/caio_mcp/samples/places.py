"""Which files somebody else than the person at the terminal may name: those in opened folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..core.wording import quote
from ..errors import RequestError


def opened_path(name: str, folders: Sequence[Path] | None) -> Path:
    """The file of a name, inside one of the folders; anywhere where there is no list of them."""
    path = Path(os.path.expanduser(name)).resolve()  # noqa: PTH111
    if folders is not None and not any(
        path.is_relative_to(folder.resolve()) for folder in folders if _may_open(folder)
    ):
        raise RequestError(
            f"{quote(path.name)} is not in a folder that was opened.",
            remedy='Open one: write folders = ["~/Downloads"] into caio-mcp.toml.',
        )
    return path


def _may_open(folder: Path) -> bool:
    home = Path.home().resolve()
    return folder.resolve() != home and folder.resolve() not in home.parents
