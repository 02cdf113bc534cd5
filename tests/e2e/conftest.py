"""One town, one cloud in a process of its own, one warm browser for all journeys; a device and a person for each."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio
from msgspec import Struct

from cloud.events import Event
from device.journal import Entry
from examples.demo.person import Person, choice_in, person
from examples.demo.run import events_of
from examples.demo.stage import Stage, cloud, stage_of
from examples.town.town import Town
from wire.messages import Ask

WAIT_S = 150.0


class Scene:
    """What a journey's test drives and looks at: the person, the cloud's events, the town's ledger."""

    def __init__(self, stage: Stage, town: Town, somebody: Person, client: httpx.AsyncClient) -> None:
        self.stage = stage
        self.town = town
        self.person = somebody
        self.client = client
        self.events: list[Event] = []
        self._rows = len(town.ledger.rows())
        self._news = asyncio.Event()
        self._position = 0

    @property
    def ordered(self) -> list[dict[str, Any]]:
        """What was ordered since the test began."""
        return [dict(row) for row in msgspec.to_builtins(self.town.ledger.rows())[self._rows :]]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event.data for event in self.events if event.kind == kind]

    @property
    def said(self) -> str:
        return " ".join(data["text"] for data in self.of("said"))

    async def follow(self, after: int) -> None:
        async with contextlib.aclosing(events_of(self.client, after)) as events:
            async for event in events:
                self.events.append(event)
                self._news.set()

    async def event(self, kind: str, count: int = 1) -> dict[str, Any]:
        """The data of the event of that kind with that number, as soon as there is one."""
        async with asyncio.timeout(WAIT_S):
            while len(found := self.of(kind)) < count:
                self._news.clear()
                await self._news.wait()
        return found[count - 1]

    async def noted(self, event: str, where: Callable[[dict[str, Any]], bool] = lambda data: True) -> Entry:
        """The first entry of the device's journal of that name for which `where` holds."""
        journal = self.person.handheld.journal
        async with asyncio.timeout(WAIT_S):
            while True:
                found = [one for one in journal.since(0) if one.event == event and where(dict(one.data))]
                if found:
                    return found[0]
                await journal.changed()

    async def told(self, kind: str, count: int = 1) -> dict[str, Any]:
        """What the device was told: the message of that type with that number."""
        journal = self.person.handheld.journal
        async with asyncio.timeout(WAIT_S):
            while True:
                found = [one.data for one in journal.since(0) if one.event == "cloud" and one.data["type"] == kind]
                if len(found) >= count:
                    return dict(found[count - 1])
                await journal.changed()

    async def question(self) -> Ask:
        """The next question that the device shows and that can be answered."""
        async with asyncio.timeout(WAIT_S):
            ask, self._position = await self.person.question(self._position)
        return ask

    async def confirmation(self, sentence: str) -> Ask:
        """The question before the act; what is asked back before it is answered with what stands in `sentence`."""
        while (ask := await self.question()).kind != "confirm":
            said = choice_in(sentence, ask.choices)
            assert said is not None, f"{ask.text!r} cannot be answered from {sentence!r}"
            await self.person.say(said)
        return ask


class Theatre(Struct, frozen=True):
    """The town, and the stage with the cloud."""

    town: Town
    stage: Stage
    folder: Path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def theatre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Theatre]:
    folder = tmp_path_factory.mktemp("theatre")
    async with (
        Town() as town,
        cloud(folder, town.addresses, folder / "data", environ={"LEVERET_LIMITS_ASK_S": "300"}) as process,
    ):
        yield Theatre(town, stage_of(town.addresses, process, folder / "data"), folder)


Enter = Callable[..., Awaitable[Scene]]


@pytest_asyncio.fixture(loop_scope="session")
async def enter(theatre: Theatre, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Enter]:
    """Enters a scene with a new device; `see` is what its camera shows."""
    name = request.node.name.removeprefix("test_").replace("_", "-")[:38].strip("-")
    async with contextlib.AsyncExitStack() as stack:

        async def begin(
            *, see: Path | None = None, fast: bool = True, stage: Stage = theatre.stage, town: Town = theatre.town
        ) -> Scene:
            town.faults.latency_ms = 0
            device = stage.accounts.pair(name)
            somebody = await stack.enter_async_context(
                person(stage.device_url, (device.id, device.key), tmp_path / "device", see=see, fast=fast)
            )
            headers = {"authorization": f"Bearer {stage.token}"}
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=stage.cloud, headers=headers))
            client.timeout = httpx.Timeout(WAIT_S)
            scene = Scene(stage, town, somebody, client)
            cursor = (await client.get("/api/tasks")).json()["cursor"]
            following = asyncio.create_task(scene.follow(cursor))
            stack.push_async_callback(_over, client, following)
            return scene

        yield begin


async def _over(client: httpx.AsyncClient, following: asyncio.Task[None]) -> None:
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    tasks = (await client.get("/api/tasks")).json()["tasks"]
    for task in tasks:
        if task["status"] in ("queued", "running"):
            await client.post(f"/api/tasks/{task['id']}/cancel", json={})
