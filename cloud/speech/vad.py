"""Is anybody speaking? Energy over the noise floor, and tone rather than hiss. Pure numpy, incremental.

A frame of 20 ms is speech when it stands well over the quiet frames of the same utterance; an utterance is speech
when enough such frames are also voiced: their spectrum between 100 and 4000 Hz has peaks (Johnston, 1988: spectral
flatness; white noise has about 0.56, vowels are under 0.3).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cloud.speech.sound import SAMPLE_RATE_HZ, Floats

FRAME = SAMPLE_RATE_HZ // 50
FRAME_MS = 20
_QUIETEST_DB = -60.0
_OVER_FLOOR_DB = 9.0
_VOICED_FLATNESS = 0.35
_VOICED_FRAMES = 4

Presence = Literal["speech", "silence", "noise"]

_BAND = slice(2, 81)  # 100 to 4000 Hz in bins of 50 Hz
_WINDOW = np.hanning(FRAME).astype(np.float32)


class VoiceDetector:
    """Fed sound as it comes; asked at any time. Memory: two floats for each 20 ms."""

    def __init__(self) -> None:
        self._rest: Floats = np.zeros(0, np.float32)
        self._levels: list[float] = []
        self._flatness: list[float] = []

    def feed(self, samples: Floats) -> None:
        """Take in mono samples at 16 kHz; a piece of a frame waits for the rest of it."""
        sound = np.concatenate([self._rest, samples])
        count = len(sound) // FRAME
        self._rest = sound[count * FRAME :]
        if not count:
            return
        frames = sound[: count * FRAME].reshape(count, FRAME)
        power = np.abs(np.fft.rfft(frames * _WINDOW, axis=1)[:, _BAND]) ** 2 + 1e-12
        flatness = np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)
        levels = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
        self._levels.extend(np.maximum(levels, _QUIETEST_DB).tolist())
        self._flatness.extend(flatness.tolist())

    def presence(self) -> Presence:
        """Whether what came so far holds speech, only silence, or only noise."""
        loud = self._loud()
        if not loud.any():
            steady = float(np.median(self._levels)) if self._levels else _QUIETEST_DB
            return "noise" if steady > -45 else "silence"
        voiced = loud & (np.array(self._flatness) < _VOICED_FLATNESS)
        return "speech" if int(voiced.sum()) >= _VOICED_FRAMES else "noise"

    def quiet_tail_ms(self) -> int:
        """How long it has been quiet at the end; all of it when nothing was said."""
        spoken = np.flatnonzero(self._loud())
        last = int(spoken[-1]) + 1 if len(spoken) else 0
        return (len(self._levels) - last) * FRAME_MS

    def pause(self, after: int, before: int) -> int | None:
        """The middle of the longest pause (at least 200 ms) between two sample positions, or None."""
        loud = self._loud()[after // FRAME : before // FRAME]
        best: tuple[int, int] = (0, 0)
        start = 0
        for at, is_loud in enumerate([*loud.tolist(), True]):
            if is_loud:
                best = max(best, (at - start, start))
                start = at + 1
        length, start = best
        return None if length < 10 else (after // FRAME + start + length // 2) * FRAME

    def _loud(self) -> NDArray[np.bool_]:
        levels = np.array(self._levels)
        if not len(levels):
            return np.zeros(0, np.bool_)
        floor = float(np.percentile(levels, 10))
        return np.asarray(levels > max(floor, _QUIETEST_DB + 5) + _OVER_FLOOR_DB)
