"""The steady clock that all of the device shares."""

from __future__ import annotations

import time


def steady_ms() -> int:
    """Milliseconds that only ever grow, whatever happens to the time of day."""
    return time.monotonic_ns() // 1_000_000
