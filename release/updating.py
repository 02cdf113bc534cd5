"""The updater's stages: `step(stage, told) -> stage`. Pure.

    LOOKING ─► READING ─► UNPACKING ─► PLACING ─► OFFERING ─► READY
       │          │           │           │          │
       └──────────┴───────────┴─── why ───┴──────────┴──► UP_TO_DATE, CANCELLED or FAILED

Until OFFERING has ended nothing that runs, or will be run, has changed.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

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
