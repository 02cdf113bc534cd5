"""What every speaker does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.device.contract.sound import SPEAKERS, Ear, SpeakerRig
from tests.device.sound_stage import babble, level_of, like
from wire import limits

PIECE = limits.SAMPLE_RATE_HZ * limits.SAMPLE_BYTES // 4


async def heard(rig: SpeakerRig, ear: Ear, sound: bytes) -> None:
    """Play this until it was heard as it is: a busy machine may tear it once, a bad speaker tears it every time.

    Each time is judged by itself: two that are alike, one of them torn, are less like the sound than either.
    """
    async with asyncio.timeout(60):
        while True:
            before = len(ear.pcm)
            await rig.part.play(sound)
            await heard_out(ear)
            if like(ear.pcm[before:], sound) >= 0.9:
                return


async def heard_out(ear: Ear) -> None:
    """Until it is quiet again."""
    came = -1
    while came != len(ear.pcm) and (came < 0 or level_of(ear.pcm[-PIECE:])):
        came = len(ear.pcm)
        await ear.more(PIECE)


@pytest.fixture(params=list(SPEAKERS))
def rig(request: pytest.FixtureRequest) -> Iterator[SpeakerRig]:
    made = SPEAKERS[request.param](request)
    yield made
    made.end()


async def test_what_is_played_is_heard(rig: SpeakerRig) -> None:
    rig.part.set_volume(100)
    async with rig.hearing() as ear:
        for seed in (1, 2):
            await heard(rig, ear, babble(0.3, seed))


async def test_it_plays_on_after_a_cut(rig: SpeakerRig) -> None:
    sound = babble(0.3, 3)
    rig.part.set_volume(100)
    async with rig.hearing() as ear:
        rig.part.cut()
        await heard(rig, ear, sound)


async def test_it_may_be_closed_twice(rig: SpeakerRig) -> None:
    rig.part.close()
    rig.part.close()
