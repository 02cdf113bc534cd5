"""When a tab goes on to another address, as the browser tells it: nobody need ask the page."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page as PlaywrightPage

from browser.deadline import Deadline
from browser.errors import PageGone


class Moves:
    """Of one tab: documents that come, and addresses that a page gives itself."""

    def __init__(self, page: PlaywrightPage) -> None:
        self._moved = asyncio.Event()
        self._crashed = False
        page.on("framenavigated", lambda _: self._moved.set())
        page.on("close", lambda _: self._moved.set())
        page.on("crash", lambda _: self._on_crash())

    async def next(self, deadline: Deadline) -> None:
        """Return once the tab goes on or is closed, at the deadline at the latest. Raises PageGone: it crashed."""
        self._moved.clear()
        if not self._crashed:
            try:
                async with asyncio.timeout(deadline.left_ms() / 1000):
                    await self._moved.wait()
            except TimeoutError:
                return
        if self._crashed:
            raise PageGone("the page crashed; start the task again")

    def _on_crash(self) -> None:
        self._crashed = True
        self._moved.set()
