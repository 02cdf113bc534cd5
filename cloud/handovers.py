"""Pages of running tasks that wait for their person: each is seen and driven in one window until it goes on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from browser.context import TaskContext
from browser.live.dialogs import LiveDialogs
from browser.live.inputs import Input
from browser.live.view import LiveView
from cloud.errors import NothingHandedOver
from cloud.lessons import Window
from cloud.tasks.running import TaskRun
from teach_mode.lesson.commands import Command, Point


class Handover(Struct, kw_only=True):
    """One page that waits, and who looks at it."""

    person: str
    view: LiveView
    window: Window | None = None

    def take(self, given: Input | Command | Point) -> None:
        """Take what the viewer sent; there is nothing to teach here."""
        if not isinstance(given, Command | Point):
            self.view.take(given)

    def take_bytes(self, data: bytes) -> None:
        """Take the next piece of files that were announced."""
        self.view.take_bytes(data)


class Handovers:
    """What waits, by task."""

    def __init__(self) -> None:
        self._waiting: dict[str, Handover] = {}

    @asynccontextmanager
    async def showing(self, run: TaskRun, context: TaskContext) -> AsyncIterator[None]:
        """While the block runs, the person may see and drive the task's pages, within the skill's hosts."""
        folder = run.folder / "handover"
        sizes = [(page, page.playwright.viewport_size) for page in context.pages]
        view = LiveView(context, LiveDialogs(), folder=folder, roam=False)
        handover = self._waiting[run.task] = Handover(person=run.person, view=view)
        try:
            yield
        finally:
            del self._waiting[run.task]
            if handover.window is not None:
                handover.window.end("handed_back", "the task goes on")
            await view.close()
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            for page, size in sizes:
                if size is not None and not page.closed:
                    await page.playwright.set_viewport_size(size)

    async def join(self, person: str, task: str, window: Window) -> Handover:
        """The task's page, in this window from now on. Raises NothingHandedOver."""
        handover = self._waiting.get(task)
        if handover is None or handover.person != person:
            raise NothingHandedOver("this task does not wait for you; reload the page to see how it goes on")
        if handover.window is not None:
            handover.window.end("taken_over", "the page was opened in another window, so this one let go")
        handover.window = window
        await handover.view.attach(window)
        return handover

    async def leave(self, task: str, window: Window) -> None:
        """The window is gone."""
        handover = self._waiting.get(task)
        if handover is not None and handover.window is window:
            handover.window = None
            await handover.view.detach(window)

    def farewell(self) -> None:
        """Sends every window away: the cloud stops."""
        for handover in self._waiting.values():
            if handover.window is not None:
                handover.window.end("going_away", "the cloud is stopping")
