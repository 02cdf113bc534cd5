"""The built-in tools over a real store, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct

from cloud.events import EventLog
from cloud.history.archive import Archive
from cloud.lam.toolbox import Outcome, Toolbox
from cloud.people.belongings import belongings_of
from cloud.people.memory import Memory
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.timers import Timers
from cloud.tools.builtin import add_builtins
from cloud.turns import Pictures
from language.entities import Value

BERLIN = ZoneInfo("Europe/Berlin")


class HandClock:
    """UTC seconds that move only by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 13, 30, tzinfo=UTC).timestamp()  # half past two in Berlin

    def __call__(self) -> float:
        return self.now


class FakeRun:
    """What a task gives to a tool that it runs."""

    def __init__(self, clock: HandClock, task: str, person: str, waited_s: float = 0.0, picture: str = "") -> None:
        self._clock = clock
        self._waited_s = waited_s
        self.task, self.person, self.step = task, person, 1
        self.picture = picture
        self.deadline = self.now() + timedelta(minutes=1)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), BERLIN)

    def said_at(self) -> datetime:
        return datetime.fromtimestamp(self._clock() - self._waited_s, BERLIN)

    async def progress(self, text: str, *, number: int = 0, of: int = 0) -> None:
        raise AssertionError("built-in tools are done at once")

    async def event(self, kind: str, data: Mapping[str, Any]) -> None:
        raise AssertionError("built-in tools append nothing of their own")


class Bench(Struct):
    """The tools, and what they stand on."""

    clock: HandClock
    store: Store
    log: EventLog
    timers: Timers
    toolbox: Toolbox
    pictures: Pictures
    tasks: int = 0
    running: int = 0  # other tasks that a halt would stop

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), BERLIN)

    async def cancel_others(self, person: str, but: str) -> int:
        stopped, self.running = self.running, 0
        return stopped

    async def use(
        self,
        tool: str,
        *,
        person: str = "ada",
        task: str = "",
        waited_s: float = 0.0,
        picture: str = "",
        **arguments: Value,
    ) -> Outcome:
        self.tasks += 1
        found = self.toolbox.get(tool)
        assert found is not None
        return await found.run(arguments, FakeRun(self.clock, task or f"t{self.tasks}", person, waited_s, picture))


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    clock = HandClock()
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        for person in ("ada", "bob"):
            await insert_new(connection, persons, {"id": person, "name": person, "zone": "UTC", "created_at": 0.0})
    log, toolbox = EventLog(store, clock), Toolbox()
    timers = Timers(log, clock)
    pictures = Pictures(tmp_path / "pictures")
    bench = Bench(clock, store, log, timers, toolbox, pictures)
    add_builtins(
        toolbox,
        store=store,
        memory=Memory(store, clock),
        timers=timers,
        belongings=belongings_of(store, clock, folder=tmp_path, taken=pictures),
        archive=Archive(log, tmp_path / "tasks"),
        cancel_others=bench.cancel_others,
    )
    yield bench
    await store.close()
