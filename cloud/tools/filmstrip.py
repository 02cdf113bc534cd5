"""What the browser showed while a skill ran: JPEG files, bounded, and an event with each one's address."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

MOST_FRAMES = 150
MOST_WAITING = 4
FRAMES_PER_S = 3.0
WIDTH_PX = 800


class Filmstrip:
    """Keeps frames that differ from the one before, in `folder`, beginning after those of an earlier run.

    Overflow: a frame that comes while `MOST_WAITING` wait for the disk is dropped; after `MOST_FRAMES` none is kept.
    """

    def __init__(
        self, folder: Path, tell: Callable[[str, Mapping[str, Any]], None], *, most: int = MOST_FRAMES
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._most = most
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._last = b""
        self._count = 0
        self._veils = 0

    def drop(self) -> None:
        """From now on, and as often as this is called, until `lift`: no frame is kept, a secret may be on it."""
        self._veils += 1

    def lift(self) -> None:
        """One secret is out of sight."""
        self._veils -= 1

    def take(self, frame: bytes) -> None:
        """One JPEG. Never blocks."""
        if self._veils:
            return
        waiting = self._waiting.qsize()
        digest = hashlib.blake2b(frame, digest_size=16).digest()
        if digest == self._last or waiting >= MOST_WAITING or self._count + waiting >= self._most:
            return
        self._last = digest
        self._waiting.put_nowait(frame)

    def end(self) -> None:
        """No more frames: `write` returns when those that wait are written."""
        self._waiting.put_nowait(None)

    async def write(self) -> None:
        """Writes frames until the end."""
        self._count = await asyncio.to_thread(self._prepare)
        while (frame := await self._waiting.get()) is not None:
            await self._write(frame)

    def _prepare(self) -> int:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return len(list(self._folder.glob("*.jpg")))

    async def _write(self, frame: bytes) -> None:
        self._count += 1
        path = self._folder / f"{self._count:04d}.jpg"
        await asyncio.to_thread(path.write_bytes, frame)
        self._tell("frame", {"number": self._count, "name": path.name})
