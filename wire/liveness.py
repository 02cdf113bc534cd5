"""When a quiet link is asked whether it is there, and when it is given up. Time comes in as milliseconds."""

from __future__ import annotations

from typing import Literal

from wire import limits


class Liveness:
    """One socket's clock: `handshake` until `joined`, then pings while it is quiet, then dead.

    `probe` asks at once. A link that says nothing at all is dead soon after it, and so is one whose pong does not come.
    """

    __slots__ = ("_dead_after_ms", "_heard_ms", "_joined", "_ping_every_ms", "_pinged_ms", "_probed_ms", "_trip_ms")

    def __init__(self, now_ms: int) -> None:
        self._heard_ms = now_ms
        self._pinged_ms = now_ms
        self._joined = False
        self._ping_every_ms = limits.PING_EVERY_MS
        self._dead_after_ms = limits.HANDSHAKE_MS
        self._probed_ms: int | None = None
        self._trip_ms = 0

    def joined(self, now_ms: int, *, ping_every_ms: int, dead_after_ms: int, trip_ms: int = 0) -> None:
        """The handshake is through; its last round trip took `trip_ms`."""
        self._joined = True
        self._ping_every_ms = ping_every_ms
        self._dead_after_ms = dead_after_ms
        self._trip_ms = trip_ms
        self.heard(now_ms)

    def heard(self, now_ms: int) -> None:
        """Something arrived. Before `joined` nothing prolongs the handshake, or a slow peer could hold it for ever."""
        if self._joined:
            self._heard_ms = now_ms
            self._pinged_ms = now_ms

    def probe(self, now_ms: int) -> bool:
        """Somebody waits for an answer: whether to send a ping now. One that is on its way is enough.

        A handshake that has hung for long is given up soon instead.
        """
        if not self._joined:
            hung_ms = now_ms - self._heard_ms
            self._dead_after_ms = min(self._dead_after_ms, max(limits.HURRIED_MS, hung_ms + limits.PROBE_MS))
            return False
        if self._probed_ms is not None:
            return False
        self._probed_ms = self._pinged_ms = now_ms
        return True

    def answered(self, pinged_ms: int, now_ms: int) -> None:
        """The pong for a ping of that time came."""
        self._trip_ms = max(0, now_ms - pinged_ms)
        if self._probed_ms is not None and pinged_ms >= self._probed_ms:
            self._probed_ms = None

    def tick(self, now_ms: int) -> Literal["fine", "ping", "dead"]:
        """What is due now. A clock that jumped back counts as no time at all."""
        self._heard_ms = min(self._heard_ms, now_ms)
        self._pinged_ms = min(self._pinged_ms, now_ms)
        if self._probed_ms is not None:
            self._probed_ms = min(self._probed_ms, now_ms)
        if now_ms >= self._dead_ms():
            return "dead"
        if self._joined and now_ms - self._pinged_ms >= self._ping_every_ms:
            self._pinged_ms = now_ms
            return "ping"
        return "fine"

    def next_ms(self) -> int:
        """When `tick` has something to say at the earliest."""
        dead = self._dead_ms()
        return min(dead, self._pinged_ms + self._ping_every_ms) if self._joined else dead

    def _dead_ms(self) -> int:
        dead = self._heard_ms + self._dead_after_ms
        if self._probed_ms is None:
            return dead
        patience = max(limits.PROBE_MS, limits.PROBE_TRIPS * self._trip_ms)
        silent = max(self._probed_ms, self._heard_ms) + patience
        return min(dead, silent, self._probed_ms + limits.PROBE_MOST * patience)
