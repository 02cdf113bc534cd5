"""Days gone by as they are said: "yesterday", "last Tuesday", "three days ago", "last week", "in March"."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from msgspec import Struct

from language.days import MONTHS, WEEKDAYS, match_day, shifted
from language.numbers import match_number
from language.tokens import Match, Tokens, tokenize, trimmed, word_at, words_at

_LEADING = frozenset(("on", "of", "from", "for", "about", "at"))
_WEEKDAYS = {name.lower(): number for number, name in enumerate(WEEKDAYS)}
_DATED = frozenset(
    (*(name.lower() for name in MONTHS), *(name[:3].lower() for name in MONTHS))
    + ("sept", "christmas", "halloween", "valentine's", "boxing", "eve")
)
_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}


class Span(Struct, frozen=True):
    """The days from the first to the last, both of them."""

    first: date
    last: date

    @property
    def iso(self) -> str:
        """ "2026-11-16/2026-11-22"."""
        return f"{self.first}/{self.last}"


def parse_span(iso: str) -> Span:
    """The span of its ISO form. Raises ValueError."""
    first, _, last = iso.partition("/")
    return Span(date.fromisoformat(first), date.fromisoformat(last or first))


def parse_past(text: str, today: date) -> Span | None:
    """The day or days gone by that the whole text names, seen from `today`; today counts. None when it names none."""
    tokens = trimmed(tokenize(text))
    start = 0
    while start < len(tokens) and tokens[start].text in _LEADING:
        start += 1
    found = _match(tokens, start, today)
    return found[0] if found is not None and found[1] == len(tokens) else None


def _match(tokens: Tokens, index: int, today: date) -> Match[Span] | None:
    return _ago(tokens, index, today) or _period(tokens, index, today) or _day(tokens, index, today)


def _ago(tokens: Tokens, index: int, today: date) -> Match[Span] | None:
    """ "three days ago", "a week ago", "the day before yesterday"."""
    start = index + (word_at(tokens, index) == "the")
    if words_at(tokens, start, "day before yesterday"):
        return _one(shifted(today, -2), start + 3)
    a = word_at(tokens, index) in ("a", "one")
    count = (1, index + 1) if a else match_number(tokens, index)
    if count is None or not isinstance(count[0], int) or not 0 < count[0] <= 4000:
        return None
    days = {"day": 1, "days": 1, "week": 7, "weeks": 7}.get(word_at(tokens, count[1]), 0)
    if days == 0 or word_at(tokens, count[1] + 1) != "ago":
        return None
    return _one(shifted(today, -days * count[0]), count[1] + 2)


def _period(tokens: Tokens, index: int, today: date) -> Match[Span] | None:
    """ "last week", "this month", "in March"."""
    which = word_at(tokens, index)
    unit = word_at(tokens, index + 1)
    if which in ("this", "last") and unit in ("week", "month", "year"):
        return _bounded(*_unit(unit, today, back=which == "last"), today, index + 2)
    if which in ("the", "in", "last"):
        month = _MONTHS.get(word_at(tokens, index + 1)) if which != "the" else None
        if month is not None and index + 2 == len(tokens):
            year = today.year if month <= today.month and which == "in" else today.year - (month >= today.month)
            return _bounded(date(year, month, 1), _month_end(date(year, month, 1)), today, index + 2)
    return None


def _unit(unit: str, today: date, *, back: bool) -> tuple[date, date]:
    if unit == "week":
        monday = date.fromordinal(today.toordinal() - today.weekday() - 7 * back)
        return monday, date.fromordinal(monday.toordinal() + 6)
    if unit == "month":
        last = date.fromordinal(today.replace(day=1).toordinal() - 1) if back else today
        return last.replace(day=1), _month_end(last)
    year = today.year - back
    return date(year, 1, 1), date(year, 12, 31)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _bounded(first: date, last: date, today: date, after: int) -> Match[Span]:
    return Span(first, min(last, max(today, first))), after


def _day(tokens: Tokens, index: int, today: date) -> Match[Span] | None:
    """A weekday is the one gone by, never today; "last" changes nothing. A date is the last one that was."""
    start = index + (word_at(tokens, index) in ("last", "this", "past"))
    weekday = _WEEKDAYS.get(word_at(tokens, start))
    if weekday is not None:
        back = (today.weekday() - weekday) % 7 or 7
        return _one(shifted(today, -back), start + 1)
    found = match_day(tokens, index, today)
    if found is None:
        return None
    day = found[0].date
    named = _DATED & {token.text for token in tokens[index : found[1]]} or tokens[index].kind == "slash"
    if day > today and named:
        day = _year_before(day)
    return _one(day if day <= today else None, found[1])


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


def _one(day: date | None, after: int) -> Match[Span] | None:
    return None if day is None else (Span(day, day), after)
