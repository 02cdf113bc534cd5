"""Units by the words that people use for them, and exact conversion between those of one kind.

Factors are exact fractions of the kind's first unit. Cups, pints, gallons and their like are those of the United
States unless "imperial" stands before them; a ton is the short one, a tonne is metric, a year has 365 days.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from msgspec import Struct

from language.errors import UnfitMeasure
from language.tokens import Match, Tokens, kind_at

Kind = Literal[
    "length",
    "mass",
    "volume",
    "area",
    "speed",
    "time",
    "temperature",
    "energy",
    "power",
    "pressure",
    "data",
    "money",
    "percent",
]


class Unit(Struct, frozen=True, kw_only=True):
    """`factor` of the kind's first unit go into one, after `offset` was added (of temperatures alone)."""

    name: str
    plural: str
    short: str
    kind: Kind
    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)


_INCH, _POUND, _GALLON = Fraction("0.0254"), Fraction("453.59237"), Fraction("3.785411784")
_IMPERIAL = Fraction("4.54609")
_KMH = ("kilometer per hour", "kilometers per hour", "kilometers an hour", "kilometres an hour", "kph", "kmh", "km h")
_Row = tuple[str, str, str, Fraction | int | str, tuple[str, ...]]  # name, plural ("": with s), short, factor, words

_ROWS: dict[Kind, tuple[_Row, ...]] = {
    "length": (
        ("metre", "", "m", 1, ("meter", "meters", "m")),
        ("millimetre", "", "mm", "0.001", ("millimeter", "millimeters", "mm")),
        ("centimetre", "", "cm", "0.01", ("centimeter", "centimeters", "cm", "cms")),
        ("kilometre", "", "km", 1000, ("kilometer", "kilometers", "km", "kms", "k")),
        ("inch", "inches", "in", _INCH, ("in",)),
        ("foot", "feet", "ft", 12 * _INCH, ("ft",)),
        ("yard", "", "yd", 36 * _INCH, ("yd", "yds")),
        ("mile", "", "mi", 63360 * _INCH, ("mi",)),
        ("nautical mile", "", "nmi", 1852, ()),
    ),
    "mass": (
        ("gram", "", "g", 1, ("gramme", "grammes", "g")),
        ("milligram", "", "mg", "0.001", ("mg",)),
        ("kilogram", "", "kg", 1000, ("kilo", "kilos", "kg", "kgs")),
        ("tonne", "", "t", 1_000_000, ("metric ton", "metric tons")),
        ("ton", "", "tn", 2000 * _POUND, ()),
        ("ounce", "", "oz", _POUND / 16, ("oz",)),
        ("pound", "", "lb", _POUND, ("lb", "lbs")),
        ("stone", "stone", "st", 14 * _POUND, ("stones",)),
    ),
    "volume": (
        ("litre", "", "l", 1, ("liter", "liters", "l")),
        ("millilitre", "", "ml", "0.001", ("milliliter", "milliliters", "ml", "cc")),
        ("centilitre", "", "cl", "0.01", ("centiliter", "centiliters", "cl")),
        ("decilitre", "", "dl", "0.1", ("deciliter", "deciliters", "dl")),
        ("cubic metre", "", "m³", 1000, ("cubic meter", "cubic meters")),
        ("cubic centimetre", "", "cm³", "0.001", ("cubic centimeter", "cubic centimeters")),
        ("teaspoon", "", "tsp", _GALLON / 768, ("tsp", "tsps")),
        ("tablespoon", "", "tbsp", _GALLON / 256, ("tbsp", "tbsps")),
        ("fluid ounce", "", "fl oz", _GALLON / 128, ("fl oz",)),
        ("cup", "", "cup", _GALLON / 16, ()),
        ("pint", "", "pt", _GALLON / 8, ("pt", "us pint", "us pints")),
        ("quart", "", "qt", _GALLON / 4, ("qt",)),
        ("gallon", "", "gal", _GALLON, ("gal", "us gallon", "us gallons")),
        ("imperial fluid ounce", "", "imp fl oz", _IMPERIAL / 160, ()),
        ("imperial pint", "", "imp pt", _IMPERIAL / 8, ("uk pint", "uk pints", "british pint", "british pints")),
        ("imperial gallon", "", "imp gal", _IMPERIAL, ("uk gallon", "uk gallons")),
    ),
    "area": (
        ("square metre", "", "m²", 1, ("square meter", "square meters", "sqm")),
        ("square centimetre", "", "cm²", "0.0001", ("square centimeter", "square centimeters")),
        ("square kilometre", "", "km²", 1_000_000, ("square kilometer", "square kilometers")),
        ("hectare", "", "ha", 10_000, ("ha",)),
        ("square inch", "square inches", "in²", _INCH**2, ()),
        ("square foot", "square feet", "ft²", (12 * _INCH) ** 2, ("sq ft",)),
        ("square yard", "", "yd²", (36 * _INCH) ** 2, ()),
        ("square mile", "", "mi²", (63360 * _INCH) ** 2, ()),
        ("acre", "", "ac", 4840 * (36 * _INCH) ** 2, ()),
    ),
    "speed": (
        ("metre per second", "metres per second", "m/s", 1, ("meter per second", "meters per second")),
        ("kilometre per hour", "kilometres per hour", "km/h", Fraction(1000, 3600), _KMH),
        ("mile per hour", "miles per hour", "mph", 63360 * _INCH / 3600, ("mph", "miles an hour")),
        ("foot per second", "feet per second", "ft/s", 12 * _INCH, ()),
        ("knot", "", "kn", Fraction(1852, 3600), ()),
    ),
    "time": (
        ("second", "", "s", 1, ("sec", "secs", "s")),
        ("millisecond", "", "ms", "0.001", ("ms",)),
        ("minute", "", "min", 60, ("min", "mins")),
        ("hour", "", "h", 3600, ("hr", "hrs", "h")),
        ("day", "", "d", 86_400, ()),
        ("week", "", "wk", 604_800, ()),
        ("year", "", "y", 365 * 86_400, ()),
    ),
    "temperature": (("kelvin", "kelvin", "K", 1, ("kelvins",)),),
    "energy": (
        ("joule", "", "J", 1, ("j",)),
        ("kilojoule", "", "kJ", 1000, ("kj",)),
        ("calorie", "", "cal", "4.184", ()),
        ("kilocalorie", "", "kcal", 4184, ("kcal", "kcals")),
        ("watt hour", "", "Wh", 3600, ("wh",)),
        ("kilowatt hour", "", "kWh", 3_600_000, ("kwh",)),
    ),
    "power": (
        ("watt", "", "W", 1, ("w",)),
        ("kilowatt", "", "kW", 1000, ("kw",)),
        ("megawatt", "", "MW", 1_000_000, ("mw",)),
    ),
    "pressure": (
        ("pascal", "", "Pa", 1, ("pa",)),
        ("hectopascal", "", "hPa", 100, ("hpa",)),
        ("millibar", "", "mbar", 100, ("mbar",)),
        ("bar", "", "bar", 100_000, ()),
        ("psi", "psi", "psi", _POUND / 1000 * Fraction("9.80665") / _INCH**2, ("pounds per square inch",)),
    ),
    "data": (
        ("byte", "", "B", 1, ()),
        ("kilobyte", "", "kB", 10**3, ("kb",)),
        ("megabyte", "", "MB", 10**6, ("mb", "megs")),
        ("gigabyte", "", "GB", 10**9, ("gb", "gigs")),
        ("terabyte", "", "TB", 10**12, ("tb",)),
    ),
}
PERCENT = Unit(name="percent", plural="percent", short="%", kind="percent")
_CELSIUS = Unit(
    name="degree Celsius", plural="degrees Celsius", short="°C", kind="temperature", offset=Fraction("273.15")
)
_FAHRENHEIT = Unit(
    name="degree Fahrenheit",
    plural="degrees Fahrenheit",
    short="°F",
    kind="temperature",
    factor=Fraction(5, 9),
    offset=Fraction("459.67"),
)
_CURRENCIES = (
    ("EUR", "euro", "euros", "€", ("eur", "€")),
    ("USD", "dollar", "dollars", "$", ("usd", "buck", "bucks", "$")),
    ("GBP", "pound", "pounds", "£", ("gbp", "quid", "£", "pounds sterling")),
    ("JPY", "yen", "yen", "¥", ("jpy", "¥")),
    ("CHF", "franc", "francs", "CHF", ("chf", "swiss franc", "swiss francs")),
)


def _currency(code: str) -> Unit:
    name, plural, sign = next(row[1:4] for row in _CURRENCIES if row[0] == code)
    return Unit(name=name, plural=plural, short=sign, kind="money")


CURRENCIES = {row[0]: _currency(row[0]) for row in _CURRENCIES}
STERLING = CURRENCIES["GBP"]


def _words() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for kind, rows in _ROWS.items():
        for name, given, short, factor, others in rows:
            plural = given or f"{name}s"
            unit = Unit(name=name, plural=plural, short=short, kind=kind, factor=Fraction(factor))
            for words in (name, plural, *others):
                found.setdefault(words, unit)
    for letter, unit in (("c", _CELSIUS), ("f", _FAHRENHEIT)):
        name = unit.name.rpartition(" ")[2].lower()
        for words in (letter, f"degrees {letter}", name, f"degrees {name}", f"degree {name}"):
            found[words] = unit
    for code, name, plural, _, others in _CURRENCIES:
        for words in (name, plural, *others):
            found.setdefault(words, CURRENCIES[code])
    return found | dict.fromkeys(("percent", "%", "percents"), PERCENT)


UNITS = _words()
_LONGEST = max(len(words.split()) for words in UNITS)
# Letters and words that are units only right after a figure, as in "5 m" or "3 in".
_BARE = frozenset(words for words in UNITS if len(words) <= 2 and words.isalpha())


def match_unit(tokens: Tokens, index: int) -> Match[Unit] | None:
    """The unit at the token, the one with the longest name. Bare letters count only after a figure."""
    found = match_target(tokens, index)
    if found is None or found[1] > index + 1 or tokens[index].text not in _BARE:
        return found
    return found if kind_at(tokens, index - 1) == "number" else None


def match_target(tokens: Tokens, index: int) -> Match[Unit] | None:
    """A unit that something is to be told in: there a bare letter is one, too ("in f", "to km")."""
    for length in range(min(_LONGEST, len(tokens) - index), 0, -1):
        unit = UNITS.get(" ".join(token.text for token in tokens[index : index + length]))
        if unit is not None:
            return unit, index + length
    return None


def converted(value: Fraction, unit: Unit, target: Unit) -> Fraction:
    """The same in another unit of its kind. Raises UnfitMeasure, whose message is a sentence for the person."""
    if unit == target:
        return value
    if unit.kind == "money" and target.kind == "money":
        raise UnfitMeasure("I have no source for exchange rates.")
    if unit.kind != target.kind:
        raise UnfitMeasure(f"I cannot turn {unit.plural} into {target.plural}: {_kinds(unit, target)}.")
    return (value + unit.offset) * unit.factor / target.factor - target.offset


def _kinds(unit: Unit, target: Unit) -> str:
    return f"one is {_KIND_NAMES[unit.kind]}, the other {_KIND_NAMES[target.kind]}"


_KIND_NAMES: dict[Kind, str] = {
    "length": "a length",
    "mass": "a weight",
    "volume": "a volume",
    "area": "an area",
    "speed": "a speed",
    "time": "a time",
    "temperature": "a temperature",
    "energy": "an energy",
    "power": "a power",
    "pressure": "a pressure",
    "data": "an amount of data",
    "money": "money",
    "percent": "a percentage",
}
