"""Starts a server as a host would, and asks it for its tools."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Mapping, Sequence
from typing import TextIO, cast

from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

from ..errors import SetupError

SECONDS_MAX = 120  # uvx may have to fetch everything first
STDERR_MAX = 600  # characters of what the server said last


def list_tools_of(
    command: str, args: Sequence[str], environment: Mapping[str, str]
) -> tuple[str, ...]:
    """The tools of a server that is started for this, in its own order."""
    parameters = StdioServerParameters(command=command, args=list(args), env=dict(environment))

    async def ask(errors: TextIO) -> tuple[str, ...]:
        transport = stdio_client(parameters, errlog=errors)
        async with asyncio.timeout(SECONDS_MAX), Client(transport, mode="legacy") as client:
            return tuple(tool.name for tool in (await client.list_tools()).tools)

    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        logging.disable()  # the client logs what no server of ours says, with tracebacks
        try:
            return asyncio.run(ask(cast(TextIO, errors)))
        except TimeoutError:
            fault = f"it did not answer within {SECONDS_MAX} seconds"
        except (OSError, ValueError) as error:
            fault = f"it cannot be started ({getattr(error, 'strerror', None) or error})"
        except (MCPError, ExceptionGroup):
            fault = "it ended before it answered"
        finally:
            logging.disable(logging.NOTSET)
        errors.seek(0)
        said = errors.read().strip()[-STDERR_MAX:]
    raise SetupError(
        f"The entry is written, but its server does not work: {fault}."
        + (f" It said: {said}" if said else ""),
        remedy="Mend that and run the same command again, or take the entry out with --undo.",
    )
