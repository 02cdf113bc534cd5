"""Work that nobody waits for: it is done side by side, and what comes of it that is wrong is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from playwright.async_api import Error as PlaywrightError

from browser.errors import BrowserError
from browser.faults import is_gone
from browser.live.shown import Refused


class Errands:
    """Tells `refused` what is wrong. `ours` are the further errors that are told, each with a `code`."""

    def __init__(self, refused: Callable[[Refused], None], *ours: type[Exception]) -> None:
        self._refused = refused
        self._errors: tuple[type[Exception], ...] = (BrowserError, *ours)
        self._busy: set[asyncio.Task[None]] = set()

    def soon(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin it; returns at once."""
        task = asyncio.create_task(self._told(work))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        task.add_done_callback(lambda _: work.close())  # Cancelled before its first step it would never be awaited.
        return task

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PlaywrightError as error:
            if not is_gone(error):
                self._refused(Refused(code="browser", why=error.message.splitlines()[0]))
        except self._errors as error:
            self._refused(Refused(code=getattr(error, "code", BrowserError.code), why=str(error)))

    async def close(self) -> None:
        """Cancels what is still going on, and waits for its end; again is harmless."""
        for task in list(self._busy):
            task.cancel()
        if self._busy:
            await asyncio.wait(self._busy)
