"""How much does care cost? The pizza skill as the cloud runs it, against a plain Playwright script.

Both start in a fresh context with the same options, on the same warm browser and through the same egress proxy, and end
with the same assertion (the order's number and its time of arrival are read). The clock runs from the moment the
context is open to the moment its last reader is done. The pairs are interleaved and take turns in going first; after
`--pairs` of them there are more until the median of their ratios is known to `SWING`, or there are `MOST_PAIRS`.

Ours is `SkillTool.run` with its real store: every fingerprint verified, every step judged, the read-backs read twice,
the evidence counted, the question, intent and result synced to SQLite, progress written, the browser filmed. The
person says yes 700 ms after the question is asked, which is when a device first takes an answer; the time from the
question to the yes is subtracted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from playwright.async_api import Page as PlaywrightPage
from rich.console import Console
from rich.table import Table

from browser.context import TaskContext
from browser.pool import Pool, PoolConfig
from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.lam.judgement import Request, judge_act
from cloud.lam.planning import Step
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.asks import EXPIRY_S, Ask, Asks, Taken
from cloud.tasks.intents import Intents
from cloud.tasks.leases import Leases
from cloud.tasks.records import Tasks
from cloud.tasks.running import TaskRun
from cloud.tools.gate import Desk
from cloud.tools.skills import SkillTool
from teach_mode.checks import read_skill

SKILL = Path(__file__).parent.parent / "examples" / "skills" / "pizza.json"
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
PAIRS = 30
MOST_PAIRS = 80
WARM_UP = 3
# Half the width of the 95 % interval of the median ratio at which it is known well enough.
SWING = 0.02


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


@asynccontextmanager
async def town_beside() -> AsyncIterator[str]:
    """The town in a process of its own, with no latency; the pizza shop's address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "examples.town", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise SystemExit("the town does not say where it is")
        yield json.loads(await process.stdout.readline())["pizza"]
    finally:
        process.terminate()
        await process.wait()


class Times(Struct, frozen=True):
    """One order: on the clock, and on this process's processor (Chromium's and the driver's are not in it)."""

    took_ms: float
    python_ms: float


class Pair(Struct, frozen=True):
    """The same order by the skill and by the script, one after the other."""

    replayed: Times
    scripted: Times

    @property
    def ratio(self) -> float:
        """How much longer the skill took."""
        return self.replayed.took_ms / self.scripted.took_ms


def swing_of(ratios: Sequence[float]) -> float:
    """Half the width of the 95 % interval of their median, by order statistics (binomial, normal approximation)."""
    ranked, half = sorted(ratios), 1.96 * math.sqrt(len(ratios)) / 2
    low, high = math.floor(len(ranked) / 2 - half), math.ceil(len(ranked) / 2 + half)
    return (ranked[min(high, len(ranked) - 1)] - ranked[max(low, 0)]) / 2


def enough(found: Sequence[Pair], pairs: int) -> bool:
    """Whether the ratio is known well enough."""
    known = len(found) > 1 and swing_of([pair.ratio for pair in found]) <= SWING
    return len(found) >= pairs and (known or len(found) >= max(pairs, MOST_PAIRS))


async def timed(order: Awaitable[float]) -> Times:
    """One order with its processor time."""
    began_s = time.process_time()
    return Times(took_ms=await order, python_ms=(time.process_time() - began_s) * 1000)


async def measure(pairs: int) -> list[Pair]:
    """At least so many pairs, after a warm-up that does not count."""
    found: list[Pair] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = await Store.open(file_url(folder / "store.db"))
        async with store.write() as connection:
            await insert_new(connection, persons, {"id": ME, "name": "Ada", "zone": "UTC", "created_at": 0.0})
        async with town_beside() as base:
            config = PoolConfig(state_dir=folder / "browser", allow_local=(base.removeprefix("http://"),))
            pool = TimedPool(config)
            async with pool:
                runner = Runner(store, pool, base, folder)
                number = 0
                while not enough(found, pairs):
                    times: dict[bool, Times] = {}
                    for ours in (True, False) if number % 2 else (False, True):
                        order = runner.run_ms(number) if ours else scripted_ms(pool, runner.skill.navigates, base)
                        times[ours] = await timed(order)
                    if number >= WARM_UP:
                        found.append(Pair(replayed=times[True], scripted=times[False]))
                    number += 1
        await store.close()
    return found


def report(found: Sequence[Pair]) -> dict[str, float]:
    """Print the table; what goes into the last line."""
    ratios = [pair.ratio for pair in found]
    rows = {"replay": [pair.replayed for pair in found], "Playwright script": [pair.scripted for pair in found]}
    table = Table("", "median", "fastest", "slowest", "Python's processor time", title="Order a pizza, ms")
    for name, times in rows.items():
        took = [one.took_ms for one in times]
        python_ms = statistics.median(one.python_ms for one in times)
        table.add_row(name, *(f"{one:.0f}" for one in (statistics.median(took), min(took), max(took), python_ms)))
    table.add_row("ratio of a pair", *(f"{one:.3f}" for one in (statistics.median(ratios), min(ratios), max(ratios))))
    Console().print(table)
    medians = {
        f"{name.split()[0].lower()}_ms_p50": round(statistics.median(one.took_ms for one in times), 1)
        for name, times in rows.items()
    }
    ratio = {"ratio_vs_playwright": round(statistics.median(ratios), 4), "swing": round(swing_of(ratios), 4)}
    return {"pairs": len(found), **ratio, **medians}


def main() -> None:
    """Measure, print the table and, last, one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"how many pairs at least (default {PAIRS})")
    found = asyncio.run(measure(parser.parse_args().pairs))
    print(msgspec.json.encode(report(found)).decode())


if __name__ == "__main__":
    main()
