"""Files of a workspace onto the disk: all of them or none, and never over what is there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..core.library import load
from ..core.wording import PATH_ECHO_MAX, shorten
from ..errors import SetupError
from ..files import read_catalogue, read_policy
from .contents import Base

BASE = "default"


def read_base() -> Base:
    """The packs and the catalogue that come along."""
    files, chain = read_policy(BASE)
    return Base(files.files, load(files, chain, read_catalogue()))


def refuse_existing(folder: Path, paths: Iterator[str] | list[str]) -> None:
    """Refuse where anything that would be written is there already."""
    tops = dict.fromkeys(_top(path) for path in paths)
    there = [top for top in tops if os.path.lexists(folder / top)]
    if there:
        raise SetupError(
            f"{_shown(folder)} has {' and '.join(there)} already; nothing was written.",
            remedy="Edit what is there (`caio-mcp doctor` names what is missing), or take another "
            "folder with --workspace. Several organisations in one folder: --org NAME.",
        )


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files, each below the folder. They are made beside it and moved in at the end;
    whatever fails, nothing of them is left."""
    refuse_existing(folder, list(files))
    moved: list[Path] = []
    with _made(folder) as made:
        try:
            with tempfile.TemporaryDirectory(prefix=".init-", dir=folder) as name:
                staged = Path(name)
                for path, content in files.items():
                    (staged / path).parent.mkdir(parents=True, exist_ok=True)
                    (staged / path).write_text(content, encoding="utf-8", newline="\n")
                # The settings come last: until then the policy is not in force.
                for top in sorted(dict.fromkeys(map(_top, files)), key=lambda top: "/" not in top):
                    target = folder / top
                    for parent in _missing(target.parent):
                        parent.mkdir()
                        made.append(parent)
                    _move(staged / top, target)
                    moved.append(target)
        except BaseException as error:
            for target in reversed(moved):
                _remove(target)
            if isinstance(error, OSError):
                raise SetupError(
                    f"{_shown(folder)} cannot be written: {error.strerror or 'unknown fault'}. "
                    "Nothing was written.",
                    remedy="Check that you may write there, or take another folder with "
                    "--workspace.",
                ) from None
            raise


@contextmanager
def _made(folder: Path) -> Iterator[list[Path]]:
    """The folder; if the work fails, the folders that were made for it are taken away again."""
    made: list[Path] = []
    try:
        for parent in _missing(folder):
            parent.mkdir()
            made.append(parent)
        yield made
    except BaseException as error:
        for parent in reversed(made):
            try:
                parent.rmdir()
            except OSError:
                break
        if isinstance(error, OSError):
            raise SetupError(
                f"{_shown(folder)} cannot be made: {error.strerror or 'unknown fault'}. "
                "Nothing was written.",
                remedy="Check that you may write there, or take another folder with --workspace.",
            ) from None
        raise


def _missing(folder: Path) -> list[Path]:
    """The folders that have to be made, the outermost first."""
    return [path for path in (*reversed(folder.parents), folder) if not path.exists()]


def _top(path: str) -> str:
    """The part of a path that is moved in one piece: a pack, or a file."""
    return "/".join(path.split("/")[:2])


def _move(source: Path, target: Path) -> None:
    """Move without ever taking the place of something."""
    if source.is_dir():
        if os.path.lexists(target):
            raise FileExistsError(17, "it has been made meanwhile")
        source.rename(target)  # onto a folder that holds something it fails
        return
    try:
        os.link(source, target)  # fails where the target is there
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with target.open("xb") as file:
            file.write(source.read_bytes())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _shown(path: Path) -> str:
    return shorten(str(path), PATH_ECHO_MAX)
