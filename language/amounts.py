"""Money and quantities in words, and back."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from language.errors import UnsayableValue
from language.numbers import MOST, Number, match_decimal, match_small, plain_number, say_number
from language.tokens import Found, Match, Tokens, find_all, kind_at, read_whole, tokenize, trimmed, word_at

CENT = Decimal("0.01")

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_NAMES = {
    "USD": ("dollar", "dollars", "buck", "bucks", "usd"),
    "EUR": ("euro", "euros", "eur"),
    "GBP": ("pound", "pounds", "quid", "gbp", "sterling"),
    "JPY": ("yen", "jpy"),
    "CHF": ("franc", "francs", "chf"),
}
_CURRENCIES = {word: code for code, words in _NAMES.items() for word in words} | _SIGNS
_SPOKEN = {"USD": ("dollar", "dollars"), "EUR": ("euro", "euros"), "GBP": ("pound", "pounds"), "JPY": ("yen", "yen")}
_SPOKEN["CHF"] = ("franc", "francs")
_CENTS: dict[str, str | None] = {"cent": None, "cents": None, "penny": "GBP", "pence": "GBP", "p": "GBP"}

_UNITS = {
    "kilogram": ("kilo", "kilos", "kilogram", "kilograms", "kg", "kgs"),
    "gram": ("gram", "grams", "g"),
    "pound": ("pound", "pounds", "lb", "lbs"),
    "ounce": ("ounce", "ounces", "oz"),
    "liter": ("liter", "liters", "litre", "litres", "l"),
    "milliliter": ("milliliter", "milliliters", "millilitre", "millilitres", "ml"),
    "cup": ("cup", "cups"),
    "bottle": ("bottle", "bottles"),
    "can": ("can", "cans"),
    "slice": ("slice", "slices"),
    "piece": ("piece", "pieces"),
    "box": ("box", "boxes"),
    "bag": ("bag", "bags"),
    "pack": ("pack", "packs", "packet", "packets"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}


class Money(Struct, frozen=True):
    """An amount to the cent; `currency` is an ISO 4217 code, or None when none was said."""

    amount: Decimal
    currency: str | None = None


class Quantity(Struct, frozen=True):
    """So many of something: `unit` is one of a few known measures, `thing` the words after it, both perhaps empty."""

    number: Number
    unit: str = ""
    thing: str = ""


def match_money(tokens: Tokens, index: int) -> Match[Money] | None:
    """Money at the token, with or without a currency ("fourteen fifty", "$14.50", "fifty cents")."""
    sign = _SIGNS.get(word_at(tokens, index))
    start = index + (sign is not None)
    if sign is None and (cents := _cents(tokens, start)):
        return Money(cents[0][0] * CENT, cents[0][1]), cents[1]
    pair = _pair(tokens, start)
    whole = pair or match_decimal(tokens, start)
    if whole is None and word_at(tokens, start) == "a" and word_at(tokens, start + 1) in _CURRENCIES:
        whole = (Decimal(1), start + 1)
    if whole is None or whole[0] < 0 or whole[0] > MOST:
        return None
    value, after = whole
    currency = sign or _CURRENCIES.get(word_at(tokens, after))
    if currency is not None and sign is None:
        after += 1
        value, after = _with_cents(tokens, value, after)
    return Money(value.quantize(CENT), currency), after


def _cents(tokens: Tokens, index: int) -> Match[tuple[int, str | None]] | None:
    """ "fifty cents", "20p"."""
    count = match_small(tokens, index)
    word = word_at(tokens, count[1]) if count is not None else ""
    if count is None or word not in _CENTS or (word == "p" and kind_at(tokens, index) != "number"):
        return None
    return (count[0], _CENTS[word]), count[1] + 1


def _pair(tokens: Tokens, index: int) -> Match[Decimal] | None:
    """ "fourteen fifty", "nine oh five", "one twenty five": below a hundred, then the cents."""
    whole = match_small(tokens, index)
    if whole is None:
        return None
    zero = word_at(tokens, whole[1]) in ("oh", "o")
    cents = match_small(tokens, whole[1] + zero)
    if cents is None or (0 < cents[0] < 10) != zero or kind_at(tokens, index) != kind_at(tokens, cents[1] - 1):
        return None
    if word_at(tokens, cents[1]) in ("hundred", "thousand", "million", "point") or cents[0] == 0:
        return None
    return whole[0] + cents[0] * CENT, cents[1]


def _with_cents(tokens: Tokens, value: Decimal, index: int) -> Match[Decimal]:
    """Add "and fifty cents" or "fifty" after the currency."""
    if value != value.to_integral_value():
        return value, index
    linked = word_at(tokens, index) in ("and", ",")
    cents = _cents(tokens, index + linked)
    if cents is not None:
        return value + cents[0][0] * CENT, cents[1]
    bare = match_small(tokens, index)
    if bare is not None and bare[0] >= 10 and bare[1] == len(tokens):
        return value + bare[0] * CENT, bare[1]
    return value, index


def parse_money(text: str) -> Money | None:
    """The money that is the whole text, or None."""
    return read_whole(text, match_money)


def find_money(text: str) -> tuple[Found[Money], ...]:
    """Money in a sentence: only what names a currency or cents, or is written with two decimals."""

    def match(tokens: Tokens, index: int) -> Match[Money] | None:
        found = match_money(tokens, index)
        if found is None:
            return None
        figure = word_at(tokens, index)
        written = kind_at(tokens, index) == "number" and len(figure) > 3 and figure[-3] in ".,"
        cents = word_at(tokens, found[1] - 1) in _CENTS
        return found if found[0].currency or cents or written else None

    return find_all(text, match)


def say_money(money: Money) -> str:
    """In words: "fourteen dollars and fifty cents"; with no currency "fourteen fifty".

    Raises UnsayableValue below zero and for parts of a cent."""
    amount = money.amount
    if not amount.is_finite() or not 0 <= amount <= MOST or amount != amount.quantize(CENT):
        raise UnsayableValue(f"{amount} is no amount of money: give 0 to {MOST} with two decimals.")
    whole, cents = int(amount), int(amount % 1 / CENT)
    if money.currency is None:
        return _say_bare(amount, whole, cents)
    names = _SPOKEN.get(money.currency)
    if names is None:
        raise UnsayableValue(f"{money.currency!r} is no known currency: give one of {', '.join(_SPOKEN)}.")
    words = f"{say_number(whole)} {names[whole != 1]}"
    if not cents:
        return words
    small = "pence" if money.currency == "GBP" else "cents" if cents != 1 else "cent"
    return f"{words} and {say_number(cents)} {small}"


def _say_bare(amount: Decimal, whole: int, cents: int) -> str:
    if not cents:
        return say_number(whole)
    if not whole:
        return f"{say_number(cents)} {'cent' if cents == 1 else 'cents'}"
    if whole >= 100:
        return say_number(amount)
    return f"{say_number(whole)} {'oh ' if cents < 10 else ''}{say_number(cents)}"


def match_quantity(tokens: Tokens, index: int) -> Match[Quantity] | None:
    """A count with its measure ("three kilos of", "a bottle of"), without the thing itself."""
    count = match_decimal(tokens, index)
    halved = word_at(tokens, index) == "half" and word_at(tokens, index + 1) == "a"
    if halved and word_at(tokens, index + 2) in _UNIT_OF:
        count = (Decimal("0.5"), index + 2)
    if count is None and word_at(tokens, index) in ("a", "an", "another"):
        count = (Decimal(1), index + 1)
    if count is None or count[0] <= 0:
        return None
    unit = _UNIT_OF.get(word_at(tokens, count[1]), "")
    after = count[1] + bool(unit)
    after += word_at(tokens, after) == "of"
    if not unit and word_at(tokens, index) in ("a", "an", "another") and after == index + 1:
        return Quantity(1), after
    return Quantity(plain_number(count[0]), unit), after


def parse_quantity(text: str) -> Quantity | None:
    """The text as a count and what is counted ("two large", "a dozen eggs", "three kilos of flour"), or None."""
    tokens = trimmed(tokenize(text))
    found = match_quantity(tokens, 0)
    if found is None:
        return None
    thing = text[tokens[found[1]].start : tokens[-1].end] if found[1] < len(tokens) else ""
    return Quantity(found[0].number, found[0].unit, thing)


def find_quantities(text: str) -> tuple[Found[Quantity], ...]:
    """Counts with their measures in a sentence; "a" alone counts nothing."""

    def match(tokens: Tokens, index: int) -> Match[Quantity] | None:
        found = match_quantity(tokens, index)
        bare = found is not None and not found[0].unit and found[1] == index + 1
        return None if bare and word_at(tokens, index) in ("a", "an", "another") else found

    return find_all(text, match)


def say_quantity(quantity: Quantity) -> str:
    """In words: "three kilograms of flour", "two large"."""
    number = say_number(quantity.number)
    if not quantity.unit:
        return f"{number} {quantity.thing}".strip()
    plural = quantity.unit + ("es" if quantity.unit == "box" else "s")
    measure = f"{number} {quantity.unit if quantity.number == 1 else plural}"
    return f"{measure} of {quantity.thing}" if quantity.thing else measure
