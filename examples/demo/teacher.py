"""A scripted person in the studio: points at the canvas and types, and sees what the remote page shows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from playwright.async_api import FilePayload, FloatRect, Locator, Page, expect

PATIENCE_MS = 30_000
LOOK_S = 0.1
NEAR_PX = 8.0
DRAG_STEPS = 6


class Teacher:
    """`page` is the portal's page in the person's browser, `remote` tells the lesson's page that is shown."""

    def __init__(self, page: Page, remote: Callable[[], Page | None]) -> None:
        self.page = page
        self._remote = remote

    @property
    def remote(self) -> Page:
        """The page that is taught on."""
        page = self._remote()
        assert page is not None, "the lesson shows no page"
        return page

    async def enter(self, cloud: str, token: str) -> None:
        """Opens the studio and signs in, unless that is done."""
        await self.page.goto(f"{cloud}/studio")
        await self.page.locator("#token:visible, #tabs .tab").first.wait_for()
        if await self.page.locator("#token").is_visible():
            await self.page.locator("#token").fill(token)
            await self.page.keyboard.press("Enter")
        # There is nothing to see on an empty tab, and so no picture of it.
        await expect(self.page.locator("#tabs .tab")).not_to_have_count(0, timeout=PATIENCE_MS)

    async def ready(self) -> None:
        """Waits until the remote page is seen, as large as the canvas."""
        await expect(self.page.locator("#room.filmed.fitted")).to_be_visible(timeout=PATIENCE_MS)

    async def begin(self, sentence: str) -> None:
        """Says what the task does, and shows it from now on."""
        start = self.page.locator('form:has([data-key="begin"])')
        if not await start.is_visible():
            await self.page.get_by_text("Show it again, or start over").click()
        await start.locator("input").fill(sentence)
        await start.locator("input").press("Enter")
        await expect(self.page.locator(".light.on")).to_be_visible(timeout=PATIENCE_MS)

    async def go(self, address: str, *, lands: str = "") -> None:
        """Types an address and goes there; `lands`: the path of the same site that this leads to instead."""
        await self.page.locator("#address").fill(address)
        await self.page.locator("#address").press("Enter")
        await self.remote.wait_for_url(re.compile(rf"^{re.escape(address.rstrip('/') + lands)}/?(\?.*)?$"))
        await self.remote.wait_for_load_state()
        await self.ready()

    async def place(self, at: Locator) -> tuple[float, float]:
        """Where an element of the remote page is in the person's window; scrolled to with the wheel, if need be."""
        await at.wait_for(timeout=PATIENCE_MS)
        canvas = await self.page.locator("#screen").bounding_box()
        size = self.remote.viewport_size
        assert canvas is not None
        assert size is not None
        scale = canvas["width"] / size["width"]
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while True:
                box = await self._still(at)
                middle = box["y"] + box["height"] / 2
                if 0 <= middle < size["height"]:
                    return canvas["x"] + (box["x"] + box["width"] / 2) * scale, canvas["y"] + middle * scale
                await self.page.mouse.move(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2)
                await self.page.mouse.wheel(0, middle - size["height"] / 2)

    async def _still(self, at: Locator) -> FloatRect:
        """Where an element of the remote page is, once it stands still."""
        before = None
        while True:
            box = await at.bounding_box()
            if box is not None and box == before:
                return box
            before = box
            await asyncio.sleep(LOOK_S)

    async def click(self, at: Locator, *, says: str = "") -> None:
        """Clicks on an element of the remote page; `says`: waits for the step that says so."""
        await self.page.mouse.click(*await self.place(at))
        await self._noted(says)

    async def type(self, at: Locator, text: str, *, says: str = "", anew: bool = False) -> None:
        """Clicks into a field and types, `anew`: in place of what stands there; waits for the step that says the text,
        or says `says`."""
        await self.click(at)
        if anew:
            await self.page.keyboard.press("Control+a")
        await self.page.keyboard.type(text)
        await self._noted(says or text)

    async def choose(self, at: Locator, option: str) -> None:
        """Opens a list of the remote page and chooses in the one that the portal draws."""
        await self.click(at)
        await self.page.locator(".native select").select_option(option)
        await self.page.keyboard.press("Enter")
        await self._noted(option)

    async def hover(self, at: Locator) -> None:
        """Rests with the mouse on something, so that what shows under it shows."""
        await self.page.mouse.move(*await self.place(at))

    async def drag(self, at: Locator, to: Locator, *, says: str = "") -> None:
        """Takes something and lets it fall on something else; both must be in view at once."""
        end = await self.place(to)
        start = await self.place(at)
        await self.page.mouse.move(*start)
        await self.page.mouse.down()
        await self.page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=DRAG_STEPS)
        await self.page.mouse.move(*end, steps=DRAG_STEPS)
        await self.page.mouse.up()
        await self._noted(says)

    async def press(self, key: str, *, says: str = "") -> None:
        """Presses a key where the remote page has its focus."""
        await self.page.keyboard.press(key)
        await self._noted(says)

    async def give(self, at: Locator, file: FilePayload) -> None:
        """Clicks on a file field and gives a file of the person's own."""
        await self.click(at)
        await self.page.get_by_label("files for the page").set_input_files(file)
        await self._noted(file["name"])

    async def set_moment(self, at: Locator, value: str) -> None:
        """Opens a date or time field of the remote page and sets it in the one that the portal draws."""
        await self.click(at)
        await self.page.locator(".native input").fill(value)
        await self.page.get_by_role("button", name="Set").click()
        await self._noted(value)

    async def answer(self, asked: str) -> None:
        """Says yes to a dialog of the remote page that asks so."""
        dialog = self.page.locator("dialog.asked").filter(has_text=asked)
        await dialog.get_by_role("button", name="OK").click()
        await expect(dialog).to_have_count(0, timeout=PATIENCE_MS)

    async def keep(self, says: str, name: str, secret: str = "") -> None:
        """Says which entry of the vault the step that says so types; `secret`: a new entry."""
        row = self.page.locator(".step-row").filter(has=self.page.locator(".words").filter(has_text=says)).last
        await row.locator("summary").filter(has_text="Change").click()
        await row.get_by_label("name in the vault").fill(name)
        await row.get_by_label("the secret").fill(secret)
        await row.get_by_role("button", name="Keep").click()
        await expect(row.get_by_text(f"It is “{name}” of the vault.")).to_be_attached(timeout=PATIENCE_MS)

    async def pick(self, what: str, at: Locator) -> None:
        """Points at something: "Read this back", "Wait for this", "This must be true"."""
        before = await self.page.locator(".step-row").count()
        await self.page.get_by_role("button", name=what).click()
        await expect(self.page.locator("#room.picking")).to_be_visible()
        await self.page.mouse.move(*await self.place(at))
        await self._outlined(at)
        await self.page.mouse.click(*await self.place(at))
        await expect(self.page.locator(".step-row")).to_have_count(before + 1, timeout=PATIENCE_MS)

    async def _outlined(self, at: Locator) -> None:
        """Waits until what is outlined on the canvas is the element, or part of it. A hand never rests quite still."""
        outline, canvas = self.page.locator("#room .outline"), self.page.locator("#screen")
        aside = 0
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while True:
                drawn, whole, shown = await outline.bounding_box(), await at.bounding_box(), await canvas.bounding_box()
                await self.page.mouse.move(*await self.place(at))  # It may have moved, or been drawn anew.
                if drawn and whole and shown and self.remote.viewport_size:
                    scale = shown["width"] / self.remote.viewport_size["width"]
                    left, top = shown["x"] + whole["x"] * scale, shown["y"] + whole["y"] * scale
                    right, bottom = left + whole["width"] * scale, top + whole["height"] * scale
                    across = left - NEAR_PX <= drawn["x"] and drawn["x"] + drawn["width"] <= right + NEAR_PX
                    down = top - NEAR_PX <= drawn["y"] and drawn["y"] + drawn["height"] <= bottom + NEAR_PX
                    if across and down:
                        return
                await asyncio.sleep(LOOK_S)
                aside = 1 - aside
                x, y = await self.place(at)
                await self.page.mouse.move(x + aside, y)

    async def save(self) -> None:
        """Saves the skill."""
        await self.page.get_by_role("button", name="Save", exact=True).click()
        await expect(self.page.locator(".saved")).to_be_visible(timeout=PATIENCE_MS)

    @property
    def steps(self) -> Locator:
        """The words of the steps."""
        return self.page.locator(".step-row .words")

    async def _noted(self, says: str) -> None:
        if says:
            await expect(self.steps.filter(has_text=says).last).to_be_visible(timeout=PATIENCE_MS)
