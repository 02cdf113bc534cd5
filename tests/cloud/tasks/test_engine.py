from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from dbos import DBOS

from cloud.tasks.engine import Engine, Workflow, durable

TIMEOUT_S = 60


@asynccontextmanager
async def running(database: Path, workflow: Workflow) -> AsyncIterator[Engine]:
    engine = Engine(database, workflow)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop()


async def ended(engine: Engine, task: str) -> None:
    handle = await DBOS.retrieve_workflow_async(task)
    await asyncio.wait_for(handle.get_result(polling_interval_sec=0.01), TIMEOUT_S)
    assert await engine.state(task) == "ended"


def counting(counts: dict[str, int], name: str) -> Callable[[], Awaitable[int]]:
    async def work() -> int:
        counts[name] = counts.get(name, 0) + 1
        return counts[name]

    return work


async def test_a_task_runs_once_however_often_it_is_started(tmp_path: Path) -> None:
    counts: dict[str, int] = {}

    async def workflow(task: str) -> None:
        await durable("one", int, counting(counts, task))

    async with running(tmp_path / "e.db", workflow) as engine:
        assert await engine.state("t1") == "none"
        await asyncio.gather(*(engine.run("t1") for _ in range(10)))
        await ended(engine, "t1")
        await engine.run("t1")
    assert counts == {"t1": 1}


async def test_nothing_is_left_of_a_task_that_is_forgotten_and_the_others_stay(tmp_path: Path) -> None:
    async def workflow(task: str) -> None:
        await durable("one", str, said)

    async def said() -> str:
        return "take a note that the key is under the pot"

    async with running(tmp_path / "e.db", workflow) as engine:
        for task in ("t1", "t2"):
            await engine.run(task)
            await ended(engine, task)
        await engine.forget(["t1"])
        assert (await engine.state("t1"), await engine.state("t2")) == ("none", "ended")


async def test_after_a_stop_finished_steps_are_kept_and_the_one_in_flight_runs_again(tmp_path: Path) -> None:
    counts: dict[str, int] = {}
    reached = asyncio.Event()

    def workflow(then: Callable[[], Awaitable[int]]) -> Workflow:
        async def run(task: str) -> None:
            assert await durable("first", int, counting(counts, "first")) == 1
            await durable("second", int, then)

        return run

    async def hang() -> int:
        await counting(counts, "second")()
        reached.set()
        return await asyncio.Future()

    async with running(tmp_path / "e.db", workflow(hang)) as engine:
        await engine.run("t1")
        await asyncio.wait_for(reached.wait(), TIMEOUT_S)
        for waiting in asyncio.all_tasks() - {asyncio.current_task()}:
            waiting.cancel()
    async with running(tmp_path / "e.db", workflow(counting(counts, "second"))) as engine:
        await ended(engine, "t1")
    assert counts == {"first": 1, "second": 2}


async def test_a_task_in_flight_goes_on_under_newer_code(tmp_path: Path) -> None:
    """By default the engine names its version after the code's hash, and leaves tasks of older code lying."""
    seen: list[str] = []
    reached = asyncio.Event()

    async def older(task: str) -> None:
        await durable("first", int, counting({}, "first"))
        reached.set()
        await asyncio.Future()

    async def newer(task: str) -> None:
        number = await durable("first", int, counting({"first": 41}, "first"))
        seen.append(f"{task}: first was {number}")

    async with running(tmp_path / "e.db", older) as engine:
        await engine.run("t1")
        await asyncio.wait_for(reached.wait(), TIMEOUT_S)
        for waiting in asyncio.all_tasks() - {asyncio.current_task()}:
            waiting.cancel()
    async with running(tmp_path / "e.db", newer) as engine:
        await ended(engine, "t1")
    assert seen == ["t1: first was 1"]


async def test_the_loop_can_still_use_threads_after_the_engine_stopped(tmp_path: Path) -> None:
    async def workflow(task: str) -> None:
        return

    async with running(tmp_path / "e.db", workflow) as engine:
        await engine.run("t1")
        await ended(engine, "t1")
    assert await asyncio.to_thread(lambda: 7) == 7


def test_importing_the_engine_loads_no_engine() -> None:
    program = "import sys, cloud.tasks.engine; sys.exit('dbos' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=180).returncode == 0
