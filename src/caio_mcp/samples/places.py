"""Which files somebody else than the person at the terminal may name: those in opened folders."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from ..core.wording import quote
from ..errors import RequestError
from ..opening import open_to_read


def opened_path(name: str, folders: Sequence[Path] | None) -> Path:
    """The file of a name, inside one of the folders; anywhere where there is no list of them."""
    try:
        path = Path(os.path.expanduser(name)).resolve()  # noqa: PTH111
    except (OSError, ValueError, RuntimeError):  # a zero byte, or links that lead to each other
        raise _unreadable(name, "It is not the path of a file") from None
    if folders is not None and not any(
        path.is_relative_to(folder.resolve()) for folder in folders if _may_open(folder)
    ):
        raise RequestError(
            f"{quote(path.name)} is not in a folder that was opened.",
            remedy='Open one: write folders = ["~/Downloads"] into caio-mcp.toml.',
        )
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _unreadable(name, os.strerror(error.errno or errno.ENOENT)) from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise _unreadable(name, "It is not a file")
    return path


def open_exactly(path: Path) -> BinaryIO:
    """The file at a resolved path. Where somebody puts a link in its way while it is opened,
    what was opened is another file, and nothing of it is read."""
    file = open_to_read(path)
    try:
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "It is not a file")
        if not os.path.samestat(os.fstat(file.fileno()), state) or path.resolve() != path:
            raise OSError(errno.EINVAL, "It was exchanged while it was opened")
    except OSError:
        file.close()
        raise
    return file


def _unreadable(name: str, why: str) -> RequestError:
    """It is called by the name that was given, not by where a link of that name leads."""
    return RequestError(
        f"{quote(Path(name).name)} cannot be read: {why}.", remedy="Give another file."
    )


def _may_open(folder: Path) -> bool:
    home = Path.home().resolve()
    return folder.resolve() != home and folder.resolve() not in home.parents
