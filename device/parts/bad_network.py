"""A network that misbehaves on command: a proxy on loopback between the device and the cloud."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

_CHUNK_BYTES: Final = 16_384


class BadNetwork:
    """Carries bytes to one address. `drop` cuts what is open, `refuse` takes nothing for a while, `delay_ms` is lag."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._refused_until_s = 0.0
        self.delay_ms = 0
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

    def drop(self) -> None:
        """Cut every connection, with no goodbye."""
        for writer in list(self._open):
            writer.transport.abort()

    def refuse(self, ms: int) -> None:
        """Cut, and take no connection for so long."""
        self._refused_until_s = asyncio.get_running_loop().time() + ms / 1000
        self.drop()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if asyncio.get_running_loop().time() < self._refused_until_s:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target, limit=_CHUNK_BYTES)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._open |= ends
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, far_writer))
                group.create_task(self._pump(far_reader, writer))
        finally:
            self._open -= ends
            for end in ends:
                end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK_BYTES):
                if self.delay_ms:
                    await asyncio.sleep(self.delay_ms / 1000)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
