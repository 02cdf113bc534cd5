"""Numbers and ordinals in English words and digits, and back."""

from __future__ import annotations

import math
from decimal import Decimal

from language.errors import UnsayableValue
from language.tokens import Found, Match, Tokens, find_all, kind_at, read_whole, word_at

Number = int | float

MOST = 10**12 - 1
"""The largest number that has words here."""

UNITS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_SMALL = {word: value for value, word in enumerate(UNITS)} | {"fourty": 40, "nought": 0}
_TENS = {word: 10 * value for value, word in enumerate(TENS, start=2)}
_FRACTIONS = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "1/2": Decimal("0.5"),
    "1/4": Decimal("0.25"),
    "3/4": Decimal("0.75"),
}
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_DIGITS = {word: str(value) for value, word in enumerate(UNITS[:10])} | {"oh": "0", "o": "0", "nought": "0"}


def _ordinal_word(word: str) -> str:
    return _IRREGULAR.get(word) or (word[:-1] + "ieth" if word.endswith("y") else word + "th")


_ORDINALS = {_ordinal_word(word): word for word in (*UNITS, *TENS, "hundred", *_SCALES)}


def match_small(tokens: Tokens, index: int) -> Match[int] | None:
    """A whole number below a hundred, in words ("twenty five") or digits ("25")."""
    word = word_at(tokens, index)
    if kind_at(tokens, index) == "number" and word.isdigit() and len(word) <= 2:
        return int(word), index + 1
    return _below_hundred(tokens, index)


def _below_hundred(tokens: Tokens, index: int) -> Match[int] | None:
    word = word_at(tokens, index)
    if word in _TENS:
        unit = _SMALL.get(word_at(tokens, index + 1), 0)
        return (_TENS[word] + unit, index + 2) if 0 < unit < 10 else (_TENS[word], index + 1)
    return (_SMALL[word], index + 1) if word in _SMALL else None


def _group(tokens: Tokens, index: int) -> Match[int] | None:
    """What stands before a "thousand": up to 9999 ("twelve hundred and five")."""
    if word_at(tokens, index) == "a" and (word_at(tokens, index + 1) in ("hundred", *_SCALES)):
        head: Match[int] | None = (1, index + 1)
    else:
        head = _below_hundred(tokens, index)
    if head is None or word_at(tokens, head[1]) != "hundred" or head[0] == 0:
        return head
    value, after = head[0] * 100, head[1] + 1
    tail = _below_hundred(tokens, after + (word_at(tokens, after) == "and"))
    if tail is None or tail[0] == 0 or word_at(tokens, tail[1]) == "hundred":
        return value, after
    return value + tail[0], tail[1]


def _cardinal(tokens: Tokens, index: int) -> Match[int] | None:
    """A whole number in words, such as "two million and five"."""
    group = _group(tokens, index)
    total, after, last = 0, index, 10**12
    while group is not None:
        scale = _SCALES.get(word_at(tokens, group[1]), 1)
        if scale >= last or (last < 10**12 and group[0] * scale >= last):
            break
        total, after, last = total + group[0] * scale, group[1] + (scale > 1), scale
        if scale == 1 or group[0] == 0:
            break
        group = _group(tokens, after + (word_at(tokens, after) == "and"))
        if group is not None and group[0] == 0:
            break
    return (total, after) if after > index else None


def _figure(tokens: Tokens, index: int) -> Match[Decimal] | None:
    """A number in digits; "1,000" has thousands, "14,50" a decimal comma."""
    text = word_at(tokens, index)
    if kind_at(tokens, index) != "number" or len(text) > 16:
        return None
    if "," in text:
        whole, _, rest = text.partition(",")
        grouped = len(rest.partition(".")[0].split(",")[0]) == 3 and whole != "0"
        text = text.replace(",", "") if grouped else text.replace(",", ".", 1)
    if text.count(".") > 1 or "," in text:
        return None
    return Decimal(text), index + 1


def _with_decimals(tokens: Tokens, value: Decimal, index: int) -> Match[Decimal]:
    """Add "point five", when it follows."""
    if word_at(tokens, index) != "point" or value != value.to_integral_value():
        return value, index
    digits, after = "", index + 1
    while word_at(tokens, after) in _DIGITS and len(digits) < 12:
        digits, after = digits + _DIGITS[word_at(tokens, after)], after + 1
    if not digits:
        figure = word_at(tokens, after) if kind_at(tokens, after) == "number" else ""
        small = match_small(tokens, after)
        if figure.isdigit() and len(figure) <= 12:
            digits, after = figure, after + 1
        elif small is not None:
            digits, after = str(small[0]), small[1]
        else:
            return value, index
    return value + Decimal(f"0.{digits}"), after


def _with_multiples(tokens: Tokens, value: Decimal, index: int) -> Match[Decimal]:
    """Times "dozen", or the "million" of "two point five million"; plus the half of "two and a half"."""
    word = word_at(tokens, index)
    factor = {"dozen": 12, "hundred": 100, **_SCALES}.get(word)
    if factor is not None and value > 0:
        return value * factor, index + 1
    if word in _FRACTIONS and value == value.to_integral_value() and value < 1000:
        return value + _FRACTIONS[word], index + 1
    if word == "and" and value == value.to_integral_value():
        part = _part(tokens, index + 1)
        if part is not None and word_at(tokens, index + 1) in ("a", "three"):
            return value + part[0], part[1]
    return value, index


def _part(tokens: Tokens, index: int) -> Match[Decimal] | None:
    """ "a half", "a quarter", "three quarters", "½"."""
    word, following = word_at(tokens, index), word_at(tokens, index + 1)
    if word in _FRACTIONS:
        return _FRACTIONS[word], index + 1
    if word in ("a", "one") and following in _PARTS:
        return _PARTS[following], index + 2
    if word == "three" and following == "quarters":
        return Decimal("0.75"), index + 2
    return None


def _idiom(tokens: Tokens, index: int) -> Match[Decimal] | None:
    """ "a dozen", "a couple of", "half a dozen", "half"."""
    word, following = word_at(tokens, index), word_at(tokens, index + 1)
    if word == "a" and following == "dozen":
        return Decimal(12), index + 2
    if word == "a" and following in ("couple", "pair"):
        return Decimal(2), index + 2 + (word_at(tokens, index + 2) == "of")
    if word == "half" and following == "a":
        whole = {"dozen": 12, "hundred": 100, **_SCALES}.get(word_at(tokens, index + 2))
        if whole is not None:
            return Decimal(whole) / 2, index + 3
    if word == "half":
        return Decimal("0.5"), index + 1
    return _part(tokens, index)


def match_decimal(tokens: Tokens, index: int) -> Match[Decimal] | None:
    """Any number at the token, exact."""
    negative = word_at(tokens, index) in ("minus", "negative")
    start = index + negative
    if idiom := _idiom(tokens, start):
        found = idiom
    else:
        cardinal = _cardinal(tokens, start)
        plain = (Decimal(cardinal[0]), cardinal[1]) if cardinal is not None else _figure(tokens, start)
        if plain is None and start == 0 and word_at(tokens, 0) == "point":
            plain = (Decimal(0), 0)
        if plain is None:
            return None
        found = _with_multiples(tokens, *_with_decimals(tokens, *plain))
        if found[1] == start:
            return None
    value = -found[0] if negative else found[0]
    return (value, found[1]) if abs(value) <= MOST else None


def plain_number(value: Decimal) -> Number:
    """As int when it is whole, else as float."""
    return int(value) if value == value.to_integral_value() else float(value)


def match_number(tokens: Tokens, index: int) -> Match[Number] | None:
    """Any number at the token, in words or digits."""
    found = match_decimal(tokens, index)
    return None if found is None else (plain_number(found[0]), found[1])


def match_ordinal(tokens: Tokens, index: int) -> Match[int] | None:
    """An ordinal at the token: "twenty third", "23rd"."""
    if kind_at(tokens, index) == "ordinal":
        digits = word_at(tokens, index)[:-2]
        return (int(digits), index + 1) if len(digits) <= 12 else None
    for end in range(index, min(index + 24, len(tokens))):
        word = tokens[end].text
        if word in _ORDINALS:
            return _ordinal_ending(tokens[index : end + 1], index)
        if word not in _SMALL and word not in _TENS and word not in _SCALES and word not in ("a", "and", "hundred"):
            return None
    return None


def _ordinal_ending(tokens: Tokens, index: int) -> Match[int] | None:
    last = tokens[-1]
    cardinal = _ORDINALS[last.text]
    if len(tokens) == 1 and cardinal in ("hundred", *_SCALES):
        return {"hundred": 100, **_SCALES}[cardinal], index + 1
    words = (*tokens[:-1], type(last)(cardinal, last.start, last.end, last.kind))
    found = _cardinal(words, 0)
    return (found[0], index + len(words)) if found is not None and found[1] == len(words) else None


def parse_number(text: str) -> Number | None:
    """The number that is the whole text, or None."""
    return read_whole(text, match_number)


def parse_ordinal(text: str) -> int | None:
    """The ordinal that is the whole text ("the third" too), or None."""
    return read_whole(text, lambda tokens, index: match_ordinal(tokens, index + (word_at(tokens, index) == "the")))


def find_numbers(text: str) -> tuple[Found[Number], ...]:
    """Numbers in a sentence. "that one" is no number."""

    def match(tokens: Tokens, index: int) -> Match[Number] | None:
        found = match_number(tokens, index)
        pronoun = word_at(tokens, index) == "one" and found is not None and found[1] == index + 1
        if pronoun and word_at(tokens, index - 1) in ("the", "this", "that", "which", "another", "every", "no"):
            return None
        return found

    return find_all(text, match)


def find_ordinals(text: str) -> tuple[Found[int], ...]:
    """Ordinals in a sentence."""
    return find_all(text, match_ordinal)


def say_number(value: Number | Decimal) -> str:
    """In words, as said in full: 105 is "one hundred and five", 3.5 "three point five".

    Raises UnsayableValue beyond `MOST`, and for what is no number."""
    exact = Decimal(str(value)) if isinstance(value, int | float) and math.isfinite(value) else value
    if not isinstance(exact, Decimal) or not exact.is_finite() or abs(exact) > MOST:
        raise UnsayableValue(f"{value!r} has no words: give a finite number up to {MOST}.")
    if exact < 0:
        return f"minus {say_number(-exact)}"
    whole, _, decimals = f"{exact:f}".partition(".")
    decimals = decimals.rstrip("0")
    words = _say_whole(int(whole))
    return f"{words} point {' '.join(UNITS[int(digit)] for digit in decimals)}" if decimals else words


def _say_whole(value: int) -> str:
    if value < 20:
        return UNITS[value]
    if value < 100:
        tens, unit = divmod(value, 10)
        return TENS[tens - 2] + (f" {UNITS[unit]}" if unit else "")
    for word, scale in (*reversed(_SCALES.items()), ("hundred", 100)):
        if value >= scale:
            count, rest = divmod(value, scale)
            head = f"{_say_whole(count)} {word}"
            if not rest:
                return head
            return f"{head}{' and ' if rest < 100 else ' '}{_say_whole(rest)}"
    raise AssertionError("every number from 100 has a scale")


def say_ordinal(value: int) -> str:
    """In words: 23 is "twenty third". Raises UnsayableValue below zero."""
    if value < 0:
        raise UnsayableValue(f"{value} has no ordinal: give a number from 0.")
    head, _, last = say_number(value).rpartition(" ")
    return f"{head} {_ordinal_word(last)}".strip()
