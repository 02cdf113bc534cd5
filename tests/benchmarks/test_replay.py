from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.replay import MOST_PAIRS, PAIRS, SWING, Pair, Times, enough, swing_of


def pairs(ratios: Sequence[float]) -> list[Pair]:
    return [Pair(replayed=Times(ratio * 800, 0), scripted=Times(800, 0)) for ratio in ratios]


def test_the_swing_is_that_of_the_median_and_few_far_off_do_not_count() -> None:
    near = [1.0 + number / 1000 for number in range(100)]
    assert swing_of(near) == pytest.approx(0.01, abs=0.001)
    assert swing_of([*near[:96], 3.0, 4.0, 5.0, 6.0]) == swing_of(near)


def test_it_is_measured_until_the_median_is_known_or_there_are_too_many() -> None:
    wild = [1.0, 1.0 + 4 * SWING] * MOST_PAIRS
    assert not enough(pairs([1.05] * (PAIRS - 1)), PAIRS)
    assert enough(pairs([1.05] * PAIRS), PAIRS)
    assert not enough(pairs(wild[: MOST_PAIRS - 2]), PAIRS)
    assert enough(pairs(wild[:MOST_PAIRS]), PAIRS)
    assert not enough([], 0) and not enough(pairs([1.05]), 1)
