"""Runs are found by their words and by what they are, newest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from cloud.history.words import Search, sought, words_in
from cloud.store import events
from tests.cloud.history.conftest import Past


async def found(past: Past, person: str = "ada", **wanted: object) -> list[str]:
    page = await past.archive.search(person, Search(**wanted))  # type: ignore[arg-type]
    return [line.task for line in page.runs]


async def test_runs_are_found_by_what_was_said_done_and_answered_newest_first(past: Past) -> None:
    first = await past.run("order a large pepperoni pizza", sentence="Your order is number 42.")
    second = await past.run("book a table for two", tool="book_table", sentence="Booked at the Café Größe.")
    await past.indexed()
    assert await found(past) == [second, first]
    assert await found(past, words="pizza order ") == [first]
    assert await found(past, words="cafe GRÖSSE") == [second]
    assert await found(past, words="42") == [first]
    assert await found(past, words="pepp") == [first]
    assert await found(past, words="pepp ") == []
    assert await found(past, words="pizza table") == []
    assert await found(past, words="book table") == [second]


async def test_a_run_that_ended_a_moment_ago_is_found(past: Past) -> None:
    run = await past.run("order a pizza")
    assert await found(past, words="pizza") == [run]


async def test_an_event_of_another_version_keeps_no_run_out(past: Past) -> None:
    run = await past.begin("order a pizza")
    row = {"task": run, "number": 99, "kind": "foretold", "person": "ada", "at": 1.0, "data": {}}
    async with past.store.write() as connection:
        await connection.execute(insert(events).values(**row))
    await past.tasks.finish(run, "done", "Done.", None)
    assert await found(past, words="pizza") == [run]


async def test_runs_are_narrowed_down_by_what_they_are(past: Past) -> None:
    order = await past.run("order a pizza", device="dev")
    past.clock.now += 86_400
    failed = await past.run("order a pizza", status="failed", key="portal:1")
    table = await past.run("book a table", tool="book_table", key="schedule:s1:900")
    await past.indexed()
    assert await found(past, status="failed") == [failed]
    assert await found(past, tool="book_table") == [table]
    assert await found(past, device="dev") == [order]
    assert await found(past, began_by="portal") == [failed]
    assert await found(past, schedule="s1") == [table]
    assert await found(past, since=1_000_000 + 43_200) == [table, failed]
    assert await found(past, until=1_000_000 + 43_200, words="pizza") == [order]
    assert await found(past, words="pizza", status="done", effect="irreversible") == [order]


async def test_nobody_finds_the_runs_of_somebody_else(past: Past) -> None:
    await past.run("order a pizza")
    await past.indexed()
    assert await found(past, "bob") == []
    assert await found(past, "bob", words="pizza") == []


async def test_all_pages_together_are_all_runs_once(past: Past) -> None:
    runs = [await past.run(f"order pizza {number}") for number in range(7)]
    await past.indexed()
    seen: list[str] = []
    before = 0
    while True:
        page = await past.archive.search("ada", Search(words="pizz", before=before, most=3))
        seen += [line.task for line in page.runs]
        if not (before := page.next):
            break
    assert seen == runs[::-1]


async def test_a_run_that_goes_on_is_under_way_and_in_no_page(past: Past) -> None:
    task = await past.begin("order a pizza")
    await past.indexed()
    assert await found(past) == []
    assert [story.run for story in await past.archive.under_way("ada")] == [task]


@given(st.text())
def test_the_words_of_any_text_are_found_by_that_text(text: str) -> None:
    terms, beginning = sought(Search(words=text + " "))
    assert not beginning
    assert set(terms) <= set(words_in(text))
    assert not any(word.startswith("=") for word in words_in(text))
