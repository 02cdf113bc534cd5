"""What is old or forgotten goes, wholly; what must stay stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, insert, select

from cloud import store as tables
from cloud.commands import HandleUtterance
from cloud.history.archive import UNDO_S
from cloud.history.errors import RunBusy, RunUnknown
from cloud.history.keeping import Keeper
from cloud.history.sweeping import A_DAY_S, Sweeper
from cloud.history.words import Search
from cloud.tasks.asks import Ask, Asks
from cloud.turns import Pictures, StoredTurn, Turns
from tests.cloud.history.conftest import JPEG, Past


def sweeper(past: Past, *, keep_days: int = 90, most_bytes: int = 0, **more: Any) -> Sweeper:
    return Sweeper(past.log, past.folder, keep_days=keep_days, most_bytes=most_bytes, **more)


async def rows(past: Past, table: Any, **where: str) -> int:
    query = select(func.count()).select_from(table)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    async with past.store.read() as connection:
        return int(await connection.scalar(query) or 0)


async def found(past: Past, words: str = "") -> list[str]:
    return [line.task for line in (await past.archive.search("ada", Search(words=words))).runs]


async def test_an_old_run_goes_with_all_that_was_told_of_it_and_its_key_stays(past: Past) -> None:
    turns = Turns(past.store, past.clock)
    photo = await Pictures(past.folder.parent / "pictures").keep("ada", JPEG)
    await turns.keep(StoredTurn(device="dev", turn=7, person="ada", key="dev:7", text="order a pizza", picture=photo))
    old = await past.run("order a pizza", key="dev:7", pictures=2, picture=photo)
    await past.indexed()
    past.clock.now += 91 * A_DAY_S
    new = await past.run("book a table", tool="book_table")
    await past.indexed()
    photos: list[tuple[str, str]] = []
    work: list[str] = []

    async def forget_work(ids: Any) -> None:
        work.extend(ids)

    swept = await sweeper(
        past, forget_photo=lambda *one: photos.append(one), forget_work=forget_work
    ).sweep()  # fmt: skip
    assert swept.runs == 1
    assert await found(past) == [new]
    assert await rows(past, tables.events, task=old) == 0
    assert not (past.folder / old).exists()
    assert photos == [("ada", photo)]
    assert work == [old]
    turn = await turns.get("dev", 7)
    assert turn is not None
    assert (turn.text, turn.picture) == ("", "")
    again, is_new = await past.tasks.open(
        HandleUtterance(key="dev:7", person="ada", text="order a pizza"), "another"
    )  # fmt: skip
    assert (again.id, is_new, again.text) == (old, False, "")
    with pytest.raises(RunUnknown):
        await past.archive.story("ada", old)
    assert (await sweeper(past).sweep()).runs == 0


async def test_nothing_grows_too_old_when_it_is_kept_for_ever(past: Past) -> None:
    run = await past.run("order a pizza")
    await past.indexed()
    past.clock.now += 9_000 * A_DAY_S
    assert (await sweeper(past, keep_days=0).sweep()).runs == 0
    assert await found(past) == [run]


async def test_an_act_without_a_result_an_open_question_and_a_running_task_stay(past: Past) -> None:
    unsettled, asked, running = await past.run("one"), await past.run("two"), await past.begin("three")
    row = {"id": "i", "task": unsettled, "person": "ada", "step": 1, "name": "order", "digest": "d", "words": "order"}
    async with past.log.writing() as writing:
        await writing.connection.execute(insert(tables.intents).values(**row, written_at=1.0, evidence=[]))
    await Asks(past.log).open(Ask(id="a", task=asked, person="ada", step=1, kind="slot", digest="d", text="Which?"))
    past.clock.now += 91 * A_DAY_S
    assert (await sweeper(past).sweep()).runs == 0
    assert await rows(past, tables.events, task=unsettled) > 0
    for run in (unsettled, running):
        with pytest.raises(RunBusy):
            await past.archive.forget("ada", run)


async def test_a_forgotten_run_is_told_no_more_can_be_taken_back_and_then_goes(past: Past) -> None:
    run = await past.run("order a pizza")
    await past.indexed()
    until = await past.archive.forget("ada", run)
    assert await found(past, "pizza") == []
    with pytest.raises(RunUnknown):
        await past.archive.story("ada", run)
    assert (await sweeper(past).sweep()).runs == 0
    assert await past.archive.take_back("ada", run) == 1
    assert await found(past, "pizza") == [run]
    await past.archive.forget("ada", run)
    past.clock.now = until + UNDO_S
    assert (await sweeper(past).sweep()).runs == 1
    assert await past.archive.take_back("ada") == 0
    assert await rows(past, tables.events, task=run) == 0


async def test_everything_is_forgotten_of_one_person_alone(past: Past) -> None:
    for number in range(3):
        await past.run(f"order pizza {number}")
    await past.run("book a table", person="bob", key="bob:1")
    running = await past.begin("order another")
    await past.indexed()
    count, _ = await past.archive.forget_all("ada")
    assert (count, await past.archive.hidden("ada")) == (3, 3)
    assert await found(past) == []
    assert len((await past.archive.search("bob", Search())).runs) == 1
    assert [story.run for story in await past.archive.under_way("ada")] == [running]
    assert await past.archive.take_back("ada") == 3
    assert len(await found(past)) == 3


async def test_the_pictures_of_the_oldest_runs_make_room_and_their_runs_stay(past: Past) -> None:
    runs = [await past.run(f"order pizza {number}", pictures=2) for number in range(3)]
    await past.indexed()
    swept = await sweeper(past, most_bytes=3 * len(JPEG)).sweep()
    assert swept.pictures_of == 2
    assert await found(past) == runs[::-1]
    assert [one.kept for one in (await past.archive.story("ada", runs[0])).pictures] == [False, False]
    assert [one.kept for one in (await past.archive.story("ada", runs[2])).pictures] == [True, True]
    assert await past.archive.used_bytes() == 2 * len(JPEG)


async def test_old_news_of_no_run_goes_but_for_the_newest(past: Past) -> None:
    for number in range(3):
        await past.tell("", ("timers", {"timers": [number]}))
    past.clock.now += 91 * A_DAY_S
    await sweeper(past).sweep()
    assert [event.data["timers"] for event in await past.log.read("ada", task="")] == [[2]]
    await past.tell("", ("timers", {"timers": []}))


async def test_the_keeper_puts_in_what_has_ended_and_removes_what_is_due(past: Past) -> None:
    keeper = Keeper(past.archive, sweeper(past), past.clock)
    run = await past.run("order a pizza")
    await keeper.once()
    assert await found(past) == [run]
    await past.archive.forget("ada", run)
    assert 0 < await keeper.once() <= UNDO_S
    past.clock.now += UNDO_S + 1
    await keeper.once()
    assert await rows(past, tables.events, task=run) == 0
