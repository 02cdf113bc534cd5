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

from browser import actions, eyes, frames, judging, secrecy
from browser.answers import Answers
from browser.bounds import Bounds
from browser.conditions import Condition, ReadBack, Sighting
from browser.deadline import Deadline
from browser.dialogs import DialogPolicy, DialogSeen
from browser.downloads import Download, one_download
from browser.errors import (
    ActionTimeout,
    ConditionTimeout,
    DownloadFailed,
    ElementChanged,
    ElementMissing,
)
from browser.faults import is_gone, translated
from browser.fingerprint import Fingerprint
from browser.hosts import HostPattern
from browser.locators import Locator
from browser.screencast import WIDTH_PX, Screencast
from browser.snapshot import Snapshot, take

JPEG_QUALITY = 70
# How long something that does not scroll on may take to grow.
STUCK_MS = 1_000


class Page:
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
        self._page = page
        self._bounds = Bounds(page, navigate, refusal)
        self._answers = Answers(dialogs)
        self._home = home
        self._screencast: Screencast | None = None
        self._popups: asyncio.Queue[Page] = asyncio.Queue(maxsize=8)
        self.closed_from_here = False
        self.gone_from_here = False
        self.awaits_popup = False
        page.on("dialog", self._on_dialog)

    @property
    def url(self) -> str:
        """The address shown."""
        return self._page.url

    @property
    def closed(self) -> bool:
        """Whether the tab is gone."""
        return self._page.is_closed()

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

    async def status(self, *, deadline: Deadline) -> int:
        """The HTTP status that the document shown came with; 0 when it is not known. Raises PageGone."""
        try:
            return (await eyes.ask(self._page.main_frame, eyes.reading([]), deadline)).status
        except (ElementMissing, ActionTimeout):
            return 0

    # seeing

    async def snapshot(self, *, deadline: Deadline) -> Snapshot:
        """The page and its frames as a tree of elements. Raises SnapshotError, PageGone."""
        await self._bounds.stay()
        return await take(self._page, deadline)

    async def find(
        self,
        locators: Sequence[Locator],
        fingerprint: Fingerprint | None = None,
        *,
        frame: tuple[str, ...] | None = None,
        read: Sequence[ReadBack] = (),
        at_least: float = 0.0,
        any_words: bool = False,
        deadline: Deadline,
    ) -> Sighting:
        """The element that the locators agree on, waited for until the deadline.

        Looks in the fingerprint's frame, or in `frame`. With `at_least` above 0 it must be the only match and this much
        alike, and is waited for until it is; with `any_words`, whatever it says. Raises ElementMissing,
        ElementAmbiguous, ElementChanged, PageGone.
        """
        where = frame if frame is not None else fingerprint.frame if fingerprint else ()
        best: Sighting | None = None
        while True:
            await self._bounds.stay()
            at = frames.resolve(self._page.main_frame, where)
            if at is not None:
                with contextlib.suppress(ActionTimeout):  # The deadline fell into the look: the last one counts.
                    best = await self._glimpse(at, locators, fingerprint, read, deadline, any_words)
                if best and (not at_least or (best.unique and best.similarity >= at_least)):
                    return best
            if deadline.passed:
                raise judging.not_found(best, locators, at_least)
            await eyes.changed(at or self._page.main_frame, deadline)

    async def _glimpse(
        self,
        at: Frame,
        locators: Sequence[Locator],
        fingerprint: Fingerprint | None,
        read: Sequence[ReadBack],
        deadline: Deadline,
        any_words: bool,
    ) -> Sighting | None:
        try:
            reply = await self._ask(at, eyes.finding(locators, fingerprint, self._here(at, read)), read, deadline)
        except ElementMissing:
            return None
        return judging.best(reply, at, fingerprint, any_words=any_words)

    async def verify(
        self,
        sighting: Sighting,
        fingerprint: Fingerprint,
        *,
        read: Sequence[ReadBack] = (),
        at_least: float,
        deadline: Deadline,
    ) -> Sighting:
        """The same element looked at again, in one evaluate with the read-backs, without waiting.

        Read-backs of other frames are read just before. Raises ElementMissing (it left the page), ElementChanged (less
        alike than `at_least`, or hidden), PageGone.
        """
        await self._bounds.stay()
        at: Frame = sighting.frame
        reply = await self._ask(at, eyes.looking(sighting.ref, self._here(at, read)), read, deadline)
        fresh = judging.best(reply, at, fingerprint)
        if fresh is None:
            raise ElementMissing(f"{fingerprint.name or fingerprint.tag!r} left the page; find it again")
        if fresh.similarity < at_least or (sighting.visible and not fresh.visible):
            raise ElementChanged(judging.changed_text(fresh, at_least))
        return fresh

    def _here(self, at: Frame, read: Sequence[ReadBack]) -> list[ReadBack]:
        return [back for back in read if frames.resolve(self._page.main_frame, back.frame) is at]

    async def _ask(
        self, at: Frame, request: dict[str, object], read: Sequence[ReadBack], deadline: Deadline
    ) -> eyes.Reply:
        """Ask a frame; the texts of read-backs that live in other frames are put in their places."""
        here = self._here(at, read)
        elsewhere = {id(back): await self._read_back(back, deadline) for back in read if back not in here}
        reply = await eyes.ask(at, request, deadline)
        if not elsewhere:
            return reply
        texts = iter(reply.texts)
        merged = tuple(elsewhere[id(back)] if id(back) in elsewhere else next(texts) for back in read)
        return eyes.Reply(origin=reply.origin, href=reply.href, found=reply.found, texts=merged)

    async def _read_back(self, back: ReadBack, deadline: Deadline) -> str | None:
        at = frames.resolve(self._page.main_frame, back.frame)
        return (await eyes.ask(at, eyes.reading([back]), deadline)).texts[0] if at else None

    async def at(self, snapshot: Snapshot, ref: str, *, deadline: Deadline) -> Sighting:
        """The element that a snapshot calls `ref`. Raises ElementMissing (it left the page), PageGone."""
        await self._bounds.stay()
        place = snapshot.place(ref)
        reply = await eyes.ask(place.frame, eyes.looking(place.ref, ()), deadline)
        found = judging.best(reply, place.frame, None)
        if found is None:
            raise ElementMissing(f"{ref} left the page; take a new snapshot")
        return found

    async def read(self, locators: Sequence[Locator], *, frame: tuple[str, ...] = (), deadline: Deadline) -> str:
        """The visible text, or a field's value, that a locator finds; waited for. Raises ElementMissing."""
        back = ReadBack(locators=tuple(locators), frame=frame)
        while True:
            await self._bounds.stay()
            try:
                text = await self._read_back(back, deadline)
            except (ElementMissing, ActionTimeout):
                text = None
            if text is not None:
                return text
            if deadline.passed:
                raise judging.not_found(None, locators, 0)
            await eyes.changed(frames.resolve(self._page.main_frame, frame) or self._page.main_frame, deadline)

    async def texts(
        self, locators: Sequence[Locator], *, frame: tuple[str, ...] = (), deadline: Deadline
    ) -> tuple[str, ...]:
        """What all that the first of the locators to find anything finds say now, in the order of the page."""
        await self._bounds.stay()
        at = frames.resolve(self._page.main_frame, frame)
        found = (await eyes.ask(at, eyes.listing(locators), deadline)).texts if at is not None else ()
        return tuple(text or "" for text in found)

    async def read_value(self, locators: Sequence[Locator], *, frame: tuple[str, ...] = (), deadline: Deadline) -> str:
        """A field's value, a select's chosen label; a password or code reads as "". Raises ElementMissing."""
        return await self.read(locators, frame=frame, deadline=deadline)

    async def holds(self, condition: Condition, *, deadline: Deadline) -> bool:
        """Whether all of the condition holds now."""
        if condition.url and not condition.matches_url(self._page.url):
            return False
        at = frames.resolve(self._page.main_frame, condition.frame)
        if not condition.asks_page:
            return True
        if at is None:
            return False
        try:
            return (await eyes.ask(at, eyes.holding(condition), deadline)).holds
        except (ElementMissing, ActionTimeout):
            return False

    async def wait_for(self, condition: Condition, *, deadline: Deadline) -> None:
        """Return as soon as all of the condition holds. Raises ConditionTimeout, NavigationRefused, PageGone."""
        while True:
            await self._bounds.stay()
            if await self.holds(condition, deadline=deadline):
                return
            if deadline.passed:
                raise ConditionTimeout(f"{condition.described()} did not come before the deadline")
            await eyes.changed(
                frames.resolve(self._page.main_frame, condition.frame) or self._page.main_frame, deadline
            )

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
