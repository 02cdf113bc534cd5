"""Skills as tools, whole: runner, gate, replay and a real Chromium against the town, whose ledger is the judge."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from browser.pool import Pool, PoolConfig
from cloud.commands import CancelTask
from cloud.people.memory import SPENDING_CAP
from cloud.runner import STOPPED
from cloud.tasks.episodes import DECLINED, UNANSWERED
from examples.town.town import Town
from tests.cloud.tools.kitchen import Kitchen, cooking

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

IN_THE_CART = "I had already clicked “Add to cart” and “Continue to review”."


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


async def test_a_sentence_becomes_an_order_after_a_yes(kitchen: Kitchen, tmp_path: Path) -> None:
    task = await kitchen.say()
    status, sentence = await kitchen.end(task)
    assert status == "done" and "14.50" in sentence
    (row,) = kitchen.town.ledger.rows()
    assert (row.site, row.size, row.kind, row.address) == ("pizza", "large", "pepperoni", "Elm Street 5")
    (asked,) = kitchen.asked
    assert asked["kind"] == "irreversible" and "14.50" in asked["text"]
    assert ["Total", "14.50", "site"] in asked["rows"]
    kinds = await kitchen.kinds(task)
    assert kinds.index("asked") < kinds.index("ask_closed") < kinds.index("intent") < kinds.index("result")
    frames = sorted((tmp_path / "tasks" / task / "frames").glob("*.jpg"))
    assert len(frames) == kinds.count("frame") > 0
    assert all(frame.read_bytes()[:2] == b"\xff\xd8" for frame in frames)


async def test_a_no_and_silence_order_nothing(kitchen: Kitchen) -> None:
    assert await kitchen.end(await kitchen.say(), lambda asked: "no") == ("declined", f"{DECLINED} {IN_THE_CART}")
    later = await kitchen.say(key="dev:2")
    asked = await kitchen.see("asked", later, lambda asked: "")
    await kitchen.runner.asks.close(asked.data["ask"], "expired")
    assert await kitchen.end(later) == ("expired", f"{UNANSWERED} {IN_THE_CART}")
    assert kitchen.town.ledger.rows() == ()


async def test_what_was_put_into_the_cart_stands_on_the_screen_when_the_order_is_declined(kitchen: Kitchen) -> None:
    task = await kitchen.say()
    await kitchen.end(task, lambda asked: "no")
    (card,) = [event.data for event in await kitchen.log.read("ada", task=task) if event.kind == "card"]
    assert [(row["label"], row["value"]) for row in card["rows"]] == [
        ("Done", "clicked “Add to cart”"),
        ("Done", "clicked “Continue to review”"),
        ("Not done", "“Order and pay”"),
    ]


async def test_a_price_that_rose_after_the_yes_is_asked_again(kitchen: Kitchen) -> None:
    """The page is read once more right before the click: what it says by then must be what was agreed to."""
    task = await kitchen.say()
    asked = (await kitchen.see("asked", task, lambda asked: "")).data
    kitchen.town.shop.prices_up_by = Decimal("10.00")
    (context,) = contexts(kitchen.pool)
    await context.pages[0].reload()
    kitchen.asked.clear()
    digests = []

    def answer(question: dict[str, Any]) -> str:
        digests.append(question["digest"])
        return "yes" if "24.50" not in question["text"] else "no"

    assert (await kitchen.end(task, answer))[0] == "declined"
    assert digests[0] == asked["digest"] and digests[-1] != asked["digest"]
    assert "24.50" in kitchen.asked[-1]["text"]
    assert [act.result for act in await kitchen.runner.intents.of_task(task)] == ["not_acted"]
    assert kitchen.town.ledger.rows() == ()


async def test_what_costs_more_than_the_person_allows_is_refused_unasked(kitchen: Kitchen) -> None:
    await kitchen.memory.remember("ada", {SPENDING_CAP: "10.00"})
    status, sentence = await kitchen.end(await kitchen.say())
    assert status == "refused" and "over your limit" in sentence
    assert kitchen.asked == [] and kitchen.town.ledger.rows() == ()


async def test_a_cancel_takes_the_browser_with_it_at_once(kitchen: Kitchen) -> None:
    task = await kitchen.say()
    await kitchen.see("asked", task, lambda asked: "")
    await kitchen.runner.submit(CancelTask(person="ada", task=task))
    assert contexts(kitchen.pool) == []
    assert await kitchen.end(task) == ("cancelled", f"{STOPPED} {IN_THE_CART}")
    assert kitchen.town.ledger.rows() == ()


@pytest.mark.parametrize(
    ("fault", "orders", "status"), [("drop", 1, "done"), ("error", 1, "done"), ("refuse", 0, "failed")]
)
async def test_an_answer_that_never_came_is_looked_up_and_never_tried_again(
    kitchen: Kitchen, fault: Any, orders: int, status: str
) -> None:
    kitchen.town.faults.arm("pizza.pay", fault)
    task = await kitchen.say()
    ended, sentence = await kitchen.end(task)
    assert len(kitchen.town.ledger.rows()) == orders
    assert ended == status and sentence
    assert (fault == "refuse") is sentence.endswith(IN_THE_CART)
    assert len(await kitchen.runner.intents.of_task(task)) == 1


async def test_two_orders_at_once_do_not_meet(kitchen: Kitchen) -> None:
    first, second = await kitchen.say(), await kitchen.say("order a small margherita pizza", key="dev:2")
    ended = await asyncio.gather(kitchen.end(first), kitchen.end(second))
    assert [status for status, _ in ended] == ["done", "done"]
    rows = kitchen.town.ledger.rows()
    assert sorted((row.size, row.kind, row.quantity) for row in rows) == [
        ("large", "pepperoni", 1),
        ("small", "margherita", 1),
    ]


async def test_a_site_that_is_down_is_said_so(kitchen: Kitchen) -> None:
    await kitchen.town.stop()
    status, sentence = await kitchen.end(await kitchen.say())
    assert (status, sentence) == ("failed", "pizza.localhost does not answer. Please try again later.")


def contexts(pool: Pool) -> list[Any]:
    """The open browser contexts, as Playwright knows them."""
    return list(pool._browser.contexts) if pool._browser is not None else []
