"""The generated parts of the README and docs/rules.md: `python tests/readme.py` writes them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import click
from mcp import Client

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.cli.app import cli
from caio_mcp.core.detectors.taxonomy import TYPES
from caio_mcp.core.lifecycle import STEPS, words
from caio_mcp.files import load_library
from caio_mcp.register.questions import DATASETS
from caio_mcp.server.app import build_server
from caio_mcp.server.tools import tool_modules
from caio_mcp.settings import ROLES, Settings

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
RULES = ROOT / "docs" / "rules.md"
REGISTER = ROOT / "docs" / "register.md"
DETECTION = ROOT / "docs" / "detection.md"
PACKS = ("data-handling", "gdpr", "eu-ai-act", "security", "ip", "us")


def tools_table() -> str:
    """Every tool with the roles that have it and the first sentence of its description."""
    settings = Settings(workspace=Path("unused"), roles=ROLES)
    roles = {name: getattr(module, "ROLES", ("everybody",)) for name, module in tool_modules()}
    server = build_server(build_service(settings), build_caller(settings))

    async def rows() -> list[str]:
        async with Client(server) as client:
            return [
                f"| `{tool.name}` | {', '.join(roles[tool.name])} "
                f"| {'no' if tool.annotations.read_only_hint else 'yes'} "
                f"| {_sentence(tool.description or '')} |"
                for tool in (await client.list_tools()).tools
                if tool.annotations is not None
            ]

    return _table("| tool | for | writes | does |\n|---|---|---|---|", asyncio.run(rows()))


def commands_table() -> str:
    """Every command with the first sentence of its help."""
    return _table(
        "| command | does |\n|---|---|",
        [
            f"| `caio-mcp {name}` | {_sentence(command.help or '')} |"
            for name, command in _leaves(cli, "")
        ],
    )


def _leaves(group: click.Group, prefix: str) -> list[tuple[str, click.Command]]:
    context = click.Context(group)
    found: list[tuple[str, click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found += _leaves(command, f"{prefix}{name} ")
        elif command is not None:
            found.append((f"{prefix}{name}", command))
    return found


def packs_table() -> str:
    """Every pack that `default` inherits, with its rules."""
    policy = load_library("default").policy
    rows = []
    for pack in PACKS:
        own = load_library(pack).policy
        ids = [rule.id for rule in policy.rules if rule.place.file.startswith(f"{pack}/")]
        tables = [table.id for table in own.tables]
        rows.append(f"| `{pack}` | {own.title} | {', '.join([*tables, *ids])} | {len(own.cases)} |")
    return _table("| pack | is about | tables and rules | tests |\n|---|---|---|---|", rows)


def steps_table() -> str:
    """Where an entry can go from where it is."""
    rows = [
        f"| {words(status)} | {', '.join(map(words, after)) or 'nothing: it is the end'} |"
        for status, after in STEPS.items()
    ]
    return _table("| from | to |\n|---|---|", rows)


def columns_table() -> str:
    """Every column of every dataset that can be asked."""
    tables = []
    for dataset in DATASETS.values():
        days = f" `median_days`: {dataset.days}." if dataset.days else ""
        facts = ", every fact of the vocabulary" if dataset.has_facts else ""
        rows = [f"| `{c.name}` | {c.meaning} |" for c in dataset.columns.values()]
        head = f"**`{dataset.name}`**: one row is one {dataset.row}{facts}.{days}"
        tables.append(_table(f"{head}\n\n| column | means |\n|---|---|", rows))
    return "\n\n".join(tables)


def types_table() -> str:
    """Every type of finding: what it is, and what it says of a use."""
    rows = [
        f"| `{name}` | {t.category} | {t.title} | {t.data} | {t.google} | {t.purview} |"
        for name, t in TYPES.items()
    ]
    head = (
        "| type | category | is a | data.categories | Google | Purview |\n|---|---|---|---|---|---|"
    )
    return _table(head, rows)


def rules_page() -> str:
    """Every rule of the sample policy, and every provision of law with what covers it."""
    policy = load_library("default").policy
    lines = ["# Rules and provisions of the packs", ""]
    for pack in PACKS:
        lines += [f"## {load_library(pack).policy.title} (`{pack}`)", ""]
        lines.append("| rule | effect | what it says | from | until | source |")
        lines.append("|---|---|---|---|---|---|")
        for rule in policy.rules:
            if rule.place.file.startswith(f"{pack}/"):
                effect = rule.effect.name.replace("_", " ") if rule.effect else "advice"
                lines.append(
                    f"| {rule.id} | {effect} | {rule.title} | {rule.effective_from or ''} "
                    f"| {rule.effective_until or ''} | {rule.source} |"
                )
        lines += ["", "| provision | source | applies from | covered by | or why not | open |"]
        lines.append("|---|---|---|---|---|---|")
        for part in policy.provisions:
            if part.place.file.startswith(f"{pack}/"):
                lines.append(
                    f"| {part.title} | {part.source} | {part.applies_from or ''} "
                    f"| {', '.join(part.by)} | {part.why_not} | {part.unsettled} |"
                )
        lines.append("")
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return " ".join(text.split()).partition(". ")[0].rstrip(".")


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([head, *rows])


SECTIONS = {
    "tools": tools_table,
    "commands": commands_table,
    "packs": packs_table,
    "steps": steps_table,
    "columns": columns_table,
    "types": types_table,
}


def generated(text: str) -> str:
    """A document with every generated part as it should be."""
    for name, make in SECTIONS.items():
        if f"<!-- generated:{name} -->" not in text:
            continue
        head, start, rest = text.partition(f"<!-- generated:{name} -->\n")
        _, end, tail = f"\n{rest}".partition("\n<!-- end -->")
        text = head + start + make() + end + tail
    return text


def commands(name: str) -> str:
    """The code block behind a `<!-- run:name -->` mark."""
    match = re.search(rf"<!-- run:{name} -->\n```sh\n(.*?)\n```", README.read_text(), re.DOTALL)
    assert match, f"the README has no block to run named {name}"
    return match[1]


if __name__ == "__main__":
    for document in (README, REGISTER, DETECTION):
        document.write_text(generated(document.read_text()))
    RULES.write_text(rules_page())
