"""What is installed to compare with, and that none of it reaches a network."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def installed_version(package: str) -> str:
    """The installed version of a package, or nothing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def closure(names: Iterable[str]) -> set[str]:
    """The installed packages that some packages need, these among them."""
    wanted, seen = list(names), set[str]()
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        if name in seen:
            continue
        try:
            needed = distribution(name).requires or []
        except PackageNotFoundError:  # for another system, or another Python
            continue
        seen.add(name)
        for line in needed:
            match = _NAME.match(line)
            if match and "extra ==" not in line:
                wanted.append(match[0])
    return seen


def megabytes(names: Iterable[str]) -> float:
    """The size of the files of some packages."""
    total = 0
    for name in names:
        for file in distribution(name).files or ():
            path = Path(str(file.locate()))
            total += path.stat().st_size if path.is_file() else 0
    return total / 1e6


def _refuse(*_: object, **__: object) -> None:
    raise OSError("no network here")


def cut_off() -> None:
    """From now on no Python of this process opens a connection."""
    socket.socket.connect = _refuse  # type: ignore[method-assign]  # what is measured must not notice
    socket.getaddrinfo = _refuse  # type: ignore[assignment]  # likewise
