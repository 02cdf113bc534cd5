"""How a device is wired, as `hardware/pins.toml` says, and what in it cannot be. Pure but for reading that file.

What a contact goes to is written in one of four ways: `screen_dc` (a pin by its name), `spi0.mosi` (a line of a bus),
`3V3:17` (power or ground, at this pin of the header), `microphone.VDD` (another part's contact, which says so too).
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from device.errors import ConfigError
from device.parts.gpio import Pull
from device.parts.power import Kind

FILE: Final = "hardware/pins.toml"
HEADER_PINS: Final = 40
LAST_GPIO: Final = 27
# Two pins of one channel of the pulse generator make the same pulses.
_PWM_CHANNELS: Final = {12: 0, 18: 0, 13: 1, 19: 1}
_POWER: Final = ("3V3", "5V", "GND")

Gpio = Annotated[int, Meta(ge=0, le=LAST_GPIO)]
Address = Annotated[int, Meta(ge=0x08, le=0x77)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_ ]*$")]
Level = Literal["low", "high"]


class Bus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`lines`: what each is called, and its pin. `boot`: the line in config.txt that switches it on.

    `always`: taken in every build, whether or not a part is on it.
    """

    title: str
    lines: dict[Name, Gpio]
    boot: str = ""
    always: bool = False


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`wires`: its contacts, and what each goes to. `plugged`: nothing of it is soldered. `i2c`: addresses it has.

    `overlay`: the kernel's driver for it; one overlay may serve several parts. `boot`: other lines for config.txt.
    `socket`: where it is plugged in, if that is not the header. `optional`: it may be left out.
    """

    name: Name
    title: str
    wires: dict[str, str] = field(default_factory=dict)
    plugged: bool = False
    optional: bool = False
    i2c: tuple[Address, ...] = ()
    overlay: str = ""
    boot: tuple[str, ...] = ()
    socket: str = ""


class Wired(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One build. `pins`: those of the firmware, by the names that the setting `pins` has for them.

    `kernel_pins`: those that a driver has for itself. `hardware_pwm`: names of pins on the pulse generator.
    `light_lit`, `backlight_lit`: the level at which they shine.
    """

    name: Name
    title: str
    board: str
    summary: str
    microphone: str
    speaker: str
    pins: dict[Name, Gpio]
    parts: tuple[Part, ...]
    kernel_pins: dict[Name, Gpio] = field(default_factory=dict)
    hardware_pwm: tuple[str, ...] = ()
    batteries: tuple[Kind, ...] = ()
    camera: bool = False
    button_pull: Pull = "up"
    light_lit: Level = "high"
    backlight_lit: Level = "high"
    screen_rotation: Literal[0, 180] = 0


class Wiring(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. `header`: what is at its pins, 1 to 40."""

    format: Literal[1]
    header: Annotated[tuple[str, ...], Meta(min_length=HEADER_PINS, max_length=HEADER_PINS)]
    buses: dict[Name, Bus]
    builds: Annotated[tuple[Wired, ...], Meta(min_length=1)]


class End(Struct, frozen=True):
    """Where a wire ends: at a pin of the header (`gpio` -1: power or ground), or (0) at another part's contact."""

    said: str
    header: int = 0
    gpio: int = -1


@functools.cache
def wiring() -> Wiring:
    """The wiring of the installed package; raises ConfigError."""
    package, _, name = FILE.partition("/")
    try:
        text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    except (ImportError, OSError) as error:
        raise ConfigError(
            f"{FILE}, which says how devices are wired, is missing: {error}. Install Leveret anew."
        ) from error
    return read_wiring(text)


def read_wiring(text: str) -> Wiring:
    """The wiring that this file says; raises ConfigError with all that cannot be."""
    try:
        made = msgspec.toml.decode(text, type=Wiring)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{FILE} cannot be used: {error}. Put it right, or install Leveret anew.") from error
    wrong = [f"build {build.name!r}: {one}" for build in made.builds for one in clashes(made, build)]
    wrong += [f"there are two builds {name!r}" for name in twice(one.name for one in made.builds)]
    if wrong:
        raise ConfigError(f"{FILE} cannot be used: {'; '.join(wrong)}.")
    return made


def twice(names: Iterator[str]) -> list[str]:
    """Those that come more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def clashes(wiring: Wiring, build: Wired) -> list[str]:
    """All that cannot be in this build, each as half a sentence."""
    return [
        *pin_clashes(wiring, build, build.pins),
        *_pwm_clashes(build),
        *_wire_clashes(wiring, build),
        *_bus_clashes(build),
    ]


def buses_of(wiring: Wiring, build: Wired) -> dict[str, Bus]:
    """The buses that are switched on."""
    told = {end.partition(".")[0] for part in build.parts for end in part.wires.values()}
    return {name: bus for name, bus in wiring.buses.items() if bus.always or name in told}


def pin_clashes(wiring: Wiring, build: Wired, pins: Mapping[str, int]) -> list[str]:
    """Pins that two want, were the firmware's pins these."""
    owners: dict[int, str] = {}
    for bus in buses_of(wiring, build).values():
        owners |= dict.fromkeys(bus.lines.values(), f"belongs to the {bus.title} bus of this build")
    owners |= {pin: f"belongs to the kernel's driver ({name})" for name, pin in build.kernel_pins.items()}
    names: dict[int, str] = {}
    wrong = []
    for name, pin in pins.items():
        if pin in owners:
            wrong.append(f"pin {name!r} is {pin}, which {owners[pin]}")
        elif pin in names:
            wrong.append(f"pins {names[pin]!r} and {name!r} are both {pin}")
        names.setdefault(pin, name)
    return wrong


def _pwm_clashes(build: Wired) -> list[str]:
    wrong: list[str] = []
    channels: dict[int, str] = {}
    for name in build.hardware_pwm:
        pin = build.pins.get(name, -1)
        channel = _PWM_CHANNELS.get(pin)
        if channel is None:
            wrong.append(f"{name!r} wants hardware pulses, which GPIO {pin} has not")
        elif channel in channels:
            wrong.append(f"{channels[channel]!r} and {name!r} share channel {channel} of the pulse generator")
        else:
            channels[channel] = name
    return wrong


def _wire_clashes(wiring: Wiring, build: Wired) -> list[str]:
    wrong = [f"there are two parts {name!r}" for name in twice(part.name for part in build.parts)]
    for part in build.parts:
        for contact, told in part.wires.items():
            try:
                end_of(wiring, build, told)
            except ConfigError as error:
                wrong.append(f"{part.name} {contact}: {error}")
            other, _, far = told.partition(".")
            mirror = {one.name: one for one in build.parts}.get(other)
            if far and mirror is not None and mirror.wires.get(far) != f"{part.name}.{contact}":
                wrong.append(f"{part.name} {contact} goes to {told}, which does not go to {part.name}.{contact}")
    wired = {told for part in build.parts for told in part.wires.values()}
    wrong += [f"pin {name!r} goes to no part" for name in (*build.pins, *build.kernel_pins) if name not in wired]
    return wrong


def _bus_clashes(build: Wired) -> list[str]:
    wrong = []
    addresses = Counter(address for part in build.parts for address in set(part.i2c))
    wrong += [f"two parts have the I2C address {one:#04x}" for one, count in addresses.items() if count > 1]
    selects = Counter(end for part in build.parts for end in part.wires.values() if ".cs" in end)
    wrong += [f"two parts have the SPI chip select {one}" for one, count in selects.items() if count > 1]
    outs = Counter(end for part in build.parts for end in part.wires.values() if end == "i2s.in")
    wrong += [f"two parts speak on {one}" for one, count in outs.items() if count > 1]
    sound = {part.overlay for part in build.parts if any(end.startswith("i2s.") for end in part.wires.values())}
    if len(sound) > 1:
        wrong.append(f"one I2S bus has one driver, but these are named: {', '.join(sorted(sound)) or 'none'}")
    return wrong


def end_of(wiring: Wiring, build: Wired, told: str) -> End:
    """Where a wire that goes to `told` ends; raises ConfigError."""
    power, _, number = told.partition(":")
    if number:
        pin = int(number) if number.isdigit() else 0
        if power not in _POWER or not 1 <= pin <= HEADER_PINS or wiring.header[pin - 1] != power:
            raise ConfigError(f"{told!r} is no pin of the header with {power}")
        return End(power, pin)
    gpio = {**build.pins, **build.kernel_pins}.get(told)
    first, _, second = told.partition(".")
    if gpio is None and first in wiring.buses:
        gpio = wiring.buses[first].lines.get(second)
    if gpio is not None:
        if f"GPIO{gpio}" not in wiring.header:
            raise ConfigError(f"GPIO {gpio} is not on the header")
        return End(told, wiring.header.index(f"GPIO{gpio}") + 1, gpio)
    if second and any(part.name == first for part in build.parts):
        return End(told)
    raise ConfigError(f"{told!r} is no pin, no line of a bus and no contact of a part")


def select_of(build: Wired, part: str) -> tuple[int, int]:
    """The number of the SPI bus and of the chip select that a part has; raises ConfigError."""
    ends = (end for one in build.parts if one.name == part for end in one.wires.values())
    for end in ends:
        bus, _, line = end.partition(".")
        if bus.startswith("spi") and line.startswith("cs"):
            return int(bus.removeprefix("spi")), int(line.removeprefix("cs"))
    raise ConfigError(f"{FILE} cannot be used: build {build.name!r}: no chip select for the {part}.")
