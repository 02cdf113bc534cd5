from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.dates import (
    When,
    find_dates,
    find_times,
    find_whens,
    parse_date,
    parse_time,
    parse_when,
    say_date,
    say_time,
    say_when,
)
from language.days import month_in

MONDAY = datetime(2026, 11, 23, 14, 3, 40)  # a Monday afternoon

moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31))


def moment_of(words: str, now: datetime = MONDAY, hours: tuple[float, float] | None = None) -> str | None:
    when = parse_when(words, now, hours)
    return None if when is None or when.moment is None else when.moment.isoformat(timespec="minutes")


@given(st.times(), moments)
def test_a_time_said_is_read_back(moment: time, now: datetime) -> None:
    minute = moment.replace(second=0, microsecond=0)
    assert parse_time(say_time(minute), now) == minute


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), moments)
def test_a_date_said_is_read_back(day: date, now: datetime) -> None:
    assert parse_date(say_date(day, now.date()), now) == day


@given(st.integers(-40, 400), moments)
def test_a_near_date_said_is_read_back(ahead: int, now: datetime) -> None:
    day = now.date() + timedelta(days=ahead)
    assert parse_date(say_date(day, now.date()), now) == day


@given(moments, moments)
def test_a_moment_said_is_read_back(moment: datetime, now: datetime) -> None:
    when = When(date=moment.date(), time=moment.time().replace(second=0, microsecond=0), day_given=True)
    read = parse_when(say_when(when, now), now)
    assert read is not None
    assert read.moment == when.moment


@given(st.sampled_from(["seven tonight", "half past six", "at eight", "saturday at ten", "a quarter past"]), moments)
def test_what_was_understood_can_be_said_and_understood_again(words: str, now: datetime) -> None:
    when = parse_when(words, now)
    assert when is not None
    again = parse_when(say_when(when, now), now)
    assert again is not None
    assert again.moment == when.moment


@given(moments, st.integers(1, 12), st.sampled_from([0, 15, 30]))
def test_a_time_with_no_day_lies_ahead_within_a_day(now: datetime, hour: int, minute: int) -> None:
    when = parse_when(f"at {hour}:{minute:02d}", now)
    assert when is not None
    assert when.moment is not None
    assert timedelta(0) < when.moment - now.replace(second=0, microsecond=0) <= timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("seven tonight", "2026-11-23T19:00"),
        ("tonight at 7", "2026-11-23T19:00"),
        ("at seven this evening", "2026-11-23T19:00"),
        ("half past six", "2026-11-23T18:30"),
        ("quarter to one", "2026-11-24T12:45"),
        ("quarter to eight", "2026-11-23T19:45"),
        ("a quarter past", "2026-11-23T14:15"),
        ("six thirty p m", "2026-11-23T18:30"),
        ("7 p.m.", "2026-11-23T19:00"),
        ("7pm", "2026-11-23T19:00"),
        ("7:30", "2026-11-23T19:30"),
        ("6.30", "2026-11-23T18:30"),
        ("730 pm", "2026-11-23T19:30"),
        ("19:00", "2026-11-23T19:00"),
        ("nineteen thirty", "2026-11-23T19:30"),
        ("Nov. 28 at 7", "2026-11-28T19:00"),
        ("twelve minutes past six", "2026-11-23T18:12"),
        ("tonight 7pm", "2026-11-23T19:00"),
        ("9 AM on the 3rd of December", "2026-12-03T09:00"),
        ("7 p.m. on Friday, November 27", "2026-11-27T19:00"),
        ("friday night at 10", "2026-11-27T22:00"),
        ("quarter past midnight", "2026-11-24T00:15"),
        ("half past twelve", "2026-11-24T12:30"),
        ("seven o'clock", "2026-11-23T19:00"),
        ("seven oh five a m", "2026-11-24T07:05"),
        ("noon", "2026-11-24T12:00"),
        ("at eight", "2026-11-23T20:00"),
        ("at two", "2026-11-24T14:00"),
        ("at ten", "2026-11-23T22:00"),
        ("3 in the afternoon", "2026-11-23T15:00"),
        ("three at night", "2026-11-24T03:00"),
        ("tomorrow at half past six", "2026-11-24T18:30"),
        ("tomorrow morning at eight", "2026-11-24T08:00"),
        ("half past six tomorrow morning", "2026-11-24T06:30"),
        ("tomorrow at nine", "2026-11-24T09:00"),
        ("saturday at eight", "2026-11-28T20:00"),
        ("eight on Friday evening", "2026-11-27T20:00"),
        ("next Friday at noon", "2026-12-04T12:00"),
        ("the first at seven", "2026-12-01T19:00"),
        ("november 23rd 2027 at 19:00", "2027-11-23T19:00"),
        ("Saturday the twenty eighth of November at 7 p.m.", "2026-11-28T19:00"),
        ("in twenty minutes", "2026-11-23T14:23"),
        ("in an hour and a half", "2026-11-23T15:33"),
        ("two hours from now", "2026-11-23T16:03"),
        ("in 24 hours", "2026-11-24T14:03"),
        ("midnight", "2026-11-24T00:00"),
        ("tomorrow at midnight", "2026-11-25T00:00"),
        ("tomorrow at twelve a m", "2026-11-24T00:00"),
        ("one tonight", "2026-11-24T01:00"),
        ("2026-11-25T08:30", "2026-11-25T08:30"),
    ],
)
def test_moments_as_people_say_them(words: str, expected: str) -> None:
    assert moment_of(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Saturday", "2026-11-28"),
        ("on sat", "2026-11-28"),
        ("Monday", "2026-11-30"),
        ("this monday", "2026-11-23"),
        ("next Friday", "2026-12-04"),
        ("friday next week", "2026-12-04"),
        ("a week on friday", "2026-12-04"),
        ("tomorrow", "2026-11-24"),
        ("the day after tomorrow", "2026-11-25"),
        ("yesterday", "2026-11-22"),
        ("the twenty third of November", "2026-11-23"),
        ("the twenty second of November", "2027-11-22"),
        ("November 30th", "2026-11-30"),
        ("Dec 1st, 2027", "2027-12-01"),
        ("6 december", "2026-12-06"),
        ("the fifth of december twenty twenty seven", "2027-12-05"),
        ("on the first", "2026-12-01"),
        ("the thirty first", "2026-12-31"),
        ("29 february", "2028-02-29"),
        ("in three days", "2026-11-26"),
        ("in two weeks", "2026-12-07"),
        ("in a month", "2026-12-23"),
        ("a week from now", "2026-11-30"),
        ("Christmas Eve", "2026-12-24"),
        ("2026-12-01", "2026-12-01"),
        ("12/24", "2026-12-24"),
        ("24/12/2027", "2027-12-24"),
    ],
)
def test_days_as_people_say_them(words: str, expected: str) -> None:
    day = parse_date(words, MONDAY)
    assert day is not None
    assert day.isoformat() == expected


@pytest.mark.parametrize(
    "words",
    [
        "",
        "banana",
        "the thirtieth of february",
        "2026-02-30",
        "25:00",
        "7:75",
        "seven seven",
        "at",
        "on the",
        "from 6 to 7",
    ],
)
def test_what_is_no_moment_is_none(words: str) -> None:
    assert parse_when(words, MONDAY) is None


def test_a_contradiction_is_none() -> None:
    assert parse_when("seven p m in the morning", MONDAY) is None


def test_a_day_that_was_said_is_kept_although_its_hour_has_passed() -> None:
    when = parse_when("seven tonight", datetime(2026, 11, 23, 20, 0))
    assert when is not None
    assert (when.moment, when.passed) == (datetime(2026, 11, 23, 19, 0), True)


def test_seven_at_eight_in_the_evening_is_tomorrow_morning() -> None:
    assert moment_of("at seven", datetime(2026, 11, 23, 20, 0)) == "2026-11-24T07:00"


def test_eight_at_eight_sharp_is_the_next_one() -> None:
    assert moment_of("at eight", datetime(2026, 11, 23, 20, 0)) == "2026-11-24T08:00"


def test_a_bare_hour_is_never_before_six_in_the_morning() -> None:
    assert moment_of("at five", datetime(2026, 11, 23, 22, 0)) == "2026-11-24T17:00"
    assert moment_of("at six", datetime(2026, 11, 23, 22, 0)) == "2026-11-24T06:00"


def test_two_in_the_night_of_tonight_said_after_midnight_is_still_ahead() -> None:
    assert moment_of("tonight at two", datetime(2026, 11, 24, 1, 0)) == "2026-11-24T02:00"


def test_the_hours_that_are_possible_decide_first() -> None:
    assert moment_of("at ten", hours=(6, 12)) == "2026-11-24T10:00"
    assert moment_of("at ten a m", hours=(18, 21)) == "2026-11-24T10:00"
    assert moment_of("saturday at nine", hours=(18, 21)) == "2026-11-28T21:00"
    assert moment_of("saturday at seven", hours=(6, 12)) == "2026-11-28T07:00"


def test_only_a_part_of_the_day_is_vague() -> None:
    when = parse_when("tomorrow evening", MONDAY)
    assert when == When(date=date(2026, 11, 24), part="evening", day_given=True)
    assert when.moment is None


def test_what_was_guessed_is_marked() -> None:
    guessed, given_ = parse_when("at seven", MONDAY), parse_when("tomorrow at seven p m", MONDAY)
    assert guessed is not None
    assert given_ is not None
    assert (guessed.day_given, guessed.half_given) == (False, False)
    assert (given_.day_given, given_.half_given) == (True, True)


@pytest.mark.parametrize(
    ("sentence", "words", "moment"),
    [
        ("book a table for two at seven tonight", "seven tonight", "2026-11-23T19:00"),
        ("book a table for two tonight at seven", "tonight at seven", "2026-11-23T19:00"),
        ("book a table for two on Saturday at eight", "Saturday at eight", "2026-11-28T20:00"),
        ("wake me at 6:30 tomorrow morning, please", "6:30 tomorrow morning", "2026-11-24T06:30"),
        ("two large pizzas at half past six", "half past six", "2026-11-23T18:30"),
        ("in twenty minutes remind me of the oven", "in twenty minutes", "2026-11-23T14:23"),
    ],
)
def test_a_moment_is_found_where_it_stands(sentence: str, words: str, moment: str) -> None:
    (found,) = find_whens(sentence, MONDAY)
    assert found.value.moment is not None
    assert (sentence[found.start : found.end], found.value.moment.isoformat(timespec="minutes")) == (words, moment)


def test_a_bare_number_is_no_time_of_its_own() -> None:
    assert find_whens("two pizzas for four people and the cat sat on three mats", MONDAY) == ()


def test_days_and_times_are_found_apart() -> None:
    text = "on Saturday at eight, or tomorrow at noon"
    assert [each.value.isoformat() for each in find_dates(text, MONDAY)] == ["2026-11-28", "2026-11-24"]
    assert [each.value for each in find_times(text, MONDAY)] == [time(20), time(12)]


def test_moments_sound_natural() -> None:
    def said(words: str) -> str:
        when = parse_when(words, MONDAY)
        assert when is not None
        return say_when(when, MONDAY)

    assert said("tonight at 7") == "seven tonight"
    assert said("tomorrow at 18:30") == "tomorrow at six thirty p m"
    assert said("sat at 12:00") == "Saturday at noon"
    assert said("tomorrow evening") == "tomorrow in the evening"
    assert said("the 4th of december") == "Friday the fourth of December"


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("December 2016", date(2016, 12, 1)),
        ("2016 Dec.", date(2016, 12, 1)),
        ("Sept, 2027", date(2027, 9, 1)),
        ("December\xa02016", date(2016, 12, 1)),
        ("December", None),
        ("3 December 2016", None),
        ("May 99999", None),
    ],
)
def test_a_month_above_a_calendar_is_read(text: str, month: date | None) -> None:
    assert month_in(text) == month


def test_the_end_of_the_calendar_is_no_fault() -> None:
    last = datetime(9999, 12, 31, 23, 0)
    for words in (
        "tomorrow",
        "saturday",
        "next friday",
        "in two weeks",
        "in ten hours",
        "at eight",
        "midnight",
        "a quarter past",
        "in a month",
    ):
        parse_when(words, last)
