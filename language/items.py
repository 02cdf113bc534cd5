"""Things on a list: what a sentence names, how many of each, and which of them are the same."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from language.amounts import match_quantity
from language.numbers import say_number
from language.tokens import Token, Tokens, tokenize, word_at

MOST_THINGS = 40
MOST_LETTERS = 200

# What has an "and" of its own.
_PAIRS = frozenset(
    (
        *("salt and pepper", "salt and vinegar", "fish and chips", "mac and cheese", "macaroni and cheese"),
        *("half and half", "gin and tonic", "rum and coke", "peanut butter and jelly", "cookies and cream"),
        *("bits and pieces", "bits and bobs", "lemon and ginger", "sour cream and onion", "cheese and onion"),
        *("head and shoulders", "arm and hammer", "ben and jerry's", "m and m's", "strawberries and cream"),
    )
)
_LEADING = frozenset(("a", "an", "the", "some", "my", "our", "also", "and", "then", "more", "another", "any"))
_JOINING = frozenset(("also", "and", "then"))
_SPELLED = {"liter": "litre", "milliliter": "millilitre"}


class Item(Struct, frozen=True):
    """A thing, perhaps with how much of it. `unit` is one of a few measures, as in `language.amounts`, or ""."""

    thing: str
    amount: Fraction | None = None
    unit: str = ""

    @property
    def key(self) -> str:
        """Equal for the same thing, in the singular or the plural, whatever the amount."""
        return key_of(self.thing)


def items_in(text: str, *, whole: bool = False) -> tuple[Item, ...]:
    """The things that a sentence names ("milk, a dozen eggs and two litres of juice").

    `whole`: they are things to do, kept as they were said; "and" parts only what has two words on either side.
    """
    parts = [_bare(part, whole=whole) for part in _parts(text[: MOST_LETTERS * MOST_THINGS], whole=whole)]
    found = [Item(part[:MOST_LETTERS]) if whole else item_of(part[:MOST_LETTERS]) for part in parts if part]
    return tuple(found[:MOST_THINGS])


def item_of(text: str) -> Item:
    """One thing with its amount ("two litres of juice")."""
    tokens = tokenize(text)
    quantity = None if text.lower().strip() in _PAIRS else match_quantity(tokens, 0)
    if quantity is None or quantity[1] == len(tokens) or not tokens[quantity[1]].text[:1].isalpha():
        return Item(text.strip())
    thing, (number, unit) = text[tokens[quantity[1]].start :].strip(), (quantity[0].number, quantity[0].unit)
    if number == 1 and not unit and word_at(tokens, 0) in ("a", "an", "another"):
        return Item(thing)
    return Item(thing, Fraction(str(number)), _SPELLED.get(unit, unit))


def merged(old: Item, new: Item) -> Item | None:
    """Two of the same thing as one; None when they are measured in other units, and stay two."""
    if new.amount is None:
        return old
    if old.amount is None:
        return new
    return Item(old.thing, old.amount + new.amount, old.unit) if old.unit == new.unit else None


def amount_words(item: Item) -> str:
    """ "2 litres", "12", "" for the eye."""
    if item.amount is None:
        return ""
    whole, part = divmod(item.amount, 1)
    number = f"{whole} {part}" if whole and part else f"{part or whole}"
    return f"{number} {_unit(item)}".strip()


def item_words(item: Item) -> str:
    """ "2 litres of juice", "12 eggs", "milk": for the eye."""
    amount = amount_words(item)
    return f"{amount} of {item.thing}" if item.unit else f"{amount} {item.thing}".strip()


def say_item(item: Item) -> str:
    """The same for the ear: "two litres of juice"."""
    if item.amount is None:
        return item.thing
    whole, part = divmod(item.amount, 1)
    number = say_number(int(whole)) if not part else say_number(float(item.amount))
    if part == Fraction(1, 2):
        number = f"{say_number(int(whole))} and a half" if whole else "half a"
    return f"{number} {_unit(item)} of {item.thing}" if item.unit else f"{number} {item.thing}"


@lru_cache(maxsize=2048)
def key_of(thing: str) -> str:
    """What a thing is found by: lower case, no articles, the last word in the singular."""
    words = [token.text for token in tokenize(thing) if token.text not in _LEADING and token.kind != "mark"]
    return " ".join((*words[:-1], _singular(words[-1]))) if words else thing.strip().lower()


def named(things: tuple[Item, ...], wanted: str) -> tuple[int, ...]:
    """Which of the things the words mean, by their places: the very thing, else all that have every word of it."""
    key = key_of(item_of(wanted).thing)
    same = tuple(place for place, item in enumerate(things) if key in (item.key, key_of(item_words(item))))
    if same or not key:
        return same
    words = set(key.split())
    return tuple(place for place, item in enumerate(things) if words <= {_singular(word) for word in _words(item)})


def _words(item: Item) -> list[str]:
    return [token.text for token in tokenize(item.thing)]


def _unit(item: Item) -> str:
    if not item.unit:
        return ""
    plural = item.unit + ("es" if item.unit == "box" else "s")
    return item.unit if item.amount is not None and item.amount <= 1 else plural


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("oes", "ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _parts(text: str, *, whole: bool) -> list[str]:
    """The text parted at commas and at "and", but not inside an amount or a pair that goes together."""
    tokens = tokenize(text)
    parts: list[str] = []
    start = index = 0
    while index < len(tokens):
        if not whole and index == start:
            quantity = match_quantity(tokens, index)
            if quantity is not None and quantity[1] < len(tokens):
                index = max(index, quantity[1] - 1)
        if _parts_at(tokens, start, index, whole=whole):
            parts.append(_between(text, tokens, start, index))
            start = index + 1
        index += 1
    parts.append(_between(text, tokens, start, len(tokens)))
    return parts


def _parts_at(tokens: Tokens, start: int, index: int, *, whole: bool) -> bool:
    token = tokens[index]
    if token.text in (",", ";") or (token.text == "." and not whole):
        return True
    if token.text not in ("and", "&", "plus") or index == start:
        return False
    if whole:
        after = _until_separator(tokens, index + 1)
        return index - start >= 2 and after - index - 1 >= 2
    return _pair_around(tokens, index) not in _PAIRS


def _pair_around(tokens: Tokens, index: int) -> str:
    """The pair that has its "and" at the index, if any begins or ends there."""
    for before in (1, 2):
        for after in (1, 2):
            words = " ".join(token.text for token in tokens[max(0, index - before) : index + after + 1])
            if words.replace("&", "and") in _PAIRS:
                return words.replace("&", "and")
    return ""


def _until_separator(tokens: Tokens, index: int) -> int:
    while index < len(tokens) and tokens[index].text not in (",", ";", "and", "&"):
        index += 1
    return index


def _between(text: str, tokens: Tokens, start: int, end: int) -> str:
    if start >= end:
        return ""
    return text[tokens[start].start : tokens[end - 1].end].strip(" .,;!?")


def _bare(part: str, *, whole: bool) -> str:
    """Without small words in front, and without a please behind."""
    tokens = list(tokenize(part))
    leading = _JOINING if whole else _LEADING
    while len(tokens) > 1 and tokens[0].text in leading and not _counts(tokens):
        tokens.pop(0)
    text = part[tokens[0].start :] if tokens and tokens[0].text not in _JOINING else ""
    return re.sub(r"[\s,]+(?:please|too|as well)$", "", text, flags=re.IGNORECASE).strip()


def _counts(tokens: list[Token]) -> bool:
    """Whether "a" begins an amount ("a dozen eggs", "a bottle of milk")."""
    quantity = match_quantity(tokens, 0)
    return quantity is not None and quantity[1] < len(tokens) and (bool(quantity[0].unit) or quantity[0].number != 1)
