from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloud.events import Event, EventLog, EventRefused
from cloud.store import Store, file_url, insert_new, persons


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        for person in ("ada", "bob"):
            await insert_new(connection, persons, {"id": person, "name": person, "zone": "UTC", "created_at": 0.0})
    yield store
    await store.close()


async def take(log: EventLog, count: int, person: str | None, after: int = 0) -> list[Event]:
    found: list[Event] = []
    async for event in log.tail(person, after):
        found.append(event)
        if len(found) == count:
            break
    return found


async def test_numbers_count_within_a_task_and_cursors_over_all(store: Store) -> None:
    log = EventLog(store, lambda: 5.0)
    await log.append("ada", "a", "heard", {"text": "x"})
    await log.append("bob", "b", "heard", {"text": "y"})
    await log.append("ada", "a", "said", {"text": "z"})
    found = await log.read(None)
    assert [(event.task, event.number) for event in found] == [("a", 1), ("b", 1), ("a", 2)]
    assert [event.cursor for event in found] == sorted({event.cursor for event in found})
    assert found[2].data == {"text": "z"} and found[2].at == 5.0


async def test_a_person_sees_only_what_is_theirs_past_the_cursor(store: Store) -> None:
    log = EventLog(store, lambda: 0.0)
    first = await log.append("ada", "a", "heard", {})
    await log.append("bob", "b", "heard", {})
    await log.append("ada", "a", "said", {"text": "hello"})
    assert [event.kind for event in await log.read("ada", first.cursor)] == ["said"]
    assert [event.kind for event in await log.read("ada", task="b")] == []


async def test_a_tail_gives_what_was_and_wakes_for_what_comes(store: Store) -> None:
    log = EventLog(store, lambda: 0.0, poll_s=3600)  # so that only the wake-up can end the wait
    await log.append("ada", "a", "heard", {})
    reading = asyncio.create_task(take(log, 3, "ada"))
    await log.append("bob", "b", "heard", {})
    await log.append("ada", "a", "progress", {"text": "one"})
    await asyncio.sleep(0)
    await log.append("ada", "a", "said", {"text": "two"})
    assert [event.kind for event in await asyncio.wait_for(reading, 40)] == ["heard", "progress", "said"]


async def test_a_tail_sees_what_another_process_wrote(store: Store, tmp_path: Path) -> None:
    log = EventLog(store, lambda: 0.0, poll_s=0.01)
    reading = asyncio.create_task(take(log, 1, None))
    other = await Store.open(file_url(tmp_path / "store.db"))
    await EventLog(other, lambda: 0.0).append("ada", "a", "said", {"text": "from elsewhere"})
    assert (await asyncio.wait_for(reading, 40))[0].data == {"text": "from elsewhere"}
    await other.close()


async def test_many_writers_leave_no_gap_and_no_double_number(store: Store) -> None:
    log = EventLog(store, lambda: 0.0, poll_s=3600)
    reading = asyncio.create_task(take(log, 40, "ada"))
    await asyncio.gather(*(log.append("ada", "a", "progress", {"text": str(n)}) for n in range(40)))
    found = await asyncio.wait_for(reading, 20)
    assert [event.number for event in found] == list(range(1, 41))


async def test_events_of_a_transaction_that_fails_are_not_there(store: Store) -> None:
    log = EventLog(store, lambda: 0.0)
    with pytest.raises(RuntimeError):
        async with log.writing() as writing:
            await writing.append("ada", "a", "said", {"text": "never"})
            raise RuntimeError("the disk is full")
    assert await log.read("ada") == []


async def test_pictures_and_unknown_kinds_are_refused(store: Store) -> None:
    log = EventLog(store, lambda: 0.0)
    with pytest.raises(EventRefused, match="store a file"):
        await log.append("ada", "a", "frame", {"jpeg": "x" * 100_000})
    with pytest.raises(EventRefused, match="'spoke' is none"):
        await log.append("ada", "a", "spoke", {})
    assert await log.cursor() == 0
