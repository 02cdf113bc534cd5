"""The usual ways of saying days and times, as alternatives of fragments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time, timedelta
from functools import partial

from msgspec import Struct

from language.clock import DayPart
from language.dates import Hours, within_hours
from language.days import MONTHS, WEEKDAYS
from language.numbers import UNITS, say_number, say_ordinal
from language.slots import Spoken

Fragments = tuple[Spoken, ...]
Paths = tuple[tuple[Fragments, ...], ...]

CALENDAR_DAYS = 60
"""How far ahead days are foreseen by their date."""

_AT, _ON, _IN = (Spoken("at"),), (Spoken("on"),), (Spoken("in"),)
_AM, _PM = (Spoken("a m"),), (Spoken("p m"),)
_NAMES = tuple(name.lower() for name in WEEKDAYS)
_PART_WORDS: dict[DayPart, str] = {
    "morning": "in the morning",
    "afternoon": "in the afternoon",
    "evening": "in the evening",
    "night": "at night",
}
_PART_HOURS: dict[DayPart, range] = {
    "morning": range(1, 12),
    "afternoon": range(12, 19),
    "evening": range(16, 24),
    "night": range(18, 24),
}


class _Dial(Struct, frozen=True):
    """Fragments for the times on a dial of twelve hours, by what may be said beside them."""

    bare: Fragments
    am: Fragments
    pm: Fragments
    parts: dict[DayPart, Fragments]
    named: Fragments


def _clock_words(hour: int, minute: int) -> Iterable[str]:
    """The ways of saying a time on the dial; hour 1 to 12."""
    this, following = UNITS[hour], UNITS[hour % 12 + 1]
    if not minute:
        yield from (this, f"{this} o'clock")
        return
    yield f"{this} {'oh ' if minute < 10 else ''}{say_number(minute)}"
    if minute == 30:
        yield f"half past {this}"
    elif minute in (15, 45):
        words = f"quarter {'past' if minute == 15 else 'to'} {this if minute == 15 else following}"
        yield from (words, f"a {words}")
    elif minute < 30:
        yield f"{say_number(minute)} past {this}"
    else:
        yield f"{say_number(60 - minute)} to {following}"


def _dial(hours: Hours | None, step: int) -> _Dial:
    """The times within the hours on a grid of `step` minutes."""

    def allowed(moment: time) -> bool:
        return hours is None or within_hours(moment, hours)

    def fragments(wanted: Callable[[time], bool]) -> Fragments:
        times = [(hour, minute) for hour in range(24) for minute in range(0, 60, step)]
        chosen = [
            (hour, minute) for hour, minute in times if allowed(time(hour, minute)) and wanted(time(hour, minute))
        ]
        words = (each for hour, minute in chosen for each in _clock_words((hour - 1) % 12 + 1, minute))
        return tuple(Spoken(each) for each in dict.fromkeys(words))

    named = [word for word, hour in (("noon", 12), ("midday", 12), ("midnight", 0)) if allowed(time(hour))]
    return _Dial(
        bare=fragments(lambda moment: True),
        am=fragments(lambda moment: moment.hour < 12),
        pm=fragments(lambda moment: moment.hour >= 12),
        parts={part: fragments(partial(_falls_in, span)) for part, span in _PART_HOURS.items()},
        named=tuple(Spoken(word) for word in named),
    )


def _falls_in(span: range, moment: time) -> bool:
    return moment.hour in span


def _of_part(part: DayPart) -> Fragments:
    return (Spoken(_PART_WORDS[part]),)


def _clocks(dial: _Dial) -> Paths:
    """A time with or without its half of the day."""
    paths = [(dial.bare,), (dial.named,), (dial.am, _AM), (dial.pm, _PM)]
    paths += [(dial.parts[part], _of_part(part)) for part in _PART_WORDS]
    return _filled(paths)


def _filled(paths: Sequence[tuple[Fragments, ...]]) -> Paths:
    return tuple(path for path in paths if all(path))


def time_paths(hours: Hours | None, *, coarse: bool) -> Paths:
    """Times of day within the hours, with and without "at"; `coarse` leaves out "at"."""
    clocks = _clocks(_dial(hours, 5))
    return clocks if coarse else (*clocks, *((_AT, *path) for path in clocks))


def when_paths(today: date, hours: Hours | None, *, coarse: bool) -> Paths:
    """Day and time in either order, and the time alone; `coarse` is this week and half hours only."""
    dial = _dial(hours, 30 if coarse else 5)
    clocks = _clocks(dial)
    near, named = _near_days(coarse=coarse), _weekdays(coarse=coarse)
    days = near + named + (() if coarse else _calendar(today))
    dated = named if coarse else days[len(near) :]
    paths: list[tuple[Fragments, ...]] = [*clocks]
    for clock in clocks if not coarse else clocks[:4]:
        paths += [(days, _AT, *clock), (*clock, near + named), (*clock, _ON, dated)]
        if not coarse:
            paths += [(_AT, *clock), (_ON, dated, _AT, *clock), (_AT, *clock, near + named), (_AT, *clock, _ON, dated)]
    for part, times in dial.parts.items():
        both, weekly = _parts_of_days(part), tuple(Spoken(f"{name} {part}") for name in _NAMES)
        paths += [(both + weekly, _AT, times), (times, both + weekly)]
        if not coarse:
            paths += [(_AT, times, both + weekly), (_ON, weekly, _AT, times), (times, _ON, weekly)]
            paths += [(_AT, times, _ON, weekly)]
    if hours is None and not coarse:
        paths += [(_IN, _delays())]
    return _filled(_shared(paths))


def _shared(paths: list[tuple[Fragments, ...]]) -> list[tuple[Fragments, ...]]:
    """Make equal sets of fragments one object."""
    kept: dict[Fragments, Fragments] = {}
    return [tuple(kept.setdefault(place, place) for place in path) for path in paths]


def _near_days(*, coarse: bool) -> Fragments:
    words = ("today", "tomorrow") if coarse else ("today", "tomorrow", "the day after tomorrow")
    return tuple(Spoken(word) for word in words)


def _weekdays(*, coarse: bool) -> Fragments:
    modes = ("",) if coarse else ("", "this ", "next ")
    return tuple(Spoken(f"{mode}{name}") for mode in modes for name in _NAMES)


def _calendar(today: date) -> Fragments:
    return tuple(Spoken(words) for words in _calendar_words(today))


def _calendar_words(today: date) -> Iterable[str]:
    """Day and month for the coming weeks, three ways each."""
    span = min(CALENDAR_DAYS, (date.max - today).days)
    for ahead in range(span + 1):
        day = today + timedelta(days=ahead)
        month, number = MONTHS[day.month - 1].lower(), say_ordinal(day.day)
        yield from (f"the {number} of {month}", f"{month} the {number}", f"{month} {number}")


def _parts_of_days(part: DayPart) -> Fragments:
    near = {"night": ("tonight", "tomorrow night")}.get(part, (f"this {part}", f"tomorrow {part}"))
    return tuple(Spoken(words) for words in near)


def _delays() -> Fragments:
    minutes = [f"{say_number(count)} minutes" for count in range(2, 61)]
    hours = [f"{say_number(count)} hours" for count in range(2, 13)]
    return tuple(Spoken(words) for words in (*minutes, *hours, "half an hour", "an hour", "an hour and a half"))


def day_words(today: date) -> tuple[str, ...]:
    """The usual names of days, with and without "on"."""
    near = [each.text for each in _near_days(coarse=False)]
    dated = [each.text for each in _weekdays(coarse=False)] + list(_calendar_words(today))
    ahead = [f"in {say_number(count)} days" for count in range(2, 15)] + ["in a week", "in two weeks"]
    return (*near, *dated, *(f"on {words}" for words in dated), *ahead)
