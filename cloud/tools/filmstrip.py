"""What the browser showed while a skill ran: JPEG files, bounded, and an event with each one's address."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog

from browser.bounds import NO_PAGE
from browser.errors import BrowserError
from browser.page import Page
from cloud.tasks.running import TaskRun

log = structlog.get_logger(__name__)

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


@asynccontextmanager
async def keeping_frames(run: TaskRun) -> AsyncIterator[Filmstrip]:
    """A filmstrip that is written while the block runs; what is still to be written is written at its end."""
    strip = Filmstrip(run.folder / "frames", run.tell)
    writer = asyncio.create_task(strip.write())
    try:
        yield strip
    finally:
        strip.end()
        await writer


@asynccontextmanager
async def filming(page: Page, strip: Filmstrip) -> AsyncIterator[None]:
    """Films the page while the block runs, and lets nothing wait for it. The page's context ends the screencast."""
    starting = asyncio.create_task(_start_filming(page, strip))
    try:
        yield
    finally:
        starting.cancel()
        await asyncio.wait((starting,))


async def _start_filming(page: Page, strip: Filmstrip) -> None:
    def seen(frame: bytes) -> None:
        if page.url != NO_PAGE:  # of an empty tab there is nothing to see
            strip.take(frame)

    try:
        await page.start_screencast(seen, frames_per_s=FRAMES_PER_S, width_px=WIDTH_PX)
    except BrowserError as error:
        log.warning("no_filmstrip", reason=str(error))
