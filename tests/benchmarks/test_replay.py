from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.replaying.rounds import (
    MOST_PAIRS,
    OURS,
    PAIRS,
    SCRIPT,
    SWING,
    Round,
    Times,
    enough,
    in_turn,
    ratios,
    swing_of,
)


def rounds(ratios: Sequence[float]) -> list[Round]:
    return [{OURS: Times(ratio * 800), SCRIPT: Times(800)} for ratio in ratios]


def test_the_swing_is_that_of_the_median_and_few_far_off_do_not_count() -> None:
    near = [1.0 + number / 1000 for number in range(100)]
    assert swing_of(near) == pytest.approx(0.01, abs=0.001)
    assert swing_of([*near[:96], 3.0, 4.0, 5.0, 6.0]) == swing_of(near)


def test_it_is_measured_until_the_median_is_known_or_there_are_too_many() -> None:
    wild = [1.0, 1.0 + 4 * SWING] * MOST_PAIRS
    assert not enough(rounds([1.05] * (PAIRS - 1)), PAIRS)
    assert enough(rounds([1.05] * PAIRS), PAIRS)
    assert not enough(rounds(wild[: MOST_PAIRS - 2]), PAIRS)
    assert enough(rounds(wild[:MOST_PAIRS]), PAIRS)
    assert not enough([], 0) and not enough(rounds([1.05]), 1)


def test_a_ratio_is_ours_by_theirs_in_the_same_round() -> None:
    found = [*rounds([1.5]), {OURS: Times(100), SCRIPT: Times(100), "peer": Times(400)}]
    assert ratios(found, SCRIPT) == [1.5, 1.0]
    assert ratios(found, "peer") == [0.25]


def test_everyone_begins_a_round_as_often_as_the_others() -> None:
    names = ["a", "b", "c"]
    first = [in_turn(names, number)[0] for number in range(12)]
    assert {name: first.count(name) for name in names} == {"a": 4, "b": 4, "c": 4}
    assert all(sorted(in_turn(names, number)) == names for number in range(12))
