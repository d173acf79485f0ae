"""Builds the bundle that a person opens with a double click: `python packaging/mcpb.py OUT`."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("src", "policies", "data")
FILES = ("README.md", "LICENSE")
# Of pyproject.toml, what building and running needs; uv would resolve the extras too.
TABLES = re.compile(r"build-system|project|project\.scripts|tool\.hatch\..*")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can say; the same content gives the same bytes


def contents() -> Iterator[tuple[str, bytes]]:
    """Every file of the bundle by its path in it, in order."""
    yield "manifest.json", (ROOT / "packaging" / "manifest.json").read_bytes()
    yield "server.py", (ROOT / "packaging" / "server.py").read_bytes()
    yield "pyproject.toml", _project((ROOT / "pyproject.toml").read_text("utf-8")).encode()
    for name in FILES:
        yield name, (ROOT / name).read_bytes()
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT)
            is_left_out = any(part.startswith((".", "__pycache__")) for part in inside.parts)
            if path.is_file() and not is_left_out:
                yield inside.as_posix(), path.read_bytes()


def build(out: Path) -> None:
    """Write the bundle."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in contents():
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            bundle.writestr(info, content)


def _project(text: str) -> str:
    parts = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    kept = (re.match(r"\[+([^\]]+)\]", part) for part in parts)
    return "".join(
        part for part, head in zip(parts, kept, strict=True) if head and TABLES.fullmatch(head[1])
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where to: python packaging/mcpb.py caio-mcp.mcpb")
    build(Path(sys.argv[1]))
