"""When a quiet link is asked whether it is there, and when it is given up. Time comes in as milliseconds."""

from __future__ import annotations

from typing import Literal

from wire import limits


class Liveness:
    """One socket's clock: `handshake` until `joined`, then pings while it is quiet, then dead."""

    __slots__ = ("_dead_after_ms", "_heard_ms", "_joined", "_ping_every_ms", "_pinged_ms")

    def __init__(self, now_ms: int) -> None:
        self._heard_ms = now_ms
        self._pinged_ms = now_ms
        self._joined = False
        self._ping_every_ms = limits.PING_EVERY_MS
        self._dead_after_ms = limits.HANDSHAKE_MS

    def joined(self, now_ms: int, *, ping_every_ms: int, dead_after_ms: int) -> None:
        """The handshake is through."""
        self._joined = True
        self._ping_every_ms = ping_every_ms
        self._dead_after_ms = dead_after_ms
        self.heard(now_ms)

    def heard(self, now_ms: int) -> None:
        """Something arrived. Before `joined` nothing prolongs the handshake, or a slow peer could hold it for ever."""
        if self._joined:
            self._heard_ms = now_ms
            self._pinged_ms = now_ms

    def tick(self, now_ms: int) -> Literal["fine", "ping", "dead"]:
        """What is due now. A clock that jumped back counts as no time at all."""
        self._heard_ms = min(self._heard_ms, now_ms)
        self._pinged_ms = min(self._pinged_ms, now_ms)
        if now_ms - self._heard_ms >= self._dead_after_ms:
            return "dead"
        if self._joined and now_ms - self._pinged_ms >= self._ping_every_ms:
            self._pinged_ms = now_ms
            return "ping"
        return "fine"

    def next_ms(self) -> int:
        """When `tick` has something to say at the earliest."""
        dead = self._heard_ms + self._dead_after_ms
        return min(dead, self._pinged_ms + self._ping_every_ms) if self._joined else dead
