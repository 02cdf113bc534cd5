"""When a tab goes on to another address and when its document has come, as the browser tells it: no page is asked."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page as PlaywrightPage

from browser.deadline import Deadline
from browser.errors import PageGone


class Moves:
    """Of one tab. `count` grows with every document, address and end of a tab that is told of."""

    def __init__(self, page: PlaywrightPage) -> None:
        self.count = 0
        self._moved = asyncio.Event()
        self._crashed = False
        page.on("framenavigated", lambda _: self._on_move())
        page.on("domcontentloaded", lambda _: self._on_move())
        page.on("close", lambda _: self._on_move())
        page.on("crash", lambda _: self._on_crash())

    async def past(self, count: int, deadline: Deadline) -> None:
        """Return once there was more than `count`, at the deadline at the latest. Raises PageGone: it crashed."""
        if self.count == count and not self._crashed:
            try:
                async with asyncio.timeout(deadline.left_ms() / 1000):
                    await self._moved.wait()
            except TimeoutError:
                return
        if self._crashed:
            raise PageGone("the page crashed; start the task again")

    def _on_move(self) -> None:
        self.count += 1
        self._moved.set()
        self._moved = asyncio.Event()

    def _on_crash(self) -> None:
        self._crashed = True
        self._on_move()
