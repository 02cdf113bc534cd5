"""Times of day as they are said: "seven", "half past six", "six thirty p m", "19:00"."""

from __future__ import annotations

from datetime import time
from typing import Literal

from msgspec import Struct

from language.numbers import match_small, say_number
from language.tokens import Match, Tokens, kind_at, word_at, words_at

DayPart = Literal["morning", "afternoon", "evening", "night"]

_NAMED = {"noon": 12, "midday": 12, "midnight": 24}
_ROUND = (5, 10, 15, 20, 25)
_PAST, _TO = ("past", "after"), ("to", "till", "before", "of")


class Clock(Struct, frozen=True):
    """A time as it was said.

    `hour` is 0 to 23, 24 at the end of a day ("midnight"), or None for whichever comes next ("at a quarter past").
    `sure`: the half of the day need not be guessed.
    `marked`: it is a time wherever it stands ("half past six", "7:30"), while "seven" may be anything."""

    hour: int | None
    minute: int = 0
    sure: bool = False
    marked: bool = True


def match_clock(tokens: Tokens, index: int) -> Match[Clock] | None:
    """The time of day at the token."""
    return _named(tokens, index) or _relative(tokens, index) or _hours(tokens, index)


def _named(tokens: Tokens, index: int) -> Match[Clock] | None:
    start = index + (word_at(tokens, index) in ("twelve", "12"))
    hour = _NAMED.get(word_at(tokens, start))
    return None if hour is None else (Clock(hour, sure=True), start + 1)


def _minutes(tokens: Tokens, index: int) -> Match[int] | None:
    """What stands before "past" and "to"."""
    start = index + (word_at(tokens, index) in ("a", "just"))
    if word_at(tokens, start) == "quarter":
        return 15, start + 1
    if word_at(tokens, index) == "half":
        return 30, index + 1
    found = match_small(tokens, index)
    if found is None or not 0 < found[0] < 60:
        return None
    named = word_at(tokens, found[1]) in ("minutes", "minute", "mins")
    range_opens = word_at(tokens, index - 1) in ("from", "between")  # "from six to seven"
    return None if not named and (range_opens or found[0] not in _ROUND) else (found[0], found[1] + named)


def _relative(tokens: Tokens, index: int) -> Match[Clock] | None:
    """ "quarter past seven", "ten to eight", "half six" (British: half past), "a quarter past"."""
    minutes = _minutes(tokens, index)
    if minutes is None:
        return None
    word, after = word_at(tokens, minutes[1]), minutes[1] + 1
    if word in _PAST:
        minute, shift = minutes[0], 0
    elif word in _TO and minutes[0] != 30:
        minute, shift = 60 - minutes[0], -1
    elif minutes == (30, index + 1) and word_at(tokens, index) == "half":
        hour = _hour_only(tokens, index + 1)
        return (Clock(hour[0].hour, 30), hour[1]) if hour is not None and hour[0].sure is False else None
    else:
        return None
    hour = _named(tokens, after) or _hour_only(tokens, after)
    if hour is None:
        loose = word in _TO or (kind_at(tokens, minutes[1] - 1) == "number")
        return None if loose else (Clock(None, minute), after)
    whole = hour[0].hour or 0
    if hour[0].sure:
        return Clock(whole + shift if whole + shift >= 0 else 23, minute, sure=True), hour[1]
    return _with_half((whole + shift) % 24 if whole + shift > 0 else 12, minute, tokens, hour[1], marked=True)


def _hour_only(tokens: Tokens, index: int) -> Match[Clock] | None:
    found = match_small(tokens, index)
    if found is None or found[0] > 24:
        return None
    return Clock(found[0] % 24, sure=found[0] == 0 or found[0] > 12, marked=False), _after_oclock(tokens, found[1])


def _after_oclock(tokens: Tokens, index: int) -> int:
    if word_at(tokens, index) in ("o'clock", "oclock"):
        return index + 1
    return index + 2 if words_at(tokens, index, "o clock") else index


def _hours(tokens: Tokens, index: int) -> Match[Clock] | None:
    """An hour with or without minutes, in words or digits."""
    if found := _written(tokens, index):
        return found
    hour = match_small(tokens, index)
    if hour is None or hour[0] > 24:
        return None
    value, after = hour
    if word_at(tokens, after) == "hundred":
        if not (13 <= value <= 24 or word_at(tokens, after + 1) == "hours"):
            return None
        spoken_hours = word_at(tokens, after + 1) == "hours"
        return Clock(value % 24, sure=True, marked=spoken_hours), after + 1 + spoken_hours
    oclock = _after_oclock(tokens, after)
    if oclock > after:
        return _with_half(value % 24, 0, tokens, oclock, marked=True)
    minute = _spoken_minute(tokens, after)
    if minute is not None:
        return _with_half(value % 24, minute[0], tokens, minute[1], marked=False)
    return _with_half(value % 24, 0, tokens, after, marked=False)


def _spoken_minute(tokens: Tokens, index: int) -> Match[int] | None:
    """ "thirty", "oh five": the minutes after an hour."""
    if word_at(tokens, index) in ("oh", "o", "zero"):
        unit = match_small(tokens, index + 1)
        return unit if unit is not None and 0 < unit[0] < 10 else None
    found = match_small(tokens, index)
    return found if found is not None and 10 <= found[0] < 60 else None


def _written(tokens: Tokens, index: int) -> Match[Clock] | None:
    """ "6:30", "6.30", "19:00", "1930"."""
    text, kind = word_at(tokens, index), kind_at(tokens, index)
    if kind == "clock" or (kind == "number" and len(text) in (4, 5) and text[-3] == "."):
        hour, minute = text[:-3], text[-2:]
    elif kind == "number" and text.isdigit() and len(text) in (3, 4):
        hour, minute = text[:-2], text[-2:]
    else:
        return None
    if not hour.isdigit() or int(hour) > 23 or int(minute) > 59:
        return None
    sure = int(hour) > 12 or (kind == "clock" and hour[0] == "0")
    found = _with_half(int(hour), int(minute), tokens, _after_oclock(tokens, index + 1), marked=kind == "clock")
    return (Clock(int(hour), int(minute), sure=True, marked=kind == "clock"), found[1]) if sure else found


def _with_half(hour: int, minute: int, tokens: Tokens, index: int, *, marked: bool) -> Match[Clock]:
    """Take "a m" or "p m", when it follows and agrees."""
    half = word_at(tokens, index) if kind_at(tokens, index) == "half" else ""
    sure = hour == 0 or hour > 12
    if half == "am" and hour <= 12:
        return Clock(hour % 12, minute, sure=True), index + 1
    if half == "pm" and hour > 0:
        return Clock(hour % 12 + 12, minute, sure=True), index + 1
    return Clock(hour, minute, sure=sure, marked=marked), index


def say_time(moment: time) -> str:
    """To the minute: "noon", "midnight", "seven p m", "six thirty p m", "seven oh five a m"."""
    if moment.minute == 0 and moment.hour in (0, 12):
        return "noon" if moment.hour else "midnight"
    return f"{say_clock(moment)} {'a m' if moment.hour < 12 else 'p m'}"


def say_clock(moment: time) -> str:
    """On a dial of twelve hours: "seven", "six thirty", "seven oh five"."""
    hour = say_number((moment.hour - 1) % 12 + 1)
    if not moment.minute:
        return hour
    return f"{hour} {'oh ' if moment.minute < 10 else ''}{say_number(moment.minute)}"
