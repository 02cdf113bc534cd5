"""A viewer's mouse and keyboard on one tab, in order, through Playwright's own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from playwright.async_api import CDPSession, Frame
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from browser.errors import BrowserError
from browser.faults import is_gone
from browser.live import pointing
from browser.live.inputs import Choose, Compose, Copy, Key, Pointer, Text, Wheel
from browser.live.pointing import Field, Pointed
from browser.live.shown import Closed, Control, Copied, Cursor, Refused

Handled = Pointer | Wheel | Key | Text | Compose | Copy | Choose
Told = Control | Closed | Copied | Cursor | Refused

MOST_WAITING = 256
FINISH_S = 1.0
SUGGESTIONS = "suggestions"
# How often the pointer's shape is asked for while it moves.
LOOK_GAP_S = 0.06
# Keys that are no key of their own: the text that they make comes by itself.
_SILENT = frozenset({"Dead", "Process", "Unidentified", "AltGraph", "Compose", "CapsLock", "NumLock", "Fn"})


class Hands:
    """Takes input without waiting, and does it in order. Moves and scrolls that pile up become one.

    A press on a field whose picker no picture shows does not reach the page: the viewer draws a control in its place.
    What a field only suggests is drawn beside it, and the field goes on taking presses and keys.
    """

    def __init__(
        self,
        page: PlaywrightPage,
        tell: Callable[[Told], None],
        vouching: Callable[[], AbstractAsyncContextManager[object]],
    ) -> None:
        self._page = page
        self._vouching = vouching
        self._session: CDPSession | None = None
        self._tell = tell
        self._waiting: deque[Handled] = deque()
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._held: set[str] = set()
        self._buttons: set[str] = set()
        self._swallowed = False
        self._looked_s = 0.0
        self._shape = ""
        self._control = 0
        self._field: tuple[Frame, Field] | None = None

    def take(self, given: Handled) -> None:
        """Take input. When too much waits moves and scrolls are dropped, and anything else is refused."""
        last = self._waiting[-1] if self._waiting else None
        if isinstance(given, Pointer) and isinstance(last, Pointer) and given.kind == last.kind == "move":
            self._waiting[-1] = given
        elif isinstance(given, Wheel) and isinstance(last, Wheel):
            self._waiting[-1] = Wheel(x=given.x, y=given.y, dx=last.dx + given.dx, dy=last.dy + given.dy)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append(given)
        elif not isinstance(given, Wheel) and not (isinstance(given, Pointer) and given.kind == "move"):
            self._tell(Refused(code="busy", why="the page does not keep up; wait until it answers"))
        self._news.set()

    async def run(self) -> None:
        """Does what was taken, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            self._idle.clear()
            while self._waiting:
                await self._one(self._waiting.popleft())
            self._idle.set()

    async def finish(self) -> None:
        """Waits a moment for what was taken to be done; what the page does not take by then is dropped."""
        try:
            async with asyncio.timeout(FINISH_S):
                while self._waiting:
                    self._idle.clear()
                    await self._idle.wait()
                await self._idle.wait()
        except TimeoutError:
            self._waiting.clear()

    async def let_go(self) -> None:
        """Releases what is still pressed."""
        for key in list(self._held):
            await self._quietly(self._page.keyboard.up(key))
        for button in list(self._buttons):
            await self._quietly(self._page.mouse.up(button=button))  # type: ignore[arg-type]
        self._held.clear()
        self._buttons.clear()

    async def _quietly(self, act: object) -> None:
        try:
            await act  # type: ignore[misc]
        except PlaywrightError:
            return  # The tab is gone, and what was pressed with it.

    async def _one(self, given: Handled) -> None:
        try:
            match given:
                case Pointer():
                    await self._point(given)
                case Wheel():
                    await self._page.mouse.move(given.x, given.y)
                    await self._page.mouse.wheel(given.dx, given.dy)
                case Key():
                    await self._key(given)
                case Text():
                    await self._page.keyboard.insert_text(given.text)
                    await self._suggest()
                case Compose():
                    await self._compose(given.text)
                case Copy():
                    self._tell(Copied(text=await pointing.selected(self._page)))
                case Choose():
                    await self._choose(given)
        except BrowserError as error:
            self._tell(Refused(code=error.code, why=str(error)))
        except PlaywrightError as error:
            if not is_gone(error):
                self._tell(Refused(code="input", why=error.message.splitlines()[0]))

    async def _point(self, given: Pointer) -> None:
        mouse = self._page.mouse
        if given.kind == "up":
            if self._swallowed and given.button == "left":
                self._swallowed = False
                return
            self._buttons.discard(given.button)
            await mouse.move(given.x, given.y)
            await mouse.up(button=given.button, click_count=given.clicks)
            return
        await mouse.move(given.x, given.y)
        if given.kind == "move":
            await self._look(given)
            return
        self._put_away()
        pointed = await pointing.at(self._page, given.x, given.y) if given.button == "left" else None
        self._show(pointed)
        field = pointed.field if pointed is not None else None
        if pointed is not None and field is not None and field.kind != SUGGESTIONS:
            self._swallowed = True
            await pointing.focus(pointed.frame, field)
            self._offer(pointed, field)
            return
        self._buttons.add(given.button)
        await mouse.down(button=given.button, click_count=given.clicks)
        if pointed is not None and field is not None:
            self._offer(pointed, field)

    async def _look(self, given: Pointer) -> None:
        now_s = asyncio.get_running_loop().time()
        if self._buttons or self._waiting or now_s - self._looked_s < LOOK_GAP_S:
            return
        self._looked_s = now_s
        self._show(await pointing.at(self._page, given.x, given.y))

    def _show(self, pointed: Pointed | None) -> None:
        if pointed is not None and pointed.cursor != self._shape:
            self._shape = pointed.cursor
            self._tell(Cursor(shape=pointed.cursor))

    async def _key(self, given: Key) -> None:
        if given.key in _SILENT:
            return
        if given.kind == "up":
            if given.key in self._held:
                self._held.discard(given.key)
                await self._page.keyboard.up(given.key)
            return
        if given.key in (" ", "F4") or (given.key == "ArrowDown" and "Alt" in self._held):
            pointed = await pointing.focused(self._page)
            field = pointed.field if pointed is not None else None
            if pointed is not None and field is not None and (field.kind != SUGGESTIONS or given.key != " "):
                self._offer(pointed, field, keys=True)
                return
        await self._press(given)
        await self._suggest()

    async def _suggest(self) -> None:
        """What a field suggests goes along with what is typed into it."""
        shown = self._field
        if shown is None or shown[1].kind != SUGGESTIONS:
            return
        pointed = await pointing.focused(self._page)
        field = pointed.field if pointed is not None else None
        if pointed is None or field is None or (pointed.frame, field.ref) != (shown[0], shown[1].ref):
            self._put_away()
        elif field.options != shown[1].options:
            self._offer(pointed, field)

    async def _press(self, given: Key) -> None:
        try:
            await self._page.keyboard.down(given.key)
            self._held.add(given.key)
        except PlaywrightError as error:
            if "Unknown key" not in error.message:
                raise
            if len(given.key) <= 2:  # A letter that no US keyboard has.
                await self._page.keyboard.insert_text(given.key)

    async def _compose(self, text: str) -> None:
        if self._session is None:
            self._session = await self._page.context.new_cdp_session(self._page)
        end = len(text.encode("utf-16-le")) // 2
        composed = {"text": text, "selectionStart": end, "selectionEnd": end}
        await self._session.send("Input.imeSetComposition", composed)

    def _offer(self, pointed: Pointed, field: Field, *, keys: bool = False) -> None:
        self._put_away()
        self._control += 1
        self._field = (pointed.frame, field)
        x, y, width, height = field.box
        self._tell(
            Control(
                control=self._control,
                kind=field.kind,
                box=(x + pointed.corner[0], y + pointed.corner[1], width, height),
                label=field.label,
                values=field.values,
                options=field.options,
                min=field.min,
                max=field.max,
                step=field.step,
                keys=keys,
            )
        )

    def _put_away(self) -> None:
        if self._field is not None:
            self._field = None
            self._tell(Closed(what="control", number=self._control))

    async def _choose(self, given: Choose) -> None:
        held = self._field
        if held is None or given.control != self._control:
            return  # It was put away meanwhile: the viewer was told.
        self._put_away()
        if given.values is not None:
            async with self._vouching():
                await pointing.choose(*held, given.values)
