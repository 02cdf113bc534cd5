"""Calendar days as they are said: "tomorrow", "next Friday", "the twenty third of November", "in three days"."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from msgspec import Struct

from language.clock import DayPart
from language.durations import DAY, match_duration
from language.numbers import match_number, match_ordinal, match_small, say_number, say_ordinal
from language.tokens import Match, Tokens, kind_at, word_at, words_at

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_WEEKDAYS = {name.lower(): number for number, name in enumerate(WEEKDAYS)}
_SHORT_WEEKDAYS = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "weds": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, start=1)} | {
    name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)
}
_MONTHS["sept"] = 9
_FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "halloween": (10, 31),
    "valentine's day": (2, 14),
}
_RELATIVE = {"today": 0, "tomorrow": 1, "yesterday": -1}
_PARTS: tuple[DayPart, ...] = ("morning", "afternoon", "evening", "night")


class Day(Struct, frozen=True):
    """A day, with the part of it when that was said in the same breath ("tonight").

    `marked`: it is a day wherever it stands, while "the second" may be a pizza."""

    date: date
    part: DayPart | None = None
    marked: bool = True


def match_day(tokens: Tokens, index: int, today: date) -> Match[Day] | None:
    """The day at the token, seen from `today`."""
    return (
        _relative(tokens, index, today)
        or _weekday(tokens, index, today)
        or _in_days(tokens, index, today)
        or _written(tokens, index, today)
        or _of_month(tokens, index, today)
    )


def month_in(text: str) -> date | None:
    """The first day of the month that a whole text names with its year: "December 2016", "2016 Dec"."""
    words = text.replace(",", " ").replace(".", " ").lower().split()
    years = [int(word) for word in words if len(word) == 4 and word.isdigit()]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    return _date(years[0], months[0], 1) if len(words) == 2 and years and months else None


def shifted(day: date, days: int) -> date | None:
    """The day so many days away, or None outside the calendar."""
    ordinal = day.toordinal() + days
    return date.fromordinal(ordinal) if 0 < ordinal <= date.max.toordinal() else None


def _found(day: date | None, after: int, part: DayPart | None = None, *, marked: bool = True) -> Match[Day] | None:
    return None if day is None else (Day(day, part, marked), after)


def match_part(tokens: Tokens, index: int) -> Match[DayPart] | None:
    """ "in the evening", "at night", "evening"."""
    start = index
    if words_at(tokens, index, "in the") or words_at(tokens, index, "during the"):
        start += 2
    elif word_at(tokens, index) == "at":
        start += 1
        if word_at(tokens, start) != "night":
            return None
    word = word_at(tokens, start)
    for part in _PARTS:
        if word == part:
            return part, start + 1
    return None


def _relative(tokens: Tokens, index: int, today: date) -> Match[Day] | None:
    word = word_at(tokens, index)
    if word == "tonight":
        return Day(today, "night"), index + 1
    if word == "this" and (part := match_part(tokens, index + 1)) and part[1] == index + 2:
        return Day(today, part[0]), part[1]
    start = index + (word == "the")
    if words_at(tokens, start, "day after tomorrow"):
        return _found(shifted(today, 2), start + 3)
    if word in _RELATIVE:
        return _found(shifted(today, _RELATIVE[word]), index + 1)
    for words, (month, day) in _FEASTS.items():
        if words_at(tokens, index, words):
            return _found(_next_date(today, month, day), index + len(words.split()))
    return _found(shifted(today, 7), index + 3) if words_at(tokens, index, "a week today") else None


def _weekday_at(tokens: Tokens, index: int) -> int | None:
    """Monday is 0. "sat" and "sun" must look like days, being words of their own."""
    word = word_at(tokens, index)
    if word in _WEEKDAYS:
        return _WEEKDAYS[word]
    if word not in _SHORT_WEEKDAYS:
        return None
    before = word_at(tokens, index - 1)
    looks = index == 0 or tokens[index].capital or before in ("on", "this", "next", "by", "for")
    return _SHORT_WEEKDAYS[word] if looks else None


def _weekday(tokens: Tokens, index: int, today: date) -> Match[Day] | None:
    """A weekday is the coming one, never today; "this" may be today; "next" is that of the week after this one.

    Weeks begin on Monday. A date after the name decides over it ("Saturday the fifth of December")."""
    if words_at(tokens, index, "a week on") or words_at(tokens, index, "a week from"):
        later = match_day(tokens, index + 3, today) if index + 3 < len(tokens) else None
        return None if later is None else _found(shifted(later[0].date, 7), later[1], later[0].part)
    if words_at(tokens, index, "next week"):
        start = index + 2 + (word_at(tokens, index + 2) == "on")
        number = _weekday_at(tokens, start)
        return None if number is None else _found(_next_week(today, number), start + 1)
    mode = word_at(tokens, index)
    start = index + (mode in ("this", "next", "coming"))
    if mode in ("this", "the") and word_at(tokens, index + 1) == "coming":
        start = index + 2
    number = _weekday_at(tokens, start)
    if number is None:
        return None
    after = start + 1
    if words_at(tokens, after, "next week") or words_at(tokens, after, "of next week"):
        return _found(_next_week(today, number), after + 2 + (word_at(tokens, after) == "of"))
    ahead = (number - today.weekday()) % 7
    coming = shifted(today, ahead if mode == "this" else ahead or 7)
    day = _next_week(today, number) if mode == "next" else coming
    dated = _of_month(tokens, after + (word_at(tokens, after) == ","), today)
    return dated if dated is not None and mode != "next" else _found(day, after)


def _next_week(today: date, weekday: int) -> date | None:
    return shifted(today, 7 - today.weekday() + weekday)


def _in_days(tokens: Tokens, index: int, today: date) -> Match[Day] | None:
    """ "in three days", "in two months", "a week from now"."""
    start = index + (word_at(tokens, index) == "in")
    ending = 0
    months = _months(tokens, start)
    length = match_duration(tokens, start) if months is None else None
    after = months[1] if months is not None else length[1] if length is not None else start
    if words_at(tokens, after, "from now") or words_at(tokens, after, "from today"):
        ending = 2
    if after == start or (start == index and not ending):
        return None
    if months is not None:
        return _found(_months_later(today, months[0]), after + ending)
    if length is None or length[0] % DAY or length[0] == 0:
        return None
    return _found(shifted(today, length[0] // DAY), after + ending)


def _months(tokens: Tokens, index: int) -> Match[int] | None:
    if word_at(tokens, index) in ("a", "one") and word_at(tokens, index + 1) in ("month", "year"):
        return (1 if tokens[index + 1].text == "month" else 12), index + 2
    count = match_number(tokens, index)
    if count is None or not isinstance(count[0], int) or not 0 < count[0] <= 1200:
        return None
    unit = word_at(tokens, count[1])
    if unit not in ("months", "month", "years", "year"):
        return None
    return count[0] * (12 if unit.startswith("year") else 1), count[1] + 1


def _months_later(day: date, months: int) -> date | None:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _written(tokens: Tokens, index: int, today: date) -> Match[Day] | None:
    """ "2026-11-23", and "11/23": the month first, unless there is no such month."""
    kind, text = kind_at(tokens, index), word_at(tokens, index)
    if kind == "iso" and len(text) == 10:
        return _found(_date(int(text[:4]), int(text[5:7]), int(text[8:])), index + 1)
    if kind != "slash":
        return None
    first, second, *year = (int(part) for part in text.split("/"))
    month, day = (second, first) if first > 12 else (first, second)
    if year:
        full = year[0] + 2000 if year[0] < 100 else year[0]
        return _found(_date(full, month, day), index + 1)
    return _found(_next_date(today, month, day), index + 1, marked=False)


def _date(year: int, month: int, day: int) -> date | None:
    valid = 1 <= year <= date.max.year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return date(year, month, day) if valid else None


def _next_date(today: date, month: int, day: int) -> date | None:
    """That day of this year, or of the first later year that has it; today counts."""
    for year in range(today.year, today.year + 9):
        found = _date(year, month, day)
        if found is not None and found >= today:
            return found
    return None


def _month_day(tokens: Tokens, index: int) -> Match[int] | None:
    found = match_ordinal(tokens, index) or match_small(tokens, index)
    return found if found is not None and 1 <= found[0] <= 31 else None


def _of_month(tokens: Tokens, index: int, today: date) -> Match[Day] | None:
    """ "the twenty third of November", "November 23rd, 2026", "the twenty third"."""
    word = word_at(tokens, index)
    if word in _MONTHS:
        start = index + 1
        start += word_at(tokens, start) == "the"
        number = _month_day(tokens, start)
        return None if number is None else _with_year(tokens, number[1], today, _MONTHS[word], number[0])
    start = index + (word == "the")
    number = _month_day(tokens, start)
    if number is None:
        return None
    after = number[1] + (word_at(tokens, number[1]) == "of")
    month = _MONTHS.get(word_at(tokens, after))
    if month is not None:
        return _with_year(tokens, after + 1, today, month, number[0])
    if after > number[1] or match_ordinal(tokens, start) is None:
        return None
    marked = word_at(tokens, index - 1) in ("on", "by") and word == "the"
    return _found(_next_month_day(today, number[0]), number[1], marked=marked)


def _next_month_day(today: date, day: int) -> date | None:
    for months in range(9):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        found = _date(year, month + 1, day)
        if found is not None and found >= today:
            return found
    return None


def _with_year(tokens: Tokens, index: int, today: date, month: int, day: int) -> Match[Day] | None:
    year = _year(tokens, index + (word_at(tokens, index) in (",", "of", "in")))
    if year is None:
        return _found(_next_date(today, month, day), index)
    return _found(_date(year[0], month, day), year[1])


def _year(tokens: Tokens, index: int) -> Match[int] | None:
    """ "2026", "twenty twenty six", "two thousand and six", "nineteen oh five"."""
    text = word_at(tokens, index)
    if kind_at(tokens, index) == "number":
        return (int(text), index + 1) if text.isdigit() and len(text) == 4 and text[:2] in ("19", "20", "21") else None
    century = match_small(tokens, index)
    if century is None:
        return None
    if century[0] in (19, 20, 21):
        zero = word_at(tokens, century[1]) in ("oh", "o")
        rest = match_small(tokens, century[1] + zero)
        if rest is not None and (rest[0] < 10 if zero else rest[0] >= 10):
            return century[0] * 100 + rest[0], rest[1]
        return (century[0] * 100, century[1] + 1) if word_at(tokens, century[1]) == "hundred" else None
    if century[0] == 2 and word_at(tokens, century[1]) == "thousand":
        number = match_number(tokens, index)
        return (number[0], number[1]) if number and isinstance(number[0], int) and 2000 <= number[0] < 2100 else None
    return None


def say_date(day: date, today: date) -> str:
    """As said on `today`: "tomorrow", "Saturday", "Monday the thirtieth of November", with a year if need be."""
    ahead = (day - today).days
    if -1 <= ahead <= 1:
        return ("yesterday", "today", "tomorrow")[ahead + 1]
    weekday = WEEKDAYS[day.weekday()]
    if 2 <= ahead <= 6:
        return weekday
    words = f"{weekday} the {say_ordinal(day.day)} of {MONTHS[day.month - 1]}"
    return words if day == _next_date(today, day.month, day.day) else f"{words} {say_year(day.year)}"


def say_year(year: int) -> str:
    """ "twenty twenty six", "two thousand and five"; years far away as digits."""
    if not 1900 <= year < 2200:
        return f"{year:04d}"
    if 2000 <= year < 2010:
        return say_number(year)
    century, rest = divmod(year, 100)
    if not rest:
        return f"{say_number(century)} hundred"
    return f"{say_number(century)} {'oh ' if rest < 10 else ''}{say_number(rest)}"
