"""What is in recorded sound: how loud, how clean, and when a chirp is heard in it. 16 kHz mono s16le. Pure."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from functools import cache
from operator import mul
from typing import Final

from msgspec import Struct

from wire import limits

FULL: Final = 32_768
_CLIPPED: Final = 32_700
CHIRP_MS: Final = 200
_CHIRP_HZ: Final = (400, 1_600)
_CHIRP_PEAK: Final = 12_000
_FADE_MS: Final = 10
TONE_HZ: Final = 660
# Sound is compared at a quarter of its rate, which is enough for the chirp and to a quarter of a millisecond.
_THIN: Final = 4
_THIN_HZ: Final = limits.SAMPLE_RATE_HZ // _THIN
# How like the chirp what is heard must be, 0 to 1.
_LIKE_LEAST: Final = 0.35


class Levels(Struct, frozen=True):
    """`rms_db` and `peak_db` below full scale; `offset` the mean; `clipped` the share of samples at the rails."""

    samples: int
    rms_db: float
    peak_db: float
    offset: int
    clipped: float
    stuck: bool


class Echo(Struct, frozen=True):
    """A chirp heard `delay_ms` after the recording began; `likeness` 0 to 1."""

    delay_ms: float
    likeness: float


def levels(pcm: bytes) -> Levels:
    """How loud and how clean; without its mean, which is no sound."""
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    count = len(samples)
    if not count:
        return Levels(0, -math.inf, -math.inf, 0, 0.0, True)
    offset = sum(samples) / count
    power = sum(map(mul, samples, samples)) / count - offset * offset
    high, low = max(samples), min(samples)
    clipped = sum(abs(sample) >= _CLIPPED for sample in samples) if max(high, -low) >= _CLIPPED else 0
    return Levels(
        count,
        decibels(math.sqrt(max(0.0, power))),
        decibels(max(high - offset, offset - low)),
        round(offset),
        clipped / count,
        high == low,
    )


def decibels(amplitude: float) -> float:
    """Below full scale; at least -100."""
    return round(max(-100.0, 20 * math.log10(amplitude / FULL)) if amplitude > 0 else -100.0, 1)


@cache
def chirp() -> bytes:
    """A fifth of a second, rising, unlike any noise."""
    seconds = CHIRP_MS / 1000
    first, last = _CHIRP_HZ
    rise = (last - first) / seconds / 2
    return _shaped(CHIRP_MS, _CHIRP_PEAK, lambda at_s: first * at_s + rise * at_s * at_s)


@cache
def tone(length_ms: int) -> bytes:
    """An even tone."""
    return _shaped(length_ms, _CHIRP_PEAK, lambda at_s: TONE_HZ * at_s)


def _shaped(length_ms: int, peak: int, turns: Callable[[float], float]) -> bytes:
    count = limits.SAMPLE_RATE_HZ * length_ms // 1000
    fade = limits.SAMPLE_RATE_HZ * _FADE_MS // 1000
    samples = array("h")
    for at in range(count):
        loud = min(1.0, at / fade, (count - at) / fade)
        samples.append(int(peak * loud * math.sin(2 * math.pi * turns(at / limits.SAMPLE_RATE_HZ))))
    return samples.tobytes()


def find_chirp(pcm: bytes) -> Echo | None:
    """Where the chirp is in what was heard, if it is."""
    wanted, heard = _thinned(chirp()), _thinned(pcm)
    if len(heard) < len(wanted):
        return None
    size = math.sqrt(sum(map(mul, wanted, wanted)))
    # The power of what is heard, as a running sum.
    powers = [0.0]
    for sample in heard:
        powers.append(powers[-1] + sample * sample)
    best, at_best = 0.0, -1
    for at in range(len(heard) - len(wanted) + 1):
        power = powers[at + len(wanted)] - powers[at]
        if power <= len(wanted):
            continue
        like = abs(sum(map(mul, wanted, heard[at : at + len(wanted)]))) / (size * math.sqrt(power))
        if like > best:
            best, at_best = like, at
    if best < _LIKE_LEAST:
        return None
    return Echo(round(1000 * at_best / _THIN_HZ, 1), round(best, 2))


def _thinned(pcm: bytes) -> Sequence[float]:
    """A quarter of the samples, each the mean of four, without their common mean."""
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    thin = [sum(samples[at : at + _THIN]) / _THIN for at in range(0, len(samples) - _THIN + 1, _THIN)]
    mean = sum(thin) / len(thin) if thin else 0.0
    return [sample - mean for sample in thin]
