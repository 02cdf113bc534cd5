"""Whether a page has come to rest: what is not there then will not come by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from playwright.async_api import BrowserContext, Frame, Request
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage
from playwright.async_api import TimeoutError as PlaywrightTimeout

from browser.deadline import Deadline
from browser.errors import PageGone
from browser.eyes import LOOK_AGAIN_MS
from browser.faults import has_moved, is_gone
from browser.scripts import WAIT_FOR_QUIET

QUIET_MS = 500
_MATTERS = frozenset({"document", "script", "xhr", "fetch"})


class Stillness:
    """Watches what a page asks the network for while it is open; made by `watching`."""

    def __init__(self, page: PlaywrightPage) -> None:
        self._page = page
        self._open: set[Request] = set()

    def began(self, request: Request) -> None:
        """A request went out."""
        if request.resource_type in _MATTERS:
            self._open.add(request)

    def ended(self, request: Request) -> None:
        """It was answered, or failed."""
        self._open.discard(request)

    async def still(self, frame: Frame, deadline: Deadline) -> bool:
        """Wait until nothing was changed or loaded for half a second; False at the deadline. Raises PageGone."""
        try:
            await self._page.wait_for_load_state("networkidle", timeout=deadline.left_ms())
            while not deadline.passed:
                async with asyncio.timeout(deadline.left_ms() / 1000):
                    quiet = await frame.evaluate(WAIT_FOR_QUIET, [QUIET_MS, deadline.left_ms()])
                if quiet and not self._open:
                    return True
        except (TimeoutError, PlaywrightTimeout):
            return False
        except PlaywrightError as error:
            if has_moved(error):
                return False
            if is_gone(error):
                raise PageGone("wait for the page: it is closed; start the task again") from error
            raise
        return False


@contextmanager
def watching(page: PlaywrightPage) -> Iterator[Stillness]:
    """Watch the page while the block runs."""
    stillness = Stillness(page)
    page.on("request", stillness.began)
    page.on("requestfinished", stillness.ended)
    page.on("requestfailed", stillness.ended)
    try:
        yield stillness
    finally:
        page.remove_listener("request", stillness.began)
        page.remove_listener("requestfinished", stillness.ended)
        page.remove_listener("requestfailed", stillness.ended)


class Loading:
    """Knows what the pages of a context have asked the network for and wait for still, from `watch` to `stop`."""

    def __init__(self) -> None:
        self._open: set[Request] = set()
        self._context: BrowserContext | None = None
        self._fewer = asyncio.Event()

    def watch(self, context: BrowserContext) -> None:
        """From now on; once."""
        if self._context is None:
            self._context = context
            for event, heard in self._heard.items():
                context.on(event, heard)  # type: ignore[call-overload]

    def stop(self) -> None:
        """No longer."""
        if self._context is not None:
            for event, heard in self._heard.items():
                self._context.remove_listener(event, heard)
            self._context = None

    @property
    def _heard(self) -> dict[str, Callable[[Request], None]]:
        return {"request": self._began, "requestfinished": self._ended, "requestfailed": self._ended}

    def _began(self, request: Request) -> None:
        if request.resource_type in _MATTERS:
            self._open.add(request)

    def _ended(self, request: Request) -> None:
        self._open.discard(request)
        self._fewer.set()

    async def over(self, page: PlaywrightPage, deadline: Deadline) -> None:
        """Return once nothing is waited for any more, and what a script made of it is drawn; at the deadline all the
        same. A page that waits for nothing costs nothing. Raises PageGone."""
        drawn = False
        while self._open and not deadline.passed:
            drawn |= any(request.resource_type != "document" for request in self._open)
            self._fewer.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._fewer.wait(), min(LOOK_AGAIN_MS, deadline.left_ms()) / 1000)
            if page.is_closed():
                raise PageGone("wait for the page: it is closed; start the task again")
        self._open.clear()  # What does not end is not waited for twice.
        if drawn:
            with watching(page) as stillness:
                await stillness.still(page.main_frame, deadline)
