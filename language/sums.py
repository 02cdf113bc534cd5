"""Arithmetic in words: "fifteen percent of eighty four", "three quarters of a pound in grams", "12 x 7 + 3".

`read_sum` gives a tree, `worked_out` its value, exact wherever there is an exact one.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from language.amounts import match_money
from language.measures import PERCENT, Unit, match_target, match_unit
from language.numbers import match_decimal, match_ordinal
from language.tokens import Match, Token, Tokens, kind_at, tokenize, trimmed, word_at, words_at

MOST_WORDS = 60
MOST_LETTERS = 400
MOST_DEPTH = 20

Operator = Literal["plus", "minus", "times", "divided by"]


class Figure(Struct, frozen=True):
    """A number as it was said, perhaps with its unit. `parts`: what it is made of, as in "five feet ten inches"."""

    value: Fraction
    unit: Unit | None = None
    parts: tuple[Figure, ...] = ()


class Joined(Struct, frozen=True):
    """Two sides of an operator."""

    operator: Operator
    left: Node
    right: Node


class Share(Struct, frozen=True):
    """A percentage or a fraction of something."""

    part: Figure
    whole: Node


class Root(Struct, frozen=True):
    """The square or the cube root."""

    degree: Literal[2, 3]
    body: Node


class Power(Struct, frozen=True):
    """A number to the power of another."""

    base: Node
    exponent: Node


class Told(Struct, frozen=True):
    """What is to be told in another unit."""

    body: Node
    unit: Unit


Node = Figure | Joined | Share | Root | Power | Told

_OPERATORS: tuple[tuple[str, Operator], ...] = (
    ("plus", "plus"),
    ("added to", "plus"),
    ("minus", "minus"),
    ("less", "minus"),
    ("take away", "minus"),
    ("times", "times"),
    ("multiplied by", "times"),
    ("x", "times"),
    ("divided by", "divided by"),
    ("over", "divided by"),
)
_ROOTS: tuple[tuple[str, Literal[2, 3]], ...] = (("square root of", 2), ("cube root of", 3), ("cubic root of", 3))
_INTO = ("converted to", "converted into", "expressed in", "in", "to", "into", "as")
_BETWEEN = (
    *("are there in", "is there in", "there are in", "are in", "is in", "are equal to", "is equal to", "are", "is"),
    *("equal", "equals", "make", "makes", "make up", "in", "go into", "do i get for", "do i get from", "per"),
)
_TRAILING = ("please", "thanks", "equals", "exactly", "altogether", "tax", "vat", "interest")
_DENOMINATORS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_SIGNS = (
    (re.compile(r"[×*]"), " times "),
    (re.compile(r"÷|(?<=[\d)%\s])/(?=[\d\s(√])(?!\d+\s+(?:of|[^\W\d_]))"), " divided by "),
    (re.compile(r"\+"), " plus "),
    (re.compile(r"(?<=[\d)%])\s*[-−–]\s*(?=[\d(√$€£])"), " minus "),
    (re.compile(r"√"), " square root of "),
    (re.compile(r"\^"), " to the power of "),
    (re.compile(r"²"), " squared "),
    (re.compile(r"³"), " cubed "),
    (re.compile(r"\("), " open "),
    (re.compile(r"\)"), " close "),
    (re.compile(r"[=?]\s*$"), " "),
)
_WRITTEN = re.compile(
    r"\s*(?:(?:what(?:'s|’s|\s+is)|how\s+much\s+is|calculate|work\s+out)\s+)?(?P<sum>[-\d\s.,+*×x÷/()%^²³√$€£−–]*\d[^\w]*)",
    re.IGNORECASE,
)


def in_words(text: str) -> str:
    """A sum that is written with signs alone ("12*7+3 =") with words for them; any other text as it is."""
    found = _WRITTEN.fullmatch(text.strip())
    return text if found is None else text.replace(found["sum"], _spelled(found["sum"])).strip()


def _spelled(text: str) -> str:
    for sign, words in _SIGNS:
        text = sign.sub(words, text)
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def read_sum(text: str) -> Node | None:
    """The sum that the whole text is, or None. A bare figure is none."""
    node = read_figure(text)
    return None if isinstance(node, Figure) else node


@lru_cache(maxsize=1024)
def read_figure(text: str) -> Node | None:
    """A sum, or a bare figure with or without a unit ("twenty percent", "96 euros"), or None."""
    if len(text) > MOST_LETTERS:
        return None
    tokens = trimmed(tokenize(_spelled(text)))
    while len(tokens) > 1 and tokens[-1].text in _TRAILING:
        tokens = trimmed(tokens[:-1])
    if not 0 < len(tokens) <= MOST_WORDS:
        return None
    reader = _Reader(tokens)
    return reader.asked_in() or reader.whole()


class _Reader:
    """Recursive descent over the tokens of one text. Each method reads from an index, and gives the one after."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._depth = 0

    def asked_in(self) -> Node | None:
        """ "miles are ten kilometres": the whole text, the unit first."""
        unit = match_target(self._tokens, 0)
        if unit is None:
            return None
        for words in _BETWEEN:
            if words_at(self._tokens, unit[1], words):
                body = self._expression(unit[1] + len(words.split()))
                if body is not None and body[1] == len(self._tokens):
                    return Told(body[0], unit[0])
        return None

    def whole(self) -> Node | None:
        """ "ten kilometres in miles", or a sum: the whole text."""
        start = 0
        while word_at(self._tokens, start) == "the":
            start += 1
        found = self._expression(start)
        if found is None:
            return None
        node, after = found
        if after == len(self._tokens):
            return node
        for words in _INTO:
            if words_at(self._tokens, after, words):
                unit = match_target(self._tokens, after + len(words.split()))
                if unit is not None and unit[1] == len(self._tokens):
                    return Told(node, unit[0])
        return None

    def _expression(self, index: int) -> Match[Node] | None:
        self._depth += 1
        try:
            return self._chain(index, ("plus", "minus")) if self._depth <= MOST_DEPTH else None
        finally:
            self._depth -= 1

    def _chain(self, index: int, operators: tuple[Operator, ...]) -> Match[Node] | None:
        """Operands and operators of one rank, from the left."""
        sums = operators == ("plus", "minus")
        left = self._chain(index, ("times", "divided by")) if sums else self._factor(index)
        while left is not None:
            operator = self._operator(left[1])
            if operator is None or operator[0] not in operators:
                return left
            right = self._chain(operator[1], ("times", "divided by")) if sums else self._factor(operator[1])
            if right is None:
                return left
            left = Joined(operator[0], left[0], right[0]), right[1]
        return None

    def _operator(self, index: int) -> Match[Operator] | None:
        for words, operator in _OPERATORS:
            if words_at(self._tokens, index, words):
                return operator, index + len(words.split())
        return None

    def _factor(self, index: int) -> Match[Node] | None:
        start = index + (word_at(self._tokens, index) == "the")
        found = self._root(start) or self._bracket(start) or self._share(index) or self._figure(index)
        while found is not None and (power := self._power(found[0], found[1])) is not None:
            found = power
        return found

    def _root(self, index: int) -> Match[Node] | None:
        for words, degree in _ROOTS:
            if words_at(self._tokens, index, words):
                body = self._factor_below(index + 3)
                return None if body is None else (Root(degree, body[0]), body[1])
        return None

    def _bracket(self, index: int) -> Match[Node] | None:
        if word_at(self._tokens, index) != "open":
            return None
        body = self._expression(index + 1)
        return (body[0], body[1] + 1) if body is not None and word_at(self._tokens, body[1]) == "close" else None

    def _factor_below(self, index: int) -> Match[Node] | None:
        self._depth += 1
        try:
            return self._factor(index) if self._depth <= MOST_DEPTH else None
        finally:
            self._depth -= 1

    def _share(self, index: int) -> Match[Node] | None:
        """ "fifteen percent of", "three quarters of", "half a pound"."""
        part = self._percent(index) or self._fraction(index)
        if part is None:
            return None
        figure, after = part
        if word_at(self._tokens, after) == "of":
            whole = self._factor_below(after + 1)
            return None if whole is None else (Share(figure, whole[0]), whole[1])
        if word_at(self._tokens, after) == "off" and figure.unit is PERCENT:
            whole = self._factor_below(after + 1)
            return None if whole is None else (Joined("minus", whole[0], figure), whole[1])
        article = word_at(self._tokens, after) in ("a", "an")
        unit = match_unit(self._tokens, after + 1) if article and figure.unit is None else None
        return None if unit is None else (Figure(figure.value, unit[0]), unit[1])

    def _percent(self, index: int) -> Match[Figure] | None:
        found = self._figure(index)
        return found if found is not None and found[0].unit is PERCENT else None

    def _fraction(self, index: int) -> Match[Figure] | None:
        """ "two thirds", "a fifth", "half", "1/3"."""
        word = word_at(self._tokens, index)
        if kind_at(self._tokens, index) == "slash":
            return _slash(word, index)
        if word == "half" or (word == "a" and word_at(self._tokens, index + 1) == "half"):
            return Figure(Fraction(1, 2)), index + 1 + (word == "a")
        count = (Decimal(1), index + 1) if word in ("a", "one") else match_decimal(self._tokens, index)
        if count is not None and count[0] not in (0, count[0].to_integral_value()):
            return Figure(Fraction(count[0])), count[1]
        below = _denominator(self._tokens, count[1]) if count is not None and count[0] > 0 else None
        return None if below is None or count is None else (Figure(Fraction(count[0]) / below), count[1] + 1)

    def _figure(self, index: int) -> Match[Figure] | None:
        """A number with its unit and the smaller ones after it ("five feet ten", "an hour and twenty minutes")."""
        first = self._single(index)
        if first is None or first[0].unit is None or first[0].unit.kind in ("temperature", "money", "percent"):
            return first
        figure, after = first
        unit, parts = figure.unit, [figure]
        while (more := self._smaller(parts[-1], after)) is not None:
            parts.append(more[0])
            after = more[1]
        if len(parts) == 1 or unit is None:
            return first
        total = sum((part.value * part.unit.factor for part in parts if part.unit), Fraction(0)) / unit.factor
        return Figure(total, unit, tuple(parts)), after

    def _smaller(self, last: Figure, index: int) -> Match[Figure] | None:
        start = index + (word_at(self._tokens, index) in ("and", ","))
        found = self._single(start)
        if found is None or last.unit is None:
            return None
        if found[0].unit is None and last.unit.name == "foot" and start == index and 0 < found[0].value < 12:
            inch = match_target((Token("inch", 0, 0, "word"),), 0)
            bare = found[1] == len(self._tokens) or self._operator(found[1]) or word_at(self._tokens, found[1]) in _INTO
            return (Figure(found[0].value, inch[0]), found[1]) if inch and bare else None
        fits = found[0].unit is not None and found[0].unit.kind == last.unit.kind
        return found if fits and found[0].unit and found[0].unit.factor < last.unit.factor else None

    def _single(self, index: int) -> Match[Figure] | None:
        """One number with at most one unit."""
        word = word_at(self._tokens, index)
        if word in ("$", "€", "£", "¥"):
            sign, amount = match_target(self._tokens, index), match_decimal(self._tokens, index + 1)
            return None if sign is None or amount is None else (Figure(Fraction(amount[0]), sign[0]), amount[1])
        if word in ("a", "an") and (unit := match_unit(self._tokens, index + 1)) is not None:
            return Figure(Fraction(1), unit[0]), unit[1]
        number = self._number(index)
        if number is None:
            return None
        value, after = number
        unit = match_unit(self._tokens, after)
        if unit is not None and self._is_into(after):
            unit = None  # "five foot ten in centimetres" has no inch in it
        if unit is None:
            return Figure(value), after
        if unit[0].kind == "money":
            return self._with_cents(value, unit[0], unit[1], index)
        return Figure(value, unit[0]), unit[1]

    def _is_into(self, index: int) -> bool:
        """Whether "in" says what the rest is to be told in, and is no inch."""
        target = match_target(self._tokens, index + 1) if word_at(self._tokens, index) == "in" else None
        return target is not None and target[1] == len(self._tokens)

    def _with_cents(self, value: Fraction, unit: Unit, after: int, index: int) -> Match[Figure]:
        """ "forty eight euros and fifty cents", "48 euros 50"."""
        money = match_money(self._tokens, index)
        if money is not None and money[1] > after:
            return Figure(Fraction(money[0].amount), unit), money[1]
        return Figure(value, unit), after

    def _number(self, index: int) -> Match[Fraction] | None:
        if kind_at(self._tokens, index) == "slash":
            found = _slash(word_at(self._tokens, index), index)
            return None if found is None else (found[0].value, found[1])
        number = match_decimal(self._tokens, index)
        part = self._fraction(index)
        if part is not None and (number is None or part[1] > number[1]):
            return part[0].value, part[1]
        if number is None:
            return None
        value, after = Fraction(number[0]), number[1]
        if word_at(self._tokens, after) == "and" and value.denominator == 1:
            part = self._fraction(after + 1)
            if part is not None and part[0].value < 1 and part[1] > after + 2:
                return value + part[0].value, part[1]
        pair = match_money(self._tokens, index)  # "forty eight fifty": of two numbers in a row the second is cents
        if pair is None or pair[0].currency is not None or pair[1] <= after:
            return value, after
        coins = {token.text for token in self._tokens[index : pair[1]]} & {"cent", "cents", "p"}
        return (value, after) if coins else (Fraction(pair[0].amount), pair[1])

    def _power(self, base: Node, index: int) -> Match[Node] | None:
        word = word_at(self._tokens, index)
        if word in ("squared", "cubed"):
            return Power(base, Figure(Fraction(2 if word == "squared" else 3))), index + 1
        if words_at(self._tokens, index, "to the power of"):
            exponent = self._factor_below(index + 4)
            return None if exponent is None else (Power(base, exponent[0]), exponent[1])
        if words_at(self._tokens, index, "to the"):
            ordinal = match_ordinal(self._tokens, index + 2)
            if ordinal is not None:
                after = ordinal[1] + (word_at(self._tokens, ordinal[1]) == "power")
                return Power(base, Figure(Fraction(ordinal[0]))), after
        return None


def _slash(word: str, index: int) -> Match[Figure] | None:
    above, _, below = word.partition("/")
    return (Figure(Fraction(int(above), int(below))), index + 1) if below.isdigit() and int(below) else None


def _denominator(tokens: Tokens, index: int) -> int | None:
    """ "third" and "thirds" are 3; a half and a quarter have words of their own."""
    word = word_at(tokens, index)
    if word in _DENOMINATORS:
        return _DENOMINATORS[word]
    singular = word[:-1] if word.endswith("s") else word
    ordinal = match_ordinal((Token(singular, 0, 0, "word"),), 0)
    return ordinal[0] if ordinal is not None and ordinal[0] > 2 else None
