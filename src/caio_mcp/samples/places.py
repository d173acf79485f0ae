"""Which files somebody else than the person at the terminal may name: those in opened folders."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from ..core.wording import quote
from ..errors import RequestError
from ..opening import open_to_read


def opened_path(name: str, folders: Sequence[Path] | None) -> Path:
    """The file of a name, inside one of the folders; anywhere where there is no list of them."""
    try:
        path = Path(os.path.expanduser(name)).resolve()  # noqa: PTH111
    except (OSError, ValueError, RuntimeError):  # a zero byte, or links that lead to each other
        raise RequestError(
            f"{quote(name)} is not the path of a file.", remedy="Give the path of a file."
        ) from None
    if folders is not None and not any(
        path.is_relative_to(folder.resolve()) for folder in folders if _may_open(folder)
    ):
        raise RequestError(
            f"{quote(path.name)} is not in a folder that was opened.",
            remedy='Open one: write folders = ["~/Downloads"] into caio-mcp.toml.',
        )
    return path


def read_exactly(path: Path, bytes_max: int) -> bytes:
    """What the file at a resolved path holds. Where somebody puts a link in its way while it is
    opened, what was opened is another file, and nothing of it is given."""
    try:
        with open_to_read(path) as file:
            there = path.lstat()
            is_it = os.path.samestat(os.fstat(file.fileno()), there) and path.resolve() == path
            if not is_it or not stat.S_ISREG(there.st_mode):
                raise OSError(errno.EINVAL, "It is not a file, or not the same any more")
            content = file.read(bytes_max + 1)
    except OSError as error:
        raise RequestError(
            f"{quote(path.name)} cannot be read: {error.strerror}.", remedy="Give another file."
        ) from None
    if len(content) > bytes_max:
        raise RequestError(
            f"{quote(path.name)} has more than {bytes_max:,} bytes.", remedy="Give a part of it."
        )
    return content


def _may_open(folder: Path) -> bool:
    home = Path.home().resolve()
    return folder.resolve() != home and folder.resolve() not in home.parents
