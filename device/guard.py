"""Feeds the watchdog from the event loop while the device lives: while an open microphone gives sound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from device.parts.interfaces import Watchdog

# An open microphone that gives nothing for so long will not come back by itself; it has restarted itself before.
SILENT_MS: Final = 8_000


class Guard:
    """Told what goes on; a frozen event loop feeds nothing by itself."""

    def __init__(self, watchdog: Watchdog | None, clock_ms: Callable[[], int]) -> None:
        self._watchdog = watchdog
        self._clock_ms = clock_ms
        self._sound_ms = -1

    def recording(self, on: bool) -> None:
        """The microphone was opened or closed."""
        self._sound_ms = self._clock_ms() if on else -1

    def heard(self) -> None:
        """It gave sound."""
        if self._sound_ms >= 0:
            self._sound_ms = self._clock_ms()

    @property
    def alive(self) -> bool:
        """All that should go forward does."""
        return self._sound_ms < 0 or self._clock_ms() - self._sound_ms < SILENT_MS

    async def run(self) -> None:
        """Feed until cancelled."""
        if self._watchdog is None:
            return
        self._watchdog.ready()
        while self._watchdog.feed_s > 0:
            if self.alive:
                self._watchdog.feed()
            await asyncio.sleep(self._watchdog.feed_s)
