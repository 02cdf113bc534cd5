"""A small cloud on a real socket: the real CloudLink, with behaviour that each test gives it. A fake at the edge."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from wire import limits
from wire.events import Audio, CloudEvent, Greeted, Packet, Picture, Proven
from wire.link import CloudLink, Session, Snapshot, TurnMemory
from wire.messages import TurnAbort, TurnEnd, TurnStart, TurnText
from wire.outcomes import CLOSES, CloseCode
from wire.parts import PCM, AudioFormat, Limits

KEY = bytes(range(32))
DEVICE = "hare"


def now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def has_ipv6() -> bool:
    """This machine can talk to itself over IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class Heard:
    """One turn as it arrived."""

    def __init__(self, start: TurnStart) -> None:
        self.start = start
        self.pcm = b""
        self.packets: list[bytes] = []
        self.text = ""
        self.picture: Picture | None = None
        self.end: TurnEnd | None = None
        self.aborted = False


Reply = Callable[["Cloud", CloudEvent], Awaitable[None]]


class Cloud:
    """Answers every socket at `address`. `on_event` sees each event after it was taken in."""

    def __init__(
        self,
        on_event: Reply | None = None,
        *,
        key: bytes | None = KEY,
        allowed: Limits | None = None,
        formats: Sequence[AudioFormat] = (PCM,),
    ) -> None:
        self.on_event = on_event
        self.key = key
        self.formats = formats
        self.allowed = allowed or Limits()
        self.turns: dict[int, Heard] = {}
        self.events: list[CloudEvent] = []
        self.sessions: dict[str, Session] = {}
        self.session: Session | None = None
        self.memories: dict[int, TurnMemory] = {}
        self.snapshot = Snapshot()
        self.sockets = 0
        self.address = ""
        self.link: CloudLink | None = None
        self._socket: ServerConnection | None = None
        self._joined: tuple[CloudLink, ServerConnection] | None = None
        self._changed = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def open(self, host: str = "127.0.0.1") -> AsyncIterator[Cloud]:
        async with serve(
            self._serve,
            host,
            0,
            subprotocols=[limits.SUBPROTOCOL],
            compression=None,
            ping_interval=None,  # type: ignore[list-item]
        ) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            self.address = f"ws://{f'[{host}]' if ':' in host else host}:{port}/device"
            yield self

    async def flush(self) -> None:
        """Send what waits."""
        if self.link is not None and self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                while pieces := self.link.data_to_send():
                    for piece in pieces:
                        await self._socket.send(piece)

    async def drop(self) -> None:
        """Cut the socket without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def forget(self) -> None:
        """As if another gateway took over: only what is durable is left."""
        self.sessions.clear()
        await self.drop()

    async def until(self, true: Callable[[], Any]) -> None:
        """Wait until something is so."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(true), 20)

    async def _serve(self, socket: ServerConnection) -> None:
        self.sockets += 1
        link = CloudLink(now_ms=now_ms())
        self.link, self._socket = link, socket
        with contextlib.suppress(ConnectionClosed):
            async for data in socket:
                if isinstance(data, str):
                    events = link.receive_text(data, now_ms())
                else:
                    events = link.receive_bytes(data, now_ms())
                for event in events:
                    await self._take(link, event)
                await self.flush()
                if link.ended is not None:
                    await socket.close(CLOSES[link.ended.code].number, link.ended.reason[:100])
                    return

    async def _replace(self, link: CloudLink) -> None:
        """The newest socket stays, as in the real gateway."""
        assert self._socket is not None
        before, self._joined = self._joined, (link, self._socket)
        if before is not None:
            older, socket = before
            older.close(CloseCode.REPLACED)
            socket.transport.abort()

    async def _take(self, link: CloudLink, event: CloudEvent) -> None:
        match event:
            case Greeted():
                link.challenge(key=self.key, nonce=os.urandom(16))
            case Proven(hello=hello):
                await self._replace(link)
                known = self.sessions.get(hello.resume.token) if hello.resume else None
                if known is None or known.boot != hello.boot:
                    name = f"s{len(self.events)}.{self.sockets}"
                    known = Session(session=name, token=f"t-{name}", device=hello.device, boot=hello.boot)
                self.sessions[known.token] = self.session = known
                link.welcome(
                    known,
                    now_ms=now_ms(),
                    wall_ms=time.time_ns() // 1_000_000,
                    turns=tuple(self.memories.values()),
                    snapshot=self.snapshot,
                    formats=self.formats,
                    allowed=self.allowed,
                )
            case TurnStart(turn=turn):
                self.turns[turn] = Heard(event)
            case Audio(turn=turn, pcm=pcm):
                self.turns[turn].pcm += pcm
            case Packet(turn=turn, packet=packet):
                self.turns[turn].packets.append(packet)
            case Picture(turn=turn):
                self.turns[turn].picture = event
            case TurnText(turn=turn, text=text):
                self.turns[turn].text = text
            case TurnEnd(turn=turn):
                self.turns[turn].end = event
                self.memories[turn] = link.memory(turn)
                link.commit(turn)
            case TurnAbort(turn=turn):
                if turn in self.turns:
                    self.turns[turn].aborted = True
            case _:
                if link.session is not None and 0 in link.session.intakes:
                    self.memories[0] = link.memory(0)
                    link.commit(0)
        self.events.append(event)
        if self.on_event is not None:
            await self.on_event(self, event)
        async with self._changed:
            self._changed.notify_all()
