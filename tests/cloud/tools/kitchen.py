"""A runner with the town's skills, a real Chromium and a person who answers, for tests whose judge is the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from browser.pool import Pool
from cloud.clock import utc_seconds
from cloud.commands import AnswerAsk, HandleUtterance
from cloud.events import Event, EventLog
from cloud.lam.learning import Learning
from cloud.lam.mind import Mind
from cloud.lam.toolbox import Toolbox
from cloud.people.memory import Memory
from cloud.runner import Limits, Runner
from cloud.store import Store, file_url, insert_new, persons
from cloud.tools.gate import Desk
from cloud.tools.skills import load_skills
from cloud.turns import Pictures
from examples.town.town import Town
from tests.cloud.exact import ExactCorrector

SKILLS = sorted((Path(__file__).parents[3] / "examples" / "skills").glob("*.json"))
ORDER = "order a large pepperoni pizza"
WAIT_S = 25
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
        for tool in load_skills(SKILLS, sites, pool, desk, toolbox.get):
            toolbox.add(tool)
        await runner.start()
        yield Kitchen(town, log, memory, runner, pool, toolbox, desk)
        await runner.stop()
        await store.close()
