"""`caio-mcp serve`: the MCP server on standard input and output."""

from __future__ import annotations

import gc
import os
import signal

import click

from .. import output


@click.command()
@output.workspace_options
def command(as_json: bool, policy: str, workspace: str) -> int:
    """Serve MCP on standard input and output, for Claude and any other MCP client.

    Standard output belongs to the protocol; logs go to standard error, without content.
    """
    service, caller, settings = output.open_workspace(workspace, policy)
    gc.disable()  # importing makes many objects that live for ever; a third less start-up time
    from ...server.app import build_server
    from ...server.logs import log_to_stderr

    log_to_stderr()
    server = build_server(service, caller, settings.detection)
    gc.enable()
    gc.freeze()
    before = {number: signal.signal(number, _end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.serve()
    finally:
        service.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    return output.FINE


def _end(number: int, frame: object) -> None:
    """End at once: the thread that reads standard input would wait for another message first,
    and the register is whole at any moment."""
    os._exit(128 + number)
