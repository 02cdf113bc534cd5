from __future__ import annotations

import random

import hypothesis.strategies as st
from hypothesis import given

from device.backoff import LEAST_MS, MOST_MS, SLOW_MS, wait_ms
from wire.outcomes import Retry


@given(st.integers(0, 10_000), st.sampled_from(list(Retry)), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_never_nothing_and_never_beyond_its_bound(tries: int, retry: Retry, dice: float) -> None:
    wait = wait_ms(tries, retry, dice)
    assert LEAST_MS <= wait <= (SLOW_MS if retry is Retry.SLOWLY else MOST_MS)


def test_the_first_failure_is_retried_within_a_quarter_of_a_second() -> None:
    assert wait_ms(0, Retry.RECONNECT, 0.999) <= 250


def test_what_a_person_must_mend_is_tried_slowly_at_once() -> None:
    assert wait_ms(0, Retry.SLOWLY, 0.0) >= SLOW_MS // 2


def test_ten_thousand_devices_do_not_come_back_in_step() -> None:
    dice = random.Random(5)
    waits = [wait_ms(8, Retry.RECONNECT, dice.random()) for _ in range(10_000)]
    slots = [0] * 150
    for wait in waits:
        slots[min(149, wait // 100)] += 1
    assert max(slots) < 150, "within any tenth of a second only about one in a hundred"
