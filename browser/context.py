"""A task's own browser context: cookies, tabs, one way out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser.bounds import NO_PAGE
from browser.dialogs import DialogPolicy
from browser.egress import Egress, Refusal
from browser.faults import is_gone, translated
from browser.hosts import BadHost, HostPattern, allows, host_port
from browser.page import Page

MOST_PAGES = 12


class TaskContext:
    """Cookies, tabs and the egress port of one task; made by `Pool.context`."""

    def __init__(
        self,
        context: BrowserContext,
        egress: Egress,
        navigate: Sequence[HostPattern],
        dialogs: DialogPolicy,
        *,
        home: Path | None = None,
    ) -> None:
        self._context = context
        self._navigate = list(navigate)  # one list, shared with the pages: what is added counts for all of them
        self._dialogs = dialogs
        self._home = home
        self._pages: dict[PlaywrightPage, Page] = {}
        self._openings: set[asyncio.Task[None]] = set()
        self._on_opened: Callable[[Page], None] | None = None
        self.egress = egress
        context.on("page", self._on_page)

    @property
    def refusals(self) -> deque[Refusal]:
        """The requests that were not let out."""
        return self.egress.refusals

    @property
    def playwright(self) -> BrowserContext:
        """The context itself, for a live lesson (bindings, init scripts)."""
        return self._context

    @property
    def pages(self) -> tuple[Page, ...]:
        """The open tabs, the oldest first."""
        return tuple(page for page in self._pages.values() if not page.closed)

    def may_show(self, url: str) -> bool:
        """Whether pages of this address may be shown."""
        try:
            return allows(self._navigate, *host_port(url))
        except BadHost:
            return url == NO_PAGE

    def let_show(self, pattern: HostPattern) -> None:
        """From now on pages of this host may be shown, too: a person said so."""
        if pattern not in self._navigate:
            self._navigate.append(pattern)
            self.egress.widen(pattern)

    def on_page(self, opened: Callable[[Page], None] | None) -> None:
        """Tell of the tabs that there are, and of each one that opens from now on; None: of no more."""
        self._on_opened = opened
        if opened is not None:
            for page in self.pages:
                opened(page)

    async def new_page(self) -> Page:
        """A new tab. Raises PageGone when the browser is gone."""
        with translated("open a tab"):
            return self._adopt(await self._context.new_page())

    async def storage_state(self) -> dict[str, Any]:
        """Cookies and local storage: as secret as a password."""
        with translated("read the cookies"):
            return dict(await self._context.storage_state())

    def _adopt(self, page: PlaywrightPage) -> Page:
        found = self._pages.get(page)
        if found is None:
            found = Page(
                page, navigate=self._navigate, refusal=self.egress.refusal, dialogs=self._dialogs, home=self._home
            )
            self._pages[page] = found
            page.on("close", self._on_close)
            if self._on_opened is not None:
                self._on_opened(found)
        return found

    def _on_close(self, page: PlaywrightPage) -> None:
        self._pages.pop(page, None)

    def _on_page(self, page: PlaywrightPage) -> None:
        known = page in self._pages
        adopted = self._adopt(page)
        if not known:
            # Overflow: a page that opens windows without end keeps the first ones.
            surplus = len(self._pages) > MOST_PAGES
            task = asyncio.get_running_loop().create_task(self._opened(page, adopted, surplus))
            self._openings.add(task)
            task.add_done_callback(self._openings.discard)

    async def _opened(self, page: PlaywrightPage, adopted: Page, surplus: bool) -> None:
        try:
            if surplus:
                await adopted.close()
                return
            opener = await page.opener()
        except PlaywrightError:
            return  # It closed again at once.
        if opener is not None and opener in self._pages:
            self._pages[opener].add_popup(adopted)
        elif opener is None:
            # A tab that a middle click opened names no opener.
            for waiting in self.pages:
                if waiting.awaits_popup:
                    waiting.add_popup(adopted)

    async def close(self) -> None:
        """Close the tabs, forget the cookies, close the way out; again is harmless."""
        for page in self.pages:
            await page.stop_screencast()
        try:
            await self._context.close()
        except PlaywrightError as error:
            if not is_gone(error):
                raise
        finally:
            for task in list(self._openings):
                task.cancel()
            await self.egress.close()
