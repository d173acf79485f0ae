"""One edit of one host's configuration: worked out first, carried out when all are."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from ..errors import SetupError
from . import entry as entries
from . import jsonc
from .file import ConfigFile
from .known import Host


@dataclass(slots=True)
class Edit:
    """What is to be done in a file, and afterwards what was."""

    host: Host
    name: str
    file: ConfigFile
    change: entries.Change
    backup: Path | None = None

    def carry_out(self, now: datetime.datetime) -> None:
        """Write, restore or take away the file."""
        if self.change.did == "nothing":
            return
        if self.change.did != "restored":
            assert self.change.text is not None
            self.backup = self.file.write(self.change.text, now)
        elif self.change.text is None:
            self.file.delete()
        else:
            self.file.restore()


def connecting(host: Host, path: Path, name: str, entry: entries.Entry) -> Edit:
    """The edit that puts our entry in."""
    file = ConfigFile(path)
    try:
        change = entries.connected(file.text, host, name, entry)
    except jsonc.JsonFault as fault:
        raise file.fault(fault) from None
    except entries.NameTaken:
        raise SetupError(
            f"{path}: the name {name!r} belongs to another server.",
            remedy="Nothing was changed. Choose another name with --name.",
        ) from None
    except entries.NotKept:
        raise _not_safe(path) from None
    return _possible(Edit(host, name, file, change))


def undoing(host: Host, path: Path, name: str) -> Edit:
    """The edit that takes our entry out."""
    file = ConfigFile(path)
    try:
        change = entries.disconnected(file.text, host, name, file.earlier())
        found = entries.servers(file.text, host)
    except jsonc.JsonFault as fault:
        raise file.fault(fault) from None
    except entries.NotKept:
        raise _not_safe(path) from None
    if change.did == "nothing":
        ours = [other for other, entry in found.items() if entries.is_ours(entry)]
        if name in found:
            raise SetupError(
                f"{path}: the entry {name!r} does not start caio-mcp, so it stays.",
                remedy=f"Ours: {', '.join(ours)}. Say --name." if ours else "",
            )
        if ours:
            raise SetupError(
                f"{path} has no entry {name!r}; caio-mcp is there as {', '.join(ours)}.",
                remedy=f"Run it with --name {ours[0]}.",
            )
    return _possible(Edit(host, name, file, change))


def _possible(edit: Edit) -> Edit:
    if edit.change.did != "nothing":
        edit.file.must_be_writable()
    return edit


def _not_safe(path: Path) -> SetupError:
    return SetupError(
        f"{path} cannot be edited without losing something in it, such as a comment inside "
        "the entry.",
        remedy="Nothing was changed. Edit the entry by hand; --print shows how it should be.",
    )
