"""Recurrences in words, and back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from language.recurrences.occurring import upcoming
from language.recurrences.reading import completed, parse_recurrence, split_recurrence, times_said
from language.recurrences.rule import LAST, Recurrence
from language.recurrences.saying import say_recurrence

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2026, 11, 26, 15, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("words", "said", "first"),
    [
        ("every weekday at eight", "every weekday at eight a m", "Fri 27 08:00"),
        ("Every weekday at 8,", "every weekday at eight a m", "Fri 27 08:00"),
        ("weekdays at eight", "every weekday at eight a m", "Fri 27 08:00"),
        ("at eight every working day", "every weekday at eight a m", "Fri 27 08:00"),
        ("every monday to friday at quarter to eight", "every weekday at seven forty five a m", "Fri 27 07:45"),
        (
            "every monday and thursday at half past seven in the evening",
            "every Monday and Thursday at seven thirty p m",
            "Thu 26 19:30",
        ),
        ("on mondays at ten", "every Monday at ten a m", "Mon 30 10:00"),
        ("daily at 18:00", "every day at six p m", "Thu 26 18:00"),
        ("every morning", "every day at eight a m", "Fri 27 08:00"),
        ("every monday morning at nine", "every Monday at nine a m", "Mon 30 09:00"),
        ("every night at ten", "every day at ten p m", "Thu 26 22:00"),
        (
            "every day at eight in the morning and six in the evening",
            "every day at eight a m and six p m",
            "Thu 26 18:00",
        ),
        ("every day at 8 and at noon", "every day at eight a m and noon", "Fri 27 08:00"),
        ("every other day at noon", "every two days at noon", "Fri 27 12:00"),
        ("every two weeks on friday at ten", "every two weeks on Friday at ten a m", "Fri 27 10:00"),
        ("every second tuesday at ten", "every two weeks on Tuesday at ten a m", "Tue 01 10:00"),
        (
            "every second tuesday of the month at ten",
            "on the second Tuesday of every month at ten a m",
            "Tue 08 10:00",
        ),
        ("on the last friday of every month at four", "on the last Friday of every month at four p m", "Fri 27 16:00"),
        ("on the first of every month at nine", "on the first of every month at nine a m", "Tue 01 09:00"),
        (
            "on the first and the fifteenth of each month at nine",
            "on the first and the fifteenth of every month at nine a m",
            "Tue 01 09:00",
        ),
        ("on the last day of the month at nine", "on the last day of every month at nine a m", "Mon 30 09:00"),
        ("every three months on the first at nine", "on the first of every three months at nine a m", "Tue 01 09:00"),
        (
            "every year on the twenty fourth of december at ten",
            "every year on the twenty fourth of December at ten a m",
            "Thu 24 10:00",
        ),
        ("every christmas at noon", "every year on the twenty fifth of December at noon", "Fri 25 12:00"),
        ("every hour from nine to five", "every hour from nine a m to five p m", "Thu 26 16:00"),
        ("every half hour", "every half hour", "Thu 26 15:30"),
        (
            "every two hours between eight and eight p m on weekdays",
            "every two hours from eight a m to eight p m on weekdays",
            "Thu 26 16:00",
        ),
        ("next tuesday at ten, once", "once on Tuesday at ten a m", "Tue 01 10:00"),
        ("once tomorrow at eight", "once tomorrow at eight a m", "Fri 27 08:00"),
        (
            "every day at eight until christmas",
            "every day at eight a m until Friday the twenty fifth of December",
            "Fri 27 08:00",
        ),
        ("every day at eight for a week", "every day at eight a m until Wednesday", "Fri 27 08:00"),
        ("every day at eight for two days", "every day at eight a m until tomorrow", "Fri 27 08:00"),
        ("every weekday at noon twice", "", ""),
        ("every weekday at noon four times", "every weekday at noon until Wednesday", "Fri 27 12:00"),
        ("every friday at seven starting next week", "", ""),
        ("every day at nine from monday on", "every day at nine a m", "Mon 30 09:00"),
        (
            "every day at seven except on fridays and christmas",
            "every day at seven a m except on Fridays and Friday the twenty fifth of December",
            "Sat 28 07:00",
        ),
        ("every weekend at ten but not on sundays", "every weekend at ten a m except on Sundays", "Sat 28 10:00"),
    ],
)
def test_what_people_say(words: str, said: str, first: str) -> None:
    rule = parse_recurrence(words, THURSDAY)
    if not said:
        assert rule is None
        return
    assert rule is not None
    assert say_recurrence(rule, THURSDAY.date()) == said
    instant = upcoming(rule, BERLIN, THURSDAY.timestamp(), 1)[0]
    assert datetime.fromtimestamp(instant, BERLIN).strftime("%a %d %H:%M") == first


@pytest.mark.parametrize(
    "words",
    [
        "monday",
        "tomorrow at eight",
        "every",
        "every minute",
        "every two minutes",
        "every pizza",
        "every day except on weekdays and weekends at nine",
        "every monday on the first at nine",
        "every hour at eight",
        "every day at eight until yesterday",
        "once",
        "every five hundred days at nine",
        "from nine to five",
    ],
)
def test_what_is_no_recurrence(words: str) -> None:
    assert parse_recurrence(words, THURSDAY) is None


def test_without_a_time_it_is_not_complete_and_the_answer_completes_it() -> None:
    rule = parse_recurrence("every two weeks on friday", THURSDAY)
    assert rule is not None
    assert not rule.is_complete
    done = completed(rule, times_said("half past seven in the evening"), THURSDAY)
    assert done is not None
    assert say_recurrence(done, THURSDAY.date()) == "every two weeks on Friday at seven thirty p m"
    assert done.start == "2026-11-27"


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("at eight", ("08:00",)),
        ("eight", ("08:00",)),
        ("in the evening", ("19:00",)),
        ("eight and noon", ("08:00", "12:00")),
        ("8 pm", ("20:00",)),
        ("on mondays", ()),
        ("a pizza", ()),
        ("", ()),
    ],
)
def test_a_time_alone(words: str, times: tuple[str, ...]) -> None:
    assert times_said(words) == times


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Every weekday at eight, read me my unread mail.", [("Every weekday at eight", "read me my unread mail.")]),
        ("read me my unread mail every weekday at 8", [("every weekday at 8", "read me my unread mail")]),
        ("please read my mail on mondays at ten, please", [("on mondays at ten", "please read my mail")]),
        (
            "book a table for two at seven every friday",
            [("every friday", "book a table for two at seven"), ("at seven every friday", "book a table for two")],
        ),
        ("next tuesday at ten, once, order a pizza", [("next tuesday at ten, once", "order a pizza")]),
        ("order every pizza", []),
        ("take a note that every day is a gift", []),
        ("book a table for tomorrow at eight", []),
        ("tomorrow at eight wake me up", []),
        ("", []),
    ],
)
def test_a_request_and_its_recurrence_are_told_apart(text: str, parts: list[tuple[str, str]]) -> None:
    assert list(split_recurrence(text, THURSDAY)) == parts


@st.composite
def said_rules(draw: st.DrawFn) -> Recurrence:
    """Recurrences that people can say, as they are kept."""
    unit = draw(st.sampled_from(("day", "week", "month", "nth", "year", "once")))
    quarters = draw(st.lists(st.integers(0, 95), min_size=1, max_size=3, unique=True))
    times = tuple(f"{each // 4:02}:{each % 4 * 15:02}" for each in sorted(quarters))
    words: dict[str, object] = {
        "start": (THURSDAY.date() + timedelta(days=draw(st.integers(2, 300)))).isoformat(),
        "times": times,
        "every": draw(st.integers(1, 6)),
    }
    if unit == "once":
        return Recurrence(unit="once", start=str(words["start"]), times=times[:1])
    bounds: dict[str, object] = {
        "off": draw(st.sampled_from(((), (), (5,), (1, 2)))),
        "without": draw(st.sampled_from(((), (), ("2026-12-30",), ("2026-12-30", "2027-01-08")))),
        "until": draw(st.sampled_from(("", "", "2031-12-24T23:59"))),
    }
    weekdays = tuple(sorted(draw(st.sets(st.sampled_from((0, 3, 4, 6)), min_size=1))))
    days = tuple(sorted(draw(st.sets(st.sampled_from((1, 2, 15, 22)), min_size=1))))
    kinds: dict[str, dict[str, object]] = {
        "day": {"unit": "day"},
        "week": {"unit": "week", "weekdays": weekdays},
        "month": {"unit": "month", "days": draw(st.sampled_from((days, (LAST,), (31,))))},
        "nth": {"unit": "month", "weekdays": weekdays[:1], "nth": draw(st.sampled_from(((1,), (2, 4), (LAST,))))},
        "year": {"unit": "year", "month": draw(st.integers(1, 12)), "days": (draw(st.integers(1, 28)),)},
    }
    return Recurrence(**words | bounds | kinds[unit])  # type: ignore[arg-type]


@given(said_rules())
def test_what_is_said_back_is_read_again(rule: Recurrence) -> None:
    said = say_recurrence(rule, THURSDAY.date())
    again = parse_recurrence(said, THURSDAY)
    assert again is not None, said
    assert replace(again, start=rule.start) == rule or rule.unit == "once", said
    assert rule.unit != "once" or again == rule, said


@given(st.text(max_size=40), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_any_text_at_any_time_is_read_or_is_not(text: str, now: datetime) -> None:
    moment = now.replace(tzinfo=BERLIN)
    rule = parse_recurrence(text, moment)
    assert rule is None or say_recurrence(rule, moment.date())
    split_recurrence(text, moment), times_said(text)


WORDS = (
    "every each other second day days weekday monday mondays and on the first last of month at eight in evening "
    + ("until christmas for two weeks hour half from nine to five except once tomorrow friday , . year times noon 31st")
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join))
def test_what_is_read_from_any_such_words_can_be_said_and_happens(text: str) -> None:
    rule = parse_recurrence(text, THURSDAY)
    if rule is not None:
        say_recurrence(rule, THURSDAY.date())
        if rule.is_complete:
            assert upcoming(rule, BERLIN, THURSDAY.timestamp(), 1)
            assert date.fromisoformat(rule.start) >= THURSDAY.date()
    for when, request in split_recurrence(text, THURSDAY):
        assert parse_recurrence(when, THURSDAY) is not None
        assert request
