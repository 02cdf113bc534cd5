"""Schedules in a whole cloud on a clock that the test sets: made over HTTP and in a terminal, done in the town."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from typer.testing import CliRunner

from cloud.app import Cloud, running
from cloud.cli import program
from cloud.config import Config, load
from cloud.events import Event
from examples.town.town import Town
from tests.cloud.test_app import engines

pytestmark = pytest.mark.e2e

SKILLS = Path(__file__).parents[2] / "examples" / "skills"
BERLIN = ZoneInfo("Europe/Berlin")
WAIT_S = 120


class Stage:
    """One cloud after another on the same data, its clock, and its owner at the API."""

    def __init__(self, folder: Path, town: Town) -> None:
        at = town.addresses
        told: dict[str, Any] = {"data_dir": folder, "port": 0, "timezone": "Europe/Berlin"}
        told |= {"skills": (SKILLS,), "sites": {"pizza": at.pizza, "bistro": at.bistro}}
        told |= {"allow_local": (f"*.localhost:{town.port}",)}
        owner = {
            "LEVERET_OWNER_NAME": "Ada",
            "LEVERET_OWNER_PHONE": "555 0100",
            "LEVERET_OWNER_ADDRESS": "Elm Street 5",
        }
        self.config: Config = load(None, owner, told)
        self.now = 0.0
        self.cloud: Cloud = None  # type: ignore[assignment]
        self.client: httpx.AsyncClient = None  # type: ignore[assignment]

    def set(self, *parts: int) -> None:
        self.now = datetime(*parts, tzinfo=BERLIN).timestamp()  # type: ignore[arg-type,misc]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with running(self.config, clock=lambda: self.now, speech=engines()) as self.cloud:
            headers = {"authorization": f"Bearer {self.cloud.ground.accounts.open()}"}
            async with httpx.AsyncClient(base_url=self.cloud.url, headers=headers, timeout=WAIT_S) as self.client:
                yield

    async def post(self, path: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self.client.post(f"/api/schedules{path}", json=given)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def see(self, kind: str, after: int, task: str | None = None) -> Event:
        async with asyncio.timeout(WAIT_S):
            async for event in self.cloud.ground.events.tail("owner", after, task=task):
                if event.kind == kind:
                    return event
        raise AssertionError("a tail has no end")

    async def at(self, *parts: int) -> str:
        """It is that late, the loop looks, and begins a task: its id."""
        cursor = await self.cloud.ground.events.cursor()
        self.set(*parts)
        self.cloud.brain.schedules.changed()
        return (await self.see("heard", cursor)).task

    async def answer(self, asked: Event, answer: str) -> None:
        given = {"digest": asked.data["digest"], "answer": answer}
        await self.client.post(f"/api/asks/{asked.data['ask']}", json=given)


async def told_time(stage: Stage, *parts: int) -> str:
    task = await stage.at(*parts)
    return str((await stage.see("task_done", 0, task)).data["sentence"])


async def test_schedules_keep_their_times_ask_before_they_order_and_tell_once_what_was_missed(tmp_path: Path) -> None:
    async with Town() as town:
        stage = Stage(tmp_path / "data", town)
        stage.set(2026, 3, 28, 12, 0)
        async with stage.open():
            made = await stage.post("", {"text": "tell me the time", "when": "every day at half past two in the night"})
            assert made["next"][0]["words"] == "tomorrow at three a m", "the clock leaves half past two out"
            assert await told_time(stage, 2026, 3, 29, 3, 0) == "It is three a m."
            assert await told_time(stage, 2026, 3, 30, 2, 30) == "It is two thirty a m."
            stage.set(2026, 10, 24, 12, 0)
            await stage.post(f"/{made['id']}/pause")
            await stage.post(f"/{made['id']}/resume")
            assert await told_time(stage, 2026, 10, 25, 2, 30) == "It is two thirty a m."
            assert await told_time(stage, 2026, 10, 26, 2, 30) == "It is two thirty a m.", "the second one was none"
            await stage.client.delete(f"/api/schedules/{made['id']}")

            order = "every Friday at seven in the evening, order a large pepperoni pizza"
            kept = await stage.post("", {"text": order})
            assert (kept["effect"], kept["when"]) == ("irreversible", "every Friday at seven p m")
            missing = await stage.client.post(
                "/api/schedules", json={"text": "every day at noon, order a pepperoni pizza"}
            )
            assert missing.status_code == 422 and "size" in missing.json()["error"]

            task = await stage.at(2026, 10, 30, 19, 0)
            asked = await stage.see("asked", 0, task)
            assert asked.data["text"] == "Every Friday at seven p m: order a large pepperoni pizza. Shall I?"
            stage.now = asked.data["expires_at"]
            assert (await stage.see("task_done", 0, task)).data["status"] == "expired"
            assert not town.ledger.rows()

            task = await stage.at(2026, 11, 6, 19, 0)
            asked = await stage.see("asked", 0, task)
            await stage.answer(asked, "yes")
            act = await stage.see("asked", asked.cursor, task)
            assert ["Scheduled", "every Friday at seven p m", "leveret"] in act.data["rows"]
            assert not town.ledger.rows()
            await stage.answer(act, "yes")
            assert (await stage.see("task_done", 0, task)).data["status"] == "done"
            assert len(town.ledger.rows()) == 1

            await from_a_terminal(stage)
        stage.set(2026, 11, 14, 9, 30)
        async with stage.open():
            cursor = await stage.cloud.ground.events.cursor()
            said = [event.data["text"] for event in await stage.cloud.ground.events.read("owner") if not event.task]
            while not any("missed" in text for text in said):
                said.append(str((await stage.see("said", cursor)).data["text"]))
            missed = [text for text in said if "missed" in text]
            assert len(missed) == 1 and "order a large pepperoni pizza" in missed[0] and "tell me the time" in missed[0]
            assert len(town.ledger.rows()) == 1


async def from_a_terminal(stage: Stage) -> None:
    """Makes, looks at, leaves out, pauses, removes and brings back one."""

    async def run(*line: str, code: int = 0) -> str:
        command = ["schedule", *line, "--data-dir", str(stage.config.data_dir)]
        result = await asyncio.to_thread(CliRunner().invoke, program, command)
        assert result.exit_code == code, result.output
        return result.output

    assert "nothing is kept" in await run("add", "every hour, tell me the time", "--dry-run")
    made = msgspec.json.decode(await run("add", "every hour, tell me the time", "--overlap", "queue", "--json"))
    assert made["overlap"] == "queue"
    assert "is left out once" in await run("skip", "time")
    assert "is paused" in await run("pause", "time")
    assert "tell me the time: every hour; paused" in await run("list")
    assert "is removed" in await run("remove", "time")
    assert "There is no such schedule" in await run("show", "time", code=2)
    assert "goes on" in await run("resume", made["id"])
