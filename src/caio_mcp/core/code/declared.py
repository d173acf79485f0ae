"""Models that are declared in blocks: deployments of Azure, and Modelfiles of Ollama."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .mention import Item
from .places import place

_HCL_MODEL = re.compile(r"\bmodel[\"']?\s*[:=]?\s*\{(?P<body>[^{}]{0,600})\}")
_HCL_PAIR = re.compile(r"\b(name|version|format)[\"']?\s*[:=]\s*(?:[\"']([^\"'\n]+)[\"']|([\w.]+))")


def blocks(text: str) -> Iterator[Item]:
    """`model { name = "gpt-4o" version = "2024-08-06" }` of an Azure deployment, in the languages
    that declare one."""
    for block in _HCL_MODEL.finditer(text):
        pairs = {m[1]: m for m in _HCL_PAIR.finditer(block["body"])}
        if "name" not in pairs or not {"format", "version"} & set(pairs):
            continue
        name = pairs["name"]
        group = 2 if name[2] else 3
        line, column = place(text, block.start("body") + name.start(group))
        version = (pairs["version"][2] or "") if "version" in pairs else ""
        yield Item(
            name[group], line, column, "azure_model", is_dynamic=group == 3, version=version or "-"
        )


def modelfile(path: str, text: str) -> Iterator[Item]:
    """`FROM llama3.1:8b` in a Modelfile of Ollama."""
    if not path.lower().endswith("modelfile"):
        return
    for found in re.finditer(r"^FROM[ \t]+(\S+)", text, re.M):
        line, column = place(text, found.start(1))
        yield Item(found[1], line, column, "ollama")
