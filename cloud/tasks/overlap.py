"""Two runs of one tool for one person do not overlap where a schedule says that they may not, whoever begins the other.

In this process alone: only one runs the tasks of a folder. After a crash whoever is taken up first goes first.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from msgspec import Struct

from cloud.tasks.records import Task


class _Run(Struct, frozen=True, eq=False):
    task: str
    exclusive: bool


class Runs:
    """The runs that go on, by person and tool."""

    def __init__(self) -> None:
        self._going: dict[tuple[str, str], list[_Run]] = {}
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def alone(self, task: Task, tool: str, waits: Callable[[], Awaitable[None]]) -> AsyncIterator[bool]:
        """Goes on when no other run is in the way: at once, or after it (`waits` is called then). False: it is to be
        left out, because another one goes on."""
        rule = task.command.schedule.overlap if task.command.schedule is not None else "together"
        run, place = _Run(task.id, rule != "together"), (task.person, tool)
        if self._in_the_way(run, place):
            if rule == "skip":
                yield False
                return
            await waits()
            async with self._changed:
                await self._changed.wait_for(lambda: not self._in_the_way(run, place))
        self._going.setdefault(place, []).append(run)
        try:
            yield True
        finally:
            self._going[place].remove(run)
            if not self._going[place]:
                del self._going[place]
            async with self._changed:
                self._changed.notify_all()

    def _in_the_way(self, run: _Run, place: tuple[str, str]) -> bool:
        others = [one for one in self._going.get(place, ()) if one.task != run.task]
        return bool(others) and (run.exclusive or any(one.exclusive for one in others))
