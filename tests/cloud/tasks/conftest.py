"""A store in a fresh folder, a clock that stands until it is told, and two people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.leases import Lease, Leases
from cloud.tasks.records import Task, Tasks


class HandClock:
    """UTC seconds that move only by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        for person in ("ada", "bob"):
            await insert_new(connection, persons, {"id": person, "name": person, "zone": "UTC", "created_at": 0.0})
    yield store
    await store.close()


@pytest.fixture
def log(store: Store, clock: HandClock) -> EventLog:
    return EventLog(store, clock, poll_s=0.01)


@pytest.fixture
async def task(log: EventLog) -> Task:
    command = HandleUtterance(key="dev:1", person="ada", text="order a pizza", device="dev", turn=1)
    task, _ = await Tasks(log).open(command, "t1")
    return task


@pytest.fixture
async def lease(store: Store, clock: HandClock, task: Task) -> Lease:
    return await Leases(store, clock).acquire(f"task:{task.id}", "runner-1")
