"""How long to wait before the next socket. Pure: the dice are passed in.

Half of each wait is fixed and half is jitter, and it doubles: ten thousand devices whose gateway is gone neither come
back in step nor knock several times in the first second, and one whose network was away for a second or two is back
within two. How far it doubles the cloud has said, by how many devices it has (`cloud/admission.py`): a house's few come
back within two seconds of any outage, ten thousand in their time. `python -m benchmarks.stampede` simulates it.
"""

from __future__ import annotations

from typing import Final

from wire import limits
from wire.outcomes import Retry

FIRST_MS: Final = 500
FACTOR: Final = 2
SLOW_MS: Final = 60_000


def wait_ms(tries: int, retry: Retry, dice: float, most_ms: int = limits.REDIAL_MOST_MS) -> int:
    """Milliseconds to wait after `tries` failures in a row (from 0); `dice` is uniform in [0, 1)."""
    ceiling = SLOW_MS if retry is Retry.SLOWLY else min(most_ms, FIRST_MS * FACTOR ** min(tries, 10))
    return int(ceiling * (0.5 + dice / 2))
