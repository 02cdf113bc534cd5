"""Whether the microphone still hears. Pure: sound and the time go in, a judgement comes out.

A real microphone always gives some noise. One that gives nothing, or the same value over and over, has gone deaf, and
the person who speaks to it must be told while they still hold the button.
"""

from __future__ import annotations

from array import array
from enum import StrEnum
from typing import Final

from wire import limits

# Both well below 3 s, the longest that a person may speak into nothing.
STALLED_MS: Final = 1_500
STUCK_MS: Final = 2_500


class Hearing(StrEnum):
    """What is wrong, if anything."""

    WELL = "well"
    STALLED = "stalled"
    STUCK = "stuck"


SENTENCES: Final = {
    Hearing.STALLED: "No more sound came from the microphone. I have restarted it; please say it again.",
    Hearing.STUCK: "The microphone gives no sound. I have restarted it; please say it again.",
}


class Ears:
    """From the opening of the microphone on."""

    def __init__(self, now_ms: int) -> None:
        self._heard_ms = now_ms
        self._value: int | None = None
        self._stuck_samples = 0

    def hear(self, pcm: bytes, now_ms: int) -> None:
        """Sound came."""
        samples = array("h", pcm[: len(pcm) // 2 * 2])
        if not samples:
            return
        self._heard_ms = now_ms
        value = samples[0]
        if samples.count(value) == len(samples):
            self._stuck_samples = self._stuck_samples + len(samples) if value == self._value else len(samples)
            self._value = value
        else:
            self._stuck_samples, self._value = 0, None

    def judge(self, now_ms: int) -> Hearing:
        """How it is now."""
        if now_ms - self._heard_ms >= STALLED_MS:
            return Hearing.STALLED
        if self._stuck_samples * 1000 >= STUCK_MS * limits.SAMPLE_RATE_HZ:
            return Hearing.STUCK
        return Hearing.WELL

    def silent_ms(self, now_ms: int) -> int:
        """How long no sound has come."""
        return now_ms - self._heard_ms

    def due_ms(self) -> int:
        """When to judge again, if no sound comes before."""
        return self._heard_ms + STALLED_MS


# What sound cards lag and jitter without having lost anything.
_JITTER_S: Final = 0.1
# What has not come so long after it was missed will not come.
_LATE_S: Final = 0.4
# Two clocks that differ by up to 0.1 % must not add up to a loss in a long recording.
_DRIFT: Final = 0.001
_AHEAD_S: Final = 0.25


class Gaps:
    """Finds lost sound (xruns) by the clock: PortAudio throws it away silently. Also holds back what is not paced."""

    def __init__(self, rate_hz: int, now_s: float) -> None:
        self._rate_hz = rate_hz
        self._began_s = self._seen_s = now_s
        self._taken = 0
        self._behind_s: float | None = None
        self._suspected_s: float | None = None
        self._least_s = 0.0
        self._lost_s = 0.0

    def took(self, frames: int) -> None:
        """So much was read."""
        self._taken += frames

    def ahead_s(self, now_s: float) -> float:
        """How much too early it would be to read on: a device that is no real one gives any amount at once."""
        return max(0.0, self._taken / self._rate_hz - (now_s - self._began_s) - _AHEAD_S)

    def due(self, until_s: float) -> int:
        """How many frames of what was captured until then are still to be read, as far as the clock can tell."""
        return int((until_s - self._began_s - self._lost_s) * self._rate_hz) - self._taken

    def idle(self, waiting: int, now_s: float) -> int:
        """All but `waiting` frames were read: how many ms were lost since the last look, if any."""
        if not self._taken:
            return 0
        behind_s = now_s - self._began_s - (self._taken + waiting) / self._rate_hz
        if self._behind_s is None:
            self._behind_s = behind_s
        lost_s = behind_s - self._behind_s
        drift_s = (now_s - self._seen_s) * _DRIFT
        self._seen_s = now_s
        if lost_s <= _JITTER_S:
            self._suspected_s = None
            self._behind_s = min(behind_s, self._behind_s + drift_s)
            return 0
        if self._suspected_s is None:
            self._suspected_s, self._least_s = now_s, lost_s
        self._least_s = min(self._least_s, lost_s)
        if now_s - self._suspected_s < _LATE_S:
            return 0
        self._suspected_s = None
        self._behind_s += self._least_s
        self._lost_s += self._least_s
        return int(self._least_s * 1000)
