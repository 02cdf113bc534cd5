"""Live pictures of a tab: CDP screencast frames, slowed down by late acknowledgement."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

JPEG_QUALITY = 60
MAX_WIDTH_PX = 1280
MAX_HEIGHT_PX = 800


class Screencast:
    """Frames of one tab. Chromium sends the next only after the last is acknowledged, so nothing queues up."""

    def __init__(self, session: CDPSession, on_frame: Callable[[bytes], None], frames_per_s: float) -> None:
        self._session = session
        self._on_frame = on_frame
        self._gap_s = 1 / frames_per_s
        self._timers: set[asyncio.TimerHandle] = set()
        self._acks: set[asyncio.Task[None]] = set()
        self._next_at = 0.0
        self._stopped = False

    @classmethod
    async def start(cls, page: PlaywrightPage, on_frame: Callable[[bytes], None], frames_per_s: float) -> Screencast:
        """Begin; `on_frame` is called in the event loop with one JPEG, and must not block."""
        session = await page.context.new_cdp_session(page)
        cast = cls(session, on_frame, frames_per_s)
        session.on("Page.screencastFrame", cast._on_screencast_frame)
        await session.send(
            "Page.startScreencast",
            {"format": "jpeg", "quality": JPEG_QUALITY, "maxWidth": MAX_WIDTH_PX, "maxHeight": MAX_HEIGHT_PX},
        )
        return cast

    def _on_screencast_frame(self, frame: dict[str, Any]) -> None:
        if self._stopped:
            return
        loop = asyncio.get_running_loop()
        self._next_at = max(loop.time(), self._next_at + self._gap_s)
        timer: asyncio.TimerHandle

        def acknowledge() -> None:
            self._timers.discard(timer)
            task = loop.create_task(self._acknowledge(frame["sessionId"]))
            self._acks.add(task)
            task.add_done_callback(self._acks.discard)

        timer = loop.call_at(self._next_at, acknowledge)
        self._timers.add(timer)
        self._on_frame(base64.b64decode(frame["data"]))

    async def _acknowledge(self, session_id: int) -> None:
        if self._stopped:
            return
        try:
            await self._session.send("Page.screencastFrameAck", {"sessionId": session_id})
        except PlaywrightError:
            self._stopped = True  # The tab closed.

    async def stop(self) -> None:
        """No more frames; again is harmless."""
        self._stopped = True
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        for task in list(self._acks):
            task.cancel()
        try:
            await self._session.detach()
        except PlaywrightError:
            return  # The tab closed, and its session with it.
