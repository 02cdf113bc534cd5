"""A recurrence: the days on which something happens, and the times of those days by the clock on the wall."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from msgspec import Struct

Unit = Literal["once", "day", "week", "month", "year"]
LAST: Final = -1
LEAST_STEP_MIN: Final = 5
MOST_EVERY: Final = 60
_END_OF_DAY: Final = time(23, 59)


class Recurrence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Days and times. Dates are ISO ("2026-11-27"), times "08:00", both local to whatever zone it is held against.

    `start` is its first day, from which `every` counts. Without `times` it is not complete yet.
    A day that a month does not have is that month's last one.
    """

    unit: Unit
    start: str
    every: int = 1
    weekdays: tuple[int, ...] = ()  # of weeks, Monday is 0; of months together with `nth`
    days: tuple[int, ...] = ()  # of months and years: 1 to 31, LAST
    nth: tuple[int, ...] = ()  # of months: which of those weekdays, 1 to 4, LAST
    month: int = 0  # of years
    times: tuple[str, ...] = ()  # ascending; with `step` the first one and a bound for the last
    step: int = 0  # minutes from one time to the next; 0: `times` are all
    until: str = ""  # the last moment that counts, "2026-12-25T23:59"; "": without end
    without: tuple[str, ...] = ()  # days that are left out
    off: tuple[int, ...] = ()  # weekdays that are left out

    @property
    def is_complete(self) -> bool:
        """Whether it says at what time."""
        return bool(self.times)

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.start)

    def falls_on(self, day: date) -> bool:
        """Whether it happens on that day."""
        first = self.first_day
        if day < first or (self.until and day > datetime.fromisoformat(self.until).date()):
            return False
        if day.weekday() in self.off or day.isoformat() in self.without:
            return False
        return self._in_pattern(day, first)

    def _in_pattern(self, day: date, first: date) -> bool:
        match self.unit:
            case "once":
                return day == first
            case "day":
                return (day - first).days % self.every == 0
            case "week":
                weeks = (_monday(day) - _monday(first)).days // 7
                return day.weekday() in self.weekdays and weeks % self.every == 0
            case "month":
                months = (day.year - first.year) * 12 + day.month - first.month
                return months % self.every == 0 and self._in_month(day)
            case "year":
                return day.month == self.month and (day.year - first.year) % self.every == 0 and self._in_month(day)

    def _in_month(self, day: date) -> bool:
        length = monthrange(day.year, day.month)[1]
        if self.nth:
            which = {(day.day - 1) // 7 + 1} | ({LAST} if day.day + 7 > length else set())
            return day.weekday() in self.weekdays and bool(which & set(self.nth))
        return day.day in {length if number == LAST else min(number, length) for number in self.days}

    def moments_of(self, day: date) -> Iterator[datetime]:
        """The moments of a day on which it falls, naive and ascending."""
        times = [time.fromisoformat(each) for each in self.times]
        last = datetime.fromisoformat(self.until) if self.until else datetime.max
        moments = [datetime.combine(day, each) for each in times]
        if self.step and moments:
            upto = datetime.combine(day, times[-1] if len(times) > 1 else _END_OF_DAY)
            count = max(int((upto - moments[0]).total_seconds()) // (60 * self.step), 0)
            moments = [moments[0] + timedelta(minutes=self.step * number) for number in range(count + 1)]
        return (moment for moment in moments if moment <= last)

    @property
    def longest_pause_days(self) -> int:
        """No two of its days lie farther apart than this, but for those that are left out."""
        unit = {"once": 1, "day": 1, "week": 7, "month": 31, "year": 366}[self.unit]
        return unit * (self.every + 1)


def _monday(day: date) -> date:
    return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
