from __future__ import annotations

import asyncio
import gc
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from cloud import store as tables
from cloud.errors import StoreNewer
from cloud.store import Store, file_url, insert_new, put

ADA = {"id": "ada", "name": "Ada", "zone": "UTC", "created_at": 1.0}


async def test_the_migrations_make_exactly_the_tables_that_the_code_describes(tmp_path: Path) -> None:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.read() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), tables.metadata)
        )
    await store.close()
    assert differences == []


async def test_opening_twice_keeps_what_was_stored(tmp_path: Path) -> None:
    url = file_url(tmp_path / "store.db")
    first = await Store.open(url)
    async with first.write() as connection:
        await insert_new(connection, tables.persons, ADA)
    await first.close()
    second = await Store.open(url)
    async with second.read() as connection:
        names = (await connection.scalars(select(tables.persons.c.name))).all()
    await second.close()
    assert names == ["Ada"]


async def test_data_of_a_later_version_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    url = file_url(tmp_path / "store.db")
    store = await Store.open(url)
    async with store.write() as connection:
        await insert_new(connection, tables.persons, ADA)
        await connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    await store.close()
    with pytest.raises(StoreNewer, match=r"later version.*backup"):
        await Store.open(url)
    with closing(sqlite3.connect(tmp_path / "store.db")) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchall() == [("later",)]
        assert plain.execute("SELECT name FROM persons").fetchall() == [("Ada",)]


async def test_every_commit_is_synced_and_rows_need_their_person(tmp_path: Path) -> None:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.read() as connection:
        assert (await connection.execute(text("PRAGMA synchronous"))).scalar_one() == 2  # FULL
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
    with pytest.raises(IntegrityError):
        async with store.write() as connection:
            await put(connection, tables.notes, {"id": "n", "person": "nobody", "text": "x", "at": 0.0})
    await store.close()


async def test_a_write_is_synced_unless_it_says_that_it_need_not_be(tmp_path: Path) -> None:
    store = await Store.open(file_url(tmp_path / "store.db"))
    for synced, level in ((False, 1), (True, 2), (False, 1), (True, 2)):  # NORMAL, FULL
        async with store.write(synced=synced) as connection:
            assert (await connection.execute(text("PRAGMA synchronous"))).scalar_one() == level
    await store.close()


async def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    store = await Store.open(file_url(tmp_path / "store.db"))
    with pytest.raises(RuntimeError):
        async with store.write() as connection:
            await insert_new(connection, tables.persons, ADA)
            raise RuntimeError("the power went")
    async with store.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(tables.persons))).scalar_one() == 0
    await store.close()


async def test_two_stores_on_one_file_can_write_at_the_same_time(tmp_path: Path) -> None:
    url = file_url(tmp_path / "store.db")
    stores = [await Store.open(url) for _ in range(2)]

    async def add(store: Store, start: int) -> None:
        for number in range(start, start + 20):
            async with store.write() as connection:
                count = (await connection.execute(select(func.count()).select_from(tables.persons))).scalar_one()
                await insert_new(connection, tables.persons, ADA | {"id": str(number), "name": str(count)})

    await asyncio.gather(add(stores[0], 0), add(stores[1], 100))
    async with stores[0].read() as connection:
        counts = (await connection.scalars(select(tables.persons.c.name))).all()
    for store in stores:
        await store.close()
    assert sorted(map(int, counts)) == list(range(40))  # each transaction saw all those before it


async def test_inserting_the_same_key_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        assert await insert_new(connection, tables.persons, ADA)
        assert not await insert_new(connection, tables.persons, ADA | {"name": "Other"})
    async with store.read() as connection:
        assert (await connection.scalars(select(tables.persons.c.name))).all() == ["Ada"]
    await store.close()


async def test_a_write_that_is_cancelled_anywhere_leaves_no_lock_behind(tmp_path: Path) -> None:
    store = await Store.open(file_url(tmp_path / "store.db"))

    async def write(person: str) -> None:
        async with store.write() as connection:
            row = tables.persons.insert().values({**ADA, "id": person}).returning(tables.persons.c.id)
            await connection.execute(row)

    for turns in range(80):
        writing = asyncio.create_task(write(f"cancelled-{turns}"))
        for _ in range(turns * 4):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        await write(f"after-{turns}")
    await store.close()


async def test_nothing_of_a_store_is_left_when_those_who_use_it_are_cancelled_again_and_again(tmp_path: Path) -> None:
    forgotten: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: forgotten.append(context["message"]))
    chance = random.Random(1)

    async def read(store: Store) -> None:
        async with store.read() as connection:
            await connection.execute(select(tables.persons.c.id))

    async def write(store: Store, number: int) -> None:
        async with store.write() as connection:
            await insert_new(connection, tables.persons, ADA | {"id": str(number)})

    for turn in range(12):
        store = await Store.open(file_url(tmp_path / f"store{turn}.db"))
        working = [asyncio.create_task(write(store, n) if chance.random() < 0.5 else read(store)) for n in range(12)]
        for _ in range(2):
            for task in working:
                for _ in range(chance.randrange(12)):
                    await asyncio.sleep(0)
                task.cancel()
        await asyncio.wait(working)
        await store.close()
        gc.collect()
    assert forgotten == []
