"""What a build is made of and roughly costs, from `hardware/parts.toml`. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from device.errors import ConfigError

FILE: Final = "hardware/parts.toml"


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the bill. `each`: its rough price."""

    item: str
    count: Annotated[int, Meta(ge=1)]
    each: Annotated[float, Meta(ge=0)]
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    alternatives: str


class Bill(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. `month`: when the prices were known so."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    month: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}$")]
    builds: dict[str, tuple[Item, ...]]


def read_bill(text: str) -> Bill:
    """The bill that this file says; raises ConfigError."""
    try:
        return msgspec.toml.decode(text, type=Bill)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{FILE} cannot be used: {error}.") from error


def bill(root: Path) -> Bill:
    """The bill of the repository at `root`; raises ConfigError, OSError."""
    return read_bill((root / FILE).read_text(encoding="utf-8"))


def total(items: tuple[Item, ...]) -> float:
    """What a build costs, roughly."""
    return sum(one.count * one.each for one in items)
