"""A part fails in the middle of things, or is not there: it is said, and the next turn works."""

from __future__ import annotations

import asyncio
import errno
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from device.errors import CameraError, DeviceError, MicrophoneError
from device.handheld import Handheld, Setup
from device.journal import Journal
from device.parts.interfaces import Camera, Microphone, Parts
from device.parts.simulated import PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from tests.device.bad_day import PIECE_BYTES, Talker
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.device.test_uplink import until
from wire.link import Identity


class Unplugged(Talker):
    """A microphone that is pulled out after a hundred pieces, once: the hold is a turn by then."""

    def __init__(self) -> None:
        super().__init__(random.Random(1), lambda _: None)
        self.pulled = False

    async def read(self) -> bytes:
        if self.pieces >= 100 and not self.pulled:
            self.pulled = True
            raise MicrophoneError("The microphone was unplugged.")
        return await super().read()


class NoCamera:
    """What stands in the camera's place when its cable is loose."""

    async def warm(self) -> None:
        """It is found to be missing by the first picture."""

    async def picture(self) -> bytes:
        raise CameraError("There is no camera. Is its cable in?")

    def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def device_of(
    address: str, *, microphone: Microphone | None = None, camera: Camera | None = None
) -> AsyncIterator[tuple[Handheld, SimulatedButton]]:
    button = SimulatedButton()
    parts = Parts(button, microphone or WavMicrophone(fast=True), WavSpeaker(fast=True), PngScreen(), camera=camera)
    setup = Setup(address=address, identity=Identity(device=DEVICE, key=KEY, boot="ab" * 16))
    made = Handheld(setup, parts, dice=random.Random(1))
    running = asyncio.create_task(made.run())
    await until(made, "joined")
    try:
        yield made, button
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def spoken(device: Handheld, button: SimulatedButton, turn: int, cloud: Cloud) -> None:
    position = device.journal.position
    button.down()
    await until(device, "turn_began", position)
    button.up()
    await cloud.until(lambda: turn in cloud.turns and cloud.turns[turn].end)


async def test_a_microphone_unplugged_in_mid_utterance_is_said_its_turn_does_not_count_and_the_next_works() -> None:
    async with Cloud().open() as cloud, device_of(cloud.address, microphone=Unplugged()) as (device, button):
        button.down()
        failed = await until(device, "part_failed")
        assert failed["part"] == "microphone"
        assert device.state.notice is not None and device.state.notice.sentence == "The microphone was unplugged."
        assert not device.state.microphone and device.state.turn is None
        await cloud.until(lambda: not cloud.turns or cloud.turns[1].aborted)
        button.up()
        await spoken(device, button, device.state.last_turn + 1, cloud)
        heard = cloud.turns[device.state.last_turn]
        assert heard.end is not None and len(heard.pcm) >= PIECE_BYTES


async def test_without_a_camera_the_turn_goes_on_and_the_person_is_told() -> None:
    async with Cloud().open() as cloud, device_of(cloud.address, camera=NoCamera()) as (device, button):
        await spoken(device, button, 1, cloud)
        failed = await until(device, "part_failed")
        assert failed["part"] == "camera" and cloud.turns[1].picture is None
        assert "no camera" in str(failed["sentence"])


@pytest.mark.parametrize("part", ["journal", "speaker"])
def test_a_full_disk_is_named(part: str) -> None:
    full = Path("/dev/full")
    with pytest.raises(DeviceError, match="No space left") as raised:
        if part == "journal":
            journal = Journal(lambda: 0)
            journal.note("anything")
            journal.write(full)
        else:
            speaker = WavSpeaker(full)
            speaker.heard += bytes(100_000)
            speaker.close()
    assert isinstance(raised.value.__cause__, OSError) and raised.value.__cause__.errno == errno.ENOSPC
