"""The sums of the crowd's benchmark."""

from __future__ import annotations

from benchmarks.crowd import longest_pinned_s, most_in_a_second, spread


def test_what_lies_within_any_second_is_counted() -> None:
    assert most_in_a_second([0, 500, 999, 1000, 5000]) == 3
    assert most_in_a_second([]) == 0


def test_a_processor_without_a_second_of_rest_is_pinned_until_it_has_one() -> None:
    assert longest_pinned_s([(1, 0.2), (2, 0.95), (3, 1.0), (4, 0.5), (5, 0.99)]) == 2.0
    assert longest_pinned_s([]) == 0.0


def test_a_spread_of_nothing_is_nought() -> None:
    assert spread("ms", [3, 1, 2]) == {"ms_p50": 2, "ms_p99": 3, "ms_max": 3}
    assert spread("ms", []) == {"ms_p50": 0, "ms_p99": 0, "ms_max": 0}
