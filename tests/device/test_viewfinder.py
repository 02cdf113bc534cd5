"""Aiming: the screen shows what the camera sees, only while the person wants it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from device.effects import BeginTurn
from device.errors import CameraError
from device.handheld import Handheld, Setup
from device.inputs import PartFailed, Tick
from device.modes import AIM_MS
from device.parts.interfaces import Parts
from device.parts.simulated import FileCamera, PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.settings import Settings
from device.state import Mode, State
from device.view import Aim, Idle, face_of
from device.viewfinder import Viewfinder
from tests.device.test_assistant import Device
from wire.link import Identity


@pytest.fixture
def device() -> Device:
    """With a camera, aiming by the menu."""
    made = Device(State(has_camera=True, settings=Settings(camera=True)))
    made.click(3)
    made.hold(300, samples=0)
    assert made.mode is Mode.AIMING
    return made


def test_a_click_ends_it_and_so_does_time(device: Device) -> None:
    assert isinstance(face_of(device.state, 0, clock="", date="").body, Aim)
    device.wait(AIM_MS)
    assert device.mode is Mode.IDLE
    device.state = replace(device.state, aiming_until_ms=device.now_ms + AIM_MS)
    device.click()
    assert device.mode is Mode.IDLE


def test_a_hold_talks_and_takes_the_picture(device: Device) -> None:
    device.hold()
    (began,) = [effect for effect in device.effects if isinstance(effect, BeginTurn)]
    assert began.picture and device.mode is Mode.SENDING
    device.wait(600_000)
    assert device.mode is not Mode.AIMING


def test_a_camera_that_fails_ends_it_and_is_told(device: Device) -> None:
    device.tell(PartFailed("camera", "The camera does not work. Please try again."))
    assert device.mode is Mode.ERROR
    device.wait(60_000)
    assert device.mode is Mode.IDLE


def test_without_a_camera_or_with_one_that_is_switched_off_there_is_nothing_to_aim() -> None:
    for state in (State(), State(has_camera=True, settings=Settings(camera=False))):
        device = Device(state)
        device.click(3)
        device.hold(300, samples=0)
        assert device.mode is not Mode.AIMING


async def test_the_picture_stands_on_the_screen_while_aiming_and_only_then(tmp_path: Path) -> None:
    Image.new("RGB", (640, 480), (220, 20, 20)).save(tmp_path / "red.png")
    screen, button = PngScreen(), SimulatedButton()
    parts = Parts(button, WavMicrophone(fast=True), WavSpeaker(fast=True), screen, FileCamera(tmp_path / "red.png"))
    setup = Setup(address="ws://127.0.0.1:1/device", identity=Identity(device="hare", key=bytes(32), boot="a" * 32))
    device = Handheld(replace(setup, settings=Settings(camera=True)), parts)
    running = asyncio.create_task(device.run())
    await device.started.wait()

    def is_red() -> bool:
        pixel = screen.image.getpixel((120, 130)) if screen.image else (0, 0, 0)
        return isinstance(pixel, tuple) and pixel[0] > 180 > 60 > pixel[2]

    async def until(red: bool) -> None:
        async with asyncio.timeout(30):
            while is_red() is not red:  # noqa: ASYNC110 - the screen does not tell
                await asyncio.sleep(0.01)

    device.state = replace(device.state, aiming_until_ms=1 << 60)
    device.feed(Tick())
    await until(True)
    device.state = replace(device.state, aiming_until_ms=-1)
    device.feed(Tick())
    await until(False)
    assert isinstance(face_of(device.state, 0, clock="", date="").body, Idle)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class CountedCamera(FileCamera):
    """Counts what is asked of it, and fails when told to."""

    asked = 0
    broken = False

    async def preview(self) -> Image.Image:
        self.asked += 1
        if self.broken:
            raise CameraError("The camera does not work. Please try again.")
        return Image.new("RGB", (240, 180))


async def test_the_camera_is_asked_only_while_it_is_wanted_and_a_failure_is_told_once() -> None:
    camera, seen, told = CountedCamera(), asyncio.Event(), asyncio.Event()
    finder = Viewfinder(camera, on_picture=lambda picture: seen.set(), on_failed=lambda sentence: told.set())
    running = asyncio.create_task(finder.run())
    await asyncio.sleep(0)
    assert camera.asked == 0
    finder.want(True)
    async with asyncio.timeout(30):
        await seen.wait()
        camera.broken = True
        await told.wait()
    asked = camera.asked
    await asyncio.sleep(0)
    assert camera.asked == asked
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
