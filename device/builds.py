"""The devices that one can build, as data: which part is where. Pins have BCM numbers. Pure.

`hardware/pins.toml` has them (`wiring.py` reads it). A build is chosen by `build = "whisplay"`; single pins are set
otherwise by `[pins]`: `button = 26`, and -1 takes away what a device can be without.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from device.errors import ConfigError
from device.parts.gpio import Contact
from device.parts.power import Kind
from device.parts.screen import Panel
from device.wiring import FILE, LAST_GPIO, Wired, pin_clashes, select_of, wiring

NONE: Final = -1


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
    # A volume of the sound card's own, as `card/control`; none: the device turns its sound down itself.
    mixer: str = ""
    light: LightPins | None = None
    wheel: WheelPins | None = None
    mute: Contact | None = None
    camera: bool = False
    camera_rotation: Literal[0, 90, 180, 270] = 0
    # A servo that turns the camera to the world while a picture may be taken, and away else.
    eye: int = NONE
    batteries: tuple[Kind, ...] = ()


DEFAULT: Final = "whisplay"
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


@functools.cache
def builds() -> Mapping[str, Build]:
    """All builds by their names, as `hardware/pins.toml` has them; raises ConfigError."""
    told = wiring()
    return {one.name: from_wiring(one) for one in told.builds}


def from_wiring(wired: Wired) -> Build:
    """What the firmware opens of a device that is wired so; raises ConfigError."""
    bus, select = select_of(wired, "screen")
    panel = Panel(
        bus=bus,
        device=select,
        dc_pin=NONE,
        reset_pin=NONE,
        backlight_low=wired.backlight_lit == "low",
        rotation=wired.screen_rotation,
    )
    bare = Build(
        name=wired.name,
        title=wired.title,
        board=wired.board,
        button=Contact(NONE, wired.button_pull),
        panel=panel,
        microphone=wired.microphone,
        speaker=wired.speaker,
        light=LightPins(NONE, NONE, NONE, active_high=wired.light_lit == "high"),
        camera=wired.camera,
        batteries=wired.batteries,
    )
    unknown = [name for name in wired.pins if name not in pins_of(bare)]
    if unknown:
        raise ConfigError(f"{FILE} cannot be used: unknown pin {unknown[0]!r}; {near(unknown[0], pins_of(bare))}")
    return _with(bare, {**dict.fromkeys(pins_of(bare), NONE), **wired.pins})


def build_of(name: str, pins: Mapping[str, int]) -> Build:
    """The build of this name with some pins set otherwise; raises ConfigError."""
    known = builds()
    if name not in known:
        raise ConfigError(f"unknown build {name!r}; {near(name, {**known, SIMULATED: None})}")
    build = known[name]
    places = pins_of(build)
    for pin, number in pins.items():
        if pin not in places:
            raise ConfigError(f"unknown pin {pin!r}; {near(pin, places)}")
        if not NONE <= number <= LAST_GPIO:
            raise ConfigError(f"pin {pin!r} is {number}, expected 0 to {LAST_GPIO}, or -1 for none")
    build = _with(build, {**places, **pins})
    wrong = pin_clashes(wiring(), wired_of(name), {pin: at for pin, at in pins_of(build).items() if at != NONE})
    if wrong:
        raise ConfigError("; ".join(wrong))
    return build


def wired_of(name: str) -> Wired:
    """How the build of this name is wired; raises ConfigError."""
    for one in wiring().builds:
        if one.name == name:
            return one
    raise ConfigError(f"unknown build {name!r}; {near(name, builds())}")


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
