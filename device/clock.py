"""The steady clock that all of the device shares."""

from __future__ import annotations

import time
from typing import Final

# 2026-01-01: a time of day before it is that of a device whose clock has not been set since it was switched on.
LEAST_WALL_MS: Final = 1_767_225_600_000


def steady_ms() -> int:
    """Milliseconds that only ever grow, whatever happens to the time of day."""
    return time.monotonic_ns() // 1_000_000
