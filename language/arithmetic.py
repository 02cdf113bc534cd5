"""What a sum comes to: exact fractions, each with its unit. Only roots and broken powers are near, not exact."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from math import isqrt

from msgspec import Struct

from language.errors import SumError, UnfitMeasure
from language.measures import PERCENT, STERLING, Unit, converted
from language.sums import Figure, Joined, Node, Power, Root, Share, Told

MOST_BITS = 512
_DIGITS = 40
_NEAR = Context(prec=_DIGITS)


class Measure(Struct, frozen=True):
    """A number with its unit. `exact`: it is the very value, and not one near it."""

    value: Fraction
    unit: Unit | None = None
    exact: bool = True


def worked_out(node: Node) -> Measure:
    """The value of a sum. Raises SumError, whose message is a sentence for whoever asked."""
    match node:
        case Figure():
            found = Measure(node.value, node.unit)
        case Joined():
            found = joined(node.operator, worked_out(node.left), worked_out(node.right))
        case Share():
            found = joined("times", Measure(node.part.value, node.part.unit), worked_out(node.whole))
        case Root():
            found = _root(node.degree, worked_out(node.body))
        case Power():
            found = _power(worked_out(node.base), worked_out(node.exponent))
        case Told():
            found = told_in(worked_out(node.body), node.unit)
    return bounded(found)


def bounded(measure: Measure) -> Measure:
    """The same, unless it is beyond all that could be told. Raises SumError."""
    if max(measure.value.numerator.bit_length(), measure.value.denominator.bit_length()) > MOST_BITS:
        raise SumError("That number is too big for me.")
    return measure


def told_in(measure: Measure, unit: Unit) -> Measure:
    """The same in another unit. A plain number becomes a percentage, or that many of the unit's money."""
    if measure.unit is None:
        if unit is PERCENT:
            return Measure(measure.value * 100, PERCENT, measure.exact)
        raise UnfitMeasure(f"I need to know what is to be turned into {unit.plural}.")
    own = measure.unit
    if own.name == STERLING.name and unit.kind == "money":
        own = STERLING  # the pound of money and that of weight have one word
    return Measure(converted(measure.value, own, unit), unit, measure.exact)


def joined(operator: str, left: Measure, right: Measure) -> Measure:
    """Two values joined by an operator. A percentage that is added or taken away is one of what stands before it."""
    exact = left.exact and right.exact
    if operator in ("plus", "minus"):
        sign = 1 if operator == "plus" else -1
        if _is_percent(right) and not _is_percent(left):
            return Measure(left.value * (1 + sign * right.value / 100), left.unit, exact)
        unit, other = _alike(left, right)
        return Measure(left.value + sign * other, unit, exact)
    if operator == "times":
        return _times(left, right, exact)
    return _divided(left, right, exact)


def shared(part: Measure, whole: Measure) -> Measure:
    """What percentage of the whole the part is. Raises SumError."""
    _, value = _alike(whole, part)
    if not whole.value:
        raise SumError("Nothing is a percentage of zero.")
    return Measure(value / whole.value * 100, PERCENT, part.exact and whole.exact)


def _is_percent(measure: Measure) -> bool:
    return measure.unit is not None and measure.unit.kind == "percent"


def _alike(left: Measure, right: Measure) -> tuple[Unit | None, Fraction]:
    """The unit of both, and the value of the right one in it. Money and a bare number go together."""
    if left.unit is None or right.unit is None:
        unit = left.unit or right.unit
        if unit is not None and not {unit.kind, _kind_of(unit)} & {"money"}:
            raise UnfitMeasure(f"One of the two is in {unit.plural}, the other is a plain number.")
        return unit, right.value
    if left.unit != right.unit and "temperature" in (left.unit.kind, right.unit.kind):
        raise UnfitMeasure("I cannot put temperatures of two scales together.")
    return left.unit, converted(right.value, right.unit, left.unit)


def _kind_of(unit: Unit) -> str:
    """A pound may be money."""
    return "money" if unit.name == STERLING.name else unit.kind


def _times(left: Measure, right: Measure, exact: bool) -> Measure:
    for part, whole in ((left, right), (right, left)):
        if _is_percent(part):
            return Measure(part.value / 100 * whole.value, whole.unit, exact)
    if left.unit is not None and right.unit is not None:
        raise UnfitMeasure(f"I cannot multiply {left.unit.plural} by {right.unit.plural}.")
    return Measure(left.value * right.value, left.unit or right.unit, exact)


def _divided(left: Measure, right: Measure, exact: bool) -> Measure:
    if not right.value:
        raise SumError("Nothing can be divided by zero.")
    if _is_percent(right) and not _is_percent(left):
        return Measure(left.value / (right.value / 100), left.unit, exact)
    if right.unit is None:
        return Measure(left.value / right.value, left.unit, exact)
    if left.unit is None:
        raise UnfitMeasure(f"I cannot divide a plain number by {right.unit.plural}.")
    return Measure(left.value / converted(right.value, right.unit, left.unit), None, exact)


def _root(degree: int, body: Measure) -> Measure:
    if body.unit is not None:
        raise UnfitMeasure(f"I take roots of plain numbers only, not of {body.unit.plural}.")
    if body.value < 0 and degree == 2:
        raise SumError("A number below zero has no square root.")
    sign, value = (-1 if body.value < 0 else 1), abs(body.value)
    above, below = _whole_root(value.numerator, degree), _whole_root(value.denominator, degree)
    if above is not None and below is not None:
        return Measure(sign * Fraction(above, below), None, body.exact)
    near = _NEAR.power(_decimal(value), _NEAR.divide(Decimal(1), Decimal(degree)))
    return Measure(sign * Fraction(near), None, False)


def _whole_root(value: int, degree: int) -> int | None:
    """The whole root of a whole number, or None."""
    root = isqrt(value) if degree == 2 else round(_NEAR.power(Decimal(value), _NEAR.divide(Decimal(1), Decimal(3))))
    return root if root**degree == value else None


def _power(base: Measure, exponent: Measure) -> Measure:
    if base.unit is not None or exponent.unit is not None:
        raise UnfitMeasure("I take powers of plain numbers only.")
    if not base.value and exponent.value <= 0:
        raise SumError("Zero has no such power.")
    size = max(base.value.numerator.bit_length(), base.value.denominator.bit_length())
    if exponent.value.denominator == 1:
        if (size if abs(base.value) != 1 else 0) * abs(exponent.value) > MOST_BITS:
            raise SumError("That number is too big for me.")
        power = int(exponent.value) if abs(base.value) != 1 else int(exponent.value) % 2
        return Measure(Fraction(base.value**power), None, base.exact and exponent.exact)
    if base.value < 0:
        raise SumError("A number below zero has no such power.")
    if size * abs(exponent.value) > MOST_BITS:
        raise SumError("That number is too big for me.")
    return Measure(Fraction(_NEAR.power(_decimal(base.value), _decimal(exponent.value))), None, False)


def _decimal(value: Fraction) -> Decimal:
    return _NEAR.divide(Decimal(value.numerator), Decimal(value.denominator))
