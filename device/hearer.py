"""Keeps the process that hears (`device/hearing.py`): begun when it is needed, ended when it is not, begun anew when it
dies. It needs some 250 MB; where less than 600 MB of memory are free, nothing is begun, and the menu serves.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from device.hearing import Heard, Say, length_of, packed, weights

FREE_BYTES: Final = 600_000_000
_READY_S: Final = 30.0
_HEAR_S: Final = 20.0
# After that long with nothing to hear its memory is given back.
_IDLE_S: Final = 300.0
_WAITING: Final = 4
_MEMINFO: Final = Path("/proc/meminfo")
COMMAND: Final = (sys.executable, "-m", "device.hearing")


class Hearer:
    """`on_heard(id, text)`: the words of each `hear`, empty when there are none, also when the process died of it."""

    def __init__(
        self,
        on_heard: Callable[[str, str], None],
        on_failed: Callable[[str], None],
        *,
        command: tuple[str, ...] = COMMAND,
        free_bytes: int = FREE_BYTES,
        idle_s: float = _IDLE_S,
    ) -> None:
        self._on_heard = on_heard
        self._on_failed = on_failed
        self._command = command
        self._free_bytes = free_bytes
        self._idle_s = idle_s
        self._waiting: deque[Say] = deque()
        self._more = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def can_hear(self) -> bool:
        """The network is installed, and there is memory for it, or it is running already."""
        if self._process is not None:
            return True
        return (self._command != COMMAND or weights() is not None) and free_memory() >= self._free_bytes

    @property
    def pid(self) -> int:
        """Of the process; 0 when there is none."""
        return self._process.pid if self._process else 0

    def hear(self, name: str, pcm: bytes) -> None:
        """Begin to hear this. Overflow: the newest is not heard."""
        if len(self._waiting) >= _WAITING:
            self._on_heard(name, "")
            return
        self._waiting.append(Say(name, pcm))
        self._more.set()

    async def run(self) -> None:
        """Hear for ever."""
        try:
            while True:
                self._more.clear()
                if not self._waiting:
                    try:
                        async with asyncio.timeout(self._idle_s if self._process else None):
                            await self._more.wait()
                    except TimeoutError:
                        await self._end()
                    continue
                said = self._waiting.popleft()
                heard = await self._hear(said)
                if heard is None:
                    # It died; a fresh one gets a second chance, for it may have died of age.
                    heard = await self._hear(said)
                self._on_heard(said.id, heard or "")
        finally:
            await self._end()

    async def _hear(self, said: Say) -> str | None:
        try:
            if self._process is None:
                await self._begin()
            async with asyncio.timeout(_HEAR_S):
                heard = await self._ask(said)
        except (OSError, EOFError, TimeoutError, ValueError, msgspec.DecodeError) as error:
            self._on_failed(f"the process that hears ended: {type(error).__name__} {error}".strip())
            await self._end()
            return None
        if heard.error:
            self._on_failed(f"nothing was heard: {heard.error}")
        return heard.text

    async def _begin(self) -> None:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(_READY_S):
            await self._read()

    async def _ask(self, said: Say) -> Heard:
        process = self._process
        if process is None or process.stdin is None:
            raise EOFError("it is gone")
        process.stdin.write(packed(said))
        await process.stdin.drain()
        while (heard := await self._read()).id != said.id:
            continue
        return heard

    async def _read(self) -> Heard:
        if self._process is None or self._process.stdout is None:
            raise EOFError("it is gone")
        head = await self._process.stdout.readexactly(4)
        return msgspec.msgpack.decode(await self._process.stdout.readexactly(length_of(head)), type=Heard)

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        self._process = None


def free_memory() -> int:
    """Bytes that a new process may take; 0 when the system does not say."""
    try:
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return 0
    return 0
