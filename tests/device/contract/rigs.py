"""Parts of every kind, each with the side that a person or the world has. The tests beside this run on all of them.

A new kind of a part is one more entry in its list; a test that needs more than the part's Protocol is no contract test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from device.parts import interfaces
from device.parts.gpio import Contact, GpioButton, GpioLight, GpioMute, GpioWheel
from device.parts.simulated import RecordedLights, SimulatedButton, SimulatedMute, SimulatedWheel
from tests.device.contract.pins import World, wire

PIN, A, B, PUSH = 17, 5, 6, 13
RED, GREEN, BLUE = 25, 24, 23

PI = pytest.param("pi", marks=[pytest.mark.pi, pytest.mark.skipif(wire() is None, reason="no LEVERET_PI_WIRE")])
KINDS = ["simulated", "mock", "lgpio", PI]
# What one wire cannot show is not asked of a real Pi.
NO_WIRE = ["simulated", "mock", "lgpio"]


async def told(what: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(30):
        while not what():  # noqa: ASYNC110 - the world does not say when
            await asyncio.sleep(0.001)


class ButtonRig(Protocol):
    """A button and its finger."""

    part: interfaces.Button

    def press(self) -> None: ...
    def release(self) -> None: ...


class SimulatedButtonRig:
    def __init__(self) -> None:
        made = SimulatedButton()
        self.part: interfaces.Button = made
        self.press: Callable[[], None] = made.down
        self.release: Callable[[], None] = made.up


class GpioButtonRig:
    """Pulled up: a finger makes the pin low."""

    def __init__(self, world: World, pin: int) -> None:
        world.drive(pin, True)
        self._world, self._pin = world, pin
        self.part: interfaces.Button = GpioButton(Contact(pin, "up"), world.factory)

    def press(self) -> None:
        self._world.drive(self._pin, False)

    def release(self) -> None:
        self._world.drive(self._pin, True)


def button(kind: str, world: World | None) -> ButtonRig:
    joined = wire()
    if world is None:
        return SimulatedButtonRig()
    return GpioButtonRig(world, joined[1] if kind == "pi" and joined else PIN)


class MuteRig:
    """A switch and the hand that slides it."""

    def __init__(self, world: World | None, pin: int = PIN) -> None:
        self._world, self._pin = world, pin
        self.part: Any
        if world is None:
            self.part = SimulatedMute()
        else:
            world.drive(pin, True)
            self.part = GpioMute(Contact(pin, "up"), world.factory)

    def slide(self, off: bool) -> None:
        if self._world is None:
            self.part.slide(off)
        else:
            self._world.drive(self._pin, not off)


class WheelRig:
    """A wheel and the thumb on it."""

    def __init__(self, world: World | None) -> None:
        self._world = world
        self.part: Any
        if world is None:
            self.part = SimulatedWheel()
        else:
            for pin in (A, B, PUSH):
                world.drive(pin, True)
            self.part = GpioWheel(A, B, Contact(PUSH, "up"), world.factory)

    def turn(self, steps: int) -> None:
        if self._world is None:
            for _ in range(abs(steps)):
                self.part.turn(1 if steps > 0 else -1)
            return
        first, second = (A, B) if steps > 0 else (B, A)
        for _ in range(abs(steps)):
            for pin, high in ((first, False), (second, False), (first, True), (second, True)):
                self._world.drive(pin, high)

    def push(self) -> None:
        if self._world is None:
            self.part.push()
        else:
            self._world.drive(PUSH, False)

    def let_go(self) -> None:
        if self._world is not None:
            self._world.drive(PUSH, True)


class LightRig:
    """A light and the eye that sees it."""

    def __init__(self, world: World | None, *, active_high: bool = True) -> None:
        self._world, self._high = world, active_high
        self.part: Any = (
            RecordedLights() if world is None else GpioLight(RED, GREEN, BLUE, world.factory, active_high=active_high)
        )

    def seen(self) -> tuple[int, int, int]:
        if self._world is None:
            red, green, blue = self.part.shown[-1]
            return (red, green, blue)
        shares = [self._world.share(pin) for pin in (RED, GREEN, BLUE)]
        red, green, blue = (round(255 * (share if self._high else 1 - share)) for share in shares)
        return (red, green, blue)
