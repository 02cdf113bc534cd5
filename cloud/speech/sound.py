"""Sound as numbers: 16-bit PCM to floats and back, and from one sample rate to another."""

from __future__ import annotations

from functools import lru_cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SAMPLE_RATE_HZ = 16_000
_TAPS = 32
_OFFSET_LEAST = 0.01


def from_pcm(pcm: bytes | bytearray | memoryview) -> Floats:
    """Little-endian 16-bit mono PCM as floats in -1..1. An odd byte at the end is dropped."""
    whole = len(pcm) - len(pcm) % 2
    return np.frombuffer(pcm[:whole], "<i2").astype(np.float32) / np.float32(32768)


def to_pcm(samples: Floats) -> bytes:
    """Floats in -1..1 as little-endian 16-bit PCM; what is louder is clipped."""
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()


def resample(samples: Floats, from_hz: int, to_hz: int) -> Floats:
    """Change the sample rate with a windowed-sinc polyphase filter (Hann, 32 taps)."""
    if from_hz == to_hz or not len(samples):
        return samples
    step = gcd(from_hz, to_hz)
    up, down = to_hz // step, from_hz // step
    table = _filters(up, down)
    count = len(samples) * up // down
    at = np.arange(count) * down
    padded = np.pad(samples, (_TAPS // 2 - 1, _TAPS // 2 + 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _TAPS)
    result: Floats = np.einsum("ij,ij->i", windows[at // up], table[at % up]).astype(np.float32)
    return result


@lru_cache(maxsize=8)
def _filters(up: int, down: int) -> Floats:
    """One row of taps for each of the `up` phases; the cut-off lies under the lower of the two Nyquist rates."""
    cut = min(1.0, up / down) * 0.95
    offset = np.arange(_TAPS)[np.newaxis] - (_TAPS // 2 - 1) - (np.arange(up) / up)[:, np.newaxis]
    window = 0.5 + 0.5 * np.cos(np.pi * np.clip(offset / (_TAPS // 2), -1, 1))
    taps = cut * np.sinc(cut * offset) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), np.float32)


class Centring:
    """Takes away the constant offset that cheap microphones have: the mean so far, once it can be no voice's."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._count = 0

    def feed(self, samples: Floats) -> Floats:
        """The next piece, around zero; as it came where its offset is small."""
        self._sum += float(samples.sum(dtype=np.float64))
        self._count += len(samples)
        mean = self._sum / max(1, self._count)
        return samples if abs(mean) < _OFFSET_LEAST else samples - np.float32(mean)


class Resampler:
    """The same for sound that comes in pieces; what comes out is as if it had been changed in one."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._rates = (from_hz, to_hz)
        step = gcd(from_hz, to_hz)
        self._up, self._down = to_hz // step, from_hz // step
        self._context = -(-_TAPS // self._down) * self._down
        self._held: Floats = np.zeros(self._context, np.float32)

    def feed(self, samples: Floats) -> Floats:
        """What can be said of the sound so far; the last few samples wait for what follows them."""
        self._held = np.concatenate([self._held, samples])
        ready = (len(self._held) - 2 * self._context) // self._down * self._down
        if ready <= 0:
            return np.zeros(0, np.float32)
        changed = resample(self._held[: ready + 2 * self._context], *self._rates)
        self._held = self._held[ready:]
        skipped = self._context // self._down * self._up
        return changed[skipped : skipped + ready // self._down * self._up]

    def flush(self) -> Floats:
        """The end of the sound, with at most a few samples of silence after it."""
        return self.feed(np.zeros(self._context + self._down - 1, np.float32))
