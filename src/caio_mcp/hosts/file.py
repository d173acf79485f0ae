"""A configuration file of somebody else's program: read, backed up, written whole or not at all."""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import secrets
import stat
from pathlib import Path

from ..core.wording import PATH_ECHO_MAX, shorten
from ..errors import SetupError
from ..opening import read_file
from .jsonc import JsonFault

BACKUP = ".caio-backup"
BOM = "\ufeff"
BYTES_MAX = 50_000_000  # Claude Code keeps its history in the same file


class ConfigFile:
    """One file as it was when it was read. A link stays a link: its target is edited."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.target = path.resolve()
            self.content: bytes | None = read_file(self.target, BYTES_MAX)
        except FileNotFoundError:
            self.content = None
        except (OSError, RuntimeError) as error:  # closed, no file, or links in a circle
            reason = getattr(error, "strerror", None) or "the links lead nowhere"
            raise SetupError(
                f"{shorten(str(path), PATH_ECHO_MAX)} cannot be read: {reason}.",
                remedy="Nothing was changed.",
            ) from None
        self.text = self._decoded(self.content or b"")

    def _decoded(self, content: bytes) -> str:
        try:
            return content.decode("utf-8").removeprefix(BOM)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise self.fault(JsonFault(line, "this line is not UTF-8 text")) from None

    def fault(self, fault: JsonFault) -> SetupError:
        """A fault with its place in this file."""
        return SetupError(
            f"{self.path}:{fault.line}: {fault.problem}.",
            remedy="Nothing was changed. Mend that line, or use --print and put the entry in "
            "by hand.",
        )

    def backups(self) -> list[Path]:
        """The backups of this file, the newest first."""
        pattern = re.compile(re.escape(self.target.name) + r"\.\d{8}T\d{12}Z" + re.escape(BACKUP))
        try:
            names = os.listdir(self.target.parent)  # noqa: PTH208  # names, to sort them
        except OSError:
            return []
        return [
            self.target.with_name(name) for name in sorted(names, reverse=True)
            if pattern.fullmatch(name)
        ]  # fmt: skip

    def earlier(self) -> str | None:
        """What the newest backup holds."""
        for backup in self.backups()[:1]:
            with contextlib.suppress(OSError, UnicodeDecodeError):
                return backup.read_bytes().decode("utf-8").removeprefix(BOM)
        return None

    def write(self, text: str, now: datetime.datetime) -> Path | None:
        """Write the file; the path of the backup if there was one to make."""
        self.must_be_writable()
        backup = None
        bom = BOM if (self.content or b"").startswith(BOM.encode()) else ""
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            if self.content is not None:
                stamp = now.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%S%fZ")
                backup = self.target.with_name(f"{self.target.name}.{stamp}{BACKUP}")
                self._replace(backup, self.content)
            self._must_be_unchanged()
            self._replace(self.target, (bom + text).encode("utf-8"))
        except OSError as error:
            raise self._not_written(error.strerror or "it cannot be written") from None
        return backup

    def restore(self) -> None:
        """Put the newest backup back; it is used up."""
        self.must_be_writable()
        backup = self.backups()[0]
        try:
            self._must_be_unchanged()
            self._replace(self.target, backup.read_bytes())
            backup.unlink()
        except OSError as error:
            raise self._not_written(error.strerror or "it cannot be written") from None

    def delete(self) -> None:
        """Take away a file that holds only what we wrote."""
        self.must_be_writable()
        try:
            self._must_be_unchanged()
            self.target.unlink()
        except OSError as error:
            raise self._not_written(error.strerror or "it cannot be taken away") from None

    def must_be_writable(self) -> None:
        """Replacing a file needs only its folder; who made it read-only meant the file."""
        if self.content is None:
            return
        mode = self.target.stat().st_mode
        if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(
            self.target, os.W_OK
        ):
            raise self._not_written("it is read-only")

    def _must_be_unchanged(self) -> None:
        now = self.target.read_bytes() if self.target.exists() else None
        if now != self.content:
            raise SetupError(
                f"{self.path} was changed by another program in the meantime.",
                remedy="Nothing was lost. Run the command again.",
            )

    def _not_written(self, reason: str) -> SetupError:
        return SetupError(
            f"{self.path} was not changed: {reason}.",
            remedy="Make the file writable, or use --print and put the entry in by hand.",
        )

    @staticmethod
    def _private(path: str, flags: int) -> int:
        return os.open(path, flags, 0o600)  # until it has the mode of the original

    def _replace(self, path: Path, content: bytes) -> None:
        """Write a file whole or not at all, with the mode and owner of the one it stands for."""
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            opener = None if self.content is None else self._private
            with open(draft, "xb", opener=opener) as file:  # pathlib has no opener
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if self.content is not None:
                like = self.target.stat()
                if hasattr(os, "chown"):
                    with contextlib.suppress(OSError):  # only the administrator may
                        os.chown(draft, like.st_uid, like.st_gid)
                draft.chmod(stat.S_IMODE(like.st_mode))
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
