"""The steps in which a build is put together, as `hardware/enclosure/steps.toml` has them. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct, field

from device.errors import ConfigError
from hardware.case import Enclosure

FILE: Final = "hardware/enclosure/steps.toml"
PICTURES: Final = "pictures/assembly"
_PIECES: Final = ("front", "back", "knob", "cap")


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`parts`, `pieces`: what is seen, and how far off its place; `screws` too, -1: none; `lit`: it is on."""

    title: str
    words: str
    turn: float
    tilt: float
    parts: dict[str, float] = field(default_factory=dict)
    pieces: dict[str, float] = field(default_factory=dict)
    screws: float = -1.0
    lit: bool = False


class Steps(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    builds: dict[str, tuple[Step, ...]]


def steps(root: Path, enclosure: Enclosure) -> dict[str, tuple[Step, ...]]:
    """The steps of each build; raises ConfigError, also for a part or piece that the case does not have."""
    try:
        made = msgspec.toml.decode((root / FILE).read_text(encoding="utf-8"), type=Steps).builds
    except msgspec.DecodeError as error:
        raise ConfigError(f"{FILE} cannot be used: {error}.") from error
    for name, told in made.items():
        known = {part.name for part in enclosure.builds[name].parts}
        for step in told:
            wrong = [one for one in step.parts if one not in known] + [one for one in step.pieces if one not in _PIECES]
            if wrong:
                raise ConfigError(f"{FILE} cannot be used: build {name!r} has no {wrong[0]!r}.")
    return made


def picture(build: str, number: int) -> str:
    """Where the picture of a step is, from docs/."""
    return f"{PICTURES}/{build}-{number}.png"


def guide(build: str, told: tuple[Step, ...]) -> str:
    """The steps as Markdown."""
    pieces = []
    for number, step in enumerate(told, 1):
        pieces.append(f"### {number}. {step.title}\n\n![{step.title}]({picture(build, number)})\n\n{step.words}")
    return "\n\n".join(pieces)
