"""The open lessons, one a person. A lesson outlives the window that it is seen in by some minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import structlog

from browser.live.viewer import Viewer
from browser.pool import Pool
from cloud.clock import Ids
from teach_mode.studio import House, Lesson

log = structlog.get_logger(__name__)

# How long a lesson waits for its person to come back.
LINGER_S = 300.0


class Window(Viewer, Protocol):
    """A viewer that can be sent away."""

    def end(self, code: str, why: str) -> None:
        """Says goodbye with a reason."""
        ...


class Lessons:
    """Opens, hands over and closes lessons. The runner's: their browsers are of its pool. `wait` lets seconds pass."""

    def __init__(
        self,
        pool: Pool,
        house: Callable[[str], House],
        *,
        folder: Path,
        fresh_id: Ids,
        linger_s: float = LINGER_S,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pool = pool
        self._house = house
        self._folder = folder
        self._fresh_id = fresh_id
        self._linger_s = linger_s
        self._wait = wait
        self._lessons: dict[str, Lesson] = {}
        self._windows: dict[str, Window] = {}
        self._leaving: dict[str, asyncio.Task[None]] = {}
        self._opening = asyncio.Lock()

    @property
    def open(self) -> tuple[Lesson, ...]:
        """The open lessons."""
        return tuple(self._lessons.values())

    async def join(self, person: str, window: Window) -> Lesson:
        """The person's lesson, seen and driven in this window from now on; the window before is told and let go.

        Raises LaunchError.
        """
        older = self._windows.pop(person, None)
        self._windows[person] = window
        if older is not None:
            older.end("taken_over", "the studio was opened in another window, so this one let go")
        if (leaving := self._leaving.pop(person, None)) is not None:
            leaving.cancel()
        async with self._opening:
            lesson = self._lessons.get(person)
            if lesson is None:
                lesson = await Lesson.open(self._pool, self._folder / self._fresh_id(), self._house(person))
                self._lessons[person] = lesson
                log.info("lesson_opened", person=person)
        await lesson.attach(window)
        return lesson

    async def leave(self, person: str, window: Window) -> None:
        """The window is gone. If it was the last one, the lesson waits for its person for a while."""
        lesson = self._lessons.get(person)
        if lesson is not None:
            await lesson.detach(window)
        if self._windows.get(person) is window:
            del self._windows[person]
            self._leaving[person] = asyncio.create_task(self._linger(person), name="lesson lingers")

    async def end(self, person: str) -> None:
        """Closes the person's lesson, browser and all; harmless when there is none."""
        lesson = self._lessons.pop(person, None)
        if lesson is not None:
            await lesson.close()
            log.info("lesson_closed", person=person)

    async def _linger(self, person: str) -> None:
        await self._wait(self._linger_s)
        del self._leaving[person]
        await self.end(person)

    def farewell(self) -> None:
        """Sends every window away: the cloud stops."""
        for window in list(self._windows.values()):
            window.end("going_away", "the cloud is stopping")

    async def close(self) -> None:
        """Ends every lesson."""
        for leaving in list(self._leaving.values()):
            leaving.cancel()
        await asyncio.gather(*self._leaving.values(), return_exceptions=True)
        self._leaving.clear()
        for person in list(self._lessons):
            await self.end(person)
