"""Bytes from one side of the proxy to the other: a tunnel, or one request and its response; a buffer at the most."""

from __future__ import annotations

import asyncio
import contextlib
import re

import msgspec

from browser import http1

PIECE_BYTES = 64 * 1024
REPLY_S = 120.0
TUNNEL_IDLE_S = 600.0
_SWITCHING = b"101"
_NO_BODY = (b"204", b"304")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,12}")

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class RelayError(Exception):
    """The server broke off: `nothing_came` before any answer, `reply_begun` after part of it went to the client."""

    def __init__(self, reason: str, *, nothing_came: bool = False, reply_begun: bool = False) -> None:
        super().__init__(reason)
        self.nothing_came = nothing_came
        self.reply_begun = reply_begun


class Exchanged(msgspec.Struct, frozen=True):
    """Which of the two connections can carry another request."""

    client_stays: bool
    server_stays: bool


async def tunnel(client: Connection, server: Connection) -> None:
    """Carry bytes both ways until one side ends."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            async with asyncio.timeout(TUNNEL_IDLE_S):
                piece = await reader.read(PIECE_BYTES)
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
        with contextlib.suppress(OSError):
            if writer.can_write_eof():
                writer.write_eof()

    one = asyncio.create_task(carry(client[0], server[1]))
    two = asyncio.create_task(carry(server[0], client[1]))
    try:
        await asyncio.wait((one, two))
    finally:
        one.cancel()
        two.cancel()
        for ended in await asyncio.gather(one, two, return_exceptions=True):
            if isinstance(ended, Exception) and not isinstance(ended, OSError | TimeoutError):
                raise ended


async def exchange(client: Connection, server: Connection, head: http1.Head, path: bytes, host: bytes) -> Exchanged:
    """Send one request on and its response back. Raises RelayError, BadMessage (from the client's body)."""
    method, _, version = head.first
    if version not in (b"HTTP/1.1", b"HTTP/1.0"):
        raise http1.BadMessage("only HTTP/1.1 is spoken here")
    headers = http1.without_hops(head.headers, drop=(b"host",))
    keep = b"Upgrade" if head.upgrades else b"keep-alive"
    try:
        server[1].write(http1.render((method, path, b"HTTP/1.1"), ((b"Host", host), *headers, (b"Connection", keep))))
        await _body(client[0], server[1], head)
        reply = await _reply_head(client[1], server[0])
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError) as error:
        nothing = not (isinstance(error, asyncio.IncompleteReadError) and error.partial)
        raise RelayError("the site broke off without an answer", nothing_came=nothing) from error
    except http1.BadMessage as error:
        raise RelayError(f"the site's answer cannot be read: {error}") from error
    if reply.first[1] == _SWITCHING:
        client[1].write(http1.render(reply.first, reply.headers))
        await tunnel(client, server)
        return Exchanged(False, False)
    return await _reply(client, server, head, reply)


async def _reply(client: Connection, server: Connection, head: http1.Head, reply: http1.Head) -> Exchanged:
    empty = head.first[0] == b"HEAD" or reply.first[1] in _NO_BODY
    to_the_end = not empty and not reply.chunked and reply.length is None
    client_stays = not (to_the_end or head.closes)
    said = (b"Connection", b"keep-alive" if client_stays else b"close")
    first = (b"HTTP/1.1", *reply.first[1:])
    client[1].write(http1.render(first, (*http1.without_hops(reply.headers), said)))
    try:
        if to_the_end:
            await _rest(server[0], client[1])
        elif not empty:
            await _body(server[0], client[1], reply)
        await client[1].drain()
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, http1.BadMessage) as error:
        raise RelayError("the site broke off in mid-answer", reply_begun=True) from error
    return Exchanged(client_stays, not (to_the_end or reply.closes))


async def _reply_head(client: asyncio.StreamWriter, server: asyncio.StreamReader) -> http1.Head:
    while True:
        async with asyncio.timeout(REPLY_S):
            reply = http1.parse_head(await server.readuntil(b"\r\n\r\n"))
        status = reply.first[1]
        if not status.startswith(b"1") or status == _SWITCHING:
            return reply
        client.write(http1.render(reply.first, reply.headers))


async def _body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: http1.Head) -> None:
    if head.chunked:
        await _chunks(reader, writer)
    elif head.length:
        await _exactly(reader, writer, head.length)


async def _exactly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int) -> None:
    while length:
        async with asyncio.timeout(REPLY_S):
            piece = await reader.read(min(PIECE_BYTES, length))
        if not piece:
            raise asyncio.IncompleteReadError(b"", length)
        length -= len(piece)
        writer.write(piece)
        await writer.drain()


async def _chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        async with asyncio.timeout(REPLY_S):
            line = await reader.readuntil(b"\r\n")
        digits = line.split(b";", 1)[0].strip()
        if not _CHUNK_SIZE.fullmatch(digits):
            raise http1.BadMessage("a chunk's size is no number")
        size = int(digits, 16)
        writer.write(line)
        if size == 0:
            break
        await _exactly(reader, writer, size + 2)
    while True:
        async with asyncio.timeout(REPLY_S):
            line = await reader.readuntil(b"\r\n")
        writer.write(line)
        if line == b"\r\n":
            return


async def _rest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        async with asyncio.timeout(REPLY_S):
            piece = await reader.read(PIECE_BYTES)
        if not piece:
            return
        writer.write(piece)
        await writer.drain()
