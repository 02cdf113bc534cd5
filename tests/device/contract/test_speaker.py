"""What every speaker does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.device.contract.sound import SPEAKERS, SpeakerRig
from tests.device.sound_stage import babble, like
from wire import limits

SECOND = limits.SAMPLE_RATE_HZ * limits.SAMPLE_BYTES


@pytest.fixture(params=list(SPEAKERS))
def rig(request: pytest.FixtureRequest) -> Iterator[SpeakerRig]:
    made = SPEAKERS[request.param](request)
    yield made
    made.end()


async def test_what_is_played_is_heard_whole_and_in_its_order(rig: SpeakerRig) -> None:
    first, second = babble(0.3, 1), babble(0.3, 2)
    rig.part.set_volume(100)
    async with rig.hearing() as ear:
        await rig.part.play(first)
        await rig.part.play(second)
        await ear.more(SECOND // 2)
        assert like(ear.pcm, first + second) > 0.9


async def test_it_plays_on_after_a_cut(rig: SpeakerRig) -> None:
    sound = babble(0.3, 3)
    rig.part.set_volume(100)
    async with rig.hearing() as ear:
        rig.part.cut()
        await rig.part.play(sound)
        await ear.more(SECOND // 2)
        assert like(ear.pcm, sound) > 0.9


async def test_it_may_be_closed_twice(rig: SpeakerRig) -> None:
    rig.part.close()
    rig.part.close()
