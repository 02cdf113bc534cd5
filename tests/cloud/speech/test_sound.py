import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.speech.sound import from_pcm, resample, to_pcm
from cloud.speech.vad import VoiceDetector

RATE = 16_000


@given(st.binary(max_size=2000).filter(lambda pcm: len(pcm) % 2 == 0))
@settings(max_examples=50)
def test_samples_survive_the_way_there_and_back(pcm: bytes) -> None:
    assert to_pcm(from_pcm(pcm)) == pcm


def test_an_odd_last_byte_is_dropped() -> None:
    assert len(from_pcm(b"\x01\x02\x03")) == 1


@pytest.mark.parametrize("from_hz", [22_050, 48_000, 8_000])
def test_a_tone_keeps_its_pitch_and_loudness_when_resampled(from_hz: int) -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(from_hz) / from_hz).astype(np.float32)
    result = resample(tone, from_hz, RATE)
    wanted = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    assert len(result) == RATE
    assert np.abs(result[100:-100] - wanted[100:-100]).max() < 0.02


def test_what_lies_above_the_new_nyquist_rate_is_gone() -> None:
    tone = np.sin(2 * np.pi * 10_000 * np.arange(22_050) / 22_050).astype(np.float32)
    assert np.abs(resample(tone, 22_050, RATE)[100:-100]).max() < 0.05


def vowel(seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * 120 * k * time) / k for k in range(1, 20)).astype(np.float32) * 0.1


def noise(seconds: float, level: float) -> np.ndarray:
    return np.random.default_rng(1).normal(0, level, int(seconds * RATE)).astype(np.float32)


def presence(*parts: np.ndarray) -> str:
    detector = VoiceDetector()
    for part in parts:
        for start in range(0, len(part), 333):
            detector.feed(part[start : start + 333])
    return detector.presence()


def test_a_vowel_over_silence_or_noise_is_speech() -> None:
    quiet = np.zeros(RATE // 2, np.float32)
    assert presence(quiet, vowel(0.4), quiet) == "speech"
    assert presence(noise(0.5, 0.01), vowel(0.4) + noise(0.4, 0.01), noise(0.5, 0.01)) == "speech"


def test_silence_and_steady_or_bursting_noise_are_told_apart_from_speech() -> None:
    quiet = np.zeros(RATE, np.float32)
    assert presence(quiet) == "silence"
    assert presence(noise(1, 0.0005)) == "silence"
    assert presence(noise(1, 0.1)) == "noise"
    assert presence(quiet, noise(0.3, 0.2), quiet) == "noise"


def test_the_quiet_tail_and_the_pause_are_where_they_were_put() -> None:
    detector = VoiceDetector()
    quiet = np.zeros(RATE // 2, np.float32)
    detector.feed(np.concatenate([vowel(0.5), quiet, vowel(0.5), np.zeros(RATE // 5, np.float32)]))
    assert detector.quiet_tail_ms() == 200
    pause = detector.pause(0, int(1.5 * RATE))
    assert pause is not None
    assert abs(pause - 0.75 * RATE) < 0.05 * RATE
    assert detector.pause(0, RATE // 2) is None
