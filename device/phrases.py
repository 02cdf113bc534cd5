"""Values inside the device's sentences: read as English says them, said as another language does. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final, Protocol

from language.dates import parse_time, parse_when
from language.days import WEEKDAYS
from language.durations import DAY, HOUR, MINUTE, WEEK, parse_duration

_UNITS: Final = (("week", WEEK), ("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", 1))
_MOMENT: Final = re.compile(r"(?P<time>noon|midnight|.+ [ap] m)(?: (?:on )?(?P<day>.+))?")
_NOW: Final = re.compile(r"(?P<time>noon|midnight|.+ [ap] m), (?P<day>.+)")
# Only days are read by it that do not hang on the day they are said.
_SOME_DAY: Final = datetime(2024, 1, 1)
_PARTS: Final = {"light": "lights"}


class Words(Protocol):
    """What a language gives: its words, its forms for what is counted, its days."""

    def __call__(self, key: str, **values: object) -> str: ...

    def counted(self, unit: str, count: int) -> str: ...

    def date(self, weekday: int, day: int, month: int) -> str: ...

    def weekday(self, number: int) -> str: ...

    def of_or(self, section: str, name: str, other: str) -> str: ...


def say_duration(words: Words, seconds: int) -> str:
    """ "1 Stunde und 30 Minuten"."""
    said: list[str] = []
    for unit, length in _UNITS:
        count, seconds = divmod(seconds, length)
        if count or (length == 1 and not said):
            said.append(words.counted(unit, count))
    return _joined(words, said)


def value_in(words: Words, name: str, value: str) -> str:
    """The value of a sentence's place `name`; one that cannot be read stays as it is."""
    read = READ.get(name)
    return (read(words, value) if read else None) or value


def _duration(words: Words, value: str) -> str | None:
    seconds = parse_duration(value)
    return None if seconds is None else say_duration(words, seconds)


def _moment(words: Words, value: str) -> str | None:
    found = _MOMENT.fullmatch(value)
    return None if found is None else _time_and_day(words, found)


def _now(words: Words, value: str) -> str | None:
    found = _NOW.fullmatch(value)
    return None if found is None else _time_and_day(words, found)


def _time_and_day(words: Words, found: re.Match[str]) -> str | None:
    moment = _clock(found["time"])
    if moment is None:
        return None
    clock = f"{moment:%H:%M}"
    if not found["day"]:
        return clock
    day = _day(words, found["day"])
    return None if day is None else words("moment.on", time=clock, day=day)


def _clock(value: str) -> time | None:
    if value in ("noon", "midnight"):
        return time(12 if value == "noon" else 0)
    return parse_time(value, _SOME_DAY)


def _day(words: Words, value: str) -> str | None:
    if value in ("tomorrow", "yesterday"):
        return words(f"moment.{value}")
    if value in WEEKDAYS:
        return words.weekday(WEEKDAYS.index(value))
    weekday, _, rest = value.replace(",", "").partition(" the ")
    when = parse_when(f"the {rest}", _SOME_DAY)
    if weekday not in WEEKDAYS or when is None or when.date is None:
        return None
    day: date = when.date
    return words.date(WEEKDAYS.index(weekday), day.day, day.month)


def _named(words: Words, value: str) -> str | None:
    label, _, kind = value.rpartition(" ")
    if kind not in ("timer", "alarm"):
        return None
    said = words(f"bell.{kind}")
    return words("bell.named", label=label, kind=said) if label else said


def _parts(words: Words, value: str) -> str | None:
    return ", ".join(words.of_or("part", _PARTS.get(one, one), one) for one in value.split(", "))


def _joined(words: Words, said: list[str]) -> str:
    *first, last = said
    return words("duration.and", first=", ".join(first), last=last) if first else last


# The places that are read, by name.
READ: Final[Mapping[str, Callable[[Words, str], str | None]]] = {
    "duration": _duration,
    "moment": _moment,
    "time": _now,
    "clock": _named,
    "part": _parts,
    "parts": _parts,
}
