"""What can go wrong on the way, on purpose: slow replies, and replies that never arrive."""

from __future__ import annotations

import asyncio
from typing import Literal, get_args

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

FaultKind = Literal["drop", "hang", "error", "refuse"]
"""drop: the act is done, then the connection is cut. hang: the act is done, and no reply comes. error: the act is done,
and an error page answers. refuse: an error page answers, and nothing was done."""

ERROR_PAGE = b"<!doctype html><title>Error</title><h1>Something went wrong</h1><p>Please try again later.</p>"

_connections: dict[tuple[str, int], asyncio.BaseTransport] = {}


class CuttableProtocol(H11Protocol):
    """uvicorn's HTTP protocol, remembering its connection so that a fault can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._peer: tuple[str, int] = transport.get_extra_info("peername")[:2]
        _connections[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _connections.pop(self._peer, None)
        super().connection_lost(exc)


class Faults:
    """Faults armed for an act ("pizza.pay", "bistro.book"), each used once, and the latency of every reply."""

    def __init__(self, latency_ms: float = 0) -> None:
        self.latency_ms = latency_ms
        self._armed: dict[str, FaultKind] = {}
        self._stopping = asyncio.Event()
        self.hanging = asyncio.Event()
        """Set once a reply hangs."""

    def arm(self, act: str, kind: FaultKind) -> None:
        """The next `act` fails in this way. Raises ValueError for an unknown kind."""
        if kind not in get_args(FaultKind):
            raise ValueError(f"unknown fault {kind!r}; take one of {', '.join(get_args(FaultKind))}")
        self._armed[act] = kind

    def take(self, act: str) -> FaultKind | None:
        """The fault armed for `act`, which is thereby used up."""
        return self._armed.pop(act, None)

    def strike(self, request: Request, act: str) -> bool:
        """Spoil the reply to this request as was armed for `act`; true when the act must not be done."""
        kind = self.take(act)
        if kind is not None:
            request.scope["state"]["fault"] = kind
        return kind == "refuse"

    def release(self) -> None:
        """End every reply that hangs."""
        self._stopping.set()

    async def hang(self) -> None:
        """Wait until the town stops."""
        self.hanging.set()
        await self._stopping.wait()


class FaultyReplies:
    """Middleware: delays every reply and spoils those whose act left a fault in `scope["state"]["fault"]`."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._faults.latency_ms:
            await asyncio.sleep(self._faults.latency_ms / 1000)
        state: dict[str, object] = scope.setdefault("state", {})
        spoiled = False

        async def send_spoiled(message: Message) -> None:
            nonlocal spoiled
            if spoiled:
                return
            match state.get("fault"):
                case None:
                    await send(message)
                    return
                case "drop" | "hang" as kind:
                    if kind == "hang":
                        await self._faults.hang()
                    connection = _connections.get(tuple(scope["client"]))
                    if isinstance(connection, asyncio.Transport):
                        connection.abort()
                case _:
                    headers = [(b"content-type", b"text/html"), (b"content-length", str(len(ERROR_PAGE)).encode())]
                    await send({"type": "http.response.start", "status": 500, "headers": headers})
                    await send({"type": "http.response.body", "body": ERROR_PAGE})
            spoiled = True

        await self._app(scope, receive, send_spoiled)
