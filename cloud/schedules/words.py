"""What people hear of schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from language.clock import say_time
from language.days import say_date
from language.numbers import say_number
from language.saying import joined

NAMED = 3  # of what was missed; the rest is counted


def missed_words(missed: Sequence[tuple[str, int]]) -> str:
    """One sentence about all that could not be done in time: names, and how often each."""
    named = [f"“{name}”{_times(count)}" for name, count in missed[:NAMED]]
    rest = len(missed) - NAMED
    more = [f"{say_number(rest)} other schedule{'' if rest == 1 else 's'}"] if rest > 0 else []
    return f"While I was away I missed {joined(named + more)}."


def _times(count: int) -> str:
    if count == 1:
        return ""
    return " twice" if count == 2 else f" {say_number(count)} times"


def say_moment(moment: datetime, now: datetime) -> str:
    """ "today at eight a m", "tomorrow at noon", "on Monday at eight a m"."""
    day = say_date(moment.date(), now.date())
    return f"{'on ' if day[0].isupper() else ''}{day} at {say_time(moment.time())}"
