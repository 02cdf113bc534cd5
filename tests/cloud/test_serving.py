"""The web server against peers that are in no hurry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from cloud.serving import bind, serving, url_of

POST = b"POST /say HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"


async def say(request: Request) -> PlainTextResponse:
    return PlainTextResponse((await request.body()).decode() or "nothing")


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


@asynccontextmanager
async def served(head_s: float = 0.6, body_s: float = 0.6) -> AsyncIterator[str]:
    app = Starlette(routes=[Route("/say", say, methods=["GET", "POST"]), WebSocketRoute("/echo", echo)])
    listening = bind("127.0.0.1", 0)
    async with serving(app, listening, head_s=head_s, body_s=body_s):
        yield url_of(listening)


@asynccontextmanager
async def peer(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def hung_up(reader: asyncio.StreamReader) -> bytes:
    """What came before the other side hung up."""
    async with asyncio.timeout(40):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, begun: bytes) -> None:
    writer.write(begun)


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, begun: bytes) -> None:
    writer.write(begun)
    while not reader.at_eof():
        writer.write(b"x")
        await asyncio.sleep(0.05)


async def begin_again(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, begun: bytes) -> None:
    writer.write(POST + b"hello")
    assert b"200 OK" in await reader.readuntil(b"hello")
    writer.write(begun)


SLOW = {
    "says nothing": (begin, b""),
    "says half a head": (begin, b"GET /say HTTP/1.1\r\nHost: x\r\nX-Slow: 1"),
    "says a byte now and then": (trickle, b"GET /"),
    "says half a body": (begin, POST + b"no"),
    "says half of a second request": (begin_again, b"GET /s"),
}


async def test_whoever_does_not_come_to_the_end_of_a_request_is_put_out() -> None:
    async def put_out(how: str) -> str:
        speak, begun = SLOW[how]
        async with peer(url) as (reader, writer):
            speaking = asyncio.create_task(speak(reader, writer, begun))
            if speak is begin_again:
                await speaking
            assert await hung_up(reader) == b"", how
            speaking.cancel()
        return how

    async with served() as url:
        assert await asyncio.gather(*map(put_out, SLOW)) == list(SLOW)


async def test_a_socket_that_was_let_in_outlives_the_time_for_a_request() -> None:
    async with served() as url, websockets.connect(url.replace("http", "ws") + "/echo") as socket:
        async with peer(url) as (reader, _):
            # That one came later, and is put out for its silence.
            await hung_up(reader)
        await socket.send("still here")
        assert await socket.recv() == "still here"
