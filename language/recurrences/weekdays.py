"""Days of the week as a recurrence names them: "weekday", "Monday and Thursday", "Monday to Friday"."""

from __future__ import annotations

from typing import Any, Final

from language.days import MONTHS, WEEKDAYS
from language.tokens import Match, Tokens, word_at

Parts = dict[str, Any]
"""What a clause says of a recurrence, by name."""

_WEEKDAYS: Final = {name.lower(): number for number, name in enumerate(WEEKDAYS)}
MONTH_NUMBERS: Final = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}
_WORKING: Final = (0, 1, 2, 3, 4)
_WEEKEND: Final = (5, 6)
NAMED_DAYS: Final = {
    **dict.fromkeys(("weekday", "workday"), _WORKING),
    "weekend": _WEEKEND,
}


def named_days(tokens: Tokens, index: int) -> Match[tuple[int, ...]] | None:
    """ "weekday", "working days", "weekends"."""
    word = word_at(tokens, index).removesuffix("s")
    if word in ("working", "work", "business", "week") and word_at(tokens, index + 1) in ("day", "days"):
        return _WORKING, index + 2
    return (NAMED_DAYS[word], index + 1) if word in NAMED_DAYS else None


def weekdays_at(tokens: Tokens, index: int) -> Match[tuple[int, ...]] | None:
    """ "Monday and Thursday", "Monday, Wednesday and Friday", "Monday to Friday", in the singular or the plural."""
    first = weekday_at(tokens, index)
    if first is None:
        return None
    if word_at(tokens, index + 1) in ("to", "through"):
        last = weekday_at(tokens, index + 2)
        if last is not None:
            span = range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1))
            return tuple(sorted(span)), index + 3
    found, after = {first}, index + 1
    while True:
        start = after
        while word_at(tokens, start) in (",", "and", "or"):
            start += 1
        start += start > after and word_at(tokens, start) in ("on", "every")
        more = weekday_at(tokens, start) if start > after else None
        if more is None:
            return tuple(sorted(found)), after
        found.add(more)
        after = start + 1


def weekday_at(tokens: Tokens, index: int) -> int | None:
    word = word_at(tokens, index)
    return _WEEKDAYS.get(word, _WEEKDAYS.get(word.removesuffix("s").removesuffix("'")))
