from __future__ import annotations

import math
from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.resampling import Resampler, mono_of, spread

RATES = [8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000]


def tone(hz: float, rate_hz: int, count: int, height: int = 10_000) -> array[int]:
    return array("h", (int(height * math.sin(2 * math.pi * hz * at / rate_hz)) for at in range(count)))


def loud_db(samples: array[int]) -> float:
    """Against a full tone of 10,000."""
    settled = np.array(samples[200:], float)
    return 20 * math.log10(max(1e-3, math.sqrt((settled**2).mean()) / (10_000 / math.sqrt(2))))


@pytest.mark.parametrize("rate_hz", RATES)
def test_speech_passes_in_both_directions_as_it_is(rate_hz: int) -> None:
    top = min(rate_hz, 16_000) // 2
    for hz in (200, 1000, top * 3 // 5):
        down = Resampler(rate_hz, 16_000).feed(tone(hz, rate_hz, rate_hz // 4))
        up = Resampler(16_000, rate_hz).feed(tone(hz, 16_000, 4_000))
        assert abs(loud_db(down)) < 0.5 and abs(loud_db(up)) < 0.5, hz


@pytest.mark.parametrize("rate_hz", [rate for rate in RATES if rate > 16_000])
def test_what_16_khz_cannot_hold_does_not_fold_back(rate_hz: int) -> None:
    for hz in (9_500, rate_hz // 2 - 300):
        assert loud_db(Resampler(rate_hz, 16_000).feed(tone(hz, rate_hz, rate_hz // 4))) < -45, hz


@given(st.sampled_from(RATES), st.lists(st.integers(0, 700), max_size=30))
def test_pieces_of_any_length_give_what_the_whole_gives(rate_hz: int, lengths: list[int]) -> None:
    whole = tone(440, rate_hz, sum(lengths))
    resampler, made, at = Resampler(rate_hz, 16_000), array("h"), 0
    for length in lengths:
        made += resampler.feed(whole[at : at + length])
        at += length
    assert made == Resampler(rate_hz, 16_000).feed(whole)
    assert abs(len(made) - len(whole) * 16_000 / rate_hz) <= 1


@given(st.sampled_from(RATES), st.binary(max_size=4000))
def test_any_bytes_are_sound(rate_hz: int, raw: bytes) -> None:
    samples = array("h", raw[: len(raw) // 2 * 2])
    Resampler(rate_hz, 16_000).feed(samples)
    Resampler(16_000, rate_hz).feed(samples)


def test_the_loudest_sound_does_not_wrap_around() -> None:
    square = array("h", [32767 if at // 40 % 2 else -32768 for at in range(48_000)])
    made = Resampler(48_000, 16_000).feed(square)
    assert max(made) == 32767 and min(made) == -32768


def test_of_two_channels_the_one_with_the_microphone_is_taken() -> None:
    speech = tone(300, 16_000, 320)
    silent = array("h", bytes(640))
    for left, right in ((speech, silent), (silent, speech)):
        both = array("h", bytes(1280))
        both[::2], both[1::2] = left, right
        assert mono_of(both, 2) == speech
    assert mono_of(speech, 1) == speech
    assert mono_of(spread(speech, 2), 2) == speech and len(spread(speech, 2)) == 640
