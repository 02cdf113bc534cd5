"""The recorder of a lesson, one a demonstration, with the thumbnails that it takes and the hosts that were met."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

from msgspec.structs import replace

from browser.context import TaskContext
from browser.faults import translated
from browser.locators import Locator, LocatorKind
from browser.page import Page
from teach_mode.demonstration import ShownStep
from teach_mode.lesson.commands import Want
from teach_mode.lesson.state import Seen
from teach_mode.lesson.told import Aimed, StepTold, Thumbnail
from teach_mode.lesson.wording import kind_of
from teach_mode.recorder import Recorder

MOST_PICTURES = 600
_OWN_TEXT = frozenset({LocatorKind.TEXT, LocatorKind.ROLE, LocatorKind.XPATH, LocatorKind.LABEL})


class Camera:
    """Records while it rolls. `tell` gets each thumbnail, `seen` each step."""

    def __init__(
        self,
        task: TaskContext,
        *,
        tell: Callable[[Thumbnail], None],
        seen: Callable[[Seen], None],
        now: Callable[[], datetime],
    ) -> None:
        self._task = task
        self._tell = tell
        self._seen = seen
        self._now = now
        self._take = 0
        self._picked = 0
        self._recorder: Recorder | None = None
        self._pictures: dict[str, bytes] = {}
        self._turn = asyncio.Lock()

    async def roll(self, take: int, page: Page | None) -> None:
        """Records the demonstration of this number, from now on. Raises BrowserError."""
        async with self._turn:
            if self._recorder is not None and self._take == take:
                await self._recorder.resume()
                return
            await self._stop()
            self._take = take
            self._recorder = Recorder(
                self._task,
                on_step=lambda step: self._on_step(take, step),
                pictures=lambda name, jpeg: self._keep(_named(take, name), jpeg),
                now=self._now,
            )
            with translated("record"):
                await self._recorder.start(page or await self._task.new_page())

    async def rest(self) -> None:
        """Records nothing until it rolls again."""
        async with self._turn:
            if self._recorder is not None:
                await self._recorder.pause()

    async def around(self, page: Page, x: float, y: float) -> tuple[Aimed, ...]:
        """What could be picked at a point of the page's viewport."""
        found = await self._recorder.around(page, x, y) if self._recorder is not None else ()
        return tuple(Aimed(wider=one.wider, box=one.box, words=kind_of(one)) for one in found)

    async def point(self, page: Page, want: Want, x: float, y: float, wider: int) -> ShownStep | None:
        """A step on the element at a point of the page's viewport, or `wider` levels above; None: there is none."""
        if self._recorder is None:
            return None
        self._picked += 1
        made = await self._recorder.pointed(page, x, y, step=f"pick-{self._picked}", action=want, wider=wider)
        if made is None:
            return None
        step, jpeg = made
        if step.shown is not None and jpeg is not None:
            name = f"{self._take}-{step.id}.jpg"
            self._keep(name, jpeg)
            step = replace(step, shown=replace(step.shown, picture=name))
        if want == "read":
            step = _to_be_read(step, "answer" if self._picked == 1 else f"answer_{self._picked}")
        return step

    @contextlib.asynccontextmanager
    async def vouching(self, page: Page) -> AsyncIterator[None]:
        """Inside, what the studio sets on the page in the person's place is recorded."""
        if self._recorder is None:
            yield
            return
        async with self._recorder.vouching(page):
            yield

    def pictures_of(self, steps: Iterable[StepTold]) -> dict[str, bytes]:
        """The thumbnails of steps that are part of the skill, by the names under which a shelf keeps them."""
        kept = [one for one in steps if one.step and one.picture in self._pictures]
        return {f"{one.step}.jpg": self._pictures[one.picture] for one in kept}

    def tell_all(self) -> None:
        """Every thumbnail, for a viewer that is new."""
        for name, jpeg in self._pictures.items():
            self._tell(Thumbnail(name=name, jpeg=jpeg))

    async def close(self) -> None:
        """The end of recording."""
        async with self._turn:
            await self._stop()

    async def _stop(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            await recorder.stop()

    def _on_step(self, take: int, step: ShownStep) -> None:
        recorder = self._recorder
        if take != self._take or recorder is None:
            return
        if step.shown is not None and step.shown.picture:
            step = replace(step, shown=replace(step.shown, picture=_named(take, step.shown.picture)))
        if step.view:
            step = replace(step, view=_named(take, step.view))
        whole = recorder.demonstration()
        self._seen(Seen(shown=step, base=base_of(step), navigated=whole.navigated, loaded=whole.loaded))

    def _keep(self, name: str, jpeg: bytes) -> None:
        if len(self._pictures) >= MOST_PICTURES:
            del self._pictures[next(iter(self._pictures))]
        self._pictures[name] = jpeg
        self._tell(Thumbnail(name=name, jpeg=jpeg))


def base_of(step: ShownStep) -> str:
    """Where a step's site begins, with its port: "http://shop.example:8123"."""
    url = step.value if step.action == "goto" else step.url
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _named(take: int, picture: str) -> str:
    return f"{take}-{picture}"


def _to_be_read(step: ShownStep, name: str) -> ShownStep:
    """A step that reads what stands in a place, whatever it says: it is not found by its own words."""
    shown = step.shown
    if shown is None:
        return step
    seen = shown.target.fingerprint
    own = [text for text in (seen.name, seen.text) if text]
    ways = tuple(one for one in shown.target.locators if not _says(one, own))
    target = replace(shown.target, locators=ways or shown.target.locators)
    return replace(step, value=name, shown=replace(shown, target=target, options=()))


def _says(one: Locator, own: list[str]) -> bool:
    return one.kind in _OWN_TEXT and any(text in (one.name or one.value) or one.value in text for text in own)
