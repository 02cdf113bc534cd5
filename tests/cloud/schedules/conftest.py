"""A runner and its schedules, on a clock that the test sets, in a zone where clocks change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cloud.schedules.deciding import Schedule
from cloud.schedules.firing import Firings
from cloud.schedules.records import Records
from cloud.tools.schedules import ScheduleTools, put_into
from tests.cloud.runner.conftest import House, Person
from tests.cloud.schedules.diary import BERLIN, Diary, SetClock


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

    async def told(self) -> list[str]:
        """What was said to no task."""
        return [event.data["text"] for event in await self.ada.log.read("ada", task="") if event.kind == "said"]

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
            tools = ScheduleTools(records=records, toolbox=toolbox, zone_of=firings.zone_of, put_now=firings.put_now)
            toolbox.add(tools.adder())
            put_into(toolbox, tools, ())
            await firings.fire_due()
            yield Planner(ada, records, firings, self.clock, self.house)


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path, SetClock(2026, 11, 26, 15, 0))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)
