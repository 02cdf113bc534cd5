from __future__ import annotations

import math
from array import array
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.parts import speex
from device.parts.speex import Converter
from device.resampling import Resampler, mono_of, spread

RATES = [8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000]


Make = Callable[[int, int], Converter]
MAKERS: list[Make] = [Resampler, lambda from_hz, to_hz: speex.converter(from_hz, to_hz)]
each = pytest.mark.parametrize("make", MAKERS, ids=["our own", "SpeexDSP"])


def tone(hz: float, rate_hz: int, count: int, height: int = 10_000) -> array[int]:
    return array("h", (int(height * math.sin(2 * math.pi * hz * at / rate_hz)) for at in range(count)))


def loud_db(samples: array[int]) -> float:
    """Against a full tone of 10,000."""
    settled = np.array(samples[200:], float)
    return 20 * math.log10(max(1e-3, math.sqrt((settled**2).mean()) / (10_000 / math.sqrt(2))))


@each
@pytest.mark.parametrize("rate_hz", RATES)
def test_speech_passes_in_both_directions_as_it_is(rate_hz: int, make: Make) -> None:
    top = min(rate_hz, 16_000) // 2
    for hz in (200, 1000, top * 3 // 5):
        down = make(rate_hz, 16_000).feed(tone(hz, rate_hz, rate_hz // 4))
        up = make(16_000, rate_hz).feed(tone(hz, 16_000, 4_000))
        assert abs(loud_db(down)) < 0.5 and abs(loud_db(up)) < 0.5, hz


@each
@pytest.mark.parametrize("rate_hz", [rate for rate in RATES if rate > 16_000])
def test_what_16_khz_cannot_hold_does_not_fold_back(rate_hz: int, make: Make) -> None:
    for hz in (9_500, rate_hz // 2 - 300):
        assert loud_db(make(rate_hz, 16_000).feed(tone(hz, rate_hz, rate_hz // 4))) < -45, hz


@each
@given(rate_hz=st.sampled_from(RATES), lengths=st.lists(st.integers(0, 700), max_size=30))
def test_pieces_of_any_length_give_what_the_whole_gives(make: Make, rate_hz: int, lengths: list[int]) -> None:
    whole = tone(440, rate_hz, sum(lengths))
    resampler, made, at = make(rate_hz, 16_000), array("h"), 0
    for length in lengths:
        made += resampler.feed(whole[at : at + length])
        at += length
    assert made == make(rate_hz, 16_000).feed(whole)
    assert abs(len(made) - len(whole) * 16_000 / rate_hz) <= 1


@each
@given(rate_hz=st.sampled_from(RATES), raw=st.binary(max_size=4000))
def test_any_bytes_are_sound(make: Make, rate_hz: int, raw: bytes) -> None:
    samples = array("h", raw[: len(raw) // 2 * 2])
    make(rate_hz, 16_000).feed(samples)
    make(16_000, rate_hz).feed(samples)


@each
def test_the_loudest_sound_does_not_wrap_around(make: Make) -> None:
    square = array("h", [32767 if at // 40 % 2 else -32768 for at in range(48_000)])
    made = make(48_000, 16_000).feed(square)
    assert max(made) == 32767 and min(made) == -32768


@each
def test_what_the_filter_holds_back_comes_at_the_end(make: Make) -> None:
    resampler = make(48_000, 16_000)
    click = array("h", [0] * 4_800)
    click[-1] = 30_000
    resampler.feed(click)
    assert max(resampler.rest()) > 2_000


def test_speech_is_converted_by_the_library_where_it_is_installed() -> None:
    assert isinstance(speex.converter(48_000, 16_000), speex.Speex)
    assert isinstance(speex.converter(16_000, 16_000), Resampler), "nothing is to be done"
    assert isinstance(speex.converter(48_000, 16_000, lambda: None), Resampler)


def test_of_two_channels_the_one_with_the_microphone_is_taken() -> None:
    speech = tone(300, 16_000, 320)
    silent = array("h", bytes(640))
    for left, right in ((speech, silent), (silent, speech)):
        both = array("h", bytes(1280))
        both[::2], both[1::2] = left, right
        assert mono_of(both, 2) == speech
    assert mono_of(speech, 1) == speech
    assert mono_of(spread(speech, 2), 2) == speech and len(spread(speech, 2)) == 640
