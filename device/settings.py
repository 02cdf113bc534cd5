"""What the person has set on the device itself, kept across a loss of power."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from device.errors import SettingsError
from device.files import write_whole

_TORN: Final = "Your settings could not be read. They are as new again."


class Settings(Struct, frozen=True, kw_only=True):
    """`sleep_s`: screen and light go dark after so long without a press, 0: never. `language`: see `device/words`."""

    volume: Annotated[int, Meta(ge=0, le=100)] = 75
    brightness: Annotated[int, Meta(ge=5, le=100)] = 80
    camera: bool = True
    sleep_s: Annotated[int, Meta(ge=0, le=3600)] = 60
    text: Literal["normal", "large"] = "normal"
    language: Annotated[str, Meta(max_length=8)] = "en"


class SettingsFile:
    """One JSON file, always whole: a new one is written beside it and takes its place."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, new: Settings) -> tuple[Settings, str]:
        """What is kept, else `new`; with a sentence for the person when something was kept and cannot be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Settings), ""
        except FileNotFoundError:
            return new, ""
        except (OSError, msgspec.DecodeError):
            return new, _TORN

    def write(self, settings: Settings) -> None:
        """Keep these; returns when they are on the disk. Raises SettingsError, and what was kept before still is."""
        try:
            write_whole(self._path, msgspec.json.encode(settings) + b"\n")
        except OSError as error:
            raise SettingsError(f"Your settings cannot be kept: {error.strerror}.") from error
