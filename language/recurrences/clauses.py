"""The pieces of a recurrence as they are said, in any order: how often, at what times, from when, until when, but when.

Each clause reads what it says of a recurrence, as named parts; `language.recurrences.reading` makes one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Final

from language.clock import Clock, DayPart, match_clock
from language.days import match_day, match_part
from language.durations import DAY, match_duration
from language.numbers import match_ordinal, match_small
from language.recurrences.bounds import UNTIL, but_not, since, upto
from language.recurrences.rule import LAST
from language.recurrences.weekdays import MONTH_NUMBERS, NAMED_DAYS, Parts, named_days, weekday_at, weekdays_at
from language.tokens import Match, Tokens, word_at, words_at

Clause = Callable[[Tokens, int, date], Match[Parts] | None]

_PARTS: Final[dict[str, DayPart]] = {
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
}
_ADVERBS: Final[dict[str, Parts]] = {
    "hourly": {"step": 60},
    "daily": {"unit": "day"},
    "weekly": {"unit": "week"},
    "fortnightly": {"unit": "week", "every": 2},
    "biweekly": {"unit": "week", "every": 2},
    "monthly": {"unit": "month"},
    "quarterly": {"unit": "month", "every": 3},
    "yearly": {"unit": "year"},
    "annually": {"unit": "year"},
}
_UNITS: Final[dict[str, Parts]] = {
    "day": {"unit": "day"},
    "week": {"unit": "week"},
    "fortnight": {"unit": "week", "every": 2},
    "month": {"unit": "month"},
    "quarter": {"unit": "month", "every": 3},
    "year": {"unit": "year"},
}


def how_often(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "every weekday", "each day", "every two weeks", "every half hour", "every other Friday", "every morning"."""
    if word_at(tokens, index) in _ADVERBS:
        return _ADVERBS[tokens[index].text], index + 1
    if words_at(tokens, index, "once a") or words_at(tokens, index, "once every"):
        unit = _UNITS.get(word_at(tokens, index + 2))
        return None if unit is None else (unit, index + 3)
    if word_at(tokens, index) not in ("every", "each"):
        return None
    start = index + 1
    if step := _minutes(tokens, start):
        return {"step": step[0]}, step[1]
    if monthly := _of_the_month(tokens, start):
        return monthly
    if yearly := _of_the_year(tokens, start):
        return yearly
    every, start = _count(tokens, start)
    return _counted(tokens, start, every)


def _count(tokens: Tokens, index: int) -> tuple[int, int]:
    """ "other", "second", "third", "two": 1 when nothing of the kind is said."""
    if words_at(tokens, index, "single"):
        return 1, index + 1
    if word_at(tokens, index) == "other":
        return 2, index + 1
    found = match_ordinal(tokens, index) or match_small(tokens, index)
    return (found[0], found[1]) if found is not None and found[0] >= 1 else (1, index)


def _counted(tokens: Tokens, index: int, every: int) -> Match[Parts] | None:
    word = word_at(tokens, index)
    unit = _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))
    if unit is not None:
        return {**unit, "every": every * unit.get("every", 1)}, index + 1
    if named := named_days(tokens, index):
        return {"unit": "week", "every": every, "weekdays": named[0]}, named[1]
    if days := weekdays_at(tokens, index):
        parts: Parts = {"unit": "week", "every": every, "weekdays": days[0]}
        if (part := word_at(tokens, days[1])) in _PARTS:
            return parts | {"part": _PARTS[part]}, days[1] + 1
        return parts, days[1]
    if word in _PARTS:
        return {"unit": "day", "every": every, "part": _PARTS[word]}, index + 1
    if word in ("noon", "midday", "midnight"):
        return {"unit": "day", "every": every, "times": (time(0 if word == "midnight" else 12),)}, index + 1
    return None


def _minutes(tokens: Tokens, index: int) -> Match[int] | None:
    """ "hour", "half hour", "two hours", "thirty minutes"."""
    if word_at(tokens, index) in ("hour", "minute"):
        return (60 if tokens[index].text == "hour" else 1), index + 1
    if words_at(tokens, index, "half hour"):
        return 30, index + 2
    if word_at(tokens, index) == "other" and word_at(tokens, index + 1) == "hour":
        return 120, index + 2
    found = match_duration(tokens, index)
    unit = word_at(tokens, found[1] - 1) if found is not None else ""
    short = unit.startswith(("hour", "minute", "min", "hr")) or words_at(tokens, index, "half an hour")
    return (found[0] // 60, found[1]) if found is not None and short and found[0] < DAY else None


def on_days(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "on Mondays", "on weekdays", "on the first", "on the last Friday of every month", "weekends"."""
    on = word_at(tokens, index) == "on"
    start = index + on
    options: list[Match[Parts] | None] = [_of_the_month(tokens, start)]
    plural = word_at(tokens, start).endswith("s")
    if (on or plural) and (named := named_days(tokens, start)):
        options.append(({"unit": "week", "weekdays": named[0]}, named[1]))
    if (on or plural) and (days := weekdays_at(tokens, start)):
        options.append((({"unit": "week"} if plural else {}) | {"weekdays": days[0]}, days[1]))
    if on and (day := match_day(tokens, start, today)) and day[0].marked:
        options.append(({"date": day[0].date}, day[1]))
    return max(filter(None, options), key=lambda option: option[1], default=None)


def _of_the_month(tokens: Tokens, index: int) -> Match[Parts] | None:
    """ "the first and the fifteenth [of every month]", "the last day of the month", "the second Tuesday"."""
    numbers, after = [], index
    while found := _number_in_month(tokens, after + (word_at(tokens, after) == "the")):
        numbers.append(found[0])
        after = found[1]
        if word_at(tokens, after) not in ("and", ",") or not _number_in_month(tokens, _past_the(tokens, after + 1)):
            break
        after += 1
    if not numbers:
        return None
    weekday = weekday_at(tokens, after)
    after += weekday is not None or word_at(tokens, after) == "day"
    each, ending = _of_each_month(tokens, after)
    if weekday is not None:
        fitting = each is not None and all(number == LAST or number <= 4 for number in numbers)
        return ({**(each or {}), "weekdays": (weekday,), "nth": tuple(numbers)}, ending) if fitting else None
    if each is None and (
        word_at(tokens, after) == "of" or word_at(tokens, after) in MONTH_NUMBERS or _unit_at(tokens, after)
    ):
        return None
    return {**(each or {}), "days": tuple(dict.fromkeys(numbers))}, ending


def _unit_at(tokens: Tokens, index: int) -> bool:
    """ "every second week" counts weeks: its ordinal is no day of a month."""
    word = word_at(tokens, index).removesuffix("s")
    return word in _UNITS or word in _PARTS or word in NAMED_DAYS or word in ("working", "hour", "minute")


def _past_the(tokens: Tokens, index: int) -> int:
    return index + (word_at(tokens, index) == "the")


def _number_in_month(tokens: Tokens, index: int) -> Match[int] | None:
    if word_at(tokens, index) == "last":
        return LAST, index + 1
    found = match_ordinal(tokens, index)
    return found if found is not None and 1 <= found[0] <= 31 else None


def _of_each_month(tokens: Tokens, index: int) -> tuple[Parts | None, int]:
    """ "of every month", "of the month", "each month", "of every second month"."""
    start = index + (word_at(tokens, index) == "," and word_at(tokens, index + 1) in ("of", "every", "each"))
    start += word_at(tokens, start) == "of"
    if word_at(tokens, start) == "the" and word_at(tokens, start + 1) == "month":
        return {"unit": "month"}, start + 2
    if word_at(tokens, start) in ("every", "each"):
        every, after = _count(tokens, start + 1)
        if word_at(tokens, after) in ("month", "months"):
            return {"unit": "month", "every": every}, after + 1
    return None, index


def _of_the_year(tokens: Tokens, index: int) -> Match[Parts] | None:
    """ "Christmas", "the twenty fourth of December", "December the fifth"."""
    anchor = date(2024, 1, 1)  # a leap year
    found = match_day(tokens, index, anchor)
    words = {word_at(tokens, at) for at in range(index, found[1])} if found is not None else set()
    named = words & MONTH_NUMBERS.keys() or words & {"christmas", "year's", "halloween", "valentine's", "boxing"}
    if found is None or not named:
        return None
    day = found[0].date
    return {"unit": "year", "month": day.month, "days": (day.day,)}, found[1]


def at_times(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "at eight", "at half past seven in the evening", "at eight and at noon", "in the morning", "8 am"."""
    part = match_part(tokens, index)
    at = word_at(tokens, index) == "at"
    if part is not None and (part[1] > index + 1 or not at):
        return {"part": part[0]}, part[1]
    times: list[tuple[Clock, DayPart | None]] = []
    start, after, own = index + at, index, 0  # `own`: from where on a part of the day belongs to the times
    while found := match_clock(tokens, start):
        if found[0].hour is None or not (at or found[0].marked):
            break
        times.append((found[0], None))
        after = found[1]
        if following := match_part(tokens, after):
            times[own:] = [(clock, following[0]) for clock, _ in times[own:]]
            after, own = following[1], len(times)
        start = after
        while word_at(tokens, start) in ("and", ",", "at") and start < after + 3:
            start += 1
        if start == after or not _another(tokens, start):
            break
        own = len(times) if word_at(tokens, start - 1) == "at" else own
    return ({"clocks": tuple(times)}, after) if times else None


def _another(tokens: Tokens, index: int) -> bool:
    """Whether one more time of day stands there: "at eight and nine", but not "at eight and two pizzas"."""
    found = match_clock(tokens, index)
    if found is None or found[0].hour is None:
        return False
    near = word_at(tokens, index - 1) == "at" or found[0].marked
    after = word_at(tokens, found[1])
    return near or after in ("", ",", "and", "in", "on", "every", "each") or after in _PARTS


def from_to(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "from nine to five", "between nine and half past five"."""
    if word_at(tokens, index) not in ("from", "between"):
        return None
    first = match_clock(tokens, index + 1)
    if first is None or first[0].hour is None:
        return None
    if word_at(tokens, first[1]) not in ("to", "and", *UNTIL):
        return None
    last = match_clock(tokens, first[1] + 1)
    return ({"window": (first[0], last[0])}, last[1]) if last is not None and last[0].hour is not None else None


def only_once(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "once", "just once", "only once"."""
    start = index + (word_at(tokens, index) in ("just", "only"))
    follows = word_at(tokens, start + 1)
    return ({"unit": "once"}, start + 1) if word_at(tokens, start) == "once" and follows not in ("a", "every") else None


def a_day(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "tomorrow", "next Tuesday": only what happens once is said so."""
    found = match_day(tokens, index, today)
    if found is None or not found[0].marked:
        return None
    return {"date": found[0].date} | ({"part": found[0].part} if found[0].part else {}), found[1]


CLAUSES: Final[tuple[Clause, ...]] = (
    how_often,
    on_days,
    from_to,
    since,
    upto,
    but_not,
    only_once,
    at_times,
    a_day,
)


def hour_of(clock: Clock, part: DayPart | None) -> time:
    """The time that a clock names. A bare hour is a usual one: five to eleven are in the morning, one to four
    in the afternoon, twelve is noon."""
    hour = clock.hour or 0
    if clock.sure:
        return time(hour % 24, clock.minute)
    hour %= 12
    match part:
        case "morning":
            return time(hour, clock.minute)
        case "afternoon" | "evening":
            return time(hour + 12, clock.minute)
        case "night":
            return time(hour + 12 if hour >= 6 else hour, clock.minute)
        case _:
            return time(hour if hour >= 5 else hour + 12, clock.minute)
