"""The updater's stages: `step(stage, told) -> stage`. Pure.

    LOOKING ─► READING ─► UNPACKING ─► PLACING ─► OFFERING ─► READY
       │          │           │           │          │
       └──────────┴───────────┴─── why ───┴──────────┴──► UP_TO_DATE, CANCELLED or FAILED

Until OFFERING has ended nothing that runs, or will be run, has changed.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from release.errors import Cancelled, NotNewer, ReleaseError


class Stage(Enum):
    """Where it stands."""

    LOOKING = "looking"
    READING = "reading"
    UNPACKING = "unpacking"
    PLACING = "placing"
    OFFERING = "offering"
    READY = "ready"
    UP_TO_DATE = "up_to_date"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDS: Final = (Stage.READY, Stage.UP_TO_DATE, Stage.CANCELLED, Stage.FAILED)
_WAY: Final = (Stage.LOOKING, Stage.READING, Stage.UNPACKING, Stage.PLACING, Stage.OFFERING, Stage.READY)


def step(stage: Stage, told: ReleaseError | None, *, here_already: bool = False) -> Stage:
    """The next stage; `told`: what went wrong. `here_already`: the release lies in `releases/`, whole."""
    if stage in ENDS:
        return stage
    match told:
        case None if stage is Stage.READING and here_already:
            return Stage.OFFERING
        case None:
            return _WAY[_WAY.index(stage) + 1]
        case NotNewer():
            return Stage.UP_TO_DATE
        case Cancelled():
            return Stage.CANCELLED
    return Stage.FAILED


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
