"""What is said without a network waits on the device and is done when there is one; an order is asked about again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from device.inputs import Tick
from device.offline import OFFLINE
from device.simulation import network_of
from examples.demo.person import person

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

HOURS_MS = 3 * 3_600_000


async def entry(journal: Any, event: str, **data: Any) -> Any:
    async with asyncio.timeout(120):
        while True:
            for one in journal.since(0):
                if one.event == event and data.items() <= dict(one.data).items():
                    return one
            await journal.changed()


def hours_pass(handheld: Any) -> None:
    """What waits was said three hours ago."""
    offline = handheld.state.offline
    waiting = tuple(replace(one, said_ms=one.said_ms - HOURS_MS) for one in offline.waiting)
    handheld.state = replace(handheld.state, offline=replace(offline, waiting=waiting))


async def test_an_order_that_waited_is_asked_about_again_and_then_made_once(theatre: Any, tmp_path: Path) -> None:
    device = theatre.stage.accounts.pair("waited")
    ordered = len(theatre.town.ledger.rows())
    network = network_of(theatre.stage.device_url)
    await network.start()
    url = f"ws://127.0.0.1:{network.address[1]}/device"
    async with person(url, (device.id, device.key), tmp_path / "device", fast=True) as somebody:
        handheld, journal = somebody.handheld, somebody.handheld.journal
        network.refuse(10**9)
        await entry(journal, "socket", up=False)
        await somebody.say("order a large pepperoni pizza")
        await entry(journal, "spoken_here", text=OFFLINE)
        assert len(handheld.state.offline.waiting) == 1
        hours_pass(handheld)
        network.refuse(0)
        handheld.uplink.redial()
        handheld.feed(Tick())

        async with asyncio.timeout(120):
            still, position = await somebody.question(0)
        assert still.text == "Three hours ago you said: order a large pepperoni pizza. Shall I still do it?"
        assert still.kind == "confirm" and len(theatre.town.ledger.rows()) == ordered
        await somebody.click(2)
        async with asyncio.timeout(120):
            act, _ = await somebody.question(position)
        assert {row.value for row in act.rows} >= {"14.50"}
        await somebody.click(2)
        await entry(journal, "cloud", type="task_done", outcome="done")
        assert handheld.state.offline.waiting == ()
    await network.close()
    assert len(theatre.town.ledger.rows()) == ordered + 1
