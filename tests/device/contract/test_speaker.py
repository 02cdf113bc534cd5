"""What every speaker does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.device.contract.sound import SPEAKERS, SpeakerRig
from wire import limits


@pytest.fixture(params=list(SPEAKERS))
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> SpeakerRig:
    return SPEAKERS[request.param](tmp_path)


async def test_what_is_played_is_heard_in_its_order(rig: SpeakerRig) -> None:
    rig.part.set_volume(100)
    for sample in (b"\x10\x10", b"\x20\x20"):
        await rig.part.play(sample * (limits.SAMPLE_RATE_HZ // 10))
    rig.part.close()
    heard = rig.heard()
    first, second = heard.find(b"\x10\x10" * 200), heard.find(b"\x20\x20" * 200)
    assert 0 <= first < second


async def test_it_plays_on_after_a_cut(rig: SpeakerRig) -> None:
    rig.part.set_volume(100)
    rig.part.cut()
    await rig.part.play(b"\x10\x10" * (limits.SAMPLE_RATE_HZ // 10))
    rig.part.close()
    assert b"\x10\x10" * 200 in rig.heard()


async def test_it_may_be_closed_twice(rig: SpeakerRig) -> None:
    rig.part.close()
    rig.part.close()
