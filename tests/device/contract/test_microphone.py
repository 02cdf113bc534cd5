"""What every microphone does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.errors import MicrophoneError
from tests.device.contract.sound import MICROPHONES, MicrophoneRig
from tests.device.sound_stage import babble, like
from wire import limits

LEAST_BYTES, MOST_BYTES = (limits.SAMPLE_RATE_HZ * ms // 1000 * limits.SAMPLE_BYTES for ms in (20, 60))
SAID = babble(0.5, 1)


@pytest.fixture(params=list(MICROPHONES))
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MicrophoneRig]:
    made = MICROPHONES[request.param](request, tmp_path)
    yield made
    made.end()


async def test_what_is_said_is_heard_in_pieces_of_20_to_60_ms(rig: MicrophoneRig) -> None:
    async with asyncio.timeout(60):
        # A busy machine may tear it once.
        while not await well_heard(rig):
            await rig.part.close()
    await rig.part.close()


async def well_heard(rig: MicrophoneRig) -> bool:
    pieces: list[bytes] = []
    await rig.open_and_say(SAID)
    while sum(map(len, pieces)) < 2 * len(SAID):
        pieces += [await rig.part.read() for _ in range(10)]
    assert all(LEAST_BYTES <= len(piece) <= MOST_BYTES for piece in pieces)
    return like(b"".join(pieces), SAID) >= 0.9


async def test_a_closed_microphone_records_nothing(rig: MicrophoneRig) -> None:
    with pytest.raises(MicrophoneError):
        await rig.part.read()
    await rig.part.open()
    await rig.part.close()
    await rig.part.close()
    with pytest.raises(MicrophoneError):
        await rig.part.read()


async def test_it_opens_again_after_it_was_closed(rig: MicrophoneRig) -> None:
    for _ in range(3):
        await rig.part.open()
        assert await rig.part.read()
        await rig.part.close()


async def test_what_was_captured_before_it_was_to_finish_is_still_read_and_then_nothing(rig: MicrophoneRig) -> None:
    await rig.open_and_say(SAID)
    for _ in range(3):
        await rig.part.read()
    rig.part.finish()
    rig.part.finish()
    async with asyncio.timeout(60):
        while piece := await rig.part.read():
            assert len(piece) <= MOST_BYTES
    assert await rig.part.read() == b""
    await rig.part.close()
    await rig.part.open()
    assert await rig.part.read()
    await rig.part.close()
