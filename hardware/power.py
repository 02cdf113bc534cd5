"""What a build draws while it does what, and how long its battery lasts, from `hardware/power.toml`. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from device.errors import ConfigError

FILE: Final = "hardware/power.toml"
STATES: Final = ("dark", "waiting", "listening", "working", "speaking")
_HOUR_S: Final = 3600.0
Share = Annotated[float, Meta(ge=0, le=1)]
Milliwatt = Annotated[float, Meta(ge=0, le=50_000)]


class Turn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long one takes."""

    listening_s: float
    working_s: float
    speaking_s: float
    source: str


class Day(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often it is asked."""

    name: str
    turns_an_hour: Annotated[int, Meta(ge=0)]


class Processor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which share of one core of a PC the device's process was measured to take."""

    dark: Share
    waiting: Share
    listening: Share
    working: Share
    speaking: Share
    source: str


class Load(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One consumer, in mW. `always` where a state has no figure of its own; `most` at its worst."""

    name: str
    source: str
    most: Milliwatt
    always: Milliwatt = 0
    dark: Milliwatt | None = None
    waiting: Milliwatt | None = None
    listening: Milliwatt | None = None
    working: Milliwatt | None = None
    speaking: Milliwatt | None = None

    def at(self, state: str) -> float:
        own: float | None = getattr(self, state)
        return self.always if own is None else own


class Supply(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A build's cell and converter, its processor (`slower` than the PC's core, so many times), and its loads."""

    cell_mah: Annotated[float, Meta(gt=0)]
    cell_volt: Annotated[float, Meta(gt=0)]
    usable: Share
    converter: Share
    supply_mw: Milliwatt
    source: str
    slower: Annotated[float, Meta(ge=1)]
    core_mw: Milliwatt
    cores: int
    loads: tuple[Load, ...]


class Budget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    turn: Turn
    days: tuple[Day, ...]
    processor: Processor
    builds: dict[str, Supply]


def read_budget(text: str) -> Budget:
    """The budget that this file says; raises ConfigError."""
    try:
        return msgspec.toml.decode(text, type=Budget)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{FILE} cannot be used: {error}.") from error


def budget(root: Path) -> Budget:
    """The budget of the repository at `root`; raises ConfigError, OSError."""
    return read_budget((root / FILE).read_text(encoding="utf-8"))


def drawn_mw(told: Budget, supply: Supply, state: str) -> float:
    """What the build draws from its 5 V in this state."""
    share: float = getattr(told.processor, state)
    busy = min(1.0, share * supply.slower)
    return sum(load.at(state) for load in supply.loads) + busy * supply.core_mw


def most_mw(supply: Supply) -> float:
    """Everything at its worst, all cores busy."""
    return sum(load.most for load in supply.loads) + supply.cores * supply.core_mw


def shares(told: Budget, day: Day, sleep_s: float) -> dict[str, float]:
    """Which share of an hour each state takes; the screen sleeps `sleep_s` after a turn (0: never)."""
    turn = told.turn
    active = {"listening": turn.listening_s, "working": turn.working_s, "speaking": turn.speaking_s}
    spoken_s = sum(active.values())
    turns = min(float(day.turns_an_hour), _HOUR_S / spoken_s)
    rest_s = _HOUR_S - turns * spoken_s
    waiting_s = rest_s if sleep_s == 0 else min(rest_s, turns * sleep_s)
    made = {state: turns * seconds / _HOUR_S for state, seconds in active.items()}
    return {"dark": (rest_s - waiting_s) / _HOUR_S, "waiting": waiting_s / _HOUR_S, **made}


def mean_mw(told: Budget, supply: Supply, day: Day, sleep_s: float) -> float:
    """What the build draws on such a day."""
    return sum(share * drawn_mw(told, supply, state) for state, share in shares(told, day, sleep_s).items())


def hours(told: Budget, supply: Supply, day: Day, sleep_s: float) -> float:
    """How long a full battery lasts."""
    stored_mwh = supply.cell_mah * supply.cell_volt * supply.usable * supply.converter
    return stored_mwh / mean_mw(told, supply, day, sleep_s)
