"""Peers that mean ill, many of a kind at once, at the gateway process: what each costs, how soon it is put out."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

from msgspec import Struct, field

from cloud.serving import MESSAGE_BYTES
from tests.crowd.caller import CALM, Books
from tests.crowd.callers import Shift, call
from tests.crowd.crowd import Standing, pair
from wire.codec import encode
from wire.messages import Hello

UPGRADE = (
    b"GET /device HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: leveret.v1\r\n\r\n"
)
TEXT, CONTINUED, PING, LAST = 0x01, 0x00, 0x09, 0x80
# Whoever is still in by then is not put out at all.
GIVEN_S = 40.0

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


def frame(first: int, body: bytes, told_length: int | None = None) -> bytes:
    """Masked with zeros."""
    return struct.pack(">BBQI", first, 0xFF, len(body) if told_length is None else told_length, 0) + body


async def _upgraded(reader: Reader, writer: Writer) -> None:
    writer.write(UPGRADE)
    await reader.readuntil(b"\r\n\r\n")


async def nothing(reader: Reader, writer: Writer) -> bytes:
    """Only connects."""
    return b""


async def head(reader: Reader, writer: Writer) -> bytes:
    """A request, a byte a second."""
    return UPGRADE


async def drip(reader: Reader, writer: Writer) -> bytes:
    """A message, a byte a second."""
    await _upgraded(reader, writer)
    writer.write(frame(LAST | TEXT, b"", 60_000))
    return b"{" * 60


async def held(reader: Reader, writer: Writer) -> bytes:
    """All of the longest message but its end."""
    await _upgraded(reader, writer)
    writer.write(frame(TEXT, b" " * (MESSAGE_BYTES - 1)))
    return b""


async def unproven(reader: Reader, writer: Writer) -> bytes:
    """Greets in the name of a device, and proves nothing."""
    await _upgraded(reader, writer)
    hello = Hello(version_min=1, version_max=1, device="caller-1", boot="ab" * 16, nonce="cd" * 16)
    writer.write(frame(LAST | TEXT, encode(hello).encode()))
    return b""


async def pings(reader: Reader, writer: Writer) -> bytes:
    """Pings without end, and reads no answer before it cannot send any more."""
    await _upgraded(reader, writer)
    while True:
        writer.write(frame(LAST | PING, b"x" * 125) * 100)
        await writer.drain()


# What each does, and gives what it goes on to say, a byte a second.
Being = Callable[[Reader, Writer], Awaitable[bytes]]
KINDS: dict[str, Being] = {
    "says nothing": nothing,
    "a request, a byte a second": head,
    "a message, a byte a second": drip,
    "a message that does not end": held,
    "a greeting and no proof": unproven,
    "pings without end": pings,
}


class Cost(Struct, kw_only=True):
    """What one kind came to: kB of the gateway for each peer at the most, seconds until each was out."""

    kb_each: float = 0.0
    out_after_s: list[float] = field(default_factory=list)
    never_out: int = 0


async def visit(folder: Path, peers: int) -> tuple[dict[str, Cost], Books]:
    """Each kind after the other, while a few good devices talk."""
    pair(folder, 3)
    standing = Standing(folder, 3)
    await standing.start()
    watching = asyncio.create_task(standing.watch())
    good = Shift(
        folder=str(folder), port=standing.port, first=1, last=3, seconds=1e6, think_s=1.0, seed=1, weather=CALM
    )
    over = asyncio.Event()
    talking = asyncio.create_task(call(good, over))
    costs = {}
    try:
        for name, be in KINDS.items():
            costs[name] = await _cost(standing, be, peers)
        over.set()
        books = await talking
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        await standing.stop()
    return costs, books


async def _cost(standing: Standing, be: Being, peers: int) -> Cost:
    standing.look()
    usage, cost = standing.usage, Cost()
    before_kb = usage.rss_now_kb
    usage.rss_most_kb = 0
    for seconds in await asyncio.gather(*(_peer(standing.port, be) for _ in range(peers))):
        if seconds is None:
            cost.never_out += 1
        else:
            cost.out_after_s.append(seconds)
    cost.kb_each = max(0, usage.rss_most_kb - before_kb) / peers
    return cost


async def _peer(port: int, be: Being) -> float | None:
    """Seconds until it was put out; None when it was not."""
    loop = asyncio.get_running_loop()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began_s = loop.time()
    try:
        async with asyncio.timeout(GIVEN_S):
            with contextlib.suppress(ConnectionError):
                await _be(be, reader, writer)
        return loop.time() - began_s
    except TimeoutError:
        return None
    finally:
        writer.transport.abort()


async def _be(be: Being, reader: Reader, writer: Writer) -> None:
    """Returns when the other side has closed, or raises ConnectionError."""

    async def saying(rest: bytes) -> None:
        for at in range(len(rest)):
            writer.write(rest[at : at + 1])
            await asyncio.sleep(1)

    talking = asyncio.create_task(saying(await be(reader, writer)))
    try:
        while await reader.read(65_536):
            pass
    finally:
        talking.cancel()
