"""A web server inside a running program: its socket is bound by us, and it ends when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import h11
import uvicorn
from msgspec import Struct
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from cloud.errors import ConfigError

# A device's messages stay far below this; see wire.limits.
MESSAGE_BYTES = 1 << 17
FAREWELL_S = 3
# In so much time a request's head must be here, and then all of its body; whoever sends a byte a second is put out.
HEAD_S = 8.0
BODY_S = 60.0
# Our link asks by messages of its own; whoever asks below it more often than this makes us work for nothing.
PINGS_PER_S = 20
POLICY = 1008
# So long a WebSocket that we closed waits for the other side to say so, too.
ECHO_S = 1.0


class Tls(Struct, frozen=True, kw_only=True):
    """A certificate with those that lead to it, and its key: PEM files."""

    certificate: Path
    key: Path

    def check(self) -> None:
        """Raises ConfigError unless both are there and belong together."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.certificate, self.key)
        except ssl.SSLError as error:
            why = "they do not belong together, or are no PEM"
            raise ConfigError(
                f"certificate {self.certificate} and certificate_key {self.key}: {why} ({error.reason})"
            ) from error
        except OSError as error:
            raise ConfigError(
                f"certificate {self.certificate} or certificate_key {self.key} cannot be read: {error.strerror}"
            ) from error


class Server(uvicorn.Server):
    """Uvicorn without its own ideas about signals: whoever started it stops it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class ImpatientHttp(H11Protocol):
    """HTTP that hangs up on whoever does not get a request's head, or its body, through in time."""

    def __init__(self, *given: Any, head_s: float, body_s: float, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_s = head_s
        self._body_s = body_s
        self._due: asyncio.TimerHandle | None = None
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._due_in(self._head_s)

    def data_received(self, data: bytes) -> None:
        before = self.conn.their_state
        super().data_received(data)
        now = self.conn.their_state
        if self._upgraded:
            return
        if now is h11.IDLE and self._due is None:
            self._due_in(self._head_s)
        elif now is h11.SEND_BODY and before is not h11.SEND_BODY:
            self._due_in(self._body_s)
        elif now not in (h11.IDLE, h11.SEND_BODY):
            self._due_in(0)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        super().handle_websocket_upgrade(event)
        self._upgraded = True
        self._due_in(0)

    def connection_lost(self, exc: Exception | None) -> None:
        self._due_in(0)
        super().connection_lost(exc)

    def _due_in(self, seconds: float) -> None:
        """Hang up in so much time; 0: not any more."""
        if self._due is not None:
            self._due.cancel()
        self._due = self.loop.call_later(seconds, self.transport.abort) if seconds else None


class ImpatientWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose goodbye does not wait long for an echo, and that is not asked a hundred times a second."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.close_timeout = ECHO_S
        self._pings = 0
        self._counted_from_s = 0.0

    def handle_ping(self) -> None:
        now_s = self.loop.time()
        if now_s - self._counted_from_s >= 1:
            self._pings, self._counted_from_s = 0, now_s
        self._pings += 1
        if self._pings <= PINGS_PER_S:
            super().handle_ping()
        elif not self.close_sent:
            self.conn.send_close(POLICY, "too many pings")
            self.handle_parser_exception()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Who connects waits until the server is up. Raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigError(f"cannot listen on {host}:{port} ({error.strerror}); take another port, or 0") from error


def url_of(listening: socket.socket, tls: Tls | None = None) -> str:
    """The address of a bound socket, as this machine reaches it."""
    host, port = listening.getsockname()[:2]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"{'https' if tls else 'http'}://{name}:{port}"


@contextlib.asynccontextmanager
async def serving(
    app: Any,
    listening: socket.socket,
    tls: Tls | None = None,
    *,
    head_s: float = HEAD_S,
    body_s: float = BODY_S,
) -> AsyncIterator[Server]:
    """Serves `app` for as long as the block runs; with `tls` nothing but TLS is spoken."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        http=partial(ImpatientHttp, head_s=head_s, body_s=body_s),  # type: ignore[arg-type]
        ws=ImpatientWebSocket,
        ws_max_size=MESSAGE_BYTES,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        server_header=False,
        timeout_graceful_shutdown=FAREWELL_S,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    server = Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]), name="web server")
    try:
        yield server
    finally:
        server.should_exit = True
        await running
