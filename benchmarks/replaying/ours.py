"""The skill as the cloud runs it, and the same order as a plain Playwright script, on one pool of ours."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Page as PlaywrightPage

from browser.context import TaskContext
from browser.pool import Pool
from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.lam.judgement import Request, judge_act
from cloud.lam.planning import Step
from cloud.store import Store
from cloud.tasks.asks import EXPIRY_S, Ask, Asks, Taken
from cloud.tasks.intents import Intents
from cloud.tasks.leases import Leases
from cloud.tasks.records import Tasks
from cloud.tasks.running import TaskRun
from cloud.tools.gate import Desk
from cloud.tools.skills import SkillTool
from teach_mode.checks import read_skill

SKILL = Path(__file__).parents[2] / "examples" / "skills" / "pizza.json"
ME = "ada"
ORDER: dict[str, Any] = {
    "size": "large",
    "kind": "pepperoni",
    "toppings": ("olives",),
    "name": "Ada Example",
    "phone": "555 0100 22",
    "address": "Elm Street 5",
}
ANSWER_AFTER_S = 0.7


class TimedPool(Pool):
    """Notes when the last context was opened, and when its user was done with it."""

    opened_s = 0.0
    left_s = 0.0

    @asynccontextmanager
    async def context(
        self, *, navigate: Sequence[str], load: Sequence[str] = (), **more: Any
    ) -> AsyncIterator[TaskContext]:
        async with super().context(navigate=navigate, load=load, **more) as task:
            self.opened_s = time.perf_counter()
            yield task
            self.left_s = time.perf_counter()


class AskedPerson(Asks):
    """The store's asks, and a person who says yes. `waited_s` is the time from questions sent to answers received."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(log)
        self.waited_s = 0.0
        self._answers: set[asyncio.Task[None]] = set()

    async def open(self, ask: Ask, *, expiry_s: float = EXPIRY_S) -> Ask:
        opened = await super().open(ask, expiry_s=expiry_s)
        answering = asyncio.create_task(self._say_yes(opened, time.perf_counter()))
        self._answers.add(answering)
        answering.add_done_callback(self._answers.discard)
        return opened

    async def _say_yes(self, ask: Ask, asked_s: float) -> None:
        await asyncio.sleep(ANSWER_AFTER_S)
        taken: Taken = await self.answer(ask.id, digest=ask.digest, answer="yes", person=ask.person)
        self.waited_s += time.perf_counter() - asked_s
        if taken != "taken":
            raise SystemExit(f"the yes was not taken: {taken}")


class Runner:
    """Runs the skill as a task of a store."""

    def __init__(self, store: Store, pool: TimedPool, base: str, folder: Path) -> None:
        self._store = store
        self._pool = pool
        self._folder = folder
        self._log = EventLog(store, time.time)
        self._asks = AskedPerson(self._log)
        self.skill = read_skill(SKILL).at(base)
        desk = Desk(
            judge_act=lambda act, request: judge_act(act, self._tool, request),
            asks=self._asks,
            intents=Intents(self._log),
        )
        self._tool = SkillTool(self.skill, pool, desk)

    async def run_ms(self, number: int) -> float:
        """One task, without the time from the question to the yes."""
        run = await self._run(number)
        writer = asyncio.create_task(run.keep_writing())
        self._asks.waited_s = 0.0
        outcome = await self._tool.run(ORDER, run)
        run.end()
        await writer
        if outcome.status != "done" or "Order P-" not in outcome.sentence:
            raise SystemExit(f"the replay went wrong: {outcome.status} {outcome.sentence}")
        return (self._pool.left_s - self._pool.opened_s - self._asks.waited_s) * 1000

    async def _run(self, number: int) -> TaskRun:
        said = HandleUtterance(key=f"bench:{number}", person=ME, text="order a large pepperoni pizza")
        task, _ = await Tasks(self._log).open(said, f"t{number}")
        lease = await Leases(self._store, time.time).acquire(f"task:{task.id}", "bench")
        name = self.skill.name
        return TaskRun(
            task,
            Step(number=1, tool=name, arguments=ORDER, effect="irreversible", words=said.text),
            log=self._log,
            lease=lease,
            request=Request(person=ME, text=said.text, tools=(name,), cap="50.00"),
            deadline=datetime.now(UTC) + timedelta(minutes=1),
            folder=self._folder / task.id,
        )


async def scripted_ms(pool: TimedPool, skill_hosts: Sequence[str], base: str) -> float:
    """The same order as a person would script it with Playwright."""
    async with pool.context(navigate=skill_hosts) as task:
        number, arrives = await script(await task.playwright.new_page(), base)
    if not number.startswith("P-") or ":" not in arrives:
        raise SystemExit(f"the script went wrong: {number!r} {arrives!r}")
    return (pool.left_s - pool.opened_s) * 1000


async def script(page: PlaywrightPage, base: str) -> tuple[str, str]:
    """Order a large pepperoni with olives; the order's number and its time of arrival."""
    await page.goto(base)
    await page.get_by_role("link", name="Choose Pepperoni").click()
    await page.get_by_label("Large", exact=True).check()
    await page.get_by_label("Olives", exact=True).check()
    await page.get_by_role("button", name="Add to cart").click()
    await page.get_by_role("link", name="Checkout").click()
    await page.get_by_label("Name", exact=True).fill(ORDER["name"])
    await page.get_by_label("Phone", exact=True).fill(ORDER["phone"])
    await page.get_by_label("Address", exact=True).fill(ORDER["address"])
    await page.get_by_role("button", name="Continue to review").click()
    await page.get_by_role("button", name="Order and pay").click()
    number = await page.get_by_test_id("number").inner_text()
    return number, await page.get_by_test_id("arrives").inner_text()
