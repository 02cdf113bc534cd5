"""How pages write days and times, and which of them a text is. Pure; English, as the rest of `language`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import product

from language.entities import Value
from teach_mode.generalizing.weaving import Piece

_DAYS = ("%-d", "%d")
_MONTHS = ("%B", "%b")
DATES = (
    *(f"%A{comma} {day} {month} %Y" for comma, day, month in product(("", ","), _DAYS, _MONTHS)),
    *(f"%A{comma} {month} {day}, %Y" for comma, day, month in product(("", ","), _DAYS, _MONTHS)),
    *(f"%a{comma} {day} {month} %Y" for comma, day, month in product(("", ","), _DAYS, _MONTHS)),
    *(
        f"%a{comma} {month} {day}{after} %Y"
        for comma, day, month, after in product(("", ","), _DAYS, _MONTHS, ("", ","))
    ),
    *(f"{day} {month} %Y" for day, month in product(_DAYS, _MONTHS)),
    *(f"{month} {day}{after} %Y" for day, month, after in product(_DAYS, _MONTHS, (",", ""))),
    *("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%-m/%-d/%Y", "%-d/%-m/%Y", "%d.%m.%Y", "%-d.%-m.%Y", "%Y%m%d"),
    *(f"%A{comma} {day} {month}" for comma, day, month in product(("", ","), _DAYS, _MONTHS)),
    *(f"%A{comma} {month} {day}" for comma, day, month in product(("", ","), _DAYS, _MONTHS)),
    *(f"%a{comma} {day} {month}" for comma, day, month in product(("", ","), _DAYS, _MONTHS)),
    *(f"%a{comma} {month} {day}" for comma, day, month in product(("", ","), _DAYS, _MONTHS)),
    *(f"{day} {month}" for day, month in product(_DAYS, _MONTHS)),
    *(f"{month} {day}" for day, month in product(_DAYS, _MONTHS)),
)
MONTHS = ("%B %Y", "%b %Y", "%Y %B", "%B, %Y")
TIMES = ("%H:%M", "%-H:%M", "%I:%M %p", "%-I:%M %p", "%-I:%M%p", "%H.%M", "%-I %p", "%-I%p", "%Hh%M")
_LEAST_DAYS = 5
_MONTH_CHARS = 16


def written_day(day: date, name: str) -> Iterator[Piece]:
    """A day in every way in which pages write one, its month too."""
    for form in (*DATES, *MONTHS):
        yield Piece(day.strftime(form), _place(name, "date", form))


def written_time(moment: time, name: str) -> Iterator[Piece]:
    """A time of day in every way in which pages write one."""
    for form in TIMES:
        text, place = moment.strftime(form), _place(name, "time", form)
        yield Piece(text, place)
        if "%p" in form:
            yield Piece(text.lower(), place[:-1] + "|lower}")


def bare_day(day: date, name: str) -> tuple[Piece, ...]:
    """A day as the cell of a calendar writes it: its number alone."""
    return tuple(Piece(day.strftime(form), f"{{{name}|date:{form}}}", whole=True) for form in _DAYS)


def written_month(day: date, name: str, texts: tuple[str, ...]) -> Piece | None:
    """How the texts write the month of a day, or that of another day: what stands above a calendar."""
    plain = [text.replace("\xa0", " ") for text in texts]
    for form in MONTHS:
        written = day.strftime(form)
        if any(re.search(_month_pattern(form), text) for text in plain):
            return Piece(written, _place(name, "date", form))
    return None


def _month_pattern(form: str) -> str:
    parts = {}
    for code in ("%B", "%b"):
        parts[code] = f"(?:{'|'.join(date(2000, month, 1).strftime(code) for month in range(1, 13))})"
    pattern = re.escape(form).replace("%Y", r"\d{4}")
    return r"(?<!\w)" + pattern.replace("%B", parts["%B"]).replace("%b", parts["%b"]) + r"(?!\w)"


def day_in(text: str) -> date | None:
    """The day that a whole text writes with its year; None when it is none or could be two."""
    found = {day for form in DATES if "%Y" in form and form != "%Y%m%d" if (day := _parsed(text, form)) is not None}
    return found.pop().date() if len(found) == 1 else None


def time_in(text: str) -> time | None:
    """The time of day that a whole text writes."""
    found = (_parsed(text, form) for form in TIMES if form != "%H.%M")
    return next((moment.time() for moment in found if moment is not None), None)


def day_of(value: Value) -> date:
    """The day of a date or a moment."""
    return datetime.fromisoformat(str(value)).date()


def time_of(value: Value) -> time:
    """The time of a time of day or a moment."""
    text = str(value)
    return datetime.fromisoformat(text).time() if "T" in text else time.fromisoformat(text)


def is_calendar(options: tuple[str, ...], neighbours: tuple[str, ...]) -> bool:
    """Whether numbers stand around as in a calendar: so a bare number is a day."""
    numbers = {word for text in (*options, *neighbours) for word in re.findall(r"(?<!\w)\d{1,2}(?!\w)", text)}
    return sum(1 <= int(number) <= 31 for number in numbers) >= _LEAST_DAYS


def month_heading(abbreviated: bool) -> str:
    """An XPath to short texts that begin with the name of a month: what stands above a calendar, whatever month."""
    form = "%b" if abbreviated else "%B"
    names = "|".join(date(2000, month, 1).strftime(form) for month in range(1, 13))
    text = "normalize-space(translate(., '\xa0,', '  '))"
    first = f"substring-before({text}, ' ')"
    begins = f"{first} != '' and contains('|{names}|', concat('|', {first}, '|'))"
    return f"//*[string-length({text}) < {_MONTH_CHARS} and {begins} and not(ancestor-or-self::select)]"


def _place(name: str, kind: str, form: str) -> str:
    usual = {"date": "%-d %B %Y", "time": "%H:%M"}[kind]
    return f"{{{name}|{kind}}}" if form == usual else f"{{{name}|{kind}:{form}}}"


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), form.replace("%-", "%"))
    except ValueError:
        return None
