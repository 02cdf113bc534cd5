"""Levels, and a chirp found in what was heard."""

from __future__ import annotations

import random
from array import array

import pytest

from device.check.acoustics import CHIRP_MS, chirp, find_chirp, levels, tone


def noise(seconds: float, peak: int, seed: int = 1) -> array[int]:
    dice = random.Random(seed)
    return array("h", (dice.randint(-peak, peak) for _ in range(int(16_000 * seconds))))


def mixed(sound: array[int], pcm: bytes, at: int, loud: float) -> bytes:
    for index, sample in enumerate(array("h", pcm)):
        sound[at + index] = max(-32_768, min(32_767, sound[at + index] + int(sample * loud)))
    return sound.tobytes()


@pytest.mark.parametrize("delay_ms", [0, 37, 250])
@pytest.mark.parametrize("loud", [1.0, 0.05, -0.3])
def test_a_chirp_is_found_where_it_is_at_any_loudness(delay_ms: int, loud: float) -> None:
    heard = mixed(noise(0.6, 150), chirp(), 16 * delay_ms, loud)
    found = find_chirp(heard)
    assert found is not None and abs(found.delay_ms - delay_ms) <= 0.5


def test_neither_noise_nor_silence_nor_a_tone_is_a_chirp() -> None:
    assert find_chirp(noise(0.6, 8_000).tobytes()) is None
    assert find_chirp(bytes(19_200)) is None
    assert find_chirp(tone(600)) is None
    assert find_chirp(bytes(16 * CHIRP_MS)) is None


def test_an_offset_is_no_loudness() -> None:
    found = levels(array("h", (2_000 + sample for sample in noise(0.2, 100))).tobytes())
    assert abs(found.offset - 2_000) < 10 and found.rms_db < -50 and found.peak_db < -45


def test_clipped_and_stuck_sound_are_told() -> None:
    clipped = array("h", (max(-32_768, min(32_767, 5 * one)) for one in noise(0.2, 12_000)))
    assert levels(clipped.tobytes()).clipped > 0.3
    assert levels(bytes(3_200)).stuck
    assert levels(b"").samples == 0
