"""Schedules of a store and what they begin, on a clock that is set, without a runner."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cloud.clock import fresh_id
from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.lam.toolbox import Toolbox
from cloud.schedules.deciding import LATE_S, Schedule
from cloud.schedules.firing import Firings
from cloud.schedules.records import Records
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.records import Tasks
from language.recurrences.reading import parse_recurrence

BERLIN = ZoneInfo("Europe/Berlin")


class SetClock:
    """Stands in for time: it is as late as the test says."""

    def __init__(self, *parts: int) -> None:
        self.now = 0.0
        self.set(*parts)

    def __call__(self) -> float:
        return self.now

    def set(self, *parts: int, fold: int = 0) -> None:
        """By the clock on the wall: year, month, day, hour, minute."""
        self.now = datetime(*parts, tzinfo=BERLIN, fold=fold).timestamp()  # type: ignore[arg-type,misc]


class Diary:
    """Schedules of a store and what they begin, where a task is a row that ends as the test says: no runner."""

    def __init__(self, folder: Path, clock: SetClock) -> None:
        self.folder = folder
        self.clock = clock
        self.begun: list[str] = []
        self.lasting: set[str] = set()  # texts of tasks that go on until `finish`
        self.room = True

    @asynccontextmanager
    async def open(self, zone: ZoneInfo = BERLIN) -> AsyncIterator[Diary]:
        store = await Store.open(file_url(self.folder / "store.db"))
        async with store.write() as connection:
            await insert_new(connection, persons, {"id": "ada", "name": "Ada", "zone": "UTC", "created_at": 0.0})
        self.log = EventLog(store, self.clock)
        self.tasks = Tasks(self.log)
        self.records = Records(self.log)
        self.firings = Firings(
            self.records,
            self.log,
            self.clock,
            zone=zone,
            toolbox=Toolbox(),
            submit=self.submit,
            has_room=lambda: self.room,
        )
        try:
            yield self
        finally:
            await store.close()

    async def submit(self, said: HandleUtterance) -> str:
        task, new = await self.tasks.open(said, fresh_id())
        if new:
            self.begun.append(said.text)
            if said.text not in self.lasting:
                await self.tasks.finish(task.id, "done", "Done.", None)
        return task.id

    async def finish(self) -> None:
        """Ends what goes on."""
        for task in await self.tasks.open_ones("ada"):
            await self.tasks.finish(task.id, "done", "Done.", None)

    async def keep(self, when: str, text: str = "tea", **more: Any) -> Schedule:
        """Keeps a schedule from now on."""
        rule = parse_recurrence(when, datetime.fromtimestamp(self.clock.now, BERLIN))
        assert rule is not None
        values = {"effect": "reversible", "late_s": LATE_S["reversible"], **more}
        return await self.records.add(
            Schedule(
                id=fresh_id(),
                person="ada",
                name=text,
                text=text,
                rule=rule,
                created_at=self.clock.now,
                settled_at=self.clock.now,
                **values,
            )
        )

    async def fire(self) -> list[str]:
        """Lets the loop look once; what it began."""
        before = len(self.begun)
        await self.firings.fire_due()
        return self.begun[before:]

    async def over(self, hours: int) -> list[str]:
        """What was begun in the coming hours, looked at each hour: the times on the wall."""
        walls = []
        for _ in range(hours):
            self.clock.now += 3600
            wall = datetime.fromtimestamp(self.clock.now, BERLIN).strftime("%a %H:%M %Z")
            walls += [wall for _ in await self.fire()]
        return walls

    async def told(self) -> list[str]:
        """What was said to no task."""
        return [event.data["text"] for event in await self.log.read("ada", task="") if event.kind == "said"]

    async def statuses(self, schedule: Schedule) -> list[str]:
        """What became of its instants, the newest first."""
        return [one.firing.status for one in await self.records.history("ada", schedule.id)]
