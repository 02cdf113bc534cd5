"""The composition root: what it starts it ends, and what it is told wrong it says at the start."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import httpx
import pytest

from cloud.app import running
from cloud.config import Config, load
from cloud.engines import Engines
from cloud.errors import ConfigError
from cloud.shelving import skill_files
from cloud.speech.correction import PhoneticCorrector
from cloud.speech.stt import AheadHeard, PartialHeard, SpeechStream
from cloud.tasks.errors import RunnerBusy
from cloud.turns import StoredTurn


class Deaf:
    """Speech to text that nobody talks to."""

    name = "deaf"

    async def ready(self) -> None: ...

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> SpeechStream:
        raise AssertionError("nobody talks in these tests")

    async def close(self) -> None: ...


class Mute:
    """A voice that says nothing."""

    name = "mute"

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        for nothing in ():
            yield nothing

    async def prepare(self, texts: Iterable[str]) -> None: ...

    async def close(self) -> None: ...


def engines() -> Engines:
    return Engines(stt=Deaf(), tts=Mute(), corrector=PhoneticCorrector())


def config(folder: Path) -> Config:
    return load(None, {}, {"data_dir": folder / "data", "port": 0})


def children() -> set[int]:
    mine = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            mine.add(int(status.parent.name))
    return mine


async def test_a_cloud_leaves_no_task_no_process_and_no_note_behind(tmp_path: Path) -> None:
    tasks, processes, threads = asyncio.all_tasks(), children(), set(threading.enumerate())
    async with running(config(tmp_path), speech=engines()) as cloud:
        assert (tmp_path / "data" / "cloud.json").exists()
        async with httpx.AsyncClient(base_url=cloud.url) as client:
            assert (await client.get("/health")).json() == {"ready": True}
        assert children() > processes
        await cloud.beat()
    assert asyncio.all_tasks() == tasks
    assert children() <= processes
    assert not (tmp_path / "data" / "cloud.json").exists()
    left = {thread.name for thread in threading.enumerate() if thread not in threads and not thread.daemon}
    assert not {name for name in left if not name.startswith(("asyncio", "leveret", "ThreadPoolExecutor"))}


async def test_a_cloud_can_be_started_again_on_what_it_left(tmp_path: Path) -> None:
    for _ in range(2):
        async with running(config(tmp_path), speech=engines()) as cloud:
            token = cloud.ground.accounts.open()
            headers = {"authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=cloud.url, headers=headers) as client:
                task = (await client.post("/api/say", json={"text": "what time is it", "key": "k"})).json()["task"]
                async with asyncio.timeout(60):
                    async for event in cloud.ground.events.tail("owner", task=task):
                        if event.kind == "task_done":
                            break
                (listed,) = (await client.get("/api/tasks", headers=headers)).json()["tasks"]
    assert (listed["id"], listed["status"]) == (task, "done")


async def test_a_turn_that_was_acknowledged_and_never_submitted_is_taken_up(tmp_path: Path) -> None:
    async with running(config(tmp_path), speech=engines()) as cloud:
        turn = StoredTurn(device="hare/1", turn=1, person="owner", key="hare/1:1", text="what time is it")
        await cloud.ground.turns.keep(turn)
    async with running(config(tmp_path), speech=engines()) as cloud:
        async with asyncio.timeout(60):
            async for event in cloud.ground.events.tail("owner"):
                if event.kind == "task_done":
                    break
        assert event.data["status"] == "done"
        assert await cloud.ground.turns.unsubmitted() == []


async def test_two_clouds_never_run_on_the_same_data(tmp_path: Path) -> None:
    async with running(config(tmp_path), speech=engines()):
        with pytest.raises(RunnerBusy, match="a cloud that runs"):
            async with running(config(tmp_path), speech=engines()):
                pass


def test_a_folder_of_skills_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        skill_files([tmp_path / "nowhere"])
