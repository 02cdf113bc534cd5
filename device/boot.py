"""What a build needs in `/boot/firmware/config.txt`, from how it is wired. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from device.wiring import Wired, Wiring, buses_of

PATH: Final = "/boot/firmware/config.txt"
_OUTPUTS: Final = ("red", "green", "blue", "screen_dc", "screen_reset", "backlight", "eye")
_LIGHT: Final = ("red", "green", "blue")
_PULLS: Final = {"up": "pu", "down": "pd", "none": "np"}


def boot_lines(wiring: Wiring, build: Wired) -> tuple[str, ...]:
    """The lines, buses first. With them every pin is quiet from the first moment: lights dark, switches pulled.

    No two lines are equal; a line that is there already does no harm.
    """
    lines = [bus.boot for bus in buses_of(wiring, build).values() if bus.boot]
    lines += [f"dtoverlay={part.overlay}" for part in build.parts if part.overlay]
    lines += [line for part in build.parts for line in part.boot]
    lines += [f"gpio={pin}={_state(build, name)}" for name, pin in sorted(build.pins.items(), key=lambda one: one[1])]
    return tuple(dict.fromkeys(lines))


def needed_lines(wiring: Wiring, build: Wired) -> tuple[str, ...]:
    """Those without which a part is not there; a HAT that is plugged on may bring its driver itself."""
    lines = [bus.boot for bus in buses_of(wiring, build).values() if bus.boot]
    lines += [f"dtoverlay={part.overlay}" for part in build.parts if part.overlay and not part.plugged]
    return tuple(dict.fromkeys(lines))


def missing_lines(needed: Iterable[str], config: Iterable[str]) -> tuple[str, ...]:
    """What of the needed lines is not in config.txt; a line there may say several things: `dtparam=spi=on,i2s=on`."""
    said: dict[str, set[str]] = {}
    for line in config:
        kind, _, told = line.partition("=")
        said.setdefault(kind, set()).update(told.split(","))
    return tuple(line for line in needed if line.partition("=")[2] not in said.get(line.partition("=")[0], set()))


def _state(build: Wired, name: str) -> str:
    """How a pin stands until the firmware has it: `op,dl` an output, low; `ip,pu` an input, pulled up."""
    if name not in _OUTPUTS:
        return f"ip,{_PULLS[build.button_pull if name == 'button' else 'up']}"
    if name in _LIGHT:
        high = build.light_lit == "low"
    elif name == "backlight":
        high = build.backlight_lit == "low"
    else:
        high = name == "screen_reset"
    return "op,dh" if high else "op,dl"
