"""How many devices are let in in a second, and how often those may knock that are away. Pure."""

from __future__ import annotations

from typing import Final

from wire import limits

# When all of them come at once; those that somebody speaks to wait for nobody.
WELCOMES_PER_S: Final = 50
# So many are being let in at the same time; when that takes long, others are told to come later, not to wait here.
WELCOMES_AT_ONCE: Final = 16


def redial_most_ms(devices: int) -> int:
    """How long at most a device waits before it dials again, where so many are paired.

    It waits three quarters of that on average. However long all of them were away, no more than `WELCOMES_PER_S` come
    back in a second then, unless even the longest wait is too short for that.
    """
    enough_ms = devices * 4000 // (3 * WELCOMES_PER_S)
    return min(limits.REDIAL_MOST_MS, max(limits.REDIAL_LEAST_MS, enough_ms))
