"""Skills as tools, whole: runner, gate, replay and a real Chromium against the town, whose ledger is the judge."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from browser.pool import Pool, PoolConfig
from cloud.clock import utc_seconds
from cloud.commands import AnswerAsk, CancelTask, HandleUtterance
from cloud.events import Event, EventLog
from cloud.lam.learning import Learning
from cloud.lam.mind import Mind
from cloud.lam.toolbox import Toolbox
from cloud.people.memory import SPENDING_CAP, Memory
from cloud.runner import STOPPED, Limits, Runner
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.episodes import DECLINED, UNANSWERED
from cloud.tools.gate import Desk
from cloud.tools.skills import load_skills
from cloud.turns import Pictures
from examples.town.town import Town
from tests.cloud.exact import ExactCorrector

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SKILLS = sorted((Path(__file__).parents[3] / "examples" / "skills").glob("*.json"))
ORDER = "order a large pepperoni pizza"
WAIT_S = 60
IN_THE_CART = "I had already clicked “Add to cart” and “Continue to review”."
Answer = Callable[[dict[str, Any]], str]


class Kitchen:
    """A runner with the town's skills, and Ada, who answers each question as she is told to."""

    def __init__(
        self, town: Town, log: EventLog, memory: Memory, runner: Runner, pool: Pool, toolbox: Toolbox, desk: Desk
    ) -> None:
        self.town = town
        self.log = log
        self.memory = memory
        self.runner = runner
        self.pool = pool
        self.toolbox = toolbox
        self.desk = desk
        self.asked: list[dict[str, Any]] = []

    async def say(self, text: str = ORDER, key: str = "dev:1") -> str:
        return await self.runner.submit(HandleUtterance(key=key, person="ada", text=text, device="dev", turn=1))

    async def see(self, kind: str, task: str, answer: Answer = lambda asked: "yes") -> Event:
        """The first event of a kind; questions on the way are answered."""
        async with asyncio.timeout(WAIT_S):
            async for event in self.log.tail("ada", task=task):
                if event.kind == "asked":
                    self.asked.append(event.data)
                    given = answer(event.data)
                    ask, digest = event.data["ask"], event.data["digest"]
                    if given:
                        await self.runner.submit(
                            AnswerAsk(ask=ask, digest=digest, answer=given, person="ada", surface="dev")
                        )
                if event.kind == kind:
                    return event
        raise AssertionError("a tail has no end")

    async def end(self, task: str, answer: Answer = lambda asked: "yes") -> tuple[str, str]:
        done = await self.see("task_done", task, answer)
        return done.data["status"], done.data["sentence"]

    async def kinds(self, task: str) -> list[str]:
        return [event.kind for event in await self.log.read("ada", task=task)]


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


@asynccontextmanager
async def cooking(town: Town, pool: Pool, tmp_path: Path) -> AsyncIterator[Kitchen]:
    """All of it over a town, for as long as the block runs."""
    async with town:
        store = await Store.open(file_url(tmp_path / "store.db"))
        async with store.write() as connection:
            await insert_new(connection, persons, {"id": "ada", "name": "Ada", "zone": "UTC", "created_at": 0.0})
        log = EventLog(store, utc_seconds)
        memory = Memory(store, utc_seconds)
        await memory.remember("ada", {"name": "Ada", "phone": "555 0100", "address": "Elm Street 5"})
        toolbox = Toolbox()
        learning = Learning(store, memory, toolbox, utc_seconds)
        mind = Mind(toolbox, ExactCorrector(), memory=memory, learning=learning)
        runner = Runner(
            mind,
            log,
            folder=tmp_path,
            pictures=Pictures(tmp_path / "pictures"),
            zone=ZoneInfo("UTC"),
            limits=Limits(ask_s=60),
        )
        desk = Desk(
            judge_act=mind.judge_act,
            asks=runner.asks,
            intents=runner.intents,
            ask_s=60,
            kept=lambda name, version: tmp_path / "kept" / name,
            pictures=Pictures(tmp_path / "pictures"),
        )
        sites = {"pizza": town.addresses.pizza, "bistro": town.addresses.bistro}
        for tool in load_skills(SKILLS, sites, pool, desk):
            toolbox.add(tool)
        await runner.start()
        yield Kitchen(town, log, memory, runner, pool, toolbox, desk)
        await runner.stop()
        await store.close()


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
