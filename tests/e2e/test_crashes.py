"""The cloud's process is killed with -9 at each crash point of an order, and started again.

Whatever the point: nothing is ordered twice, an order holds what was asked for and nothing more, the person hears
what happened, and no browser of the dead process is left.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from browser.processes import PidNote
from examples.town.town import Town

pytestmark = pytest.mark.e2e

SKILLS = Path(__file__).parents[2] / "examples" / "skills"
READY_S = 90
TASK_S = 90
# Moments of a kill drawn at random; `make soak` draws more.
KILLS = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 1
ORDER = "order a large pepperoni pizza"


class Process:
    """`leveret serve` on a folder, and its owner at the portal's API, who says yes to every question."""

    def __init__(self, folder: Path, town: Town) -> None:
        self._folder = folder
        self._town = town
        self._process: asyncio.subprocess.Process | None = None
        self._client: httpx.AsyncClient | None = None
        self._drain: asyncio.Task[bytes] | None = None
        self.asked: list[dict[str, Any]] = []

    async def start(self, crash_at: str = "") -> None:
        at = self._town.addresses
        environment = {
            **os.environ,
            "LEVERET_CRASH_AT": crash_at,
            "LEVERET_OWNER_NAME": "Ada",
            "LEVERET_OWNER_PHONE": "555 0100",
            "LEVERET_OWNER_ADDRESS": "Elm Street 5",
        }
        command = [sys.executable, "-m", "cloud.cli", "serve", "--data-dir", str(self._folder), "--port", "0"]
        command += ["--site", f"pizza={at.pizza}", "--site", f"bistro={at.bistro}", "--log", "json"]
        command += ["--allow-local", f"*.localhost:{self._town.port}", "--skills", str(SKILLS)]
        log = (self._folder.parent / "cloud.log").open("ab")
        with log:
            self._process = await asyncio.create_subprocess_exec(
                *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(READY_S):
            text = b""
            while b"}" not in text:
                line = await self._process.stdout.readline()
                assert line, f"the cloud did not start: {self.log()[-2000:]}"
                text += line
        self._drain = asyncio.create_task(self._process.stdout.read())
        token = (self._folder / "people" / "owner.token").read_text().strip()
        self._client = httpx.AsyncClient(
            base_url=msgspec.json.decode(text)["url"], headers={"authorization": f"Bearer {token}"}, timeout=30
        )

    def log(self) -> str:
        return (self._folder.parent / "cloud.log").read_text(errors="replace")

    @property
    def client(self) -> httpx.AsyncClient:
        assert self._client is not None
        return self._client

    async def say(self, text: str) -> str:
        answer = await self.client.post("/api/say", json={"text": text, "key": "1"})
        task: str = answer.json()["task"]
        return task

    async def follow(self, task: str, after: int = 0) -> list[dict[str, Any]]:
        """The task's events past the cursor, to its end or the death of the process; answers what is asked."""
        events: list[dict[str, Any]] = []
        url = f"/api/tasks/{task}/events?after={after}"
        try:
            async with asyncio.timeout(TASK_S):
                async with self.client.stream("GET", url, headers={"accept": "text/event-stream"}) as stream:
                    async for line in stream.aiter_lines():
                        if not line.startswith("data: "):
                            continue
                        events.append(msgspec.json.decode(line[6:]))
                        if events[-1]["kind"] == "asked":
                            self.asked.append(events[-1]["data"])
                            await self._say_yes(events[-1]["data"])
                        if events[-1]["kind"] == "task_done":
                            break
        except httpx.TransportError:
            pass  # The process is dead, which is what the test wants.
        return events

    async def _say_yes(self, asked: dict[str, Any]) -> None:
        await self.client.post(f"/api/asks/{asked['ask']}", json={"digest": asked["digest"], "answer": "yes"})

    def kill(self) -> None:
        """The power goes."""
        assert self._process is not None
        self._process.kill()

    async def died(self) -> int:
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), READY_S)

    async def stop(self) -> None:
        if self._client is not None:
            await self._client.aclose()
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self._process.wait(), READY_S)
        if self._drain is not None:
            await self._drain

    def browsers(self) -> list[PidNote]:
        """The browsers of this folder that were noted, dead or alive."""
        notes = [PidNote.read(file) for file in (self._folder / "browser").glob("*.pid")]
        return [note for note in notes if note is not None]


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with Town() as town:
        yield town


@pytest.fixture
async def cloud(tmp_path: Path, town: Town) -> AsyncIterator[Process]:
    folder = tmp_path / "data"
    folder.mkdir()
    process = Process(folder, town)
    yield process
    await process.stop()


THROUGH = "I was interrupted. Your request went through: order a large pepperoni pizza."
DONE = "I was interrupted. Done: Large Pepperoni"
CASES = {
    # point: orders, questions asked in all, how the task ends, what the person hears at the end
    "before-episode-end": (1, 1, "done", DONE),
    "after-answer": (1, 1, "done", DONE),
    "after-intent": (0, 1, "failed", "I was interrupted. Your request did not go through"),
    "after-click": (1, 1, "done", THROUGH),
    "after-result": (1, 1, "done", THROUGH),
    "after-step": (1, 1, "done", "Done: Large Pepperoni"),
}


@pytest.mark.parametrize("point", CASES)
async def test_an_order_killed_in_the_middle_is_never_made_twice_and_is_told(
    cloud: Process, town: Town, point: str
) -> None:
    orders, questions, status, sentence = CASES[point]
    await cloud.start(crash_at=point)
    browsers = cloud.browsers()
    task = await cloud.say(ORDER)
    before = await cloud.follow(task)
    assert before[-1]["kind"] != "task_done", before[-1]
    assert await cloud.died() == -signal.SIGKILL
    assert len(town.ledger.rows()) <= 1

    await cloud.start()
    after = await cloud.follow(task, before[-1]["cursor"])
    assert after[-1]["kind"] == "task_done", cloud.log()[-3000:]
    assert after[-1]["data"]["status"] == status
    spoken = [event["data"]["text"] for event in before + after if event["kind"] == "said"]
    assert spoken[-1].startswith(sentence)
    assert len(cloud.asked) == questions

    rows = town.ledger.rows()
    assert len(rows) == orders
    assert all((row.size, row.kind, row.quantity) == ("large", "pepperoni", 1) for row in rows)
    assert browsers and not any(note.alive() for note in browsers)

    again = await cloud.say(ORDER)
    assert again == task and len(town.ledger.rows()) == orders


@pytest.mark.parametrize("seed", range(KILLS))
async def test_an_order_killed_at_any_moment_is_made_at_most_once_and_its_end_is_true(
    cloud: Process, town: Town, seed: int
) -> None:
    await cloud.start()
    task = await cloud.say(ORDER)
    following = asyncio.create_task(cloud.follow(task))
    await asyncio.wait((following,), timeout=random.Random(seed).uniform(0.0, 3.0))
    cloud.kill()
    await cloud.died()
    before = await following
    if before and before[-1]["kind"] == "task_done":
        after = before
    else:
        await cloud.start()
        after = await cloud.follow(task, before[-1]["cursor"] if before else 0)
    assert after[-1]["kind"] == "task_done", cloud.log()[-3000:]
    status, orders = after[-1]["data"]["status"], len(town.ledger.rows())
    assert (status, orders) in {("done", 1), ("failed", 0), ("unknown", 0), ("unknown", 1)}, f"seed {seed}"
    assert len(cloud.asked) <= 2
