"""The value of a slot in words."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from language.amounts import Money, say_money
from language.choices import name_of
from language.dates import When, say_date, say_time, say_when
from language.durations import say_duration
from language.errors import UnsayableValue
from language.numbers import say_number, say_ordinal
from language.reading import read
from language.slots import Slot, Value

NONE = "none"


def say(slot: Slot, value: Value, now: datetime) -> str:
    """As a person would say it; `read` gives the value back. Raises UnsayableValue for a value of another kind."""
    if isinstance(value, tuple):
        if not slot.many:
            raise UnsayableValue(f"slot {slot.name!r} takes one value, not {value!r}.")
        return _say_many(slot, value, now)
    return _say_one(slot, value, now)


def _say_many(slot: Slot, value: tuple[str, ...], now: datetime) -> str:
    items = [_say_item(slot, each, now) for each in value]
    words = joined(items)
    # Beside "ham" and "cheese" there may be "ham and cheese": then only a comma keeps two things apart.
    return (words if read(slot, words, now) == value else ", ".join(items)) or NONE


def joined(words: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _say_item(slot: Slot, value: str, now: datetime) -> str:
    """One of many, which are kept as strings whatever their kind."""
    try:
        match slot.kind:
            case "integer" | "ordinal" | "duration":
                return _say_one(slot, int(value), now)
            case "number":
                return _say_one(slot, float(value), now)
            case _:
                return _say_one(slot, value, now)
    except ValueError as error:
        raise _unsayable(slot, value) from error


def _say_one(slot: Slot, value: str | int | float, now: datetime) -> str:
    if isinstance(value, str):
        return _say_text(slot, value, now)
    if isinstance(value, bool):
        raise _unsayable(slot, value)
    match slot.kind:
        case "number":
            return say_number(value)
        case "integer" if value == int(value):
            return say_number(int(value))
        case "ordinal" if value == int(value):
            return say_ordinal(int(value))
        case "duration":
            return say_duration(int(value))
        case _:
            raise _unsayable(slot, value)


def _say_text(slot: Slot, value: str, now: datetime) -> str:
    try:
        match slot.kind:
            case "choice":
                if not any(choice.value == value for choice in slot.choices):
                    raise _unsayable(slot, value)
                return name_of(slot.choices, value)
            case "name" | "text":
                return name_of(slot.choices, value)
            case "date":
                return say_date(date.fromisoformat(value), now.date())
            case "time":
                return say_time(time.fromisoformat(value))
            case "when":
                moment = datetime.fromisoformat(value)
                return say_when(When(date=moment.date(), time=moment.time(), day_given=True), now)
            case "amount":
                return say_money(Money(Decimal(value)))
            case _:
                raise _unsayable(slot, value)
    except (ValueError, InvalidOperation) as error:
        raise _unsayable(slot, value) from error


def _unsayable(slot: Slot, value: Value) -> UnsayableValue:
    return UnsayableValue(f"{value!r} is no value of slot {slot.name!r}: give a {slot.kind}.")
