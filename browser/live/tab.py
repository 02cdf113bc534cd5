"""One tab of a live view: its pictures, its hands, where it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Literal

from playwright.async_api import CDPSession, Frame, Request
from playwright.async_api import Error as PlaywrightError

from browser.bounds import NO_PAGE
from browser.live.choosers import Choosers
from browser.live.hands import Hands
from browser.live.pace import Pace
from browser.live.shown import Place, Refused, Shown, picture
from browser.live.viewer import Viewer
from browser.page import Page
from browser.screencast import Screencast

JPEG_QUALITY = 75
# The pace is set by `Pace`.
UNPACED = 1000.0


class LiveTab:
    """Follows one page from its opening to its close; films it and takes input only between `begin` and `rest`."""

    def __init__(
        self,
        number: int,
        page: Page,
        choosers: Choosers,
        *,
        may_show: Callable[[str], bool],
        titled: Callable[[], None],
        vouching: Callable[[], AbstractAsyncContextManager[object]],
    ) -> None:
        self.number = number
        self.page = page
        self.title = ""
        self.hands = Hands(page.playwright, self._tell, vouching)
        self.pace: Pace | None = None
        self._may_show = may_show
        self._titled = titled
        self._viewer: Viewer | None = None
        self._cast: Screencast | None = None
        self._running: asyncio.Task[None] | None = None
        self._session: CDPSession | None = None
        self._loading = False
        self._url = ""
        self._size = (0, 0)
        self._changed = asyncio.Event()
        self._following = asyncio.create_task(self._follow(), name="live tab")
        inner = page.playwright
        inner.on("filechooser", lambda chooser: choosers.opened(chooser, vouching))
        inner.on("request", self._on_request)
        inner.on("framenavigated", self._on_navigated)
        inner.on("domcontentloaded", lambda _: self._changed.set())
        inner.on("load", lambda _: self._set_loading(False))

    # filmed and driven

    async def begin(self, viewer: Viewer, pace: Pace) -> None:
        """Films for this viewer, and takes input. Raises PlaywrightError when the tab is gone."""
        await self.rest()
        self._viewer, self.pace = viewer, pace
        self._running = asyncio.create_task(self.hands.run(), name="hands")
        self._cast = await Screencast.start(
            self.page.playwright,
            lambda jpeg: viewer.show(picture(pace.sent(), self._size, jpeg)),
            UNPACED,
            max(self._size),
            quality=JPEG_QUALITY,
            ready=pace.ready,
        )
        self._changed.set()

    async def rest(self) -> None:
        """Films nothing and takes nothing until it begins again."""
        self._viewer = self.pace = None
        cast, self._cast = self._cast, None
        running, self._running = self._running, None
        if running is not None:
            if not self.page.closed:
                await self.hands.finish()
            running.cancel()
            await asyncio.wait((running,))
            await self.hands.let_go()
        if cast is not None:
            await cast.stop()

    async def resize(self, size: tuple[int, int]) -> None:
        """Gives the page this viewport. Raises PlaywrightError when the tab is gone."""
        if size != self._size:
            self._size = size
            await self.page.playwright.set_viewport_size({"width": size[0], "height": size[1]})

    async def walk(self, to: Literal["back", "forward", "reload"]) -> None:
        """Back, forward, or the same page again. Raises PlaywrightError."""
        await self.page.walk(to)

    async def close(self) -> None:
        """Stops following."""
        await self.rest()
        self._following.cancel()
        await asyncio.wait((self._following,))

    # where it is

    def _on_request(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self.page.playwright.main_frame:
            self._set_loading(True)

    def _on_navigated(self, frame: Frame) -> None:
        if frame == self.page.playwright.main_frame:
            self._changed.set()

    def _set_loading(self, on: bool) -> None:
        self._loading = on
        self._changed.set()

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._look()
            except PlaywrightError:
                continue  # Between two documents, or gone: the next change is looked at.

    async def _look(self) -> None:
        inner = self.page.playwright
        url = inner.url
        if url and not self._may_show(url):
            self._tell(Refused(code="elsewhere", why="the page leads to another site", address=url))
            if await inner.go_back(wait_until="commit") is None:
                await inner.goto(NO_PAGE)
            return
        if self._session is None:
            self._session = await inner.context.new_cdp_session(inner)
        history = await self._session.send("Page.getNavigationHistory")
        at, entries = history["currentIndex"], history["entries"]
        before, self.title = (self.title, self._url), entries[at]["title"] if entries else ""
        self._url = url
        if before != (self.title, url):
            self._titled()
        self._tell(
            Place(
                tab=self.number,
                url="" if url == NO_PAGE else url,
                title=self.title,
                loading=self._loading,
                back=at > 0,
                forward=at + 1 < len(entries),
            )
        )

    def _tell(self, shown: Shown) -> None:
        if self._viewer is not None:
            self._viewer.tell(shown)
