"""A web server inside a running program: its socket is bound by us, and it ends when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn

from cloud.errors import ConfigError

# A device's messages stay far below this; see wire.limits.
MESSAGE_BYTES = 1 << 17
FAREWELL_S = 3


class Server(uvicorn.Server):
    """Uvicorn without its own ideas about signals: whoever started it stops it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Who connects waits until the server is up. Raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigError(f"cannot listen on {host}:{port} ({error.strerror}); take another port, or 0") from error


def url_of(listening: socket.socket) -> str:
    """The address of a bound socket, as this machine reaches it."""
    host, port = listening.getsockname()[:2]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}"


@contextlib.asynccontextmanager
async def serving(app: Any, listening: socket.socket) -> AsyncIterator[Server]:
    """Serves `app` for as long as the block runs."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=MESSAGE_BYTES,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        server_header=False,
        timeout_graceful_shutdown=FAREWELL_S,
    )
    server = Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]), name="web server")
    try:
        yield server
    finally:
        server.should_exit = True
        await running
