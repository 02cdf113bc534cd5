"""The device on a real socket: what it does when the other end is slow, gone, another, or sends nonsense."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from device.away import NO_CLOUD
from device.errors import ConfigError, ScreenError
from device.handheld import Handheld, Setup
from device.inputs import Typed
from device.modes import mode_of
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.simulation import network_of
from device.state import Mode
from device.uplink import Uplink
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud, has_ipv6
from wire.events import CloudEvent
from wire.link import DeviceLink, Identity
from wire.messages import Answer, Ask, Card, TurnEnd
from wire.outcomes import CloseCode


class BrokenScreen(PngScreen):
    """A screen whose cable is loose."""

    def show(self, image: object, key: str) -> None:
        raise ScreenError("The screen does not answer.")


@contextlib.asynccontextmanager
async def handheld(address: str, *, screen: PngScreen | None = None) -> AsyncIterator[Handheld]:
    parts = Parts(SimulatedButton(), WavMicrophone(fast=True), WavSpeaker(fast=True), screen or PngScreen())
    setup = Setup(address=address, identity=Identity(device=DEVICE, key=KEY, boot="ab" * 16))
    made = Handheld(setup, parts, dice=random.Random(1))
    running = asyncio.create_task(made.run())
    try:
        yield made
        assert not running.done() or running.exception() is None
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(device: Handheld, event: str, position: int = 0) -> dict[str, object]:
    return dict((await asyncio.wait_for(device.journal.wait(event, position), 40)).data)


async def test_a_link_that_breaks_is_resumed_and_what_was_missed_is_shown() -> None:
    async with Cloud().open() as cloud, handheld(cloud.address) as device:
        await until(device, "joined")
        position = device.journal.position
        assert cloud.session is not None
        cloud.session.send(Card(turn=0, title="missed"))
        await cloud.drop()
        joined = await until(device, "joined", position)
        assert joined["resumed"] is True
        card = await until(device, "cloud", position)
        assert card["title"] == "missed"


async def test_a_cloud_that_has_only_an_ipv6_address_is_reached() -> None:
    if not has_ipv6():
        pytest.skip("this machine has no IPv6")
    async with Cloud().open("::1") as cloud, handheld(cloud.address) as device:
        await until(device, "joined")
        device.feed(Typed("what time is it"))
        await cloud.until(lambda: 1 in cloud.turns and cloud.turns[1].end)


async def test_a_card_that_came_is_not_shown_twice_after_a_resume() -> None:
    async with Cloud().open() as cloud, handheld(cloud.address) as device:
        await until(device, "joined")
        assert cloud.session is not None
        cloud.session.send(Card(turn=0, title="once"))
        await cloud.flush()
        await until(device, "cloud")
        position = device.journal.position
        await cloud.drop()
        await until(device, "joined", position)
        cloud.session.send(Card(turn=0, title="then"))
        await cloud.flush()
        assert (await until(device, "cloud", position))["title"] == "then"
        assert [card.title for card in device.state.shelf.cards] == ["once", "then"]


async def test_an_answer_pressed_while_the_link_is_down_arrives_once_and_is_then_forgotten() -> None:
    answered: list[Answer] = []

    async def on_event(cloud: Cloud, event: CloudEvent) -> None:
        if isinstance(event, TurnEnd) and cloud.session is not None:
            ask = Ask(turn=1, ask="q", kind="confirm", text="Sure?", digest="d", expires_at_ms=4_000_000_000_000)
            cloud.session.send(ask)
        if isinstance(event, Answer):
            answered.append(event)

    async with Cloud(on_event).open() as cloud, handheld(cloud.address) as device:
        await until(device, "joined")
        device.feed(Typed("order"))
        await until(device, "answerable")
        await cloud.drop()
        button = device.parts.button
        assert isinstance(button, SimulatedButton)
        await button.click(2)
        await cloud.until(lambda: answered)
        assert [one.answer for one in answered] == ["yes"]
        await asyncio.wait_for(_true(lambda: device.link.idle, device), 20)


async def _true(check: object, device: Handheld) -> None:
    while not check():  # type: ignore[operator]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(device.journal.changed(), 0.05)


@pytest.mark.parametrize(
    ("nonsense", "code"),
    [
        ("nonsense", CloseCode.BAD_MESSAGE),
        ('{"type":"teleport"}', CloseCode.UNKNOWN_MESSAGE),
        (b"nonsense that is long enough for a header", CloseCode.BAD_FRAME),
        ('{"type":"card","number":1,"title":"%s"}' % ("x" * 81), CloseCode.LIMIT),
        ('{"type":"committed","turn":0,"number":9}', CloseCode.OUT_OF_ORDER),
    ],
)
async def test_a_cloud_that_sends_nonsense_is_left_with_a_code_and_tried_again(
    nonsense: str | bytes, code: CloseCode
) -> None:
    async with Cloud().open() as cloud, handheld(cloud.address) as device:
        await until(device, "joined")
        position = device.journal.position
        assert cloud._socket is not None
        await cloud._socket.send(nonsense)
        ended = await until(device, "link_ended", position)
        assert ended["code"] == code.value
        await until(device, "joined", device.journal.position)


async def test_nonsense_from_the_device_costs_its_turn_and_the_next_one_works() -> None:
    async with Cloud().open() as cloud, handheld(cloud.address) as device:
        await until(device, "joined")
        position = device.journal.position
        assert device.uplink._socket is not None
        await device.uplink._socket.send("a text where sound is due")
        ended = await until(device, "link_ended", position)
        assert ended["code"] == "bad_message"
        await until(device, "joined", position)
        device.feed(Typed("hello"))
        await cloud.until(lambda: any(turn.text == "hello" and turn.end for turn in cloud.turns.values()))


async def test_a_device_without_a_screen_still_works() -> None:
    async with Cloud().open() as cloud, handheld(cloud.address, screen=BrokenScreen()) as device:
        failed = await until(device, "part_failed")
        assert failed["part"] == "screen"
        device.feed(Typed("hello"))
        await cloud.until(lambda: any(turn.text == "hello" for turn in cloud.turns.values()))


async def test_a_server_that_is_no_cloud_is_not_talked_to() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server, handheld(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/x") as device:
        told = await until(device, "socket")
        assert told["up"] is False and "404" in str(told["reason"])
        assert device.state.link_sentence == NO_CLOUD


async def test_an_address_that_is_none_is_a_wrong_setting(tmp_path: Path) -> None:
    parts = Parts(SimulatedButton(), WavMicrophone(), WavSpeaker(), PngScreen())
    setup = Setup(address="http://nowhere", identity=Identity(device=DEVICE, key=KEY, boot="ab" * 16))
    with pytest.RaisesGroup(ConfigError, flatten_subgroups=True):
        await Handheld(setup, parts).run()


async def test_a_cloud_that_goes_away_for_good_leaves_an_idle_device_that_says_so() -> None:
    async with Cloud().open() as cloud:
        async with handheld(cloud.address) as device:
            await until(device, "joined")
            assert cloud.link is not None
            cloud.link.close(CloseCode.REPLACED)
            await cloud.flush()
            ended = await until(device, "link_ended")
            assert ended["code"] == "replaced" and not device.state.online
            assert mode_of(device.state) in (Mode.ERROR, Mode.IDLE)


class Slow(random.Random):
    """Dice by which every wait would be longer than any test."""

    def random(self) -> float:
        return 1e6


async def test_a_network_that_comes_back_is_used_at_once_however_long_the_wait_was_to_be() -> None:
    up, looks = asyncio.Event(), 0
    async with Cloud().open() as cloud:
        network = network_of(cloud.address)
        await network.start()
        network.refuse(3_600_000)

        def own_address() -> str:
            nonlocal looks
            looks += 1
            if looks < 3:
                return ""
            network.refuse(0)
            return "10.0.0.7"

        uplink = Uplink(
            DeviceLink(Identity(device=DEVICE, key=KEY, boot="ab" * 16)),
            cloud.address,
            on_event=lambda event: None,
            on_socket=lambda is_up, *_: up.set() if is_up else None,
            dice=Slow(),
            via=network.address,
            address_of_own=own_address,
        )
        running = asyncio.create_task(uplink.run())
        await asyncio.wait_for(up.wait(), 40)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await network.close()
    assert looks >= 3


async def test_a_press_gives_up_a_dial_that_the_network_has_swallowed() -> None:
    up = asyncio.Event()
    async with Cloud().open() as cloud:
        network = network_of(cloud.address)
        await network.start()
        network.black_hole = True
        uplink = Uplink(
            DeviceLink(Identity(device=DEVICE, key=KEY, boot="ab" * 16)),
            cloud.address,
            on_event=lambda event: None,
            on_socket=lambda is_up, *_: up.set() if is_up else None,
            dice=Slow(),
            via=network.address,
            dial_s=3600,
        )
        running = asyncio.create_task(uplink.run())
        await network.taken.wait()
        network.black_hole = False
        uplink.redial()
        await asyncio.wait_for(up.wait(), 40)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await network.close()
