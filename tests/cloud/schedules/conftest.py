"""A runner and its schedules, on a clock that the test sets, in a zone where clocks change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cloud.clock import fresh_id
from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.lam.toolbox import Toolbox
from cloud.schedules.deciding import LATE_S, Schedule
from cloud.schedules.firing import Firings
from cloud.schedules.records import Records
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.records import Tasks
from cloud.tools.schedules import ScheduleTools, put_into
from language.recurrences.reading import parse_recurrence
from tests.cloud.runner.conftest import House, Person

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


class Planner:
    """Ada, her schedules, and her clock."""

    def __init__(self, ada: Person, records: Records, firings: Firings, clock: SetClock, house: House) -> None:
        self.ada = ada
        self.records = records
        self.firings = firings
        self.clock = clock
        self.house = house

    async def ask(self, text: str) -> tuple[str, str]:
        """Says something, and waits for its end: status and sentence."""
        told = await self.ada.end(await self.ada.say(text))
        await self.firings.fire_due()
        return told

    async def schedules(self) -> list[Schedule]:
        return await self.records.of("ada")

    async def fire(self) -> list[str]:
        """Lets the loop look once; how the tasks ended that it began, oldest first."""
        before = {task.id for task in await self.ada.runner.tasks.open_ones("ada")}
        cursor = await self.ada.log.cursor()
        await self.firings.fire_due()
        heard = [event for event in await self.ada.log.read("ada", cursor) if event.kind == "heard"]
        return [(await self.ada.end(event.task))[1] for event in heard if event.task not in before]


class Home:
    """Opens the house with schedules; as often as a test has it restart."""

    def __init__(self, folder: Path) -> None:
        self.house = House(folder)
        self.clock = SetClock(2026, 11, 26, 15, 0)  # a Thursday
        self.house.clock = self.clock
        self.house.zone = BERLIN

    @asynccontextmanager
    async def open(self, zone: ZoneInfo = BERLIN, **limits: float) -> AsyncIterator[Planner]:
        self.house.zone = zone
        async with self.house.open(**limits) as ada:
            records = Records(ada.log)
            toolbox = self.house.toolbox
            firings = Firings(
                records,
                ada.log,
                self.clock,
                zone=zone,
                toolbox=toolbox,
                submit=ada.runner.submit,
                changed=lambda schedules: put_into(toolbox, tools, schedules),
                has_room=lambda: ada.runner.has_room,
            )
            tools = ScheduleTools(records=records, toolbox=toolbox, zone_of=firings.zone_of, run_now=firings.run_now)
            toolbox.add(tools.adder())
            put_into(toolbox, tools, ())
            await firings.fire_due()
            yield Planner(ada, records, firings, self.clock, self.house)


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


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path, SetClock(2026, 11, 26, 15, 0))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)
