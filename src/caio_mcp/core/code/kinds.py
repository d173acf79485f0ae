"""Which files may be code or settings that name models, and of which kind they are."""

from __future__ import annotations

import re

from . import literals
from .known import CONFIGS
from .uses import MANIFESTS

SETTINGS = frozenset(
    ("yaml", "yml", "toml", "env", "ini", "cfg", "conf", "properties", "dockerfile", "md", "mk")
)
SHELL = frozenset(("sh", "bash", "zsh", "ps1", "mk", "dockerfile", "yaml", "yml", "json"))
LOCKS = re.compile(
    r"(?:^|/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Cargo\.lock|"
    r"go\.sum|Gemfile\.lock|composer\.lock|[\w.-]*\.min\.js)$"
)


def is_code(path: str) -> bool:
    """Whether a file may be code or settings that name models."""
    return bool(kind_of(path)) and not LOCKS.search(path)


def kind_of(path: str) -> str:
    """How a file is read, mostly its suffix; "" where it names no models."""
    name = path.rsplit("/", 1)[-1].lower()
    if name.startswith(".env") or name.endswith(".env"):
        return "env"
    if "dockerfile" in name or name in ("containerfile", "modelfile"):
        return "dockerfile"
    suffix = name.rsplit(".", 1)[-1] if "." in name else ""
    if name in ("gemfile", "rakefile"):
        return "rb"
    if name in ("makefile", "justfile"):
        return "mk"
    if name in ("pipfile", "go.mod"):
        return "toml"
    if suffix in ("csproj", "props", "config"):
        return "xml"
    if suffix == "txt":
        return "txt" if MANIFESTS.search(path) else ""
    if suffix == "md":
        return "md" if CONFIGS.search(path) else ""
    if suffix in literals.STYLES or suffix in SETTINGS:
        return suffix
    return ""
