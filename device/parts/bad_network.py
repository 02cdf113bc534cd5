"""A network that misbehaves on command: a proxy on loopback between the device and the cloud."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Final

_CHUNK_BYTES: Final = 16_384


class _Line:
    """One connection through the proxy. A direction in `swallowed` takes bytes and hands none on."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.near = near
        self.far = far
        self.swallowed: set[asyncio.StreamWriter] = set()
        self.late_s = 0.0
        self.over = asyncio.Event()

    async def lasts(self, seconds: float) -> None:
        """Let so much time pass, unless the line is cut before."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.over.wait()

    def cut(self) -> None:
        self.over.set()
        self.near.transport.abort()
        self.far.transport.abort()


class BadNetwork:
    """Carries bytes to one address.

    `delay_ms` and up to `jitter_ms` more is the lag of each chunk, and `stall_ms` more that of a share of `stalls`, as
    when a packet is lost and sent again; `slice_most` cuts what is carried into pieces of 1 to so many bytes (0: as it
    comes). `drop`, `refuse`, `swallow` and `strand` befall the connections there are.
    """

    def __init__(self, host: str, port: int, *, dice: random.Random | None = None) -> None:
        self._target = (host, port)
        self._dice = dice or random.Random()
        self._server: asyncio.Server | None = None
        self._lines: set[_Line] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._refused_until_s = 0.0
        self.delay_ms = 0
        self.jitter_ms = 0
        self.stalls = 0.0
        self.stall_ms = 0
        self.slice_most = 0
        # New connections are taken, and nothing arrives on them in either direction.
        self.black_hole = False
        self.taken = asyncio.Event()
        self.address: tuple[str, int] = ("", 0)

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0, limit=_CHUNK_BYTES)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = (str(host), int(port))

    async def close(self) -> None:
        """Carry nothing more."""
        if self._server is not None:
            self._server.close()
            self.drop()
            await self._server.wait_closed()
            while self._carrying:
                await asyncio.wait(self._carrying)

    def drop(self) -> None:
        """Cut every connection, with no goodbye."""
        for line in list(self._lines):
            line.cut()

    def refuse(self, ms: int) -> None:
        """Cut, and take no connection for so long."""
        self._refused_until_s = asyncio.get_running_loop().time() + ms / 1000
        self.drop()

    def swallow(self, *, up: bool = True, down: bool = True) -> None:
        """Half-open: what is sent on the connections there are is taken, and never arrives. New ones are carried."""
        for line in self._lines:
            line.swallowed |= {end for end, deaf in ((line.far, up), (line.near, down)) if deaf}

    def strand(self, late_ms: int) -> None:
        """The device loses its connections; the cloud does not know for so long, and still gets what was under way."""
        for line in list(self._lines):
            line.late_s = late_ms / 1000
            line.near.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)
        if asyncio.get_running_loop().time() < self._refused_until_s:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target, limit=_CHUNK_BYTES)
        except OSError:
            writer.transport.abort()
            return
        line = _Line(writer, far_writer)
        if self.black_hole:
            line.swallowed |= {line.near, line.far}
        self._lines.add(line)
        self.taken.set()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(line, reader, far_writer))
                group.create_task(self._pump(line, far_reader, writer))
        finally:
            self._lines.discard(line)
            line.cut()

    async def _pump(self, line: _Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK_BYTES):
                lag_ms = self.delay_ms + self._dice.random() * self.jitter_ms
                if self.stalls and self._dice.random() < self.stalls:
                    lag_ms += self.stall_ms
                if lag_ms:
                    await line.lasts(lag_ms / 1000)
                if writer not in line.swallowed:
                    await self._hand_on(data, writer)
        if writer is line.far and line.late_s:
            await line.lasts(line.late_s)
        writer.transport.abort()

    async def _hand_on(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        at = 0
        while at < len(data):
            most = self.slice_most
            size = self._dice.randint(1, most) if most else len(data)
            writer.write(data[at : at + size])
            await writer.drain()
            at += size
            if most:
                await asyncio.sleep(0)
