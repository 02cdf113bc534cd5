"""What every microphone does."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.errors import MicrophoneError
from tests.device.contract.sound import MICROPHONES, MicrophoneRig
from wire import limits

LEAST_BYTES, MOST_BYTES = (limits.SAMPLE_RATE_HZ * ms // 1000 * limits.SAMPLE_BYTES for ms in (20, 60))


@pytest.fixture(params=list(MICROPHONES))
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> MicrophoneRig:
    return MICROPHONES[request.param](tmp_path)


async def test_sound_comes_in_pieces_of_20_to_60_ms(rig: MicrophoneRig) -> None:
    rig.say(b"\1\0" * limits.SAMPLE_RATE_HZ)
    await rig.part.open()
    pieces = [await rig.part.read() for _ in range(5)]
    await rig.part.close()
    assert all(LEAST_BYTES <= len(piece) <= MOST_BYTES for piece in pieces)


async def test_what_is_said_is_heard(rig: MicrophoneRig) -> None:
    rig.say(b"\x34\x12" * limits.SAMPLE_RATE_HZ)
    await rig.part.open()
    heard = b"".join([await rig.part.read() for _ in range(20)])
    await rig.part.close()
    assert b"\x34\x12" * 100 in heard


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
        rig.say(b"\1\0" * limits.SAMPLE_RATE_HZ)
        await rig.part.open()
        assert await rig.part.read()
        await rig.part.close()
