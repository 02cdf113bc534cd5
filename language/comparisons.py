"""Plain comparisons: "less than twenty euros", held against what is written somewhere ("€ 14,50")."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from language.amounts import find_money, parse_money
from language.figures import figure_of
from language.numbers import parse_number

Relation = Literal["below", "at_most", "above", "at_least", "equal", "says"]

_WAYS: tuple[tuple[Relation, str], ...] = (
    ("at_most", r"no more than|not more than|at (?:the )?most|at maximum|up to|less than or equal to|within"),
    ("at_least", r"no less than|not less than|at (?:the )?least|at minimum|more than or equal to|or more"),
    ("below", r"less than|lower than|fewer than|cheaper than|smaller than|under|below|not over|not above"),
    ("above", r"more than|higher than|greater than|larger than|over|above|not under|not below"),
    ("equal", r"exactly|equal to|just"),
)
_SAID = re.compile("|".join(rf"(?P<{relation}>{words})" for relation, words in _WAYS), re.IGNORECASE)
_WORDS: dict[Relation, str] = {
    "below": "less than",
    "at_most": "at most",
    "above": "more than",
    "at_least": "at least",
    "equal": "exactly",
    "says": "",
}


class Comparison(Struct, frozen=True):
    """How a value must stand to `than`: a number as it is written, or, with `says`, words that must stand in it.

    `currency`: an ISO code when one was said.
    """

    relation: Relation
    than: str
    currency: str = ""


def parse_comparison(text: str) -> Comparison | None:
    """The comparison that is the whole text, or None."""
    words = text.strip().rstrip(".,;").strip()
    found = _SAID.match(words)
    if found is None:
        return None
    relation = next(relation for relation, _ in _WAYS if found[relation])
    rest = words[found.end() :].strip()
    money = parse_money(rest)
    if money is not None:
        return Comparison(relation, f"{money.amount.normalize():f}", money.currency or "")
    number = parse_number(rest)
    return Comparison(relation, f"{Decimal(str(number)):f}") if number is not None else None


def holds(comparison: Comparison, written: str) -> bool | None:
    """Whether what is written stands so; None when it cannot be told: it has not exactly one figure, or is in another
    currency."""
    if comparison.relation == "says":
        return _plain(comparison.than) in _plain(written)
    figure = figure_of(written)
    than = figure_of(comparison.than)
    if figure is None or than is None:
        return None
    money = find_money(written)
    if comparison.currency and money and money[0].value.currency not in (None, comparison.currency):
        return None
    match comparison.relation:
        case "below":
            return figure < than
        case "at_most":
            return figure <= than
        case "above":
            return figure > than
        case "at_least":
            return figure >= than
        case _:
            return figure == than


def say_comparison(comparison: Comparison) -> str:
    """In words: "less than 20"."""
    if comparison.relation == "says":
        return f"“{comparison.than}”"
    return f"{_WORDS[comparison.relation]} {comparison.than}"


def _plain(text: str) -> str:
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return f" {words} "
