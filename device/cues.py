"""The short sounds of the device, made once from sines. 16 kHz mono s16le. Pure."""

from __future__ import annotations

import math
from array import array
from functools import cache
from typing import Final

from wire import limits
from wire.outcomes import Tone

_PEAK: Final = 6000
_FADE_MS: Final = 8
# (frequency in Hz, length in ms); 0 Hz is a pause.
_NOTES: Final[dict[Tone, tuple[tuple[int, int], ...]]] = {
    Tone.NONE: (),
    Tone.GOOD: ((660, 70), (990, 110)),
    Tone.SOFT: ((520, 90),),
    Tone.ERROR: ((330, 120), (0, 40), (247, 180)),
    Tone.ALERT: ((784, 90), (0, 40), (784, 90)),
}
# Soft, short and nothing like speech: the microphone is open while it sounds.
_PRESS_PEAK: Final = 1500
_PRESS: Final = ((1320, 24),)
_BELL: Final = ((880, 160), (0, 60), (1175, 160), (0, 420))


@cache
def cue(tone: Tone) -> bytes:
    """The sound of a tone; empty for NONE."""
    return _sound(_NOTES[tone])


@cache
def press() -> bytes:
    """The sound of a press that was felt."""
    return _sound(_PRESS, _PRESS_PEAK)


@cache
def bell() -> bytes:
    """One round of ringing, 0.8 s."""
    return _sound(_BELL)


def _sound(notes: tuple[tuple[int, int], ...], peak: int = _PEAK) -> bytes:
    samples = array("h")
    for frequency_hz, length_ms in notes:
        count = limits.SAMPLE_RATE_HZ * length_ms // 1000
        fade = limits.SAMPLE_RATE_HZ * _FADE_MS // 1000
        for at in range(count):
            loud = min(1.0, at / fade, (count - at) / fade)
            samples.append(int(peak * loud * math.sin(2 * math.pi * frequency_hz * at / limits.SAMPLE_RATE_HZ)))
    return samples.tobytes()


def level_of(pcm: bytes) -> int:
    """How loud, 0 to 5, for the screen: each step is some 8 dB."""
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    peak = max(max(samples, default=0), -min(samples, default=0))
    return sum(peak >= threshold for threshold in (250, 700, 2000, 5000, 12000))
