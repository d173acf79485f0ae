"""The tools as clients see them: `python tests/snapshots.py` writes the snapshot files."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from mcp import Client

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.server.app import build_server
from caio_mcp.settings import Settings

FOLDER = Path(__file__).resolve().parent / "snapshots"


def tools() -> dict[str, str]:
    """Each tool's listing as JSON, by its name."""
    settings = Settings(workspace=Path("unused"))
    server = build_server(build_service(settings), build_caller(settings))

    async def listed() -> dict[str, str]:
        async with Client(server) as client:
            return {
                tool.name: json.dumps(
                    tool.model_dump(by_alias=True, exclude_none=True, mode="json"), indent=2
                )
                + "\n"
                for tool in (await client.list_tools()).tools
            }

    return asyncio.run(listed())


if __name__ == "__main__":
    for name, listing in tools().items():
        (FOLDER / f"{name}.json").write_text(listing)
