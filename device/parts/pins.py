"""Opens the pins of a Raspberry Pi by the one library that serves every Pi, or says why it cannot. Never guesses."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from device.errors import PinError

if TYPE_CHECKING:
    from gpiozero.pins.pi import PiFactory

_REVISION: Final = Path("/proc/device-tree/system/linux,revision")
_OVERRIDE: Final = "RPI_LGPIO_REVISION"


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def check_libraries(installed: Callable[[str], bool] = _installed) -> None:
    """Raises PinError unless gpiozero and rpi-lgpio are there, and RPi.GPIO, which has the same module, is not."""
    old, new = installed("RPi.GPIO"), installed("rpi-lgpio")
    if old and new:
        raise PinError(
            "The pins cannot be used: RPi.GPIO and rpi-lgpio are both installed and overwrite one another."
            " Remove both (`pip uninstall RPi.GPIO rpi-lgpio`, `apt remove python3-rpi.gpio`),"
            " then `pip install rpi-lgpio`."
        )
    if old:
        raise PinError(
            "The pins cannot be used: RPi.GPIO is installed, which knows no Pi 5. Remove it"
            " (`pip uninstall RPi.GPIO`, `apt remove python3-rpi.gpio`), then `pip install rpi-lgpio`."
        )
    if not new or not installed("gpiozero"):
        raise PinError("The pins cannot be used: their libraries are missing. `pip install 'leveret[pi]'` brings them.")


def open_pins() -> PiFactory:
    """The pins of this Pi; raises PinError. Whoever opened them closes them."""
    check_libraries()
    if _OVERRIDE not in os.environ and not _REVISION.exists():
        raise PinError("This is no Raspberry Pi, so it has no pins. --simulated runs a device made of files.")
    _check_permission()
    lead = "The pins cannot be used"
    try:
        return _factory()
    except ImportError as error:
        raise PinError(f"{lead}: {error}. `pip install 'leveret[pi]'` brings what is missing.") from error
    except pin_errors() as error:
        raise PinError(f"{lead}: {error}. `gpiodetect` tells which chips there are.") from error


def pin_errors() -> tuple[type[Exception], ...]:
    """What gpiozero, rpi-lgpio and lgpio raise when a pin cannot be had."""
    from gpiozero import GPIOZeroError

    loaded = sys.modules.get("lgpio")
    return (GPIOZeroError, RuntimeError, OSError, *((loaded.error,) if loaded else ()))


def _check_permission(dev: Path = Path("/dev")) -> None:
    chips = sorted(dev.glob("gpiochip*"))
    if chips and not any(os.access(chip, os.R_OK | os.W_OK) for chip in chips):
        raise PinError(
            f"The pins cannot be opened: no permission for {chips[0]}."
            " Add the user to the group gpio (`sudo usermod -aG gpio $USER`) and log in again."
        )


def _factory() -> PiFactory:
    from gpiozero.pins.rpigpio import RPiGPIOFactory

    class Pins(RPiGPIOFactory):  # type: ignore[misc]
        """gpiozero does not know rpi-lgpio's way to say which Pi this is."""

        def _get_revision(self) -> int:
            told = os.environ.get(_OVERRIDE)
            return int(told, 16) if told else int(super()._get_revision())

        def close(self) -> None:
            super().close()
            # A part that could not be made keeps its pin for as long as its error is kept.
            self._reservations.clear()

    return Pins()
