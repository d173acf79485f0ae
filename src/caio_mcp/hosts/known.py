"""The known MCP hosts: where each keeps its configuration, and what it is called there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Literal

from ..errors import SetupError

System = Literal["windows", "macos", "linux"]


@dataclass(frozen=True, slots=True)
class Machine:
    """What the places of configuration depend on."""

    system: System
    home: PurePath
    environment: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()  # folders in %LOCALAPPDATA%\Packages, of apps from MSIX

    @property
    def settings(self) -> PurePath:
        """The folder in which programs keep their settings."""
        if self.system == "windows":
            return self._folder("APPDATA", self.home / "AppData" / "Roaming")
        if self.system == "macos":
            return self.home / "Library" / "Application Support"
        return self._folder("XDG_CONFIG_HOME", self.home / ".config")

    @property
    def local(self) -> PurePath:
        """%LOCALAPPDATA%."""
        return self._folder("LOCALAPPDATA", self.home / "AppData" / "Local")

    def _folder(self, variable: str, otherwise: PurePath) -> PurePath:
        said = type(self.home)(self.environment.get(variable, ""))
        return said if said.is_absolute() else otherwise

    def config_dir_of_claude(self) -> PurePath:
        """Where Claude Code keeps `.claude.json`."""
        return self._folder("CLAUDE_CONFIG_DIR", self.home)


@dataclass(frozen=True, slots=True)
class Place:
    """A configuration file, and what there is if the host is on this machine."""

    file: PurePath
    sign: PurePath


@dataclass(frozen=True, slots=True)
class Host:
    """A program that starts MCP servers."""

    name: str
    title: str
    key: str  # the object in the file that holds the servers
    is_typed: bool  # entries say `"type": "stdio"`
    is_strict: bool  # reads plain JSON, without comments
    program: str  # on PATH if it is installed; empty if it has none
    in_project: tuple[str, ...]  # its file in a project; empty if it has none
    then: str  # what to do in the host after connecting

    def place(self, machine: Machine) -> Place:
        """Where the user's own configuration lies."""
        if self.name == "claude-desktop":
            return _claude_desktop(machine)
        if self.name == "claude-code":
            return Place(machine.config_dir_of_claude() / ".claude.json", machine.home / ".claude")
        if self.name == "vscode":
            code = machine.settings / "Code"
            return Place(code / "User" / "mcp.json", code)
        folder = machine.home / f".{self.name}"
        return Place(folder / "mcp.json", folder)

    def is_found(self, machine: Machine) -> bool:
        """Whether it seems to be installed."""
        place = self.place(machine)
        paths = (place.file, place.sign)
        return any(Path(path).exists() for path in paths) or bool(
            self.program and shutil.which(self.program)
        )


def _claude_desktop(machine: Machine) -> Place:
    folder = machine.settings / "Claude"
    if machine.system == "windows":
        # Since February 2026 the installer is an MSIX package. Windows gives such a program a
        # settings folder of its own, and it never reads %APPDATA%\Claude.
        for package in sorted(machine.packages):
            if package.startswith("Claude_"):
                cache = machine.local / "Packages" / package / "LocalCache"
                folder = cache / "Roaming" / "Claude"
                break
    return Place(folder / "claude_desktop_config.json", folder)


_HOSTS = (
    Host(
        name="claude-desktop",
        title="Claude Desktop",
        key="mcpServers",
        is_typed=False,
        is_strict=True,
        program="",
        in_project=(),
        then="Quit Claude Desktop fully and start it again. Settings > Developer lists {name}; "
        "a chat shows its tools under + > Connectors.",
    ),
    Host(
        name="claude-code",
        title="Claude Code",
        key="mcpServers",
        is_typed=True,
        is_strict=True,
        program="claude",
        in_project=(".mcp.json",),
        then="Start a new session of Claude Code. /mcp lists {name}.",
    ),
    Host(
        name="vscode",
        title="VS Code",
        key="servers",
        is_typed=True,
        is_strict=False,
        program="code",
        in_project=(".vscode", "mcp.json"),
        then='Run "MCP: List Servers" in VS Code, start {name} and trust it. '
        "The chat has its tools in agent mode.",
    ),
    Host(
        name="cursor",
        title="Cursor",
        key="mcpServers",
        is_typed=False,
        is_strict=False,
        program="cursor",
        in_project=(".cursor", "mcp.json"),
        then="Open the MCP page of Cursor's settings and switch {name} on.",
    ),
)
HOSTS: Mapping[str, Host] = {host.name: host for host in _HOSTS}


def this_machine() -> Machine:
    """The machine that this runs on."""
    system: System = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")  # type: ignore[assignment]
    try:
        home = Path.home()
    except RuntimeError:  # a user without a name, and no HOME
        raise SetupError(
            "This user has no home folder.", remedy="Set HOME, or name a file with --file."
        ) from None
    machine = Machine(system, home, dict(os.environ))
    if system != "windows":
        return machine
    try:
        packages = tuple(path.name for path in Path(machine.local, "Packages").iterdir())
    except OSError:
        packages = ()
    return Machine(system, machine.home, machine.environment, packages)
