"""How an update of the device stands, as it is told on its screen. Data only."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Wait(StrEnum):
    """What a release that is ready waits for; the key of its words."""

    TURN = "turn"
    USED = "used"
    ALARM = "alarm"
    BATTERY = "battery"


class Update(Struct, frozen=True):
    """`release`: ready, or on its way with `percent`. `given_up`: the one that failed here last."""

    release: str = ""
    percent: int = -1
    wait: Wait | None = None
    given_up: str = ""
