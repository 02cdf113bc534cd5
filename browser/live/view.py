"""The live view: all tabs of one context, one of them shown, driven by one viewer at a time."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from browser.context import TaskContext
from browser.deadline import Deadline
from browser.errors import NavigationRefused
from browser.faults import translated
from browser.hosts import HostPattern
from browser.live import address_bar
from browser.live.choosers import Choosers
from browser.live.dialogs import LiveDialogs
from browser.live.errands import Errands
from browser.live.inputs import Answer, Drawn, Go, Input, Key, Pointer, Size, Tab, Upload, Walk
from browser.live.pace import FRAMES_PER_S, Pace
from browser.live.shown import Closed, Dialog, Refused, Shown, Tabs, TabShown
from browser.live.tab import LiveTab
from browser.live.viewer import Viewer
from browser.page import Page

Vouching = Callable[[Page], AbstractAsyncContextManager[object]]
GO_MS = 30_000.0
# A page is taught as it is done: wide. A narrower canvas shows it smaller.
LEAST_WIDTH, MOST_WIDTH = 1024, 1920
LEAST_HEIGHT, MOST_HEIGHT = 480, 1600


class LiveView:
    """Made for a context; `attach` gives it a viewer. The view lives on without one, and films nothing then.

    `local` are the hosts on loopback that the owner opened; `folder` keeps uploaded files. With `roam` the address bar
    may add hosts to those that the context shows; without, it is bound to them.
    """

    def __init__(
        self,
        task: TaskContext,
        dialogs: LiveDialogs,
        *,
        folder: Path,
        roam: bool,
        local: tuple[HostPattern, ...] = (),
        frames_per_s: float = FRAMES_PER_S,
    ) -> None:
        self._task = task
        self._dialogs = dialogs
        self._local = local
        self._roam = roam
        self._viewer: Viewer | None = None
        self._frames_per_s = frames_per_s
        self._numbers = itertools.count(1)
        self._choosers = Choosers(folder, self._tell)
        self._tabs: dict[int, LiveTab] = {}
        self._last = 0
        self._shown = 0
        self._size = (1280, 800)
        self._showing = asyncio.Lock()
        self._going: asyncio.Task[None] | None = None
        self._errands = Errands(self._tell)
        # Around what is set on a page in the person's place, so that a recorder can tell it from the page's own doing.
        self.vouching: Vouching = lambda page: contextlib.nullcontext()
        dialogs.tell = self._tell
        task.on_page(self._adopt)

    # the viewer

    async def attach(self, viewer: Viewer) -> None:
        """From now on this viewer sees and acts; who did before does not any more."""
        self._viewer = viewer
        self._tell_tabs()
        for dialog in self._dialogs.open:
            self._tell(dialog)
        await self._show(self._shown, again=True)

    async def detach(self, viewer: Viewer) -> None:
        """The viewer left; another one's place is not touched."""
        if self._viewer is viewer:
            self._viewer = None
            if (tab := self._tabs.get(self._shown)) is not None:
                await tab.rest()

    def take(self, given: Input) -> None:
        """Take what the viewer sent; returns at once."""
        tab = self._tabs.get(self._shown)
        match given:
            case Drawn():
                if tab is not None and tab.pace is not None:
                    tab.pace.drawn(given.frame)
            case Answer():
                if not self._dialogs.answer(given):
                    self._tell(Refused(code="dialog_gone", why="the page does not ask any more"))
            case Go():
                self._go(given)
            case Tab():
                self._errands.soon(self._turn(given))
            case Size():
                self._size = viewport(given.width, given.height)
                self._errands.soon(self._resize())
            case Upload():
                self._errands.soon(self._choosers.begin(given))
            case _ if tab is None:
                self._tell(Refused(code="no_tab", why="there is no page; open one by its address"))
            case Walk():
                self._errands.soon(tab.walk(given.to))
            case _:
                if tab.pace is not None and isinstance(given, Pointer | Key) and given.kind != "move":
                    tab.pace.hurry()
                tab.hands.take(given)

    def take_bytes(self, data: bytes) -> None:
        """Take the next piece of files that were announced."""
        self._errands.soon(self._choosers.take(data))

    async def finish(self) -> None:
        """Waits a moment for what the person did to be done."""
        if (tab := self._tabs.get(self._shown)) is not None and tab.pace is not None:
            await tab.hands.finish()

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        tab = self._tabs.get(self._shown)
        return tab.page if tab else None

    # the tabs

    def _adopt(self, page: Page) -> None:
        if any(tab.page is page for tab in self._tabs.values()):
            return
        self._last += 1
        tab = LiveTab(
            self._last,
            page,
            self._choosers,
            may_show=self._task.may_show,
            titled=self._tell_tabs,
            vouching=lambda: self.vouching(page),
        )
        self._tabs[tab.number] = tab
        page.playwright.on("close", lambda _: self._lost(tab))
        page.playwright.on("crash", lambda _: self._crashed(tab))
        self._errands.soon(self._show(tab.number))

    def _lost(self, tab: LiveTab) -> None:
        self._tabs.pop(tab.number, None)
        self._errands.soon(tab.close())
        if self._shown == tab.number:
            self._errands.soon(self._show(max(self._tabs, default=0)))
        else:
            self._tell_tabs()

    def _crashed(self, tab: LiveTab) -> None:
        self._tell(Refused(code="page_crashed", why="the page crashed; go to its address again", address=tab.page.url))
        # Not by the façade: it was nobody's doing, and is no step of a lesson.
        self._errands.soon(tab.page.playwright.close())

    async def _show(self, number: int, *, again: bool = False) -> None:
        async with self._showing:
            before, tab = self._tabs.get(self._shown), self._tabs.get(number)
            if before is not None and before is not tab:
                await before.rest()
            self._shown = number if tab is not None else 0
            self._tell_tabs()
            if tab is None or (before is tab and not again):
                return
            with translated("show the tab"):
                await tab.resize(self._size)
                if self._viewer is not None:
                    await tab.begin(self._viewer, Pace(self._frames_per_s, self._numbers))

    async def _turn(self, given: Tab) -> None:
        if given.do == "open":
            await self._task.new_page()
        elif given.tab not in self._tabs:
            self._tell(Refused(code="no_tab", why="this tab is closed"))
        elif given.do == "show":
            await self._show(given.tab)
        else:
            await self._tabs[given.tab].page.close()

    async def _resize(self) -> None:
        async with self._showing:
            if (tab := self._tabs.get(self._shown)) is not None:
                with translated("fit the page"):
                    await tab.resize(self._size)

    def _tell_tabs(self) -> None:
        shown = tuple(
            TabShown(tab=number, title=tab.title, url=tab.page.url) for number, tab in sorted(self._tabs.items())
        )
        self._tell(Tabs(tab=self._shown, tabs=shown))

    # going

    def _go(self, given: Go) -> None:
        if self._going is not None:
            self._going.cancel()
        self._going = self._errands.soon(self._gone_to(given.address))

    async def _gone_to(self, text: str) -> None:
        address = address_bar.typed(text, self._local)
        if self._roam:
            self._task.let_show(address_bar.pattern_of(address))
        elif not self._task.may_show(address):
            raise NavigationRefused("this task may not go there")
        tab = self._tabs.get(self._shown)
        page = tab.page if tab is not None else await self._task.new_page()
        await page.goto(address, deadline=Deadline.after_ms(GO_MS))

    # the rest

    def _tell(self, shown: Shown | Dialog | Closed) -> None:
        if self._viewer is not None:
            self._viewer.tell(shown)

    async def close(self) -> None:
        """Let go of everything; the context and its tabs are whoever's made them."""
        self._viewer = None
        self._dialogs.give_up()
        self._task.on_page(None)
        for tab in list(self._tabs.values()):
            await tab.close()
        await self._errands.close()


def viewport(width: float, height: float) -> tuple[int, int]:
    """The page's viewport for a canvas: as large, but never so narrow that the page becomes another one."""
    wide = min(max(width, LEAST_WIDTH), MOST_WIDTH)
    high = min(max(height * wide / width, LEAST_HEIGHT), MOST_HEIGHT)
    return round(wide), round(high)
