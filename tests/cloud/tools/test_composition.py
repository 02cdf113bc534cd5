"""Conditions in whole tasks: real Chromium against the town, whose ledger is the judge."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from browser.pool import Pool, PoolConfig
from examples.town.town import Town
from tests.cloud.tools.callers import (
    ORDER_EACH,
    STAR_UNREAD,
    TRACK_NEWEST,
    learn,
    newest_order,
    sign_in_to_mail,
    star_mail,
    track_order,
    unread_mails,
)
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


async def test_nothing_is_tried_in_place_of_what_may_have_happened(kitchen: Kitchen) -> None:
    kitchen.town.faults.arm("bistro.book", "drop")
    task = await kitchen.say(OR_LATER)
    status, _ = await kitchen.end(task)
    assert status in ("done", "unknown") and len(kitchen.asked) == 1
    assert [row.when[-5:] for row in kitchen.town.ledger.rows()] == ["19:00"]
    assert "step_skipped" in await kitchen.kinds(task)


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
    by_voice = await kitchen.end(await kitchen.say("what is my newest order and then track it", key="dev:10"))
    assert by_voice[0] == "done" and by_voice[1].startswith(f"Your newest order is {number}. Order {number} arrives at")
    dear = await kitchen.end(await kitchen.say(f"{ORDER}, but only if it costs less than ten", key="dev:11"))
    assert dear[0] == "refused" and dear[1].startswith("It costs 14.50, and you wanted less than 10.")
    assert len(kitchen.asked) == 2 and len(kitchen.town.ledger.rows()) == 2


async def starring(kitchen: Kitchen) -> None:
    town = kitchen.town.addresses
    await sign_in_to_mail(kitchen)
    learn(kitchen, unread_mails(town.mail), star_mail(town.mail), STAR_UNREAD)


UNREAD = ["Your invoice", "Thursday rehearsal", "Lunch on Friday?", "Your book is ready"]


async def test_for_each_unread_mail_something_is_done_once_after_the_list_was_agreed_to(kitchen: Kitchen) -> None:
    await starring(kitchen)
    task = await kitchen.say("star all unread mails")
    status, sentence = await kitchen.end(task)
    assert (status, [letter.subject for letter in kitchen.town.post.letters if letter.starred]) == ("done", UNREAD)
    (asked,) = kitchen.asked
    assert asked["text"].startswith("There are four: Your invoice, Thursday rehearsal, ")
    assert [row[1] for row in asked["rows"]] == UNREAD
    assert sentence.endswith(f"It was done for four: {', '.join(UNREAD[:3])} and {UNREAD[3]}.")
    told = [event.data["text"] for event in await kitchen.log.read("ada", task=task) if event.kind == "progress"]
    assert [text for text in told if " of four: " in text][:2] == [
        "One of four: Your invoice",
        "Two of four: Thursday rehearsal",
    ]


async def test_the_same_is_said_without_a_skill_for_it_and_a_no_to_the_list_does_nothing(kitchen: Kitchen) -> None:
    await starring(kitchen)
    task = await kitchen.say("for each unread mail, star it")
    assert (await kitchen.end(task, lambda asked: "no"))[0] == "declined"
    assert [row[1] for row in kitchen.asked[0]["rows"]] == UNREAD
    assert not any(letter.starred for letter in kitchen.town.post.letters)


async def test_what_cannot_be_undone_is_asked_for_each_item_and_a_no_leaves_that_one_out(kitchen: Kitchen) -> None:
    learn(kitchen, ORDER_EACH)
    task = await kitchen.say("order one each of funghi and margherita")

    def answer(asked: dict[str, Any]) -> str:
        return "no" if asked["kind"] == "irreversible" and "Funghi" in asked["text"] else "yes"

    status, _ = await kitchen.end(task, answer)
    rows = kitchen.town.ledger.rows()
    assert [(row.size, row.kind) for row in rows] == [("small", "margherita")]
    assert status == "done" and [asked["kind"] for asked in kitchen.asked] == ["choice"] + 2 * ["irreversible"]
