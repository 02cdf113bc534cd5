"""Dates and times together: "seven tonight", "eight on Friday evening", "in twenty minutes".

How a time that leaves something open is understood, `now` being given:
- With no day and no half of the day, it is the next one while people are up (06:00 to 23:59): "at eight" is 20:00 said
  at three in the afternoon, and tomorrow's 08:00 said at nine in the evening.
- On a day other than today, one to eight are in the afternoon or evening, nine to eleven in the morning, twelve noon.
- Hours that the asker allows (`hours`, such as 18 to 21 for a bistro) decide before either rule.
- A day that was said is never changed: "seven tonight" at eight is today's 19:00 with `passed`, to be asked about.
- "midnight", and twelve to three "tonight" or "at night", belong to the night that begins on the day named.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from language.clock import Clock, DayPart, match_clock, say_clock, say_time
from language.days import Day, match_day, match_part, say_date, shifted
from language.durations import match_duration
from language.instants import later
from language.tokens import Found, Match, Tokens, find_all, kind_at, read_whole, word_at, words_at

__all__ = [
    "DayPart",
    "Hours",
    "When",
    "find_dates",
    "find_times",
    "find_whens",
    "match_when",
    "parse_date",
    "parse_time",
    "parse_when",
    "say_date",
    "say_time",
    "say_when",
    "within_hours",
]

T = TypeVar("T")
Hours = tuple[float, float]
"""The first and the last hour that are possible, 18.5 being half past six."""

_AT = ("at", "by", "around", "about", "before", "after", "until", "till", "from")
_LINKS = (*_AT, "on", ",")
_WAKING = time(6)


class When(Struct, frozen=True, kw_only=True):
    """A moment as it was said, filled in as far as it can be.

    `day_given` and `half_given` tell what was said and what was guessed; `passed` that the moment lies behind `now`.
    Only a `part` and no `time` ("tomorrow evening") is vague."""

    date: date | None = None
    time: time | None = None
    part: DayPart | None = None
    day_given: bool = False
    half_given: bool = False
    passed: bool = False

    @property
    def moment(self) -> datetime | None:
        """Date and time together, when both are known."""
        return None if self.date is None or self.time is None else datetime.combine(self.date, self.time)


class _Said(Struct, frozen=True):
    """What was said, before it is understood."""

    clock: Clock | None = None
    day: Day | None = None
    part: DayPart | None = None
    at: bool = False


def match_when(tokens: Tokens, index: int, now: datetime, hours: Hours | None = None) -> Match[When] | None:
    """Day, time and part of day in any order, beginning at the token; any of them may be missing."""
    if shift := _shift(tokens, index):
        moment = _later(now, shift[0])
        return None if moment is None else (_exact(moment, now), shift[1])
    if kind_at(tokens, index) == "iso" and "t" in tokens[index].text:
        stamp = _stamp(tokens[index].text)
        return None if stamp is None else (_exact(stamp, now), index + 1)
    gathered = _gather(tokens, index, now.date())
    if gathered is None:
        return None
    when = _understood(gathered[0], now, hours)
    return None if when is None else (when, gathered[1])


def _shift(tokens: Tokens, index: int) -> Match[int] | None:
    """ "in twenty minutes", "an hour from now": seconds, when not whole days."""
    start = index + (word_at(tokens, index) == "in")
    length = match_duration(tokens, start)
    if length is None:
        return None
    from_now = words_at(tokens, length[1], "from now")
    if start == index and not from_now:
        return None
    whole_days = word_at(tokens, length[1] - 1).startswith(("day", "week", "fortnight"))
    return None if whole_days else (length[0], length[1] + 2 * from_now)


def _later(now: datetime, seconds: int) -> datetime | None:
    return later(now, seconds) if shifted(now.date(), seconds // 86_400 + 1) else None


def _stamp(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _exact(moment: datetime, now: datetime) -> When:
    whole = moment.replace(second=0, microsecond=0, tzinfo=None)
    passed = whole < now.replace(tzinfo=None, second=0, microsecond=0)
    return When(date=whole.date(), time=whole.time(), day_given=True, half_given=True, passed=passed)


def _gather(tokens: Tokens, index: int, today: date) -> Match[_Said] | None:
    said, after = _Said(), index
    while True:
        start, at = after, False
        while after > index and word_at(tokens, start) in _LINKS:
            at = at or word_at(tokens, start) in _AT
            start += 1
        at = at or (start == index and word_at(tokens, index - 1) in _AT)
        step = _next_part(said, tokens, start, today, at=at)
        if step is None:
            break
        said, after = step
    if after == index:
        return None
    loose = said.clock is not None and not said.clock.marked and not said.at
    if loose and word_at(tokens, after) in _AT and match_clock(tokens, after + 1):
        return None  # "two tonight at seven": the two is something else
    return said, after


def _next_part(said: _Said, tokens: Tokens, index: int, today: date, *, at: bool) -> Match[_Said] | None:
    """What was said with one thing more, the longest that can be read."""
    options: list[Match[_Said]] = []
    if said.clock is None and (clock := match_clock(tokens, index)):
        options.append((replace(said, clock=clock[0], at=at), clock[1]))
    if said.day is None and (day := match_day(tokens, index, today)):
        part = said.part or day[0].part
        if not (said.part and day[0].part):
            options.append((replace(said, day=day[0], part=part), day[1]))
    if said.part is None and (found := match_part(tokens, index)):
        options.append((replace(said, part=found[0]), found[1]))
    return max(options, key=lambda option: option[1], default=None)


def _understood(said: _Said, now: datetime, hours: Hours | None) -> When | None:
    now = now.replace(tzinfo=None, second=0, microsecond=0)
    day = None if said.day is None else said.day.date
    if said.clock is None:
        return When(date=day, part=said.part, day_given=day is not None, passed=day is not None and day < now.date())
    if said.clock.hour is None:
        return _upcoming(said.clock.minute, now) if day is None and said.part is None else None
    options = _options(said.clock, said.part)
    half_given = len(options) == 1
    if hours is not None:
        options = [option for option in options if within_hours(option[0], hours)] or options
    if not options:
        return None
    moment = _soonest(options, now) if day is None else _on_day(options, day, now, tonight=said.part == "night")
    if moment is None:
        return None
    return When(
        date=moment.date(),
        time=moment.time(),
        part=said.part,
        day_given=day is not None,
        half_given=half_given,
        passed=moment < now,
    )


def _upcoming(minute: int, now: datetime) -> When | None:
    """The next time at which the minute hand stands there."""
    moment = _later(now.replace(tzinfo=None, second=0, microsecond=0), (minute - now.minute - 1) % 60 * 60 + 60)
    return None if moment is None else When(date=moment.date(), time=moment.time(), half_given=True)


def _options(clock: Clock, part: DayPart | None) -> list[tuple[time, int]]:
    """The times that may be meant, each with 1 when it falls after the midnight of the day named, else 0."""
    hour = clock.hour or 0
    spill = int(hour == 24)
    hours = [hour % 24] if clock.sure else [hour % 12, hour % 12 + 12]
    options = [(time(each, clock.minute), spill) for each in hours]
    match part:
        case "morning":
            return [option for option in options if option[0].hour < 12]
        case "afternoon":
            return [option for option in options if option[0].hour >= 12]
        case "evening":
            late = [(moment, int(not moment.hour)) for moment, _ in options if moment.hour > 12 or not moment.hour]
            return late or [option for option in options if option[0].hour == 12 and clock.sure]
        case "night":
            return [(moment, int(moment.hour < 4)) for moment, _ in options if moment.hour < 4 or moment.hour >= 16]
        case _:
            return options


def within_hours(moment: time, hours: Hours) -> bool:
    """True inside the hours, which may run past midnight (18 to 26)."""
    hour = moment.hour + moment.minute / 60
    return any(hours[0] <= each <= hours[1] for each in (hour, hour + 24))


def _soonest(options: list[tuple[time, int]], now: datetime) -> datetime | None:
    """The next of them after now; where the half of the day is open, one while people are up."""
    awake = [moment for moment, _ in options if len(options) == 1 or moment >= _WAKING]
    tomorrow = shifted(now.date(), 1)
    days = [now.date()] if tomorrow is None else [now.date(), tomorrow]
    moments = (datetime.combine(day, moment) for day in days for moment in awake)
    return min((moment for moment in moments if moment > now), default=None)


def _on_day(options: list[tuple[time, int]], day: date, now: datetime, *, tonight: bool) -> datetime | None:
    if len(options) > 1:
        early, late = sorted(option[0] for option in options)
        if day == now.date():
            chosen = early if early >= _WAKING and datetime.combine(day, early) > now else late
        else:
            chosen = early if early.hour >= 9 else late
        return datetime.combine(day, chosen)
    moment, spill = options[0]
    still_night = tonight and day == now.date() and now.hour < 4 and moment > now.time()
    target = shifted(day, 0 if still_night else spill)
    return None if target is None else datetime.combine(target, moment)


def parse_when(text: str, now: datetime, hours: Hours | None = None) -> When | None:
    """The moment that is the whole text ("at seven tonight"), or None."""
    return read_whole(text, _leading(lambda tokens, index: match_when(tokens, index, now, hours)))


def parse_time(text: str, now: datetime, hours: Hours | None = None) -> time | None:
    """The time of day that is the whole text ("half past six", "seven in the evening"), or None; it names no day."""
    when = parse_when(text, now, hours)
    return None if when is None or (when.day_given and not _is_shift(text)) else when.time


def _is_shift(text: str) -> bool:
    return read_whole(text, _shift) is not None


def parse_date(text: str, now: datetime) -> date | None:
    """The day that is the whole text ("on Saturday", "the twenty third of November"), or None."""
    when = parse_when(text, now)
    return None if when is None or not when.day_given or when.time is not None else when.date


def _leading(match: Callable[[Tokens, int], Match[T] | None]) -> Callable[[Tokens, int], Match[T] | None]:
    """Allow "at", "on", "around" in front."""

    def matcher(tokens: Tokens, index: int) -> Match[T] | None:
        while word_at(tokens, index) in _LINKS:
            index += 1
        return match(tokens, index)

    return matcher


def find_whens(text: str, now: datetime, hours: Hours | None = None) -> tuple[Found[When], ...]:
    """Days and times in a sentence, those that belong together in one. A bare "two" needs "at" or a day."""

    def match(tokens: Tokens, index: int) -> Match[When] | None:
        gathered = _gather(tokens, index, now.date())
        if gathered is not None and not _surely_when(gathered[0], tokens, index):
            return None if _shift(tokens, index) is None else match_when(tokens, index, now, hours)
        return match_when(tokens, index, now, hours)

    return find_all(text, match)


def _surely_when(said: _Said, tokens: Tokens, index: int) -> bool:
    clock, day = said.clock, said.day
    if clock is None:
        return day is not None and day.marked
    if clock.marked or said.at:
        return True
    if word_at(tokens, index - 1) == "for" and kind_at(tokens, index) in ("word", "number"):
        return said.part is not None and day is None  # "for two on Saturday" is as well a table for two
    return said.part is not None or (day is not None and day.marked)


def find_dates(text: str, now: datetime) -> tuple[Found[date], ...]:
    """Days in a sentence."""

    def match(tokens: Tokens, index: int) -> Match[date] | None:
        found = match_day(tokens, index, now.date())
        return (found[0].date, found[1]) if found is not None and found[0].marked else None

    return find_all(text, match)


def find_times(text: str, now: datetime, hours: Hours | None = None) -> tuple[Found[time], ...]:
    """Times of day in a sentence; the span holds the day, too, when it stands beside."""
    found = find_whens(text, now, hours)
    return tuple(Found(each.value.time, each.start, each.end) for each in found if each.value.time is not None)


def say_when(when: When, now: datetime) -> str:
    """As said at `now`: "seven tonight", "tomorrow at six thirty p m", "Saturday", "tomorrow evening"."""
    today = now.date()
    if when.time is None:
        return _say_vague(when, today)
    if when.date is None or (not when.day_given and when.moment == _next_at(when.time, now)):
        return say_time(when.time)
    if when.date == today and when.time.hour >= 18:
        return f"{say_clock(when.time)} tonight"
    clock = say_time(when.time) if when.time != time(0) else "twelve a m"
    return f"{say_date(when.date, today)} at {clock}"


def _say_vague(when: When, today: date) -> str:
    part = "at night" if when.part == "night" else f"in the {when.part}"
    if when.date is None:
        return part if when.part else "some time"
    if when.part is None:
        return say_date(when.date, today)
    if when.date == today:
        return "tonight" if when.part == "night" else f"this {when.part}"
    return f"{say_date(when.date, today)} {part}"


def _next_at(moment: time, now: datetime) -> datetime | None:
    return _soonest([(moment, 0)], now.replace(tzinfo=None, second=0, microsecond=0))
