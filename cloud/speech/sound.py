"""Sound as numbers: 16-bit PCM to floats and back, and from one sample rate to another."""

from __future__ import annotations

from functools import lru_cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SAMPLE_RATE_HZ = 16_000
_TAPS = 32


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
