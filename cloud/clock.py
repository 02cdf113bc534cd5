"""Time and names, passed in wherever logic depends on them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

Clock = Callable[[], float]  # UTC seconds
Ids = Callable[[], str]


def utc_seconds() -> float:
    """The real time."""
    return time.time()


def fresh_id() -> str:
    """An id that nobody can guess and that sorts by the time it was made, to the millisecond."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(6)}"
