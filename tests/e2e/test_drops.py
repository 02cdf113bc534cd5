"""The connection drops, the gateway dies: nothing of an utterance is lost, and nothing is done twice."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Any

import pytest

from device.simulation import network_of
from examples.demo.person import person
from examples.demo.stage import cloud, stage_of
from wire.outcomes import Outcome

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

SENTENCE = "set a timer for twenty five minutes"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


async def until(journal: Any, event: str, **data: Any) -> Any:
    async with asyncio.timeout(60):
        while True:
            for entry in journal.since(0):
                if entry.event == event and data.items() <= dict(entry.data).items():
                    return entry
            await journal.changed()


def final_words(journal: Any) -> list[str]:
    told = [entry.data for entry in journal.since(0) if entry.data.get("type") == "transcript"]
    return [data["text"] for data in told if data.get("final")]


async def test_a_connection_dropped_in_mid_utterance_loses_nothing(theatre: Any, tmp_path: Path) -> None:
    stage = theatre.stage
    device = stage.accounts.pair("dropped")
    line = network_of(stage.device_url)
    async with contextlib.AsyncExitStack() as stack:
        await line.start()
        stack.push_async_callback(line.close)
        url = f"ws://127.0.0.1:{line.address[1]}/device"
        somebody = await stack.enter_async_context(person(url, (device.id, device.key), tmp_path / "device"))
        journal = somebody.handheld.journal
        speaking = asyncio.create_task(somebody.say(SENTENCE))
        await until(journal, "cloud", type="transcript")
        line.drop()
        await speaking
        done = await until(journal, "cloud", type="turn_done")
        joins = [entry.data["resumed"] for entry in journal.since(0) if entry.event == "joined"]
        finals = final_words(journal)
    assert joins == [False, True]
    assert done.data["outcome"] == Outcome.DONE
    assert len(finals) == 1


async def test_a_gateway_killed_in_mid_utterance_loses_nothing(theatre: Any, tmp_path: Path) -> None:
    port = free_port()
    data = tmp_path / "data"
    flags = ("--port", str(port))
    async with contextlib.AsyncExitStack() as stack:
        first = await stack.enter_async_context(cloud(tmp_path, theatre.town.addresses, data, *flags))
        stage = stage_of(theatre.town.addresses, first, data)
        device = stage.accounts.pair("hare")
        somebody = await stack.enter_async_context(
            person(stage.device_url, (device.id, device.key), tmp_path / "device")
        )
        journal = somebody.handheld.journal
        speaking = asyncio.create_task(somebody.say(SENTENCE))
        await until(journal, "cloud", type="transcript")
        await first.kill()
        await stack.enter_async_context(cloud(tmp_path, theatre.town.addresses, data, *flags))
        await speaking
        done = await until(journal, "cloud", type="turn_done")
        entries, finals = journal.since(0), final_words(journal)
    assert done.data["outcome"] == Outcome.DONE
    assert len(finals) == 1
    assert [entry.data["resumed"] for entry in entries if entry.event == "joined"] == [False, False]
