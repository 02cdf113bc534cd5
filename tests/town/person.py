"""Somebody who walks through the town by what things mean."""

from __future__ import annotations

from playwright.async_api import Frame, Locator, Page

WAIT_MS = 30_000
IN_ANY_FRAME = """selector => (function within(page) {
    return page.document?.querySelector(selector) || [...Array(page.frames.length)].some((_, at) => within(page[at]));
})(window)"""


class Person:
    """Somebody before a page of a town with marks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.at: Page | Frame = page
        page.set_default_timeout(WAIT_MS)

    async def goes(self, address: str) -> None:
        """Opens an address."""
        await self.page.goto(address, wait_until="domcontentloaded")

    def sees(self, truth: str) -> Locator:
        """The element that means this."""
        return self.at.locator(f'[data-truth="{truth}"]').first

    async def within(self, frame: str) -> None:
        """Looks into the frame, if this release has what is meant in one."""
        if await self.page.locator(frame).count():
            inner = await self.page.locator(frame).first.element_handle()
            self.at = await inner.content_frame() or self.page

    async def looks_for(self, truth: str) -> None:
        """Looks into the frame, however deep, in which something means this; waits until there is one."""
        await self.page.wait_for_function(IN_ANY_FRAME, arg=f'[data-truth="{truth}"]')
        for frame in self.page.frames:
            self.at = frame
            if await self.sees(truth).count():
                return

    async def clicks(self, *truths: str) -> None:
        """Clicks them one after the other."""
        for truth in truths:
            await self.sees(truth).click()

    async def maybe(self, *truths: str) -> None:
        """Clicks those that this release shows: a wizard's next step, a menu that must be opened first."""
        for truth in truths:
            if await self.sees(truth).is_visible():
                await self.sees(truth).click()

    async def types(self, truth: str, text: str) -> None:
        """Fills the field."""
        await self.sees(truth).fill(text)

    async def ticks(self, truth: str) -> None:
        """Checks a box or radio button, or clicks what has taken its place."""
        await self.sees(truth).check(force=True)

    async def chooses(self, truth: str, value: str) -> None:
        """Chooses in a list, or types where there is a field instead."""
        if await self.sees(truth).evaluate("made => made.tagName") == "SELECT":
            await self.sees(truth).select_option(value)
        else:
            await self.sees(truth).fill(value)

    async def reads(self, truth: str) -> str:
        """What stands there."""
        return (await self.sees(truth).inner_text()).strip()
