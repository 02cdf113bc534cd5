"""How long to wait before the next socket. Pure: the dice are passed in.

Full jitter, so that ten thousand devices whose gateway restarts do not come back in step.
"""

from __future__ import annotations

from typing import Final

from wire.outcomes import Retry

FIRST_MS: Final = 250
FACTOR: Final = 1.8
MOST_MS: Final = 15_000
SLOW_MS: Final = 60_000
LEAST_MS: Final = 50


def wait_ms(tries: int, retry: Retry, dice: float) -> int:
    """Milliseconds to wait after `tries` failures in a row (from 0); `dice` is uniform in [0, 1)."""
    if retry is Retry.SLOWLY:
        return int(SLOW_MS * (0.5 + dice / 2))
    ceiling = min(MOST_MS, FIRST_MS * FACTOR ** min(tries, 50))
    return max(LEAST_MS, int(ceiling * dice))
