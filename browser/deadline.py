"""One deadline for a whole task or step, passed down instead of fresh timeouts."""

from __future__ import annotations

import time

import msgspec


class Deadline(msgspec.Struct, frozen=True):
    """A moment on the monotonic clock, in seconds."""

    at_s: float

    @classmethod
    def after_ms(cls, ms: float) -> Deadline:
        """The moment `ms` milliseconds from now."""
        return cls(at_s=time.monotonic() + ms / 1000)

    def left_ms(self) -> float:
        """Milliseconds left, at least 1 (Playwright takes 0 for 'no limit')."""
        return max(1.0, (self.at_s - time.monotonic()) * 1000)

    @property
    def passed(self) -> bool:
        """Whether the moment is over."""
        return time.monotonic() >= self.at_s

    def sooner_of(self, ms: float) -> Deadline:
        """This deadline, or one `ms` from now if that comes first."""
        return Deadline(at_s=min(self.at_s, time.monotonic() + ms / 1000))
