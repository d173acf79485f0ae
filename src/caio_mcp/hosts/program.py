"""How the program that runs now can be started again later, by somebody without its PATH."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ..errors import SetupError

PROGRAM = "caio-mcp"


@dataclass(frozen=True, slots=True)
class Running:
    """What is known of the running program."""

    argument: str  # sys.argv[0]
    executable: str
    prefix: str
    environment: Mapping[str, str] = field(default_factory=dict)
    direct_url: str = ""  # PEP 610: where it was installed from, if not from an index

    @classmethod
    def now(cls) -> Running:
        """This program."""
        try:
            direct_url = distribution(PROGRAM).read_text("direct_url.json") or ""
        except PackageNotFoundError:  # run from its source
            direct_url = ""
        return cls(sys.argv[0], sys.executable, sys.prefix, dict(os.environ), direct_url)

    def command(self) -> tuple[str, ...]:
        """The command that starts it again, with full paths."""
        folder = Path(self.prefix)
        if any(re.fullmatch(r"archive-v\d+|environments-v\d+", part) for part in folder.parts):
            return self._with_uvx()  # the environment lies in uv's cache, and may go any day
        if folder.parent.name == "pipx" or folder.parent.parts[-2:] == ("pipx", ".cache"):
            return self._with_pipx()
        for path in (Path(self.argument), Path(self.executable).with_name(PROGRAM)):
            for file in (path, path.with_name(f"{path.name}.exe")):
                is_ours = file.name.removesuffix(".exe") == PROGRAM and len(file.parts) > 1
                if is_ours and file.is_file():
                    return (os.path.abspath(file),)  # noqa: PTH100  # a link stays: it outlives upgrades
        return (self.executable, "-m", "caio_mcp")

    def _with_uvx(self) -> tuple[str, ...]:
        uv = Path(self.environment.get("UV", ""))
        beside = [uv.with_name(name) for name in ("uvx", "uvx.exe")] if uv.name else []
        uvx = next((str(path) for path in beside if path.is_file()), None) or self._which("uvx")
        if uvx is None:
            raise SetupError(
                "This program runs in a cache of uv, and uvx is not on PATH to start it again.",
                remedy=f"Install it with `uv tool install {PROGRAM}` and run it from there.",
            )
        source = self._source()
        return (uvx, *(("--from", source) if source else ()), PROGRAM)

    def _with_pipx(self) -> tuple[str, ...]:
        pipx = self._which("pipx")
        if pipx is None:
            raise SetupError(
                "This program runs in a cache of pipx, and pipx is not on PATH to start it again.",
                remedy=f"Install it with `pipx install {PROGRAM}` and run it from there.",
            )
        source = self._source()
        return (pipx, "run", *(("--spec", source) if source else ()), PROGRAM)

    def _which(self, name: str) -> str | None:
        found = shutil.which(name, path=self.environment.get("PATH", ""))
        return os.path.abspath(found) if found else None  # noqa: PTH100

    def _source(self) -> str:
        """Where it was installed from, as pip writes it; empty if from an index."""
        try:
            said = json.loads(self.direct_url)
            url = str(said["url"])
        except (ValueError, KeyError, TypeError):
            return ""
        if "vcs_info" in said:
            revision = said["vcs_info"].get("requested_revision", "")
            return f"{said['vcs_info']['vcs']}+{url}" + (f"@{revision}" if revision else "")
        parts = urlsplit(url)
        return url2pathname(parts.path) if parts.scheme == "file" else url
