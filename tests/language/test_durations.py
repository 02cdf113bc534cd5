from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.durations import find_durations, parse_duration, say_duration
from language.errors import UnsayableValue


@given(st.one_of(st.integers(0, 10_000), st.integers(0, 10**9)))
def test_a_duration_said_is_read_back(seconds: int) -> None:
    assert parse_duration(say_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("twenty minutes", 1200),
        ("20 min", 1200),
        ("15 mins", 900),
        ("an hour and a half", 5400),
        ("half an hour", 1800),
        ("a quarter of an hour", 900),
        ("three quarters of an hour", 2700),
        ("ninety seconds", 90),
        ("two and a half hours", 9000),
        ("1 hour 30 minutes", 5400),
        ("1 hour, 30 minutes and 5 seconds", 5405),
        ("1h30", 5400),
        ("1h 30m", 5400),
        ("90s", 90),
        ("an hour and ten", 4200),
        ("a couple of minutes", 120),
        ("a minute and a half", 90),
        ("a fortnight", 1_209_600),
        ("0.5 hours", 1800),
    ],
)
def test_durations_as_people_say_them(words: str, seconds: int) -> None:
    assert parse_duration(words) == seconds


@pytest.mark.parametrize(
    "words", ["", "twenty", "minutes", "twenty minutes twenty minutes", "ten minutes two hours", "minus ten minutes"]
)
def test_what_is_no_duration_is_none(words: str) -> None:
    assert parse_duration(words) is None


def test_a_duration_is_found_where_it_stands() -> None:
    text = "order two pizzas and set a timer for twenty-five minutes please"
    (found,) = find_durations(text)
    assert (text[found.start : found.end], found.value) == ("twenty-five minutes", 1500)


def test_usual_lengths_sound_usual() -> None:
    assert [say_duration(seconds) for seconds in (0, 60, 1800, 5400, 9000, 3661)] == [
        "zero seconds",
        "one minute",
        "half an hour",
        "an hour and a half",
        "two and a half hours",
        "one hour, one minute and one second",
    ]


def test_time_before_zero_has_no_words() -> None:
    with pytest.raises(UnsayableValue):
        say_duration(-1)
