"""Lengths of time in words, to seconds and back."""

from __future__ import annotations

from decimal import Decimal

from language.errors import UnsayableValue
from language.numbers import MOST, match_decimal, match_small, say_number
from language.tokens import Found, Match, Tokens, find_all, kind_at, read_whole, word_at, words_at

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800

_UNITS = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), 1),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), MINUTE),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), HOUR),
    **dict.fromkeys(("day", "days"), DAY),
    **dict.fromkeys(("week", "weeks"), WEEK),
    "fortnight": 2 * WEEK,
}
_NAMES = ((WEEK, "week"), (DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second"))


def _unit(tokens: Tokens, index: int) -> int | None:
    """Seconds in the unit at the token; bare letters count only after digits ("90 s", "2h")."""
    word = word_at(tokens, index)
    if word == "m" and kind_at(tokens, index - 1) == "number":
        return MINUTE
    if word in ("s", "h") and kind_at(tokens, index - 1) != "number":
        return None
    return _UNITS.get(word)


def _term(tokens: Tokens, index: int) -> tuple[Decimal, int, int] | None:
    """One count with its unit: seconds, the unit, and the index after it."""
    word = word_at(tokens, index)
    if word == "half" and word_at(tokens, index + 1) in ("a", "an"):
        unit = _unit(tokens, index + 2)
        return (Decimal(unit) / 2, unit, index + 3) if unit else None
    counted = match_decimal(tokens, index)
    if counted is not None and (words_at(tokens, counted[1], "of an") or words_at(tokens, counted[1], "of a")):
        counted = (counted[0], counted[1] + 2)
    if counted is None and word in ("a", "an", "another"):
        counted = (Decimal(1), index + 1)
    unit = _unit(tokens, counted[1]) if counted is not None else None
    if counted is None or unit is None or counted[0] < 0 or counted[0] * unit > MOST:
        return None
    after = counted[1] + 1
    if words_at(tokens, after, "and a half"):
        return (counted[0] + Decimal("0.5")) * unit, unit, after + 3
    if words_at(tokens, after, "and a quarter"):
        return (counted[0] + Decimal("0.25")) * unit, unit, after + 3
    return counted[0] * unit, unit, after


def match_duration(tokens: Tokens, index: int) -> Match[int] | None:
    """Seconds at the token; counts of falling units are added ("1 hour 30 minutes", "1h30", "an hour and ten")."""
    total, after, last = Decimal(0), index, 2 * WEEK + 1
    while True:
        start = after
        while after > index and word_at(tokens, start) in ("and", ","):
            start += 1
        term = _term(tokens, start)
        if term is None or term[1] >= last:
            break
        total, last, after = total + term[0], term[1], term[2]
    if after == index or total > MOST:
        return None
    if last == HOUR:
        minutes = match_small(tokens, after + (word_at(tokens, after) == "and"))
        if minutes is not None and minutes[1] == len(tokens) and 1 < minutes[0] < 60 and total % HOUR == 0:
            total, after = total + minutes[0] * MINUTE, minutes[1]
    return int(total.to_integral_value()), after


def parse_duration(text: str) -> int | None:
    """The seconds that the whole text means, or None."""
    return read_whole(text, match_duration)


def find_durations(text: str) -> tuple[Found[int], ...]:
    """Durations in a sentence, in seconds."""
    return find_all(text, match_duration)


def say_duration(seconds: int) -> str:
    """In words: 5400 is "an hour and a half", 65 "one minute and five seconds". Raises UnsayableValue below 0."""
    if not 0 <= seconds <= MOST:
        raise UnsayableValue(f"{seconds} seconds have no words: give 0 to {MOST}.")
    if seconds == HOUR // 2:
        return "half an hour"
    if seconds == HOUR + HOUR // 2:
        return "an hour and a half"
    if seconds % HOUR == HOUR // 2 and seconds < 12 * HOUR:
        return f"{say_number(seconds // HOUR)} and a half hours"
    parts: list[str] = []
    rest = seconds
    for unit, name in _NAMES:
        count, rest = divmod(rest, unit)
        if count or (unit == 1 and not parts):
            parts.append(f"{say_number(count)} {name}{'' if count == 1 else 's'}")
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
