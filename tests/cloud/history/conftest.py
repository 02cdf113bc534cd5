"""A store with two people, a clock that moves by hand, and runs that are told of as the runner tells them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.history.archive import Archive
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.records import Status, Tasks

JPEG = b"\xff\xd8\xff\xe0" + bytes(60) + b"\xff\xd9"


class HandClock:
    """UTC seconds that move only by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


class Past(Struct, kw_only=True):
    """What was done for Ada and Bob, and how it is told of."""

    store: Store
    log: EventLog
    tasks: Tasks
    archive: Archive
    folder: Path
    clock: HandClock
    count: int = 0

    async def begin(self, text: str, *, person: str = "ada", key: str = "", **more: Any) -> str:
        """A task that was just asked for."""
        self.count += 1
        command = HandleUtterance(key=key or f"dev:{self.count}", person=person, text=text, **more)
        task, _ = await self.tasks.open(command, f"t{self.count}")
        return task.id

    async def tell(self, task: str, *told: tuple[str, Mapping[str, Any]], person: str = "ada") -> None:
        async with self.log.writing() as writing:
            for kind, data in told:
                await writing.append(person, task, kind, data)

    async def run(
        self,
        text: str,
        *,
        status: Status = "done",
        sentence: str = "Done.",
        tool: str = "order_pizza",
        person: str = "ada",
        pictures: int = 0,
        **more: Any,
    ) -> str:
        """A whole run of one step."""
        task = await self.begin(text, person=person, **more)
        step = {"number": 1, "tool": tool, "version": 2, "arguments": {}, "effect": "irreversible", "words": text}
        await self.tell(
            task,
            ("planned", {"steps": [step]}),
            ("step_started", {"number": 1, "tool": tool, "words": text}),
            *(("frame", {"number": number + 1, "name": f"{number + 1:04d}.jpg"}) for number in range(pictures)),
            ("step_done", {"number": 1, "status": status, "sentence": sentence, "waited_ms": 0}),
            person=person,
        )
        for number in range(pictures):
            place = self.folder / task / "frames" / f"{number + 1:04d}.jpg"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(JPEG)
        await self.tasks.finish(task, status, sentence, None)
        return task

    async def indexed(self) -> None:
        """All that has ended is in the index."""
        while ids := await self.archive.missing():
            await self.archive.add(ids)


@pytest.fixture
async def past(tmp_path: Path) -> AsyncIterator[Past]:
    store, clock = await Store.open(file_url(tmp_path / "store.db")), HandClock()
    async with store.write() as connection:
        for person in ("ada", "bob"):
            await insert_new(connection, persons, {"id": person, "name": person, "zone": "UTC", "created_at": 0.0})
    log = EventLog(store, clock, poll_s=0.01)
    folder = tmp_path / "tasks"
    made = Past(store=store, log=log, tasks=Tasks(log), archive=Archive(log, folder), folder=folder, clock=clock)
    yield made
    await store.close()
