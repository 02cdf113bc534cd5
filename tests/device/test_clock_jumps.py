"""The time of day jumps, or was never set: nothing that has a deadline notices."""

from __future__ import annotations

import asyncio
import random
from typing import Final

import pytest

from device.clock import LEAST_WALL_MS
from device.handheld import Handheld, Setup
from device.inputs import Typed
from device.modes import mode_of
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.state import Mode
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.device.test_uplink import until
from wire.events import CloudEvent
from wire.link import Identity
from wire.messages import Ask, TurnEnd, TurnStart

HOUR_MS: Final = 3_600_000
NOW_MS: Final = LEAST_WALL_MS + 300 * 24 * HOUR_MS


class WallClock:
    """A time of day that somebody sets."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


def made(address: str, wall: WallClock) -> Handheld:
    parts = Parts(SimulatedButton(), WavMicrophone(fast=True), WavSpeaker(fast=True), PngScreen())
    setup = Setup(address=address, identity=Identity(device=DEVICE, key=KEY, boot="ab" * 16))
    return Handheld(setup, parts, wall_ms=wall, dice=random.Random(1))


async def ask(cloud: Cloud, event: CloudEvent) -> None:
    if isinstance(event, TurnEnd) and cloud.session is not None:
        question = Ask(turn=1, ask="q", kind="confirm", text="Sure?", digest="d", expires_at_ms=4_000_000_000_000)
        cloud.session.send(question)


@pytest.mark.parametrize("jump_ms", [-HOUR_MS, 24 * HOUR_MS, -NOW_MS], ids=["an hour back", "a day on", "to 1970"])
async def test_a_jump_of_the_clock_expires_no_question_and_moves_no_turn(jump_ms: int) -> None:
    wall = WallClock(NOW_MS)
    async with Cloud(ask).open() as cloud:
        device = made(cloud.address, wall)
        running = asyncio.create_task(device.run())
        await until(device, "joined")
        offset_ms = device.state.offset_ms
        device.feed(Typed("order"))
        await until(device, "answerable")
        wall.now_ms += jump_ms
        position = device.journal.position
        await cloud.drop()
        await until(device, "joined", position)
        assert abs(device.state.offset_ms - offset_ms) < 60_000, "the cloud's time counts, not the device's"
        assert device.state.asks and mode_of(device.state) is Mode.ASKING
        device.feed(Typed("and again"))
        await cloud.until(lambda: 2 in cloud.turns)
        starts = [event for event in cloud.events if isinstance(event, TurnStart)]
        assert abs(starts[1].said_at_ms - starts[0].said_at_ms) < 60_000
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_device_that_starts_in_1970_knows_no_time_until_it_is_told_one() -> None:
    wall = WallClock(12_000)
    device = made("ws://127.0.0.1:1/device", wall)
    running = asyncio.create_task(device.run())
    await until(device, "socket")
    assert not device.state.clock_known and device._said_at_ms() == 0
    wall.now_ms = NOW_MS
    await until(device, "socket", device.journal.position)
    assert device.state.clock_known and abs(device._clock_ms() + device.state.offset_ms - NOW_MS) < 60_000
    assert device._said_at_ms() == 0, "a clock that nobody has confirmed dates no request"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
