"""The instants of a recurrence in a zone, in UTC seconds.

A moment of the wall clock is the first instant at which the clock shows it or later. So what the clock leaves out in
spring happens at the change, what it shows twice in autumn happens the first time, and the order is always kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Final

from language.days import shifted
from language.recurrences.rule import Recurrence

# So many days in a row may be left out of a recurrence before it counts as over.
_LEFT_OUT_DAYS: Final = 400


def instant_at(moment: datetime, zone: tzinfo) -> float:
    """The first instant at which the clock in `zone` shows `moment` (naive) or later."""
    first, second = (moment.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1))
    if first <= second:
        return first
    # Left out: seen from before the change it lies after it (`first`), from after the change before it.
    before, after = int(second), int(first)
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) >= moment:
            after = middle
        else:
            before = middle
    return float(after)


def occurrences(rule: Recurrence, zone: tzinfo, after_s: float) -> Iterator[float]:
    """Its instants later than `after_s`, each once, in order, without end if it has none."""
    here = datetime.fromtimestamp(after_s, zone).date()
    # The day before may come twice where the clock is put back at midnight.
    day = max(rule.first_day, shifted(here, -1) or here)
    last = after_s
    for moment in _moments(rule, day):
        instant = instant_at(moment, zone)
        if instant > last:
            yield instant
            last = instant


def next_after(rule: Recurrence, zone: tzinfo, after_s: float) -> float | None:
    """The first instant later than `after_s`; None when it is over."""
    return next(occurrences(rule, zone, after_s), None)


def upcoming(rule: Recurrence, zone: tzinfo, after_s: float, count: int) -> list[float]:
    """The next instants, at most so many."""
    return list(islice(occurrences(rule, zone, after_s), count))


def within(rule: Recurrence, zone: tzinfo, after_s: float, upto_s: float, most: int) -> list[float]:
    """The instants later than `after_s` and not later than `upto_s`; no more than the first `most`."""
    found: list[float] = []
    for instant in occurrences(rule, zone, after_s):
        if instant > upto_s or len(found) == most:
            break
        found.append(instant)
    return found


def _moments(rule: Recurrence, day: date) -> Iterator[datetime]:
    """The moments on the wall from a day on."""
    last = datetime.fromisoformat(rule.until).date() if rule.until else date.max
    idle, most = 0, rule.longest_pause_days + _LEFT_OUT_DAYS
    while day <= last and idle <= most:
        idle += 1
        if rule.falls_on(day):
            for moment in rule.moments_of(day):
                idle = 0
                yield moment
        if rule.unit == "once" or day == date.max:
            return
        day += timedelta(days=1)
