"""The product's server over HTTP, for checks that know nothing else: on this computer alone, on
a free port, which it prints. Runs in the product's own environment."""

from __future__ import annotations

import socket

import uvicorn

from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.server.app import build_server
from caio_mcp.server.logs import log_to_stderr
from caio_mcp.settings import load_settings

LOOPBACK = "127.0.0.1"


def serve() -> None:
    settings = load_settings()
    server = build_server(build_service(settings), build_caller(settings))
    log_to_stderr()
    with socket.create_server((LOOPBACK, 0)) as listener:
        print(f"http://{LOOPBACK}:{listener.getsockname()[1]}/mcp", flush=True)
        config = uvicorn.Config(server.streamable_http_app(host=LOOPBACK), log_config=None)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    serve()
