"""On a real Pi, nobody watching: the build that LEVERET_PI_BUILD names (whisplay, if none) opens, and each part works.

What only a person can tell (that it is bright, loud, red) is asked by `leveret-device check`.
"""

from __future__ import annotations

import asyncio
import os

import pytest
from PIL import Image

from device.builds import build_of
from device.parts.microphone import PyAudioMicrophone
from device.real import open_parts
from tests.device.contract.test_microphone import LEAST_BYTES, MOST_BYTES

pytestmark = pytest.mark.pi


async def test_the_build_of_this_pi_opens_and_every_part_of_it_works() -> None:
    real = open_parts(build_of(os.environ.get("LEVERET_PI_BUILD", "whisplay"), {}))
    parts = real.parts
    try:
        assert [one.sentence for one in real.missing] == []
        assert not parts.button.held(), "is it stuck, or wired the other way round?"
        parts.screen.show(Image.new("RGB", (240, 280), (0, 80, 0)), "green")
        if parts.lights is not None:
            parts.lights.show(0, 80, 0)
        await parts.microphone.open()
        pieces = [await parts.microphone.read() for _ in range(50)]
        await parts.microphone.close()
        assert all(LEAST_BYTES <= len(piece) <= MOST_BYTES for piece in pieces)
        assert any(any(piece) for piece in pieces), "a real microphone hears some noise always"
        async with asyncio.timeout(30):
            await parts.speaker.play(bytes(32_000))
        if parts.camera is not None:
            assert (await parts.camera.picture()).startswith(b"\xff\xd8")
        if parts.battery is not None:
            read = parts.battery.read()
            assert read is not None and 0 <= read.percent <= 100
        assert isinstance(parts.microphone, PyAudioMicrophone) and parts.microphone.xruns == 0
    finally:
        parts.close()
        real.close()
