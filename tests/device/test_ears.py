from __future__ import annotations

import random

import pytest

from device.ears import STALLED_MS, Ears, Gaps, Hearing
from tests.device.sound_stage import babble

PIECE_MS = 20
PIECE = 640


def judged(pieces: list[bytes], *, every_ms: int = PIECE_MS) -> tuple[Hearing, int]:
    """What is found, and after how many ms."""
    ears = Ears(0)
    for at, piece in enumerate(pieces, 1):
        ears.hear(piece, at * every_ms)
        if (hearing := ears.judge(at * every_ms)) is not Hearing.WELL:
            return hearing, at * every_ms
    return Hearing.WELL, len(pieces) * every_ms


@pytest.mark.parametrize("stuck", [b"\0\0", b"\xff\x7f", b"\x00\x80", b"\x07\x00"])
def test_a_microphone_that_gives_one_value_is_found_deaf_within_three_seconds(stuck: bytes) -> None:
    hearing, after_ms = judged([stuck * (PIECE // 2)] * 500)
    assert hearing is Hearing.STUCK and after_ms < 3000


def test_a_microphone_that_goes_deaf_in_mid_speech_is_found_within_three_seconds() -> None:
    speech = babble(1.0, 3)
    pieces = [speech[at : at + PIECE] for at in range(0, len(speech), PIECE)]
    hearing, after_ms = judged(pieces + [bytes(PIECE)] * 500)
    assert hearing is Hearing.STUCK and after_ms < 1000 + 3000


def test_a_microphone_that_gives_nothing_is_found_stalled_within_three_seconds() -> None:
    ears = Ears(1000)
    ears.hear(b"\1\0\2\0", 1500)
    assert ears.judge(ears.due_ms() - 1) is Hearing.WELL
    assert ears.judge(ears.due_ms()) is Hearing.STALLED
    assert ears.due_ms() == 1500 + STALLED_MS < 4500


def test_empty_pieces_are_no_sound() -> None:
    ears = Ears(0)
    for at_ms in range(0, STALLED_MS, 20):
        ears.hear(b"", at_ms)
    assert ears.judge(STALLED_MS) is Hearing.STALLED


def test_a_quiet_room_is_not_deafness() -> None:
    dice = random.Random(1)
    noise = [bytes(dice.choice((0, 0, 0, 1)) if at % 2 == 0 else 0 for at in range(PIECE)) for _ in range(600)]
    assert judged(noise) == (Hearing.WELL, 12_000)


def test_ten_minutes_of_speech_are_heard_well() -> None:
    speech = babble(2.0, 4)
    pieces = [speech[at : at + PIECE] for at in range(0, len(speech), PIECE)] * 300
    assert judged(pieces)[0] is Hearing.WELL


def gaps_in(times: list[tuple[float, int]], rate_hz: int = 16_000) -> list[int]:
    """The losses found when so many frames were there at each time, and all were taken."""
    gaps = Gaps(rate_hz, 0.0)
    found = []
    for now_s, frames in times:
        gaps.took(frames)
        if lost_ms := gaps.idle(0, now_s):
            found.append(lost_ms)
    return found


def test_sound_that_was_lost_is_found_by_the_clock() -> None:
    steady = [(0.02 * at, 320) for at in range(1, 101)]
    assert gaps_in(steady) == []
    # Half a second passes in which nothing was kept.
    late = [(time + 0.5, frames) for time, frames in steady[50:]]
    assert gaps_in(steady[:50] + late) == [500]


def test_sound_that_comes_late_and_all_at_once_was_not_lost() -> None:
    assert gaps_in([(0.02, 320), (1.02, 16_000), (1.04, 320)]) == []
    assert gaps_in([(0.02, 320), (0.32, 320), (0.34, 4_800), (0.36, 320), (0.9, 8_640), (0.92, 320)]) == []


def test_a_clock_that_is_a_little_off_is_no_loss() -> None:
    assert gaps_in([(0.02 * at * 1.0005, 320) for at in range(1, 30_000)]) == []


def test_a_device_that_is_not_paced_is_held_back() -> None:
    gaps = Gaps(16_000, 0.0)
    gaps.took(16_000)
    assert 0.5 < gaps.ahead_s(0.0) < 1.0
    assert gaps.ahead_s(1.0) == 0
