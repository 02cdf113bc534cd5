"""How far partials lag behind the speech."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks.turn import lags, rank
from cloud.speech.espeak import espeak

SAID = "set a timer for twenty five minutes"


def test_a_lag_is_counted_from_the_end_of_the_word_that_a_partial_ends_in() -> None:
    ends = [end * 1000 for _, end in pairwise(espeak().word_starts(SAID))]
    partials = [(1000 + ends[1] + 300, "Set a"), (1000 + ends[3] + 200, "Set a timer for")]
    # espeak-ng says no sentence in exactly the same time twice.
    assert lags(SAID, 1000, partials) == pytest.approx((300, 200), abs=30)


def test_partials_without_news_or_with_another_last_word_are_left_out() -> None:
    assert len(lags(SAID, 0, [(900, "Set a"), (950, "Set a."), (990, "Set a dinner")])) == 1


def test_percentiles_are_by_nearest_rank() -> None:
    assert rank([3, 1, 2], 50) == 2
    assert rank([*range(1, 21)], 95) == 19
