"""The clauses that bound a recurrence: from when, until when, and which days are left out."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from language.days import match_day, shifted
from language.durations import DAY, match_duration
from language.numbers import match_small
from language.recurrences.weekdays import MONTH_NUMBERS, Parts, named_days, weekday_at
from language.tokens import Match, Tokens, word_at, words_at

_SINCE: Final = ("from", "starting", "beginning", "begin", "start")
UNTIL: Final = ("until", "till", "til", "through")


def since(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "from Monday [on]", "starting tomorrow", "beginning on the first of May"."""
    if word_at(tokens, index) not in _SINCE:
        return None
    start = index + 1
    start += word_at(tokens, start) in ("on", "from", "with")
    found = match_day(tokens, start, today)
    if found is None:
        return None
    on = word_at(tokens, found[1]) in ("on", "onwards", "onward")
    return {"first": found[0].date}, found[1] + on


def upto(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "until Christmas", "till the end of the month", "for two weeks", "five times"."""
    if word_at(tokens, index) == "for":
        return _lasting(tokens, index + 1, today)
    if word_at(tokens, index) in UNTIL:
        if end := _end_of(tokens, index + 1, today):
            return end
        start = index + 1 + (word_at(tokens, index + 1) == "on")
        found = match_day(tokens, start, today)
        return None if found is None else ({"last": found[0].date}, found[1])
    count = match_small(tokens, index)
    if count is not None and count[0] > 1 and word_at(tokens, count[1]) == "times":
        daily = word_at(tokens, count[1] + 1) in ("a", "per", "each", "every")
        return None if daily else ({"count": count[0]}, count[1] + 1)
    return None


def _lasting(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    start = index + (word_at(tokens, index) == "the")
    start += word_at(tokens, start) == "next"
    word = word_at(tokens, start)
    single = {"day": 1, "week": 7, "month": 30, "year": 365}.get(word, 0) if start > index else 0
    if single:
        return {"lasting": single}, start + 1
    length = match_duration(tokens, start)
    if length is not None and length[0] and length[0] % DAY == 0:
        return {"lasting": length[0] // DAY}, length[1]
    count = match_small(tokens, start) or ((1, start + 1) if word in ("a", "one") else None)
    unit = word_at(tokens, count[1]).removesuffix("s") if count is not None else ""
    if count is None or unit not in ("month", "year"):
        return None
    day = _months_on(today, count[0] * (12 if unit == "year" else 1))
    return ({"lasting": (day - today).days}, count[1] + 1) if day is not None else None


def _months_on(day: date, months: int) -> date | None:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_of(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "the end of the month", "the end of December"."""
    if not words_at(tokens, index, "the end of"):
        return None
    start = index + 3
    start += word_at(tokens, start) in ("the", "this")
    word = word_at(tokens, start)
    if word == "week":
        return {"last": shifted(today, 6 - today.weekday())}, start + 1
    if word == "year":
        return {"last": date(today.year, 12, 31)}, start + 1
    month = today.month if word == "month" else MONTH_NUMBERS.get(word)
    if month is None:
        return None
    year = today.year + (month < today.month)
    return {"last": date(year, month, monthrange(year, month)[1])}, start + 1


def but_not(tokens: Tokens, index: int, today: date) -> Match[Parts] | None:
    """ "except on Fridays", "but not on Christmas", "excluding the first of May and Sundays"."""
    start = next(
        (
            index + len(words.split())
            for words in ("except for", "except", "but not", "excluding", "apart from", "other than")
            if words_at(tokens, index, words)
        ),
        index,
    )
    if start == index:
        return None
    off: list[int] = []
    without: list[date] = []
    after = start
    while True:
        begin = after
        while word_at(tokens, begin) in ("and", ",", "on", "or") and begin < after + 3:
            begin += 1
        number = weekday_at(tokens, begin)
        days = named_days(tokens, begin) or (((number,), begin + 1) if number is not None else None)
        day = match_day(tokens, begin, today) if begin < len(tokens) else None
        if day is not None and (days is None or day[1] > days[1]):
            without.append(day[0].date)
            after = day[1]
        elif days is not None:
            off += days[0]
            after = days[1]
        else:
            break
    return ({"off": tuple(off), "without": tuple(without)}, after) if after > start else None


def day_after(day: date, days: int) -> date:
    """So many days later, at most the last day of the calendar."""
    return day + timedelta(days=min(days, (date.max - day).days))
