from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.store import Store
from cloud.tasks.errors import LeaseLost, TaskGone
from cloud.tasks.leases import Lease, Leases
from cloud.tasks.records import Task, Tasks

SAID = HandleUtterance(
    key="dev:1", person="ada", text="order a pizza", alternatives=(("a", 0.1),), device="dev", turn=1
)


async def test_the_same_key_is_the_same_task_however_often_it_is_sent(log: EventLog) -> None:
    tasks = Tasks(log)
    opened = await asyncio.gather(*(tasks.open(SAID, f"t{n}") for n in range(8)))
    assert len({task.id for task, _ in opened}) == 1
    assert sum(new for _, new in opened) == 1
    assert [event.kind for event in await log.read("ada")] == ["heard"]
    assert (await tasks.of_key("dev:1")) == opened[0][0]
    assert opened[0][0].command == SAID


async def test_a_task_ends_once(log: EventLog, task: Task, lease: Lease) -> None:
    tasks = Tasks(log)
    await tasks.begin(task.id, lease)
    await tasks.finish(task.id, "done", "It is ordered.", lease)
    again = await tasks.finish(task.id, "failed", "It is not.", lease)
    assert (again.status, again.sentence, again.attempts) == ("done", "It is ordered.", 1)
    assert [event.kind for event in await log.read("ada")] == ["heard", "task_done"]
    assert await tasks.open_ones() == []


async def test_each_start_counts_until_the_end(log: EventLog, task: Task, lease: Lease) -> None:
    tasks = Tasks(log)
    assert [(await tasks.begin(task.id, lease)).attempts for _ in range(3)] == [1, 2, 3]
    await tasks.finish(task.id, "failed", "No.", lease)
    assert (await tasks.begin(task.id, lease)).attempts == 3


async def test_a_fenced_runner_cannot_end_a_task(
    log: EventLog, store: Store, clock: Any, task: Task, lease: Lease
) -> None:
    await Leases(store, clock).acquire(lease.name, "runner-2", seize=True)
    with pytest.raises(LeaseLost):
        await Tasks(log).finish(task.id, "done", "It is ordered.", lease)
    assert [found.id for found in await Tasks(log).open_ones("ada")] == [task.id]


async def test_a_task_that_is_not_there_is_named_so(log: EventLog) -> None:
    with pytest.raises(TaskGone):
        await Tasks(log).get("nothing")


def test_a_command_survives_the_store() -> None:
    assert msgspec.convert(msgspec.to_builtins(SAID), HandleUtterance) == SAID
