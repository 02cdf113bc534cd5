"""Recurrences in words; `reading.parse_recurrence` makes the same one of them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from language.clock import say_time
from language.days import MONTHS, WEEKDAYS, say_date
from language.numbers import say_number, say_ordinal
from language.recurrences.rule import LAST, Recurrence
from language.saying import joined

_WORKING: Final = (0, 1, 2, 3, 4)
_WEEKEND: Final = (5, 6)


def say_recurrence(rule: Recurrence, today: date) -> str:
    """As said on `today`: "every weekday at eight a m", "on the first of every month at noon until Christmas"."""
    parts = [_step(rule), _often(rule, today), _times(rule), _without(rule, today), _until(rule, today)]
    return " ".join(part for part in parts if part)


def _step(rule: Recurrence) -> str:
    if not rule.step:
        return ""
    hours, minutes = divmod(rule.step, 60)
    if minutes:
        every = "every half hour" if rule.step == 30 else f"every {say_number(rule.step)} minutes"
    else:
        every = "every hour" if hours == 1 else f"every {say_number(hours)} hours"
    first, last = (time.fromisoformat(each) for each in rule.times)
    whole = first == time(0) and last >= time(23, 59)
    return every if whole else f"{every} from {say_time(first)} to {say_time(last)}"


def _often(rule: Recurrence, today: date) -> str:
    match rule.unit:
        case "once":
            return f"once on {day}" if (day := say_date(rule.first_day, today))[0].isupper() else f"once {day}"
        case "day":
            return "" if rule.step and rule.every == 1 else _counted(rule.every, "day")
        case "week":
            return _weekly(rule)
        case "month":
            return _monthly(rule)
        case "year":
            (number,) = rule.days
            return f"{_counted(rule.every, 'year')} on the {_nth(number)} of {MONTHS[rule.month - 1]}"


def _weekly(rule: Recurrence) -> str:
    days = rule.weekdays
    named = {_WORKING: "weekday", _WEEKEND: "weekend"}.get(days) or joined([WEEKDAYS[day] for day in days])
    if rule.step:
        plural = f"{named}s" if named in ("weekday", "weekend") else joined([f"{WEEKDAYS[day]}s" for day in days])
        return f"{'' if rule.every == 1 else _counted(rule.every, 'week') + ' '}on {plural}"
    if rule.every == 1:
        return f"every {named}"
    plural = f"{named}s" if named in ("weekday", "weekend") else named
    return f"{_counted(rule.every, 'week')} on {plural}"


def _monthly(rule: Recurrence) -> str:
    if rule.nth:
        (weekday,) = rule.weekdays
        days = f"the {joined([_nth(number) for number in rule.nth])} {WEEKDAYS[weekday]}"
    else:
        days = joined([f"the {_nth(number)}{' day' if number == LAST else ''}" for number in rule.days])
    return f"on {days} of {_counted(rule.every, 'month')}"


def _counted(every: int, unit: str) -> str:
    return f"every {unit}" if every == 1 else f"every {say_number(every)} {unit}s"


def _nth(number: int) -> str:
    return "last" if number == LAST else say_ordinal(number)


def _times(rule: Recurrence) -> str:
    if rule.step or not rule.times:
        return ""
    return f"at {joined([say_time(time.fromisoformat(each)) for each in rule.times])}"


def _without(rule: Recurrence, today: date) -> str:
    left_out = [f"{WEEKDAYS[day]}s" for day in rule.off]
    left_out += [say_date(date.fromisoformat(each), today) for each in rule.without]
    return f"except on {joined(left_out)}" if left_out else ""


def _until(rule: Recurrence, today: date) -> str:
    if not rule.until or rule.unit == "once":
        return ""
    return f"until {say_date(datetime.fromisoformat(rule.until).date(), today)}"
