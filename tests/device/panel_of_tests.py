"""A fake at the very edge: an ST7789 behind `spidev` and `RPi.GPIO`, that takes bytes as its data sheet says.

Below it is nothing but the panel's glass; above it runs the real luma driver.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Sequence

from PIL import Image

COLUMNS, ROWS = 240, 320
_MV, _MX, _MY = 0x20, 0x40, 0x80
_FLIP = Image.Transpose.FLIP_LEFT_RIGHT
_COLOURS = [bytes((value >> 8 & 0xF8, value >> 3 & 0xFC, value << 3 & 0xF8)) for value in range(1 << 16)]


class FakeGpio:
    """The part of RPi.GPIO that luma and the backlight use."""

    LOW, HIGH, OUT, BCM = 0, 1, 0, 11

    def __init__(self) -> None:
        self.levels: dict[int, int] = {}
        self.duty: dict[int, float] = {}
        self.set_up: set[int] = set()
        self.freed: list[object] = []

    def setmode(self, mode: int) -> None:
        assert mode == self.BCM

    def setup(self, pin: int, way: int) -> None:
        assert way == self.OUT
        self.set_up.add(pin)

    def output(self, pin: int, level: int) -> None:
        assert pin in self.set_up, f"pin {pin} was not set up"
        self.levels[pin] = level
        self.duty.pop(pin, None)

    def cleanup(self, pins: object = None) -> None:
        self.freed.append(pins)

    def PWM(self, pin: int, frequency: float) -> FakePwm:
        assert pin in self.set_up and frequency > 0
        return FakePwm(self, pin)


class FakePwm:
    def __init__(self, gpio: FakeGpio, pin: int) -> None:
        self._gpio, self._pin = gpio, pin

    def start(self, duty: float) -> None:
        assert 0 <= duty <= 100
        self._gpio.duty[self._pin] = duty

    def ChangeDutyCycle(self, duty: float) -> None:
        assert self._pin in self._gpio.duty, "it was not started"
        self.start(duty)

    def stop(self) -> None:
        self._gpio.duty.pop(self._pin, None)


class FakePanel:
    """`spidev.SpiDev`, and the chip at the other end of it. `gate`: closed, the bus is as slow as a test wants it."""

    def __init__(self, gpio: FakeGpio, dc_pin: int) -> None:
        self._gpio, self._dc_pin = gpio, dc_pin
        self.max_speed_hz = 0
        self.mode = 0
        self.opened: tuple[int, int] | None = None
        self.closed = False
        self.fails = ""
        self.gate = threading.Event()
        self.gate.set()
        self.at_gate = threading.Event()
        self.pixel_bytes = 0
        self.frames = 0
        self.on = self.awake = self.inverted = False
        self._memory = Image.new("RGB", (COLUMNS, ROWS), (255, 0, 255))
        self._command = 0
        self._arguments = bytearray()
        self._madctl = self._colmod = 0
        self._window = [0, 0, COLUMNS - 1, ROWS - 1]

    def open(self, bus: int, device: int) -> None:
        if self.fails:
            raise OSError(2, self.fails)
        self.opened = (bus, device)

    def close(self) -> None:
        self.closed = True

    def writebytes(self, data: Sequence[int]) -> None:
        assert len(data) <= 4096, "spidev takes no more at once"
        if not self.gate.is_set():
            self.at_gate.set()
            assert self.gate.wait(30)
        if self.fails:
            raise OSError(5, self.fails)
        if self._gpio.levels[self._dc_pin]:
            self._data(bytes(data))
        else:
            for command in data:
                self._begin(command)

    def _begin(self, command: int) -> None:
        if self._command == 0x2C:
            self._pixels_end()
        self._command = command
        self._arguments.clear()
        if command == 0x2C:
            self.frames += 1
        elif command in (0x10, 0x11):
            self.awake = command == 0x11
        elif command in (0x28, 0x29):
            self.on = command == 0x29
        elif command in (0x20, 0x21):
            self.inverted = command == 0x21

    def _data(self, data: bytes) -> None:
        self._arguments += data
        if self._command == 0x36:
            self._madctl = data[0]
        elif self._command == 0x3A:
            self._colmod = data[0] & 7
        elif self._command in (0x2A, 0x2B) and len(self._arguments) == 4:
            first, last = (int.from_bytes(self._arguments[at : at + 2], "big") for at in (0, 2))
            at = 0 if self._command == 0x2A else 1
            self._window[at], self._window[at + 2] = first, last

    def _pixels_end(self) -> None:
        """What was written since the last RAMWR goes to its place in the memory."""
        left, top, right, bottom = self._window
        width, height = right - left + 1, bottom - top + 1
        rgb = _rgb_of(bytes(self._arguments), self._colmod)
        assert len(rgb) == width * height * 3, "a window is written whole, and no further"
        self.pixel_bytes += len(self._arguments)
        logical = self._turned_back(self._memory)
        logical.paste(Image.frombytes("RGB", (width, height), rgb), (left, top))
        self._memory = self._turned(logical)

    def _turned(self, image: Image.Image) -> Image.Image:
        ways = ((_MV, Image.Transpose.TRANSPOSE), (_MX, _FLIP), (_MY, Image.Transpose.FLIP_TOP_BOTTOM))
        for bit, way in ways:
            image = image.transpose(way) if self._madctl & bit else image
        return image

    def _turned_back(self, image: Image.Image) -> Image.Image:
        ways = ((_MY, Image.Transpose.FLIP_TOP_BOTTOM), (_MX, _FLIP), (_MV, Image.Transpose.TRANSPOSE))
        for bit, way in ways:
            image = image.transpose(way) if self._madctl & bit else image
        return image.copy()

    def seen(self) -> Image.Image:
        """The picture on the glass: rows 20 to 299 of the memory."""
        if self._command == 0x2C:
            self._begin(0x00)
        assert self.on and self.awake and self.inverted, "this kind of panel shows right colours only inverted"
        return self._memory.crop((0, 20, 240, 300))


def _rgb_of(data: bytes, colmod: int) -> bytes:
    if colmod == 6:
        return bytes(value & 0xFC for value in data)
    assert colmod == 5
    return b"".join(map(_COLOURS.__getitem__, struct.unpack(f">{len(data) // 2}H", data)))


def as_565(image: Image.Image) -> Image.Image:
    """What 16 bit a pixel leave of a picture."""
    red, green, blue = image.split()
    five, six = (lambda value: value & 0xF8), (lambda value: value & 0xFC)
    return Image.merge("RGB", (red.point(five), green.point(six), blue.point(five)))
