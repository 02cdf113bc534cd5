"""Live pictures of a tab: CDP screencast frames, at most so many a second.

While a screencast runs Chromium copies every change of the page, also those that nobody looks at. So it is stopped
after each new picture and started again when the next one is due; while nothing changes it stays on, which costs
nothing.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser.faults import is_gone

JPEG_QUALITY = 60
WIDTH_PX = 1280


class Screencast:
    """Frames of one tab. Nothing queues up: a frame that comes while the last one's time lasts is dropped."""

    def __init__(
        self,
        session: CDPSession,
        on_frame: Callable[[bytes], None],
        frames_per_s: float,
        width_px: int = WIDTH_PX,
        *,
        quality: int = JPEG_QUALITY,
        ready: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._session = session
        self._settings = {"format": "jpeg", "quality": quality, "maxWidth": width_px, "maxHeight": width_px}
        self._ready = ready
        self._on_frame = on_frame
        self._gap_s = 1 / frames_per_s
        self._last = ""
        self._taking = False
        self._taken = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._acks: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(
        cls,
        page: PlaywrightPage,
        on_frame: Callable[[bytes], None],
        frames_per_s: float,
        width_px: int = WIDTH_PX,
        *,
        quality: int = JPEG_QUALITY,
        ready: Callable[[], Awaitable[object]] | None = None,
    ) -> Screencast:
        """Begin; `on_frame` is called in the event loop with one JPEG, at most so wide, and must not block.

        The next frame is not even taken before `ready` returns.
        """
        session = await page.context.new_cdp_session(page)
        cast = cls(session, on_frame, frames_per_s, width_px, quality=quality, ready=ready)
        cast._session.on("Page.screencastFrame", cast._on_screencast_frame)
        cast._running = asyncio.create_task(cast._run(), name="screencast")
        return cast

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if self._ready is not None:
                await self._ready()
            due_s = loop.time() + self._gap_s
            self._taken.clear()
            self._taking = True
            try:
                await self._session.send("Page.startScreencast", self._settings)
                await self._taken.wait()
                await self._session.send("Page.stopScreencast")
            except PlaywrightError as error:
                if is_gone(error):
                    return
                # Between two documents there is nothing to film: soon there is.
            await asyncio.sleep(max(0.0, due_s - loop.time()))

    def _on_screencast_frame(self, frame: dict[str, Any]) -> None:
        if not self._taking:
            return
        if frame["data"] != self._last:
            self._last = frame["data"]
            self._taking = False
            self._taken.set()
            self._on_frame(base64.b64decode(frame["data"]))
            return
        ack = asyncio.get_running_loop().create_task(self._acknowledge(frame["sessionId"]))
        self._acks.add(ack)
        ack.add_done_callback(self._acks.discard)

    async def _acknowledge(self, session_id: int) -> None:
        try:
            await self._session.send("Page.screencastFrameAck", {"sessionId": session_id})
        except PlaywrightError:
            return  # The tab closed, or shows another document.

    async def stop(self) -> None:
        """No more frames; again is harmless."""
        self._taking = False
        running = [task for task in (self._running, *self._acks) if task is not None]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
        self._running = None
        try:
            await self._session.detach()
        except PlaywrightError:
            return  # The tab closed, and its session with it.
