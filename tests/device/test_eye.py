from __future__ import annotations

from pathlib import Path

import pytest

from device.builds import build_of
from device.errors import ConfigError, PinError
from device.parts.eye_servo import AWAY_DEG, SEEING_DEG, ServoEye
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, RecordedLights, SimulatedButton, WavMicrophone, WavSpeaker
from device.settings import Settings
from device.state import State
from device.window import SEEING, Window
from tests.device.contract.pins import MockWorld
from tests.device.contract.rigs import told


async def test_a_servo_looks_at_the_world_or_away_and_is_not_held_there() -> None:
    world = MockWorld()
    eye = ServoEye(16, world.factory, turn_s=0)
    servo = eye._servo
    for colour, angle in (((255, 255, 255), SEEING_DEG), ((0, 0, 0), AWAY_DEG), ((0, 0, 1), SEEING_DEG)):
        eye.show(*colour)
        assert servo.angle == pytest.approx(angle)
        await told(lambda: not servo.is_active)
    eye.close()
    eye.close()
    eye.show(0, 0, 0)


def test_a_pin_that_is_taken_is_said() -> None:
    world = MockWorld()
    eye = ServoEye(16, world.factory)
    with pytest.raises(PinError, match="GPIO 16"):
        ServoEye(16, world.factory)
    eye.close()


def test_the_eye_has_a_pin_of_its_own() -> None:
    assert build_of("discrete", {"eye": 4}).eye == 4
    with pytest.raises(ConfigError, match="both 17"):
        build_of("discrete", {"eye": 17})


async def test_the_eye_is_open_while_a_picture_may_be_taken_and_only_then(tmp_path: Path) -> None:
    eye = RecordedLights()
    parts = Parts(SimulatedButton(), WavMicrophone(), WavSpeaker(), PngScreen(), eye=eye)
    window = Window(parts, clock_ms=lambda: 0, on_failed=lambda _: None)
    seeing = State(has_camera=True, settings=Settings(camera=True))
    states = [seeing, State(microphone=True), State(has_camera=True, microphone=True, settings=Settings())]
    for state in (*states, seeing):
        window.update(state)
    assert eye.shown == [(0, 0, 0), SEEING, (0, 0, 0)]
