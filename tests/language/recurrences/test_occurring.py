"""When recurrences happen: in order, each instant once, none left out, over every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.recurrences.occurring import instant_at, next_after, occurrences, upcoming, within
from language.recurrences.rule import LAST, Recurrence

BERLIN = ZoneInfo("Europe/Berlin")
# Changes by an hour, by half an hour, at midnight, of a whole day; and a zone without any.
ZONES = tuple(
    map(ZoneInfo, ("Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "Pacific/Apia", "UTC"))
)


def wall(*parts: int, zone: ZoneInfo = BERLIN) -> float:
    return datetime(*parts, tzinfo=zone).timestamp()  # type: ignore[misc,arg-type]


def shown(instants: list[float], zone: ZoneInfo = BERLIN) -> list[str]:
    return [datetime.fromtimestamp(each, zone).strftime("%a %Y-%m-%d %H:%M %Z") for each in instants]


def daily(*times: str, start: str = "2026-01-01", **more: object) -> Recurrence:
    return Recurrence(unit="day", start=start, times=times, **more)  # type: ignore[arg-type]


def nine(unit: str, start: str, **more: object) -> Recurrence:
    return Recurrence(unit=unit, start=start, times=("09:00",), **more)  # type: ignore[arg-type]


def test_what_the_clock_leaves_out_happens_at_the_next_moment_that_there_is() -> None:
    found = upcoming(daily("02:30"), BERLIN, wall(2026, 3, 28, 12), 2)
    assert shown(found) == ["Sun 2026-03-29 03:00 CEST", "Mon 2026-03-30 02:30 CEST"]


def test_what_the_clock_shows_twice_happens_once() -> None:
    found = upcoming(daily("02:30"), BERLIN, wall(2026, 10, 24, 12), 2)
    assert shown(found) == ["Sun 2026-10-25 02:30 CEST", "Mon 2026-10-26 02:30 CET"]
    between = datetime(2026, 10, 25, 1, 0, tzinfo=UTC).timestamp()  # 02:00 the second time
    assert shown(upcoming(daily("02:30"), BERLIN, between, 1)) == ["Mon 2026-10-26 02:30 CET"]


def test_two_times_that_fall_together_in_spring_are_one() -> None:
    found = within(daily("02:15", "02:45", "03:00", "04:00"), BERLIN, wall(2026, 3, 29), wall(2026, 3, 29, 12), 9)
    assert shown(found) == ["Sun 2026-03-29 03:00 CEST", "Sun 2026-03-29 04:00 CEST"]


def test_a_day_that_a_zone_left_out_happens_as_the_next_begins() -> None:
    apia = ZoneInfo("Pacific/Apia")
    rule = daily("12:00", start="2011-12-28")
    found = upcoming(rule, apia, wall(2011, 12, 29, 1, zone=apia), 3)
    assert [text[:20] for text in shown(found, apia)] == [
        "Thu 2011-12-29 12:00",
        "Sat 2011-12-31 00:00",
        "Sat 2011-12-31 12:00",
    ]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (nine("month", "2027-01-31", days=(31,)), "01-31 02-28 03-31 04-30"),
        (nine("month", "2028-01-30", days=(30, 31)), "01-30 01-31 02-29 03-30"),
        (nine("month", "2027-01-01", days=(LAST,)), "01-31 02-28 03-31 04-30"),
        (nine("month", "2027-01-01", weekdays=(4,), nth=(LAST,)), "01-29 02-26 03-26 04-30"),
        (nine("month", "2027-01-01", weekdays=(0,), nth=(1, 3)), "01-04 01-18 02-01 02-15"),
        (nine("month", "2027-01-01", every=3, days=(1,)), "01-01 04-01 07-01 10-01"),
        (nine("week", "2027-01-01", every=2, weekdays=(0, 4)), "01-01 01-11 01-15 01-25"),
        (nine("day", "2027-01-01", off=(5, 6), without=("2027-01-04",)), "01-01 01-05 01-06 01-07"),
    ],
)
def test_the_days_of_a_recurrence(rule: Recurrence, days: str) -> None:
    before = wall(*map(int, rule.start.split("-"))) - 1
    found = upcoming(rule, BERLIN, before, 4)
    assert [datetime.fromtimestamp(each, BERLIN).strftime("%m-%d") for each in found] == days.split()


def test_the_twenty_ninth_of_february_is_the_last_of_it_in_other_years() -> None:
    rule = Recurrence(unit="year", start="2028-02-29", month=2, days=(29,), times=("09:00",))
    found = upcoming(rule, BERLIN, wall(2028, 1, 1), 5)
    days = [datetime.fromtimestamp(each, BERLIN).date().isoformat() for each in found]
    assert days == ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


def test_hours_of_a_day_end_at_their_bound_and_days_at_theirs() -> None:
    rule = daily("09:00", "17:00", start="2026-11-26", step=120, until="2026-11-27T13:00")
    found = upcoming(rule, BERLIN, wall(2026, 11, 26, 12), 99)
    assert [text[4:20] for text in shown(found)] == [
        *(f"2026-11-26 {hour}:00" for hour in (13, 15, 17)),
        *(f"2026-11-27 {hour}:00" for hour in ("09", 11, 13)),
    ]
    assert next_after(rule, BERLIN, found[-1]) is None


def test_once_is_once_and_what_can_never_be_ends() -> None:
    once = Recurrence(unit="once", start="2026-12-01", times=("10:00",))
    assert shown(upcoming(once, BERLIN, wall(2026, 11, 1), 5)) == ["Tue 2026-12-01 10:00 CET"]
    assert next_after(daily(), BERLIN, wall(2026, 11, 1)) is None, "it names no time yet"
    assert next_after(daily("10:00", off=tuple(range(7))), BERLIN, wall(2026, 11, 1)) is None


days = st.dates(date(2009, 1, 1), date(2031, 12, 31))
times = st.times().map(lambda each: each.replace(second=0, microsecond=0).isoformat("minutes"))


@st.composite
def rules(draw: st.DrawFn) -> Recurrence:
    """Recurrences of every kind, from days near which clocks change."""
    unit = draw(st.sampled_from(("once", "day", "week", "month", "year")))
    first = draw(st.lists(times, min_size=1, max_size=4, unique=True).map(lambda each: tuple(sorted(each))))
    step = draw(st.sampled_from((0, 0, 0, 5, 30, 60, 150)))
    nth = draw(st.booleans()) and unit == "month"
    start = draw(days)
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1).map(lambda each: tuple(sorted(each))))
    return Recurrence(
        unit=unit,  # type: ignore[arg-type]
        start=start.isoformat(),
        every=draw(st.integers(1, 4)),
        weekdays=weekdays[:1] if nth else weekdays if unit == "week" else (),
        days=draw(st.sampled_from(((1,), (15, 31), (29,), (LAST,)))) if unit in ("month", "year") and not nth else (),
        nth=draw(st.sampled_from(((1,), (2, 4), (LAST,)))) if nth else (),
        month=start.month if unit == "year" else 0,
        times=(first[0], "23:59") if step else first,
        step=step,
        off=draw(st.sampled_from(((), (), (6,)))),
        until=draw(st.sampled_from(("", "", f"{start + timedelta(days=40)}T12:00"))),
    )


@given(rules(), st.sampled_from(ZONES), st.floats(-3e6, 9e6))
def test_instants_are_in_order_each_once_and_none_is_left_out_from_wherever_they_are_seen(
    rule: Recurrence, zone: ZoneInfo, offset: float
) -> None:
    begin = instant_at(datetime.combine(rule.first_day, time(0)), zone) + offset
    found = upcoming(rule, zone, begin, 12)
    assert all(each > begin for each in found)
    assert all(earlier < later for earlier, later in pairwise(found))
    for at, instant in enumerate(found):
        assert upcoming(rule, zone, instant, 12 - at - 1) == found[at + 1 :], "seen from one, the others follow"
        assert next_after(rule, zone, instant - 0.5) == instant
    if found:
        assert within(rule, zone, begin, found[-1], 99) == found


@given(st.sampled_from(ZONES), st.datetimes(datetime(2009, 1, 1), datetime(2031, 1, 1)), st.integers(0, 4 * 1440))
def test_an_instant_is_the_first_at_which_the_clock_shows_the_moment_or_later(
    zone: ZoneInfo, moment: datetime, later_min: int
) -> None:
    moment = moment.replace(second=0, microsecond=0)
    instant = instant_at(moment, zone)

    def shows(second: float) -> datetime:
        return datetime.fromtimestamp(second, zone).replace(tzinfo=None)

    assert shows(instant) >= moment
    assert all(shows(instant - before) < moment for before in (1, 60, 1800, 3599, 3601))
    assert instant <= instant_at(moment + timedelta(minutes=later_min), zone), "the order of moments is kept"


@given(st.integers(0, 365 * 3))
def test_no_hour_of_any_day_is_without_its_firing(ahead: int) -> None:
    """Every hour: on a usual day 24 firings, 23 when the clock leaves one out, and 24 when it shows one twice."""
    day = date(2025, 1, 1) + timedelta(days=ahead)
    begin, end = (instant_at(datetime.combine(day + timedelta(days=each), time(0)), BERLIN) for each in (0, 1))
    rule = daily("00:00", "23:59", start="2024-01-01", step=60)
    found = list(within(rule, BERLIN, begin - 1, end - 1, 99))
    assert len(found) == min(round((end - begin) / 3600), 24)


def test_an_endless_recurrence_is_read_lazily() -> None:
    stream = occurrences(daily("08:00"), BERLIN, wall(2026, 1, 1))
    assert [shown([next(stream)])[0][4:14] for _ in range(3)] == ["2026-01-01", "2026-01-02", "2026-01-03"]
