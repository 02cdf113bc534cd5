from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.dates import parse_when
from language.instants import instant_of, later

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def in_berlin() -> Iterator[None]:
    """The zone of this machine."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


def utc(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]


def test_a_time_that_comes_twice_is_the_first_that_is_still_to_come() -> None:
    half_past_two = datetime(2026, 10, 25, 2, 30)
    assert instant_of(half_past_two, BERLIN, utc(2026, 10, 24, 20, 0)) == utc(2026, 10, 25, 0, 30)
    assert instant_of(half_past_two, BERLIN, utc(2026, 10, 25, 0, 45)) == utc(2026, 10, 25, 1, 30)
    assert instant_of(half_past_two, BERLIN, utc(2026, 10, 25, 5, 0)) == utc(2026, 10, 25, 0, 30), "it has passed"


def test_a_time_that_is_left_out_is_as_long_after_the_change() -> None:
    assert instant_of(datetime(2026, 3, 29, 2, 30), BERLIN, utc(2026, 3, 28, 20, 0)) == utc(2026, 3, 29, 1, 30)


def test_in_three_hours_is_three_hours_also_when_the_clocks_change() -> None:
    autumn = datetime.fromtimestamp(utc(2026, 10, 24, 23, 0), BERLIN)
    assert autumn.hour == 1 and (later(autumn, 3 * 3600).hour, later(autumn, 3 * 3600).minute) == (3, 0)
    spring = datetime.fromtimestamp(utc(2026, 3, 29, 0, 30), BERLIN)
    when = parse_when("in three hours", spring)
    assert when is not None and when.moment == datetime(2026, 3, 29, 5, 30)


def test_without_a_zone_it_is_that_of_this_machine(in_berlin: None) -> None:
    assert later(datetime(2026, 3, 29, 1, 30), 3 * 3600) == datetime(2026, 3, 29, 5, 30)
    assert instant_of(datetime(2026, 10, 25, 2, 30), None, utc(2026, 10, 25, 0, 45)) == utc(2026, 10, 25, 1, 30)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)), st.integers(0, 40 * 86_400))
def test_as_many_seconds_pass_as_were_said(moment: datetime, seconds: int) -> None:
    aware = moment.replace(tzinfo=UTC).astimezone(BERLIN)
    assert later(aware, seconds).timestamp() - aware.timestamp() == seconds
    assert later(moment.replace(tzinfo=UTC), seconds) == moment.replace(tzinfo=UTC) + timedelta(seconds=seconds)
