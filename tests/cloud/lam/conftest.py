"""A small Toolbox with two sites and real built-ins, and a mind over it that hears word for word."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

from cloud import store as tables
from cloud.events import EventLog
from cloud.history.archive import Archive
from cloud.lam.goals import Goal
from cloud.lam.learning import Learning
from cloud.lam.mind import Mind
from cloud.lam.perception import Percept, Utterance
from cloud.lam.toolbox import Effect, Outcome, Run, Toolbox
from cloud.people.belongings import belongings_of
from cloud.people.memory import Memory
from cloud.store import Store, file_url, put
from cloud.tasks.timers import Timers
from cloud.tools.builtin import add_builtins
from cloud.turns import Pictures
from language.entities import Choice, Slot, Value
from tests.cloud.exact import ExactCorrector

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
ADA = "ada"


class Site(Struct, frozen=True, kw_only=True):
    """A tool that would act on a website."""

    name: str
    description: str
    utterances: tuple[str, ...]
    slots: tuple[Slot, ...]
    navigates: tuple[str, ...]
    effect: Effect = "irreversible"

    async def run(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        raise AssertionError("no test of the stages runs a site")


SIZE = Slot(
    name="size",
    kind="choice",
    choices=(Choice("small"), Choice("medium", ("middle",)), Choice("large", ("big",))),
    question="What size?",
)
KIND = Slot(
    name="kind", kind="choice", choices=(Choice("margherita"), Choice("pepperoni"), Choice("funghi")), question="Which?"
)
PIZZA = Site(
    name="order_pizza",
    description="order a pizza",
    utterances=("order a [{size}] {kind} pizza", "order a pizza"),
    slots=(SIZE, KIND, Slot(name="address", kind="text", question="To which address?")),
    navigates=("http://pizza.example:8100",),
)
BISTRO = Site(
    name="book_table",
    description="book a table",
    utterances=("book a table [for {people}] [at {when}]",),
    slots=(
        Slot(name="people", kind="integer", least=1, most=8, question="For how many?"),
        Slot(name="when", kind="when", least=18, most=21, question="For when?"),
    ),
    navigates=("http://bistro.example:8100",),
)
TAVERN = Site(
    name="book_tavern",
    description="book at the tavern",
    utterances=("book a table [for {people}] [at {when}]",),
    slots=BISTRO.slots,
    navigates=("https://tavern.example",),
)


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.at = NOW.timestamp()

    def __call__(self) -> float:
        return self.at


class FakeRun:
    """What a task gives to a tool that it runs."""

    def __init__(self, clock: Clock, *, task: str = "task", step: int = 1, left_s: float = 60.0) -> None:
        self.task, self.step, self.person = task, step, ADA
        self._clock = clock
        self.picture = ""
        self.deadline = self.now() + timedelta(seconds=left_s)
        self.events: list[tuple[str, Mapping[str, Any]]] = []

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def said_at(self) -> datetime:
        return self.now()

    async def progress(self, text: str, *, number: int = 0, of: int = 0) -> None:
        self.events.append(("progress", {"text": text}))

    async def event(self, kind: str, data: Mapping[str, Any]) -> None:
        self.events.append((kind, data))


class Reader:
    """Reads in every picture the words that the test put there."""

    def __init__(self) -> None:
        self.words = ""
        self.asked = 0

    async def read(self, picture: Image.Image) -> str:
        self.asked += 1
        return self.words


def take_photo(code: str = "", words: str = "", form: str = "JPEG", **options: Any) -> bytes:
    """A page with a QR code and a line of words."""
    page = Image.new("RGB", (640, 480), "white")
    if code:
        made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
        page.paste(Image.fromarray(np.array(made.to_image(scale=5))), (30, 60))
    if words:
        ImageDraw.Draw(page).text((300, 200), words, fill="black", font=ImageFont.load_default(40))
    buffer = BytesIO()
    page.save(buffer, form, **options)
    return buffer.getvalue()


class House(Struct):
    """Everything that a stage is given."""

    clock: Clock
    store: Store
    log: EventLog
    memory: Memory
    timers: Timers
    learning: Learning
    toolbox: Toolbox
    mind: Mind
    reader: Reader

    now: datetime = NOW
    person: str = ADA

    def run(self, **more: Any) -> FakeRun:
        return FakeRun(self.clock, **more)

    async def percept(self, text: str, **picture: Any) -> Percept:
        said = Utterance(text=text, spoken=True)
        return await self.mind.perceive(said, person=ADA, now=NOW, **picture)

    async def goal(self, text: str, **picture: Any) -> Goal:
        return await self.mind.infer(await self.percept(text, **picture), person=ADA)

    async def answer(self, goal: Goal, text: str) -> Goal:
        """The goal after its question was answered in words."""
        assert goal.question is not None
        answer = await self.mind.settle(goal.question, Utterance(text=text, spoken=True), now=NOW)
        assert answer is not None, f"{text!r} answers nothing"
        return self.mind.resume(goal, answer)


async def nothing_runs(person: str, but: str) -> int:
    return 0


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    clock = Clock()
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        await put(connection, tables.persons, {"id": ADA, "name": "Ada", "zone": "UTC", "created_at": 1.0})
    log = EventLog(store, clock)
    memory, timers, toolbox = Memory(store, clock), Timers(log, clock), Toolbox((PIZZA, BISTRO))
    add_builtins(
        toolbox,
        store=store,
        memory=memory,
        timers=timers,
        belongings=belongings_of(store, clock, folder=tmp_path, taken=Pictures(tmp_path)),
        archive=Archive(log, tmp_path / "tasks"),
        cancel_others=nothing_runs,
    )
    learning = Learning(store, memory, toolbox, clock)
    reader = Reader()
    mind = Mind(toolbox, ExactCorrector(), memory=memory, learning=learning, read_text=reader)
    yield House(clock, store, log, memory, timers, learning, toolbox, mind, reader)
    await store.close()


@pytest.fixture(scope="session")
def sites() -> dict[str, Site]:
    return {site.name: site for site in (PIZZA, BISTRO, TAVERN)}


@pytest.fixture(scope="session")
def photo() -> Callable[..., bytes]:
    return take_photo
