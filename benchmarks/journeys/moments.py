"""Days of the next weeks, as people say them, and as a ledger writes them."""

from __future__ import annotations

from datetime import date, timedelta


def in_days(days: int) -> date:
    """The day after so many days."""
    return date.today() + timedelta(days=days)


def days_to(day: int) -> int:
    """How many days it is to that day of the next month, or to the next one that is no Sunday."""
    today = date.today()
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    wanted = first + timedelta(days=day - 1)
    return (wanted + timedelta(days=wanted.weekday() == 6) - today).days


def spoken(days: int) -> str:
    """The day after so many days, as it is said: its weekday within the next week, else day and month."""
    day = in_days(days)
    return f"{day:%A}" if days < 7 else f"{day:%B} {_ordinal(day.day)}"


def _ordinal(number: int) -> str:
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
