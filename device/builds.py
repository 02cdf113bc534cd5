"""The devices that one can build, as data: which part is where. Pins have BCM numbers. Pure.

A build is chosen by `build = "whisplay"`; single pins are set otherwise by `[pins]`: `button = 26`, and -1 takes away
what a device can be without. `docs/builds.md` shows them as tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from device.errors import ConfigError
from device.parts.gpio import Contact
from device.parts.power import Kind
from device.parts.screen import Panel

NONE: Final = -1
# The pins of a 40-pin header that a program may use.
_LAST_PIN: Final = 27
_BUSES: Final = {2: "I2C", 3: "I2C", 8: "SPI", 10: "SPI", 11: "SPI", 18: "I2S", 19: "I2S", 20: "I2S", 21: "I2S"}


class WheelPins(Struct, frozen=True):
    """A rotary encoder that closes to ground; `push` -1: it cannot be pushed."""

    a: int
    b: int
    push: int = NONE


class LightPins(Struct, frozen=True):
    """An RGB light. `active_high` False: a common anode."""

    red: int
    green: int
    blue: int
    active_high: bool = True


class Build(Struct, frozen=True, kw_only=True):
    """One device. `microphone`, `speaker`: part of the sound card's name. `batteries`: which to look for, in turn."""

    name: str
    title: str
    board: str
    button: Contact
    panel: Panel
    microphone: str
    speaker: str
    light: LightPins | None = None
    wheel: WheelPins | None = None
    mute: Contact | None = None
    camera: bool = False
    camera_rotation: Literal[0, 90, 180, 270] = 0
    # A servo that turns the camera to the world while a picture may be taken, and away else.
    eye: int = NONE
    batteries: tuple[Kind, ...] = ()


WHISPLAY: Final = Build(
    name="whisplay",
    title="Whisplay HAT with PiSugar 3",
    board="Raspberry Pi Zero 2 W",
    # The HAT pulls it down and the button closes to 3.3 V.
    button=Contact(17, "none"),
    panel=Panel(dc_pin=27, reset_pin=4, backlight_pin=22, backlight_low=True),
    microphone="wm8960",
    speaker="wm8960",
    light=LightPins(25, 24, 23, active_high=False),
    batteries=("pisugar3", "pisugar-server"),
)
DISCRETE: Final = Build(
    name="discrete",
    title="Single parts, with wheel, camera and mute switch",
    board="Raspberry Pi 5",
    button=Contact(17),
    panel=Panel(dc_pin=25, reset_pin=24, backlight_pin=12),
    microphone="googlevoicehat",
    speaker="googlevoicehat",
    light=LightPins(22, 23, 27),
    wheel=WheelPins(5, 6, 13),
    mute=Contact(26),
    camera=True,
    batteries=("max17048", "pisugar3", "power-supply"),
)
BUILDS: Final = {build.name: build for build in (WHISPLAY, DISCRETE)}
SIMULATED: Final = "simulated"


def pins_of(build: Build) -> dict[str, int]:
    """Every pin by the name that `[pins]` has for it; -1 where the build has none."""
    wheel = build.wheel or WheelPins(NONE, NONE)
    light = build.light or LightPins(NONE, NONE, NONE)
    return {
        "button": build.button.pin,
        "wheel_a": wheel.a,
        "wheel_b": wheel.b,
        "wheel_push": wheel.push,
        "red": light.red,
        "green": light.green,
        "blue": light.blue,
        "mute": build.mute.pin if build.mute else NONE,
        "screen_dc": build.panel.dc_pin,
        "screen_reset": build.panel.reset_pin,
        "backlight": build.panel.backlight_pin,
        "eye": build.eye,
    }


def near(wrong: str, known: Mapping[str, object]) -> str:
    """What was perhaps meant."""
    found = get_close_matches(wrong, known, 1)
    return f"did you mean {found[0]!r}?" if found else f"known are {', '.join(known)}"


def build_of(name: str, pins: Mapping[str, int]) -> Build:
    """The build of this name with some pins set otherwise; raises ConfigError."""
    if name not in BUILDS:
        raise ConfigError(f"unknown build {name!r}; {near(name, {**BUILDS, SIMULATED: None})}")
    build = BUILDS[name]
    places = pins_of(build)
    for pin, number in pins.items():
        if pin not in places:
            raise ConfigError(f"unknown pin {pin!r}; {near(pin, places)}")
        if not NONE <= number <= _LAST_PIN:
            raise ConfigError(f"pin {pin!r} is {number}, expected 0 to {_LAST_PIN}, or -1 for none")
    build = _with(build, {**places, **pins})
    check_pins(build)
    return build


def _with(build: Build, places: Mapping[str, int]) -> Build:
    needed = [name for name in ("button", "screen_dc") if places[name] == NONE]
    if needed:
        raise ConfigError(f"pin {needed[0]!r} is -1, but no device can be without it")
    wheel = WheelPins(places["wheel_a"], places["wheel_b"], places["wheel_push"])
    high = build.light is None or build.light.active_high
    light = LightPins(places["red"], places["green"], places["blue"], active_high=high)
    return replace(
        build,
        button=replace(build.button, pin=places["button"]),
        wheel=None if NONE in (wheel.a, wheel.b) else wheel,
        light=None if NONE in (light.red, light.green, light.blue) else light,
        eye=places["eye"],
        mute=None if places["mute"] == NONE else replace(build.mute or Contact(0), pin=places["mute"]),
        panel=replace(
            build.panel,
            dc_pin=places["screen_dc"],
            reset_pin=places["screen_reset"],
            backlight_pin=places["backlight"],
        ),
    )


def check_pins(build: Build) -> None:
    """Raises ConfigError when two parts want one pin, or one wants a bus's."""
    owners: dict[int, str] = {}
    for name, pin in pins_of(build).items():
        if pin == NONE:
            continue
        if pin in _BUSES:
            raise ConfigError(f"pin {name!r} is {pin}, which belongs to the {_BUSES[pin]} bus of every build")
        if pin in owners:
            raise ConfigError(f"pins {owners[pin]!r} and {name!r} are both {pin}")
        owners[pin] = name
