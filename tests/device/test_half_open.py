"""A link on which nothing arrives any more, and that nobody has closed: a press finds it out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from device.parts.bad_network import BadNetwork
from device.simulation import network_of
from device.uplink import Uplink
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.device.test_tail import Hand, held, said
from wire.events import DeviceEvent, Joined
from wire.link import DeviceLink, Identity
from wire.messages import TurnEnd
from wire.parts import Limits

# By silence alone it would be known only long after the test.
PATIENT = Limits(ping_every_ms=60_000, dead_after_ms=240_000)


@contextlib.asynccontextmanager
async def behind_a_network(folder: Path) -> AsyncIterator[tuple[Cloud, BadNetwork, Hand]]:
    async with Cloud(allowed=PATIENT).open() as cloud:
        network = network_of(cloud.address)
        await network.start()
        async with held(cloud.address, folder, via=network.address) as hand:
            await asyncio.wait_for(hand.journal.wait("joined"), 40)
            yield cloud, network, hand
        await network.close()


async def joined_again(hand: Hand, position: int) -> None:
    joined = await asyncio.wait_for(hand.journal.wait("joined", position), 60)
    assert joined.data["resumed"] is True


async def press_on_a_dead_link(folder: Path, *, up: bool, down: bool) -> None:
    async with behind_a_network(folder) as (cloud, network, hand):
        network.swallow(up=up, down=down)
        position = hand.journal.position
        await hand.hold()
        hand.microphone.capture(2000)
        await joined_again(hand, position)
        hand.microphone.capture(711)
        hand.button.up()
        await cloud.until(lambda: 1 in cloud.turns and cloud.turns[1].end)
    assert cloud.turns[1].pcm == said(0, 2711)
    assert cloud.sockets == 2 and sum(isinstance(event, TurnEnd) for event in cloud.events) == 1


async def test_a_press_on_a_dead_link_dials_a_new_one_and_the_turn_goes_on_there(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        for up, down in ((True, True), (True, False), (False, True)):
            group.create_task(press_on_a_dead_link(tmp_path / f"{up}{down}", up=up, down=down))


async def test_a_link_that_dies_while_somebody_speaks_is_found_dead_at_the_release(tmp_path: Path) -> None:
    async with behind_a_network(tmp_path) as (cloud, network, hand):
        await hand.hold()
        hand.microphone.capture(2000)
        await cloud.until(lambda: 1 in cloud.turns and cloud.turns[1].pcm)
        network.swallow()
        position = hand.journal.position
        hand.microphone.capture(711)
        hand.button.up()
        await joined_again(hand, position)
        await cloud.until(lambda: cloud.turns[1].end)
    assert cloud.turns[1].pcm == said(0, 2711)
    assert sum(isinstance(event, TurnEnd) for event in cloud.events) == 1


async def test_a_press_on_a_link_that_lives_leaves_it_alone(tmp_path: Path) -> None:
    async with behind_a_network(tmp_path) as (cloud, network, hand):
        network.delay_ms = 100
        for turn in (1, 2, 3):
            await hand.hold()
            hand.microphone.capture(400)
            await hand.microphone.taken()
            hand.button.up()
            await cloud.until(lambda turn=turn: turn in cloud.turns and cloud.turns[turn].end)  # type: ignore[misc]
    assert cloud.sockets == 1


async def test_a_socket_over_a_network_that_the_device_has_left_is_found_dead_with_nobody_pressing() -> None:
    addresses, joined = ["10.0.0.7"], asyncio.Queue[bool]()

    def told(event: DeviceEvent) -> None:
        if isinstance(event, Joined):
            joined.put_nowait(event.welcome.resumed)

    async with Cloud(allowed=PATIENT).open() as cloud:
        network = network_of(cloud.address)
        await network.start()
        uplink = Uplink(
            DeviceLink(Identity(device=DEVICE, key=KEY, boot="ab" * 16)),
            cloud.address,
            on_event=told,
            on_socket=lambda *_: None,
            via=network.address,
            address_of_own=lambda: addresses[-1],
        )
        running = asyncio.create_task(uplink.run())
        assert await asyncio.wait_for(joined.get(), 40) is False
        network.swallow()
        addresses.append("10.0.8.3")
        assert await asyncio.wait_for(joined.get(), 60) is True
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await network.close()
