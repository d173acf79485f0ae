"""What others are told of the program: `python packaging/manifest.py` writes it again.

`manifest.json` beside this file goes into the bundle; `server.json` goes to the MCP registry.
"""

from __future__ import annotations

import asyncio
import json
import tomllib
from pathlib import Path
from typing import Any

from mcp import Client

from caio_mcp import __version__
from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.server.app import build_server
from caio_mcp.settings import KEYS, PREFIX, ROLES, Settings

ROOT = Path(__file__).resolve().parents[1]
OWNER = "caio-mcp"  # the account on GitHub; the name in the registry follows from it
NAME = f"io.github.{OWNER}/caio-mcp"
REPOSITORY = f"https://github.com/{OWNER}/caio-mcp"
TITLE = "AI governance"
DESCRIPTION = "May this data go into this AI tool? Answers from your organisation's own policy."
LONG_DESCRIPTION = """\
Ask "may I put customer complaints into ChatGPT?" and get a verdict on this use, this tool and \
this data, from your organisation's own policy: the rule behind it, the questions that can still \
change it, and the smallest change that would make it a yes. Uses go into a register.

**Privacy.** No data leaves this computer: the extension opens no network connection, calls no \
language model, needs no key and sends no statistics. The register, a log of checks without \
content, and your own policies stay in the folder that you choose. What you ask and what it \
answers is part of your chat, as with any extension. To set it up, the application that installs \
it downloads Python packages once.

The sample policy is in force until you put your own into the folder. It says of itself in every \
answer that nobody adopted it. Not legal advice.
"""
SETTINGS = {
    "workspace": "The folder of the register and of your own policies; it must exist. "
    "Default: the user data folder.",
    "policy": "The policy pack in force: a name or a folder. Default: the sample policy.",
    "register": "The register's file. Default: register.db in the workspace.",
    "decision_log": "What the log of checks keeps: off, unit (no person) or pseudonym.",
    "organisation": "The name of the organisation, written into entries of the register.",
    "unit": "Your unit; a policy can give it standing facts and contacts of its own.",
    "roles": f"Your roles, separated by commas: {', '.join(ROLES)}.",
    "lock_seconds": "How long a write waits for another program.",
    "folders": "Folders whose files an assistant may have looked through, "
    "with the sign between them that the system uses for paths.",
    "secret_rules": "A gitleaks.toml whose rules are used beside those that come along.",
    "presidio": "Whether Presidio's patterns are used, too, where it is installed: true or false.",
    "log_days": "After how many days a line of the log of checks is deleted; 0 keeps them.",
}
PATHS = ("workspace", "register", "secret_rules")


def manifest() -> dict[str, Any]:
    """The manifest of the bundle, https://github.com/modelcontextprotocol/mcpb."""
    project = _project()
    return {
        "manifest_version": "0.4",
        "name": "caio-mcp",
        "display_name": TITLE,
        "version": __version__,
        "description": DESCRIPTION,
        "long_description": LONG_DESCRIPTION,
        "author": {"name": "caio-mcp", "url": REPOSITORY},
        "repository": {"type": "git", "url": f"{REPOSITORY}.git"},
        "documentation": f"{REPOSITORY}#readme",
        "license": project["license"],
        "keywords": project["keywords"],
        "server": {
            "type": "uv",
            "entry_point": "server.py",
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--directory", "${__dirname}", "server.py"],
                "env": {f"{PREFIX}WORKSPACE": "${user_config.workspace}"},
            },
        },
        "user_config": {
            "workspace": {
                "type": "directory",
                "title": "Folder",
                "description": "Where the register and your own policies are. It is made if it "
                "is not there yet.",
                "required": False,
                "default": "${HOME}/caio-mcp",
            }
        },
        "tools": asyncio.run(_tools()),
        "compatibility": {
            "platforms": ["darwin", "win32", "linux"],
            "runtimes": {"python": project["requires-python"]},
        },
    }


def server() -> dict[str, Any]:
    """The entry in the MCP registry."""
    missing = {"workspace", *KEYS} ^ SETTINGS.keys()
    if missing:
        raise SystemExit(f"SETTINGS and the settings differ in {', '.join(sorted(missing))}.")
    return {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "repository": {"url": REPOSITORY, "source": "github"},
        "version": __version__,
        "packages": [
            {
                "registryType": "pypi",
                "identifier": "caio-mcp",
                "version": __version__,
                "runtimeHint": "uvx",
                "transport": {"type": "stdio"},
                "packageArguments": [{"type": "positional", "value": "serve"}],
                "environmentVariables": [
                    {
                        "name": f"{PREFIX}{key.upper()}",
                        "description": description,
                        "isRequired": False,
                        "isSecret": False,
                        "format": "filepath" if key in PATHS else "string",
                    }
                    for key, description in SETTINGS.items()
                ],
            }
        ],
    }


def files() -> dict[Path, str]:
    """The generated files with their text."""
    return {
        ROOT / "packaging" / "manifest.json": _text(manifest()),
        ROOT / "server.json": _text(server()),
    }


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _project() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert isinstance(project, dict)
    return project


async def _tools() -> list[dict[str, str]]:
    settings = Settings(workspace=Path("unused"))
    server = build_server(build_service(settings), build_caller(settings))
    async with Client(server) as client:
        return [
            {
                "name": tool.name,
                "description": " ".join((tool.description or "").split()).partition(". ")[0] + ".",
            }
            for tool in (await client.list_tools()).tools
        ]


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, "utf-8")
