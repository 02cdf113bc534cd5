"""The only way out of a context: a proxy that resolves, checks every address, and connects to what it checked."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from browser import http1
from browser.addresses import forbidden, is_loopback, parse
from browser.hosts import HostPattern, allows, plain_host
from browser.relay import RelayError, exchange, tunnel

PROXY_NAME = b"leveret"
MAX_CONNECTIONS = 256
HEAD_BYTES = 64 * 1024
REFUSALS_KEPT = 200
FIRST_HEAD_S = 30.0
IDLE_S = 120.0
CONNECT_S = 10.0
_TURNS_OF_AN_ACCEPT = 3

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class EgressPolicy(msgspec.Struct, frozen=True):
    """Where one context may go: sites it may show, hosts its pages may load from, loopback that the owner opened."""

    navigate: tuple[HostPattern, ...]
    load: tuple[HostPattern, ...] = ()
    allow_local: tuple[HostPattern, ...] = ()


class Refusal(msgspec.Struct, frozen=True):
    """A request that was not let out."""

    host: str
    port: int
    reason: str


class _Refused(Exception):
    def __init__(self, status: bytes, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """The system's addresses of a name; names below localhost are this machine (RFC 6761)."""
    if host == "localhost" or host.endswith(".localhost"):
        return ("127.0.0.1",)
    if parse(host):
        return (host,)
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Egress:
    """One listening port on loopback, for one browser context."""

    def __init__(self, policy: EgressPolicy, *, resolve: Resolve = system_resolve) -> None:
        self._policy = policy
        self._resolve = resolve
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.refusals: deque[Refusal] = deque(maxlen=REFUSALS_KEPT)

    @property
    def port(self) -> int:
        """The port, once started."""
        if self._server is None:
            raise RuntimeError("the egress proxy is not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_BYTES)

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is None:
            return
        server, self._server = self._server, None
        for _ in range(_TURNS_OF_AN_ACCEPT):
            await asyncio.sleep(0)  # Of one that is on its way in while a server closes asyncio leaves the socket open.
        server.close()
        for task in list(self._open):
            task.cancel()
        if self._open:
            await asyncio.wait(self._open)
        await server.wait_closed()

    def widen(self, pattern: HostPattern) -> None:
        """From now on pages of this host may be shown, too. Its addresses are judged like any others."""
        self._policy = msgspec.structs.replace(self._policy, navigate=(*self._policy.navigate, pattern))

    def refusal(self, host: str) -> str | None:
        """Why `host` was refused last, if it was."""
        host = plain_host(host)
        return next((refused.reason for refused in reversed(self.refusals) if refused.host == host), None)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None or len(self._open) >= MAX_CONNECTIONS:
            # Overflow: the newest is cut, those under way go on. So is one that was on its way in when this closed.
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        task.add_done_callback(lambda _: writer.transport.abort())  # One that was cut before it began was never closed.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = _Upstream()
        try:
            await self._requests((reader, writer), upstream)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, RelayError):
            pass  # One side went away, or was too slow or too large: nobody is left to be told.
        finally:
            upstream.close()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _requests(self, client: Connection, upstream: _Upstream) -> None:
        reader, writer = client
        wait_s = FIRST_HEAD_S
        while True:
            async with asyncio.timeout(wait_s):
                data = await reader.readuntil(b"\r\n\r\n")
            wait_s = IDLE_S
            try:
                head = http1.parse_head(data)
                if head.first[0] == b"CONNECT":
                    await self._connect(client, head)
                    return
                if not await self._forward(client, head, upstream):
                    return
            except http1.BadMessage as error:
                await _say(writer, b"400 Bad Request", str(error))
                return
            except _Refused as error:
                await _say(writer, error.status, str(error))
                return

    async def _connect(self, client: Connection, head: http1.Head) -> None:
        host, port = http1.authority(head.first[1])
        server = await self._reach(host, port, (*self._policy.navigate, *self._policy.load))
        try:
            client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await tunnel(client, server)
        finally:
            server[1].close()

    async def _forward(self, client: Connection, head: http1.Head, upstream: _Upstream) -> bool:
        host, port, path = http1.target(head.first[1])
        document = head.value(b"sec-fetch-dest").lower() == b"document"
        lists = self._policy.navigate if document else (*self._policy.navigate, *self._policy.load)
        if not allows(lists, host, port):
            raise self._refuse(host, port, "not among the hosts of this task")
        # Only a request that may be sent twice may meet a connection that the server has just closed.
        repeatable = head.first[0] in (b"GET", b"HEAD") and head.length is None and not head.chunked
        server = upstream.take(host, port) if repeatable else None
        if server is not None:
            try:
                return await self._exchanged(client, server, head, (host, port, path), upstream)
            except RelayError as error:
                if not error.nothing_came:
                    raise  # Part of an answer came: whoever sent it must not be asked twice.
        server = await self._reach(host, port, lists)
        try:
            return await self._exchanged(client, server, head, (host, port, path), upstream)
        except RelayError as error:
            if error.reply_begun:
                raise
            # A plain close would make Chromium send the request again, an order with it.
            raise _Refused(b"502 Bad Gateway", str(error)) from error

    async def _exchanged(
        self,
        client: Connection,
        server: Connection,
        head: http1.Head,
        where: tuple[str, int, bytes],
        upstream: _Upstream,
    ) -> bool:
        host, port, path = where
        name = f"[{host}]" if ":" in host else host
        name = name if port == 80 else f"{name}:{port}"
        kept = False
        try:
            reply = await exchange(client, server, head, path, name.encode("ascii"))
            kept = reply.server_stays
        finally:
            if not kept:
                server[1].close()
        if kept:
            upstream.keep(host, port, server)
        return reply.client_stays

    def _refuse(self, host: str, port: int, reason: str) -> _Refused:
        self.refusals.append(Refusal(plain_host(host), port, reason))
        return _Refused(b"403 Forbidden", f"{host}:{port} refused: {reason}")

    async def _reach(self, host: str, port: int, lists: Sequence[HostPattern]) -> Connection:
        """A connection to one of the host's addresses, all of which were found fit."""
        host = plain_host(host)
        if not allows(lists, host, port):
            raise self._refuse(host, port, "not among the hosts of this task")
        try:
            async with asyncio.timeout(CONNECT_S):
                texts = await self._resolve(host, port)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise _Refused(b"502 Bad Gateway", f"{host}: the name was not found") from error
        for text in texts:
            reason = self._judge(host, port, text)
            if reason is not None:
                raise self._refuse(host, port, reason)
        for text in texts:
            try:
                async with asyncio.timeout(CONNECT_S):
                    return await asyncio.open_connection(text, port, limit=HEAD_BYTES)
            except (OSError, TimeoutError):
                continue
        raise _Refused(b"502 Bad Gateway", f"{host}:{port} does not answer")

    def _judge(self, host: str, port: int, text: str) -> str | None:
        address = parse(text)
        if address is None:
            return f"its address {text!r} cannot be read"
        why = forbidden(address)
        if why is None or (is_loopback(address) and allows(self._policy.allow_local, host, port)):
            return None
        return f"its address {address} is {why}"


class _Upstream:
    """The one server connection that a client's next request may use again."""

    def __init__(self) -> None:
        self._kept: tuple[str, int, Connection] | None = None

    def take(self, host: str, port: int) -> Connection | None:
        kept, self._kept = self._kept, None
        if kept is None:
            return None
        if kept[:2] == (host, port) and not kept[2][0].at_eof() and not kept[2][1].is_closing():
            return kept[2]
        kept[2][1].close()
        return None

    def keep(self, host: str, port: int, server: Connection) -> None:
        self.close()
        self._kept = (host, port, server)

    def close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept[2][1].close()


async def _say(writer: asyncio.StreamWriter, status: bytes, text: str) -> None:
    """An answer of the proxy itself, told from a site's by its Proxy-Status (RFC 9209)."""
    body = text.encode() + b"\n"
    headers = (
        (b"Content-Type", b"text/plain; charset=utf-8"),
        (b"Content-Length", str(len(body)).encode()),
        (b"Proxy-Status", PROXY_NAME + b"; details=" + status[:3]),
    )
    words = status.split(b" ", 1)
    writer.write(http1.render((b"HTTP/1.1", *words), (*headers, (b"Connection", b"close"))) + body)  # type: ignore[arg-type]
    await writer.drain()
