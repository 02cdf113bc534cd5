"""A whole device that loses its cloud and gets it back, against a small cloud on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from device import menu
from device.clock import steady_ms
from device.cupboard import Cupboard
from device.gestures import COUNT_MS, HOLD_MS
from device.handheld import Handheld, Setup
from device.inputs import Button, Tick, Typed
from device.modes import mode_of
from device.offline import GRACE_MS, NOTED, NOTICE_MS, OFFLINE, TAKEN_BACK
from device.parts.bad_network import BadNetwork
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, RecordedLights, SimulatedButton, WavMicrophone, WavSpeaker
from device.simulation import network_of
from device.state import Mode
from device.unaided import Means
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.device.test_hearer import spoken, until
from tests.device.test_simulation import answer_with_words, wav
from wire.link import Identity

NEVER_MS = 10**9


class Held:
    """A device in the hand of a test."""

    def __init__(self, address: str, network: BadNetwork, folder: Path, boot: str, **means: bool) -> None:
        self.microphone = WavMicrophone(fast=True)
        self.speaker = WavSpeaker(None, fast=True)
        parts = Parts(
            button=SimulatedButton(),
            microphone=self.microphone,
            speaker=self.speaker,
            screen=PngScreen(None),
            lights=RecordedLights(),
        )
        identity = Identity(device=DEVICE, key=KEY, boot=boot)
        own = Means(cupboard=Cupboard(folder), **means)
        setup = Setup(address=address, identity=identity, via=network.address, means=own)
        self.ahead_ms = 0
        self.handheld = Handheld(setup, parts, clock_ms=lambda: steady_ms() + self.ahead_ms)

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.ahead_ms += ms
        self.handheld.feed(Tick())

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not true():
                await self.handheld.journal.changed()

    def choose(self, *labels: str) -> None:
        """Walk through the menu by the button alone: three clicks, then click = next, hold = choose."""
        self.wait(NOTICE_MS)
        self.press(3)
        for label in labels:
            names = [line.label for line in menu.lines(self.handheld.state)]
            for _ in range(next(at for at, name in enumerate(names) if label in name)):
                self.press(1)
            self.handheld.feed(Button(True))
            self.wait(HOLD_MS)
            self.handheld.feed(Button(False))
            self.ahead_ms += 60

    def press(self, clicks: int) -> None:
        """So many clicks, and the pause after which they count."""
        for _ in range(clicks):
            self.handheld.feed(Button(True))
            self.ahead_ms += 60
            self.handheld.feed(Button(False))
            self.ahead_ms += 60
        self.wait(COUNT_MS)


@contextlib.asynccontextmanager
async def held(cloud: Cloud, network: BadNetwork, folder: Path, boot: str = "", **means: bool) -> AsyncIterator[Held]:
    device = Held(cloud.address, network, folder, boot or os.urandom(16).hex(), **means)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(device.handheld.run())
        await device.handheld.started.wait()
        device.wait(GRACE_MS)
        yield device
        running.cancel()


@contextlib.asynccontextmanager
async def away() -> AsyncIterator[tuple[Cloud, BadNetwork]]:
    """A cloud, and a network that does not lead there yet."""
    async with Cloud(answer_with_words).open() as cloud:
        network = network_of(cloud.address)
        await network.start()
        network.refuse(NEVER_MS)
        yield cloud, network
        await network.close()


def kept(folder: Path) -> list[str]:
    """The files of the requests that wait."""
    return [path.name for path in folder.glob("*.turn")]


def left(folder: Path) -> list[Path]:
    """All files there are."""
    return list(folder.iterdir())


def sentences(device: Held) -> list[str]:
    return [str(entry.data["text"]) for entry in device.handheld.journal.since(0) if entry.event == "spoken_here"]


def back(device: Held, network: BadNetwork) -> None:
    network.refuse(0)
    device.handheld.uplink.redial()
    device.wait(NOTICE_MS)


async def test_a_request_waits_and_is_sent_when_the_cloud_is_back(tmp_path: Path) -> None:
    async with away() as (cloud, network), held(cloud, network, tmp_path) as device:
        device.handheld.feed(Typed("order a pizza"))
        await device.until(lambda: OFFLINE in sentences(device))
        assert [one.words for one in device.handheld.state.offline.waiting] == ["order a pizza"]
        assert kept(tmp_path)
        back(device, network)
        await cloud.until(lambda: any(turn.end for turn in cloud.turns.values()))
        (turn,) = cloud.turns.values()
        assert turn.text == "order a pizza" and turn.start.again == f"{device.handheld.state.boot[:16]}:1"
        await device.until(lambda: device.handheld.journal.first("committed"))
    assert not kept(tmp_path)


async def test_a_request_that_waits_outlives_a_restart_of_the_device(tmp_path: Path) -> None:
    async with away() as (cloud, network):
        async with held(cloud, network, tmp_path, "a" * 32) as device:
            device.handheld.feed(Typed("order a pizza"))
            await device.until(lambda: OFFLINE in sentences(device))
        async with held(cloud, network, tmp_path, "b" * 32) as device:
            assert [one.words for one in device.handheld.state.offline.waiting] == ["order a pizza"]
            back(device, network)
            await cloud.until(lambda: any(turn.end for turn in cloud.turns.values()))
    (turn,) = cloud.turns.values()
    assert turn.text == "order a pizza" and turn.start.again == "a" * 16 + ":1" and turn.start.said_at_ms > 0


async def test_what_is_taken_back_in_the_menu_is_never_sent(tmp_path: Path) -> None:
    async with away() as (cloud, network), held(cloud, network, tmp_path) as device:
        for words in ("order a pizza", "water the plants"):
            device.handheld.feed(Typed(words))
            await device.until(lambda: sentences(device).count(OFFLINE) == len(device.handheld.state.offline.waiting))
        device.choose("Waiting", "order a pizza")
        await device.until(lambda: TAKEN_BACK in sentences(device))
        back(device, network)
        await device.until(lambda: device.handheld.journal.first("committed"))
    assert [turn.text for turn in cloud.turns.values()] == ["water the plants"]


async def test_a_timer_set_in_the_menu_without_a_cloud_rings(tmp_path: Path) -> None:
    async with away() as (cloud, network), held(cloud, network, tmp_path) as device:
        device.choose("Timer", "Set a timer", "5 min")
        await device.until(lambda: "Your timer is set for five minutes." in sentences(device))
        device.wait(300_000)
        await device.until(lambda: mode_of(device.handheld.state) is Mode.RINGING)
        device.press(1)
        await device.until(lambda: mode_of(device.handheld.state) is not Mode.RINGING)
        assert device.handheld.state.offline.clocks == ()


async def test_what_is_typed_and_needs_no_cloud_is_done_without_one(tmp_path: Path) -> None:
    async with away() as (cloud, network), held(cloud, network, tmp_path) as device:
        device.handheld.feed(Typed("Set a timer for ten minutes."))
        await device.until(lambda: "Your timer is set for ten minutes." in sentences(device))
        assert device.handheld.state.offline.waiting == () and OFFLINE not in sentences(device)
        device.handheld.feed(Typed("how long is left on my timer"))
        await device.until(lambda: "Your timer has ten minutes left." in sentences(device))
    async with away() as (cloud, network), held(cloud, network, tmp_path) as device:
        (clock,) = device.handheld.state.offline.clocks
        device.wait(clock.due_ms - steady_ms() - device.ahead_ms)
        assert mode_of(device.handheld.state) is Mode.RINGING


async def test_a_note_that_is_understood_is_kept_in_words_and_sent_as_a_note(tmp_path: Path) -> None:
    async with away() as (cloud, network), held(cloud, network, tmp_path) as device:
        device.handheld.feed(Typed("take a note buy milk"))
        await device.until(lambda: NOTED in sentences(device))
        assert [(one.words, one.note) for one in device.handheld.state.offline.waiting] == [("buy milk", True)]
        back(device, network)
        await cloud.until(lambda: any(turn.end for turn in cloud.turns.values()))
    assert [turn.text for turn in cloud.turns.values()] == ["take a note buy milk"]


async def test_when_all_is_forgotten_nothing_that_waited_is_left_nor_sent(tmp_path: Path) -> None:
    (tmp_path / "torn.turn.broken").write_bytes(b"somebody's words")
    async with away() as (cloud, network), held(cloud, network, tmp_path) as device:
        device.handheld.feed(Typed("order a pizza"))
        await device.until(lambda: OFFLINE in sentences(device))
        device.choose("Privacy", "Forget all", "Yes, forget")
        await device.until(lambda: device.handheld.journal.first("forgotten"))
        back(device, network)
        await cloud.until(lambda: cloud.session)
        assert device.handheld.state.offline.waiting == ()
    assert b"".join(path.read_bytes() for path in left(tmp_path)).find(b"pizza") < 0
    assert [path.name for path in left(tmp_path)] == ["clocks"] and cloud.turns == {}


async def test_a_timer_that_is_spoken_without_a_cloud_is_understood_set_and_confirmed_aloud(tmp_path: Path) -> None:
    path = wav(tmp_path / "said.wav", spoken("set a timer for five minutes", tmp_path / "flite.wav"))
    async with away() as (cloud, network), held(cloud, network, tmp_path, speaks=True, hears=True) as device:
        device.microphone.speak(path)
        device.handheld.feed(Button(True))
        device.wait(HOLD_MS)
        await device.microphone.said.wait()
        device.handheld.feed(Button(False))
        await device.until(lambda: sentences(device))
        assert sentences(device) == ["Your timer is set for five minutes."]
        assert device.handheld.state.offline.waiting == () and not device.handheld.state.turn
        await until(lambda: len(device.speaker.heard) > 32_000)
        back(device, network)
        await cloud.until(lambda: cloud.session)
    assert not any(turn.end for turn in cloud.turns.values()), "it is done, and not sent"
