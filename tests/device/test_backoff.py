from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from benchmarks.stampede import herd
from cloud.admission import WELCOMES_PER_S, redial_most_ms
from device.backoff import FIRST_MS, SLOW_MS, wait_ms
from wire import limits
from wire.outcomes import Retry


@given(
    st.integers(0, 10_000),
    st.sampled_from(list(Retry)),
    st.floats(0, 1, exclude_max=True),
    st.integers(limits.REDIAL_LEAST_MS, limits.REDIAL_MOST_MS),
)
def test_the_wait_is_never_nothing_and_never_beyond_its_bound(
    tries: int, retry: Retry, dice: float, most_ms: int
) -> None:
    wait = wait_ms(tries, retry, dice, most_ms)
    assert FIRST_MS // 2 <= wait <= (SLOW_MS if retry is Retry.SLOWLY else most_ms)


def test_the_first_failure_is_retried_within_half_a_second() -> None:
    assert wait_ms(0, Retry.RECONNECT, 0.999) <= 500


def test_what_a_person_must_mend_is_tried_slowly_at_once() -> None:
    assert wait_ms(0, Retry.SLOWLY, 0.0) >= SLOW_MS // 2


@pytest.mark.parametrize(("down_s", "most"), [(5, 5_000), (30, 1_300), (300, 1_300)])
def test_ten_thousand_devices_do_not_stampede(down_s: int, most: int) -> None:
    came = herd(10_000, down_s, seed=5)
    assert came.handshakes_in_a_second <= most
    assert came.all_back_s <= 15
    assert came.knocks_in_a_second <= 13_000, "hardly one dial a device, even in the first second"


@pytest.mark.parametrize("down_s", [1, 5, 30])
def test_a_thousand_devices_are_back_within_90_s_though_their_gateway_lets_in_50_a_second(down_s: int) -> None:
    came = herd(1_000, down_s, seed=5, welcomes_per_s=50)
    assert came.welcomes_in_a_second == 50
    assert came.all_back_s <= 90


@given(st.integers(0, 20_000))
def test_the_more_devices_there_are_the_longer_each_waits_within_what_the_wire_allows(devices: int) -> None:
    most_ms = redial_most_ms(devices)
    assert limits.REDIAL_LEAST_MS <= most_ms <= redial_most_ms(devices + 1) <= limits.REDIAL_MOST_MS


@pytest.mark.parametrize("down_s", [1, 5, 30, 300])
@pytest.mark.parametrize("devices", [1, 10, 50])
def test_the_devices_of_a_house_are_all_back_within_two_seconds_of_any_outage(devices: int, down_s: int) -> None:
    for seed in range(20):
        came = herd(devices, down_s, seed=seed, welcomes_per_s=WELCOMES_PER_S, most_ms=redial_most_ms(devices))
        assert came.all_back_s <= 2.0


@pytest.mark.parametrize("devices", [75, 200, 500])
def test_of_some_hundred_devices_hardly_more_knock_in_a_second_than_are_let_in(devices: int) -> None:
    came = herd(devices, 300, seed=5, welcomes_per_s=WELCOMES_PER_S, most_ms=redial_most_ms(devices))
    assert came.handshakes_in_a_second <= 1.5 * WELCOMES_PER_S
    assert came.all_back_s <= 20
