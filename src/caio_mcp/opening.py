"""Opens files that somebody named, without waiting for what never comes, and finds our own."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from .errors import SetupError


def open_to_read(path: Path) -> BinaryIO:
    """A file, or a pipe such as a shell's `<(command)`; a pipe that nobody writes to is empty."""
    return open(path, "rb", opener=_at_once)  # pathlib has no opener


def read_file(path: Path, bytes_max: int) -> bytes:
    """What a file holds. Neither a pipe nor a device is taken for one, nor what is too long."""
    with open_to_read(path) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "It is not a file")
        content = file.read(bytes_max + 1)
    if len(content) > bytes_max:
        raise OSError(errno.EFBIG, f"It has more than {bytes_max:,} bytes")
    return content


def _at_once(path: str, flags: int) -> int:
    try:  # opening a pipe would wait for somebody to write to it
        number = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    except ValueError:  # a zero byte
        raise OSError(errno.EINVAL, "No file can have this name") from None
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(number, True)
    return number


def bundled(name: str) -> Path:
    """The folder `policies` or `data` that came with the program: in the installed package,
    or beside `src/` in a source checkout. The current directory plays no part."""
    here = Path(__file__).resolve().parent
    for place in (here / "bundled" / name, here.parents[1] / name):
        if place.is_dir():
            return place
    raise SetupError(
        f"The folder {name!r} that belongs to caio-mcp is missing.",
        remedy="Install caio-mcp again.",
    )
