"""What a tab under teaching looked like when it last stood still, without what is secret."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from typing import Any

import msgspec
from playwright.async_api import CDPSession, Frame
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser.worlds import World
from teach_mode.pictures import Box, blank, blanked, crop, small

QUALITY = 70
MOST_BOXES = 200
# A page that stands still because it asks something gives no frame.
FRAME_S = 2.0

_boxes = msgspec.json.Decoder(tuple[Box, ...])


class Stills:
    """The last picture of one tab, and where its frames were in it."""

    def __init__(self, page: PlaywrightPage, world: World) -> None:
        self._page = page
        self._world = world
        self._session: CDPSession | None = None
        self._last: bytes | None = None
        self._corners: dict[Frame, tuple[float, float]] = {}
        self._frames: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._taking = asyncio.Lock()
        self._wanted = 0
        self._taken = 0
        self.documents = 0  # counts the tab's documents: a picture of the next one is no picture of this one

    def use(self, session: CDPSession) -> None:
        """The session to take pictures through."""
        self._session = session
        session.on("Page.screencastFrame", self._on_frame)

    def forget(self) -> None:
        """Another document is shown."""
        self.documents += 1
        self._last = None
        self._corners = {}

    async def look(self) -> None:
        """Return when a picture was taken that was begun after this call."""
        self._wanted += 1
        mine = self._wanted
        async with self._taking:
            if self._taken < mine:
                due = self._wanted
                await self._take()
                self._taken = due

    async def of(self, frame: Frame, box: Box, *, fresh: bool, secret: bool) -> bytes | None:
        """The crop of an element: out of the last picture, or if the page moved since then out of one taken now. Of a
        secret field nothing is taken."""
        if secret:
            return blank(box[2], box[3])
        if not fresh or self._last is None:
            before = self.documents
            await self.look()
            if self.documents != before:
                return None
        corner = self._corners.get(frame)
        if self._last is None or corner is None:
            return None
        x, y, width, height = box
        return await asyncio.to_thread(crop, self._last, (x + corner[0], y + corner[1], width, height))

    async def whole(self) -> bytes | None:
        """The last picture, as small as a crop; None when there is none."""
        return await asyncio.to_thread(small, self._last) if self._last is not None else None

    async def _take(self) -> None:
        if self._session is None:
            return
        try:
            corners = await self._find_corners()
            secret = await self._secret_boxes(corners)
            taken = await self._frame(self._session)
            secret += await self._secret_boxes(corners)
        except (PlaywrightError, TimeoutError, msgspec.MsgspecError):
            return  # The document is going, or somebody tampers with it: no picture is better than a wrong one.
        self._last = await asyncio.to_thread(blanked, taken, secret)
        self._corners = corners

    async def _frame(self, session: CDPSession) -> bytes:
        """One frame of a screencast. A screenshot would make Chromium hang if a dialog opens meanwhile."""
        self._frames = asyncio.get_running_loop().create_future()
        await session.send("Page.startScreencast", {"format": "jpeg", "quality": QUALITY})
        try:
            async with asyncio.timeout(FRAME_S):
                return base64.b64decode(await self._frames)
        finally:
            await session.send("Page.stopScreencast")

    def _on_frame(self, event: dict[str, Any]) -> None:
        if not self._frames.done():
            self._frames.set_result(event["data"])

    async def _find_corners(self) -> dict[Frame, tuple[float, float]]:
        corners = {self._page.main_frame: (0.0, 0.0)}
        for frame in self._page.frames:
            if frame.parent_frame is not None:
                with contextlib.suppress(PlaywrightError):  # It was taken away.
                    box = await (await frame.frame_element()).bounding_box()
                    if box is not None:
                        corners[frame] = (box["x"], box["y"])
        return corners

    async def _secret_boxes(self, corners: dict[Frame, tuple[float, float]]) -> list[Box]:
        found: list[Box] = []
        for frame, told in await self._world.ask(self._page, "leveret.boxes()"):
            boxes = _boxes.decode(told)[:MOST_BOXES]
            if boxes and frame not in corners:
                raise PlaywrightError("a secret field stands where nobody knows")
            found += [(x + corners[frame][0], y + corners[frame][1], width, height) for x, y, width, height in boxes]
        return found
