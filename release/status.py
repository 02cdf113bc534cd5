"""What is told of an update, in files of `incoming/`."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from release.boot.place import Place

STATUS: Final = "status.json"


class Status(Struct, frozen=True, kw_only=True):
    """What is told of an update: `incoming/status.json`. `at`: UTC seconds. `code`, `sentence`: why it ended so."""

    stage: str
    release: str = ""
    done_bytes: Annotated[int, Meta(ge=0)] = 0
    of_bytes: Annotated[int, Meta(ge=0)] = 0
    code: str = ""
    sentence: str = ""
    at: float = 0.0


class Ready(Struct, frozen=True, kw_only=True):
    """What `boot/` may take: `incoming/ready.json`. `back`: it is older, and its owner wants it."""

    format: Literal[1] = 1
    name: str
    back: bool = False


def encode(told: Status | Ready) -> bytes:
    """As it is written."""
    return msgspec.json.encode(told) + b"\n"


def decode_status(data: bytes) -> Status | None:
    """None when it cannot be read."""
    try:
        return msgspec.json.decode(data, type=Status)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def status_of(place: Place) -> Status | None:
    """What was told last of an update; None when there was none."""
    try:
        return decode_status((place.incoming / STATUS).read_bytes())
    except OSError:
        return None
