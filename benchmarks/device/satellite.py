"""The peer: wyoming-satellite, which streams what its microphone command hears and plays what it is sent.

It runs its own code in an environment of its own; here is only a small server that speaks its protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Any

from benchmarks.device.pace import paced
from benchmarks.device.sinks import MICROPHONE, SPEAKER
from benchmarks.healing.environments import python_of

# The newest that PyPI has, and the protocol's library as it was resolved for it.
PINS = ("wyoming-satellite==1.0.0", "wyoming==1.4.1", "zeroconf==0.88.0", "pyring-buffer==1.0.0")
_RATE = "--raw --format=s16le --rate=16000 --channels=1"
_STARTS_S = 20.0


class Satellite:
    """A running one, connected to."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.heard_bytes = 0
        self._reader, self._writer = reader, writer

    async def stream(self) -> None:
        """Have it send what it hears."""
        await self._send("run-satellite")

    async def say(self, pcm: bytes) -> None:
        """Have it play this."""
        form = {"rate": 16_000, "width": 2, "channels": 1}
        await self._send("audio-start", form)
        async for piece in paced(pcm):
            await self._send("audio-chunk", form, piece)
        await self._send("audio-stop", {})

    async def listen(self) -> None:
        """Take what it sends, for ever."""
        while line := await self._reader.readline():
            head = json.loads(line)
            for name in ("data_length", "payload_length"):
                size = head.get(name) or 0
                await self._reader.readexactly(size)
                self.heard_bytes += size if name == "payload_length" else 0

    async def _send(self, kind: str, data: Mapping[str, Any] | None = None, payload: bytes = b"") -> None:
        told = json.dumps(data).encode() if data else b""
        head = {"type": kind, "version": "1.4.1", "data_length": len(told), "payload_length": len(payload)}
        self._writer.write(json.dumps(head).encode() + b"\n" + told + payload)
        await self._writer.drain()


@contextlib.asynccontextmanager
async def satellite(env: Mapping[str, str]) -> AsyncIterator[Satellite]:
    """Start it over the sinks of `env`; nothing is streamed yet. Raises FetchFailed."""
    python = await asyncio.to_thread(python_of, "wyoming-satellite", PINS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(str(python), "-m", "wyoming_satellite", "--name", "peer", "--no-zeroconf"),
        *("--uri", f"tcp://127.0.0.1:{port}"),
        *("--mic-command", f"parec -d {MICROPHONE} {_RATE} --latency-msec=20"),
        *("--snd-command", f"paplay -d {SPEAKER} {_RATE}", "--snd-command-rate", "16000"),
        env=dict(env),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_STARTS_S):
            reader, writer = await _connected(port)
        made = Satellite(process.pid, reader, writer)
        listening = asyncio.create_task(made.listen())
        try:
            yield made
        finally:
            listening.cancel()
            writer.close()
    finally:
        process.terminate()
        await process.wait()


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
