"""A false `lgpio`: the pins of a chip without the chip, for the real `rpi-lgpio` above it.

It keeps the rules of the real one that matter here: a line is claimed before it is used, a claimed line of somebody
else is busy, alerts come from a thread of its own. `drive` is the world's side: what is at the pin.
"""

from __future__ import annotations

import threading
import time
import types
from collections.abc import Callable
from typing import Any

RISING_EDGE, FALLING_EDGE, BOTH_EDGES = 1, 2, 3
SET_PULL_UP, SET_PULL_DOWN, SET_PULL_NONE = 32, 64, 128
GPIO_BUSY = -2
LINES = 54
INPUT, OUTPUT, ALERT = 0x100, 0x200, 0x400


class error(Exception):
    """What lgpio raises."""


error.__module__ = "lgpio"


class Chip:
    """All lines of one chip, and who claimed them."""

    def __init__(self) -> None:
        self.mode: dict[int, int] = {}
        self.level: dict[int, int] = {}
        self.driven: dict[int, int] = {}
        self.debounce_us: dict[int, int] = {}
        self.duty: dict[int, float] = {}
        self.taken: set[int] = set()
        self.alerts: dict[int, Callable[[int, int, int, int], None]] = {}
        self.forbidden = False
        self.mute_edges = False

    def drive(self, pin: int, level: int | None) -> None:
        """What is at the pin from now on (None: nothing, so its pull decides); its alert comes from another thread."""
        if level is None:
            self.driven.pop(pin, None)
        else:
            self.driven[pin] = level
        self._settle(pin)

    def _settle(self, pin: int) -> None:
        pulled = 1 if self.mode.get(pin, 0) & SET_PULL_UP else 0
        now = self.driven.get(pin, pulled)
        before, self.level[pin] = self.level.get(pin, now), now
        alert = self.alerts.get(pin)
        if before == now or alert is None or self.mute_edges:
            return
        thread = threading.Thread(target=alert, args=(0, pin, now, time.time_ns()))
        thread.start()
        thread.join()

    def claim(self, pin: int, mode: int) -> int:
        if pin in self.taken:
            raise error("'GPIO busy'")
        self.mode[pin] = mode
        self._settle(pin)
        return 0


class _Callback:
    def __init__(self, chip: Chip, pin: int) -> None:
        self._chip, self._pin = chip, pin

    def cancel(self) -> None:
        self._chip.alerts.pop(self._pin, None)


def module(chip: Chip) -> Any:
    """The module `lgpio` over this chip."""
    made: Any = types.ModuleType("lgpio")
    made.__dict__.update(
        {name: value for name, value in globals().items() if name.isupper() or name == "error"},
        error_text=str,
        gpiochip_close=lambda handle: 0,
        gpio_get_chip_info=lambda handle: (0, LINES, "fake", "fake"),
        gpio_get_mode=lambda handle, pin: chip.mode.get(pin, 0) | (2 if chip.mode.get(pin, 0) & OUTPUT else 0),
        gpio_claim_input=lambda handle, pin, flags=0: chip.claim(pin, INPUT | flags),
        gpio_claim_alert=lambda handle, pin, edges, flags=0: chip.claim(pin, ALERT | INPUT | edges << 17 | flags),
        gpio_read=lambda handle, pin: chip.level.get(pin, 0),
    )

    def gpiochip_open(number: int) -> int:
        if chip.forbidden:
            raise error("'can not open gpiochip'")
        return 0

    def gpio_claim_output(handle: int, pin: int, level: int = 0, flags: int = 0) -> int:
        chip.claim(pin, OUTPUT)
        chip.level[pin] = level
        return 0

    def gpio_free(handle: int, pin: int) -> int:
        chip.mode.pop(pin, None)
        return 0

    def gpio_write(handle: int, pin: int, level: int) -> int:
        chip.level[pin] = level
        return 0

    def tx_pwm(handle: int, pin: int, frequency: float, duty: float) -> int:
        if frequency:
            chip.duty[pin] = duty
        else:
            chip.duty.pop(pin, None)
        return 0

    def gpio_set_debounce_micros(handle: int, pin: int, micros: int) -> int:
        chip.debounce_us[pin] = micros
        return 0

    def callback(handle: int, pin: int, edge: int = RISING_EDGE, func: Any = None) -> _Callback:
        chip.alerts[pin] = func
        return _Callback(chip, pin)

    for one in (gpiochip_open, gpio_claim_output, gpio_free, gpio_write, tx_pwm, gpio_set_debounce_micros, callback):
        setattr(made, one.__name__, one)
    return made
