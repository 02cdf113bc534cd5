"""One set of timers on device and in the cloud: what is set on one is known to the other, and rings once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from device.clocks import bells
from device.handheld import Handheld
from device.simulation import network_of
from device.state import Mode
from examples.demo.person import person
from tests.e2e.test_waiting import entry

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def until(handheld: Handheld, true: Callable[[], object]) -> None:
    async with asyncio.timeout(120):
        while not true():
            await handheld.journal.changed()


async def test_a_timer_set_without_a_network_is_the_clouds_when_it_is_back_and_one_of_the_clouds_rings_without_it(
    theatre: Any, tmp_path: Path
) -> None:
    device = theatre.stage.accounts.pair("clocks")
    network = network_of(theatre.stage.device_url)
    await network.start()
    url = f"ws://127.0.0.1:{network.address[1]}/device"
    async with person(url, (device.id, device.key), tmp_path / "device", fast=True) as somebody:
        handheld, journal = somebody.handheld, somebody.handheld.journal
        # The person's other timers, of the tests before, are no matter here.
        somebody.type("stop all timers")
        await entry(journal, "cloud", type="task_done")
        await until(handheld, lambda: bells(handheld.state) == ())
        network.refuse(10**9)
        network.drop()
        await entry(journal, "socket", up=False)
        somebody.type("set a timer for twenty minutes")
        await entry(journal, "spoken_here", text="Your timer is set for twenty minutes.")
        (own,) = handheld.state.offline.clocks
        network.refuse(0)
        handheld.uplink.redial()
        await until(handheld, lambda: [one.timer for one in handheld.state.timers] == [own.id])
        assert handheld.state.offline.clocks == ()

        somebody.type("what timers are there")
        await entry(journal, "cloud", type="task_done", sentence="Your timer has twenty minutes left.")
        somebody.type("cancel my timer")
        await until(handheld, lambda: bells(handheld.state) == ())

        somebody.type("set a timer for three seconds")
        await until(handheld, lambda: handheld.state.timers)
        network.refuse(10**9)
        network.drop()
        await until(handheld, lambda: handheld.state.ring is not None)
        await somebody.click(1)
        network.refuse(0)
        handheld.uplink.redial()
        await until(handheld, lambda: handheld.state.online)
        # A word and its answer later whatever the cloud had to say of the timer has come.
        begun = journal.position
        somebody.type("what timers are there")
        await until(
            handheld, lambda: "No timer is running." in [one.data.get("sentence") for one in journal.since(begun)]
        )
        rang = [one for one in journal.since(0) if one.event == "mode" and one.data["mode"] == Mode.RINGING.value]
        assert len(rang) == 1 and handheld.state.ring is None
    await network.close()
