"""Pins for the contract tests, each with the world's side: gpiozero's mock, `rpi-lgpio` over a false chip, a real Pi.

On a real Pi a wire joins two pins, and LEVERET_PI_WIRE names them: `LEVERET_PI_WIRE=out:in`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from unittest import mock

from tests.device.contract import fake_lgpio

ZERO_2_W = "902120"


class World(Protocol):
    """What is at the pins, and what they give. `factory` is what the parts are made on."""

    factory: Any

    def drive(self, pin: int, high: bool) -> None:
        """Put a level on a pin, as a switch does."""

    def share(self, pin: int) -> float:
        """How much of the time a pin is high, 0 to 1."""


class MockWorld:
    """gpiozero's own mock."""

    def __init__(self) -> None:
        from gpiozero.pins.mock import MockFactory, MockPWMPin

        self.factory: Any = MockFactory(revision=ZERO_2_W, pin_class=MockPWMPin)

    def drive(self, pin: int, high: bool) -> None:
        made = self.factory.pin(pin)
        made.drive_high() if high else made.drive_low()

    def share(self, pin: int) -> float:
        return float(self.factory.pin(pin).state)


class LgpioWorld:
    """The real rpi-lgpio, and the code that opens it, over a false chip."""

    def __init__(self, chip: fake_lgpio.Chip) -> None:
        from device.parts.pins import open_pins

        self.chip = chip
        self.factory: Any = open_pins()

    def drive(self, pin: int, high: bool) -> None:
        self.chip.drive(pin, int(high))

    def share(self, pin: int) -> float:
        return self.chip.duty.get(pin, 100.0 * self.chip.level.get(pin, 0)) / 100


class PiWorld:
    """A real Pi whose two pins are joined by a wire: whatever pin is asked for, the wire's far end is driven."""

    def __init__(self, out: int) -> None:
        from gpiozero import DigitalOutputDevice

        from device.parts.pins import open_pins

        self.factory: Any = open_pins()
        self._out = DigitalOutputDevice(out, initial_value=True, pin_factory=self.factory)

    def drive(self, pin: int, high: bool) -> None:
        self._out.value = high

    def share(self, pin: int) -> float:
        raise NotImplementedError("a wire does not tell how bright a light is")


def wire() -> tuple[int, int] | None:
    """The two joined pins of a real Pi, (out, in)."""
    told = os.environ.get("LEVERET_PI_WIRE", "")
    out, _, into = told.partition(":")
    return (int(out), int(into)) if out and into else None


_LOADED = ("lgpio", "RPi", "RPi.GPIO", "gpiozero.pins.rpigpio")


@contextmanager
def false_chip() -> Iterator[fake_lgpio.Chip]:
    """In here `import lgpio` gives a false chip, and rpi-lgpio believes that this is a Pi Zero 2 W."""
    chip = fake_lgpio.Chip()
    kept = {name: sys.modules.pop(name) for name in _LOADED if name in sys.modules}
    sys.modules["lgpio"] = fake_lgpio.module(chip)
    with mock.patch.dict(os.environ, {"RPI_LGPIO_REVISION": ZERO_2_W, "RPI_LGPIO_CHIP": "0"}):
        try:
            yield chip
        finally:
            for name in _LOADED:
                sys.modules.pop(name, None)
            sys.modules.update(kept)


@contextmanager
def world(kind: str) -> Iterator[World]:
    """A world of this kind: mock, lgpio or pi."""
    if kind == "lgpio":
        with false_chip() as chip:
            made: World = LgpioWorld(chip)
            try:
                yield made
            finally:
                made.factory.close()
        return
    joined = wire()
    made = MockWorld() if kind == "mock" or joined is None else PiWorld(joined[0])
    try:
        yield made
    finally:
        made.factory.close()
