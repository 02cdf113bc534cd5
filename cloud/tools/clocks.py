"""The time and the date, here and now, and what day another date falls on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cloud.lam.toolbox import Card, Outcome, Run
from cloud.tools.spoken import SpokenTool, text_of
from language.clock import say_time
from language.days import MONTHS, WEEKDAYS, say_year
from language.entities import Slot, Value
from language.numbers import say_number, say_ordinal
from language.saying import joined

_WHICH = Slot(name="date", kind="date", question="Which date?")


async def _tell_time(arguments: Mapping[str, Value], run: Run) -> Outcome:
    now = run.now()
    card = Card(title=now.strftime("%H:%M"), body=_written(now.date()))
    return Outcome(status="done", sentence=f"It is {say_time(now.time())}.", card=card)


async def _tell_date(arguments: Mapping[str, Value], run: Run) -> Outcome:
    today = run.now().date()
    return Outcome(status="done", sentence=f"Today is {_said(today)}.", card=Card(title=_written(today)))


async def _tell_day(arguments: Mapping[str, Value], run: Run) -> Outcome:
    day, today = date.fromisoformat(text_of(arguments, "date")), run.now().date()
    verb = "is" if day >= today else "was"
    year = "" if day.year == today.year else f" {say_year(day.year)}"
    sentence = f"{_month_day(day)}{year} {verb} a {WEEKDAYS[day.weekday()]}."
    return Outcome(status="done", sentence=sentence, card=Card(title=_written(day)))


async def _count_days(arguments: Mapping[str, Value], run: Run) -> Outcome:
    day, today = date.fromisoformat(text_of(arguments, "date")), run.now().date()
    count = (day - today).days
    if count == 0:
        return Outcome(status="done", sentence="That is today.", card=Card(title=_written(day)))
    weeks, rest = divmod(abs(count), 7)
    days = _counted(abs(count), "day")
    length = days if weeks < 2 else f"{days}, or {joined([_counted(weeks, 'week')] + _rest(rest))},"
    sentence = f"It is {length} until {_said(day)}." if count > 0 else f"That was {days} ago."
    card = Card(title=f"{abs(count):,} {'day' if abs(count) == 1 else 'days'}", body=_written(day))
    return Outcome(status="done", sentence=sentence, card=card)


def _rest(days: int) -> list[str]:
    return [_counted(days, "day")] if days else []


def _counted(count: int, unit: str) -> str:
    return f"{say_number(count)} {unit}{'' if count == 1 else 's'}"


def _said(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, the {say_ordinal(day.day)} of {MONTHS[day.month - 1]}"


def _month_day(day: date) -> str:
    return f"The {say_ordinal(day.day)} of {MONTHS[day.month - 1]}"


def _written(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


TIME = SpokenTool(
    name="time",
    description="tell the time",
    utterances=(
        "what time is it [now]",
        "(what's|what is) the time [now]",
        "tell me [what] the time [is]",
        "[do you] know what time it is",
        "[can you] tell me what time it is",
    ),
    work=_tell_time,
)

DATE = SpokenTool(
    name="date",
    description="tell the date",
    utterances=(
        "(what's|what is) the date [today]",
        "(what's|what is) (today's date|today)",
        "what day is it [today]",
        "what day of the week is it",
        "which day is [it] today",
        "tell me (the date|what day it is)",
    ),
    work=_tell_date,
)

DAY_OF = SpokenTool(
    name="day_of",
    description="say what day a date falls on",
    utterances=(
        "what day is it on {date}",
        "what day (is|was) {date}",
        "what day of the week (is|was) {date}",
        "(which|what) day does {date} fall on",
        "(what's|what is) the date [on] {date}",
    ),
    slots=(_WHICH,),
    work=_tell_day,
)

DAYS_UNTIL = SpokenTool(
    name="days_until",
    description="count the days until a date",
    utterances=(
        "how many (days|weeks) [is it|are there|are left|left] (until|till|to|before) {date}",
        "how long [is it] (until|till) {date}",
    ),
    slots=(_WHICH,),
    work=_count_days,
)

CLOCK_TOOLS = (TIME, DATE, DAY_OF, DAYS_UNTIL)
