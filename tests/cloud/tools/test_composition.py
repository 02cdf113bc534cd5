"""Conditions in whole tasks: real Chromium against the town, whose ledger is the judge."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from browser.pool import Pool, PoolConfig
from examples.town.town import Town
from tests.cloud.tools.callers import TRACK_NEWEST, learn, newest_order, track_order
from tests.cloud.tools.kitchen import ORDER, Kitchen, cooking

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

OR_LATER = "book a table for two at seven tomorrow, and if none is free try half past seven"


@pytest.fixture(scope="module")
def port() -> int:
    """One port for all towns: the pool must be told of it before the first one opens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool(tmp_path_factory: pytest.TempPathFactory, port: int) -> AsyncIterator[Pool]:
    config = PoolConfig(state_dir=tmp_path_factory.mktemp("browser"), allow_local=(f"*.localhost:{port}",))
    async with Pool(config) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def kitchen(tmp_path: Path, port: int, pool: Pool) -> AsyncIterator[Kitchen]:
    async with cooking(Town(port=port), pool, tmp_path) as cooked:
        yield cooked


def close(town: Town, *times: time) -> None:
    """Nothing can be had at these times, on any day that a test may mean by tomorrow."""
    today = datetime.now(UTC).date()
    for ahead in (0, 1, 2):
        town.tables.closed |= {datetime.combine(today + timedelta(days=ahead), at) for at in times}


async def test_no_table_at_seven_is_told_and_half_past_is_booked_after_a_yes_to_exactly_that(kitchen: Kitchen) -> None:
    close(kitchen.town, time(19))
    task = await kitchen.say(OR_LATER)
    status, sentence = await kitchen.end(task)
    assert status == "done", sentence
    (row,) = kitchen.town.ledger.rows()
    assert row.people == 2 and row.when.endswith("T19:30")
    (asked,) = kitchen.asked
    assert asked["text"].startswith("The site says: 19:00 fully booked. Instead: ") and "19:30" in asked["text"]
    said = [event.data["text"] for event in await kitchen.log.read("ada", task=task) if event.kind == "said"]
    assert "19:00 fully booked. Now I try: book a table for two at half past seven tomorrow." in said[0]


async def test_where_seven_is_free_nothing_else_is_tried(kitchen: Kitchen) -> None:
    task = await kitchen.say(OR_LATER)
    assert (await kitchen.end(task))[0] == "done"
    (row,) = kitchen.town.ledger.rows()
    assert row.when.endswith("T19:00") and len(kitchen.asked) == 1
    assert "step_skipped" in await kitchen.kinds(task)


async def test_a_no_to_seven_is_no_yes_to_half_past(kitchen: Kitchen) -> None:
    assert (await kitchen.end(await kitchen.say(OR_LATER), lambda asked: "no"))[0] == "declined"
    assert kitchen.town.ledger.rows() == () and len(kitchen.asked) == 1


async def test_nothing_is_tried_in_place_of_what_may_have_happened(kitchen: Kitchen) -> None:
    kitchen.town.faults.arm("bistro.book", "drop")
    status, _ = await kitchen.end(await kitchen.say(OR_LATER))
    assert status in ("done", "unknown") and len(kitchen.asked) == 1
    assert [row.when[-5:] for row in kitchen.town.ledger.rows()] == ["19:00"]


async def test_a_skill_calls_two_others_and_what_the_first_reads_goes_into_the_second(kitchen: Kitchen) -> None:
    town = kitchen.town.addresses
    learn(kitchen, newest_order(town.pizza), track_order(town.pizza), TRACK_NEWEST)
    for number, pizza in enumerate((ORDER, "order a small margherita pizza")):
        assert (await kitchen.end(await kitchen.say(pizza, key=f"dev:{number}")))[0] == "done"
    number = kitchen.town.ledger.rows()[-1].number
    task = await kitchen.say("where is my order", key="dev:9")
    status, sentence = await kitchen.end(task)
    assert (status, f"Your newest order is {number}. Order {number} arrives at" in sentence) == ("done", True), sentence
    assert "I left this out: track order, for the total is 8.00, not more than 100." in sentence
    started = [event.data for event in await kitchen.log.read("ada", task=task) if event.kind == "step_started"]
    assert [(one["number"], one["tool"]) for one in started] == [(1, "newest_order"), (2, "track_order")]
    assert started[1]["words"] == f"track order: {number}"
