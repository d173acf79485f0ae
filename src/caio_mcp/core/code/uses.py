"""The providers that code uses: hosts, packages that are imported or depended on, and what is
called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .known import CALL_CHANNELS, CALLS, HOSTS, ORDINARY, PACKAGES
from .mention import Mention
from .places import is_comment, place

MANIFESTS = re.compile(
    r"(?:^|/)(?:requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|package\.json|"
    r"go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]+\.csproj|Gemfile|composer\.json|"
    r"environment\.ya?ml|Directory\.Packages\.props)$"
)
_JS = re.compile(r"(?:\bfrom|\bimport|\brequire\()\s*[\"'](@?[\w./@-]+)[\"']")
_JAVA = re.compile(r"^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+)(?:\.\*)?;?[ \t]*$", re.M)
_IMPORTS = {  # how a language imports
    **dict.fromkeys(
        ("py", "pyi"),
        re.compile(r"^[ \t]*(?:from|import)[ \t]+([\w.]+)(?:[ \t]+import[ \t]+([\w, ()]+))?", re.M),
    ),
    **dict.fromkeys(("js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"), _JS),
    **dict.fromkeys(("java", "kt", "kts", "scala"), _JAVA),
    "go": re.compile(r"\"((?:github\.com|google\.golang\.org)/[\w./-]+)\"[ \t]*$", re.M),
    "swift": re.compile(r"^[ \t]*import[ \t]+(\w+)[ \t]*$", re.M),
    "cs": re.compile(r"^[ \t]*using[ \t]+(?:static[ \t]+)?([\w.]+);", re.M),
    "rb": re.compile(r"^[ \t]*require[ \t]+[\"']([\w/-]+)[\"']", re.M),
    **dict.fromkeys(("rs", "php"), re.compile(r"^[ \t]*(?:pub[ \t]+)?use[ \t]+([\w:\\]+)", re.M)),
}
_DEPENDENCY = re.compile(
    r"[{,]\s*\"(@?[\w./-]+)\"\s*:|"
    r"^[ \t]*[\"']?(?:gem[ \t]+[\"'])?(@?[A-Za-z][\w./@-]*?)(?:\[[\w,-]*\])?[\"']?[ \t]*"
    r"(?:$|[=<>~!;,:@^]|v\d|\s\()|"
    r"<artifactId>([\w.-]+)</artifactId>|<PackageReference\s+Include=\"([\w.]+)\"|"
    r"[\"'](?:implementation)?\(?([\w.]+:[\w-]+):|<groupId>([\w.]+)</groupId>",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that says which provider is called."""

    line: int
    channel: str
    region: str = ""
    is_file: bool = False  # of the whole file, as an import is


def hosts_in(text: str) -> Iterator[Mention]:
    """The endpoints of providers."""
    lowered = text.lower()
    for anchor, pattern, channel in HOSTS:
        if anchor not in lowered:
            continue
        for found in pattern.finditer(text):
            line, column = place(text, found.start())
            if is_comment(text, found.start()):
                continue
            groups = found.groupdict()
            region = groups.get("r1") or groups.get("r2") or ""
            yield Mention(line, column, found[0], "endpoint", channel, region)


def calls(text: str) -> Iterator[Evidence]:
    """The classes and functions of one provider."""
    for found in CALLS.finditer(text):
        channel = CALL_CHANNELS[found["name"]]
        yield Evidence(text.count("\n", 0, found.start()) + 1, channel)


def sdks_in(path: str, text: str, kind: str) -> Iterator[Mention]:
    """The packages that are imported, or depended on."""
    if MANIFESTS.search(path):
        yield from _dependencies(text)
    seen: set[str] = set()
    pattern = _IMPORTS.get(kind)
    for found in pattern.finditer(text) if pattern else ():
        for name in _names(found, kind):
            if name not in seen:
                seen.add(name)
                line, column = place(text, found.start(1))
                yield Mention(line, column, name, "sdk", PACKAGES[name])
    if 'client("bedrock-runtime"' in text or "client('bedrock-runtime'" in text:
        line, column = place(text, text.index("bedrock-runtime"))
        yield Mention(line, column, "bedrock-runtime", "sdk", "bedrock")


def _names(found: re.Match[str], kind: str) -> Iterator[str]:
    """The packages of the table that an import is from: the longest that it starts with."""
    written = found[1].replace("::", ".") if kind == "rs" else found[1]
    whole = [written]
    if found.re.groups > 1 and found[2]:
        whole = [f"{written}.{part.strip(' ()')}" for part in found[2].split(",")]
    for name in whole:
        part = name
        while part:
            if part in PACKAGES and _fits(part, kind):
                yield part
                break
            part = part[: max(part.rfind("."), part.rfind("/"), part.rfind("\\"), 0)]


def _fits(package: str, kind: str) -> bool:
    """Whether a package with the name of an ordinary word is that of this language."""
    if package == "ai":
        return kind in ("js", "ts", "tsx", "jsx", "mjs", "cjs", "mts")
    if package in ("rig", "genai"):
        return kind == "rs"
    if package == "OpenAI":
        return kind == "cs"
    return True


def _dependencies(text: str) -> Iterator[Mention]:
    for found in _DEPENDENCY.finditer(text):
        name = next((group for group in found.groups() if group), "")
        name = name.split(":")[0] if name not in PACKAGES else name
        if name in PACKAGES and name not in ORDINARY:
            at = found.start() + found[0].index(name)
            line, column = place(text, at)
            yield Mention(line, column, name, "sdk", PACKAGES[name])
