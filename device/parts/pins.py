"""Opens the pins of a Raspberry Pi by the one library that serves every Pi, or says why it cannot. Never guesses."""

from __future__ import annotations

import atexit
import importlib
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from device.errors import PinError

if TYPE_CHECKING:
    from gpiozero.pins.pi import PiFactory

_REVISION: Final = Path("/proc/device-tree/system/linux,revision")
_OVERRIDE: Final = "RPI_LGPIO_REVISION"


def _place(name: str) -> Path | None:
    """Where a distribution's package RPi is, or would be; None when it is not installed."""
    try:
        return Path(str(metadata.distribution(name).locate_file("RPi"))).resolve()
    except metadata.PackageNotFoundError:
        return None


def _taken() -> Path | None:
    """The package RPi that an import takes."""
    found = importlib.util.find_spec("RPi")
    return Path(found.origin).parent.resolve() if found is not None and found.origin else None


def check_libraries(place: Callable[[str], Path | None] = _place, taken: Callable[[], Path | None] = _taken) -> None:
    """Raises PinError unless gpiozero and rpi-lgpio are there, and no RPi.GPIO, which is the same module, before it.

    One of the system behind a virtual environment's own is no harm.
    """
    old, new = place("RPi.GPIO"), place("rpi-lgpio")
    if old is not None and old == new:
        raise PinError(
            "The pins cannot be used: RPi.GPIO and rpi-lgpio are both installed and overwrite one another."
            " Remove both (`pip uninstall RPi.GPIO rpi-lgpio`, `apt remove python3-rpi.gpio`),"
            " then `pip install rpi-lgpio`."
        )
    if old is not None and (new is None or taken() == old):
        raise PinError(
            "The pins cannot be used: RPi.GPIO is installed, which knows no Pi 5. Remove it"
            " (`pip uninstall RPi.GPIO`, `apt remove python3-rpi.gpio`), then `pip install rpi-lgpio`."
        )
    if new is None or place("gpiozero") is None:
        raise PinError("The pins cannot be used: their libraries are missing. `pip install 'leveret[pi]'` brings them.")


def _load_lgpio() -> None:
    """lgpio makes a pipe in the working directory when it is imported, fails where it may not write, or changes it."""
    if "lgpio" in sys.modules:
        return
    before = Path.cwd()
    folder = tempfile.mkdtemp(prefix="leveret-lgpio-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        os.chdir(folder)
        importlib.import_module("lgpio")
    finally:
        os.chdir(before)


def open_pins() -> PiFactory:
    """The pins of this Pi; raises PinError. Whoever opened them closes them."""
    check_libraries()
    if _OVERRIDE not in os.environ and not _REVISION.exists():
        raise PinError("This is no Raspberry Pi, so it has no pins. --simulated runs a device made of files.")
    check_permission()
    lead = "The pins cannot be used"
    try:
        _load_lgpio()
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


def check_permission(dev: Path = Path("/dev"), may: Callable[[Path, int], bool] = os.access) -> None:
    """Raises PinError when this user may use none of the chips that there are."""
    chips = sorted(dev.glob("gpiochip*"))
    if chips and not any(may(chip, os.R_OK | os.W_OK) for chip in chips):
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
