"""A sum and what it comes to, for the ear and for the eye. What is rounded is said to be so."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from language.amounts import Money, say_money
from language.arithmetic import Measure
from language.measures import PERCENT, STERLING, Unit
from language.numbers import MOST, say_number, say_ordinal
from language.sums import Figure, Joined, Node, Power, Root, Share, Told

PLACES = 4  # decimals that are told of an exact value without a unit
ROUNDED = 2  # decimals of a rounded one of at least one; fewer from a hundred on
DIGITS = 3  # digits of a rounded one below one
_SIGNS = {"plus": "+", "minus": "−", "times": "×", "divided by": "÷"}
_RANKS = {"plus": 1, "minus": 1, "times": 2, "divided by": 2}


class Result(Struct, frozen=True):
    """A value in words and in figures. `rounded`: it is near the value."""

    said: str
    shown: str
    rounded: bool


def result_of(measure: Measure, *, money: bool = False) -> Result:
    """How a value is told. `money`: a bare number, or pounds, are an amount."""
    unit = measure.unit
    if money or (unit is not None and unit.kind == "money"):
        return _amount(measure, STERLING if unit is not None and unit.name == STERLING.name else unit)
    figure, power, rounded = _figure(measure)
    said, shown = say_number(figure), f"{figure:,f}".replace("-", "−")
    if power:
        said = f"{said} times ten to the power of {say_number(power)}"
        shown = f"{shown} × 10^{power}"
    if unit is None:
        return Result(said, shown, rounded)
    return Result(f"{said} {_unit_words(unit, figure if not power else Decimal(2))}", _with_short(shown, unit), rounded)


def told(node: Node) -> str:
    """A sum in words."""
    match node:
        case Figure():
            return _figure_words(node)
        case Joined():
            pause = "," if _needs_brackets(node.left, node.operator) else ""
            after = "the result of " if _needs_brackets(node.right, node.operator, right=True) else ""
            return f"{told(node.left)}{pause} {node.operator} {after}{told(node.right)}"
        case Share():
            whole = told(node.whole).removeprefix("one ")
            one = isinstance(node.whole, Figure) and node.whole.value == 1 and node.whole.unit is not None
            return f"{_figure_words(node.part)} of {_article(whole) if one else told(node.whole)}"
        case Root():
            return f"the {'square' if node.degree == 2 else 'cube'} root of {told(node.body)}"
        case Power():
            return f"{told(node.base)} {_power_words(node.exponent)}"
        case Told():
            return told(node.body)


def written(node: Node, above: int = 0) -> str:
    """A sum in figures and signs, with the brackets that it needs."""
    match node:
        case Figure():
            return _figure_signs(node)
        case Joined():
            rank = _RANKS[node.operator]
            text = f"{written(node.left, rank)} {_SIGNS[node.operator]} {written(node.right, rank + 1)}"
            return f"({text})" if rank < above else text
        case Share():
            return f"{_figure_signs(node.part)} of {written(node.whole, 2)}"
        case Root():
            return f"{'√' if node.degree == 2 else '∛'}{written(node.body, 3)}"
        case Power():
            return f"{written(node.base, 3)}^{written(node.exponent, 3)}"
        case Told():
            return written(node.body, above)


def is_plural(node: Node) -> bool:
    """Whether one says "are" of it."""
    figure = node.body if isinstance(node, Told) else node
    return isinstance(figure, Figure) and figure.value > 1 and not figure.parts and _is_counted(figure.unit)


def _is_counted(unit: Unit | None) -> bool:
    return unit is not None and unit.kind not in ("percent", "temperature")


def _needs_brackets(node: Node, operator: str, *, right: bool = False) -> bool:
    return isinstance(node, Joined) and _RANKS[node.operator] < _RANKS[operator] + right


def _figure(measure: Measure) -> tuple[Decimal, int, bool]:
    """The figure that is told, the power of ten that it is times, and whether it was rounded."""
    value = measure.value
    if value and not Fraction(1, 10**6) <= abs(value) <= MOST:
        power = len(str(int(abs(value)))) - 1 if abs(value) >= 1 else -len(str(int(1 / abs(value))))
        figure = _quantized(value / Fraction(10) ** power, ROUNDED)
        return figure, power, Fraction(figure) * Fraction(10) ** power != value or not measure.exact
    exact = _quantized(value, PLACES if measure.unit is None else ROUNDED)
    if Fraction(exact) == value and measure.exact:
        return _plain(exact), 0, False
    places = ROUNDED - sum(abs(value) >= bound for bound in (100, 1000))
    if abs(value) < 1:
        places = len(str(int(1 / abs(value)))) - 1 + DIGITS if value else ROUNDED
    figure = _quantized(value, places)
    return _plain(figure), 0, Fraction(figure) != value or not measure.exact


def _quantized(value: Fraction, places: int) -> Decimal:
    """Half away from zero, exactly."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def _plain(figure: Decimal) -> Decimal:
    return figure.quantize(Decimal(1)) if figure == figure.to_integral_value() else figure.normalize()


def _amount(measure: Measure, unit: Unit | None) -> Result:
    cents = _quantized(measure.value, 2)
    rounded = Fraction(cents) != measure.value
    if abs(cents) > MOST:
        return result_of(Measure(measure.value, None, measure.exact))
    figure = abs(cents)
    whole, rest = int(figure), int(figure % 1 * 100)
    small = "cents" if unit is not STERLING else "pence"
    if unit is None:
        said = say_money(Money(figure))
    else:
        words = f"{say_number(whole)} {_unit_words(unit, Decimal(whole))}"
        coins = f"{say_number(rest)} {small if rest != 1 else {'cents': 'cent', 'pence': 'penny'}[small]}"
        said = (f"{words} and {coins}" if whole else coins) if rest else words
    figures = f"{figure:,.2f}" if rest or unit is None else f"{whole:,}"
    shown = figures if unit is None else _with_short(figures, unit)
    if measure.value < 0 and figure:
        said, shown = f"minus {said}", f"−{shown}"
    return Result(said, shown, rounded)


def _figure_words(figure: Figure) -> str:
    if figure.parts:
        return " ".join(_figure_words(part) for part in figure.parts)
    unit = figure.unit
    if unit is None or unit.kind == "percent":
        return f"{_number_words(figure.value)}{' percent' if unit else ''}"
    if unit.kind == "money" and figure.value >= 0:
        return _amount(Measure(figure.value, unit), unit).said
    if 0 < figure.value < 1:
        of = "" if figure.value == Fraction(1, 2) else " of"
        return f"{_number_words(figure.value)}{of} {_article(unit.name)}"
    return f"{_number_words(figure.value)} {_unit_words(unit, Decimal(1) if figure.value == 1 else Decimal(2))}"


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeio' or name.startswith('hour') else 'a'} {name}"


def _number_words(value: Fraction) -> str:
    """Decimals as such; what has no end, or is a plain part, as a fraction: "two thirds", "three quarters"."""
    named = {Fraction(1, 2): "half", Fraction(1, 4): "a quarter", Fraction(3, 4): "three quarters"}
    if value in named:
        return named[value]
    if _is_decimal(value):
        return say_number(Decimal(value.numerator) / Decimal(value.denominator))
    whole, part = divmod(value, 1)
    below = say_ordinal(part.denominator) + ("" if part.numerator == 1 else "s")
    words = f"{say_number(part.numerator)} {below}"
    return f"{say_number(int(whole))} and {words}" if whole else words


def _is_decimal(value: Fraction) -> bool:
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    return rest == 1


def _figure_signs(figure: Figure) -> str:
    if figure.parts:
        return " ".join(_figure_signs(part) for part in figure.parts)
    value = figure.value
    if figure.unit is not None and figure.unit.kind == "money":
        return _amount(Measure(value, figure.unit), figure.unit).shown
    if _is_decimal(value):
        number = f"{_plain(Decimal(value.numerator) / Decimal(value.denominator)):,f}".replace("-", "−")
    else:
        whole, part = divmod(value, 1)
        number = f"{int(whole)} {part}" if whole else f"{part}"
    return number if figure.unit is None else _with_short(number, figure.unit)


def _power_words(exponent: Node) -> str:
    if isinstance(exponent, Figure) and exponent.unit is None and exponent.value in (2, 3):
        return "squared" if exponent.value == 2 else "cubed"
    return f"to the power of {told(exponent)}"


def _unit_words(unit: Unit, count: Decimal) -> str:
    return unit.name if count == 1 else unit.plural


def _with_short(shown: str, unit: Unit) -> str:
    if unit is PERCENT:
        return f"{shown} %"
    if unit.kind == "money" and len(unit.short) == 1:
        return f"{unit.short}{shown}"
    return f"{shown} {unit.plural if unit.short == unit.name and shown != '1' else unit.short}"
