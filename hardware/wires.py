"""The wires of a build one by one: from which contact to which pin of the header, and in which colour. Pure."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from device.wiring import End, Part, Wired, Wiring, end_of


class Kind(StrEnum):
    """What goes through a wire; its value is the name of the colour that is advised for it."""

    POWER = "red"
    GROUND = "black"
    PIN = "violet"
    SPI = "blue"
    I2C = "orange"
    I2S = "green"
    BETWEEN = "brown"


class Wire(Struct, frozen=True):
    """`socket`: the part is plugged in, so that nobody lays this wire."""

    part: str
    contact: str
    end: End
    kind: Kind
    plugged: bool


def kind_of(end: End) -> Kind:
    """By where it ends."""
    if end.gpio < 0:
        return {"GND": Kind.GROUND}.get(end.said, Kind.POWER) if end.header else Kind.BETWEEN
    for kind in (Kind.SPI, Kind.I2C, Kind.I2S):
        if end.said.startswith(kind.name.lower()):
            return kind
    return Kind.PIN


def wires_of(wiring: Wiring, build: Wired, part: Part) -> tuple[Wire, ...]:
    """All wires of one part, as the file has them."""
    ends = {contact: end_of(wiring, build, told) for contact, told in part.wires.items()}
    return tuple(Wire(part.name, contact, end, kind_of(end), part.plugged) for contact, end in ends.items())


def told(end: End) -> str:
    """`GPIO 17 (button)`, `3V3`, `microphone VDD`."""
    if end.gpio >= 0:
        return f"GPIO {end.gpio} ({end.said})"
    return end.said if end.header else end.said.replace(".", " ")
