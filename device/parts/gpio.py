"""Button, wheel, light and mute switch on the pins of a Raspberry Pi: gpiozero over `RPi.GPIO` (rpi-lgpio).

Edges come from a thread of the pin library and go into the event loop at once. The library reports an edge when the
contact has been still for `debounce_ms`; what is told is when it began to be. An edge that the library loses is found
by looking (`contact.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct

from device.clock import steady_ms
from device.errors import PinError
from device.parts.contact import DEBOUNCE_MS, Edge, Follower, look_in_ms, looked, reported
from device.parts.pins import pin_errors

if TYPE_CHECKING:
    from gpiozero.pins.pi import PiFactory

Pull = Literal["up", "down", "none"]
_LIGHT_HZ: Final = 100
_PULLS: Final = {"up": True, "down": False, "none": None}


class Contact(Struct, frozen=True):
    """One switch on a pin. Pulled up, it closes to ground; else it closes to 3.3 V. `pull` "none": the board pulls."""

    pin: int
    pull: Pull = "up"


@contextmanager
def _claiming(name: str, *pins: int) -> Iterator[None]:
    """What a pin library raises on a pin becomes a PinError that names it and the way out."""
    which = " and ".join(f"GPIO {pin}" for pin in pins)
    try:
        yield
    except pin_errors() as error:
        raise PinError(_sentence(name, which, str(error))) from error


def _sentence(name: str, which: str, reason: str) -> str:
    if "busy" in reason.lower():
        return (
            f"The {name} cannot be had: {which} is in use. An overlay or another program owns it: `gpioinfo` tells who;"
            " take its dtoverlay line out of /boot/firmware/config.txt, or end the program."
        )
    return f"The {name} cannot be had at {which}: {reason}."


def _into(loop: asyncio.AbstractEventLoop | None, told: Callable[..., None], *given: object) -> None:
    """From a foreign thread into the loop; a loop that has ended does not listen."""
    if loop is None:
        return
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(told, *given)


class _Switch:
    """A debounced contact whose changes are told in the event loop, and that is looked at so that none is lost."""

    def __init__(self, name: str, contact: Contact, factory: PiFactory, debounce_ms: int) -> None:
        from gpiozero import DigitalInputDevice

        self._debounce_ms = debounce_ms
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_edge: Callable[[bool, int], None] | None = None
        self._look: asyncio.TimerHandle | None = None
        self._follower = Follower()
        pull = _PULLS[contact.pull]
        with _claiming(name, contact.pin):
            self._device = DigitalInputDevice(
                contact.pin,
                pull_up=pull,
                active_state=True if pull is None else None,
                bounce_time=debounce_ms / 1000 if debounce_ms else None,
                pin_factory=factory,
            )

    @property
    def closed(self) -> bool:
        """The contact is made."""
        return not self._device.closed and bool(self._device.is_active)

    def start(self, on_edge: Callable[[bool, int], None]) -> bool:
        """Tell of changes from now on; returns whether the contact is made already."""
        self._loop = asyncio.get_running_loop()
        self._on_edge = on_edge
        self._device.when_activated = lambda: self._from_thread(True)
        self._device.when_deactivated = lambda: self._from_thread(False)
        self._follower = Follower(closed=self.closed)
        self._look_later()
        return self._follower.closed

    def _from_thread(self, closed: bool) -> None:
        _into(self._loop, self._reported, closed, steady_ms() - self._debounce_ms)

    def _reported(self, closed: bool, at_ms: int) -> None:
        self._tell(*reported(self._follower, closed, at_ms))

    def _looked(self) -> None:
        self._tell(*looked(self._follower, self.closed, steady_ms()))

    def _tell(self, follower: Follower, edge: Edge | None) -> None:
        self._follower = follower
        if edge is not None and self._on_edge is not None:
            self._on_edge(edge.closed, edge.at_ms)
        self._look_later()

    def _look_later(self) -> None:
        if self._look is not None:
            self._look.cancel()
        if self._loop is not None:
            after_ms = look_in_ms(self._follower, self._debounce_ms)
            self._look = self._loop.call_later(after_ms / 1000, self._looked)

    def close(self) -> None:
        self._on_edge = self._loop = None
        if self._look is not None:
            self._look.cancel()
            self._look = None
        self._device.close()


class GpioButton:
    """The push-to-talk button."""

    def __init__(self, contact: Contact, factory: PiFactory, *, debounce_ms: int = DEBOUNCE_MS) -> None:
        self._switch = _Switch("button", contact, factory, debounce_ms)
        self._fresh = False

    def start(self, on_edge: Callable[[bool, int], None]) -> None:
        def told(down: bool, at_ms: int) -> None:
            # What was down before anybody listened is no press, and its end no release.
            if self._fresh:
                on_edge(down, at_ms)
            self._fresh = True

        self._fresh = not self._switch.start(told)

    def held(self) -> bool:
        return self._switch.closed

    def close(self) -> None:
        self._switch.close()


class GpioMute:
    """A slide switch; closed contact: the microphone is off."""

    def __init__(self, contact: Contact, factory: PiFactory, *, debounce_ms: int = DEBOUNCE_MS) -> None:
        self._switch = _Switch("mute switch", contact, factory, debounce_ms)

    def start(self, on_change: Callable[[bool], None]) -> None:
        on_change(self._switch.start(lambda closed, _: on_change(closed)))

    def close(self) -> None:
        self._switch.close()


class GpioWheel:
    """A rotary encoder on two pins that close to ground, and its push on a third."""

    def __init__(self, a: int, b: int, push: Contact | None, factory: PiFactory) -> None:
        from gpiozero import RotaryEncoder

        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_turn: Callable[[int], None] | None = None
        with _claiming("wheel", a, b):
            self._encoder = RotaryEncoder(a, b, max_steps=0, pin_factory=factory)
        try:
            self._push = _Switch("wheel's push", push, factory, DEBOUNCE_MS) if push is not None else None
        except PinError:
            self._encoder.close()
            raise

    def start(self, on_turn: Callable[[int], None], on_push: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_turn = on_turn
        self._encoder.when_rotated_clockwise = lambda: self._from_thread(1)
        self._encoder.when_rotated_counter_clockwise = lambda: self._from_thread(-1)
        if self._push is not None:
            self._push.start(lambda closed, _: on_push() if closed else None)

    def _from_thread(self, steps: int) -> None:
        _into(self._loop, self._turned, steps)

    def _turned(self, steps: int) -> None:
        if self._on_turn is not None:
            self._on_turn(steps)

    def close(self) -> None:
        self._on_turn = self._loop = None
        self._encoder.close()
        if self._push is not None:
            self._push.close()


class GpioLight:
    """One RGB light. `active_high` False: the pins draw current (a common anode).

    Pulses only for what is neither dark nor full: by software they wake the processor hundreds of times a second.
    """

    def __init__(self, red: int, green: int, blue: int, factory: PiFactory, *, active_high: bool = True) -> None:
        from gpiozero import PWMOutputDevice

        self._lamps: list[Any] = []
        with _claiming("light", red, green, blue):
            try:
                for pin in (red, green, blue):
                    lamp = PWMOutputDevice(pin, active_high=active_high, frequency=None, pin_factory=factory)
                    self._lamps.append(lamp)
            except pin_errors():
                self.close()
                raise

    def show(self, red: int, green: int, blue: int) -> None:
        for lamp, value in zip(self._lamps, (red, green, blue), strict=False):
            frequency = _LIGHT_HZ if 0 < value < 255 else None
            if lamp.frequency != frequency:
                lamp.frequency = frequency
            lamp.value = value / 255

    def close(self) -> None:
        self.show(0, 0, 0)
        for lamp in self._lamps:
            lamp.close()
        self._lamps.clear()
