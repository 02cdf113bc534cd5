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
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import Struct

from browser.processes import PidNote
from examples.town.town import Town

pytestmark = pytest.mark.e2e

SKILLS = Path(__file__).parents[2] / "examples" / "skills"
READY_S = 180
TASK_S = 180
AT_ONCE = 3
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
            # A yes counts also when a busy machine takes minutes to start again.
            "LEVERET_LIMITS_ASK_S": "900",
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
        if self._client is not None:
            await self._client.aclose()
        token = (self._folder / "people" / "owner.token").read_text().strip()
        self._client = httpx.AsyncClient(
            base_url=msgspec.json.decode(text)["url"], headers={"authorization": f"Bearer {token}"}, timeout=READY_S
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


class Story(Struct):
    """What came of an order whose cloud was killed: events before and after, and what the town and the person saw."""

    exit: int
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]
    asked: list[dict[str, Any]]
    rows: tuple[Any, ...]
    repeated: bool
    survivors: int
    log: str

    @property
    def end(self) -> dict[str, Any]:
        last = (self.after or self.before)[-1]
        assert last["kind"] == "task_done", self.log[-3000:]
        data: dict[str, Any] = last["data"]
        return data

    @property
    def spoken(self) -> list[str]:
        return [event["data"]["text"] for event in self.before + self.after if event["kind"] == "said"]


async def story(folder: Path, crash_at: str = "", killed_after_s: float | None = None) -> Story:
    """An order; its cloud dies at a crash point, or after so many seconds; then the cloud is started again."""
    (folder / "data").mkdir(parents=True)
    async with Town() as town:
        cloud = Process(folder / "data", town)
        try:
            await cloud.start(crash_at)
            browsers = cloud.browsers()
            task = await cloud.say(ORDER)
            following = asyncio.create_task(cloud.follow(task))
            await asyncio.wait((following,), timeout=killed_after_s)
            if killed_after_s is not None:
                cloud.kill()
            before = await following
            ended = bool(before) and before[-1]["kind"] == "task_done"
            assert killed_after_s is not None or not ended, f"{crash_at} was never reached"
            exit_code = await cloud.died()
            await cloud.start()
            after = [] if ended else await cloud.follow(task, before[-1]["cursor"] if before else 0)
            again = await cloud.say(ORDER)
            return Story(
                exit=exit_code,
                before=before,
                after=after,
                asked=cloud.asked,
                rows=town.ledger.rows(),
                repeated=again != task,
                survivors=sum(note.alive() is not None for note in browsers),
                log=cloud.log(),
            )
        finally:
            await cloud.stop()


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Story]:
    """One story a crash point, a few at a time: most of each is waiting."""
    folder = tmp_path_factory.mktemp("crashes")

    async def told() -> dict[str, Story]:
        room = asyncio.Semaphore(AT_ONCE)

        async def tell(point: str) -> Story:
            async with room:
                return await story(folder / point, crash_at=point)

        return dict(zip(CASES, await asyncio.gather(*map(tell, CASES)), strict=True))

    return asyncio.run(told())


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("point", CASES)
def test_an_order_killed_in_the_middle_is_never_made_twice_and_is_told(stories: dict[str, Story], point: str) -> None:
    orders, questions, status, sentence = CASES[point]
    told = stories[point]
    assert told.exit == -signal.SIGKILL
    assert told.end["status"] == status
    assert told.spoken[-1].startswith(sentence)
    assert len(told.asked) == questions
    assert len(told.rows) == orders
    assert all((row.size, row.kind, row.quantity) == ("large", "pepperoni", 1) for row in told.rows)
    assert told.survivors == 0
    assert not told.repeated


@pytest.mark.parametrize("seed", range(KILLS))
async def test_an_order_killed_at_any_moment_is_made_at_most_once_and_its_end_is_true(
    tmp_path: Path, seed: int
) -> None:
    told = await story(tmp_path, killed_after_s=random.Random(seed).uniform(0.0, 3.0))
    possible = {("done", 1), ("failed", 0), ("unknown", 0), ("unknown", 1)}
    assert (told.end["status"], len(told.rows)) in possible, f"seed {seed}"
    assert len(told.asked) <= 2
    assert told.survivors == 0


async def killed_trial(tmp_path: Path, town: Town, crash_at: str, *person: str) -> None:
    """A skill is tried in the studio by a cloud that kills itself at this point."""
    trying = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.e2e.trying", str(tmp_path / "data"), town.addresses.pizza, str(town.port)),
        *person,
        env={**os.environ, "LEVERET_CRASH_AT": crash_at},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await asyncio.wait_for(trying.wait(), READY_S + TASK_S) == -signal.SIGKILL


async def test_a_skill_tried_in_the_studio_and_killed_in_its_act_is_looked_up_and_never_done_again(
    tmp_path: Path,
) -> None:
    async with Town() as town:
        await killed_trial(tmp_path, town, "after-click")
        cloud = Process(tmp_path / "data", town)
        try:
            await cloud.start()
            [task] = (await cloud.client.get("/api/tasks")).json()["tasks"]
            told = await cloud.follow(task["id"])
            assert told[-1]["kind"] == "task_done" and told[-1]["data"]["status"] == "done", cloud.log()[-2000:]
            assert told[-1]["data"]["sentence"].startswith(
                "I was interrupted. Your request went through: Order a pizza"
            )
            # What was asked was asked before the crash, and agreed to.
            assert (len(town.ledger.rows()), len(cloud.asked)) == (1, 1)
        finally:
            await cloud.stop()


async def test_the_question_of_a_trial_that_was_killed_is_answered_after_a_restart_and_done_once(
    tmp_path: Path,
) -> None:
    async with Town() as town:
        await killed_trial(tmp_path, town, "after-question", "silent")
        cloud = Process(tmp_path / "data", town)
        try:
            await cloud.start()
            [task] = (await cloud.client.get("/api/tasks")).json()["tasks"]
            told = await cloud.follow(task["id"])
            assert [asked["ask"] for asked in cloud.asked] == [f"{task['id']}:1:1"]
            assert told[-1]["data"]["status"] == "done", cloud.log()[-2000:]
            assert told[-1]["data"]["sentence"].startswith("I was interrupted. Done:")
            assert len(town.ledger.rows()) == 1
        finally:
            await cloud.stop()
