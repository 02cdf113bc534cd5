"""Peers that speak WebSocket against its spirit, on a real socket: they are put out, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from cloud.gateway import Gateway
from cloud.serving import MESSAGE_BYTES, POLICY
from wire.messages import TurnDone

SOUND = b"\x01\x00" * 320
UPGRADE = (
    "GET /device HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: leveret.v1\r\n\r\n"
)
TEXT, CONTINUED, PING = 0x01, 0x00, 0x89
TOO_BIG = 1009


class Peer:
    """A socket after its upgrade; all frames are masked with zeros."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, first: int, told_length: int, body: bytes = b"") -> None:
        self.writer.write(struct.pack(">BBQI", first, 0xFF, told_length, 0) + body)
        await self.writer.drain()

    async def closed_with(self) -> int:
        """The code of the close frame; what comes before it is passed over."""
        async with asyncio.timeout(40):
            while True:
                first, length = await self.reader.readexactly(2)
                if length == 126:
                    (length,) = struct.unpack(">H", await self.reader.readexactly(2))
                body = await self.reader.readexactly(length)
                if first == 0x88:
                    return int.from_bytes(body[:2])


@asynccontextmanager
async def peer(url: str) -> AsyncIterator[Peer]:
    port = int(url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(UPGRADE.encode())
    assert b"101" in await reader.readuntil(b"\r\n\r\n")
    try:
        yield Peer(reader, writer)
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("length", [2**31, 2**62, MESSAGE_BYTES + 1])
async def test_a_frame_that_says_it_is_huge_is_not_waited_for(
    house: Any, gateway: Gateway, handset: Any, length: int
) -> None:
    hare = await handset().joined()
    async with peer(house.url) as hostile:
        await hostile.send(0x80 | TEXT, length, b"{")
        assert await hostile.closed_with() == TOO_BIG
    await hare.message(TurnDone, await hare.say(SOUND))


async def test_a_message_that_never_ends_is_cut_off_at_the_limit(house: Any, gateway: Gateway, handset: Any) -> None:
    hare = await handset().joined()
    async with peer(house.url) as hostile:
        piece = b" " * 8192
        await hostile.send(TEXT, len(piece), piece)
        for _ in range(MESSAGE_BYTES // len(piece)):
            await hostile.send(CONTINUED, len(piece), piece)
        assert await hostile.closed_with() == TOO_BIG
    await hare.message(TurnDone, await hare.say(SOUND))


async def test_a_flood_of_pings_ends_with_its_socket_and_holds_nobody_up(
    house: Any, gateway: Gateway, handset: Any
) -> None:
    hare = await handset().joined()
    async with peer(house.url) as hostile:
        for _ in range(20):
            hostile.writer.write(struct.pack(">BBQI", PING, 0xFF, 0, 0) * 1000)
        await hare.message(TurnDone, await hare.say(SOUND))
        # What it still sends when the socket is closed may tear down what it was told.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            assert await hostile.closed_with() == POLICY
