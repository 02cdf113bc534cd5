"""What has failed is left alone for a while, so that not every turn waits for it in vain."""

from __future__ import annotations

import time
from collections.abc import Callable

# After one failure, after two in a row, and so on; the last for all that follow.
RESTS_S = (30.0, 120.0, 600.0, 3600.0)


class Rest:
    """Of one engine: whether it rests, and why. It begins awake."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._in_a_row = 0
        self._until = 0.0
        self.reason = ""  # of the last failure; "" once it has worked again

    @property
    def is_on(self) -> bool:
        """It is not asked now."""
        return self._clock() < self._until

    @property
    def left(self) -> str:
        """In words: when it is asked again."""
        seconds = self._until - self._clock()
        if seconds <= 0:
            return "the next time"
        return f"in {seconds / 60:.0f} min" if seconds >= 90 else f"in {seconds:.0f} s"

    def failed(self, reason: str) -> None:
        """It rests: longer with each failure in a row. Two turns that fail at once are one failure."""
        self.reason = reason
        if self.is_on:
            return
        self._until = self._clock() + RESTS_S[min(self._in_a_row, len(RESTS_S) - 1)]
        self._in_a_row += 1

    def worked(self) -> None:
        """All is forgotten."""
        self._in_a_row, self._until, self.reason = 0, 0.0, ""
