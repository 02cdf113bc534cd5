"""A whole device of a build: through rpi-lgpio, luma and PyAudio to a false chip, a panel's glass, a sound server."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from msgspec.structs import replace

from device.builds import Build
from device.handheld import Handheld, Setup
from device.parts.sound_cards import SoundCards
from device.real import open_parts
from device.settings import Settings
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.device.contract.fake_lgpio import Chip
from tests.device.contract.pins import false_chip
from tests.device.contract.rigs import told
from tests.device.sound_stage import Stage, babble, like
from tests.device.test_builds import DISCRETE, WHISPLAY, edges
from wire.link import Identity

QUIET_BYTES = 9_600


@contextlib.asynccontextmanager
async def device_on(build: Build, chip: Chip, cloud: Cloud) -> AsyncIterator[Handheld]:
    """This build, joined; its sound card is the sound server."""
    build = replace(build, microphone="hare_ears", speaker="hare_mouth")
    real = open_parts(build, edges=replace(edges(build, chip), cards=SoundCards))
    setup = Setup(
        address=cloud.address,
        identity=Identity(device=DEVICE, key=KEY, boot="0" * 32),
        settings=Settings(volume=100, camera=False),
    )
    handheld = Handheld(setup, real.parts)
    task = asyncio.create_task(handheld.run())
    try:
        await handheld.journal.wait("joined")
        yield handheld
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        real.close()


async def test_a_press_at_the_pin_brings_what_is_said_to_the_cloud(sound: Stage) -> None:
    said = babble(0.8, 5)
    with false_chip() as chip:
        async with Cloud().open() as cloud, device_on(WHISPLAY, chip, cloud) as handheld:
            chip.drive(WHISPLAY.button.pin, 1)
            await handheld.journal.wait("turn_began")
            await cloud.until(lambda: 1 in cloud.turns and cloud.turns[1].pcm)
            red = WHISPLAY.light.red if WHISPLAY.light else 0
            await told(lambda: chip.level[red] == 0)
            await sound.speak(said)
            heard = len(cloud.turns[1].pcm)
            await cloud.until(lambda: len(cloud.turns[1].pcm) > heard + len(said) + QUIET_BYTES)
            chip.drive(WHISPLAY.button.pin, 0)
            await cloud.until(lambda: cloud.turns[1].end is not None)
        assert like(cloud.turns[1].pcm, said) > 0.9
        assert not chip.mode


async def test_sliding_the_mute_switch_cuts_a_turn_short_of_its_end_and_the_next_press_sends_nothing(
    sound: Stage,
) -> None:
    button, mute = DISCRETE.button.pin, DISCRETE.mute.pin if DISCRETE.mute else 0
    with false_chip() as chip:
        for pin in (button, mute):
            chip.drive(pin, 1)
        async with Cloud().open() as cloud, device_on(DISCRETE, chip, cloud) as handheld:
            chip.drive(button, 0)
            await cloud.until(lambda: 1 in cloud.turns and cloud.turns[1].pcm)
            chip.drive(mute, 0)
            await cloud.until(lambda: cloud.turns[1].aborted)
            chip.drive(button, 1)
            await told(lambda: not handheld.state.fingers.down)
            chip.drive(button, 0)
            await told(lambda: handheld.state.fingers.held)
            assert handheld.state.notice is not None and not handheld.state.microphone
            assert handheld.state.turn is None and set(cloud.turns) == {1}


def census() -> tuple[int, int]:
    return threading.active_count(), sum(1 for _ in Path("/proc/self/fd").iterdir())


async def test_a_device_that_was_opened_and_closed_leaves_no_thread_and_no_file(sound: Stage) -> None:
    with false_chip() as chip:

        async def once() -> None:
            real = open_parts(WHISPLAY, edges=replace(edges(WHISPLAY, chip), cards=SoundCards))
            handheld = Handheld(
                Setup(address="ws://127.0.0.1:9/device", identity=Identity(device=DEVICE, key=KEY, boot="0" * 32)),
                real.parts,
            )
            task = asyncio.create_task(handheld.run())
            await handheld.started.wait()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            real.close()

        await once()
        before = census()
        for _ in range(5):
            await once()
        await told(lambda: census() <= before)
