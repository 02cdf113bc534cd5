"""The ST7789 panel of 240 x 280 pixels on SPI, by luma.lcd. Drawn in a thread of its own: a slow bus stalls nobody."""

from __future__ import annotations

import importlib
import sys
import threading
import time
from typing import Any, Final, Literal

from msgspec import Struct
from PIL import Image

from device.errors import ScreenError
from device.parts.rgb565 import changed, packed

WIDTH: Final = 240
HEIGHT: Final = 280
# The chip's memory; a panel of 280 rows shows some in the middle of it.
_ROWS: Final = 320
_MADCTL: Final = 0x36
_COLMOD: Final = 0x3A
_16_BIT: Final = 0x55
_TURNED: Final = {0: 0x00, 180: 0xC0}
_PWM_HZ: Final = 1000
_RESET_S: Final = 0.01
_AWAKE_S: Final = 0.12
_CLOSE_S: Final = 2.0


class Panel(Struct, frozen=True, kw_only=True):
    """How a panel is wired. Pins have BCM numbers; -1: there is none. `first_row`: the first row that can be seen."""

    bus: int = 0
    device: int = 0
    speed_hz: int = 40_000_000
    dc_pin: int = 24
    reset_pin: int = 25
    backlight_pin: int = -1
    backlight_low: bool = False
    rotation: Literal[0, 180] = 0
    first_row: int = 20


class LcdScreen:
    """Shows the newest picture; what came between two frames is never sent, and of a frame only what changed.

    `spi` and `gpio` take the place of `spidev.SpiDev()` and the module `RPi.GPIO`. Raises ScreenError when the panel
    cannot be reached; later failures are raised by the next `show`, which draws all of the screen anew.
    """

    def __init__(self, panel: Panel, *, spi: Any = None, gpio: Any = None, settle_s: float = _AWAKE_S) -> None:
        self._first_row = panel.first_row if panel.rotation == 0 else _ROWS - HEIGHT - panel.first_row
        self._panel = panel
        self._gpio, self._lcd, self._serial, self._light = _opened(panel, spi, gpio, settle_s)
        self._sent: Image.Image | None = None
        self._lit = 0
        self._news = threading.Condition()
        self._image: Image.Image | None = None
        self._brightness = 100
        self._drawing = False
        self._closing = False
        self._failure = ""
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)
        self._thread.start()

    def show(self, image: Image.Image, key: str) -> None:
        """Have this picture drawn next; it must not be changed any more."""
        with self._news:
            self._image = image
            self._news.notify_all()
            failure, self._failure = self._failure, ""
        if failure:
            raise ScreenError(failure)

    def set_brightness(self, percent: int) -> None:
        """0 (dark, the panel is switched off) to 100; light comes after the picture that was shown before."""
        with self._news:
            self._brightness = max(0, min(100, percent))
            self._news.notify_all()

    def settled(self, timeout_s: float) -> bool:
        """Wait until all that was asked for is on the panel, or could not be."""
        with self._news:
            return self._news.wait_for(lambda: not self._drawing and not self._due(), timeout_s)

    def close(self) -> None:
        """Dark, and the bus let go."""
        with self._news:
            if self._closing:
                return
            self._closing = True
            self._news.notify_all()
        self._thread.join(_CLOSE_S)

    def _due(self) -> bool:
        # Light waits for the first picture: what the memory holds before it is noise.
        return self._image is not None or (self._sent is not None and self._lit != self._brightness)

    def _run(self) -> None:
        while True:
            with self._news:
                self._drawing = False
                self._news.notify_all()
                self._news.wait_for(lambda: self._closing or self._due())
                image, self._image = self._image, None
                brightness = 0 if self._closing else self._brightness
                self._drawing = True
                closing = self._closing
            try:
                if image is not None and not closing:
                    self._send(packed(image))
                self._set_light(brightness)
                if closing:
                    self._let_go()
            except _bus_errors() as error:
                self._sent = None
                with self._news:
                    self._failure = f"The screen does not take the picture: {error}. Is its cable in place?"
            if closing:
                return

    def _let_go(self) -> None:
        self._light.cleanup()
        self._serial.cleanup()
        # luma gives back only pins of a module that it has found itself.
        self._gpio.cleanup([pin for pin in (self._panel.dc_pin, self._panel.reset_pin) if pin >= 0])

    def _send(self, picture: Image.Image) -> None:
        boxes = changed(picture, self._sent)
        # What is on the panel is not known until all of it has been sent.
        self._sent = None
        for left, top, right, bottom in boxes:
            self._lcd.set_window(left, top + self._first_row, right, bottom + self._first_row)
            self._lcd.data(picture.crop((left, top, right, bottom)).tobytes())
        self._sent = picture

    def _set_light(self, percent: int) -> None:
        if percent == self._lit:
            return
        if percent == 0:
            self._light.set(0)
            self._lcd.hide()
        else:
            if self._lit == 0:
                self._lcd.show()
            self._light.set(percent)
        self._lit = percent


def _opened(panel: Panel, spi: Any, gpio: Any, settle_s: float) -> tuple[Any, Any, Any, _Backlight]:
    try:
        from luma.core.interface import serial
        from luma.lcd.device import st7789

        if gpio is None:
            gpio = importlib.import_module("RPi.GPIO")
            gpio.setmode(gpio.BCM)
        line = serial.spi(
            spi=spi,
            gpio=gpio,
            port=panel.bus,
            device=panel.device,
            bus_speed_hz=panel.speed_hz,
            gpio_DC=panel.dc_pin,
            gpio_RST=panel.reset_pin if panel.reset_pin >= 0 else None,
            reset_hold_time=min(_RESET_S, settle_s),
            reset_release_time=settle_s,
        )
        light = _Backlight(gpio, panel)
        lcd = st7789(line, width=WIDTH, height=HEIGHT, backlight=light)
        lcd.hide()
        # luma sets it up for a square panel with 18 bit a pixel.
        lcd.command(_MADCTL, _TURNED[panel.rotation])
        lcd.command(_COLMOD, _16_BIT)
        time.sleep(min(_RESET_S, settle_s))
    except ImportError as error:
        raise ScreenError(f"The screen's driver is missing ({error.name}): install the extra 'pi'.") from error
    except AssertionError as error:
        raise ScreenError(f"The screen's bus has no speed of {panel.speed_hz} Hz; 40000000 is usual.") from error
    except _bus_errors() as error:
        name = f"/dev/spidev{panel.bus}.{panel.device}"
        raise ScreenError(f"The screen at {name} cannot be reached: {error}. Is SPI switched on?") from error
    return gpio, lcd, line, light


def _bus_errors() -> tuple[type[Exception], ...]:
    """What spidev, luma and the pin libraries raise when they cannot do what they were asked."""
    loaded = [(sys.modules.get("luma.core.error"), "Error"), (sys.modules.get("lgpio"), "error")]
    return (OSError, RuntimeError, ValueError, *(getattr(module, name) for module, name in loaded if module))


class _Backlight:
    """The light behind the panel. Pulses only in between: by software they cost a thread, and on and off need none."""

    def __init__(self, gpio: Any, panel: Panel) -> None:
        self._gpio = gpio
        self._pin = panel.backlight_pin
        self._low = panel.backlight_low
        self._pulses: Any = None
        self._pulsing = False
        if self._pin >= 0:
            gpio.setup(self._pin, gpio.OUT)
            self.set(0)

    def __call__(self, on: bool) -> None:
        """luma would light the panel before there is a picture."""

    def set(self, percent: int) -> None:
        """0 to 100."""
        if self._pin < 0:
            return
        duty = 100 - percent if self._low else percent
        if duty in (0, 100):
            self._stop()
            self._gpio.output(self._pin, self._gpio.HIGH if duty else self._gpio.LOW)
        elif self._pulsing:
            self._pulses.ChangeDutyCycle(duty)
        else:
            self._pulses = self._pulses or self._gpio.PWM(self._pin, _PWM_HZ)
            self._pulses.start(duty)
            self._pulsing = True

    def _stop(self) -> None:
        if self._pulsing:
            self._pulses.stop()
            self._pulsing = False

    def cleanup(self) -> None:
        """Dark, and the pin let go."""
        self.set(0)
        if self._pin >= 0:
            self._gpio.cleanup(self._pin)
