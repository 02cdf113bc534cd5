"""From one sample rate to another, a piece at a time, in plain Python: for hardware that ALSA does not convert. Pure.

A polyphase filter: only the taps that meet a sample are computed, and each output is one `sum(map(mul, …))`.
"""

from __future__ import annotations

import math
from array import array
from functools import cache
from operator import mul
from typing import Final

# Zero crossings on each side of the filter's middle, at the lower of the two rates.
_CROSSINGS: Final = 8
# Half a Kaiser window's width in dB is what this shapes: some 50 dB of what would fold back are taken away.
_BETA: Final = 5.0
_CUTOFF: Final = 0.92
_SCALE_BITS: Final = 15


def mono_of(samples: array[int], channels: int) -> array[int]:
    """One channel: the louder of the first two, since on many boards only one has a microphone."""
    if channels == 1:
        return samples
    left, right = samples[::channels], samples[1::channels]
    loud_left = max(left, default=0) - min(left, default=0)
    loud_right = max(right, default=0) - min(right, default=0)
    return left if loud_left >= loud_right else right


def spread(samples: array[int], channels: int) -> array[int]:
    """The same on every channel."""
    if channels == 1:
        return samples
    wide = array("h", bytes(2 * channels * len(samples)))
    for at in range(channels):
        wide[at::channels] = samples
    return wide


def _bessel(x: float) -> float:
    total = term = 1.0
    for at in range(1, 16):
        term *= (x / (2 * at)) ** 2
        total += term
    return total


@cache
def _phases(up: int, down: int) -> list[list[int]]:
    """For each phase of `up`, the taps that meet samples, newest first, in units of 2^-15."""
    # Cut off below half of the lower rate; the filter runs at `up` times the rate that comes in.
    cutoff = _CUTOFF / max(up, down)
    half = _CROSSINGS * max(up, down)
    middle = _bessel(_BETA)
    taps = []
    for at in range(-half, half + 1):
        sinc = 1.0 if at == 0 else math.sin(math.pi * cutoff * at) / (math.pi * cutoff * at)
        window = _bessel(_BETA * math.sqrt(max(0.0, 1 - (at / half) ** 2))) / middle
        taps.append(up * cutoff * sinc * window)
    phases = []
    for phase in range(up):
        some = taps[phase::up]
        # Each phase passes a constant unchanged, or a hum at the rate of the phases would be heard.
        total = sum(some)
        phases.append([round(tap / total * (1 << _SCALE_BITS)) for tap in reversed(some)])
    return phases


class Resampler:
    """Streaming, mono. Delays by half of its filter: 0.5 ms at 16 kHz."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        shared = math.gcd(from_hz, to_hz)
        self._up, self._down = to_hz // shared, from_hz // shared
        self._same = from_hz == to_hz
        self._taps = [] if self._same else _phases(self._up, self._down)
        self._length = max((len(taps) for taps in self._taps), default=1)
        self._kept = array("h", bytes(2 * (self._length - 1)))
        # Where the next output lies, in steps of 1/up of a sample, counted from the newest sample that was kept.
        self._next = self._up

    def feed(self, samples: array[int]) -> array[int]:
        """What of the output is complete with these samples."""
        if self._same:
            return samples
        held = self._kept + samples
        kept = self._length - 1
        made: list[int] = []
        at, end, up, down = self._next, (len(samples) + 1) * self._up, self._up, self._down
        taps_of, half = self._taps, 1 << (_SCALE_BITS - 1)
        while at < end:
            whole, phase = divmod(at, up)
            taps = taps_of[phase]
            newest = kept + whole
            made.append((sum(map(mul, taps, held[newest - len(taps) : newest])) + half) >> _SCALE_BITS)
            at += down
        self._next = at - len(samples) * up
        self._kept = held[len(held) - kept :]
        return array("h", [min(32767, max(-32768, one)) for one in made])

    def rest(self) -> array[int]:
        """Nothing follows: what the filter still holds back."""
        return array("h") if self._same else self.feed(array("h", bytes(self._length // 2 * 2)))
