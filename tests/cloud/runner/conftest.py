"""A whole runner over a fresh folder, with a real mind that hears word for word, and tools that tell what they did."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct

from cloud.clock import Clock, utc_seconds
from cloud.commands import HandleUtterance
from cloud.events import Event, EventLog
from cloud.lam.learning import Learning
from cloud.lam.mind import Mind
from cloud.lam.toolbox import Effect, Outcome, Run, Toolbox
from cloud.people.belongings import Belongings, belongings_of
from cloud.people.memory import Memory
from cloud.runner import Limits, Runner
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.running import TaskRun
from cloud.turns import Pictures
from language.entities import Choice, Slot, Value
from tests.cloud.exact import ExactCorrector

WAIT_S = 60
SIZES = Slot(name="size", kind="choice", choices=(Choice("small"), Choice("large")), question="What size?")

Work = Callable[[Mapping[str, Value], Run], Awaitable[Outcome]]


class Act(Struct, frozen=True, kw_only=True):
    """A tool made of a function."""

    name: str
    utterances: tuple[str, ...]
    work: Work
    slots: tuple[Slot, ...] = ()
    effect: Effect = "reversible"
    description: str = "does what a test wants"

    async def run(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return await self.work(arguments, run)


def tell_half_done(run: Run) -> None:
    assert isinstance(run, TaskRun)
    run.tell("changed", {"step": "add", "words": "clicked “Add to cart”"})


class Person:
    """Ada: says things to a runner, and watches what comes of them."""

    def __init__(self, runner: Runner, log: EventLog) -> None:
        self.runner = runner
        self.log = log
        self._turn = 0

    async def say(self, text: str, *, ask: str = "", key: str = "", age_s: float = 0.0) -> str:
        self._turn += 1
        said = HandleUtterance(
            key=key or f"dev:{self._turn}",
            person="ada",
            text=text,
            device="dev",
            turn=self._turn,
            ask=ask,
            said_at=self.log.clock() - age_s if age_s else 0.0,
        )
        return await self.runner.submit(said)

    async def see(self, kind: str, task: str = "", *, after: int = 0) -> Event:
        """The first event of this kind past the cursor, waited for."""

        async def look() -> Event:
            async for event in self.log.tail("ada", after, task=task or None):
                if event.kind == kind:
                    return event
            raise AssertionError("a tail has no end")

        return await asyncio.wait_for(look(), WAIT_S)

    async def end(self, task: str) -> tuple[str, str]:
        """Status and sentence of a task's end, waited for."""
        done = await self.see("task_done", task)
        return done.data["status"], done.data["sentence"]

    async def kinds(self, task: str) -> list[str]:
        return [event.kind for event in await self.log.read("ada", task=task)]

    async def spoken(self, task: str) -> list[str]:
        return [event.data["text"] for event in await self.log.read("ada", task=task) if event.kind == "said"]


class House:
    """The runner under test, and what a person sees of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.did: list[str] = []
        self.reached = asyncio.Event()
        self.release = asyncio.Event()
        self.ready: Callable[[Person], object] = lambda person: None  # what is to be done before the runner starts
        self.toolbox = Toolbox(self._tools())
        self.clock: Clock = utc_seconds
        self.zone = ZoneInfo("UTC")

    def _tools(self) -> list[Act]:
        return [
            Act(name="greet", utterances=("say hello",), work=self._greet, effect="read"),
            Act(name="brew", utterances=("brew a [{size}] tea",), work=self._brew, slots=(SIZES,)),
            Act(name="dig", utterances=("dig a hole",), work=self._dig),
            Act(name="pay", utterances=("pay the bill",), work=self._brew, effect="irreversible"),
            Act(name="launch", utterances=("launch the rocket",), work=self._dig, effect="irreversible"),
            Act(name="cling", utterances=("cling to it",), work=self._cling),
            Act(name="fall", utterances=("fall over",), work=self._fall),
            Act(name="trip", utterances=("trip over it",), work=self._trip),
            Act(name="sow", utterances=("sow the field",), work=self._sow),
        ]

    async def _greet(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        self.did.append("greet")
        return Outcome(status="done", sentence="Hello.")

    async def _brew(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        what = f"{arguments.get('size', 'bill')}"
        self.did.append(what)
        return Outcome(status="done", sentence=f"Done: {what}.")

    async def _dig(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        """Takes until it is released."""
        self.did.append("dig")
        await run.progress("digging", number=1, of=2)
        self.reached.set()
        await self.release.wait()
        return Outcome(status="done", sentence="There is a hole.")

    async def _cling(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        """Does not let go when it is cancelled, as a browser that hangs."""
        try:
            return await self._dig(arguments, run)
        finally:
            await self.release.wait()

    async def _fall(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        raise ZeroDivisionError("a bug of the tool")

    async def _trip(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        """Breaks when something was changed already."""
        tell_half_done(run)
        raise ZeroDivisionError("a bug of the tool")

    async def _sow(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        """Takes until it is released, when something was changed already."""
        tell_half_done(run)
        return await self._dig(arguments, run)

    def belongings(self, person: Person) -> Belongings:
        """Lists and journal in the store of the runner."""
        pictures = Pictures(self.folder / "pictures")
        return belongings_of(person.log.store, self.clock, folder=self.folder, taken=pictures)

    @asynccontextmanager
    async def open(self, **limits: Any) -> AsyncIterator[Person]:
        store = await Store.open(file_url(self.folder / "store.db"))
        async with store.write() as connection:
            await insert_new(connection, persons, {"id": "ada", "name": "Ada", "zone": "UTC", "created_at": 0.0})
        log = EventLog(store, self.clock)
        memory = Memory(store, self.clock)
        learning = Learning(store, memory, self.toolbox, self.clock)
        mind = Mind(self.toolbox, ExactCorrector(), memory=memory, learning=learning)
        runner = Runner(
            mind,
            log,
            folder=self.folder,
            pictures=Pictures(self.folder / "pictures"),
            zone=self.zone,
            limits=Limits(**limits),
        )
        person = Person(runner, log)
        self.ready(person)
        await runner.start()
        try:
            yield person
        finally:
            await runner.stop()
            await store.close()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)
