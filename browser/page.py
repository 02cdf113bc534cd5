"""The façade: one tab of a task's browser, seen and acted on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from playwright.async_api import Dialog, Frame
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser import actions, eyes, frames, secrecy
from browser.answers import Answers
from browser.bounds import Bounds
from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.dialogs import DialogPolicy, DialogSeen
from browser.downloads import Download, one_download
from browser.errors import ConditionTimeout, DownloadFailed
from browser.faults import is_gone, translated
from browser.hosts import HostPattern
from browser.looking import Looking
from browser.screencast import WIDTH_PX, Screencast

JPEG_QUALITY = 70
# How long something that does not scroll on may take to grow.
STUCK_MS = 1_000


class Page(Looking):
    """One tab; made by a `TaskContext`.

    Everything that looks or acts first checks that the tab shows a host of the task's navigate list: a sighting belongs
    to one document, so an act on it cannot land on another site.
    """

    def __init__(
        self,
        page: PlaywrightPage,
        *,
        navigate: Sequence[HostPattern],
        refusal: Callable[[str], str | None],
        dialogs: DialogPolicy,
        home: Path | None = None,
    ) -> None:
        super().__init__(page, Bounds(page, navigate, refusal))
        self._answers = Answers(dialogs)
        self._home = home
        self._screencast: Screencast | None = None
        self._popups: asyncio.Queue[Page] = asyncio.Queue(maxsize=8)
        self.closed_from_here = False
        self.gone_from_here = False
        self.awaits_popup = False
        page.on("dialog", self._on_dialog)

    @property
    def dialogs(self) -> Sequence[DialogSeen]:
        """The latest dialogs, the oldest first."""
        return self._answers.seen

    @property
    def playwright(self) -> PlaywrightPage:
        """The tab itself, for a live lesson that needs more than this façade."""
        return self._page

    # going

    async def goto(self, url: str, *, deadline: Deadline) -> None:
        """Go to `url`; returns when its DOM is there. Raises NavigationRefused, NavigationFailed, PageGone."""
        self.gone_from_here = True
        await self._bounds.goto(url, deadline)

    async def walk(self, to: Literal["back", "forward", "reload"]) -> None:
        """Back, forward, or the same page again; returns when that begins to come. Raises PlaywrightError.

        `gone_from_here` then says that it was not the page's own doing, until whoever asks takes it back.
        """
        self.gone_from_here = True
        steps = {"back": self._page.go_back, "forward": self._page.go_forward, "reload": self._page.reload}
        await steps[to](wait_until="commit")

    # acting: every act raises ActionTimeout, ActionRefused, ElementMissing (it left the page), PageGone

    async def click(
        self,
        at: Sighting,
        *,
        count: int = 1,
        button: actions.Button = "left",
        follow: bool = True,
        deadline: Deadline,
    ) -> None:
        """Click, once the element can take it; with the right button for its own menu, the middle one for a new tab.

        With `follow` a page that the click leads to must have begun to come by the deadline; without, only the click
        counts, and a slow site is no reason to think that it did not land.
        """
        await actions.click(at, count, deadline, button=button, follow=follow)

    async def ready(self, at: Sighting, *, deadline: Deadline) -> None:
        """Return once a click would land on the element: it is still, enabled and not covered. Nothing is clicked."""
        await actions.ready(at, deadline)

    async def fill(self, at: Sighting, value: str, *, deadline: Deadline) -> None:
        """Replace a field's value."""
        await actions.fill(at, value, deadline)

    async def secret_field(self, at: Sighting, *, deadline: Deadline) -> secrecy.Field:
        """What a secret would be typed into, and in whose documents. Raises ElementMissing, ElementChanged."""
        await self._bounds.stay()
        return await secrecy.look(at, deadline)

    async def fill_secret(self, at: Sighting, value: str, *, check: secrecy.Check, deadline: Deadline) -> None:
        """Fill a field, masked from before the first letter, if `check` passes what it is right before."""
        await self._bounds.stay()
        await secrecy.fill(at, value, check, deadline)

    async def until_unseen(self, at: Sighting, value: str, *, origins: Sequence[str]) -> None:
        """Return once the field that a secret was typed into is gone, hidden or empty, and no document of these
        origins shows `value` ("" is not looked for). Raises PageGone."""
        while True:
            documents = [frame for frame in self._page.frames if value and frames.origin(frame) in origins]
            seen = await secrecy.is_filled(at) or any([await secrecy.shows(frame, value) for frame in documents])
            if not seen:
                return
            await eyes.changed(self._page.main_frame, Deadline.after_ms(secrecy.LOOK_MS))

    async def select(self, at: Sighting, value: str, *, deadline: Deadline) -> None:
        """Choose an option by its label or value; several stand in lines of their own."""
        await actions.select(at, value, deadline)

    async def check(self, at: Sighting, on: bool = True, *, deadline: Deadline) -> None:
        """Set a checkbox, switch or radio button."""
        await actions.check(at, on, deadline)

    async def press(self, key: str, at: Sighting | None = None, *, deadline: Deadline) -> None:
        """Press a key or chord ("Control+A") on the element, else on what has the focus."""
        if at is not None:
            await actions.press(at, key, deadline)
            return
        await self._bounds.stay()
        with translated(f"press {key}"):
            await self._page.keyboard.press(key)

    async def upload(self, at: Sighting, files: Sequence[Path], *, deadline: Deadline) -> None:
        """Give files to a file field."""
        await actions.upload(at, files, deadline)

    async def hover(self, at: Sighting, *, deadline: Deadline) -> None:
        """Put the pointer over the element."""
        await actions.hover(at, deadline)

    async def drag(self, at: Sighting, to: Sighting, *, deadline: Deadline) -> None:
        """Drag one element onto another."""
        await actions.drag(at, to, deadline)

    async def scroll(self, by_px: int, at: Sighting | None = None, *, deadline: Deadline) -> None:
        """Scroll an element, or the page, down by so many px (up when negative), as far as it goes.

        It goes on by less than a screen at a time, so that a list which fills itself has the time to. 0 brings the
        element into view instead.
        """
        await self._bounds.stay()
        frame: Frame = at.frame if at is not None else self._page.main_frame
        left, stuck_at = by_px, deadline.sooner_of(STUCK_MS)
        while True:
            reply = await eyes.ask(frame, eyes.scrolling(at.ref if at is not None else None, left), deadline)
            left -= reply.moved
            if reply.moved:
                stuck_at = deadline.sooner_of(STUCK_MS)
            if not by_px or left == 0 or stuck_at.passed:
                return
            await eyes.changed(frame, stuck_at)

    # pictures

    async def screenshot(self, *, deadline: Deadline) -> bytes:
        """The viewport as JPEG; fields for secrets are masked."""
        with translated("take a picture"):
            return await self._page.screenshot(
                type="jpeg", quality=JPEG_QUALITY, style=secrecy.MASK, timeout=deadline.left_ms()
            )

    async def start_screencast(
        self, on_frame: Callable[[bytes], None], *, frames_per_s: float = 5, width_px: int = WIDTH_PX
    ) -> None:
        """JPEG frames as the page changes, at most so many a second, until `stop_screencast` or `close`."""
        await self.stop_screencast()
        with translated("start the live picture"):
            self._screencast = await Screencast.start(self._page, on_frame, frames_per_s, width_px)

    async def stop_screencast(self) -> None:
        """No more frames."""
        cast, self._screencast = self._screencast, None
        if cast is not None:
            await cast.stop()

    # dialogs, popups, the end

    async def _on_dialog(self, dialog: Dialog) -> None:
        await self._answers.answer(dialog, self._page.url)

    def watch_dialogs(self, watcher: Callable[[DialogSeen, str | None], None]) -> None:
        """From now on `watcher` is told each dialog and its answer (None: dismissed)."""
        self._answers.watch(watcher)

    def answering(self, policy: DialogPolicy) -> AbstractContextManager[None]:
        """Inside, the tab's dialogs are answered by `policy`."""
        return self._answers.by(policy)

    @contextlib.asynccontextmanager
    async def downloading(self) -> AsyncIterator[Download]:
        """Inside, the site may give one file; outside it may give none. Raises DownloadFailed, PageGone."""
        if self._home is None:
            raise DownloadFailed("this tab has no folder for files; open it from a pool")
        async with one_download(self._page, self._home) as coming:
            yield coming

    def forget_popups(self) -> None:
        """Tabs that were opened before now are not what `popup` waits for."""
        while not self._popups.empty():
            self._popups.get_nowait()
        self.awaits_popup = True

    def add_popup(self, popup: Page) -> None:
        """A tab that this one opened; beyond eight unclaimed ones the oldest is forgotten."""
        if self._popups.full():
            self._popups.get_nowait()
        self._popups.put_nowait(popup)

    async def popup(self, *, deadline: Deadline) -> Page:
        """The next tab that this one opened, waited for. Raises ConditionTimeout."""
        try:
            async with asyncio.timeout(deadline.left_ms() / 1000):
                return await self._popups.get()
        except TimeoutError as error:
            raise ConditionTimeout("no new tab opened before the deadline") from error
        finally:
            self.awaits_popup = False

    async def close(self) -> None:
        """Close the tab; again is harmless. `closed_from_here` then says that it was not the page's own doing."""
        self.closed_from_here = True
        await self.stop_screencast()
        if not self._page.is_closed():
            try:
                await self._page.close()
            except PlaywrightError as error:
                if not is_gone(error):
                    raise
