"""The value of a slot from words: from all of a text, or from somewhere inside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from language.amounts import find_money, parse_money
from language.choices import choice_named, choices_in
from language.dates import (
    Hours,
    When,
    find_dates,
    find_times,
    find_whens,
    parse_date,
    parse_time,
    parse_when,
    within_hours,
)
from language.durations import find_durations, parse_duration
from language.numbers import find_numbers, find_ordinals, match_number, parse_number, parse_ordinal
from language.past import parse_past
from language.quotes import unquoted
from language.slots import Entity, PastSlot, Slot, SumSlot, Value
from language.sums import read_figure, read_sum
from language.tokens import Match, Tokens, read_whole, tokenize, trimmed, word_at

Scalar = str | int | float

_LEADING = frozenset(
    ("a", "about", "actually", "an", "and", "around", "at", "by", "er", "for", "from", "in", "it's", "just", "like")
    + ("make", "maybe", "of", "oh", "ok", "okay", "on", "please", "some", "the", "then", "to", "uh", "um", "well")
    + ("with", "yes")
)
_TRAILING = frozenset(("please", "then", "thanks", "thank", "you", "one", "sharp", "exactly"))
_SEPARATORS = frozenset(("and", ",", "&", "+", "plus", "with", "also"))
_COUNTED = ("people", "persons", "person", "guests", "guest", "times", "of us", "of them", "of those")
_NONE = frozenset(("none", "no", "nothing", "none of them", "nothing else"))
_MOST_WORDS = 60
_MOST_FILLERS = 6
_LONGEST_ITEM = 16
_FIRST_HOUR = 4  # of a morning: "wake me at two" is the afternoon


def read(slot: Slot, text: str, now: datetime) -> Value | None:
    """The value that the whole text means for the slot, or None.

    Small words before and after ("for", "um", "please") do not matter; bounds and choices do. Open words in quotes are
    meant to the letter. A slot of many gives a tuple of strings. A moment of which only the day or the part of day was
    said is None: it is not one value yet."""
    if slot.many:
        return _read_many(slot, text, now)
    if isinstance(slot, SumSlot):
        found = read_figure(text) if slot.figures else read_sum(text)
        return None if found is None else text.strip()
    if isinstance(slot, PastSlot):
        span = parse_past(text, now.date())
        return None if span is None else span.iso
    if slot.is_open:
        words = unquoted(text)
        words = text.strip().rstrip(".,;").strip() if words is None else words
        known = choice_named(slot.choices, words)
        return known if known is not None else words or None
    return _read_one(slot, text, now)


def _read_one(slot: Slot, text: str, now: datetime) -> Scalar | None:
    for words in _without_fillers(text):
        value = _value(slot, words, now)
        if value is not None:
            return value
    return None


def _without_fillers(text: str) -> Iterator[str]:
    """The text itself, then with ever more of its small words taken away from either end."""
    tokens = trimmed(tokenize(text))
    if not tokens or len(tokens) > _MOST_WORDS:
        return
    end = len(tokens)
    while True:
        start = 0
        while True:
            yield text[tokens[start].start : tokens[end - 1].end]
            if start + 1 >= end or start == _MOST_FILLERS or tokens[start].text not in _LEADING:
                break
            start += 1
        if end <= 1 or len(tokens) - end == _MOST_FILLERS or tokens[end - 1].text not in _TRAILING:
            return
        end -= 1


def _value(slot: Slot, text: str, now: datetime) -> Scalar | None:
    match slot.kind:
        case "choice":
            return choice_named(slot.choices, text)
        case "integer":
            return _bounded(slot, read_whole(text, _count))
        case "ordinal":
            ordinal = parse_ordinal(text)
            return _bounded(slot, ordinal if ordinal is not None else read_whole(text, _count))
        case "number":
            number = parse_number(text)
            return _bounded(slot, None if number is None else float(number))
        case "duration":
            return _bounded(slot, parse_duration(text))
        case "amount":
            money = parse_money(text)
            return None if money is None else _amount(slot, money.amount)
        case "date":
            day = parse_date(text, now)
            return None if day is None else day.isoformat()
        case "time":
            return _clock(slot, parse_time(text, now, hours_of(slot)))
        case "when":
            when = parse_when(text, now, hours_of(slot))
            return None if when is None else _when(slot, when, now)
        case _:
            return choice_named(slot.choices, text) or text


def _count(tokens: Tokens, index: int) -> Match[int] | None:
    """A whole number, "four people" too."""
    start = index + (word_at(tokens, index) == "number")
    found = match_number(tokens, start)
    if found is None or not isinstance(found[0], int):
        return None
    for counted in _COUNTED:
        words = counted.split()
        if [token.text for token in tokens[found[1] : found[1] + len(words)]] == words:
            return found[0], found[1] + len(words)
    return found[0], found[1]


def hours_of(slot: Slot) -> Hours | None:
    """The hours that a slot of times allows, or None for all of them."""
    if slot.kind not in ("time", "when") or slot.many or (slot.least is None and slot.most is None):
        return None
    return (0.0 if slot.least is None else slot.least, 24.0 if slot.most is None else slot.most)


def _bounded(slot: Slot, value: int | float | None) -> int | float | None:
    return value if value is not None and _in_bounds(slot, value) else None


def _in_bounds(slot: Slot, value: float | Decimal) -> bool:
    if slot.many:
        return True
    return (slot.least is None or value >= slot.least) and (slot.most is None or value <= slot.most)


def _amount(slot: Slot, amount: Decimal) -> str | None:
    return f"{amount:.2f}" if _in_bounds(slot, amount) else None


def _clock(slot: Slot, moment: time | None) -> str | None:
    hours = hours_of(slot)
    if moment is None or (hours is not None and not within_hours(moment, hours)):
        return None
    return f"{moment:%H:%M}"


def _when(slot: Slot, when: When, now: datetime) -> str | None:
    moment = _early(when, now) if slot.early else when.moment
    if moment is None or _clock(slot, moment.time()) is None:
        return None
    return moment.isoformat(timespec="minutes")


def _early(when: When, now: datetime) -> datetime | None:
    """The moment with a bare hour before noon: "wake me at seven" is no evening."""
    moment = when.moment
    if moment is None or when.half_given or moment.hour < 12 + _FIRST_HOUR:
        return moment
    morning = moment - timedelta(hours=12)
    if morning > now.replace(tzinfo=None):
        return morning
    return moment if when.day_given else morning + timedelta(days=1)


def _read_many(slot: Slot, text: str, now: datetime) -> tuple[str, ...] | None:
    """All values in a row; of several ways to part the words the one with the longest first parts that fits."""
    tokens = trimmed(tokenize(text))
    if not tokens or len(tokens) > _MOST_WORDS:
        return None
    least = 0 if slot.least is None else slot.least
    if least <= 0 and " ".join(token.text for token in tokens) in _NONE:
        return ()
    most = slot.most if slot.most is not None else float(len(tokens))
    dead: set[tuple[int, int]] = set()

    def cover(start: int, count: int) -> tuple[str, ...] | None:
        while start < len(tokens) and (count or tokens[start].text == ",") and tokens[start].text in _SEPARATORS:
            start += 1
        if start == len(tokens):
            return () if max(least, 1) <= count else None
        if count >= most or (start, count) in dead:
            return None
        for end in range(min(len(tokens), start + _LONGEST_ITEM), start, -1):
            value = _item(slot, text[tokens[start].start : tokens[end - 1].end], now)
            rest = cover(end, count + 1) if value is not None else None
            if value is not None and rest is not None:
                return (str(value), *rest)
        dead.add((start, count))
        return None

    return cover(0, 0)


def _item(slot: Slot, text: str, now: datetime) -> Scalar | None:
    if slot.kind != "name":
        return None if slot.kind == "text" and _has_separator(text) else _read_one(slot, text, now)
    known = choice_named(slot.choices, text)
    return known if known is not None or _has_separator(text) else text


def _has_separator(text: str) -> bool:
    return any(token.text in _SEPARATORS for token in tokenize(text))


def recognise(slot: Slot, text: str, now: datetime) -> list[Entity]:
    """Values of the slot inside a sentence, from left to right. Open words cannot be found, only known names.

    A number that is part of a time, a duration or a price is not found as a number."""
    found = [Entity(value, start, end, text[start:end]) for value, start, end in _found(slot, text, now)]
    return _grouped(slot, text, found) if slot.many else found


def _found(slot: Slot, text: str, now: datetime) -> Iterable[tuple[Scalar, int, int]]:
    match slot.kind:
        case "choice" | "name":
            return choices_in(slot.choices, text)
        case "integer" | "number":
            wanted = int if slot.kind == "integer" else float
            taken = _measured(text, now)
            numbers = [each for each in find_numbers(text) if not _overlaps(each.start, each.end, taken)]
            whole = [each for each in numbers if wanted is float or isinstance(each.value, int)]
            return [(wanted(each.value), each.start, each.end) for each in whole if _in_bounds(slot, each.value)]
        case "ordinal":
            ordinals = find_ordinals(text)
            return [(each.value, each.start, each.end) for each in ordinals if _in_bounds(slot, each.value)]
        case "duration":
            durations = find_durations(text)
            return [(each.value, each.start, each.end) for each in durations if _in_bounds(slot, each.value)]
        case "amount":
            return _kept((_amount(slot, each.value.amount), each.start, each.end) for each in find_money(text))
        case "date":
            return [(each.value.isoformat(), each.start, each.end) for each in find_dates(text, now)]
        case "time":
            times = find_times(text, now, hours_of(slot))
            return _kept((_clock(slot, each.value), each.start, each.end) for each in times)
        case "when":
            whens = find_whens(text, now, hours_of(slot))
            return _kept((_when(slot, each.value, now), each.start, each.end) for each in whens)
        case _:
            return ()


def _kept(found: Iterable[tuple[str | None, int, int]]) -> list[tuple[Scalar, int, int]]:
    return [(value, start, end) for value, start, end in found if value is not None]


def _measured(text: str, now: datetime) -> list[tuple[int, int]]:
    """Where times, durations and prices stand."""
    spans = [(each.start, each.end) for each in find_whens(text, now)]
    spans += [(each.start, each.end) for each in find_durations(text)]
    return spans + [(each.start, each.end) for each in find_money(text)]


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)


def _grouped(slot: Slot, text: str, found: list[Entity]) -> list[Entity]:
    """Neighbours with nothing but "and" between them are one value."""
    groups: list[list[Entity]] = []
    for each in found:
        joined = groups and all(token.text in _SEPARATORS for token in tokenize(text[groups[-1][-1].end : each.start]))
        if joined:
            groups[-1].append(each)
        else:
            groups.append([each])
    entities = [
        Entity(
            tuple(str(each.value) for each in group),
            group[0].start,
            group[-1].end,
            text[group[0].start : group[-1].end],
        )
        for group in groups
    ]
    return [each for each in entities if _in_length(slot, each.value)]


def _in_length(slot: Slot, value: Value) -> bool:
    count = len(value) if isinstance(value, tuple) else 1
    return (slot.least is None or count >= slot.least) and (slot.most is None or count <= slot.most)
