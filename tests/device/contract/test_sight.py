"""What every screen and every camera does. New kinds are added to the lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from device.parts import interfaces
from device.parts.camera import PiCamera
from device.parts.screen import LcdScreen, Panel
from device.parts.simulated import FileCamera, PngScreen
from tests.device.panel_of_tests import FakeGpio, FakePanel

Seen = Callable[[], Image.Image | None]


def png_screen(folder: Path) -> tuple[interfaces.Screen, Seen]:
    made = PngScreen(folder)
    return made, lambda: made.image


def file_camera(folder: Path) -> interfaces.Camera:
    Image.effect_noise((640, 480), 80).convert("RGB").save(folder / "view.png")
    return FileCamera(folder / "view.png")


def lcd_screen(folder: Path) -> tuple[interfaces.Screen, Seen]:
    """The real driver, a false panel."""
    gpio = FakeGpio()
    glass = FakePanel(gpio, 24)
    made = LcdScreen(Panel(), spi=glass, gpio=gpio, settle_s=0)
    return made, lambda: glass.seen() if made.settled(30) else None


def pi_camera(folder: Path) -> interfaces.Camera:
    """The real process, a false picamera2."""
    (folder / "orders.txt").touch()
    fake = Path(__file__).parents[1] / "fake_picamera2"
    return PiCamera(environ={"PYTHONPATH": str(fake), "FAKE_CAMERA": str(folder / "orders.txt")}, start_s=60)


def real_camera(folder: Path) -> interfaces.Camera:
    """The camera of the Pi that this runs on."""
    return PiCamera()


SCREENS: Final = {"simulated": png_screen, "faked": lcd_screen}
CAMERAS: Final = {"simulated": file_camera, "faked": pi_camera, "pi": real_camera}
CAMERA_KINDS: Final = ["simulated", "faked", pytest.param("pi", marks=pytest.mark.pi)]


@pytest.mark.parametrize("kind", list(SCREENS))
def test_what_is_shown_is_what_is_seen(kind: str, tmp_path: Path) -> None:
    screen, seen = SCREENS[kind](tmp_path)
    for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255)):
        screen.show(Image.new("RGB", (240, 280), colour), "plain")
        screen.set_brightness(80)
        image = seen()
        assert image is not None and image.size == (240, 280)
        assert image.convert("RGB").getpixel((120, 140)) == pytest.approx(colour, abs=8)
    screen.close()
    screen.close()


@pytest.mark.parametrize("kind", CAMERA_KINDS)
async def test_a_picture_is_a_whole_jpeg_every_time(kind: str, tmp_path: Path) -> None:
    camera = CAMERAS[kind](tmp_path)
    for _ in range(3):
        jpeg = await camera.picture()
        assert jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9")
    camera.close()
    camera.close()
