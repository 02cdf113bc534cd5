"""One tab as it is seen: elements are found and verified, texts are read, conditions are waited for."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from playwright.async_api import Frame
from playwright.async_api import Page as PlaywrightPage

from browser import eyes, frames, judging
from browser.bounds import Bounds
from browser.conditions import Condition, ReadBack, Sighting
from browser.deadline import Deadline
from browser.errors import ActionTimeout, ConditionTimeout, ElementChanged, ElementMissing
from browser.fingerprint import Fingerprint
from browser.locators import Locator
from browser.moves import Moves
from browser.snapshot import Snapshot, take


class Looking:
    """What of a `Page` changes nothing."""

    def __init__(self, page: PlaywrightPage, bounds: Bounds) -> None:
        self._page = page
        self._bounds = bounds
        self._moves = Moves(page)

    @property
    def url(self) -> str:
        """The address shown."""
        return self._page.url

    @property
    def closed(self) -> bool:
        """Whether the tab is gone."""
        return self._page.is_closed()

    async def status(self, *, deadline: Deadline) -> int:
        """The HTTP status that the document shown came with; 0 when it is not known. Raises PageGone."""
        try:
            return (await eyes.ask(self._page.main_frame, eyes.reading([]), deadline)).status
        except (ElementMissing, ActionTimeout):
            return 0

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
        best, loading, loaded = None, False, False
        while True:
            await self._bounds.stay()
            moves = self._moves.count
            at = frames.resolve(self._page.main_frame, where)
            if at is not None:
                with contextlib.suppress(ActionTimeout):  # The deadline fell into the look: the last one counts.
                    best, loading = await self._glimpse(at, locators, fingerprint, read, deadline, any_words)
                if best and (not at_least or (best.unique and best.similarity >= at_least)):
                    return best
            if deadline.passed:
                raise judging.not_found(best, locators, at_least)
            loaded = loading and not loaded  # A page may say for ever that it is still loading.
            if loaded:
                await self._moves.past(moves, deadline.sooner_of(eyes.LOOK_AGAIN_MS))
            else:
                await eyes.changed(at or self._page.main_frame, deadline)

    async def glance(
        self,
        locators: Sequence[Locator],
        fingerprint: Fingerprint,
        *,
        any_words: bool = False,
        deadline: Deadline,
    ) -> Sighting | None:
        """The same without waiting: what is there now, if anything is. Raises ActionTimeout, PageGone."""
        await self._bounds.stay()
        at = frames.resolve(self._page.main_frame, fingerprint.frame)
        if at is None:
            return None
        return (await self._glimpse(at, locators, fingerprint, (), deadline, any_words))[0]

    async def _glimpse(
        self,
        at: Frame,
        locators: Sequence[Locator],
        fingerprint: Fingerprint | None,
        read: Sequence[ReadBack],
        deadline: Deadline,
        any_words: bool,
    ) -> tuple[Sighting | None, bool]:
        """What is there, and whether more of the document is still to come."""
        try:
            reply = await self._ask(at, eyes.finding(locators, fingerprint, self._here(at, read)), read, deadline)
        except ElementMissing:
            return None, True
        return judging.best(reply, at, fingerprint, any_words=any_words), reply.loading

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

    async def said_now(self, backs: Sequence[ReadBack], *, deadline: Deadline) -> tuple[str | None, ...]:
        """What read-backs of one frame say, in one look and without waiting; None for one that is not there, or not the
        only one."""
        await self._bounds.stay()
        at = frames.resolve(self._page.main_frame, backs[0].frame) if backs else None
        with contextlib.suppress(ElementMissing, ActionTimeout):
            if at is not None:
                return (await eyes.ask(at, eyes.reading(backs), deadline)).texts
        return (None,) * len(backs)

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
            moves = self._moves.count
            if await self.holds(condition, deadline=deadline):
                return
            if deadline.passed:
                raise ConditionTimeout(f"{condition.described()} did not come before the deadline")
            if condition.url and not condition.matches_url(self._page.url):
                await self._moves.past(moves, deadline)
                continue
            await eyes.changed(
                frames.resolve(self._page.main_frame, condition.frame) or self._page.main_frame, deadline
            )
