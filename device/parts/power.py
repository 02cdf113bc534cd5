"""Batteries: PiSugar 3 over I2C or through its server, a MAX17048 gauge, or whatever Linux knows of.

A source is a function that asks once and may wait; `PolledBattery` asks it in a thread of its own, so that `read` never
does. Opening one raises PowerError with the next step.
"""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, Protocol

from device.errors import PowerError
from device.parts.interfaces import BatteryState

Kind = Literal["pisugar3", "pisugar-server", "max17048", "power-supply"]
Source = Callable[[], BatteryState]

PERIOD_S: Final = 10.0
# So many readings may fail before what was read last is not believed any more.
_FAILURES_MOST: Final = 3

PISUGAR3: Final = 0x57
_PISUGAR3_CONTROL, _PISUGAR3_PERCENT = 0x02, 0x2A
_PISUGAR3_PLUGGED, _PISUGAR3_MAY_CHARGE = 0x80, 0x40
PISUGAR_SERVER: Final = Path("/tmp/pisugar-server.sock")  # noqa: S108 - where its server puts it
MAX17048: Final = 0x36
_MAX17048_PERCENT, _MAX17048_RATE = 0x04, 0x16
POWER_SUPPLIES: Final = Path("/sys/class/power_supply")
_ANSWER_S: Final = 2.0
_ANSWER_BYTES: Final = 256


class Bus(Protocol):
    """What of `smbus2.SMBus` is used."""

    def read_byte_data(self, address: int, register: int) -> int: ...
    def read_word_data(self, address: int, register: int) -> int: ...
    def close(self) -> None: ...


def open_bus(number: int = 1) -> Bus:
    """The I2C bus of the header; raises PowerError."""
    try:
        from smbus2 import SMBus
    except ImportError as error:
        raise PowerError("The battery cannot be asked: smbus2 is missing. `pip install 'leveret[pi]'`.") from error
    try:
        bus: Bus = SMBus(number)
    except FileNotFoundError as error:
        raise PowerError(
            f"The battery cannot be asked: there is no I2C bus {number}."
            " Put dtparam=i2c_arm=on into /boot/firmware/config.txt and reboot."
        ) from error
    except PermissionError as error:
        raise PowerError(
            f"The battery cannot be asked: no permission for I2C bus {number}."
            " Add the user to the group i2c (`sudo usermod -aG i2c $USER`) and log in again."
        ) from error
    except OSError as error:
        raise PowerError(f"The battery cannot be asked: {error.strerror}.") from error
    return bus


def pisugar3(bus: Bus) -> Source:
    """A PiSugar 3 on this bus: percent as it reckons it, charging when it is plugged in and allowed to."""

    def ask() -> BatteryState:
        with _answering("PiSugar 3", PISUGAR3):
            percent = bus.read_byte_data(PISUGAR3, _PISUGAR3_PERCENT)
            control = bus.read_byte_data(PISUGAR3, _PISUGAR3_CONTROL)
        if percent > 100:
            raise PowerError(f"The PiSugar 3 tells nonsense: {percent} %.")
        wanted = _PISUGAR3_PLUGGED | _PISUGAR3_MAY_CHARGE
        return BatteryState(percent, control & wanted == wanted)

    return ask


def max17048(bus: Bus) -> Source:
    """A MAX17048 gauge on this bus: percent in 1/256, charging when the charge grows."""

    def ask() -> BatteryState:
        with _answering("MAX17048", MAX17048):
            percent = _big_endian(bus.read_word_data(MAX17048, _MAX17048_PERCENT))
            rate = _big_endian(bus.read_word_data(MAX17048, _MAX17048_RATE))
        # It counts beyond 100 on a fresh cell.
        return BatteryState(min(100, round(percent / 256)), 0 < rate < 0x8000)

    return ask


def _big_endian(word: int) -> int:
    """SMBus words come low byte first, this gauge sends the high one first."""
    return (word & 0xFF) << 8 | word >> 8


@contextmanager
def _answering(name: str, address: int) -> Iterator[None]:
    """An I2C address that does not answer becomes a PowerError."""
    try:
        yield
    except OSError as error:
        reason = "another driver has it" if error.errno == errno.EBUSY else "it does not answer"
        raise PowerError(
            f"No battery: {name} at I2C address {address:#04x}: {reason}. `i2cdetect -y 1` shows who is there."
        ) from error


def pisugar_server(path: Path = PISUGAR_SERVER) -> Source:
    """Any PiSugar through the socket of its server, one line a question."""

    def ask() -> BatteryState:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(_ANSWER_S)
                line.connect(str(path))
                percent = float(_answer(line, "battery"))
                charging = _answer(line, "battery_charging") == "true"
        except OSError as error:
            reason = error.strerror or "no answer"
            raise PowerError(f"No battery: the PiSugar server at {path}: {reason}. Is it running?") from error
        except ValueError as error:
            raise PowerError(f"No battery: the PiSugar server at {path} cannot be understood: {error}.") from error
        return BatteryState(max(0, min(100, round(percent))), charging)

    return ask


def _answer(line: socket.socket, name: str) -> str:
    """The value of a line `name: value`; others (events, an old answer) are passed over. Raises ValueError."""
    line.sendall(f"get {name}\n".encode())
    told = b""
    while len(told) < _ANSWER_BYTES:
        piece = line.recv(_ANSWER_BYTES)
        if not piece:
            break
        told += piece
        *whole, _ = told.decode(errors="replace").split("\n")
        for one in whole:
            key, separator, value = one.partition(":")
            if separator and key.strip() == name:
                return value.strip()
    raise ValueError(f"no {name} in {told[:40]!r}")


def power_supply(root: Path = POWER_SUPPLIES) -> Source:
    """The first battery that the kernel knows."""

    def ask() -> BatteryState:
        for folder in sorted(root.glob("*")):
            try:
                if (folder / "type").read_text().strip() != "Battery":
                    continue
                percent = int((folder / "capacity").read_text())
                status = (folder / "status").read_text().strip()
            except (OSError, ValueError):
                # One that is just being taken out, or that tells no percentage.
                continue
            return BatteryState(max(0, min(100, percent)), status in ("Charging", "Full"))
        raise PowerError(f"No battery: the kernel knows of none in {root}.")

    return ask


class PolledBattery:
    """Asks a source in a thread of its own. `read` gives what was told last; None when it fell silent."""

    def __init__(
        self, source: Source, *, period_s: float = PERIOD_S, on_close: Callable[[], None] | None = None
    ) -> None:
        """Asks once, here; raises PowerError when there is nothing to ask."""
        self._source = source
        self._period_s = period_s
        self._on_close = on_close
        self._last: BatteryState | None = source()
        self._failures = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="battery", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(self._period_s):
            try:
                self._last = self._source()
                self._failures = 0
            except PowerError:
                self._failures += 1
                if self._failures >= _FAILURES_MOST:
                    self._last = None

    def read(self) -> BatteryState | None:
        return self._last

    def close(self) -> None:
        if self._over.is_set():
            return
        self._over.set()
        self._thread.join(2 * _ANSWER_S)
        if self._on_close is not None:
            self._on_close()


def open_battery(kinds: Sequence[Kind], *, bus: Callable[[], Bus] = open_bus) -> PolledBattery:
    """The first of these kinds that answers; raises PowerError with what each of them said."""
    said: list[str] = []
    for kind in kinds:
        try:
            return _open(kind, bus)
        except PowerError as error:
            said.append(str(error))
    raise PowerError(" ".join(dict.fromkeys(said)) or "No battery is expected.")


def _open(kind: Kind, bus: Callable[[], Bus]) -> PolledBattery:
    if kind == "pisugar-server":
        return PolledBattery(pisugar_server())
    if kind == "power-supply":
        return PolledBattery(power_supply())
    opened = bus()
    sources: dict[str, Callable[[Bus], Source]] = {"pisugar3": pisugar3, "max17048": max17048}
    try:
        return PolledBattery(sources[kind](opened), on_close=opened.close)
    except PowerError:
        opened.close()
        raise
