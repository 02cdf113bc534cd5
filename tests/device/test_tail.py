"""The last of what was said: captured before the button came up, handed over by the microphone after it."""

from __future__ import annotations

import asyncio
import contextlib
from array import array
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from device.cupboard import Cupboard
from device.errors import MicrophoneError
from device.handheld import Handheld, Setup
from device.journal import Entry
from device.opus import Codec
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton, SimulatedMute, WavMicrophone, WavSpeaker
from device.recorded import sound_of
from device.unaided import Means
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.device.test_simulation import wav
from tests.wire.test_opus import needs_opus, packets_of
from tests.wire.test_opus import sound_of as sound_of_packets
from wire.link import Identity
from wire.parts import OPUS, PCM

NOWHERE = "ws://127.0.0.1:9/device"


def said(first: int, last: int) -> bytes:
    """Samples that count: none is like another."""
    return array("h", range(first, last)).tobytes()


class Lagging:
    """A microphone that hands over what it captured only when the test says so. Every sample is its number."""

    def __init__(self) -> None:
        self.captured = self._given = 0
        self._handed = 0
        self._last = -1
        self._news = asyncio.Event()
        self._taken = asyncio.Event()
        self.gone = False
        self.closed = asyncio.Event()
        self.xruns = 0

    def capture(self, samples: int, *, hand_over: bool = True) -> None:
        self.captured += samples
        if hand_over:
            self.hand_over()

    def hand_over(self) -> None:
        self._handed = self.captured
        self._taken.clear()
        self._news.set()

    async def taken(self) -> None:
        """Return once all that was handed over has been taken in."""
        await self._taken.wait()

    def pull_out(self) -> None:
        self.gone = True
        self._news.set()

    async def open(self) -> None:
        self.closed.clear()
        self._given = self._handed = self.captured
        self._last = -1

    async def read(self) -> bytes:
        while not self.gone:
            if self._given == self._last:
                return b""
            until = min(self._handed, self._given + 320, *([self._last] if self._last >= 0 else []))
            if until > self._given:
                first, self._given = self._given, until
                return said(first, until)
            self._taken.set()
            self._news.clear()
            await self._news.wait()
        raise MicrophoneError("The microphone was unplugged.")

    def finish(self) -> None:
        self._last = self.captured
        self._news.set()

    async def close(self) -> None:
        self.closed.set()

    async def restart(self) -> None:
        await self.close()


class Hand:
    """A device with such a microphone, and its person."""

    def __init__(self, address: str, codec: Codec, folder: Path, via: tuple[str, int] | None = None) -> None:
        self.microphone, self.button, self.mute = Lagging(), SimulatedButton(), SimulatedMute()
        self.cupboard = Cupboard(folder / "kept")
        parts = Parts(self.button, self.microphone, WavSpeaker(fast=True), PngScreen(), mute=self.mute)
        setup = Setup(
            address=address,
            identity=Identity(device=DEVICE, key=KEY, boot="ab" * 16),
            codec=codec,
            via=via,
            means=Means(cupboard=self.cupboard),
        )
        self.device = Handheld(setup, parts)
        self.journal = self.device.journal

    async def hold(self) -> int:
        """Press until it is a turn; its number."""
        position = self.journal.position
        self.button.down()
        return int(str((await self._until("turn_began", position)).data["turn"]))

    async def _until(self, event: str, position: int = 0) -> Entry:
        return await asyncio.wait_for(self.journal.wait(event, position), 40)

    async def part_failed(self) -> str:
        return str((await self._until("part_failed")).data["sentence"])


@contextlib.asynccontextmanager
async def held(
    address: str, folder: Path, *, codec: Codec = "pcm", via: tuple[str, int] | None = None
) -> AsyncIterator[Hand]:
    made = Hand(address, codec, folder, via)
    running = asyncio.create_task(made.device.run())
    try:
        await made.device.started.wait()
        yield made
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@contextlib.asynccontextmanager
async def online(folder: Path, *, codec: Codec = "pcm") -> AsyncIterator[tuple[Cloud, Hand]]:
    formats = (PCM,) if codec == "pcm" else (OPUS, PCM)
    async with Cloud(formats=formats).open() as cloud, held(cloud.address, folder, codec=codec) as hand:
        await asyncio.wait_for(hand.journal.wait("joined"), 40)
        yield cloud, hand


@pytest.mark.parametrize("codec", ["pcm", pytest.param("opus", marks=needs_opus)])
async def test_every_sample_captured_until_the_release_arrives_and_none_after_it(codec: Codec, tmp_path: Path) -> None:
    async with online(tmp_path, codec=codec) as (cloud, hand):
        await hand.hold()
        hand.microphone.capture(2000)
        await hand.microphone.taken()
        hand.microphone.capture(711, hand_over=False)
        hand.button.up()
        hand.microphone.capture(500, hand_over=False)
        assert cloud.turns[1].end is None and not hand.device.state.microphone
        hand.microphone.hand_over()
        await cloud.until(lambda: cloud.turns[1].end)
        await hand.microphone.closed.wait()
    turn, whole = cloud.turns[1], said(0, 2711)
    if codec == "pcm":
        assert turn.pcm == whole
    else:
        assert sound_of_packets(turn.packets)[: len(whole)] == sound_of_packets(packets_of(whole))[: len(whole)]
        assert len(turn.packets) == len(packets_of(whole))


@pytest.mark.parametrize("codec", ["pcm", pytest.param("opus", marks=needs_opus)])
async def test_a_request_that_waits_on_the_disk_has_its_last_samples_too(codec: Codec, tmp_path: Path) -> None:
    async with held(NOWHERE, tmp_path, codec=codec) as hand:
        await hand.hold()
        hand.microphone.capture(2000)
        await hand.microphone.taken()
        hand.microphone.capture(711, hand_over=False)
        hand.button.up()
        hand.microphone.hand_over()
        while not any(one.safe for one in hand.device.state.offline.waiting):
            await asyncio.wait_for(hand.journal.changed(), 40)
        whole = hand.cupboard.read(hand.device.state.offline.waiting[0].id)
    assert sound_of(whole) == said(0, 2711)


async def test_a_microphone_that_hands_over_nothing_any_more_holds_nobody_up(tmp_path: Path) -> None:
    async with online(tmp_path) as (cloud, hand):
        await hand.hold()
        hand.microphone.capture(2000)
        await hand.microphone.taken()
        hand.microphone.capture(300, hand_over=False)
        hand.button.up()
        await cloud.until(lambda: cloud.turns[1].end)
        await hand.microphone.closed.wait()
        assert hand.journal.first("tail_lost")
    assert cloud.turns[1].pcm == said(0, 2000)


async def test_of_what_is_captured_nothing_more_is_sent_once_the_switch_is_slid(tmp_path: Path) -> None:
    async with online(tmp_path) as (cloud, hand):
        await hand.hold()
        hand.microphone.capture(2000)
        await hand.microphone.taken()
        hand.microphone.capture(300, hand_over=False)
        hand.button.up()
        hand.mute.slide(True)
        hand.microphone.hand_over()
        await cloud.until(lambda: cloud.turns[1].end)
        await hand.microphone.closed.wait()
    assert cloud.turns[1].pcm == said(0, 2000)


async def test_who_presses_again_at_once_loses_neither_the_end_of_one_nor_gets_it_into_the_next(tmp_path: Path) -> None:
    async with online(tmp_path) as (cloud, hand):
        await hand.hold()
        hand.microphone.capture(2000)
        await hand.microphone.taken()
        hand.microphone.capture(300, hand_over=False)
        hand.button.up()
        hand.button.down()
        hand.microphone.hand_over()
        await cloud.until(lambda: cloud.turns[1].end)
        await asyncio.wait_for(hand.journal.wait("turn_began", hand.journal.position), 40)
        hand.microphone.capture(400)
        await hand.microphone.taken()
        hand.button.up()
        await cloud.until(lambda: 2 in cloud.turns and cloud.turns[2].end)
    assert cloud.turns[1].pcm == said(0, 2300) and cloud.turns[2].pcm == said(2300, 2700)


async def test_a_microphone_pulled_out_at_the_release_is_said_and_what_was_heard_still_counts(tmp_path: Path) -> None:
    async with online(tmp_path) as (cloud, hand):
        await hand.hold()
        hand.microphone.capture(2000)
        await hand.microphone.taken()
        hand.microphone.capture(300, hand_over=False)
        hand.button.up()
        hand.microphone.pull_out()
        assert await hand.part_failed() == "The microphone was unplugged."
        await cloud.until(lambda: cloud.turns[1].end)
    assert cloud.turns[1].pcm == said(0, 2000) and not cloud.turns[1].aborted


async def test_of_the_piece_that_is_just_being_captured_the_simulated_microphone_gives_what_there_is(
    tmp_path: Path,
) -> None:
    now_s = 0.0
    microphone = WavMicrophone(clock_s=lambda: now_s)
    microphone.speak(wav(tmp_path / "a.wav", said(0, 1600)))
    await microphone.open()
    assert await microphone.read() == said(0, 320)
    reading = asyncio.create_task(microphone.read())
    await asyncio.sleep(0)
    now_s = 0.033
    microphone.finish()
    assert await reading == said(320, 528)
    assert await microphone.read() == b"" == await microphone.read()
    await microphone.close()
