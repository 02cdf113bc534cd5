"""The real luma driver draws on a panel whose bytes are decoded back to the picture."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from device.errors import ScreenError
from device.faces import draw
from device.parts.rgb565 import changed, packed
from device.parts.screen import HEIGHT, WIDTH, LcdScreen, Panel
from device.view import Face, Idle, Listening, Status, Thinking
from tests.device.panel_of_tests import FakeGpio, FakePanel, as_565

IDLE = draw(Face(Status(clock=""), Idle("14:05", "Monday 23 November", "Hold to talk")))
LISTENING = draw(Face(Status(clock="14:05"), Listening(3, "order a large pepperoni pizza")))


@contextmanager
def screen_on(panel: Panel) -> Iterator[tuple[LcdScreen, FakePanel, FakeGpio]]:
    gpio = FakeGpio()
    glass = FakePanel(gpio, panel.dc_pin)
    screen = LcdScreen(panel, spi=glass, gpio=gpio, settle_s=0)
    try:
        yield screen, glass, gpio
    finally:
        glass.gate.set()
        screen.close()
        screen.close()


def shown(screen: LcdScreen, image: Image.Image) -> None:
    screen.show(image, "a")
    assert screen.settled(30)


@pytest.mark.parametrize("rotation", [0, 180])
def test_what_the_panel_shows_is_the_picture_pixel_by_pixel(rotation: Literal[0, 180]) -> None:
    with screen_on(Panel(rotation=rotation)) as (screen, glass, _):
        shown(screen, IDLE)
        assert glass.opened == (0, 0) and glass.max_speed_hz == 40_000_000
        assert glass.seen().rotate(rotation).tobytes() == as_565(IDLE).tobytes()
        shown(screen, LISTENING)
        assert glass.seen().rotate(rotation).tobytes() == as_565(LISTENING).tobytes()


def test_of_a_picture_only_what_changed_is_sent() -> None:
    spinning = [draw(Face(Status(), Thinking("Thinking", "order a pizza", spin))) for spin in (1, 2)]
    with screen_on(Panel()) as (screen, glass, _):
        shown(screen, spinning[0])
        before, frames = glass.pixel_bytes, glass.frames
        shown(screen, spinning[0])
        assert (glass.pixel_bytes, glass.frames) == (before, frames), "the same picture is not sent twice"
        shown(screen, spinning[1])
        assert glass.seen().tobytes() == as_565(spinning[1]).tobytes()
        assert 0 < glass.pixel_bytes - before < WIDTH * HEIGHT * 2 / 8


def test_a_slow_bus_stalls_nobody_and_shows_the_newest_picture() -> None:
    with screen_on(Panel()) as (screen, glass, _):
        shown(screen, IDLE)
        frames = glass.frames
        glass.gate.clear()
        screen.show(LISTENING, "a")
        assert glass.at_gate.wait(30)
        for grey in range(200):
            screen.show(Image.new("RGB", (WIDTH, HEIGHT), (grey, 0, 0)), "a")
        screen.show(IDLE, "a")
        glass.gate.set()
        assert screen.settled(30)
        assert glass.seen().tobytes() == as_565(IDLE).tobytes()
        assert glass.frames - frames <= 20, "what came in between was never sent"


def test_the_light_comes_with_the_first_picture_and_not_before_it() -> None:
    with screen_on(Panel(backlight_pin=22, backlight_low=True)) as (screen, glass, gpio):
        assert screen.settled(30)
        assert gpio.levels[22] == gpio.HIGH and not glass.on, "dark: this light is on when the pin is low"
        shown(screen, IDLE)
        assert gpio.levels[22] == gpio.LOW and glass.on
    assert gpio.levels[22] == gpio.HIGH and not glass.on and glass.closed and gpio.freed == [22, [24, 25]]


def test_brightness_is_pulses_in_between_and_dark_is_off() -> None:
    with screen_on(Panel(backlight_pin=22)) as (screen, glass, gpio):
        screen.set_brightness(40)
        shown(screen, IDLE)
        assert gpio.duty[22] == 40
        screen.set_brightness(0)
        assert screen.settled(30)
        assert 22 not in gpio.duty and gpio.levels[22] == gpio.LOW and not glass.on
        screen.show(LISTENING, "a")
        screen.set_brightness(70)
        assert screen.settled(30)
        assert gpio.duty[22] == 70 and glass.seen().tobytes() == as_565(LISTENING).tobytes()


def test_a_bus_that_fails_is_said_once_and_the_whole_picture_is_drawn_when_it_works_again() -> None:
    with screen_on(Panel()) as (screen, glass, _):
        shown(screen, IDLE)
        glass.fails = "Input/output error"
        shown(screen, LISTENING)
        glass.fails = ""
        with pytest.raises(ScreenError, match=r"does not take the picture.*Input/output error"):
            screen.show(IDLE, "a")
        assert screen.settled(30)
        shown(screen, IDLE)
        assert glass.seen().tobytes() == as_565(IDLE).tobytes()


def test_a_panel_that_is_not_there_is_said_with_its_place() -> None:
    gpio = FakeGpio()
    glass = FakePanel(gpio, 24)
    glass.fails = "No such file or directory"
    with pytest.raises(ScreenError, match=r"/dev/spidev0\.1 cannot be reached"):
        LcdScreen(Panel(device=1), spi=glass, gpio=gpio, settle_s=0)
    with pytest.raises(ScreenError, match="12345 Hz"):
        LcdScreen(Panel(speed_hz=12345), spi=FakePanel(gpio, 24), gpio=gpio, settle_s=0)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 239), st.integers(0, 279), st.integers(0, 0xFFFFFF)), max_size=8))
def test_the_boxes_of_a_change_hold_all_of_it(dots: list[tuple[int, int, int]]) -> None:
    old, new = IDLE.copy(), IDLE.copy()
    for x, y, colour in dots:
        new.putpixel((x, y), (colour >> 16, colour >> 8 & 255, colour & 255))
    patched = packed(old)
    for box in changed(packed(new), packed(old)):
        patched.paste(packed(new).crop(box), box[:2])
    assert patched.tobytes() == packed(new).tobytes()


def test_the_module_loads_no_driver() -> None:
    code = "import sys, device.parts.screen; sys.exit(bool({'luma', 'RPi', 'spidev'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
